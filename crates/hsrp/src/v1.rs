//! Version 1: the messages of RFC 2281, and Cisco's Advertise messages.
//!
//! A message is a [`Packet`] of 20 octets or, with opcode 3, an [`Advertise`] of 16 octets. TLVs may follow
//! either. Routers send only one kind of TLV there, the MD5 authentication.

mod advertise;
mod packet;

pub use advertise::{Advertise, AdvertiseState, AdvertiseType};
pub use packet::{Packet, Seconds, State};

/// The version octet of every version 1 message, RFC 2281 section 5.1.
pub const VERSION: u8 = 0;
