use crate::cipher::Cipher;
use crate::mac::{Mac, Running as _};
use crate::{NotAuthentic, Shape, ShapeError};

/// A cipher and a MAC. It encrypts a packet and then authenticates all octets up to the end of the text, as ESP does
/// (RFC 4303 section 3.3.2.1).
///
/// Sealing does both in one pass: while the cipher chains its blocks, the hash absorbs what is final. Opening does
/// not: the whole packet is verified before one octet is decrypted.
#[derive(Debug)]
pub struct EncryptThenMac<E, M> {
    cipher: E,
    mac: M,
}

impl<E: Cipher, M: Mac> EncryptThenMac<E, M> {
    /// Joins `cipher` and `mac`. Each has its own key.
    pub const fn new(cipher: E, mac: M) -> Self {
        Self { cipher, mac }
    }

    /// Returns the cipher.
    pub const fn cipher(&self) -> &E {
        &self.cipher
    }

    /// Returns the MAC.
    pub const fn mac(&self) -> &M {
        &self.mac
    }

    /// Encrypts the text of `packet` in place. Writes the ICV over the whole packet and the octets `implied` after
    /// it.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the packet does not have this shape, or when `icv` does not have the length of
    /// the ICV; the packet is then unchanged.
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

    /// Verifies the ICV over `packet` and the octets `implied` after it. Decrypts the text in place when the ICV is
    /// right.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the ICV is wrong, or when the packet does not have this shape; the packet is
    /// then unchanged.
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
