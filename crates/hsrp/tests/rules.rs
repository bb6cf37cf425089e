//! The rules of RFC 2281 and of Cisco's extensions. Each test breaks one of them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]

use core::net::IpAddr;
use core::time::Duration;

use vpnwire_hsrp::authentication::Algorithm;
use vpnwire_hsrp::v1::{Packet, Seconds, State};
use vpnwire_hsrp::v2::{GroupState, IpVersion, Milliseconds};
use vpnwire_hsrp::{
    Context, Departure, Emit, Hint, Md5Authentication, Message, Opcode, ParseError, Tlv, TlvType, v1, v2,
};

const OWN_MAC: [u8; 6] = [0xca, 0x00, 0x40, 0x6b, 0x00, 0x00];
const VIRTUAL_MAC: [u8; 6] = [0x00, 0x00, 0x0c, 0x07, 0xac, 0x01];
const VIRTUAL_MAC_V2: [u8; 6] = [0x00, 0x00, 0x0c, 0x9f, 0xf0, 0x01];

fn hello() -> Packet {
    Packet { state: State::STANDBY, group: 1, virtual_ip_address: [10, 0, 0, 1].into(), ..Packet::default() }
}

fn context() -> Context {
    Context {
        time_to_live: Some(1),
        source: Some([10, 0, 0, 2].into()),
        destination: Some([224, 0, 0, 2].into()),
        source_port: Some(1985),
        destination_port: Some(1985),
        source_mac: Some(OWN_MAC),
        token_ring: Some(false),
    }
}

fn v1_departures(packet: Packet, context: Context) -> Vec<Departure> {
    let mut octets = [0; 20];
    packet.emit(&mut octets).unwrap();
    Message::parse(&octets).unwrap().conformance(&context).collect()
}

fn group_state() -> GroupState {
    GroupState {
        state: v2::State::STANDBY,
        group: 1,
        identifier: OWN_MAC,
        virtual_ip: v2::virtual_ip([10, 0, 0, 1].into()),
        ..GroupState::default()
    }
}

fn context_v2() -> Context {
    Context { destination: Some([224, 0, 0, 102].into()), ..context() }
}

