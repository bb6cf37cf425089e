//! A capture being read, record by record.

use std::fmt;
use std::io::Read;
use std::ops::Range;

use crate::error::Cause;
use crate::input::Input;
use crate::pcap::Pcap;
use crate::pcapng::PcapNg;
use crate::{CaptureError, Frame, LinkType, Timestamp, input, pcap, pcapng};

/// Octets of the longest record that is read, headers and options included: 128 MiB.
///
/// It is what Wireshark grants the link type with the longest frames. Blocks of pcapng that hold no packet are passed
/// over without being held, whatever their length.
pub const MAX_RECORD_LEN: usize = 0x0800_0000;

/// Interfaces that one section of a pcapng capture may describe.
///
/// As many as the interface number of an obsolete packet block can tell apart.
pub const MAX_INTERFACE_COUNT: usize = 0x1_0000;

/// How a capture is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// pcap: a header, then packets.
    Pcap,
    /// pcapng: sections of typed blocks.
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

/// A capture being read: pcap or pcapng, plain or in gzip, from anything that reads.
///
/// Which of them it is, is told by its first octets, never by a file name. The reader never seeks, so a pipe does as well as a file;
/// it holds one record at a time and hands out frames that borrow from it.
///
/// Frames are numbered as tshark numbers them. Records that tshark shows as frames although no link carried them (custom blocks,
/// journal entries, system calls) take a number and are passed over, so that the numbers after them still agree.
///
/// What a capture does wrong, where it still can be read, is read: a fraction of a second that is a second or more is carried over, a
/// captured length above the length on the wire or above the snap length is taken as it stands, and options of an interface that
/// make no sense are left out.
///
/// ```
/// use vpnwire_capture::{Capture, CaptureError};
///
/// let mut octets = Vec::new();
/// for word in [0xa1b2_c3d4_u32, 0x0002_0004, 0, 0, 65_535, 1] {
///     octets.extend(word.to_be_bytes()); // the header of a pcap file: Ethernet
/// }
/// for word in [1_600_000_000_u32, 250_000, 4, 60] {
///     octets.extend(word.to_be_bytes()); // a packet of 60 octets, cut to 4
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
///
/// Reads ahead by itself: the reader it is given needs no buffer of its own.
pub struct Capture<R: Read> {
    input: Input<R>,
    records: Records,
    number: u64,
    /// Where the record being read begins.
    record_offset: u64,
    ended: bool,
}

/// What is known of the records to come.
#[derive(Debug)]
enum Records {
    Pcap(Pcap),
    PcapNg(PcapNg),
}

/// What one record turned out to be.
pub(crate) enum Record {
    Packet(Packet),
    /// tshark counts it as a frame, though it holds no packet of a link.
    Counted,
    /// It describes the packets around it.
    Uncounted,
}

/// A packet that lies in the input's buffer.
pub(crate) struct Packet {
    pub(crate) time: Option<Timestamp>,
    pub(crate) link: LinkType,
    pub(crate) len: u32,
    pub(crate) octets: Range<usize>,
}

impl<R: Read> Capture<R> {
    /// Opens a capture and reads its header.
    ///
    /// # Errors
    /// [`CaptureError::NotACapture`] and [`CaptureError::Unsupported`] when the octets are nothing this reader knows;
    /// any other when the header cannot be read or makes no sense.
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
        } else if pcap::MAGICS.contains(&start) {
            Pcap::open(input).map(Records::Pcap)
        } else if pcap::MODIFIED_MAGICS.contains(&start) {
            Err(Cause::Unsupported { format: "pcap as modified by Kuznetsov" })
        } else {
            Err(Cause::NotACapture { is_empty: false })
        }
    }

    /// Fewer than four octets: the start of a capture, or none.
    fn too_short(input: &Input<R>) -> Cause {
        let start = input.buffered();
        let is_start = input.is_cut()
            || input::GZIP_MAGIC.starts_with(start)
            || pcap::MAGICS.iter().chain([&pcapng::MAGIC]).any(|magic| magic.starts_with(start));
        if is_start && (input.is_cut() || !start.is_empty()) {
            Cause::Ended { needed: 4 }
        } else {
            Cause::NotACapture { is_empty: start.is_empty() }
        }
    }

    /// The next frame; nothing after the last one, and nothing ever again after an error.
    ///
    /// # Errors
    /// When the capture cannot be read on: it is cut, it is damaged, or the reader fails.
    pub fn next_frame(&mut self) -> Option<Result<Frame<'_>, CaptureError>> {
        if self.ended {
            return None;
        }
        match self.next_packet() {
            Ok(Some(packet)) => Some(Ok(Frame {
                number: self.number,
                time: packet.time,
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

    /// Reads on to the next packet and counts it.
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

    /// How the capture is written down.
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

    /// Octets of the uncompressed capture before the record to be read next.
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
