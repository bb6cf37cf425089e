//! The authentication extension in both its forms: what it holds, whether a packet passes, what a sender puts in.
//!
//! The RFC's form is a hash under a key, RFC 2332 section 5.3.4. Cisco's is a password in clear text, which everyone
//! on the path reads; it keeps tunnels apart that were meant to be apart, and protects nothing. Both begin with two octets
//! of zero and a Security Parameter Index, so the octets do not tell which it is: a [`Policy`](crate::Policy) does.

use core::fmt;
use core::mem::size_of;

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;
use wire::{EmitError, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};
use zeroize::Zeroizing;

use super::{ExtensionElement, ExtensionType};
use crate::{FixedPart, Packet, ParseError};

/// RFC 2332 section 5.3.4.1, before the source address.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct AuthenticationLayout {
    reserved: U16,
    security_parameter_index: U16,
}

const HEADER_LEN: usize = 4;

const _: () = assert!(size_of::<AuthenticationLayout>() == HEADER_LEN);

/// Octets of a digest of HMAC-MD5-128, RFC 2332 section 5.3.4.2.
pub const DIGEST_LEN: usize = 16;

/// Octets that HMAC-MD5 takes of a key at once.
const BLOCK_LEN: usize = 64;

/// Which form the authentication extension has: the wire does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AuthenticationForm {
    /// Cisco's password in clear text.
    #[default]
    Cisco,
    /// The RFC's source address and hash.
    Rfc,
    /// A guess by the length: the RFC's form where the value is as long as HMAC-MD5-128 makes it, else Cisco's. For those
    /// who look on; a station knows what it was told to use.
    Auto,
}

/// The Authentication extension, RFC 2332 section 5.3.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Authentication<'a> {
    /// Reserved; kept.
    pub reserved: u16,
    /// Security Parameter Index. Cisco's form has 1 there.
    pub security_parameter_index: u16,
    /// What proves it.
    pub data: AuthenticationData<'a>,
}

/// What follows the Security Parameter Index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AuthenticationData<'a> {
    /// Cisco's form: the password, 8 octets at most as IOS configures it, not padded.
    Password(&'a [u8]),
    /// The RFC's form.
    Hash {
        /// Src Addr: the sender's address on the outgoing interface, as long as the packet's source protocol address.
        source_address: &'a [u8],
        /// Authentication Data: of 16 octets with HMAC-MD5-128.
        digest: &'a [u8],
    },
}

impl<'a> Authentication<'a> {
    /// The Security Parameter Index of Cisco's form.
    pub const CISCO_SPI: u16 = 1;

    /// Cisco's form with a password.
    #[must_use]
    pub const fn password(password: &'a [u8]) -> Self {
        Self {
            reserved: 0,
            security_parameter_index: Self::CISCO_SPI,
            data: AuthenticationData::Password(password),
        }
    }

    pub(super) fn parse(
        element: &ExtensionElement<'a>,
        form: AuthenticationForm,
        source_protocol_len: usize,
    ) -> Result<Self, ParseError> {
        let mut reader = element.reader();
        let layout: AuthenticationLayout =
            zerocopy::transmute!(*reader.array::<HEADER_LEN>("Authentication extension")?);
        let hashed = match form {
            AuthenticationForm::Cisco => false,
            AuthenticationForm::Rfc => true,
            AuthenticationForm::Auto => reader.len() == source_protocol_len.saturating_add(DIGEST_LEN),
        };
        let data = if hashed {
            let source_address = reader.take("source address of authentication", source_protocol_len)?;
            AuthenticationData::Hash { source_address, digest: reader.rest() }
        } else {
            AuthenticationData::Password(reader.rest())
        };
        Ok(Self {
            reserved: layout.reserved.get(),
            security_parameter_index: layout.security_parameter_index.get(),
            data,
        })
    }

    pub(super) const fn wire_len(&self) -> usize {
        let data_len = match self.data {
            AuthenticationData::Password(password) => password.len(),
            AuthenticationData::Hash { source_address, digest } => {
                source_address.len().saturating_add(digest.len())
            }
        };
        HEADER_LEN.saturating_add(data_len)
    }

    pub(super) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = AuthenticationLayout {
            reserved: U16::new(self.reserved),
            security_parameter_index: U16::new(self.security_parameter_index),
        };
        writer.put(layout.as_bytes())?;
        match self.data {
            AuthenticationData::Password(password) => writer.put(password),
            AuthenticationData::Hash { source_address, digest } => {
                writer.put(source_address)?;
                writer.put(digest)
            }
        }
    }
}

