use core::fmt;

use super::{AesKey, Authentication, Encryption, Suite, SuiteError};
use crate::transform::IcvLen;

/// A suite as Cisco IOS writes it in a transform set: `esp-3des esp-md5-hmac`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IosSpelling(Suite);

impl Suite {
    /// The suite in the words of Cisco IOS; nothing where it has none.
    #[must_use]
    pub fn ios(&self) -> Option<IosSpelling> {
        let encryption = encryption_word(self.encryption).is_some();
        let authentication =
            self.authentication.is_none_or(|authentication| authentication_word(authentication).is_some());
        (encryption && authentication).then_some(IosSpelling(*self))
    }

    /// The suite that these words of Cisco IOS name, in any order; `esp-aes` alone has a key of 128 bits.
    ///
    /// # Errors
    /// When a word is none of ESP's, or nothing authenticates: `ah-md5-hmac esp-3des` is a bundle of two SAs.
    pub fn from_ios(words: &str) -> Result<Self, SuiteError> {
        let mut encryption = None;
        let mut authentication = None;
        let mut words = words.split_whitespace().peekable();
        let mut word = 0usize;
        while let Some(text) = words.next() {
            let unknown = SuiteError::UnknownWord { word };
            let taken = if let Some(mut found) = encryption_of(text) {
                if found.key_bits().is_some()
                    && let Some(key) =
                        words.peek().and_then(|bits| bits.parse().ok()).and_then(AesKey::from_bits)
                {
                    words.next();
                    word = word.saturating_add(1);
                    found = with_key(found, key);
                }
                encryption.replace(found).is_some()
            } else {
                authentication.replace(authentication_of(text).ok_or(unknown)?).is_some()
            };
            if taken {
                return Err(unknown);
            }
            word = word.saturating_add(1);
        }
        Self::new(encryption.unwrap_or(Encryption::Null), authentication)
    }
}

impl fmt::Display for IosSpelling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(encryption_word(self.0.encryption).unwrap_or_default())?;
        match self.0.encryption.key_bits() {
            // What is written without a number.
            None | Some(128) => {}
            Some(bits) => write!(formatter, " {bits}")?,
        }
        match self.0.authentication.and_then(authentication_word) {
            Some(word) => write!(formatter, " {word}"),
            None => Ok(()),
        }
    }
}

const fn encryption_word(encryption: Encryption) -> Option<&'static str> {
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
        Authentication::AesXcbc => None,
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
