//! A capture with every link header that the dissector knows.

use anyhow::Result;
use hsrp::{Opcode, v1};
use pcap_file::DataLink;

use super::Frames;
use super::hsrp::{PRIMARY, hello};

/// The same Hello after every link header that the dissector knows.
pub(super) fn every_link() -> Result<Vec<(DataLink, Frames)>> {
    let hello = hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?;
    let (ethernet, packet) = hello.split_at(14);
    let (addresses, _) = ethernet.split_at(12);
    let source = &ethernet[6..12];
    let at = |frame: Vec<u8>| vec![(0, frame)];
    let tagged = [addresses, &[0x81, 0, 0xe0, 100], &[0x08, 0], packet].concat();
    let twice = [addresses, &[0x88, 0xa8, 0xe0, 200], &[0x81, 0, 0x20, 100], &[0x08, 0], packet].concat();
    let sll = [&[0, 2, 0, 1, 0, 6], source, &[0, 0, 0x08, 0], packet].concat();
    let sll2 = [&[0x08, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 6], source, &[0, 0], packet].concat();
    Ok(vec![
        (DataLink::ETHERNET, vec![(0, hello.clone()), (0, tagged), (0, twice)]),
        (DataLink::LINUX_SLL, at(sll)),
        (DataLink::from(276), at(sll2)),
        (DataLink::from(12), at(packet.to_vec())),
        (DataLink::from(14), at(packet.to_vec())),
        (DataLink::from(101), at(packet.to_vec())),
        (DataLink::from(228), at(packet.to_vec())),
        (DataLink::NULL, vec![(0, [&[2, 0, 0, 0], packet].concat()), (0, [&[0, 0, 0, 2], packet].concat())]),
        (DataLink::from(108), at([&[0, 0, 0, 2], packet].concat())),
    ])
}
