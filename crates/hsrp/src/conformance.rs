//! Checks a message against RFC 2281, and against the common behaviour of Cisco's routers beyond the RFC.

mod departure;

use core::iter;
use core::net::IpAddr;
use core::time::Duration;

use wire::{Emit, Framing, List};

pub use departure::Departure;

use crate::authentication::Algorithm;
use crate::transport::{self, ADDRESS_V1, ADDRESS_V2, ADDRESS_V2_IPV6, PORT, PORT_IPV6, TIME_TO_LIVE};
use crate::v2::{self, GroupState, IpVersion};
use crate::{Message, Opcode, ParseError, Tlv, TlvFraming, VirtualMac, v1};

/// How a message arrived, as far as the caller knows. A rule about something that is `None` is not checked.
///
/// The struct is exhaustive on purpose: the rules of RFC 2281 use nothing else, and the RFC does not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Context {
    /// TTL of the IPv4 packet, or hop limit of the IPv6 packet.
    pub time_to_live: Option<u8>,
    /// Source address of the IP packet.
    pub source: Option<IpAddr>,
    /// Destination address of the IP packet.
    pub destination: Option<IpAddr>,
    /// Source port of the UDP datagram.
    pub source_port: Option<u16>,
    /// Destination port of the UDP datagram.
    pub destination_port: Option<u16>,
    /// Source MAC address of the frame.
    pub source_mac: Option<[u8; 6]>,
    /// Whether the frame came over token ring.
    pub token_ring: Option<bool>,
}

/// The contents about one group, in one shape for both versions.
struct GroupView {
    opcode: Opcode,
    state: u8,
    silent: bool,
    listening: bool,
    active: bool,
    hello_time: Duration,
    hold_time: Duration,
    virtual_address: Option<IpAddr>,
    // Whether the frame came from the group's virtual MAC address. `None` when that is not known.
    from_virtual_mac: Option<bool>,
}

impl GroupView {
    fn departures(&self, context: &Context) -> [Option<Departure>; 5] {
        let hello = self.opcode == Opcode::HELLO;
        let &Self { hello_time, hold_time, state, .. } = self;
        // RFC 2281 section 5.1: the hold time MUST be greater than the hello time and SHOULD be three times as
        // much. Both times have a meaning in Hello messages only.
        let hold = if hold_time <= hello_time {
            Some(Departure::HoldTimeNotAboveHelloTime { hello_time, hold_time })
        } else if hold_time < hello_time.saturating_mul(3) {
            Some(Departure::HoldTimeBelowThreeHelloTimes { hello_time, hold_time })
        } else {
            None
        };
        // Section 5.7: in the states Initial and Learn, no cell of the table has action F, which sends a Hello.
        let from_state = Departure::HelloFromState { state };
        // Section 5.3: a router cannot enter Speak before it has the virtual IP address.
        let unspecified = self.virtual_address.is_some_and(|address| address.is_unspecified());
        let speaks = !self.silent && !self.listening;
        // Section 6.1: the virtual MAC address is the source if and only if the router is active.
        let mac = match (context.source_mac, self.from_virtual_mac, self.active) {
            (Some(source_mac), Some(false), true) => Some(Departure::ActiveNotFromVirtualMac { source_mac }),
            (Some(source_mac), Some(true), false) => Some(Departure::VirtualMacNotActive { source_mac }),
            _ => None,
        };
        // Section 5.1: the source of every message is the router's own address.
        let source = context.source.filter(|source| Some(*source) == self.virtual_address);
        [
            hold.filter(|_| hello),
            (hello && self.silent).then_some(from_state),
            (hello && speaks && unspecified).then_some(Departure::NoVirtualAddress),
            mac.filter(|_| hello),
            source.map(|address| Departure::SourceIsVirtual { address }),
        ]
    }
}

