//! Keys of HSRP's MD5 authentication.

use core::fmt;
use core::str::FromStr;

use zeroize::Zeroizing;

use crate::KeyError;
use crate::hexadecimal::hexadecimal;

/// A key of HSRP's MD5 authentication, for one group or for all groups.
#[derive(Clone, PartialEq, Eq)]
pub struct HsrpKey {
    /// The group that the key is for. `None` when it is for all groups.
    pub group: Option<u16>,
    /// The octets of the key.
    pub key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for HsrpKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HsrpKey").field("group", &self.group).finish_non_exhaustive()
    }
}

impl FromStr for HsrpKey {
    type Err = KeyError;

    /// Reads `[GROUP:]KEY` or `[GROUP:]0xHEX`. The text before the first colon is the group if it is a number up to
    /// 4095. Otherwise it is part of the key.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (group, key) = match text.split_once(':') {
            Some((group, key)) => match group.parse::<u16>() {
                // `parse` accepts a plus sign, but a group has none.
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
}
