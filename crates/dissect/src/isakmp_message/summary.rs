//! The summary line of a message, in the words of an operator of a VPN.

use core::fmt;
use core::mem::discriminant;

use isakmp::payload::delete::Delete;
use isakmp::payload::notification::{Notification, NotificationData};
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::vendor_id::VendorId;
use isakmp::{
    Body, Elements, ExchangeType, Header, Message, NegotiationContext, Payload, PayloadBody, PayloadElement,
    PayloadFraming, PayloadType, vendor,
};

/// The largest number of payloads that are named, and of vendor ids.
const NAMED: usize = 12;

/// The largest number of SPIs of a Delete that are named.
const SPIS: usize = 4;

/// The number of transforms in the security association at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TransformCount {
    pub(super) offset: usize,
    pub(super) count: usize,
}

/// `Main Mode, SA, 4 transforms, VID: NAT-T RFC 3947, DPD`.
///
/// The text is written in few pieces, and numbers are written without the formatting machinery, because every other
/// line is of this kind.
pub(super) struct Summary<'m, 'a> {
    pub(super) message: &'m Message<'a>,
    pub(super) context: NegotiationContext,
    /// The number of transforms that was counted when the message was checked for faults.
    pub(super) transforms: Option<TransformCount>,
}

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.message.header;
        match header.exchange_type.mode_name() {
            Some(name) => out.write_str(name)?,
            None => write!(out, "exchange {}", header.exchange_type.0)?,
        }
        if header.exchange_type == ExchangeType::TRANSACTION {
            out.write_str(" (Config Mode)")?;
        }
        if matches!(self.message.body, Body::Encrypted(_)) {
            return out.write_str(", encrypted");
        }
        match self.payloads(out, self.message.elements())? {
            Some(from) => self.vendor_ids(out, from),
            None => Ok(()),
        }
    }
}

impl Summary<'_, '_> {
    /// Writes all payloads except the vendor ids. Repeated payloads are counted. Returns the payloads from the first
    /// vendor id on.
    fn payloads<'a>(
        &self,
        out: &mut fmt::Formatter<'_>,
        mut payloads: Elements<'a, PayloadFraming>,
    ) -> Result<Option<Elements<'a, PayloadFraming>>, fmt::Error> {
        let mut vendor_ids = None;
        let mut named = 0usize;
        loop {
            let here = payloads.clone();
            let Some(element) = payloads.next() else { break };
            if is_vendor_id(&element) {
                vendor_ids.get_or_insert(here);
                continue;
            }
            if named == NAMED {
                out.write_str(", …")?;
                vendor_ids.get_or_insert(here);
                break;
            }
            named = named.saturating_add(1);
            let counted = self.transforms.filter(|counted| counted.offset == element.offset);
            if let Some(TransformCount { count, .. }) = counted {
                association(out, ", SA, ", count)?;
                continue;
            }
            let payload = Payload::parse(&element, &self.context).map(|payload| payload.body);
            let times = match &payload {
                Ok(payload) if is_bare(payload) => {
                    // There may be vendor ids between them.
                    vendor_ids.get_or_insert_with(|| payloads.clone());
                    self.same(payload, &mut payloads).saturating_add(1)
                }
                _ => 1,
            };
            out.write_str(", ")?;
            if times > 1 {
                number(out, times)?;
                out.write_str(" ")?;
            }
            describe(out, &element, payload.as_ref().ok())?;
        }
        Ok(vendor_ids)
    }

    /// Takes the payloads of the same kind from the front and counts them. Vendor ids between them are skipped.
    fn same(&self, payload: &PayloadBody<'_>, payloads: &mut Elements<'_, PayloadFraming>) -> usize {
        let mut count = 0usize;
        let mut ahead = payloads.clone();
        while let Some(element) = ahead.next() {
            if is_vendor_id(&element) {
                continue;
            }
            match Payload::parse(&element, &self.context) {
                Ok(other) if discriminant(&other.body) == discriminant(payload) => {
                    count = count.saturating_add(1);
                    *payloads = ahead.clone();
                }
                _ => break,
            }
        }
        count
    }

    fn vendor_ids(
        &self,
        out: &mut fmt::Formatter<'_>,
        payloads: Elements<'_, PayloadFraming>,
    ) -> fmt::Result {
        let (mut named, mut unknown) = (0usize, 0usize);
        let mut separator = ", VID: ";
        for element in payloads {
            if !is_vendor_id(&element) {
                continue;
            }
            let vendor_id = VendorId { vendor_id: element.value };
            let Some(name) = vendor_name(&self.message.header, &vendor_id) else {
                unknown = unknown.saturating_add(1);
                continue;
            };
            if named == NAMED {
                return out.write_str(", …");
            }
            named = named.saturating_add(1);
            out.write_str(separator)?;
            // The digest of one draft was made over its name and a newline, and the name is stored with that newline.
            out.write_str(name.strip_suffix("\\n").unwrap_or(name))?;
            separator = ", ";
        }
        match unknown {
            0 => Ok(()),
            unknown => write!(out, "{separator}{unknown} unknown"),
        }
    }
}

