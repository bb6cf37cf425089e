#![doc = include_str!("../README.md")]
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

pub mod bounded;
pub mod capture;
pub mod dissector;
mod fragment;
pub mod frame;
mod hsrp_message;
mod ip;
mod isakmp_message;
pub mod keys;
mod link;
mod llc;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod sink;
pub mod sinks;
pub mod tables;
mod udp;
mod udp_encapsulation;

pub use dissector::{Dissector, Options};
pub use frame::{Frame, LinkType, Timestamp};
pub use sink::{Fault, Protocol, Reason, Sink, SourceId, Span, Value};
