//! Small captures written octet by octet, and what is read from them.
//!
//! What tshark 4.0.17 makes of the same octets is named where it was asked.
#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails; its numbers are small"
)]

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use pcap_file::pcap::{PcapHeader, PcapPacket, PcapReader, PcapWriter};
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::InterfaceDescriptionBlock;
use pcap_file::pcapng::{PcapNgReader, PcapNgWriter};
use pcap_file::{DataLink, Endianness, TsResolution};
use proptest::prelude::*;

use super::order::Order::{self, Big, Little};
use super::properties::{
    Kept, Pieces, a_cut_leaves_what_is_before_it, pieces_make_no_difference, read, reading_is_total,
};
use super::{BlockType, Capture, CaptureError, Damage, Format, MAX_INTERFACE_COUNT, MAX_RECORD_LEN};
use crate::frame::{LinkType, Timestamp};

const SECOND: i128 = 1_000_000_000;
/// Seconds of every packet whose time does not matter.
const THEN: u64 = 1_600_000_000;
const OCTETS: [u8; 5] = [1, 2, 3, 4, 5];

impl Order {
    fn put16(self, number: u16) -> [u8; 2] {
        if self == Big { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    fn put32(self, number: u32) -> [u8; 4] {
        if self == Big { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    fn put64(self, number: i64) -> [u8; 8] {
        if self == Big { number.to_be_bytes() } else { number.to_le_bytes() }
    }

    fn words(self, words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| self.put32(*word)).collect()
    }

    fn file_header(self, magic: u32, version: (u16, u16), snap_len: u32, link: u32) -> Vec<u8> {
        let mut octets = self.put32(magic).to_vec();
        octets.extend(self.put16(version.0));
        octets.extend(self.put16(version.1));
        octets.extend(self.words(&[0, 0, snap_len, link]));
        octets
    }

    fn pcap(self) -> Vec<u8> {
        self.file_header(0xa1b2_c3d4, (2, 4), 65_535, 1)
    }

    fn record(self, seconds: u32, fraction: u32, len: u32, octets: &[u8]) -> Vec<u8> {
        let mut record = self.words(&[seconds, fraction, octets.len() as u32, len]);
        record.extend(octets);
        record
    }

    fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let padding = body.len().wrapping_neg() % 4;
        let len = (12 + body.len() + padding) as u32;
        let mut block = self.words(&[kind, len]);
        block.extend(body);
        block.resize(block.len() + padding, 0);
        block.extend(self.put32(len));
        block
    }

    fn section_with(self, version: (u16, u16), options: &[u8]) -> Vec<u8> {
        let mut body = self.put32(0x1a2b_3c4d).to_vec();
        body.extend(self.put16(version.0));
        body.extend(self.put16(version.1));
        body.extend(self.put64(-1));
        body.extend(options);
        self.block(0x0a0d_0d0a, &body)
    }

    fn section(self) -> Vec<u8> {
        self.section_with((1, 0), &[])
    }

    fn option(self, code: u16, value: &[u8]) -> Vec<u8> {
        let mut option = self.put16(code).to_vec();
        option.extend(self.put16(value.len() as u16));
        option.extend(value);
        option.resize(option.len().next_multiple_of(4), 0);
        option
    }

    fn interface(self, link: u16, snap_len: u32, options: &[u8]) -> Vec<u8> {
        let mut body = self.put16(link).to_vec();
        body.extend([0, 0]);
        body.extend(self.put32(snap_len));
        body.extend(options);
        self.block(1, &body)
    }

    fn enhanced(self, interface: u32, ticks: u64, captured: u32, len: u32, octets: &[u8]) -> Vec<u8> {
        let mut body = self.words(&[interface, (ticks >> 32) as u32, ticks as u32, captured, len]);
        body.extend(octets);
        self.block(6, &body)
    }

    fn packet(self, interface: u32) -> Vec<u8> {
        self.enhanced(interface, THEN * 1_000_000, 5, 5, &OCTETS)
    }

    fn simple(self, len: u32, octets: &[u8]) -> Vec<u8> {
        let mut body = self.put32(len).to_vec();
        body.extend(octets);
        self.block(3, &body)
    }

    fn obsolete(self, interface: u16, ticks: u64, len: u32, octets: &[u8]) -> Vec<u8> {
        let mut body = self.put16(interface).to_vec();
        body.extend(self.put16(7)); // drops
        body.extend(self.words(&[(ticks >> 32) as u32, ticks as u32, octets.len() as u32, len]));
        body.extend(octets);
        self.block(2, &body)
    }

    /// A section with one Ethernet interface.
    fn pcapng(self) -> Vec<u8> {
        [self.section(), self.interface(1, 0, &[])].concat()
    }
}

/// The frames of a capture that is read to its end.
fn frames(octets: &[u8]) -> Vec<Kept> {
    let (frames, error) = read(octets);
    assert!(error.is_none(), "{error:?}");
    frames
}

/// The damage of a capture, after so many frames.
fn damage(octets: &[u8], frame_count: usize) -> (Damage, u64) {
    let (frames, error) = read(octets);
    assert_eq!(frames.len(), frame_count);
    match error {
        Some(CaptureError::Malformed { frame, offset, damage }) => {
            assert_eq!(frame, frames.last().map_or(0, |frame| frame.number) + 1);
            (damage, offset)
        }
        error => panic!("{error:?}"),
    }
}

fn times(octets: &[u8]) -> Vec<Option<i128>> {
    frames(octets).iter().map(|frame| frame.time.map(|time| time.0)).collect()
}

fn numbers(octets: &[u8]) -> Vec<u64> {
    frames(octets).iter().map(|frame| frame.number).collect()
}

fn gzip(octets: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

// pcap

#[test]
fn pcap_in_both_byte_orders_and_both_resolutions() {
    for order in [Big, Little] {
        for (magic, nanoseconds) in [(0xa1b2_c3d4, 123_456_000), (0xa1b2_3c4d, 123_456)] {
            let octets = [
                order.file_header(magic, (2, 4), 65_535, 113),
                order.record(THEN as u32, 123_456, 5, &OCTETS),
                order.record(0xffff_ffff, 0, 60, &[]),
            ]
            .concat();
            let expected = [
                Kept {
                    number: 1,
                    time: Some(Timestamp(i128::from(THEN) * SECOND + nanoseconds)),
                    link: LinkType::LINUX_SLL,
                    len: 5,
                    octets: OCTETS.to_vec(),
                },
                Kept {
                    number: 2,
                    time: Some(Timestamp(0xffff_ffff * SECOND)),
                    link: LinkType::LINUX_SLL,
                    len: 60,
                    octets: Vec::new(),
                },
            ];
            assert_eq!(frames(&octets), expected);
            assert_eq!(Capture::new(&*octets).unwrap().format(), Format::Pcap);
        }
    }
}

#[test]
fn trap_a_packet_longer_than_the_snap_length() {
    let octets = [
        Little.file_header(0xa1b2_c3d4, (2, 4), 4, 1),
        Little.record(1, 0, 1500, &OCTETS[..4]), // as every cut packet is: longer on the wire
        Little.record(1, 0, 5, &OCTETS),         // captured beyond the snap length: tshark reads that too
    ]
    .concat();
    assert!(matches!(PcapReader::new(&*octets).unwrap().next_packet(), Some(Err(_))), "no trap any more");
    let lens: Vec<_> = frames(&octets).iter().map(|frame| (frame.len, frame.octets.len())).collect();
    assert_eq!(lens, [(1500, 4), (5, 5)]);
}

#[test]
fn trap_an_error_for_ever() {
    let mut octets = [Little.pcap(), Little.record(1, 0, 5, &OCTETS)].concat();
    octets.truncate(octets.len() - 1);
    let mut trap = PcapReader::new(&*octets).unwrap();
    assert!((0..100).all(|_| matches!(trap.next_raw_packet(), Some(Err(_)))), "no trap any more");
    let mut capture = Capture::new(&*octets).unwrap();
    assert!(matches!(capture.next_frame(), Some(Err(CaptureError::Truncated { .. }))));
    assert!((0..100).all(|_| capture.next_frame().is_none()));
}

#[test]
fn trap_a_fraction_of_a_second_or_more() {
    let octets = [
        Big.pcap(),
        Big.record(1, 999_999, 5, &OCTETS),
        Big.record(1, 1_000_000, 5, &OCTETS),
        Big.record(1, u32::MAX, 5, &OCTETS),
    ]
    .concat();
    let mut trap = PcapReader::new(&*octets).unwrap();
    assert!(trap.next_packet().unwrap().is_ok() && trap.next_packet().unwrap().is_err(), "no trap any more");
    let expected = [1_999_999_000, 2_000_000_000, SECOND + 4_294_967_295_000];
    assert_eq!(times(&octets), expected.map(Some));
    let octets =
        [Big.file_header(0xa1b2_3c4d, (2, 4), 65_535, 1), Big.record(1, 1_999_999_999, 5, &OCTETS)].concat();
    assert_eq!(times(&octets), [Some(2_999_999_999)]);
}

#[test]
fn the_upper_half_of_a_link_type_is_the_length_of_the_check_sequence() {
    let octets =
        [Little.file_header(0xa1b2_c3d4, (2, 4), 0, 0x1400_0001), Little.record(1, 0, 5, &OCTETS)].concat();
    assert_eq!(frames(&octets)[0].link, LinkType::ETHERNET);
    let octets =
        [Big.file_header(0xa1b2_c3d4, (2, 4), 0, 0x1400_0114), Big.record(1, 0, 5, &OCTETS)].concat();
    assert_eq!(frames(&octets)[0].link, LinkType::LINUX_SLL2);
}

#[test]
fn lengths_the_other_way_round_before_version_2_4() {
    // tshark 4.0.17 reads these as 60 octets cut to 5, too
    for version in [(2, 2), (2, 3), (543, 0)] {
        let octets =
            [Big.file_header(0xa1b2_c3d4, version, 96, 1), Big.words(&[1, 0, 60, 5]), OCTETS.to_vec()]
                .concat();
        assert_eq!((frames(&octets)[0].len, &*frames(&octets)[0].octets), (60, &OCTETS[..]), "{version:?}");
    }
    let octets = [Big.file_header(0xa1b2_c3d4, (2, 3), 96, 1), Big.record(1, 0, 60, &OCTETS)].concat();
    assert_eq!((frames(&octets)[0].len, &*frames(&octets)[0].octets), (60, &OCTETS[..]));
}

#[test]
fn more_captured_than_there_was_is_told_as_it_stands() {
    // tshark 4.0.17: frame.len 2, frame.cap_len 5, both times
    let octets = [Little.pcap(), Little.record(1, 0, 2, &OCTETS)].concat();
    assert_eq!((frames(&octets)[0].len, frames(&octets)[0].octets.len()), (2, 5));
    let octets = [Little.pcapng(), Little.enhanced(0, 0, 5, 2, &OCTETS)].concat();
    assert_eq!((frames(&octets)[0].len, frames(&octets)[0].octets.len()), (2, 5));
}

#[test]
fn the_modified_pcap_is_refused_by_name() {
    for order in [Big, Little] {
        let octets = order.file_header(0xa1b2_cd34, (2, 4), 65_535, 1);
        let error = Capture::new(&*octets).unwrap_err();
        assert!(matches!(error, CaptureError::Unsupported { .. }));
        assert!(error.to_string().starts_with("pcap as modified by Kuznetsov is not supported"));
    }
}

// pcapng

#[test]
fn trap_numbers_are_in_the_order_of_their_section() {
    let octets = [
        Little.pcapng(),
        Little.enhanced(0, 0x1_0000_0002, 5, 0x0102, &OCTETS),
        Big.section(),
        Big.interface(276, 3, &Big.option(14, &Big.put64(1))),
        Big.enhanced(0, 0x1_0000_0002, 5, 0x0102, &OCTETS),
        Big.simple(0x0102, &OCTETS[..3]),
        Big.obsolete(0, 0x1_0000_0002, 0x0102, &OCTETS),
        Big.block(0x7777, &[]),
        Little.section(),
        Little.interface(101, 3, &Little.option(9, &[9])),
        Little.simple(0x0102, &OCTETS[..3]),
        Little.obsolete(0, 0x1_0000_0002, 0x0102, &OCTETS),
    ]
    .concat();
    let frames = frames(&octets);
    let ticks = 0x1_0000_0002;
    let microseconds = ticks * 1000;
    let seen: Vec<_> = frames
        .iter()
        .map(|frame| (frame.link.0, frame.time.map(|time| time.0), frame.len, &*frame.octets))
        .collect();
    assert_eq!(
        seen,
        [
            (1, Some(microseconds), 0x0102, &OCTETS[..]),
            (276, Some(microseconds + SECOND), 0x0102, &OCTETS[..]),
            (276, None, 0x0102, &OCTETS[..3]),
            (276, Some(microseconds + SECOND), 0x0102, &OCTETS[..]),
            (101, None, 0x0102, &OCTETS[..3]),
            (101, Some(ticks), 0x0102, &OCTETS[..]),
        ]
    );
    assert_eq!(Capture::new(&*octets).unwrap().format(), Format::PcapNg);
}

#[test]
fn trap_the_resolution_of_an_interface() {
    let end = Little.option(0, &[]);
    let octets = [
        Little.section(),
        Little.interface(1, 0, &[]),
        Little.interface(1, 0, &[Little.option(9, &[3]), end.clone()].concat()),
        Little.interface(1, 0, &[Little.option(9, &[0x80 | 10]), end.clone()].concat()),
        Little.interface(1, 0, &[Little.option(9, &[127]), end.clone()].concat()),
        Little.interface(1, 0, &[Little.option(9, &[0xff]), end.clone()].concat()),
        Little.enhanced(0, 2048, 0, 0, &[]),
        Little.enhanced(1, 2048, 0, 0, &[]),
        Little.enhanced(2, 2048, 0, 0, &[]),
        Little.enhanced(3, u64::MAX, 0, 0, &[]),
        Little.enhanced(4, u64::MAX, 0, 0, &[]),
    ]
    .concat();
    assert_eq!(times(&octets), [2_048_000, 2_048_000_000, 2 * SECOND, 0, 0].map(Some));
    let mut trap = PcapNgReader::new(&*octets).unwrap();
    let mut stamps = Vec::new();
    while let Some(block) = trap.next_block() {
        stamps.extend(block.unwrap().into_enhanced_packet().map(|packet| packet.timestamp));
    }
    assert_eq!(stamps[..3], [Duration::from_nanos(2048); 3], "no trap any more");
}

#[test]
fn the_offset_of_an_interface_is_signed() {
    for order in [Big, Little] {
        for seconds in [0, 3600, -100, i64::MIN, i64::MAX] {
            let octets = [
                order.section(),
                order.interface(1, 0, &order.option(14, &order.put64(seconds))),
                order.packet(0),
            ]
            .concat();
            assert_eq!(times(&octets), [Some((i128::from(THEN) + i128::from(seconds)) * SECOND)]);
        }
    }
}

#[test]
fn trap_odd_options_of_an_interface() {
    let order = Little;
    let end = order.option(0, &[]);
    let nanoseconds = order.option(9, &[9]);
    // what is odd; whether pcap-file refuses it; the resolution after it still counts
    let cases: [(&str, Vec<u8>, bool, bool); 10] = [
        ("a time zone of four octets, as it should be", order.option(10, &[0, 0, 0x0e, 0x10]), true, true),
        ("a name that is no text", order.option(2, &[0xff, 0xfe]), true, true),
        ("an empty filter", order.option(11, &[]), true, true),
        ("a resolution of two octets", order.option(9, &[3, 0]), true, true),
        ("an offset of four octets", order.option(14, &[0, 0, 0, 1]), true, true),
        ("an address of three octets", order.option(4, &[1, 2, 3]), true, true),
        ("an unknown option", order.option(0x7777, &[1]), false, true),
        ("an option that runs over the end", [order.put16(2), order.put16(200)].concat(), true, false),
        ("half an option", vec![1, 0], true, false),
        ("an option after the end", end.clone(), false, false),
    ];
    for (name, odd, is_trap, resolution_counts) in cases {
        let octets = [
            order.section(),
            order.interface(1, 0, &[odd, nanoseconds.clone(), end.clone()].concat()),
            order.enhanced(0, 5, 5, 5, &OCTETS),
        ]
        .concat();
        let mut trap = PcapNgReader::new(&*octets).unwrap();
        assert_eq!(trap.next_raw_block().unwrap().is_err(), is_trap, "{name}");
        assert_eq!(times(&octets), [Some(if resolution_counts { 5 } else { 5000 })], "{name}");
    }
    // without an end of options, and with padding that the end of the block cuts off
    let octets =
        [order.section(), order.interface(1, 0, &nanoseconds), order.enhanced(0, 5, 5, 5, &OCTETS)].concat();
    assert!(PcapNgReader::new(&*octets).unwrap().next_raw_block().unwrap().is_err(), "no trap any more");
    assert_eq!(times(&octets), [Some(5)]);
}

#[test]
fn odd_options_of_a_section() {
    let octets = [
        Little.section_with((1, 0), &Little.option(3, &[0xff, 0xfe])),
        Little.interface(1, 0, &[]),
        Little.packet(0),
    ]
    .concat();
    assert!(PcapNgReader::new(&*octets).is_err(), "no trap any more");
    assert_eq!(numbers(&octets), [1]);
}

#[test]
fn the_first_option_of_a_kind_counts() {
    // tshark 4.0.17 takes the first, too
    let options = [
        Little.option(9, &[9]),
        Little.option(9, &[3]),
        Little.option(14, &Little.put64(2)),
        Little.option(14, &Little.put64(5)),
    ]
    .concat();
    let octets =
        [Little.section(), Little.interface(1, 0, &options), Little.enhanced(0, 7, 0, 0, &[])].concat();
    assert_eq!(times(&octets), [Some(2 * SECOND + 7)]);
}

#[test]
fn simple_packets_are_cut_by_the_interface_and_have_no_time() {
    let octets = [
        Little.section(),
        Little.interface(101, 3, &[]),
        Little.interface(1, 0, &[]),
        Little.simple(60, &OCTETS[..3]),
        Little.simple(2, &OCTETS[..2]),
    ]
    .concat();
    let expected = [
        Kept { number: 1, time: None, link: LinkType::RAW, len: 60, octets: vec![1, 2, 3] },
        Kept { number: 2, time: None, link: LinkType::RAW, len: 2, octets: vec![1, 2] },
    ];
    assert_eq!(frames(&octets), expected);
    // a snap length of zero is none
    let octets = [Little.pcapng(), Little.simple(5, &OCTETS)].concat();
    assert_eq!(frames(&octets)[0].octets, OCTETS);
}

#[test]
fn a_simple_packet_needs_an_interface() {
    let octets = [Little.section(), Little.simple(5, &OCTETS)].concat();
    assert_eq!(damage(&octets, 0), (Damage::UnknownInterface { interface: 0, count: 0 }, 28));
}

#[test]
fn obsolete_packets_share_a_word_between_interface_and_drops() {
    for order in [Big, Little] {
        let octets = [
            order.section(),
            order.interface(1, 0, &[]),
            order.interface(101, 0, &order.option(9, &[9])),
            order.obsolete(1, 0x2_0000_0001, 60, &OCTETS),
        ]
        .concat();
        let expected = Kept {
            number: 1,
            time: Some(Timestamp(0x2_0000_0001)),
            link: LinkType::RAW,
            len: 60,
            octets: OCTETS.to_vec(),
        };
        assert_eq!(frames(&octets), [expected]);
    }
}

#[test]
fn interfaces_end_with_their_section() {
    let octets =
        [Little.section(), Little.interface(101, 0, &[]), Little.interface(1, 0, &[]), Little.packet(1)]
            .concat();
    let again = [octets.clone(), Little.pcapng(), Little.packet(0)].concat();
    let links: Vec<_> = frames(&again).iter().map(|frame| frame.link.0).collect();
    assert_eq!(links, [1, 1]);
    let missing = [octets, Little.pcapng(), Little.packet(1)].concat();
    assert_eq!(damage(&missing, 1).0, Damage::UnknownInterface { interface: 1, count: 1 });
}

#[test]
fn blocks_without_packets_are_passed_over() {
    // interface statistics, name resolution, secrets, unknown ones with and without a body, one of local use
    let octets = [
        Little.pcapng(),
        Little.packet(0),
        Little.block(5, &[0; 12]),
        Little.block(4, &[0; 4]),
        Little.block(10, b"KLST\x04\0\0\0abcd"),
        Little.block(0x7777, b"xx"),
        Little.block(0x8000_0001, &[]),
        Little.block(0x208, &[0; 64]),
        Little.packet(0),
    ]
    .concat();
    assert_eq!(numbers(&octets), [1, 2]);
}

#[test]
fn records_that_tshark_counts_take_a_number() {
    // tshark 4.0.17 over the same octets, `-T fields -e frame.number`: the packet after the block is number 3
    let event = [10_949_u32.to_le_bytes(), 1_u32.to_le_bytes(), [0; 4], [0; 4]].concat();
    let cases: [(u32, Vec<u8>); 8] = [
        (9, b"__REALTIME_TIMESTAMP=1\nMESSAGE=a\n".to_vec()),
        (0xbad, b"\xd9\x7e\0\0abcd".to_vec()),
        (0x4000_0bad, b"\xd9\x7e\0\0abcd".to_vec()),
        (0xbad, b"\x05\0\0\0".to_vec()),
        (0xbad, event.clone()),
        (0x204, vec![0; 34]),
        (0x216, vec![0; 38]),
        (0x221, vec![0; 42]),
    ];
    for (kind, body) in cases {
        let octets =
            [Little.pcapng(), Little.packet(0), Little.block(kind, &body), Little.packet(0)].concat();
        assert_eq!(numbers(&octets), [1, 3], "{kind:#x} {body:?}");
    }
    // this vendor's blocks that hold no event are not counted; tshark 4.0.17 stops at them without a word
    for kind in [0_u32, 2, 3, 5] {
        let body = [10_949_u32.to_le_bytes(), kind.to_le_bytes(), [0; 4], [0; 4]].concat();
        for block in [0xbad, 0x4000_0bad] {
            let octets =
                [Little.pcapng(), Little.packet(0), Little.block(block, &body), Little.packet(0)].concat();
            assert_eq!(numbers(&octets), [1, 2], "{kind}");
        }
    }
    // too short to say what they are: not counted (tshark 4.0.17 calls the file damaged)
    for body in [&[][..], &10_949_u32.to_le_bytes()] {
        let octets =
            [Little.pcapng(), Little.packet(0), Little.block(0xbad, body), Little.packet(0)].concat();
        assert_eq!(numbers(&octets), [1, 2]);
    }
    let octets = [Little.pcapng(), Little.packet(0), Little.block(0xbac, &event), Little.packet(0)].concat();
    assert_eq!(numbers(&octets), [1, 2]);
    // tshark 4.0.17 in the other byte order: the vendor's type stays little-endian
    let event = [10_949_u32.to_be_bytes().to_vec(), 1_u32.to_le_bytes().to_vec(), vec![0; 16]].concat();
    let octets = [Big.pcapng(), Big.packet(0), Big.block(0xbad, &event), Big.packet(0)].concat();
    assert_eq!(numbers(&octets), [1, 3]);
}

#[test]
fn trap_a_length_that_is_no_multiple_of_four() {
    // tshark 4.0.17 reads both: the length after the block rounded up, or not
    let body = [Little.words(&[0, 0, 0, 5, 5]), OCTETS.to_vec(), vec![0; 3]].concat();
    for trailing in [37, 40] {
        let odd = [Little.words(&[6, 37]), body.clone(), Little.words(&[trailing])].concat();
        let octets = [Little.pcapng(), odd.clone(), Little.packet(0)].concat();
        let mut trap = PcapNgReader::new(&*octets).unwrap();
        assert!(trap.next_raw_block().unwrap().is_ok());
        assert!(trap.next_raw_block().unwrap().is_err(), "no trap any more");
        let lens: Vec<_> = frames(&octets).iter().map(|frame| frame.octets.len()).collect();
        assert_eq!(lens, [5, 5]);
        // one that is passed over
        let odd = [Little.words(&[0x7777, 37]), body.clone(), Little.words(&[trailing])].concat();
        let octets = [Little.pcapng(), odd, Little.packet(0)].concat();
        assert_eq!(numbers(&octets), [1]);
    }
    let odd = [Little.words(&[6, 37]), body, Little.words(&[38])].concat();
    let octets = [Little.pcapng(), odd].concat();
    assert_eq!(damage(&octets, 0), (Damage::LengthsDiffer { leading: 37, trailing: 38 }, 48));
}

#[test]
fn the_length_of_a_section_is_not_needed() {
    for section_len in [0, 20, i64::MAX, i64::MIN] {
        let mut octets = [Little.pcapng(), Little.packet(0), Little.packet(0)].concat();
        octets[16..24].copy_from_slice(&section_len.to_le_bytes());
        assert_eq!(numbers(&octets), [1, 2]);
    }
}

#[test]
fn versions_of_a_section() {
    let with = |version| [Big.section_with(version, &[]), Big.interface(1, 0, &[]), Big.packet(0)].concat();
    assert_eq!(numbers(&with((1, 2))), [1]);
    let error = Capture::new(&*with((2, 0))).unwrap_err();
    assert!(
        matches!(
            error,
            CaptureError::Malformed { frame: 1, offset: 0, damage: Damage::Version { major: 2, minor: 0 } }
        ),
        "{error:?}"
    );
}

// hostile and broken

#[test]
fn blocks_too_short_for_their_type() {
    let cases = [
        (6, 32, BlockType::ENHANCED_PACKET),
        (3, 16, BlockType::SIMPLE_PACKET),
        (2, 32, BlockType::PACKET),
        (1, 20, BlockType::INTERFACE_DESCRIPTION),
        (0x7777, 12, BlockType(0x7777)),
    ];
    for (kind, min, name) in cases {
        for len in [0, 4, 8, 11, min - 1] {
            let block = [Little.words(&[kind, len]), vec![0; 40], Little.words(&[len])].concat();
            let octets = [Little.pcapng(), Little.packet(0), block].concat();
            let expected = Damage::BlockTooShort { kind: name, len, min };
            assert_eq!(damage(&octets, 1), (expected, 48 + 40), "{kind:#x} {len}");
        }
    }
    let short = Little.block(0x0a0d_0d0a, &[Little.words(&[0x1a2b_3c4d, 1]), vec![0; 4]].concat());
    let expected = Damage::BlockTooShort { kind: BlockType::SECTION_HEADER, len: 24, min: 28 };
    assert_eq!(damage(&[Little.pcapng(), short].concat(), 0), (expected, 48));
}

#[test]
fn lengths_of_four_gigabytes_are_errors() {
    for captured in [MAX_RECORD_LEN as u32 - 15, 0xffff_ffff] {
        let octets = [Little.pcap(), Little.words(&[1, 0, captured, captured]), vec![0; 100]].concat();
        assert_eq!(damage(&octets, 0).0, Damage::RecordTooLong { len: u64::from(captured) + 16 });
    }
    for (kind, start) in [(6, 48), (3, 48), (2, 48), (1, 48), (0x0a0d_0d0a, 48)] {
        for len in [MAX_RECORD_LEN as u32 + 1, 0xffff_fffc, 0xffff_ffff] {
            let mut block = [Little.words(&[kind, len]), vec![0; 100]].concat();
            if kind == 0x0a0d_0d0a {
                block[8..12].copy_from_slice(&Little.put32(0x1a2b_3c4d));
            }
            let octets = [Little.pcapng(), block].concat();
            let padded = (u64::from(len) + 3) & !3;
            assert_eq!(damage(&octets, 0), (Damage::RecordTooLong { len: padded }, start));
        }
    }
    // what is passed over is not held: it only ends too early
    for (len, needed) in [(0xffff_fffc, 0xffff_fffc), (0xffff_ffff_u32, 0x1_0000_0000_u64)] {
        let octets = [Little.pcapng(), Little.words(&[0x7777, len]), vec![0; 100]].concat();
        let (_, error) = read(&*octets);
        assert!(
            matches!(error, Some(CaptureError::Truncated { frame: 1, offset: 48, needed: n, available: 108 }) if n == needed),
            "{error:?}"
        );
    }
}

#[test]
fn packets_longer_than_their_block() {
    for captured in [9, 0xffff_ffff] {
        let octets = [Little.pcapng(), Little.enhanced(0, 0, captured, 5, &OCTETS)].concat();
        assert_eq!(damage(&octets, 0), (Damage::PacketTooLong { captured, available: 8 }, 48));
        let octets = [Little.pcapng(), Little.simple(captured, &OCTETS)].concat();
        assert_eq!(damage(&octets, 0), (Damage::PacketTooLong { captured, available: 8 }, 48));
        let mut octets = [Little.pcapng(), Little.obsolete(0, 0, 5, &OCTETS)].concat();
        octets[48 + 20..48 + 24].copy_from_slice(&Little.put32(captured));
        assert_eq!(damage(&octets, 0), (Damage::PacketTooLong { captured, available: 8 }, 48));
    }
}

#[test]
fn interfaces_that_do_not_exist() {
    for interface in [1, 0xffff_ffff] {
        let octets = [Little.pcapng(), Little.packet(0), Little.packet(interface)].concat();
        assert_eq!(damage(&octets, 1).0, Damage::UnknownInterface { interface, count: 1 });
    }
    let octets = [Little.pcapng(), Little.obsolete(7, 0, 5, &OCTETS)].concat();
    assert_eq!(damage(&octets, 0).0, Damage::UnknownInterface { interface: 7, count: 1 });
}

#[test]
fn a_section_of_too_many_interfaces() {
    let mut octets = Little.section();
    for _ in 0..MAX_INTERFACE_COUNT {
        octets.extend(Little.interface(1, 0, &[]));
    }
    let last = u32::try_from(MAX_INTERFACE_COUNT - 1).unwrap();
    let enough = [octets.clone(), Little.packet(last)].concat();
    assert_eq!(numbers(&enough), [1]);
    let too_many = [octets, Little.interface(1, 0, &[]), Little.packet(0)].concat();
    assert_eq!(damage(&too_many, 0).0, Damage::TooManyInterfaces);
}

#[test]
fn lengths_around_a_block_that_differ() {
    for (kind, body) in [(6_u32, Little.words(&[0, 0, 0, 0, 0])), (0x7777, vec![1, 2, 3, 4])] {
        let mut block = Little.block(kind, &body);
        let leading = u32::try_from(block.len()).unwrap();
        let end = block.len() - 4;
        block[end..].copy_from_slice(&Little.put32(99));
        let octets = [Little.pcapng(), Little.packet(0), block, Little.packet(0)].concat();
        assert_eq!(damage(&octets, 1), (Damage::LengthsDiffer { leading, trailing: 99 }, 88));
    }
}

#[test]
fn a_section_without_a_byte_order() {
    let mut broken = Little.section();
    broken[8..12].copy_from_slice(&[0x11; 4]);
    let (frames, error) = read(&*broken);
    assert!(
        frames.is_empty() && matches!(error, Some(CaptureError::NotACapture { len: 4, .. })),
        "{error:?}"
    );
    let octets = [Little.pcapng(), Little.packet(0), broken].concat();
    assert_eq!(damage(&octets, 1), (Damage::ByteOrder { magic: 0x1111_1111 }, 88));
}

#[test]
fn trap_records_above_eight_megabytes() {
    let large = vec![0x5a; 9_000_000];
    let len = u32::try_from(large.len()).unwrap();
    let octets = [Little.pcap(), Little.record(1, 0, len, &large), Little.record(1, 0, 5, &OCTETS)].concat();
    assert!(PcapReader::new(&*octets).unwrap().next_raw_packet().unwrap().is_err(), "no trap any more");
    let lens: Vec<_> = frames(&octets).iter().map(|frame| frame.octets.len()).collect();
    assert_eq!(lens, [large.len(), 5]);
    let octets = [
        Little.pcapng(),
        Little.block(0x7777, &large),
        Little.enhanced(0, 0, len, len, &large),
        Little.packet(0),
    ]
    .concat();
    let mut trap = PcapNgReader::new(&*octets).unwrap();
    assert!(trap.next_raw_block().unwrap().is_ok());
    assert!(trap.next_raw_block().unwrap().is_err(), "no trap any more");
    let frames = frames(&octets);
    assert!(frames[0].octets == large && frames[1].octets == OCTETS);
}

#[test]
fn what_is_no_capture() {
    let (_, error) = read(&[][..]);
    assert_eq!(error.unwrap().to_string(), "not a capture: neither pcap nor pcapng, it is empty");
    let (_, error) = read(&b"\x7fELF\x02\x01\x01"[..]);
    assert_eq!(error.unwrap().to_string(), "not a capture: neither pcap nor pcapng, it begins with 7f454c46");
    let (_, error) = read(&b"ab"[..]);
    assert_eq!(error.unwrap().to_string(), "not a capture: neither pcap nor pcapng, it begins with 6162");
    let (_, error) = read(&*gzip(b"hello", 6));
    assert!(matches!(error, Some(CaptureError::NotACapture { start: [b'h', b'e', b'l', b'l'], len: 4 })));
    let (_, error) = read(&*gzip(b"", 6));
    assert!(matches!(error, Some(CaptureError::NotACapture { len: 0, .. })));
    let (_, error) = read(&b"\x1f\x8bnot gzip at all"[..]);
    assert!(matches!(error, Some(CaptureError::Gzip { frame: 1, offset: 0, .. })), "{error:?}");
}

#[test]
fn errors_name_frame_and_offset() {
    let octets = [Little.pcap(), Little.record(1, 0, 5, &OCTETS), Little.record(1, 0, 5, &OCTETS)].concat();
    let (_, error) = read(&octets[..octets.len() - 2]);
    assert_eq!(
        error.unwrap().to_string(),
        "the capture is cut short at frame 2: its record at offset 45 needs 21 octets, 19 available"
    );
    let octets = [Little.pcapng(), Little.packet(3)].concat();
    let (_, error) = read(&*octets);
    assert_eq!(
        error.unwrap().to_string(),
        "the capture is damaged at frame 1, offset 48: a packet of interface 3 in a section with 1 so far"
    );
    let octets = [Little.pcapng(), Little.words(&[6, 12, 12])].concat();
    let (_, error) = read(&*octets);
    assert_eq!(
        error.unwrap().to_string(),
        "the capture is damaged at frame 1, offset 48: a block of 12 octets: Enhanced Packet Block has 32 at least"
    );
}

#[test]
fn a_reader_that_fails() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("the cable is out"));
            }
            self.0.read(buffer)
        }
    }
    let octets = [Little.pcap(), Little.record(1, 0, 5, &OCTETS), Little.record(1, 0, 5, &OCTETS)].concat();
    let (frames, error) = read(Failing(&octets[..octets.len() - 2]));
    assert_eq!(frames.len(), 1);
    assert!(matches!(error, Some(CaptureError::Io { frame: 2, offset: 45, .. })), "{error:?}");
    assert_eq!(error.unwrap().to_string(), "cannot read frame 2 at offset 45: the cable is out");
    let packed = gzip(&octets, 0);
    let (_, error) = read(Failing(&packed[..packed.len() - 2]));
    assert!(matches!(error, Some(CaptureError::Io { .. })), "{error:?}");
    let error = Capture::new(Failing(&[])).unwrap_err();
    assert!(matches!(error, CaptureError::Io { frame: 1, offset: 0, .. }));
}

