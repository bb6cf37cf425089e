//! The GRE header: flags, version, protocol type, and the words that the flags announce.

use core::mem::size_of;

use wire::{Emit, EmitError, InternetChecksum, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{ParseError, ProtocolType};

/// The first word of the header, RFC 2784 section 2.1.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct HeaderLayout {
    flags_and_version: U16,
    protocol_type: U16,
}

const _: () = assert!(size_of::<HeaderLayout>() == 4);

/// The second word, which is there when the C bit is set, RFC 2784 section 2.1.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ChecksumLayout {
    checksum: U16,
    reserved1: U16,
}

const _: () = assert!(size_of::<ChecksumLayout>() == 4);

const CHECKSUM_PRESENT: u16 = 0x8000;
const ROUTING_PRESENT: u16 = 0x4000;
const KEY_PRESENT: u16 = 0x2000;
const SEQUENCE_PRESENT: u16 = 0x1000;
const STRICT_SOURCE_ROUTE: u16 = 0x0800;
const BIT_5: u16 = 0x0400;
const RESERVED0: u16 = 0x03f8;
const RESERVED0_MAX: u8 = 0x7f;
const VERSION: u16 = 0x0007;

/// The header of a GRE packet, RFC 2784 section 2.1 and RFC 2890 section 2.
///
/// The checksum is not a field. It covers the payload too, and it is derived when a packet is emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// Bits 6 to 12 of the flags as a 7-bit number, from 0 to 127. A sender puts zero there and a receiver ignores
    /// them (RFC 2784 section 2.3). They are kept, because senders of RFC 1701 put their recursion control there.
    pub reserved0: u8,
    /// The type of the payload.
    pub protocol_type: ProtocolType,
    /// The reserved word after the checksum. `Some` sets the C bit, so that the packet has a checksum and this
    /// word. A sender puts zero there (RFC 2784 section 2.6).
    pub reserved1: Option<u16>,
    /// The key, which tells the flows within a tunnel apart, RFC 2890 section 2.1. `Some` sets the K bit.
    pub key: Option<u32>,
    /// The number of the packet within its flow, RFC 2890 section 2.2. `Some` sets the S bit.
    pub sequence_number: Option<u32>,
}

impl Header {
    /// Number of octets of the shortest header.
    pub const MIN_LEN: usize = 4;
    /// Number of octets of the longest header.
    pub const MAX_LEN: usize = 16;

    /// A header of four octets, without checksum, key and sequence number.
    #[must_use]
    pub const fn new(protocol_type: ProtocolType) -> Self {
        Self { reserved0: 0, protocol_type, reserved1: None, key: None, sequence_number: None }
    }

    /// Decodes exactly one header.
    ///
    /// # Errors
    /// Returns [`ParseError::TrailingOctets`] when octets follow the header, and the errors of
    /// [`parse_prefix`](Self::parse_prefix).
    pub fn parse(octets: &[u8]) -> Result<Self, ParseError> {
        match Self::parse_prefix(octets)? {
            (header, []) => Ok(header),
            (header, rest) => Err(ParseError::TrailingOctets {
                element: "GRE header",
                offset: header.wire_len(),
                count: rest.len(),
            }),
        }
    }

    /// Parses like [`parse_prefix`](Self::parse_prefix). The `fault` of the result is always `None`, because a
    /// header is either whole or an error.
    ///
    /// # Errors
    /// Returns the errors of [`parse_prefix`](Self::parse_prefix).
    pub fn parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Self, ParseError>, ParseError> {
        Self::parse_prefix(octets).map(|(value, rest)| Parsed { value, rest, fault: None })
    }

