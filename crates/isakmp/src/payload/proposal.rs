//! Proposal payload (RFC 2408 section 3.5).

use wire::{Emit, EmitError, List, Parsed, Reader, Writer};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::framing::{PayloadElement, PayloadFraming, chain_len, check_nested, check_type, with_cut};
use super::nested::{Nested, NestedBody};
use super::transform::Transform;
use crate::doi::ProtocolId;
use crate::{ParseError, PayloadType};

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

/// A list of the transforms in a proposal. They are payloads of type 3, which 3 links and 0 ends.
pub type Transforms<'a> = List<'a, PayloadFraming, Nested<'a, Transform<'a>>>;

/// One protocol that is proposed (RFC 2408 section 3.5). The struct is exhaustive on purpose, because the figure has
/// no other field.
///
/// The number of transforms and the size of the SPI follow from the value. A number of transforms that was wrong on
/// the wire is reported as [`Departure::TransformCount`](crate::Departure::TransformCount).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Proposal<'a> {
    /// Proposal #. Proposals with the same number are to be taken together.
    pub proposal_number: u8,
    /// Protocol-Id.
    pub protocol_id: ProtocolId,
    /// The SPI of the sender. It is empty in phase 1, and has 4 octets for ESP and AH, and 2 or 4 octets for IPCOMP.
    pub spi: &'a [u8],
    /// The transforms, in the sender's order of preference.
    pub transforms: Transforms<'a>,
    /// The octets after the last transform. The RFC has no such octets, and receivers ignore them, so they are not
    /// listed as a departure: look here. They must be empty when there is no transform.
    pub trailing: &'a [u8],
}

impl<'a> Proposal<'a> {
    fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        let within = reader.within();
        let (proposal, _) = Self::read_until_error(reader)?.strict()?;
        if let Some(chain) = proposal.transforms.chain() {
            check_nested(chain, PayloadType::TRANSFORM)?;
            let count = chain.element_count();
            if count > usize::from(u8::MAX) {
                return Err(ParseError::TransformCount { count, within, offset: chain.offset() });
            }
        }
        Ok(proposal)
    }

    /// Decodes the body as [`parse`](Self::parse) does, with the transforms up to the first fault, and returns the
    /// fault beside it. It is for a caller that shows broken packets. There is always a fault when octets of the body
    /// are missing. Payloads of other types among the transforms are [`Nested::Malformed`].
    ///
    /// # Errors
    /// Returns [`ParseError`] when the payload has another type, or when the body ends before the transforms begin.
    pub fn parse_until_error(
        element: &PayloadElement<'a>,
    ) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        check_type(element, PayloadType::PROPOSAL)?;
        Ok(with_cut(Self::read_until_error(element.reader())?, element))
    }

    /// Returns the number of transforms that a framed proposal declares. `None` when the proposal ends before that
    /// octet.
    #[must_use]
    pub fn declared_transform_count(element: &PayloadElement<'_>) -> Option<u8> {
        match element.value {
            [_, _, _, count, ..] => Some(*count),
            _ => None,
        }
    }

    fn read_until_error(mut reader: Reader<'a>) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let layout: ProposalLayout = transmute!(*reader.array::<FIXED_LEN>("Proposal")?);
        let spi = reader.take("SPI", usize::from(layout.spi_size))?;
        // A proposal that declares no transforms and has no further octets has no chain.
        let first = match reader.is_empty() && layout.transform_count == 0 {
            true => PayloadType::NONE,
            false => PayloadType::TRANSFORM,
        };
        let Parsed { value: transforms, rest, fault } =
            Transforms::parse_until_error(reader.rest(), reader.offset(), PayloadFraming::first(first));
        let proposal = Self {
            proposal_number: layout.proposal_number,
            protocol_id: ProtocolId(layout.protocol_id),
            spi,
            transforms,
            trailing: if fault.is_none() { rest } else { &[] },
        };
        Ok(Parsed { value: proposal, rest, fault: fault.map(ParseError::Length) })
    }
}

impl Emit for Proposal<'_> {
    fn wire_len(&self) -> usize {
        self.spi
            .len()
            .saturating_add(chain_len(&self.transforms))
            .saturating_add(self.trailing.len())
            .saturating_add(FIXED_LEN)
    }

    /// Writes each transform from its value. A malformed transform is written as it was read.
    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] = transmute!(ProposalLayout {
            proposal_number: self.proposal_number,
            protocol_id: self.protocol_id.0,
            spi_size: EmitError::fit_u8("SPI Size", self.spi.len())?,
            transform_count: EmitError::fit_u8("# of Transforms", self.transforms.count())?,
        });
        if self.transforms.is_empty() && !self.trailing.is_empty() {
            return Err(EmitError::Contradiction {
                field: "# of Transforms",
                reason: "the proposal has no transform, but octets stand where a transform would be read",
            });
        }
        writer.put(&octets)?;
        writer.put(self.spi)?;
        self.transforms.emit_chain(writer, PayloadFraming::first(PayloadType::TRANSFORM))?;
        writer.put(self.trailing)
    }
}

payload_body!(Proposal<'a>, PROPOSAL);

impl<'a> NestedBody<'a> for Proposal<'a> {
    const TYPE: PayloadType = PayloadType::PROPOSAL;

    fn parse(element: &PayloadElement<'a>) -> Result<Self, ParseError> {
        Self::parse(element)
    }
}
