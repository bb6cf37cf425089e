#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::as_conversions,
        clippy::panic,
        clippy::disallowed_methods,
        reason = "a test may panic: that is how it fails"
    )
)]

#[cfg(test)]
extern crate std;

mod cisco_meta_data;
mod conformance;
mod enhanced;
mod error;
mod header;
mod keepalive;
mod packet;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod protocol_type;
mod sequence;

pub use cisco_meta_data::CiscoMetaData;
pub use conformance::Departure;
pub use enhanced::{EnhancedHeader, EnhancedPacket};
pub use error::ParseError;
pub use header::Header;
pub use keepalive::{Keepalive, KeepaliveRequest};
pub use packet::Packet;
pub use protocol_type::ProtocolType;
pub use sequence::{Arrival, Receiver, Sender, set_sequence_number};
pub use wire::{Emit, EmitError, LengthError, Parsed, Writer};
