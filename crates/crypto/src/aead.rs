//! Combined modes, which encrypt and authenticate: AES-GCM, GMAC (GCM without a text), and AES-CCM.
//!
//! The text is encrypted and decrypted in place, and the tag is a slice of its own. A tag has the length of the
//! caller's slice. That length must come from the algorithm, never from the packet.

mod ccm;
mod gcm;

pub use ccm::Ccm;
pub(crate) use ccm::Pass as CcmPass;
pub use gcm::{Gcm, GmacRunning};

#[cfg(test)]
mod tests;
