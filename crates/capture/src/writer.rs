//! Writes a capture.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

use pcap_file::pcap::{PcapHeader, PcapWriter, RawPcapPacket};
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption,
};
use pcap_file::{DataLink, Endianness, PcapError, TsResolution};

use crate::{Format, Frame, LinkType, MAX_RECORD_LEN, Timestamp};

/// The snap length in the header of a pcap file, as tcpdump writes it. A frame may have more octets, because
/// readers use the lengths of the record.
const SNAP_LEN: u32 = 262_144;

/// Greatest number of octets of a record in addition to its packet: an enhanced packet block has 32, and up to
/// three of padding.
const OVERHEAD: usize = 35;

/// Writes a capture, with times in nanoseconds, in little-endian byte order.
///
/// The octets are written in small pieces. So give it an output with a buffer, such as [`std::io::BufWriter`], and
/// call [`finish`](Self::finish) at the end, which flushes it. [`Capture`](crate::Capture) reads the same times,
/// link types, lengths and octets back. Frames are then numbered from 1 in the order in which they were written;
/// [`Frame::number`] is used in errors only.
///
/// [`Frame::len`] is written as it is, also when it is less than the number of octets: captures with such frames exist,
/// and a copy of one should not differ from it.
pub struct Writer<W: Write> {
    output: Output<W>,
}

enum Output<W: Write> {
    Pcap {
        writer: PcapWriter<W>,
        link: LinkType,
    },
    PcapNg {
        writer: PcapNgWriter<W>,
        /// The number of the interface for each link type in the section.
        interfaces: BTreeMap<u16, u32>,
    },
}

/// Why a frame cannot be written.
///
/// `number` is the number of the frame. Nothing of the frame was written, unless the error is [`Io`](Self::Io).
/// After that error the capture may end inside a record, so stop writing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output failed.
    #[error("the capture cannot be written: {0}")]
    Io(io::Error),
    /// The frame has no time, but each record of a capture must have one.
    #[error(
        "frame {number} has no time, but a record must have one: give the frame a time before it is written"
    )]
    NoTime {
        /// Number of the frame.
        number: u64,
    },
    /// The format cannot hold the time. pcap holds times from 1970 to 2106, and pcapng from 1970 to 2554.
    #[error("frame {number} has the time {} ns after 1970, but {format} cannot hold that time", time.0)]
    Time {
        /// Number of the frame.
        number: u64,
        /// Time of the frame.
        time: Timestamp,
        /// Format of the file.
        format: Format,
    },
    /// The frame has another link type than the pcap file, which holds only one.
    #[error(
        "frame {number} has the link type {link}, but the pcap file has {expected}: write pcapng, which can hold both"
    )]
    LinkType {
        /// Number of the frame.
        number: u64,
        /// Link type of the frame.
        link: LinkType,
        /// Link type of the file.
        expected: LinkType,
    },
    /// The number of the link type needs more than the 16 bits that both formats have for it.
    #[error("the link type {0} cannot be written: both formats hold numbers up to 65535 only")]
    LinkTypeNumber(LinkType),
    /// The frame has more octets than [`Capture`](crate::Capture) accepts, or its length on the wire does not fit into 32
    /// bits. A length on the wire that is less than the number of octets is accepted.
    #[error(
        "frame {number} is too long to be written: {captured} octets were captured, and it had {len} on the wire"
    )]
    TooLong {
        /// Number of the frame.
        number: u64,
        /// Number of captured octets.
        captured: usize,
        /// Number of octets on the wire.
        len: usize,
    },
}

/// Converts the error of `pcap-file`, whose type is not part of this crate's interface.
fn failed(error: PcapError) -> WriteError {
    WriteError::Io(match error {
        PcapError::IoError(error) => error,
        // All other reasons for which pcap-file refuses a frame were checked before.
        other => io::Error::other(other),
    })
}

impl<W: Write> Writer<W> {
    /// Begins a pcap file, which holds frames of one link type, and writes its header.
    ///
    /// # Errors
    /// Returns [`WriteError::LinkTypeNumber`] when the number of the link type is above 65,535, and
    /// [`WriteError::Io`] when the output fails.
    pub fn pcap(output: W, link: LinkType) -> Result<Self, WriteError> {
        let header = PcapHeader {
            snaplen: SNAP_LEN,
            datalink: DataLink::from(u32::from(number_of(link)?)),
            ts_resolution: TsResolution::NanoSecond,
            endianness: Endianness::Little,
            ..PcapHeader::default()
        };
        Ok(Self {
            output: Output::Pcap { writer: PcapWriter::with_header(output, header).map_err(failed)?, link },
        })
    }

