use core::fmt;

use crypto::aead::{self, Ccm, Gcm, GmacRunning};
use crypto::algorithm::IcvLen;
use crypto::cipher::AesCipher;
use crypto::{IvRule, KeyError, NotAuthentic, Salt, Secret, ShapeError};

use super::{Protected, Transform};

/// The associated data, which is authenticated and not encrypted: SPI and sequence number, and all 64 bits of an
/// extended number (RFC 4106 section 5, RFC 4309 section 5).
struct Associated {
    octets: [u8; 12],
    len: usize,
}

impl Associated {
    const HEADER_LEN: usize = 8;

    fn new(protected: &Protected<'_>) -> Result<Self, ShapeError> {
        let header = protected.header();
        let error = ShapeError::Header { needed: Self::HEADER_LEN, available: header.len() };
        let [s0, s1, s2, s3, l0, l1, l2, l3] = *header.first_chunk::<{ Self::HEADER_LEN }>().ok_or(error)?;
        Ok(match protected.sequence_high().map(u32::to_be_bytes) {
            None => Self { octets: [s0, s1, s2, s3, l0, l1, l2, l3, 0, 0, 0, 0], len: 8 },
            Some([h0, h1, h2, h3]) => {
                Self { octets: [s0, s1, s2, s3, h0, h1, h2, h3, l0, l1, l2, l3], len: 12 }
            }
        })
    }

    fn octets(&self) -> &[u8] {
        // default: `new` makes a length of 8 or 12.
        self.octets.get(..self.len).unwrap_or_default()
    }
}

/// Reads the initialization vector of a mode that takes eight octets.
fn vector(iv: &[u8]) -> Result<[u8; 8], ShapeError> {
    iv.try_into().map_err(|_| ShapeError::Iv { needed: 8, available: iv.len() })
}

/// Makes the nonce of GCM and of ChaCha20-Poly1305 from salt and initialization vector, RFC 4106 section 4 and RFC 7634
/// section 2.
fn gcm_nonce(salt: &Salt<4>, iv: &[u8]) -> Result<[u8; 12], ShapeError> {
    let [s0, s1, s2, s3] = salt.expose();
    let [i0, i1, i2, i3, i4, i5, i6, i7] = vector(iv)?;
    Ok([s0, s1, s2, s3, i0, i1, i2, i3, i4, i5, i6, i7])
}

/// Makes the nonce of CCM from salt and initialization vector, RFC 4309 section 4.
fn ccm_nonce(salt: &Salt<3>, iv: &[u8]) -> Result<[u8; 11], ShapeError> {
    let [s0, s1, s2] = salt.expose();
    let [i0, i1, i2, i3, i4, i5, i6, i7] = vector(iv)?;
    Ok([s0, s1, s2, i0, i1, i2, i3, i4, i5, i6, i7])
}

/// Returns initialization vector and text, which are all that is authenticated after SPI and sequence number.
fn after_header<'a>(protected: &'a Protected<'_>) -> Result<&'a [u8], ShapeError> {
    let octets = protected.octets();
    let error = ShapeError::Header { needed: Associated::HEADER_LEN, available: octets.len() };
    octets.get(Associated::HEADER_LEN..).ok_or(error)
}

/// Checks that the place for the ICV has exactly the SA's length, because a shorter tag would be written without an
/// error.
const fn check_icv(icv: &[u8], needed: usize) -> Result<(), ShapeError> {
    if icv.len() == needed { Ok(()) } else { Err(ShapeError::Icv { needed, available: icv.len() }) }
}

/// AES-GCM, RFC 4106.
pub struct AesGcm<C> {
    gcm: Gcm<C>,
    salt: Salt<4>,
    icv_len: IcvLen,
}

