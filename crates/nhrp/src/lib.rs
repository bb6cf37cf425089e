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

#[cfg(test)]
extern crate std;

mod address;
mod authenticated;
mod cie;
mod conformance;
mod departure;
mod error;
mod error_code;
pub mod extension;
mod fixed_part;
mod flags;
mod forward;
mod mandatory_part;
mod owned_address;
mod packet;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod seconds;

pub use address::{Addresses, NbmaAddress, TypeLength, ip_address};
pub use authenticated::Authenticated;
pub use cie::{Cie, CieCode, CieFraming, CieHeader, Cies};
pub use departure::Departure;
pub use error::ParseError;
pub use error_code::ErrorCode;
pub use extension::framing::{
    ExtensionElement, ExtensionFraming, ExtensionHeader, ExtensionType, Extensions,
};
pub use extension::policy::{ExtensionNine, Policy};
pub use extension::value::{Extension, ExtensionValue};
pub use fixed_part::{AddressFamily, FixedPart, PacketType, ProtocolType};
pub use flags::Flags;
pub use forward::{Forward, ForwardError, TransitRecord};
pub use mandatory_part::{Exchange, Indication, MandatoryPart, OtherPart};
pub use owned_address::{AddressError, OwnedNbmaAddress, ProtocolAddress};
pub use packet::Packet;
pub use seconds::{NotWholeSeconds, Seconds};
pub use wire::{
    Chain, ChainWriter, Element, Elements, Emit, EmitError, Framing, LengthError, List, Member, Members,
    Parsed, Reader, Reserved, Writer,
};
