//! A capture of security group tags on Ethernet: Cisco `MetaData` behind an Ethernet type.

use anyhow::Result;
use hsrp::{Opcode, v1};

use super::Frames;
use super::carriers::ethernet;
use super::hsrp::{PRIMARY, hello};

/// A Hello with a tag, and tags in front of other packets.
pub(super) fn security_tags() -> Result<Frames> {
    let frame = hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?;
    let (_, packet) = frame.split_at(14);
    let question = [
        &[0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2][..],
        &[192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2],
        // The frame is filled up.
        &[0; 10],
    ]
    .concat();
    let tag = [1, 1, 0, 1, 0, 100];
    let frames = [
        ethernet(0x8909, &[&tag, &[8, 0][..], packet].concat()),
        ethernet(0x8909, &[&tag, &[8, 0][..], packet, b"trailer"].concat()),
        ethernet(0x8909, &[&tag, &[8, 6][..], &question].concat()),
        ethernet(0x8909, &[&tag, &[0x81, 0, 0, 5, 8, 0][..], packet].concat()),
        ethernet(0x8100, &[&[0, 5, 0x89, 9], &tag[..], &[8, 0], packet].concat()),
        // Another version, length and option, and the greatest tag.
        ethernet(0x8909, &[&[2, 2, 0x12, 0x34, 0xff, 0xff, 8, 0][..], packet].concat()),
        ethernet(0x8909, &[&tag, &[0x12, 0x34][..], b"abcd"].concat()),
        ethernet(0x8909, &[&tag, &[8][..]].concat()),
        ethernet(0x8909, &tag[..5]),
        ethernet(0x8909, &[]),
    ];
    Ok((0..).step_by(100_000).zip(frames).collect())
}
