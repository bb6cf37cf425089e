use crate::cipher::Cipher;
use crate::mac::{Mac, Running as _};
use crate::{NotAuthentic, Shape, ShapeError};

/// Encrypts, then authenticates all octets up to the end of the text, as ESP does (RFC 4303 section 3.3.2.1).
///
/// Sealing stitches the two: while the cipher chains its blocks, the hash takes what is final. Opening never does: a
/// packet is verified to the end before one octet is decrypted.
#[derive(Debug)]
pub struct EncryptThenMac<E, M> {
    cipher: E,
    mac: M,
}

impl<E: Cipher, M: Mac> EncryptThenMac<E, M> {
    /// `cipher` under `mac`, each with its own key.
    pub const fn new(cipher: E, mac: M) -> Self {
        Self { cipher, mac }
    }

    /// The cipher.
    pub const fn cipher(&self) -> &E {
        &self.cipher
    }

    /// The MAC.
    pub const fn mac(&self) -> &M {
        &self.mac
    }

    /// Encrypts the text of `packet` in place and writes the ICV over all of it, and the octets `implied` after it.
    ///
    /// # Errors
    /// When the packet is not of this shape or `icv` not as long as the ICV; the packet is left as it came.
    #[inline]
    pub fn seal(
        &self,
        packet: &mut [u8],
        shape: Shape,
        implied: Option<[u8; 4]>,
        icv: &mut [u8],
    ) -> Result<(), ShapeError> {
        if icv.len() != self.mac.icv_len() {
            return Err(ShapeError::Icv { needed: self.mac.icv_len(), available: icv.len() });
        }
        let mut running = self.mac.start();
        self.cipher.encrypt(packet, shape, &mut running)?;
        running.finish_message(packet, implied, icv);
        Ok(())
    }

    /// Verifies the ICV over `packet` and the octets `implied` after it, and decrypts the text in place when it is good.
    ///
    /// # Errors
    /// When it is not, or the packet is not of this shape; the packet is left as it came.
    #[inline]
    pub fn open(
        &self,
        packet: &mut [u8],
        shape: Shape,
        implied: Option<[u8; 4]>,
        icv: &[u8],
    ) -> Result<(), NotAuthentic> {
        self.mac.verify(packet, implied, icv)?;
        self.cipher.decrypt(packet, shape).map_err(|_| NotAuthentic)
    }
}
