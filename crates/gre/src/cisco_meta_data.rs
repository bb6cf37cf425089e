//! Cisco `MetaData`, protocol type 0x8909: a security group tag between the GRE header and the packet.

use core::mem::size_of;

use wire::{Emit, EmitError, LengthError, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Departure, ProtocolType};

/// As IOS sends it inside GRE: the type of the packet comes first (on Ethernet it comes last).
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

/// A security group tag and the packet it belongs to.
///
/// There is no public text about it: the octets are those that IOS sends. The length is not a field: it is 1, as in everything
/// that IOS was seen to send. The form with more than one option, which would have another length, is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CiscoMetaData<'a> {
    /// What the payload is.
    pub protocol_type: ProtocolType,
    /// 1 has been seen.
    pub version: u8,
    /// Type of the option: 1 for a security group tag.
    pub options: u16,
    /// The tag.
    pub security_group_tag: u16,
    /// The packet, to the end.
    pub payload: &'a [u8],
}

impl<'a> CiscoMetaData<'a> {
    /// Octets before the payload.
    pub const LEN: usize = 8;

    /// What the length field of a tag with one option says.
    pub const DECLARED_LEN: u8 = 1;

    /// Decodes the payload of a GRE packet whose protocol type is [`ProtocolType::CISCO_META_DATA`].
    ///
    /// Another length than 1 is accepted: [`parse_reporting`](Self::parse_reporting) tells.
    ///
    /// # Errors
    /// When there are less than 8 octets.
    pub fn parse(octets: &'a [u8]) -> Result<Self, LengthError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Decodes a tag, and reports to `departures` a length that is not that of one option: it is emitted right.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
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

    /// Decodes a tag and returns the octets after it: the payload reaches to the end, so there never are any.
    ///
    /// # Errors
    /// When there are less than 8 octets.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), LengthError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// As [`parse_prefix`](Self::parse_prefix): a tag that is returned has no fault beside it.
    ///
    /// # Errors
    /// When there are less than 8 octets.
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
        // The eight octets that IOS sends, then the first octet of an IP packet.
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
