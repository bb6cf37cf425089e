//! The framing that parameters and error causes share (RFC 9260 section 3.2.1): a type, a length that includes the
//! header, and padding to a multiple of four octets. The last element of a chunk has no padding of its own.

use wire::{Chain, Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Reserved, Writer};

const HEADER_LEN: usize = 4;

/// An element that is being written. `start` is its offset, after the padding of the element before it.
#[derive(Debug)]
pub struct Open {
    start: usize,
    length: Reserved<2>,
}

pub(crate) fn split<'a, H: From<u16>>(
    reader: &mut Reader<'a>,
    element: &'static str,
) -> Result<Option<Element<'a, H>>, LengthError> {
    if reader.is_empty() {
        return Ok(None);
    }
    let [a, b, high, low] = *reader.peek(element)?;
    let len = usize::from(u16::from_be_bytes([high, low]));
    let value_len = len.checked_sub(HEADER_LEN).ok_or(reader.declared_too_short(element, HEADER_LEN, len))?;
    // The padding of the last element belongs to the chunk, unless the sender counted it (RFC 9260 section 3.2).
    let padding_len = padding_len(len).min(reader.len().saturating_sub(len));
    let header = H::from(u16::from_be_bytes([a, b]));
    reader.element(element, header, HEADER_LEN, value_len, padding_len).map(Some)
}

/// Writes the padding of the previous element, then the type, and reserves the length.
pub(crate) fn open(writer: &mut Writer<'_>, previous: Option<usize>, number: u16) -> Result<Open, EmitError> {
    if let Some(start) = previous {
        writer.pad(start, 4, 0)?;
    }
    let start = writer.position();
    writer.u16(number)?;
    Ok(Open { start, length: writer.reserve_u16()? })
}

/// Writes the length. Returns the offset of the element, from which the padding before the next element is computed.
pub(crate) fn close(writer: &mut Writer<'_>, open: &Open, field: &'static str) -> Result<usize, EmitError> {
    let len = EmitError::fit_u16(field, writer.position().saturating_sub(open.start))?;
    writer.patch(open.length, len.to_be_bytes())?;
    Ok(open.start)
}

/// The length of a list of `len` octets with one more element. The previous element is padded first.
pub(crate) const fn len_with(len: usize, value_len: usize) -> usize {
    padded(len).saturating_add(HEADER_LEN).saturating_add(value_len)
}

/// Writes the octets of an element that was not decoded. It fails when `missing` octets were not there when the element
/// was read.
pub(crate) fn put_whole(
    element: &'static str,
    value: &[u8],
    missing: usize,
    writer: &mut Writer<'_>,
) -> Result<(), EmitError> {
    if missing != 0 {
        return Err(EmitError::CutElement { element, missing });
    }
    writer.put(value)
}

/// The number of padding octets that bring `len` octets to a multiple of four.
pub(crate) const fn padding_len(len: usize) -> usize {
    3 & 0usize.wrapping_sub(len)
}

/// The length of `len` octets with their padding.
pub(crate) const fn padded(len: usize) -> usize {
    len.saturating_add(padding_len(len))
}

/// The number of octets that [`emit_run`] writes.
pub(crate) fn run_len<'a, F, M>(list: &List<'a, F, M>) -> usize
where
    F: Framing + Default,
    M: Member<'a, F>,
{
    list.wire_len().saturating_add(counted_padding(list).map_or(0, |(_, count)| count))
}

/// Writes the parameters or causes of a chunk, with padding between them. Padding follows the last one only if it did
/// when the list was read.
pub(crate) fn emit_run<'a, F, M>(list: &List<'a, F, M>, writer: &mut Writer<'_>) -> Result<(), EmitError>
where
    F: Framing + Default,
    M: Member<'a, F>,
{
    list.emit_into(writer)?;
    writer.fill(0, counted_padding(list).map_or(0, |(_, count)| count))
}

/// The offset and the length of the padding after the last element of a list. `None` unless the sender counted this
/// padding in the length of the chunk, which receivers should accept (RFC 9260 section 3.2). Emitting keeps it.
pub(crate) fn counted_padding<F: Framing, M>(list: &List<'_, F, M>) -> Option<(usize, usize)> {
    let chain = list.chain()?;
    let count = chain.iter().last()?.padding().len();
    (count != 0).then_some((chain.rest_offset().saturating_sub(count), count))
}

/// The offset and the header of each member of a list. They are those that were read, or those that will be written
/// when the first member is at offset `base`.
pub(crate) fn headers<'a, F, M>(
    list: &List<'a, F, M>,
    base: usize,
) -> impl Iterator<Item = (usize, F::Header)> + use<'a, F, M>
where
    F: Framing + Default,
    M: Member<'a, F>,
{
    // A list that was read from one packet may be a part of another.
    let start = list.chain().map_or(base, Chain::offset);
    let read = list
        .elements()
        .map(move |element| (element.offset.saturating_sub(start).saturating_add(base), element.header));
    let built = values(list).iter().scan(0, move |len, member| {
        let offset = base.saturating_add(padded(*len));
        *len = F::default().len_with(*len, member.header(), member.wire_len());
        Some((offset, member.header()))
    });
    read.chain(built)
}

/// The members of a list that was built from values. It is empty for a list that was read.
pub(crate) const fn values<'a, F: Framing, M>(list: &List<'a, F, M>) -> &'a [M] {
    match list {
        List::Framed(_) => &[],
        List::Values(values) => values,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_fills_up_to_four() {
        for len in 0..20 {
            assert_eq!((len + padding_len(len)) % 4, 0);
            assert!(padding_len(len) < 4);
        }
    }
}
