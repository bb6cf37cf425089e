//! What the RFCs forbid and real peers do.

use core::fmt;

use crate::doi::{ProtocolId, ipsec, oakley};
use crate::payload::notification::NotifyType;
use crate::{Flags, PayloadType, Phase};

mod message;
mod security_association;

/// A departure from an RFC that does not stop the message from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// Octets after the total length. [`Message::parse`](crate::Message::parse) refuses them; who reads a datagram with
    /// [`parse_prefix`](crate::Message::parse_prefix) may report them so.
    OctetsAfterMessage {
        /// How many.
        count: usize,
    },
    /// Octets after the last payload that are no padding to four octets.
    OctetsAfterPayloads {
        /// How many.
        count: usize,
    },
    /// The number of transforms is not that of the transforms. [`Emit`](crate::Emit) writes the right one.
    TransformCount {
        /// The number in the proposal.
        declared: u8,
        /// The transforms there are.
        counted: usize,
    },
    /// The minor version is not 0.
    MinorVersion {
        /// Minor version.
        minor: u8,
    },
    /// A flag that is reserved is set.
    ReservedFlags {
        /// All flags.
        flags: Flags,
    },
    /// The message id is not 0 in phase 1.
    MessageIdInPhase1 {
        /// Message id.
        message_id: u32,
    },
    /// The RESERVED octet of a generic payload header is not 0.
    ReservedOctet {
        /// The payload.
        payload_type: PayloadType,
        /// The octet.
        reserved: u8,
    },
    /// RESERVED2 of a transform is not 0.
    TransformReserved {
        /// The field.
        reserved: u16,
    },
    /// A RESERVED field of a NAT-OA payload is not 0.
    NatOriginalAddressReserved {
        /// The fields.
        reserved: [u8; 3],
    },
    /// Another payload stands before the security association in phase 1.
    SecurityAssociationNotFirst,
    /// More than one security association in phase 1.
    SeveralSecurityAssociations {
        /// How many.
        count: usize,
    },
    /// A quick mode message does not begin with a hash.
    HashNotFirst,
    /// A security association of the IPsec DOI that proposes nothing.
    NoProposal,
    /// More than one proposal in phase 1.
    SeveralProposals {
        /// How many.
        count: usize,
    },
    /// Proposals are not numbered upwards.
    ProposalOrder {
        /// The number before.
        previous: u8,
        /// The number after it.
        number: u8,
    },
    /// Transforms are not numbered upwards.
    TransformOrder {
        /// The number before.
        previous: u8,
        /// The number after it.
        number: u8,
    },
    /// An SPI does not have the length of its protocol.
    SpiSize {
        /// The protocol.
        protocol_id: ProtocolId,
        /// Octets of the SPI.
        size: usize,
    },
    /// An attribute that has to be basic has a length.
    BasicAttributeVariable {
        /// Where its type belongs: [`oakley`] in phase 1, [`ipsec`] in phase 2.
        phase: Phase,
        /// Attribute type.
        attribute_type: u16,
    },
    /// A life duration without a life type before it.
    LifeDurationWithoutType,
    /// A transform of AH without an authentication algorithm.
    AuthenticationAlgorithmMissing,
    /// Protocol and port of a phase 1 identification are neither 0 and 0 nor 17 and 500; or one of phase 2 has a port of
    /// any protocol.
    IdentificationPort {
        /// Phase.
        phase: Phase,
        /// IP protocol.
        protocol_id: u8,
        /// Port.
        port: u16,
    },
    /// A nonce of less than 8 or more than 256 octets.
    NonceLength {
        /// Octets.
        len: usize,
    },
    /// The data of a notification do not have the form of its type.
    NotificationDataForm {
        /// The type.
        notify_message_type: NotifyType,
        /// Octets of data.
        len: usize,
    },
    /// The SPI of a notification does not have the length of its type.
    NotificationSpi {
        /// The type.
        notify_message_type: NotifyType,
        /// Octets of the SPI.
        size: usize,
    },
    /// A status notification of the IPsec DOI that is not encrypted.
    NotificationUnprotected {
        /// The type.
        notify_message_type: NotifyType,
    },
    /// A vendor id outside phase 1.
    VendorIdInPhase2,
}

impl Departure {
    /// Whether a message that is emitted again is without it: a derived value was wrong, and is emitted right.
    #[must_use]
    pub const fn is_corrected(&self) -> bool {
        matches!(self, Self::OctetsAfterMessage { .. } | Self::TransformCount { .. })
    }