    /// Decodes a header, and returns it with the octets after it.
    ///
    /// # Errors
    /// Returns [`ParseError::Version`], [`ParseError::RoutingPresent`], [`ParseError::StrictSourceRoute`] or
    /// [`ParseError::ReservedBit5`] when RFC 2784 section 2.3 requires a receiver to discard the packet, and
    /// [`ParseError::Length`] when the octets end inside the header.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("GRE packet", octets);
        let (header, _) = Self::read(&mut reader)?;
        Ok((header, reader.rest()))
    }

    /// Reads the header, and the checksum in it when it has one.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<(Self, Option<u16>), ParseError> {
        let layout: HeaderLayout = zerocopy::transmute!(*reader.array::<4>("GRE header")?);
        let flags = layout.flags_and_version.get();
        // RFC 2784 section 2.3.1: the version MUST be zero. The flags of other versions have other meanings.
        match flags & VERSION {
            0 => {}
            version => return Err(ParseError::Version { version: version.to_be_bytes()[1] }),
        }
        // RFC 2784 section 2.3: a receiver MUST discard a packet when any of bits 1 to 5 is not zero. RFC 2890
        // uses bits 2 and 3 again.
        if flags & ROUTING_PRESENT != 0 {
            return Err(ParseError::RoutingPresent { flags });
        }
        if flags & STRICT_SOURCE_ROUTE != 0 {
            return Err(ParseError::StrictSourceRoute { flags });
        }
        if flags & BIT_5 != 0 {
            return Err(ParseError::ReservedBit5 { flags });
        }
        let checksum: Option<ChecksumLayout> = match flags & CHECKSUM_PRESENT {
            0 => None,
            _ => Some(zerocopy::transmute!(*reader.array::<4>("GRE checksum and Reserved1")?)),
        };
        let key = match flags & KEY_PRESENT {
            0 => None,
            _ => Some(reader.u32("GRE key")?),
        };
        let sequence_number = match flags & SEQUENCE_PRESENT {
            0 => None,
            _ => Some(reader.u32("GRE sequence number")?),
        };
        let [_, reserved0] = (flags & RESERVED0).wrapping_shr(3).to_be_bytes();
        let header = Self {
            reserved0,
            protocol_type: ProtocolType(layout.protocol_type.get()),
            reserved1: checksum.as_ref().map(|layout| layout.reserved1.get()),
            key,
            sequence_number,
        };
        Ok((header, checksum.map(|layout| layout.checksum.get())))
    }

    /// Flags and version, as the first two octets carry them.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when `reserved0` needs more than 7 bits.
    pub fn flags_and_version(&self) -> Result<u16, EmitError> {
        if self.reserved0 > RESERVED0_MAX {
            return Err(EmitError::FieldOverflow {
                field: "Reserved0",
                value: usize::from(self.reserved0),
                max: usize::from(RESERVED0_MAX),
            });
        }
        let bit = |present: bool, mask: u16| if present { mask } else { 0 };
        Ok(bit(self.reserved1.is_some(), CHECKSUM_PRESENT)
            | bit(self.key.is_some(), KEY_PRESENT)
            | bit(self.sequence_number.is_some(), SEQUENCE_PRESENT)
            | u16::from(self.reserved0).wrapping_shl(3))
    }

    /// Writes the header with a checksum of zero.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = HeaderLayout {
            flags_and_version: U16::new(self.flags_and_version()?),
            protocol_type: U16::new(self.protocol_type.0),
        };
        writer.put(layout.as_bytes())?;
        if let Some(reserved1) = self.reserved1 {
            let layout = ChecksumLayout { checksum: U16::ZERO, reserved1: U16::new(reserved1) };
            writer.put(layout.as_bytes())?;
        }
        if let Some(key) = self.key {
            writer.u32(key)?;
        }
        if let Some(sequence_number) = self.sequence_number {
            writer.u32(sequence_number)?;
        }
        Ok(())
    }

    /// Writes the header in front of a payload that is already in the buffer. `packet` has room for the header,
    /// which is [`wire_len`](Emit::wire_len) octets, and then the payload up to its end. When the header has a
    /// checksum, it covers both.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when `packet` is shorter than the header, and
    /// [`EmitError::FieldOverflow`] when `reserved0` needs more than 7 bits.
    pub fn encapsulate(&self, packet: &mut [u8]) -> Result<(), EmitError> {
        self.write(&mut Writer::for_len(packet, self.wire_len())?)?;
        if self.reserved1.is_some() {
            write_checksum(packet)?;
        }
        Ok(())
    }
}

/// Emits a header on its own, 4 to 16 octets. A header with a checksum is refused, because the checksum covers the
/// payload too: emit a [`Packet`](crate::Packet), or use [`Header::encapsulate`].
impl Emit for Header {
    fn wire_len(&self) -> usize {
        let word = |present: bool| if present { 4usize } else { 0 };
        word(true)
            .saturating_add(word(self.reserved1.is_some()))
            .saturating_add(word(self.key.is_some()))
            .saturating_add(word(self.sequence_number.is_some()))
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.reserved1.is_some() {
            return Err(EmitError::Contradiction {
                field: "Checksum",
                reason: "it covers the payload too, so it cannot be written without the payload",
            });
        }
        self.write(writer)
    }
}

/// Derives the checksum of a packet whose C bit is set, RFC 2784 section 2.5.
///
/// # Errors
/// Returns [`EmitError::BufferTooSmall`] when the packet ends before its checksum.
pub(crate) fn write_checksum(packet: &mut [u8]) -> Result<(), EmitError> {
    let available = packet.len();
    let too_short = EmitError::BufferTooSmall { needed: CHECKSUM_END, available };
    let [_, _, _, _, high, low, ..] = packet else { return Err(too_short) };
    [*high, *low] = [0; 2];
    let checksum = InternetChecksum::of(packet).to_be_bytes();
    let [_, _, _, _, high, low, ..] = packet else { return Err(too_short) };
    [*high, *low] = checksum;
    Ok(())
}

/// Number of octets up to the end of the checksum.
const CHECKSUM_END: usize = 6;

/// Computes the right checksum of a packet whose C bit is set. It is the sum with zero in place of the checksum.
pub(crate) fn computed_checksum(packet: &[u8]) -> u16 {
    let mut sum = InternetChecksum::new();
    // default: never taken, because a header was read from these octets
    sum.add(packet.get(..size_of::<HeaderLayout>()).unwrap_or_default());
    // default: never taken, because a header was read from these octets
    sum.add(packet.get(CHECKSUM_END..).unwrap_or_default());
    sum.finish()
}
