//! A transform encrypts and authenticates packets with the keys of one SA. [`Protected`] is a packet as a transform
//! works on it.

mod combined;

pub use combined::{AesCcm, AesGcm, AesGmac, ChaCha20Poly1305};
pub use crypto::EncryptThenMac;

use core::fmt;

use crypto::cipher::Cipher;
use crypto::mac::Mac;
use crypto::{IvRule, NotAuthentic, Shape, ShapeError};

/// The least length of an ICV in octets: the 64 bits that RFC 4106 and RFC 4309 allow.
///
/// An SA of ESP or AH neither seals nor opens packets with a shorter ICV, because nothing may be encrypted without
/// authentication.
pub const MIN_ICV_LEN: usize = 8;

/// A packet in the caller's buffer, as a transform works on it. It has everything that the ICV covers, in that order,
/// without the ICV.
///
/// In ESP that is SPI and sequence number, then the initialization vector, then the text with its trailer. Where
/// nothing is encrypted, as in AH, the text is empty.
pub struct Protected<'a> {
    octets: &'a mut [u8],
    iv_offset: usize,
    text_offset: usize,
    sequence_high: Option<u32>,
}

impl<'a> Protected<'a> {
    /// Makes the packet of `octets`. Its initialization vector stands from `iv_offset` to `text_offset`, and its text
    /// follows.
    ///
    /// `sequence_high` is the half of an extended sequence number that is authenticated without being sent.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the offsets are not in order, or lie beyond the end.
    pub fn new(
        octets: &'a mut [u8],
        iv_offset: usize,
        text_offset: usize,
        sequence_high: Option<u32>,
    ) -> Result<Self, ShapeError> {
        if iv_offset <= text_offset && text_offset <= octets.len() {
            Ok(Self { octets, iv_offset, text_offset, sequence_high })
        } else {
            Err(ShapeError::Offsets { iv_offset, text_offset, len: octets.len() })
        }
    }

    /// Returns all octets.
    #[must_use]
    pub const fn octets(&self) -> &[u8] {
        self.octets
    }

    /// Returns all octets, to be changed in place.
    #[must_use]
    pub const fn octets_mut(&mut self) -> &mut [u8] {
        self.octets
    }

    /// Returns the offset in octets of the initialization vector.
    #[must_use]
    pub const fn iv_offset(&self) -> usize {
        self.iv_offset
    }

    /// Returns the offset in octets of the text.
    #[must_use]
    pub const fn text_offset(&self) -> usize {
        self.text_offset
    }

    /// Returns the half of the sequence number that is authenticated without being sent. `None` when numbers are not
    /// extended.
    #[must_use]
    pub const fn sequence_high(&self) -> Option<u32> {
        self.sequence_high
    }

    /// Returns the octets before the initialization vector.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        // default: `new` has checked that the offsets are in order and within the octets.
        self.octets.get(..self.iv_offset).unwrap_or_default()
    }

    /// Returns the initialization vector.
    #[must_use]
    pub fn iv(&self) -> &[u8] {
        // default: `new` has checked that the offsets are in order and within the octets.
        self.octets.get(self.iv_offset..self.text_offset).unwrap_or_default()
    }

    /// Returns the octets before the text, and the text, which may be changed in place.
    #[must_use]
    pub fn split(&mut self) -> (&[u8], &mut [u8]) {
        match self.octets.split_at_mut_checked(self.text_offset) {
            Some((before, text)) => (before, text),
            None => (&[], &mut []),
        }
    }

    fn shape(&self) -> Shape {
        Shape { iv_offset: self.iv_offset, text_offset: self.text_offset }
    }
}

impl fmt::Debug for Protected<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Protected")
            .field("len", &self.octets.len())
            .field("iv_offset", &self.iv_offset)
            .field("text_offset", &self.text_offset)
            .field("sequence_high", &self.sequence_high)
            .finish()
    }
}

