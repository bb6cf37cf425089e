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

#[cfg(test)]
extern crate std;

pub mod chain;
pub mod checksum;
pub mod copy;
pub mod length;
pub mod reader;
pub mod registry;
pub mod writer;

pub use chain::{Chain, ChainWriter, Element, Elements, Framing};
pub use checksum::InternetChecksum;
pub use copy::{UnequalLengths, copy};
pub use length::{EmitError, LengthError};
pub use reader::Reader;
pub use writer::{Reserved, Writer};

#[doc(hidden)]
pub mod private {
    //! What the code made by `registry!` needs to name; not part of the interface.
    pub use core;
    #[cfg(feature = "defmt")]
    pub use defmt;
    #[cfg(feature = "serde")]
    pub use serde;
}
