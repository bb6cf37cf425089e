//! Notification and Delete payloads, RFC 2408 sections 3.14 and 3.15.

use isakmp::doi::{Doi, ProtocolId};
use isakmp::payload::delete::Delete;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};

use super::attribute::{self, Family};
use super::body::Body;
use crate::packet::Packet;
use crate::sink::{Sink, Value};

/// The number of octets before the SPI.
const FIXED_LEN: usize = 8;

fn doi(doi: Doi) -> Value<'static> {
    Value::Named(u64::from(doi.0), doi.name())
}

fn protocol(protocol: ProtocolId) -> Value<'static> {
    Value::Named(u64::from(protocol.0), protocol.name())
}

pub(super) fn notification<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, value: &Notification<'_>) {
    let (spi_len, kind) = (value.spi.len(), value.notify_message_type);
    notification_fixed(packet, body);
    if !value.spi.is_empty() {
        body.field(packet, "isakmp.spi", Value::Octets(value.spi), FIXED_LEN, spi_len);
    }
    let at = FIXED_LEN.saturating_add(spi_len);
    body.rest(packet, "isakmp.notify.data", at);
    match &value.notification_data {
        NotificationData::SequenceNumber(number) => {
            let name = match kind {
                NotifyType::R_U_THERE => "isakmp.notify.data.dpd.are_you_there",
                _ => "isakmp.notify.data.dpd.are_you_there_ack",
            };
            body.field(packet, name, Value::Unsigned(u64::from(*number)), at, 4);
        }
        NotificationData::ReplayStatus(status) => {
            let status = Value::Unsigned(u64::from(*status));
            body.field(packet, "isakmp.notify.data.replay_status", status, at, 4);
        }
        NotificationData::Gateway(address) => {
            body.field(packet, "isakmp.notify.data.unity.load_balance", Value::Ipv4(*address), at, 4);
        }
        NotificationData::Lifetime(attributes) => {
            let family = match value.protocol_id {
                ProtocolId::ISAKMP => &Family::IKE_LIFETIME,
                _ => &Family::IPSEC_LIFETIME,
            };
            attribute::list(packet, body, family, attributes, None);
        }
        _ => {}
    }
}

pub(super) fn delete<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>, value: &Delete<'_>) {
    delete_fixed(packet, body);
    let mut at = FIXED_LEN;
    for spi in &value.spis {
        body.field(packet, "isakmp.delete.spi", Value::Octets(spi), at, spi.len());
        at = at.saturating_add(spi.len());
    }
}

/// Shows the fields before the SPI. They are present even when the rest is malformed.
pub(super) fn notification_fixed<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let Some([a, b, c, d, protocol_id, spi_size, high, low]) = body.value().first_chunk() else { return };
    let kind = NotifyType(u16::from_be_bytes([*high, *low]));
    body.field(packet, "isakmp.notify.doi", doi(Doi(u32::from_be_bytes([*a, *b, *c, *d]))), 0, 4);
    body.field(packet, "isakmp.notify.protoid", protocol(ProtocolId(*protocol_id)), 4, 1);
    body.field(packet, "isakmp.spisize", Value::Unsigned(u64::from(*spi_size)), 5, 1);
    body.field(packet, "isakmp.notify.msgtype", Value::Named(u64::from(kind.0), kind.name()), 6, 2);
}

/// Shows the fields before the SPIs.
pub(super) fn delete_fixed<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let Some([a, b, c, d, protocol_id, spi_size, high, low]) = body.value().first_chunk() else { return };
    let spi_count = u16::from_be_bytes([*high, *low]);
    body.field(packet, "isakmp.delete.doi", doi(Doi(u32::from_be_bytes([*a, *b, *c, *d]))), 0, 4);
    body.field(packet, "isakmp.delete.protoid", protocol(ProtocolId(*protocol_id)), 4, 1);
    body.field(packet, "isakmp.spisize", Value::Unsigned(u64::from(*spi_size)), 5, 1);
    body.field(packet, "isakmp.spinum", Value::Unsigned(u64::from(spi_count)), 6, 2);
}
