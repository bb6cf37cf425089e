//! Writes captures octet by octet into cargo's directory for tests.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A frame with Ethernet, IPv4, UDP, and the HSRP Hello of an active router of group 1 with priority 200.
pub(crate) const HELLO: [u8; 62] = [
    1, 0, 0x5e, 0, 0, 2, 0, 0, 12, 7, 0xac, 1, 8, 0, //
    0x45, 0xc0, 0, 48, 0, 0, 0, 0, 1, 17, 0, 0, 172, 16, 172, 52, 224, 0, 0, 2, //
    7, 0xc1, 7, 0xc1, 0, 28, 0, 0, //
    0, 0, 16, 3, 10, 200, 1, 0, b'c', b'i', b's', b'c', b'o', 0, 0, 0, 172, 16, 172, 53,
];

/// A UDP datagram of an unknown protocol.
pub(crate) fn other() -> Vec<u8> {
    let mut octets = HELLO.to_vec();
    octets[34..38].copy_from_slice(&[0x13, 0x88, 0x13, 0x89]);
    octets
}

/// The Hello, cut by its sender to 19 of its 20 octets.
pub(crate) fn broken() -> Vec<u8> {
    let mut octets = HELLO[..61].to_vec();
    octets[17] = 47;
    octets[39] = 27;
    octets
}

/// An Advertise with a wrong length. The length is a derived value.
pub(crate) fn lying() -> Vec<u8> {
    let mut octets = HELLO[..58].to_vec();
    octets[17] = 44;
    octets[39] = 24;
    octets[42..].copy_from_slice(&[0, 3, 0, 1, 0, 99, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    octets
}

/// The length of the header of a file in octets.
pub(crate) const FILE_HEADER: usize = 24;
/// The length of the header of a packet in octets.
pub(crate) const PACKET_HEADER: usize = 16;

/// A pcap of Ethernet frames, one each second. No frame is cut.
pub(crate) fn pcap(frames: &[&[u8]]) -> Vec<u8> {
    let cut: Vec<_> = frames.iter().map(|octets| (*octets, octets.len())).collect();
    pcap_cut(&cut)
}

/// A pcap of frames, each with the length that it had on the wire.
pub(crate) fn pcap_cut(frames: &[(&[u8], usize)]) -> Vec<u8> {
    let mut octets = Vec::new();
    for word in [0xa1b2_c3d4, 0x0002_0004, 0, 0, 65_535, 1] {
        octets.extend(u32::to_be_bytes(word));
    }
    for (second, (frame, len)) in (1_600_000_000..).zip(frames) {
        for word in [second, 250_000, frame.len(), *len] {
            octets.extend(u32::try_from(word).unwrap().to_be_bytes());
        }
        octets.extend(*frame);
    }
    octets
}

/// The same frames in pcapng: a section, an interface, and one enhanced packet block for each frame.
pub(crate) fn pcapng(frames: &[&[u8]]) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut block = |kind: u32, body: &[u8]| {
        let padding = body.len().next_multiple_of(4) - body.len();
        let len = u32::try_from(body.len() + padding + 12).unwrap().to_be_bytes();
        octets.extend(kind.to_be_bytes());
        octets.extend(len);
        octets.extend(body);
        octets.extend(vec![0; padding]);
        octets.extend(len);
    };
    block(0x0a0d_0d0a, &[0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
    block(1, &[0, 1, 0, 0, 0, 0, 255, 255]);
    for (second, frame) in (1_600_000_000u64..).zip(frames) {
        let time = second * 1_000_000 + 250_000;
        let len = u32::try_from(frame.len()).unwrap().to_be_bytes();
        block(6, &[&[0; 4], &time.to_be_bytes()[..], &len, &len, frame].concat());
    }
    octets
}

pub(crate) fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

/// Writes a file. Each test needs names of its own, because tests run at the same time.
pub(crate) fn file(name: &str, octets: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, octets).unwrap();
    path
}
