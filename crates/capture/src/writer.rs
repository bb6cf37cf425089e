//! A capture being written.

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

/// The snap length that a pcap header gives, as tcpdump writes it. A frame may have more octets: readers take what a record has.
const SNAP_LEN: u32 = 262_144;

/// Octets of a record beside those of its packet, at the most: an enhanced packet block has 32, and up to three of padding.
const OVERHEAD: usize = 35;

/// Writes a capture, with times in nanoseconds and the least significant octet first.
///
/// The octets go out in small pieces: give it an output that collects them, such as [`std::io::BufWriter`], and call
/// [`finish`](Self::finish), which flushes. What [`Capture`](crate::Capture) reads back has the same times, link types, lengths and
/// octets; numbers are those of the order in which frames were written.
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
        /// The number of the interface that each link type has in the section.
        interfaces: BTreeMap<u16, u32>,
    },
}

/// Why a frame is not written.
///
/// `number` is that of the frame. Nothing was written of it, unless the error is [`Io`](Self::Io): the capture may then end inside
/// a record, and there is no use in writing on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output failed.
    #[error("the capture cannot be written: {0}")]
    Io(io::Error),
    /// The frame has no time, and each record of a capture must have one.
    #[error("frame {number} has no time: give it one before it is written")]
    NoTime {
        /// Number of the frame.
        number: u64,
    },
    /// The time lies outside of what the format can say: from 1970 to 2106 in pcap, to 2554 in pcapng.
    #[error("frame {number} has the time {} ns after 1970, which {format} cannot hold", time.0)]
    Time {
        /// Number of the frame.
        number: u64,
        /// Its time.
        time: Timestamp,
        /// The format of the file.
        format: Format,
    },
    /// A pcap file has one link type.
    #[error(
        "frame {number} has the link type {link}, and the pcap file has {expected}: pcapng can hold both"
    )]
    LinkType {
        /// Number of the frame.
        number: u64,
        /// Its link type.
        link: LinkType,
        /// The link type of the file.
        expected: LinkType,
    },
    /// Both formats have 16 bits for the number of a link type.
    #[error("the link type {0} cannot be written: captures have numbers up to 65535")]
    LinkTypeNumber(LinkType),
    /// The frame has more octets than are read back, or a length on the wire of more than 32 bits.
    #[error("frame {number} is too long: {captured} octets captured, {len} on the wire")]
    TooLong {
        /// Number of the frame.
        number: u64,
        /// Octets captured.
        captured: usize,
        /// Octets on the wire.
        len: usize,
    },
}

/// What `pcap-file` says: its type shows in no signature.
fn failed(error: PcapError) -> WriteError {
    WriteError::Io(match error {
        PcapError::IoError(error) => error,
        // What else pcap-file refuses was checked before.
        other => io::Error::other(other),
    })
}

impl<W: Write> Writer<W> {
    /// Begins a pcap file, which has frames of one link type, and writes its header.
    ///
    /// # Errors
    /// [`WriteError::LinkTypeNumber`] and [`WriteError::Io`].
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

    /// Begins a pcapng file, and writes the header of its section. Each link type gets an interface before its first frame.
    ///
    /// # Errors
    /// [`WriteError::Io`].
    pub fn pcapng(output: W) -> Result<Self, WriteError> {
        let writer = PcapNgWriter::with_endianness(output, Endianness::Little).map_err(failed)?;
        Ok(Self { output: Output::PcapNg { writer, interfaces: BTreeMap::new() } })
    }

    /// How the capture is written down.
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
    /// Each [`WriteError`].
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
                        // 65,536 numbers at the most, each once.
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

    /// Flushes the output, and gives it back.
    ///
    /// # Errors
    /// [`WriteError::Io`].
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

/// The number of a link type, as captures hold it.
fn number_of(link: LinkType) -> Result<u16, WriteError> {
    u16::try_from(link.0).map_err(|_| WriteError::LinkTypeNumber(link))
}
