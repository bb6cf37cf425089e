//! The authentication extension in both its forms, the check of a received packet, and the credentials of a sender.
//!
//! The RFC's form is a hash under a key (RFC 2332 section 5.3.4). Cisco's form is a password in clear text, which
//! everyone on the path can read. It keeps tunnels apart that are meant to be apart, but it protects nothing. Both
//! forms begin with two octets of zero and a Security Parameter Index. The octets do not tell which form they have, so
//! a [`Policy`](crate::Policy) says it.
//!
//! Neither form protects against replays. A packet that was sent before passes [`verify`] again, as often as it comes:
//! NHRP has no sequence number and no time. A Request ID tells which reply belongs to a request, but it does not tell an
//! old request from a new one. Where somebody on the path may repeat packets, IPsec has to carry them.

use core::fmt;
use core::mem::size_of;

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use subtle::ConstantTimeEq;
use wire::{Emit, EmitError, LengthError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};
use zeroize::Zeroizing;

use crate::fixed_part::write_checksum;
use crate::{Extension, ExtensionElement, ExtensionType, ExtensionValue, FixedPart, Packet, ParseError};

/// The authentication extension in front of the source address (RFC 2332 section 5.3.4.1).
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct AuthenticationLayout {
    reserved: U16,
    security_parameter_index: U16,
}

const HEADER_LEN: usize = 4;

const _: () = assert!(size_of::<AuthenticationLayout>() == HEADER_LEN);

/// The number of octets of a digest of HMAC-MD5-128 (RFC 2332 section 5.3.4.2).
pub const DIGEST_LEN: usize = 16;

/// The block length of HMAC-MD5 in octets. A longer key is hashed first.
const BLOCK_LEN: usize = 64;

/// The form of the authentication extension, which its octets do not tell. Further forms may be added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AuthenticationForm {
    /// Cisco's form: a password in clear text.
    #[default]
    Cisco,
    /// The RFC's form: a source address and a hash.
    Rfc,
    /// The form is guessed from the length. A value as long as HMAC-MD5-128 makes it has the RFC's form, and any other
    /// value has Cisco's form. This is for a caller that shows the packets of others; a station knows the form from
    /// its configuration.
    Auto,
}

/// The Authentication extension (RFC 2332 section 5.3.4.1). The struct is exhaustive, because the RFC fixes its
/// fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Authentication<'a> {
    /// The reserved field. A received value is kept.
    pub reserved: u16,
    /// Security Parameter Index. It is 1 in Cisco's form.
    pub security_parameter_index: u16,
    /// The password or the hash that proves who sent the packet.
    pub data: AuthenticationData<'a>,
}

/// The data after the Security Parameter Index. Further forms may be added. `Debug` does not print a password.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum AuthenticationData<'a> {
    /// Cisco's form: the password, without padding. IOS configures at most 8 octets.
    Password(&'a [u8]),
    /// The RFC's form: an address and a hash.
    Hash {
        /// Src Addr: the address of the sender on its outgoing interface. It is as long as the packet's source
        /// protocol address.
        source_address: &'a [u8],
        /// Authentication Data: the digest of HMAC-MD5-128, the only algorithm that the RFC names.
        digest: &'a [u8; DIGEST_LEN],
    },
}

impl<'a> Authentication<'a> {
    /// The Security Parameter Index of Cisco's form.
    pub const CISCO_SPI: u16 = 1;

    /// Makes an extension in Cisco's form with this password.
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
            let digest = reader.array("Authentication Data")?;
            if !reader.is_empty() {
                let (offset, count) = (reader.offset(), reader.len());
                return Err(ParseError::TrailingOctets { element: "Authentication Data", offset, count });
            }
            AuthenticationData::Hash { source_address, digest }
        } else {
            AuthenticationData::Password(reader.rest())
        };
        Ok(Self {
            reserved: layout.reserved.get(),
            security_parameter_index: layout.security_parameter_index.get(),
            data,
        })
    }
}

