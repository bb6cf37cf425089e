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

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(any(test, fuzzing))]
extern crate std;

mod aggressive_mode;
mod algorithm;
mod authentication;
mod authentication_kind;
#[cfg(feature = "dh")]
pub mod dh;
mod encryption;
mod hash;
mod iv;
pub mod keymat;
pub mod nat_traversal;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod peer;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
pub mod proposal;
mod protection;
mod skeyid;
pub mod transcript;
pub mod transform;

pub use aggressive_mode::AggressiveMode;
pub use algorithm::{Cipher, UnsupportedAlgorithm, hash_algorithm};
pub use authentication::Authentication;
pub use authentication_kind::AuthenticationKind;
pub use crypto::{HashAlgorithm, KeyError, NotAuthentic, Output, Secret};
pub use encryption::{BodyError, EncryptionKey};
pub use hash::{Covered, HashError};
pub use isakmp;
pub use iv::Iv;
pub use protection::{MessageHash, OpenError, Opened, Protection, SealError};
pub use skeyid::{Cookies, EmptyInput, Nonces, Skeyid, SkeyidFamily};
