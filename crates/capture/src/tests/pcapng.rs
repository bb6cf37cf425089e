//! Tests of pcapng: sections, interfaces, blocks.

use super::*;

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
    assert_eq!(stamps[..3], [Duration::from_nanos(2048); 3], "pcap-file no longer has this trap");
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
    // Each case is the odd option, its octets, whether pcap-file refuses it, and whether the resolution after it
    // still counts.
    let cases: [(&str, Vec<u8>, bool, bool); 10] = [
        ("a time zone of four octets, as it should be", order.option(10, &[0, 0, 0x0e, 0x10]), true, true),
        ("a name that is not text", order.option(2, &[0xff, 0xfe]), true, true),
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
    // These options have no end option, and the end of the block cuts off their padding.
    let octets =
        [order.section(), order.interface(1, 0, &nanoseconds), order.enhanced(0, 5, 5, 5, &OCTETS)].concat();
    assert!(
        PcapNgReader::new(&*octets).unwrap().next_raw_block().unwrap().is_err(),
        "pcap-file no longer has this trap"
    );
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
    assert!(PcapNgReader::new(&*octets).is_err(), "pcap-file no longer has this trap");
    assert_eq!(numbers(&octets), [1]);
}

#[test]
fn the_first_option_of_a_kind_counts() {
    // tshark 4.0.17 uses the first one too.
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
    // A snap length of zero sets no limit.
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
    // The blocks hold interface statistics, name resolution and secrets, or have an unknown type, with and without
    // a body, or a type for local use.
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
    // For the same octets, tshark 4.0.17 with `-T fields -e frame.number` gives number 3 to the packet after the
    // block.
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
    // Blocks of this vendor that hold no event are not counted; tshark 4.0.17 silently stops at them.
    for kind in [0_u32, 2, 3, 5] {
        let body = [10_949_u32.to_le_bytes(), kind.to_le_bytes(), [0; 4], [0; 4]].concat();
        for block in [0xbad, 0x4000_0bad] {
            let octets =
                [Little.pcapng(), Little.packet(0), Little.block(block, &body), Little.packet(0)].concat();
            assert_eq!(numbers(&octets), [1, 2], "{kind}");
        }
    }
    // A block that is too short to name its vendor is not counted; tshark 4.0.17 calls the file damaged.
    for body in [&[][..], &10_949_u32.to_le_bytes()] {
        let octets =
            [Little.pcapng(), Little.packet(0), Little.block(0xbad, body), Little.packet(0)].concat();
        assert_eq!(numbers(&octets), [1, 2]);
    }
    let octets = [Little.pcapng(), Little.packet(0), Little.block(0xbac, &event), Little.packet(0)].concat();
    assert_eq!(numbers(&octets), [1, 2]);
    // tshark 4.0.17 agrees for the other byte order: the vendor's type stays little-endian.
    let event = [10_949_u32.to_be_bytes().to_vec(), 1_u32.to_le_bytes().to_vec(), vec![0; 16]].concat();
    let octets = [Big.pcapng(), Big.packet(0), Big.block(0xbad, &event), Big.packet(0)].concat();
    assert_eq!(numbers(&octets), [1, 3]);
}

#[test]
fn trap_a_length_that_is_no_multiple_of_four() {
    // tshark 4.0.17 reads both forms: the length at the end of the block is rounded up, or it is not.
    let body = [Little.words(&[0, 0, 0, 5, 5]), OCTETS.to_vec(), vec![0; 3]].concat();
    for trailing in [37, 40] {
        let odd = [Little.words(&[6, 37]), body.clone(), Little.words(&[trailing])].concat();
        let octets = [Little.pcapng(), odd.clone(), Little.packet(0)].concat();
        let mut trap = PcapNgReader::new(&*octets).unwrap();
        assert!(trap.next_raw_block().unwrap().is_ok());
        assert!(trap.next_raw_block().unwrap().is_err(), "pcap-file no longer has this trap");
        let lens: Vec<_> = frames(&octets).iter().map(|frame| frame.octets.len()).collect();
        assert_eq!(lens, [5, 5]);
        // The same for a block that is skipped.
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
