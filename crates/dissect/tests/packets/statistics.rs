//! The sink that counts: `dissect::sinks::statistics`.

use std::fs::File;
use std::path::Path;

use vpnwire_dissect::capture::{Capture, Frame, LinkType, Timestamp};
use vpnwire_dissect::sinks::statistics::{Counter, IpsecProtocol, IpsecSa, Limits, Statistics};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, hello_v4, ipv4, udp};
use crate::dmvpn::{in_gre, traffic_indication};

fn testdata(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}

/// The statistics of a capture in `testdata`, with the keys of another file there, if there is one.
fn counted(name: &str, keys: Option<&str>) -> Statistics {
    let keys = keys.map(|keys| std::fs::read(testdata(keys)).unwrap()).unwrap_or_default();
    counted_with(name, &keys)
}

/// The statistics of a capture in `testdata`, with the keys of this file, which is empty when there are none.
fn counted_with(name: &str, keys: &[u8]) -> Statistics {
    let mut options = Options::default();
    if !keys.is_empty() {
        options.keys.read(keys).unwrap();
    }
    let mut capture = Capture::new(File::open(testdata(name)).unwrap()).unwrap();
    let (mut dissector, mut counter) = (Dissector::new(options), Counter::new(Limits::default()));
    while let Some(frame) = capture.next_frame() {
        dissector.frame(frame.unwrap(), &mut counter);
    }
    counter.statistics()
}

/// The statistics of packets of IP, one each second.
fn counted_of(packets: &[Vec<u8>], limits: Limits) -> Statistics {
    let (mut dissector, mut counter) = (Dissector::new(Options::default()), Counter::new(limits));
    for (number, octets) in (1..).zip(packets) {
        let time = Some(Timestamp(i128::from(number) * 1_000_000_000));
        dissector.frame(Frame { number, time, ..built::frame(LinkType::RAW, octets) }, &mut counter);
    }
    counter.statistics()
}

/// An ESP packet without keys.
fn esp(spi: u32, number: u32) -> Vec<u8> {
    ipv4(50, &[&spi.to_be_bytes()[..], &number.to_be_bytes(), &[7; 16]].concat())
}

fn sa(statistics: &Statistics, spi: u32, destination: &str) -> IpsecSa {
    let is_it = |sa: &&IpsecSa| {
        sa.spi == spi && sa.destination.is_some_and(|address| address.to_string() == destination)
    };
    statistics.sas.iter().find(is_it).unwrap().clone()
}

/// The numbers of the SA 0x100 are, as tshark shows them: 1 2 6 3 1 1 7 8 9 10 11 13 5001 14 15, and one packet ends
/// before its number.
#[test]
fn without_keys_the_numbers_alone_count() {
    let statistics = counted("esp/tunnel.pcap", None);
    assert_eq!((statistics.all.count, statistics.all.octets, statistics.sas.len()), (20, 2856, 4));
    let sa = sa(&statistics, 0x100, "198.51.100.1");
    assert_eq!((sa.protocol, sa.packets.count, sa.seen_twice, sa.replayed), (IpsecProtocol::Esp, 16, 2, 0));
    let numbers = sa.numbers.unwrap();
    assert_eq!((numbers.first, numbers.last, numbers.lowest, numbers.highest), (1, 15, 1, 5001));
    assert_eq!(numbers.missing, 5001 - 13, "13 numbers of 5001 were captured");
    assert_eq!((sa.verified, sa.decrypted, sa.wrong_icv), (0, 0, 0));
}

/// Frame 6 is a replay, frames 7 and 11 were changed on the way, and frame 19 is too short for its keys.
#[test]
fn with_keys_only_what_is_authentic_counts() {
    let statistics = counted("esp/tunnel.pcap", Some("esp/tunnel.esp_sa"));
    let sa = sa(&statistics, 0x100, "198.51.100.1");
    assert_eq!((sa.packets.count, sa.seen_twice, sa.replayed, sa.wrong_icv), (16, 0, 1, 2));
    assert_eq!((sa.verified, sa.decrypted), (12, 12));
    assert_eq!(sa.numbers.unwrap().missing, 5001 - 11, "11 numbers of 5001 are authentic");
    // tshark shows these numbers: 4294967294 0 4294967295 1 2.
    let statistics = counted("esp/extended.pcap", Some("esp/extended.xfrm"));
    let numbers = statistics.sas[0].numbers.unwrap();
    assert_eq!((numbers.lowest, numbers.highest, numbers.missing), (0xffff_fffe, 0x1_0000_0002, 0));
    assert_eq!((numbers.first, numbers.last, statistics.sas[0].verified), (0xffff_fffe, 2, 5));
}

