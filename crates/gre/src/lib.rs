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

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod cisco_meta_data;
pub mod conformance;
pub mod error;
pub mod header;
pub mod keepalive;
pub mod packet;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod protocol_type;
pub mod sequence;

pub use cisco_meta_data::CiscoMetaData;
pub use conformance::Departure;
pub use error::ParseError;
pub use header::Header;
pub use keepalive::Keepalive;
pub use packet::Packet;
pub use protocol_type::ProtocolType;
pub use sequence::{Arrival, Receiver, Sender, set_sequence_number};
pub use wire::{EmitError, LengthError};
