//! Transform payload (RFC 2408 section 3.6).

use wire::{Emit, EmitError, Parsed, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::framing::PayloadElement;
use super::nested::NestedBody;
use crate::attribute::attributes_len;
use crate::{AttributeFraming, Attributes, ParseError, PayloadType};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct TransformLayout {
    transform_number: u8,
    transform_id: u8,
    reserved: U16,
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<TransformLayout>() == FIXED_LEN);

/// One set of mechanisms for a proposed protocol (RFC 2408 section 3.6). The struct is exhaustive on purpose, because
/// the figure has no other field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Transform<'a> {
    /// Transform #: the number of the transform.
    pub transform_number: u8,
    /// Transform-Id. The protocol of the proposal decides its meaning
    /// ([`doi::transform_name`](crate::doi::transform_name)).
    pub transform_id: u8,
    /// The RESERVED2 field. The RFC wants it to be zero.
    pub reserved: u16,
    /// SA Attributes. They are those of [`doi::oakley`](crate::doi::oakley) when the protocol is ISAKMP, and those of
    /// [`doi::ipsec`](crate::doi::ipsec) otherwise.
    pub attributes: Attributes<'a>,
}

impl<'a> Transform<'a> {
    fn read_until_error(mut reader: Reader<'a>) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let layout: TransformLayout = transmute!(*reader.array::<FIXED_LEN>("Transform")?);
        let Parsed { value: attributes, rest, fault } =
            Attributes::parse_until_error(reader.rest(), reader.offset(), AttributeFraming);
        let value = Self {
            transform_number: layout.transform_number,
            transform_id: layout.transform_id,
            reserved: layout.reserved.get(),
            attributes,
        };
        Ok(Parsed { value, rest, fault: fault.map(ParseError::Length) })
    }
}

impl Emit for Transform<'_> {
    fn wire_len(&self) -> usize {
        attributes_len(&self.attributes).saturating_add(FIXED_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] = transmute!(TransformLayout {
            transform_number: self.transform_number,
            transform_id: self.transform_id,
            reserved: U16::new(self.reserved),
        });
        writer.put(&octets)?;
        self.attributes.emit_into(writer)
    }
}

attributes_payload!(Transform, TRANSFORM);

impl<'a> NestedBody<'a> for Transform<'a> {
    const TYPE: PayloadType = PayloadType::TRANSFORM;

    fn parse(element: &PayloadElement<'a>) -> Result<Self, ParseError> {
        Self::parse(element)
    }
}
