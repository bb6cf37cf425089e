//! What the RFCs forbid and real peers do.

use core::fmt;

use crate::doi::{Doi, Encoding, ProtocolId, ipsec, oakley};
use crate::payload::attribute::{Attribute, AttributeFormat, Attributes, attributes};
use crate::payload::delete::Delete;
use crate::payload::identification::Identification;
use crate::payload::nat_original_address::NatOriginalAddress;
use crate::payload::notification::{Notification, NotificationData, NotifyType};
use crate::payload::proposal::Proposal;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::transform::Transform;
use crate::{
    Body, ExchangeType, Flags, Header, Message, NegotiationContext, Payload, PayloadElement, PayloadType,
    Payloads, Phase,
};

/// A departure from an RFC that does not stop the message from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// Octets after the total length. [`Message::emit`] leaves them out.
    OctetsAfterMessage {
        /// How many.
        count: usize,
    },
    /// Octets after the last payload that are no padding to four octets.
    OctetsAfterPayloads {
        /// How many.
        count: usize,
    },
    /// The number of transforms is not that of the transforms. [`Message::emit`] writes the right one.
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
    /// An SPI has not the length of its protocol.
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
    /// Protocol and port of a phase 1 identification are neither 0 and 0 nor 17 and 500.
    IdentificationPort {
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
    /// The data of a notification have not the form of its type.
    NotificationDataForm {
        /// The type.
        notify_message_type: NotifyType,
        /// Octets of data.
        len: usize,
    },
    /// The SPI of a notification has not the length of its type.
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
            Self::NoProposal | Self::ProposalOrder { .. } | Self::TransformOrder { .. } => "RFC 2408 section 4.2",
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
            Self::IdentificationPort { protocol_id, port } => {
                write!(out, "phase 1 identification with protocol {protocol_id} and port {port}")
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

/// Tells of the derived values in payloads that were wrong on the wire.
pub(crate) fn derived(payloads: &Payloads<'_>, report: &mut impl FnMut(Departure)) {
    for element in payloads {
        match element.header.payload_type {
            PayloadType::SECURITY_ASSOCIATION => {
                if let Ok(association) = SecurityAssociation::from_element(&element) {
                    association
                        .proposals
                        .iter()
                        .filter_map(|proposal| miscounted(&proposal))
                        .for_each(&mut *report);
                }
            }
            PayloadType::PROPOSAL => {
                if let Some(departure) = miscounted(&element) {
                    report(departure);
                }
            }
            _ => {}
        }
    }
}

/// The number of transforms, where it is wrong.
fn miscounted(element: &PayloadElement<'_>) -> Option<Departure> {
    let mut miscounted = None;
    // A malformed proposal is no departure: it is an error, told elsewhere.
    let _ = Proposal::parse_reporting(element.value, element.value_offset, &mut |departure| {
        miscounted = Some(departure);
    });
    miscounted
}

fn reserved_octet(element: &PayloadElement<'_>) -> Option<Departure> {
    let crate::PayloadHeader { payload_type, reserved } = element.header;
    (reserved != 0).then_some(Departure::ReservedOctet { payload_type, reserved })
}

/// Where each number has to be above the one before, or at least as high.
fn disordered<T>(
    numbers: impl Iterator<Item = u8>,
    in_order: fn(u8, u8) -> bool,
    departure: fn(u8, u8) -> T,
) -> impl Iterator<Item = T> {
    numbers
        .scan(None, move |last: &mut Option<u8>, number| {
            let previous = last.replace(number);
            Some(previous.filter(|previous| !in_order(*previous, number)).map(|previous| (previous, number)))
        })
        .flatten()
        .map(move |(previous, number)| departure(previous, number))
}

impl<'a> SecurityAssociation<'a> {
    /// What in the proposals departs from the RFCs.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<'a> {
        let count = self.proposals.element_count();
        let several =
            (phase == Phase::One && count > 1).then_some(Departure::SeveralProposals { count }).into_iter();
        let none = (self.doi == Doi::IPSEC && count == 0).then_some(Departure::NoProposal).into_iter();
        let proposals = self.decode_proposals().filter_map(|(_, proposal)| proposal.ok());
        let order = disordered(
            proposals.map(|proposal| proposal.proposal_number),
            |previous, number| previous <= number,
            |previous, number| Departure::ProposalOrder { previous, number },
        );
        let nested = self.decode_proposals().flat_map(|(element, proposal)| {
            let within = proposal.ok().into_iter().flat_map(|proposal| proposal.conformance());
            [reserved_octet(&element), miscounted(&element)].into_iter().flatten().chain(within)
        });
        none.chain(several).chain(order).chain(nested)
    }
}

impl<'a> Proposal<'a> {
    /// What in the proposal and its transforms departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        let (protocol_id, size) = (self.protocol_id, self.spi.len());
        let fits = match protocol_id {
            ProtocolId::ISAKMP => size <= 16,
            _ => protocol_id.spi_len().is_none_or(|len| len == size),
        };
        let spi_size = (!fits).then_some(Departure::SpiSize { protocol_id, size }).into_iter();
        let transforms = self.decode_transforms().filter_map(|(_, transform)| transform.ok());
        let order = disordered(
            transforms.map(|transform| transform.transform_number),
            |previous, number| previous < number,
            |previous, number| Departure::TransformOrder { previous, number },
        );
        let nested = self.decode_transforms().flat_map(move |(element, transform)| {
            let within =
                transform.ok().into_iter().flat_map(move |transform| transform.conformance(protocol_id));
            reserved_octet(&element).into_iter().chain(within)
        });
        spi_size.chain(order).chain(nested)
    }
}

