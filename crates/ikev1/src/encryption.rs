//! Message bodies encrypted and decrypted in place, RFC 2409 appendix B.

use core::fmt;

use crypto::cipher::{Aes128, Aes192, Aes256, BlockCipher, Cbc, Des, TripleDes};
use crypto::{KeyError, Secret, ShapeError};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use crate::{Cipher, Iv, Skeyid};

/// The longest key.
const MAX_KEY_LEN: usize = 32;

enum Keyed {
    Des(Cbc<Des>),
    TripleDes(Cbc<TripleDes>),
    Aes128(Cbc<Aes128>),
    Aes192(Cbc<Aes192>),
    Aes256(Cbc<Aes256>),
}

/// The key that messages of an ISAKMP SA are encrypted with: `SKEYID_e`, cut or expanded to what its cipher takes.
///
/// `Debug` shows the cipher; octets and key schedule are wiped when it is dropped.
pub struct EncryptionKey {
    cipher: Cipher,
    octets: [u8; MAX_KEY_LEN],
    keyed: Keyed,
}

impl EncryptionKey {
    /// The key from `SKEYID_e`: its first octets where it is long enough, else K1 | K2 …, K1 = prf(`SKEYID_e`, 0) and Kn =
    /// prf(`SKEYID_e`, Kn-1) (RFC 2409 appendix B).
    ///
    /// # Errors
    /// When it is a weak or semi-weak DES key, or a 3DES key that is a DES key: RFC 2409 wants 8 octets that are neither and
    /// has no rule for finding them, so that the SA is to be rejected.
    pub fn derive(cipher: Cipher, skeyid_e: &Skeyid) -> Result<Self, KeyError> {
        let mut octets = [0; MAX_KEY_LEN];
        let result = match octets.get_mut(..cipher.key_len()) {
            Some(key) => {
                match skeyid_e.secret().expose().get(..key.len()) {
                    Some(first) => wire::copy(key, first).map_err(|_| too_long(cipher))?,
                    None => skeyid_e.prf().expand(key),
                }
                Self::from_octets(cipher, Secret::new(key))
            }
            None => Err(too_long(cipher)),
        };
        octets.zeroize();
        result
    }

    /// A key that is known already: from a key log, from a standby's record.
    ///
    /// # Errors
    /// When it has another length than the cipher's keys, or must not be used.
    pub fn from_octets(cipher: Cipher, key: Secret<'_>) -> Result<Self, KeyError> {
        let keyed = match cipher {
            Cipher::Des => Keyed::Des(Cbc::new(key)?),
            Cipher::TripleDes => Keyed::TripleDes(Cbc::new(key)?),
            Cipher::Aes128 => Keyed::Aes128(Cbc::new(key)?),
            Cipher::Aes192 => Keyed::Aes192(Cbc::new(key)?),
            Cipher::Aes256 => Keyed::Aes256(Cbc::new(key)?),
        };
        let mut octets = [0; MAX_KEY_LEN];
        let place = octets.get_mut(..key.len()).ok_or(too_long(cipher))?;
        wire::copy(place, key.expose()).map_err(|_| too_long(cipher))?;
        Ok(Self { cipher, octets, keyed })
    }

