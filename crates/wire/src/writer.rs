//! A bounded cursor over the caller's buffer.

use core::fmt;

use crate::EmitError;

/// Writes octets from front to back into a buffer, and never beyond its end.
///
/// A write that fails leaves the position as it was, and what was written before remains. `Debug` shows the number
/// of octets written, but not the octets, because they may be a key.
pub struct Writer<'b> {
    buffer: &'b mut [u8],
    position: usize,
}

/// A reserved place of `N` octets for a value that is known only later.
///
/// Patch it with the writer that reserved it. With another writer, [`patch`](Writer::patch) either returns
/// [`EmitError::BufferTooSmall`], when that writer has written less, or overwrites the wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reserved<const N: usize> {
    position: usize,
}

impl<'b> Writer<'b> {
    /// A writer over all of `buffer`.
    #[must_use]
    pub const fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, position: 0 }
    }

    /// A writer over the first `len` octets of `buffer`. It serves for a message whose length is known.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the buffer is shorter than `len`.
    pub const fn for_len(buffer: &'b mut [u8], len: usize) -> Result<Self, EmitError> {
        let available = buffer.len();
        match buffer.split_at_mut_checked(len) {
            Some((buffer, _)) => Ok(Self::new(buffer)),
            None => Err(EmitError::BufferTooSmall { needed: len, available }),
        }
    }

    /// The number of octets written so far.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The octets written so far.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        // default: never taken, because the position stays inside the buffer
        self.buffer.get(..self.position).unwrap_or_default()
    }

    /// The octets written so far, to be changed in place, for example by a digest over the whole message.
    #[must_use]
    pub fn written_mut(&mut self) -> &mut [u8] {
        // default: never taken, because the position stays inside the buffer
        self.buffer.get_mut(..self.position).unwrap_or_default()
    }

    /// Ends the writer and returns the part of the buffer that was written.
    #[must_use]
    pub fn into_written(self) -> &'b mut [u8] {
        // default: never taken, because the position stays inside the buffer
        self.buffer.get_mut(..self.position).unwrap_or_default()
    }

    /// Discards the octets written from `position` on. A position beyond that of the writer changes nothing.
    pub const fn truncate(&mut self, position: usize) {
        if position < self.position {
            self.position = position;
        }
    }

    /// The next `len` octets of the buffer, for the caller to fill. They count as written.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when fewer than `len` octets are left in the buffer.
    pub fn next(&mut self, len: usize) -> Result<&mut [u8], EmitError> {
        let end = self.position.saturating_add(len);
        let available = self.buffer.len();
        match self.buffer.get_mut(self.position..end) {
            Some(octets) => {
                self.position = end;
                Ok(octets)
            }
            None => Err(EmitError::BufferTooSmall { needed: end, available }),
        }
    }

    /// Writes `octets`.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn put(&mut self, octets: &[u8]) -> Result<(), EmitError> {
        Ok(crate::copy(self.next(octets.len())?, octets)?)
    }

    /// Writes `len` octets with the value `value`.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn fill(&mut self, value: u8, len: usize) -> Result<(), EmitError> {
        self.next(len)?.fill(value);
        Ok(())
    }

    /// Writes one octet.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when it does not fit.
    pub fn u8(&mut self, value: u8) -> Result<(), EmitError> {
        self.put(&[value])
    }

    /// Writes a number as two octets, the most significant octet first.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn u16(&mut self, value: u16) -> Result<(), EmitError> {
        self.put(&value.to_be_bytes())
    }

    /// Writes a number as four octets, the most significant octet first.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn u32(&mut self, value: u32) -> Result<(), EmitError> {
        self.put(&value.to_be_bytes())
    }

    /// Writes a number as eight octets, the most significant octet first.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn u64(&mut self, value: u64) -> Result<(), EmitError> {
        self.put(&value.to_be_bytes())
    }

    /// Writes one zero octet, to be patched later.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when it does not fit.
    pub fn reserve_u8(&mut self) -> Result<Reserved<1>, EmitError> {
        self.reserve()
    }

    /// Writes two zero octets, to be patched later.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn reserve_u16(&mut self) -> Result<Reserved<2>, EmitError> {
        self.reserve()
    }

    /// Writes four zero octets, to be patched later.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn reserve_u32(&mut self) -> Result<Reserved<4>, EmitError> {
        self.reserve()
    }

    /// Writes `N` zero octets, to be patched later.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn reserve<const N: usize>(&mut self) -> Result<Reserved<N>, EmitError> {
        let position = self.position;
        self.fill(0, N)?;
        Ok(Reserved { position })
    }

    /// Writes `octets` over a reserved place.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the place was reserved by another writer and lies beyond what
    /// this one has written.
    pub fn patch<const N: usize>(&mut self, reserved: Reserved<N>, octets: [u8; N]) -> Result<(), EmitError> {
        let available = self.position;
        let needed = reserved.position.saturating_add(N);
        match self.written_mut().get_mut(reserved.position..).and_then(|octets| octets.first_chunk_mut::<N>())
        {
            Some(place) => {
                *place = octets;
                Ok(())
            }
            None => Err(EmitError::BufferTooSmall { needed, available }),
        }
    }

    /// Writes octets of `value` until the number of octets written since `start` is a multiple of `alignment`.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when they do not fit.
    pub fn pad(&mut self, start: usize, alignment: usize, value: u8) -> Result<(), EmitError> {
        let len = self.position.saturating_sub(start);
        // default: an alignment of zero adds no padding
        let padded = len.checked_next_multiple_of(alignment).unwrap_or(len);
        self.fill(value, padded.saturating_sub(len))
    }
}

