//! Rows of key files: an SA with its keys as octets, which a program that writes them in another format needs. The key store has none of
//! these.

use core::fmt;

use ipsec::Secret;
use zeroize::Zeroizing;

use crate::{AddressPattern, AssociationKeys, IsakmpKeys, PreSharedKey};

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
    /// The encryption key, its salt behind it; empty where there is none.
    pub encryption_key: Zeroizing<Vec<u8>>,
    /// The authentication key; empty where there is none.
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
        self.keys.algorithms.protocol() == other.keys.algorithms.protocol()
            && self.keys.spi == other.keys.spi
            && self.encryption_key == other.encryption_key
            && self.authentication_key == other.authentication_key
    }
}

impl fmt::Debug for AssociationRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AssociationRow").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// What files of keys say, with the keys as octets: what [`Keys`] and exports are made from.
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

impl KeyRows {
    /// Adds a row, unless there is one that says the same, or it is an alternative; what it says more is taken in.
    pub fn add(&mut self, row: AssociationRow) {
        if row.is_alternative {
            return;
        }
        match self.associations.iter_mut().find(|known| known.is_same(&row)) {
            Some(known) => {
                if known.destination.single().is_none() && row.destination.single().is_some() {
                    (known.source, known.destination) = (row.source, row.destination);
                }
                known.is_encapsulated |= row.is_encapsulated;
                known.is_transport |= row.is_transport;
            }
            None => self.associations.push(row),
        }
    }

    /// Adds what is known of an ISAKMP SA, to what was known of it: to a row with both of its cookies, or else with the
    /// initiator's. What says another thing of it than a row does is a row of its own: either may be right.
    pub fn add_isakmp(&mut self, keys: IsakmpKeys) {
        let has_both =
            |known: &IsakmpKeys| known.responder_cookie == keys.responder_cookie && known.agrees(&keys);
        let at = self.isakmp.iter().position(has_both);
        let at = at.or_else(|| self.isakmp.iter().position(|known| known.agrees(&keys)));
        match at.and_then(|at| self.isakmp.get_mut(at)) {
            Some(known) => known.take_in(keys),
            None => self.isakmp.push(keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(octet: u8) -> Option<Zeroizing<Vec<u8>>> {
        Some(Zeroizing::new(vec![octet; 20]))
    }

    fn of(initiator: u8, responder: Option<u8>) -> IsakmpKeys {
        IsakmpKeys {
            initiator_cookie: Some([initiator; 8]),
            responder_cookie: responder.map(|octet| [octet; 8]),
            ..IsakmpKeys::default()
        }
    }

    /// Rows of one SA are one row with all that each has, and no secret of any is lost.
    #[test]
    fn rows_of_one_sa_are_put_together() {
        let mut rows = KeyRows::default();
        let one_each = [
            IsakmpKeys { shared_secret: secret(1), ..of(1, Some(2)) },
            IsakmpKeys { private_value: secret(2), ..of(1, Some(2)) },
            IsakmpKeys { skeyid: secret(3), ..of(1, None) },
            IsakmpKeys { skeyid_d: secret(4), ..of(1, Some(2)) },
            IsakmpKeys { skeyid_a: secret(5), ..of(1, Some(2)) },
            IsakmpKeys { skeyid_e: secret(6), ..of(1, Some(2)) },
            IsakmpKeys { encryption_key: secret(7), ..of(1, Some(2)) },
        ];
        one_each.into_iter().for_each(|keys| rows.add_isakmp(keys));
        let whole = IsakmpKeys {
            shared_secret: secret(1),
            private_value: secret(2),
            skeyid: secret(3),
            skeyid_d: secret(4),
            skeyid_a: secret(5),
            skeyid_e: secret(6),
            encryption_key: secret(7),
            ..of(1, Some(2))
        };
        assert!(rows.isakmp == [whole], "{:?}", rows.isakmp);
        // The responder's cookie is taken in, whichever row has it.
        let mut rows = KeyRows::default();
        rows.add_isakmp(IsakmpKeys { shared_secret: secret(1), ..of(1, None) });
        rows.add_isakmp(IsakmpKeys { skeyid: secret(3), ..of(1, Some(2)) });
        let whole = IsakmpKeys { shared_secret: secret(1), skeyid: secret(3), ..of(1, Some(2)) };
        assert!(rows.isakmp == [whole]);
    }

    /// A cookie that another responder answered, and keys that differ: rows of their own.
    #[test]
    fn rows_of_others_stay_apart() {
        let mut rows = KeyRows::default();
        let apart = [
            IsakmpKeys { skeyid_d: secret(1), ..of(1, Some(2)) },
            IsakmpKeys { skeyid_a: secret(2), ..of(1, Some(3)) },
            IsakmpKeys { skeyid_a: secret(3), ..of(4, Some(2)) },
            IsakmpKeys { skeyid_d: secret(9), ..of(1, Some(2)) },
            // Keys for any SA.
            IsakmpKeys { shared_secret: secret(5), ..IsakmpKeys::default() },
            IsakmpKeys { shared_secret: secret(6), ..IsakmpKeys::default() },
        ];
        apart.iter().for_each(|keys| rows.add_isakmp(keys.clone()));
        assert!(rows.isakmp == apart);
        // The row with both cookies, not the first with one.
        rows.add_isakmp(IsakmpKeys { skeyid_e: secret(7), ..of(1, Some(3)) });
        assert!(rows.isakmp.len() == 6 && rows.isakmp[1].skeyid_e == secret(7));
    }
}
