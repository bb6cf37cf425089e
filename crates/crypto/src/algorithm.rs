//! The algorithms of ESP and AH by their RFC names, and how long their keys, initialization vectors and ICVs are.
//!
//! This is the one place where those lengths stand. The numbers that IKE negotiates them by are isakmp's, and `ikev1` turns one into
//! the other; `ipsec` makes suites of them.

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