#[test]
fn ah_and_what_is_inside_are_counted() {
    let statistics = counted("ah/protected.pcap", None);
    let packets = |protocol| {
        let sas = statistics.sas.iter().filter(|sa| sa.protocol == protocol);
        sas.map(|sa| sa.packets.count).sum::<u64>()
    };
    // Twenty-three packets have one AH header, and one has two. ESP is in two of them.
    assert_eq!((packets(IpsecProtocol::Ah), packets(IpsecProtocol::Esp)), (25, 2));
}

/// ESP 0x207 stands inside AH 0x107: one packet in each of two tunnels.
#[test]
fn the_number_of_what_a_receiver_drops_does_not_count() {
    let inner = |key: &[u8]| {
        let statistics = counted_with("ah/protected.pcap", key);
        let sas: Vec<_> = statistics.sas.into_iter().filter(|sa| [0x107, 0x207].contains(&sa.spi)).collect();
        sas.into_iter().map(|sa| (sa.spi, sa.wrong_icv, sa.numbers.is_some())).collect::<Vec<_>>()
    };
    let right = [(0x107, 0, true), (0x207, 0, true), (0x107, 0, true), (0x207, 0, true)];
    assert_eq!(inner(&[]), right);
    let wrong = [(0x107, 1, false), (0x207, 0, false), (0x107, 1, false), (0x207, 0, false)];
    assert_eq!(inner(b"0x107 ah-md5-hmac:not-the-rightkey"), wrong);
}

#[test]
fn a_malformed_packet_has_no_number_and_one_that_the_capture_cut_has() {
    let header = |number: u8, len: u8| [253, len, 0, 0, 0, 0, 1, 1, 0, 0, 0, number, 9, 9, 9, 9];
    let packets = [ipv4(51, &header(1, 2)), ipv4(51, &header(9, 200))];
    let statistics = counted_of(&packets, Limits::default());
    let [sa] = &statistics.sas[..] else { panic!("{:?}", statistics.sas) };
    assert_eq!((sa.packets.count, sa.numbers.unwrap().highest), (2, 1));
    let (mut dissector, mut counter) = (Dissector::new(Options::default()), Counter::new(Limits::default()));
    let cut = Frame { len: 1000, ..built::frame(LinkType::RAW, &packets[1]) };
    dissector.frame(cut, &mut counter);
    assert_eq!(counter.statistics().sas[0].numbers.unwrap().highest, 9);
}

/// tshark counts 6 messages with the group from 172.16.172.52 and 10 from 172.16.172.54; the other 4 are Advertises.
#[test]
fn a_group_knows_who_sends_and_its_last_state() {
    let statistics = counted("hsrp/failover-v1.pcap", None);
    let [group] = &statistics.hsrp_groups[..] else { panic!("{:?}", statistics.hsrp_groups) };
    assert_eq!((group.version, group.group, group.messages.count), (1, 1, 16));
    assert_eq!(group.virtual_address.unwrap().to_string(), "172.16.172.53");
    let senders: Vec<_> = group
        .senders
        .iter()
        .map(|sender| {
            let address = sender.address.unwrap().to_string();
            (address, sender.state.unwrap().name, sender.priority, sender.messages.count)
        })
        .collect();
    assert_eq!(
        senders,
        [
            ("172.16.172.52".to_owned(), Some("Active"), Some(200), 6),
            ("172.16.172.54".to_owned(), Some("Standby"), Some(100), 10)
        ]
    );
    let statistics = counted("hsrp/failover-v2-md5.pcapng", None);
    let [group] = &statistics.hsrp_groups[..] else { panic!("{:?}", statistics.hsrp_groups) };
    assert_eq!((group.version, group.group, group.messages.count), (2, 10, 7));
    // tshark shows the states 6 6 6 3 of one router, and 5 6 6 of the other.
    let last: Vec<_> = group.senders.iter().map(|sender| sender.state.unwrap().value).collect();
    assert_eq!(last, [3, 6]);
}

