//! Calls OpenSSL's EVP with prepared contexts.
//!
//! The contexts are used from C, because the crate `openssl` has no `EVP_MAC`, and its cipher contexts ask for lengths
//! on every call. With it the peer would be slower than it is.

use std::ffi::{CString, c_char, c_int, c_uchar};
use std::ptr::{self, NonNull};

use openssl::provider::Provider;

use crate::{Cipher, Direction, Mac};

#[repr(C)]
struct Context {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn vpnwire_peer_evp_new(
        cipher: *const c_char,
        digest: *const c_char,
        key: *const c_uchar,
        mac_key: *const c_uchar,
        mac_key_len: usize,
        nonce_len: c_int,
        tag_len: c_int,
        encrypts: c_int,
    ) -> *mut Context;
    fn vpnwire_peer_evp_free(context: *mut Context);
    fn vpnwire_peer_evp_cipher(
        context: *mut Context,
        iv: *const c_uchar,
        text: *mut c_uchar,
        len: c_int,
    ) -> c_int;
    fn vpnwire_peer_evp_mac(
        context: *mut Context,
        octets: *const c_uchar,
        len: usize,
        code: *mut c_uchar,
        code_len: usize,
    ) -> c_int;
    fn vpnwire_peer_evp_aead(
        context: *mut Context,
        nonce: *const c_uchar,
        associated: *const c_uchar,
        associated_len: c_int,
        text: *mut c_uchar,
        len: c_int,
        tag: *mut c_uchar,
    ) -> c_int;
}

/// The version of the library.
#[must_use]
pub fn version() -> &'static str {
    openssl::version::version()
}

/// The contexts of one SA.
pub struct Evp {
    context: NonNull<Context>,
    nonce_len: usize,
    iv_len: usize,
    tag_len: usize,
    _providers: [Provider; 2],
}

impl Evp {
    /// Contexts that are prepared for these algorithms and keys. `None` when EVP lacks an algorithm.
    ///
    /// # Panics
    /// Panics when a key does not have the length that its algorithm needs.
    #[must_use]
    pub fn new(
        cipher: Cipher,
        mac: Option<Mac>,
        key: &[u8],
        mac_key: &[u8],
        tag_len: usize,
        direction: Direction,
    ) -> Option<Self> {
        let (name, key_len, iv_len, nonce_len) = match cipher {
            Cipher::Null => (None, 0, 0, 0),
            Cipher::Des => (Some("DES-CBC".to_string()), 8, 8, 0),
            Cipher::TripleDes => (Some("DES-EDE3-CBC".to_string()), 24, 8, 0),
            Cipher::AesCbc(len) => (Some(format!("AES-{}-CBC", 8 * len)), len, 16, 0),
            Cipher::AesCtr(len) => (Some(format!("AES-{}-CTR", 8 * len)), len, 16, 0),
            Cipher::AesGcm(len) => (Some(format!("AES-{}-GCM", 8 * len)), len, 0, 12),
            Cipher::AesCcm(len) => (Some(format!("AES-{}-CCM", 8 * len)), len, 0, 11),
        };
        let digest = match mac {
            None => None,
            Some(Mac::Md5) => Some("MD5"),
            Some(Mac::Sha1) => Some("SHA1"),
            Some(Mac::Sha256) => Some("SHA256"),
            Some(Mac::Sha384) => Some("SHA384"),
            Some(Mac::Sha512) => Some("SHA512"),
            Some(Mac::Xcbc) => return None,
        };
        assert_eq!(key.len(), key_len);
        assert!(tag_len <= 64);
        // DES is in the legacy provider.
        let providers = [Provider::load(None, "legacy").ok()?, Provider::load(None, "default").ok()?];
        let text = |text: &str| CString::new(text).expect("names have no zero");
        let (name, digest) = (name.map(|name| text(&name)), digest.map(text));
        let pointer = |name: &Option<CString>| name.as_ref().map_or(ptr::null(), |name| name.as_ptr());
        // SAFETY: names end with a zero or are absent. The key has the length of the cipher, and the length of the
        // MAC's key is passed.
        let context = unsafe {
            vpnwire_peer_evp_new(
                pointer(&name),
                pointer(&digest),
                key.as_ptr(),
                mac_key.as_ptr(),
                mac_key.len(),
                nonce_len,
                tag_len as c_int,
                c_int::from(direction == Direction::Seal),
            )
        };
        let nonce_len = nonce_len as usize;
        Some(Self { context: NonNull::new(context)?, nonce_len, iv_len, tag_len, _providers: providers })
    }

    /// Encrypts or decrypts `text` in place.
    ///
    /// # Panics
    /// Panics when the initialization vector does not have the right length, or when there is no cipher.
    pub fn cipher(&mut self, iv: &[u8], text: &mut [u8]) -> bool {
        assert!(self.iv_len != 0 && iv.len() == self.iv_len);
        // SAFETY: there is a cipher. It reads an initialization vector of its length, and writes no more octets than
        // it reads.
        unsafe {
            vpnwire_peer_evp_cipher(
                self.context.as_ptr(),
                iv.as_ptr(),
                text.as_mut_ptr(),
                text.len() as c_int,
            ) == 1
        }
    }

    /// Writes the MAC of `octets`, cut to the length of `code`.
    ///
    /// # Panics
    /// Panics when there is no MAC.
    pub fn mac(&mut self, octets: &[u8], code: &mut [u8]) -> bool {
        assert_eq!(self.nonce_len, 0);
        let (code, code_len) = (code.as_mut_ptr(), code.len());
        // SAFETY: there is a MAC context unless there is a combined mode. Both slices are passed with their lengths.
        unsafe {
            vpnwire_peer_evp_mac(self.context.as_ptr(), octets.as_ptr(), octets.len(), code, code_len) == 1
        }
    }

    /// Seals or opens `text` in place under a combined mode. The tag is written or checked.
    ///
    /// # Panics
    /// Panics when the nonce or the tag does not have the right length.
    pub fn aead(&mut self, nonce: &[u8], associated: &[u8], text: &mut [u8], tag: &mut [u8]) -> bool {
        assert!(self.nonce_len != 0 && nonce.len() == self.nonce_len && tag.len() == self.tag_len);
        let (len, associated_len) = (text.len() as c_int, associated.len() as c_int);
        // SAFETY: there is a cipher of a combined mode. The nonce and the tag have its lengths, and the other slices
        // are passed with theirs.
        unsafe {
            vpnwire_peer_evp_aead(
                self.context.as_ptr(),
                nonce.as_ptr(),
                associated.as_ptr(),
                associated_len,
                text.as_mut_ptr(),
                len,
                tag.as_mut_ptr(),
            ) == 1
        }
    }
}

impl Drop for Evp {
    fn drop(&mut self) {
        // SAFETY: the pointer was made by `new` and is freed once.
        unsafe { vpnwire_peer_evp_free(self.context.as_ptr()) }
    }
}
