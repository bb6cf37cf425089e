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

pub mod authentication;
mod conformance;
mod debug_line;
mod error;
mod hint;
mod message;
mod neutral;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod tlv;
pub mod transport;
pub mod v1;
pub mod v2;
mod virtual_mac;

pub use authentication::key::{Key, KeyChain};
pub use authentication::md5::Md5Authentication;
pub use authentication::text::AuthenticationData;
pub use conformance::{Context, Departure};
pub use debug_line::DebugLine;
pub use error::ParseError;
pub use hint::Hint;
pub use message::{Message, Opcode};
pub use neutral::{Authentication, GroupMessage, InterfaceMessage, NotRepresentable, State, Version};
pub use tlv::{Tlv, TlvFraming, TlvType, Tlvs};
pub use virtual_mac::VirtualMac;
pub use wire::{Chain, ChainWriter, Element, Emit, EmitError, LengthError, List, Member, Parsed, Writer};
