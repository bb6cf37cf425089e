use super::{AesCipher, Cipher};
use crate::mac::Running;
use crate::shape::{check_text, iv_of, split_text};
use crate::{IvRule, KeyError, Salt, Secret, Shape, ShapeError};

/// AES in counter mode, RFC 3686. A counter block is the nonce, the initialization vector, and a block count that
/// begins at 1.
///
/// Never seal two packets with the same key and initialization vector: that reveals both. The nonce comes with the
/// key.
#[derive(Debug)]
pub struct Ctr<C> {
    cipher: C,
    nonce: Salt<4>,
}

impl<C: AesCipher> Ctr<C> {
    /// Makes the cipher from its key and the nonce of four octets, RFC 3686 section 5.1.
    ///
    /// # Errors
    /// Returns [`KeyError::Length`] when the key or the nonce does not have its length.
    pub fn new(key: Secret<'_>, nonce: Secret<'_>) -> Result<Self, KeyError> {
        Ok(Self { cipher: C::new(key)?, nonce: Salt::new(nonce, "AES-CTR nonce")? })
    }

    fn apply(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError> {
        check_text(packet.len(), shape, 1)?;
        let [i0, i1, i2, i3, i4, i5, i6, i7] = iv_of(packet, shape)?;
        let [n0, n1, n2, n3] = self.nonce.expose();
        let (_, text) = split_text(packet, shape)?;
        let prefix = [n0, n1, n2, n3, i0, i1, i2, i3, i4, i5, i6, i7];
        self.cipher.add_keystream(prefix, 1, text, None);
        Ok(())
    }
}

impl<C: AesCipher> Cipher for Ctr<C> {
    fn iv_len(&self) -> usize {
        8
    }

    fn block_len(&self) -> usize {
        1
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::NeverRepeated
    }

    fn encrypt(&self, packet: &mut [u8], shape: Shape, _: &mut impl Running) -> Result<(), ShapeError> {
        self.apply(packet, shape)
    }

    fn decrypt(&self, packet: &mut [u8], shape: Shape) -> Result<(), ShapeError> {
        self.apply(packet, shape)
    }
}
