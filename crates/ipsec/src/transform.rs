//! What a suite does to a packet, and the shape of the packet it does it to.

mod combined;

pub use combined::{AesCcm, AesGcm, AesGmac};
pub use crypto::EncryptThenMac;

use core::fmt;

use crypto::cipher::Cipher;
use crypto::mac::Mac;
use crypto::{IvRule, NotAuthentic, Shape, ShapeError};

/// The fewest octets of an ICV: the 64 bits that RFC 4106 and RFC 4309 allow.
///
/// An SA of ESP or AH seals nothing with a shorter one and opens nothing: nothing is encrypted that is not authenticated.
pub const MIN_ICV_LEN: usize = 8;

/// A packet in place, as a transform works on it: everything the ICV covers, in the order it is covered in, without the ICV.
///
/// In ESP that is SPI and sequence number, then the initialization vector, then the text with its trailer. Where nothing is
/// encrypted, the text is empty: AH is such a packet.
pub struct Protected<'a> {
    octets: &'a mut [u8],
    iv_offset: usize,
    text_offset: usize,
    sequence_high: Option<u32>,
}

impl<'a> Protected<'a> {
    /// The packet `octets`, whose initialization vector stands from `iv_offset` to `text_offset` and whose text follows.
    ///
    /// `sequence_high` is the half of an extended sequence number that is authenticated without being sent.
    ///
    /// # Errors
    /// When the offsets are not in order, or beyond the end.
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

    /// All octets.
    #[must_use]
    pub const fn octets(&self) -> &[u8] {
        self.octets
    }

    /// All octets, to be changed in place.
    #[must_use]
    pub const fn octets_mut(&mut self) -> &mut [u8] {
        self.octets
    }

    /// Where the initialization vector begins, in octets.
    #[must_use]
    pub const fn iv_offset(&self) -> usize {
        self.iv_offset
    }

    /// Where the text begins, in octets.
    #[must_use]
    pub const fn text_offset(&self) -> usize {
        self.text_offset
    }

    /// The half of the sequence number that is authenticated without being sent.
    #[must_use]
    pub const fn sequence_high(&self) -> Option<u32> {
        self.sequence_high
    }

    /// The octets before the initialization vector.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        // default: `new` has seen to it that the offsets are in order, and within the octets.
        self.octets.get(..self.iv_offset).unwrap_or_default()
    }

    /// The initialization vector.
    #[must_use]
    pub fn iv(&self) -> &[u8] {
        // default: `new` has seen to it that the offsets are in order, and within the octets.
        self.octets.get(self.iv_offset..self.text_offset).unwrap_or_default()
    }

    /// What comes before the text, and the text, to be changed in place.
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

/// Encryption and authentication of packets under the keys of one SA.
///
/// An SA gives a transform packets of the shape it asks for: an initialization vector of `iv_len`, a text that fills blocks of
/// `block_len`, an ICV of `icv_len`.
///
/// A transform belongs to one SA, which takes it by value: two SAs that seal under one key use the same nonces, and a counter mode
/// then gives both texts away, and the key to forge with. So no transform of this crate can be cloned, and a reference to one is
/// no transform. Whoever brings a transform of their own does not make it `Clone` either.
///
/// A transform whose algorithms are known when the program is compiled is made of the types of [`crypto`]:
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
    /// Octets of the initialization vector.
    fn iv_len(&self) -> usize;

    /// What the length of the text has to be a multiple of.
    fn block_len(&self) -> usize;

    /// Octets of the ICV, [`MIN_ICV_LEN`] at least.
    fn icv_len(&self) -> usize;

    /// What the initialization vector has to be.
    fn iv_rule(&self) -> IvRule;

    /// Encrypts the text in place and writes the ICV.
    ///
    /// # Errors
    /// When the packet is not of this transform's shape. What is then in the packet may be anything, the plaintext too: nothing
    /// of it may be sent. An SA fills it with zeros.
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError>;

    /// Verifies the ICV, and decrypts the text in place when it is good.
    ///
    /// # Errors
    /// When it is not; the packet is left as it came.
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
