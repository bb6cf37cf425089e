//! What parameters and error causes share: a type, a length that counts the header, padding to four octets that
//! the last one of a chunk goes without. RFC 9260 section 3.2.1.

use wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

use crate::Departure;

const HEADER_LEN: usize = 4;

/// An element being written: where it began, behind the padding of the one before it.
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
    // The last one's padding belongs to the chunk, unless the sender counted it (RFC 9260 section 3.2).
    let padding_len = padding_len(len).min(reader.len().saturating_sub(len));
    let header = H::from(u16::from_be_bytes([a, b]));
    reader.element(element, header, HEADER_LEN, value_len, padding_len).map(Some)
}

/// Writes the padding of the element before, then type and room for the length.
pub(crate) fn open(writer: &mut Writer<'_>, previous: Option<usize>, number: u16) -> Result<Open, EmitError> {
    if let Some(start) = previous {
        writer.pad(start, 4, 0)?;
    }
    let start = writer.position();
    writer.u16(number)?;
    Ok(Open { start, length: writer.reserve_u16()? })
}

/// Fills in the length; returns where the element began, for the padding before the next.
pub(crate) fn close(writer: &mut Writer<'_>, open: &Open, field: &'static str) -> Result<usize, EmitError> {
    let len = EmitError::fit_u16(field, writer.position().saturating_sub(open.start))?;
    writer.patch(open.length, len.to_be_bytes())?;
    Ok(open.start)
}

/// Octets of padding after `len` octets.
/// Octets of a run of `len` octets with one more element: the one before is padded first.
pub(crate) const fn len_with(len: usize, value_len: usize) -> usize {
    len.saturating_add(padding_len(len)).saturating_add(HEADER_LEN).saturating_add(value_len)
}

/// Octets after `len` octets up to a multiple of four.
pub(crate) const fn padding_len(len: usize) -> usize {
    3 & 0usize.wrapping_sub(len)
}

/// Octets of a run of elements, of which `value_len` tells the length of the value: padded between them, and behind
/// the last one as far as it came padded.
pub(crate) fn run_len<'a, F>(
    chain: &Chain<'a, F>,
    value_len: impl Fn(&Element<'a, F::Header>) -> usize,
) -> usize
where
    F: Framing,
{
    let (mut total, mut counted) = (0usize, 0);
    for element in chain {
        total = total
            .saturating_add(padding_len(total))
            .saturating_add(HEADER_LEN)
            .saturating_add(value_len(&element));
        counted = element.padding().len();
    }
    total.saturating_add(counted)
}

/// Padding behind the last element of a run: there when the sender counts it in the length around the run, which
/// receivers are to accept (RFC 9260 section 3.2). It is kept.
pub(crate) fn counted_padding<F: Framing>(chain: &Chain<'_, F>) -> Option<(usize, usize)> {
    let last = chain.iter().last()?;
    let count = last.padding().len();
    (count != 0).then_some((chain.rest_offset().saturating_sub(count), count))
}

/// Reports padding that is not written back as it came.
pub(crate) fn report_padding<H>(element: &Element<'_, H>, report: &mut impl FnMut(Departure)) {
    let padding = element.padding();
    if padding.iter().any(|octet| *octet != 0) {
        let offset = element.offset.saturating_add(element.octets.len()).saturating_sub(padding.len());
        report(Departure::Padding { offset });
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
