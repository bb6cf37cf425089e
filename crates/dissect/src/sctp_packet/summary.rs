//! The summary line of an SCTP packet.

use core::fmt;

use sctp::chunk::{Body, Init, Sack};
use sctp::{Checksum, Chunk, ChunkElement, ChunkType};

/// The largest number of chunks that a line names.
const NAMED: usize = 6;

/// The largest number of chunks without user data that a line names after these: what ends an association stands
/// last.
const NAMED_AFTER: usize = 4;

/// The largest number of ranges after gaps that a line names.
const RANGES: usize = 4;

pub(super) struct Summary<'m, 'a> {
    pub(super) parsed: &'m sctp::Packet<'a>,
    pub(super) checksum: Option<Checksum>,
}

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.parsed.header;
        write!(formatter, "{} → {}", header.source_port, header.destination_port)?;
        let chunks = &self.parsed.chunks;
        let (mut named, mut more, mut after) = (0usize, 0usize, 0usize);
        for element in chunks.elements() {
            if named >= NAMED {
                let is_data = matches!(element.header.chunk_type, ChunkType::DATA | ChunkType::I_DATA);
                if is_data || after >= NAMED_AFTER {
                    more = more.saturating_add(1);
                    continue;
                }
                after = after.saturating_add(1);
            }
            formatter.write_str(if named == 0 { " " } else { ", " })?;
            named = named.saturating_add(1);
            Named(&element).fmt(formatter)?;
        }
        if more > 0 {
            write!(formatter, " and {more} more chunks")?;
        }
        match self.checksum {
            Some(Checksum::Adler32) => formatter.write_str(" (Adler-32)"),
            Some(Checksum::Zero { .. }) => formatter.write_str(" (no checksum)"),
            _ => Ok(()),
        }
    }
}

/// Writes a chunk as its type and the number that identifies it.
struct Named<'m, 'a>(&'m ChunkElement<'a>);

impl fmt::Display for Named<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chunk_type = self.0.header.chunk_type;
        match chunk_type.name() {
            Some(name) => formatter.write_str(name)?,
            None => write!(formatter, "chunk type {}", chunk_type.0)?,
        }
        match Chunk::parse(self.0).map(|chunk| chunk.body) {
            Ok(Body::Data(data)) => write!(formatter, " {}", data.tsn),
            Ok(Body::IData(data)) => write!(formatter, " {}", data.tsn),
            Ok(Body::Sack(sack)) => acknowledged(formatter, &sack),
            Ok(Body::Init(init) | Body::InitAck(init)) => {
                let Init { initiate_tag, a_rwnd, outbound_streams, inbound_streams, initial_tsn, .. } = init;
                write!(
                    formatter,
                    " {initial_tsn} (tag 0x{initiate_tag:08x}, window {a_rwnd}, streams {outbound_streams} out, \
                     {inbound_streams} in)"
                )
            }
            Ok(Body::Shutdown(shutdown)) => write!(formatter, " {}", shutdown.cumulative_tsn_ack),
            Ok(Body::ForwardTsn(forward)) => write!(formatter, " {}", forward.new_cumulative_tsn),
            Ok(Body::IForwardTsn(forward)) => write!(formatter, " {}", forward.new_cumulative_tsn),
            _ => Ok(()),
        }
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
