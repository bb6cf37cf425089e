//! Captures that the writer wrote are read back by this crate's reader and by `pcap-file`.

use super::*;
use crate::{Frame, WriteError, Writer};

const FRAME: Frame<'static> = Frame {
    number: 7,
    time: Some(Timestamp(1_600_000_000_123_456_789)),
    time_digits: 9,
    link: LinkType::ETHERNET,
    len: 60,
    octets: &OCTETS,
};

/// Writes these frames in both formats. No frame is refused.
fn written(frames: &[Frame<'_>]) -> [Vec<u8>; 2] {
    [Writer::pcap(Vec::new(), LinkType::ETHERNET).unwrap(), Writer::pcapng(Vec::new()).unwrap()].map(
        |mut writer| {
            frames.iter().for_each(|frame| writer.write(frame).unwrap());
            writer.finish().unwrap()
        },
    )
}

#[test]
fn frames_come_back_with_nanoseconds_and_lengths() {
    let cut = FRAME;
    let whole = Frame { time: Some(Timestamp(0)), len: 5, ..FRAME };
    // Some writers produce such a frame, and the reader accepts it.
    let longer = Frame { time: Some(Timestamp(0xffff_ffff * SECOND + 999_999_999)), len: 2, ..FRAME };
    let empty = Frame { len: 0, octets: &[], ..FRAME };
    for (octets, format) in written(&[cut, whole, longer, empty]).iter().zip([Format::Pcap, Format::PcapNg]) {
        let mut capture = Capture::new(&**octets).unwrap();
        assert_eq!(capture.format(), format);
        for (number, expected) in (1..).zip([cut, whole, longer, empty]) {
            assert_eq!(capture.next_frame().unwrap().unwrap(), Frame { number, ..expected });
        }
        assert!(capture.next_frame().is_none());
    }
}

#[test]
fn pcap_file_reads_what_is_written() {
    let [pcap, pcapng] = written(&[FRAME]);
    let mut reader = PcapReader::new(&*pcap).unwrap();
    assert_eq!(reader.header().ts_resolution, TsResolution::NanoSecond);
    let packet = reader.next_packet().unwrap().unwrap();
    assert_eq!((packet.timestamp.as_nanos(), packet.orig_len), (1_600_000_000_123_456_789, 60));
    assert_eq!(*packet.data, OCTETS);
    let mut reader = PcapNgReader::new(&*pcapng).unwrap();
    let block = reader.next_block().unwrap().unwrap();
    assert_eq!(block.into_interface_description().unwrap().linktype, DataLink::ETHERNET);
    let block = reader.next_block().unwrap().unwrap().into_enhanced_packet().unwrap();
    assert_eq!((block.interface_id, block.original_len, &*block.data), (0, 60, &OCTETS[..]));
}

#[test]
fn each_link_type_of_pcapng_has_one_interface() {
    let links = [LinkType::ETHERNET, LinkType::RAW, LinkType::ETHERNET, LinkType(65_535), LinkType::RAW];
    let mut writer = Writer::pcapng(Vec::new()).unwrap();
    links.iter().for_each(|link| writer.write(&Frame { link: *link, ..FRAME }).unwrap());
    let octets = writer.finish().unwrap();
    let read: Vec<_> = frames(&octets).iter().map(|frame| frame.link).collect();
    assert_eq!(read, links);
    let interface_len = 20 + 8 + 4; // the block, its resolution option, and the end of its options
    assert_eq!(octets.len(), 28 + 3 * interface_len + 5 * (32 + 8));
}

#[test]
fn what_a_format_cannot_say_is_refused_and_nothing_is_written_of_it() {
    let no_time = Frame { time: None, ..FRAME };
    let before = Frame { time: Some(Timestamp(-1)), ..FRAME };
    let after_2106 = Frame { time: Some(Timestamp(0x1_0000_0000 * SECOND)), ..FRAME };
    let after_2554 = Frame { time: Some(Timestamp(i128::from(u64::MAX) + 1)), ..FRAME };
    let other_link = Frame { link: LinkType::RAW, ..FRAME };
    let no_link = Frame { link: LinkType(65_536), ..FRAME };
    let long = vec![0; MAX_RECORD_LEN];
    let too_long = Frame { octets: &long, ..FRAME };
    let mut pcap = Writer::pcap(Vec::new(), LinkType::ETHERNET).unwrap();
    let mut pcapng = Writer::pcapng(Vec::new()).unwrap();
    for writer in [&mut pcap, &mut pcapng] {
        let format = writer.format();
        let mut refused = |frame| writer.write(frame).unwrap_err();
        assert!(matches!(refused(&no_time), WriteError::NoTime { number: 7 }));
        assert!(matches!(refused(&before), WriteError::Time { time: Timestamp(-1), .. }));
        assert!(matches!(refused(&after_2554), WriteError::Time { number: 7, .. }));
        assert!(matches!(refused(&too_long), WriteError::TooLong { captured: MAX_RECORD_LEN, len: 60, .. }));
        match format {
            Format::Pcap => {
                assert!(matches!(refused(&after_2106), WriteError::Time { format: Format::Pcap, .. }));
                assert!(matches!(
                    refused(&other_link),
                    WriteError::LinkType { expected: LinkType::ETHERNET, .. }
                ));
            }
            Format::PcapNg => assert!(matches!(refused(&no_link), WriteError::LinkTypeNumber(_))),
        }
    }
    pcapng.write(&after_2106).unwrap();
    assert_eq!(pcap.finish().unwrap().len(), 24);
    assert_eq!(numbers(&pcapng.finish().unwrap()), [1]);
    assert!(matches!(Writer::pcap(Vec::new(), LinkType(65_536)), Err(WriteError::LinkTypeNumber(_))));
}

#[test]
fn the_longest_frame_that_is_written_is_read_back() {
    let octets = vec![0x5a; MAX_RECORD_LEN - 35];
    for octets in written(&[Frame { octets: &octets, len: octets.len(), ..FRAME }]) {
        assert_eq!(numbers(&octets), [1]);
    }
}

#[test]
fn an_output_that_fails_is_an_error() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(octets.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(octets.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            if self.0 == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
    }
    assert!(matches!(Writer::pcap(Full(23), LinkType::RAW), Err(WriteError::Io(_))));
    let mut writer = Writer::pcap(Full(44), LinkType::ETHERNET).unwrap();
    assert!(matches!(writer.write(&FRAME), Err(WriteError::Io(_))));
    let mut writer = Writer::pcap(Full(45), LinkType::ETHERNET).unwrap();
    writer.write(&FRAME).unwrap();
    assert!(matches!(writer.finish(), Err(WriteError::Io(_))));
}

#[test]
fn no_debug_shows_octets() {
    let frame = Frame { octets: b"passw0rd", ..FRAME };
    let shown = format!("{frame:?} {:?}", Writer::pcapng(b"passw0rd".to_vec()).unwrap());
    assert!(
        shown.contains("captured_len: 8") && !shown.contains("112") && !shown.contains("passw"),
        "{shown}"
    );
}
