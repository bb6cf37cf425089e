//! IP packets that end before their length field says, and not because the capture cut them. The fault is told once, in
//! IP: a checksum or an ICV over octets that are missing proves nothing.

use ipsec::NextHeader;
use ipsec::esp::Opened;
use ipsec::suite::Suite;
use ipsec::{Esn, Secret, SequenceNumber, Spi};
use sctp::chunk::Body;
use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::keys::{Algorithms, AssociationKeys};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, hello_v4, ipv4};
use crate::icmp::{icmp, icmpv6};
use crate::recorder::Recorder;
use crate::sctp::{data, packet};

const WHOLE: sctp::ChunkFlags = sctp::ChunkFlags(sctp::ChunkFlags::B.0 | sctp::ChunkFlags::E.0);

fn of(packet: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, packet)
}

/// The packet without its last octets, under the same length field.
fn short(packet: &[u8], count: usize) -> &[u8] {
    &packet[..packet.len() - count]
}

fn has_one_fault(shown: &Recorder, version: &str) {
    assert!(shown.fault().starts_with(version), "{}", shown.fault());
}

#[test]
fn a_checksum_of_sctp_is_not_judged() {
    let octets = ipv4(132, &packet(7, &[data(5, 0, WHOLE, b"a message"), Body::CookieAck.into()]));
    assert_eq!(of(&octets).value("sctp.checksum.status"), "Good (1)");
    for count in [4, 2] {
        let shown = of(short(&octets, count));
        assert_eq!(shown.value("sctp.checksum.status"), "Unverified (2)");
        assert!(!shown.faults().iter().any(|told| told.contains("checksum")), "{:?}", shown.faults());
        assert!(!shown.departures.iter().any(|told| told.contains("checksum")), "{:?}", shown.departures);
        for (name, value) in [
            ("sctp.data_tsn_raw", "5"),
            ("sctp.data_sid", "0x0003"),
            ("sctp.data_ssn", "4"),
            ("sctp.data_payload_proto_id", "unspecified (0)"),
        ] {
            assert_eq!(shown.value(name), value, "{name}");
        }
    }
    has_one_fault(&of(short(&octets, 4)), "ip: IPv4 packet at offset 0 of the frame needs");
    // A packet that is all there and has a wrong checksum is still a fault.
    let mut wrong = octets;
    wrong[30] ^= 1;
    assert!(of(&wrong).fault().starts_with("sctp: the checksum is"), "{:?}", of(&wrong).faults());
}

#[test]
fn a_packet_without_its_end_feeds_no_user_message() {
    let first = packet(7, &[data(5, 0x7670_4841, sctp::ChunkFlags::B, b"one"), Body::CookieAck.into()]);
    let last = packet(7, &[data(6, 0x7670_4841, sctp::ChunkFlags::E, b"two")]);
    for (count, is_complete) in [(0, true), (4, false)] {
        let mut dissector = Dissector::new(Options::default());
        let mut next = |octets: &[u8]| Recorder::next(&mut dissector, built::frame(LinkType::RAW, octets));
        next(short(&ipv4(132, &first), count));
        let shown = next(&ipv4(132, &last));
        assert_eq!(shown.protocols().ends_with(":ha"), is_complete, "{}", shown.protocols());
    }
}

#[test]
fn a_packet_inside_that_is_whole_is_judged() {
    let ping = icmp(8, 0, &[0, 1, 0, 2, 3, 4]);
    let outer = ipv4(4, &[&ping[..], &[0; 4]].concat());
    let shown = of(short(&outer, 4));
    assert_eq!(shown.protocols(), "raw:ip:ip:icmp");
    assert_eq!(shown.value("icmp.checksum.status"), "1");
}

