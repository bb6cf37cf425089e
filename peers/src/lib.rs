//! The programs that vpnwire is measured against, each with a safe interface: OpenSSL's EVP, Intel's multi-buffer
//! library, ring, AWS-LC, and replay windows in C.
//!
//! The C code is small: it prepares contexts once, and reads and writes the octets of the slices that it is given.

pub mod aead;
pub mod evp;
pub mod ipsec_mb;
pub mod modular;
pub mod replay;

/// A cipher of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// No encryption.
    Null,
    /// DES-CBC.
    Des,
    /// 3DES-CBC.
    TripleDes,
    /// AES-CBC, with the length of its key in octets.
    AesCbc(usize),
    /// AES-CTR, with the length of its key in octets.
    AesCtr(usize),
    /// AES-GCM, with the length of its key in octets.
    AesGcm(usize),
    /// AES-CCM, with the length of its key in octets.
    AesCcm(usize),
}

/// A MAC of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mac {
    /// HMAC-MD5.
    Md5,
    /// HMAC-SHA-1.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-384.
    Sha384,
    /// HMAC-SHA-512.
    Sha512,
    /// AES-XCBC.
    Xcbc,
}

/// The direction of packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Outbound: packets are encrypted, then authenticated.
    Seal,
    /// Inbound: packets are verified, then decrypted.
    Open,
}

/// The versions of the linked libraries.
#[must_use]
pub fn versions() -> String {
    format!("{}, intel-ipsec-mb {}, ring 0.17, AWS-LC (aws-lc-rs 1)", evp::version(), ipsec_mb::version())
}
