//! `cargo xtask testdata`: writes the captures of `testdata`, or compares them with what would be written.
//!
//! Every octet is made here: the stories are those of the documents that describe the system, told with this project's
//! encoders and etherparse's. The same program always writes the same octets.

mod ah;
mod esp;
mod gre;
mod ha;
mod ikev1;
mod isakmp;
mod nhrp;
mod sctp;

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use etherparse::{IpNumber, PacketBuilder};
use ha::{Carrier, Side};
use hsrp::{
    AuthenticationData, Emit, Key, Md5Authentication, Message, Opcode, Tlv, TlvType, VirtualMac,
    authentication, v1, v2,
};
use pcap_file::pcap::{PcapHeader, RawPcapPacket};
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::{DataLink, TsResolution};

/// Writes the captures of `testdata`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Writes nothing, and fails when a file is not what would be written.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let folder = folder();
    let mut files: Vec<_> = files()?.into_iter().map(|(name, octets)| (name.to_string(), octets)).collect();
    files.extend(seeds()?);
    for (name, octets) in &files {
        let path = folder.join(name);
        if arguments.check {
            let found = std::fs::read(&path).with_context(|| path.display().to_string())?;
            ensure!(found == *octets, "{} is not what `cargo xtask testdata` writes", path.display());
        } else {
            std::fs::create_dir_all(path.parent().context("a file stands in a folder")?)?;
            std::fs::write(&path, octets)?;
            println!("{} ({} octets)", path.display(), octets.len());
        }
    }
    if files.is_empty() {
        bail!("no file");
    }
    println!("testdata: {} files", files.len());
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// Seeds of the codecs' fuzz targets: the messages in the frames above.
fn seeds() -> Result<Vec<(String, Vec<u8>)>> {
    const ETHERNET: usize = 14;
    const IPV4: usize = ETHERNET + 20;
    const UDP_IN_IPV4: usize = IPV4 + 8;
    const UDP_IN_IPV6: usize = ETHERNET + 40 + 8;
    const GRE_WITH_KEY: usize = IPV4 + 8;
    let stories = [
        ("hsrp/failover-v1", failover_v1()?, UDP_IN_IPV4),
        ("hsrp/failover-v2", failover_v2()?, UDP_IN_IPV4),
        ("hsrp/v2-ipv6", ipv6()?, UDP_IN_IPV6),
        ("hsrp/departures", departures()?, UDP_IN_IPV4),
        ("gre/forms", gre::forms()?, IPV4),
        ("gre/departures", gre::departures()?, IPV4),
        ("nhrp/dmvpn", nhrp::dmvpn()?, GRE_WITH_KEY),
        ("nhrp/departures", nhrp::departures()?, GRE_WITH_KEY),
    ];
    let mut seeds = Vec::new();
    for (story, frames, start) in stories {
        for (number, (_, frame)) in frames.iter().enumerate() {
            // By IP's length: behind it stands what fills a frame up.
            let length = |at: usize| usize::from(u16::from_be_bytes([frame[at], frame[at + 1]]));
            let end = ETHERNET
                + if start == UDP_IN_IPV6 { 40 + length(ETHERNET + 4) } else { length(ETHERNET + 2) };
            let message = frame.get(start..end).unwrap_or_default();
            seeds.push((format!("../fuzz/seeds/{story}-{}", number + 1), message.to_vec()));
        }
    }
    for (story, frames) in [
        ("association", sctp::association()?),
        ("interleaving", sctp::interleaving()?),
        ("departures", sctp::departures()?),
        ("synchronisation", ha::synchronisation(Carrier::Ip, Side::Active)?),
    ] {
        for (number, (_, frame)) in frames.iter().enumerate() {
            let len = usize::from(u16::from_be_bytes([frame[16], frame[17]]));
            let packet = &frame[14 + 20..14 + len];
            seeds.push((format!("../fuzz/seeds/sctp/{story}-{}", number + 1), packet.to_vec()));
            for (message, octets) in ha::messages(packet).into_iter().enumerate() {
                let name = format!("../fuzz/seeds/hasync/{story}-{}-{}", number + 1, message + 1);
                seeds.push((name, octets));
            }
        }
    }
    // Of two octets before a packet, the first chooses the algorithm, the second says that the packet is taken as it is.
    for (story, frames) in [("protected", ah::protected()?), ("departures", ah::departures()?)] {
        for (number, (_, frame)) in frames.iter().enumerate() {
            let name = format!("../fuzz/seeds/ipsec_ah_open_is_total/{story}-{}", number + 1);
            let packet = frame.get(ETHERNET..).unwrap_or_default();
            seeds.push((name, [&[u8::try_from(number)?, 0], packet].concat()));
        }
    }
    // Link type 0 is Ethernet, nothing is cut: as the properties of the dissector read frames.
    for (story, frames) in
        [("tunnel", esp::tunnel()?), ("transport", esp::transport()?), ("extended", esp::extended()?)]
    {
        let mut octets = Vec::new();
        for (_, frame) in frames {
            octets.extend([0, 0]);
            octets.extend(u16::try_from(frame.len())?.to_be_bytes());
            octets.extend(frame);
        }
        seeds.push((format!("../fuzz/seeds/dissect_frame/esp-{story}"), octets.clone()));
        seeds.push((format!("../fuzz/seeds/dissect_rebuild/esp-{story}"), octets));
    }
    Ok(seeds)
}

