//! Captures in gzip.

use super::*;

#[test]
fn gzip_of_one_and_of_several_members() {
    let octets = several_sections().0;
    let expected = frames(&octets);
    for level in [0, 1, 6, 9] {
        let packed = gzip(&octets, level);
        let capture = Capture::new(&*packed).unwrap();
        assert!(capture.is_gzip() && capture.format() == Format::PcapNg);
        assert_eq!(frames(&packed), expected);
        for middle in [1, 3, 24, 77, octets.len() - 1] {
            let members = [gzip(&octets[..middle], level), gzip(&octets[middle..], level)].concat();
            assert_eq!(frames(&members), expected, "level {level}, split at {middle}");
        }
    }
    assert!(!Capture::new(&*octets).unwrap().is_gzip());
}

#[test]
fn gzip_with_a_wrong_checksum() {
    let octets = several_sections().0;
    let mut packed = gzip(&octets, 6);
    let place = packed.len() - 8;
    packed[place] ^= 1;
    let (frames, error) = read(&*packed);
    assert_eq!(frames.len(), 6);
    assert!(matches!(error, Some(CaptureError::Gzip { frame: 10, .. })), "{error:?}");
}

#[test]
fn gzip_with_something_after_it() {
    let packed = [gzip(&several_sections().0, 6), b"and so on, for a while".to_vec()].concat();
    let (frames, error) = read(&*packed);
    assert_eq!(frames.len(), 6);
    assert!(matches!(error, Some(CaptureError::Gzip { .. })), "{error:?}");
}

/// The octets that are missing or too many belong to no record, so no record is said to need them.
#[test]
fn gzip_that_ends_early_where_no_record_is_cut() {
    const REASON: &str =
        "the gzip stream ends before its own end: it was cut, or octets follow it that are not gzip";
    let octets = several_sections().0;
    let packed = gzip(&octets, 6);
    let after = octets.len();
    // Inside the header, inside the trailer, and with octets after the end that are too few for another header.
    for (cut, frame, offset) in
        [(2, 1, 0), (6, 1, 0), (packed.len() - 8, 10, after), (packed.len() - 1, 10, after)]
    {
        let error = read(&packed[..cut]).1.unwrap();
        assert_eq!(
            error.to_string(),
            format!("cannot uncompress frame {frame} at offset {offset}: {REASON}")
        );
    }
    let (frames, error) = read(&*[packed, b"abc".to_vec()].concat());
    assert_eq!(frames.len(), 6);
    assert!(error.unwrap().to_string().ends_with(REASON));
}
