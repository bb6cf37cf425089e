//! Where a packet departs from RFC 2332 and can be lived with: what IOS and FRR do, mostly.

use core::fmt;
use core::iter;
use core::time::Duration;

use crate::extension::{AuthenticationData, DeviceCapabilities, is_compulsory};
use crate::{
    AddressFamily, Cie, CieCode, Cies, Extension, ExtensionElement, ExtensionType, ExtensionValue, Flags,
    MandatoryPart, Packet, PacketType, ParseError, Policy, ProtocolType, TypeLength,
};

/// One departure from RFC 2332. Offsets are those of the element, from the start of the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Departure {
    /// The checksum is wrong. Seen only while parsing: it is derived.
    Checksum {
        /// What the packet carried.
        found: u16,
        /// What it sums up to.
        computed: u16,
    },
    /// The packet size is wrong. Seen only while parsing: it is derived.
    PacketSize {
        /// What the packet carried.
        found: u16,
        /// Octets of the packet.
        actual: usize,
    },
    /// The extension offset points to the packet's end, where no extension is. Seen only while parsing: it is derived.
    ExtensionOffset {
        /// What the packet carried, where 0 belongs.
        found: u16,
    },
    /// `ar$pro.snap` is not zero although the protocol type is not SNAP.
    ProtocolSnap {
        /// The protocol type.
        protocol_type: ProtocolType,
    },
    /// The reserved bit of a type and length octet is set.
    ReservedTypeLengthBit {
        /// Offset of the fixed part (0) or entry.
        offset: usize,
    },
    /// An ATM packet with a subaddress whose address family is not 15.
    SubaddressFamily {
        /// The address family.
        address_family: AddressFamily,
    },
    /// A packet type that the RFC does not assign: Cisco's Traffic Indication, for one.
    UnassignedPacketType {
        /// The type.
        packet_type: PacketType,
    },
    /// Flags that are unused in this packet type, without Cisco's NAT flag.
    UnusedFlags {
        /// The unused ones among the flags.
        flags: Flags,
    },
    /// Cisco's NAT flag, an unused one in the RFC.
    CiscoNatFlag,
    /// The unused field of an indication is not zero: FRR leaves the flags of the packet in error there.
    IndicationUnused {
        /// The field.
        value: u16,
    },
    /// An indication with extensions: Cisco's Traffic Indications have them.
    ExtensionsOnIndication {
        /// The type.
        packet_type: PacketType,
    },
    /// More or fewer entries than the packet type may have.
    EntryCount {
        /// The type.
        packet_type: PacketType,
        /// How many there are.
        count: usize,
    },
    /// The unused field of an entry is not zero.
    EntryUnused {
        /// Offset of the entry.
        offset: usize,
        /// The field.
        value: u16,
    },
    /// A prefix length other than 255 although the U bit is set: IOS has 32.
    UniquePrefixLength {
        /// Offset of the entry.
        offset: usize,
        /// The prefix length.
        prefix_length: u8,
    },
    /// A prefix length other than 0 in a Responder Address or Transit NHS Record.
    RecordPrefixLength {
        /// Offset of the entry.
        offset: usize,
        /// The prefix length.
        prefix_length: u8,
    },
    /// A code where it is to be zero: in a request, or in a Reverse Transit NHS Record.
    UnexpectedCode {
        /// Offset of the entry.
        offset: usize,
        /// The code.
        code: CieCode,
    },
    /// A code the RFC does not assign: FRR has its own for a missing binding.
    UnassignedCode {
        /// Offset of the entry.
        offset: usize,
        /// The code.
        code: CieCode,
    },
    /// A Resolution Reply that says no in one of several entries.
    NakAmongOthers {
        /// Offset of the entry.
        offset: usize,
    },
    /// A holding time other than 0 in an entry that says no.
    NakHoldingTime {
        /// Offset of the entry.
        offset: usize,
    },
    /// A holding time in a Resolution Request whose S bit is clear.
    UnstableHoldingTime {
        /// Offset of the entry.
        offset: usize,
    },
    /// A Purge entry without the protocol address that is to be purged.
    PurgeWithoutAddress {
        /// Offset of the entry.
        offset: usize,
    },
    /// MTU or preference in a Purge entry.
    PurgeFields {
        /// Offset of the entry.
        offset: usize,
    },
    /// A second extension of a type that may come once.
    RepeatedExtension {
        /// Offset of the extension.
        offset: usize,
        /// Its type.
        extension_type: ExtensionType,
    },
    /// A compulsory bit other than the RFC has for the type.
    CompulsoryBit {
        /// Offset of the extension.
        offset: usize,
        /// Its type.
        extension_type: ExtensionType,
    },
    /// The unused bit of an extension is set.
    ExtensionUnusedBit {
        /// Offset of the extension.
        offset: usize,
    },
    /// The End Of Extensions has a value.
    EndWithValue {
        /// Offset of the extension.
        offset: usize,
    },
    /// The value of an extension is not what its type says.
    MalformedExtension {
        /// Offset of the extension.
        offset: usize,
        /// Why.
        error: ParseError,
    },
    /// The reserved field of the authentication extension is not zero.
    AuthenticationReserved {
        /// Offset of the extension.
        offset: usize,
        /// The field.
        value: u16,
    },
    /// Cisco's form of the authentication extension, with the password in it.
    PasswordAuthentication {
        /// Offset of the extension.
        offset: usize,
    },
    /// Cisco's use of extension type 9, which RFC 2735 assigned.
    CiscoNatAddress {
        /// Offset of the extension.
        offset: usize,
    },
    /// Unused bits of the device capabilities are set.
    CapabilitiesUnused {
        /// Offset of the extension.
        offset: usize,
    },
}

