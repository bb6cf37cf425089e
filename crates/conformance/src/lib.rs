//! Opens real captures for tests with `pcap-file` and `etherparse`, and without any code of this project.
//!
//! Tests that use every capture read them from `../shared/captures` beside the project, and are ignored if that folder
//! is missing (`needs`). The captures that this project generates are in `testdata`.

use std::io::Read;
use std::path::{Path, PathBuf};

use etherparse::{LaxSlicedPacket, TransportSlice};
use pcap_file::DataLink;
use pcap_file::pcap::PcapReader;
use pcap_file::pcapng::{Block, PcapNgReader};

/// A captured frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The number of the frame in the file, counted from 1 as tshark does.
    pub number: usize,
    /// The link type of the interface that captured the frame.
    pub link: DataLink,
    /// The octets that were captured.
    pub octets: Vec<u8>,
    /// The number of octets on the wire, which is greater than that of `octets` if the capture was cut.
    pub original_len: usize,
}

/// The octets of a protocol inside a frame, with the addresses around them.
#[derive(Clone, Debug)]
pub struct Datagram {
    /// The number of the frame.
    pub frame: usize,
    /// The IP protocol number. For 17, UDP, the UDP header is removed.
    pub protocol: u8,
    /// The source and destination UDP ports, or zeros.
    pub ports: (u16, u16),
    /// The 4 or 16 octets of the source address.
    pub source: Vec<u8>,
    /// The 4 or 16 octets of the destination address.
    pub destination: Vec<u8>,
    /// The TTL or hop limit.
    pub hop_limit: u8,
    /// The payload of the UDP header, or of the IP header and its extensions.
    pub payload: Vec<u8>,
}

/// The folder of captures beside the project. A test that reads it has `#[needs(captures)]`, so that it is ignored if
/// the folder is missing.
///
/// # Panics
/// Panics when there is no such folder.
#[must_use]
pub fn captures() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    assert!(path.is_dir(), "there is no {}: the test lacks #[needs(captures)]", path.display());
    path
}

/// Every capture file below `folder`, sorted by path.
#[must_use]
pub fn capture_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of captures can be listed") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if [".pcap", ".cap", ".pcapng", ".pcapng.gz"].iter().any(|end| name.ends_with(end)) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The frames of a capture, up to the first damage in it.
///
/// # Panics
/// Panics when the file cannot be read or is not a capture, because a test that names a file needs it.
#[must_use]
pub fn frames(path: &Path) -> Vec<Frame> {
    let mut octets = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if octets.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*octets).read_to_end(&mut plain).expect("the gzip stream is whole");
        octets = plain;
    }
    let mut frames = Vec::new();
    if octets.starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]) {
        let mut reader = PcapNgReader::new(&*octets).expect("a pcapng file");
        let mut links = Vec::new();
        while let Some(Ok(block)) = reader.next_block() {
            let (interface, octets, original_len) = match block {
                Block::SectionHeader(_) => {
                    links.clear();
                    continue;
                }
                Block::InterfaceDescription(interface) => {
                    links.push(interface.linktype);
                    continue;
                }
                Block::EnhancedPacket(packet) => {
                    (packet.interface_id as usize, packet.data.into_owned(), packet.original_len as usize)
                }
                Block::SimplePacket(packet) => (0, packet.data.into_owned(), packet.original_len as usize),
                _ => continue,
            };
            frames.push(Frame { number: frames.len() + 1, link: links[interface], octets, original_len });
        }
    } else {
        let mut reader = PcapReader::new(&*octets).expect("a pcap file");
        let link = reader.header().datalink;
        while let Some(Ok(packet)) = reader.next_raw_packet() {
            frames.push(Frame {
                number: frames.len() + 1,
                link,
                octets: packet.data.into_owned(),
                original_len: packet.orig_len as usize,
            });
        }
    }
    frames
}

/// The payload of the outermost IP packet of a frame. `None` when there is no IP packet, or when it is a fragment.
#[must_use]
pub fn datagram(frame: &Frame) -> Option<Datagram> {
    let sliced = match u32::from(frame.link) {
        1 => LaxSlicedPacket::from_ethernet(&frame.octets).ok()?,
        12 | 14 | 101 | 228 | 229 => LaxSlicedPacket::from_ip(&frame.octets).ok()?,
        113 => {
            let ethertype = u16::from_be_bytes(frame.octets.get(14..16)?.try_into().ok()?);
            LaxSlicedPacket::from_ether_type(etherparse::EtherType(ethertype), frame.octets.get(16..)?)
        }
        276 => {
            let ethertype = u16::from_be_bytes(frame.octets.get(..2)?.try_into().ok()?);
            LaxSlicedPacket::from_ether_type(etherparse::EtherType(ethertype), frame.octets.get(20..)?)
        }
        0 => LaxSlicedPacket::from_ip(frame.octets.get(4..)?).ok()?,
        _ => return None,
    };
    let net = sliced.net?;
    let (source, destination, hop_limit) = match &net {
        etherparse::LaxNetSlice::Ipv4(ip) => {
            (ip.header().source().to_vec(), ip.header().destination().to_vec(), ip.header().ttl())
        }
        etherparse::LaxNetSlice::Ipv6(ip) => {
            (ip.header().source().to_vec(), ip.header().destination().to_vec(), ip.header().hop_limit())
        }
        etherparse::LaxNetSlice::Arp(_) => return None,
    };
    let ip_payload = net.ip_payload_ref()?;
    if ip_payload.fragmented {
        return None;
    }
    let (protocol, ports, payload) = match &sliced.transport {
        Some(TransportSlice::Udp(udp)) => {
            (17, (udp.source_port(), udp.destination_port()), udp.payload().to_vec())
        }
        _ => (ip_payload.ip_number.0, (0, 0), ip_payload.payload.to_vec()),
    };
    Some(Datagram { frame: frame.number, protocol, ports, source, destination, hop_limit, payload })
}

/// The datagrams of a capture.
///
/// # Panics
/// Panics in the same cases as [`frames`].
#[must_use]
pub fn datagrams(path: &Path) -> Vec<Datagram> {
    frames(path).iter().filter_map(datagram).collect()
}

/// The octets that a hexadecimal text gives. White space is skipped.
///
/// # Panics
/// Panics when a character is not a hexadecimal digit.
#[must_use]
pub fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| u8::try_from(c.to_digit(16).expect("a hexadecimal digit")).expect("below 16"))
        .collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}
