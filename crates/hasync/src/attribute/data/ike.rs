//! What an IKE SA goes on with: suite, lifetimes, dead peer detection, NAT, exchanges under way.

use core::time::Duration;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};

use super::{Data, Seconds16, Seconds32, bits, fixed_layout};
use crate::ParseError;

fixed_layout! {
    /// What phase 1 agreed on, in the numbers of RFC 2409 appendix A.
    pub struct IkeSuite in IkeSuiteLayout, 12 octets {
        /// Encryption algorithm: 1 DES, 5 3DES, 7 AES.
        encryption_algorithm: u16 as U16,
        /// Key length in bits, 0 where the algorithm has one length.
        key_length: u16 as U16,
        /// Hash algorithm: 1 MD5, 2 SHA.
        hash_algorithm: u16 as U16,
        /// PRF, 0 for the HMAC of the hash algorithm.
        prf: u16 as U16,
        /// Group description.
        group: u16 as U16,
        /// Authentication method: 1 pre-shared key.
        authentication_method: u16 as U16,
    }
}

fixed_layout! {
    /// A lifetime and what was left of it when the message was written.
    pub struct Lifetime in LifetimeLayout, 16 octets {
        /// What was agreed on, in whole seconds; zero for no limit.
        duration: Duration as Seconds32,
        /// What is left of it, in whole seconds.
        duration_left: Duration as Seconds32,
        /// What was agreed on, in kilobytes of 1,024 octets of encapsulated packets; 0 for no limit.
        kilobytes: u32 as U32,
        /// What is left of it.
        kilobytes_left: u32 as U32,
    }
}

fixed_layout! {
    /// Where dead peer detection stands, RFC 3706 section 5.4: a standby that begins anew is refused.
    pub struct DeadPeer in DeadPeerLayout, 8 octets {
        /// The sequence number of the last R-U-THERE that was sent.
        my_sequence: u32 as U32,
        /// The sequence number of the last R-U-THERE that the peer sent.
        his_sequence: u32 as U32,
    }
}

bits! {
    /// Who is behind a NAT, and what follows from it.
    pub struct NatFlags(u8) {
        /// The local side is.
        LOCAL = 0x01;
        /// The peer is.
        PEER = 0x02;
        /// Messages have moved to port 4500 and carry the non-ESP marker.
        FLOATED = 0x04;
    }
}

fixed_layout! {
    /// What is known of NAT on the path, RFC 3947.
    pub struct NatState in NatStateLayout, 4 octets {
        /// Who is behind one.
        flags: NatFlags as u8,
        /// What was agreed on: 0 nothing, 1 RFC 3947, 16 and more for draft 0 and later.
        method: u8 as u8,
        /// How often a keepalive is sent, in whole seconds; zero for never.
        keepalive: Duration as Seconds16,
    }
}

/// An exchange under way: the standby goes on with its IV, and knows its message id as taken.
///
/// Its fields are those of a fixed layout, and the IV: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Exchange<'a> {
    /// Its message id.
    pub message_id: u32,
    /// Its exchange type: 5 informational, 6 transaction, 32 quick mode.
    pub exchange_type: u8,
    /// Messages of it that were sent and received.
    pub message_count: u8,
    /// The IV of its next message.
    pub iv: &'a [u8],
}

impl<'a> Data<'a> for Exchange<'a> {
    fn read(name: &'static str, mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let message_id = reader.u32(name)?;
        let [exchange_type, message_count] = *reader.array(name)?;
        Ok(Self { message_id, exchange_type, message_count, iv: reader.rest() })
    }

    fn len(&self) -> usize {
        self.iv.len().saturating_add(6)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.message_id)?;
        writer.put(&[self.exchange_type, self.message_count])?;
        writer.put(self.iv)
    }

    fn unset() -> Self {
        Self { message_id: 0, exchange_type: 0, message_count: 0, iv: &[] }
    }
}