impl Departure {
    /// Where the rule is written.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Checksum { .. }
            | Self::PacketSize { .. }
            | Self::ExtensionOffset { .. }
            | Self::ProtocolSnap { .. }
            | Self::ReservedTypeLengthBit { .. }
            | Self::SubaddressFamily { .. }
            | Self::UnassignedPacketType { .. } => "RFC 2332 section 5.1",
            Self::UnusedFlags { .. } | Self::CiscoNatFlag | Self::EntryUnused { .. } => "RFC 2332 section 5",
            Self::NakHoldingTime { .. } => "RFC 2332 section 5.2.0.1",
            Self::EntryCount { packet_type, .. } => match *packet_type {
                PacketType::RESOLUTION_REQUEST => "RFC 2332 section 5.2.1",
                PacketType::RESOLUTION_REPLY => "RFC 2332 section 5.2.2",
                PacketType::PURGE_REQUEST | PacketType::PURGE_REPLY => "RFC 2332 section 5.2.5",
                _ => "RFC 2332 section 5.2.3",
            },
            Self::UniquePrefixLength { .. } | Self::UnstableHoldingTime { .. } => "RFC 2332 section 5.2.1",
            Self::NakAmongOthers { .. } | Self::UnassignedCode { .. } => "RFC 2332 section 5.2.2",
            Self::UnexpectedCode { .. } => "RFC 2332 section 5.2.3",
            Self::PurgeWithoutAddress { .. } | Self::PurgeFields { .. } => "RFC 2332 section 5.2.5",
            Self::IndicationUnused { .. } | Self::ExtensionsOnIndication { .. } => "RFC 2332 section 5.2.7",
            Self::RepeatedExtension { .. }
            | Self::ExtensionUnusedBit { .. }
            | Self::MalformedExtension { .. } => "RFC 2332 section 5.3",
            Self::CompulsoryBit { extension_type, .. } => match *extension_type {
                ExtensionType::END => "RFC 2332 section 5.3.0",
                ExtensionType::RESPONDER_ADDRESS => "RFC 2332 section 5.3.1",
                ExtensionType::FORWARD_TRANSIT_NHS_RECORD => "RFC 2332 section 5.3.2",
                ExtensionType::REVERSE_TRANSIT_NHS_RECORD => "RFC 2332 section 5.3.3",
                ExtensionType::AUTHENTICATION => "RFC 2332 section 5.3.4",
                ExtensionType::VENDOR_PRIVATE => "RFC 2332 section 5.3.5",
                _ => "RFC 2735 section 4.2",
            },
            Self::EndWithValue { .. } => "RFC 2332 section 5.3.0",
            Self::RecordPrefixLength { .. } => "RFC 2332 section 5.3.1",
            Self::AuthenticationReserved { .. } | Self::PasswordAuthentication { .. } => {
                "RFC 2332 section 5.3.4.1"
            }
            Self::CiscoNatAddress { .. } | Self::CapabilitiesUnused { .. } => "RFC 2735 section 4.2",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum { found, computed } => {
                write!(f, "checksum {found:#06x}, should be {computed:#06x}")
            }
            Self::PacketSize { found, actual } => write!(f, "packet size {found}, there are {actual} octets"),
            Self::ExtensionOffset { found } => write!(f, "extension offset {found}, no extension there"),
            Self::ProtocolSnap { protocol_type } => {
                write!(f, "a long form of the protocol beside type {protocol_type}")
            }
            Self::ReservedTypeLengthBit { offset } => {
                write!(f, "reserved bit in a type and length octet of the element at offset {offset}")
            }
            Self::SubaddressFamily { address_family } => {
                write!(f, "a subaddress with address family {address_family}")
            }
            Self::UnassignedPacketType { packet_type } => {
                write!(f, "packet type {} is not assigned: {packet_type}", packet_type.0)
            }
            Self::UnusedFlags { flags } => write!(f, "unused flags {flags:?}"),
            Self::CiscoNatFlag => write!(f, "Cisco's NAT flag"),
            Self::IndicationUnused { value } => write!(f, "unused field of the indication is {value:#06x}"),
            Self::ExtensionsOnIndication { packet_type } => write!(f, "extensions on an {packet_type}"),
            Self::EntryCount { packet_type, count } => write!(f, "{count} entries in an {packet_type}"),
            Self::EntryUnused { offset, value } => {
                write!(f, "unused field of the entry at offset {offset} is {value:#06x}")
            }
            Self::UniquePrefixLength { offset, prefix_length } => {
                write!(
                    f,
                    "prefix length {prefix_length} of the unique entry at offset {offset}, should be 255"
                )
            }
            Self::RecordPrefixLength { offset, prefix_length } => {
                write!(f, "prefix length {prefix_length} of the record at offset {offset}, should be 0")
            }
            Self::UnexpectedCode { offset, code } => {
                write!(f, "code {code} in the entry at offset {offset}, should be 0")
            }
            Self::UnassignedCode { offset, code } => {
                write!(f, "code {} in the entry at offset {offset} is not assigned", code.0)
            }
            Self::NakAmongOthers { offset } => {
                write!(f, "the entry at offset {offset} says no and is not alone")
            }
            Self::NakHoldingTime { offset } => {
                write!(f, "the entry at offset {offset} says no and has a holding time")
            }
            Self::UnstableHoldingTime { offset } => {
                write!(f, "the entry at offset {offset} has a holding time, the S bit is clear")
            }
            Self::PurgeWithoutAddress { offset } => {
                write!(f, "the purge entry at offset {offset} has no protocol address")
            }
            Self::PurgeFields { offset } => {
                write!(f, "the purge entry at offset {offset} has an MTU or a preference")
            }
            Self::RepeatedExtension { offset, extension_type } => {
                write!(f, "another {extension_type} extension at offset {offset}")
            }
            Self::CompulsoryBit { offset, extension_type } => {
                write!(f, "wrong compulsory bit in the {extension_type} extension at offset {offset}")
            }
            Self::ExtensionUnusedBit { offset } => {
                write!(f, "unused bit in the extension at offset {offset}")
            }
            Self::EndWithValue { offset } => {
                write!(f, "the end of extensions at offset {offset} has a value")
            }
            Self::MalformedExtension { offset, error } => {
                write!(f, "malformed extension at offset {offset}: {error}")
            }
            Self::AuthenticationReserved { offset, value } => {
                write!(f, "reserved field of the authentication at offset {offset} is {value:#06x}")
            }
            Self::PasswordAuthentication { offset } => {
                write!(f, "Cisco's password authentication at offset {offset}")
            }
            Self::CiscoNatAddress { offset } => write!(f, "Cisco's NAT address extension at offset {offset}"),
            Self::CapabilitiesUnused { offset } => {
                write!(f, "unused device capabilities in the extension at offset {offset}")
            }
        }
    }
}

