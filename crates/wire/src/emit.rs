//! The trait for values that can be sent.

use crate::{EmitError, Writer};

/// A value that can be emitted as octets. Lengths, counts, checksums and padding are derived while it is written.
///
/// An implementation provides [`wire_len`](Self::wire_len) and [`emit_into`](Self::emit_into). A caller mostly
/// uses [`emit`](Self::emit).
pub trait Emit {
    /// The number of octets of the value, which is exactly the number that [`emit_into`](Self::emit_into) writes.
    fn wire_len(&self) -> usize;

    /// Writes the value at the position of `writer`, for example inside a larger message.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when the value does not fit into the buffer, when a derived length or count does
    /// not fit into its field, or when the value must not be sent. The octets written before the error remain, so
    /// a caller that continues truncates the writer first.
    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError>;

    /// Writes the value at the front of `buffer`, and returns the octets that were written.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the buffer is shorter than [`wire_len`](Self::wire_len), and
    /// another [`EmitError`] when a derived length or count does not fit into its field or the value must not be
    /// sent.
    fn emit<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b mut [u8], EmitError> {
        let mut writer = Writer::for_len(buffer, self.wire_len())?;
        self.emit_into(&mut writer)?;
        Ok(writer.into_written())
    }

    /// Emits the value into a new vector. It is there with the feature `alloc` of the crate that the value is from.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when a derived length or count does not fit into its field, or the value must not
    /// be sent.
    #[cfg(feature = "alloc")]
    fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        let written = self.emit(&mut octets)?.len();
        octets.truncate(written);
        Ok(octets)
    }
}

impl<T: Emit + ?Sized> Emit for &T {
    fn wire_len(&self) -> usize {
        T::wire_len(self)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        T::emit_into(self, writer)
    }
}

/// Octets that are sent as they are.
impl Emit for [u8] {
    fn wire_len(&self) -> usize {
        self.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Word(u16);

    impl Emit for Word {
        fn wire_len(&self) -> usize {
            2
        }

        fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
            writer.u16(self.0)
        }
    }

    #[test]
    fn a_value_is_written_at_the_front_and_nothing_behind_it_changes() {
        let mut buffer = [9; 4];
        assert_eq!(Word(0x0102).emit(&mut buffer).unwrap(), [1, 2]);
        assert_eq!(buffer, [1, 2, 9, 9]);
        let borrowed = &Word(7);
        assert_eq!(Emit::emit(&borrowed, &mut buffer).unwrap(), [0, 7]);
        let octets: &[u8] = &[5, 6, 7];
        assert_eq!(octets.emit(&mut buffer).unwrap(), [5, 6, 7]);
    }

    #[test]
    fn a_buffer_too_small_is_told_with_the_whole_need() {
        let error = Word(1).emit(&mut [0]).unwrap_err();
        assert_eq!(error, EmitError::BufferTooSmall { needed: 2, available: 1 });
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn a_vector_has_the_octets_and_no_more() {
        assert_eq!(Word(0x0304).to_vec().unwrap(), [3, 4]);
    }
}
