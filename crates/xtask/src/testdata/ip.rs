//! A capture of fragments, and the checksum of IP version 4.

use anyhow::Result;
use etherparse::IpNumber;
use hsrp::{Opcode, v2};

use super::Frames;
use super::hsrp::{KEY, PRIMARY, sealed};

pub(super) fn ipv4_checksum(header: &[u8]) -> u16 {
    let mut sum = wire::InternetChecksum::new();
    sum.add(&header[..10]);
    sum.add(&header[12..]);
    sum.finish()
}

/// An HSRP message of version 2 in three fragments, of which the last is sent first.
pub(super) fn fragments() -> Result<Frames> {
    let whole = sealed(PRIMARY, Opcode::HELLO, v2::State::ACTIVE, KEY)?;
    let (ethernet, packet) = whole.split_at(14);
    let (header, payload) = packet.split_at(20);
    let mut frames = Frames::new();
    let pieces: Vec<_> = payload.chunks(32).enumerate().collect();
    for (index, piece) in pieces.iter().rev() {
        let mut header = header.to_vec();
        let more = index + 1 < pieces.len();
        let offset = u16::try_from(index * 32 / 8)? | if more { 0x2000 } else { 0 };
        header[2..4].copy_from_slice(&u16::try_from(20 + piece.len())?.to_be_bytes());
        header[4..6].copy_from_slice(&[0xbe, 0xef]);
        header[6..8].copy_from_slice(&offset.to_be_bytes());
        header[9] = IpNumber::UDP.0;
        let checksum = ipv4_checksum(&header);
        header[10..12].copy_from_slice(&checksum.to_be_bytes());
        let time = u64::try_from(frames.len())? * 10;
        frames.push((time, [ethernet, &header, piece].concat()));
    }
    Ok(frames)
}
