//! Wrappers of `isakmp`: framings.

use isakmp::{
    AttributeElement, AttributeFraming, AttributeHeader, EmitError, LengthError, NegotiationContext,
    PayloadElement, PayloadFraming, PayloadHeader, PayloadType, Writer,
};
use wire::{Framing, Reader, Reserved};

#[inline(never)]
pub fn payload_framing_split<'a>(
    framing: &mut PayloadFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<PayloadElement<'a>>, LengthError> {
    covers!(isakmp::payload::framing::PayloadFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn payload_framing_open(
    framing: &mut PayloadFraming,
    writer: &mut Writer<'_>,
    header: PayloadHeader,
) -> Result<(Reserved<1>, Reserved<2>), EmitError> {
    covers!(isakmp::payload::framing::PayloadFraming::open);
    framing.open(writer, header)
}

#[inline(never)]
pub fn payload_framing_close(
    framing: &mut PayloadFraming,
    writer: &mut Writer<'_>,
    header: PayloadHeader,
    open: (Reserved<1>, Reserved<2>),
    start: usize,
) -> Result<(), EmitError> {
    covers!(isakmp::payload::framing::PayloadFraming::close);
    framing.close(writer, header, open, start)
}

#[inline(never)]
pub fn payload_framing(
    payload_type: PayloadType,
    context: NegotiationContext,
) -> ([PayloadFraming; 2], NegotiationContext, PayloadType, PayloadHeader) {
    covers!(
        isakmp::payload::framing::PayloadFraming::first,
        isakmp::payload::framing::PayloadFraming::ikev2,
        isakmp::payload::framing::PayloadFraming::in_context,
        isakmp::payload::framing::PayloadFraming::context,
        isakmp::payload::framing::PayloadFraming::next_payload,
        isakmp::payload::framing::PayloadHeader::from
    );
    let first = PayloadFraming::first(payload_type).in_context(context);
    let header = PayloadHeader::from(payload_type);
    ([first, PayloadFraming::ikev2(payload_type)], *first.context(), first.next_payload(), header)
}

#[inline(never)]
pub fn attribute_framing_split<'a>(
    reader: &mut Reader<'a>,
) -> Result<Option<AttributeElement<'a>>, LengthError> {
    covers!(isakmp::attribute::AttributeFraming::split);
    AttributeFraming.split(reader)
}

#[inline(never)]
pub fn attribute_framing_open(
    writer: &mut Writer<'_>,
    header: AttributeHeader,
) -> Result<Option<Reserved<2>>, EmitError> {
    covers!(isakmp::attribute::AttributeFraming::open);
    AttributeFraming.open(writer, header)
}

#[inline(never)]
pub fn attribute_framing_close(
    writer: &mut Writer<'_>,
    header: AttributeHeader,
    open: Option<Reserved<2>>,
    start: usize,
) -> Result<(), EmitError> {
    covers!(isakmp::attribute::AttributeFraming::close);
    AttributeFraming.close(writer, header, open, start)
}

#[inline(never)]
pub fn chain_lengths(
    framing: &PayloadFraming,
    payload: PayloadHeader,
    attribute: AttributeHeader,
    len: usize,
    value_len: usize,
) -> (usize, usize) {
    covers!(
        isakmp::payload::framing::PayloadFraming::len_with,
        isakmp::attribute::AttributeFraming::len_with
    );
    (framing.len_with(len, payload, value_len), AttributeFraming.len_with(len, attribute, value_len))
}
