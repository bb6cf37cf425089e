//! A whole packet, and what can be told of a broken one.

use core::iter;

use wire::{ChainWriter, EmitError, InternetChecksum, LengthError, Reader, Writer};

use crate::extension::ExtensionFraming;
use crate::fixed_part::set_checksum;
use crate::{
    AddressFamily, Cie, Departure, Extension, ExtensionElement, Extensions, FixedPart, MandatoryPart,
    ParseError, Policy, ProtocolType,
};

/// An NHRP packet, RFC 2332 section 5.
///
/// Packet size, checksum, extension offset, version and packet type are derived when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// The family of the NBMA addresses.
    pub address_family: AddressFamily,
    /// The protocol whose addresses are resolved.
    pub protocol_type: ProtocolType,
    /// The long form of the protocol, with [`ProtocolType::SNAP`]; else to be sent as zero and ignored. Kept.
    pub protocol_snap: [u8; 5],
    /// How many servers may still forward it.
    pub hop_count: u8,
    /// What the packet is about.
    pub mandatory_part: MandatoryPart<'a>,
    /// The extensions with the End Of Extensions; empty where there is no extensions part.
    pub extensions: Extensions<'a>,
}

impl<'a> Packet<'a> {
    /// The hop count that IOS sends.
    pub const CISCO_HOP_COUNT: u8 = 255;

    /// A packet about IPv4 or other protocols over an IPv4 NBMA network: DMVPN's. Without extensions.
    #[must_use]
    pub fn new(protocol_type: ProtocolType, mandatory_part: MandatoryPart<'a>) -> Self {
        Self {
            address_family: AddressFamily::IPV4,
            protocol_type,
            protocol_snap: [0; 5],
            hop_count: Self::CISCO_HOP_COUNT,
            mandatory_part,
            extensions: Extensions::default(),
        }
    }