impl<C: AesCipher> AesGcm<C> {
    /// Makes the transform from a key that is followed by its salt of four octets, as IKE derives them (RFC 4106
    /// section 8.1).
    ///
    /// # Errors
    /// Returns a [`KeyError`] when key and salt together do not have the right length.
    pub fn new(key: Secret<'_>, icv_len: IcvLen) -> Result<Self, KeyError> {
        let (key, salt) = key.split_last(4);
        Ok(Self { gcm: Gcm::new(key)?, salt: Salt::new(salt, "AES-GCM salt")?, icv_len })
    }
}

impl<C: AesCipher> Transform for AesGcm<C> {
    fn iv_len(&self) -> usize {
        8
    }

    fn block_len(&self) -> usize {
        1
    }

    fn icv_len(&self) -> usize {
        self.icv_len.octets()
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::NeverRepeated
    }

    #[inline]
    fn seal(&self, mut protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        let associated = Associated::new(&protected)?;
        let nonce = gcm_nonce(&self.salt, protected.iv())?;
        check_icv(icv, self.icv_len.octets())?;
        self.gcm.seal(nonce, &[associated.octets()], protected.split().1, icv)
    }

    #[inline]
    fn open(&self, mut protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let associated = Associated::new(&protected).map_err(|_| NotAuthentic)?;
        let nonce = gcm_nonce(&self.salt, protected.iv()).map_err(|_| NotAuthentic)?;
        if icv.len() != self.icv_len.octets() {
            return Err(NotAuthentic);
        }
        self.gcm.open(nonce, &[associated.octets()], protected.split().1, icv)
    }
}

impl<C: fmt::Debug> fmt::Debug for AesGcm<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AesGcm({:?}, {:?})", self.gcm, self.icv_len)
    }
}

/// AES-GMAC, RFC 4543: ESP that authenticates and does not encrypt. The ICV has 16 octets.
///
/// Unlike GCM, it authenticates the initialization vector as well (section 3.3).
pub struct AesGmac<C> {
    gcm: Gcm<C>,
    salt: Salt<4>,
}

impl<C: AesCipher> AesGmac<C> {
    /// Makes the transform from a key that is followed by its salt of four octets, as IKE derives them (RFC 4543
    /// section 5.1).
    ///
    /// # Errors
    /// Returns a [`KeyError`] when key and salt together do not have the right length.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        let (key, salt) = key.split_last(4);
        Ok(Self { gcm: Gcm::new(key)?, salt: Salt::new(salt, "AES-GMAC salt")? })
    }
}

impl<C: AesCipher> AesGmac<C> {
    /// Begins an ICV over octets that come in pieces, with the salt and this initialization vector.
    ///
    /// # Errors
    /// Returns a [`ShapeError`] when the vector does not have eight octets.
    pub(crate) fn start(&self, iv: &[u8]) -> Result<GmacRunning, ShapeError> {
        gcm_nonce(&self.salt, iv).map(|nonce| self.gcm.start_gmac(nonce))
    }
}

impl<C: AesCipher> Transform for AesGmac<C> {
    fn iv_len(&self) -> usize {
        8
    }

    fn block_len(&self) -> usize {
        1
    }

    fn icv_len(&self) -> usize {
        16
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::NeverRepeated
    }

    #[inline]
    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        let associated = Associated::new(&protected)?;
        let nonce = gcm_nonce(&self.salt, protected.iv())?;
        check_icv(icv, self.icv_len())?;
        self.gcm.seal(nonce, &[associated.octets(), after_header(&protected)?], &mut [], icv)
    }

    #[inline]
    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let associated = Associated::new(&protected).map_err(|_| NotAuthentic)?;
        let nonce = gcm_nonce(&self.salt, protected.iv()).map_err(|_| NotAuthentic)?;
        if icv.len() != self.icv_len() {
            return Err(NotAuthentic);
        }
        let rest = after_header(&protected).map_err(|_| NotAuthentic)?;
        self.gcm.open(nonce, &[associated.octets(), rest], &mut [], icv)
    }
}

