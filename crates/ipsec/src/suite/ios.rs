use core::fmt;

use super::{AesKey, Authentication, Encryption, IcvLen, Suite, SuiteError};
use crate::ah::{Integrity, integrity_of_ios};

/// A suite as Cisco IOS writes it in a transform set, for example `esp-3des esp-md5-hmac`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IosSpelling(Suite);

impl Suite {
    /// Returns the suite in the words of Cisco IOS. `None` when IOS has no words for this suite.
    #[must_use]
    pub fn ios(&self) -> Option<IosSpelling> {
        let encryption = encryption_word(self.encryption).is_some();
        let authentication =
            self.authentication.is_none_or(|authentication| authentication_word(authentication).is_some());
        (encryption && authentication).then_some(IosSpelling(*self))
    }

    /// Reads a suite from the words of Cisco IOS. The words may stand in any order. `esp-aes` without a number means
    /// a key of 128 bits.
    ///
    /// # Errors
    /// Returns a [`SuiteError`] when a word is not an algorithm of ESP, or when no algorithm authenticates.
    /// `ah-md5-hmac esp-3des` is a bundle of two SAs and returns [`SuiteError::Bundle`].
    pub fn from_ios(words: &str) -> Result<Self, SuiteError> {
        let words = Words::parse(words)?;
        if let Some((word, _)) = words.integrity {
            return Err(SuiteError::Bundle { word });
        }
        if words.encryption.is_none() && words.authentication.is_none() {
            return Err(SuiteError::Empty);
        }
        // default: a transform set that names no cipher of ESP only authenticates.
        Self::new(words.encryption.unwrap_or(Encryption::Null), words.authentication)
    }
}

/// The algorithms that the words of a transform set name.
pub(crate) struct Words {
    pub(crate) encryption: Option<Encryption>,
    pub(crate) authentication: Option<Authentication>,
    /// The algorithm of AH, and the position of its word.
    pub(crate) integrity: Option<(usize, Integrity)>,
}

impl Words {
    pub(crate) fn parse(words: &str) -> Result<Self, SuiteError> {
        let mut found = Self { encryption: None, authentication: None, integrity: None };
        let mut words = words.split_whitespace().peekable();
        let mut word = 0usize;
        while let Some(text) = words.next() {
            let unknown = SuiteError::UnknownWord { word };
            let taken = if let Some(mut encryption) = encryption_of(text) {
                if encryption.key_bits().is_some()
                    && let Some(key) =
                        words.peek().and_then(|bits| bits.parse().ok()).and_then(AesKey::from_bits)
                {
                    words.next();
                    word = word.saturating_add(1);
                    encryption = with_key(encryption, key);
                }
                found.encryption.replace(encryption).is_some()
            } else if let Some(integrity) = integrity_of_ios(text) {
                found.integrity.replace((word, integrity)).is_some()
            } else {
                found.authentication.replace(authentication_of(text).ok_or(unknown)?).is_some()
            };
            if taken {
                return Err(unknown);
            }
            word = word.saturating_add(1);
        }
        Ok(found)
    }
}

/// Writes an algorithm as IOS does. The key length is left out where IOS writes the algorithm without a number.
pub(crate) fn write_encryption(formatter: &mut fmt::Formatter<'_>, encryption: Encryption) -> fmt::Result {
    // default: a spelling is made only of algorithms that IOS has words for.
    formatter.write_str(encryption_word(encryption).unwrap_or_default())?;
    match encryption.key_bits() {
        None | Some(128) => Ok(()),
        Some(bits) => write!(formatter, " {bits}"),
    }
}

impl fmt::Display for IosSpelling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_encryption(formatter, self.0.encryption)?;
        match self.0.authentication.and_then(authentication_word) {
            Some(word) => write!(formatter, " {word}"),
            None => Ok(()),
        }
    }
}

pub(crate) const fn encryption_word(encryption: Encryption) -> Option<&'static str> {
    match encryption {
        Encryption::Null => Some("esp-null"),
        Encryption::DesCbc => Some("esp-des"),
        Encryption::TripleDesCbc => Some("esp-3des"),
        Encryption::AesCbc(_) => Some("esp-aes"),
        Encryption::AesGcm(_, IcvLen::Octets16) => Some("esp-gcm"),
        Encryption::AesGmac(_) => Some("esp-gmac"),
        _ => None,
    }
}

const fn authentication_word(authentication: Authentication) -> Option<&'static str> {
    match authentication {
        Authentication::HmacMd5 => Some("esp-md5-hmac"),
        Authentication::HmacSha1 => Some("esp-sha-hmac"),
        Authentication::HmacSha256 => Some("esp-sha256-hmac"),
        Authentication::HmacSha384 => Some("esp-sha384-hmac"),
        Authentication::HmacSha512 => Some("esp-sha512-hmac"),
        _ => None,
    }
}

fn encryption_of(word: &str) -> Option<Encryption> {
    Encryption::all().find(|encryption| {
        encryption_word(*encryption).is_some_and(|spelling| spelling.eq_ignore_ascii_case(word))
    })
}

fn authentication_of(word: &str) -> Option<Authentication> {
    Authentication::ALL.into_iter().find(|authentication| {
        authentication_word(*authentication).is_some_and(|spelling| spelling.eq_ignore_ascii_case(word))
    })
}

const fn with_key(encryption: Encryption, key: AesKey) -> Encryption {
    match encryption {
        Encryption::AesCbc(_) => Encryption::AesCbc(key),
        Encryption::AesCtr(_) => Encryption::AesCtr(key),
        Encryption::AesGcm(_, icv_len) => Encryption::AesGcm(key, icv_len),
        Encryption::AesCcm(_, icv_len) => Encryption::AesCcm(key, icv_len),
        Encryption::AesGmac(_) => Encryption::AesGmac(key),
        other => other,
    }
}
