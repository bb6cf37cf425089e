//! Messages sealed and opened: their HASH, their padding, their encryption and the chain of vectors, in one call each.
//!
//! RFC 2409 section 5 says what each HASH covers, and appendix B how a body is padded and which vector it is encrypted with.

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

/// What protects the messages of one ISAKMP SA: SKEYID and its family, the key that messages are encrypted with, and the
/// cookies that name the SA.
///
/// [`seal`](Self::seal) and [`open`](Self::open) work on the buffer of the caller and allocate nothing. They are told which
/// HASH a message has ([`MessageHash`]), and move the chain of vectors of its exchange ([`IvChain`]) on when they succeed.
/// `Debug` shows the cipher and the hash function; keys are wiped when it is dropped.
///
/// [`IvChain`]: crate::transcript::IvChain
pub struct Protection {
    keys: SkeyidFamily,
    encryption_key: EncryptionKey,
    cookies: Cookies,
}

impl Protection {
    /// The protection that comes from these keys and the negotiated cipher, of the SA with these cookies.
    ///
    /// # Errors
    /// When the key that comes out is weak, as [`EncryptionKey::derive`] tells. There can be no SA then.
    pub fn new(keys: SkeyidFamily, cipher: Cipher, cookies: Cookies) -> Result<Self, KeyError> {
        let encryption_key = EncryptionKey::derive(cipher, &keys.skeyid_e)?;
        Ok(Self { keys, encryption_key, cookies })
    }

    /// The cookies of the SA: a message with others is neither sealed nor opened.
    #[must_use]
    pub const fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// Whether a message is one of this SA.
    fn is_of_sa(&self, header: &Header) -> bool {
        (header.initiator_cookie, header.responder_cookie) == (self.cookies.initiator, self.cookies.responder)
    }

    /// SKEYID and its family. The keys of child SAs come from `SKEYID_d`.
    #[must_use]
    pub const fn keys(&self) -> &SkeyidFamily {
        &self.keys
    }

    /// The key that messages are encrypted with.
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
