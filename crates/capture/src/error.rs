//! What keeps a capture from being read on.

use std::fmt;
use std::io;

use crate::{BlockType, MAX_INTERFACE_COUNT, MAX_RECORD_LEN};

/// A capture cannot be read on.
///
/// `frame` is the number of the frame that would have come next, `offset` where its record, or the record before it
/// that failed, begins: in octets from the start of the uncompressed capture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The reader failed.
    #[error("cannot read frame {frame} at offset {offset}: {error}")]
    Io {
        /// Number of the frame that would have come next.
        frame: u64,
        /// Where its record begins.
        offset: u64,
        /// What the reader said.
        error: io::Error,
    },
    /// The gzip stream around the capture is damaged.
    #[error("cannot uncompress frame {frame} at offset {offset}: {error}")]
    Gzip {
        /// Number of the frame that would have come next.
        frame: u64,
        /// Where its record begins.
        offset: u64,
        /// What is wrong with the stream.
        error: io::Error,
    },
    /// The octets are neither pcap nor pcapng.
    ///
    /// Which octets they are is not said: it may be a file of keys that was given in a capture's place.
    #[error(
        "this is not a pcap or pcapng file, plain or in gzip: {}",
        if *is_empty { "it is empty" } else { "it does not begin as one of them does" }
    )]
    NotACapture {
        /// Whether there are no octets at all.
        is_empty: bool,
    },
    /// A capture in a format that is known and not read.
    #[error("{format} is not supported: convert the capture to pcap or pcapng")]
    Unsupported {
        /// Name of the format.
        format: &'static str,
    },
    /// The capture ends inside a record: it was cut short.
    #[error(
        "the capture is cut short at frame {frame}: its record at offset {offset} needs {needed} octets, \
         {available} available"
    )]
    Truncated {
        /// Number of the frame that is cut, or that would have come after the record that is cut.
        frame: u64,
        /// Where the record begins.
        offset: u64,
        /// Octets the record needs, as far as its lengths could be read.
        needed: u64,
        /// Octets there are of it.
        available: u64,
    },
    /// A record contradicts itself or the records before it.
    #[error("the capture is damaged at frame {frame}, offset {offset}: {damage}")]
    Malformed {
        /// Number of the frame that would have come next.
        frame: u64,
        /// Where the record begins.
        offset: u64,
        /// What is wrong with it.
        damage: Damage,
    },
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The record is longer than any that is read.
    #[error("a record of {len} octets, {MAX_RECORD_LEN} are read at most")]
    RecordTooLong {
        /// Octets of the record, headers included.
        len: u64,
    },
    /// A block is shorter than the fields its type has.
    #[error("a block of {len} octets: {} has {min} at least", Kind(*kind))]
    BlockTooShort {
        /// Block type.
        kind: BlockType,
        /// Block total length.
        len: u32,
        /// Octets of the fields of this type.
        min: u32,
    },
    /// The two lengths around a block differ.
    #[error("a block whose length is {leading} before it and {trailing} after it")]
    LengthsDiffer {
        /// Block total length at its start.
        leading: u32,
        /// Block total length at its end.
        trailing: u32,
    },
    /// A packet is longer than the block that holds it.
    #[error("a packet of {captured} octets in a block with room for {available}")]
    PacketTooLong {
        /// Octets captured of the packet.
        captured: u32,
        /// Octets of the block that can hold them.
        available: u32,
    },
    /// A packet of an interface that its section does not describe.
    #[error("a packet of interface {interface} in a section with {count} so far")]
    UnknownInterface {
        /// Number of the interface, from 0.
        interface: u32,
        /// Interfaces the section has described.
        count: usize,
    },
    /// A section describes more interfaces than [`MAX_INTERFACE_COUNT`].
    #[error("a section with more than {MAX_INTERFACE_COUNT} interfaces")]
    TooManyInterfaces,
    /// A section header without the number that tells its byte order.
    #[error("a section whose byte-order magic is {magic:#010x}")]
    ByteOrder {
        /// What stands in its place.
        magic: u32,
    },
    /// A section in a version of the format that is not known.
    #[error("a section in version {major}.{minor} of the format")]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
}

/// A block's type in a sentence: unknown ones are known by their number in hexadecimal.
struct Kind(BlockType);

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.name() {
            Some(name) => write!(f, "{name}"),
            None => write!(f, "type {:#010x}", self.0.0),
        }
    }
}

/// Why a record could not be read, before it is known which one it was.
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
    /// The octets end; from its start the record needs so many.
    Ended {
        needed: u64,
    },
    Malformed(Damage),
}

impl Cause {
    /// The error of the record that begins at `offset`, when `received` octets of the capture were read.
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