impl<'a> Packet<'a> {
    /// What in the packet departs from RFC 2332, its extensions read under `policy`. What is derived cannot depart:
    /// [`parse_reporting`](Packet::parse_reporting) tells of that.
    pub fn conformance(&self, policy: Policy) -> impl Iterator<Item = Departure> + use<'a> {
        let rules = EntryRules::of(&self.mandatory_part);
        let cies = self.mandatory_part.exchange().map(|exchange| exchange.cies.clone()).unwrap_or_default();
        let entries = entries(cies, rules);
        let mut seen = Seen::default();
        let extensions = self.decoded_extensions(policy).flat_map(move |(element, extension)| {
            let repeated = seen.again(element.header.extension_type);
            of_extension(element, repeated, extension)
        });
        self.of_headers().into_iter().flatten().chain(entries).chain(extensions)
    }

    fn of_headers(&self) -> [Option<Departure>; 9] {
        let part = &self.mandatory_part;
        let packet_type = part.packet_type();
        let (nbma, sub) = part.source_type_lengths().unwrap_or_default();
        let flags = part.exchange().map_or(Flags::NONE, |exchange| exchange.flags);
        let unused_flags = flags.without(known_flags(part) | Flags::CISCO_NAT);
        let atm = matches!(self.address_family, AddressFamily::NSAP | AddressFamily::E164);
        let count = part.exchange().map_or(0, |exchange| exchange.cies.element_count());
        let unused = part.indication().map_or(0, |indication| indication.unused);
        [
            (self.protocol_type != ProtocolType::SNAP && self.protocol_snap != [0; 5])
                .then_some(Departure::ProtocolSnap { protocol_type: self.protocol_type }),
            reserved_bit(nbma, sub).then_some(Departure::ReservedTypeLengthBit { offset: 0 }),
            (atm && sub.address_len() != 0)
                .then_some(Departure::SubaddressFamily { address_family: self.address_family }),
            (!(1..=7).contains(&packet_type.0)).then_some(Departure::UnassignedPacketType { packet_type }),
            (unused_flags != Flags::NONE).then_some(Departure::UnusedFlags { flags: unused_flags }),
            flags.contains(Flags::CISCO_NAT).then_some(Departure::CiscoNatFlag),
            (unused != 0).then_some(Departure::IndicationUnused { value: unused }),
            (part.indication().is_some() && !self.extensions.is_empty())
                .then_some(Departure::ExtensionsOnIndication { packet_type }),
            (!entry_count_is_right(part, count)).then_some(Departure::EntryCount { packet_type, count }),
        ]
    }
}

