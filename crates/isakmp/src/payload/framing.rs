//! How payloads are chained, RFC 2408 section 3.2.

use wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::PayloadType;
use crate::ParseError;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct GenericHeaderLayout {
    next_payload: u8,
    reserved: u8,
    length: U16,
}

/// Octets of the generic payload header, RFC 2408 section 3.2.
pub const GENERIC_HEADER_LEN: usize = 4;
const _: () = assert!(size_of::<GenericHeaderLayout>() == GENERIC_HEADER_LEN);

/// What precedes a body and does not follow from it, RFC 2408 section 3.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PayloadHeader {
    /// Type of this payload. On the wire it stands in the header before.
    pub payload_type: PayloadType,
    /// The RESERVED octet, zero by the RFC: its uppermost bit is IKEv2's critical bit.
    pub reserved: u8,
}

impl From<PayloadType> for PayloadHeader {
    fn from(payload_type: PayloadType) -> Self {
        Self { payload_type, reserved: 0 }
    }
}

/// A chain of payloads: of a message, of the proposals in an SA, of the transforms in a proposal.
pub type Payloads<'a> = Chain<'a, PayloadFraming>;

/// One payload: its header, and its body that is not decoded yet.
pub type PayloadElement<'a> = Element<'a, PayloadHeader>;

/// Payloads are linked by types: each tells what comes next, and the first one's type is told outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PayloadFraming {
    next: PayloadType,
    ikev2: bool,
    // Where the type of the next payload goes, when writing.
    place: Option<Reserved<1>>,
}

impl PayloadFraming {
    /// A chain whose first payload is of this type; [`PayloadType::NONE`] makes an empty one.
    #[must_use]
    pub const fn first(payload_type: PayloadType) -> Self {
        Self { next: payload_type, ikev2: false, place: None }
    }

    /// A chain of IKEv2, RFC 7296: an Encrypted payload is the last one, whatever it says of the next, because that
    /// is the first of those inside it.
    #[must_use]
    pub const fn ikev2(payload_type: PayloadType) -> Self {
        Self { next: payload_type, ikev2: true, place: None }
    }

    /// A chain to be written, whose first type goes to `place`.
    pub(crate) const fn linked(place: Reserved<1>) -> Self {
        Self { next: PayloadType::NONE, ikev2: false, place: Some(place) }
    }

    /// Type of the payload that comes next.
    #[must_use]
    pub const fn next_payload(&self) -> PayloadType {
        self.next
    }
}

impl Framing for PayloadFraming {
    type Header = PayloadHeader;
    type Open = (Reserved<1>, Reserved<2>);
    const ELEMENT: &'static str = "payload";
    const WITHIN: &'static str = "ISAKMP message";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<PayloadElement<'a>>, LengthError> {
        if self.next == PayloadType::NONE {
            return Ok(None);
        }
        let next = self.next;
        // An error names the payload; its name is looked up only then.
        let named = |error: LengthError| error.named(next.name().unwrap_or(Self::ELEMENT));
        let octets = reader.peek::<GENERIC_HEADER_LEN>(Self::ELEMENT).map_err(named)?;
        let layout: GenericHeaderLayout = transmute!(*octets);
        let len = usize::from(layout.length.get());
        let Some(value_len) = len.checked_sub(GENERIC_HEADER_LEN) else {
            return Err(named(reader.declared_too_short(Self::ELEMENT, GENERIC_HEADER_LEN, len)));
        };
        let header = PayloadHeader { payload_type: next, reserved: layout.reserved };
        let mut element =
            reader.element(Self::ELEMENT, header, GENERIC_HEADER_LEN, value_len, 0).map_err(named)?;
        if element.is_cut() {
            element = element.named(next.name().unwrap_or(Self::ELEMENT));
        }
        self.next = PayloadType(layout.next_payload);
        if self.ikev2 && crate::ikev2::ends_chain(header.payload_type) {
            self.next = PayloadType::NONE;
        }
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: PayloadHeader) -> Result<Self::Open, EmitError> {
        let next = writer.reserve_u8()?;
        writer.u8(header.reserved)?;
        Ok((next, writer.reserve_u16()?))
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        header: PayloadHeader,
        (next, length): Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = EmitError::fit_u16("Payload Length", writer.position().saturating_sub(start))?;
        writer.patch(length, len.to_be_bytes())?;
        match self.place.replace(next) {
            Some(place) => writer.patch(place, [header.payload_type.0]),
            None => {
                self.next = header.payload_type;
                Ok(())
            }
        }
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        len.saturating_add(value_len).saturating_add(GENERIC_HEADER_LEN)
    }
}

/// What the Next Payload octet of a framed payload says.
#[must_use]
pub fn next_payload(element: &PayloadElement<'_>) -> PayloadType {
    PayloadType(element.octets.first().copied().unwrap_or_default())
}

/// Writes a chain again: `body` writes the bodies it can decode and says so, the others are copied. What stood
/// after the last payload is kept.
pub(crate) fn emit_chain(
    payloads: &Payloads<'_>,
    framing: PayloadFraming,
    writer: &mut Writer<'_>,
    body: impl Fn(&PayloadElement<'_>, &mut Writer<'_>) -> Result<(), EmitError>,
) -> Result<(), EmitError> {
    let mut chain = ChainWriter::new(writer, framing);
    for element in payloads {
        chain.push_with(element.header, |writer| body(&element, writer))?;
    }
    writer.put(payloads.rest())
}

/// Octets of a chain and of what stands after it.
pub(crate) fn chain_len(payloads: &Payloads<'_>) -> usize {
    payloads.octets().len().saturating_add(payloads.rest().len())
}

/// Every element of a nested chain has to be of one type.
pub(crate) fn check_nested(payloads: &Payloads<'_>, expected: PayloadType) -> Result<(), ParseError> {
    payloads.iter().try_for_each(|element| check_type(&element, expected))
}

/// An element of a nested chain has to be of this type.
pub(crate) fn check_type(element: &PayloadElement<'_>, expected: PayloadType) -> Result<(), ParseError> {
    let (found, offset) = (element.header.payload_type, element.offset);
    match found == expected {
        true => Ok(()),
        false => Err(ParseError::UnexpectedPayload { expected, found, offset }),
    }
}
