//! Proposals checked against a policy, RFC 2408 section 4.2 and RFC 2409 section 5: the first transform that the policy
//! takes, and of each that it does not take, why.

pub mod ipsec;
pub mod isakmp;

use ::isakmp::doi::ProtocolId;
use ::isakmp::doi::ipsec::{AuthenticationAlgorithm, EncapsulationMode};
use ::isakmp::doi::oakley::{AuthenticationMethod, EncryptionAlgorithm, GroupDescription, HashAlgorithm};
use ::isakmp::payload::proposal::Proposal;
use ::isakmp::payload::transform::Transform;
use ::isakmp::{Nested, ParseError};

/// Why a policy does not take an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Reason {
    /// A proposal or transform cannot be decoded.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// Another protocol is proposed.
    #[error("protocol {0} is not wanted")]
    Protocol(ProtocolId),
    /// Proposals with one number are to be taken together, and the policy wants another set of protocols.
    #[error("{offered} protocols are offered together, {wanted} are wanted")]
    ProtocolCount {
        /// How many proposals have the number.
        offered: usize,
        /// How many protocols the policy has.
        wanted: usize,
    },
    /// The SPI has another length than the protocol's.
    #[error("an SPI of {0} octets")]
    SpiLength(usize),
    /// Another transform is offered.
    #[error("transform {offered}, not {wanted}")]
    Transform {
        /// What is offered.
        offered: u8,
        /// What the policy wants.
        wanted: u8,
    },
    /// Another cipher is offered, or none.
    #[error("encryption algorithm {offered:?}, not {wanted}")]
    EncryptionAlgorithm {
        /// What is offered.
        offered: Option<EncryptionAlgorithm>,
        /// What the policy wants.
        wanted: EncryptionAlgorithm,
    },
    /// A key of another length is offered, or of none: AES needs one (RFC 3602 section 5.3).
    #[error("a key of {offered:?} bits, not {wanted:?}")]
    KeyLength {
        /// What is offered.
        offered: Option<u16>,
        /// What the policy wants.
        wanted: Option<u16>,
    },
    /// Another hash function is offered, or none.
    #[error("hash algorithm {offered:?}, not {wanted}")]
    HashAlgorithm {
        /// What is offered.
        offered: Option<HashAlgorithm>,
        /// What the policy wants.
        wanted: HashAlgorithm,
    },
    /// Another way to authenticate is offered, or none.
    #[error("authentication method {offered:?}, not {wanted}")]
    AuthenticationMethod {
        /// What is offered.
        offered: Option<AuthenticationMethod>,
        /// What the policy wants.
        wanted: AuthenticationMethod,
    },
    /// Another authentication algorithm is offered, or none.
    #[error("authentication algorithm {offered:?}, not {wanted:?}")]
    AuthenticationAlgorithm {
        /// What is offered.
        offered: Option<AuthenticationAlgorithm>,
        /// What the policy wants.
        wanted: Option<AuthenticationAlgorithm>,
    },
    /// Another group is offered, or none.
    #[error("group {offered:?}, not {wanted:?}")]
    GroupDescription {
        /// What is offered.
        offered: Option<GroupDescription>,
        /// What the policy wants.
        wanted: Option<GroupDescription>,
    },
    /// Another mode is offered, or none.
    #[error("encapsulation mode {offered:?}, not {wanted}")]
    EncapsulationMode {
        /// What is offered.
        offered: Option<EncapsulationMode>,
        /// What the policy wants.
        wanted: EncapsulationMode,
    },
    /// 64-bit sequence numbers are offered and not wanted, or the other way round (RFC 4304 section 2).
    #[error("extended sequence numbers: offered {offered}, wanted {wanted}")]
    ExtendedSequenceNumber {
        /// Whether they are offered.
        offered: bool,
        /// Whether the policy wants them.
        wanted: bool,
    },
    /// A longer life is offered than the policy allows.
    #[error("{offered} seconds of life, {allowed} are allowed")]
    LifeSeconds {
        /// What is offered.
        offered: u64,
        /// What the policy allows.
        allowed: u64,
    },
    /// A longer life in kilobytes is offered than the policy allows.
    #[error("{offered} kilobytes of life, {allowed} are allowed")]
    LifeKilobytes {
        /// What is offered.
        offered: u64,
        /// What the policy allows.
        allowed: u64,
    },
    /// An attribute is not known, in conflict with one before it, or its value not one that can be: an offer must not be changed, so that it cannot be left
    /// out (RFC 2409 section 5).
    #[error("attribute {0} is not supported")]
    Attribute(u16),
}

/// One offer that one policy did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Refused {
    /// Proposal #.
    pub proposal_number: u8,
    /// Transform #; 0 where the proposal itself was refused.
    pub transform_number: u8,
    /// Which of the policies, from 0.
    pub policy: usize,
    /// Why.
    pub reason: Reason,
}

/// Proposal #, which is the first octet of a malformed one too.
fn proposal_number(proposal: &Nested<'_, Proposal<'_>>) -> u8 {
    match proposal {
        Nested::Decoded { body, .. } => body.proposal_number,
        // default: a proposal without octets has no number
        Nested::Malformed { octets, .. } => octets.first().copied().unwrap_or_default(),
    }
}

/// Transform #, which is the first octet of a malformed one too.
fn transform_number(transform: &Nested<'_, Transform<'_>>) -> u8 {
    match transform {
        Nested::Decoded { body, .. } => body.transform_number,
        // default: a transform without octets has no number
        Nested::Malformed { octets, .. } => octets.first().copied().unwrap_or_default(),
    }
}

/// Life durations, which come as a type and then a duration. Exhaustive on purpose: RFC 2407 section 4.5 has these two types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Life {
    /// Seconds.
    pub seconds: Option<u64>,
    /// Kilobytes.
    pub kilobytes: Option<u64>,
}

impl Life {
    /// Takes a duration in after its type; nothing when the type is another.
    fn learn(&mut self, life_type: Option<u64>, duration: Option<u64>) -> Option<()> {
        // default: durations above 2^64 - 1 are for ever
        let duration = duration.unwrap_or(u64::MAX);
        match life_type {
            Some(1) => learn(&mut self.seconds, Some(duration)),
            Some(2) => learn(&mut self.kilobytes, Some(duration)),
            _ => None,
        }
    }

    /// Whether a policy that allows `allowed` takes this. What is not said is for the policy to choose.
    fn check(&self, allowed: &Self) -> Result<(), Reason> {
        match (self.seconds, allowed.seconds) {
            (Some(offered), Some(allowed)) if offered > allowed => {
                return Err(Reason::LifeSeconds { offered, allowed });
            }
            _ => {}
        }
        match (self.kilobytes, allowed.kilobytes) {
            (Some(offered), Some(allowed)) if offered > allowed => {
                Err(Reason::LifeKilobytes { offered, allowed })
            }
            _ => Ok(()),
        }
    }
}

/// Takes the value of an attribute in; nothing when it has none, or another was said before: offers with attributes in conflict
/// are refused (RFC 2407 section 4.5.2).
fn learn<T: PartialEq>(known: &mut Option<T>, value: Option<T>) -> Option<()> {
    match (&known, value) {
        (_, None) => None,
        (Some(known), Some(value)) => (*known == value).then_some(()),
        (None, value) => {
            *known = value;
            Some(())
        }
    }
}

/// `Ok` when both are the same.
fn same<T: PartialEq>(offered: T, wanted: T, reason: Reason) -> Result<(), Reason> {
    if offered == wanted { Ok(()) } else { Err(reason) }
}

#[cfg(test)]
mod tests;
