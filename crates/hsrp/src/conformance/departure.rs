//! The rules that a message can break, each with where it stands.

use core::fmt;
use core::net::IpAddr;
use core::time::Duration;

use crate::authentication::Algorithm;
use crate::transport::TIME_TO_LIVE;
use crate::v2::IpVersion;
use crate::virtual_mac::Dotted;
use crate::{Opcode, TlvType, v1};

/// Something in a message that departs from its specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Departure {
    /// The TTL is not 1.
    TimeToLive {
        /// What it is.
        time_to_live: u8,
    },
    /// The destination address is not the one of the message's version.
    Destination {
        /// What it is.
        address: IpAddr,
    },
    /// The source port is not HSRP's.
    SourcePort {
        /// What it is.
        port: u16,
    },
    /// The destination port is not HSRP's.
    DestinationPort {
        /// What it is.
        port: u16,
    },
    /// The sender's address is the virtual IP address.
    SourceIsVirtual {
        /// What it is.
        address: IpAddr,
    },
    /// The opcode is not assigned.
    Opcode {
        /// What it is.
        opcode: Opcode,
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// The state is not assigned.
    State {
        /// What it is, in the numbers of the message's version.
        state: u8,
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// A reserved octet is not zero.
    Reserved {
        /// What it is.
        value: u8,
        /// Where it stands, in octets from the start of the message.
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
    /// A group above 2 on token ring.
    TokenRingGroup {
        /// What it is.
        group: u8,
    },
    /// A version 2 group above 4095: it has no virtual MAC address.
    Group {
        /// What it is.
        group: u16,
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// A Hello from a state in which none is sent: Initial, Learn, and version 2's Disabled.
    HelloFromState {
        /// What it is, in the numbers of the message's version.
        state: u8,
    },
    /// A Hello from Speak, Standby or Active without a virtual IP address.
    NoVirtualAddress,
    /// The active router's Hello does not come from the group's virtual MAC address.
    ActiveNotFromVirtualMac {
        /// Where it comes from.
        source_mac: [u8; 6],
    },
    /// The Hello of a router that is not active comes from the group's virtual MAC address.
    VirtualMacNotActive {
        /// Where it comes from.
        source_mac: [u8; 6],
    },
    /// The length of an Advertise is not 14. Reported when it is parsed: the value has no length.
    AdvertiseLength {
        /// What it is.
        length: u16,
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// The type of an Advertise is not assigned.
    AdvertiseType {
        /// What it is.
        advertise_type: v1::AdvertiseType,
    },
    /// The version in a group state TLV is not 2.
    GroupStateVersion {
        /// What it is.
        version: u8,
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// The IP version in a group state TLV is neither 4 nor 6.
    IpVersion {
        /// What it is.
        ip_version: IpVersion,
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// The identifier of a version 2 router is a virtual MAC address, or not the MAC address that it sends from.
    Identifier {
        /// What it is.
        identifier: [u8; 6],
        /// Where it stands, in octets from the start of the message.
        offset: usize,
    },
    /// The type of a TLV is not assigned.
    TlvType {
        /// What it is.
        tlv_type: TlvType,
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The value of a TLV has another length than its type.
    TlvLength {
        /// Type of the TLV.
        tlv_type: TlvType,
        /// Octets of its value.
        length: usize,
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The algorithm of an MD5 authentication is not MD5.
    Algorithm {
        /// What it is.
        algorithm: Algorithm,
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// The address in an MD5 authentication is not the sender's.
    Md5Address {
        /// What it is.
        address: IpAddr,
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
    /// A second MD5 authentication: no rule says what each of them covers.
    SeveralDigests {
        /// Where the TLV begins, in octets from the start of the message.
        offset: usize,
    },
}

impl Departure {
    /// The rule: RFC and section, or whose it is where no RFC has it.
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
            | Self::Identifier { .. }
            | Self::TlvType { .. }
            | Self::TlvLength { .. } => "Cisco HSRP version 2, no RFC",
            Self::Algorithm { .. } | Self::Md5Address { .. } | Self::SeveralDigests { .. } => {
                "Cisco HSRP MD5 authentication, no RFC"
            }
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimeToLive { time_to_live } => write!(formatter, "TTL {time_to_live}, not {TIME_TO_LIVE}"),
            Self::Destination { address } => {
                write!(formatter, "sent to {address}, not to its version's address")
            }
            Self::SourcePort { port } => write!(formatter, "sent from port {port}"),
            Self::DestinationPort { port } => write!(formatter, "sent to port {port}"),
            Self::SourceIsVirtual { address } => {
                write!(formatter, "sent from the virtual IP address {address}")
            }
            Self::Opcode { opcode, offset } => write!(formatter, "opcode {} at offset {offset}", opcode.0),
            Self::State { state, offset } => write!(formatter, "state {state} at offset {offset}"),
            Self::Reserved { value, offset } => {
                write!(formatter, "reserved octet {value:#04x} at offset {offset}")
            }
            Self::HoldTimeNotAboveHelloTime { hello_time, hold_time } => {
                write!(formatter, "hold time {hold_time:?} not above hello time {hello_time:?}")
            }
            Self::HoldTimeBelowThreeHelloTimes { hello_time, hold_time } => {
                write!(formatter, "hold time {hold_time:?} below three hello times {hello_time:?}")
            }
            Self::TokenRingGroup { group } => write!(formatter, "group {group} on token ring"),
            Self::Group { group, offset } => {
                write!(formatter, "group {group} at offset {offset}, above 4095")
            }
            Self::HelloFromState { state } => write!(formatter, "Hello from state {state}"),
            Self::NoVirtualAddress => formatter.write_str("Hello without a virtual IP address"),
            Self::ActiveNotFromVirtualMac { source_mac } => {
                write!(formatter, "active, but sent from {}", Dotted(*source_mac))
            }
            Self::VirtualMacNotActive { source_mac } => {
                write!(formatter, "not active, but sent from {}", Dotted(*source_mac))
            }
            Self::AdvertiseLength { length, offset } => {
                write!(formatter, "Advertise length {length} at offset {offset}, not 14")
            }
            Self::AdvertiseType { advertise_type } => {
                write!(formatter, "Advertise type {}", advertise_type.0)
            }
            Self::GroupStateVersion { version, offset } => {
                write!(formatter, "version {version} at offset {offset}, not 2")
            }
            Self::IpVersion { ip_version, offset } => {
                write!(formatter, "IP version {} at offset {offset}", ip_version.0)
            }
            Self::Identifier { identifier, offset } => {
                let identifier = Dotted(*identifier);
                write!(formatter, "identifier {identifier} at offset {offset} is not the sender's")
            }
            Self::TlvType { tlv_type, offset } => {
                write!(formatter, "TLV type {} at offset {offset}", tlv_type.0)
            }
            Self::TlvLength { tlv_type, length, offset } => {
                write!(formatter, "{tlv_type} TLV of {length} octets at offset {offset}")
            }
            Self::Algorithm { algorithm, offset } => {
                write!(formatter, "algorithm {} in the MD5 authentication at offset {offset}", algorithm.0)
            }
            Self::Md5Address { address, offset } => {
                write!(
                    formatter,
                    "{address} in the MD5 authentication at offset {offset} is not the sender's"
                )
            }
            Self::SeveralDigests { offset } => {
                write!(formatter, "another MD5 authentication at offset {offset}")
            }
        }
    }
}