// gzip

#[test]
fn gzip_of_one_and_of_several_members() {
    let octets = several_sections().0;
    let expected = frames(&octets);
    for level in [0, 1, 6, 9] {
        let packed = gzip(&octets, level);
        let capture = Capture::new(&*packed).unwrap();
        assert!(capture.is_gzip() && capture.format() == Format::PcapNg);
        assert_eq!(frames(&packed), expected);
        for middle in [1, 3, 24, 77, octets.len() - 1] {
            let members = [gzip(&octets[..middle], level), gzip(&octets[middle..], level)].concat();
            assert_eq!(frames(&members), expected, "level {level}, split at {middle}");
        }
    }
    assert!(!Capture::new(&*octets).unwrap().is_gzip());
}

#[test]
fn gzip_with_a_wrong_checksum() {
    let octets = several_sections().0;
    let mut packed = gzip(&octets, 6);
    let place = packed.len() - 8;
    packed[place] ^= 1;
    let (frames, error) = read(&*packed);
    assert_eq!(frames.len(), 6);
    assert!(matches!(error, Some(CaptureError::Gzip { frame: 10, .. })), "{error:?}");
}

#[test]
fn gzip_with_something_after_it() {
    let packed = [gzip(&several_sections().0, 6), b"and so on, for a while".to_vec()].concat();
    let (frames, error) = read(&*packed);
    assert_eq!(frames.len(), 6);
    assert!(matches!(error, Some(CaptureError::Gzip { .. })), "{error:?}");
}

