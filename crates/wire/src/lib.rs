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
#[cfg(test)]
extern crate std;

mod chain;
mod chain_writer;
mod checksum;
mod copy;
mod element;
mod emit;
mod length;
mod list;
mod parsed;
mod reader;
mod registry;
mod writer;

pub use chain::{Chain, Elements, Framing};
pub use chain_writer::ChainWriter;
pub use checksum::InternetChecksum;
pub use copy::{UnequalLengths, copy};
pub use element::Element;
pub use emit::Emit;
pub use length::{EmitError, LengthError};
pub use list::{List, Member, Members};
pub use parsed::Parsed;
pub use reader::Reader;
pub use writer::{Reserved, Writer};

#[doc(hidden)]
pub mod private {
    //! The names that the code of `registry!` needs. They are not part of the interface.
    pub use core;
    #[cfg(feature = "defmt")]
    pub use defmt;
    #[cfg(feature = "serde")]
    pub use serde;
}
