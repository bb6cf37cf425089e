//! Multicast listener discovery, RFC 2710 and RFC 3810. The values are those that tshark 4.0 shows.

use std::net::Ipv6Addr;

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::{Dissector, Options};

use crate::built;
use crate::icmp::icmpv6;
use crate::recorder::Recorder;

fn address(text: &str) -> [u8; 16] {
    text.parse::<Ipv6Addr>().unwrap().octets()
}

fn message(kind: u8, rest: &[u8]) -> Vec<u8> {
    icmpv6(kind, 0, rest)
}

fn of(kind: u8, rest: &[&[u8]]) -> Recorder {
    Recorder::of(LinkType::RAW, &message(kind, &rest.concat()))
}

fn has(recorder: &Recorder, fields: &[(&str, &[&str])]) {
    for (name, values) in fields {
        assert_eq!(recorder.values(name), *values, "{name}");
    }
}

#[test]
fn version_1_has_a_delay_and_a_group_rfc_2710() {
    let group = address("ff02::66");
    for (kind, line) in [(131, "Multicast Listener Report"), (132, "Multicast Listener Done")] {
        let shown = of(kind, &[&[0; 4], &group]);
        assert_eq!(shown.summary, format!("ICMPv6 {line} for ff02::66"));
        has(
            &shown,
            &[
                ("icmpv6.mld.maximum_response_delay", &["0"]),
                ("icmpv6.reserved", &["0000"]),
                ("icmpv6.mld.multicast_address", &["ff02::66"]),
                ("icmpv6.checksum.status", &["1"]),
            ],
        );
        assert_eq!(shown.faults(), [""; 0]);
    }
    let general = of(130, &[&[0x27, 0x10, 0, 0], &[0; 16]]);
    assert_eq!(general.summary, "ICMPv6 Multicast Listener Query", "for all groups");
    has(
        &general,
        &[
            ("icmpv6.mld.maximum_response_delay", &["10000"]),
            ("icmpv6.mld.multicast_address", &["::"]),
            ("icmpv6.mld.nb_sources", &[]),
        ],
    );
}

#[test]
fn a_query_of_version_2_is_told_by_its_length_rfc_3810_section_8_1() {
    let sources = [address("2001:db8::1"), address("2001:db8::2")].concat();
    let query = of(130, &[&[0x8a, 0xbc, 0, 0], &address("ff02::66"), &[0xfa, 0x9c, 0, 2], &sources]);
    assert_eq!(query.summary, "ICMPv6 Multicast Listener Query for ff02::66");
    has(
        &query,
        &[
            // A mantissa of 0x1abc with an exponent of 3, and one of 0x1c with an exponent of 4.
            ("icmpv6.mld.maximum_response_code", &["54752"]),
            ("icmpv6.mld.maximum_response_delay", &[]),
            ("icmpv6.mld.flag", &["0xfa"]),
            ("icmpv6.mld.flag.s", &["true"]),
            ("icmpv6.mld.flag.qrv", &["2"]),
            ("icmpv6.mld.flag.reserved", &["15"]),
            ("icmpv6.mld.qqi", &["448"]),
            ("icmpv6.mld.nb_sources", &["2"]),
            ("icmpv6.mld.source_address", &["2001:db8::1", "2001:db8::2"]),
        ],
    );
    assert_eq!(query.faults(), [""; 0]);
    for (code, delay) in [(0x7fff_u16, "32767"), (0x8000, "32768"), (0xffff, "8387584")] {
        let query = of(130, &[&code.to_be_bytes(), &[0; 18], &[0, 127, 0, 0]]);
        has(&query, &[("icmpv6.mld.maximum_response_code", &[delay]), ("icmpv6.mld.qqi", &["127"])]);
    }
    for (code, interval) in [(0x80, "128"), (0xff, "31744")] {
        has(&of(130, &[&[0; 20], &[0, code, 0, 0]]), &[("icmpv6.mld.qqi", &[interval])]);
    }
}