// cuts

/// A capture, where each of its records ends, and which of them are frames.
type Marked = (Vec<u8>, Vec<(usize, bool)>);

fn marked(records: Vec<(Vec<u8>, bool)>) -> Marked {
    let (mut octets, mut ends) = (Vec::new(), Vec::new());
    for (record, is_frame) in records {
        octets.extend(record);
        ends.push((octets.len(), is_frame));
    }
    (octets, ends)
}

fn several_sections() -> Marked {
    marked(vec![
        (Little.section_with((1, 0), &Little.option(4, b"a test")), false),
        (Little.interface(1, 0, &Little.option(9, &[9])), false),
        (Little.packet(0), true),
        (Little.block(5, &[0; 20]), false),
        (Little.simple(5, &OCTETS), true),
        (Little.obsolete(0, 77, 60, &OCTETS), true),
        (Little.block(9, b"MESSAGE=counted, and no packet\n"), false),
        (Big.section(), false),
        (Big.interface(101, 3, &[]), false),
        (Big.simple(60, &OCTETS[..3]), true),
        (Big.block(0xbad, &[0; 33]), false),
        (Big.block(0xbad, &[0, 0, 0x2a, 0xc5, 1, 0, 0, 0, 0, 0, 0, 0]), false),
        (Big.packet(0), true),
        (Big.enhanced(0, 5, 0, 0, &[]), true),
        (Big.block(0x7777, &[]), false),
    ])
}

