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
mod arp;
mod bounded;
mod chdlc;
mod cisco_meta_data;
mod conversation;
mod declared_len;
pub mod display_filter;
mod dissector;
mod echo;
mod enc;
mod erspan;
mod esp_packet;
pub mod fields;
mod fragment;
mod gre_packet;
mod ha_message;
mod handlers;
mod hsrp_message;
mod icmp;
mod icmp_extension;
mod icmpv6;
mod ike_sa;
mod ip;
mod isakmp_message;
mod isl;
mod known_sas;
mod link;
mod llc;
mod mac;
mod mpls;
mod nflog;
mod nhrp_packet;
mod non_ike_marker;
mod numbers;
mod options;
mod packet;
mod plaintext;
mod ppp;
mod pppoe;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod pseudowire;
mod read_only;
mod rebuild;
pub mod record;
mod sctp_packet;
mod sent_tsns;
mod sink;
pub mod sinks;
mod state;
pub mod tables;
mod tcp;
mod tcp_encapsulation;
mod tcp_stream;
mod tlv;
mod udp;
mod udp_encapsulation;
mod user_message;
mod walk;
mod wccp;
mod words;

pub use capture;
pub use dissector::Dissector;
pub use ike_sa::IsakmpAssociation;
pub use ikev1::Secret;
pub use ikev1::transcript::IncompleteExchange;
pub use keys;
pub use nhrp::extension::authentication::AuthenticationForm as NhrpAuthentication;
pub use options::Options;
pub use sink::{
    Address, Cause, Fault, Outcome, Part, Protocol, Reason, Rebuilt, Sink, SourceId, Span, Value,
};
