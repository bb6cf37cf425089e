//! The IPv4 header, RFC 791 section 3.1.

use core::mem::size_of;
use core::net::Ipv4Addr;

use wire::{Chain, EmitError, InternetChecksum, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::option::{OptionFraming, OptionType, Options};
use super::{Ecn, IpError};
use crate::NextHeader;
use crate::place::put;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned, Clone, Copy)]
#[repr(C)]
pub(crate) struct HeaderLayout {
    pub(crate) version_and_header_len: u8,
    pub(crate) type_of_service: u8,
    pub(crate) total_len: U16,
    pub(crate) identification: U16,
    pub(crate) flags_and_offset: U16,
    pub(crate) time_to_live: u8,
    pub(crate) protocol: u8,
    pub(crate) checksum: U16,
    pub(crate) source: [u8; 4],
    pub(crate) destination: [u8; 4],
}

const _: () = assert!(size_of::<HeaderLayout>() == Header::LEN);

pub(crate) const PROTOCOL_OFFSET: usize = core::mem::offset_of!(HeaderLayout, protocol);
const CHECKSUM_OFFSET: usize = core::mem::offset_of!(HeaderLayout, checksum);
const TOTAL_LEN_OFFSET: usize = core::mem::offset_of!(HeaderLayout, total_len);

const RESERVED: u16 = 0x8000;
const DONT_FRAGMENT: u16 = 0x4000;
const MORE_FRAGMENTS: u16 = 0x2000;
pub(crate) const OFFSET: u16 = 0x1fff;

/// The header of an IPv4 packet, RFC 791 section 3.1. `emit` derives the lengths and the checksum. These are the
/// fields of the RFC's figure, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header<'a> {
    /// The differentiated services code point, six bits.
    pub dscp: u8,
    /// Explicit congestion notification.
    pub ecn: Ecn,
    /// The identification, which all fragments of a packet share.
    pub identification: u16,
    /// The first flag, which is zero by RFC 791.
    pub reserved: bool,
    /// The DF flag: routers must not fragment the packet.
    pub dont_fragment: bool,
    /// The MF flag: more fragments follow.
    pub more_fragments: bool,
    /// The offset of the fragment, in units of eight octets.
    pub fragment_offset: u16,
    /// The time to live.
    pub time_to_live: u8,
    /// The protocol of the payload.
    pub protocol: NextHeader,
    /// The source address.
    pub source: Ipv4Addr,
    /// The destination address.
    pub destination: Ipv4Addr,
    /// The options, padded to a multiple of four octets.
    pub options: &'a [u8],
}

impl<'a> Header<'a> {
    /// The length in octets of a header without options.
    pub const LEN: usize = 20;
    /// The greatest length of the options in octets.
    pub const MAX_OPTIONS_LEN: usize = 40;

    /// Reads the header of a whole packet. Returns it with the payload.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets are not an IPv4 packet of the length that it states, or when its
    /// checksum is wrong.
    pub fn parse(packet: &'a [u8]) -> Result<(Self, &'a [u8]), IpError> {
        let (header, payload, rest) = Self::parse_prefix(packet)?;
        match rest {
            [] => Ok((header, payload)),
            _ => Err(IpError::TrailingOctets {
                offset: packet.len().saturating_sub(rest.len()),
                len: rest.len(),
            }),
        }
    }

    /// Reads the header of a packet. Returns it with the payload and the octets that follow the packet.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets end before the packet does, when the packet is not IPv4, or when its
    /// checksum is wrong.
    pub fn parse_prefix(packet: &'a [u8]) -> Result<(Self, &'a [u8], &'a [u8]), IpError> {
        let (layout, header_len, total_len) = measure(packet)?;
        let (whole, rest) = packet.split_at_checked(total_len).ok_or_else(|| too_short(packet, total_len))?;
        let (before, payload) =
            whole.split_at_checked(header_len).ok_or_else(|| too_short(packet, header_len))?;
        let checksum = InternetChecksum::of(before);
        if checksum != 0 {
            return Err(IpError::Checksum { checksum: layout.checksum.get() });
        }
        let flags = layout.flags_and_offset.get();
        let header = Self {
            dscp: layout.type_of_service >> 2,
            ecn: Ecn::from_bits(layout.type_of_service),
            identification: layout.identification.get(),
            reserved: flags & RESERVED != 0,
            dont_fragment: flags & DONT_FRAGMENT != 0,
            more_fragments: flags & MORE_FRAGMENTS != 0,
            fragment_offset: flags & OFFSET,
            time_to_live: layout.time_to_live,
            protocol: NextHeader(layout.protocol),
            source: layout.source.into(),
            destination: layout.destination.into(),
            // default: `measure` has found the fixed part of the header.
            options: before.get(Self::LEN..).unwrap_or_default(),
        };
        Ok((header, payload, rest))
    }

