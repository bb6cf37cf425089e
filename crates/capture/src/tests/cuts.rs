//! Captures that are cut at some offset.

use super::*;

#[test]
fn a_cut_anywhere_leaves_the_whole_frames_before_it() {
    let mut cut_count = 0;
    for (octets, ends) in [several_sections(), several_packets()] {
        let whole = frames(&octets);
        for cut in 0..=octets.len() {
            let frame_count = ends.iter().filter(|(end, is_frame)| *is_frame && *end <= cut).count();
            let start = ends.iter().map(|(end, _)| *end).filter(|end| *end <= cut).max().unwrap_or(0);
            for piece_len in [1, 7, usize::MAX] {
                let (frames, error) = read(Pieces::new(&octets[..cut], piece_len));
                assert_eq!(frames, whole[..frame_count], "cut at {cut}");
                match error {
                    None => assert!(start == cut && cut > 0, "cut at {cut}"),
                    Some(CaptureError::NotACapture { .. }) => assert_eq!(cut, 0),
                    Some(CaptureError::Truncated { frame, offset, needed, available }) => {
                        assert_eq!((offset, available), (start as u64, (cut - start) as u64), "cut at {cut}");
                        assert!(available > 0 && needed > available, "cut at {cut}");
                        assert!(frame > frames.last().map_or(0, |frame| frame.number), "cut at {cut}");
                    }
                    Some(error) => panic!("cut at {cut}: {error:?}"),
                }
            }
            cut_count += 1;
        }
    }
    assert!(cut_count > 500, "{cut_count}");
}

#[test]
fn gzip_cut_anywhere_leaves_the_whole_frames_before_it() {
    for (octets, ends) in [several_sections(), several_packets()] {
        let whole = frames(&octets);
        // The member is stored and not compressed: ten octets of member header, five of block header, then the
        // capture.
        let packed = gzip(&octets, 0);
        assert_eq!(packed[15..15 + octets.len()], octets);
        for cut in 1..packed.len() {
            let unpacked = cut.saturating_sub(15).min(octets.len());
            let frame_count = ends.iter().filter(|(end, is_frame)| *is_frame && *end <= unpacked).count();
            let start = ends.iter().map(|(end, _)| *end).filter(|end| *end <= unpacked).max().unwrap_or(0);
            let (frames, error) = read(&packed[..cut]);
            assert_eq!(frames, whole[..frame_count], "cut at {cut}");
            match error {
                // A single octet is not known to be gzip yet, and is the start of a header.
                Some(CaptureError::Truncated { available: 1, .. }) if cut == 1 => {}
                Some(CaptureError::Truncated { offset, available, .. }) => {
                    assert_eq!(
                        (offset, available),
                        (start as u64, (unpacked - start) as u64),
                        "cut at {cut}"
                    );
                    assert!(available > 0, "cut at {cut}");
                }
                // Where no record is cut, it is the gzip stream that ends early.
                Some(CaptureError::Gzip { offset, .. }) => {
                    assert_eq!((offset, unpacked), (start as u64, start), "cut at {cut}");
                }
                other => panic!("cut at {cut}: {other:?}"),
            }
        }
        let packed = gzip(&octets, 9);
        let mut frame_count = 0;
        for cut in 1..packed.len() {
            let (frames, error) = read(&packed[..cut]);
            assert_eq!(frames, whole[..frames.len()], "cut at {cut}");
            assert!(frames.len() >= frame_count, "cut at {cut}");
            frame_count = frames.len();
            assert!(
                matches!(error, Some(CaptureError::Truncated { .. } | CaptureError::Gzip { .. })),
                "cut at {cut}: {error:?}"
            );
        }
        assert_eq!(frame_count, whole.len());
    }
}
