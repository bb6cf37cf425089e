//! Ciphers that authenticate: AES-GCM (and GMAC, which is GCM without a text) and AES-CCM.
//!
//! The text is encrypted and decrypted in place, the tag stands apart. Tags are cut to the length of the caller's slice,
//! which the algorithm fixes, never the packet.

mod ccm;
mod gcm;

pub use ccm::Ccm;
pub(crate) use ccm::Pass as CcmPass;
pub use gcm::{Gcm, GmacRunning};

#[cfg(test)]
mod tests;
