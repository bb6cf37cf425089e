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

#[cfg(feature = "dh")]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod aead;
pub mod algorithm;
pub mod cipher;
mod compose;
#[cfg(feature = "dh")]
pub mod dh;
#[cfg(test)]
mod hexadecimal;
pub mod mac;
mod not_authentic;
mod prf;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod random;
mod secret;
mod shape;

pub use compose::EncryptThenMac;
pub use not_authentic::NotAuthentic;
pub use prf::{HashAlgorithm, Output, Prf};
pub use random::{NoEntropy, Random};
pub use secret::{KeyError, Salt, Secret};
pub use shape::{IvRule, Shape, ShapeError};