    /// The cipher.
    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// The octets as a secret.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        // default: never taken, no cipher has a longer key than the longest; no cipher takes an empty key
        Secret::new(self.octets.get(..self.cipher.key_len()).unwrap_or_default())
    }

    /// Octets of a body of `len` octets with its padding: the next multiple of the block. What is padded is zeros, and its
    /// number stands nowhere: who receives it ignores what follows the last payload.
    #[must_use]
    pub const fn padded_len(&self, len: usize) -> usize {
        let block_len = self.cipher.block_len();
        // A power of two.
        len.saturating_add(block_len.saturating_sub(1)) & !block_len.saturating_sub(1)
    }

    /// Encrypts a body in place, all that follows the header of the message, and returns the vector of the next message.
    ///
    /// # Errors
    /// When it is empty, not padded to whole blocks, or `iv` is of another cipher; it is left as it came.
    pub fn encrypt(&self, iv: &Iv, body: &mut [u8]) -> Result<Iv, BodyError> {
        self.check(iv, body)?;
        match &self.keyed {
            Keyed::Des(cbc) => cbc.encrypt_text(iv.octets(), body),
            Keyed::TripleDes(cbc) => cbc.encrypt_text(iv.octets(), body),
            Keyed::Aes128(cbc) => cbc.encrypt_text(iv.octets(), body),
            Keyed::Aes192(cbc) => cbc.encrypt_text(iv.octets(), body),
            Keyed::Aes256(cbc) => cbc.encrypt_text(iv.octets(), body),
        }
        .map_err(|error| BodyError::of(error, self.cipher))?;
        Ok(iv.next(body))
    }

    /// Decrypts a body in place and returns the vector of the next message. Nothing tells whether the key was right but
    /// payloads that make sense, and their HASH.
    ///
    /// # Errors
    /// When it is empty, not whole blocks, or `iv` is of another cipher; it is left as it came.
    pub fn decrypt(&self, iv: &Iv, body: &mut [u8]) -> Result<Iv, BodyError> {
        self.check(iv, body)?;
        let next = iv.next(body);
        match &self.keyed {
            Keyed::Des(cbc) => cbc.decrypt_text(iv.octets(), body),
            Keyed::TripleDes(cbc) => cbc.decrypt_text(iv.octets(), body),
            Keyed::Aes128(cbc) => cbc.decrypt_text(iv.octets(), body),
            Keyed::Aes192(cbc) => cbc.decrypt_text(iv.octets(), body),
            Keyed::Aes256(cbc) => cbc.decrypt_text(iv.octets(), body),
        }
        .map_err(|error| BodyError::of(error, self.cipher))?;
        Ok(next)
    }

    fn check(&self, iv: &Iv, body: &[u8]) -> Result<(), BodyError> {
        let block_len = self.cipher.block_len();
        if iv.octets().len() != block_len {
            return Err(BodyError::Iv { needed: block_len, available: iv.octets().len() });
        }
        match body.len() {
            0 => Err(BodyError::Empty),
            len if self.padded_len(len) != len => Err(BodyError::Blocks { len, block_len }),
            _ => Ok(()),
        }
    }
}

/// The error of a key for which there is no room: no cipher has such keys.
const fn too_long(cipher: Cipher) -> KeyError {
    KeyError::Length { algorithm: "IKE", needed: cipher.key_len(), available: MAX_KEY_LEN }
}

impl Drop for EncryptionKey {
    fn drop(&mut self) {
        self.octets.zeroize();
    }
}

impl ZeroizeOnDrop for EncryptionKey {}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "EncryptionKey({:?}, ..)", self.cipher)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for EncryptionKey {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "EncryptionKey({}, ..)", self.cipher);
    }
}

/// A body that cannot be encrypted or decrypted; it was left as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BodyError {
    /// There are no octets.
    #[error("an encrypted message without a body")]
    Empty,
    /// The octets do not fill the last block (RFC 2409 appendix B).
    #[error("a body of {len} octets does not fill blocks of {block_len}")]
    Blocks {
        /// Octets there are.
        len: usize,
        /// Octets of a block.
        block_len: usize,
    },
    /// The initialization vector is of another cipher.
    #[error("an initialization vector of {needed} octets, not {available}")]
    Iv {
        /// Octets of a block.
        needed: usize,
        /// Octets there are.
        available: usize,
    },
}

impl BodyError {
    fn of(error: ShapeError, cipher: Cipher) -> Self {
        match error {
            ShapeError::Iv { needed, available } => Self::Iv { needed, available },
            ShapeError::Text { len, .. } => Self::Blocks { len, block_len: cipher.block_len() },
            _ => Self::Empty,
        }
    }
}

/// What a cipher of this crate says of itself is what it says of itself in `crypto`.
const _: () = {
    assert!(Cipher::Des.key_len() == Des::KEY_LEN && Cipher::Des.block_len() == Des::BLOCK_LEN);
    assert!(
        Cipher::TripleDes.key_len() == TripleDes::KEY_LEN
            && Cipher::TripleDes.block_len() == TripleDes::BLOCK_LEN
    );
    assert!(Cipher::Aes128.key_len() == Aes128::KEY_LEN && Cipher::Aes128.block_len() == Aes128::BLOCK_LEN);
    assert!(Cipher::Aes192.key_len() == Aes192::KEY_LEN && Cipher::Aes192.block_len() == Aes192::BLOCK_LEN);
    assert!(Cipher::Aes256.key_len() == Aes256::KEY_LEN && Cipher::Aes256.block_len() == Aes256::BLOCK_LEN);
};

#[cfg(test)]
mod tests;