impl Emit for Authentication<'_> {
    fn wire_len(&self) -> usize {
        let data_len = match self.data {
            AuthenticationData::Password(password) => password.len(),
            AuthenticationData::Hash { source_address, digest } => {
                source_address.len().saturating_add(digest.len())
            }
        };
        HEADER_LEN.saturating_add(data_len)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
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

impl fmt::Debug for AuthenticationData<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password(_) => formatter.debug_tuple("Password").finish_non_exhaustive(),
            Self::Hash { source_address, digest } => formatter
                .debug_struct("Hash")
                .field("source_address", source_address)
                .field("digest", digest)
                .finish(),
        }
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for AuthenticationData<'_> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        match self {
            Self::Password(_) => defmt::write!(formatter, "Password(..)"),
            Self::Hash { source_address, digest } => {
                defmt::write!(formatter, "Hash {=[u8]:x} {=[u8]:x}", source_address, digest.as_slice());
            }
        }
    }
}

/// The secrets that a station authenticates packets with: its own when it sends, and the sender's when it receives.
///
/// The secrets are borrowed, and `Debug` does not print them. Their owner has to zeroize them.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Credentials<'k> {
    /// Cisco's form: the password.
    Password(&'k [u8]),
    /// The RFC's form with HMAC-MD5-128. The index and the address together select the key (RFC 2332 section 5.3.4.2).
    HmacMd5 {
        /// Security Parameter Index, which the sender chooses. It must not be [`Authentication::CISCO_SPI`], because a
        /// receiver takes data under that index for a password.
        security_parameter_index: u16,
        /// The address of the sender on its outgoing interface. It must be as long as the packet's source protocol
        /// address.
        source_address: &'k [u8],
        /// The key, of any length.
        key: &'k [u8],
    },
}

impl<'k> Credentials<'k> {
    /// Returns the extension for a packet whose source protocol address has `needed` octets. The digest is zeros at
    /// first, because it is computed when the rest of the packet is written.
    pub(crate) fn extension(&self, needed: usize) -> Result<Extension<'k>, CredentialsError> {
        let authentication = match *self {
            Self::Password(password) => Authentication::password(password),
            Self::HmacMd5 { security_parameter_index, source_address, .. } => {
                let found = source_address.len();
                if found != needed {
                    return Err(CredentialsError::SourceAddressLength { found, needed });
                }
                if security_parameter_index == Authentication::CISCO_SPI {
                    return Err(CredentialsError::CiscoSpi);
                }
                let data = AuthenticationData::Hash { source_address, digest: &[0; DIGEST_LEN] };
                Authentication { reserved: 0, security_parameter_index, data }
            }
        };
        Ok(Extension::new(ExtensionValue::Authentication(authentication)))
    }

    /// Puts the digest of a packet into its authentication extension, which ends at `end`, and derives the checksum
    /// again. With a password there is nothing to do.
    pub(crate) fn complete(&self, packet: &mut [u8], end: usize) -> Result<(), EmitError> {
        let Self::HmacMd5 { key, .. } = self else { return Ok(()) };
        let available = packet.len();
        let too_small = EmitError::BufferTooSmall { needed: end, available };
        let start = end.checked_sub(DIGEST_LEN).ok_or(too_small)?;
        let made = digest(packet, start, key).map_err(|_| too_small)?;
        wire::copy(packet.get_mut(start..end).ok_or(too_small)?, &made)?;
        write_checksum(packet)
    }
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

/// The reason why a packet cannot be sent with these credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CredentialsError {
    /// The address in the credentials is not as long as the packet's source protocol address. A receiver assumes that
    /// length (RFC 2332 section 5.3.4.1).
    #[error(
        "the address in the credentials has {found} octets, but it must have {needed}, as the packet's source protocol address has"
    )]
    SourceAddressLength {
        /// The number of octets of the address in the credentials.
        found: usize,
        /// The number of octets of the packet's source protocol address.
        needed: usize,
    },
    /// A hash has the Security Parameter Index of Cisco's password. A receiver would take the hash for a password.
    #[error(
        "a hash cannot be sent under Security Parameter Index 1, which is that of Cisco's password: choose another index"
    )]
    CiscoSpi,
}

/// The reason why a packet does not pass. When an answer is due, it is an Error Indication with the code
/// Authentication Failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AuthenticationError {
    /// The octets are not an NHRP packet, or its authentication extension is malformed.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The packet has no authentication extension. RFC 2332 section 5.3.4 allows a receiver to take this for a
    /// failure.
    #[error("the packet has no authentication extension, but it must have one")]
    Absent,
    /// The packet has several authentication extensions, but RFC 2332 section 5.3 allows only one.
    #[error(
        "the packet has several authentication extensions, the second at offset {offset} of the NHRP packet, but it may have only one"
    )]
    Repeated {
        /// The offset of the second extension in the packet.
        offset: usize,
    },
    /// The index, the address, the password or the digest is not the expected one. The error does not tell which.
    #[error("the packet is not authentic")]
    NotAuthentic,
}

