#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::as_conversions,
        clippy::disallowed_methods,
        clippy::panic,
        reason = "a test may panic: that is how it fails"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod address;
pub mod cie;
pub mod conformance;
pub mod departure;
pub mod error;
pub mod error_code;
pub mod extension;
pub mod fixed_part;
pub mod flags;
pub mod forward;
pub mod mandatory_part;
pub mod packet;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;

pub use address::{Addresses, NbmaAddress, TypeLength, ip_address};
pub use cie::{Cie, CieCode, Cies};
pub use departure::Departure;
pub use error::ParseError;
pub use error_code::ErrorCode;
pub use extension::{
    Authentication, AuthenticationError, AuthenticationForm, Credentials, Extension, ExtensionElement,
    ExtensionNine, ExtensionType, ExtensionValue, Extensions, Policy,
};
pub use fixed_part::{AddressFamily, FixedPart, PacketType, ProtocolType};
pub use flags::Flags;
pub use forward::{Forward, ForwardError, TransitRecord};
pub use mandatory_part::{Exchange, Indication, MandatoryPart, OtherPart};
pub use packet::{Packet, Parts};
pub use wire::{Chain, Element, EmitError, LengthError};
