//! The bodies of payloads: one module for each, under the name that its RFC has.
//!
//! A [`Payload`](crate::Payload) holds one body, and a message consists of [`Payloads`](crate::Payloads). A body is
//! decoded from the [element](crate::PayloadElement) that was framed, and [`Emit`](crate::Emit) writes it.

#[macro_use]
mod octets;
pub(crate) mod body;
pub mod certificate;
pub mod certificate_request;
pub mod configuration;
pub mod delete;
pub mod fragment;
pub(crate) mod framing;
pub mod hash;
pub mod identification;
pub mod key_exchange;
pub mod nat_detection;
pub mod nat_original_address;
pub(crate) mod nested;
pub mod nonce;
pub mod notification;
pub(crate) mod payload_type;
pub mod proposal;
pub mod security_association;
pub mod signature;
pub mod situation;
pub mod split_network;
pub mod transform;
pub mod vendor_id;

pub use framing::{GENERIC_HEADER_LEN, next_payload};

#[cfg(test)]
mod tests;