#[test]
fn a_report_of_version_2_has_records_rfc_3810_section_5_2() {
    let group = address("ff02::66");
    let source = address("2001:db8::1");
    let joins = [&[4, 0, 0, 0][..], &group].concat();
    let one = of(143, &[&[0, 0, 0, 1], &joins]);
    assert_eq!(one.summary, "ICMPv6 Multicast Listener Report Message v2 for ff02::66");
    let records = [&joins[..], &[1, 0, 0, 1], &group, &source, &[9, 2, 0, 0], &group, b"auxiliar"].concat();
    let many = of(143, &[&[0, 7, 0, 3], &records]);
    assert_eq!(many.summary, "ICMPv6 Multicast Listener Report Message v2 for ff02::66 and 2 more");
    has(
        &many,
        &[
            ("icmpv6.reserved", &["0007"]),
            ("icmpv6.mldr.nb_mcast_records", &["3"]),
            ("icmpv6.mldr.mar.record_type", &["CHANGE_TO_EXCLUDE_MODE (4)", "MODE_IS_INCLUDE (1)", "9"]),
            ("icmpv6.mldr.mar.aux_data_len", &["0", "0", "2"]),
            ("icmpv6.mldr.mar.nb_sources", &["0", "1", "0"]),
            ("icmpv6.mldr.mar.multicast_address", &["ff02::66"; 3]),
            ("icmpv6.mldr.mar.source_address", &["2001:db8::1"]),
        ],
    );
    assert_eq!(many.octets("icmpv6.mldr.mar.auxiliary_data"), b"auxiliar");
    assert_eq!(many.faults(), [""; 0]);
    let none = of(143, &[&[0; 4]]);
    assert_eq!(
        (none.summary.as_str(), none.faults().len()),
        ("ICMPv6 Multicast Listener Report Message v2", 0)
    );
}

#[test]
fn a_message_with_less_than_it_says_is_a_fault() {
    let group = address("ff02::66");
    let source = address("2001:db8::1");
    let record = |kind: u8, words: u8, count: u8| [&[kind, words, 0, count][..], &group].concat();
    let cases: [(u8, Vec<u8>, &str); 7] = [
        (
            130,
            [&[0; 4][..], &group[..9]].concat(),
            "multicast listener message at offset 40 of the frame needs 24",
        ),
        (130, [&[0; 4][..], &group, &[2, 125]].concat(), "needs 28 octets, but only 26 are there"),
        (
            130,
            [&[0; 4][..], &group, &[2, 125, 0, 3], &source].concat(),
            "needs 76 octets, but only 44 are there",
        ),
        (
            143,
            [&[0, 0, 0, 4][..], &record(4, 0, 0)].concat(),
            "multicast address record at offset 68 of the frame needs 20 octets, but only 0 are there",
        ),
        (
            143,
            [&[0, 0, 0, 1][..], &record(4, 0, 2), &source].concat(),
            "needs 52 octets, but only 36 are there",
        ),
        (143, [&[0, 0, 0, 1][..], &record(4, 200, 0)].concat(), "needs 820 octets, but only 20 are there"),
        (143, vec![0, 0, 0, 1, 4, 0, 0], "needs 20 octets, but only 3 are there"),
    ];
    for (kind, rest, reason) in cases {
        let shown = of(kind, &[&rest]);
        assert!(shown.fault().starts_with("icmpv6: ") && shown.fault().contains(reason), "{}", shown.fault());
    }
    // What is there of a record is shown.
    let cut = of(143, &[&[0, 0, 0, 1], &record(4, 0, 2), &source]);
    assert_eq!(cut.value("icmpv6.mldr.mar.source_address"), "2001:db8::1");
    let header = of(143, &[&[0, 0, 0, 1, 4, 0, 0]]);
    assert_eq!(header.octets("icmpv6.data"), [4, 0, 0]);
    // Octets behind a message are accepted, RFC 3810 section 5.1.12.
    let behind = of(143, &[&[0, 0, 0, 1], &record(4, 0, 0), b"xyz"]);
    assert_eq!((behind.octets("icmpv6.data"), behind.faults().len()), (&b"xyz"[..], 0));
    let whole = message(143, &[&[0, 0, 0, 1][..], &record(4, 0, 1), &source].concat());
    for len in 44..whole.len() {
        let frame = Frame { len: whole.len(), ..built::frame(LinkType::RAW, &whole[..len]) };
        let shown = Recorder::next(&mut Dissector::new(Options::default()), frame);
        assert!(shown.faults.is_empty(), "{len}: {:?}", shown.faults());
    }
}