impl<'a> Transform<'a> {
    /// What in a transform of this protocol departs from the RFCs.
    pub fn conformance(&self, protocol_id: ProtocolId) -> impl Iterator<Item = Departure> + use<'a> {
        let phase = match protocol_id {
            ProtocolId::ISAKMP => Phase::One,
            _ => Phase::Two,
        };
        let reserved = self.reserved;
        let reserved = (reserved != 0).then_some(Departure::TransformReserved { reserved });
        let authentication = ipsec::AttributeType::AUTHENTICATION_ALGORITHM.0;
        let missing = protocol_id == ProtocolId::AH
            && !self.decode_attributes().any(|attribute| attribute.attribute_type == authentication);
        let missing = missing.then_some(Departure::AuthenticationAlgorithmMissing);
        [reserved, missing].into_iter().flatten().chain(attribute_departures(&self.attributes, phase))
    }
}

fn attribute_departures<'a>(
    list: &Attributes<'a>,
    phase: Phase,
) -> impl Iterator<Item = Departure> + use<'a> {
    let variable = attributes(list).filter_map(move |attribute| basic_as_variable(&attribute, phase));
    let (life_type, duration) =
        (ipsec::AttributeType::SA_LIFE_TYPE.0, ipsec::AttributeType::SA_LIFE_DURATION.0);
    let unexplained = attributes(list)
        .scan(false, move |explained, attribute| {
            *explained |= attribute.attribute_type == life_type;
            Some(attribute.attribute_type == duration && !*explained)
        })
        .filter(move |unexplained| *unexplained && phase == Phase::Two)
        .map(|_| Departure::LifeDurationWithoutType);
    variable.chain(unexplained)
}

fn basic_as_variable(attribute: &Attribute<'_>, phase: Phase) -> Option<Departure> {
    let attribute_type = attribute.attribute_type;
    let encoding = match phase {
        Phase::One => oakley::AttributeType(attribute_type).encoding(),
        Phase::Two => ipsec::AttributeType(attribute_type).encoding(),
    };
    let departs = encoding == Some(Encoding::Basic) && attribute.value.format() == AttributeFormat::Variable;
    departs.then_some(Departure::BasicAttributeVariable { phase, attribute_type })
}

impl Identification<'_> {
    /// What in the identification departs from the RFCs.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<> {
        let (protocol_id, port) = (self.protocol_id, self.port);
        let departs = phase == Phase::One && !matches!((protocol_id, port), (0, 0) | (17, 500));
        departs.then_some(Departure::IdentificationPort { protocol_id, port }).into_iter()
    }
}

impl Notification<'_> {
    /// What in the notification departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let (notify_message_type, size) = (self.notify_message_type, self.spi.len());
        let len = self.notification_data.wire_len();
        let is_octets = matches!(self.notification_data, NotificationData::Octets(_));
        let (data_departs, spi_departs) = match notify_message_type {
            NotifyType::R_U_THERE | NotifyType::R_U_THERE_ACK => (is_octets, size != 16),
            NotifyType::INITIAL_CONTACT => (len != 0, size != 16),
            NotifyType::RESPONDER_LIFETIME | NotifyType::REPLAY_STATUS => {
                (is_octets, !matches!(size, 4 | 16))
            }
            _ => (false, false),
        };
        let data = data_departs.then_some(Departure::NotificationDataForm { notify_message_type, len });
        let spi = spi_departs.then_some(Departure::NotificationSpi { notify_message_type, size });
        [data, spi].into_iter().flatten()
    }
}

impl Delete<'_> {
    /// What in the payload departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let (protocol_id, size) = (self.protocol_id, usize::from(self.spis.spi_size()));
        let departs = protocol_id.spi_len().is_some_and(|len| len != size);
        departs.then_some(Departure::SpiSize { protocol_id, size }).into_iter()
    }
}

impl NatOriginalAddress {
    /// What in the payload departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let reserved = self.reserved;
        (reserved != [0; 3]).then_some(Departure::NatOriginalAddressReserved { reserved }).into_iter()
    }
}

