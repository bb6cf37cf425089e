//! What one side of an exchange has said.

use alloc::vec::Vec;
use core::fmt;

use isakmp::PayloadType;

/// What one side has said in an exchange: the bodies of its payloads, without their generic headers.
///
/// An identity may have been encrypted, and so may a nonce: `Debug` shows how many octets there are, and none of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Side {
    pub(super) key_exchange: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) identification: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Side {
    /// The body of its Key Exchange, Nonce, Identification or Hash payload; nothing where it has not said it, where the body
    /// is empty, and for every other type.
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

    /// Octets of all bodies together.
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