fn several_packets() -> Marked {
    marked(vec![
        (Little.pcap(), false),
        (Little.record(1, 0, 5, &OCTETS), true),
        (Little.record(1, 0, 0, &[]), true),
        (Little.record(1, 0, 60, &OCTETS[..3]), true),
    ])
}

#[test]
fn a_cut_anywhere_leaves_the_whole_frames_before_it() {
    let mut cut_count = 0;
    for (octets, ends) in [several_sections(), several_packets()] {
        let whole = frames(&octets);
        for cut in 0..=octets.len() {
            let frame_count = ends.iter().filter(|(end, is_frame)| *is_frame && *end <= cut).count();
            let start = ends.iter().map(|(end, _)| *end).filter(|end| *end <= cut).max().unwrap_or(0);
            for piece_len in [1, 7, usize::MAX] {
                let (frames, error) = read(Pieces::new(&octets[..cut], piece_len));
                assert_eq!(frames, whole[..frame_count], "cut at {cut}");
                match error {
                    None => assert!(start == cut && cut > 0, "cut at {cut}"),
                    Some(CaptureError::NotACapture { .. }) => assert_eq!(cut, 0),
                    Some(CaptureError::Truncated { frame, offset, needed, available }) => {
                        assert_eq!((offset, available), (start as u64, (cut - start) as u64), "cut at {cut}");
                        assert!(available > 0 && needed > available, "cut at {cut}");
                        assert!(frame > frames.last().map_or(0, |frame| frame.number), "cut at {cut}");
                    }
                    Some(error) => panic!("cut at {cut}: {error:?}"),
                }
            }
            cut_count += 1;
        }
    }
    assert!(cut_count > 500, "{cut_count}");
}

