//! The first twenty octets of every packet.

use core::mem::{offset_of, size_of};
use core::ops::Range;

use wire::{EmitError, LengthError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::TypeLength;

/// RFC 2332 section 5.1.
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
    /// `ar$afn`, RFC 2332 section 5.1: the family of the NBMA addresses, an IANA address family number.
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
    /// `ar$pro.type`, RFC 2332 section 5.1: an NLPID below 256, an Ethertype from 0x600 on.
    pub struct ProtocolType(u16) {
        /// The protocol stands in `ar$pro.snap`.
        SNAP = 0x0080 => "SNAP",
        /// IPv4.
        IPV4 = 0x0800 => "IPv4",
        /// IPv6.
        IPV6 = 0x86dd => "IPv6",
    }
}

wire::registry! {
    /// `ar$op.type`, RFC 2332 section 5.1.
    pub struct PacketType(u8) {
        /// RFC 2332 section 5.2.1.
        RESOLUTION_REQUEST = 1 => "NHRP Resolution Request",
        /// RFC 2332 section 5.2.2.
        RESOLUTION_REPLY = 2 => "NHRP Resolution Reply",
        /// RFC 2332 section 5.2.3.
        REGISTRATION_REQUEST = 3 => "NHRP Registration Request",
        /// RFC 2332 section 5.2.4.
        REGISTRATION_REPLY = 4 => "NHRP Registration Reply",
        /// RFC 2332 section 5.2.5.
        PURGE_REQUEST = 5 => "NHRP Purge Request",
        /// RFC 2332 section 5.2.6.
        PURGE_REPLY = 6 => "NHRP Purge Reply",
        /// RFC 2332 section 5.2.7.
        ERROR_INDICATION = 7 => "NHRP Error Indication",
        /// Cisco's, not in the RFC: traffic took a detour through the sender, a shorter path may exist.
        TRAFFIC_INDICATION = 8 => "NHRP Traffic Indication",
    }
}

/// The fixed part as it was sent, RFC 2332 section 5.1: for those who look at packets.
///
/// [`Packet`](crate::Packet) has those of these values as fields that a sender chooses, and derives the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct FixedPart {
    /// `ar$afn`.
    pub address_family: AddressFamily,
    /// `ar$pro.type`.
    pub protocol_type: ProtocolType,
    /// `ar$pro.snap`.
    pub protocol_snap: [u8; 5],
    /// `ar$hopcnt`.
    pub hop_count: u8,
    /// `ar$pktsz`: octets of the packet.
    pub packet_size: u16,
    /// `ar$chksum`.
    pub checksum: u16,
    /// `ar$extoff`: where the extensions begin, from the start of the packet; 0 where there are none.
    pub extension_offset: u16,
    /// `ar$op.version`: 1 for NHRP.
    pub version: u8,
    /// `ar$op.type`.
    pub packet_type: PacketType,
    /// `ar$shtl`.
    pub source_address: TypeLength,
    /// `ar$sstl`.
    pub source_subaddress: TypeLength,
}

impl FixedPart {
    /// Octets of the fixed part.
    pub const LEN: usize = 20;
    /// The version that is NHRP.
    pub const VERSION: u8 = 1;
    /// Where the checksum stands.
    pub(crate) const CHECKSUM: Range<usize> =
        offset_of!(FixedPartLayout, checksum)..offset_of!(FixedPartLayout, extension_offset);

    /// Decodes the fixed part and returns what follows it.
    ///
    /// # Errors
    /// When there are less than 20 octets.
    pub fn parse_prefix(octets: &[u8]) -> Result<(Self, &[u8]), LengthError> {
        let mut reader = Reader::new("NHRP packet", octets);
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
            source_address: TypeLength(layout.source_address),
            source_subaddress: TypeLength(layout.source_subaddress),
        };
        Ok((fixed_part, reader.rest()))
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
            source_address: self.source_address.0,
            source_subaddress: self.source_subaddress.0,
        };
        writer.put(layout.as_bytes())
    }
}

/// Counts a hop in place, and returns how many are left; nothing when none was.
pub(crate) fn decrement_hop_count(packet: &mut [u8]) -> Option<u8> {
    let (layout, _) = FixedPartLayout::mut_from_prefix(packet).ok()?;
    layout.hop_count = layout.hop_count.checked_sub(1)?;
    Some(layout.hop_count)
}

pub(crate) fn set_packet_size(packet: &mut [u8], packet_size: u16) {
    if let Ok((layout, _)) = FixedPartLayout::mut_from_prefix(packet) {
        layout.packet_size.set(packet_size);
    }
}

pub(crate) fn set_extension_offset(packet: &mut [u8], extension_offset: u16) {
    if let Ok((layout, _)) = FixedPartLayout::mut_from_prefix(packet) {
        layout.extension_offset.set(extension_offset);
    }
}

pub(crate) fn set_checksum(packet: &mut [u8], checksum: u16) {
    if let Ok((layout, _)) = FixedPartLayout::mut_from_prefix(packet) {
        layout.checksum.set(checksum);
    }
}
