//! A capture of pseudowires in MPLS: Ethernet with a control word and without, and associated channels.

use anyhow::Result;
use hsrp::{Opcode, v1};

use super::Frames;
use super::carriers::ethernet;
use super::hsrp::{PRIMARY, hello};

/// Label 16 at the bottom of the stack.
const LABEL: [u8; 4] = [0, 1, 1, 64];

/// A Hello below a label, behind whatever stands there.
pub(super) fn pseudowires() -> Result<Frames> {
    let frame = hello(PRIMARY, Opcode::HELLO, v1::State::ACTIVE)?;
    let (header, packet) = frame.split_at(14);
    let (addresses, _) = header.split_at(12);
    let tagged = [addresses, &[0x81, 0, 0, 5, 8, 0], packet].concat();
    let spanning_tree = [addresses, &[0, 38, 0x42, 0x42, 3], &[0; 35]].concat();
    let unknown = [addresses, &[0x12, 0x34], b"abcd"].concat();
    let nothing_v6 = [&[0x60, 0, 0, 0, 0, 0, 59, 64][..], &[0; 15], &[1], &[0; 15], &[2]].concat();
    let below: [&[&[u8]]; 19] = [
        // Control words without and with a sequence number, and with bits that are reserved.
        &[&[0, 0, 0, 0], &frame],
        &[&[0, 0, 0, 42], &frame],
        &[&[0x0a, 0xbc, 0x10, 1], &frame],
        &[&[0, 0, 0, 1], &tagged],
        &[&[0, 0, 0, 1], &spanning_tree],
        &[&[0, 0, 0, 1], &unknown],
        // No control word: a frame whose destination begins with four zero bits.
        &[&[2, 0, 0, 0, 0, 2, 0, 0, 0x0c, 7, 0xac, 1, 8, 0], packet],
        // Not Ethernet, because a group does not send; a frame that is cut; nothing; half a word.
        &[&[0, 0, 0, 1], b"abcdefghijklmnopqrstuv"],
        &[&[0x03, 0x85, 0, 1], b"abcdefghijklmnopqrstuv"],
        &[&[0, 0, 0, 1], &frame[..13]],
        &[&[0, 0, 0, 0]],
        &[&[0, 0]],
        // Associated channels.
        &[&[0x10, 0, 0, 0x21], packet],
        &[&[0x10, 0, 0, 0x57], &nothing_v6],
        &[&[0x10, 0, 0, 0x57], packet],
        &[&[0x10, 0, 0, 0x27], b"what OAM says"],
        &[&[0x15, 0xab, 0x7f, 0xff], b"payload"],
        &[&[0x10, 0]],
        // Neither.
        &[&[0x20], b"abcdefghijklmnopqrstuvwxyz"],
    ];
    let labelled = below.iter().map(|parts| ethernet(0x8847, &[&LABEL, &parts.concat()[..]].concat()));
    Ok((0..).step_by(100_000).zip(labelled).collect())
}
