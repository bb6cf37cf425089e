//! What a suite does to a packet, and the shape of the packet it does it to.

mod combined;

pub use combined::{AesCcm, AesGcm, AesGmac, IcvLen};
pub use crypto::{EncryptThenMac, IvRule, NotAuthentic};

use core::fmt;

use crypto::{Cipher, Mac, Shape};

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
    /// `sequence_high` is the half of an extended sequence number that is authenticated without being sent. Nothing is
    /// returned when the offsets are not in order or beyond the end.
    #[must_use]
    pub fn new(
        octets: &'a mut [u8],
        iv_offset: usize,
        text_offset: usize,
        sequence_high: Option<u32>,
    ) -> Option<Self> {
        if iv_offset <= text_offset && text_offset <= octets.len() {
            Some(Self { octets, iv_offset, text_offset, sequence_high })
        } else {
            None
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
        self.octets.get(..self.iv_offset).unwrap_or_default()
    }

    /// The initialization vector.
    #[must_use]
    pub fn iv(&self) -> &[u8] {
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

    /// What a transform does with a packet that is not of its shape, so that nothing leaves in clear. No SA makes one.
    #[cold]
    fn wipe(&mut self, icv: &mut [u8]) {
        clear(self.split().1);
        clear(icv);
    }
}

#[inline(never)]
fn clear(octets: &mut [u8]) {
    octets.fill(0);
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
pub trait Transform {
    /// Octets of the initialization vector.
    fn iv_len(&self) -> usize;

    /// What the length of the text has to be a multiple of.
    fn block_len(&self) -> usize;

    /// Octets of the ICV.
    fn icv_len(&self) -> usize;

    /// What the initialization vector has to be.
    fn iv_rule(&self) -> IvRule;

    /// Encrypts the text in place and writes the ICV.
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]);

    /// Verifies the ICV, and decrypts the text in place when it is good.
    ///
    /// # Errors
    /// When it is not; the packet is left as it came.
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic>;
}

impl<T: Transform> Transform for &T {
    fn iv_len(&self) -> usize {
        T::iv_len(self)
    }

    fn block_len(&self) -> usize {
        T::block_len(self)
    }

    fn icv_len(&self) -> usize {
        T::icv_len(self)
    }

    fn iv_rule(&self) -> IvRule {
        T::iv_rule(self)
    }

    #[inline]
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) {
        T::seal(self, protected, icv);
    }

    #[inline]
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        T::open(self, protected, icv)
    }
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
    fn seal(&self, mut protected: Protected<'_>, icv: &mut [u8]) {
        let (shape, implied) = (protected.shape(), protected.sequence_high.map(u32::to_be_bytes));
        if Self::seal(self, protected.octets, shape, implied, icv).is_err() {
            protected.wipe(icv);
        }
    }

    #[inline]
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let (shape, implied) = (protected.shape(), protected.sequence_high.map(u32::to_be_bytes));
        Self::open(self, protected.octets, shape, implied, icv)
    }
}
