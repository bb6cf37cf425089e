//! Who sent a message: a password in clear text, or an MD5 digest over the whole message.
//!
//! The digest is keyed MD5 with the key before and after, as RFC 1828 has it for another protocol: `MD5(P | M | K)`. K is
//! the key; P is the key padded to whole 64-octet blocks the way MD5 pads a message (RFC 1321 sections 3.1 and 3.2);
//! M is the whole HSRP message, every TLV of it, with zeros for its digest. Cisco's, in no RFC: more than
//! 500 messages of IOS, of both versions, verify so. None of their keys was longer than 55 octets, where P is one
//! block.
//!
//! Exactly one digest makes a message authentic. IOS sends one group and one digest in a datagram. Two digests could
//! cover each other only by rules that nobody wrote down, so [`verify`], [`digest`] and [`seal`] refuse them
//! ([`AuthenticationError::SeveralDigests`]) and never pick one.
//!
//! A digest says nothing of replays, and the comparison of passwords in clear text keeps out mistakes, not
//! attackers: RFC 2281 section 7.

pub(crate) mod key;
pub(crate) mod md5;
pub(crate) mod text;

use ::md5::{Digest, Md5};
use subtle::ConstantTimeEq;

pub use md5::Algorithm;

use crate::{Hint, Key, KeyChain, Md5Authentication, Message, ParseError, TlvType, v1};

/// Why a message is not taken for authentic, or can have no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AuthenticationError {
    /// The digest is not the one of this message and key. Says no more on purpose.
    #[error("not authentic")]
    NotAuthentic,
    /// The message has no MD5 authentication TLV.
    #[error("no MD5 authentication")]
    NoDigest,
    /// The message has more than one MD5 authentication TLV: no rule says what each of them covers.
    #[error("another MD5 authentication at offset {offset}")]
    SeveralDigests {
        /// Where the second one begins, in octets from the start of the message.
        offset: usize,
    },
    /// The algorithm is not MD5.
    #[error("algorithm {algorithm} in the MD5 authentication at offset {offset}")]
    Algorithm {
        /// What stands there.
        algorithm: Algorithm,
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The key chain has no key of this id.
    #[error("no key of id {key_id}")]
    UnknownKeyId {
        /// The id in the message.
        key_id: u32,
    },
    /// The octets are no message.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

/// Octets of a digest.
pub const DIGEST_LEN: usize = 16;

/// The digest that the message in `octets` should carry under `key`. The message is not changed; what stands in its
/// digest's place does not count.
///
/// # Errors
/// When the octets are no message, or do not have exactly one MD5 authentication.
pub fn digest(octets: &[u8], key: Key<'_>) -> Result<[u8; DIGEST_LEN], AuthenticationError> {
    let place = Place::find(octets)?;
    Ok(place.digest(octets, key))
}

/// Verifies the digest of the message in `octets`, in constant time over the digest. The key id is not looked at:
/// [`KeyChain::verify`] does that.
///
/// # Errors
/// [`AuthenticationError::NotAuthentic`] when the digest is another; otherwise as [`digest`].
pub fn verify(octets: &[u8], key: Key<'_>) -> Result<(), AuthenticationError> {
    let place = Place::find(octets)?;
    if place.matches(octets, key) { Ok(()) } else { Err(AuthenticationError::NotAuthentic) }
}

/// Puts the digest under `key` into the message in `octets`: the last step of sending one.
///
/// # Errors
/// As [`digest`]. The message is not changed then.
pub fn seal(octets: &mut [u8], key: Key<'_>) -> Result<(), AuthenticationError> {
    let place = Place::find(octets)?;
    place.seal(octets, key)
}

impl KeyChain<'_> {
    /// Verifies the digest of the message in `octets` with the key of the id it carries. Of several keys of one id any
    /// may match.
    ///
    /// # Errors
    /// [`AuthenticationError::UnknownKeyId`] when the chain lacks the id; otherwise as [`verify`].
    pub fn verify(&self, octets: &[u8]) -> Result<(), AuthenticationError> {
        let place = Place::find(octets)?;
        let mut error = AuthenticationError::UnknownKeyId { key_id: place.authentication.key_id };
        for key in self.keys(place.authentication.key_id) {
            if place.matches(octets, key) {
                return Ok(());
            }
            error = AuthenticationError::NotAuthentic;
        }
        Err(error)
    }

    /// Puts the digest into the message in `octets`, under the first key of the id it carries.
    ///
    /// # Errors
    /// [`AuthenticationError::UnknownKeyId`] when the chain lacks the id; otherwise as [`seal`].
    pub fn seal(&self, octets: &mut [u8]) -> Result<(), AuthenticationError> {
        let place = Place::find(octets)?;
        let key_id = place.authentication.key_id;
        let key = self.keys(key_id).next().ok_or(AuthenticationError::UnknownKeyId { key_id })?;
        place.seal(octets, key)
    }
}

/// Where the digest of a message stands, and what stands around it.
struct Place {
    authentication: Md5Authentication,
    offset: usize,
}

impl Place {
    fn find(octets: &[u8]) -> Result<Self, AuthenticationError> {
        // The first TLV of a version 2 message may be of any type here: nothing but a digest is looked for.
        let hint = if octets.first() == Some(&v1::VERSION) { Hint::V1 } else { Hint::V2 };
        let message = Message::parse_hinted(octets, hint)?;
        let mut digests = message.tlvs().elements().filter(|tlv| tlv.header == TlvType::MD5_AUTHENTICATION);
        let element = digests.next().ok_or(AuthenticationError::NoDigest)?;
        if let Some(second) = digests.next() {
            return Err(AuthenticationError::SeveralDigests { offset: second.offset });
        }
        let authentication = Md5Authentication::parse(&element)?;
        if authentication.algorithm != Algorithm::MD5 {
            let algorithm = authentication.algorithm;
            return Err(AuthenticationError::Algorithm { algorithm, offset: element.offset });
        }
        let offset = element.value_offset.saturating_add(Md5Authentication::DIGEST_OFFSET);
        Ok(Self { authentication, offset })
    }

    fn digest(&self, octets: &[u8], key: Key<'_>) -> [u8; DIGEST_LEN] {
        let mut hash = Md5::new();
        key.start(&mut hash);
        let after = self.offset.saturating_add(DIGEST_LEN);
        // default: never taken, the digest was found in these octets
        hash.update(octets.get(..self.offset).unwrap_or_default());
        hash.update([0; DIGEST_LEN]);
        // default: never taken, the digest was found in these octets
        hash.update(octets.get(after..).unwrap_or_default());
        hash.update(key.octets());
        hash.finalize().into()
    }

    fn matches(&self, octets: &[u8], key: Key<'_>) -> bool {
        self.digest(octets, key).ct_eq(&self.authentication.digest).into()
    }

    fn seal(&self, octets: &mut [u8], key: Key<'_>) -> Result<(), AuthenticationError> {
        let digest = self.digest(octets, key);
        let place = octets.get_mut(self.offset..).and_then(|octets| octets.first_chunk_mut::<DIGEST_LEN>());
        // Where the digest was found it can be written.
        *place.ok_or(AuthenticationError::NoDigest)? = digest;
        Ok(())
    }
}
