//! The enhanced GRE of PPTP, which is version 1, RFC 2637 section 4.1.

use core::mem::size_of;

use wire::{Emit, EmitError, LengthError, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Departure, ParseError, ProtocolType};

/// The first two words of the header, RFC 2637 section 4.1.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct EnhancedLayout {
    flags_and_version: U16,
    protocol_type: U16,
    payload_length: U16,
    call_id: U16,
}

const FIXED_LEN: usize = 8;
const _: () = assert!(size_of::<EnhancedLayout>() == FIXED_LEN);

const WITHIN: &str = "GRE packet";

const CHECKSUM_PRESENT: u16 = 0x8000;
const ROUTING_PRESENT: u16 = 0x4000;
const KEY_PRESENT: u16 = 0x2000;
const SEQUENCE_PRESENT: u16 = 0x1000;
const ACKNOWLEDGMENT_PRESENT: u16 = 0x0080;
/// Strict source route, recursion control and Flags, which the RFC sets to zero.
const RESERVED: u16 = 0x0f78;
const VERSION: u16 = 0x0007;
const VERSION_1: u16 = 1;

/// The header of a packet of enhanced GRE, RFC 2637 section 4.1. The payload length is derived when a packet is
/// emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EnhancedHeader {
    /// The bits of the flags that a sender puts to zero, in their places: 0x0f78. A receiver of this crate keeps
    /// them.
    pub reserved: u16,
    /// The type of the payload. PPTP has only [`ProtocolType::PPP`].
    pub protocol_type: ProtocolType,
    /// The receiver's number of the session that the packet belongs to.
    pub call_id: u16,
    /// The number of the packet within its session. `Some` sets the S bit. A packet with a payload has one.
    pub sequence_number: Option<u32>,
    /// The highest number that the sender has received in the session. `Some` sets the A bit.
    pub acknowledgment_number: Option<u32>,
}

impl EnhancedHeader {
    /// Number of octets of the shortest header.
    pub const MIN_LEN: usize = FIXED_LEN;
    /// Number of octets of the longest header.
    pub const MAX_LEN: usize = FIXED_LEN + 8;

    /// A header for PPP in the session `call_id`, without sequence and acknowledgment number.
    #[must_use]
    pub const fn new(call_id: u16) -> Self {
        Self {
            reserved: 0,
            protocol_type: ProtocolType::PPP,
            call_id,
            sequence_number: None,
            acknowledgment_number: None,
        }
    }

    /// Reads the header, and the payload length in it.
    fn read(reader: &mut Reader<'_>) -> Result<(Self, usize), ParseError> {
        let [high, low] = *reader.peek("GRE header")?;
        let flags = u16::from_be_bytes([high, low]);
        // The flags of other versions have other meanings.
        if flags & VERSION != VERSION_1 {
            return Err(ParseError::EnhancedVersion { version: low & 7 });
        }
        // With a checksum or routing the words would stand elsewhere, and without a key there is no call.
        if flags & (CHECKSUM_PRESENT | ROUTING_PRESENT | KEY_PRESENT) != KEY_PRESENT {
            return Err(ParseError::EnhancedFlags { flags });
        }
        let layout: EnhancedLayout = zerocopy::transmute!(*reader.array::<FIXED_LEN>("enhanced GRE header")?);
        let mut word = |bit: u16, element| match flags & bit {
            0 => Ok(None),
            _ => reader.u32(element).map(Some),
        };
        let header = Self {
            reserved: flags & RESERVED,
            protocol_type: ProtocolType(layout.protocol_type.get()),
            call_id: layout.call_id.get(),
            sequence_number: word(SEQUENCE_PRESENT, "GRE sequence number")?,
            acknowledgment_number: word(ACKNOWLEDGMENT_PRESENT, "GRE acknowledgment number")?,
        };
        Ok((header, usize::from(layout.payload_length.get())))
    }

    const fn len(&self) -> usize {
        let sequence: usize = if self.sequence_number.is_some() { 4 } else { 0 };
        let acknowledgment: usize = if self.acknowledgment_number.is_some() { 4 } else { 0 };
        FIXED_LEN.saturating_add(sequence).saturating_add(acknowledgment)
    }
}

/// A packet of enhanced GRE: a header and its payload, RFC 2637 section 4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EnhancedPacket<'a> {
    /// The header.
    pub header: EnhancedHeader,
    /// The payload, a packet of PPP. It is empty in a packet that only acknowledges.
    pub payload: &'a [u8],
    /// The number of octets of the payload that were missing when it was read. If it is not 0, the packet is not
    /// written.
    pub missing: usize,
}