fn v2_departures(tlvs: &[Tlv<'_>], context: Context) -> Vec<Departure> {
    let mut octets = [0; 600];
    let octets = &*Message::V2(tlvs.into()).emit(&mut octets).unwrap();
    Message::parse_hinted(octets, Hint::V2).unwrap().conformance(&context).collect()
}

#[test]
fn a_message_by_the_book_breaks_nothing() {
    assert_eq!(v1_departures(hello(), context()), []);
    assert_eq!(v1_departures(hello(), Context::default()), []);
    assert_eq!(v2_departures(&[Tlv::GroupState(group_state())], context_v2()), []);
    let active = Packet { state: State::ACTIVE, ..hello() };
    assert_eq!(v1_departures(active, Context { source_mac: Some(VIRTUAL_MAC), ..context() }), []);
    let active = Tlv::GroupState(GroupState { state: v2::State::ACTIVE, ..group_state() });
    assert_eq!(v2_departures(&[active], Context { source_mac: Some(VIRTUAL_MAC_V2), ..context_v2() }), []);
    let six: IpAddr = "fe80::1".parse().unwrap();
    let over_six = Tlv::GroupState(GroupState {
        ip_version: IpVersion::IPV6,
        virtual_ip: v2::virtual_ip("fe80::5:73ff:fea0:1".parse().unwrap()),
        ..group_state()
    });
    let context = Context {
        time_to_live: Some(255),
        source: Some(six),
        destination: Some("ff02::66".parse().unwrap()),
        source_port: Some(2029),
        destination_port: Some(2029),
        ..context()
    };
    assert_eq!(v2_departures(&[over_six], context), []);
}

#[test]
fn rfc_2281_5_1_the_version_is_0() {
    let mut octets = [0; 20];
    hello().emit(&mut octets).unwrap();
    octets[0] = 1;
    let error = ParseError::Version { version: 1, offset: 0 };
    assert_eq!(Packet::parse(&octets), Err(error));
    assert_eq!(Message::parse_hinted(&octets, Hint::V1), Err(error));
    assert_eq!(
        error.to_string(),
        "the version octet at offset 0 of the HSRP message is 1, but a version 1 message carries 0"
    );
}

#[test]
fn rfc_2281_5_1_ttl_is_1_and_2_is_accepted() {
    let context = Context { time_to_live: Some(2), ..context() };
    assert_eq!(v1_departures(hello(), context), [Departure::TimeToLive { time_to_live: 2 }]);
}

#[test]
fn rfc_2281_5_1_destination_and_port() {
    let address: IpAddr = [224, 0, 0, 102].into();
    assert_eq!(
        v1_departures(hello(), Context { destination: Some(address), ..context() }),
        [Departure::Destination { address }]
    );
    let ports = Context { source_port: Some(1), destination_port: Some(2029), ..context() };
    assert_eq!(
        v1_departures(hello(), ports),
        [Departure::SourcePort { port: 1 }, Departure::DestinationPort { port: 2029 }]
    );
    let address: IpAddr = [224, 0, 0, 2].into();
    assert_eq!(
        v2_departures(&[Tlv::GroupState(group_state())], context()),
        [Departure::Destination { address }]
    );
    // Without addresses, version 2 may use either port.
    let ports = Context { source_port: Some(2029), destination_port: Some(53), ..Context::default() };
    assert_eq!(
        v2_departures(&[Tlv::GroupState(group_state())], ports),
        [Departure::DestinationPort { port: 53 }]
    );
}

#[test]
fn rfc_2281_5_1_routers_use_their_actual_address() {
    let address: IpAddr = [10, 0, 0, 1].into();
    let context = Context { source: Some(address), ..context() };
    assert_eq!(v1_departures(hello(), context), [Departure::SourceIsVirtual { address }]);
    let coup = Packet { opcode: Opcode::COUP, ..hello() };
    assert_eq!(v1_departures(coup, context), [Departure::SourceIsVirtual { address }]);
}

#[test]
fn rfc_2281_5_1_hold_time_must_be_greater_than_hello_time() {
    let (hello_time, hold_time) = (Duration::from_secs(10), Duration::from_secs(10));
    let packet = Packet { hello_time: Seconds(10), hold_time: Seconds(10), ..hello() };
    let departure = Departure::HoldTimeNotAboveHelloTime { hello_time, hold_time };
    assert_eq!(v1_departures(packet, context()), [departure]);
    assert_eq!(departure.reference(), "RFC 2281 section 5.1");
    assert_eq!(departure.to_string(), "the hold time of 10 s is not greater than the hello time of 10 s");
    let group_state =
        GroupState { hello_time: Milliseconds(10_000), hold_time: Milliseconds(10_000), ..group_state() };
    assert_eq!(v2_departures(&[Tlv::GroupState(group_state)], context_v2()), [departure]);
    // The times have a meaning in a Hello only.
    assert_eq!(v1_departures(Packet { opcode: Opcode::RESIGN, ..packet }, context()), []);
}

#[test]
fn rfc_2281_5_1_hold_time_should_be_three_hello_times() {
    let departures =
        v1_departures(Packet { hello_time: Seconds(4), hold_time: Seconds(11), ..hello() }, context());
    let [Departure::HoldTimeBelowThreeHelloTimes { hello_time, hold_time }] = departures[..] else {
        panic!("{departures:?}");
    };
    assert_eq!((hello_time.as_secs(), hold_time.as_secs()), (4, 11));
    assert_eq!(
        v1_departures(Packet { hello_time: Seconds(4), hold_time: Seconds(12), ..hello() }, context()),
        []
    );
}

#[test]
fn rfc_2281_5_1_opcode_state_and_reserved() {
    let packet = Packet { opcode: Opcode(9), state: State(5), reserved: 0xff, ..hello() };
    assert_eq!(
        v1_departures(packet, context()),
        [
            Departure::Opcode { opcode: Opcode(9), offset: 1 },
            Departure::State { state: 5, offset: 2 },
            Departure::Reserved { value: 0xff, offset: 7 },
        ]
    );
}

#[test]
fn rfc_2281_5_1_groups_on_token_ring_are_0_to_2() {
    let ring = Context { token_ring: Some(true), ..context() };
    assert_eq!(v1_departures(Packet { group: 2, ..hello() }, ring), []);
    assert_eq!(v1_departures(Packet { group: 3, ..hello() }, ring), [Departure::TokenRingGroup { group: 3 }]);
    let active = Packet { state: State::ACTIVE, ..hello() };
    let functional = [0xc0, 0, 0, 2, 0, 0];
    assert_eq!(v1_departures(active, Context { source_mac: Some(functional), ..ring }), []);
    assert_eq!(
        v1_departures(active, Context { source_mac: Some(functional), ..context() }),
        [Departure::ActiveNotFromVirtualMac { source_mac: functional }]
    );
}

#[test]
fn rfc_2281_5_3_no_router_speaks_without_a_virtual_address() {
    let packet = Packet { virtual_ip_address: [0; 4].into(), ..hello() };
    assert_eq!(v1_departures(packet, context()), [Departure::NoVirtualAddress]);
    assert_eq!(Departure::NoVirtualAddress.reference(), "RFC 2281 section 5.3");
    assert_eq!(v1_departures(Packet { state: State::LISTEN, ..packet }, context()), []);
}

#[test]
fn rfc_2281_5_7_no_hello_is_sent_from_initial_and_learn() {
    for state in [0, 1] {
        let packet = Packet { state: State(state), ..hello() };
        assert_eq!(v1_departures(packet, context()), [Departure::HelloFromState { state }]);
        assert_eq!(v1_departures(Packet { opcode: Opcode::RESIGN, ..packet }, context()), []);
    }
    for state in [0, 1, 2] {
        let tlv = Tlv::GroupState(GroupState { state: v2::State(state), ..group_state() });
        assert_eq!(v2_departures(&[tlv], context_v2()), [Departure::HelloFromState { state }]);
    }
}

#[test]
fn rfc_2281_6_1_the_virtual_mac_is_the_source_if_and_only_if_active() {
    let active = Packet { state: State::ACTIVE, ..hello() };
    assert_eq!(
        v1_departures(active, context()),
        [Departure::ActiveNotFromVirtualMac { source_mac: OWN_MAC }]
    );
    let other_group = [0x00, 0x00, 0x0c, 0x07, 0xac, 0x02];
    assert_eq!(
        v1_departures(active, Context { source_mac: Some(other_group), ..context() }),
        [Departure::ActiveNotFromVirtualMac { source_mac: other_group }]
    );
    assert_eq!(
        v1_departures(hello(), Context { source_mac: Some(VIRTUAL_MAC), ..context() }),
        [Departure::VirtualMacNotActive { source_mac: VIRTUAL_MAC }]
    );
    // This rule concerns Hello messages only.
    let resign = Packet { opcode: Opcode::RESIGN, ..hello() };
    assert_eq!(v1_departures(resign, Context { source_mac: Some(VIRTUAL_MAC), ..context() }), []);
    let active = Tlv::GroupState(GroupState { state: v2::State::ACTIVE, ..group_state() });
    assert_eq!(
        v2_departures(&[active], Context { source_mac: Some(VIRTUAL_MAC), ..context_v2() }),
        [Departure::ActiveNotFromVirtualMac { source_mac: VIRTUAL_MAC }]
    );
}

#[test]
fn advertise_type_and_state() {
    let advertise = v1::Advertise {
        advertise_type: v1::AdvertiseType(7),
        state: v1::AdvertiseState(0),
        reserved: 1,
        active_groups: 0,
        passive_groups: 0,
        reserved_word: 1,
    };
    let mut octets = [0; 16];
    advertise.emit(&mut octets).unwrap();
    let departures: Vec<_> = Message::parse(&octets).unwrap().conformance(&context()).collect();
    let advertise_type = v1::AdvertiseType(7);
    assert_eq!(
        departures,
        [Departure::AdvertiseType { advertise_type }, Departure::State { state: 0, offset: 6 }]
    );
}

#[test]
fn version_2_group_state_fields() {
    let tlv = Tlv::GroupState(GroupState {
        version: 1,
        opcode: Opcode::ADVERTISE,
        state: v2::State(7),
        ip_version: IpVersion(5),
        group: 4096,
        identifier: VIRTUAL_MAC_V2,
        ..group_state()
    });
    let interface_state = Tlv::InterfaceState(v2::InterfaceState::default());
    assert_eq!(
        v2_departures(&[interface_state, tlv], context_v2()),
        [
            Departure::GroupStateVersion { version: 1, offset: 8 },
            Departure::Opcode { opcode: Opcode::ADVERTISE, offset: 9 },
            Departure::State { state: 7, offset: 10 },
            Departure::IpVersion { ip_version: IpVersion(5), offset: 11 },
            Departure::Group { group: 4096, offset: 12 },
            Departure::Identifier { identifier: VIRTUAL_MAC_V2, offset: 14 },
        ]
    );
    let other = [1; 6];
    let tlv = Tlv::GroupState(GroupState { identifier: other, ..group_state() });
    assert_eq!(v2_departures(&[tlv], context_v2()), [Departure::Identifier { identifier: other, offset: 8 }]);
    let tlv = Tlv::GroupState(GroupState { identifier: VIRTUAL_MAC_V2, ..group_state() });
    assert_eq!(
        v2_departures(&[tlv], Context::default()),
        [Departure::Identifier { identifier: VIRTUAL_MAC_V2, offset: 8 }],
        "a virtual MAC address is not a router's own address"
    );
}

#[test]
fn times_are_told_in_seconds() {
    let told = |hello_time, hold_time| {
        let (hello_time, hold_time) = (Duration::from_millis(hello_time), Duration::from_millis(hold_time));
        Departure::HoldTimeNotAboveHelloTime { hello_time, hold_time }.to_string()
    };
    // A hold time and a hello time of 0 were told as 0ns.
    assert_eq!(told(0, 0), "the hold time of 0 s is not greater than the hello time of 0 s");
    assert_eq!(told(1_000, 250), "the hold time of 0.25 s is not greater than the hello time of 1 s");
    assert_eq!(told(15_500, 5), "the hold time of 0.005 s is not greater than the hello time of 15.5 s");
    assert_eq!(told(1_050, 100), "the hold time of 0.1 s is not greater than the hello time of 1.05 s");
}

#[test]
fn a_group_is_of_the_ip_version_that_carries_its_messages() {
    let six = GroupState {
        ip_version: IpVersion::IPV6,
        virtual_ip: v2::virtual_ip("fe80::5:73ff:fea0:1".parse().unwrap()),
        ..group_state()
    };
    let over_six = Context {
        source: Some("fe80::2".parse().unwrap()),
        destination: Some("ff02::66".parse().unwrap()),
        source_port: Some(2029),
        destination_port: Some(2029),
        ..context()
    };
    let departs =
        |ip_version, transport| Departure::IpVersionOfTransport { ip_version, transport, offset: 5 };
    let (v4, v6) = (IpVersion::IPV4, IpVersion::IPV6);
    let of = |state, context| v2_departures(&[Tlv::GroupState(state)], context);
    assert_eq!(of(group_state(), context_v2()), []);
    assert_eq!(of(six, over_six), []);
    assert_eq!(of(six, context_v2()), [departs(v6, v4)]);
    assert_eq!(of(group_state(), over_six), [departs(v4, v6)]);
    let of_source = Context { destination: None, ..over_six };
    assert_eq!(of(group_state(), of_source), [departs(v4, v6)]);
    assert_eq!(of(six, Context::default()), [], "how it came is not known");
    let five = GroupState { ip_version: IpVersion(5), ..group_state() };
    assert_eq!(of(five, over_six), [Departure::IpVersion { ip_version: IpVersion(5), offset: 5 }]);
    assert_eq!(
        departs(v6, v4).to_string(),
        "the group state says IPv6 at offset 5 of the HSRP message, but the message came over IPv4"
    );
}

#[test]
fn a_group_of_version_2_is_at_most_4095() {
    let of = |group| v2_departures(&[Tlv::GroupState(GroupState { group, ..group_state() })], context_v2());
    assert_eq!((of(0), of(4095)), (vec![], vec![]));
    assert_eq!(of(4096), [Departure::Group { group: 4096, offset: 6 }]);
}

#[test]
fn a_priority_of_version_2_is_at_most_255() {
    let of =
        |priority| v2_departures(&[Tlv::GroupState(GroupState { priority, ..group_state() })], context_v2());
    assert_eq!((of(0), of(255)), (vec![], vec![]));
    assert_eq!(of(256), [Departure::Priority { priority: 256, offset: 14 }]);
    assert_eq!(
        of(256)[0].to_string(),
        "the priority 256 at offset 14 of the HSRP message is above 255, the greatest priority"
    );
}

#[test]
fn hsrp_over_ipv6_is_sent_from_a_link_local_address() {
    let six = GroupState {
        ip_version: IpVersion::IPV6,
        virtual_ip: v2::virtual_ip("fe80::5:73ff:fea0:1".parse().unwrap()),
        ..group_state()
    };
    let from = |source: &str| {
        let context = Context { source: Some(source.parse().unwrap()), ..Context::default() };
        v2_departures(&[Tlv::GroupState(six)], context)
    };
    assert_eq!((from("fe80::2"), from("febf::2")), (vec![], vec![]));
    for source in ["2001:db8::2", "fec0::2", "::"] {
        let departure = Departure::SourceNotLinkLocal { address: source.parse().unwrap() };
        assert_eq!(from(source), [departure]);
        assert_eq!(departure.reference(), "Cisco HSRP version 2, no RFC");
        assert!(departure.to_string().ends_with("but HSRP over IPv6 is sent from a link-local address"));
    }
    // Version 1 knows no IPv6, and its destination tells that.
    let context = Context { source: Some("2001:db8::2".parse().unwrap()), ..Context::default() };
    assert_eq!(v1_departures(hello(), context), []);
}

#[test]
fn tlvs_that_are_not_known_or_do_not_fit() {
    let unknown = Tlv::Unknown { tlv_type: TlvType(9), value: &[1, 2, 3], missing: 0 };
    let misfit = Tlv::Unknown { tlv_type: TlvType::INTERFACE_STATE, value: &[1, 2, 3], missing: 0 };
    assert_eq!(
        v2_departures(&[unknown, misfit], context_v2()),
        [
            Departure::TlvType { tlv_type: TlvType(9), offset: 0 },
            Departure::TlvLength { tlv_type: TlvType::INTERFACE_STATE, length: 3, offset: 5 },
        ]
    );
}

#[test]
fn md5_authentication_algorithm_address_and_number() {
    let address = [10, 0, 0, 2].into();
    let good = Tlv::Md5Authentication(Md5Authentication::unsealed(address, 0));
    assert_eq!(v2_departures(&[Tlv::GroupState(group_state()), good], context_v2()), []);
    // Over IPv6, these four octets cannot hold the sender's address.
    let over_six = Context { source: Some("fe80::1".parse().unwrap()), ..Context::default() };
    assert_eq!(v2_departures(&[good], over_six), []);
    let other: [u8; 4] = [10, 0, 0, 9];
    let bad = Tlv::Md5Authentication(Md5Authentication {
        algorithm: Algorithm(2),
        ..Md5Authentication::unsealed(other.into(), 0)
    });
    assert_eq!(
        v2_departures(&[good, bad], context_v2()),
        [
            Departure::Algorithm { algorithm: Algorithm(2), offset: 30 },
            Departure::Md5Address { address: other.into(), offset: 30 },
            Departure::SeveralDigests { offset: 30 },
        ]
    );
    // Offsets in version 1 count from the start of the message too.
    let mut octets = [0; 80];
    let twice = [good, good];
    let message = Message::V1 { packet: hello(), trailing: (&twice).into() };
    let octets = &*message.emit(&mut octets).unwrap();
    let departures: Vec<_> = Message::parse(octets).unwrap().conformance(&context()).collect();
    assert_eq!(departures, [Departure::SeveralDigests { offset: 50 }]);
    assert!(
        message.conformance(&context()).eq(departures),
        "a message that is to be sent has the same departures"
    );
}

#[test]
fn every_departure_prints_itself_and_its_rule() {
    let (hello_time, hold_time) = (Duration::from_secs(3), Duration::from_secs(4));
    let departures = [
        Departure::SourceIsVirtual { address: [10, 0, 0, 1].into() },
        Departure::HoldTimeBelowThreeHelloTimes { hello_time, hold_time },
        Departure::ActiveNotFromVirtualMac { source_mac: OWN_MAC },
        Departure::AdvertiseLength { length: 10, offset: 4 },
        Departure::TlvLength { tlv_type: TlvType::GROUP_STATE, length: 39, offset: 0 },
        Departure::Md5Address { address: [10, 0, 0, 1].into(), offset: 20 },
    ];
    let printed: Vec<_> = departures.iter().map(|d| format!("{d} ({})", d.reference())).collect();
    assert_eq!(
        printed,
        [
            "the message was sent from the virtual IP address 10.0.0.1, not from the router's own (RFC 2281 section 5.1)",
            "the hold time of 4 s is less than three times the hello time of 3 s (RFC 2281 section 5.1)",
            "the router is active, but its Hello came from ca00.406b.0000, \
             not from the group's virtual MAC address (RFC 2281 section 6.1)",
            "the Advertise length at offset 4 of the HSRP message is 10, but it must be 14 (Cisco HSRP version 1 Advertise, no RFC)",
            "the Group State TLV at offset 0 of the HSRP message holds 39 octets, \
             which is not the length of its layout (Cisco HSRP TLV, no RFC)",
            "the address 10.0.0.1 in the MD5 authentication at offset 20 of the HSRP message is not the sender's \
             (Cisco HSRP MD5 authentication, no RFC)",
        ]
    );
}
