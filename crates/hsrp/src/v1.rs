//! Version 1: RFC 2281, and Cisco's Advertise messages of the same version.
//!
//! A message is a [`Packet`] of 20 octets or, with opcode 3, an [`Advertise`] of 16. Either may be followed by
//! TLVs, of which routers send one: the MD5 authentication.

mod advertise;
mod packet;

pub use advertise::{Advertise, AdvertiseState, AdvertiseType};
pub use packet::{Packet, Seconds, State};

/// The version octet of every version 1 message, RFC 2281 section 5.1.
pub const VERSION: u8 = 0;