impl<'a> Payload<'a> {
    /// What in the body departs from the RFCs, in this phase.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<'a> {
        let (mut association, mut proposal, mut own) = (None, None, [None; 2]);
        let mut take = |departures: &mut dyn Iterator<Item = Departure>| {
            own.iter_mut().zip(departures).for_each(|(place, departure)| *place = Some(departure));
        };
        match self {
            Self::SecurityAssociation(body) => association = Some(body.conformance(phase)),
            Self::Proposal(body) => proposal = Some(body.conformance()),
            Self::Identification(body) => take(&mut body.conformance(phase)),
            Self::Notification(body) => take(&mut body.conformance()),
            Self::Delete(body) => take(&mut body.conformance()),
            Self::NatOriginalAddress(body) => take(&mut body.conformance()),
            Self::Nonce(body) if !(8..=256).contains(&body.nonce_data.len()) => {
                own = [Some(Departure::NonceLength { len: body.nonce_data.len() }), None];
            }
            Self::VendorId(_) if phase == Phase::Two => own = [Some(Departure::VendorIdInPhase2), None],
            _ => {}
        }
        own.into_iter()
            .flatten()
            .chain(association.into_iter().flatten())
            .chain(proposal.into_iter().flatten())
    }
}

impl Header {
    /// What in the header departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let minor = self.version.minor();
        let minor = (minor != 0).then_some(Departure::MinorVersion { minor });
        let defined = Flags::ENCRYPTION.with(Flags::COMMIT).with(Flags::AUTHENTICATION_ONLY);
        let flags = self.flags;
        let flags = (flags.without(defined) != Flags::NONE).then_some(Departure::ReservedFlags { flags });
        let message_id = self.message_id;
        let message_id = (self.phase() == Phase::One && message_id != 0)
            .then_some(Departure::MessageIdInPhase1 { message_id });
        [minor, flags, message_id].into_iter().flatten()
    }
}

impl<'a> Message<'a> {
    /// What in the message departs from the RFCs: in its header, in the order of its payloads, and in each that can be
    /// decoded.
    pub fn conformance(&self, context: NegotiationContext) -> impl Iterator<Item = Departure> + use<'a> {
        let header = self.header;
        let phase = header.phase();
        let payloads = match &self.body {
            Body::Payloads(payloads) => Some(payloads.clone()),
            Body::Encrypted(_) => None,
        };
        let is_protected = header.flags.contains(Flags::ENCRYPTION);
        let order = payloads.iter().flat_map(|payloads| order_departures(&header, payloads));
        let mut whole = [None; 4];
        whole.iter_mut().zip(order).for_each(|(place, departure)| *place = Some(departure));
        let bodies = payloads.into_iter().flatten().flat_map(move |element| {
            let payload = Payload::parse(&element, &context).ok();
            let unprotected = match &payload {
                Some(Payload::Notification(body)) if !is_protected => unprotected(body.notify_message_type),
                _ => None,
            };
            let within = payload.into_iter().flat_map(move |payload| payload.conformance(phase));
            [reserved_octet(&element), unprotected].into_iter().flatten().chain(within)
        });
        header.conformance().chain(whole.into_iter().flatten()).chain(bodies)
    }
}

fn unprotected(notify_message_type: NotifyType) -> Option<Departure> {
    match notify_message_type {
        NotifyType::RESPONDER_LIFETIME | NotifyType::REPLAY_STATUS | NotifyType::INITIAL_CONTACT => {
            Some(Departure::NotificationUnprotected { notify_message_type })
        }
        _ => None,
    }
}

fn order_departures(header: &Header, payloads: &Payloads<'_>) -> impl Iterator<Item = Departure> + use<> {
    let is = |payload_type| move |element: &PayloadElement<'_>| element.header.payload_type == payload_type;
    let association = is(PayloadType::SECURITY_ASSOCIATION);
    let count = payloads.iter().filter(association).count();
    let phase_1 = header.phase() == Phase::One;
    let first = payloads.iter().next();
    let not_first = phase_1 && count > 0 && !first.as_ref().is_some_and(association);
    let several = phase_1 && count > 1;
    let hash_not_first = header.exchange_type == ExchangeType::QUICK_MODE
        && !first.as_ref().is_some_and(is(PayloadType::HASH));
    let rest = payloads.rest();
    // A cipher's padding ends an encrypted message, up to three zeros align any other.
    let is_padding =
        header.flags.contains(Flags::ENCRYPTION) || (rest.len() < 4 && rest.iter().all(|octet| *octet == 0));
    [
        not_first.then_some(Departure::SecurityAssociationNotFirst),
        several.then_some(Departure::SeveralSecurityAssociations { count }),
        hash_not_first.then_some(Departure::HashNotFirst),
        (!is_padding).then_some(Departure::OctetsAfterPayloads { count: rest.len() }),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests;
