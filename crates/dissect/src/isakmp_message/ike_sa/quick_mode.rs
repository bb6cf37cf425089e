//! What the messages of a quick mode need of those before them, RFC 2409 section 5.5.

use core::fmt;

use ikev1::proposal::ipsec::Offer;
use ikev1::{Covered, Nonces};
use isakmp::doi::ProtocolId;
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{PayloadType, Payloads};

use super::body;
use super::phase_1::longest;

/// How many of the initiator's proposals are looked at. They are numbered in an octet and peers offer a handful.
const PROPOSED: usize = 64;

/// How many of the responder's: it chooses one, which is as many payloads as it has protocols. IPsec has three (AH, ESP, IPCOMP),
/// and a peer that chooses more than twice as many chooses none.
pub(super) const CHOSEN: usize = 8;

/// A proposal, as far as keys come from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proposed {
    pub(super) proposal_number: u8,
    pub(super) protocol_id: ProtocolId,
    /// Nothing where it has another length than those of ESP and AH.
    pub(super) spi: Option<u32>,
    /// Its first transform.
    pub(super) offer: Option<Offer>,
}

impl Proposed {
    fn of(proposal: &Proposal<'_>) -> Self {
        let transform = proposal.transforms.iter().next().and_then(|transform| transform.decoded().ok());
        Self {
            proposal_number: proposal.proposal_number,
            protocol_id: proposal.protocol_id,
            spi: proposal.spi.try_into().ok().map(u32::from_be_bytes),
            offer: transform.map(|transform| Offer::from_transform(&transform)),
        }
    }
}

/// What one side said. It was encrypted: `Debug` shows how much it is.
#[derive(Clone, Default)]
pub(super) struct Said {
    pub(super) proposals: Vec<Proposed>,
    pub(super) nonce: Vec<u8>,
    pub(super) has_key_exchange: bool,
}

impl Said {
    fn octets(&self) -> usize {
        self.proposals.len().saturating_mul(size_of::<Proposed>()).saturating_add(self.nonce.len())
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Said({} proposals, {} octets)", self.proposals.len(), self.octets())
    }
}

/// The first two messages of a quick mode.
#[derive(Clone, Debug, Default)]
pub(super) struct QuickModeMessages {
    pub(super) first: Option<Said>,
    pub(super) second: Option<Said>,
}

impl QuickModeMessages {
    /// The HASH of a message by its place in the exchange; nothing where what it covers was not seen.
    pub(super) fn covered(messages: Option<&Self>, position: usize) -> Option<(&'static str, Covered<'_>)> {
        if position == 0 {
            return Some(("HASH(1)", Covered::Payloads));
        }
        let Self { first, second } = messages?;
        let initiator = first.as_ref().map(|said| said.nonce.as_slice())?;
        Some(match position {
            1 => ("HASH(2)", Covered::InitiatorNonce(initiator)),
            2 => {
                let responder = second.as_ref().map(|said| said.nonce.as_slice())?;
                ("HASH(3)", Covered::Nonces(Nonces { initiator, responder }))
            }
            // What the commit bit asks for: a notification of its own.
            _ => ("HASH(1)", Covered::Payloads),
        })
    }

    /// Takes a message in; one whose nonce is too long is left.
    pub(super) fn take(&mut self, position: usize, payloads: &Payloads<'_>) {
        let (place, most) = match position {
            0 => (&mut self.first, PROPOSED),
            1 => (&mut self.second, CHOSEN),
            _ => return,
        };
        let nonce = body(payloads, PayloadType::NONCE).unwrap_or_default();
        if nonce.len() > longest(PayloadType::NONCE) {
            return;
        }
        let association = body(payloads, PayloadType::SECURITY_ASSOCIATION).unwrap_or_default();
        let proposals = SecurityAssociation::parse(association).ok().into_iter().flat_map(|association| {
            association.proposals.iter().take(most).filter_map(|proposal| proposal.decoded().ok())
        });
        *place = Some(Said {
            proposals: proposals.map(|proposal| Proposed::of(&proposal)).collect(),
            nonce: nonce.to_vec(),
            has_key_exchange: body(payloads, PayloadType::KEY_EXCHANGE).is_some(),
        });
    }

    /// Octets that the messages take.
    pub(super) fn octets(&self) -> usize {
        let octets = |said: &Option<Said>| said.as_ref().map_or(0, Said::octets);
        octets(&self.first).saturating_add(octets(&self.second))
    }
}
