//! A whole packet.

use core::ops::Range;

use wire::{Chain, ChainWriter, Emit, EmitError, Framing, LengthError, List, Member, Parsed, Reader, Writer};

use crate::extension::framing::end_of;
use crate::fixed_part::{finish, set_extension_offset};
use crate::{
    AddressFamily, Extension, ExtensionElement, ExtensionFraming, Extensions, FixedPart, MandatoryPart,
    ParseError, Policy, ProtocolType,
};

/// What ends the extensions, as errors call it.
const END_OF_EXTENSIONS: &str = "End Of Extensions";

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
    /// The extensions without their end; empty where there are none.
    pub extensions: Extensions<'a>,
    /// The End Of Extensions where it is not as it is derived: with other flags or with a value; or where it stands alone.
    /// Otherwise nothing: [`Extension::END`] is then written behind the extensions, where there are any.
    pub end_of_extensions: Option<Extension<'a>>,
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
            end_of_extensions: None,
        }
    }

    /// Decodes a packet that is all of `octets`.
    ///
    /// A wrong checksum and an extension offset that points to the packet's end are accepted; [`FixedPart::conformance`]
    /// tells of them. Extensions are framed, and decoded when they are met: a malformed one does not hide the others.
    ///
    /// # Errors
    /// When the octets are not as many as the packet size says, when they end inside an element or go on after the last,
    /// when the extension offset lies outside of the packet, when the version is not NHRP's.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (packet, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            return Ok(packet);
        }
        let offset = octets.len().saturating_sub(rest.len());
        Err(ParseError::TrailingOctets { element: "NHRP packet", offset, count: rest.len() })
    }

    /// Decodes a packet that is all of `octets`, whatever its packet size says: for a caller that believes what carried the
    /// packet instead, and shows packets that were derived wrong. [`FixedPart::conformance`] tells of the size.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for the packet size.
    pub fn parse_ignoring_size(octets: &'a [u8]) -> Result<Self, ParseError> {
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
    /// part that ends before its entries is [`MandatoryPart::Other`]. Where both parts are sound and the packet size is
    /// impossible, the packet size is the fault.
    ///
    /// The rest begins with the first octet that is in neither part, and ends with `octets`. After a fault in the mandatory
    /// part it holds the extensions too, though they are decoded. A packet that is cut is not written again.
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
        let mut parsed = Self::framed(&fixed_part, packet)?;
        if packet.len() < declared && parsed.value.extensions.chain().is_none() {
            // What the packet ended with is not known, so nothing may take it for a whole one and write it.
            let start = packet.len();
            let cut = Chain::parse_until_error(&[], start, ExtensionFraming::default());
            parsed.value.extensions = cut.value.into();
        }
        if parsed.fault.is_some() {
            let start = packet.len().saturating_sub(parsed.rest.len());
            // default: never taken, the packet stands in the octets
            return Ok(Parsed { rest: octets.get(start..).unwrap_or_default(), ..parsed });
        }
        Ok(Parsed { rest, fault: fault.map(ParseError::from), ..parsed })
    }

    /// Both parts of a packet that is all of `octets`, and the first fault. The rest goes to the end of `octets`.
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
            Parsed { value: (Extensions::default(), None), rest: reader.rest(), fault: None }
        };
        let outside = (found != 0 && !is_inside).then_some(ParseError::ExtensionOffset { found, len });
        let rest_len = if part.rest.is_empty() {
            extensions.rest.len()
        } else {
            len.saturating_sub(mandatory_end).saturating_add(part.rest.len())
        };
        // default: never taken, neither part has more octets than the packet
        let rest = octets.get(len.saturating_sub(rest_len)..).unwrap_or_default();
        let (extensions, rest_fault) = (extensions.value, extensions.fault);
        let value = Self {
            address_family: fixed_part.address_family,
            protocol_type: fixed_part.protocol_type,
            protocol_snap: fixed_part.protocol_snap,
            hop_count: fixed_part.hop_count,
            mandatory_part: part.value,
            extensions: extensions.0,
            end_of_extensions: extensions.1,
        };
        Ok(Parsed { value, rest, fault: outside.or(part.fault).or(rest_fault) })
    }

    /// The same packet with its extensions read under `policy`; [`parse`](Self::parse) reads them under the default one.
    /// Extensions that are values stay as they are.
    #[must_use]
    pub fn read_under(&self, policy: Policy) -> Self {
        let framing = ExtensionFraming::new(policy, self.source_protocol_len());
        let extensions = match &self.extensions {
            // default: never taken, a policy does not change how extensions are framed
            List::Framed(chain) => {
                chain.with_framing(framing).map_or_else(|| chain.clone().into(), List::Framed)
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

    /// The extensions of a packet that was read, framed and not decoded, the End Of Extensions among them. A packet that was
    /// built from values has none.
    pub fn extension_elements(&self) -> impl Iterator<Item = ExtensionElement<'a>> + Clone + use<'a> {
        let end = self.extensions.chain().and_then(|chain| end_of(chain).ok());
        self.extensions.elements().chain(end.map(|(element, _)| element))
    }

    /// The extensions of a packet that was read, decoded under a policy: each with its element and, where its body is
    /// malformed, the error; the End Of Extensions among them. A packet that was built from values has no elements; [`extensions`](Self::extensions) has its
    /// values.
    pub fn decoded_extensions(
        &self,
        policy: Policy,
    ) -> impl Iterator<Item = (ExtensionElement<'a>, Result<Extension<'a>, ParseError>)> + Clone + use<'a>
    {
        let source_protocol_len = self.source_protocol_len();
        self.extension_elements()
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
        let offset = self.extension_offset();
        let end = self.end();
        let end_offset = offset.saturating_add(self.extensions.wire_len());
        placed(&self.extensions, ExtensionFraming::default(), offset).chain(end.map(|end| (end_offset, end)))
    }

    /// Whether the packet has an extensions part, be it for the end alone.
    pub(crate) const fn has_extensions(&self) -> bool {
        !self.extensions.is_empty() || self.end_of_extensions.is_some()
    }

    /// The End Of Extensions as it is written, where there is an extensions part.
    fn end(&self) -> Option<Extension<'a>> {
        // RFC 2332 section 5.3 has the list end with one.
        let derived = (!self.extensions.is_empty()).then_some(Extension::END);
        self.end_of_extensions.clone().or(derived)
    }

    /// Whether the packet can be written whole: its extensions were not cut, and the End Of Extensions is where it belongs.
    fn check_extensions(&self) -> Result<(), EmitError> {
        if let Some(chain) = self.extensions.chain() {
            let end = chain.iter().last().filter(wire::Element::is_cut);
            let missing = match end.map_or_else(|| end_of(chain).map(|(end, _)| end), Ok) {
                Ok(element) if !element.is_cut() => return self.check_end(),
                Ok(element) => {
                    return Err(EmitError::CutElement { element: element.name, missing: element.missing });
                }
                Err(LengthError::Ends { needed, available, .. }) => needed.saturating_sub(available),
                Err(LengthError::Declared { least, declared, .. }) => least.saturating_sub(declared),
            };
            return Err(EmitError::CutElement { element: END_OF_EXTENSIONS, missing });
        }
        self.check_end()
    }

    fn check_end(&self) -> Result<(), EmitError> {
        let contradiction = |reason| Err(EmitError::Contradiction { field: END_OF_EXTENSIONS, reason });
        if self.extensions.iter().any(|extension| extension.is_end()) {
            return contradiction("it stands among the extensions, but it is written behind them");
        }
        match &self.end_of_extensions {
            Some(end) if !end.is_end() => contradiction("an extension of another type stands in its place"),
            _ => Ok(()),
        }
    }

    /// Where the extensions begin, whether there are any or not.
    fn extension_offset(&self) -> usize {
        FixedPart::LEN.saturating_add(self.mandatory_part.wire_len())
    }

    /// Octets of the packet, with `authentication` in the place of its own.
    pub(crate) fn len_with(&self, authentication: Option<&Extension<'_>>) -> usize {
        let framing = ExtensionFraming::default();
        let len = self.extension_offset();
        if authentication.is_none() && !self.has_extensions() {
            return len;
        }
        let extensions_len = match (authentication, self.extensions.chain()) {
            // The octets of extensions that were read are known without decoding them again.
            (None, Some(chain)) => chain.octets().len(),
            _ => {
                let kept =
                    |extension: &Extension<'_>| authentication.is_none() || !extension.is_authentication();
                let others = self.extensions.iter().filter(kept);
                let len = others.fold(0, |len, it| framing.len_with(len, it.header(), it.wire_len()));
                authentication.map_or(len, |it| framing.len_with(len, it.header(), it.wire_len()))
            }
        };
        // default: a part that is made for the authentication extension alone ends so too
        let end = self.end().unwrap_or(Extension::END);
        len.saturating_add(framing.len_with(extensions_len, end.header(), end.wire_len()))
    }

    /// Writes the packet with `authentication` in the place of its own, and returns where the value of that stands in the
    /// packet.
    pub(crate) fn emit_with(
        &self,
        writer: &mut Writer<'_>,
        authentication: Option<&Extension<'_>>,
    ) -> Result<Option<Range<usize>>, EmitError> {
        let start = writer.position();
        self.check_extensions()?;
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
        let has_extensions = authentication.is_some() || self.has_extensions();
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
        for extension in &self.extensions {
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
        // default: the part was made for the authentication extension alone
        chain.push(&self.end().unwrap_or(Extension::END))?;
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

/// The extensions that begin at `offset` with their end where it is not as it is derived, and the first fault; octets after
/// the End Of Extensions are one.
fn extensions_of(
    octets: &[u8],
    offset: usize,
    source_protocol_len: usize,
) -> Parsed<'_, (Extensions<'_>, Option<Extension<'_>>), ParseError> {
    let framing = ExtensionFraming::new(Policy::default(), source_protocol_len);
    let Parsed { value: chain, rest, fault } = Chain::parse_until_error(octets, offset, framing);
    if let Some(fault) = fault {
        return Parsed { value: (chain.into(), None), rest, fault: Some(fault.into()) };
    }
    match end_of(&chain) {
        Ok((element, behind)) => {
            let end = Extension::decode(&element, &framing);
            let kept = (end != Extension::END || chain.is_empty()).then_some(end);
            let trailing = (!behind.is_empty()).then_some(ParseError::TrailingOctets {
                element: END_OF_EXTENSIONS,
                offset: behind.offset(),
                count: behind.len(),
            });
            let fault = element.fault().map(ParseError::from).or(trailing);
            Parsed { value: (chain.into(), kept), rest: behind.rest(), fault }
        }
        Err(fault) => Parsed { value: (chain.into(), None), rest, fault: Some(fault.into()) },
    }
}

#[cfg(test)]
pub(crate) mod tests;
