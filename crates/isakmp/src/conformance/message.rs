//! Where messages and payloads depart from the RFCs.

use super::Departure;
use super::nested::nested;
use super::security_association::{elements, miscounted, reserved_octet};
use crate::payload::configuration::{Configuration, ConfigurationAttributeType};
use crate::payload::delete::Delete;
use crate::payload::identification::{Identification, Identity};
use crate::payload::nat_original_address::NatOriginalAddress;
use crate::payload::notification::{Notification, NotificationData, NotifyType};
use crate::{
    AttributeValue, Emit, ExchangeType, Flags, Header, List, Member, Message, Payload, PayloadBody,
    PayloadType, Payloads, Phase,
};

impl Identification<'_> {
    /// Lists where the identification departs from the RFCs in this phase.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<> {
        let (protocol_id, port) = (self.protocol_id, self.port);
        let fits = match phase {
            Phase::One => matches!((protocol_id, port), (0, 0) | (17, 500)),
            Phase::Two => protocol_id != 0 || port == 0,
        };
        let port = (!fits).then_some(Departure::IdentificationPort { phase, protocol_id, port });
        let id_type = self.identity.id_type();
        let is_terminated = matches!(self.identity, Identity::Fqdn([.., 0]) | Identity::UserFqdn([.., 0]));
        let terminator = is_terminated.then_some(Departure::IdentificationTerminator { id_type });
        [port, terminator].into_iter().flatten()
    }
}

impl Notification<'_> {
    /// Lists where the notification departs from the RFCs.
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
    /// Lists where the payload departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let (protocol_id, size) = (self.protocol_id, usize::from(self.spis.spi_size()));
        let departs = protocol_id.spi_len().is_some_and(|len| len != size);
        departs.then_some(Departure::SpiSize { protocol_id, size }).into_iter()
    }
}

impl<'a> Configuration<'a> {
    /// Lists where the configuration departs from the draft. A value that is cut is a fault of the message.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        let reserved = self.reserved;
        let reserved = (reserved != 0).then_some(Departure::ConfigurationReserved { reserved });
        let lengths = self.attributes.iter().filter_map(|attribute| {
            let attribute_type = ConfigurationAttributeType(attribute.attribute_type);
            let is_cut = matches!(attribute.value, AttributeValue::Cut { .. });
            let len = attribute.wire_len();
            let departs = !is_cut && attribute_type.other_length(len).is_some();
            departs.then_some(Departure::ConfigurationLength { attribute_type, len })
        });
        reserved.into_iter().chain(lengths)
    }
}

impl NatOriginalAddress {
    /// Lists where the payload departs from the RFCs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let reserved = self.reserved;
        (reserved != [0; 3]).then_some(Departure::NatOriginalAddressReserved { reserved }).into_iter()
    }
}

impl<'a> Payload<'a> {
    /// Lists where the payload departs from the RFCs in this phase. The list is empty when the body is malformed or not
    /// known, except for a RESERVED octet that is not zero.
    pub fn conformance(&self, phase: Phase) -> impl Iterator<Item = Departure> + use<'a> {
        let (mut association, mut proposal, mut configuration, mut own) = (None, None, None, [None; 2]);
        let mut take = |departures: &mut dyn Iterator<Item = Departure>| {
            // default: none of these bodies departs in more than two ways
            own = core::array::from_fn(|_| departures.next());
        };
        match &self.body {
            PayloadBody::SecurityAssociation(body) => association = Some(body.conformance(phase)),
            PayloadBody::Proposal(body) => proposal = Some(body.conformance()),
            PayloadBody::Configuration(body) => configuration = Some(body.conformance()),
            PayloadBody::Identification(body) => take(&mut body.conformance(phase)),
            PayloadBody::Notification(body) => take(&mut body.conformance()),
            PayloadBody::Delete(body) => take(&mut body.conformance()),
            PayloadBody::NatOriginalAddress(body) => take(&mut body.conformance()),
            PayloadBody::Nonce(body) if !(8..=256).contains(&body.nonce_data.len()) => {
                own = [Some(Departure::NonceLength { len: body.nonce_data.len() }), None];
            }
            PayloadBody::VendorId(_) if phase == Phase::Two => {
                own = [Some(Departure::VendorIdInPhase2), None];
            }
            _ => {}
        }
        reserved_octet(self.header())
            .into_iter()
            .chain(own.into_iter().flatten())
            .chain(association.into_iter().flatten())
            .chain(proposal.into_iter().flatten())
            .chain(configuration.into_iter().flatten())
    }
}

