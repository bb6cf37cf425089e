//! Calls Intel's multi-buffer library, one job at a time.

use std::ffi::{CStr, c_char, c_int};
use std::ptr::NonNull;

use crate::{Cipher, Direction, Mac};

#[repr(C)]
struct Context {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn vpnwire_peer_mb_version() -> *const c_char;
    fn vpnwire_peer_mb_new(
        cipher: c_int,
        mac: c_int,
        key: *const u8,
        key_len: usize,
        mac_key: *const u8,
        mac_key_len: usize,
        iv_len: usize,
        tag_len: usize,
        associated_len: usize,
        encrypts: c_int,
    ) -> *mut Context;
    fn vpnwire_peer_mb_free(context: *mut Context);
    fn vpnwire_peer_mb_run(
        context: *mut Context,
        packet: *mut u8,
        text_offset: usize,
        text_len: usize,
        iv: *const u8,
        associated: *const u8,
        tag: *mut u8,
    ) -> c_int;
}

/// The version of the library.
#[must_use]
pub fn version() -> String {
    // SAFETY: the function takes no arguments, and returns a text that lives as long as the program.
    let text = unsafe { vpnwire_peer_mb_version() };
    // SAFETY: the text ends with a zero.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}

/// The keys of one SA, with its own manager.
pub struct Sa {
    context: NonNull<Context>,
    iv_len: usize,
    associated_len: usize,
    tag_len: usize,
}

impl Sa {
    /// Keys that are prepared for these algorithms. `None` when the library lacks an algorithm. `tag_len` is the
    /// length of the ICV.
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
        let (number, key_len, iv_len) = match cipher {
            Cipher::Null => (0, 0, 0),
            Cipher::Des => (1, 8, 8),
            Cipher::TripleDes => (2, 24, 8),
            Cipher::AesCbc(len) => (3, len, 16),
            Cipher::AesCtr(len) => (4, len, 16),
            Cipher::AesGcm(len) => (5, len, 12),
            // The library does not support 192 bits.
            Cipher::AesCcm(24) => return None,
            Cipher::AesCcm(len) => (6, len, 11),
        };
        let (mac, mac_key_len) = match mac {
            Some(Mac::Md5) => (0, 16),
            Some(Mac::Sha1) => (1, 20),
            Some(Mac::Sha256) => (2, 32),
            Some(Mac::Sha384) => (3, 48),
            Some(Mac::Sha512) => (4, 64),
            Some(Mac::Xcbc) => (5, 16),
            None => (6, 0),
        };
        assert_eq!((key.len(), mac_key.len()), (key_len, mac_key_len));
        let associated_len = if mac == 6 { 8 } else { 0 };
        // SAFETY: the keys have the lengths of their algorithms, and are passed with them.
        let context = unsafe {
            vpnwire_peer_mb_new(
                number,
                mac,
                key.as_ptr(),
                key.len(),
                mac_key.as_ptr(),
                mac_key.len(),
                iv_len,
                tag_len,
                associated_len,
                c_int::from(direction == Direction::Seal),
            )
        };
        Some(Self { context: NonNull::new(context)?, iv_len, associated_len, tag_len })
    }

    /// Processes one packet with its text at `text_offset`. The text is encrypted or decrypted in place, and the tag
    /// is written, which the caller compares when it opens. `associated` are the eight octets of a combined mode, and
    /// empty otherwise.
    ///
    /// # Panics
    /// Panics when a slice does not have the right length.
    pub fn run(
        &mut self,
        packet: &mut [u8],
        text_offset: usize,
        iv: &[u8],
        associated: &[u8],
        tag: &mut [u8],
    ) -> bool {
        assert!(text_offset <= packet.len() && iv.len() == self.iv_len && tag.len() == self.tag_len);
        assert_eq!(associated.len(), self.associated_len);
        // SAFETY: all lengths are those that the job was prepared for. The text lies in the packet, and the job is
        // done when the call returns.
        unsafe {
            vpnwire_peer_mb_run(
                self.context.as_ptr(),
                packet.as_mut_ptr(),
                text_offset,
                packet.len() - text_offset,
                iv.as_ptr(),
                associated.as_ptr(),
                tag.as_mut_ptr(),
            ) == 1
        }
    }
}

impl Drop for Sa {
    fn drop(&mut self) {
        // SAFETY: the pointer was made by `new` and is freed once.
        unsafe { vpnwire_peer_mb_free(self.context.as_ptr()) }
    }
}
