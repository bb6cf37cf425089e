//! The fixed part: the first twenty octets of every packet.

use core::mem::{offset_of, size_of};
use core::ops::Range;

use wire::{EmitError, InternetChecksum, LengthError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Departure, TypeLength};

/// The fixed part (RFC 2332 section 5.1).
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct FixedPartLayout {
    address_family: U16,
    protocol_type: U16,
    protocol_snap: [u8; 5],
    hop_count: u8,
    packet_size: U16,
    checksum: U16,
    extension_offset: U16,
    version: u8,
    packet_type: u8,
    source_address: u8,
    source_subaddress: u8,
}

const _: () = assert!(size_of::<FixedPartLayout>() == FixedPart::LEN);

wire::registry! {
    /// `ar$afn` (RFC 2332 section 5.1): the family of the NBMA addresses, an IANA address family number.
    pub struct AddressFamily(u16) {
        /// IPv4.
        IPV4 = 1 => "IPv4",
        /// IPv6.
        IPV6 = 2 => "IPv6",
        /// NSAP.
        NSAP = 3 => "NSAP",
        /// IEEE 802 MAC address.
        IEEE_802 = 6 => "802",
        /// E.164.
        E164 = 8 => "E.164",
        /// E.164 with an NSAP subaddress.
        E164_WITH_NSAP_SUBADDRESS = 15 => "E.164 with NSAP subaddress",
    }
}

wire::registry! {
    /// `ar$pro.type` (RFC 2332 section 5.1): an NLPID below 256, or an Ethertype from 0x600 on.
    pub struct ProtocolType(u16) {
        /// The field `ar$pro.snap` says the protocol.
        SNAP = 0x0080 => "SNAP",
        /// IPv4.
        IPV4 = 0x0800 => "IPv4",
        /// IPv6.
        IPV6 = 0x86dd => "IPv6",
    }
}

wire::registry! {
    /// `ar$op.type` (RFC 2332 section 5.1): the type of a packet.
    pub struct PacketType(u8) {
        /// Asks for the binding of a protocol address (RFC 2332 section 5.2.1).
        RESOLUTION_REQUEST = 1 => "NHRP Resolution Request",
        /// Answers a Resolution Request (RFC 2332 section 5.2.2).
        RESOLUTION_REPLY = 2 => "NHRP Resolution Reply",
        /// Registers a binding with a server (RFC 2332 section 5.2.3).
        REGISTRATION_REQUEST = 3 => "NHRP Registration Request",
        /// Answers a Registration Request (RFC 2332 section 5.2.4).
        REGISTRATION_REPLY = 4 => "NHRP Registration Reply",
        /// Withdraws a binding (RFC 2332 section 5.2.5).
        PURGE_REQUEST = 5 => "NHRP Purge Request",
        /// Answers a Purge Request (RFC 2332 section 5.2.6).
        PURGE_REPLY = 6 => "NHRP Purge Reply",
        /// Reports an error in a packet (RFC 2332 section 5.2.7).
        ERROR_INDICATION = 7 => "NHRP Error Indication",
        /// Cisco's own type, which is not in the RFC. It says that traffic took a detour through the sender, and that
        /// a shorter path may exist.
        TRAFFIC_INDICATION = 8 => "NHRP Traffic Indication",
    }
}

/// The fixed part of a packet as it was sent (RFC 2332 section 5.1). It is for a caller that shows packets, or that
/// checks the values which a sender derives.
///
/// [`Packet`](crate::Packet) has fields for the values that a sender chooses, and derives the others. The struct is
/// exhaustive, because the RFC fixes its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FixedPart {
    /// `ar$afn`: the family of the NBMA addresses.
    pub address_family: AddressFamily,
    /// `ar$pro.type`: the protocol whose addresses are resolved.
    pub protocol_type: ProtocolType,
    /// `ar$pro.snap`: the long form of the protocol.
    pub protocol_snap: [u8; 5],
    /// `ar$hopcnt`: the number of servers that may still forward the packet.
    pub hop_count: u8,
    /// `ar$pktsz`: the number of octets of the packet.
    pub packet_size: u16,
    /// `ar$chksum`: the checksum of the packet.
    pub checksum: u16,
    /// `ar$extoff`: the offset of the extensions from the start of the packet; 0 in a packet without extensions.
    pub extension_offset: u16,
    /// `ar$op.version`: 1 for NHRP.
    pub version: u8,
    /// `ar$op.type`: the type of the packet.
    pub packet_type: PacketType,
    /// `ar$shtl`: the type and the length of the source NBMA address.
    pub source_address: TypeLength,
    /// `ar$sstl`: the type and the length of the source NBMA subaddress.
    pub source_subaddress: TypeLength,
}

impl FixedPart {
    /// The number of octets of the fixed part.
    pub const LEN: usize = 20;
    /// The version number of NHRP.
    pub const VERSION: u8 = 1;
    /// The place of the checksum in a packet.
    pub(crate) const CHECKSUM: Range<usize> =
        offset_of!(FixedPartLayout, checksum)..offset_of!(FixedPartLayout, extension_offset);
    /// The name of the octets in which errors count their offsets.
    pub(crate) const WITHIN: &'static str = "NHRP packet";

