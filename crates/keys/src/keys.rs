//! All the keys that a user gives, in the form that a key store takes.

use std::io::Read;

use crate::{
    AssociationKeys, HsrpKey, IsakmpKeys, KeyFileError, KeyFileSummary, KeyRows, PreSharedKey, ReadError,
};

/// All the keys that a user gives, ready to verify and decrypt packets.
///
/// [`Keys::read`] adds the keys of a file. To get at the octets of the keys, read the file with [`KeyRows`] instead.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Keys {
    /// The keys of HSRP's MD5 authentication, in the order in which they were given.
    pub hsrp: Vec<HsrpKey>,
    /// The keys of ESP and AH SAs. When several fit a packet, the first that verifies it is used. Keys that cannot
    /// verify a packet are used only when no other keys fit.
    pub associations: Vec<AssociationKeys>,
    /// The keys of ISAKMP SAs, or the secrets from which the keys can be computed.
    pub isakmp: Vec<IsakmpKeys>,
    /// Pre-shared keys. Together with the Diffie-Hellman secret of an ISAKMP SA, which only its peers know, a
    /// pre-shared key gives the keys of that SA.
    pub pre_shared: Vec<PreSharedKey>,
}

impl Keys {
    /// Adds the keys in a file and returns how many SAs they are for, and what was left out.
    ///
    /// The format is detected from the contents: JSON with IKE SAs and child SAs, the output of `ip xfrm state`,
    /// Wireshark's files `esp_sa` and `ikev1_decryption_table`, or secrets as tcpdump's option `-E` reads them,
    /// separated by line breaks or commas.
    ///
    /// An SA whose algorithm, key length or protocol is not known is left out with a warning, and all others are used.
    ///
    /// # Errors
    /// Returns [`KeyFileError`] when the file has none of these formats, when an entry is malformed, when every SA would
    /// be left out, or when the file is longer than [`MAX_FILE_LEN`](crate::MAX_FILE_LEN) or has more SAs than
    /// [`MAX_ROW_COUNT`](crate::MAX_ROW_COUNT). In that case no key of the file is added.
    pub fn read(&mut self, octets: &[u8]) -> Result<KeyFileSummary, KeyFileError> {
        let mut rows = KeyRows::default();
        let summary = rows.read(octets)?;
        self.take_in(rows);
        Ok(summary)
    }

    /// Does the same as [`read`](Self::read) with the octets that a reader gives. It reads at most one octet more than
    /// [`MAX_FILE_LEN`](crate::MAX_FILE_LEN).
    ///
    /// # Errors
    /// Returns [`ReadError::File`] when [`read`](Self::read) refuses the file, and [`ReadError::Io`] when the reader
    /// fails.
    pub fn read_from(&mut self, reader: impl Read) -> Result<KeyFileSummary, ReadError> {
        let mut rows = KeyRows::default();
        let summary = rows.read_from(reader)?;
        self.take_in(rows);
        Ok(summary)
    }

    fn take_in(&mut self, mut rows: KeyRows) {
        self.associations.extend(rows.associations.into_iter().map(|row| row.keys));
        self.isakmp.append(&mut rows.isakmp);
        for key in rows.pre_shared {
            // There is often one file beside each capture, and all of them repeat the same pre-shared key.
            if !self.pre_shared.contains(&key) {
                self.pre_shared.push(key);
            }
        }
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