/// Checks that a packet passes with these credentials (RFC 2332 section 5.3.4.3). Secrets are compared in constant
/// time.
///
/// A password covers nothing of the packet: it passes with anything else changed. The checksum is not looked at;
/// [`FixedPart::conformance`](crate::FixedPart::conformance) tells a wrong one. A copy of a packet passes as the packet
/// did, whichever form it has: `Ok` does not mean that the packet is new.
///
/// # Errors
/// Returns [`AuthenticationError::Parse`] when the packet or its authentication extension is malformed,
/// [`AuthenticationError::Absent`] when the packet has no authentication extension, [`AuthenticationError::Repeated`]
/// when it has several, and [`AuthenticationError::NotAuthentic`] when the credentials do not match.
pub fn verify(packet: &[u8], credentials: &Credentials<'_>) -> Result<(), AuthenticationError> {
    let parsed = Packet::parse(packet)?;
    let is_authentication =
        |element: &ExtensionElement<'_>| element.header.extension_type == ExtensionType::AUTHENTICATION;
    let mut elements = parsed.extensions.elements().filter(is_authentication);
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
            AuthenticationData::Hash { source_address, digest: received },
        ) => {
            // The digest is at the end of the element.
            let end = element.offset.saturating_add(element.octets.len());
            let computed = digest(packet, end.saturating_sub(DIGEST_LEN), key)?;
            found.security_parameter_index == security_parameter_index
                && source_address == expected
                && bool::from(computed.ct_eq(received.as_slice()))
        }
        _ => false,
    };
    if authentic { Ok(()) } else { Err(AuthenticationError::NotAuthentic) }
}

/// Computes HMAC-MD5-128 over a whole packet. The 16 octets of Authentication Data at `digest_offset` are taken as
/// zeros (RFC 2332 sections 5.3.4.1 and 5.3.4.2).
///
/// The checksum is taken as zero too. It covers the digest, so the digest cannot cover the checksum.
///
/// # Errors
/// Returns [`ParseError::Length`] when the packet does not have 16 octets at `digest_offset`, or when they stand
/// before the end of its checksum.
pub fn digest(packet: &[u8], digest_offset: usize, key: &[u8]) -> Result<[u8; DIGEST_LEN], ParseError> {
    let mut reader = Reader::new(FixedPart::WITHIN, packet);
    let before = reader.take("NHRP fixed part", FixedPart::CHECKSUM.start)?;
    reader.take("NHRP fixed part", FixedPart::CHECKSUM.len())?;
    let between = digest_offset
        .checked_sub(FixedPart::CHECKSUM.end)
        .ok_or_else(|| reader.too_short("Authentication Data", DIGEST_LEN))
        .and_then(|len| reader.take("Authentication Data", len))?;
    reader.take("Authentication Data", DIGEST_LEN)?;
    let mut mac = mac_under(key)?;
    mac.update(before);
    mac.update(&[0; 2]);
    mac.update(between);
    mac.update(&[0; DIGEST_LEN]);
    mac.update(reader.rest());
    Ok(mac.finalize().into_bytes().into())
}

/// Makes an HMAC-MD5 under a key of any length. RFC 2104 section 2 has a key that is longer than a block hashed first.
fn mac_under(key: &[u8]) -> Result<Hmac<Md5>, LengthError> {
    let mut block = Zeroizing::new([0; BLOCK_LEN]);
    let hashed: Zeroizing<[u8; DIGEST_LEN]>;
    let key = if key.len() > BLOCK_LEN {
        hashed = Zeroizing::new(Md5::digest(key).into());
        hashed.as_slice()
    } else {
        key
    };
    // The errors never occur: a key and its hash are at most as long as a block.
    let too_long = Reader::new("key", key).too_short("HMAC-MD5 key", key.len());
    let place = block.get_mut(..key.len()).ok_or(too_long)?;
    wire::copy(place, key).map_err(|_| too_long)?;
    Ok(Hmac::<Md5>::new(&(*block).into()))
}

#[cfg(test)]
mod tests;
