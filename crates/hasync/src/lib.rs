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

mod attribute;
pub mod checkpoint;
mod debug;
mod departure;
mod envelope;
mod header;
mod message;
mod parse_error;
pub mod profile;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod record;

pub use attribute::{
    Attribute, AttributeCode, AttributeElement, AttributeFraming, AttributeHeader, Attributes,
};
pub use debug::DebugCryptoHa;
pub use departure::Departure;
pub use envelope::{Envelope, Record};
pub use header::{Header, MessageType};
pub use message::Message;
pub use parse_error::ParseError;

pub use crypto::{KeyError, Secret};
pub use wire::{
    Chain, ChainWriter, Element, Elements, Emit, EmitError, Framing, LengthError, List, Member, Members,
    Parsed, Reader, Reserved, Writer,
};