impl fmt::Debug for Writer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Writer")
            .field("position", &self.position)
            .field("len", &self.buffer.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_never_outgrows_its_buffer_and_a_failed_write_changes_nothing() {
        let mut buffer = [0xaa; 5];
        let mut writer = Writer::new(&mut buffer);
        writer.u32(0x0102_0304).unwrap();
        let error = writer.u16(0xffff).unwrap_err();
        assert_eq!(error, EmitError::BufferTooSmall { needed: 6, available: 5 });
        assert_eq!(writer.position(), 4);
        assert_eq!(writer.into_written(), [1, 2, 3, 4]);
        assert_eq!(buffer, [1, 2, 3, 4, 0xaa]);
    }

    #[test]
    fn a_writer_for_a_length_says_the_whole_need_at_once() {
        let mut buffer = [0; 3];
        assert_eq!(
            Writer::for_len(&mut buffer, 20).unwrap_err(),
            EmitError::BufferTooSmall { needed: 20, available: 3 }
        );
        let mut writer = Writer::for_len(&mut buffer, 2).unwrap();
        writer.u16(7).unwrap();
        assert!(writer.u8(1).is_err());
    }

    #[test]
    fn integers_are_written_most_significant_octet_first() {
        let mut buffer = [0xaa; 16];
        let mut writer = Writer::new(&mut buffer);
        writer.u8(1).unwrap();
        writer.u16(0x0203).unwrap();
        writer.u32(0x0405_0607).unwrap();
        writer.u64(0x0809_0a0b_0c0d_0e0f).unwrap();
        assert_eq!(writer.position(), 15);
        assert!(writer.u64(0).is_err() && writer.u16(0).is_err());
        assert_eq!(writer.into_written(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    }

    #[test]
    fn lengths_known_later_are_patched() {
        let mut buffer = [0xff; 8];
        let mut writer = Writer::new(&mut buffer);
        writer.u8(1).unwrap();
        let length = writer.reserve_u16().unwrap();
        writer.put(b"abc").unwrap();
        writer.patch(length, 6u16.to_be_bytes()).unwrap();
        assert_eq!(writer.written(), [1, 0, 6, b'a', b'b', b'c']);
        writer.pad(0, 4, 0).unwrap();
        assert_eq!(writer.position(), 8);
        writer.truncate(100);
        assert_eq!(writer.position(), 8);
        writer.truncate(1);
        assert_eq!(
            writer.patch(length, [0, 0]),
            Err(EmitError::BufferTooSmall { needed: 3, available: 1 }),
            "a place that was truncated cannot be patched"
        );
    }

    #[test]
    fn debug_shows_no_octet_for_it_may_be_a_key() {
        let shown = std::format!("{:?}", Writer::new(&mut [0xa5; 3]));
        assert_eq!(shown, "Writer { position: 0, len: 3 }");
    }

    #[test]
    fn padding_counts_from_the_start_it_is_given() {
        let mut buffer = [9; 16];
        let mut writer = Writer::new(&mut buffer);
        writer.fill(1, 3).unwrap();
        let start = writer.position();
        writer.fill(2, 5).unwrap();
        writer.pad(start, 4, 0).unwrap();
        assert_eq!(writer.position(), 11);
        writer.pad(start, 0, 0).unwrap();
        assert_eq!(writer.position(), 11, "an alignment of zero adds no padding");
    }
}
