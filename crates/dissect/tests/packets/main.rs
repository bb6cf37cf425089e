//! Packets that are built octet by octet, and what the dissector and its sinks report about them.
#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails; its numbers are small"
)]

mod ah;
mod arp;
mod authentication;
mod bounds;
mod built;
mod carriers;
mod columns;
mod cuts;
mod decode_as;
mod dmvpn;
mod esp;
mod fragments;
mod ha;
mod icmp;
mod icmp_extensions;
mod isakmp;
mod links;
mod listeners;
mod network;
mod pseudowires;
mod rebuilding;
mod recorder;
mod records;
mod sctp;
mod secrets;
mod short;
mod sinks;
mod statistics;
mod summaries;
mod tcp;
mod tunnels;
