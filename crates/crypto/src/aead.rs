//! Combined modes, which encrypt and authenticate: AES-GCM, GMAC (GCM without a text), AES-CCM and
//! ChaCha20-Poly1305.
//!
//! The text is encrypted and decrypted in place, and the tag is a slice of its own. A tag has the length of the
//! caller's slice. That length must come from the algorithm, never from the packet.

mod ccm;
mod chacha20_poly1305;
mod gcm;

pub use ccm::Ccm;
pub(crate) use ccm::Pass as CcmPass;
pub use chacha20_poly1305::ChaCha20Poly1305;
pub use gcm::{Gcm, GmacRunning};

#[cfg(test)]
mod tests;