impl Message<'_> {
    /// Lists where the message departs from its specification. With `context`, it also checks how the message was
    /// sent.
    ///
    /// The reserved fields of an Advertise are not checked, because IOS sends arbitrary octets there. Derived
    /// values that were wrong on the wire are reported by [`parse_reporting`](Self::parse_reporting).
    pub fn conformance(&self, context: &Context) -> impl Iterator<Item = Departure> {
        let context = *context;
        let fixed = match self {
            Self::V1 { packet, .. } => packet_departures(packet, &context),
            Self::V1Advertise { advertise, .. } => {
                let advertise_type = advertise.advertise_type;
                let unknown_type = advertise_type.name().is_none();
                let unknown_state = advertise.state.name().is_none();
                [
                    unknown_type.then_some(Departure::AdvertiseType { advertise_type }),
                    unknown_state.then_some(Departure::State { state: advertise.state.0, offset: 6 }),
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                ]
            }
            Self::V2(_) => [None; 9],
        };
        let digests = self.placed_tlvs().filter(|(_, tlv)| matches!(tlv, Ok(Tlv::Md5Authentication(_))));
        iter::empty()
            .chain(self.transport_departures(&context))
            .chain(fixed)
            .chain(self.placed_tlvs().flat_map(move |(offset, tlv)| tlv_departures(offset, tlv, &context)))
            .chain(digests.skip(1).map(|(offset, _)| Some(Departure::SeveralDigests { offset })))
            .flatten()
    }

    /// Each TLV with its offset. For a message that was read, the TLV was there; for a message that is built, it
    /// will be there.
    fn placed_tlvs(&self) -> impl Iterator<Item = (usize, Result<Tlv<'_>, ParseError>)> {
        let fixed_len = self.wire_len().saturating_sub(self.tlvs().wire_len());
        let values = match self.tlvs() {
            List::Values(values) => *values,
            List::Framed(_) => &[],
        };
        let built = values.iter().scan(fixed_len, |next, tlv| {
            let offset = *next;
            *next = TlvFraming.len_with(offset, tlv.tlv_type(), tlv.wire_len());
            Some((offset, Ok(*tlv)))
        });
        self.tlvs().elements().map(|element| (element.offset, Tlv::parse(&element))).chain(built)
    }

    /// Checks addresses, ports and TTL: those of RFC 2281 section 5.1 for version 1, and Cisco's for version 2.
    fn transport_departures(&self, context: &Context) -> [Option<Departure>; 5] {
        let version_2 = matches!(self, Self::V2(_));
        let ipv6 = context.destination.or(context.source).map(|address| address.is_ipv6());
        let expected = match (version_2, ipv6) {
            (false, _) => IpAddr::V4(ADDRESS_V1),
            (true, Some(true)) => IpAddr::V6(ADDRESS_V2_IPV6),
            (true, _) => IpAddr::V4(ADDRESS_V2),
        };
        let is_hsrp = |port: u16| match (version_2, ipv6) {
            (false, _) | (true, Some(false)) => port == PORT,
            (true, Some(true)) => port == PORT_IPV6,
            (true, None) => port == PORT || port == PORT_IPV6,
        };
        // No document gives a hop limit for HSRP over IPv6.
        let time_to_live = context.time_to_live.filter(|ttl| *ttl != TIME_TO_LIVE && ipv6 != Some(true));
        [
            time_to_live.map(|time_to_live| Departure::TimeToLive { time_to_live }),
            context
                .destination
                .filter(|address| *address != expected)
                .map(|address| Departure::Destination { address }),
            context.source_port.filter(|port| !is_hsrp(*port)).map(|port| Departure::SourcePort { port }),
            context
                .destination_port
                .filter(|port| !is_hsrp(*port))
                .map(|port| Departure::DestinationPort { port }),
            context
                .source
                .filter(|address| version_2 && transport::may_send(*address) == Some(false))
                .map(|address| Departure::SourceNotLinkLocal { address }),
        ]
    }
}

fn packet_departures(packet: &v1::Packet, context: &Context) -> [Option<Departure>; 9] {
    let &v1::Packet { opcode, state, group, reserved, .. } = packet;
    let from_virtual_mac = context.source_mac.map(|mac| match VirtualMac::from_mac(mac) {
        Some(VirtualMac::V1 { group: of }) => of == group && context.token_ring != Some(true),
        Some(VirtualMac::TokenRing { group: of }) => of == group && context.token_ring != Some(false),
        _ => false,
    });
    let view = GroupView {
        opcode,
        state: state.0,
        silent: matches!(state, v1::State::INITIAL | v1::State::LEARN),
        listening: state == v1::State::LISTEN,
        active: state == v1::State::ACTIVE,
        hello_time: packet.hello_time.duration(),
        hold_time: packet.hold_time.duration(),
        virtual_address: Some(packet.virtual_ip_address.into()),
        from_virtual_mac,
    };
    let [a, b, c, d, e] = view.departures(context);
    [
        opcode.name().is_none().then_some(Departure::Opcode { opcode, offset: 1 }),
        state.name().is_none().then_some(Departure::State { state: state.0, offset: 2 }),
        (context.token_ring == Some(true) && group > 2).then_some(Departure::TokenRingGroup { group }),
        (reserved != 0).then_some(Departure::Reserved { value: reserved, offset: 7 }),
        a,
        b,
        c,
        d,
        e,
    ]
}