fn reserved_bit(address: TypeLength, subaddress: TypeLength) -> bool {
    address.reserved() || subaddress.reserved()
}

/// The flags that a packet type has, RFC 2332 sections 5.2.1 to 5.2.6.
const fn known_flags(part: &MandatoryPart<'_>) -> Flags {
    match part {
        // The D bit is there in a request: unused, to be sent clear.
        MandatoryPart::ResolutionRequest(_) => Flags(0xd800),
        MandatoryPart::ResolutionReply(_) => Flags(0xf800),
        _ => Flags(0x8000),
    }
}

/// How many entries a packet type may have, RFC 2332 sections 5.2.1 to 5.2.6.
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

/// What is expected of the entries in some place.
#[derive(Clone, Copy, Default)]
struct EntryRules {
    /// The prefix length MUST be 255, RFC 2332 sections 5.2.1 and 5.2.3.
    unique: bool,
    /// The prefix length MUST be 0, RFC 2332 sections 5.3.1 to 5.3.3.
    record: bool,
    /// The code is set to 0, RFC 2332 sections 5.2.3, 5.2.5 and 5.3.3.
    code_zero: bool,
    /// A code says that the request failed, RFC 2332 section 5.2.0.1.
    reply: bool,
    /// One entry that says no is the only one, RFC 2332 section 5.2.2.
    nak_alone: bool,
    /// No holding time, RFC 2332 section 5.2.1.
    no_holding_time: bool,
    /// An address, but neither MTU nor preference, RFC 2332 section 5.2.5.
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
                Self { reply: true, nak_alone: exchange.cies.element_count() > 1, ..Self::default() }
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

fn entries<'a>(cies: Cies<'a>, rules: EntryRules) -> impl Iterator<Item = Departure> + use<'a> {
    cies.into_iter()
        .flat_map(move |element| of_entry(element.offset, &element.into(), rules).into_iter().flatten())
}

