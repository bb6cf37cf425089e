//! What vpnwire is measured against, each behind a safe interface: OpenSSL's EVP, Intel's multi-buffer library, ring, AWS-LC,
//! and replay windows in C.
//!
//! The C side is small and does what its callers do: it prepares contexts once and touches octets that slices lend it.

pub mod aead;
pub mod evp;
pub mod ipsec_mb;
pub mod modular;
pub mod replay;

/// A cipher of ESP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// None.
    Null,
    /// DES-CBC.
    Des,
    /// 3DES-CBC.
    TripleDes,
    /// AES-CBC with a key of so many octets.
    AesCbc(usize),
    /// AES-CTR with a key of so many octets.
    AesCtr(usize),
    /// AES-GCM with a key of so many octets.
    AesGcm(usize),
    /// AES-CCM with a key of so many octets.
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

/// Which way packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Encrypt, then authenticate.
    Seal,
    /// Verify, then decrypt.
    Open,
}

/// The versions of what is linked.
#[must_use]
pub fn versions() -> String {
    format!("{}, intel-ipsec-mb {}, ring 0.17, AWS-LC (aws-lc-rs 1)", evp::version(), ipsec_mb::version())
}