fn tlv_departures(
    offset: usize,
    tlv: Result<Tlv<'_>, ParseError>,
    context: &Context,
) -> [Option<Departure>; 13] {
    match tlv {
        Ok(Tlv::GroupState(group_state)) => {
            group_state_departures(&group_state, offset.saturating_add(TlvFraming::HEADER_LEN), context)
        }
        Ok(Tlv::Md5Authentication(authentication)) => {
            let algorithm = authentication.algorithm;
            let address = IpAddr::V4(authentication.ip_address);
            let elsewhere = context.source.is_some_and(|source| source.is_ipv4() && source != address);
            let algorithm =
                (algorithm != Algorithm::MD5).then_some(Departure::Algorithm { algorithm, offset });
            let address = elsewhere.then_some(Departure::Md5Address { address, offset });
            [algorithm, address, None, None, None, None, None, None, None, None, None, None, None]
        }
        Ok(Tlv::Unknown { tlv_type, .. }) => only(Departure::TlvType { tlv_type, offset }),
        Ok(Tlv::InterfaceState(_) | Tlv::TextAuthentication(_)) => [None; 13],
        Err(ParseError::TlvLength { tlv_type, length, .. }) => {
            only(Departure::TlvLength { tlv_type, length, offset })
        }
        // A TLV that is cut is a fault of the message, and the parser reports it.
        Err(_) => [None; 13],
    }
}

const fn only(departure: Departure) -> [Option<Departure>; 13] {
    [Some(departure), None, None, None, None, None, None, None, None, None, None, None, None]
}

fn group_state_departures(
    group_state: &GroupState,
    value_offset: usize,
    context: &Context,
) -> [Option<Departure>; 13] {
    let &GroupState { version, opcode, state, ip_version, group, identifier, priority, .. } = group_state;
    let at = |within: usize| value_offset.saturating_add(within);
    let virtual_mac = match ip_version {
        IpVersion::IPV6 => VirtualMac::V2Ipv6 { group },
        _ => VirtualMac::V2Ipv4 { group },
    };
    let active = state == v2::State::ACTIVE;
    let view = GroupView {
        opcode,
        state: state.0,
        silent: matches!(state, v2::State::DISABLED | v2::State::INIT | v2::State::LEARN),
        listening: state == v2::State::LISTEN,
        active,
        hello_time: group_state.hello_time.duration(),
        hold_time: group_state.hold_time.duration(),
        virtual_address: group_state.virtual_address(),
        from_virtual_mac: context.source_mac.map(|mac| virtual_mac.to_mac() == Some(mac)),
    };
    // A frame from a virtual MAC address does not show the router's own address.
    let own_mac = context.source_mac.filter(|mac| VirtualMac::from_mac(*mac).is_none());
    let foreign = VirtualMac::from_mac(identifier).is_some() || own_mac.is_some_and(|mac| mac != identifier);
    // An IP version that is not assigned is a departure of its own.
    let other_transport = context
        .destination
        .or(context.source)
        .map(transport::ip_version)
        .filter(|transport| *transport != ip_version && ip_version.name().is_some())
        .map(|transport| Departure::IpVersionOfTransport { ip_version, transport, offset: at(3) });
    let known_opcode = matches!(opcode, Opcode::HELLO | Opcode::COUP | Opcode::RESIGN);
    let [a, b, c, d, e] = view.departures(context);
    [
        (version != GroupState::VERSION).then_some(Departure::GroupStateVersion { version, offset: at(0) }),
        (!known_opcode).then_some(Departure::Opcode { opcode, offset: at(1) }),
        state.name().is_none().then_some(Departure::State { state: state.0, offset: at(2) }),
        ip_version.name().is_none().then_some(Departure::IpVersion { ip_version, offset: at(3) }),
        other_transport,
        (group > GroupState::MAX_GROUP).then_some(Departure::Group { group, offset: at(4) }),
        foreign.then_some(Departure::Identifier { identifier, offset: at(6) }),
        (priority > u32::from(u8::MAX)).then_some(Departure::Priority { priority, offset: at(12) }),
        a,
        b,
        c,
        d,
        e,
    ]
}
