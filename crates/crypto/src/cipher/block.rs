use core::fmt;

use ::cipher::KeyInit as _;
use ::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _};
use subtle::{Choice, ConstantTimeEq as _};

use super::cbc::{Chain, Chained, Unchained};
use super::keystream::Keystream;
use crate::aead::CcmPass;
use crate::mac::{CbcMac, Running};
use crate::{KeyError, Secret, Shape};

mod sealed {
    use super::{CcmPass, Running, Shape};

    /// The operations that the modes need from a block cipher. Only the ciphers of this file implement it. They use
    /// RustCrypto's ciphers, which the interface does not show.
    pub trait Blocks {
        /// Encrypts a text of whole blocks in place, one block after another, with an initialization vector of one
        /// block.
        fn chain(&self, iv: &[u8], text: &mut [u8]);

        /// Reverses [`chain`](Self::chain), with as many blocks at once as the cipher can process.
        fn unchain(&self, iv: &[u8], text: &mut [u8]);

        /// Encrypts like [`chain`](Self::chain), in a packet of this shape, and lets `running` absorb what is final.
        fn chain_and_absorb(&self, packet: &mut [u8], shape: Shape, running: &mut impl Running);
    }

    /// The further operations that the modes of AES need.
    pub trait Blocks16 {
        /// Encrypts one block in place.
        fn encrypt_block(&self, block: &mut [u8; 16]);

        /// Adds the keystream of counter mode to `text`. Block number `first` is for its first sixteen octets. A
        /// `mask` is one more block to encrypt.
        ///
        /// A counter block is `prefix` and a block number of 32 bits, which wraps. CTR, GCM and CCM all count like
        /// this in IPsec.
        fn add_keystream(&self, prefix: [u8; 12], first: u32, text: &mut [u8], mask: Option<&mut [u8; 16]>);

        /// Makes one pass of CCM.
        fn pass(&self, pass: CcmPass<'_>);

        /// Chains whole blocks into the state of a CBC-MAC.
        fn chain_into(&self, state: &mut [u8; 16], blocks: &[[u8; 16]]);
    }
}

pub(crate) use sealed::{Blocks, Blocks16};

/// A block cipher with its key schedule, which is wiped when it is dropped.
///
/// The trait is closed: only the ciphers of this crate implement it.
pub trait BlockCipher: Blocks + Sized {
    /// The name of the cipher.
    const NAME: &'static str;
    /// The length of a key in octets.
    const KEY_LEN: usize;
    /// The length of a block in octets.
    const BLOCK_LEN: usize;

