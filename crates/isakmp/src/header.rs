//! The ISAKMP header (RFC 2408 section 3.1).

use core::fmt;

use wire::{EmitError, Reader, Writer, registry};
use zerocopy::network_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::context::Phase;
use crate::{ParseError, PayloadType};

/// The name in errors of the thing that offsets count from.
pub(crate) const WITHIN: &str = "ISAKMP message";

/// The four zero octets in front of an ISAKMP message on UDP port 4500 (RFC 3948 section 2.2).
pub const NON_ESP_MARKER: [u8; 4] = [0; 4];

/// Returns the octets after the non-ESP marker. `None` when there is no marker.
#[must_use]
pub fn strip_non_esp_marker(octets: &[u8]) -> Option<&[u8]> {
    octets.strip_prefix(&NON_ESP_MARKER)
}

registry! {
    /// Exchange Type (RFC 2408 section 3.1). Transaction is from the mode-config draft, Quick Mode and New Group Mode
    /// are from RFC 2409 appendix A, and GDOI's are from RFC 6407.
    pub struct ExchangeType(u8) {
        /// No exchange.
        NONE = 0 => "NONE",
        /// Base exchange, RFC 2408 section 4.4.
        BASE = 1 => "Base",
        /// Identity protection exchange, which is main mode (RFC 2408 section 4.5).
        IDENTITY_PROTECTION = 2 => "Identity Protection",
        /// Authentication only exchange, RFC 2408 section 4.6.
        AUTHENTICATION_ONLY = 3 => "Authentication Only",
        /// Aggressive exchange, which is aggressive mode (RFC 2408 section 4.7).
        AGGRESSIVE = 4 => "Aggressive",
        /// Informational exchange, RFC 2408 section 4.8.
        INFORMATIONAL = 5 => "Informational",
        /// Transaction exchange, which mode-config and XAUTH use.
        TRANSACTION = 6 => "Transaction",
        /// Quick mode, RFC 2409 section 5.5.
        QUICK_MODE = 32 => "Quick Mode",
        /// New group mode (RFC 2409 section 5.6). GDOI's GROUPKEY-PULL has the same number.
        NEW_GROUP_MODE = 33 => "New Group Mode",
    }
}

impl ExchangeType {
    /// Returns the name that engineers use for the exchange: `Main Mode`, `Aggressive Mode`, `Quick Mode`. `None` when
    /// the number has no name.
    #[must_use]
    pub const fn mode_name(self) -> Option<&'static str> {
        match self {
            Self::IDENTITY_PROTECTION => Some("Main Mode"),
            Self::AGGRESSIVE => Some("Aggressive Mode"),
            _ => self.name(),
        }
    }
}

/// The major and the minor version in one octet (RFC 2408 section 3.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Version(pub u8);

impl Version {
    /// The version of ISAKMP in RFC 2408.
    pub const V1_0: Self = Self(0x10);
    /// The version of IKEv2 (RFC 7296).
    pub const V2_0: Self = Self(0x20);

    /// Returns the major version, the upper four bits.
    #[must_use]
    pub const fn major(self) -> u8 {
        self.0 >> 4
    }

    /// Returns the minor version, the lower four bits.
    #[must_use]
    pub const fn minor(self) -> u8 {
        self.0 & 0x0f
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::V1_0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major(), self.minor())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Flags (RFC 2408 section 3.1). The upper three are those of RFC 7296 section 3.1.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Flags(pub u8);

impl Flags {
    /// No flag is set.
    pub const NONE: Self = Self(0);
    /// The octets behind the header are encrypted.
    pub const ENCRYPTION: Self = Self(0x01);
    /// The receiver must wait for the other side before it uses the SA.
    pub const COMMIT: Self = Self(0x02);
    /// An Informational exchange is authenticated but not encrypted.
    pub const AUTHENTICATION_ONLY: Self = Self(0x04);
    /// IKEv2: the original initiator sends the message.
    pub const INITIATOR: Self = Self(0x08);
    /// IKEv2: the sender can speak a higher major version.
    pub const VERSION: Self = Self(0x10);
    /// IKEv2: the message is a response.
    pub const RESPONSE: Self = Self(0x20);