/// Every file with its octets.
fn files() -> Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(vec![
        ("hsrp/failover-v1.pcap", pcap(&failover_v1()?, 65_535)?),
        ("hsrp/failover-v2-md5.pcapng", pcapng(&[(DataLink::ETHERNET, failover_v2()?)])?),
        ("hsrp/v2-ipv6.pcap", pcap(&ipv6()?, 65_535)?),
        ("hsrp/departures.pcap", pcap(&departures()?, 65_535)?),
        ("hsrp/cut.pcap", pcap(&failover_v1()?, 58)?),
        ("link/every-link.pcapng", pcapng(&every_link()?)?),
        ("ip/fragments.pcap", pcap(&fragments()?, 65_535)?),
        ("isakmp/main-mode.pcap", pcap(&isakmp::main_mode()?, 65_535)?),
        ("isakmp/payloads.pcap", pcap(&isakmp::payloads()?, 65_535)?),
        ("isakmp/fragments.pcap", pcap(&isakmp::fragments()?, 65_535)?),
        ("isakmp/broken.pcap", pcap(&isakmp::broken()?, 65_535)?),
        ("isakmp/cut.pcap", pcap(&isakmp::main_mode()?, 90)?),
        ("ikev1/main-mode.pcap", pcap(&ikev1::main_mode()?, 65_535)?),
        ("ikev1/main-mode.keys.json", ikev1::main_mode_keys()?),
        ("ikev1/main-mode.private-values.json", ikev1::main_mode_private_values()?),
        ("gre/forms.pcap", pcap(&gre::forms()?, 65_535)?),
        ("gre/erspan.pcap", pcap(&gre::erspan()?, 65_535)?),
        ("gre/departures.pcap", pcap(&gre::departures()?, 65_535)?),
        ("ah/protected.pcap", pcap(&ah::protected()?, 65_535)?),
        ("ah/departures.pcap", pcap(&ah::departures()?, 65_535)?),
        ("ah/cut.pcap", pcap(&ah::protected()?, 60)?),
        ("nhrp/dmvpn.pcap", pcap(&nhrp::dmvpn()?, 65_535)?),
        ("nhrp/departures.pcap", pcap(&nhrp::departures()?, 65_535)?),
        ("esp/tunnel.pcap", pcap(&esp::tunnel()?, 65_535)?),
        ("esp/tunnel.esp_sa", esp::tunnel_keys()?),
        ("esp/transport.pcap", pcap(&esp::transport()?, 65_535)?),
        ("esp/transport.esp_sa", esp::transport_keys()?),
        ("esp/suites.pcap", pcap(&esp::suites()?, 65_535)?),
        ("esp/suites.xfrm", esp::suites_keys()?),
        ("esp/extended.pcap", pcap(&esp::extended()?, 65_535)?),
        ("esp/extended.xfrm", esp::extended_keys()?),
        ("esp/cut.pcap", pcap(&esp::tunnel()?, 90)?),
        ("sctp/association.pcap", pcap(&sctp::association()?, 65_535)?),
        ("sctp/interleaving.pcap", pcap(&sctp::interleaving()?, 65_535)?),
        ("sctp/departures.pcap", pcap(&sctp::departures()?, 65_535)?),
        ("sctp/cut.pcap", pcap(&sctp::association()?, 90)?),
        ("ha/active.pcap", pcap(&ha::synchronisation(Carrier::Ip, Side::Active)?, 65_535)?),
        ("ha/standby.pcap", pcap(&ha::synchronisation(Carrier::Ip, Side::Standby)?, 65_535)?),
        ("ha/in-udp.pcap", pcap(&ha::synchronisation(Carrier::Udp, Side::Active)?, 65_535)?),
        ("ha/fragments.pcap", pcap(&ha::fragments()?, 65_535)?),
        ("ha/departures.pcap", pcap(&ha::departures()?, 65_535)?),
    ])
}

// --- packets ---------------------------------------------------------------------------------------------------------

/// A frame and when it is sent, in microseconds from the start.
type Frames = Vec<(u64, Vec<u8>)>;

