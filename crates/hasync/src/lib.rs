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

pub mod attribute;
pub mod checkpoint;
pub mod debug;
pub mod departure;
pub mod header;
mod item;
pub mod list;
pub mod message;
pub mod parse_error;
pub mod profile;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod record;

pub use attribute::{Attribute, AttributeCode, Attributes, Value};
pub use checkpoint::{Checkpoint, SequenceSpace};
pub use debug::DebugCryptoHa;
pub use departure::Departure;
pub use header::{Header, MessageType};
pub use list::List;
pub use message::Message;
pub use parse_error::ParseError;
pub use record::{Envelope, Record};

pub use crypto::Secret;
pub use wire::{EmitError, LengthError};
