//! Writing elements one after the other.

use core::ops::Range;

use crate::{EmitError, Framing, Member, Writer};

/// Writes elements one after the other and links them: for filling a packet up to its MTU, or hashing in place.
///
/// An element that does not fit leaves no trace: the writer and the framing stand as before it.
#[derive(Debug)]
pub struct ChainWriter<'w, 'b, F> {
    writer: &'w mut Writer<'b>,
    framing: F,
}

impl<'w, 'b, F: Framing> ChainWriter<'w, 'b, F> {
    /// Elements are written where `writer` stands.
    pub const fn new(writer: &'w mut Writer<'b>, framing: F) -> Self {
        Self { writer, framing }
    }

    /// Writes an element under the header that it tells itself, and returns where its value stands in the writer.
    ///
    /// # Errors
    /// When it does not fit the buffer, or its length its field.
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

    /// The writer, to put octets between or after elements.
    pub const fn writer(&mut self) -> &mut Writer<'b> {
        self.writer
    }

    /// The framing as the last element left it.
    pub fn finish(self) -> F {
        self.framing
    }
}
