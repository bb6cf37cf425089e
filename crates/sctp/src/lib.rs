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

#[cfg(any(test, fuzzing))]
extern crate std;

mod checksum;
pub mod chunk;
mod chunk_type;
mod chunks;
mod common_header;
pub mod crc32c;
mod departure;
mod error_cause;
mod items;
mod packet;
pub mod parameter;
mod parameter_type;
mod parameters;
mod parse_error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod tlv;
mod tsn;
pub mod udp_encapsulation;
mod unrecognized;

pub use checksum::Checksum;
pub use chunk_type::{ChunkFlags, ChunkType};
pub use chunks::{Chunk, ChunkElement, ChunkFraming, ChunkHeader, Chunks};
pub use common_header::CommonHeader;
pub use departure::Departure;
pub use error_cause::{CauseCode, ErrorCause, ErrorCauseElement, ErrorCauseFraming, ErrorCauses};
pub use items::{Item, Items, ItemsIter};
pub use packet::Packet;
pub use parameter_type::ParameterType;
pub use parameters::{Parameter, ParameterElement, ParameterFraming, Parameters};
pub use parse_error::ParseError;
pub use tsn::{MessageIdentifier, StreamSequenceNumber, Tsn};
pub use unrecognized::UnrecognizedAction;

pub use wire::{
    Chain, ChainWriter, Element, Elements, Emit, EmitError, Framing, LengthError, List, Member, Members,
    Parsed, Reader, Reserved, Writer,
};
