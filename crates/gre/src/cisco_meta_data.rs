//! Cisco `MetaData`, protocol type 0x8909: a security group tag between the GRE header and the payload packet.

use core::mem::size_of;

use wire::{Emit, EmitError, LengthError, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Departure, ProtocolType};

/// The octets as IOS sends them inside GRE. The type of the packet comes first there; on Ethernet it comes last.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct CiscoMetaDataLayout {
    protocol_type: U16,
    version: u8,
    length: u8,
    options: U16,
    security_group_tag: U16,
}

const _: () = assert!(size_of::<CiscoMetaDataLayout>() == 8);

/// A security group tag and the packet that it belongs to.
///
/// On the wire it has, in this order: the protocol type of the packet with two octets, version and length with one each,
/// the options with two, and the security group tag with two.
///
/// No public document describes this header, so the layout is taken from what IOS sends. The length on the wire is
/// not a field, because IOS always sends 1, the length of one option. The form with several options, which would
/// have another length, is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CiscoMetaData<'a> {
    /// The type of the payload.
    pub protocol_type: ProtocolType,
    /// The version. Only 1 has been seen.
    pub version: u8,
    /// The type of the option. It is 1 for a security group tag.
    pub options: u16,
    /// The security group tag.
    pub security_group_tag: u16,
    /// The payload packet, up to the end of the octets.
    pub payload: &'a [u8],
}

impl<'a> CiscoMetaData<'a> {
    /// Number of octets before the payload.
    pub const LEN: usize = 8;

    /// The value of the length field on the wire, for a tag with one option.
    pub const DECLARED_LEN: u8 = 1;

    /// Decodes the payload of a GRE packet whose protocol type is [`ProtocolType::CISCO_META_DATA`].
    ///
    /// A length other than 1 is accepted; [`parse_reporting`](Self::parse_reporting) reports it.
    ///
    /// # Errors
    /// Returns a [`LengthError`] when there are fewer than 8 octets.
    pub fn parse(octets: &'a [u8]) -> Result<Self, LengthError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Decodes a tag, and calls `departures` when the length field is not 1. Emitting the tag writes the right
    /// length.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_reporting(
        octets: &'a [u8],
        departures: &mut impl FnMut(Departure),
    ) -> Result<Self, LengthError> {
        let mut reader = Reader::new("Cisco MetaData", octets);
        let layout: CiscoMetaDataLayout = zerocopy::transmute!(*reader.array::<8>("Cisco MetaData")?);
        if layout.length != Self::DECLARED_LEN {
            departures(Departure::MetaDataLength { length: layout.length });
        }
        Ok(Self {
            protocol_type: ProtocolType(layout.protocol_type.get()),
            version: layout.version,
            options: layout.options.get(),
            security_group_tag: layout.security_group_tag.get(),
            payload: reader.rest(),
        })
    }

    /// Decodes a tag and returns the octets after it. These are always empty, because the payload reaches to the
    /// end.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), LengthError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Parses like [`parse_prefix`](Self::parse_prefix). The `fault` of the result is always `None`, because the
    /// payload of a tag cannot be at fault.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, LengthError>, LengthError> {
        Self::parse(octets).map(|value| Parsed { value, rest: &[], fault: None })
    }
}

impl Emit for CiscoMetaData<'_> {
    fn wire_len(&self) -> usize {
        Self::LEN.saturating_add(self.payload.len())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = CiscoMetaDataLayout {
            protocol_type: U16::new(self.protocol_type.0),
            version: self.version,
            length: Self::DECLARED_LEN,
            options: U16::new(self.options),
            security_group_tag: U16::new(self.security_group_tag),
        };
        writer.put(layout.as_bytes())?;
        writer.put(self.payload)
    }
}

impl<'a> TryFrom<&'a [u8]> for CiscoMetaData<'a> {
    type Error = LengthError;

    fn try_from(octets: &'a [u8]) -> Result<Self, LengthError> {
        Self::parse(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_goes_both_ways() {
        // The eight octets that IOS sends, followed by the first octet of an IP packet.
        let octets = [8, 0, 1, 1, 0, 1, 0, 0, 0x45];
        let tag = CiscoMetaData::parse(&octets).unwrap();
        assert_eq!(tag.protocol_type, ProtocolType::IPV4);
        assert_eq!((tag.version, tag.options, tag.security_group_tag), (1, 1, 0));
        assert_eq!(tag.payload, [0x45]);
        let mut buffer = [0; 9];
        assert_eq!(tag.emit(&mut buffer).unwrap(), octets);
        let octets = [0x86, 0xdd, 2, 1, 4, 5, 6, 7];
        let tag = CiscoMetaData::parse(&octets).unwrap();
        assert_eq!((tag.options, tag.security_group_tag, tag.payload), (0x0405, 0x0607, &[][..]));
        assert_eq!(tag.emit(&mut buffer).unwrap(), octets);
        let mut departures = std::vec::Vec::new();
        let odd = [0x86, 0xdd, 2, 7, 4, 5, 6, 7];
        let read = CiscoMetaData::parse_reporting(&odd, &mut |departure| departures.push(departure));
        assert_eq!((read, &departures[..]), (Ok(tag), &[Departure::MetaDataLength { length: 7 }][..]));
        assert_eq!(tag.emit(&mut buffer).unwrap(), octets, "the length is derived");
        let error = CiscoMetaData::parse(&octets[..7]).unwrap_err();
        assert!(matches!(error, LengthError::Ends { needed: 8, available: 7, .. }));
    }
}
