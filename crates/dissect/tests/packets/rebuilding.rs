//! Messages that are decoded and encoded again, and their counts.

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::sinks::Counts;
use vpnwire_dissect::sinks::{Output, Roundtrip};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, HELLO, hello_v2, ipv4, sealed, udp};
use crate::recorder::Recorder;

fn roundtrip(packets: &[Vec<u8>]) -> (Counts, String) {
    let mut sink = Roundtrip::new(true).with_octets(true);
    sink.set_file("some.pcap");
    let mut dissector = Dissector::new(Options::default());
    for (number, packet) in (1..).zip(packets) {
        dissector.frame(Frame { number, ..built::frame(LinkType::RAW, packet) }, &mut sink);
    }
    let counts = sink.counts().iter().find(|(protocol, _)| *protocol == "hsrp").unwrap().1;
    (counts, String::from_utf8(std::mem::take(sink.output())).unwrap())
}

fn message(octets: &[u8]) -> Vec<u8> {
    ipv4(17, &udp(1985, 1985, octets))
}

/// Returns an Advertise with a given value in its length field, which is derived: opcode 3, type 1, active, one active
/// group.
fn advertise(length: u16) -> Vec<u8> {
    let mut octets = vec![0, 3, 0, 1];
    octets.extend(length.to_be_bytes());
    octets.extend([2, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    octets
}

#[test]
fn every_message_is_counted_once_under_what_became_of_it() {
    let unknown = [&HELLO[..], &[9, 3, 1, 2, 3]].concat();
    let (counts, text) = roundtrip(&[
        message(&HELLO),
        message(&unknown),
        message(&hello_v2()),
        message(&sealed(5, "letmein")),
        message(&advertise(14)),
        message(&advertise(99)),
        message(&HELLO[..19]),
        ipv4(17, &udp(5000, 5001, &HELLO)),
        message(&[]),
    ]);
    let expected = Counts {
        seen: 7,
        identical: 5,
        corrected: 1,
        undecodable: 1,
        octets_rebuilt: 20 + 20 + 42 + 50 + 16 + 16,
        octets_copied: 5,
        ..Counts::default()
    };
    assert_eq!(counts, expected);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "some.pcap: frame 6, source 0, offset 28: hsrp corrected");
    assert_eq!(lines[1], "  expected 0003000100630200000100000000".to_owned() + "0000");
    assert_eq!(lines[2], "  got      00030001000e0200000100000000".to_owned() + "0000");
    assert_eq!(lines[3], "some.pcap: frame 7, source 0, offset 28: hsrp undecodable");
    assert_eq!(lines.len(), 4);
}

#[test]
fn without_details_nothing_is_written() {
    let mut sink = Roundtrip::new(false);
    let octets = message(&HELLO[..19]);
    Dissector::new(Options::default()).frame(built::frame(LinkType::RAW, &octets), &mut sink);
    assert_eq!((sink.output().len(), sink.any_different()), (0, false));
}

#[test]
fn every_protocol_is_listed_before_any_is_seen() {
    let sink = Roundtrip::new(false);
    let listed: Vec<_> = sink.counts().iter().map(|(protocol, _)| *protocol).collect();
    assert_eq!(listed, ["hsrp", "isakmp", "gre", "cmd", "nhrp", "esp", "ah", "sctp", "ha"]);
    assert!(sink.counts().iter().all(|(_, counts)| *counts == Counts::default()));
}

#[test]
fn what_only_the_address_settles_is_decoded_and_encoded() {
    // This is version 2 to 224.0.0.102. The type of its first TLV is unknown.
    let mut octets = message(&[&[9, 2, 1, 2][..], &hello_v2()].concat());
    octets[19] = 102;
    let recorder = Recorder::of(LinkType::RAW, &octets);
    assert_eq!((recorder.faults().len(), recorder.value("hsrp2.group")), (0, "10"));
    let (counts, _) = roundtrip(std::slice::from_ref(&octets));
    assert_eq!((counts.seen, counts.identical, counts.octets_copied), (1, 1, 4));
    // To any other address it is not an HSRP message.
    octets[19] = 7;
    assert_eq!(
        Recorder::of(LinkType::RAW, &octets).fault(),
        "hsrp: the first octet is 9, but an HSRP message begins with 0 (version 1) or with a TLV type from 1 to 4 (version 2)"
    );
    // The octets count even when they contradict the address.
    let mut octets = message(&HELLO);
    octets[19] = 102;
    assert_eq!(Recorder::of(LinkType::RAW, &octets).value("hsrp.group"), "1");
    assert_eq!(roundtrip(&[octets]).0.identical, 1);
}

#[test]
fn one_broken_tlv_does_not_hide_its_neighbours() {
    // This is a group state of one octet, then a text authentication.
    let octets = message(&[&[1, 1, 2][..], &[3, 8], b"cisco\0\0\0"].concat());
    let recorder = Recorder::of(LinkType::RAW, &octets);
    assert_eq!(
        recorder.fault(),
        "hsrp: the Group State TLV at offset 0 of the HSRP message holds 1 octets, but its layout has 40"
    );
    assert_eq!((recorder.value("hsrp2.tlv_value"), recorder.value("hsrp2.auth_data")), ("02", "cisco"));
    assert_eq!(recorder.octets("hsrp2.tlv_value"), [2]);
    assert_eq!(recorder.octets("hsrp2.group_state_tlv"), [1, 1, 2]);
    // This TLV ends beyond the message.
    let octets = message(&[&HELLO[..], &[9, 2, 1, 2, 4, 28, 1]].concat());
    let recorder = Recorder::of(LinkType::RAW, &octets);
    assert_eq!((recorder.value("hsrp.tlv_value"), recorder.value("hsrp.priority")), ("0102", "200"));
    assert_eq!((recorder.value("hsrp.unknown_tlv"), recorder.values("hsrp2.unknown_tlv").len()), ("9", 0));
    assert_eq!(recorder.octets("hsrp2.md5_auth_tlv"), [4, 28, 1]);
    assert_eq!(
        (recorder.value("hsrp2.md5_algorithm"), recorder.values("hsrp2.md5_padding").len()),
        ("MD5 (1)", 0)
    );
    assert_eq!(recorder.faults.len(), 1);
    assert_eq!(roundtrip(&[octets]).0.undecodable, 1);
}
