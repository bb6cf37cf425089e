//! The rules of RFC 2332 that a packet breaks although it can be read. Most of these departures are habits of IOS and
//! FRR.

use wire::{Emit, Framing, Member, Reader};

use crate::extension::DeviceCapabilities;
use crate::extension::authentication::AuthenticationData;
use crate::mandatory_part::HEADER_LEN;
use crate::packet::placed;
use crate::{
    AddressFamily, Cie, CieCode, CieFraming, Cies, Departure, ErrorCode, Exchange, Extension,
    ExtensionFraming, ExtensionHeader, ExtensionType, ExtensionValue, FixedPart, Flags, MandatoryPart,
    Packet, ParseError, Policy, ProtocolType, Seconds,
};

impl<'a> Packet<'a> {
    /// Lists where the packet departs from RFC 2332. Its extensions are read under `policy`.
    ///
    /// Offsets are those that the elements have when the packet is written. In a packet that [`parse`](Self::parse)
    /// accepts they are also those in its octets. In one that [`parse_until_error`](Self::parse_until_error) returned
    /// with a fault in its mandatory part, the octets from the fault on are not part of the value, so that the offsets
    /// of extensions are smaller here than in the octets; [`decoded_extensions`](Self::decoded_extensions) has those.
    ///
    /// Derived values are not checked here, because they are written anew;
    /// [`FixedPart::conformance`](crate::FixedPart::conformance) lists the values that a sender derived wrong.
    pub fn conformance(&self, policy: Policy) -> impl Iterator<Item = Departure> + use<'a> {
        let rules = EntryRules::of(&self.mandatory_part);
        let entries = self
            .mandatory_part
            .exchange()
            .map(|exchange| entries(&exchange.cies, exchange.entries_offset(), rules))
            .into_iter()
            .flatten();
        let framing = ExtensionFraming::new(policy, self.source_protocol_len());
        let mut seen = Seen::default();
        let extensions = self.read_under(policy).placed_extensions().flat_map(move |(offset, extension)| {
            let header = extension.header();
            let repeated = seen.again(header.extension_type);
            of_extension(offset, header, repeated, decoded(offset, extension, &framing))
        });
        self.of_headers().into_iter().flatten().chain(entries).chain(extensions)
    }

    fn of_headers(&self) -> [Option<Departure>; 11] {
        let part = &self.mandatory_part;
        let packet_type = part.packet_type();
        let (nbma, sub) = part.source_type_lengths();
        let flags = part.exchange().map_or(Flags::NONE, |exchange| exchange.flags);
        let unused_flags = flags.without(known_flags(part) | Flags::CISCO_NAT);
        let atm = matches!(self.address_family, AddressFamily::NSAP | AddressFamily::E164);
        let count = part.exchange().map_or(0, |exchange| exchange.cies.count());
        // Where the entries stop at a fault, their number is not known.
        let framed = part.exchange().and_then(|exchange| exchange.cies.chain());
        let are_all_framed = framed.is_none_or(|chain| chain.rest().is_empty() && !chain.is_cut());
        let error_code = match part {
            MandatoryPart::ErrorIndication(indication) => Some(indication.error_code),
            // A Traffic Indication tells of no error, and its code is 0.
            _ => None,
        };
        let unused = part.indication().map_or(0, |indication| indication.unused);
        [
            (self.hop_count == 0).then_some(Departure::HopCountZero),
            (self.protocol_type != ProtocolType::SNAP && self.protocol_snap != [0; 5])
                .then_some(Departure::ProtocolSnap { protocol_type: self.protocol_type }),
            (nbma.reserved || sub.reserved).then_some(Departure::ReservedTypeLengthBit { offset: 0 }),
            (atm && sub.address_len != 0)
                .then_some(Departure::SubaddressFamily { address_family: self.address_family }),
            (!(1..=7).contains(&packet_type.0)).then_some(Departure::UnassignedPacketType { packet_type }),
            (unused_flags != Flags::NONE).then_some(Departure::UnusedFlags { flags: unused_flags }),
            flags.contains(Flags::CISCO_NAT).then_some(Departure::CiscoNatFlag),
            (unused != 0).then_some(Departure::IndicationUnused { value: unused }),
            error_code
                .filter(|code| code.name().is_none() || *code == ErrorCode::LOOP_DETECTED_FRR)
                .map(|error_code| Departure::UnassignedErrorCode { error_code }),
            (part.indication().is_some() && self.has_extensions())
                .then_some(Departure::ExtensionsOnIndication { packet_type }),
            (are_all_framed && !entry_count_is_right(part, count))
                .then_some(Departure::EntryCount { packet_type, count }),
        ]
    }
}

