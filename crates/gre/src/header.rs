//! The header: flags, version, protocol type, and the words the flags announce.

use core::mem::size_of;

use wire::{Emit, EmitError, InternetChecksum, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{ParseError, ProtocolType};

/// RFC 2784 section 2.1, the first word.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct HeaderLayout {
    flags_and_version: U16,
    protocol_type: U16,
}

const _: () = assert!(size_of::<HeaderLayout>() == 4);

/// RFC 2784 section 2.1, the second word.
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

/// What stands before the payload, RFC 2784 section 2.1 and RFC 2890 section 2.
///
/// The checksum is not a field: it covers the payload too, and is derived when a packet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// Bits 6 to 12 of the flags as a 7-bit number, 0 to 127. To be sent as zero and ignored, RFC 2784 section 2.3;
    /// kept because senders of RFC 1701 put their recursion control there.
    pub reserved0: u8,
    /// What the payload is.
    pub protocol_type: ProtocolType,
    /// The word after the checksum: there exactly when the checksum is (the C bit). To be sent as zero, RFC 2784
    /// section 2.6.
    pub reserved1: Option<u16>,
    /// Which flow within the tunnel, RFC 2890 section 2.1.
    pub key: Option<u32>,
    /// Number of the packet within its flow, RFC 2890 section 2.2.
    pub sequence_number: Option<u32>,
}

impl Header {
    /// Octets of the shortest header.
    pub const MIN_LEN: usize = 4;
    /// Octets of the longest.
    pub const MAX_LEN: usize = 16;

    /// A header of four octets: no checksum, no key, no sequence number.
    #[must_use]
    pub const fn new(protocol_type: ProtocolType) -> Self {
        Self { reserved0: 0, protocol_type, reserved1: None, key: None, sequence_number: None }
    }

    /// Decodes exactly one header.
    ///
    /// # Errors
    /// As [`parse_prefix`](Self::parse_prefix), and when octets follow the header.
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

    /// As [`parse_prefix`](Self::parse_prefix): a header that is returned has no fault beside it.
    ///
    /// # Errors
    /// As [`parse_prefix`](Self::parse_prefix).
    pub fn parse_until_error(octets: &[u8]) -> Result<Parsed<'_, Self, ParseError>, ParseError> {
        Self::parse_prefix(octets).map(|(value, rest)| Parsed { value, rest, fault: None })
    }

    /// Decodes a header and returns what follows it.
    ///
    /// # Errors
    /// What RFC 2784 section 2.3 has a receiver discard, and octets that end too early.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("GRE packet", octets);
        let (header, _) = Self::read(&mut reader)?;
        Ok((header, reader.rest()))
    }

    /// The header and the checksum that stood in it.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<(Self, Option<u16>), ParseError> {
        let layout: HeaderLayout = zerocopy::transmute!(*reader.array::<4>("GRE header")?);
        let flags = layout.flags_and_version.get();
        // RFC 2784 section 2.3.1: the version MUST be zero. Another version's flags mean other things.
        match flags & VERSION {
            0 => {}
            version => return Err(ParseError::Version { version: version.to_be_bytes()[1] }),
        }
        // RFC 2784 section 2.3: a receiver MUST discard where bits 1 to 5 are not zero; RFC 2890 gives bits 2 and 3 back.
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

    /// The flags and version as they stand in the first two octets.
    ///
    /// # Errors
    /// When `reserved0` needs more than 7 bits.
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

    /// Writes the header, its checksum zero.
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

    /// Writes the header in front of a payload that stands in the buffer already: `packet` is
    /// [`wire_len`](Emit::wire_len) octets of room and then the payload, to its end. The checksum, where there is
    /// one, covers both.
    ///
    /// # Errors
    /// When `packet` is shorter than the header; when `reserved0` needs more than 7 bits.
    pub fn encapsulate(&self, packet: &mut [u8]) -> Result<(), EmitError> {
        self.write(&mut Writer::for_len(packet, self.wire_len())?)?;
        if self.reserved1.is_some() {
            write_checksum(packet)?;
        }
        Ok(())
    }
}

/// A header on its own, 4 to 16 octets. One with a checksum is refused, because the checksum covers the payload too:
/// [`Packet`](crate::Packet) and [`Header::encapsulate`] write it.
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
                reason: "it covers the payload too, which is not written with the header alone",
            });
        }
        self.write(writer)
    }
}

/// Derives the checksum of a packet whose header says that it has one, RFC 2784 section 2.5.
///
/// # Errors
/// When the packet ends before its checksum.
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

/// Octets up to the end of the checksum.
const CHECKSUM_END: usize = 6;

/// What the checksum of a packet should be whose header says that it has one: the sum with a zero in its place.
pub(crate) fn computed_checksum(packet: &[u8]) -> u16 {
    let mut sum = InternetChecksum::new();
    // default: never taken, a header was read
    sum.add(packet.get(..size_of::<HeaderLayout>()).unwrap_or_default());
    // default: never taken, a header was read
    sum.add(packet.get(CHECKSUM_END..).unwrap_or_default());
    sum.finish()
}