/// Encryption and authentication of packets with the keys of one SA.
///
/// An SA gives a transform packets of the shape that the transform asks for: an initialization vector of `iv_len`
/// octets, a text that fills blocks of `block_len`, an ICV of `icv_len`.
///
/// A transform belongs to one SA, which takes it by value. Two SAs that seal with one key would use the same nonces;
/// in a counter mode, that reveals both texts and lets an attacker forge packets. Therefore no transform of this
/// crate can be cloned, and a reference to a transform is not a transform. If you write your own, do not make it
/// `Clone` either.
///
/// A transform whose algorithms are known at compile time is made of the types of the crate `crypto`, which this crate re-exports:
///
/// ```
/// use vpnwire_ipsec::crypto::algorithm::IcvLen;
/// use vpnwire_ipsec::crypto::cipher::{Aes256, Cbc};
/// use vpnwire_ipsec::crypto::mac::{Hmac, HmacSha256_128};
/// use vpnwire_ipsec::transform::{AesCcm, EncryptThenMac, Transform};
/// use vpnwire_ipsec::{KeyError, Secret};
///
/// let ccm = AesCcm::<Aes256>::new(Secret::new(&[7; 35]), IcvLen::Octets8)?;
/// assert_eq!(ccm.icv_len(), 8);
/// let cipher = Cbc::<Aes256>::new(Secret::new(&[7; 32]))?;
/// let separate = EncryptThenMac::new(cipher, HmacSha256_128::new(Hmac::new(Secret::new(&[8; 32]))));
/// assert_eq!((separate.iv_len(), separate.icv_len()), (16, 16));
/// # Ok::<(), KeyError>(())
/// ```
///
/// Two SAs cannot share a transform:
///
/// ```compile_fail
/// use vpnwire_ipsec::esp::OutboundSa;
/// use vpnwire_ipsec::suite::Suite;
/// use vpnwire_ipsec::{Esn, Secret, Spi};
///
/// let transform = Suite::AES_128_GCM.transform(Secret::new(&[7; 20]), Secret::EMPTY).unwrap();
/// let one = OutboundSa::new(Spi(1000), &transform, Esn::No);
/// let other = OutboundSa::new(Spi(1001), &transform, Esn::No);
/// one.headroom() + other.headroom();
/// ```
pub trait Transform {
    /// Returns the length of the initialization vector in octets.
    fn iv_len(&self) -> usize;

    /// Returns the block length in octets. The length of the text must be a multiple of it.
    fn block_len(&self) -> usize;

    /// Returns the length of the ICV in octets, which is at least [`MIN_ICV_LEN`].
    fn icv_len(&self) -> usize;

    /// Returns the rule for the initialization vector.
    fn iv_rule(&self) -> IvRule;

    /// Encrypts the text in place and writes the ICV.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the packet does not have the shape that this transform asks for. Do not send the
    /// packet then, because it may still hold the plaintext. An SA fills it with zeros.
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError>;

    /// Verifies the ICV, and decrypts the text in place when the ICV is right.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when the ICV is wrong; the packet is then unchanged.
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic>;
}

impl<E: Cipher, M: Mac> Transform for EncryptThenMac<E, M> {
    #[inline]
    fn iv_len(&self) -> usize {
        self.cipher().iv_len()
    }

    #[inline]
    fn block_len(&self) -> usize {
        self.cipher().block_len()
    }

    #[inline]
    fn icv_len(&self) -> usize {
        self.mac().icv_len()
    }

    #[inline]
    fn iv_rule(&self) -> IvRule {
        self.cipher().iv_rule()
    }

    #[inline]
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        let (shape, implied) = (protected.shape(), protected.sequence_high.map(u32::to_be_bytes));
        Self::seal(self, protected.octets, shape, implied, icv)
    }

    #[inline]
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let (shape, implied) = (protected.shape(), protected.sequence_high.map(u32::to_be_bytes));
        Self::open(self, protected.octets, shape, implied, icv)
    }
}
