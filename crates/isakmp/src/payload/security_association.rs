//! Security Association payload, RFC 2408 section 3.4 and RFC 2407 section 4.6.1.

use wire::{EmitError, LengthError, Reader, Writer};

use super::proposal::Proposal;
use super::situation::Situation;
use super::{PayloadElement, PayloadFraming, chain_len, check_nested, check_type, emit_chain};
use crate::doi::Doi;
use crate::{ParseError, PayloadType, Payloads};

/// The proposals in a security association: payloads of type 2, linked by 2 and ended by 0.
pub type Proposals<'a> = Payloads<'a>;

/// A security association being negotiated, RFC 2408 section 3.4.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SecurityAssociation<'a> {
    /// Domain of Interpretation.
    pub doi: Doi,
    /// Situation. Of another DOI than IPsec's it is all the rest of the body.
    pub situation: Situation<'a>,
    /// Proposals, in the sender's order of preference; those with the same number belong together.
    /// [`Proposal::from_element`] decodes each. Octets after the last one are its rest.
    pub proposals: Proposals<'a>,
}

impl<'a> SecurityAssociation<'a> {
    /// Decodes a body that begins `offset` octets into its message. Proposals are framed and not decoded.
    ///
    /// # Errors
    /// When it is too short, a proposal ends after it, or there is something else than proposals.
    pub fn parse_at(body: &'a [u8], offset: usize) -> Result<Self, ParseError> {
        match Self::parse_until_error(body, offset)? {
            (value, None) => {
                check_nested(&value.proposals, PayloadType::PROPOSAL)?;
                Ok(value)
            }
            (_, Some(fault)) => Err(fault.into()),
        }
    }

    /// As [`parse_at`](Self::parse_at), for those who look at broken packets: the proposals framed before a fault, and
    /// the fault. The types in the chain are not checked.
    ///
    /// # Errors
    /// When the body ends before the proposals begin.
    pub fn parse_until_error(
        body: &'a [u8],
        offset: usize,
    ) -> Result<(Self, Option<LengthError>), ParseError> {
        let mut reader = Reader::at("ISAKMP message", body, offset);
        let doi = Doi(reader.u32("Domain of Interpretation")?);
        if doi != Doi::IPSEC {
            let situation = Situation::Other(reader.rest());
            return Ok((Self { doi, situation, proposals: Proposals::default() }, None));
        }
        let situation = Situation::read(&mut reader)?;
        // An association without proposals has no chain to look for.
        let framing = PayloadFraming::first(match reader.is_empty() {
            true => PayloadType::NONE,
            false => PayloadType::PROPOSAL,
        });
        let wire::Parsed { value: proposals, fault, .. } =
            Proposals::parse_until_error(reader.rest(), reader.offset(), framing);
        Ok((Self { doi, situation, proposals }, fault))
    }

    /// The proposals decoded, each with its element. A payload of another type, which only
    /// [`parse_until_error`](Self::parse_until_error) lets in, is an error.
    pub fn decode_proposals(
        &self,
    ) -> impl Iterator<Item = (PayloadElement<'a>, Result<Proposal<'a>, ParseError>)> + Clone + use<'a> {
        self.proposals.iter().map(|element| (element, nested(&element)))
    }

    /// Octets of the body.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.situation.wire_len().saturating_add(chain_len(&self.proposals)).saturating_add(4)
    }

    /// Encodes the body: each proposal from its value, a malformed one as it was.
    ///
    /// # Errors
    /// When the writer has no room, or a length does not fit its field.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.doi.0)?;
        self.situation.emit_into(writer)?;
        emit_chain(&self.proposals, PayloadFraming::default(), writer, |element, writer| {
            match nested(element) {
                Ok(proposal) => proposal.emit_into(writer),
                Err(_) => writer.put(element.value),
            }
        })
    }
}

fn nested<'a>(element: &PayloadElement<'a>) -> Result<Proposal<'a>, ParseError> {
    check_type(element, PayloadType::PROPOSAL)?;
    Proposal::from_element(element)
}

payload_body!(SecurityAssociation<'a>);
