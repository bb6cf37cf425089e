//! Keys of ISAKMP SAs, and the secrets from which they can be computed.

use core::fmt;
use core::str::FromStr;

use zeroize::Zeroizing;

use crate::KeyError;
use crate::hexadecimal::{hexadecimal, octets_of};

/// The known keys of one ISAKMP SA (RFC 2409 section 5): its encryption key, or secrets from which that key can be
/// computed.
///
/// Any field may be missing. The encryption key alone is enough to decrypt messages, but not to check a HASH. With
/// SKEYID and its family, or with the Diffie-Hellman secret and a pre-shared key, each HASH is checked and the keys of
/// ESP and AH are computed too.
///
/// The struct is exhaustive on purpose: RFC 2409 has no other secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IsakmpKeys {
    /// The initiator's cookie, CKY-I. `None` when it is unknown; the keys are then tried on every SA.
    pub initiator_cookie: Option<[u8; 8]>,
    /// The responder's cookie, CKY-R. `None` when it is unknown.
    pub responder_cookie: Option<[u8; 8]>,
    /// The Diffie-Hellman secret g^xy, as long as the group's prime.
    pub shared_secret: Option<Zeroizing<Vec<u8>>>,
    /// The private Diffie-Hellman exponent of either side, from which g^xy is computed.
    pub private_value: Option<Zeroizing<Vec<u8>>>,
    /// SKEYID, from which the other three are computed.
    pub skeyid: Option<Zeroizing<Vec<u8>>>,
    /// `SKEYID_d`, from which the keys of ESP and AH are computed.
    pub skeyid_d: Option<Zeroizing<Vec<u8>>>,
    /// `SKEYID_a`, which authenticates ISAKMP messages.
    pub skeyid_a: Option<Zeroizing<Vec<u8>>>,
    /// `SKEYID_e`, from which the encryption key is computed.
    pub skeyid_e: Option<Zeroizing<Vec<u8>>>,
    /// The encryption key, with the length that its cipher needs.
    pub encryption_key: Option<Zeroizing<Vec<u8>>>,
}

impl fmt::Debug for IsakmpKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookie = |cookie: Option<[u8; 8]>| cookie.map(u64::from_be_bytes);
        write!(
            formatter,
            "IsakmpKeys({:#x?}, {:#x?}, {} keys)",
            cookie(self.initiator_cookie),
            cookie(self.responder_cookie),
            self.secrets().iter().filter(|(_, _, key)| key.is_some()).count()
        )
    }
}

/// Why a text does not hold the key of an ISAKMP SA. No part of the text is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IsakmpKeysError {
    /// There is no comma.
    #[error("there is no comma between the initiator's cookie and the key")]
    Comma,
    /// The cookie is not eight octets in hexadecimal.
    #[error("the initiator's cookie is not sixteen hexadecimal digits")]
    Cookie,
    /// The key is not hexadecimal.
    #[error("the key is not pairs of hexadecimal digits")]
    Key,
    /// The key has a length that no cipher uses.
    #[error("the key has {0} octets, but ciphers of IKEv1 take keys of 8, 16, 24 or 32 octets")]
    KeyLength(usize),
}

impl FromStr for IsakmpKeys {
    type Err = IsakmpKeysError;

    /// Reads a row of Wireshark's table of IKEv1 keys: `COOKIE,KEY`, both in hexadecimal, with or without quotation
    /// marks.
    fn from_str(text: &str) -> Result<Self, IsakmpKeysError> {
        let (cookie, key) = text.trim().split_once(',').ok_or(IsakmpKeysError::Comma)?;
        let digits = |cell: &str| -> String {
            let cell = cell.trim().trim_matches('"');
            cell.strip_prefix("0x").unwrap_or(cell).to_owned()
        };
        let (cookie, key) = (Zeroizing::new(digits(cookie)), Zeroizing::new(digits(key)));
        let cookie = hexadecimal(&cookie).ok().and_then(|octets| octets.as_slice().try_into().ok());
        let key = hexadecimal(&key).map_err(|_| IsakmpKeysError::Key)?;
        if !Self::is_key_len(key.len()) {
            return Err(IsakmpKeysError::KeyLength(key.len()));
        }
        Ok(Self {
            initiator_cookie: Some(cookie.ok_or(IsakmpKeysError::Cookie)?),
            encryption_key: Some(key),
            ..Self::default()
        })
    }
}

/// A secret of an ISAKMP SA. `None` when it is unknown.
type Part = Option<Zeroizing<Vec<u8>>>;

impl IsakmpKeys {
    /// Each secret with its name in JSON files and its name in RFC 2409.
    pub(crate) const fn secrets(&self) -> [(&'static str, &'static str, &Part); 7] {
        [
            ("dh", "g^xy", &self.shared_secret),
            ("x", "x", &self.private_value),
            ("skeyid", "SKEYID", &self.skeyid),
            ("skeyid_d", "SKEYID_d", &self.skeyid_d),
            ("skeyid_a", "SKEYID_a", &self.skeyid_a),
            ("skeyid_e", "SKEYID_e", &self.skeyid_e),
            ("ka", "encryption key", &self.encryption_key),
        ]
    }

