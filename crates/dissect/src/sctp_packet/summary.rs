//! The summary line of an SCTP packet.

use core::fmt;

use sctp::chunk::{Abort, Body, OperationError, PayloadProtocolIdentifier, PpidOrFsn, Sack};
use sctp::{Checksum, Chunk, ChunkElement, ChunkFlags, ChunkType};

use crate::numbers::number;

/// The largest number of chunks that a line names.
const NAMED: usize = 6;

/// The largest number of chunks without user data that a line names after these: what ends an association stands
/// last.
const NAMED_AFTER: usize = 4;

/// The largest number of error causes that a line names.
const CAUSES: usize = 2;

/// The largest number of ranges after gaps that a line names.
const RANGES: usize = 4;

pub(super) struct Summary<'m, 'a> {
    pub(super) parsed: &'m sctp::Packet<'a>,
    pub(super) checksum: Option<Checksum>,
    /// The type of a chunk behind the others whose header is cut or has a wrong length.
    pub(super) broken: Option<ChunkType>,
    /// A bit for each of the first chunks, from the lowest on: whether it was sent before.
    pub(super) again: u128,
}

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.parsed.header;
        write!(formatter, "{} → {}", header.source_port, header.destination_port)?;
        let chunks = &self.parsed.chunks;
        let (mut named, mut more, mut after) = (0usize, 0usize, 0usize);
        for (number, element) in chunks.elements().enumerate() {
            if named >= NAMED {
                if element.header.chunk_type.carries_user_data() || after >= NAMED_AFTER {
                    more = more.saturating_add(1);
                    continue;
                }
                after = after.saturating_add(1);
            }
            formatter.write_str(if named == 0 { " " } else { ", " })?;
            named = named.saturating_add(1);
            // default: a chunk without a bit is not known to have been sent before
            let shift = u32::try_from(number).unwrap_or(u32::MAX);
            let is_again = self.again.checked_shr(shift).is_some_and(|bits| bits & 1 != 0);
            Named { element: &element, is_again }.fmt(formatter)?;
        }
        if more > 0 {
            write!(formatter, " and {more} more chunks")?;
        }
        if let Some(chunk_type) = self.broken {
            let separator = if named == 0 { " " } else { ", " };
            write!(formatter, "{separator}broken {}", TypeName(chunk_type))?;
        }
        match self.checksum {
            Some(Checksum::Adler32) => formatter.write_str(" (Adler-32)"),
            Some(Checksum::Zero { .. }) => formatter.write_str(" (no checksum)"),
            _ => Ok(()),
        }
    }
}

/// The name of a chunk type, or its number.
struct TypeName(ChunkType);

impl fmt::Display for TypeName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.name() {
            Some(name) => out.write_str(name),
            None => write!(out, "chunk type {}", self.0.0),
        }
    }
}

/// Writes a chunk as its type and what identifies it.
struct Named<'m, 'a> {
    element: &'m ChunkElement<'a>,
    is_again: bool,
}

