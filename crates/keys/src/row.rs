//! Rows of key files: an SA with the octets of its keys, for a program that writes them in another format. The key
//! store keeps no such octets.

use core::fmt;

use ipsec::Secret;
use zeroize::Zeroizing;

use crate::{AddressPattern, AssociationKeys, IsakmpKeys, PreSharedKey, SpiPattern};

/// One SA as a file describes it (RFC 4301 section 4.4.2.1), with the octets of its keys.
///
/// `Debug` and `Display` do not show the keys, and the keys are wiped when the row is dropped.
#[derive(Clone)]
#[non_exhaustive]
pub struct AssociationRow {
    /// The part that the key store takes: key schedules, and the packets that they are for.
    pub keys: AssociationKeys,
    /// The address of the sender, as far as the file states it. The pattern in `keys` may still accept any sender,
    /// because NATs change addresses.
    pub source: AddressPattern,
    /// The address of the receiver. The pattern in `keys` may be wider, as it may for `source`.
    pub destination: AddressPattern,
    /// Whether the packets are encapsulated in UDP (RFC 3948).
    pub is_encapsulated: bool,
    /// Whether the SA is in transport mode.
    pub is_transport: bool,
    /// Whether an earlier row for the same SA is more likely to hold the right keys, when the file does not say which
    /// row does. Such a row is not exported, and [`KeyFileSummary::count`](crate::KeyFileSummary::count) does not count it.
    ///
    /// JSON and the log of charon do not say which side of an IKE SA wrote them, so each of their SAs has the keys of one
    /// side, and the keys of the other side as an alternative. Fortinet's log of IKE does not name algorithms, so an SA may
    /// have several.
    pub is_alternative: bool,
    /// The encryption key, followed by its salt when the algorithm has one. It is empty when the SA has no encryption
    /// key.
    pub encryption_key: Zeroizing<Vec<u8>>,
    /// The authentication key. It is empty when the SA has no authentication key.
    pub authentication_key: Zeroizing<Vec<u8>>,
}

impl AssociationRow {
    /// Makes a row from keys about which nothing more is known. The octets are copied. `encryption_key` ends with the
    /// salt, if there is one. Either key is empty when the algorithms do not use it.
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

    /// Whether both rows describe the same SA with the same keys. The files that they come from do not matter.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.sameness() == other.sameness()
    }

    /// The values that all rows of one SA share: the protocol, the SPI and both keys.
    pub(crate) fn sameness(&self) -> (u8, SpiPattern, &[u8], &[u8]) {
        (self.keys.algorithms.protocol(), self.keys.spi, &self.encryption_key, &self.authentication_key)
    }

    /// Adds the facts that another row of the same SA states and this one does not.
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

/// The contents of key files, with the octets of the keys. [`Keys`](crate::Keys) are made from it with `Keys::from(rows)`,
/// and files in other formats with [`KeyRows::export`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeyRows {
    /// The SAs of ESP and AH.
    pub associations: Vec<AssociationRow>,
    /// The ISAKMP SAs.
    pub isakmp: Vec<IsakmpKeys>,
    /// The pre-shared keys.
    pub pre_shared: Vec<PreSharedKey>,
}
