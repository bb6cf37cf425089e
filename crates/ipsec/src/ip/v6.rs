//! The IPv6 header and the extension headers before ESP or AH, RFC 8200 sections 3 and 4.

use core::mem::size_of;
use core::net::Ipv6Addr;

use wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{Ecn, IpError};
use crate::NextHeader;
use crate::place::put;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned, Clone, Copy)]
#[repr(C)]
pub(crate) struct HeaderLayout {
    pub(crate) version_class_and_flow: U32,
    pub(crate) payload_len: U16,
    pub(crate) next_header: u8,
    pub(crate) hop_limit: u8,
    pub(crate) source: [u8; 16],
    pub(crate) destination: [u8; 16],
}

const _: () = assert!(size_of::<HeaderLayout>() == Header::LEN);

pub(crate) const NEXT_HEADER_OFFSET: usize = core::mem::offset_of!(HeaderLayout, next_header);
const PAYLOAD_LEN_OFFSET: usize = core::mem::offset_of!(HeaderLayout, payload_len);

const FLOW_LABEL: u32 = 0x000f_ffff;

/// The header of an IPv6 packet, RFC 8200 section 3. `emit` derives the payload length. These are the fields of the
/// RFC's figure, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header {
    /// The differentiated services code point, six bits.
    pub dscp: u8,
    /// Explicit congestion notification.
    pub ecn: Ecn,
    /// The flow label, twenty bits.
    pub flow_label: u32,
    /// The protocol of what follows: an extension header, or the payload.
    pub next_header: NextHeader,
    /// The hop limit.
    pub hop_limit: u8,
    /// The source address.
    pub source: Ipv6Addr,
    /// The destination address.
    pub destination: Ipv6Addr,
}

impl Header {
    /// The length of a header in octets.
    pub const LEN: usize = 40;

    /// Reads the header of a whole packet. Returns it with the octets that follow in the packet, extension headers
    /// included.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets are not an IPv6 packet of the length that it states.
    pub fn parse(packet: &[u8]) -> Result<(Self, &[u8]), IpError> {
        let (header, payload, rest) = Self::parse_prefix(packet)?;
        match rest {
            [] => Ok((header, payload)),
            _ => Err(IpError::TrailingOctets {
                offset: packet.len().saturating_sub(rest.len()),
                len: rest.len(),
            }),
        }
    }

    /// Reads the header of a packet. Returns it with the octets that follow in the packet, and the octets that follow
    /// the packet.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets end before the packet does, or when the packet is not IPv6.
    pub fn parse_prefix(packet: &[u8]) -> Result<(Self, &[u8], &[u8]), IpError> {
        let (layout, total_len) = measure(packet)?;
        let (whole, rest) = packet.split_at_checked(total_len).ok_or_else(|| too_short(packet, total_len))?;
        // default: `measure` has found the header.
        let payload = whole.get(Self::LEN..).unwrap_or_default();
        let word = layout.version_class_and_flow.get();
        let [class, ..] = (word << 4).to_be_bytes();
        let header = Self {
            dscp: class >> 2,
            ecn: Ecn::from_bits(class),
            flow_label: word & FLOW_LABEL,
            next_header: NextHeader(layout.next_header),
            hop_limit: layout.hop_limit,
            source: layout.source.into(),
            destination: layout.destination.into(),
        };
        Ok((header, payload, rest))
    }

    /// Returns the length of the header in octets.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        Self::LEN
    }

    /// Writes the header of a packet in which `payload_len` octets follow it, and returns the length of the header in
    /// octets.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the buffer is too small, when the packet is too long, or when a value does not fit
    /// into its field.
    pub fn emit(&self, payload_len: usize, buffer: &mut [u8]) -> Result<usize, IpError> {
        let overflow = |field, value: usize, max: usize| EmitError::FieldOverflow { field, value, max };
        if self.dscp > 0x3f {
            return Err(overflow("DSCP", self.dscp.into(), 0x3f).into());
        }
        if self.flow_label > FLOW_LABEL {
            // default: on a machine of 16 bits, the error states the greatest number there.
            let value = usize::try_from(self.flow_label).unwrap_or(usize::MAX);
            return Err(overflow("flow label", value, 0x000f_ffff).into());
        }
        let len = payload_len.saturating_add(Self::LEN);
        let payload_len = u16::try_from(payload_len).map_err(|_| IpError::TooLong { len })?;
        let class = self.dscp << 2 | self.ecn.bits();
        let layout = HeaderLayout {
            version_class_and_flow: (0x6000_0000 | u32::from(class) << 20 | self.flow_label).into(),
            payload_len: payload_len.into(),
            next_header: self.next_header.0,
            hop_limit: self.hop_limit,
            source: self.source.octets(),
            destination: self.destination.octets(),
        };
        let octets: [u8; Self::LEN] = zerocopy::transmute!(layout);
        let mut writer = Writer::for_len(buffer, Self::LEN)?;
        writer.put(&octets)?;
        Ok(writer.position())
    }
}