impl fmt::Display for Named<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.element.header;
        TypeName(header.chunk_type).fmt(formatter)?;
        // Its parameters may be cut or malformed, but what stands before them is not.
        if matches!(header.chunk_type, ChunkType::INIT | ChunkType::INIT_ACK) {
            return initiation(formatter, self.element.value);
        }
        match Chunk::parse(self.element).map(|chunk| chunk.body) {
            Ok(Body::Data(data)) => self.data(formatter, data.tsn.0, Some(data.payload_protocol_identifier)),
            Ok(Body::IData(data)) => {
                let identifier = match data.ppid_or_fsn {
                    PpidOrFsn::PayloadProtocolIdentifier(identifier) => Some(identifier),
                    PpidOrFsn::FragmentSequenceNumber(_) => None,
                };
                self.data(formatter, data.tsn.0, identifier)
            }
            // The chunk is cut or malformed, but it begins with its TSN.
            Err(_) if header.chunk_type.carries_user_data() => match self.element.value.first_chunk() {
                Some(tsn) => self.data(formatter, u32::from_be_bytes(*tsn), None),
                None => Ok(()),
            },
            Ok(Body::Sack(sack)) => acknowledged(formatter, &sack),
            Ok(Body::Shutdown(shutdown)) => write!(formatter, " {}", shutdown.cumulative_tsn_ack),
            Ok(Body::ForwardTsn(forward)) => write!(formatter, " {}", forward.new_cumulative_tsn),
            Ok(Body::IForwardTsn(forward)) => write!(formatter, " {}", forward.new_cumulative_tsn),
            Ok(Body::Abort(Abort { causes }) | Body::Error(OperationError { causes })) => {
                for (number, cause) in causes.iter().take(CAUSES).enumerate() {
                    let separator = if number == 0 { " (" } else { ", " };
                    write!(formatter, "{separator}{}", cause.cause_code())?;
                }
                match causes.iter().count() {
                    0 => Ok(()),
                    1..=CAUSES => formatter.write_str(")"),
                    _ => formatter.write_str(", …)"),
                }
            }
            _ => Ok(()),
        }
    }
}

impl Named<'_, '_> {
    /// Writes the TSN of a chunk with user data, which part of a message it has, and whether it was sent before.
    fn data(
        &self,
        out: &mut fmt::Formatter<'_>,
        tsn: u32,
        identifier: Option<PayloadProtocolIdentifier>,
    ) -> fmt::Result {
        write!(out, " {tsn}")?;
        let flags = self.element.header.flags;
        let part = match (flags.contains(ChunkFlags::B), flags.contains(ChunkFlags::E)) {
            (true, true) => None,
            (true, false) => Some("first fragment"),
            (false, false) => Some("middle fragment"),
            (false, true) => Some("last fragment"),
        };
        // default: 0 is that of an upper layer that gave none, which says nothing
        let protocol = identifier.filter(|identifier| identifier.0 != 0).and_then(|it| it.name());
        let again = self.is_again.then_some("retransmission");
        let mut separator = " (";
        for note in [protocol, part, again].into_iter().flatten() {
            write!(out, "{separator}{note}")?;
            separator = ", ";
        }
        if separator == ", " { out.write_str(")") } else { Ok(()) }
    }
}

/// Writes what an INIT or an INIT ACK says of its sender before its parameters, if it is there: RFC 9260 section 3.3.2.
fn initiation(out: &mut fmt::Formatter<'_>, value: &[u8]) -> fmt::Result {
    let at = |offset, len| number(value, offset, len);
    match (at(0, 4), at(4, 4), at(8, 2), at(10, 2), at(12, 4)) {
        (Some(tag), Some(window), Some(outbound), Some(inbound), Some(tsn)) => {
            write!(out, " {tsn} (tag 0x{tag:08x}, window {window}, streams {outbound} out, {inbound} in)")
        }
        _ => Ok(()),
    }
}

/// Writes what a SACK acknowledges: the last number before the first gap, the window, and what arrived after gaps.
fn acknowledged(formatter: &mut fmt::Formatter<'_>, sack: &Sack<'_>) -> fmt::Result {
    let Sack { cumulative_tsn_ack, a_rwnd, gap_ack_blocks, duplicate_tsns } = sack;
    write!(formatter, " {cumulative_tsn_ack} (window {a_rwnd}")?;
    for (number, block) in gap_ack_blocks.iter().take(RANGES).enumerate() {
        formatter.write_str(if number == 0 { ", after gaps " } else { ", " })?;
        let at = |offset: u16| cumulative_tsn_ack.0.wrapping_add(offset.into());
        match (at(block.start), at(block.end)) {
            (start, end) if start == end => write!(formatter, "{start}")?,
            (start, end) => write!(formatter, "{start}-{end}")?,
        }
    }
    if gap_ack_blocks.iter().nth(RANGES).is_some() {
        formatter.write_str(", …")?;
    }
    match duplicate_tsns.iter().count() {
        0 => formatter.write_str(")"),
        count => write!(formatter, ", duplicates {count})"),
    }
}