/// Returns the flags that a packet type defines (RFC 2332 sections 5.2.1 to 5.2.6).
const fn known_flags(part: &MandatoryPart<'_>) -> Flags {
    match part {
        // A request has the D bit too. It is unused there and must be clear.
        MandatoryPart::ResolutionRequest(_) => Flags(0xd800),
        MandatoryPart::ResolutionReply(_) => Flags(0xf800),
        _ => Flags(0x8000),
    }
}

/// Returns whether a packet of this type may have `count` entries (RFC 2332 sections 5.2.1 to 5.2.6).
const fn entry_count_is_right(part: &MandatoryPart<'_>, count: usize) -> bool {
    match part {
        MandatoryPart::ResolutionRequest(_) => count <= 1,
        MandatoryPart::ResolutionReply(exchange) => {
            count == 1 || count > 1 && !exchange.flags.contains(Flags::UNIQUE)
        }
        MandatoryPart::RegistrationRequest(exchange) | MandatoryPart::RegistrationReply(exchange) => {
            count == 1 || count > 1 && !exchange.flags.contains(Flags::REGISTRATION_UNIQUE)
        }
        MandatoryPart::PurgeRequest(_) | MandatoryPart::PurgeReply(_) => count >= 1,
        _ => count == 0,
    }
}

/// The rules for the entries in one place of a packet.
#[derive(Clone, Copy, Default)]
struct EntryRules {
    /// The prefix length MUST be 255, RFC 2332 sections 5.2.1 and 5.2.3.
    unique: bool,
    /// The prefix length MUST be 0, RFC 2332 sections 5.3.1 to 5.3.3.
    record: bool,
    /// The code must be 0, RFC 2332 sections 5.2.3, 5.2.5 and 5.3.3.
    code_zero: bool,
    /// A code other than 0 says that the request failed, RFC 2332 section 5.2.0.1.
    reply: bool,
    /// An entry that refuses must be the only one, RFC 2332 section 5.2.2.
    nak_alone: bool,
    /// The holding time must be 0, RFC 2332 section 5.2.1.
    no_holding_time: bool,
    /// The entry must have a protocol address, but neither an MTU nor a preference, RFC 2332 section 5.2.5.
    purge: bool,
}

impl EntryRules {
    fn of(part: &MandatoryPart<'_>) -> Self {
        match part {
            MandatoryPart::ResolutionRequest(exchange) => Self {
                unique: exchange.flags.contains(Flags::UNIQUE),
                no_holding_time: !exchange.flags.contains(Flags::SOURCE_STABLE),
                ..Self::default()
            },
            MandatoryPart::ResolutionReply(exchange) => {
                Self { reply: true, nak_alone: exchange.cies.count() > 1, ..Self::default() }
            }
            MandatoryPart::RegistrationRequest(exchange) => Self {
                unique: exchange.flags.contains(Flags::REGISTRATION_UNIQUE),
                code_zero: true,
                ..Self::default()
            },
            MandatoryPart::RegistrationReply(_) => Self { reply: true, ..Self::default() },
            MandatoryPart::PurgeRequest(_) => Self { purge: true, code_zero: true, ..Self::default() },
            MandatoryPart::PurgeReply(_) => Self { purge: true, ..Self::default() },
            _ => Self::default(),
        }
    }
}

fn entries<'a>(
    cies: &Cies<'a>,
    offset: usize,
    rules: EntryRules,
) -> impl Iterator<Item = Departure> + use<'a> {
    placed(cies, CieFraming, offset)
        .flat_map(move |(offset, cie)| of_entry(offset, &cie, rules).into_iter().flatten())
}

fn of_entry(offset: usize, cie: &Cie<'_>, rules: EntryRules) -> [Option<Departure>; 11] {
    let Cie { code, prefix_length, .. } = *cie;
    let no = rules.reply && code != CieCode::SUCCESS;
    let holding = cie.holding_time != Seconds::ZERO;
    let assigned = matches!(code.0, 0 | 4 | 5 | 12..=14);
    [
        (cie.client_nbma_address.reserved || cie.client_nbma_subaddress.reserved)
            .then_some(Departure::ReservedTypeLengthBit { offset }),
        (cie.unused != 0).then_some(Departure::EntryUnused { offset, value: cie.unused }),
        (rules.unique && prefix_length != 0xff)
            .then_some(Departure::UniquePrefixLength { offset, prefix_length }),
        (rules.record && prefix_length != 0)
            .then_some(Departure::RecordPrefixLength { offset, prefix_length }),
        (rules.code_zero && code != CieCode::SUCCESS).then_some(Departure::UnexpectedCode { offset, code }),
        (!assigned).then_some(Departure::UnassignedCode { offset, code }),
        (no && rules.nak_alone).then_some(Departure::NakAmongOthers { offset }),
        (no && holding).then_some(Departure::NakHoldingTime { offset }),
        (rules.no_holding_time && holding).then_some(Departure::UnstableHoldingTime { offset }),
        // An entry that is cut has lost its address on the way.
        (rules.purge && cie.missing == 0 && cie.client_protocol_address.is_empty())
            .then_some(Departure::PurgeWithoutAddress { offset }),
        (rules.purge && (cie.maximum_transmission_unit != 0 || cie.preference != 0))
            .then_some(Departure::PurgeFields { offset }),
    ]
}