    /// The RFC and the section that say otherwise.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::OctetsAfterMessage { .. }
            | Self::MinorVersion { .. }
            | Self::ReservedFlags { .. }
            | Self::MessageIdInPhase1 { .. } => "RFC 2408 section 3.1",
            Self::ReservedOctet { .. } => "RFC 2408 section 3.2",
            Self::TransformCount { .. } => "RFC 2408 section 3.5",
            Self::OctetsAfterPayloads { .. } | Self::TransformReserved { .. } => "RFC 2408 section 3.6",
            Self::NoProposal | Self::ProposalOrder { .. } | Self::TransformOrder { .. } => {
                "RFC 2408 section 4.2"
            }
            Self::VendorIdInPhase2 => "RFC 2408 section 3.16",
            Self::NatOriginalAddressReserved { .. } => "RFC 3947 section 5.2",
            Self::SecurityAssociationNotFirst
            | Self::SeveralSecurityAssociations { .. }
            | Self::SeveralProposals { .. }
            | Self::NonceLength { .. } => "RFC 2409 section 5",
            Self::HashNotFirst => "RFC 2409 section 5.5",
            Self::SpiSize { protocol_id: ProtocolId::ISAKMP, .. } => "RFC 2408 section 3.15",
            Self::SpiSize { .. } => "RFC 2408 section 3.5",
            Self::BasicAttributeVariable { phase: Phase::One, .. } => "RFC 2409 appendix A",
            Self::BasicAttributeVariable { phase: Phase::Two, .. } | Self::LifeDurationWithoutType => {
                "RFC 2407 section 4.5"
            }
            Self::AuthenticationAlgorithmMissing => "RFC 2407 section 4.4.3",
            Self::IdentificationPort { .. } => "RFC 2407 section 4.6.2",
            Self::NotificationDataForm {
                notify_message_type: NotifyType::R_U_THERE | NotifyType::R_U_THERE_ACK,
                ..
            }
            | Self::NotificationSpi {
                notify_message_type: NotifyType::R_U_THERE | NotifyType::R_U_THERE_ACK,
                ..
            } => "RFC 3706 section 5.3",
            Self::NotificationDataForm { .. }
            | Self::NotificationSpi { .. }
            | Self::NotificationUnprotected { .. } => "RFC 2407 section 4.6.3",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OctetsAfterMessage { count } => write!(out, "{count} octets after the total length"),
            Self::OctetsAfterPayloads { count } => write!(out, "{count} octets after the last payload"),
            Self::TransformCount { declared, counted } => {
                write!(out, "{declared} transforms declared, {counted} there")
            }
            Self::MinorVersion { minor } => write!(out, "minor version {minor}"),
            Self::ReservedFlags { flags } => write!(out, "reserved flags in {flags:?}"),
            Self::MessageIdInPhase1 { message_id } => write!(out, "message id {message_id:#010x} in phase 1"),
            Self::ReservedOctet { payload_type, reserved } => {
                write!(out, "RESERVED octet {reserved:#04x} before {payload_type}")
            }
            Self::TransformReserved { reserved } => write!(out, "RESERVED2 {reserved:#06x} of a transform"),
            Self::NatOriginalAddressReserved { reserved } => {
                write!(out, "RESERVED fields {reserved:?} of NAT-OA")
            }
            Self::SecurityAssociationNotFirst => {
                out.write_str("Security Association is not the first payload")
            }
            Self::SeveralSecurityAssociations { count } => {
                write!(out, "{count} security associations in phase 1")
            }
            Self::HashNotFirst => out.write_str("Hash is not the first payload"),
            Self::NoProposal => out.write_str("no proposal in a security association"),
            Self::SeveralProposals { count } => write!(out, "{count} proposals in phase 1"),
            Self::ProposalOrder { previous, number } => {
                write!(out, "proposal {number} after proposal {previous}")
            }
            Self::TransformOrder { previous, number } => {
                write!(out, "transform {number} after transform {previous}")
            }
            Self::SpiSize { protocol_id, size } => write!(out, "SPI of {size} octets for {protocol_id}"),
            Self::BasicAttributeVariable { phase, attribute_type } => {
                write!(out, "basic attribute ")?;
                match phase {
                    Phase::One => write!(out, "{}", oakley::AttributeType(*attribute_type))?,
                    Phase::Two => write!(out, "{}", ipsec::AttributeType(*attribute_type))?,
                }
                write!(out, " encoded as variable")
            }
            Self::LifeDurationWithoutType => out.write_str("life duration without a life type before it"),
            Self::AuthenticationAlgorithmMissing => out.write_str("AH without an authentication algorithm"),
            Self::IdentificationPort { phase, protocol_id, port } => {
                let phase = match phase {
                    Phase::One => 1,
                    Phase::Two => 2,
                };
                write!(out, "phase {phase} identification with protocol {protocol_id} and port {port}")
            }
            Self::NonceLength { len } => write!(out, "nonce of {len} octets"),
            Self::NotificationDataForm { notify_message_type, len } => {
                write!(out, "{len} octets of data with {notify_message_type}")
            }
            Self::NotificationSpi { notify_message_type, size } => {
                write!(out, "SPI of {size} octets with {notify_message_type}")
            }
            Self::NotificationUnprotected { notify_message_type } => {
                write!(out, "{notify_message_type} is not encrypted")
            }
            Self::VendorIdInPhase2 => out.write_str("vendor id outside phase 1"),
        }
    }
}

#[cfg(test)]
mod tests;
