//! Captures of HSRP: two routers, of which one fails, in both versions, and messages that break rules.

use std::net::{Ipv4Addr, Ipv6Addr};

use anyhow::{Context, Result};
use etherparse::PacketBuilder;
use hsrp::{
    AuthenticationData, Emit, Key, Md5Authentication, Message, Opcode, Tlv, TlvType, VirtualMac,
    authentication, v1, v2,
};

use super::Frames;
use super::ip::ipv4_checksum;

/// One of the two routers.
#[derive(Clone, Copy)]
pub(super) struct Router {
    address: Ipv4Addr,
    mac: [u8; 6],
    priority: u8,
}

// The addresses and priorities of the pair in the document. Its virtual address is 172.16.172.53.
pub(super) const PRIMARY: Router =
    Router { address: Ipv4Addr::new(172, 16, 172, 52), mac: [0, 0x05, 0x5e, 0, 0, 0x52], priority: 200 };
const SECONDARY: Router =
    Router { address: Ipv4Addr::new(172, 16, 172, 54), mac: [0, 0x05, 0x5e, 0, 0, 0x54], priority: 100 };
const VIRTUAL: Ipv4Addr = Ipv4Addr::new(172, 16, 172, 53);
pub(super) const KEY: &[u8] = b"vpnwire-test";

fn multicast(address: Ipv4Addr) -> [u8; 6] {
    let [_, b, c, d] = address.octets();
    [0x01, 0x00, 0x5e, b & 0x7f, c, d]
}

fn udp(source: Ipv4Addr, mac: [u8; 6], destination: Ipv4Addr, ttl: u8, message: &[u8]) -> Result<Vec<u8>> {
    let mut frame = Vec::new();
    PacketBuilder::ethernet2(mac, multicast(destination))
        .ipv4(source.octets(), destination.octets(), ttl)
        .udp(1985, 1985)
        .write(&mut frame, message)?;
    // IOS marks its control traffic with class selector 6.
    frame[15] = 0xc0;
    let checksum = ipv4_checksum(&frame[14..34]);
    frame[24..26].copy_from_slice(&checksum.to_be_bytes());
    frame.resize(frame.len().max(60), 0);
    Ok(frame)
}

pub(super) fn hello(router: Router, opcode: Opcode, state: v1::State) -> Result<Vec<u8>> {
    let packet = v1::Packet {
        opcode,
        state,
        hello_time: v1::Seconds(3),
        hold_time: v1::Seconds(10),
        priority: router.priority,
        group: 1,
        reserved: 0,
        authentication_data: AuthenticationData(*b"cisco\0\0\0"),
        virtual_ip_address: VIRTUAL,
    };
    let mut octets = [0; v1::Packet::LEN];
    packet.emit(&mut octets)?;
    // Only the active router sends from the virtual address.
    let mac = if state == v1::State::ACTIVE && opcode == Opcode::HELLO {
        VirtualMac::V1 { group: 1 }.to_mac().context("a group of version 1")?
    } else {
        router.mac
    };
    udp(router.address, mac, Ipv4Addr::new(224, 0, 0, 2), 1, &octets)
}

fn advertise(router: Router, active_groups: u16, passive_groups: u16) -> Result<Vec<u8>> {
    let state = if active_groups == 0 { v1::AdvertiseState::PASSIVE } else { v1::AdvertiseState::ACTIVE };
    let advertise = v1::Advertise {
        advertise_type: v1::AdvertiseType::INTERFACE_STATE,
        state,
        reserved: 0,
        active_groups,
        passive_groups,
        // Real routers do not clear these octets.
        reserved_word: 0x6f00_0000,
    };
    let mut octets = [0; v1::Advertise::LEN];
    advertise.emit(&mut octets)?;
    udp(router.address, router.mac, Ipv4Addr::new(224, 0, 0, 2), 1, &octets)
}