    /// Decodes the fixed part and returns the octets that follow it.
    ///
    /// # Errors
    /// Returns [`LengthError`] when there are fewer than 20 octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), LengthError> {
        let mut reader = Reader::new(Self::WITHIN, octets);
        let layout: FixedPartLayout =
            zerocopy::transmute!(*reader.array::<{ Self::LEN }>("NHRP fixed part")?);
        let fixed_part = Self {
            address_family: AddressFamily(layout.address_family.get()),
            protocol_type: ProtocolType(layout.protocol_type.get()),
            protocol_snap: layout.protocol_snap,
            hop_count: layout.hop_count,
            packet_size: layout.packet_size.get(),
            checksum: layout.checksum.get(),
            extension_offset: layout.extension_offset.get(),
            version: layout.version,
            packet_type: PacketType(layout.packet_type),
            source_address: layout.source_address.into(),
            source_subaddress: layout.source_subaddress.into(),
        };
        Ok((fixed_part, reader.rest()))
    }

    /// Lists the values that the sender derived wrong: the packet size, the extension offset and the checksum.
    /// `packet` is the whole packet that begins with this fixed part. When it is shorter than a fixed part, the
    /// checksum is not compared.
    ///
    /// [`Packet::conformance`](crate::Packet::conformance) lists all other departures.
    pub fn conformance(&self, packet: &[u8]) -> impl Iterator<Item = Departure> + Clone + use<> {
        let actual = packet.len();
        let packet_size = (usize::from(self.packet_size) != actual)
            .then_some(Departure::PacketSize { found: self.packet_size, actual });
        let extension_offset = (self.extension_offset != 0 && usize::from(self.extension_offset) == actual)
            .then_some(Departure::ExtensionOffset { found: self.extension_offset });
        let checksum =
            // default: without a fixed part there is no checksum to compare
            checksum_of(packet).ok().and_then(|computed| Departure::of_checksum(self.checksum, computed));
        [packet_size, extension_offset, checksum].into_iter().flatten()
    }

    pub(crate) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = FixedPartLayout {
            address_family: U16::new(self.address_family.0),
            protocol_type: U16::new(self.protocol_type.0),
            protocol_snap: self.protocol_snap,
            hop_count: self.hop_count,
            packet_size: U16::new(self.packet_size),
            checksum: U16::new(self.checksum),
            extension_offset: U16::new(self.extension_offset),
            version: self.version,
            packet_type: self.packet_type.0,
            source_address: self.source_address.octet()?,
            source_subaddress: self.source_subaddress.octet()?,
        };
        writer.put(layout.as_bytes())
    }
}

/// Returns the fixed part of a packet, which can be changed in place, and the octets that follow it.
fn layout_of(packet: &mut [u8]) -> Result<(&mut FixedPartLayout, &mut [u8]), EmitError> {
    let available = packet.len();
    FixedPartLayout::mut_from_prefix(packet)
        .map_err(|_| EmitError::BufferTooSmall { needed: FixedPart::LEN, available })
}

/// Counts a hop in place and returns how many hops are left. `None` when the hop count is already zero.
pub(crate) fn decrement_hop_count(packet: &mut [u8]) -> Result<Option<u8>, EmitError> {
    let (layout, _) = layout_of(packet)?;
    let left = layout.hop_count.checked_sub(1);
    if let Some(left) = left {
        layout.hop_count = left;
    }
    Ok(left)
}

pub(crate) fn set_extension_offset(packet: &mut [u8], extension_offset: u16) -> Result<(), EmitError> {
    layout_of(packet)?.0.extension_offset.set(extension_offset);
    Ok(())
}

/// Derives the packet size and the checksum of a whole packet.
pub(crate) fn finish(packet: &mut [u8]) -> Result<(), EmitError> {
    let packet_size = EmitError::fit_u16("packet size", packet.len())?;
    layout_of(packet)?.0.packet_size.set(packet_size);
    write_checksum(packet)
}

/// Derives the checksum of a whole packet.
pub(crate) fn write_checksum(packet: &mut [u8]) -> Result<(), EmitError> {
    let (layout, rest) = layout_of(packet)?;
    layout.checksum.set(0);
    let checksum = sum(layout, rest);
    layout.checksum.set(checksum);
    Ok(())
}

/// Computes the right checksum of a packet (RFC 2332 section 5.1): the sum with a zero in the checksum field.
fn checksum_of(packet: &[u8]) -> Result<u16, LengthError> {
    let mut reader = Reader::new(FixedPart::WITHIN, packet);
    let octets = *reader.array::<{ FixedPart::LEN }>("NHRP fixed part")?;
    let mut layout: FixedPartLayout = zerocopy::transmute!(octets);
    layout.checksum.set(0);
    Ok(sum(&layout, reader.rest()))
}

fn sum(layout: &FixedPartLayout, rest: &[u8]) -> u16 {
    let mut sum = InternetChecksum::new();
    sum.add(layout.as_bytes());
    sum.add(rest);
    sum.finish()
}
