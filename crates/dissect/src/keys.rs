//! Keys that a user gives to verify and decrypt with. None of them is ever shown.
//!
//! Keys of SAs come as rows of Wireshark's table, as tcpdump's secrets, and in files, whose format is told from what they
//! hold: [`Keys::read`].

mod ah_sa;
mod esp_sa;
mod export;
mod file;
mod isakmp;
mod json;
mod row;
mod sa_keys;
mod secret;
mod tcpdump;
mod unverified;
mod xfrm;

use core::fmt;
use core::str::FromStr;

use zeroize::Zeroizing;

pub use ah_sa::AhKeys;
pub use esp_sa::RowError;
pub use export::{Export, ExportError, Refused, RefusedRow};
pub use file::{KeyFileError, KeyFileReason};
pub use isakmp::{IsakmpKeys, IsakmpKeysError, PreSharedKey};
pub use json::ChildError;
pub(crate) use row::Described;
pub use row::{AssociationRow, KeyRows};
pub use sa_keys::{AddressPattern, Algorithms, AssociationKeys, AssociationKeysError, SpiPattern};
pub use secret::SecretError;
pub use unverified::{Unverified, UnverifiedParts};
pub use xfrm::StateError;

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

/// A key of HSRP's MD5 authentication, for one group or for all.
#[derive(Clone, PartialEq, Eq)]
pub struct HsrpKey {
    /// The group it is for; none stands for all.
    pub group: Option<u16>,
    /// The octets of the key.
    pub key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for HsrpKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HsrpKey").field("group", &self.group).finish_non_exhaustive()
    }
}

/// Why a key is none. The key itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No octets.
    #[error("the key is empty")]
    Empty,
    /// Behind 0x stands something other than pairs of hexadecimal digits.
    #[error("the key after 0x is not pairs of hexadecimal digits")]
    Hexadecimal,
}

impl FromStr for HsrpKey {
    type Err = KeyError;

    /// Reads `[GROUP:]KEY` or `[GROUP:]0xHEX`. What stands before the first colon counts as a group when it is a
    /// number up to 4095; else it is part of the key.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (group, key) = match text.split_once(':') {
            Some((group, key)) => match group.parse::<u16>() {
                // A sign is no part of a group.
                Ok(number) if number <= 4095 && !group.starts_with('+') => (Some(number), key),
                _ => (None, text),
            },
            None => (None, text),
        };
        let key = match key.strip_prefix("0x") {
            Some(digits) => hexadecimal(digits)?,
            None => Zeroizing::new(key.as_bytes().to_vec()),
        };
        if key.is_empty() { Err(KeyError::Empty) } else { Ok(Self { group, key }) }
    }
}

/// Octets written as pairs of hexadecimal digits.
fn hexadecimal(digits: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(KeyError::Hexadecimal);
    }
    let digit = |octet: u8| char::from(octet).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let octet = |[high, low]: &[u8; 2]| Some(digit(*high)?.checked_shl(4)? | digit(*low)?);
    // As long as it gets, so that it is never moved and nothing is left behind.
    let mut octets = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for pair in pairs {
        octets.push(octet(pair).ok_or(KeyError::Hexadecimal)?);
    }
    Ok(octets)
}

/// A key as Wireshark and tcpdump write it: hexadecimal behind 0x, else the octets of the text.
fn octets_of(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => hexadecimal(digits),
        None => Ok(Zeroizing::new(text.as_bytes().to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_and_without_group_as_text_and_hexadecimal() {
        let key: HsrpKey = "cisco:123".parse().unwrap();
        assert_eq!((key.group, key.key.as_slice()), (None, &b"cisco:123"[..]));
        let key: HsrpKey = "10:secret".parse().unwrap();
        assert_eq!((key.group, key.key.as_slice()), (Some(10), &b"secret"[..]));
        let key: HsrpKey = "4096:secret".parse().unwrap();
        assert_eq!((key.group, key.key.as_slice()), (None, &b"4096:secret"[..]));
        let key: HsrpKey = "+5:secret".parse().unwrap();
        assert_eq!((key.group, key.key.as_slice()), (None, &b"+5:secret"[..]));
        let key: HsrpKey = "0:0x00ffA5".parse().unwrap();
        assert_eq!((key.group, key.key.as_slice()), (Some(0), &[0, 255, 0xa5][..]));
        assert_eq!("1:".parse::<HsrpKey>(), Err(KeyError::Empty));
        assert_eq!("0xabc".parse::<HsrpKey>(), Err(KeyError::Hexadecimal));
        assert_eq!("0xzz".parse::<HsrpKey>(), Err(KeyError::Hexadecimal));
    }

    #[test]
    fn no_key_is_shown() {
        let keys = Keys { hsrp: vec!["7:letmein".parse().unwrap()], ..Keys::default() };
        let shown = format!("{keys:?}");
        assert!(shown.contains("Some(7)") && !shown.contains("letmein") && !shown.contains("108"), "{shown}");
    }
}
