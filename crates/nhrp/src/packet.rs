//! A whole packet.

use core::ops::Range;

use wire::{Chain, ChainWriter, Emit, EmitError, Framing, List, Member, Parsed, Reader, Writer};

use crate::fixed_part::{finish, set_extension_offset};
use crate::{
    AddressFamily, Extension, ExtensionElement, ExtensionFraming, ExtensionType, Extensions, FixedPart,
    MandatoryPart, ParseError, Policy, ProtocolType,
};

/// An NHRP packet, RFC 2332 section 5.
///
/// Packet size, checksum, extension offset, version, packet type and the End Of Extensions are derived when it is written.
/// The RFC fixes the fields, so the struct is exhaustive.
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
    /// The extensions; empty where there is no extensions part.
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
    /// [`FixedPart::conformance`] tells of them. Extensions are framed, and decoded when they are met: a malformed one does
    /// not hide the others.
    ///
    /// # Errors
    /// When the octets end inside an element or go on after the last, when the extension offset lies outside of the
    /// packet, when the version is not NHRP's.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let fixed_part = nhrp_fixed_part(octets)?;
        let (packet, _) = Self::framed(&fixed_part, octets)?.strict()?;
        Ok(packet)
    }

    /// Decodes a packet that ends where its packet size says, and returns what follows it.
    ///
    /// # Errors
    /// As [`parse`](Self::parse); when the packet size is less than the fixed part's 20 or more than there is.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Decodes a packet as far as its octets allow, for a caller that shows broken packets; it ends where its packet size
    /// says, or with the octets where the size cannot be.
    ///
    /// Both parts are decoded as far as they go, so that a fault in the one does not hide the other. A last entry or extension
    /// that is cut is kept, with what there is of it ([`ExtensionElement::missing`](wire::Element::missing)). A mandatory
    /// part that ends before its entries is [`MandatoryPart::Other`]. With a fault, the rest is what of the packet is in no
    /// part. A packet size that cannot be is the fault of a packet that has no other.
    ///
    /// # Errors
    /// When there are fewer octets than the fixed part's 20, or the version is not NHRP's. [`FixedPart::parse_prefix`] and
    /// the octets are all there is to show.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let fixed_part = nhrp_fixed_part(octets)?;
        let reader = Reader::new(FixedPart::WITHIN, octets);
        let declared = usize::from(fixed_part.packet_size);
        let (packet, rest, fault) = if declared < FixedPart::LEN {
            (octets, &[][..], Some(reader.declared_too_short("NHRP packet", FixedPart::LEN, declared)))
        } else {
            match octets.split_at_checked(declared) {
                Some((packet, rest)) => (packet, rest, None),
                None => (octets, &[][..], Some(reader.too_short("NHRP packet", declared))),
            }
        };
        let parsed = Self::framed(&fixed_part, packet)?;
        Ok(match parsed.fault {
            Some(_) => parsed,
            None => Parsed { rest, fault: fault.map(ParseError::from), ..parsed },
        })
    }

    /// Both parts of a packet that is all of `octets`, and the first fault.
    fn framed(fixed_part: &FixedPart, octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let found = fixed_part.extension_offset;
        let (extension_offset, len) = (usize::from(found), octets.len());
        let is_inside = (FixedPart::LEN..=len).contains(&extension_offset);
        let mandatory_end = match extension_offset {
            0 => len,
            offset => offset.max(FixedPart::LEN).min(len),
        };
        let mut reader = Reader::new(FixedPart::WITHIN, octets);
        reader.take("NHRP fixed part", FixedPart::LEN)?;
        let mandatory_len = mandatory_end.saturating_sub(FixedPart::LEN);
        let part = MandatoryPart::read(fixed_part, reader.take("mandatory part", mandatory_len)?);
        // At the very end there is no extension to be found: tolerated, unless the packet was cut there.
        let is_cut = usize::from(fixed_part.packet_size) > len;
        let extensions = if is_inside && (extension_offset < len || is_cut) {
            let source_protocol_len = source_protocol_len(&part.value);
            extensions_of(reader.rest(), mandatory_end, source_protocol_len)
        } else {
            Parsed { value: Extensions::default(), rest: reader.rest(), fault: None }
        };
        let outside = (found != 0 && !is_inside).then_some(ParseError::ExtensionOffset { found, len });
        let rest = if part.rest.is_empty() { extensions.rest } else { part.rest };
        let value = Self {
            address_family: fixed_part.address_family,
            protocol_type: fixed_part.protocol_type,
            protocol_snap: fixed_part.protocol_snap,
            hop_count: fixed_part.hop_count,
            mandatory_part: part.value,
            extensions: extensions.value,
        };
        Ok(Parsed { value, rest, fault: outside.or(part.fault).or(extensions.fault) })
    }

    /// The same packet with its extensions read under `policy`; [`parse`](Self::parse) reads them under the default one.
    /// Extensions that are values stay as they are.
    #[must_use]
    pub fn read_under(&self, policy: Policy) -> Self {
        let framing = ExtensionFraming::new(policy, self.source_protocol_len());
        let extensions = match &self.extensions {
            List::Framed(chain) => {
                Extensions::parse_until_error(chain.octets(), chain.offset(), framing).value
            }
            List::Values(values) => List::Values(values),
        };
        Self { extensions, ..self.clone() }
    }

    /// Octets of the source protocol address: what the RFC's form of the authentication extension is decoded with.
    #[must_use]
    pub const fn source_protocol_len(&self) -> usize {
        source_protocol_len(&self.mandatory_part)
    }

    /// The extensions of a packet that was read, decoded under a policy: each with its element and, where its body is
    /// malformed, the error. A packet that was built from values has no elements; [`extensions`](Self::extensions) has its
    /// values.
    pub fn decoded_extensions(
        &self,
        policy: Policy,
    ) -> impl Iterator<Item = (ExtensionElement<'a>, Result<Extension<'a>, ParseError>)> + Clone + use<'a>
    {
        let source_protocol_len = self.source_protocol_len();
        self.extensions
            .elements()
            .map(move |element| (element, Extension::parse(&element, policy, source_protocol_len)))
    }

    /// The first extension that has the compulsory bit and is not known here, with its offset in the packet.
    ///
    /// A station that would reply sends an Error Indication instead, of type Unrecognized Extension with this offset; one
    /// that forwards ignores it, caches nothing and does not record itself. RFC 2332 section 5.3.
    #[must_use]
    pub fn unrecognized_compulsory(&self) -> Option<(usize, Extension<'a>)> {
        self.placed_extensions()
            .find(|(_, extension)| extension.compulsory && !extension.extension_type().is_recognized())
    }

    /// The extensions, each with the offset that it has in the packet, or will have when the packet is written.
    pub(crate) fn placed_extensions(&self) -> impl Iterator<Item = (usize, Extension<'a>)> + use<'a> {
        placed(&self.extensions, ExtensionFraming::default(), self.extension_offset())
    }

    /// Where the extensions begin, whether there are any or not.
    fn extension_offset(&self) -> usize {
        FixedPart::LEN.saturating_add(self.mandatory_part.wire_len())
    }

    /// The End Of Extensions: the packet's own, or a new one where it has none.
    fn end_of_extensions(&self) -> Extension<'a> {
        // default: RFC 2332 section 5.3 has the list end with one
        self.extensions.iter().find(Extension::is_end).unwrap_or(Extension::END)
    }

    /// Octets of the packet, with `authentication` in the place of its own.
    pub(crate) fn len_with(&self, authentication: Option<&Extension<'_>>) -> usize {
        let framing = ExtensionFraming::default();
        let len = self.extension_offset();
        let extensions_len = match (authentication, self.extensions.chain()) {
            (None, _) if self.extensions.is_empty() => return len,
            // The octets of extensions that were read are known without decoding them again.
            (None, Some(chain)) if chain.iter().any(|it| it.header.extension_type == ExtensionType::END) => {
                chain.octets().len()
            }
            _ => {
                let kept = |extension: &Extension<'_>| {
                    let is_replaced = authentication.is_some() && extension.is_authentication();
                    !extension.is_end() && !is_replaced
                };
                let end = self.end_of_extensions();
                let others = self.extensions.iter().filter(kept).chain([end]);
                let len = others.fold(0, |len, it| framing.len_with(len, it.header(), it.wire_len()));
                authentication.map_or(len, |it| framing.len_with(len, it.header(), it.wire_len()))
            }
        };
        len.saturating_add(extensions_len)
    }

    /// Writes the packet with `authentication` in the place of its own, and returns where the value of that stands in the
    /// packet.
    pub(crate) fn emit_with(
        &self,
        writer: &mut Writer<'_>,
        authentication: Option<&Extension<'_>>,
    ) -> Result<Option<Range<usize>>, EmitError> {
        let start = writer.position();
        let (source_address, source_subaddress) = self.mandatory_part.source_type_lengths();
        let fixed_part = FixedPart {
            address_family: self.address_family,
            protocol_type: self.protocol_type,
            protocol_snap: self.protocol_snap,
            hop_count: self.hop_count,
            packet_size: 0,
            checksum: 0,
            extension_offset: 0,
            version: FixedPart::VERSION,
            packet_type: self.mandatory_part.packet_type(),
            source_address,
            source_subaddress,
        };
        fixed_part.emit_into(writer)?;
        self.mandatory_part.emit_into(writer)?;
        let extension_offset = writer.position().saturating_sub(start);
        let has_extensions = authentication.is_some() || !self.extensions.is_empty();
        let value = if has_extensions { self.emit_extensions(writer, authentication)? } else { None };
        let packet = written_from(writer, start)?;
        if has_extensions {
            set_extension_offset(packet, EmitError::fit_u16("extension offset", extension_offset)?)?;
        }
        finish(packet)?;
        Ok(value.map(|value| value.start.saturating_sub(start)..value.end.saturating_sub(start)))
    }

    fn emit_extensions(
        &self,
        writer: &mut Writer<'_>,
        authentication: Option<&Extension<'_>>,
    ) -> Result<Option<Range<usize>>, EmitError> {
        let mut chain = ChainWriter::new(writer, ExtensionFraming::default());
        let mut value = None;
        for extension in self.extensions.iter().filter(|extension| !extension.is_end()) {
            match authentication {
                // It keeps its place; a further one is left out.
                Some(own) if extension.is_authentication() => {
                    if value.is_none() {
                        value = Some(chain.push(own)?);
                    }
                }
                _ => {
                    chain.push(&extension)?;
                }
            }
        }
        if let (Some(own), None) = (authentication, &value) {
            value = Some(chain.push(own)?);
        }
        chain.push(&self.end_of_extensions())?;
        Ok(value)
    }
}

