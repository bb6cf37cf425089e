//! All keys that a user gives, as a key store takes them.

use std::io::Read;

use crate::{AssociationKeys, HsrpKey, IsakmpKeys, KeyFileError, KeyRows, PreSharedKey, ReadError};

/// All keys given.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Keys {
    /// Keys of HSRP's MD5 authentication, in the order given.
    pub hsrp: Vec<HsrpKey>,
    /// Keys of SAs. Of several that fit a packet, the first that verifies it is taken; keys that verify nothing are
    /// used only where no other fits.
    pub associations: Vec<AssociationKeys>,
    /// Keys of ISAKMP SAs, or what they can be made from.
    pub isakmp: Vec<IsakmpKeys>,
    /// Pre-shared keys: with the Diffie-Hellman secret of an SA, which only a peer can tell, they give its keys.
    pub pre_shared: Vec<PreSharedKey>,
}

impl Keys {
    /// Takes in a file of keys, and returns how many SAs it has keys of: JSON with SAs of IKE and child SAs, what
    /// `ip xfrm state` prints, Wireshark's files `esp_sa` and `ikev1_decryption_table`, or secrets as tcpdump's option `-E` reads
    /// them, a line or a comma apart.
    ///
    /// # Errors
    /// When the file has none of these formats, when an entry is wrong, or when the file is longer than
    /// [`MAX_FILE_LEN`](crate::MAX_FILE_LEN) or has more SAs than [`MAX_ROW_COUNT`](crate::MAX_ROW_COUNT). No key of the file is taken in
    /// then.
    pub fn read(&mut self, octets: &[u8]) -> Result<usize, KeyFileError> {
        let mut rows = KeyRows::default();
        rows.read(octets).map(|count| self.take_in(rows, count))
    }

    /// The same from a reader, of which no more than [`MAX_FILE_LEN`](crate::MAX_FILE_LEN) octets and one are read.
    ///
    /// # Errors
    /// As [`read`](Self::read), and when the reader fails.
    pub fn read_from(&mut self, reader: impl Read) -> Result<usize, ReadError> {
        let mut rows = KeyRows::default();
        rows.read_from(reader).map(|count| self.take_in(rows, count))
    }

    fn take_in(&mut self, mut rows: KeyRows, count: usize) -> usize {
        self.associations.extend(rows.associations.into_iter().map(|row| row.keys));
        self.isakmp.append(&mut rows.isakmp);
        for key in rows.pre_shared {
            // One file beside each capture says the same one again and again.
            if !self.pre_shared.contains(&key) {
                self.pre_shared.push(key);
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_shown() {
        let keys = Keys { hsrp: vec!["7:letmein".parse().unwrap()], ..Keys::default() };
        let shown = format!("{keys:?}");
        assert!(shown.contains("Some(7)") && !shown.contains("letmein") && !shown.contains("108"), "{shown}");
    }
}
