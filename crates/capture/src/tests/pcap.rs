//! Tests of pcap: headers, resolutions, lengths.

use super::*;

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
        Little.record(1, 0, 1500, &OCTETS[..4]), // the usual cut packet: it was longer on the wire
        Little.record(1, 0, 5, &OCTETS),         // a packet longer than the snap length: tshark reads it too
    ]
    .concat();
    assert!(
        matches!(PcapReader::new(&*octets).unwrap().next_packet(), Some(Err(_))),
        "pcap-file no longer has this trap"
    );
    let lens: Vec<_> = frames(&octets).iter().map(|frame| (frame.len, frame.octets.len())).collect();
    assert_eq!(lens, [(1500, 4), (5, 5)]);
}

#[test]
fn trap_an_error_for_ever() {
    let mut octets = [Little.pcap(), Little.record(1, 0, 5, &OCTETS)].concat();
    octets.truncate(octets.len() - 1);
    let mut trap = PcapReader::new(&*octets).unwrap();
    assert!(
        (0..100).all(|_| matches!(trap.next_raw_packet(), Some(Err(_)))),
        "pcap-file no longer has this trap"
    );
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
    assert!(
        trap.next_packet().unwrap().is_ok() && trap.next_packet().unwrap().is_err(),
        "pcap-file no longer has this trap"
    );
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
fn the_numbers_of_link_types_are_those_of_the_registry() {
    // pcap-file has the list too.
    for (ours, theirs) in [
        (LinkType::PPP, DataLink::PPP),
        (LinkType::PPP_HDLC, DataLink::PPP_HDLC),
        (LinkType::PPP_ETHER, DataLink::PPP_ETHER),
        (LinkType::C_HDLC, DataLink::C_HDLC),
        (LinkType::IEEE802_11, DataLink::IEEE802_11),
        (LinkType::FRELAY, DataLink::FRELAY),
        (LinkType::ENC, DataLink::ENC),
        (LinkType::PFLOG, DataLink::PFLOG),
        (LinkType::IEEE802_11_RADIOTAP, DataLink::IEEE802_11_RADIOTAP),
        (LinkType::PPP_WITH_DIR, DataLink::PPP_WITH_DIR),
        (LinkType::NFLOG, DataLink::NFLOG),
        (LinkType::SCTP, DataLink::SCTP),
        (LinkType::PKTAP, DataLink::PKTAP),
        (LinkType::LINUX_SLL2, DataLink::LINUX_SLL2),
    ] {
        assert_eq!(ours.0, u32::from(theirs), "{ours}");
        assert!(ours.name().is_some());
    }
    for number in [239, 109, 9, 50, 104] {
        assert!(LinkType(number).name().is_some(), "{number} had no name");
    }
    assert_eq!(LinkType(239).to_string(), "NFLOG");
}

#[test]
fn lengths_the_other_way_round_before_version_2_4() {
    // tshark 4.0.17 also reads these as packets of 60 octets that are cut to 5.
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
    // tshark 4.0.17 shows frame.len 2 and frame.cap_len 5 for both.
    let octets = [Little.pcap(), Little.record(1, 0, 2, &OCTETS)].concat();
    assert_eq!((frames(&octets)[0].len, frames(&octets)[0].octets.len()), (2, 5));
    let octets = [Little.pcapng(), Little.enhanced(0, 0, 5, 2, &OCTETS)].concat();
    assert_eq!((frames(&octets)[0].len, frames(&octets)[0].octets.len()), (2, 5));
}

#[test]
fn the_modified_pcap_has_longer_headers_of_packets() {
    for order in [Big, Little] {
        let record = |seconds| {
            // After the usual words: the interface, then the protocol, the type of the packet and an unused octet.
            let header = order.words(&[seconds, 7, 5, 60, 2, 0x0800_0000]);
            [header, OCTETS.to_vec()].concat()
        };
        let file = order.file_header(0xa1b2_cd34, (2, 4), 65_535, 1);
        let octets = [file, record(1), record(2)].concat();
        let frames = frames(&octets);
        assert_eq!(frames.len(), 2, "{order:?}");
        for (frame, seconds) in frames.iter().zip(1..) {
            assert_eq!((frame.len, &*frame.octets), (60, &OCTETS[..]), "{order:?}");
            assert_eq!(frame.time, Some(Timestamp(seconds * 1_000_000_000 + 7000)), "{order:?}");
        }
        let mut capture = Capture::new(&octets[..octets.len() - 1]).unwrap();
        assert!(capture.next_frame().unwrap().is_ok());
        let error = capture.next_frame().unwrap().unwrap_err();
        assert!(matches!(error, CaptureError::Truncated { frame: 2, needed: 29, .. }), "{error:?}");
    }
}

#[test]
fn what_is_not_read_is_named() {
    for (octets, name) in [
        (&b"snoop\0\0\0\0\0\0\x02"[..], "the snoop format"),
        (b"GMBU", "the format of Microsoft Network Monitor"),
        (b"\x28\xb5\x2f\xfd....", "a file that is compressed with zstd"),
        (b"\xfd7zXZ\0", "a file that is compressed with xz"),
        (b"BZh91AY", "a file that is compressed with bzip2"),
    ] {
        let error = Capture::new(octets).unwrap_err();
        assert!(matches!(error, CaptureError::Unsupported { .. }), "{error:?}");
        assert!(error.to_string().starts_with(&format!("{name} is not supported: convert it")), "{error}");
    }
}
