//! Proposals checked against policies, RFC 2408 section 4.2 and RFC 2409 section 5.
//!
//! [`isakmp::choose`] and [`ipsec::choose`] return the first transform that a policy accepts. For each transform that
//! was not accepted, they report a [`Refused`] with the reason.

pub mod ipsec;
pub mod isakmp;

use core::fmt;

use ::isakmp::doi::ProtocolId;
use ::isakmp::doi::ipsec::{AuthenticationAlgorithm, EncapsulationMode};
use ::isakmp::doi::oakley::{AuthenticationMethod, EncryptionAlgorithm, GroupDescription, HashAlgorithm};
use ::isakmp::payload::proposal::Proposal;
use ::isakmp::payload::transform::Transform;
use ::isakmp::{Nested, ParseError};

use crate::algorithm::OrAbsent;

/// The reason why a policy does not accept an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Reason {
    /// A proposal or transform cannot be decoded.
    #[error(transparent)]
    Malformed(#[from] ParseError),
    /// The proposal is for a protocol that the policy does not want.
    #[error("the proposal is for protocol {0}, which the policy does not want")]
    Protocol(ProtocolId),
    /// The proposals with one number belong together, and they are not the set of protocols that the policy wants.
    #[error("the offer has {offered} protocols together, but the policy wants {wanted}")]
    ProtocolCount {
        /// The number of proposals with the same number.
        offered: usize,
        /// The number of protocols of the policy.
        wanted: usize,
    },
    /// The SPI does not have the length of the protocol's SPIs.
    #[error("the SPI has {0} octets, which is not the length of an SPI of this protocol")]
    SpiLength(usize),
    /// The offer has another transform.
    #[error("the offer has transform {offered}, but the policy wants {wanted}")]
    Transform {
        /// The transform of the offer.
        offered: u8,
        /// The transform that the policy wants.
        wanted: u8,
    },
    /// The offer has another cipher, or does not name one.
    #[error("the encryption algorithm of the offer is {}, but the policy wants {wanted}", OrAbsent(*offered))]
    EncryptionAlgorithm {
        /// The cipher of the offer.
        offered: Option<EncryptionAlgorithm>,
        /// The cipher that the policy wants.
        wanted: EncryptionAlgorithm,
    },
    /// The offer has a key of another length, or does not state a length. AES needs the attribute (RFC 3602 section
    /// 5.3).
    #[error("the key length of the offer in bits is {}, but the policy wants {}", OrAbsent(*offered), OrAbsent(*wanted))]
    KeyLength {
        /// The key length of the offer in bits.
        offered: Option<u16>,
        /// The key length that the policy wants, in bits.
        wanted: Option<u16>,
    },
    /// The offer has another hash function, or does not name one.
    #[error("the hash algorithm of the offer is {}, but the policy wants {wanted}", OrAbsent(*offered))]
    HashAlgorithm {
        /// The hash function of the offer.
        offered: Option<HashAlgorithm>,
        /// The hash function that the policy wants.
        wanted: HashAlgorithm,
    },
    /// The offer has another authentication method, or does not name one.
    #[error("the authentication method of the offer is {}, but the policy wants {wanted}", OrAbsent(*offered))]
    AuthenticationMethod {
        /// The method of the offer.
        offered: Option<AuthenticationMethod>,
        /// The method that the policy wants.
        wanted: AuthenticationMethod,
    },
    /// The offer has another authentication algorithm, or does not name one.
    #[error("the authentication algorithm of the offer is {}, but the policy wants {}", OrAbsent(*offered), OrAbsent(*wanted))]
    AuthenticationAlgorithm {
        /// The algorithm of the offer.
        offered: Option<AuthenticationAlgorithm>,
        /// The algorithm that the policy wants.
        wanted: Option<AuthenticationAlgorithm>,
    },
    /// The offer has another group, or does not name one.
    #[error("the group of the offer is {}, but the policy wants {}", OrAbsent(*offered), OrAbsent(*wanted))]
    GroupDescription {
        /// The group of the offer.
        offered: Option<GroupDescription>,
        /// The group that the policy wants.
        wanted: Option<GroupDescription>,
    },
    /// The offer has another encapsulation mode.
    #[error("the encapsulation mode of the offer is {}, but the policy wants {wanted}", OrAbsent(*offered))]
    EncapsulationMode {
        /// The mode of the offer.
        offered: Option<EncapsulationMode>,
        /// The mode that the policy wants.
        wanted: EncapsulationMode,
    },
    /// The offer has extended sequence numbers and the policy does not want them, or the other way round (RFC 4304
    /// section 2).
    #[error("extended sequence numbers differ: offered {offered}, wanted {wanted}")]
    ExtendedSequenceNumber {
        /// Whether the offer has them.
        offered: bool,
        /// Whether the policy wants them.
        wanted: bool,
    },
    /// The offer has a longer lifetime than the policy allows.
    #[error("the offer has a lifetime of {offered} seconds, but the policy allows at most {allowed}")]
    LifeSeconds {
        /// The lifetime of the offer in seconds.
        offered: u64,
        /// The longest lifetime that the policy allows.
        allowed: u64,
    },
    /// The offer has a longer lifetime in kilobytes than the policy allows.
    #[error("the offer has a lifetime of {offered} kilobytes, but the policy allows at most {allowed}")]
    LifeKilobytes {
        /// The lifetime of the offer in kilobytes.
        offered: u64,
        /// The longest lifetime that the policy allows.
        allowed: u64,
    },
    /// An attribute is not known, contradicts one before it, or has an impossible value. An offer must not be
    /// changed, so the attribute cannot be ignored (RFC 2409 section 5).
    #[error("attribute {0} is unknown, contradicts an earlier one, or has an impossible value")]
    Attribute(u16),
}

