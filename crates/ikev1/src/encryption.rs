//! Encryption and decryption of message bodies in place, RFC 2409 appendix B.

use core::fmt;

use crypto::cipher::{Aes128, Aes192, Aes256, BlockCipher, Cbc, Des, TripleDes};
use crypto::{KeyError, Secret, ShapeError};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{Cipher, Iv, Skeyid};

/// The length of the longest key in octets.
const MAX_KEY_LEN: usize = 32;

enum Keyed {
    Des(Cbc<Des>),
    TripleDes(Cbc<TripleDes>),
    Aes128(Cbc<Aes128>),
    Aes192(Cbc<Aes192>),
    Aes256(Cbc<Aes256>),
}

/// The key that encrypts the messages of an ISAKMP SA. It is `SKEYID_e`, cut or expanded to the length that the
/// cipher needs.
///
/// `Debug` shows only the cipher. The octets and the key schedule are wiped when it is dropped.
pub struct EncryptionKey {
    cipher: Cipher,
    // The type wipes them: no code of ours that could be forgotten.
    octets: Zeroizing<[u8; MAX_KEY_LEN]>,
    keyed: Keyed,
}

impl EncryptionKey {
    /// Derives the key from `SKEYID_e` (RFC 2409 appendix B). It is the first octets of `SKEYID_e` when that is long
    /// enough. Otherwise it is K1 | K2 …, where K1 = prf(`SKEYID_e`, 0) and Kn = prf(`SKEYID_e`, Kn-1).
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the result is a weak or semi-weak DES key, or a 3DES key that amounts to a DES
    /// key. RFC 2409 demands 8 octets that are not such a key, but does not say how to find them. Reject the SA then.
    pub fn derive(cipher: Cipher, skeyid_e: &Skeyid) -> Result<Self, KeyError> {
        let mut octets = Zeroizing::new([0; MAX_KEY_LEN]);
        match octets.get_mut(..cipher.key_len()) {
            Some(key) => {
                match skeyid_e.secret().expose().get(..key.len()) {
                    Some(first) => wire::copy(key, first).map_err(|_| too_long(cipher))?,
                    None => skeyid_e.prf().expand(key),
                }
                Self::from_octets(cipher, Secret::new(key))
            }
            None => Err(too_long(cipher)),
        }
    }

    /// Makes the key from octets that are known already, for example from a key log or a standby's record.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the octets do not have the length of the cipher's keys, or are a weak key.
    pub fn from_octets(cipher: Cipher, key: Secret<'_>) -> Result<Self, KeyError> {
        let keyed = match cipher {
            Cipher::Des => Keyed::Des(Cbc::new(key)?),
            Cipher::TripleDes => Keyed::TripleDes(Cbc::new(key)?),
            Cipher::Aes128 => Keyed::Aes128(Cbc::new(key)?),
            Cipher::Aes192 => Keyed::Aes192(Cbc::new(key)?),
            Cipher::Aes256 => Keyed::Aes256(Cbc::new(key)?),
        };
        let mut octets = Zeroizing::new([0; MAX_KEY_LEN]);
        let place = octets.get_mut(..key.len()).ok_or(too_long(cipher))?;
        wire::copy(place, key.expose()).map_err(|_| too_long(cipher))?;
        Ok(Self { cipher, octets, keyed })
    }

    /// Returns the cipher.
    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.cipher
    }

    /// Returns the octets as a secret.
    #[must_use]
    pub fn secret(&self) -> Secret<'_> {
        // default: never taken, because no cipher has a longer key; no cipher takes an empty key
        Secret::new(self.octets.get(..self.cipher.key_len()).unwrap_or_default())
    }

    /// Returns the length in octets of a body of `len` octets with its padding, which is the next multiple of the
    /// block length. The padding is zeros. Its length is sent nowhere: the receiver ignores what follows the last
    /// payload.
    #[must_use]
    pub const fn padded_len(&self, len: usize) -> usize {
        let block_len = self.cipher.block_len();
        // The block length is a power of two.
        len.saturating_add(block_len.saturating_sub(1)) & !block_len.saturating_sub(1)
    }

    /// Encrypts a body in place, and returns the vector of the next message. The body is everything after the header
    /// of the message.
    ///
    /// # Errors
    /// Returns a [`BodyError`] when the body is empty or is not whole blocks, or when `iv` belongs to another cipher;
    /// the body is then unchanged.
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

    /// Decrypts a body in place, and returns the vector of the next message. Nothing here tells whether the key was
    /// right: only payloads that make sense and their HASH do.
    ///
    /// # Errors
    /// Returns a [`BodyError`] when the body is empty or is not whole blocks, or when `iv` belongs to another cipher;
    /// the body is then unchanged.
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

/// Returns the error for a key that has no room. No cipher has such keys.
const fn too_long(cipher: Cipher) -> KeyError {
    KeyError::Length { algorithm: "IKE", needed: cipher.key_len(), available: MAX_KEY_LEN }
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

/// The reason why a body cannot be encrypted or decrypted. The body is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BodyError {
    /// The body has no octets.
    #[error("the encrypted message has no body, but it must have at least one block")]
    Empty,
    /// The body is not whole blocks (RFC 2409 appendix B).
    #[error("the body has {len} octets, which is not a multiple of the block length of {block_len} octets")]
    Blocks {
        /// The length of the body in octets.
        len: usize,
        /// The block length in octets.
        block_len: usize,
    },
    /// The initialization vector belongs to another cipher.
    #[error("the initialization vector has {available} octets, but the cipher needs {needed}")]
    Iv {
        /// The block length in octets.
        needed: usize,
        /// The length of the vector in octets.
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

/// The lengths of a cipher are the same here and in `crypto`.
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
