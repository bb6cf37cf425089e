#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::as_conversions,
        clippy::panic,
        clippy::disallowed_methods,
        reason = "a test may panic: that is how it fails"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, fuzzing))]
extern crate std;

pub mod conformance;
pub mod context;
pub mod doi;
pub mod error;
pub mod header;
pub mod ikev2;
pub mod ios;
pub mod message;
pub mod payload;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod reassembly;
pub mod vendor;
pub mod writer;

pub use conformance::Departure;
pub use context::{NegotiationContext, Phase, Role};
pub use error::ParseError;
pub use header::{ExchangeType, Flags, FramedHeader, Header, Version};
pub use message::{Body, Encrypted, Faults, Message};
pub use payload::attribute::{Attribute, AttributeFraming, AttributeValue, Attributes};
pub use payload::{Payload, PayloadElement, PayloadFraming, PayloadHeader, PayloadType, Payloads};
pub use reassembly::{Reassembly, ReassemblyError};
pub use wire::{Chain, Element, EmitError, LengthError, Writer};
pub use writer::MessageWriter;