fn too_short(packet: &[u8], needed: usize) -> IpError {
    Reader::new("IP packet", packet).too_short("IPv6 packet", needed).into()
}

/// Returns the layout of a packet's header, and the length in octets that the packet states.
pub(crate) fn measure(packet: &[u8]) -> Result<(HeaderLayout, usize), IpError> {
    let reader = Reader::new("IP packet", packet);
    let layout: HeaderLayout = zerocopy::transmute!(*reader.peek::<{ Header::LEN }>("IPv6 header")?);
    let [first, ..] = layout.version_class_and_flow.get().to_be_bytes();
    let version = first >> 4;
    if version != 6 {
        return Err(IpError::Version { version });
    }
    let payload_len = usize::from(layout.payload_len.get());
    if payload_len == 0 && NextHeader(layout.next_header) == NextHeader::HOP_BY_HOP {
        return Err(IpError::Jumbogram);
    }
    let total_len = payload_len.saturating_add(Header::LEN);
    if packet.len() < total_len {
        return Err(too_short(packet, total_len));
    }
    Ok((layout, total_len))
}

/// Writes the length field of a packet whose payload has `payload_len` octets.
pub(crate) fn write_payload_len(header: &mut [u8], payload_len: u16) -> Result<(), EmitError> {
    put(header, PAYLOAD_LEN_OFFSET, &payload_len.to_be_bytes())
}

/// The kind of an extension header, and the protocol after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExtensionHeader {
    /// The kind of this header.
    pub kind: NextHeader,
    /// The next header field: the protocol that follows.
    pub next_header: NextHeader,
}

/// The framing of extension headers: each names the next one. The chain walks hop-by-hop options, destination
/// options, routing and fragment headers. It ends before any other header, ESP and AH included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionFraming {
    /// The kind of the first extension header.
    pub next_header: NextHeader,
}

/// The extension headers of an IPv6 packet before ESP or AH.
pub type Extensions<'a> = Chain<'a, ExtensionFraming>;

impl Framing for ExtensionFraming {
    type Header = ExtensionHeader;
    type Open = ();
    const ELEMENT: &'static str = "IPv6 extension header";
    const WITHIN: &'static str = "IP packet";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, ExtensionHeader>>, LengthError> {
        let kind = self.next_header;
        let [next_header, units] = match kind {
            NextHeader::HOP_BY_HOP | NextHeader::DESTINATION_OPTIONS | NextHeader::ROUTING => {
                *reader.peek(Self::ELEMENT)?
            }
            // The second octet of a fragment header is reserved, and its length is always eight octets.
            NextHeader::FRAGMENT => {
                let [next_header, _] = *reader.peek(Self::ELEMENT)?;
                [next_header, 0]
            }
            _ => return Ok(None),
        };
        let value_len = usize::from(units).saturating_mul(8).saturating_add(6);
        let next_header = NextHeader(next_header);
        let element =
            reader.element(Self::ELEMENT, ExtensionHeader { kind, next_header }, 2, value_len, 0)?;
        self.next_header = next_header;
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: ExtensionHeader) -> Result<(), EmitError> {
        writer.u8(header.next_header.0)?;
        writer.u8(0)
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: ExtensionHeader,
        (): (),
        start: usize,
    ) -> Result<(), EmitError> {
        // RFC 8200 section 4: the length must be a multiple of eight octets. Options have their own padding.
        let len = writer.position().saturating_sub(start);
        let overflow =
            EmitError::FieldOverflow { field: "IPv6 extension header length", value: len, max: 2048 };
        let units = (len / 8).checked_sub(1).filter(|_| len.is_multiple_of(8)).ok_or(overflow)?;
        let units = u8::try_from(units).map_err(|_| overflow)?;
        if header.kind != NextHeader::FRAGMENT {
            put(writer.written_mut(), start.saturating_add(1), &[units])?;
        }
        self.next_header = header.next_header;
        Ok(())
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        len.saturating_add(value_len).saturating_add(2)
    }
}

/// The length of a fragment header in octets, RFC 8200 section 4.5.
pub const FRAGMENT_HEADER_LEN: usize = 8;