    /// Decodes a packet that is all of `octets`, whatever its packet size says.
    ///
    /// A wrong packet size, a wrong checksum and an extension offset that points to the packet's end are accepted;
    /// [`parse_reporting`](Self::parse_reporting) tells. Extensions are framed, not decoded: a malformed one does not
    /// hide the others.
    ///
    /// # Errors
    /// When the octets end inside an element or go on after the last, when the extension offset lies outside of the
    /// packet, when the version is not NHRP's.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_reporting(octets, &mut |_| {})
    }

    /// Decodes a packet, and reports to `departures` which derived values were wrong.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_reporting(
        octets: &'a [u8],
        departures: &mut impl FnMut(Departure),
    ) -> Result<Self, ParseError> {
        let parts = Parts::parse(octets)?;
        if let Some(fault) = parts.fault {
            return Err(fault);
        }
        let mandatory_part = parts.mandatory_part?;
        let fixed_part = parts.fixed_part;
        let actual = octets.len();
        if usize::from(fixed_part.packet_size) != actual {
            departures(Departure::PacketSize { found: fixed_part.packet_size, actual });
        }
        if fixed_part.extension_offset != 0 && parts.extensions.is_empty() {
            departures(Departure::ExtensionOffset { found: fixed_part.extension_offset });
        }
        if let Some(departure) = Departure::of_checksum(fixed_part.checksum, computed_checksum(octets)) {
            departures(departure);
        }
        Ok(Self {
            address_family: fixed_part.address_family,
            protocol_type: fixed_part.protocol_type,
            protocol_snap: fixed_part.protocol_snap,
            hop_count: fixed_part.hop_count,
            mandatory_part,
            extensions: parts.extensions,
        })
    }

    /// Decodes a packet that ends where its packet size says, and returns what follows it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); when the packet size is less than the fixed part's 20 or more than there is.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        let (fixed_part, _) = FixedPart::parse_prefix(octets)?;
        let mut reader = Reader::new("NHRP packet", octets);
        let len = usize::from(fixed_part.packet_size);
        if len < FixedPart::LEN {
            return Err(reader.declared_too_short("NHRP packet", FixedPart::LEN, len).into());
        }
        let packet = Self::parse(reader.take("NHRP packet", len)?)?;
        Ok((packet, reader.rest()))
    }

    /// Octets of the source protocol address: what the RFC's form of the authentication extension is decoded with.
    #[must_use]
    pub fn source_protocol_len(&self) -> usize {
        self.mandatory_part.addresses().map_or(0, |addresses| addresses.source_protocol_address.len())
    }

    /// The extensions decoded under a policy, each with its element and, where its body is malformed, the error.
    pub fn decoded_extensions(
        &self,
        policy: Policy,
    ) -> impl Iterator<Item = (ExtensionElement<'a>, Result<Extension<'a>, ParseError>)> + Clone + use<'a>
    {
        let source_protocol_len = self.source_protocol_len();
        self.extensions
            .iter()
            .map(move |element| (element, Extension::parse(&element, policy, source_protocol_len)))
    }

    /// The first extension that has the compulsory bit and is not known here.
    ///
    /// A station that would reply sends an Error Indication instead, of type Unrecognized Extension with this offset; one
    /// that forwards ignores it, caches nothing and does not record itself. RFC 2332 section 5.3.
    #[must_use]
    pub fn unrecognized_compulsory(&self) -> Option<ExtensionElement<'a>> {
        self.extensions
            .iter()
            .find(|element| element.header.compulsory && !element.header.extension_type.is_recognized())
    }

    /// Octets of the packet.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.lengths(iter::empty(), iter::empty()).packet_len
    }

    /// Where the parts of the packet end, with more entries and extensions in it.
    fn lengths<'c, 'e>(
        &self,
        cies: impl Iterator<Item = Cie<'c>>,
        extensions: impl Iterator<Item = Extension<'e>> + Clone,
    ) -> Lengths {
        let mandatory_end = cies
            .fold(FixedPart::LEN.saturating_add(self.mandatory_part.wire_len()), |len, cie| {
                len.saturating_add(cie.wire_len())
            });
        let has_extensions = !self.extensions.is_empty() || extensions.clone().next().is_some();
        if !has_extensions {
            return Lengths { mandatory_end, has_extensions, packet_len: mandatory_end };
        }
        let end_len = self.end(extensions.clone(), |end| end.wire_len());
        let own = self.extensions.iter().filter(|element| !element.header.is_end());
        let own_len = own.fold(0usize, |len, element| len.saturating_add(element.octets.len()));
        let more = extensions.filter(|extension| !extension.is_end());
        let more_len = more.fold(0usize, |len, extension| len.saturating_add(extension.wire_len()));
        let packet_len =
            mandatory_end.saturating_add(own_len).saturating_add(more_len).saturating_add(end_len);
        Lengths { mandatory_end, has_extensions, packet_len }
    }

    /// Hands the End Of Extensions to `to`: the packet's own, or one among `extensions`, or a new one.
    fn end<'e, R>(
        &self,
        mut extensions: impl Iterator<Item = Extension<'e>>,
        to: impl FnOnce(&Extension<'_>) -> R,
    ) -> R {
        let own = self.extensions.iter().find(|element| element.header.is_end());
        match (own, extensions.find(Extension::is_end)) {
            (Some(element), _) => to(&Extension::parse_or_keep(&element, Policy::default(), 0)),
            (None, Some(extension)) => to(&extension),
            (None, None) => to(&Extension::END),
        }
    }

    /// Writes the packet to the front of `buffer`, and returns how many octets that were.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        self.emit_with(buffer, iter::empty(), iter::empty())
    }

    /// Writes the packet with `cies` after its own entries (only a request or reply has any) and `extensions` after its
    /// own extensions: how a packet is built from values, and a reply from a request. The End Of Extensions is added.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field; when there are entries for a packet that has none.
    pub fn emit_with<'c, 'e>(
        &self,
        buffer: &mut [u8],
        cies: impl IntoIterator<Item = Cie<'c>, IntoIter: Clone>,
        extensions: impl IntoIterator<Item = Extension<'e>, IntoIter: Clone>,
    ) -> Result<usize, EmitError> {
        let (cies, extensions) = (cies.into_iter(), extensions.into_iter());
        let lengths = self.lengths(cies.clone(), extensions.clone());
        let mut writer = Writer::for_len(buffer, lengths.packet_len)?;
        self.write(&mut writer, lengths, cies, extensions)?;
        Ok(writer.position())
    }

    /// Writes the packet where `writer` stands.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let lengths = self.lengths(iter::empty(), iter::empty());
        self.write(writer, lengths, iter::empty(), iter::empty())
    }

    fn write<'c, 'e>(
        &self,
        writer: &mut Writer<'_>,
        lengths: Lengths,
        cies: impl Iterator<Item = Cie<'c>> + Clone,
        extensions: impl Iterator<Item = Extension<'e>> + Clone,
    ) -> Result<(), EmitError> {
        if self.mandatory_part.exchange().is_none() && cies.clone().next().is_some() {
            let value = cies.fold(0usize, |count, _| count.saturating_add(1));
            return Err(EmitError::FieldOverflow { field: "client information entries", value, max: 0 });
        }
        let start = writer.position();
        let extension_offset = if lengths.has_extensions { lengths.mandatory_end } else { 0 };
        let (source_address, source_subaddress) = self.mandatory_part.source_type_lengths()?;
        let fixed_part = FixedPart {
            address_family: self.address_family,
            protocol_type: self.protocol_type,
            protocol_snap: self.protocol_snap,
            hop_count: self.hop_count,
            packet_size: EmitError::fit_u16("packet size", lengths.packet_len)?,
            checksum: 0,
            extension_offset: EmitError::fit_u16("extension offset", extension_offset)?,
            version: FixedPart::VERSION,
            packet_type: self.mandatory_part.packet_type(),
            source_address,
            source_subaddress,
        };
        fixed_part.emit_into(writer)?;
        self.mandatory_part.emit_into(writer)?;
        for cie in cies {
            cie.emit_into(writer)?;
        }
        if lengths.has_extensions {
            let mut chain = ChainWriter::new(writer, ExtensionFraming::default());
            for element in self.extensions.iter().filter(|element| !element.header.is_end()) {
                // Whichever policy decodes an extension, it is written back to the same octets.
                Extension::parse_or_keep(&element, Policy::default(), 0).emit_to(&mut chain)?;
            }
            for extension in extensions.clone().filter(|extension| !extension.is_end()) {
                extension.emit_to(&mut chain)?;
            }
            self.end(extensions, |end| end.emit_to(&mut chain))?;
        }
        if let Some(packet) = writer.written_mut().get_mut(start..) {
            write_checksum(packet);
        }
        Ok(())
    }

    /// The packet in octets of its own.
    ///
    /// # Errors
    /// When a length does not fit its field.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
    }
}

