//! Sealing and opening of messages, each in one call: their HASH, padding, encryption and chain of vectors.
//!
//! RFC 2409 section 5 says what each HASH covers. Its appendix B says how a body is padded and which vector encrypts
//! it.

mod error;
mod message_hash;
mod open;
mod opened;
mod seal;

use core::fmt;

use crypto::KeyError;
use isakmp::Header;

pub use error::{OpenError, SealError};
pub use message_hash::MessageHash;
pub use opened::Opened;

use crate::{Cipher, Cookies, EncryptionKey, SkeyidFamily};

/// The protection of the messages of one ISAKMP SA: SKEYID and its family, the key that encrypts messages, and the
/// cookies of the SA.
///
/// [`seal`](Self::seal) and [`open`](Self::open) work on the caller's buffer and allocate nothing. The caller says
/// which HASH a message has ([`MessageHash`]) and gives the chain of vectors of its exchange ([`IvChain`]), which
/// moves on when the call succeeds. `Debug` shows only the cipher and the hash function. The keys are wiped when it
/// is dropped.
///
/// [`IvChain`]: crate::transcript::IvChain
pub struct Protection {
    keys: SkeyidFamily,
    encryption_key: EncryptionKey,
    cookies: Cookies,
}

impl Protection {
    /// Makes the protection of the SA with these cookies from its keys and the negotiated cipher.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the derived key is weak, as [`EncryptionKey::derive`] describes. Such an SA cannot
    /// exist.
    pub fn new(keys: SkeyidFamily, cipher: Cipher, cookies: Cookies) -> Result<Self, KeyError> {
        let encryption_key = EncryptionKey::derive(cipher, &keys.skeyid_e)?;
        Ok(Self { keys, encryption_key, cookies })
    }

    /// Returns the cookies of the SA. A message with other cookies is neither sealed nor opened.
    #[must_use]
    pub const fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// Tells whether a message belongs to this SA.
    fn is_of_sa(&self, header: &Header) -> bool {
        (header.initiator_cookie, header.responder_cookie) == (self.cookies.initiator, self.cookies.responder)
    }

    /// Returns SKEYID and its family. The keys of child SAs come from `SKEYID_d`.
    #[must_use]
    pub const fn keys(&self) -> &SkeyidFamily {
        &self.keys
    }

    /// Returns the key that encrypts messages.
    #[must_use]
    pub const fn encryption_key(&self) -> &EncryptionKey {
        &self.encryption_key
    }
}

impl fmt::Debug for Protection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cipher, hash) = (self.encryption_key.cipher(), self.keys.skeyid.hash_algorithm());
        write!(formatter, "Protection({cipher:?}, {hash}, ..)")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Protection {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(
            formatter,
            "Protection({}, {}, ..)",
            self.encryption_key.cipher(),
            self.keys.skeyid.hash_algorithm()
        );
    }
}

#[cfg(test)]
mod tests;
