//! Decryption without a known authentication key: packets are decrypted, but nothing shows that they are authentic.

use core::fmt;

use crypto::Shape;
use crypto::cipher::{Aes128, Aes192, Aes256, Cbc, Cipher as _, Ctr, Des, Null, TripleDes};
use crypto::mac::Running;
use ipsec::esp::{Header, OpenError};
use ipsec::suite::{AesKey, Encryption};
use ipsec::{KeyError, LengthError, Secret};

/// A cipher with its key, for packets whose ICV cannot be verified. The crate `ipsec` deliberately offers no such
/// decryption.
///
/// It is made by [`Algorithms::esp_unverified`](crate::Algorithms::esp_unverified).
pub struct Unverified {
    encryption: Encryption,
    icv_len: usize,
    cipher: Cipher,
}

enum Cipher {
    Null(Null),
    Des(Cbc<Des>),
    TripleDes(Cbc<TripleDes>),
    Aes128(Cbc<Aes128>),
    Aes192(Cbc<Aes192>),
    Aes256(Cbc<Aes256>),
    Ctr128(Ctr<Aes128>),
    Ctr192(Ctr<Aes192>),
    Ctr256(Ctr<Aes256>),
}

macro_rules! with_cipher {
    ($cipher:expr, $name:ident => $result:expr) => {
        match $cipher {
            Cipher::Null($name) => $result,
            Cipher::Des($name) => $result,
            Cipher::TripleDes($name) => $result,
            Cipher::Aes128($name) => $result,
            Cipher::Aes192($name) => $result,
            Cipher::Aes256($name) => $result,
            Cipher::Ctr128($name) => $result,
            Cipher::Ctr192($name) => $result,
            Cipher::Ctr256($name) => $result,
        }
    };
}

/// The offsets of the parts of an ESP packet, counted in octets from its SPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnverifiedParts {
    /// The offset of the payload data, after the header and the initialization vector.
    pub text_offset: usize,
    /// The offset of the ICV.
    pub icv_offset: usize,
}

impl Unverified {
    pub(crate) fn new(
        encryption: Encryption,
        key: Secret<'_>,
        icv_len: usize,
    ) -> Result<Option<Self>, KeyError> {
        let (key_alone, nonce) = key.split_last(4);
        let cipher = match encryption {
            Encryption::Null => {
                let _: &[u8; 0] = key.array("NULL")?;
                Cipher::Null(Null)
            }
            Encryption::DesCbc => Cipher::Des(Cbc::new(key)?),
            Encryption::TripleDesCbc => Cipher::TripleDes(Cbc::new(key)?),
            Encryption::AesCbc(AesKey::Bits128) => Cipher::Aes128(Cbc::new(key)?),
            Encryption::AesCbc(AesKey::Bits192) => Cipher::Aes192(Cbc::new(key)?),
            Encryption::AesCbc(AesKey::Bits256) => Cipher::Aes256(Cbc::new(key)?),
            Encryption::AesCtr(AesKey::Bits128) => Cipher::Ctr128(Ctr::new(key_alone, nonce)?),
            Encryption::AesCtr(AesKey::Bits192) => Cipher::Ctr192(Ctr::new(key_alone, nonce)?),
            Encryption::AesCtr(AesKey::Bits256) => Cipher::Ctr256(Ctr::new(key_alone, nonce)?),
            _ => return Ok(None),
        };
        Ok(Some(Self { encryption, icv_len, cipher }))
    }

    /// The encryption algorithm.
    #[must_use]
    pub const fn encryption(&self) -> Encryption {
        self.encryption
    }

    /// The length of the initialization vector in octets.
    #[must_use]
    pub const fn iv_len(&self) -> usize {
        self.encryption.iv_len()
    }

    /// The length of the ICV in octets.
    #[must_use]
    pub const fn icv_len(&self) -> usize {
        self.icv_len
    }

    /// Decrypts an ESP packet in place. The slice reaches from the SPI to the end of the ICV.
    ///
    /// # Errors
    /// Returns `ipsec::esp::OpenError::Length` when the packet is too short, and `OpenError::Blocks` when the ciphertext is
    /// not a multiple of the cipher's block length.
    pub fn decrypt(&self, packet: &mut [u8]) -> Result<UnverifiedParts, OpenError> {
        let parts = self.parts(packet.len())?;
        let octets = packet.get_mut(..parts.icv_offset).unwrap_or_default();
        let result = with_cipher!(&self.cipher, cipher => cipher.decrypt(octets, shape(parts)));
        result.map(|()| parts).map_err(|_| self.blocks(parts))
    }