    /// Returns whether all flags of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns these flags together with those of `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns these flags without those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#04x}", self.0)
    }
}

/// The fields of the header that a sender chooses (RFC 2408 section 3.1). The struct is exhaustive on purpose, because
/// the figure has no other field.
///
/// The type of the first payload and the total length are not among them, because they follow from the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// The cookie of the initiator. In IKEv2 it is the initiator's SPI.
    pub initiator_cookie: [u8; 8],
    /// The cookie of the responder. It is zero until the responder has answered.
    pub responder_cookie: [u8; 8],
    /// The version.
    pub version: Version,
    /// The exchange type.
    pub exchange_type: ExchangeType,
    /// The flags.
    pub flags: Flags,
    /// The message id, which is 0 in phase 1. IOS prints it as a signed number.
    pub message_id: u32,
}

impl Header {
    /// Returns the phase that the message belongs to. Main, aggressive, base and authentication-only exchanges belong
    /// to phase 1, and all others to phase 2.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match self.exchange_type {
            ExchangeType::BASE
            | ExchangeType::IDENTITY_PROTECTION
            | ExchangeType::AUTHENTICATION_ONLY
            | ExchangeType::AGGRESSIVE => Phase::One,
            _ => Phase::Two,
        }
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct HeaderLayout {
    initiator_cookie: [u8; 8],
    responder_cookie: [u8; 8],
    next_payload: u8,
    version: u8,
    exchange_type: u8,
    flags: u8,
    message_id: U32,
    length: U32,
}

const _: () = assert!(size_of::<HeaderLayout>() == FramedHeader::LEN);

const VERSION_OFFSET: usize = 17;

/// The 28 octets of the header as they stand on the wire: the fields that the sender chose, and the two fields that
/// follow from the body. The struct is exhaustive on purpose, because the figure has no other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FramedHeader {
    /// The fields that the sender chose.
    pub header: Header,
    /// The type of the first payload.
    pub next_payload: PayloadType,
    /// The number of octets of the whole message, including the header.
    pub length: u32,
}

impl FramedHeader {
    /// The number of octets of the header.
    pub const LEN: usize = 28;

    /// Decodes exactly 28 octets, of any version.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 28 octets, and [`ParseError::TrailingOctets`] when
    /// there are more.
    pub fn parse(octets: &[u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (header, []) => Ok(header),
            (_, rest) => Err(ParseError::TrailingOctets {
                element: "ISAKMP header",
                within: WITHIN,
                offset: Self::LEN,
                count: rest.len(),
            }),
        }
    }

    /// Decodes the first 28 octets, of any version, and returns the octets after them.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer than 28 octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new(WITHIN, octets);
        let layout: HeaderLayout = transmute!(*reader.array::<{ Self::LEN }>("ISAKMP header")?);
        let header = Header {
            initiator_cookie: layout.initiator_cookie,
            responder_cookie: layout.responder_cookie,
            version: Version(layout.version),
            exchange_type: ExchangeType(layout.exchange_type),
            flags: Flags(layout.flags),
            message_id: layout.message_id.get(),
        };
        let framed =
            Self { header, next_payload: PayloadType(layout.next_payload), length: layout.length.get() };
        Ok((framed, reader.rest()))
    }

    /// Checks that the major version is 1. Otherwise the payloads are not ISAKMP's.
    pub(crate) const fn check_version(&self) -> Result<(), ParseError> {
        match self.header.version.major() {
            1 => Ok(()),
            _ => Err(ParseError::Version { version: self.header.version, offset: VERSION_OFFSET }),
        }
    }

    /// Splits the octets after the header into the body and the octets after the message. When the total length does
    /// not fit, all of them are the body, and the fault is returned.
    pub(crate) fn body<'a>(&self, after_header: &'a [u8]) -> (&'a [u8], &'a [u8], Option<ParseError>) {
        let declared = self.length;
        // default: a length that no usize can hold is above the number of any octets
        let len = usize::try_from(declared).unwrap_or(usize::MAX);
        let Some(body_len) = len.checked_sub(Self::LEN) else {
            return (after_header, &[], Some(ParseError::TotalLengthBelowHeader { declared }));
        };
        match after_header.split_at_checked(body_len) {
            Some((body, rest)) => (body, rest, None),
            None => {
                let available = after_header.len().saturating_add(Self::LEN);
                (after_header, &[], Some(ParseError::TotalLength { declared, available }))
            }
        }
    }
}