#[test]
fn a_chunk_without_its_end_shows_the_numbers_that_are_there() {
    let octets = ipv4(132, &packet(7, &[data(5, 0, WHOLE, b"a message")]));
    // The header of IP, the common header, the header of the chunk, TSN, stream, number in the stream.
    for (len, shown) in [(36, [0, 0, 0]), (40, [1, 0, 0]), (42, [1, 1, 0]), (44, [1, 1, 1])] {
        let frame = Frame { len: octets.len(), ..built::frame(LinkType::RAW, &octets[..len]) };
        let cut = Recorder::next(&mut Dissector::new(Options::default()), frame);
        let sent = of(&octets[..len]);
        for recorder in [cut, sent] {
            let counts = ["sctp.data_tsn_raw", "sctp.data_sid", "sctp.data_ssn"]
                .map(|name| recorder.values(name).len());
            assert_eq!(counts, shown, "{len} octets");
        }
    }
}

#[test]
fn a_checksum_of_icmp_is_not_judged() {
    let extended = [&[0, 32, 0, 0][..], &[0; 128], &[0x20, 0, 1, 2, 0, 8, 1, 1, 0, 0, 0x11, 1]].concat();
    for octets in [icmp(8, 0, &[0, 1, 0, 2, 3, 4]), icmp(11, 0, &extended)] {
        let shown = of(short(&octets, 1));
        assert!(shown.values("icmp.checksum.status").is_empty());
        assert!(shown.values("icmp.ext.checksum.status").is_empty());
        assert!(!shown.faults().iter().any(|told| told.contains("checksum")), "{:?}", shown.faults());
    }
    let shown = of(short(&icmpv6(128, 0, &[0, 1, 0, 2, 3, 4]), 1));
    assert!(shown.values("icmpv6.checksum.status").is_empty());
    has_one_fault(&shown, "ipv6: IPv6 packet at offset 0 of the frame needs 50");
}

#[test]
fn a_checksum_of_gre_is_not_judged() {
    let mut gre = [&[0x80, 0, 8, 0, 0, 0, 0, 0][..], &hello_v4()].concat();
    let sum = built::internet_checksum(&gre).to_be_bytes();
    gre[4..6].copy_from_slice(&sum);
    let octets = ipv4(47, &gre);
    assert_eq!(of(&octets).value("gre.checksum.status"), "1");
    let shown = of(short(&octets, 3));
    assert!(shown.values("gre.checksum.status").is_empty());
    assert!(!shown.faults().iter().any(|told| told.starts_with("gre")), "{:?}", shown.faults());
}

#[test]
fn an_icv_of_esp_is_not_judged() {
    let (encryption, authentication) = ([1; 16], [1; 20]);
    let (encryption, authentication) = (Secret::new(&encryption), Secret::new(&authentication));
    let suite = Suite::AES_128_SHA1;
    let transform = suite.transform(encryption, authentication).unwrap();
    let payload = hello_v4();
    let padding: Vec<u8> = (1..).take((payload.len() + 2).next_multiple_of(16) - payload.len() - 2).collect();
    let opened = Opened {
        spi: Spi(0x1234),
        sequence: SequenceNumber(7),
        iv: &[7; 16],
        payload: &payload,
        padding: &padding,
        next_header: NextHeader::IPV4,
    };
    let mut esp = vec![0; opened.sealed_len(&transform)];
    opened.seal_again(&transform, Esn::No, &mut esp).unwrap();
    let mut dissector = Dissector::new(Options::default());
    let algorithms = Algorithms::esp(suite, encryption, authentication).unwrap();
    dissector.add_association(AssociationKeys::new(Spi(0x1234), algorithms));
    let octets = ipv4(50, &esp);
    let frame = built::frame(LinkType::RAW, short(&octets, 4));
    let shown = Recorder::next(&mut dissector, frame);
    has_one_fault(&shown, "ip: IPv4 packet at offset 0 of the frame needs");
    assert_eq!(shown.summary, "ESP spi=0x00001234 seq=7, cut");
    // It moved no window: the whole packet is opened.
    let shown = Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets));
    assert_eq!((shown.faults().len(), shown.protocols().ends_with("hsrp")), (0, true));
}
