//! A whole packet.

use core::ops::Range;

use wire::{Chain, ChainWriter, Emit, EmitError, Framing, LengthError, List, Member, Parsed, Reader, Writer};

use crate::extension::framing::end_of;
use crate::fixed_part::{finish, set_extension_offset};
use crate::{
    AddressFamily, Extension, ExtensionElement, ExtensionFraming, Extensions, FixedPart, MandatoryPart,
    ParseError, Policy, ProtocolType,
};

/// The name of the End Of Extensions in errors.
const END_OF_EXTENSIONS: &str = "End Of Extensions";

/// An NHRP packet (RFC 2332 section 5).
///
/// The packet size, the checksum, the extension offset, the version, the packet type and the End Of Extensions are
/// derived when the packet is written. The struct is exhaustive, because the RFC fixes its fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Packet<'a> {
    /// The family of the NBMA addresses.
    pub address_family: AddressFamily,
    /// The protocol whose addresses are resolved.
    pub protocol_type: ProtocolType,
    /// The long form of the protocol, which belongs to [`ProtocolType::SNAP`]. With other protocol types a sender
    /// writes zeros and a receiver ignores them; received octets are kept.
    pub protocol_snap: [u8; 5],
    /// The number of servers that may still forward the packet.
    pub hop_count: u8,
    /// The mandatory part, which says the packet type.
    pub mandatory_part: MandatoryPart<'a>,
    /// The extensions without the End Of Extensions. The list is empty in a packet without extensions.
    pub extensions: Extensions<'a>,
    /// The End Of Extensions, when it differs from the derived one: it has other flags or a value, or it stands alone.
    /// Otherwise `None`, and [`Extension::END`] is written behind the extensions, if there are any.
    pub end_of_extensions: Option<Extension<'a>>,
}

impl<'a> Packet<'a> {
    /// The hop count that IOS sends: 255.
    pub const CISCO_HOP_COUNT: u8 = 255;