#[test]
fn the_first_message_belongs_to_the_sa_of_its_answer() {
    let statistics = counted("ikev1/main-mode.pcap", None);
    let [sa] = &statistics.isakmp_sas[..] else { panic!("{:?}", statistics.isakmp_sas) };
    assert_eq!((sa.messages.count, sa.encrypted, sa.version), (13, 9, 0x10));
    assert_eq!(sa.initiator_cookie, [0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70, 0x81]);
    assert!(sa.responder_cookie.is_some());
    assert_eq!(sa.source.unwrap().to_string(), "10.1.1.2");

    let message = |cookies: &[u8; 16]| {
        let rest = [0, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 28];
        ipv4(17, &udp(500, 500, &[&cookies[..], &rest].concat()))
    };
    let cookies = |responder: u8| {
        let mut cookies = [1; 16];
        cookies[8..].fill(responder);
        cookies
    };
    // It is sent again after the first answer, and a second responder answers too.
    let packets: Vec<_> = [0, 2, 0, 3].iter().map(|responder| message(&cookies(*responder))).collect();
    let statistics = counted_of(&packets, Limits::default());
    let sas: Vec<_> =
        statistics.isakmp_sas.iter().map(|sa| (sa.responder_cookie, sa.messages.count)).collect();
    assert_eq!(sas, [(Some([2; 8]), 3), (Some([3; 8]), 1)]);
}

/// Five frames have a fragment each, and one message is put together from three of them.
#[test]
fn a_message_in_fragments_is_counted_by_its_fragments() {
    let statistics = counted("isakmp/fragments.pcap", None);
    assert_eq!(statistics.isakmp_sas.iter().map(|sa| sa.messages.count).sum::<u64>(), 5);
}

#[test]
fn what_is_quoted_was_sent_before() {
    let packet = esp(0x100, 1);
    let packets = [packet.clone(), in_gre(&traffic_indication(&packet))];
    let statistics = counted_of(&packets, Limits::default());
    let [sa] = &statistics.sas[..] else { panic!("{:?}", statistics.sas) };
    assert_eq!((sa.packets.count, sa.seen_twice), (1, 0));
    let frames = |name: &str| {
        statistics.protocols.iter().find(|protocol| protocol.protocol == name).unwrap().frames.count
    };
    assert_eq!((frames("esp"), frames("nhrp")), (2, 1), "a filter finds both frames");
}

#[test]
fn a_frame_that_holds_a_protocol_twice_is_counted_once() {
    let packets = [ipv4(4, &hello_v4()), hello_v4()];
    let statistics = counted_of(&packets, Limits::default());
    let frames: Vec<_> = statistics
        .protocols
        .iter()
        .map(|protocol| (protocol.protocol, protocol.frames.count, protocol.frames.octets))
        .collect();
    let octets = u64::try_from(packets[0].len() + packets[1].len()).unwrap();
    assert_eq!(frames, [("raw", 2, octets), ("ip", 2, octets), ("udp", 2, octets), ("hsrp", 2, octets)]);
    let all = statistics.all;
    assert_eq!((all.first, all.last), (Some(Timestamp(1_000_000_000)), Some(Timestamp(2_000_000_000))));
}

#[test]
fn what_exceeds_a_limit_is_counted_as_others() {
    let mut limits = Limits::default();
    (limits.ipsec_sas, limits.isakmp_sas, limits.hsrp_groups, limits.kinds) = (2, 0, 0, 1);
    let malformed = ipv4(50, &[0, 0, 0, 1]);
    let isakmp = [&[1; 16][..], &[0, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 28]].concat();
    let packets = [
        esp(1, 1),
        esp(2, 1),
        esp(3, 1),
        esp(1, 2),
        esp(4, 1),
        malformed.clone(),
        ipv4(253, &[]),
        hello_v4(),
        ipv4(17, &udp(500, 500, &isakmp)),
        ipv4(17, &udp(1985, 1985, &[0])),
        malformed,
    ];
    let statistics = counted_of(&packets, limits);
    assert_eq!(
        statistics.sas.iter().map(|sa| (sa.spi, sa.packets.count)).collect::<Vec<_>>(),
        [(1, 4), (2, 1)]
    );
    assert_eq!((statistics.other_sas.count, statistics.other_sas.octets), (2, 88));
    assert_eq!((statistics.isakmp_sas.len(), statistics.other_isakmp_sas.count), (0, 1));
    assert_eq!((statistics.hsrp_groups.len(), statistics.other_hsrp_groups.count), (0, 1));
    let [fault] = &statistics.faults[..] else { panic!("{:?}", statistics.faults) };
    assert_eq!((fault.origin, fault.count, fault.first.frame, statistics.other_faults), ("esp", 2, 6, 1));
    limits.hsrp_groups = 1;
    limits.hsrp_senders = 0;
    let statistics = counted_of(&[hello_v4()], limits);
    assert_eq!(statistics.hsrp_groups[0].senders, []);
    assert_eq!(statistics.hsrp_groups[0].other_senders.count, 1);
}