    /// Returns the length of the header in octets.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        Self::LEN.saturating_add(self.options.len())
    }

    /// Writes the header of a packet with a payload of `payload_len` octets, and returns the length of the header in
    /// octets.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the buffer is too small, when the packet is too long, or when a value does not fit
    /// into its field.
    pub fn emit(&self, payload_len: usize, buffer: &mut [u8]) -> Result<usize, IpError> {
        let header_len = self.wire_len();
        let overflow = |field, value: usize, max: usize| EmitError::FieldOverflow { field, value, max };
        if self.options.len() > Self::MAX_OPTIONS_LEN || !self.options.len().is_multiple_of(4) {
            return Err(overflow("IPv4 options length", self.options.len(), Self::MAX_OPTIONS_LEN).into());
        }
        if self.dscp > 0x3f {
            return Err(overflow("DSCP", self.dscp.into(), 0x3f).into());
        }
        if self.fragment_offset > OFFSET {
            return Err(overflow("fragment offset", self.fragment_offset.into(), OFFSET.into()).into());
        }
        let len = header_len.saturating_add(payload_len);
        let total_len = u16::try_from(len).map_err(|_| IpError::TooLong { len })?;
        let words = u8::try_from(header_len / 4).map_err(|_| IpError::HeaderLen { header_len })?;
        let bit = |set: bool, mask: u16| if set { mask } else { 0 };
        let layout = HeaderLayout {
            version_and_header_len: 0x40 | words,
            type_of_service: self.dscp << 2 | self.ecn.bits(),
            total_len: total_len.into(),
            identification: self.identification.into(),
            flags_and_offset: (bit(self.reserved, RESERVED)
                | bit(self.dont_fragment, DONT_FRAGMENT)
                | bit(self.more_fragments, MORE_FRAGMENTS)
                | self.fragment_offset)
                .into(),
            time_to_live: self.time_to_live,
            protocol: self.protocol.0,
            checksum: 0.into(),
            source: self.source.octets(),
            destination: self.destination.octets(),
        };
        let mut writer = Writer::for_len(buffer, header_len)?;
        let octets: [u8; Header::LEN] = zerocopy::transmute!(layout);
        writer.put(&octets)?;
        writer.put(self.options)?;
        write_checksum(writer.written_mut())?;
        Ok(writer.position())
    }
}

fn too_short(packet: &[u8], needed: usize) -> IpError {
    Reader::new("IP packet", packet).too_short("IPv4 packet", needed).into()
}

/// Returns the layout of a packet's header, the length of the header, and the length that the packet states, both in
/// octets.
pub(crate) fn measure(packet: &[u8]) -> Result<(HeaderLayout, usize, usize), IpError> {
    let reader = Reader::new("IP packet", packet);
    let layout: HeaderLayout = zerocopy::transmute!(*reader.peek::<{ Header::LEN }>("IPv4 header")?);
    let version = layout.version_and_header_len >> 4;
    if version != 4 {
        return Err(IpError::Version { version });
    }
    let header_len = usize::from(layout.version_and_header_len & 15).saturating_mul(4);
    if header_len < Header::LEN {
        return Err(IpError::HeaderLen { header_len });
    }
    let total_len = usize::from(layout.total_len.get());
    if total_len < header_len {
        return Err(IpError::TotalLen { total_len, header_len });
    }
    if packet.len() < total_len {
        return Err(too_short(packet, total_len));
    }
    Ok((layout, header_len, total_len))
}

impl HeaderLayout {
    /// Returns the offset in octets and the MF flag of a fragment. `None` for a whole packet.
    pub(crate) fn fragment(&self) -> Option<(usize, bool)> {
        let flags = self.flags_and_offset.get();
        let (offset, more) = (usize::from(flags & OFFSET).saturating_mul(8), flags & MORE_FRAGMENTS != 0);
        (offset != 0 || more).then_some((offset, more))
    }
}

/// Returns the final destination of a packet with a source route: the last address of the route. `None` without such
/// an option, or when its pointer is behind the route (RFC 791 section 3.1).
pub(crate) fn final_destination(options: Options<'_>) -> Option<[u8; 4]> {
    let route = options.iter().find(|option| OptionType(option.header.option_type).is_source_route())?;
    let (pointer, addresses) = route.value.split_first()?;
    // The pointer counts from 1, at the first octet of the option.
    if usize::from(*pointer) > route.octets.len() {
        return None;
    }
    addresses.last_chunk().copied()
}

/// Frames the options of a header.
pub(crate) fn options(octets: &[u8]) -> Result<Options<'_>, wire::LengthError> {
    Chain::parse(octets, Header::LEN, OptionFraming::V4)
}

/// Computes and writes the checksum of a header.
pub(crate) fn write_checksum(header: &mut [u8]) -> Result<(), EmitError> {
    put(header, CHECKSUM_OFFSET, &[0; 2])?;
    let checksum = InternetChecksum::of(header);
    put(header, CHECKSUM_OFFSET, &checksum.to_be_bytes())
}

/// Writes the length of a packet. The checksum is wrong afterwards.
pub(crate) fn write_total_len(header: &mut [u8], total_len: u16) -> Result<(), EmitError> {
    put(header, TOTAL_LEN_OFFSET, &total_len.to_be_bytes())
}
