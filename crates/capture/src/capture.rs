//! Reads a capture, record by record.

use std::fmt;
use std::io::Read;
use std::ops::Range;

use crate::error::Cause;
use crate::input::Input;
use crate::pcap::Pcap;
use crate::pcapng::PcapNg;
use crate::{CaptureError, Frame, LinkType, Timestamp, input, pcap, pcapng};

/// The length of the longest record that is read, in octets, with headers and options: 128 MiB.
///
/// Wireshark has the same limit for the link type with the longest frames. Blocks of pcapng without a packet may
/// be longer, because they are skipped and not held.
pub const MAX_RECORD_LEN: usize = 0x0800_0000;

/// The greatest number of interfaces that one section of a pcapng capture may describe.
///
/// The interface number in an obsolete packet block cannot count further.
pub const MAX_INTERFACE_COUNT: usize = 0x1_0000;

/// The file format of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// The pcap format: a file header, then packets.
    Pcap,
    /// The pcapng format: sections that consist of typed blocks.
    PcapNg,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pcap => "pcap",
            Self::PcapNg => "pcapng",
        })
    }
}

/// Reads a capture: pcap or pcapng, plain or in gzip, from any [`Read`].
///
/// The first octets tell the format and the compression; file names do not matter. The reader never seeks, so it
/// also reads a pipe. It holds one record at a time, and each [`Frame`] borrows from it. It has its own buffer, so
/// the given reader needs none.
///
/// Frames are numbered as tshark numbers them. tshark shows some records as frames although they hold no packet of
/// a link: custom blocks, journal entries, system calls. They take a number and are skipped, so that the numbers
/// after them agree with tshark. The numbers of the frames that are returned therefore rise, but may have gaps.
///
/// Errors of a capture that can be read all the same are accepted. A fraction of a second that is a second or more
/// is carried over. A captured length above the length on the wire or above the snap length is used as it is.
/// Malformed options of an interface are ignored. The version in the header of a pcap file may be any; it only tells in
/// which order old files have the two lengths of a packet. (In pcapng, only version 1 is read.)
///
/// Reading ends at the first other error. There is no second, lenient way to read, because after a wrong length nothing
/// tells where the next record begins. The frames before the error were returned and are good, with one exception: the
/// checksum of a gzip stream stands at its end, so a damaged stream may give frames with wrong octets before
/// [`CaptureError::Gzip`] tells that it is damaged.
///
/// ```
/// use vpnwire_capture::{Capture, CaptureError};
///
/// let mut octets = Vec::new();
/// for word in [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 65_535, 1] {
///     octets.extend(word.to_be_bytes()); // the header of a pcap file with Ethernet frames
/// }
/// for word in [1_600_000_000_u32, 250_000, 4, 60] {
///     octets.extend(word.to_be_bytes()); // the header of a packet: 60 octets, of which 4 were captured
/// }
/// octets.extend([1, 0, 0x5e, 0]);
///
/// let mut capture = Capture::new(&octets[..])?;
/// while let Some(frame) = capture.next_frame() {
///     let frame = frame?;
///     assert_eq!((frame.number, frame.len, frame.octets.len()), (1, 60, 4));
/// }
/// # Ok::<(), CaptureError>(())
/// ```
pub struct Capture<R: Read> {
    input: Input<R>,
    records: Records,
    number: u64,
    /// Offset where the record being read begins.
    record_offset: u64,
    ended: bool,
}

/// The state that is needed to read the next records.
#[derive(Debug)]
enum Records {
    Pcap(Pcap),
    PcapNg(PcapNg),
}

/// The kind of record that was read.
pub(crate) enum Record {
    Packet(Packet),
    /// A record that tshark counts as a frame although it holds no packet of a link.
    Counted,
    /// A record that describes the packets around it.
    Uncounted,
}

/// The first octets of files that hold captures and are not read.
const NOT_READ: [(&[u8], &str); 6] = [
    (b"snoo", "the snoop format"),
    (b"GMBU", "the format of Microsoft Network Monitor"),
    (b"RTSS", "the format of Microsoft Network Monitor 1"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "a file that is compressed with zstd"),
    (&[0xfd, b'7', b'z', b'X'], "a file that is compressed with xz"),
    (b"BZh", "a file that is compressed with bzip2"),
];

/// A packet whose octets are in the input's buffer.
pub(crate) struct Packet {
    pub(crate) time: Option<Timestamp>,
    pub(crate) time_digits: u8,
    pub(crate) link: LinkType,
    pub(crate) len: u32,
    pub(crate) octets: Range<usize>,
}

