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
pub mod cipher;
pub mod compose;
#[cfg(feature = "dh")]
pub mod dh;
#[cfg(test)]
mod hexadecimal;
pub mod mac;
pub mod prf;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod random;
pub mod secret;

pub use cipher::{Cipher, IvRule, Shape, ShapeError};
pub use compose::EncryptThenMac;
#[cfg(feature = "dh")]
pub use dh::DhGroup;
pub use mac::{Mac, NotAuthentic};
pub use prf::{HashAlgorithm, Prf};
pub use random::{NoEntropy, Random};
pub use secret::{KeyError, Salt, Secret};