/// What a station authenticates with: its own when it sends, the sender's when it receives.
///
/// Secrets are borrowed and not printed; whoever owns them zeroizes them.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Credentials<'k> {
    /// Cisco's form.
    Password(&'k [u8]),
    /// The RFC's form with HMAC-MD5-128. Index and address together tell the key, RFC 2332 section 5.3.4.2.
    HmacMd5 {
        /// Security Parameter Index: chosen by the sender.
        security_parameter_index: u16,
        /// The sender's address on its outgoing interface, as long as the packet's source protocol address.
        source_address: &'k [u8],
        /// The key, of any length.
        key: &'k [u8],
    },
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password(_) => formatter.debug_tuple("Password").finish_non_exhaustive(),
            Self::HmacMd5 { security_parameter_index, source_address, .. } => formatter
                .debug_struct("HmacMd5")
                .field("security_parameter_index", security_parameter_index)
                .field("source_address", source_address)
                .finish_non_exhaustive(),
        }
    }
}

/// A packet does not pass; where an answer is due, it is an Error Indication of type Authentication Failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AuthenticationError {
    /// It is no NHRP packet, or its authentication extension is malformed.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// It has no authentication extension: a possible failure by RFC 2332 section 5.3.4.
    #[error("no authentication extension")]
    Absent,
    /// It has several; RFC 2332 section 5.3 allows one.
    #[error("several authentication extensions, the second at offset {offset}")]
    Repeated {
        /// Where the second begins.
        offset: usize,
    },
    /// Index, address, password or digest are not those expected. Which one is not told.
    #[error("not authentic")]
    NotAuthentic,
}

/// Whether a packet passes with these credentials, RFC 2332 section 5.3.4.3. Secrets are compared in constant time.
///
/// # Errors
/// Why it does not.
pub fn verify(packet: &[u8], credentials: &Credentials<'_>) -> Result<(), AuthenticationError> {
    let parsed = Packet::parse(packet)?;
    let is_authentication =
        |element: &ExtensionElement<'_>| element.header.extension_type == ExtensionType::AUTHENTICATION;
    let mut elements = parsed.extensions.iter().filter(is_authentication);
    let element = elements.next().ok_or(AuthenticationError::Absent)?;
    if let Some(second) = elements.next() {
        return Err(AuthenticationError::Repeated { offset: second.offset });
    }
    let form = match credentials {
        Credentials::Password(_) => AuthenticationForm::Cisco,
        Credentials::HmacMd5 { .. } => AuthenticationForm::Rfc,
    };
    let found = Authentication::parse(&element, form, parsed.source_protocol_len())?;
    let authentic = match (*credentials, found.data) {
        (Credentials::Password(expected), AuthenticationData::Password(password)) => {
            found.security_parameter_index == Authentication::CISCO_SPI
                && bool::from(password.ct_eq(expected))
        }
        (
            Credentials::HmacMd5 { security_parameter_index, source_address: expected, key },
            AuthenticationData::Hash { source_address, digest },
        ) => {
            found.security_parameter_index == security_parameter_index
                && source_address == expected
                && digest.len() == DIGEST_LEN
                && bool::from(digest_of(packet, &element, key).ct_eq(digest))
        }
        _ => false,
    };
    if authentic { Ok(()) } else { Err(AuthenticationError::NotAuthentic) }
}

/// HMAC-MD5-128 over a packet whose authentication extension `element` ends with the digest.
fn digest_of(packet: &[u8], element: &ExtensionElement<'_>, key: &[u8]) -> [u8; DIGEST_LEN] {
    let end = element.offset.saturating_add(element.octets.len());
    digest(packet, end.saturating_sub(DIGEST_LEN), key)
}

/// HMAC-MD5-128 over a whole packet, the 16 octets of Authentication Data at `digest_offset` taken as zeros: RFC
/// 2332 sections 5.3.4.1 and 5.3.4.2.
///
/// The checksum is taken as zero too: it covers the digest, so it cannot be covered by it.
#[must_use]
pub fn digest(packet: &[u8], digest_offset: usize, key: &[u8]) -> [u8; DIGEST_LEN] {
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    if key.len() > BLOCK_LEN {
        // RFC 2104 section 2: a longer key is hashed first.
        fill(&mut *block, &Md5::digest(key));
    } else {
        fill(&mut *block, key);
    }
    let mut mac = Hmac::<Md5>::new(&(*block).into());
    mac.update(packet.get(..FixedPart::CHECKSUM.start).unwrap_or_default());
    mac.update(&[0; 2]);
    mac.update(packet.get(FixedPart::CHECKSUM.end..digest_offset).unwrap_or_default());
    mac.update(&[0; DIGEST_LEN]);
    mac.update(packet.get(digest_offset.saturating_add(DIGEST_LEN)..).unwrap_or_default());
    mac.finalize().into_bytes().into()
}

fn fill(to: &mut [u8], from: &[u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests;
