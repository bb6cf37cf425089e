//! The rules that a message can break, each with its source.

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use crate::authentication::Algorithm;
use crate::transport::TIME_TO_LIVE;
use crate::v2::IpVersion;
use crate::virtual_mac::Dotted;
use crate::{Opcode, TlvType, v1};

/// One departure of a message from its specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Departure {
    /// The TTL is not 1.
    TimeToLive {
        /// The TTL that was found.
        time_to_live: u8,
    },
    /// The destination address is not the one that the message's version uses.
    Destination {
        /// The destination address that was found.
        address: IpAddr,
    },
    /// The source port is not that of HSRP.
    SourcePort {
        /// The source port that was found.
        port: u16,
    },
    /// The destination port is not that of HSRP.
    DestinationPort {
        /// The destination port that was found.
        port: u16,
    },
    /// The message was sent from the virtual IP address instead of the router's own.
    SourceIsVirtual {
        /// That address.
        address: IpAddr,
    },
    /// A message over IPv6 was not sent from a link-local address.
    SourceNotLinkLocal {
        /// The source address that was found.
        address: IpAddr,
    },
    /// The opcode is not assigned in the message's version.
    Opcode {
        /// The opcode that was found.
        opcode: Opcode,
        /// Offset of the opcode, in octets from the start of the message.
        offset: usize,
    },
    /// The state is not assigned.
    State {
        /// The state that was found, as a number of the message's version.
        state: u8,
        /// Offset of the state, in octets from the start of the message.
        offset: usize,
    },
    /// A reserved octet is not zero.
    Reserved {
        /// The octet that was found.
        value: u8,
        /// Offset of the octet, in octets from the start of the message.
        offset: usize,
    },
    /// The hold time of a Hello is not greater than its hello time.
    HoldTimeNotAboveHelloTime {
        /// The hello time.
        hello_time: Duration,
        /// The hold time.
        hold_time: Duration,
    },
    /// The hold time of a Hello is greater than its hello time but less than three times as much.
    HoldTimeBelowThreeHelloTimes {
        /// The hello time.
        hello_time: Duration,
        /// The hold time.
        hold_time: Duration,
    },
    /// The group on token ring is above 2.
    TokenRingGroup {
        /// The group that was found.
        group: u8,
    },
    /// The group in a version 2 message is above 4095, so it has no virtual MAC address.
    Group {
        /// The group that was found.
        group: u16,
        /// Offset of the group, in octets from the start of the message.
        offset: usize,
    },
    /// A Hello comes from a router whose state does not send any: Initial, Learn, or Disabled of version 2.
    HelloFromState {
        /// The state that was found, as a number of the message's version.
        state: u8,
    },
    /// A Hello from state Speak, Standby or Active does not have a virtual IP address.
    NoVirtualAddress,
    /// The active router's Hello does not come from the group's virtual MAC address.
    ActiveNotFromVirtualMac {
        /// The source MAC address of the frame.
        source_mac: [u8; 6],
    },
    /// The Hello of a router that is not active comes from the group's virtual MAC address.
    VirtualMacNotActive {
        /// The source MAC address of the frame.
        source_mac: [u8; 6],
    },
    /// The length field of an Advertise is not 14. Parsing reports this, because the parsed value has no length
    /// field.
    AdvertiseLength {
        /// The length that was found.
        length: u16,
        /// Offset of the length field, in octets from the start of the message.
        offset: usize,
    },
    /// The type of an Advertise is not assigned.
    AdvertiseType {
        /// The type that was found.
        advertise_type: v1::AdvertiseType,
    },
    /// The version in a group state TLV is not 2.
    GroupStateVersion {
        /// The version that was found.
        version: u8,
        /// Offset of the version, in octets from the start of the message.
        offset: usize,
    },
    /// The IP version in a group state TLV is neither 4 nor 6.
    IpVersion {
        /// The IP version that was found.
        ip_version: IpVersion,
        /// Offset of the IP version, in octets from the start of the message.
        offset: usize,
    },
    /// The priority in a group state TLV is above 255, the greatest that a router can be given.
    Priority {
        /// The priority that was found.
        priority: u32,
        /// Offset of the priority, in octets from the start of the message.
        offset: usize,
    },
    /// A group state is of a group of the other IP version than that of the packet that carries it.
    IpVersionOfTransport {
        /// The IP version of the group.
        ip_version: IpVersion,
        /// The IP version of the packet.
        transport: IpVersion,
        /// Offset of the IP version in the group state, in octets from the start of the message.
        offset: usize,
    },
    /// The identifier in a group state TLV is a virtual MAC address, or it differs from the source MAC address.
    Identifier {
        /// The identifier that was found.
        identifier: [u8; 6],
        /// Offset of the identifier, in octets from the start of the message.
        offset: usize,
    },
    /// The type of a TLV is not assigned.
    TlvType {
        /// The type that was found.
        tlv_type: TlvType,
        /// Offset where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The value of a TLV does not have the length that its type requires.
    TlvLength {
        /// Type of the TLV.
        tlv_type: TlvType,
        /// Number of octets of its value.
        length: usize,
        /// Offset where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The algorithm of an MD5 authentication TLV is not MD5.
    Algorithm {
        /// The algorithm that was found.
        algorithm: Algorithm,
        /// Offset where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The address in an MD5 authentication TLV is not the sender's.
    Md5Address {
        /// The address that was found.
        address: IpAddr,
        /// Offset where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The message has a second MD5 authentication TLV, and no rule says what each of them covers.
    SeveralDigests {
        /// Offset where the second TLV begins, in octets from the start of the message.
        offset: usize,
    },
}

/// A time in seconds, with as many decimals as it has down to a millisecond: 0, 3, 0.25.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, milliseconds) = (self.0.as_secs(), self.0.subsec_millis());
        write!(formatter, "{seconds}")?;
        // The number of decimals that are not zeros at the end.
        let (decimals, width) = match milliseconds {
            0 => return Ok(()),
            whole if whole.is_multiple_of(100) => (whole.wrapping_div(100), 1),
            whole if whole.is_multiple_of(10) => (whole.wrapping_div(10), 2),
            whole => (whole, 3),
        };
        write!(formatter, ".{decimals:0width$}")
    }
}

impl Departure {
    /// The source of the rule: RFC and section, or the name of Cisco's extension when no RFC has the rule.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::TimeToLive { .. }
            | Self::Destination { .. }
            | Self::SourcePort { .. }
            | Self::DestinationPort { .. }
            | Self::SourceIsVirtual { .. }
            | Self::Opcode { .. }
            | Self::State { .. }
            | Self::Reserved { .. }
            | Self::HoldTimeNotAboveHelloTime { .. }
            | Self::HoldTimeBelowThreeHelloTimes { .. }
            | Self::TokenRingGroup { .. } => "RFC 2281 section 5.1",
            Self::NoVirtualAddress => "RFC 2281 section 5.3",
            Self::HelloFromState { .. } => "RFC 2281 section 5.7",
            Self::ActiveNotFromVirtualMac { .. } | Self::VirtualMacNotActive { .. } => "RFC 2281 section 6.1",
            Self::AdvertiseLength { .. } | Self::AdvertiseType { .. } => {
                "Cisco HSRP version 1 Advertise, no RFC"
            }
            Self::Group { .. }
            | Self::GroupStateVersion { .. }
            | Self::IpVersion { .. }
            | Self::Priority { .. }
            | Self::IpVersionOfTransport { .. }
            | Self::SourceNotLinkLocal { .. }
            | Self::Identifier { .. } => "Cisco HSRP version 2, no RFC",
            // Version 1 has TLVs behind its fixed part too.
            Self::TlvType { .. } | Self::TlvLength { .. } => "Cisco HSRP TLV, no RFC",
            Self::Algorithm { .. } | Self::Md5Address { .. } | Self::SeveralDigests { .. } => {
                "Cisco HSRP MD5 authentication, no RFC"
            }
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeToLive { time_to_live } => {
                write!(formatter, "the TTL is {time_to_live}, but HSRP is sent with {TIME_TO_LIVE}")
            }
            Self::Destination { address } => {
                write!(
                    formatter,
                    "the message was sent to {address}, which is not the address of its version"
                )
            }
            Self::SourcePort { port } => {
                write!(formatter, "the message was sent from port {port}, which is not the port of HSRP")
            }
            Self::DestinationPort { port } => {
                write!(formatter, "the message was sent to port {port}, which is not the port of HSRP")
            }
            Self::SourceIsVirtual { address } => {
                write!(
                    formatter,
                    "the message was sent from the virtual IP address {address}, not from the router's own"
                )
            }
            Self::SourceNotLinkLocal { address } => {
                write!(
                    formatter,
                    "the message was sent from {address}, but HSRP over IPv6 is sent from a link-local address"
                )
            }
            Self::Opcode { opcode, offset } => {
                write!(
                    formatter,
                    "the opcode {} at offset {offset} of the HSRP message is not assigned in this version",
                    opcode.0
                )
            }
            Self::State { state, offset } => {
                write!(formatter, "the state {state} at offset {offset} of the HSRP message is not assigned")
            }
            Self::Reserved { value, offset } => {
                write!(
                    formatter,
                    "the reserved octet at offset {offset} of the HSRP message is {value:#04x}, but it should be 0"
                )
            }
            Self::HoldTimeNotAboveHelloTime { hello_time, hold_time } => {
                write!(
                    formatter,
                    "the hold time of {} s is not greater than the hello time of {} s",
                    Seconds(*hold_time),
                    Seconds(*hello_time)
                )
            }
            Self::HoldTimeBelowThreeHelloTimes { hello_time, hold_time } => {
                write!(
                    formatter,
                    "the hold time of {} s is less than three times the hello time of {} s",
                    Seconds(*hold_time),
                    Seconds(*hello_time)
                )
            }
            Self::TokenRingGroup { group } => {
                write!(formatter, "the group is {group}, but token ring has only the groups 0 to 2")
            }
            Self::Group { group, offset } => {
                write!(
                    formatter,
                    "the group {group} at offset {offset} of the HSRP message is above 4095, the greatest group of version 2"
                )
            }
            Self::HelloFromState { state } => {
                write!(formatter, "a Hello was sent in state {state}, in which a router sends none")
            }
            Self::NoVirtualAddress => {
                formatter.write_str("the Hello has no virtual IP address, although its state requires one")
            }
            Self::ActiveNotFromVirtualMac { source_mac } => {
                write!(
                    formatter,
                    "the router is active, but its Hello came from {}, not from the group's virtual MAC address",
                    Dotted(*source_mac)
                )
            }
            Self::VirtualMacNotActive { source_mac } => {
                write!(
                    formatter,
                    "the router is not active, but its Hello came from the group's virtual MAC address {}",
                    Dotted(*source_mac)
                )
            }
            Self::AdvertiseLength { length, offset } => {
                write!(
                    formatter,
                    "the Advertise length at offset {offset} of the HSRP message is {length}, but it must be 14"
                )
            }
            Self::AdvertiseType { advertise_type } => {
                write!(formatter, "the Advertise type {} is not assigned", advertise_type.0)
            }
            Self::GroupStateVersion { version, offset } => {
                write!(
                    formatter,
                    "the version of the group state at offset {offset} of the HSRP message is {version}, but it must be 2"
                )
            }
            Self::IpVersion { ip_version, offset } => {
                write!(
                    formatter,
                    "the IP version at offset {offset} of the HSRP message is {}, but it must be 4 or 6",
                    ip_version.0
                )
            }
            Self::Priority { priority, offset } => {
                write!(
                    formatter,
                    "the priority {priority} at offset {offset} of the HSRP message is above 255, the greatest priority"
                )
            }
            Self::IpVersionOfTransport { ip_version, transport, offset } => {
                write!(
                    formatter,
                    "the group state says {ip_version} at offset {offset} of the HSRP message, \
                     but the message came over {transport}"
                )
            }
            Self::Identifier { identifier, offset } => {
                let identifier = Dotted(*identifier);
                write!(
                    formatter,
                    "the identifier {identifier} at offset {offset} of the HSRP message is not the MAC address of the sender's interface"
                )
            }
            Self::TlvType { tlv_type, offset } => {
                write!(
                    formatter,
                    "the type {} of the TLV at offset {offset} of the HSRP message is not assigned",
                    tlv_type.0
                )
            }
            Self::TlvLength { tlv_type, length, offset } => {
                write!(
                    formatter,
                    "the {tlv_type} TLV at offset {offset} of the HSRP message holds {length} octets, which is not the length of its layout"
                )
            }
            Self::Algorithm { algorithm, offset } => {
                write!(
                    formatter,
                    "the MD5 authentication at offset {offset} of the HSRP message names algorithm {}, but only MD5 (1) is known",
                    algorithm.0
                )
            }
            Self::Md5Address { address, offset } => {
                write!(
                    formatter,
                    "the address {address} in the MD5 authentication at offset {offset} of the HSRP message is not the sender's"
                )
            }
            Self::SeveralDigests { offset } => {
                write!(
                    formatter,
                    "a second MD5 authentication begins at offset {offset} of the HSRP message, but only one may be there"
                )
            }
        }
    }
}
