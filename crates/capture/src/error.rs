//! The errors of reading a capture.

use std::fmt;
use std::io;

use crate::{BlockType, MAX_INTERFACE_COUNT, MAX_RECORD_LEN};

/// Why a capture cannot be read further.
///
/// `frame` is the number of the frame that would have come next. `offset` is where its record begins, or where an
/// earlier record that failed begins. Offsets are in octets from the start of the uncompressed capture. Offset 0 is the
/// header of the file, which in pcapng is the header of the first section.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The reader failed.
    #[error("cannot read frame {frame} at offset {offset}: {error}")]
    Io {
        /// Number of the frame that would have come next.
        frame: u64,
        /// Offset where its record begins.
        offset: u64,
        /// The error of the reader.
        error: io::Error,
    },
    /// The gzip stream around the capture is damaged, is cut where no record of the capture is cut (in its header, in its
    /// trailer, or between two records), or has octets after it that are not gzip.
    ///
    /// The checksum of a gzip stream stands at its end. When it is wrong, frames that were returned before this error may
    /// have wrong octets.
    #[error("cannot uncompress frame {frame} at offset {offset}: {error}")]
    Gzip {
        /// Number of the frame that would have come next.
        frame: u64,
        /// Offset where its record begins.
        offset: u64,
        /// The error of the gzip decoder.
        error: io::Error,
    },
    /// The octets are neither pcap nor pcapng. A pcapng file whose first section does not tell its byte order has this
    /// error too.
    ///
    /// The error does not show them, because somebody may have given a file of keys instead of a capture.
    #[error(
        "this is not a pcap or pcapng file, plain or in gzip: {}",
        if *is_empty { "it is empty" } else { "its first octets are not those of such a file" }
    )]
    NotACapture {
        /// Whether there are no octets at all.
        is_empty: bool,
    },
    /// The capture is in a format that is known but not supported.
    #[error("{format} is not supported: convert it to pcap or pcapng, or compress it with gzip")]
    Unsupported {
        /// Name of the format.
        format: &'static str,
    },
    /// The capture ends inside the header of the file or inside a record, because it was cut.
    #[error(
        "the capture is cut short {} needs {needed} octets, but only {available} are there",
        Place { frame: *frame, offset: *offset }
    )]
    Truncated {
        /// Number of the frame that is cut, or of the frame after the record that is cut. It is 1 when the header of the
        /// file is cut.
        frame: u64,
        /// Offset where the record begins. It is 0 when the header of the file is cut.
        offset: u64,
        /// Number of octets that the record or the header needs, as far as its lengths could be read.
        needed: u64,
        /// Number of octets of the record or the header that are there.
        available: u64,
    },
    /// A record contradicts itself or the records before it.
    #[error("the capture is damaged at frame {frame}, offset {offset}: {damage}")]
    Malformed {
        /// Number of the frame that would have come next.
        frame: u64,
        /// Offset where the record begins.
        offset: u64,
        /// The damage that was found.
        damage: Damage,
    },
}

/// The damage that was found in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The record is longer than the longest record that is read.
    #[error("the record has {len} octets, but at most {MAX_RECORD_LEN} can be read")]
    RecordTooLong {
        /// Number of octets of the record, headers included.
        len: u64,
    },
    /// A block is shorter than the fields of its type.
    #[error("the block has {len} octets, but {} has at least {min}", Kind(*kind))]
    BlockTooShort {
        /// Block type.
        kind: BlockType,
        /// Block total length, in octets.
        len: u32,
        /// Number of octets of the fields of this type.
        min: u32,
    },
    /// The block total lengths at the start and at the end of a block differ.
    #[error("the length at the start of the block is {leading}, but the length at its end is {trailing}")]
    LengthsDiffer {
        /// Block total length at its start.
        leading: u32,
        /// Block total length at its end.
        trailing: u32,
    },
    /// A packet is longer than the block that holds it.
    #[error("the packet has {captured} octets, but its block has room for only {available}")]
    PacketTooLong {
        /// Captured length of the packet, in octets.
        captured: u32,
        /// Number of octets of the block that can hold them.
        available: u32,
    },
    /// A packet names an interface that its section has not described.
    #[error("the packet names interface {interface}, but its section has described only {count} so far")]
    UnknownInterface {
        /// Number of the interface, counted from 0.
        interface: u32,
        /// Number of interfaces that the section has described.
        count: usize,
    },
    /// A section describes more interfaces than [`MAX_INTERFACE_COUNT`].
    #[error("the section describes more than {MAX_INTERFACE_COUNT} interfaces")]
    TooManyInterfaces,
    /// The header of a second or later section of a pcapng file does not have the number that tells its byte order. In
    /// the first section, this is [`CaptureError::NotACapture`].
    #[error(
        "the byte-order magic of the section is {magic:#010x}, but it must be 0x1a2b3c4d in either byte order"
    )]
    ByteOrder {
        /// The number that was found.
        magic: u32,
    },
    /// A section of a pcapng file is written in an unknown version of the format. The version of a pcap file is not
    /// checked.
    #[error(
        "the section is written in version {major}.{minor} of the format, but only version 1 can be read"
    )]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
}

/// Says what is cut, at the start of the clause about its length.
struct Place {
    frame: u64,
    offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { offset: 0, .. } => f.write_str("inside the header of the file: the header"),
            Self { frame, offset } => write!(f, "at frame {frame}: its record at offset {offset}"),
        }
    }
}

/// Prints a block type within a sentence. An unknown type is printed as a hexadecimal number.
struct Kind(BlockType);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.name() {
            Some(name) => write!(f, "{name}"),
            None => write!(f, "type {:#010x}", self.0.0),
        }
    }
}

/// Why a record could not be read, as long as its place is not known.
#[derive(Debug)]
pub(crate) enum Cause {
    Io(io::Error),
    Gzip(io::Error),
    NotACapture {
        is_empty: bool,
    },
    Unsupported {
        format: &'static str,
    },
    /// The octets end. Counted from its start, the record needs this number of octets.
    Ended {
        needed: u64,
    },
    Malformed(Damage),
}

impl Cause {
    /// The error for the record that begins at `offset`, when `received` octets of the capture have been read.
    pub(crate) fn at(self, frame: u64, offset: u64, received: u64) -> CaptureError {
        match self {
            Self::Io(error) => CaptureError::Io { frame, offset, error },
            Self::Gzip(error) => CaptureError::Gzip { frame, offset, error },
            Self::NotACapture { is_empty } => CaptureError::NotACapture { is_empty },
            Self::Unsupported { format } => CaptureError::Unsupported { format },
            Self::Ended { needed } => {
                CaptureError::Truncated { frame, offset, needed, available: received.saturating_sub(offset) }
            }
            Self::Malformed(damage) => CaptureError::Malformed { frame, offset, damage },
        }
    }
}

impl From<Damage> for Cause {
    fn from(damage: Damage) -> Self {
        Self::Malformed(damage)
    }
}