/// An offer that a policy did not accept. `Display` writes a line for a log: which policy did not accept which
/// transform, and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Refused {
    /// The proposal number.
    pub proposal_number: u8,
    /// The transform number, or 0 when the proposal itself was refused.
    pub transform_number: u8,
    /// The position of the policy in the caller's list, counted from 0. [`isakmp::choose`] also has 0 for what no policy
    /// has to be asked about: a proposal or transform that is malformed or not for IKE.
    pub policy: usize,
    /// The reason.
    pub reason: Reason,
}

/// Writes a line for a log. The number of a policy counts from 0, as the position in the caller's list does.
impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { proposal_number, transform_number, policy, reason } = self;
        // No policy could accept what is malformed.
        match reason {
            Reason::Malformed(_) => write!(formatter, "no policy accepts ")?,
            _ => write!(formatter, "policy {policy} does not accept ")?,
        }
        if *transform_number != 0 {
            write!(formatter, "transform {transform_number} of ")?;
        }
        write!(formatter, "proposal {proposal_number}: {reason}")
    }
}

/// Returns the proposal number, which is the first octet even of a malformed proposal.
fn proposal_number(proposal: &Nested<'_, Proposal<'_>>) -> u8 {
    match proposal {
        Nested::Decoded { body, .. } => body.proposal_number,
        // default: a proposal without octets has no number
        Nested::Malformed { octets, .. } => octets.first().copied().unwrap_or_default(),
    }
}

/// Returns the transform number, which is the first octet even of a malformed transform.
fn transform_number(transform: &Nested<'_, Transform<'_>>) -> u8 {
    match transform {
        Nested::Decoded { body, .. } => body.transform_number,
        // default: a transform without octets has no number
        Nested::Malformed { octets, .. } => octets.first().copied().unwrap_or_default(),
    }
}

/// Lifetimes, which are sent as a type and then a duration. RFC 2407 section 4.5 has these two types, so the struct
/// is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Life {
    /// The lifetime in seconds.
    pub seconds: Option<u64>,
    /// The lifetime in kilobytes.
    pub kilobytes: Option<u64>,
}

impl Life {
    /// Takes a duration after its type. `None` when the type is unknown.
    fn learn(&mut self, life_type: Option<u64>, duration: Option<u64>) -> Option<()> {
        // default: durations above 2^64 - 1 have no end
        let duration = duration.unwrap_or(u64::MAX);
        match life_type {
            Some(1) => learn(&mut self.seconds, Some(duration)),
            Some(2) => learn(&mut self.kilobytes, Some(duration)),
            _ => None,
        }
    }

    /// Checks that a policy that allows `allowed` accepts this lifetime. A lifetime that is not stated is for the
    /// policy to choose.
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

/// Takes the value of an attribute. `None` when the value is absent, or differs from an earlier one: an offer whose
/// attributes contradict each other is refused (RFC 2407 section 4.5.2).
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

/// Returns `Ok` when both values are the same.
fn same<T: PartialEq>(offered: T, wanted: T, reason: Reason) -> Result<(), Reason> {
    if offered == wanted { Ok(()) } else { Err(reason) }
}

#[cfg(test)]
mod tests;