/// One of the two routers.
#[derive(Clone, Copy)]
struct Router {
    address: Ipv4Addr,
    mac: [u8; 6],
    priority: u8,
}

// The addresses and priorities of the described pair; its virtual address is 172.16.172.53.
const PRIMARY: Router =
    Router { address: Ipv4Addr::new(172, 16, 172, 52), mac: [0, 0x05, 0x5e, 0, 0, 0x52], priority: 200 };
const SECONDARY: Router =
    Router { address: Ipv4Addr::new(172, 16, 172, 54), mac: [0, 0x05, 0x5e, 0, 0, 0x54], priority: 100 };
const VIRTUAL: Ipv4Addr = Ipv4Addr::new(172, 16, 172, 53);
const KEY: &[u8] = b"vpnwire-test";

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
    // IOS marks its control traffic: class selector 6.
    frame[15] = 0xc0;
    let checksum = ipv4_checksum(&frame[14..34]);
    frame[24..26].copy_from_slice(&checksum.to_be_bytes());
    frame.resize(frame.len().max(60), 0);
    Ok(frame)
}

fn ipv4_checksum(header: &[u8]) -> u16 {
    let mut sum = wire::InternetChecksum::new();
    sum.add(&header[..10]);
    sum.add(&header[12..]);
    sum.finish()
}

fn hello(router: Router, opcode: Opcode, state: v1::State) -> Result<Vec<u8>> {
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
        // Real routers leave whatever was there.
        reserved_word: 0x6f00_0000,
    };
    let mut octets = [0; v1::Advertise::LEN];
    advertise.emit(&mut octets)?;
    udp(router.address, router.mac, Ipv4Addr::new(224, 0, 0, 2), 1, &octets)
}

