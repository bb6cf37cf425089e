//! Proposal payload, RFC 2408 section 3.5.

use wire::{EmitError, LengthError, Reader, Writer};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::transform::Transform;
use super::{PayloadElement, PayloadFraming, chain_len, check_nested, check_type, emit_chain};
use crate::doi::ProtocolId;
use crate::{Departure, ParseError, PayloadType, Payloads};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ProposalLayout {
    proposal_number: u8,
    protocol_id: u8,
    spi_size: u8,
    transform_count: u8,
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<ProposalLayout>() == FIXED_LEN);

/// The transforms in a proposal: payloads of type 3, linked by 3 and ended by 0.
pub type Transforms<'a> = Payloads<'a>;

/// One protocol that is proposed, RFC 2408 section 3.5.
///
/// The number of transforms and the size of the SPI follow from the value. A number of transforms that was wrong on
/// the wire is reported as [`Departure::TransformCount`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Proposal<'a> {
    /// Proposal #: those with the same number are to be taken together.
    pub proposal_number: u8,
    /// Protocol-Id.
    pub protocol_id: ProtocolId,
    /// SPI, of the sender: empty in phase 1, 4 octets for ESP and AH, 2 or 4 for IPCOMP.
    pub spi: &'a [u8],
    /// Transforms, in the sender's order of preference. [`Transform::from_element`] decodes each. Octets after the last
    /// one are its rest.
    pub transforms: Transforms<'a>,
}

impl<'a> Proposal<'a> {
    /// Decodes a body that begins `offset` octets into its message. Transforms are framed and not decoded.
    ///
    /// # Errors
    /// When it is too short, a transform ends after it, there is something else than transforms, or more of them than 255.
    pub fn parse_at(body: &'a [u8], offset: usize) -> Result<Self, ParseError> {
        Self::parse_reporting(body, offset, &mut |_| {})
    }

    /// As [`parse_at`](Self::parse_at), telling of a number of transforms that was wrong.
    ///
    /// # Errors
    /// As [`parse_at`](Self::parse_at).
    pub fn parse_reporting(
        body: &'a [u8],
        offset: usize,
        report: &mut impl FnMut(Departure),
    ) -> Result<Self, ParseError> {
        let (proposal, declared, fault) = Self::read(body, offset)?;
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        check_nested(&proposal.transforms, PayloadType::TRANSFORM)?;
        let counted = proposal.transforms.element_count();
        if counted > usize::from(u8::MAX) {
            return Err(ParseError::TransformCount { count: counted, offset: proposal.transforms.offset() });
        }
        if usize::from(declared) != counted {
            report(Departure::TransformCount { declared, counted });
        }
        Ok(proposal)
    }

    /// As [`parse_at`](Self::parse_at), for those who look at broken packets: the transforms framed before a fault, and
    /// the fault. The types in the chain are not checked.
    ///
    /// # Errors
    /// When the body ends before the transforms begin.
    pub fn parse_until_error(
        body: &'a [u8],
        offset: usize,
    ) -> Result<(Self, Option<LengthError>), ParseError> {
        let (proposal, _, fault) = Self::read(body, offset)?;
        Ok((proposal, fault))
    }

    /// What the body says of the number of its transforms; nothing when it ends before.
    #[must_use]
    pub fn declared_transform_count(body: &[u8]) -> Option<u8> {
        match body {
            [_, _, _, count, ..] => Some(*count),
            _ => None,
        }
    }

    fn read(body: &'a [u8], offset: usize) -> Result<(Self, u8, Option<LengthError>), ParseError> {
        let mut reader = Reader::at("ISAKMP message", body, offset);
        let layout: ProposalLayout = transmute!(*reader.array::<FIXED_LEN>("Proposal")?);
        let spi = reader.take("SPI", usize::from(layout.spi_size))?;
        // A proposal without transforms has no chain to look for.
        let first = match reader.is_empty() && layout.transform_count == 0 {
            true => PayloadType::NONE,
            false => PayloadType::TRANSFORM,
        };
        let wire::Parsed { value: transforms, fault, .. } =
            Transforms::parse_until_error(reader.rest(), reader.offset(), PayloadFraming::first(first));
        let proposal = Self {
            proposal_number: layout.proposal_number,
            protocol_id: ProtocolId(layout.protocol_id),
            spi,
            transforms,
        };
        Ok((proposal, layout.transform_count, fault))
    }

    /// The transforms decoded, each with its element. A payload of another type, which only
    /// [`parse_until_error`](Self::parse_until_error) lets in, is an error.
    pub fn decode_transforms(
        &self,
    ) -> impl Iterator<Item = (PayloadElement<'a>, Result<Transform<'a>, ParseError>)> + Clone + use<'a> {
        self.transforms.iter().map(|element| (element, nested(&element)))
    }

    /// Octets of the body.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.spi.len().saturating_add(chain_len(&self.transforms)).saturating_add(FIXED_LEN)
    }

    /// Encodes the body: each transform from its value, a malformed one as it was.
    ///
    /// # Errors
    /// When the writer has no room, or there are more than 255 transforms or octets of SPI.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let count = emit_fixed(writer, self.proposal_number, self.protocol_id, self.spi)?;
        let counted = EmitError::fit_u8("# of Transforms", self.transforms.element_count())?;
        writer.patch(count, [counted])?;
        emit_chain(&self.transforms, PayloadFraming::default(), writer, |element, writer| {
            match nested(element) {
                Ok(transform) => transform.emit_into(writer),
                Err(_) => writer.put(element.value),
            }
        })
    }
}

fn nested<'a>(element: &PayloadElement<'a>) -> Result<Transform<'a>, ParseError> {
    check_type(element, PayloadType::TRANSFORM)?;
    Transform::from_element(element)
}

/// Writes what stands before the transforms and leaves their number to be filled in.
pub(crate) fn emit_fixed(
    writer: &mut Writer<'_>,
    proposal_number: u8,
    protocol_id: ProtocolId,
    spi: &[u8],
) -> Result<wire::Reserved<1>, EmitError> {
    writer.put(&[proposal_number, protocol_id.0, EmitError::fit_u8("SPI Size", spi.len())?])?;
    let count = writer.reserve_u8()?;
    writer.put(spi)?;
    Ok(count)
}

payload_body!(Proposal<'a>);
