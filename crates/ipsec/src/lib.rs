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
        clippy::cast_possible_truncation,
        clippy::disallowed_methods,
        reason = "a test may panic: that is how it fails"
    )
)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, fuzzing))]
extern crate std;

pub mod ah;
pub mod bundle;
pub mod esp;
pub mod fragmentation;
pub mod ip;
mod lifetime;
mod next_header;
mod parse_error;
mod place;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod receiver;
mod replay;
mod sender;
mod sequence;
mod spi;
pub mod suite;
pub mod transform;
pub mod transport;
pub mod tunnel;
pub mod udp_encapsulation;

pub use crypto;
pub use crypto::{IvRule, KeyError, NoEntropy, NotAuthentic, Random, Secret, ShapeError};
pub use lifetime::{Lifetime, Limit, Stage};
pub use next_header::NextHeader;
pub use parse_error::ParseError;
pub use replay::{ReplayError, ReplayWindow};
pub use sequence::{Esn, SequenceNumber, infer_esn};
pub use spi::Spi;
pub use wire::{Chain, Element, Elements, EmitError, Framing, LengthError, Reader, Reserved, Writer};
