//! The chain of initialization vectors of one exchange, RFC 2409 appendix B.

use crypto::HashAlgorithm;

use crate::{Authentication, Cipher, Iv};

/// The initialization vector of the next message of one exchange.
///
/// Every exchange has its own chain, which its message id names: 0 for phase 1. After the first message, the vector
/// of each message is the last block of ciphertext of the message before, in whichever direction that was sent.
/// [`Protection::seal`](crate::Protection::seal) and [`Protection::open`](crate::Protection::open) move the chain on,
/// and only when they succeed. A chain is not secret.
///
/// # Replays
/// While a chain is kept, a copy of an earlier message of its exchange does not open, because its vector has passed. But
/// whoever begins the chain of a message id a second time opens a copy of the first message a second time: IKEv1 has no
/// sequence numbers, and the message id is the only thing that tells a new exchange from an old one. So the endpoint
/// keeps the chain of every exchange that goes on, and the message id of every exchange that has ended, as long as the
/// ISAKMP SA lives. It calls [`exchange`](Self::exchange) only for a message id that is in neither, and takes an id that
/// it has not used for each exchange of its own. A message with the id of an exchange that has ended is a copy, and it
/// is dropped. When the ids become too many to keep, negotiate a new ISAKMP SA.
///
/// A peer that has lost an answer sends its message again. That message has the same octets as the last one that came
/// in its exchange: compare the octets before you open it, and send the last answer again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IvChain {
    hash_algorithm: HashAlgorithm,
    message_id: u32,
    pub(crate) iv: Iv,
}

impl IvChain {
    /// Begins the chain of phase 1, with hash(g^xi | g^xr) cut to the block of the cipher.
    #[must_use]
    pub fn phase_1(
        hash_algorithm: HashAlgorithm,
        cipher: Cipher,
        authentication: &Authentication<'_>,
    ) -> Self {
        let iv = Iv::phase_1(hash_algorithm, cipher, authentication.g_xi, authentication.g_xr);
        Self { hash_algorithm, message_id: 0, iv }
    }

    /// Continues the chain of phase 1 from its last block, for example from the record of a standby.
    #[must_use]
    pub const fn from_last_block(hash_algorithm: HashAlgorithm, iv: Iv) -> Self {
        Self { hash_algorithm, message_id: 0, iv }
    }

    /// Begins the chain of the exchange with this message id, with hash(last block of phase 1 | M-ID). `self` is the
    /// chain of phase 1 after its last message. For an informational exchange during phase 1, it is the chain at that
    /// point.
    ///
    /// # Errors
    /// Returns an [`ExchangeError`] when `self` is not the chain of phase 1, or when the message id is 0, which is
    /// that of phase 1.
    pub fn exchange(&self, message_id: u32) -> Result<Self, ExchangeError> {
        if self.message_id != 0 {
            return Err(ExchangeError::NotPhase1 { message_id: self.message_id });
        }
        if message_id == 0 {
            return Err(ExchangeError::MessageIdZero);
        }
        let iv = self.iv.exchange(self.hash_algorithm, message_id);
        Ok(Self { message_id, iv, ..*self })
    }

    /// Returns the message id of the exchange, which is 0 for phase 1.
    #[must_use]
    pub const fn message_id(&self) -> u32 {
        self.message_id
    }

    /// Returns the vector of the next message.
    #[must_use]
    pub const fn iv(&self) -> Iv {
        self.iv
    }
}

/// The reason why the chain of an exchange cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExchangeError {
    /// The chain is not that of phase 1. The vectors of an exchange come from the last block of phase 1.
    #[error(
        "the vectors of an exchange begin at the chain of phase 1, but this chain has message id {message_id:#010x}"
    )]
    NotPhase1 {
        /// The message id of the other exchange.
        message_id: u32,
    },
    /// The message id is 0. An exchange after phase 1 has a message id of its own (RFC 2408 section 3.1).
    #[error("message id 0 is that of phase 1, but an exchange after phase 1 needs another one")]
    MessageIdZero,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase_1() -> IvChain {
        let authentication = Authentication { g_xi: b"g^xi", g_xr: b"g^xr", ..Authentication::default() };
        IvChain::phase_1(HashAlgorithm::Sha1, Cipher::Aes128, &authentication)
    }

    /// RFC 2409 appendix B, written out.
    #[test]
    fn the_first_vector_of_an_exchange_is_the_hash_of_the_last_block_and_the_message_id() {
        let phase_1 = phase_1();
        assert_eq!(phase_1.iv().octets(), &HashAlgorithm::Sha1.hash(&[b"g^xig^xr"]).expose()[..16]);
        let exchange = phase_1.exchange(0x0102_0304).unwrap();
        let expected = HashAlgorithm::Sha1.hash(&[phase_1.iv().octets(), &[1, 2, 3, 4]]);
        assert_eq!((exchange.message_id(), exchange.iv().octets()), (0x0102_0304, &expected.expose()[..16]));
        let known = IvChain::from_last_block(HashAlgorithm::Sha1, phase_1.iv());
        assert_eq!(known.exchange(0x0102_0304), Ok(exchange));
    }

    #[test]
    fn an_exchange_begins_at_phase_1_and_has_a_message_id() {
        assert_eq!(phase_1().exchange(0), Err(ExchangeError::MessageIdZero));
        let exchange = phase_1().exchange(7).unwrap();
        assert_eq!(exchange.exchange(8), Err(ExchangeError::NotPhase1 { message_id: 7 }));
    }
}