    /// Begins a pcapng file, and writes the header of its section. An interface for each link type is written
    /// before its first frame.
    ///
    /// # Errors
    /// Returns [`WriteError::Io`] when the output fails.
    pub fn pcapng(output: W) -> Result<Self, WriteError> {
        let writer = PcapNgWriter::with_endianness(output, Endianness::Little).map_err(failed)?;
        Ok(Self { output: Output::PcapNg { writer, interfaces: BTreeMap::new() } })
    }

    /// The file format of the capture.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self.output {
            Output::Pcap { .. } => Format::Pcap,
            Output::PcapNg { .. } => Format::PcapNg,
        }
    }

    /// Writes a frame.
    ///
    /// # Errors
    /// Returns the [`WriteError`] whose variant says why the frame cannot be written.
    pub fn write(&mut self, frame: &Frame<'_>) -> Result<(), WriteError> {
        let number = frame.number;
        let time = frame.time.ok_or(WriteError::NoTime { number })?;
        let out_of_range = WriteError::Time { number, time, format: self.format() };
        let Ok(nanoseconds) = u64::try_from(time.0) else { return Err(out_of_range) };
        let captured = frame.octets.len();
        let too_long = WriteError::TooLong { number, captured, len: frame.len };
        if captured > MAX_RECORD_LEN.saturating_sub(OVERHEAD) {
            return Err(too_long);
        }
        let (Ok(captured_len), Ok(len)) = (u32::try_from(captured), u32::try_from(frame.len)) else {
            return Err(too_long);
        };
        match &mut self.output {
            Output::Pcap { writer, link } => {
                if frame.link != *link {
                    return Err(WriteError::LinkType { number, link: frame.link, expected: *link });
                }
                let time = Duration::from_nanos(nanoseconds);
                let Ok(seconds) = u32::try_from(time.as_secs()) else { return Err(out_of_range) };
                writer
                    .write_raw_packet(&RawPcapPacket {
                        ts_sec: seconds,
                        ts_frac: time.subsec_nanos(),
                        incl_len: captured_len,
                        orig_len: len,
                        data: Cow::Borrowed(frame.octets),
                    })
                    .map_err(failed)?;
            }
            Output::PcapNg { writer, interfaces } => {
                let link = number_of(frame.link)?;
                let interface_id = match interfaces.get(&link) {
                    Some(interface) => *interface,
                    None => {
                        writer
                            .write_pcapng_block(InterfaceDescriptionBlock {
                                linktype: DataLink::from(u32::from(link)),
                                snaplen: 0,
                                options: vec![InterfaceDescriptionOption::IfTsResol(9)],
                            })
                            .map_err(failed)?;
                        // There are at most 65,536 link types, and each occurs once.
                        let interface = u32::try_from(interfaces.len()).unwrap_or(u32::MAX);
                        interfaces.insert(link, interface);
                        interface
                    }
                };
                writer
                    .write_pcapng_block(EnhancedPacketBlock {
                        interface_id,
                        timestamp: Duration::from_nanos(nanoseconds),
                        original_len: len,
                        data: Cow::Borrowed(frame.octets),
                        options: Vec::new(),
                    })
                    .map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Flushes the output, and returns it.
    ///
    /// # Errors
    /// Returns [`WriteError::Io`] when the output fails.
    pub fn finish(self) -> Result<W, WriteError> {
        let mut output = match self.output {
            Output::Pcap { writer, .. } => writer.into_writer(),
            Output::PcapNg { writer, .. } => writer.into_inner(),
        };
        output.flush().map_err(WriteError::Io)?;
        Ok(output)
    }
}

impl<W: Write> fmt::Debug for Writer<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Writer").field("format", &self.format()).finish_non_exhaustive()
    }
}

/// Converts the number of a link type to the 16 bits that captures have for it.
fn number_of(link: LinkType) -> Result<u16, WriteError> {
    u16::try_from(link.0).map_err(|_| WriteError::LinkTypeNumber(link))
}
