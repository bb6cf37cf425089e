//! The elements of layers that no crate of this project knows: tags, attributes and options that are only read.

use wire::{Element, LengthError, Reader};

use crate::read_only::Split;

/// A family of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// The options of neighbour discovery, RFC 4861 section 4.6.
    NeighbourDiscovery,
    /// The tags of `PPPoE` discovery, RFC 2516 section 4.
    PppoeTag,
    /// The attributes of a packet that Linux logged, in the byte order of the machine.
    Nflog { is_little: bool },
}

/// The length of a type and a length of two octets each.
const WIDE_HEADER: usize = 4;

impl Split for Family {
    type Header = u16;
    const ELEMENT: &'static str = "option";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, u16>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        // The length counts the whole element, in neighbour discovery in units of 8 octets.
        let (kind, header_len, len, unit) = match *self {
            Family::NeighbourDiscovery => {
                let [kind, len] = *reader.peek(Self::ELEMENT)?;
                (u16::from(kind), 2, usize::from(len).saturating_mul(8), 8)
            }
            Family::PppoeTag => {
                let [kind_high, kind_low, high, low] = *reader.peek(Self::ELEMENT)?;
                let len = usize::from(u16::from_be_bytes([high, low])).saturating_add(WIDE_HEADER);
                (u16::from_be_bytes([kind_high, kind_low]), WIDE_HEADER, len, 1)
            }
            Family::Nflog { is_little } => {
                let [a, b, c, d] = *reader.peek(Self::ELEMENT)?;
                let word = |word| if is_little { u16::from_le_bytes(word) } else { u16::from_be_bytes(word) };
                (word([c, d]), WIDE_HEADER, usize::from(word([a, b])), 1)
            }
        };
        let Some(value_len) = len.checked_sub(header_len) else {
            let least = header_len.next_multiple_of(unit);
            return Err(reader.declared_too_short(Self::ELEMENT, least, len));
        };
        // Attributes of Linux are filled up to whole words.
        let padding = match *self {
            Family::Nflog { .. } => len.next_multiple_of(4).saturating_sub(len),
            _ => 0,
        };
        reader.element(Self::ELEMENT, kind, header_len, value_len, padding).map(Some)
    }
}
