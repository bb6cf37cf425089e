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
        reason = "a test may panic: that is how it fails"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, fuzzing))]
extern crate std;

pub mod checksum;
pub mod chunk;
pub mod common_header;
pub mod crc32c;
pub mod departure;
pub mod error_cause;
pub mod list;
pub mod packet;
pub mod parameter;
pub mod parse_error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod tlv;
pub mod tsn;
pub mod udp_encapsulation;
pub mod unrecognized;

pub use checksum::Checksum;
pub use chunk::{Body, Chunk, ChunkElement, ChunkFlags, ChunkFraming, ChunkHeader, ChunkType, Chunks};
pub use common_header::CommonHeader;
pub use departure::Departure;
pub use error_cause::{CauseCode, ErrorCause, ErrorCauseElement, ErrorCauseFraming, ErrorCauses};
pub use list::List;
pub use packet::{Packet, PacketWriter};
pub use parameter::{Parameter, ParameterElement, ParameterFraming, ParameterType, Parameters};
pub use parse_error::ParseError;
pub use tsn::{MessageIdentifier, StreamSequenceNumber, Tsn};
pub use unrecognized::UnrecognizedAction;

pub use wire::{Chain, ChainWriter, Element, EmitError, LengthError, Writer};