fn of_entry(offset: usize, cie: &Cie<'_>, rules: EntryRules) -> [Option<Departure>; 11] {
    let Cie { code, prefix_length, .. } = *cie;
    let no = rules.reply && code != CieCode::SUCCESS;
    let holding = cie.holding_time != Duration::ZERO;
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
        (rules.purge && cie.client_protocol_address.is_empty())
            .then_some(Departure::PurgeWithoutAddress { offset }),
        (rules.purge && (cie.maximum_transmission_unit != 0 || cie.preference != 0))
            .then_some(Departure::PurgeFields { offset }),
    ]
}

/// Which extension types came already: one bit for each of the 2^14.
struct Seen([u64; 256]);

impl Default for Seen {
    fn default() -> Self {
        Self([0; 256])
    }
}

impl Seen {
    /// Whether a type came before; takes note of it.
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

fn of_extension<'a>(
    element: ExtensionElement<'a>,
    repeated: bool,
    extension: Result<Extension<'a>, ParseError>,
) -> impl Iterator<Item = Departure> + use<'a> {
    let offset = element.offset;
    let extension_type = element.header.extension_type;
    let mut nested = (Cies::default(), EntryRules::default());
    let (mut fourth, mut fifth) = (None, None);
    // RFC 2332 section 5.3: once, but for the vendor-private extension.
    let first = (repeated && extension_type != ExtensionType::VENDOR_PRIVATE)
        .then_some(Departure::RepeatedExtension { offset, extension_type });
    let second = (extension_type.is_recognized()
        && element.header.compulsory != is_compulsory(extension_type))
    .then_some(Departure::CompulsoryBit { offset, extension_type });
    let third = element.header.unused.then_some(Departure::ExtensionUnusedBit { offset });
    let record = EntryRules { record: true, ..EntryRules::default() };
    match extension.map(|extension| extension.value) {
        Err(error) => fourth = Some(Departure::MalformedExtension { offset, error }),
        Ok(ExtensionValue::End(value)) if !value.is_empty() => {
            fourth = Some(Departure::EndWithValue { offset });
        }
        Ok(ExtensionValue::ResponderAddress(_)) => {
            let cies = Cies::parse_until_error(element.value, element.value_offset, Default::default()).0;
            nested = (cies, record);
        }
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
    let nested = iter::once(nested).flat_map(|(cies, rules)| entries(cies, rules));
    [first, second, third, fourth, fifth].into_iter().flatten().chain(nested)
}

#[cfg(test)]
mod tests;
