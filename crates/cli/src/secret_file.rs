//! Files that hold secrets: keys, and words that may be one.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::path::Path;

use zeroize::Zeroizing;

/// Octets of the longest line that is read: no key and no word that a person chose is as long.
pub(crate) const MAX_LINE_LEN: usize = 1 << 16;

/// Opens a file; `-` is standard input, which has a buffer of its own.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        Ok(Box::new(std::io::stdin().lock()))
    } else {
        Ok(Box::new(File::open(path)?))
    }
}

/// The lines of a file of secrets, one at a time, however many there are: each is wiped when the next is read.
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Zeroizing<Vec<u8>>,
    /// What is read and not given out.
    start: usize,
    end: usize,
    /// Number of the line that was given out last.
    number: u64,
    has_ended: bool,
}

/// Why there is no further line.
#[derive(Debug)]
pub(crate) enum LineError {
    Io(std::io::Error),
    TooLong { number: u64 },
}

impl fmt::Display for LineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(formatter),
            Self::TooLong { number } => write!(
                formatter,
                "line {number} has more than {MAX_LINE_LEN} octets, which is the most that is read: \
                 give a text file with one entry on each line"
            ),
        }
    }
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        // The line, and what ends it.
        let buffer = Zeroizing::new(vec![0; MAX_LINE_LEN + 2]);
        Self { reader, buffer, start: 0, end: 0, number: 0, has_ended: false }
    }

    /// Number of the line that was given out last, from 1.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    /// The next line, without what ends it: `\n` or `\r\n`.
    pub(crate) fn next(&mut self) -> std::result::Result<Option<&[u8]>, LineError> {
        // Octets of the line that are known to hold no end of it.
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
            // In place: the buffer keeps its room.
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

    /// Gives an octet at a time, after an interruption.
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
        // Many buffers full, with lines of many lengths.
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
        // A folder opens, and cannot be read.
        let mut lines = Lines::new(open(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap());
        assert!(matches!(lines.next(), Err(LineError::Io(_))));
    }
}
