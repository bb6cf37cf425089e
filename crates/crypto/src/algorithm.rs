//! The algorithms of ESP and AH by their RFC names, with the lengths of their keys, initialization vectors and ICVs.
//!
//! This is the only place for these lengths. The numbers by which IKE negotiates the algorithms are in `isakmp`,
//! `ikev1` converts between the two, and `ipsec` makes suites of the algorithms.

mod aes_key;
mod authentication;
mod encryption;
mod icv_len;
mod integrity;

pub use aes_key::AesKey;
pub use authentication::Authentication;
pub use encryption::Encryption;
pub use icv_len::IcvLen;
pub use integrity::Integrity;

#[cfg(test)]
mod tests;