impl Header {
    /// Lists where the header departs from the RFCs.
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
    /// Lists where the message departs from the RFCs: in its header, in the order of its payloads, and in each payload
    /// that can be decoded. Derived values that were wrong on the wire are among the departures
    /// ([`Departure::is_corrected`]).
    ///
    /// Malformed payloads, proposals and transforms are passed over without a word: an empty list says nothing about
    /// them. [`PayloadBody::Malformed`] and [`Nested::Malformed`](crate::Nested::Malformed) have their errors. An
    /// encrypted body has no payloads here; put the decrypted payloads into a message with the same header to check
    /// them.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        let header = self.header;
        let phase = header.phase();
        let payloads = self.body.payloads().cloned();
        let is_protected = header.flags.contains(Flags::ENCRYPTION);
        let whole = payloads
            .as_ref()
            .map_or([None; 4], |payloads| order_departures(&header, payloads, self.trailing));
        let bodies = nested(payloads.into_iter(), move |payloads| {
            nested(payloads.iter().zip(elements(&payloads)), move |(payload, element)| {
                let unprotected = match &payload.body {
                    PayloadBody::Notification(body) if !is_protected => unprotected(body.notify_message_type),
                    _ => None,
                };
                // A proposal inside an association is counted there.
                let miscounted = match (&payload.body, element) {
                    (PayloadBody::Proposal(body), Some(element)) => miscounted(&element, body),
                    _ => None,
                };
                [unprotected, miscounted].into_iter().flatten().chain(payload.conformance(phase))
            })
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

/// Returns the number of the first payload. It stands in the header, so it is known even when that payload cannot be
/// framed.
fn first_number(payloads: &Payloads<'_>) -> Option<PayloadType> {
    match payloads {
        List::Framed(chain) => {
            Some(chain.framing().next_payload()).filter(|first| *first != PayloadType::NONE)
        }
        List::Values(values) => values.first().map(Payload::payload_type),
    }
}

/// Returns the numbers of the payloads. No body has to be decoded for this.
fn numbers<'a>(payloads: &Payloads<'a>) -> impl Iterator<Item = PayloadType> + use<'a> {
    let built: &[Payload<'a>] = match payloads {
        List::Framed(_) => &[],
        List::Values(values) => values,
    };
    payloads
        .elements()
        .map(|element| element.header.payload_type)
        .chain(built.iter().map(Payload::payload_type))
}

fn order_departures(header: &Header, payloads: &Payloads<'_>, trailing: &[u8]) -> [Option<Departure>; 4] {
    let is_association = |number: &PayloadType| *number == PayloadType::SECURITY_ASSOCIATION;
    let count = numbers(payloads).filter(is_association).fold(0usize, |count, _| count.saturating_add(1));
    let phase_1 = header.phase() == Phase::One;
    let first = first_number(payloads);
    let not_first = phase_1 && count > 0 && !first.as_ref().is_some_and(is_association);
    let several = phase_1 && count > 1;
    let hash_not_first = header.exchange_type == ExchangeType::QUICK_MODE && first != Some(PayloadType::HASH);
    // The padding of a cipher ends an encrypted message, and up to three zeros align any other message.
    let is_padding = header.flags.contains(Flags::ENCRYPTION)
        || (trailing.len() < 4 && trailing.iter().all(|octet| *octet == 0));
    [
        not_first.then_some(Departure::SecurityAssociationNotFirst),
        several.then_some(Departure::SeveralSecurityAssociations { count }),
        hash_not_first.then_some(Departure::HashNotFirst),
        (!is_padding).then_some(Departure::OctetsAfterPayloads { count: trailing.len() }),
    ]
}
