//! The ways in which packets depart from RFC 2332.

use core::fmt;

use wire::InternetChecksum;

use crate::{AddressFamily, CieCode, ErrorCode, ExtensionType, Flags, PacketType, ParseError, ProtocolType};

/// One way in which a packet departs from RFC 2332. An offset is that of the element, counted from the start of the
/// packet as it would be written; [`Packet::conformance`](crate::Packet::conformance) says when it differs from the
/// offset in the octets that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Departure {
    /// The checksum is wrong. Only [`FixedPart::conformance`](crate::FixedPart::conformance) reports this, because the
    /// checksum is derived.
    Checksum {
        /// The checksum that the packet carried.
        found: u16,
        /// The checksum that the octets of the packet have.
        computed: u16,
    },
    /// The checksum is 0xffff, but it should be 0. Both are zeros of ones' complement, so the packet verifies. Only
    /// [`FixedPart::conformance`](crate::FixedPart::conformance) reports this.
    NegativeZeroChecksum,
    /// The packet size is wrong. Only [`FixedPart::conformance`](crate::FixedPart::conformance) reports this, because
    /// the packet size is derived.
    PacketSize {
        /// The packet size that the packet carried.
        found: u16,
        /// The number of octets of the packet.
        actual: usize,
    },
    /// The extension offset points to the end of the packet, where no extension stands. Only
    /// [`FixedPart::conformance`](crate::FixedPart::conformance) reports this, because the extension offset is
    /// derived.
    ExtensionOffset {
        /// The extension offset that the packet carried. It should be 0.
        found: u16,
    },
    /// The hop count is zero, so no server may forward the packet. FRR sends such errors.
    HopCountZero,
    /// `ar$pro.snap` is not zero although the protocol type is not SNAP.
    ProtocolSnap {
        /// The protocol type of the packet.
        protocol_type: ProtocolType,
    },
    /// The reserved bit of a type and length octet is set.
    ReservedTypeLengthBit {
        /// The offset of the entry, or 0 for the fixed part.
        offset: usize,
    },
    /// An ATM packet has a subaddress, but its address family is not 15.
    SubaddressFamily {
        /// The address family of the packet.
        address_family: AddressFamily,
    },
    /// The RFC does not assign the packet type. Cisco's Traffic Indication is an example.
    UnassignedPacketType {
        /// The packet type.
        packet_type: PacketType,
    },
    /// Flags are set that are unused in this packet type. Cisco's NAT flag is reported as
    /// [`CiscoNatFlag`](Self::CiscoNatFlag) instead.
    UnusedFlags {
        /// The unused flags that are set.
        flags: Flags,
    },
    /// Cisco's NAT flag is set. The RFC leaves the bit unused.
    CiscoNatFlag,
    /// The unused field of an indication is not zero. FRR leaves the flags of the packet in error there.
    IndicationUnused {
        /// The value of the field.
        value: u16,
    },
    /// No RFC assigns the error code of an Error Indication. FRR and opennhrp send 2 for a loop.
    UnassignedErrorCode {
        /// The error code.
        error_code: ErrorCode,
    },
    /// An indication has extensions. Cisco's Traffic Indications have them.
    ExtensionsOnIndication {
        /// The packet type.
        packet_type: PacketType,
    },
    /// The packet has more or fewer entries than its type may have.
    EntryCount {
        /// The packet type.
        packet_type: PacketType,
        /// The number of entries.
        count: usize,
    },
    /// The unused field of an entry is not zero.
    EntryUnused {
        /// The offset of the entry.
        offset: usize,
        /// The value of the field.
        value: u16,
    },
    /// The prefix length is not 255 although the U bit is set. IOS sends 32.
    UniquePrefixLength {
        /// The offset of the entry.
        offset: usize,
        /// The prefix length.
        prefix_length: u8,
    },
    /// The prefix length is not 0 in a Responder Address or a Transit NHS Record.
    RecordPrefixLength {
        /// The offset of the entry.
        offset: usize,
        /// The prefix length.
        prefix_length: u8,
    },
    /// The code is not 0 in a request or in a Reverse Transit NHS Record.
    UnexpectedCode {
        /// The offset of the entry.
        offset: usize,
        /// The code.
        code: CieCode,
    },
    /// The RFC does not assign the code. FRR sends a number of its own for a missing binding.
    UnassignedCode {
        /// The offset of the entry.
        offset: usize,
        /// The code.
        code: CieCode,
    },
    /// A Resolution Reply has several entries, and one of them refuses.
    NakAmongOthers {
        /// The offset of the entry.
        offset: usize,
    },
    /// An entry that refuses has a holding time other than 0.
    NakHoldingTime {
        /// The offset of the entry.
        offset: usize,
    },
    /// A Resolution Request has a holding time although its S bit is clear.
    UnstableHoldingTime {
        /// The offset of the entry.
        offset: usize,
    },
    /// A Purge entry lacks the protocol address that is to be purged.
    PurgeWithoutAddress {
        /// The offset of the entry.
        offset: usize,
    },
    /// A Purge entry has an MTU or a preference.
    PurgeFields {
        /// The offset of the entry.
        offset: usize,
    },
    /// An extension comes again although its type may come only once.
    RepeatedExtension {
        /// The offset of the extension that comes again.
        offset: usize,
        /// The type of the extension.
        extension_type: ExtensionType,
    },
    /// The compulsory bit is not as the RFC has it for the type.
    CompulsoryBit {
        /// The offset of the extension.
        offset: usize,
        /// The type of the extension.
        extension_type: ExtensionType,
    },
    /// The unused bit of an extension is set.
    ExtensionUnusedBit {
        /// The offset of the extension.
        offset: usize,
    },
    /// The End Of Extensions has a value.
    EndWithValue {
        /// The offset of the extension.
        offset: usize,
    },
    /// The value of an extension is not what its type requires.
    MalformedExtension {
        /// The offset of the extension.
        offset: usize,
        /// The reason why the value cannot be decoded.
        error: ParseError,
    },
    /// The reserved field of the authentication extension is not zero.
    AuthenticationReserved {
        /// The offset of the extension.
        offset: usize,
        /// The value of the field.
        value: u16,
    },
    /// The authentication extension has Cisco's form, which contains the password.
    PasswordAuthentication {
        /// The offset of the extension.
        offset: usize,
    },
    /// An extension of type 9 has Cisco's use, although RFC 2735 assigned the number otherwise.
    CiscoNatAddress {
        /// The offset of the extension.
        offset: usize,
    },
    /// Unused bits of the device capabilities are set.
    CapabilitiesUnused {
        /// The offset of the extension.
        offset: usize,
    },
}