    /// Encrypts a packet in place, and so reverses [`decrypt`](Self::decrypt). The ICV is left as it is.
    ///
    /// # Errors
    /// Returns the same errors as [`decrypt`](Self::decrypt).
    pub fn encrypt(&self, packet: &mut [u8]) -> Result<UnverifiedParts, OpenError> {
        let parts = self.parts(packet.len())?;
        let octets = packet.get_mut(..parts.icv_offset).unwrap_or_default();
        let result =
            with_cipher!(&self.cipher, cipher => cipher.encrypt(octets, shape(parts), &mut Unheard(0)));
        result.map(|()| parts).map_err(|_| self.blocks(parts))
    }

    /// Finds the parts of a packet of this length.
    fn parts(&self, len: usize) -> Result<UnverifiedParts, OpenError> {
        let text_offset = Header::LEN.saturating_add(self.encryption.iv_len());
        let least = self.encryption.block_len().max(2);
        let needed = text_offset.saturating_add(least).saturating_add(self.icv_len);
        let error =
            LengthError::Ends { within: "frame", element: "ESP packet", offset: 0, needed, available: len };
        let icv_offset = len.checked_sub(self.icv_len).filter(|_| len >= needed).ok_or(error)?;
        let parts = UnverifiedParts { text_offset, icv_offset };
        let text_len = icv_offset.saturating_sub(text_offset);
        if text_len.checked_rem(self.encryption.block_len()) == Some(0) {
            Ok(parts)
        } else {
            Err(self.blocks(parts))
        }
    }

    fn blocks(&self, parts: UnverifiedParts) -> OpenError {
        let len = parts.icv_offset.saturating_sub(parts.text_offset);
        OpenError::Blocks { len, block_len: self.encryption.block_len() }
    }
}

const fn shape(parts: UnverifiedParts) -> Shape {
    Shape { iv_offset: Header::LEN, text_offset: parts.text_offset }
}

impl fmt::Debug for Unverified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Unverified({}, {} octets of ICV)", self.encryption, self.icv_len)
    }
}

/// Ignores the ciphertext that a cipher reports, because there is no key to authenticate it with.
struct Unheard(usize);

impl Running for Unheard {
    fn chunk_len(&self) -> usize {
        64
    }

    fn absorbed(&self) -> usize {
        self.0
    }

    fn absorb(&mut self, chunks: &[u8]) {
        self.0 = self.0.saturating_add(chunks.len());
    }

    fn finish(self, _: &[u8], _: Option<[u8; 4]>, _: &mut [u8]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cipher_goes_both_ways_and_combined_modes_are_none() {
        let mut count = 0;
        for encryption in Encryption::all() {
            let key: Vec<u8> = (1..).take(encryption.key_len()).collect();
            let Some(unverified) = Unverified::new(encryption, Secret::new(&key), 12).unwrap() else {
                assert!(encryption.icv_len().is_some(), "{encryption}");
                continue;
            };
            let text_offset = 8 + encryption.iv_len();
            let len = text_offset + 32 + 12;
            let packet: Vec<u8> = (0..len).map(|n| u8::try_from(n * 7 % 251).unwrap()).collect();
            let mut octets = packet.clone();
            let parts = unverified.decrypt(&mut octets).unwrap();
            assert_eq!(parts, UnverifiedParts { text_offset, icv_offset: len - 12 });
            assert_eq!(octets == packet, encryption == Encryption::Null);
            assert_eq!(octets[len - 12..], packet[len - 12..]);
            assert_eq!(unverified.encrypt(&mut octets), Ok(parts));
            assert_eq!(octets, packet, "{encryption}");
            let least = text_offset + encryption.block_len().max(2) + 12;
            let error = unverified.decrypt(&mut packet[..least - 1].to_vec());
            assert!(
                matches!(error, Err(OpenError::Length(LengthError::Ends { needed, .. })) if needed == least),
                "{error:?}"
            );
            let longer = [&packet[..], &[0; 3]].concat();
            let error = unverified.decrypt(&mut longer.clone());
            assert_eq!(error.is_err(), encryption.block_len() > 1, "{encryption}");
            count += 1;
        }
        assert_eq!(count, 9);
    }

    #[test]
    fn debug_names_the_algorithm_alone() {
        let unverified =
            Unverified::new(Encryption::DesCbc, Secret::new(b"\x01secret!"), 12).unwrap().unwrap();
        assert_eq!(format!("{unverified:?}"), "Unverified(DES-CBC, 12 octets of ICV)");
    }
}
