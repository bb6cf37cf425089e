//! The chaining of payloads (RFC 2408 section 3.2).

use wire::{Chain, Element, EmitError, Framing, LengthError, List, Member, Parsed, Reader, Reserved, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::payload_type::PayloadType;
use crate::{NegotiationContext, ParseError, Payload};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct GenericHeaderLayout {
    next_payload: u8,
    reserved: u8,
    length: U16,
}

/// The number of octets of the generic payload header (RFC 2408 section 3.2).
pub const GENERIC_HEADER_LEN: usize = 4;
const _: () = assert!(size_of::<GenericHeaderLayout>() == GENERIC_HEADER_LEN);

/// The name in errors of a body that was kept apart from its message. Offsets then count from the start of the body.
pub(crate) const BODY: &str = "payload body";

/// The part of a payload's header that does not follow from the body (RFC 2408 section 3.2). The struct is exhaustive
/// on purpose, because the figure has no other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PayloadHeader {
    /// The type of this payload. On the wire it stands in the header before.
    pub payload_type: PayloadType,
    /// The RESERVED octet. The RFC wants it to be zero. Its uppermost bit is the critical bit of IKEv2.
    pub reserved: u8,
}

impl From<PayloadType> for PayloadHeader {
    fn from(payload_type: PayloadType) -> Self {
        Self { payload_type, reserved: 0 }
    }
}

/// A list of the payloads of a message. It was read from octets, or is the values that a message is built from.
pub type Payloads<'a> = List<'a, PayloadFraming, Payload<'a>>;

/// One payload that was framed: its header, and its body that is not decoded yet. The header keeps the number of the
/// wire; [`NegotiationContext::meaning`] returns the type that is meant by it.
pub type PayloadElement<'a> = Element<'a, PayloadHeader>;

/// The framing of payloads, which are linked by types. Each payload says the type of the next one, and the header
/// before the chain says the type of the first.
///
/// The framing holds the [`NegotiationContext`], which decides the meaning of a payload's type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PayloadFraming {
    next: PayloadType,
    ikev2: bool,
    context: NegotiationContext,
    // The place where the type of the next payload goes when the chain is written.
    place: Option<Reserved<1>>,
}

impl PayloadFraming {
    /// Makes the framing of a chain that begins with a payload of this type, in an empty context.
    /// [`PayloadType::NONE`] makes an empty chain. When a chain is written, its first payload must have this type;
    /// after `NONE` it may have any type.
    #[must_use]
    pub const fn first(payload_type: PayloadType) -> Self {
        Self { next: payload_type, ikev2: false, context: NegotiationContext::NONE, place: None }
    }

    /// Makes the framing of a chain of IKEv2 (RFC 7296). An Encrypted payload is the last one whatever its next
    /// payload is, because that is the first payload inside it.
    #[must_use]
    pub const fn ikev2(payload_type: PayloadType) -> Self {
        Self { ikev2: true, ..Self::first(payload_type) }
    }

    /// Makes the framing of a chain to be written. The type of its first payload goes to `place`.
    pub(crate) const fn linked(place: Reserved<1>) -> Self {
        Self { place: Some(place), ..Self::first(PayloadType::NONE) }
    }

    /// Returns the same framing with a context, which decides the meaning of payload numbers.
    #[must_use]
    pub const fn in_context(self, context: NegotiationContext) -> Self {
        Self { context, ..self }
    }

    /// Returns the context, which decides the meaning of payload numbers.
    #[must_use]
    pub const fn context(&self) -> &NegotiationContext {
        &self.context
    }

    /// Returns the type of the payload that comes next.
    #[must_use]
    pub const fn next_payload(&self) -> PayloadType {
        self.next
    }
}

/// Returns the name of a payload in errors and output.
pub(crate) fn name_of(payload_type: PayloadType) -> &'static str {
    // default: a number without a name is called a payload
    payload_type.name().unwrap_or(PayloadFraming::ELEMENT)
}

