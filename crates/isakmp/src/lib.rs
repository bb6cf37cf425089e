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

#[cfg(any(test, fuzzing))]
extern crate std;

mod attribute;
mod conformance;
mod context;
pub mod doi;
mod error;
mod header;
pub mod ikev2;
pub mod ios;
mod message;
pub mod payload;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod reassembly;
pub mod vendor;

pub use attribute::{
    Attribute, AttributeElement, AttributeFormat, AttributeFraming, AttributeHeader, AttributeValue,
    Attributes, LifeDuration,
};
pub use conformance::Departure;
pub use context::{NatTraversal, NatTraversalOffer, NegotiationContext, Phase, Role};
pub use error::ParseError;
pub use header::{ExchangeType, Flags, FramedHeader, Header, NON_ESP_MARKER, Version, strip_non_esp_marker};
pub use message::{Body, Encrypted, Message, UnfinishedMessage};
pub use payload::body::{Payload, PayloadBody};
pub use payload::framing::{PayloadElement, PayloadFraming, PayloadHeader, Payloads};
pub use payload::nested::Nested;
pub use payload::payload_type::PayloadType;
pub use wire::{
    Chain, ChainWriter, Element, Elements, Emit, EmitError, LengthError, List, Member, Members, Parsed,
    Writer,
};