#[test]
fn gzip_cut_anywhere_leaves_the_whole_frames_before_it() {
    for (octets, ends) in [several_sections(), several_packets()] {
        let whole = frames(&octets);
        // stored, not compressed: ten octets of member header, five of block header, then the capture
        let packed = gzip(&octets, 0);
        assert_eq!(packed[15..15 + octets.len()], octets);
        for cut in 1..packed.len() {
            let unpacked = cut.saturating_sub(15).min(octets.len());
            let frame_count = ends.iter().filter(|(end, is_frame)| *is_frame && *end <= unpacked).count();
            let (frames, error) = read(&packed[..cut]);
            assert_eq!(frames, whole[..frame_count], "cut at {cut}");
            assert!(matches!(error, Some(CaptureError::Truncated { .. })), "cut at {cut}: {error:?}");
        }
        let packed = gzip(&octets, 9);
        let mut frame_count = 0;
        for cut in 1..packed.len() {
            let (frames, error) = read(&packed[..cut]);
            assert_eq!(frames, whole[..frames.len()], "cut at {cut}");
            assert!(frames.len() >= frame_count, "cut at {cut}");
            frame_count = frames.len();
            assert!(matches!(error, Some(CaptureError::Truncated { .. })), "cut at {cut}: {error:?}");
        }
        assert_eq!(frame_count, whole.len());
    }
}

