//! The extensions of ICMP errors, RFC 4884. The values are those that tshark 4.0 shows.

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::{Cause, Dissector, Options};

use crate::built::{self, internet_checksum, ipv4, ipv6, udp};
use crate::icmp::{icmp, icmpv6};
use crate::recorder::Recorder;

const LABELS: [u8; 12] = [0, 12, 1, 1, 0x0f, 0xff, 0x00, 0x40, 0x00, 0x01, 0x0b, 0x3f];

fn of(packet: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, packet)
}

/// A packet in 128 octets, of which 32 are the packet.
fn quoted() -> Vec<u8> {
    let packet = ipv4(17, &udp(1000, 2000, b"data"));
    [&packet[..], &vec![0; 128 - packet.len()]].concat()
}

/// Extensions with their checksum.
fn extensions(objects: &[u8]) -> Vec<u8> {
    let mut all = [&[0x20, 0, 0, 0], objects].concat();
    let sum = internet_checksum(&all).to_be_bytes();
    all[2..4].copy_from_slice(&sum);
    all
}

/// Time exceeded for the quoted packet, whose length is told.
fn exceeded(extensions: &[u8]) -> Recorder {
    of(&icmp(11, 0, &[&[0, 32, 0, 0][..], &quoted(), extensions].concat()))
}

#[test]
fn labels_and_interfaces_are_named_rfc_4950_and_rfc_5837() {
    let whole =
        [&[0, 28, 2, 0x0f, 0, 0, 0, 7][..], &[0, 1, 0, 0, 192, 0, 2, 1], b"\x08eth0\0\0\0", &[0, 0, 5, 0xdc]]
            .concat();
    let v6 = [&[0, 24, 2, 0x84, 0, 2, 0, 0, 0xfe, 0x80][..], &[0; 13], &[1]].concat();
    let error = exceeded(&extensions(&[&LABELS[..], &whole, &v6, &[0, 6, 99, 5, 1, 2]].concat()));
    assert_eq!(error.faults(), [""; 0]);
    for (name, values) in [
        ("icmp.length", &["32"][..]),
        ("icmp.ext.version", &["2"]),
        ("icmp.ext.checksum.status", &["1"]),
        ("icmp.ext.length", &["12", "28", "24", "6"]),
        (
            "icmp.ext.class",
            &[
                "MPLS Label Stack Class (1)",
                "Interface Information Object (2)",
                "Interface Information Object (2)",
                "99",
            ],
        ),
        ("icmp.ext.ctype", &["1", "15", "132", "5"]),
        ("icmp.mpls.label", &["65520", "16"]),
        ("icmp.mpls.exp", &["0", "5"]),
        ("icmp.mpls.s", &["false", "true"]),
        ("icmp.mpls.ttl", &["64", "63"]),
        ("icmp.int_info.role", &["0", "2"]),
        ("icmp.int_info.mtu_present", &["true", "false"]),
        ("icmp.int_info.index", &["7"]),
        ("icmp.int_info.afi", &["1", "2"]),
        ("icmp.int_info.ipv4", &["192.0.2.1"]),
        ("icmp.int_info.ipv6", &["fe80::1"]),
        ("icmp.int_info.name", &["eth0"]),
        ("icmp.int_info.mtu", &["1500"]),
        ("icmp.ext.data", &["0102"]),
        // The quoted packet ends where the length says.
        ("udp.payload", &["64617461"]),
    ] {
        assert_eq!(error.values(name), values, "{name}");
    }
    assert_eq!(error.protocols(), "raw:ip:icmp:ip:udp");
}

#[test]
fn extensions_of_icmpv6_count_in_words_of_64_bits() {
    let packet = ipv6(17, &udp(1000, 2000, b"data"));
    let quoted = [&packet[..], &vec![0; 128 - packet.len()], &extensions(&LABELS)].concat();
    for kind in [1, 3] {
        let error = of(&icmpv6(kind, 0, &[&[16, 0, 0, 0], &quoted[..]].concat()));
        assert_eq!(error.protocols(), "raw:ipv6:icmpv6:ipv6:udp:icmp", "as tshark names them");
        assert_eq!((error.value("icmpv6.length"), error.value("icmpv6.reserved")), ("16", "000000"));
        assert_eq!(error.values("icmp.mpls.label"), ["65520", "16"]);
        assert_eq!(error.value("icmp.ext.checksum.status"), "1");
        assert!(error.summary.ends_with("for UDP 1000 → 2000 len 4"), "{}", error.summary);
        assert_eq!(error.faults(), [""; 0]);
    }
    // RFC 4884 section 4.6: no other error has a length. An MTU is not taken for one.
    let too_big = of(&icmpv6(2, 0, &[&[0, 0, 5, 0], &quoted[..]].concat()));
    assert_eq!(too_big.value("icmpv6.mtu"), "1280");
    assert!(too_big.values("icmp.ext.version").is_empty());
    let beyond = of(&icmpv6(1, 0, &[&[32, 0, 0, 0], &quoted[..]].concat()));
    assert_eq!(
        beyond.fault(),
        "icmpv6: original datagram at offset 48 of the frame needs 256 octets, but only 144 are there"
    );
}

