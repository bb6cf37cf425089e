//! Reading a capture allocates a buffer, and nothing for each frame.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use allocation_counter::measure;
use vpnwire_capture::Capture;

const FRAME_COUNT: u32 = 20_000;

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

fn pcap() -> Vec<u8> {
    let mut octets = words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1]);
    for number in 0..FRAME_COUNT {
        octets.extend(words(&[number, 0, 64, 64]));
        octets.extend([0; 64]);
    }
    octets
}

fn pcapng() -> Vec<u8> {
    let mut octets = words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, !0, !0, 28, 1, 20, 1, 0, 20]);
    for number in 0..FRAME_COUNT {
        octets.extend(words(&[6, 96, 0, 0, number, 64, 64]));
        octets.extend([0; 64]);
        octets.extend(words(&[96]));
    }
    octets
}

/// The number of frames read, and whether an error ended the reading.
fn drain(capture: &mut Capture<&[u8]>) -> (u32, bool) {
    let mut count = 0;
    while let Some(frame) = capture.next_frame() {
        if frame.is_err() {
            return (count, true);
        }
        count += 1;
    }
    (count, false)
}

#[test]
fn no_frame_allocates() {
    for octets in [pcap(), pcapng()] {
        let mut capture = Capture::new(&*octets).unwrap();
        assert!(capture.next_frame().unwrap().is_ok());
        let mut counted = (0, true);
        let info = measure(|| counted = drain(&mut capture));
        assert_eq!(counted, (FRAME_COUNT - 1, false));
        assert_eq!(info.count_total, 0);
    }
}

#[test]
fn trap_eight_megabytes_for_a_small_file() {
    let octets = pcap();
    let info = measure(|| {
        let mut capture = Capture::new(&octets[..500]).unwrap();
        drain(&mut capture);
    });
    assert!(info.bytes_max < 0x4_0000, "{info:?}");
}

#[test]
fn a_length_is_believed_only_as_far_as_there_are_octets() {
    // The packet and the block claim to have a hundred million octets, but only a few are there.
    let mut packet = words(&[0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1, 0, 0, 100_000_000, 100_000_000]);
    packet.extend([0; 1000]);
    let mut block = words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, !0, !0, 28, 6, 100_000_000]);
    block.extend([0; 1000]);
    // This block is skipped. It has three times the length of the buffer.
    let mut unknown = words(&[0x0a0d_0d0a, 28, 0x1a2b_3c4d, 1, !0, !0, 28, 0x7777, 0x4000_0000]);
    unknown.extend(vec![0; 0x6_0000]);
    for octets in [packet, block, unknown] {
        let mut counted = (0, false);
        let info = measure(|| {
            let mut capture = Capture::new(&*octets).unwrap();
            counted = drain(&mut capture);
        });
        assert_eq!(counted, (0, true));
        assert!(info.bytes_max < 0x4_0000, "{info:?}");
    }
}
