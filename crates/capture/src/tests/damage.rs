//! Captures that are damaged, files that are not captures, and the errors about them.

use super::*;

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
    // A skipped block is not held in memory, so a great length is only an early end.
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
        frames.is_empty() && matches!(error, Some(CaptureError::NotACapture { is_empty: false })),
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
    assert!(
        PcapReader::new(&*octets).unwrap().next_raw_packet().unwrap().is_err(),
        "pcap-file no longer has this trap"
    );
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
    assert!(trap.next_raw_block().unwrap().is_err(), "pcap-file no longer has this trap");
    let frames = frames(&octets);
    assert!(frames[0].octets == large && frames[1].octets == OCTETS);
}

#[test]
fn what_is_not_a_capture_is_refused_without_a_word_of_it() {
    let (_, error) = read(&[][..]);
    assert_eq!(
        error.unwrap().to_string(),
        "this is not a pcap or pcapng file, plain or in gzip: it is empty"
    );
    for octets in [&b"zqxj-secret"[..], b"zq", b"\x7fELF\x02\x01\x01"] {
        let error = read(octets).1.unwrap();
        assert_eq!(
            error.to_string(),
            "this is not a pcap or pcapng file, plain or in gzip: its first octets are not those of such a file"
        );
        // The octets are shown neither as text, nor in hexadecimal, nor as numbers.
        let shown = format!("{error} {error:?}");
        assert!(
            !["zq", "7a71", "122", "ELF", "7f45", "127"].iter().any(|part| shown.contains(part)),
            "{shown}"
        );
    }
    let (_, error) = read(&*gzip(b"hello", 6));
    assert!(matches!(error, Some(CaptureError::NotACapture { is_empty: false })));
    let (_, error) = read(&*gzip(b"", 6));
    assert!(matches!(error, Some(CaptureError::NotACapture { is_empty: true })));
    let (_, error) = read(&b"\x1f\x8bnot gzip at all"[..]);
    assert!(matches!(error, Some(CaptureError::Gzip { frame: 1, offset: 0, .. })), "{error:?}");
}

#[test]
fn errors_name_frame_and_offset() {
    let octets = [Little.pcap(), Little.record(1, 0, 5, &OCTETS), Little.record(1, 0, 5, &OCTETS)].concat();
    let (_, error) = read(&octets[..octets.len() - 2]);
    assert_eq!(
        error.unwrap().to_string(),
        "the capture is cut short at frame 2: its record at offset 45 needs 21 octets, but only 19 are there"
    );
    let octets = [Little.pcapng(), Little.packet(3)].concat();
    let (_, error) = read(&*octets);
    assert_eq!(
        error.unwrap().to_string(),
        "the capture is damaged at frame 1, offset 48: the packet names interface 3, but its section has described only 1 so far"
    );
    let octets = [Little.pcapng(), Little.words(&[6, 12, 12])].concat();
    let (_, error) = read(&*octets);
    assert_eq!(
        error.unwrap().to_string(),
        "the capture is damaged at frame 1, offset 48: the block has 12 octets, but Enhanced Packet Block has at least 32"
    );
}

#[test]
fn a_reader_that_fails() {
    struct Failing<'a>(&'a [u8]);
    impl Read for Failing<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("the cable is unplugged"));
            }
            self.0.read(buffer)
        }
    }
    let octets = [Little.pcap(), Little.record(1, 0, 5, &OCTETS), Little.record(1, 0, 5, &OCTETS)].concat();
    let (frames, error) = read(Failing(&octets[..octets.len() - 2]));
    assert_eq!(frames.len(), 1);
    assert!(matches!(error, Some(CaptureError::Io { frame: 2, offset: 45, .. })), "{error:?}");
    assert_eq!(error.unwrap().to_string(), "cannot read frame 2 at offset 45: the cable is unplugged");
    let packed = gzip(&octets, 0);
    let (_, error) = read(Failing(&packed[..packed.len() - 2]));
    assert!(matches!(error, Some(CaptureError::Io { .. })), "{error:?}");
    let error = Capture::new(Failing(&[])).unwrap_err();
    assert!(matches!(error, CaptureError::Io { frame: 1, offset: 0, .. }));
}
