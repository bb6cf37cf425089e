#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::panic,
        clippy::disallowed_methods,
        reason = "a test may panic: that is how it fails"
    )
)]

#[cfg(any(test, fuzzing))]
extern crate std;

pub mod aggressive_mode;
pub mod algorithm;
pub mod authentication;
#[cfg(feature = "dh")]
pub mod dh;
pub mod encryption;
pub mod hash;
pub mod iv;
pub mod keymat;
pub mod nat_traversal;
#[cfg(test)]
mod peer;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod proposal;
pub mod skeyid;
pub mod transform;

pub use aggressive_mode::AggressiveMode;
pub use algorithm::{Cipher, UnsupportedAlgorithm};
pub use authentication::Authentication;
pub use crypto::{HashAlgorithm, KeyError, NotAuthentic, Secret};
pub use encryption::{BodyError, EncryptionKey};
pub use hash::{Covered, HashError};
pub use iv::Iv;
pub use keymat::{Keymat, QuickMode};
pub use skeyid::{Cookies, Nonces, Skeyid, SkeyidFamily};
