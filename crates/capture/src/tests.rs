//! Tests that write small captures octet by octet and read them.
//!
//! Where tshark was asked, the comments say what tshark 4.0.17 makes of the same octets.
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

use crate::order::Order::{self, Big, Little};
use crate::properties::{
    Kept, Pieces, a_cut_leaves_what_is_before_it, pieces_make_no_difference, read, reading_is_total,
    what_is_written_is_read_back,
};
use crate::{
    BlockType, Capture, CaptureError, Damage, Format, LinkType, MAX_INTERFACE_COUNT, MAX_RECORD_LEN,
    Timestamp,
};

mod cuts;
mod damage;
mod gzip;
mod pcap;
mod pcapng;
mod random;
mod writer;

const SECOND: i128 = 1_000_000_000;
/// Seconds of every packet whose time does not matter in a test.
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
        body.extend(self.put16(7)); // number of dropped packets
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

/// The damage that is reported after `frame_count` frames, and its offset.
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

/// A capture, with the end of each record, and whether the record is a frame.
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