impl<C: fmt::Debug> fmt::Debug for AesGmac<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AesGmac({:?})", self.gcm)
    }
}

/// AES-CCM, RFC 4309.
pub struct AesCcm<C> {
    ccm: Ccm<C>,
    salt: Salt<3>,
    icv_len: IcvLen,
}

impl<C: AesCipher> AesCcm<C> {
    /// Makes the transform from a key that is followed by its salt of three octets, as IKE derives them (RFC 4309
    /// section 7.1).
    ///
    /// # Errors
    /// Returns a [`KeyError`] when key and salt together do not have the right length.
    pub fn new(key: Secret<'_>, icv_len: IcvLen) -> Result<Self, KeyError> {
        let (key, salt) = key.split_last(3);
        Ok(Self { ccm: Ccm::new(key)?, salt: Salt::new(salt, "AES-CCM salt")?, icv_len })
    }
}

impl<C: AesCipher> Transform for AesCcm<C> {
    fn iv_len(&self) -> usize {
        8
    }

    fn block_len(&self) -> usize {
        1
    }

    fn icv_len(&self) -> usize {
        self.icv_len.octets()
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::NeverRepeated
    }

    fn seal(&self, mut protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        let associated = Associated::new(&protected)?;
        let nonce = ccm_nonce(&self.salt, protected.iv())?;
        check_icv(icv, self.icv_len.octets())?;
        self.ccm.seal(nonce, associated.octets(), protected.split().1, icv)
    }

    fn open(&self, mut protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let associated = Associated::new(&protected).map_err(|_| NotAuthentic)?;
        let nonce = ccm_nonce(&self.salt, protected.iv()).map_err(|_| NotAuthentic)?;
        if icv.len() != self.icv_len.octets() {
            return Err(NotAuthentic);
        }
        self.ccm.open(nonce, associated.octets(), protected.split().1, icv)
    }
}

impl<C: fmt::Debug> fmt::Debug for AesCcm<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AesCcm({:?}, {:?})", self.ccm, self.icv_len)
    }
}

/// ChaCha20-Poly1305, RFC 7634. The ICV has 16 octets.
pub struct ChaCha20Poly1305 {
    aead: aead::ChaCha20Poly1305,
    salt: Salt<4>,
}

impl ChaCha20Poly1305 {
    /// Makes the transform from a key of 32 octets that is followed by its salt of four octets, as IKE derives them
    /// (RFC 7634 section 2).
    ///
    /// # Errors
    /// Returns a [`KeyError`] when key and salt together do not have 36 octets.
    pub fn new(key: Secret<'_>) -> Result<Self, KeyError> {
        let (key, salt) = key.split_last(4);
        Ok(Self { aead: aead::ChaCha20Poly1305::new(key)?, salt: Salt::new(salt, "ChaCha20-Poly1305 salt")? })
    }
}

impl Transform for ChaCha20Poly1305 {
    fn iv_len(&self) -> usize {
        8
    }

    fn block_len(&self) -> usize {
        1
    }

    fn icv_len(&self) -> usize {
        16
    }

    fn iv_rule(&self) -> IvRule {
        IvRule::NeverRepeated
    }

    fn seal(&self, mut protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        let associated = Associated::new(&protected)?;
        let nonce = gcm_nonce(&self.salt, protected.iv())?;
        check_icv(icv, self.icv_len())?;
        self.aead.seal(nonce, associated.octets(), protected.split().1, icv)
    }

    fn open(&self, mut protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        let associated = Associated::new(&protected).map_err(|_| NotAuthentic)?;
        let nonce = gcm_nonce(&self.salt, protected.iv()).map_err(|_| NotAuthentic)?;
        self.aead.open(nonce, associated.octets(), protected.split().1, icv)
    }
}

impl fmt::Debug for ChaCha20Poly1305 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.aead)
    }
}

#[cfg(test)]
mod tests;
