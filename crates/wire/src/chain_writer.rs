//! Writes the elements of a chain one after the other.

use core::ops::Range;

use crate::{EmitError, Framing, Member, Writer};

/// Writes elements one after the other and links them. It serves to fill a packet up to its MTU, or to hash an
/// element in place.
///
/// An element that does not fit leaves no trace: writer and framing are as they were before it.
#[derive(Debug)]
pub struct ChainWriter<'w, 'b, F> {
    writer: &'w mut Writer<'b>,
    framing: F,
}

impl<'w, 'b, F: Framing> ChainWriter<'w, 'b, F> {
    /// Makes a chain writer that begins at the position of `writer`.
    pub const fn new(writer: &'w mut Writer<'b>, framing: F) -> Self {
        Self { writer, framing }
    }

    /// Writes one element with its own header, and returns the range of the element's value in the writer.
    ///
    /// # Errors
    /// Returns an [`EmitError`] when the element does not fit into the buffer, or its length does not fit into its
    /// field.
    pub fn push<'v>(&mut self, member: &impl Member<'v, F>) -> Result<Range<usize>, EmitError> {
        let start = self.writer.position();
        let before = self.framing.clone();
        let result = self.element(member, start);
        if result.is_err() {
            self.writer.truncate(start);
            self.framing = before;
        }
        result
    }

    fn element<'v>(&mut self, member: &impl Member<'v, F>, start: usize) -> Result<Range<usize>, EmitError> {
        let header = member.header();
        let open = self.framing.open(self.writer, header)?;
        let value = self.writer.position();
        member.emit_into(self.writer)?;
        let end = self.writer.position();
        self.framing.close(self.writer, header, open, start)?;
        Ok(value..end)
    }

    /// The underlying writer, to write octets between or after elements.
    pub const fn writer(&mut self) -> &mut Writer<'b> {
        self.writer
    }

    /// Returns the framing in its state after the last element.
    pub fn finish(self) -> F {
        self.framing
    }
}
