//! The uncompressed octets of a capture, as far as they are needed at one time.

use std::io::{self, Cursor, ErrorKind, Read};
use std::ops::Range;

use flate2::read::MultiGzDecoder;

use crate::MAX_RECORD_LEN;
use crate::error::Cause;

/// The first two octets of a gzip stream, RFC 1952 section 2.3.1.
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Number of octets that are read at once, until a record needs more.
const READ_LEN: usize = 0x2_0000;

/// A reader with a buffer that holds the record being read.
///
/// The buffer grows only when it is full, so that a record with a great length costs only as much memory as it has
/// octets. Octets are moved to the front only when the end of the buffer is reached, so that each octet is moved a
/// bounded number of times.
pub(crate) struct Input<R: Read> {
    source: Source<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Number of octets before `start`, since the capture began.
    offset: u64,
    /// Number of octets read since the capture began.
    received: u64,
    ended: bool,
    /// The octets ended inside the gzip stream.
    cut: bool,
}

enum Source<R: Read> {
    Plain(Patient<R>),
    Gzip(Box<MultiGzDecoder<Rewound<R>>>),
}

/// The reader, with the octets in front that were read to recognise gzip.
type Rewound<R> = io::Chain<Cursor<Vec<u8>>, Patient<R>>;

/// A reader that tries again after a signal. The gzip decoder would treat the signal as an error.
struct Patient<R>(R);

impl<R: Read> Read for Patient<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }
}

impl<R: Read> Input<R> {
    /// Looks at the first octets, and uncompresses the rest when they are those of gzip.
    pub(crate) fn new(reader: R) -> Result<Self, Cause> {
        let mut reader = Patient(reader);
        let mut start = Vec::new();
        reader.by_ref().take(2).read_to_end(&mut start).map_err(Cause::Io)?;
        let (source, buffer) = if start == GZIP_MAGIC {
            let decoder = MultiGzDecoder::new(Cursor::new(start).chain(reader));
            (Source::Gzip(Box::new(decoder)), Vec::new())
        } else {
            (Source::Plain(reader), start)
        };
        let end = buffer.len();
        Ok(Self {
            source,
            buffer,
            start: 0,
            end,
            offset: 0,
            received: octet_count(end),
            ended: false,
            cut: false,
        })
    }

    pub(crate) const fn is_gzip(&self) -> bool {
        matches!(self.source, Source::Gzip(_))
    }

    /// Number of octets of the capture taken so far.
    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Number of octets of the capture read so far, taken or not.
    pub(crate) const fn received(&self) -> u64 {
        self.received
    }

    /// Whether a gzip stream was found to be cut.
    pub(crate) const fn is_cut(&self) -> bool {
        self.cut
    }

    const fn available(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// The octets that are read but not taken.
    pub(crate) fn buffered(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether every octet is taken and no octets follow.
    #[inline]
    pub(crate) fn is_at_end(&mut self) -> Result<bool, Cause> {
        if self.available() > 0 || self.read_more()? {
            return Ok(false);
        }
        if self.cut { Err(Self::gzip_ended()) } else { Ok(true) }
    }

    /// The error for a gzip stream that ends early where no record is cut: in its header, in its trailer, or between two
    /// records. There is no record to blame for it.
    pub(crate) fn gzip_ended() -> Cause {
        const REASON: &str =
            "the gzip stream ends before its own end: it was cut, or octets follow it that are not gzip";
        Cause::Gzip(io::Error::new(ErrorKind::UnexpectedEof, REASON))
    }

    /// The next `len` octets, at most `MAX_RECORD_LEN`, without taking them.
    #[inline]
    pub(crate) fn fill(&mut self, len: usize) -> Result<&[u8], Cause> {
        while self.available() < len {
            if !self.read_more()? {
                return Err(Cause::Ended { needed: octet_count(len) });
            }
        }
        Ok(self.buffer.get(self.start..self.start.saturating_add(len)).unwrap_or_default())
    }

    /// The next `N` octets, without taking them.
    #[inline]
    pub(crate) fn peek<const N: usize>(&mut self) -> Result<[u8; N], Cause> {
        self.fill(N)?.first_chunk().copied().ok_or(Cause::Ended { needed: octet_count(N) })
    }

    /// Takes `len` octets that `fill` returned, and returns their place in the buffer for [`Self::taken`].
    #[inline]
    pub(crate) fn take(&mut self, len: usize) -> usize {
        let start = self.start;
        let len = len.min(self.available());
        self.start = self.start.saturating_add(len);
        self.offset = self.offset.saturating_add(octet_count(len));
        start
    }

    /// Octets that were taken since the last read.
    #[inline]
    pub(crate) fn taken(&self, octets: Range<usize>) -> &[u8] {
        self.buffer.get(octets).unwrap_or_default()
    }

    /// Takes `len` octets without holding them.
    pub(crate) fn skip(&mut self, len: u64) -> Result<(), Cause> {
        let mut left = len;
        while left > 0 {
            if self.available() == 0 && !self.read_more()? {
                return Err(Cause::Ended { needed: len });
            }
            let len = usize::try_from(left).unwrap_or(usize::MAX).min(self.available());
            self.take(len);
            left = left.saturating_sub(octet_count(len));
        }
        Ok(())
    }

    /// Moves the octets that are read but not taken to the front of the buffer.
    fn move_to_front(&mut self) {
        let available = self.available();
        if available > self.start {
            let len = self.buffer.len();
            self.buffer.drain(..self.start);
            self.buffer.resize(len, 0);
        } else if let Some((front, back)) = self.buffer.split_at_mut_checked(self.start) {
            // In nearly all cases, this is a part of a record that does not overlap its new place. The octets
            // behind it stay as they are.
            for (to, from) in front.iter_mut().zip(back) {
                *to = *from;
            }
        }
        self.end = available;
        self.start = 0;
    }

    /// Reads once, as many octets as there is room for. Returns false at the end.
    #[cold]
    fn read_more(&mut self) -> Result<bool, Cause> {
        if self.ended {
            return Ok(false);
        }
        if self.available() == 0 {
            self.start = 0;
            self.end = 0;
        }
        if self.end == self.buffer.len() {
            if self.start == 0 {
                let len = self.buffer.len().saturating_mul(2).clamp(READ_LEN, MAX_RECORD_LEN);
                self.buffer.resize(len, 0);
            } else {
                self.move_to_front();
            }
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let result = match &mut self.source {
            Source::Plain(reader) => reader.read(room).map_err(Cause::Io),
            Source::Gzip(decoder) => match decoder.read(room) {
                // An error of the gzip decoder is told apart from an error of the reader under it.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    self.cut = true;
                    Ok(0)
                }
                Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData) => {
                    Err(Cause::Gzip(error))
                }
                result => result.map_err(Cause::Io),
            },
        };
        let len = result?.min(room.len());
        self.ended = len == 0;
        self.end = self.end.saturating_add(len);
        self.received = self.received.saturating_add(octet_count(len));
        Ok(len > 0)
    }
}

/// Converts a length in memory to a length in a file.
fn octet_count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