impl<'a> EnhancedPacket<'a> {
    /// Whether octets that begin a GRE packet are of version 1.
    #[must_use]
    pub fn is_enhanced(octets: &[u8]) -> bool {
        matches!(octets, [_, low, ..] if u16::from(*low) & VERSION == VERSION_1)
    }

    /// Decodes a packet that is all of `octets`.
    ///
    /// # Errors
    /// Returns [`ParseError::TrailingOctets`] when octets follow the payload, and the errors of
    /// [`parse_prefix`](Self::parse_prefix).
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (packet, []) => Ok(packet),
            (packet, rest) => Err(ParseError::TrailingOctets {
                element: "payload",
                offset: packet.wire_len(),
                count: rest.len(),
            }),
        }
    }

    /// Decodes a packet that ends where its payload length says, and returns the octets after it.
    ///
    /// # Errors
    /// Returns [`ParseError::EnhancedVersion`] when the version is not 1, [`ParseError::EnhancedFlags`] when the
    /// flags are not those of PPTP, and [`ParseError::Length`] when the octets end inside the packet.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Decodes as much of a packet as there is. When the payload is cut, it has the octets that are there, and the
    /// fault says how many it needs.
    ///
    /// # Errors
    /// Returns the errors of [`parse_prefix`](Self::parse_prefix) when the header cannot be read.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let mut reader = Reader::new(WITHIN, octets);
        let (header, payload_len) = EnhancedHeader::read(&mut reader)?;
        let fault: LengthError = reader.too_short("payload", payload_len);
        let (payload, rest, missing) = match reader.rest().split_at_checked(payload_len) {
            Some((payload, rest)) => (payload, rest, 0),
            None => (reader.rest(), &[][..], payload_len.saturating_sub(reader.len())),
        };
        let value = Self { header, payload, missing };
        Ok(Parsed { value, rest, fault: (missing != 0).then_some(ParseError::Length(fault)) })
    }

    /// Lists where the packet departs from RFC 2637.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let EnhancedHeader { reserved, protocol_type, sequence_number, .. } = self.header;
        let payload_len = self.payload.len().saturating_add(self.missing);
        let reserved = (reserved != 0).then_some(Departure::EnhancedReserved { bits: reserved });
        let protocol_type =
            (protocol_type != ProtocolType::PPP).then_some(Departure::EnhancedProtocolType { protocol_type });
        let sequence = match (sequence_number, payload_len) {
            (None, 1..) => Some(Departure::PayloadWithoutSequenceNumber { payload_len }),
            (Some(_), 0) => Some(Departure::SequenceNumberWithoutPayload),
            _ => None,
        };
        [reserved, protocol_type, sequence].into_iter().flatten()
    }
}

/// Emits header and payload. The payload length is derived.
impl Emit for EnhancedPacket<'_> {
    fn wire_len(&self) -> usize {
        self.header.len().saturating_add(self.payload.len())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let EnhancedHeader { reserved, protocol_type, call_id, sequence_number, acknowledgment_number } =
            self.header;
        if self.missing != 0 {
            return Err(EmitError::CutElement { element: "payload", missing: self.missing });
        }
        if reserved & !RESERVED != 0 {
            return Err(EmitError::Contradiction {
                field: "Flags",
                reason: "a reserved bit stands where another flag or the version is",
            });
        }
        let bit = |present: bool, mask: u16| if present { mask } else { 0 };
        let flags = KEY_PRESENT
            | bit(sequence_number.is_some(), SEQUENCE_PRESENT)
            | bit(acknowledgment_number.is_some(), ACKNOWLEDGMENT_PRESENT)
            | reserved
            | VERSION_1;
        let layout = EnhancedLayout {
            flags_and_version: U16::new(flags),
            protocol_type: U16::new(protocol_type.0),
            payload_length: U16::new(EmitError::fit_u16("Payload Length", self.payload.len())?),
            call_id: U16::new(call_id),
        };
        writer.put(layout.as_bytes())?;
        for word in [sequence_number, acknowledgment_number].into_iter().flatten() {
            writer.u32(word)?;
        }
        writer.put(self.payload)
    }
}

impl<'a> TryFrom<&'a [u8]> for EnhancedPacket<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests;
