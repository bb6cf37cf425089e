//! All the keys that a user gives, in the form that a key store takes.

use std::io::Read;

use crate::{
    AssociationKeys, HsrpKey, IsakmpKeys, KeyFileError, KeyFileSummary, KeyRows, PreSharedKey, ReadError,
};

/// All the keys that a user gives, ready to verify and decrypt packets.
///
/// [`Keys::read`] adds the keys of a file. To get at the octets of the keys, read the file with [`KeyRows`] instead, and
/// make `Keys` from the rows: `Keys::from(rows)`, or `Keys::from(rows.clone())` when the rows are still needed.
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
    /// The format is detected from the contents. It is one of
    ///
    /// * JSON with IKE SAs and child SAs (the front page has the members);
    /// * the output of `ip xfrm state`;
    /// * Wireshark's files `esp_sa` and `ikev1_decryption_table`;
    /// * secrets as tcpdump's option `-E` reads them, and keys of AH in the same form, separated by line breaks or commas;
    /// * the log of strongSwan's charon, with `chd` and `ike` at level 4;
    /// * Fortinet's `diagnose vpn tunnel list`, and its log of IKE (`diagnose debug application ike -1`).
    ///
    /// Wireshark's tables and secrets may have empty lines, and comments: lines that begin with `#`. Their lines may be
    /// mixed in one file. The logs may have any other lines. JSON and the output of `ip xfrm state` have no comments.
    ///
    /// An SA whose algorithm, key length or protocol is not known is left out with a warning, and all others are used.
    ///
    /// # Errors
    /// Returns [`KeyFileError`] when the file has none of these formats, when an entry is malformed, when there are SAs
    /// but every one would be left out, or when the file is longer than [`MAX_FILE_LEN`](crate::MAX_FILE_LEN) or has more
    /// SAs than [`MAX_ROW_COUNT`](crate::MAX_ROW_COUNT). In that case no key of the file is added. A file of a known
    /// format without any SA is not an error, so look at [`KeyFileSummary::count`] too.
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

impl From<KeyRows> for Keys {
    /// Takes the key schedules of the rows. The octets of their keys are wiped.
    fn from(rows: KeyRows) -> Self {
        let mut keys = Self::default();
        keys.take_in(rows);
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_rows_are_those_of_their_file() {
        let file = "257@::1 ah-md5-hmac:sixteen octets..\nab3e0f1f8bc3be8e,0001020304050607\n";
        let mut rows = KeyRows::default();
        assert_eq!(rows.read(file.as_bytes()).unwrap().count, 2);
        rows.pre_shared = vec!["cisco123".parse().unwrap(), "cisco123".parse().unwrap()];
        let keys = Keys::from(rows.clone());
        let shown = format!("{:?} {:?}", keys.associations[0].spi, keys.associations[0].algorithms);
        assert_eq!(shown, format!("{:?} Ah(HMAC-MD5-96)", crate::SpiPattern::exactly(ipsec::Spi(257))));
        assert_eq!((keys.associations.len(), keys.isakmp, keys.hsrp.len()), (1, rows.isakmp, 0));
        assert_eq!(keys.pre_shared, ["cisco123".parse().unwrap()], "each pre-shared key is there once");
    }

    #[test]
    fn no_key_is_shown() {
        let keys = Keys { hsrp: vec!["7:letmein".parse().unwrap()], ..Keys::default() };
        let shown = format!("{keys:?}");
        assert!(shown.contains("Some(7)") && !shown.contains("letmein") && !shown.contains("108"), "{shown}");
    }
}