/// The extension types that have already come: one bit for each of the 2^14 types.
struct Seen([u64; 256]);

impl Default for Seen {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Seen {
    /// Returns whether the type came before, and takes note of it.
    fn again(&mut self, extension_type: ExtensionType) -> bool {
        let bit = 1u64.wrapping_shl(u32::from(extension_type.0 & 0x3f));
        match self.0.get_mut(usize::from(extension_type.0.wrapping_shr(6))) {
            Some(word) => {
                let again = *word & bit != 0;
                *word |= bit;
                again
            }
            None => false,
        }
    }
}

/// Returns the extension with its value decoded. Returns an error when octets under the number of a known type are not
/// what the type requires.
fn decoded<'a>(
    offset: usize,
    extension: Extension<'a>,
    framing: &ExtensionFraming,
) -> Result<Extension<'a>, ParseError> {
    let ExtensionValue::Raw { octets, .. } = extension.value else { return Ok(extension) };
    let value_offset = offset.saturating_add(ExtensionHeader::LEN);
    let mut reader = Reader::at(ExtensionFraming::WITHIN, octets, value_offset);
    let mut element = reader.element(ExtensionFraming::ELEMENT, extension.header(), 0, octets.len(), 0)?;
    element.offset = offset;
    Extension::parse(&element, framing.policy, framing.source_protocol_len)
}

fn of_extension<'a>(
    offset: usize,
    header: ExtensionHeader,
    repeated: bool,
    extension: Result<Extension<'a>, ParseError>,
) -> impl Iterator<Item = Departure> + use<'a> {
    let ExtensionHeader { compulsory, unused, extension_type } = header;
    let value_offset = offset.saturating_add(ExtensionHeader::LEN);
    let mut nested = (Cies::default(), EntryRules::default());
    let mut responder = None;
    let (mut fourth, mut fifth) = (None, None);
    // RFC 2332 section 5.3: each extension may come once, but the vendor-private extension may come several times.
    let first = (repeated && extension_type != ExtensionType::VENDOR_PRIVATE)
        .then_some(Departure::RepeatedExtension { offset, extension_type });
    let second = (extension_type.is_recognized() && compulsory != extension_type.is_compulsory())
        .then_some(Departure::CompulsoryBit { offset, extension_type });
    let third = unused.then_some(Departure::ExtensionUnusedBit { offset });
    let record = EntryRules { record: true, ..EntryRules::default() };
    match extension.map(|extension| extension.value) {
        Err(error) => fourth = Some(Departure::MalformedExtension { offset, error }),
        Ok(ExtensionValue::End(value)) if !value.is_empty() => {
            fourth = Some(Departure::EndWithValue { offset });
        }
        Ok(ExtensionValue::ResponderAddress(value)) => responder = value.responder,
        Ok(ExtensionValue::ForwardTransitNhsRecord(value)) => nested = (value.records, record),
        Ok(ExtensionValue::ReverseTransitNhsRecord(value)) => {
            nested = (value.records, EntryRules { code_zero: true, ..record });
        }
        Ok(ExtensionValue::Authentication(value)) => {
            fourth = (value.reserved != 0)
                .then_some(Departure::AuthenticationReserved { offset, value: value.reserved });
            fifth = matches!(value.data, AuthenticationData::Password(_))
                .then_some(Departure::PasswordAuthentication { offset });
        }
        Ok(ExtensionValue::NatAddress(value)) => {
            fourth = Some(Departure::CiscoNatAddress { offset });
            nested = (value.cies, EntryRules::default());
        }
        Ok(ExtensionValue::DeviceCapabilities(value)) => {
            let all = value.source_capabilities | value.target_capabilities;
            fourth = (all & !DeviceCapabilities::VPN_AWARE != 0)
                .then_some(Departure::CapabilitiesUnused { offset });
        }
        Ok(_) => {}
    }
    let responder = responder.into_iter().flat_map(move |cie| of_entry(value_offset, &cie, record));
    let (cies, rules) = nested;
    let nested = responder.flatten().chain(entries(&cies, value_offset, rules));
    [first, second, third, fourth, fifth].into_iter().flatten().chain(nested)
}

impl Exchange<'_> {
    /// Returns the offset of the first entry in the packet.
    fn entries_offset(&self) -> usize {
        FixedPart::LEN.saturating_add(HEADER_LEN).saturating_add(self.addresses.wire_len())
    }
}

#[cfg(test)]
mod tests;
