//! The rules that the RFCs have and real peers break.

use core::fmt;

use crate::doi::{ProtocolId, ipsec, oakley};
use crate::payload::configuration::ConfigurationAttributeType;
use crate::payload::identification::IdType;
use crate::payload::notification::NotifyType;
use crate::{Flags, PayloadType, Phase};

mod message;
mod nested;
mod security_association;

/// A departure from an RFC that does not stop the message from being read.
///
/// A departure does not hold the place where it was found. To find the place, ask the parts of the message one by one:
/// [`Payload::conformance`](crate::Payload::conformance) for each payload, beside its element, which has the offset;
/// [`Proposal::conformance`](crate::payload::proposal::Proposal::conformance) for each proposal; and
/// [`Transform::conformance`](crate::payload::transform::Transform::conformance) for each transform. Rules about a whole
/// are listed by the whole alone: [`Message::conformance`](crate::Message::conformance) lists those about the header, the
/// order of payloads and [`NotificationUnprotected`](Self::NotificationUnprotected), and
/// [`SecurityAssociation::conformance`](crate::payload::security_association::SecurityAssociation::conformance) lists
/// those about the number and order of proposals and [`TransformCount`](Self::TransformCount).
///
/// A part that is malformed is not listed as a departure, and no departure is found inside it. It shows as
/// [`PayloadBody::Malformed`](crate::PayloadBody::Malformed) or [`Nested::Malformed`](crate::Nested::Malformed), with
/// its error. Octets after the last proposal or transform are not listed either: they are in the field `trailing` of
/// the value around them.
///
/// ```
/// use vpnwire_isakmp::doi::{ProtocolId, ipsec, oakley};
/// use vpnwire_isakmp::payload::hash::Hash;
/// use vpnwire_isakmp::payload::proposal::Proposal;
/// use vpnwire_isakmp::payload::security_association::SecurityAssociation;
/// use vpnwire_isakmp::payload::transform::Transform;
/// use vpnwire_isakmp::{Attribute, Body, Departure, Emit, ExchangeType, Header, Message, PayloadBody};
///
/// # let life_type = [Attribute::basic(ipsec::AttributeType::SA_LIFE_TYPE, oakley::LifeType::SECONDS)];
/// # let duration = [Attribute::variable(ipsec::AttributeType::SA_LIFE_DURATION, &[0, 0, 14, 16])];
/// # let transforms = [&life_type[..], &duration[..]].map(|attributes| {
/// #     [Transform { transform_number: 1, transform_id: 3, reserved: 0, attributes: attributes.into() }.into()]
/// # });
/// # let [first, second] = [0, 1].map(|index: u8| Proposal {
/// #     proposal_number: index + 1,
/// #     protocol_id: ProtocolId::ESP,
/// #     spi: &[1, 2, 3, 4],
/// #     transforms: (&transforms[usize::from(index)]).into(),
/// #     ..Proposal::default()
/// # });
/// # let proposals = [first.into(), second.into()];
/// # let association = SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
/// # let payloads = [Hash { hash_data: &[0; 20] }.into(), association.into()];
/// # let header = Header { exchange_type: ExchangeType::QUICK_MODE, message_id: 7, ..Header::default() };
/// # let built = Message { header, body: Body::Payloads((&payloads).into()), trailing: &[] };
/// # let mut buffer = [0; 256];
/// # let octets = &*built.emit(&mut buffer)?;
/// // The second of two proposals has a life duration without a life type.
/// let message = Message::parse(octets)?;
/// let phase = message.header.phase();
/// let mut found = Vec::new();
/// for (payload, element) in message.payloads().zip(message.elements()) {
///     if let PayloadBody::SecurityAssociation(association) = &payload.body {
///         for (proposal, nested) in association.proposals.iter().zip(association.proposals.elements()) {
///             let departures = proposal.decoded()?.conformance();
///             found.extend(departures.map(|departure| (nested.offset, departure)));
///         }
///     } else {
///         found.extend(payload.conformance(phase).map(|departure| (element.offset, departure)));
///     }
/// }
/// // The header has 28 octets, the hash 24, the association up to its proposals 12, and the first proposal 24.
/// assert_eq!(found, [(88, Departure::LifeDurationWithoutType)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// Octets follow the total length. [`Message::parse`](crate::Message::parse) refuses them. A caller that reads a
    /// datagram with [`parse_prefix`](crate::Message::parse_prefix) may report them with this departure.
    OctetsAfterMessage {
        /// The number of octets.
        count: usize,
    },
    /// Octets follow the last payload, and they are not padding to four octets. The encryption flag is clear: only an
    /// encrypted message may end in the padding of a cipher, which
    /// [`UnfinishedMessage::finish_padded`](crate::UnfinishedMessage::finish_padded) writes.
    OctetsAfterPayloads {
        /// The number of octets.
        count: usize,
    },
    /// A proposal declares a number of transforms that is not the number it has. [`Emit`](crate::Emit) writes the
    /// right one.
    TransformCount {
        /// The number that the proposal declares.
        declared: u8,
        /// The number of transforms that it has.
        counted: usize,
    },
    /// The minor version is not 0.
    MinorVersion {
        /// The minor version that was found.
        minor: u8,
    },
    /// A reserved flag is set.
    ReservedFlags {
        /// All flags of the message.
        flags: Flags,
    },
    /// The message id is not 0 in phase 1.
    MessageIdInPhase1 {
        /// The message id that was found.
        message_id: u32,
    },
    /// The RESERVED octet of a generic payload header is not 0.
    ReservedOctet {
        /// The type of the payload.
        payload_type: PayloadType,
        /// The value of the octet.
        reserved: u8,
    },
    /// RESERVED2 of a transform is not 0.
    TransformReserved {
        /// The value of the field.
        reserved: u16,
    },
    /// A RESERVED field of a NAT-OA payload is not 0.
    NatOriginalAddressReserved {
        /// The values of the fields.
        reserved: [u8; 3],
    },
    /// Another payload stands before the security association in phase 1.
    SecurityAssociationNotFirst,
    /// Phase 1 has more than one security association.
    SeveralSecurityAssociations {
        /// The number of security associations.
        count: usize,
    },
    /// A quick mode message does not begin with a hash.
    HashNotFirst,
    /// A security association of the IPsec DOI has no proposal.
    NoProposal,
    /// A security association of phase 1 has more than one proposal.
    SeveralProposals {
        /// The number of proposals.
        count: usize,
    },
    /// Proposals are not numbered upwards.
    ProposalOrder {
        /// The number of the proposal before.
        previous: u8,
        /// The number of the proposal after it.
        number: u8,
    },
    /// Transforms are not numbered upwards.
    TransformOrder {
        /// The number of the transform before.
        previous: u8,
        /// The number of the transform after it.
        number: u8,
    },
    /// The length of an SPI is not that of its protocol.
    SpiSize {
        /// The protocol of the SPI.
        protocol_id: ProtocolId,
        /// The number of octets of the SPI.
        size: usize,
    },
    /// An attribute that must be basic has a length.
    BasicAttributeVariable {
        /// The phase of the attribute, which decides the meaning of its type: [`oakley`] in phase 1, [`ipsec`] in
        /// phase 2.
        phase: Phase,
        /// The attribute type.
        attribute_type: u16,
    },
    /// A life duration has no life type before it.
    LifeDurationWithoutType,
    /// A transform of AH has no authentication algorithm.
    AuthenticationAlgorithmMissing,
    /// Protocol and port of a phase 1 identification are neither 0 and 0 nor 17 and 500, or a phase 2 identification
    /// has a port although it allows any protocol.
    IdentificationPort {
        /// The phase of the identification.
        phase: Phase,
        /// The IP protocol, 0 for any.
        protocol_id: u8,
        /// The port, 0 for any.
        port: u16,
    },
    /// A name in an identification ends in a null octet, although it must not have a terminator.
    IdentificationTerminator {
        /// The type of the identification.
        id_type: IdType,
    },
    /// A nonce has fewer than 8 or more than 256 octets.
    NonceLength {
        /// The number of octets of the nonce.
        len: usize,
    },
    /// The data of a notification do not have the form of its type.
    NotificationDataForm {
        /// The type of the notification.
        notify_message_type: NotifyType,
        /// The number of octets of the data.
        len: usize,
    },
    /// The SPI of a notification does not have the length that its type requires.
    NotificationSpi {
        /// The type of the notification.
        notify_message_type: NotifyType,
        /// The number of octets of the SPI.
        size: usize,
    },
    /// A status notification of the IPsec DOI is not encrypted.
    NotificationUnprotected {
        /// The type of the notification.
        notify_message_type: NotifyType,
    },
    /// A vendor id stands outside phase 1.
    VendorIdInPhase2,
    /// The RESERVED octet of a configuration payload is not 0.
    ConfigurationReserved {
        /// The value of the octet.
        reserved: u8,
    },
    /// The value of a configuration attribute does not have the length of its type.
    ConfigurationLength {
        /// The type of the attribute.
        attribute_type: ConfigurationAttributeType,
        /// The number of octets of the value. A basic value has 2.
        len: usize,
    },
}

