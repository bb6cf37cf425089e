#![doc = include_str!("../README.md")]
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

mod ah_sa;
mod algorithm_name;
mod charon;
mod described;
mod esp_sa;
mod export;
mod file;
mod fortigate;
mod hexadecimal;
mod hint;
mod hsrp_key;
mod isakmp;
mod json;
mod keys;
mod names;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod row;
mod row_set;
mod sa_keys;
mod secret;
mod secret_octets;
mod tcpdump;
mod unverified;
mod warning;
mod xfrm;

pub use ah_sa::AhKeys;
pub use algorithm_name::AlgorithmName;
pub use esp_sa::RowError;
pub use export::{Export, ExportError, Refused, RefusedRow};
pub use file::{KeyFileError, KeyFileReason, MAX_FILE_LEN, MAX_ROW_COUNT};
pub use hexadecimal::KeyError;
pub use hint::KeyHint;
pub use hsrp_key::HsrpKey;
pub use ikev1;
pub use ipsec;
pub use isakmp::{IsakmpKeys, IsakmpKeysError, PreSharedKey};
pub use json::ChildError;
pub use keys::Keys;
pub use row::{AssociationRow, KeyRows};
pub use row_set::RowSet;
pub use sa_keys::{AddressPattern, Algorithms, AssociationKeys, AssociationKeysError, SpiPattern};
pub use secret::SecretError;
pub use secret_octets::ReadError;
pub use unverified::{Unverified, UnverifiedParts};
pub use warning::{KeyFileSummary, KeyFileWarning, MAX_WARNING_COUNT};
pub use xfrm::StateError;
