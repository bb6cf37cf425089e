//! The values that one side of an exchange has sent.

use alloc::vec::Vec;
use core::fmt;

use isakmp::PayloadType;

/// The values that one side has sent in an exchange: the bodies of its payloads, without their generic headers.
///
/// Identities and nonces may have been encrypted, so `Debug` shows only the number of octets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Side {
    pub(super) key_exchange: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) identification: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Side {
    /// Returns the body of the side's Key Exchange, Nonce, Identification or Hash payload. `None` when the side has
    /// not sent it, when the body is empty, and for every other type.
    #[must_use]
    pub fn said(&self, payload_type: PayloadType) -> Option<&[u8]> {
        let body = match payload_type {
            PayloadType::KEY_EXCHANGE => &self.key_exchange,
            PayloadType::NONCE => &self.nonce,
            PayloadType::IDENTIFICATION => &self.identification,
            PayloadType::HASH => &self.hash,
            _ => return None,
        };
        Some(body.as_slice()).filter(|body| !body.is_empty())
    }

    /// Returns the length in octets of all bodies together.
    #[must_use]
    pub const fn octet_count(&self) -> usize {
        self.key_exchange
            .len()
            .saturating_add(self.nonce.len())
            .saturating_add(self.identification.len())
            .saturating_add(self.hash.len())
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Side({} octets)", self.octet_count())
    }
}