/// The primary stops sending. The secondary takes over after the hold time. Then the primary comes back.
pub(super) fn failover_v1() -> Result<Frames> {
    const SECOND: u64 = 1_000_000;
    let mut frames = Frames::new();
    frames.push((0, advertise(PRIMARY, 1, 0)?));
    frames.push((SECOND / 5, advertise(SECONDARY, 0, 1)?));
    for round in 0..3 {
        frames.push((round * 3 * SECOND + 400_123, hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?));
        frames.push((round * 3 * SECOND + 1_200_456, hello(SECONDARY, Opcode::HELLO, v1::State::STANDBY)?));
    }
    // The primary was last heard at 6.4 s. The active timer expires 10 s later.
    frames.push((10_200_456, hello(SECONDARY, Opcode::HELLO, v1::State::STANDBY)?));
    frames.push((13_200_456, hello(SECONDARY, Opcode::HELLO, v1::State::STANDBY)?));
    frames.push((16_400_900, hello(SECONDARY, Opcode::HELLO, v1::State::ACTIVE)?));
    frames.push((16_401_000, advertise(SECONDARY, 1, 0)?));
    frames.push((19_400_900, hello(SECONDARY, Opcode::HELLO, v1::State::ACTIVE)?));
    // The primary is back and preempts.
    frames.push((21_000_000, advertise(PRIMARY, 0, 1)?));
    frames.push((21_100_000, hello(PRIMARY, Opcode::COUP, v1::State::LISTEN)?));
    frames.push((21_100_300, hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?));
    frames.push((21_100_700, hello(SECONDARY, Opcode::RESIGN, v1::State::ACTIVE)?));
    frames.push((21_101_000, hello(SECONDARY, Opcode::HELLO, v1::State::SPEAK)?));
    frames.push((24_100_300, hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?));
    frames.push((31_101_000, hello(SECONDARY, Opcode::HELLO, v1::State::STANDBY)?));
    Ok(frames)
}

fn group_state(router: Router, opcode: Opcode, state: v2::State) -> v2::GroupState {
    v2::GroupState {
        version: v2::GroupState::VERSION,
        opcode,
        state,
        ip_version: v2::IpVersion::IPV4,
        group: 10,
        identifier: router.mac,
        priority: u32::from(router.priority),
        hello_time: v2::Milliseconds(3000),
        hold_time: v2::Milliseconds(10_000),
        virtual_ip: v2::virtual_ip(VIRTUAL.into()),
    }
}

pub(super) fn sealed(router: Router, opcode: Opcode, state: v2::State, key: &[u8]) -> Result<Vec<u8>> {
    let tlvs = [
        Tlv::GroupState(group_state(router, opcode, state)),
        Tlv::Md5Authentication(Md5Authentication::unsealed(router.address, 1)),
    ];
    let mut octets = [0; 72];
    let octets = Message::V2((&tlvs).into()).emit(&mut octets)?;
    authentication::seal(octets, Key::new(key))?;
    let mac = if state == v2::State::ACTIVE {
        VirtualMac::V2Ipv4 { group: 10 }.to_mac().context("a group of version 2")?
    } else {
        router.mac
    };
    udp(router.address, mac, Ipv4Addr::new(224, 0, 0, 102), 1, octets)
}

/// Version 2 with MD5 authentication. The digest of the last message is made with a wrong key.
pub(super) fn failover_v2() -> Result<Frames> {
    let interface = |router: Router, active_groups, passive_groups| {
        let mut octets = [0; 6];
        let tlvs = [Tlv::InterfaceState(v2::InterfaceState { active_groups, passive_groups })];
        Message::V2((&tlvs).into()).emit(&mut octets)?;
        udp(router.address, router.mac, Ipv4Addr::new(224, 0, 0, 102), 1, &octets)
    };
    Ok(vec![
        (0, interface(PRIMARY, 1, 0)?),
        (400_123, sealed(PRIMARY, Opcode::HELLO, v2::State::ACTIVE, KEY)?),
        (1_200_456, sealed(SECONDARY, Opcode::HELLO, v2::State::STANDBY, KEY)?),
        (3_400_123, sealed(PRIMARY, Opcode::HELLO, v2::State::ACTIVE, KEY)?),
        (4_000_000, sealed(PRIMARY, Opcode::RESIGN, v2::State::ACTIVE, KEY)?),
        (4_000_400, sealed(SECONDARY, Opcode::HELLO, v2::State::ACTIVE, KEY)?),
        (4_000_500, interface(SECONDARY, 1, 0)?),
        (7_000_400, sealed(SECONDARY, Opcode::HELLO, v2::State::ACTIVE, KEY)?),
        (7_100_000, sealed(PRIMARY, Opcode::COUP, v2::State::LISTEN, b"not the key")?),
    ])
}