/// Whether the payload is a complete vendor id.
fn is_vendor_id(element: &PayloadElement<'_>) -> bool {
    element.header.payload_type == PayloadType::VENDOR_ID && !element.is_cut()
}

fn number(out: &mut fmt::Formatter<'_>, number: usize) -> fmt::Result {
    out.write_str(itoa::Buffer::new().format(number))
}

/// Whether only the name of the payload is written.
const fn is_bare(payload: &PayloadBody<'_>) -> bool {
    matches!(
        payload,
        PayloadBody::NatDetection(_)
            | PayloadBody::NatOriginalAddress(_)
            | PayloadBody::Certificate(_)
            | PayloadBody::CertificateRequest(_)
            | PayloadBody::Identification(_)
    )
}

fn vendor_name(header: &Header, vendor_id: &VendorId<'_>) -> Option<&'static str> {
    match vendor_id.known() {
        Some(known) => Some(known.name),
        None => [header.initiator_cookie, header.responder_cookie]
            .into_iter()
            .any(|cookie| cookie != [0; 8] && vendor::is_cisco_ios(vendor_id.vendor_id, cookie))
            .then_some("Cisco IOS"),
    }
}

fn describe(
    out: &mut fmt::Formatter<'_>,
    element: &PayloadElement<'_>,
    payload: Option<&PayloadBody<'_>>,
) -> fmt::Result {
    let Some(payload) = payload else {
        let is = if element.is_cut() { "cut" } else { "malformed" };
        return write!(out, "{is} {}", element.header.payload_type);
    };
    match payload {
        PayloadBody::SecurityAssociation(body) => association(out, "SA, ", transform_count(body)),
        PayloadBody::KeyExchange(_) => out.write_str("KE"),
        PayloadBody::Identification(_) => out.write_str("ID"),
        PayloadBody::Certificate(_) => out.write_str("CERT"),
        PayloadBody::CertificateRequest(_) => out.write_str("CERT_REQ"),
        PayloadBody::Hash(_) => out.write_str("HASH"),
        PayloadBody::Signature(_) => out.write_str("SIG"),
        PayloadBody::Nonce(_) => out.write_str("NONCE"),
        PayloadBody::Notification(body) => notification(out, body),
        PayloadBody::Delete(body) => delete(out, body),
        PayloadBody::Configuration(body) => write!(out, "{}", body.configuration_type),
        PayloadBody::NatDetection(_) => out.write_str("NAT-D"),
        PayloadBody::NatOriginalAddress(_) => out.write_str("NAT-OA"),
        PayloadBody::Fragment(body) => {
            let last = if body.is_last() { ", the last" } else { "" };
            write!(out, "fragment {} of message {}{last}", body.number, body.identifier)
        }
        _ => match element.header.payload_type.name() {
            Some(name) => out.write_str(name),
            None => write!(out, "payload {}", element.header.payload_type.0),
        },
    }
}

/// Returns the transforms of the proposals that can be decoded.
fn transform_count(body: &SecurityAssociation<'_>) -> usize {
    let decoded = body.proposals.iter().filter_map(|proposal| proposal.decoded().ok());
    decoded.fold(0usize, |sum, proposal| sum.saturating_add(proposal.transforms.count()))
}

fn association(out: &mut fmt::Formatter<'_>, before: &str, transforms: usize) -> fmt::Result {
    out.write_str(before)?;
    number(out, transforms)?;
    out.write_str(if transforms == 1 { " transform" } else { " transforms" })
}

fn notification(out: &mut fmt::Formatter<'_>, body: &Notification<'_>) -> fmt::Result {
    write!(out, "NOTIFY {}", body.notify_message_type)?;
    match body.notification_data {
        NotificationData::SequenceNumber(number) => write!(out, " seq {number}"),
        NotificationData::Gateway(address) => write!(out, " {address}"),
        _ => Ok(()),
    }
}

fn delete(out: &mut fmt::Formatter<'_>, body: &Delete<'_>) -> fmt::Result {
    write!(out, "DELETE {}", body.protocol_id)?;
    let count = body.spis.spi_count();
    write!(out, ", {count} SPI{}", if count == 1 { "" } else { "s" })?;
    // An SPI of ISAKMP is both cookies, which are those of the message.
    let mut spis = body.spis.iter().filter_map(|spi| spi.first_chunk().filter(|_| spi.len() == 4));
    for spi in spis.clone().take(SPIS) {
        write!(out, " 0x{:08x}", u32::from_be_bytes(*spi))?;
    }
    if spis.nth(SPIS).is_some() { out.write_str(" …") } else { Ok(()) }
}
