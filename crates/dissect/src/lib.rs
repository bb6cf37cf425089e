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

mod ah_packet;
pub mod bounded;
mod cisco_meta_data;
pub mod dissector;
mod erspan;
mod esp_packet;
mod fragment;
mod gre_packet;
mod ha_message;
mod hsrp_message;
mod ip;
mod isakmp_message;
mod link;
mod llc;
mod nhrp_packet;
mod numbers;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod sctp_packet;
pub mod sink;
pub mod sinks;
pub mod tables;
mod udp;
mod udp_encapsulation;

pub use capture;
pub use dissector::{Dissector, Options};
pub use ikev1::Secret;
pub use ikev1::transcript::IncompleteExchange;
pub use isakmp_message::ike_sa::IsakmpAssociation;
pub use keys;
pub use nhrp::extension::authentication::AuthenticationForm as NhrpAuthentication;
pub use sink::{Fault, Protocol, Reason, Sink, SourceId, Span, Value};