impl Departure {
    /// Compares a checksum that was found with the right one. `None` when they are the same.
    pub(crate) const fn of_checksum(found: u16, computed: u16) -> Option<Self> {
        if found == computed {
            None
        } else if InternetChecksum::is_same(found, computed) {
            Some(Self::NegativeZeroChecksum)
        } else {
            Some(Self::Checksum { found, computed })
        }
    }

    /// Returns the RFC and the section that have the rule.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Checksum { .. }
            | Self::NegativeZeroChecksum
            | Self::PacketSize { .. }
            | Self::ExtensionOffset { .. }
            | Self::HopCountZero
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
            Self::IndicationUnused { .. }
            | Self::UnassignedErrorCode { .. }
            | Self::ExtensionsOnIndication { .. } => "RFC 2332 section 5.2.7",
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
                write!(f, "the checksum is {found:#06x}, but it should be {computed:#06x}")
            }
            Self::NegativeZeroChecksum => f.write_str(
                "the checksum is 0xffff, but it should be 0x0000, the other zero of ones' complement",
            ),
            Self::PacketSize { found, actual } => {
                write!(f, "the packet size field says {found}, but the packet has {actual} octets")
            }
            Self::ExtensionOffset { found } => write!(
                f,
                "the extension offset is {found}, the end of the packet, but it should be 0 in a packet without extensions"
            ),
            Self::HopCountZero => f.write_str("the hop count is 0, so no server may forward the packet"),
            Self::ProtocolSnap { protocol_type } => {
                write!(f, "ar$pro.snap is not zero, but the protocol type is {protocol_type} and not SNAP")
            }
            Self::ReservedTypeLengthBit { offset } => {
                write!(
                    f,
                    "the reserved bit is set in a type and length octet of the element at offset {offset} of the NHRP packet"
                )
            }
            Self::SubaddressFamily { address_family } => {
                write!(
                    f,
                    "the packet has a subaddress, but its address family is {address_family} and not 15"
                )
            }
            Self::UnassignedPacketType { packet_type } => {
                write!(f, "the packet type is {}", packet_type.0)?;
                if let Some(name) = packet_type.name() {
                    write!(f, " ({name})")?;
                }
                f.write_str(", which RFC 2332 does not assign")
            }
            Self::UnusedFlags { flags } => {
                write!(f, "the flags {flags:?} are set, but they are unused in this packet type")
            }
            Self::CiscoNatFlag => f.write_str("Cisco's NAT flag is set, a bit that RFC 2332 leaves unused"),
            Self::IndicationUnused { value } => {
                write!(f, "the unused field of the indication is {value:#06x}, but it should be 0")
            }
            Self::UnassignedErrorCode { error_code } => {
                write!(f, "the error code is {}, which is not assigned", error_code.0)
            }
            Self::ExtensionsOnIndication { packet_type } => {
                write!(f, "an {packet_type} has extensions, but an indication may not have any")
            }
            Self::EntryCount { packet_type, count } => {
                write!(f, "an {packet_type} has {count} entries, a number that it may not have")
            }
            Self::EntryUnused { offset, value } => write!(
                f,
                "the unused field of the entry at offset {offset} of the NHRP packet is {value:#06x}, but it should be 0"
            ),
            Self::UniquePrefixLength { offset, prefix_length } => write!(
                f,
                "the prefix length of the unique entry at offset {offset} of the NHRP packet is {prefix_length}, but it should be 255"
            ),
            Self::RecordPrefixLength { offset, prefix_length } => write!(
                f,
                "the prefix length of the record at offset {offset} of the NHRP packet is {prefix_length}, but it should be 0"
            ),
            Self::UnexpectedCode { offset, code } => {
                write!(
                    f,
                    "the code of the entry at offset {offset} of the NHRP packet is {code}, but it should be 0"
                )
            }
            Self::UnassignedCode { offset, code } => {
                write!(
                    f,
                    "the code of the entry at offset {offset} of the NHRP packet is {}, which is not assigned",
                    code.0
                )
            }
            Self::NakAmongOthers { offset } => {
                write!(
                    f,
                    "the entry at offset {offset} of the NHRP packet refuses, but it is not the only entry"
                )
            }
            Self::NakHoldingTime { offset } => {
                write!(
                    f,
                    "the entry at offset {offset} of the NHRP packet refuses, but it has a holding time"
                )
            }
            Self::UnstableHoldingTime { offset } => {
                write!(
                    f,
                    "the entry at offset {offset} of the NHRP packet has a holding time, but the S bit is clear"
                )
            }
            Self::PurgeWithoutAddress { offset } => {
                write!(f, "the purge entry at offset {offset} of the NHRP packet has no protocol address")
            }
            Self::PurgeFields { offset } => {
                write!(
                    f,
                    "the purge entry at offset {offset} of the NHRP packet has an MTU or a preference, but it may have neither"
                )
            }
            Self::RepeatedExtension { offset, extension_type } => {
                write!(
                    f,
                    "a further {extension_type} extension stands at offset {offset} of the NHRP packet, but it may come only once"
                )
            }
            Self::CompulsoryBit { offset, extension_type } => write!(
                f,
                "the compulsory bit of the {extension_type} extension at offset {offset} of the NHRP packet is not as its RFC has it"
            ),
            Self::ExtensionUnusedBit { offset } => {
                write!(f, "the unused bit of the extension at offset {offset} of the NHRP packet is set")
            }
            Self::EndWithValue { offset } => {
                write!(
                    f,
                    "the End Of Extensions at offset {offset} of the NHRP packet has a value, but it should be empty"
                )
            }
            Self::MalformedExtension { offset, error } => {
                write!(f, "the extension at offset {offset} of the NHRP packet is malformed: {error}")
            }
            Self::AuthenticationReserved { offset, value } => write!(
                f,
                "the reserved field of the authentication at offset {offset} of the NHRP packet is {value:#06x}, but it should be 0"
            ),
            Self::PasswordAuthentication { offset } => {
                write!(
                    f,
                    "the authentication at offset {offset} of the NHRP packet has Cisco's form, a password in clear text"
                )
            }
            Self::CiscoNatAddress { offset } => write!(
                f,
                "the extension at offset {offset} of the NHRP packet is Cisco's NAT address, but RFC 2735 assigned its number otherwise"
            ),
            Self::CapabilitiesUnused { offset } => {
                write!(
                    f,
                    "unused bits of the device capabilities at offset {offset} of the NHRP packet are set"
                )
            }
        }
    }
}
