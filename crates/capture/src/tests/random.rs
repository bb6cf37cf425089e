//! The properties hold for random octets, and for captures that `pcap-file` writes.

use super::*;

/// Packets as pcap-file's writers take them: nanoseconds, octets, and the number of octets that were not captured.
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
        what_is_written_is_read_back(&octets);
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
        what_is_written_is_read_back(&octets);
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
                // The writer puts nanoseconds into a field that a reader takes for microseconds.
                timestamp: Duration::from_nanos(*time),
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