// properties

/// Packets as pcap-file's writers take them: nanoseconds, octets, how many more were on the wire.
fn packets() -> impl Strategy<Value = Vec<(u64, Vec<u8>, u32)>> {
    let packet = (0..4_000_000_000_000_000_000_u64, prop::collection::vec(any::<u8>(), 0..300), 0..1000_u32);
    prop::collection::vec(packet, 0..20)
}

proptest! {
    #[test]
    fn any_octets_are_read_to_an_end(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        reading_is_total(&octets);
    }

    #[test]
    fn any_octets_after_a_header_are_read_to_an_end(
        kind in 0..4_usize,
        octets in prop::collection::vec(any::<u8>(), 0..300),
        piece_len in 1..50_usize,
    ) {
        let header = [Little.pcap(), Big.pcap(), Little.pcapng(), Big.pcapng()][kind].clone();
        let octets = [header, octets].concat();
        reading_is_total(&octets);
        pieces_make_no_difference(&octets, piece_len);
    }

    #[test]
    fn changed_captures_are_read_to_an_end(
        is_pcap: bool,
        is_packed: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut: prop::sample::Index,
        piece_len in 1..50_usize,
    ) {
        let (mut octets, _) = if is_pcap { several_packets() } else { several_sections() };
        if is_packed {
            octets = gzip(&octets, 6);
        }
        for (place, octet) in changes {
            let place = place.index(octets.len());
            octets[place] = octet;
        }
        reading_is_total(&octets);
        pieces_make_no_difference(&octets, piece_len);
        a_cut_leaves_what_is_before_it(&octets, cut.index(octets.len()));
    }

    #[test]
    fn what_pcap_file_writes_is_read(packets in packets(), is_big: bool, is_nano: bool, link in 0..300_u32) {
        let header = PcapHeader {
            datalink: DataLink::from(link),
            endianness: if is_big { Endianness::Big } else { Endianness::Little },
            ts_resolution: if is_nano { TsResolution::NanoSecond } else { TsResolution::MicroSecond },
            ..PcapHeader::default()
        };
        let mut writer = PcapWriter::with_header(Vec::new(), header).unwrap();
        let mut expected = Vec::new();
        for (time, octets, more) in &packets {
            let time = if is_nano { *time } else { time / 1000 * 1000 };
            let len = octets.len() as u32 + more;
            writer.write_packet(&PcapPacket::new(Duration::from_nanos(time), len, octets)).unwrap();
            expected.push(Kept {
                number: expected.len() as u64 + 1,
                time: Some(Timestamp(time.into())),
                link: LinkType(link),
                len: len as usize,
                octets: octets.clone(),
            });
        }
        prop_assert_eq!(frames(&writer.into_writer()), expected);
    }

    #[test]
    fn what_pcap_file_writes_of_pcapng_is_read(packets in packets(), is_big: bool, link in 0..300_u32) {
        let endianness = if is_big { Endianness::Big } else { Endianness::Little };
        let mut writer = PcapNgWriter::with_endianness(Vec::new(), endianness).unwrap();
        let interface = InterfaceDescriptionBlock { linktype: DataLink::from(link), snaplen: 0, options: vec![] };
        writer.write_pcapng_block(interface).unwrap();
        let mut expected = Vec::new();
        for (time, octets, more) in &packets {
            let len = octets.len() as u32 + more;
            let block = EnhancedPacketBlock {
                interface_id: 0,
                timestamp: Duration::from_nanos(*time), // the writer puts nanoseconds where a reader sees microseconds
                original_len: len,
                data: Cow::Borrowed(octets),
                options: vec![],
            };
            writer.write_pcapng_block(block).unwrap();
            expected.push(Kept {
                number: expected.len() as u64 + 1,
                time: Some(Timestamp(i128::from(*time) * 1000)),
                link: LinkType(link),
                len: len as usize,
                octets: octets.clone(),
            });
        }
        prop_assert_eq!(frames(&writer.into_inner()), expected);
    }
}
