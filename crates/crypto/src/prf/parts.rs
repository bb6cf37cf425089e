use zeroize::Zeroize as _;

use super::Output;
use crate::mac::{MAX_BLOCK_LEN, Running, put};

/// A computation that takes parts of any length: what does not fill a chunk waits for the next part.
pub(super) struct Parts<R> {
    running: R,
    waiting: [u8; MAX_BLOCK_LEN],
    len: usize,
}

impl<R: Running> Parts<R> {
    pub(super) const fn new(running: R) -> Self {
        Self { running, waiting: [0; MAX_BLOCK_LEN], len: 0 }
    }

    pub(super) fn take_all(mut self, parts: &[&[u8]]) -> Self {
        for part in parts {
            self.take(part);
        }
        self
    }

    fn take(&mut self, part: &[u8]) {
        let chunk_len = self.running.chunk_len();
        let room = chunk_len.saturating_sub(self.len);
        // A chunk is absorbed only when an octet comes after it.
        let Some((first, rest)) = part.split_at_checked(room).filter(|(_, rest)| !rest.is_empty()) else {
            put(&mut self.waiting, self.len, part);
            self.len = self.len.saturating_add(part.len());
            return;
        };
        let mut rest = rest;
        if self.len == 0 {
            self.running.absorb(first);
        } else {
            put(&mut self.waiting, self.len, first);
            self.running.absorb(self.waiting.get(..chunk_len).unwrap_or_default());
        }
        let over = rest.len().saturating_sub(1).checked_rem(chunk_len).unwrap_or(0).saturating_add(1);
        let whole = rest.len().saturating_sub(over);
        if let Some((chunks, last)) = rest.split_at_checked(whole).filter(|(chunks, _)| !chunks.is_empty()) {
            self.running.absorb(chunks);
            rest = last;
        }
        put(&mut self.waiting, 0, rest);
        self.len = rest.len();
    }

    pub(super) fn finish(self, output_len: usize) -> Output {
        let Self { running, mut waiting, len } = self;
        let mut octets = [0; Output::MAX_LEN];
        running.finish(waiting.get(..len).unwrap_or_default(), None, &mut octets);
        waiting.zeroize();
        let output = Output::new(octets, output_len);
        octets.zeroize();
        output
    }
}