    /// Makes a cipher from its key.
    ///
    /// # Errors
    /// Returns a [`KeyError`] when the key does not have the length [`KEY_LEN`](Self::KEY_LEN), or when it is a weak
    /// key.
    fn new(key: Secret<'_>) -> Result<Self, KeyError>;
}

/// AES with any key length. The trait is closed: only the ciphers of this crate implement it.
pub trait AesCipher: BlockCipher + Blocks16 {}

macro_rules! block_cipher {
    ($(#[$meta:meta])* $name:ident, $label:literal, $raw:ty, $key_len:literal, $block_len:literal, $check:expr) => {
        $(#[$meta])*
        pub struct $name($raw);

        impl Blocks for $name {
            #[inline]
            fn chain(&self, iv: &[u8], text: &mut [u8]) {
                self.0.encrypt_with_backend(Chain::new(iv, text));
            }

            #[inline]
            fn unchain(&self, iv: &[u8], text: &mut [u8]) {
                self.0.decrypt_with_backend(Unchained::new(iv, text));
            }

            #[inline]
            fn chain_and_absorb(&self, packet: &mut [u8], shape: Shape, running: &mut impl Running) {
                self.0.encrypt_with_backend(Chained::new(packet, shape, running));
            }
        }

        impl BlockCipher for $name {
            const NAME: &'static str = $label;
            const KEY_LEN: usize = $key_len;
            const BLOCK_LEN: usize = $block_len;

            fn new(key: Secret<'_>) -> Result<Self, KeyError> {
                let key: &[u8; $key_len] = key.array($label)?;
                let check: fn(&[u8; $key_len]) -> Result<(), KeyError> = $check;
                check(key)?;
                Ok(Self(<$raw>::new(key.into())))
            }
        }

        impl zeroize::ZeroizeOnDrop for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

block_cipher!(
    /// AES with a key of 128 bits, FIPS 197.
    Aes128, "AES-128", aes::Aes128, 16, 16, |_| Ok(())
);
block_cipher!(
    /// AES with a key of 192 bits, FIPS 197.
    Aes192, "AES-192", aes::Aes192, 24, 16, |_| Ok(())
);
block_cipher!(
    /// AES with a key of 256 bits, FIPS 197.
    Aes256, "AES-256", aes::Aes256, 32, 16, |_| Ok(())
);
block_cipher!(
    /// DES, FIPS 46-3, for networks that still run it. Weak and semi-weak keys are refused, whatever their parity
    /// bits.
    Des, "DES", des::Des, 8, 8, refuse_weak
);
block_cipher!(
    /// 3DES with three keys, FIPS 46-3 and RFC 2451.
    ///
    /// A key is refused when its first two or last two parts are equal without their parity bits, because that is
    /// single DES (RFC 2451 section 2.3). The first and the third part may be equal, which is 3DES with two keys. A
    /// part may be a weak DES key, which RFC 2451 does not reject.
    TripleDes, "3DES", des::TdesEde3, 24, 8, refuse_degenerate
);

macro_rules! aes_cipher {
    ($($name:ident),*) => {
        $(
            impl Blocks16 for $name {
                #[inline]
                fn encrypt_block(&self, block: &mut [u8; 16]) {
                    self.0.encrypt_block(block.into());
                }

                #[inline]
                fn add_keystream(
                    &self,
                    prefix: [u8; 12],
                    first: u32,
                    text: &mut [u8],
                    mask: Option<&mut [u8; 16]>,
                ) {
                    self.0.encrypt_with_backend(Keystream::new(prefix, first, text, mask));
                }

                #[inline]
                fn pass(&self, pass: CcmPass<'_>) {
                    self.0.encrypt_with_backend(pass);
                }

                #[inline]
                fn chain_into(&self, state: &mut [u8; 16], blocks: &[[u8; 16]]) {
                    self.0.encrypt_with_backend(CbcMac { state, blocks });
                }
            }

            impl AesCipher for $name {}
        )*
    };
}

aes_cipher!(Aes128, Aes192, Aes256);

/// The bits of a DES key that are not parity bits.
const KEY_BITS: u64 = 0xfefe_fefe_fefe_fefe;

/// FIPS 74: the four keys that undo their own encryption.
const WEAK: [u64; 4] =
    [0x0101_0101_0101_0101, 0x1f1f_1f1f_0e0e_0e0e, 0xe0e0_e0e0_f1f1_f1f1, 0xfefe_fefe_fefe_fefe];

/// FIPS 74: the six pairs of keys that undo each other's encryption.
const SEMI_WEAK: [u64; 12] = [
    0x01fe_01fe_01fe_01fe,
    0xfe01_fe01_fe01_fe01,
    0x1fe0_1fe0_0ef1_0ef1,
    0xe01f_e01f_f10e_f10e,
    0x01e0_01e0_01f1_01f1,
    0xe001_e001_f101_f101,
    0x1ffe_1ffe_0efe_0efe,
    0xfe1f_fe1f_fe0e_fe0e,
    0x011f_011f_010e_010e,
    0x1f01_1f01_0e01_0e01,
    0xe0fe_e0fe_f1fe_f1fe,
    0xfee0_fee0_fef1_fef1,
];

/// Tells whether `key` is one of `others` without its parity bits. It compares with all of them, so that the time
/// does not depend on the key.
fn is_any_of(key: u64, others: &[u64]) -> Choice {
    let mut found = Choice::from(0);
    for other in others {
        found |= (key & KEY_BITS).ct_eq(&(other & KEY_BITS));
    }
    found
}

fn refuse_weak(key: &[u8; 8]) -> Result<(), KeyError> {
    let key = u64::from_be_bytes(*key);
    let (weak, semi_weak) = (is_any_of(key, &WEAK), is_any_of(key, &SEMI_WEAK));
    if weak.into() {
        Err(KeyError::WeakDes)
    } else if semi_weak.into() {
        Err(KeyError::SemiWeakDes)
    } else {
        Ok(())
    }
}

fn refuse_degenerate(key: &[u8; 24]) -> Result<(), KeyError> {
    let mut keys = [0u64; 3];
    for (key, octets) in keys.iter_mut().zip(key.as_chunks().0) {
        *key = u64::from_be_bytes(*octets);
    }
    let [k1, k2, k3] = keys;
    if (is_any_of(k1, &[k2]) | is_any_of(k2, &[k3])).into() {
        Err(KeyError::DegenerateTripleDes)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