    /// Makes a packet about addresses of `protocol_type` over an IPv4 NBMA network, as DMVPN sends it. Its hop count is
    /// [`CISCO_HOP_COUNT`](Self::CISCO_HOP_COUNT), which is 255, and it has no extensions.
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
    /// A wrong checksum and an extension offset that points to the end of the packet are accepted;
    /// [`FixedPart::conformance`] reports them. Extensions are framed at once, but each is decoded when it is met, so
    /// that a malformed extension does not hide the others.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the octets are not as many as the packet size says, when they end inside an element
    /// or go on after the last one, when the extension offset lies outside of the packet, or when the version is not
    /// that of NHRP.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (packet, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            return Ok(packet);
        }
        let offset = octets.len().saturating_sub(rest.len());
        Err(ParseError::TrailingOctets { element: "NHRP packet", offset, count: rest.len() })
    }

    /// Decodes a packet that is all of `octets`, whatever its packet size says. It is for a caller that believes the
    /// length of the carrying packet instead, and that shows packets with wrong derived values.
    /// [`FixedPart::conformance`] reports a wrong packet size.
    ///
    /// # Errors
    /// Returns [`ParseError`] in the same cases as [`parse`](Self::parse), except for a wrong packet size.
    pub fn parse_ignoring_size(octets: &'a [u8]) -> Result<Self, ParseError> {
        let fixed_part = nhrp_fixed_part(octets)?;
        let (packet, _) = Self::framed(&fixed_part, octets, octets.len())?.strict()?;
        Ok(packet)
    }

    /// Decodes a packet that ends where its packet size says, and returns the octets that follow it.
    ///
    /// # Errors
    /// Returns [`ParseError`] in the same cases as [`parse`](Self::parse), except that octets may follow the packet. A
    /// packet size below the 20 octets of the fixed part, or above the number of octets, is an error.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Decodes a packet as far as its octets allow. It is for a caller that shows broken packets. The packet ends
    /// where its packet size says, or with the octets when the packet size is impossible.
    ///
    /// The mandatory part and the extensions are both decoded as far as possible, so that a fault in one does not hide
    /// the other. A last entry or extension that is cut is kept with the octets that are there
    /// ([`ExtensionElement::missing`](wire::Element::missing)). A mandatory part that ends before its entries is
    /// [`MandatoryPart::Other`]. The packet size is the fault when it is impossible and both parts are sound.
    ///
    /// The extension offset decides where the mandatory part ends. When the fault is [`ParseError::ExtensionOffset`]
    /// with an offset behind the packet, all octets were taken for the mandatory part and no extensions are found: what
    /// looks like entries at its end may be extensions. With an offset inside the fixed part, the mandatory part has no
    /// octets.
    ///
    /// The rest begins with the first octet that is in neither part, and ends with `octets`. After a fault in the
    /// mandatory part it contains the extensions too, although they are decoded. A packet that was cut cannot be
    /// written again.
    ///
    /// # Errors
    /// Returns [`ParseError`] when there are fewer octets than the 20 of the fixed part, or when the version is not
    /// that of NHRP. A caller can then show only the octets and what [`FixedPart::parse_prefix`] returns.
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
        let mut parsed = Self::framed(&fixed_part, packet, declared)?;
        if packet.len() < declared && parsed.value.extensions.chain().is_none() {
            // The end of the packet is not known, so the packet must not be taken for a whole one and written.
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

    /// Decodes both parts of a packet that is all of `octets`, and returns the first fault beside them. The rest goes
    /// to the end of `octets`. The packet goes on up to `end` when it was cut.
    fn framed(
        fixed_part: &FixedPart,
        octets: &'a [u8],
        end: usize,
    ) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
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
        // An offset at the very end is tolerated, because no extension stands there, unless the packet was cut there.
        let is_cut = usize::from(fixed_part.packet_size) > len;
        let extensions = if is_inside && (extension_offset < len || is_cut) {
            let source_protocol_len = source_protocol_len(&part.value);
            extensions_of(reader.rest(), mandatory_end, source_protocol_len)
        } else {
            Parsed { value: (Extensions::default(), None), rest: reader.rest(), fault: None }
        };
        // In a packet that was cut, the extensions may stand in what is missing.
        let is_missing = (len..=end).contains(&extension_offset);
        let outside =
            (found != 0 && !is_inside && !is_missing).then_some(ParseError::ExtensionOffset { found, len });
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

    /// Returns the same packet with its extensions read under `policy`. [`parse`](Self::parse) reads them under the
    /// default policy. Extensions that were built from values stay as they are.
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

    /// Returns the number of octets of the source protocol address. The RFC's form of the authentication extension is
    /// decoded with it. It is 0 when the mandatory part is not decoded.
    #[must_use]
    pub const fn source_protocol_len(&self) -> usize {
        source_protocol_len(&self.mandatory_part)
    }

    /// Returns the extensions of a packet that was read, framed but not decoded, with the End Of Extensions as the
    /// last one. A packet that was built from values has no elements.
    pub fn extension_elements(&self) -> impl Iterator<Item = ExtensionElement<'a>> + Clone + use<'a> {
        let end = self.extensions.chain().and_then(|chain| end_of(chain).ok());
        self.extensions.elements().chain(end.map(|(element, _)| element))
    }

    /// Returns the extensions of a packet that was read, decoded under a policy, with the End Of Extensions as the
    /// last one. Each comes with its element, and with the error when its body is malformed. A packet that was built
    /// from values has no elements; its values are in [`extensions`](Self::extensions).
    pub fn decoded_extensions(
        &self,
        policy: Policy,
    ) -> impl Iterator<Item = (ExtensionElement<'a>, Result<Extension<'a>, ParseError>)> + Clone + use<'a>
    {
        let source_protocol_len = self.source_protocol_len();
        self.extension_elements()
            .map(move |element| (element, Extension::parse(&element, policy, source_protocol_len)))
    }

    /// Returns the first extension that has the compulsory bit and is not known here, with its offset in the packet.
    /// `None` when there is no such extension.
    ///
    /// A station that would reply sends an Error Indication instead, with the code Unrecognized Extension and this
    /// offset. A station that forwards the packet ignores the extension, caches nothing and does not record itself
    /// (RFC 2332 section 5.3).
    #[must_use]
    pub fn unrecognized_compulsory(&self) -> Option<(usize, Extension<'a>)> {
        self.placed_extensions()
            .find(|(_, extension)| extension.compulsory && !extension.extension_type().is_recognized())
    }

    /// Returns the extensions, each with the offset that it has in the packet or will have when the packet is written.
    pub(crate) fn placed_extensions(&self) -> impl Iterator<Item = (usize, Extension<'a>)> + use<'a> {
        let offset = self.extension_offset();
        let end = self.end();
        let end_offset = offset.saturating_add(self.extensions.wire_len());
        placed(&self.extensions, ExtensionFraming::default(), offset).chain(end.map(|end| (end_offset, end)))
    }

    /// Returns whether the packet has an extensions part, even when that holds only its end.
    pub(crate) const fn has_extensions(&self) -> bool {
        !self.extensions.is_empty() || self.end_of_extensions.is_some()
    }

    /// Returns the End Of Extensions as it is written. `None` when the packet has no extensions part.
    fn end(&self) -> Option<Extension<'a>> {
        // RFC 2332 section 5.3: the list ends with an End Of Extensions.
        let derived = (!self.extensions.is_empty()).then_some(Extension::END);
        self.end_of_extensions.clone().or(derived)
    }

    /// Checks that the packet can be written whole: its extensions were not cut, and the End Of Extensions is in its
    /// place.
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
            return contradiction(
                "it stands among the extensions, but its place is the field end_of_extensions",
            );
        }
        match &self.end_of_extensions {
            Some(end) if !end.is_end() => {
                contradiction("the field end_of_extensions holds an extension of another type")
            }
            _ => Ok(()),
        }
    }

    /// Returns the offset where the extensions begin, or would begin.
    fn extension_offset(&self) -> usize {
        FixedPart::LEN.saturating_add(self.mandatory_part.wire_len())
    }

    /// Returns the number of octets of the packet, with `authentication` in the place of its own authentication
    /// extension.
    pub(crate) fn len_with(&self, authentication: Option<&Extension<'_>>) -> usize {
        let framing = ExtensionFraming::default();
        let len = self.extension_offset();
        if authentication.is_none() && !self.has_extensions() {
            return len;
        }
        let extensions_len = match (authentication, self.extensions.chain()) {
            // The length of extensions that were read is known without decoding them again.
            (None, Some(chain)) => chain.octets().len(),
            _ => {
                let kept =
                    |extension: &Extension<'_>| authentication.is_none() || !extension.is_authentication();
                let others = self.extensions.iter().filter(kept);
                let len = others.fold(0, |len, it| framing.len_with(len, it.header(), it.wire_len()));
                authentication.map_or(len, |it| framing.len_with(len, it.header(), it.wire_len()))
            }
        };
        // default: an extensions part that is made for the authentication extension alone has the same end
        let end = self.end().unwrap_or(Extension::END);
        len.saturating_add(framing.len_with(extensions_len, end.header(), end.wire_len()))
    }

    /// Writes the packet with `authentication` in the place of its own authentication extension, and returns the place
    /// of that extension's value in the packet.
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
                // The extension keeps its place; a further one is left out.
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

/// Returns the octets that were written from `start` on, so that they can be completed.
pub(crate) fn written_from<'w>(writer: &'w mut Writer<'_>, start: usize) -> Result<&'w mut [u8], EmitError> {
    let written = writer.written_mut();
    let available = written.len();
    written.get_mut(start..).ok_or(EmitError::BufferTooSmall { needed: start, available })
}

/// Returns the members of a list, each with the offset that it has when the list begins at `start`.
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

/// Decodes the fixed part and checks that it is that of NHRP.
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

/// Decodes the extensions that begin at `offset`, and returns the first fault beside them. Their end is returned when
/// it differs from the derived one. Octets behind the End Of Extensions are a fault.
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
