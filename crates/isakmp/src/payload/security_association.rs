//! Security Association payload (RFC 2408 section 3.4 and RFC 2407 section 4.6.1).

use wire::{Emit, EmitError, List, Parsed, Reader, Writer};

use super::framing::{PayloadElement, PayloadFraming, chain_len, check_nested, check_type, with_cut};
use super::nested::Nested;
use super::proposal::Proposal;
use super::situation::Situation;
use crate::doi::Doi;
use crate::{ParseError, PayloadType};

/// A list of the proposals in a security association. They are payloads of type 2, which 2 links and 0 ends.
pub type Proposals<'a> = List<'a, PayloadFraming, Nested<'a, Proposal<'a>>>;

/// A security association that is being negotiated (RFC 2408 section 3.4). The struct is exhaustive on purpose,
/// because the figure has no other field.
///
/// The default has the IPsec DOI, `SIT_IDENTITY_ONLY` and no proposal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SecurityAssociation<'a> {
    /// Domain of Interpretation.
    pub doi: Doi,
    /// The situation. Under another DOI than IPsec's it is all the rest of the body, [`Situation::Other`], and there
    /// are no proposals.
    pub situation: Situation<'a>,
    /// The proposals, in the sender's order of preference. Proposals with the same number belong together.
    pub proposals: Proposals<'a>,
    /// The octets after the last proposal. The RFC has no such octets, and receivers ignore them, so they are not
    /// listed as a departure: look here. They must be empty when there is no proposal.
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

    /// Decodes the body as [`parse`](Self::parse) does, with the proposals up to the first fault, and returns the
    /// fault beside it. It is for a caller that shows broken packets. There is always a fault when octets of the body
    /// are missing. Payloads of other types among the proposals are [`Nested::Malformed`].
    ///
    /// # Errors
    /// Returns [`ParseError`] when the payload has another type, or when the body ends before the proposals begin.
    pub fn parse_until_error(
        element: &PayloadElement<'a>,
    ) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        check_type(element, PayloadType::SECURITY_ASSOCIATION)?;
        Ok(with_cut(Self::read_until_error(element.reader())?, element))
    }

    /// Refuses a value that a reader would take for another value.
    fn check(&self) -> Result<(), EmitError> {
        let is_ipsec = self.doi == Doi::IPSEC;
        let reason = match (is_ipsec, &self.situation) {
            (true, Situation::Other(_)) => {
                "the DOI is IPsec's, which has a bitmap, but the situation is octets of another DOI"
            }
            (false, Situation::Ipsec(_) | Situation::Labeled { .. }) => {
                "the DOI is not IPsec's, but the situation is the bitmap of the IPsec DOI"
            }
            (false, Situation::Other(_)) if !self.proposals.is_empty() || !self.trailing.is_empty() => {
                "under another DOI than IPsec's it is all the rest of the body, but proposals or octets follow it"
            }
            (true, _) if self.proposals.is_empty() && !self.trailing.is_empty() => {
                "there is no proposal, but octets stand where a proposal would be read"
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
        // An association that ends here has no proposals, and no chain.
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

    /// Writes each proposal from its value. A malformed proposal is written as it was read.
    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.check()?;
        writer.u32(self.doi.0)?;
        self.situation.emit_into(writer)?;
        self.proposals.emit_chain(writer, PayloadFraming::first(PayloadType::PROPOSAL))?;
        writer.put(self.trailing)
    }
}

payload_body!(SecurityAssociation<'a>, SECURITY_ASSOCIATION);
