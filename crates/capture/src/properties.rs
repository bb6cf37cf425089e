//! Properties that hold for all octets. The tests and the fuzz targets call them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "a property panics when it does not hold"
)]

use std::io::{self, Read};

use crate::{Capture, CaptureError, Frame, LinkType, Timestamp, WriteError, Writer};

/// A frame that owns its octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub number: u64,
    pub time: Option<Timestamp>,
    pub link: LinkType,
    pub len: usize,
    pub octets: Vec<u8>,
}

/// Reads all frames, and the error that ended the reading. `None` when the capture was read to its end.
///
/// It also checks that numbers rise and that nothing follows the end.
pub fn read(reader: impl Read) -> (Vec<Kept>, Option<CaptureError>) {
    let mut capture = match Capture::new(reader) {
        Ok(capture) => capture,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut frames: Vec<Kept> = Vec::new();
    let mut offset = capture.offset();
    let error = loop {
        let frame = match capture.next_frame() {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => break Some(error),
            None => break None,
        };
        assert!(frame.number > frames.last().map_or(0, |frame| frame.number), "frame numbers rise");
        frames.push(Kept {
            number: frame.number,
            time: frame.time,
            link: frame.link,
            len: frame.len,
            octets: frame.octets.to_vec(),
        });
        assert!(capture.offset() > offset, "a frame takes octets");
        offset = capture.offset();
    };
    for _ in 0..3 {
        assert!(capture.next_frame().is_none(), "nothing follows the end or an error");
    }
    (frames, error)
}

/// All octets are read to an end or to one error, and the error gives an offset within them.
pub fn reading_is_total(octets: &[u8]) {
    let (frames, error) = read(octets);
    let last = frames.last().map_or(0, |frame| frame.number);
    if let Some(
        CaptureError::Io { frame, .. }
        | CaptureError::Gzip { frame, .. }
        | CaptureError::Truncated { frame, .. }
        | CaptureError::Malformed { frame, .. },
    ) = &error
    {
        assert!(*frame > last, "an error names a frame that was not returned");
    }
    if let Some(CaptureError::Truncated { needed, available, .. }) = &error {
        assert!(needed > available, "a record that is cut needs more octets than are there");
    }
    if let Some(CaptureError::Io { error, .. }) = &error {
        panic!("reading from a slice cannot fail: {error}");
    }
}

/// The result does not depend on how many octets arrive at once.
///
/// The exception is a damaged gzip stream: the decoder drops the octets that it uncompressed just before the
/// damage.
pub fn pieces_make_no_difference(octets: &[u8], piece_len: usize) {
    let (whole, error) = read(octets);
    let (pieces, pieces_error) = read(Pieces::new(octets, piece_len.max(1)));
    if is_gzip_damage(error.as_ref()) || is_gzip_damage(pieces_error.as_ref()) {
        assert!(whole.iter().zip(&pieces).all(|(a, b)| a == b));
        return;
    }
    assert_eq!(whole, pieces);
    assert_eq!(error.map(|error| error.to_string()), pieces_error.map(|error| error.to_string()));
}

/// A capture that is cut gives the frames before the cut, and then an error, unless the cut is at the end of a
/// record.
pub fn a_cut_leaves_what_is_before_it(octets: &[u8], cut: usize) {
    let (whole, error) = read(octets);
    let (before, cut_error) = read(octets.get(..cut).unwrap_or(octets));
    assert!(whole.iter().zip(&before).all(|(a, b)| a == b), "the frames before the cut are the same");
    if is_gzip_damage(error.as_ref()) || is_gzip_damage(cut_error.as_ref()) {
        return;
    }
    assert!(before.len() <= whole.len(), "a cut adds no frames");
    if before.len() < whole.len() || error.is_none() {
        assert!(
            match &cut_error {
                None | Some(CaptureError::Truncated { .. }) => true,
                Some(CaptureError::NotACapture { .. }) => cut == 0,
                Some(_) => false,
            },
            "the error says that the capture is cut: {cut_error:?}"
        );
    }
}

/// Frames that are read can be written in pcapng and are the same when they are read again, unless pcapng cannot
/// hold their time.
pub fn what_is_written_is_read_back(octets: &[u8]) {
    let (frames, _) = read(octets);
    let mut writer = Writer::pcapng(Vec::new()).expect("writing to a vector cannot fail");
    let mut expected = Vec::new();
    for kept in frames {
        let frame = Frame {
            number: kept.number,
            time: kept.time,
            time_digits: 9,
            link: kept.link,
            len: kept.len,
            octets: &kept.octets,
        };
        match writer.write(&frame) {
            Ok(()) => expected.push(Kept { number: 1 + expected.len() as u64, ..kept }),
            Err(WriteError::NoTime { .. }) => assert!(kept.time.is_none()),
            Err(WriteError::Time { time, .. }) => assert!(u64::try_from(time.0).is_err()),
            Err(error) => panic!("{error}"),
        }
    }
    let (again, error) = read(&*writer.finish().expect("writing to a vector cannot fail"));
    assert!(error.is_none() && again == expected);
}

const fn is_gzip_damage(error: Option<&CaptureError>) -> bool {
    matches!(error, Some(CaptureError::Gzip { .. }))
}

/// A reader that gives its octets in pieces, and is interrupted by a signal before each piece.
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    octets: &'a [u8],
    piece_len: usize,
    interrupted: bool,
}

impl<'a> Pieces<'a> {
    #[must_use]
    pub const fn new(octets: &'a [u8], piece_len: usize) -> Self {
        Self { octets, piece_len, interrupted: false }
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = buffer.len().min(self.piece_len).min(self.octets.len());
        let (piece, rest) = self.octets.split_at_checked(len).unwrap_or((self.octets, &[]));
        self.octets = rest;
        buffer.iter_mut().zip(piece).for_each(|(place, octet)| *place = *octet);
        Ok(piece.len())
    }
}
