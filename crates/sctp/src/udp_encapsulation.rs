//! SCTP packets in UDP, RFC 6951.

use core::net::IpAddr;

use wire::{EmitError, InternetChecksum, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ParseError;

/// The port that IANA assigned to SCTP in UDP (`sctp-tunneling`), RFC 6951 section 5.1.
pub const PORT: u16 = 9899;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct UdpHeaderLayout {
    source_port: U16,
    destination_port: U16,
    length: U16,
    checksum: U16,
}

const _: () = assert!(size_of::<UdpHeaderLayout>() == UdpHeader::LEN);

/// The UDP header that stands between the IP header and the common header, RFC 6951 section 5.2: 8 octets.
///
/// Length and checksum are derived. A path that is encapsulated has a path MTU smaller by these octets
/// (section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UdpHeader {
    /// The sender's encapsulation port: the receiver sends there from now on (section 5.4).
    pub source_port: u16,
    /// The receiver's encapsulation port.
    pub destination_port: u16,
}

impl UdpHeader {
    /// Octets of a UDP header.
    pub const LEN: usize = 8;

    /// Takes the header off a UDP datagram; the rest is the SCTP packet.
    ///
    /// The checksum is left to whoever knows the addresses, and the packet has its `CRC32c`.
    ///
    /// # Errors
    /// When there is no whole header, or its length is not that of the octets.
    pub fn parse(octets: &[u8]) -> Result<(Self, &[u8]), ParseError> {
        let mut reader = Reader::new("SCTP packet", octets);
        let layout: UdpHeaderLayout = zerocopy::transmute!(*reader.array::<8>("UDP header")?);
        let declared = usize::from(layout.length.get());
        if declared != octets.len() {
            return Err(ParseError::UdpLength { declared, available: octets.len() });
        }
        let header =
            Self { source_port: layout.source_port.get(), destination_port: layout.destination_port.get() };
        Ok((header, reader.rest()))
    }

    /// Writes the header and `packet` behind it; returns the octets written.
    ///
    /// With the addresses that the IP header will have, the UDP checksum is computed, as RFC 6951 section 5.3
    /// asks; without, it is 0, which only IPv4 allows.
    ///
    /// # Errors
    /// When the buffer is too small, or the datagram longer than 65,535 octets.
    pub fn emit(
        &self,
        addresses: Option<(IpAddr, IpAddr)>,
        packet: &[u8],
        buffer: &mut [u8],
    ) -> Result<usize, EmitError> {
        let len = packet.len().saturating_add(Self::LEN);
        let mut writer = Writer::for_len(buffer, len)?;
        let length = EmitError::fit_u16("UDP length", len)?;
        writer.u16(self.source_port)?;
        writer.u16(self.destination_port)?;
        writer.u16(length)?;
        let checksum = writer.reserve_u16()?;
        writer.put(packet)?;
        if let Some((source, destination)) = addresses {
            let mut sum = InternetChecksum::new();
            for address in [source, destination] {
                match address {
                    IpAddr::V4(address) => sum.add(&address.octets()),
                    IpAddr::V6(address) => sum.add(&address.octets()),
                }
            }
            sum.add(&[0, 17]);
            sum.add(&length.to_be_bytes());
            sum.add(writer.written());
            // A sum of zero is sent as all ones: zero says that there is none (RFC 768).
            let sum = match sum.finish() {
                0 => u16::MAX,
                sum => sum,
            };
            writer.patch(checksum, sum.to_be_bytes())?;
        }
        Ok(len)
    }
}
