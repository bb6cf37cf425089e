//! Security Association payload, RFC 2408 section 3.4 and RFC 2407 section 4.6.1.

use wire::{Emit, EmitError, List, Parsed, Reader, Writer};

use super::framing::{PayloadElement, PayloadFraming, chain_len, check_nested, check_type, with_cut};
use super::nested::Nested;
use super::proposal::Proposal;
use super::situation::Situation;
use crate::doi::Doi;
use crate::{ParseError, PayloadType};

/// The proposals in a security association: payloads of type 2, linked by 2 and ended by 0.
pub type Proposals<'a> = List<'a, PayloadFraming, Nested<'a, Proposal<'a>>>;

/// A security association being negotiated, RFC 2408 section 3.4. Exhaustive on purpose: the figure has no other field.
///
/// The default has the IPsec DOI, `SIT_IDENTITY_ONLY` and no proposal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SecurityAssociation<'a> {
    /// Domain of Interpretation.
    pub doi: Doi,
    /// Situation. Of another DOI than IPsec's it is all the rest of the body: [`Situation::Other`], without proposals.
    pub situation: Situation<'a>,
    /// Proposals, in the sender's order of preference; those with the same number belong together.
    pub proposals: Proposals<'a>,
    /// Octets after the last proposal: none by the RFC, and ignored by receivers. Without a proposal there are none.
    pub trailing: &'a [u8],
}

impl Default for SecurityAssociation<'_> {
    fn default() -> Self {
        Self {
            doi: Doi::IPSEC,
            situation: Situation::IDENTITY_ONLY,
            proposals: Proposals::default(),
            trailing: &[],
        }
    }
}

impl<'a> SecurityAssociation<'a> {
    fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        let (association, _) = Self::read_until_error(reader)?.strict()?;
        if let Some(chain) = association.proposals.chain() {
            check_nested(chain, PayloadType::PROPOSAL)?;
        }
        Ok(association)
    }

    /// As [`parse`](Self::parse), for a caller that shows broken packets: the proposals up to the first
    /// fault, and the fault. Where octets of the body are missing there is always a fault. Payloads of other types among
    /// the proposals are [`Nested::Malformed`].
    ///
    /// # Errors
    /// When the payload is of another type, or the body ends before the proposals begin.
    pub fn parse_until_error(
        element: &PayloadElement<'a>,
    ) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        check_type(element, PayloadType::SECURITY_ASSOCIATION)?;
        Ok(with_cut(Self::read_until_error(element.reader())?, element))
    }

    /// What a reader would take for something else is not written.
    fn check(&self) -> Result<(), EmitError> {
        let is_ipsec = self.doi == Doi::IPSEC;
        let reason = match (is_ipsec, &self.situation) {
            (true, Situation::Other(_)) => "the IPsec DOI has a bitmap, not octets of another DOI",
            (false, Situation::Ipsec(_) | Situation::Labeled { .. }) => {
                "the DOI is not IPsec's, but the situation is"
            }
            (false, Situation::Other(_)) if !self.proposals.is_empty() || !self.trailing.is_empty() => {
                "under another DOI than IPsec's it is all the rest of the body, proposals too"
            }
            (true, _) if self.proposals.is_empty() && !self.trailing.is_empty() => {
                "octets behind it stand where a proposal would be read, but there is no proposal"
            }
            _ => return Ok(()),
        };
        Err(EmitError::Contradiction { field: "Situation", reason })
    }

    fn read_until_error(mut reader: Reader<'a>) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let doi = Doi(reader.u32("Domain of Interpretation")?);
        if doi != Doi::IPSEC {
            let value = Self { doi, situation: Situation::Other(reader.rest()), ..Self::default() };
            return Ok(Parsed { value, rest: &[], fault: None });
        }
        let situation = Situation::read(&mut reader)?;
        // An association without proposals has no chain to look for.
        let framing = PayloadFraming::first(match reader.is_empty() {
            true => PayloadType::NONE,
            false => PayloadType::PROPOSAL,
        });
        let Parsed { value: proposals, rest, fault } =
            Proposals::parse_until_error(reader.rest(), reader.offset(), framing);
        let trailing = if fault.is_none() { rest } else { &[] };
        let value = Self { doi, situation, proposals, trailing };
        Ok(Parsed { value, rest, fault: fault.map(ParseError::Length) })
    }
}

impl Emit for SecurityAssociation<'_> {
    fn wire_len(&self) -> usize {
        self.situation
            .wire_len()
            .saturating_add(chain_len(&self.proposals))
            .saturating_add(self.trailing.len())
            .saturating_add(4)
    }

    /// Each proposal is written from its value, a malformed one as it was.
    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.check()?;
        writer.u32(self.doi.0)?;
        self.situation.emit_into(writer)?;
        self.proposals.emit_chain(writer, PayloadFraming::first(PayloadType::PROPOSAL))?;
        writer.put(self.trailing)
    }
}

payload_body!(SecurityAssociation<'a>, SECURITY_ASSOCIATION);