impl<'a> TryFrom<&'a [u8]> for Packet<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// Where the parts of a packet end.
#[derive(Clone, Copy)]
struct Lengths {
    mandatory_end: usize,
    has_extensions: bool,
    packet_len: usize,
}

/// What can be told of a packet that may be broken: for dissectors.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Parts<'a> {
    /// The fixed part as it was sent.
    pub fixed_part: FixedPart,
    /// The mandatory part, with the entries before a fault; or why it cannot be told.
    pub mandatory_part: Result<MandatoryPart<'a>, ParseError>,
    /// The extensions before a fault.
    pub extensions: Extensions<'a>,
    /// The first fault, where there is one: what [`Packet::parse`] fails with.
    pub fault: Option<ParseError>,
}

impl<'a> Parts<'a> {
    /// Looks at a packet that is all of `octets`, whatever its packet size says: each part as far as it goes.
    ///
    /// # Errors
    /// When there are less octets than the fixed part's 20.
    pub fn parse(octets: &'a [u8]) -> Result<Self, LengthError> {
        let (fixed_part, _) = FixedPart::parse_prefix(octets)?;
        let mut parts = Self {
            fixed_part,
            mandatory_part: Err(ParseError::Version { version: fixed_part.version }),
            extensions: Extensions::default(),
            fault: None,
        };
        // RFC 2332 section 5.1: version 1 is NHRP as defined there, other versions are other protocols.
        if fixed_part.version != FixedPart::VERSION {
            parts.fault = parts.mandatory_part.clone().err();
            return Ok(parts);
        }
        let len = octets.len();
        let found = fixed_part.extension_offset;
        let extension_offset = usize::from(found);
        if found != 0 && (extension_offset < FixedPart::LEN || extension_offset > len) {
            parts.fault = Some(ParseError::ExtensionOffset { found, len });
        }
        let mandatory_end = if found == 0 { len } else { extension_offset.clamp(FixedPart::LEN, len) };
        let mandatory_octets = octets.get(FixedPart::LEN..mandatory_end).unwrap_or_default();
        let mut reader = Reader::at("NHRP packet", mandatory_octets, FixedPart::LEN);
        parts.mandatory_part = match MandatoryPart::read(&fixed_part, &mut reader) {
            Ok((mandatory_part, fault)) => {
                parts.fault = parts.fault.or(fault);
                Ok(mandatory_part)
            }
            Err(fault) => {
                parts.fault = parts.fault.or(Some(fault));
                Err(fault)
            }
        };
        // At the very end there is no extension to be found: tolerated, unless the packet was cut there.
        let cut = extension_offset == len && usize::from(fixed_part.packet_size) > len;
        if (FixedPart::LEN..len).contains(&extension_offset) || cut {
            let octets = octets.get(extension_offset..).unwrap_or_default();
            let wire::Parsed { value: extensions, fault, .. } =
                Extensions::parse_until_error(octets, extension_offset, ExtensionFraming::default());
            let rest = extensions.rest();
            let trailing = (!rest.is_empty()).then_some(ParseError::TrailingOctets {
                offset: extensions.rest_offset(),
                count: rest.len(),
            });
            parts.fault = parts.fault.or(fault.map(ParseError::from)).or(trailing);
            parts.extensions = extensions;
        }
        Ok(parts)
    }
}

/// What the checksum of a packet should be, RFC 2332 section 5.1: the sum with a zero in its place.
pub(crate) fn computed_checksum(packet: &[u8]) -> u16 {
    let mut sum = InternetChecksum::new();
    sum.add(packet.get(..FixedPart::CHECKSUM.start).unwrap_or_default());
    sum.add(packet.get(FixedPart::CHECKSUM.end..).unwrap_or_default());
    sum.finish()
}

/// Derives the checksum of a packet.
pub(crate) fn write_checksum(packet: &mut [u8]) {
    set_checksum(packet, computed_checksum(packet));
}

#[cfg(test)]
pub(crate) mod tests;
