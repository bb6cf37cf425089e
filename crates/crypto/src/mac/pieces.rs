use core::fmt;

use zeroize::Zeroize as _;

use super::{Running, put};

/// The greatest [`chunk_len`](Running::chunk_len) of any MAC.
pub const MAX_CHUNK_LEN: usize = 128;

/// A MAC over a message that is not one run of octets. AH needs it, because its ICV covers some octets in another
/// form than they are sent (RFC 4302 section 3.3.3).
///
/// Long pieces are absorbed where they are. Short ones are collected into a chunk.
pub struct Pieces<R> {
    running: R,
    chunk: [u8; MAX_CHUNK_LEN],
    filled: usize,
}

impl<R: Running> Pieces<R> {
    /// Begins a message.
    #[inline]
    pub const fn new(running: R) -> Self {
        Self { running, chunk: [0; MAX_CHUNK_LEN], filled: 0 }
    }

    /// Takes the next octets.
    #[inline]
    pub fn put(&mut self, piece: &[u8]) {
        let chunk_len = self.running.chunk_len().clamp(1, MAX_CHUNK_LEN);
        let mut piece = piece;
        if self.filled > 0 {
            let room = chunk_len.saturating_sub(self.filled);
            // default: a piece that is shorter than the room goes into the chunk whole.
            let (start, rest) = piece.split_at_checked(room).unwrap_or((piece, &[]));
            self.fill(start);
            // A full chunk may be the last one, which must not be absorbed.
            if rest.is_empty() {
                return;
            }
            // default: a chunk is not longer than the array.
            self.running.absorb(self.chunk.get(..chunk_len).unwrap_or_default());
            self.filled = 0;
            piece = rest;
        }
        // default: a chunk has at least one octet.
        let over = piece.len().saturating_sub(1).checked_rem(chunk_len).unwrap_or(0);
        let chunks_len = piece.len().saturating_sub(1).saturating_sub(over);
        // default: the chunks are not longer than the piece they are cut from.
        let (chunks, rest) = piece.split_at_checked(chunks_len).unwrap_or((&[], piece));
        if !chunks.is_empty() {
            self.running.absorb(chunks);
        }
        self.fill(rest);
    }

    /// Ends the message, with the `implied` octets after it. Writes the first octets of the code into `icv`.
    #[inline]
    pub fn finish(self, implied: Option<[u8; 4]>, icv: &mut [u8]) {
        // default: never more is filled than the array has.
        self.running.finish(self.chunk.get(..self.filled).unwrap_or_default(), implied, icv);
    }

    /// Ends the message like [`finish`](Self::finish), and wipes the octets that were not absorbed yet, for a message
    /// that is itself secret.
    pub(crate) fn finish_and_wipe(mut self, code: &mut [u8]) {
        // default: never more is filled than the array has.
        self.running.finish(self.chunk.get(..self.filled).unwrap_or_default(), None, code);
        self.chunk.zeroize();
    }

    #[inline]
    fn fill(&mut self, octets: &[u8]) {
        // These octets are less than a chunk, so they have room.
        put(&mut self.chunk, self.filled, octets);
        self.filled = self.filled.saturating_add(octets.len());
    }
}

impl<R: fmt::Debug> fmt::Debug for Pieces<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pieces({:?}, {} octets)", self.running, self.filled)
    }
}