#[test]
fn an_old_sender_tells_no_length_rfc_4884_section_5_5() {
    let from_old = |extensions: &[u8]| of(&icmp(11, 0, &[&[0; 4][..], &quoted(), extensions].concat()));
    let told = from_old(&extensions(&LABELS));
    assert_eq!(told.values("icmp.mpls.label"), ["65520", "16"]);
    assert_eq!((told.value("icmp.unused"), told.faults().len()), ("00000000", 0));
    // With another version, a wrong checksum or none, these octets may belong to the packet.
    let mut version = extensions(&LABELS);
    (version[0], version[2]) = (0x10, version[2].wrapping_add(0x10));
    let mut wrong = extensions(&LABELS);
    wrong[11] ^= 1;
    let mut without = extensions(&LABELS);
    without[2..4].fill(0);
    // The sum of these is right, and there is no checksum in them.
    let no_sum = vec![0x20, 0, 0, 0, 0xdf, 0xff];
    for octets in [version, wrong, without, no_sum, vec![0x20, 0]] {
        let untold = from_old(&octets);
        assert!(untold.values("icmp.ext.version").is_empty(), "{octets:?}");
        assert_eq!((untold.value("udp.payload"), untold.faults()), ("64617461", vec![]));
    }
}

#[test]
fn a_checksum_is_right_wrong_or_not_sent() {
    let mut wrong = extensions(&LABELS);
    wrong[11] ^= 1;
    let error = exceeded(&wrong);
    assert_eq!(error.value("icmp.ext.checksum.status"), "0");
    assert_eq!(
        error.fault(),
        "icmp: the checksum of the extensions behind the quoted packet is 0xc373, but it should be 0xc372"
    );
    assert_eq!(error.value("icmp.checksum.status"), "1", "the message is as it was sent");
    assert_eq!(error.values("icmp.mpls.ttl"), ["65", "63"], "what is there is shown");
    let without = exceeded(&[&[0x20, 0, 0, 0][..], &LABELS].concat());
    assert_eq!((without.value("icmp.ext.checksum.status"), without.faults().len()), ("3", 0));
}

#[test]
fn malformed_extensions_are_faults_and_lose_nothing() {
    let object = |class: u8, c_type: u8, value: &[u8]| {
        extensions(&[&[0, value.len() as u8 + 4, class, c_type], value].concat())
    };
    let cases: [(Vec<u8>, &str, &str, &[u8]); 9] = [
        (
            vec![0x20, 0],
            "ICMP extension header at offset 156 of the frame needs 4",
            "icmp.ext.data",
            &[0x20, 0],
        ),
        (
            extensions(&[0, 2, 99, 5, 1, 2, 3, 4]),
            "ICMP extension object at offset 160 of the frame has length 2, but its header alone has 4",
            "icmp.ext.data",
            &[0, 2, 99, 5, 1, 2, 3, 4],
        ),
        (
            extensions(&[0, 40, 1, 1, 9, 9]),
            "ICMP extension object at offset 160 of the frame needs 40 octets, but only 6 are there",
            "icmp.mpls.data",
            &[9, 9],
        ),
        (
            object(1, 1, b"abcdef"),
            "MPLS label stack entry at offset 168 of the frame needs 4",
            "icmp.mpls.data",
            b"ef",
        ),
        (
            object(2, 0x0f, &[0, 0, 0, 7]),
            "interface information object at offset 160 of the frame needs",
            "icmp.ext.object",
            &[0, 8, 2, 0x0f, 0, 0, 0, 7],
        ),
        (
            object(2, 2, b"\0eth"),
            "the icmp.int_info.name_length field says 0, but it must be at least 1",
            "icmp.ext.data",
            b"eth",
        ),
        (
            object(2, 2, b"\x09eth"),
            "interface information object at offset 160 of the frame needs 13 octets, but only 8",
            "icmp.int_info.name",
            b"eth",
        ),
        (
            extensions(&[7, 7]),
            "ICMP extension object at offset 160 of the frame needs 4",
            "icmp.ext.data",
            &[7, 7],
        ),
        (vec![0x10, 0, 0, 0, 1, 2], "the version field says 1", "icmp.ext.data", &[1, 2]),
    ];
    for (octets, reason, name, shown) in cases {
        let error = exceeded(&octets);
        assert!(error.fault().contains(reason), "{}", error.fault());
        assert_eq!(error.octets(name), shown, "{reason}");
        assert_eq!(error.value("udp.payload"), "64617461", "{reason}");
    }
    // An address of a family that nobody knows is not broken.
    let unknown = exceeded(&object(2, 4, &[0, 9, 0, 0, 1, 2]));
    assert_eq!((unknown.octets("icmp.int_info.ipunknown"), unknown.faults().len()), (&[1, 2][..], 0));
}

#[test]
fn a_length_is_compared_with_what_is_there() {
    let beyond = of(&icmp(11, 0, &[&[0, 48, 0, 0][..], &quoted(), &extensions(&LABELS)].concat()));
    assert_eq!(
        beyond.fault(),
        "icmp: original datagram at offset 28 of the frame needs 192 octets, but only 144 are there"
    );
    let short = of(&icmp(3, 1, &[&[0, 7, 0, 0][..], &quoted()[..28], &extensions(&LABELS)].concat()));
    assert_eq!((short.value("icmp.length"), short.faults().len()), ("7", 0));
    assert_eq!(short.values("icmp.mpls.label"), ["65520", "16"]);
    assert!(short.departures[0].contains("has 28 octets"), "{:?}", short.departures);
    let alone = exceeded(&[]);
    assert!(alone.values("icmp.ext.version").is_empty() && alone.faults.is_empty());
}

#[test]
fn a_cut_in_extensions_is_not_the_sender_s_fault() {
    let packet = icmp(11, 0, &[&[0, 32, 0, 0][..], &quoted(), &extensions(&LABELS)].concat());
    for len in 30..packet.len() {
        let frame = Frame { len: packet.len(), ..built::frame(LinkType::RAW, &packet[..len]) };
        let shown = Recorder::next(&mut Dissector::new(Options::default()), frame);
        assert!(shown.faults.iter().all(|fault| fault.cause == Cause::Cut), "{len}: {:?}", shown.faults());
        assert!(shown.values("icmp.ext.checksum.status").is_empty(), "{len}");
    }
}
