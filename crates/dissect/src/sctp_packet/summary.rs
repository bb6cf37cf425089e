//! The summary line of an SCTP packet.

use core::fmt;

use sctp::chunk::Body;
use sctp::{Checksum, Chunk, ChunkElement};

/// The largest number of chunks that a line names.
const NAMED: usize = 6;

pub(super) struct Summary<'m, 'a> {
    pub(super) parsed: &'m sctp::Packet<'a>,
    pub(super) checksum: Option<Checksum>,
}

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.parsed.header;
        write!(formatter, "{} → {}", header.source_port, header.destination_port)?;
        let chunks = &self.parsed.chunks;
        for (number, element) in chunks.elements().take(NAMED).enumerate() {
            formatter.write_str(if number == 0 { " " } else { ", " })?;
            Named(&element).fmt(formatter)?;
        }
        if let Some(more) = chunks.count().checked_sub(NAMED).filter(|more| *more > 0) {
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
            Ok(Body::Sack(sack)) => write!(formatter, " {}", sack.cumulative_tsn_ack),
            Ok(Body::Shutdown(shutdown)) => write!(formatter, " {}", shutdown.cumulative_tsn_ack),
            Ok(Body::ForwardTsn(forward)) => write!(formatter, " {}", forward.new_cumulative_tsn),
            Ok(Body::IForwardTsn(forward)) => write!(formatter, " {}", forward.new_cumulative_tsn),
            _ => Ok(()),
        }
    }
}
