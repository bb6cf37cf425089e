//! The data with which a standby continues an IKE SA: the algorithms, lifetimes, dead peer detection, NAT, and
//! exchanges in progress.

use core::time::Duration;

use wire::{EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};

use super::{Data, Seconds16, Seconds32, bits, fixed_layout};
use crate::ParseError;

fixed_layout! {
    /// The algorithms that phase 1 agreed on, in the numbers of RFC 2409 appendix A.
    pub struct IkeSuite in IkeSuiteLayout, 12 octets {
        /// The encryption algorithm: 1 is DES, 5 is 3DES, 7 is AES.
        encryption_algorithm: u16 as U16,
        /// The key length in bits, or 0 when the algorithm has only one length.
        key_length: u16 as U16,
        /// The hash algorithm: 1 is MD5, 2 is SHA.
        hash_algorithm: u16 as U16,
        /// The PRF, or 0 for the HMAC of the hash algorithm.
        prf: u16 as U16,
        /// The group description, which is the number of the Diffie-Hellman group.
        group: u16 as U16,
        /// The authentication method: 1 is a pre-shared key.
        authentication_method: u16 as U16,
    }
}

fixed_layout! {
    /// A lifetime, and the part of it that remained when the message was written.
    ///
    /// A time that is not a whole number of seconds is not written ([`EmitError::Inexact`](crate::EmitError::Inexact)).
    pub struct Lifetime in LifetimeLayout, 16 octets {
        /// The lifetime that was agreed on, in whole seconds, or zero for no limit.
        duration: Duration as Seconds32,
        /// The remaining time, in whole seconds.
        duration_left: Duration as Seconds32,
        /// The lifetime that was agreed on, in kilobytes of 1,024 octets of encapsulated packets, or 0 for no limit.
        kilobytes: u32 as U32,
        /// The remaining kilobytes.
        kilobytes_left: u32 as U32,
    }
}

fixed_layout! {
    /// The sequence numbers of dead peer detection (RFC 3706 section 5.4). A standby needs them, because a peer refuses
    /// a sequence that starts anew.
    pub struct DeadPeer in DeadPeerLayout, 8 octets {
        /// The sequence number of the last R-U-THERE that this gateway sent.
        my_sequence: u32 as U32,
        /// The sequence number of the last R-U-THERE that the peer sent.
        his_sequence: u32 as U32,
    }
}

bits! {
    /// Which sides are behind a NAT, and whether the ports have changed because of it.
    pub struct NatFlags(u8) {
        /// The local side is behind a NAT.
        LOCAL = 0x01;
        /// The peer is behind a NAT.
        PEER = 0x02;
        /// Messages have moved to port 4500 and carry the non-ESP marker.
        FLOATED = 0x04;
    }
}

fixed_layout! {
    /// The state of NAT traversal (RFC 3947).
    ///
    /// A time that is not a whole number of seconds is not written ([`EmitError::Inexact`](crate::EmitError::Inexact)).
    pub struct NatState in NatStateLayout, 4 octets {
        /// The sides that are behind a NAT.
        flags: NatFlags as u8,
        /// The method that was agreed on: 0 means no NAT traversal, 1 is RFC 3947, 16 and above are draft 0 and later drafts.
        method: u8 as u8,
        /// The interval of keepalives, in whole seconds, or zero when none are sent.
        keepalive: Duration as Seconds16,
    }
}

/// An exchange in progress. The standby continues it with its IV, and treats its message ID as used.
///
/// On the wire it has the message ID with four octets, the exchange type with one, the count of messages with one, and
/// then the IV with the octets that are left. The struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Exchange<'a> {
    /// The message ID of the exchange.
    pub message_id: u32,
    /// The exchange type: 5 is informational, 6 is transaction, 32 is quick mode.
    pub exchange_type: u8,
    /// The number of messages of the exchange that were sent and received.
    pub message_count: u8,
    /// The IV of the next message.
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