    /// Each secret as a place to write to, in the same order.
    const fn secrets_mut(&mut self) -> [&mut Part; 7] {
        [
            &mut self.shared_secret,
            &mut self.private_value,
            &mut self.skeyid,
            &mut self.skeyid_d,
            &mut self.skeyid_a,
            &mut self.skeyid_e,
            &mut self.encryption_key,
        ]
    }

    /// Whether a cipher of IKEv1 takes keys of this length in octets.
    pub(crate) const fn is_key_len(len: usize) -> bool {
        matches!(len, 8 | 16 | 24 | 32)
    }

    /// Whether any secret is known.
    pub(crate) fn has_secret(&self) -> bool {
        self.secrets().iter().any(|(.., key)| key.is_some())
    }

    /// Whether both may describe the same SA: they have the same initiator cookie, and no field is known to both with
    /// different values.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        let secrets = self.secrets().into_iter().zip(other.secrets());
        self.initiator_cookie.is_some()
            && self.initiator_cookie == other.initiator_cookie
            && is_open_or_same(&self.responder_cookie, &other.responder_cookie)
            && secrets.into_iter().all(|((.., one), (.., other))| is_open_or_same(one, other))
    }

    /// Adds the fields that the other has and this one does not.
    pub(crate) fn take_in(&mut self, mut other: Self) {
        self.responder_cookie = self.responder_cookie.or(other.responder_cookie);
        for (known, more) in self.secrets_mut().into_iter().zip(other.secrets_mut()) {
            if known.is_none() {
                *known = more.take();
            }
        }
    }

    /// Whether a line is a row of Wireshark's table: sixteen hexadecimal digits, a comma and more digits. Either number
    /// may begin with `0x`.
    pub(crate) fn is_row(line: &str) -> bool {
        let Some((cookie, key)) = line.split_once(',') else { return false };
        let is_hexadecimal = |cell: &str| cell.chars().all(|digit| digit.is_ascii_hexdigit());
        let (cookie, key) = (cookie.trim().trim_matches('"'), key.trim().trim_matches('"'));
        let (cookie, key) =
            (cookie.strip_prefix("0x").unwrap_or(cookie), key.strip_prefix("0x").unwrap_or(key));
        cookie.len() == 16 && is_hexadecimal(cookie) && !key.is_empty() && is_hexadecimal(key)
    }

    /// Whether the keys may be those of the SA with these cookies. A cookie that is unknown matches any.
    #[must_use]
    pub fn fit(&self, cookies: &ikev1::Cookies) -> bool {
        self.initiator_cookie.is_none_or(|cookie| cookie == cookies.initiator)
            && self.responder_cookie.is_none_or(|cookie| cookie == cookies.responder)
    }
}

/// Whether one of the two is unknown, or both are the same.
fn is_open_or_same<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// A pre-shared key, read from `TEXT` or `0xHEX`. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PreSharedKey {
    /// The octets of the key.
    pub key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for PreSharedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PreSharedKey(..)")
    }
}

impl FromStr for PreSharedKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let key = octets_of(text)?;
        if key.is_empty() { Err(KeyError::Empty) } else { Ok(Self { key }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_cookie_and_a_key() {
        let keys: IsakmpKeys = "ab3e0f1f8bc3be8e,000102030405060708090a0b0c0d0e0f".parse().unwrap();
        assert_eq!(keys.initiator_cookie, Some(0xab3e_0f1f_8bc3_be8eu64.to_be_bytes()));
        assert_eq!(keys.encryption_key.as_ref().unwrap().len(), 16);
        assert_eq!("\"ab3e0f1f8bc3be8e\", \"0x0001020304050607\"".parse::<IsakmpKeys>().map(drop), Ok(()));
        for row in ["ab3e0f1f8bc3be8e,00", "\"0xab3e0f1f8bc3be8e\",\"0x00\"", " ab3e0f1f8bc3be8e , 0x00"] {
            assert!(IsakmpKeys::is_row(row), "{row}");
        }
        let shown = format!("{keys:?}");
        assert!(shown.contains("0xab3e0f1f8bc3be8e") && !shown.contains("0f1f2"), "{shown}");
        assert_eq!(shown, "IsakmpKeys(Some(\n    0xab3e0f1f8bc3be8e,\n), None, 1 keys)");
        for (text, error) in [
            ("ab3e0f1f8bc3be8e", IsakmpKeysError::Comma),
            ("ab3e0f1f8bc3be,0001020304050607", IsakmpKeysError::Cookie),
            ("ab3e0f1f8bc3be8e,000102030405060", IsakmpKeysError::Key),
            ("ab3e0f1f8bc3be8e,00010203040506", IsakmpKeysError::KeyLength(7)),
        ] {
            assert_eq!(text.parse::<IsakmpKeys>(), Err(error));
        }
    }

    #[test]
    fn pre_shared_keys_are_text_or_hexadecimal_and_never_shown() {
        let key: PreSharedKey = "cisco123".parse().unwrap();
        assert_eq!((key.key.as_slice(), format!("{key:?}")), (&b"cisco123"[..], "PreSharedKey(..)".into()));
        assert_eq!("0x0aff".parse::<PreSharedKey>().unwrap().key.as_slice(), [10, 255]);
        assert_eq!("".parse::<PreSharedKey>(), Err(KeyError::Empty));
    }
}
