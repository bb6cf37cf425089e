//! The ways in which packets depart from RFC 2332.

use core::fmt;

use wire::InternetChecksum;

use crate::{AddressFamily, CieCode, ExtensionType, Flags, PacketType, ParseError, ProtocolType};

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
    /// The checksum is 0xffff where 0 belongs, the other zero of ones' complement: it verifies. Seen only while parsing.
    NegativeZeroChecksum,
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
    /// What a checksum that was found departs in from the one that is right.
    pub(crate) const fn of_checksum(found: u16, computed: u16) -> Option<Self> {
        if found == computed {
            None
        } else if InternetChecksum::is_same(found, computed) {
            Some(Self::NegativeZeroChecksum)
        } else {
            Some(Self::Checksum { found, computed })
        }
    }

    /// Where the rule is written.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Checksum { .. }
            | Self::NegativeZeroChecksum
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
            Self::NegativeZeroChecksum => f.write_str("checksum 0xffff where 0x0000 belongs"),
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