impl FramedHeader {
    /// Writes the header with its type and length. It is not public, because both are derived when a message is
    /// written.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; Self::LEN] = transmute!(HeaderLayout {
            initiator_cookie: self.header.initiator_cookie,
            responder_cookie: self.header.responder_cookie,
            next_payload: self.next_payload.0,
            version: self.header.version.0,
            exchange_type: self.header.exchange_type.0,
            flags: self.header.flags.0,
            message_id: U32::new(self.header.message_id),
            length: U32::new(self.length),
        });
        writer.put(&octets)
    }
}

impl TryFrom<&[u8]> for FramedHeader {
    type Error = ParseError;

    fn try_from(octets: &[u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    /// Frame 1 of `ISAKMP_sa_setup.pcap`. The values are those that tshark prints.
    const MAIN_MODE_1: [u8; 28] = [
        0xcf, 0x02, 0x32, 0x6f, 0x14, 0xa9, 0x5b, 0x93, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x10, 2, 0, 0, 0, 0, 0, 0,
        0, 0, 148,
    ];

    #[test]
    fn a_header_both_ways() {
        let framed = FramedHeader::parse(&MAIN_MODE_1).unwrap();
        assert_eq!(framed.header.initiator_cookie, [0xcf, 0x02, 0x32, 0x6f, 0x14, 0xa9, 0x5b, 0x93]);
        assert_eq!(framed.header.exchange_type, ExchangeType::IDENTITY_PROTECTION);
        assert_eq!((framed.header.version.to_string(), framed.length), ("1.0".to_string(), 148));
        assert_eq!(framed.next_payload, PayloadType::SECURITY_ASSOCIATION);
        let mut buffer = [0; 28];
        framed.write(&mut Writer::new(&mut buffer)).unwrap();
        assert_eq!(buffer, MAIN_MODE_1);
        let short = framed.write(&mut Writer::new(&mut buffer[..27]));
        assert_eq!(short, Err(EmitError::BufferTooSmall { needed: 28, available: 27 }));
    }

    #[test]
    fn every_field_is_written() {
        let base = FramedHeader::parse(&MAIN_MODE_1).unwrap();
        let mut changed = [base; 8];
        changed[0].header.initiator_cookie[7] ^= 1;
        changed[1].header.responder_cookie[7] ^= 1;
        changed[2].header.version = Version::V2_0;
        changed[3].header.exchange_type = ExchangeType::QUICK_MODE;
        changed[4].header.flags = Flags::ENCRYPTION.with(Flags::COMMIT);
        changed[5].header.message_id = 0x9bb7_e83a;
        changed[6].next_payload = PayloadType::HASH;
        changed[7].length = 29;
        for header in changed {
            let mut buffer = [0; 28];
            header.write(&mut Writer::new(&mut buffer)).unwrap();
            assert_ne!(buffer, MAIN_MODE_1);
            assert_eq!(FramedHeader::parse(&buffer), Ok(header));
        }
    }

    #[test]
    fn a_header_of_any_version_is_read_and_27_octets_are_none() {
        let mut octets = MAIN_MODE_1;
        octets[17] = 0xbe;
        let framed = FramedHeader::parse(&octets).unwrap();
        assert_eq!((framed.header.version.major(), framed.header.version.minor()), (11, 14));
        assert_eq!(
            FramedHeader::parse(&octets[..27]).unwrap_err().to_string(),
            "ISAKMP header at offset 0 of the ISAKMP message needs 28 octets, but only 27 are there"
        );
        assert!(matches!(
            FramedHeader::parse(&[0; 29]),
            Err(ParseError::TrailingOctets { offset: 28, count: 1, .. })
        ));
    }

    #[test]
    fn the_marker_is_skipped_only_when_it_is_there() {
        assert_eq!(strip_non_esp_marker(&[0, 0, 0, 0, 7]), Some(&[7][..]));
        assert_eq!(strip_non_esp_marker(&[0, 0, 0, 1, 7]), None);
        assert_eq!(strip_non_esp_marker(&[0, 0, 0]), None);
    }
}