impl<R: Read> Capture<R> {
    /// Opens a capture and reads its header.
    ///
    /// # Errors
    /// Returns [`CaptureError::NotACapture`] or [`CaptureError::Unsupported`] when the octets are not in a format
    /// that is read, [`CaptureError::Truncated`] when the octets end inside the header of the file,
    /// [`CaptureError::Malformed`] when the header of the first section of a pcapng file is damaged,
    /// [`CaptureError::Gzip`] when the gzip stream is damaged or ends before the first octet of the capture, and
    /// [`CaptureError::Io`] when the reader fails.
    pub fn new(reader: R) -> Result<Self, CaptureError> {
        let mut input = Input::new(reader).map_err(|cause| cause.at(1, 0, 0))?;
        match Self::open(&mut input) {
            Ok(records) => Ok(Self { input, records, number: 0, record_offset: 0, ended: false }),
            Err(cause) => Err(cause.at(1, 0, input.received())),
        }
    }

    fn open(input: &mut Input<R>) -> Result<Records, Cause> {
        let start: [u8; 4] = match input.peek() {
            Ok(start) => start,
            Err(Cause::Ended { .. }) => return Err(Self::too_short(input)),
            Err(cause) => return Err(cause),
        };
        if start == pcapng::MAGIC {
            PcapNg::open(input).map(Records::PcapNg)
        } else if pcap::MAGICS.contains(&start) || pcap::MODIFIED_MAGICS.contains(&start) {
            Pcap::open(input).map(Records::Pcap)
        } else if let Some((_, format)) = NOT_READ.iter().find(|(magic, _)| start.starts_with(magic)) {
            Err(Cause::Unsupported { format })
        } else {
            Err(Cause::NotACapture { is_empty: false })
        }
    }

    /// The error for fewer than four octets. They are either the start of a capture or not a capture.
    fn too_short(input: &Input<R>) -> Cause {
        let start = input.buffered();
        if start.is_empty() && input.is_cut() {
            return Input::<R>::gzip_ended();
        }
        let is_start = input.is_cut()
            || input::GZIP_MAGIC.starts_with(start)
            || pcap::MAGICS.iter().chain([&pcapng::MAGIC]).any(|magic| magic.starts_with(start));
        if is_start && !start.is_empty() {
            Cause::Ended { needed: 4 }
        } else {
            Cause::NotACapture { is_empty: start.is_empty() }
        }
    }

    /// Returns the next frame. `None` after the last frame, and always after an error.
    ///
    /// # Errors
    /// Returns [`CaptureError::Truncated`] when the capture is cut inside a record, [`CaptureError::Malformed`] when a
    /// record is damaged, [`CaptureError::Gzip`] when the gzip stream is damaged or is cut where no record is, and
    /// [`CaptureError::Io`] when the reader fails.
    pub fn next_frame(&mut self) -> Option<Result<Frame<'_>, CaptureError>> {
        if self.ended {
            return None;
        }
        match self.next_packet() {
            Ok(Some(packet)) => Some(Ok(Frame {
                number: self.number,
                time: packet.time,
                time_digits: packet.time_digits,
                link: packet.link,
                len: usize::try_from(packet.len).unwrap_or(usize::MAX),
                octets: self.input.taken(packet.octets),
            })),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(cause) => {
                self.ended = true;
                let frame = self.number.saturating_add(1);
                Some(Err(cause.at(frame, self.record_offset, self.input.received())))
            }
        }
    }

    /// Reads up to the next packet, and counts it.
    fn next_packet(&mut self) -> Result<Option<Packet>, Cause> {
        loop {
            self.record_offset = self.input.offset();
            if self.input.is_at_end()? {
                return Ok(None);
            }
            let record = match &mut self.records {
                Records::Pcap(packets) => packets.next(&mut self.input)?,
                Records::PcapNg(sections) => sections.next(&mut self.input)?,
            };
            match record {
                Record::Packet(packet) => {
                    self.number = self.number.saturating_add(1);
                    return Ok(Some(packet));
                }
                Record::Counted => self.number = self.number.saturating_add(1),
                Record::Uncounted => {}
            }
        }
    }

    /// The file format of the capture.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self.records {
            Records::Pcap(_) => Format::Pcap,
            Records::PcapNg(_) => Format::PcapNg,
        }
    }

    /// Whether the capture is compressed with gzip.
    #[must_use]
    pub const fn is_gzip(&self) -> bool {
        self.input.is_gzip()
    }

    /// Offset of the record that is read next, in octets from the start of the uncompressed capture.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.input.offset()
    }
}

impl<R: Read> fmt::Debug for Capture<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("records", &self.records)
            .field("number", &self.number)
            .field("offset", &self.offset())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
