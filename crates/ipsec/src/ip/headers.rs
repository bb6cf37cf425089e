use wire::{Chain, EmitError};

use super::v6::ExtensionFraming;
use super::{IpError, Version, v4, v6};
use crate::NextHeader;
use crate::place::{place, put};

/// The headers of a whole IP packet before ESP or AH: RFC 4302 section 3.1.1 and RFC 4303 section 3.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Headers {
    /// The version of IP.
    pub version: Version,
    /// The length in octets of the IP header and of the extension headers before ESP, AH or the payload.
    pub len: usize,
    /// The protocol of what follows.
    pub next_header: NextHeader,
    /// The offset in the packet of the field that names this protocol.
    pub next_header_offset: usize,
}

impl Headers {
    /// Finds the headers of a packet before the header of `protocol`.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets are not a whole IP packet, when the packet is a fragment, or when
    /// another header stands there.
    #[inline]
    pub fn before(protocol: NextHeader, packet: &[u8]) -> Result<Self, IpError> {
        let headers = Self::walk(packet, true)?;
        if headers.next_header == protocol {
            Ok(headers)
        } else {
            Err(IpError::OtherProtocol { expected: protocol, found: headers.next_header })
        }
    }

    /// Finds the headers behind which ESP or AH is inserted in transport mode. In IPv4 that is the header with its
    /// options. In IPv6 it is the header with the extension headers that routers look at. Destination options at
    /// their end are for the destination alone and are protected.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the octets are not a whole IP packet, or when the packet is a fragment.
    #[inline]
    pub fn to_insert_behind(packet: &[u8]) -> Result<Self, IpError> {
        Self::walk(packet, false)
    }

    fn walk(packet: &[u8], all: bool) -> Result<Self, IpError> {
        let version = Version::of(packet)?;
        let (headers, total_len) = match version {
            Version::V4 => {
                let (layout, len, total_len) = v4::measure(packet)?;
                if let Some((offset, more)) = layout.fragment() {
                    return Err(IpError::Fragment { offset, more });
                }
                let next_header = NextHeader(layout.protocol);
                (Self { version, len, next_header, next_header_offset: v4::PROTOCOL_OFFSET }, total_len)
            }
            Version::V6 => {
                let (layout, total_len) = v6::measure(packet)?;
                let next_header = NextHeader(layout.next_header);
                let mut headers = Self {
                    version,
                    len: v6::Header::LEN,
                    next_header,
                    next_header_offset: v6::NEXT_HEADER_OFFSET,
                };
                // default: `measure` has checked that the packet has these octets.
                let octets = packet.get(v6::Header::LEN..total_len).unwrap_or_default();
                let wire::Parsed { value: extensions, fault, .. } =
                    Chain::parse_until_error(octets, v6::Header::LEN, ExtensionFraming { next_header });
                for extension in &extensions {
                    if extension.header.kind == NextHeader::FRAGMENT {
                        check_fragment(extension.octets)?;
                    }
                    if all || extension.header.kind != NextHeader::DESTINATION_OPTIONS {
                        headers.len = extension.offset.saturating_add(extension.octets.len());
                        headers.next_header = extension.header.next_header;
                        headers.next_header_offset = extension.offset;
                    }
                }
                // This check comes after the loop, because no header stands behind the fragment header of a later
                // fragment.
                if let Some(error) = fault {
                    return Err(error.into());
                }
                (headers, total_len)
            }
        };
        match packet.len().checked_sub(total_len) {
            Some(0) | None => Ok(headers),
            Some(len) => Err(IpError::TrailingOctets { offset: total_len, len }),
        }
    }

    /// Splits a packet into its headers and what follows them.
    pub(crate) fn split<'a>(&self, packet: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        // default: the headers were found in this packet, so it is not shorter.
        packet.split_at_checked(self.len).unwrap_or((packet, &[]))
    }

    /// Moves the headers from one offset in a buffer to another. The two places may overlap.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when one of the places reaches beyond the end; nothing is moved then.
    #[inline]
    pub(crate) fn shift(&self, buffer: &mut [u8], from: usize, to: usize) -> Result<(), EmitError> {
        let (low, high) = (from.min(to), from.max(to));
        place(buffer, high, self.len)?;
        let available = buffer.len();
        let too_small = EmitError::BufferTooSmall { needed: high, available };
        let (before, after) = buffer.split_at_mut_checked(high).ok_or(too_small)?;
        let after = place(after, 0, self.len)?;
        if let Some(room) = before.get_mut(low..low.saturating_add(self.len)) {
            let (source, destination) = if from < to { (room, after) } else { (after, room) };
            wire::copy(destination, source)?;
            return Ok(());
        }
        // The lint forbids `copy_within`, so this copies octet by octet, in the order that is right for overlapping
        // places.
        for at in 0..self.len {
            let at = if from > to { at } else { self.len.saturating_sub(at).saturating_sub(1) };
            let octet = *place(buffer, from.saturating_add(at), 1)?.first().ok_or(too_small)?;
            put(buffer, to.saturating_add(at), &[octet])?;
        }
        Ok(())
    }

    /// Sets the next protocol to `next_header`, and the length to that of `packet`, in the headers at the front of
    /// `packet`.
    pub(crate) fn rewrite(&self, packet: &mut [u8], next_header: NextHeader) -> Result<(), IpError> {
        let len = packet.len();
        let too_long = IpError::TooLong { len };
        match self.version {
            Version::V4 => {
                let total_len = u16::try_from(len).map_err(|_| too_long)?;
                let header = place(packet, 0, self.len)?;
                put(header, self.next_header_offset, &[next_header.0])?;
                v4::write_total_len(header, total_len)?;
                v4::write_checksum(header)?;
            }
            Version::V6 => {
                let payload_len = len.checked_sub(v6::Header::LEN).ok_or(too_long)?;
                let payload_len = u16::try_from(payload_len).map_err(|_| too_long)?;
                v6::write_payload_len(packet, payload_len)?;
                put(packet, self.next_header_offset, &[next_header.0])?;
            }
        }
        Ok(())
    }
}

/// Checks that a fragment header belongs to a whole packet, RFC 6946: its offset is 0, and no fragment follows.
fn check_fragment(octets: &[u8]) -> Result<(), IpError> {
    let [_, _, high, low, ..] = *octets else { return Ok(()) };
    let word = u16::from_be_bytes([high, low]);
    let (offset, more) = (usize::from(word & 0xfff8), word & 1 != 0);
    if offset != 0 || more { Err(IpError::Fragment { offset, more }) } else { Ok(()) }
}