/// The primary falls silent, the secondary takes over when the hold time has passed; then the primary comes back.
fn failover_v1() -> Result<Frames> {
    const SECOND: u64 = 1_000_000;
    let mut frames = Frames::new();
    frames.push((0, advertise(PRIMARY, 1, 0)?));
    frames.push((SECOND / 5, advertise(SECONDARY, 0, 1)?));
    for round in 0..3 {
        frames.push((round * 3 * SECOND + 400_123, hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?));
        frames.push((round * 3 * SECOND + 1_200_456, hello(SECONDARY, Opcode::HELLO, v1::State::STANDBY)?));
    }
    // Last heard at 6.4 s; the active timer expires 10 s later.
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

fn sealed(router: Router, opcode: Opcode, state: v2::State, key: &[u8]) -> Result<Vec<u8>> {
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

/// Version 2 with MD5 authentication; the last message is sealed with a wrong key.
fn failover_v2() -> Result<Frames> {
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

fn ipv6() -> Result<Frames> {
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

/// Messages that break rules, or their format.
fn departures() -> Result<Frames> {
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
    // hold time below hello time, reserved octet, password that is no text, hop limit 255
    packet.emit(&mut octets)?;
    push(255, &octets[..20])?;
    // opcode and state of no registry
    v1::Packet { opcode: Opcode(9), state: v1::State(3), ..packet }.emit(&mut octets)?;
    push(1, &octets[..20])?;
    // a TLV of unknown type behind a Hello
    let unknown = Tlv::Unknown { tlv_type: TlvType(200), value: &[1, 2, 3, 4, 5], missing: 0 };
    push(1, Message::V1 { packet, trailing: (&[unknown]).into() }.emit(&mut octets)?)?;
    // an Advertise whose length is that of its value alone
    push(1, &[0, 3, 0, 1, 0, 10, 3, 0, 0, 1, 0, 2, 0, 0, 0, 0])?;
    // a Hello that ends in its virtual address, and TLVs that end in one
    push(1, &octets[..18])?;
    push(1, &[1, 40, 2, 0, 6, 4, 0, 10])?;
    push(1, &[2, 4, 0, 1, 0, 0, 3, 8, b'c', b'i'])?;
    // octets that are no HSRP
    push(1, &[0xde, 0xad, 0xbe, 0xef])?;
    // a Hello of two octets; an address of no IP version, and a password that is too short behind it
    push(1, &[0, 0])?;
    let group_state =
        v2::GroupState { ip_version: v2::IpVersion(9), virtual_ip: [9; 16], ..v2::GroupState::default() };
    let mut octets = [0; 48];
    let tlvs = [Tlv::GroupState(group_state)];
    let group_state = &*Message::V2((&tlvs).into()).emit(&mut octets)?;
    push(1, &[group_state, &[3, 4, b'c', b'i', b's', b'c']].concat())?;
    Ok(frames)
}

/// The same Hello behind every link header that is known.
fn every_link() -> Result<Vec<(DataLink, Frames)>> {
    let hello = hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?;
    let (ethernet, packet) = hello.split_at(14);
    let (addresses, _) = ethernet.split_at(12);
    let source = &ethernet[6..12];
    let at = |frame: Vec<u8>| vec![(0, frame)];
    let tagged = [addresses, &[0x81, 0, 0xe0, 100], &[0x08, 0], packet].concat();
    let twice = [addresses, &[0x88, 0xa8, 0xe0, 200], &[0x81, 0, 0x20, 100], &[0x08, 0], packet].concat();
    let sll = [&[0, 2, 0, 1, 0, 6], source, &[0, 0, 0x08, 0], packet].concat();
    let sll2 = [&[0x08, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 6], source, &[0, 0], packet].concat();
    Ok(vec![
        (DataLink::ETHERNET, vec![(0, hello.clone()), (0, tagged), (0, twice)]),
        (DataLink::LINUX_SLL, at(sll)),
        (DataLink::from(276), at(sll2)),
        (DataLink::from(12), at(packet.to_vec())),
        (DataLink::from(14), at(packet.to_vec())),
        (DataLink::from(101), at(packet.to_vec())),
        (DataLink::from(228), at(packet.to_vec())),
        (DataLink::NULL, vec![(0, [&[2, 0, 0, 0], packet].concat()), (0, [&[0, 0, 0, 2], packet].concat())]),
        (DataLink::from(108), at([&[0, 0, 0, 2], packet].concat())),
    ])
}

/// A message of version 2 in three fragments, the last of them first.
fn fragments() -> Result<Frames> {
    let whole = sealed(PRIMARY, Opcode::HELLO, v2::State::ACTIVE, KEY)?;
    let (ethernet, packet) = whole.split_at(14);
    let (header, payload) = packet.split_at(20);
    let mut frames = Frames::new();
    let pieces: Vec<_> = payload.chunks(32).enumerate().collect();
    for (index, piece) in pieces.iter().rev() {
        let mut header = header.to_vec();
        let more = index + 1 < pieces.len();
        let offset = u16::try_from(index * 32 / 8)? | if more { 0x2000 } else { 0 };
        header[2..4].copy_from_slice(&u16::try_from(20 + piece.len())?.to_be_bytes());
        header[4..6].copy_from_slice(&[0xbe, 0xef]);
        header[6..8].copy_from_slice(&offset.to_be_bytes());
        header[9] = IpNumber::UDP.0;
        let checksum = ipv4_checksum(&header);
        header[10..12].copy_from_slice(&checksum.to_be_bytes());
        let time = u64::try_from(frames.len())? * 10;
        frames.push((time, [ethernet, &header, piece].concat()));
    }
    Ok(frames)
}

// --- files -----------------------------------------------------------------------------------------------------------

/// The captures begin at 2005-03-01 18:10:17 UTC.
const START: u64 = 1_109_700_617;

fn pcap(frames: &Frames, snaplen: u32) -> Result<Vec<u8>> {
    let header = PcapHeader {
        snaplen,
        datalink: DataLink::ETHERNET,
        ts_resolution: TsResolution::MicroSecond,
        ..PcapHeader::default()
    };
    let mut writer = pcap_file::pcap::PcapWriter::with_header(Vec::new(), header)?;
    for (time, frame) in frames {
        let len = u32::try_from(frame.len())?;
        let cut = &frame[..frame.len().min(usize::try_from(snaplen)?)];
        writer.write_raw_packet(&RawPcapPacket {
            ts_sec: u32::try_from(START + time / 1_000_000)?,
            ts_frac: u32::try_from(time % 1_000_000)?,
            incl_len: u32::try_from(cut.len())?,
            orig_len: len,
            data: Cow::Borrowed(cut),
        })?;
    }
    Ok(writer.into_writer())
}

fn pcapng(interfaces: &[(DataLink, Frames)]) -> Result<Vec<u8>> {
    let mut writer = PcapNgWriter::new(Vec::new())?;
    for (link, _) in interfaces {
        writer.write_pcapng_block(InterfaceDescriptionBlock {
            linktype: *link,
            snaplen: 0,
            options: vec![InterfaceDescriptionOption::IfTsResol(9)],
        })?;
    }
    for (index, (_, frames)) in interfaces.iter().enumerate() {
        for (time, frame) in frames {
            writer.write_pcapng_block(EnhancedPacketBlock {
                interface_id: u32::try_from(index)?,
                timestamp: Duration::from_secs(START) + Duration::from_nanos(time * 1000 + 789),
                original_len: u32::try_from(frame.len())?,
                data: Cow::Borrowed(frame),
                options: Vec::new(),
            })?;
        }
    }
    Ok(writer.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_what_is_written() {
        run(&Arguments { check: true }).unwrap();
    }
}