impl Framing for PayloadFraming {
    type Header = PayloadHeader;
    type Open = (Reserved<1>, Reserved<2>);
    const ELEMENT: &'static str = "payload";
    const WITHIN: &'static str = crate::header::WITHIN;

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<PayloadElement<'a>>, LengthError> {
        if self.next == PayloadType::NONE {
            return Ok(None);
        }
        let next = self.next;
        // An error and a payload that is cut tell the name of the payload. The name is looked up only then.
        let named = |error: LengthError| error.named(name_of(next));
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
            element = element.named(name_of(next));
        }
        self.next = PayloadType(layout.next_payload);
        if self.ikev2 && crate::ikev2::ends_chain(header.payload_type) {
            self.next = PayloadType::NONE;
        }
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: PayloadHeader) -> Result<Self::Open, EmitError> {
        if header.payload_type == PayloadType::NONE {
            return Err(EmitError::Contradiction {
                field: "Next Payload",
                reason: "it is 0, which says that no payload follows, but a payload follows",
            });
        }
        // The octets do not say the type of the first payload in a nested chain.
        if self.place.is_none() && self.next != PayloadType::NONE && self.next != header.payload_type {
            return Err(EmitError::Contradiction {
                field: "Next Payload",
                reason: "a reader takes the first payload here for another type, whatever its number is",
            });
        }
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

/// Returns the type in the Next Payload octet of a framed payload.
#[must_use]
pub fn next_payload(element: &PayloadElement<'_>) -> PayloadType {
    // default: never taken, a framed payload has its header
    PayloadType(element.octets.first().copied().unwrap_or_default())
}

/// Returns the number of octets of a list of payloads as it is written.
pub(crate) fn chain_len<'a, M: Member<'a, PayloadFraming>>(list: &List<'a, PayloadFraming, M>) -> usize {
    match list {
        // A list that was read is written in the same number of octets, because no derived value of a payload changes
        // its length.
        List::Framed(chain) => chain.octets().len(),
        List::Values(_) => list.chain_len(&PayloadFraming::default()),
    }
}

/// Checks that an element has this type.
pub(crate) fn check_type(element: &PayloadElement<'_>, expected: PayloadType) -> Result<(), ParseError> {
    let (found, within, offset) = (element.header.payload_type, element.within, element.offset);
    match found == expected {
        true => Ok(()),
        false => Err(ParseError::UnexpectedPayload { expected, found, within, offset }),
    }
}

/// Checks that all elements of a nested chain have this type.
pub(crate) fn check_nested(
    chain: &Chain<'_, PayloadFraming>,
    expected: PayloadType,
) -> Result<(), ParseError> {
    chain.iter().try_for_each(|element| check_type(&element, expected))
}

/// Writes octets that are kept as they were read, unless some of them are missing.
pub(crate) fn put_whole(
    writer: &mut Writer<'_>,
    element: &'static str,
    octets: &[u8],
    missing: usize,
) -> Result<(), EmitError> {
    match missing {
        0 => writer.put(octets),
        missing => Err(EmitError::CutElement { element, missing }),
    }
}

/// Checks that no octets of the body are missing.
pub(crate) fn check_whole(element: &PayloadElement<'_>) -> Result<(), ParseError> {
    element.fault().map_or(Ok(()), |fault| Err(fault.into()))
}

/// Returns the body of an element. Checks that it has this type, and that none of its octets are missing.
pub(crate) fn whole<'a>(
    element: &PayloadElement<'a>,
    expected: PayloadType,
) -> Result<Reader<'a>, ParseError> {
    check_type(element, expected)?;
    check_whole(element)?;
    Ok(element.reader())
}

/// Adds the fault of a body with missing octets to the part that was read of it.
pub(crate) fn with_cut<'a, T>(
    read: Parsed<'a, T, ParseError>,
    element: &PayloadElement<'a>,
) -> Parsed<'a, T, ParseError> {
    let fault = read.fault.or_else(|| element.fault().map(ParseError::Length));
    Parsed { fault, ..read }
}