pub(super) fn ipv6() -> Result<Frames> {
    let virtual_address: Ipv6Addr = "fe80::5:73ff:fea0:a".parse()?;
    let source: Ipv6Addr = "fe80::205:5eff:fe00:52".parse()?;
    let destination: Ipv6Addr = "ff02::66".parse()?;
    let mut frames = Frames::new();
    for (time, opcode, state) in
        [(0, Opcode::HELLO, v2::State::ACTIVE), (3_000_000, Opcode::RESIGN, v2::State::ACTIVE)]
    {
        let tlvs = [
            Tlv::GroupState(v2::GroupState {
                ip_version: v2::IpVersion::IPV6,
                virtual_ip: v2::virtual_ip(virtual_address.into()),
                ..group_state(PRIMARY, opcode, state)
            }),
            Tlv::TextAuthentication(AuthenticationData(*b"cisco\0\0\0")),
        ];
        let mut octets = [0; 52];
        Message::V2((&tlvs).into()).emit(&mut octets)?;
        let mac = VirtualMac::V2Ipv6 { group: 10 }.to_mac().context("a group of version 2")?;
        let mut frame = Vec::new();
        PacketBuilder::ethernet2(mac, [0x33, 0x33, 0, 0, 0, 0x66])
            .ipv6(source.octets(), destination.octets(), 255)
            .udp(2029, 2029)
            .write(&mut frame, &octets)?;
        frames.push((time, frame));
    }
    Ok(frames)
}

/// Messages that break rules, and malformed messages.
pub(super) fn departures() -> Result<Frames> {
    let mut frames = Frames::new();
    let mut push = |ttl: u8, message: &[u8]| -> Result<()> {
        let time = u64::try_from(frames.len())? * 1_000_000;
        let destination = Ipv4Addr::new(224, 0, 0, if message[0] == 0 { 2 } else { 102 });
        frames.push((time, udp(PRIMARY.address, PRIMARY.mac, destination, ttl, message)?));
        Ok(())
    };
    let packet = v1::Packet {
        opcode: Opcode::HELLO,
        state: v1::State::SPEAK,
        hello_time: v1::Seconds(10),
        hold_time: v1::Seconds(3),
        priority: 100,
        group: 1,
        reserved: 7,
        authentication_data: AuthenticationData([0xff, 0xfe, 0, 0, 0, 0, 0, 1]),
        virtual_ip_address: VIRTUAL,
    };
    let mut octets = [0; 34];
    // The hold time is less than the hello time, the reserved octet is not zero, the password is not text, and the hop
    // limit is 255.
    packet.emit(&mut octets)?;
    push(255, &octets[..20])?;
    // The opcode and the state are not assigned.
    v1::Packet { opcode: Opcode(9), state: v1::State(3), ..packet }.emit(&mut octets)?;
    push(1, &octets[..20])?;
    // A TLV of unknown type follows a Hello.
    let unknown = Tlv::Unknown { tlv_type: TlvType(200), value: &[1, 2, 3, 4, 5], missing: 0 };
    push(1, Message::V1 { packet, trailing: (&[unknown]).into() }.emit(&mut octets)?)?;
    // The length of the Advertise counts its value alone.
    push(1, &[0, 3, 0, 1, 0, 10, 3, 0, 0, 1, 0, 2, 0, 0, 0, 0])?;
    // A Hello ends within its virtual address, and TLVs end within an address.
    push(1, &octets[..18])?;
    push(1, &[1, 40, 2, 0, 6, 4, 0, 10])?;
    push(1, &[2, 4, 0, 1, 0, 0, 3, 8, b'c', b'i'])?;
    // The octets are not HSRP.
    push(1, &[0xde, 0xad, 0xbe, 0xef])?;
    // A Hello has two octets. An address has an unknown IP version, and the password after it is too short.
    push(1, &[0, 0])?;
    let group_state =
        v2::GroupState { ip_version: v2::IpVersion(9), virtual_ip: [9; 16], ..v2::GroupState::default() };
    let mut octets = [0; 48];
    let tlvs = [Tlv::GroupState(group_state)];
    let group_state = &*Message::V2((&tlvs).into()).emit(&mut octets)?;
    push(1, &[group_state, &[3, 4, b'c', b'i', b's', b'c']].concat())?;
    Ok(frames)
}
