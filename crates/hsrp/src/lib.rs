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

pub mod authentication;
pub mod conformance;
pub mod debug_line;
pub mod error;
pub mod message;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod transport;
pub mod v1;
pub mod v2;
pub mod virtual_mac;

pub use authentication::{AuthenticationData, AuthenticationError, Key, KeyChain, Md5Authentication};
pub use conformance::{Context, Departure};
pub use debug_line::DebugLine;
pub use error::ParseError;
pub use message::{Message, Opcode};
pub use transport::Hint;
pub use v2::{Tlv, TlvFraming, TlvType, Tlvs};
pub use virtual_mac::VirtualMac;
pub use wire::{Chain, Element, EmitError, LengthError, Writer};