impl Emit for Packet<'_> {
    fn wire_len(&self) -> usize {
        self.len_with(None)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.emit_with(writer, None).map(drop)
    }
}

impl<'a> TryFrom<&'a [u8]> for Packet<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}

/// What was written from `start` on, to be completed.
pub(crate) fn written_from<'w>(writer: &'w mut Writer<'_>, start: usize) -> Result<&'w mut [u8], EmitError> {
    let written = writer.written_mut();
    let available = written.len();
    written.get_mut(start..).ok_or(EmitError::BufferTooSmall { needed: start, available })
}

/// The members of a list, each with the offset that it has where the list begins at `start`.
pub(crate) fn placed<'a, F: Framing, M: Member<'a, F>>(
    list: &List<'a, F, M>,
    framing: F,
    start: usize,
) -> impl Iterator<Item = (usize, M)> + use<'a, F, M> {
    list.iter().scan(start, move |end, member| {
        let offset = *end;
        *end = framing.len_with(offset, member.header(), member.wire_len());
        Some((offset, member))
    })
}

/// The fixed part, where it is NHRP's.
fn nhrp_fixed_part(octets: &[u8]) -> Result<FixedPart, ParseError> {
    let (fixed_part, _) = FixedPart::parse_prefix(octets)?;
    // RFC 2332 section 5.1: version 1 is NHRP as defined there, other versions are other protocols.
    if fixed_part.version != FixedPart::VERSION {
        return Err(ParseError::Version { version: fixed_part.version });
    }
    Ok(fixed_part)
}

const fn source_protocol_len(part: &MandatoryPart<'_>) -> usize {
    match part.addresses() {
        Some(addresses) => addresses.source_protocol_address.len(),
        None => 0,
    }
}

/// The extensions that begin at `offset`, and the first fault; octets after the End Of Extensions are one.
fn extensions_of(
    octets: &[u8],
    offset: usize,
    source_protocol_len: usize,
) -> Parsed<'_, Extensions<'_>, ParseError> {
    let framing = ExtensionFraming::new(Policy::default(), source_protocol_len);
    let Parsed { value: chain, rest, fault } = Chain::parse_until_error(octets, offset, framing);
    let trailing = (!rest.is_empty()).then_some(ParseError::TrailingOctets {
        element: "End Of Extensions",
        offset: chain.rest_offset(),
        count: rest.len(),
    });
    Parsed { value: chain.into(), rest, fault: fault.map(ParseError::from).or(trailing) }
}

#[cfg(test)]
pub(crate) mod tests;
