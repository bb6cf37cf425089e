//! Authentication of messages: a password in clear text, or an MD5 digest over the whole message.
//!
//! The digest is `MD5(P | M | K)`, keyed MD5 with the key before and after the message, as in RFC 1828. `K` is the
//! key. `P` is the key, padded to whole blocks of 64 octets as MD5 pads a message (RFC 1321 sections 3.1 and 3.2).
//! `M` is the whole HSRP message with all its TLVs, with zeros in place of the digest. This digest is Cisco's, and
//! no RFC describes it. More than 500 messages of IOS, of both versions, were verified in this way. All their keys
//! had at most 55 octets, so that `P` was one block.
//!
//! A message is authentic only when it has exactly one digest. IOS sends one group and one digest in a datagram.
//! With two digests, no published rule says which octets each of them covers. So [`verify`], [`digest`] and
//! [`seal`] refuse such a message with [`AuthenticationError::SeveralDigests`] and never pick one.
//!
//! A digest does not protect against replays: the same octets verify each time, and HSRP carries no counter with
//! which a receiver could tell a copy from a new message. A password in clear text protects against
//! misconfiguration, not against attackers (RFC 2281 section 7).

pub(crate) mod key;
pub(crate) mod md5;
pub(crate) mod text;

use ::md5::{Digest, Md5};
use subtle::ConstantTimeEq;

pub use md5::Algorithm;

use crate::{Hint, Key, KeyChain, Md5Authentication, Message, ParseError, TlvType, v1};

/// Why a message is not authentic, or why no digest can be computed for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AuthenticationError {
    /// The digest does not match this message and this key. The error says no more on purpose.
    #[error("the message is not authentic: its MD5 digest does not match this message and key")]
    NotAuthentic,
    /// The message has no MD5 authentication TLV.
    #[error("the message has no MD5 authentication TLV, so there is no digest to compute or verify")]
    NoDigest,
    /// The message has more than one MD5 authentication TLV, and no rule says what each of them covers.
    #[error(
        "a second MD5 authentication TLV begins at offset {offset} of the HSRP message, but only one may be there"
    )]
    SeveralDigests {
        /// Offset where the second one begins, in octets from the start of the message.
        offset: usize,
    },
    /// The algorithm in the MD5 authentication TLV is not MD5.
    #[error(
        "the MD5 authentication TLV at offset {offset} of the HSRP message names algorithm {algorithm}, \
         but only MD5 (1) can be verified"
    )]
    Algorithm {
        /// The algorithm that was found.
        algorithm: Algorithm,
        /// Offset where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The key chain has no key with the id that the message carries.
    #[error("the message carries key id {key_id}, but the key chain has no key with that id")]
    UnknownKeyId {
        /// The key id in the message.
        key_id: u32,
    },
    /// The octets are not a valid HSRP message.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

/// Number of octets of a digest.
pub const DIGEST_LEN: usize = 16;

/// Computes the digest that the message in `octets` should carry under `key`. The message is not changed, and the
/// digest that is already in it does not matter.
///
/// # Errors
/// Returns [`AuthenticationError::Parse`] when the octets are not a valid message,
/// [`AuthenticationError::NoDigest`] or [`AuthenticationError::SeveralDigests`] when they do not have exactly one
/// MD5 authentication TLV, and [`AuthenticationError::Algorithm`] when that TLV names another algorithm.
pub fn digest(octets: &[u8], key: Key<'_>) -> Result<[u8; DIGEST_LEN], AuthenticationError> {
    let place = Place::find(octets)?;
    Ok(place.digest(octets, key))
}

/// Verifies the digest of the message in `octets`. The digests are compared in constant time. The key id is
/// ignored; [`KeyChain::verify`] uses it.
///
/// A message that was sent before verifies again: `Ok` says who made the message, and nothing about when.
///
/// # Errors
/// Returns [`AuthenticationError::NotAuthentic`] when the digest does not match, and the errors of [`digest`].
pub fn verify(octets: &[u8], key: Key<'_>) -> Result<(), AuthenticationError> {
    let place = Place::find(octets)?;
    if place.matches(octets, key) { Ok(()) } else { Err(AuthenticationError::NotAuthentic) }
}

/// Writes the digest under `key` into the message in `octets`. This is the last step before a message is sent.
///
/// # Errors
/// Returns the errors of [`digest`]. The message is not changed when there is an error.
pub fn seal(octets: &mut [u8], key: Key<'_>) -> Result<(), AuthenticationError> {
    let place = Place::find(octets)?;
    place.seal(octets, key)
}

impl KeyChain<'_> {
    /// Verifies the digest of the message in `octets` with the key whose id the message carries. When several keys
    /// have that id, any of them may match.
    ///
    /// # Errors
    /// Returns [`AuthenticationError::UnknownKeyId`] when the chain has no key with that id, and the errors of
    /// [`verify`](crate::authentication::verify).
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

    /// Writes the digest into the message in `octets`, under the first key whose id the message carries.
    ///
    /// # Errors
    /// Returns [`AuthenticationError::UnknownKeyId`] when the chain has no key with that id, and the errors of
    /// [`seal`](crate::authentication::seal).
    pub fn seal(&self, octets: &mut [u8]) -> Result<(), AuthenticationError> {
        let place = Place::find(octets)?;
        let key_id = place.authentication.key_id;
        let key = self.keys(key_id).next().ok_or(AuthenticationError::UnknownKeyId { key_id })?;
        place.seal(octets, key)
    }
}

/// The place of the digest in a message, and the TLV around it.
struct Place {
    authentication: Md5Authentication,
    offset: usize,
}

impl Place {
    fn find(octets: &[u8]) -> Result<Self, AuthenticationError> {
        // The first TLV of a version 2 message may have any type here, because only a digest is looked for.
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
        // default: never taken, because the digest was found inside these octets
        hash.update(octets.get(..self.offset).unwrap_or_default());
        hash.update([0; DIGEST_LEN]);
        // default: never taken, because the digest was found inside these octets
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
        // This never fails, because the digest was found at this place.
        *place.ok_or(AuthenticationError::NoDigest)? = digest;
        Ok(())
    }
}
