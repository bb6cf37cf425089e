//! Transform payload, RFC 2408 section 3.6.

use wire::{EmitError, LengthError, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::attribute::{Attribute, AttributeFraming, Attributes, emit_attributes};
use crate::ParseError;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct TransformLayout {
    transform_number: u8,
    transform_id: u8,
    reserved: U16,
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<TransformLayout>() == FIXED_LEN);

/// One set of mechanisms for a proposed protocol, RFC 2408 section 3.6.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Transform<'a> {
    /// Transform #.
    pub transform_number: u8,
    /// Transform-Id. Its meaning depends on the proposal's protocol:
    /// [`doi::transform_name`](crate::doi::transform_name).
    pub transform_id: u8,
    /// RESERVED2, zero by the RFC.
    pub reserved: u16,
    /// SA Attributes: [`doi::oakley`](crate::doi::oakley) under ISAKMP, [`doi::ipsec`](crate::doi::ipsec) under the
    /// others.
    pub attributes: Attributes<'a>,
}

impl<'a> Transform<'a> {
    /// As [`parse_at`](Self::parse_at), for those who look at broken packets: the attributes framed before a fault, and
    /// the fault.
    ///
    /// # Errors
    /// When the body ends before the attributes begin.
    pub fn parse_until_error(
        body: &'a [u8],
        offset: usize,
    ) -> Result<(Self, Option<LengthError>), ParseError> {
        let mut reader = Reader::at("ISAKMP message", body, offset);
        let layout: TransformLayout = transmute!(*reader.array::<FIXED_LEN>("Transform")?);
        let wire::Parsed { value: attributes, fault, .. } =
            Attributes::parse_until_error(reader.rest(), reader.offset(), AttributeFraming);
        let transform = Self {
            transform_number: layout.transform_number,
            transform_id: layout.transform_id,
            reserved: layout.reserved.get(),
            attributes,
        };
        Ok((transform, fault))
    }

    /// Encodes the body.
    ///
    /// # Errors
    /// When the writer has no room.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        emit_fixed(writer, self.transform_number, self.transform_id, self.reserved)?;
        emit_attributes(&self.attributes, writer)
    }
}

/// Writes what stands before the attributes.
pub(crate) fn emit_fixed(
    writer: &mut Writer<'_>,
    transform_number: u8,
    transform_id: u8,
    reserved: u16,
) -> Result<(), EmitError> {
    let octets: [u8; FIXED_LEN] =
        transmute!(TransformLayout { transform_number, transform_id, reserved: U16::new(reserved) });
    writer.put(&octets)
}

attributes_payload!(Transform, FIXED_LEN);
