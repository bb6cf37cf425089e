//! Rows of key files: an SA with its keys as octets, which a program that writes them in another format needs. The key store has none of
//! these.

use core::fmt;

use ipsec::Secret;
use zeroize::Zeroizing;

use crate::{AddressPattern, AssociationKeys, IsakmpKeys, PreSharedKey, SpiPattern};

/// An SA as a file describes it, RFC 4301 section 4.4.2.1, with the octets of its keys.
///
/// `Debug` does not show them, and they are wiped when the row goes.
#[derive(Clone)]
#[non_exhaustive]
pub struct AssociationRow {
    /// What the key store takes of it.
    pub keys: AssociationKeys,
    /// Who sends, as far as it is said: keys may be for any sender all the same, because NATs change addresses.
    pub source: AddressPattern,
    /// Who receives, likewise.
    pub destination: AddressPattern,
    /// Whether it is in UDP, RFC 3948.
    pub is_encapsulated: bool,
    /// Whether its mode is transport.
    pub is_transport: bool,
    /// Whether a row before it is likelier to have the SA's keys, the file not saying which has. It is not exported.
    pub is_alternative: bool,
    /// The encryption key and, behind it, its salt. It is empty for an SA without an encryption key.
    pub encryption_key: Zeroizing<Vec<u8>>,
    /// The authentication key. It is empty for an SA without an authentication key.
    pub authentication_key: Zeroizing<Vec<u8>>,
}

impl AssociationRow {
    /// A row of these keys, of which nothing more is known. The octets are copied; `encryption_key` has its salt behind it, and either is
    /// empty where the algorithms take none.
    #[must_use]
    pub fn new(keys: AssociationKeys, encryption_key: Secret<'_>, authentication_key: Secret<'_>) -> Self {
        Self {
            source: keys.source,
            destination: keys.destination,
            keys,
            is_encapsulated: false,
            is_transport: false,
            is_alternative: false,
            encryption_key: Zeroizing::new(encryption_key.expose().to_vec()),
            authentication_key: Zeroizing::new(authentication_key.expose().to_vec()),
        }
    }

    /// Whether both say the same of one SA, wherever they have it from.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.sameness() == other.sameness()
    }

    /// What rows of one SA have in common: protocol, index, both keys.
    pub(crate) fn sameness(&self) -> (u8, SpiPattern, &[u8], &[u8]) {
        (self.keys.algorithms.protocol(), self.keys.spi, &self.encryption_key, &self.authentication_key)
    }

    /// Takes in what a row of the same SA says more.
    pub(crate) fn take_in(&mut self, other: &Self) {
        if self.destination.single().is_none() && other.destination.single().is_some() {
            (self.source, self.destination) = (other.source, other.destination);
        }
        self.is_encapsulated |= other.is_encapsulated;
        self.is_transport |= other.is_transport;
    }
}

impl fmt::Debug for AssociationRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AssociationRow").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// What files of keys say, with the keys as octets: what [`Keys`](crate::Keys) and exports are made from.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeyRows {
    /// SAs of ESP and AH.
    pub associations: Vec<AssociationRow>,
    /// ISAKMP SAs.
    pub isakmp: Vec<IsakmpKeys>,
    /// Pre-shared keys.
    pub pre_shared: Vec<PreSharedKey>,
}
