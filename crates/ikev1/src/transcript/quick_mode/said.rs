//! The values that one side has sent in a quick mode.

use alloc::vec::Vec;
use core::fmt;

use isakmp::doi::ProtocolId;
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{PayloadType, Payloads, Role};

use crate::proposal::ipsec::Offer;
use crate::transcript::refusal::check_whole;
use crate::transcript::{Refusal, body};

/// The number of the initiator's proposals that are read. They are numbered in one octet, and peers offer a handful.
const PROPOSED: usize = 64;

/// The number of the responder's proposals that are read. It chooses one proposal, which has as many payloads as
/// protocols. IPsec has three (AH, ESP, IPCOMP). A peer that sends more than twice as many has not chosen.
const CHOSEN: usize = 8;

/// A proposal, as far as keys come from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transcript) struct Proposed {
    pub(in crate::transcript) proposal_number: u8,
    pub(in crate::transcript) protocol_id: ProtocolId,
    /// The SPI. `None` when it does not have the length of an SPI of ESP and AH.
    pub(in crate::transcript) spi: Option<u32>,
    /// Its first transform.
    pub(in crate::transcript) offer: Option<Offer>,
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

/// The first or the second message of a quick mode. `Debug` shows only its length.
#[derive(Clone, Default)]
pub(in crate::transcript) struct Said {
    pub(in crate::transcript) proposals: Vec<Proposed>,
    pub(in crate::transcript) nonce: Vec<u8>,
    pub(in crate::transcript) has_key_exchange: bool,
    pub(super) key_exchange: Vec<u8>,
    pub(super) identities: Option<(Vec<u8>, Vec<u8>)>,
}

impl Said {
    pub(super) fn of(role: Role, payloads: &Payloads<'_>) -> Result<Self, Refusal> {
        check_whole(payloads)?;
        let most = match role {
            Role::Initiator => PROPOSED,
            Role::Responder => CHOSEN,
        };
        // default: a payload that was not sent is empty
        let said = |payload_type| body(payloads, payload_type).unwrap_or_default();
        let mut proposals = Vec::new();
        if let Ok(association) = SecurityAssociation::parse_body(said(PayloadType::SECURITY_ASSOCIATION)) {
            let (mut all, mut left) = (association.proposals.iter(), most);
            while left > 0
                && let Some(proposal) = all.next()
            {
                left = left.saturating_sub(1);
                if let Ok(proposal) = proposal.decoded() {
                    proposals.push(Proposed::of(&proposal));
                }
            }
        }
        let mut identities =
            payloads.elements().filter(|element| element.header.payload_type == PayloadType::IDENTIFICATION);
        let identities = identities.next().zip(identities.next());
        Ok(Self {
            proposals,
            nonce: said(PayloadType::NONCE).to_vec(),
            has_key_exchange: body(payloads, PayloadType::KEY_EXCHANGE).is_some(),
            key_exchange: said(PayloadType::KEY_EXCHANGE).to_vec(),
            identities: identities.map(|(ci, cr)| (ci.value.to_vec(), cr.value.to_vec())),
        })
    }

    pub(super) fn octet_count(&self) -> usize {
        let identities = self.identities.as_ref().map_or(0, |(ci, cr)| ci.len().saturating_add(cr.len()));
        self.proposals
            .len()
            .saturating_mul(size_of::<Proposed>())
            .saturating_add(self.nonce.len())
            .saturating_add(self.key_exchange.len())
            .saturating_add(identities)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Said({} proposals, {} octets)", self.proposals.len(), self.octet_count())
    }
}