impl Departure {
    /// Returns whether the departure disappears when the message is emitted again. This is so for a derived value that
    /// was wrong, because it is emitted right.
    #[must_use]
    pub const fn is_corrected(&self) -> bool {
        matches!(self, Self::OctetsAfterMessage { .. } | Self::TransformCount { .. })
    }

    /// Returns the RFC and the section that have the rule.
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
            Self::IdentificationTerminator { id_type: IdType::FQDN } => "RFC 2407 section 4.6.2.3",
            Self::IdentificationTerminator { .. } => "RFC 2407 section 4.6.2.4",
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
            Self::ConfigurationReserved { .. } => "draft-ietf-ipsec-isakmp-mode-cfg section 3.2",
            Self::ConfigurationLength { .. } => "draft-ietf-ipsec-isakmp-mode-cfg section 3.4",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OctetsAfterMessage { count } => {
                write!(out, "{count} octets follow the total length, but nothing may follow it")
            }
            Self::OctetsAfterPayloads { count } => {
                write!(
                    out,
                    "{count} octets follow the last payload, but a message that is not encrypted may end only in up to three zeros there"
                )
            }
            Self::TransformCount { declared, counted } => {
                write!(out, "the proposal declares {declared} transforms, but it has {counted}")
            }
            Self::MinorVersion { minor } => write!(out, "the minor version is {minor}, but it should be 0"),
            Self::ReservedFlags { flags } => write!(out, "reserved flags are set in the flags {flags:?}"),
            Self::MessageIdInPhase1 { message_id } => {
                write!(out, "the message id is {message_id:#010x}, but it should be 0 in phase 1")
            }
            Self::ReservedOctet { payload_type, reserved } => {
                write!(
                    out,
                    "the RESERVED octet of the {payload_type} payload is {reserved:#04x}, but it should be 0"
                )
            }
            Self::TransformReserved { reserved } => {
                write!(out, "the RESERVED2 field of a transform is {reserved:#06x}, but it should be 0")
            }
            Self::NatOriginalAddressReserved { reserved } => {
                write!(out, "the RESERVED fields of NAT-OA are {reserved:?}, but they should be 0")
            }
            Self::SecurityAssociationNotFirst => out
                .write_str("the Security Association is not the first payload, but it should be in phase 1"),
            Self::SeveralSecurityAssociations { count } => {
                write!(out, "the message has {count} security associations, but phase 1 has only one")
            }
            Self::HashNotFirst => {
                out.write_str("the Hash is not the first payload, but it should be in quick mode")
            }
            Self::NoProposal => {
                out.write_str("a security association has no proposal, but it should have one")
            }
            Self::SeveralProposals { count } => {
                write!(out, "a security association has {count} proposals, but phase 1 allows only one")
            }
            Self::ProposalOrder { previous, number } => write!(
                out,
                "proposal {number} follows proposal {previous}, but proposals should be numbered upwards"
            ),
            Self::TransformOrder { previous, number } => write!(
                out,
                "transform {number} follows transform {previous}, but transforms should be numbered upwards"
            ),
            Self::SpiSize { protocol_id, size } => {
                write!(out, "an SPI has {size} octets, which is not the length of an SPI of {protocol_id}")
            }
            Self::BasicAttributeVariable { phase, attribute_type } => {
                write!(out, "the attribute ")?;
                match phase {
                    Phase::One => write!(out, "{}", oakley::AttributeType(*attribute_type))?,
                    Phase::Two => write!(out, "{}", ipsec::AttributeType(*attribute_type))?,
                }
                write!(out, " is encoded as variable, but it should be basic")
            }
            Self::LifeDurationWithoutType => out.write_str("a life duration has no life type before it"),
            Self::AuthenticationAlgorithmMissing => {
                out.write_str("a transform of AH has no authentication algorithm")
            }
            Self::IdentificationPort { phase, protocol_id, port } => {
                let (phase, expected) = match phase {
                    Phase::One => (1, "0 and 0, or 17 and 500"),
                    Phase::Two => (2, "a port only with a protocol"),
                };
                write!(
                    out,
                    "the phase {phase} identification has protocol {protocol_id} and port {port}, but it should have {expected}"
                )
            }
            Self::IdentificationTerminator { id_type } => {
                write!(out, "the name of {id_type} ends in a null octet, but it must not have a terminator")
            }
            Self::NonceLength { len } => {
                write!(out, "a nonce has {len} octets, but it should have 8 to 256")
            }
            Self::NotificationDataForm { notify_message_type, len } => {
                write!(out, "{len} octets of data do not have the form of {notify_message_type}")
            }
            Self::NotificationSpi { notify_message_type, size } => {
                write!(
                    out,
                    "an SPI of {size} octets does not have the length that {notify_message_type} requires"
                )
            }
            Self::NotificationUnprotected { notify_message_type } => {
                write!(out, "the notification {notify_message_type} is not encrypted, but it should be")
            }
            Self::VendorIdInPhase2 => out.write_str("a vendor id stands outside phase 1"),
            Self::ConfigurationReserved { reserved } => write!(
                out,
                "the RESERVED octet of the configuration attributes is {reserved:#04x}, but it should be 0"
            ),
            Self::ConfigurationLength { attribute_type, len } => {
                // default: a length that fits says nothing of others
                let lengths = attribute_type.other_length(*len).unwrap_or("another number of");
                write!(out, "{attribute_type} has a value of {len} octets, but it should have {lengths}")
            }
        }
    }
}

#[cfg(test)]
mod tests;
