//! Reads files of secrets: keys, and words that may be keys.

use std::fmt;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

use zeroize::Zeroizing;

/// The greatest length of a line in octets. No key and no word that a person chose is longer.
pub(crate) const MAX_LINE_LEN: usize = 1 << 16;

/// Opens a file of secrets. `-` is standard input.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        Ok(Box::new(std::io::stdin().lock()))
    } else {
        Ok(Box::new(open_file(path)?))
    }
}

/// Opens a file. The error says that it cannot be opened.
pub(crate) fn open_file(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Error::new(error.kind(), format!("the file cannot be opened: {error}")))
}

/// The text of an error in a file of keys, which also says when the file could not be read.
pub(crate) struct ReadFailure<'e>(pub(crate) &'e keys::ReadError);

impl fmt::Display for ReadFailure<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            keys::ReadError::Io(error) => write!(formatter, "the file cannot be read: {error}"),
            error => error.fmt(formatter),
        }
    }
}

/// Reads the lines of a file of secrets one at a time, so that the file may have any length. The buffer is wiped when
/// it is dropped.
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Zeroizing<Vec<u8>>,
    /// The range of octets that were read and not yet returned.
    start: usize,
    end: usize,
    /// The number of the line that was returned last.
    number: u64,
    has_ended: bool,
}

/// Why the next line could not be read.
#[derive(Debug)]
pub(crate) enum LineError {
    Io(std::io::Error),
    TooLong { number: u64 },
}

impl fmt::Display for LineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(formatter, "the file cannot be read: {error}"),
            Self::TooLong { number } => write!(
                formatter,
                "line {number} has more than {MAX_LINE_LEN} octets, which is the most that is read: \
                 the file must be a text file with one entry on each line"
            ),
        }
    }
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        // Room for the line and its line break.
        let buffer = Zeroizing::new(vec![0; MAX_LINE_LEN + 2]);
        Self { reader, buffer, start: 0, end: 0, number: 0, has_ended: false }
    }

    /// The number of the line that was returned last, counted from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// The next line, without the line break `\n` or `\r\n`. `None` at the end of the file.
    pub(crate) fn next(&mut self) -> std::result::Result<Option<&[u8]>, LineError> {
        // The number of octets of the line that were already searched for a line break.
        let mut looked_at = 0;
        loop {
            let read = self.buffer.get(self.start..self.end).unwrap_or_default();
            let end = read.iter().skip(looked_at).position(|octet| *octet == b'\n');
            let (len, taken) = match end {
                Some(at) => (looked_at + at, looked_at + at + 1),
                None if self.has_ended && read.is_empty() => return Ok(None),
                None if self.has_ended => (read.len(), read.len()),
                None => {
                    looked_at = read.len();
                    self.read_more()?;
                    continue;
                }
            };
            self.number += 1;
            let line = self.start..self.start + len;
            self.start += taken;
            let line = self.buffer.get(line).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.len() > MAX_LINE_LEN {
                return Err(LineError::TooLong { number: self.number });
            }
            return Ok(Some(line));
        }
    }

    fn read_more(&mut self) -> std::result::Result<(), LineError> {
        if self.end == self.buffer.len() {
            if self.start == 0 {
                return Err(LineError::TooLong { number: self.number + 1 });
            }
            // The octets are moved within the buffer, so that no copy is left behind.
            let len = self.buffer.len();
            self.buffer.drain(..self.start);
            self.buffer.resize(len, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        match self.reader.read(room) {
            Ok(count) => {
                self.has_ended = count == 0;
                self.end += count;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(LineError::Io(error)),
        }
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic: that is how it fails"
)]
mod tests {
    use super::*;

    /// A reader that returns one octet at a time, and an interruption before each.
    struct Slow<'a>(&'a [u8], bool);

    impl Read for Slow<'_> {
        fn read(&mut self, room: &mut [u8]) -> Result<usize> {
            self.1 = !self.1;
            if self.1 { Err(ErrorKind::Interrupted.into()) } else { self.0.read(&mut room[..1]) }
        }
    }

    fn all(reader: impl Read) -> (Vec<Vec<u8>>, Option<u64>) {
        let mut lines = Lines::new(reader);
        let mut list = Vec::new();
        loop {
            match lines.next() {
                Ok(Some(line)) => list.push(line.to_vec()),
                Ok(None) => return (list, None),
                Err(LineError::TooLong { number }) => return (list, Some(number)),
                Err(LineError::Io(error)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn lines_are_read_however_they_come() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a\nb\r\n\nc\r\r\n", vec!["a", "b", "", "c\r"]),
            ("\n\n", vec!["", ""]),
        ] {
            let expected: Vec<Vec<u8>> = expected.into_iter().map(|line| line.as_bytes().to_vec()).collect();
            assert_eq!(all(text.as_bytes()), (expected.clone(), None));
            assert_eq!(all(Slow(text.as_bytes(), false)), (expected, None));
        }
        // The text fills the buffer many times, with lines of many lengths.
        let expected: Vec<Vec<u8>> = (0..3000).map(|len| vec![b'x'; len % 997]).collect();
        assert_eq!(all(&*expected.join(&b'\n')), (expected, None));
    }

    #[test]
    fn a_line_without_end_is_refused_at_the_limit() {
        assert_eq!(all(std::io::repeat(0)), (vec![], Some(1)));
        let longest = vec![b'x'; MAX_LINE_LEN];
        for end in ["", "\n", "\r\n"] {
            let text = [b"a\n", &longest[..], end.as_bytes()].concat();
            assert_eq!(all(&*text), (vec![b"a".to_vec(), longest.clone()], None));
            let text = [b"a\n", &longest[..], b"x", end.as_bytes()].concat();
            assert_eq!(all(&*text), (vec![b"a".to_vec()], Some(2)));
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert!(matches!(open(Path::new("no such file")), Err(error) if error.kind() == ErrorKind::NotFound));
        // A directory can be opened, but not read.
        let mut lines = Lines::new(open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap());
        assert!(matches!(lines.next(), Err(LineError::Io(_))));
    }
}
