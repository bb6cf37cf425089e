//! The lines that Cisco IOS prints under `debug crypto isakmp`.
//!
//! The forms are those of IOS 12.3. IOS also prints facts that are not in the message: the priority of the policy that
//! a transform is checked against, the address of an SA in memory, and the result of the check. This crate does not
//! know them and leaves them out.

use core::fmt::{self, Display, Formatter};

use crate::doi::{ProtocolId, transform_name};
use crate::payload::identification::{Identification, Identity};
use crate::payload::notification::{Notification, NotifyType};
use crate::payload::proposal::Proposal;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::transform::Transform;
use crate::vendor::{self, KnownVendorId};
use crate::{Emit, Message, Payload, PayloadBody, PayloadType};

mod attribute;

use attribute::{Phase1Attribute, Phase2Attribute};

/// Returns a message id or an SPI as IOS prints it, as a signed number.
const fn signed(word: u32) -> i32 {
    word.cast_signed()
}

/// The start of a line: `ISAKMP (0:12): ` with the two numbers of a connection, or `ISAKMP: ` without numbers. The
/// struct is exhaustive on purpose, as the other types of this module are, because a caller builds them to print them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Prefix {
    /// The slot and the connection id. `None` prints no numbers.
    pub connection: Option<(u32, u32)>,
}

impl Display for Prefix {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.connection {
            Some((slot, id)) => write!(out, "ISAKMP ({slot}:{id}): "),
            None => out.write_str("ISAKMP: "),
        }
    }
}

/// The lines that a receiver prints for the payloads of a message. A newline ends each line. An encrypted body has no
/// lines.
#[derive(Clone, Copy, Debug)]
pub struct Lines<'m, 'a> {
    /// The message.
    pub message: &'m Message<'a>,
    /// The start of each line.
    pub prefix: Prefix,
}

impl Display for Lines<'_, '_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.message.payloads().try_for_each(|payload| self.payload(out, &payload))
    }
}

impl Lines<'_, '_> {
    fn payload(&self, out: &mut Formatter<'_>, payload: &Payload<'_>) -> fmt::Result {
        match &payload.body {
            PayloadBody::SecurityAssociation(body) => {
                self.processing(out, "SA")?;
                self.association(out, body)
            }
            PayloadBody::KeyExchange(_) => self.processing(out, "KE"),
            PayloadBody::Identification(_) => self.processing(out, "ID"),
            PayloadBody::Certificate(_) => self.processing(out, "CERT"),
            PayloadBody::CertificateRequest(_) => self.processing(out, "CERT_REQ"),
            PayloadBody::Hash(_) => self.processing(out, "HASH"),
            PayloadBody::Signature(_) => self.processing(out, "SIG"),
            PayloadBody::Nonce(_) => self.processing(out, "NONCE"),
            PayloadBody::Delete(_) => self.processing(out, "DELETE"),
            PayloadBody::Configuration(_) => writeln!(
                out,
                "{}processing transaction payload. message ID = {}",
                self.prefix,
                signed(self.message.header.message_id)
            ),
            PayloadBody::Notification(body) => self.notification(out, body),
            PayloadBody::VendorId(body) => self.vendor_id(out, body.vendor_id),
            PayloadBody::Malformed { error, .. } => {
                writeln!(out, "{}malformed payload: {error}", self.prefix)
            }
            _ => writeln!(out, "ISAKMP:received payload type {}", payload.payload_type().0),
        }
    }

    fn processing(&self, out: &mut Formatter<'_>, payload: &str) -> fmt::Result {
        let message_id = signed(self.message.header.message_id);
        writeln!(out, "{}processing {payload} payload. message ID = {message_id}", self.prefix)
    }

    fn association(&self, out: &mut Formatter<'_>, body: &SecurityAssociation<'_>) -> fmt::Result {
        for proposal in body.proposals.iter().filter_map(|proposal| proposal.decoded().ok()) {
            if proposal.protocol_id != ProtocolId::ISAKMP {
                writeln!(out, "{}Checking IPSec proposal {}", self.prefix, proposal.proposal_number)?;
            }
            for transform in proposal.transforms.iter().filter_map(|transform| transform.decoded().ok()) {
                self.transform(out, &proposal, &transform)?;
            }
        }
        Ok(())
    }

    fn transform(
        &self,
        out: &mut Formatter<'_>,
        proposal: &Proposal<'_>,
        transform: &Transform<'_>,
    ) -> fmt::Result {
        let number = transform.transform_number;
        if proposal.protocol_id == ProtocolId::ISAKMP {
            writeln!(out, "{}Checking ISAKMP transform {number}", self.prefix)?;
            return transform
                .attributes
                .iter()
                .try_for_each(|attribute| writeln!(out, "ISAKMP: {}", Phase1Attribute(&attribute)));
        }
        let name = match transform_name(proposal.protocol_id, transform.transform_id) {
            // IOS does not print the mode.
            Some("ESP_AES-CBC") => "ESP_AES",
            Some(name) => name,
            None => "UNKNOWN",
        };
        writeln!(out, "ISAKMP: transform {number}, {name}")?;
        writeln!(out, "ISAKMP: attributes in transform:")?;
        transform
            .attributes
            .iter()
            .try_for_each(|attribute| writeln!(out, "ISAKMP: {}", Phase2Attribute(&attribute)))
    }

    fn notification(&self, out: &mut Formatter<'_>, body: &Notification<'_>) -> fmt::Result {
        let spi = match <[u8; 4]>::try_from(body.spi) {
            Ok(spi) => signed(u32::from_be_bytes(spi)),
            Err(_) => 0,
        };
        writeln!(
            out,
            "{}processing NOTIFY {} protocol {} spi {spi}, message ID = {}",
            self.prefix,
            NotifyName(body.notify_message_type),
            body.protocol_id.0,
            signed(self.message.header.message_id)
        )
    }

    fn vendor_id(&self, out: &mut Formatter<'_>, vendor_id: &[u8]) -> fmt::Result {
        let prefix = self.prefix;
        writeln!(out, "{prefix}processing vendor id payload")?;
        let header = &self.message.header;
        if [header.initiator_cookie, header.responder_cookie]
            .into_iter()
            .any(|cookie| cookie != [0; 8] && vendor::is_cisco_ios(vendor_id, cookie))
        {
            return writeln!(out, "{prefix}speaking to another IOS box!");
        }
        let known = vendor::identify(vendor_id);
        let is_versioned = known.is_some_and(|known| *known == vendor::DPD || *known == vendor::CISCO_UNITY);
        if !is_versioned && let Some(major) = vendor::ios_major(vendor_id) {
            writeln!(out, "{prefix}vendor ID seems Unity/DPD but major {major} mismatch")?;
        }
        match known.and_then(vendor_name) {
            Some(name) => writeln!(out, "{prefix}vendor ID is {name}"),
            None => Ok(()),
        }
    }
}

/// Returns the name that IOS has for a vendor id. `None` when IOS does not know it.
#[must_use]
pub fn vendor_name(known: &KnownVendorId) -> Option<&'static str> {
    let names: [(&KnownVendorId, &str); 7] = [
        (&vendor::RFC_3947, "NAT-T RFC 3947"),
        (&vendor::NAT_T_07, "NAT-T v7"),
        (&vendor::NAT_T_03, "NAT-T v3"),
        (&vendor::NAT_T_02_NEWLINE, "NAT-T v2"),
        (&vendor::CISCO_UNITY, "Unity"),
        (&vendor::DPD, "DPD"),
        (&vendor::XAUTH, "XAUTH"),
    ];
    names.iter().find(|(entry, _)| *entry == known).map(|(_, name)| *name)
}

/// The name that IOS has for a notification. `ITS_ALIVE` for 32769 is inferred from the names; no document has it.
struct NotifyName(NotifyType);

impl Display for NotifyName {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            NotifyType::NO_PROPOSAL_CHOSEN => "PROPOSAL_NOT_CHOSEN",
            NotifyType::R_U_THERE => "DPD/R_U_THERE",
            NotifyType::R_U_THERE_ACK => "DPD/R_U_THERE_ACK",
            NotifyType::IOS_KEEP_ALIVE_ACK => "ITS_ALIVE",
            other => match other.name() {
                Some(name) => name,
                None => return write!(out, "{}", other.0),
            },
        };
        name.split('-').enumerate().try_for_each(|(index, word)| {
            if index > 0 {
                out.write_str("_")?;
            }
            out.write_str(word)
        })
    }
}

/// The lines that a sender prints for its identification. A newline ends each line.
#[derive(Clone, Copy, Debug)]
pub struct IdPayload<'m, 'a> {
    /// The connection id, which is printed as `ISAKMP (12): `.
    pub connection: u32,
    /// The type of the next payload in the message.
    pub next_payload: PayloadType,
    /// The identification of the sender.
    pub identification: &'m Identification<'a>,
}

impl Display for IdPayload<'_, '_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self { connection, next_payload, identification } = self;
        writeln!(out, "ISAKMP ({connection}): ID payload")?;
        writeln!(out, "next-payload : {}", next_payload.0)?;
        writeln!(out, "type : {}", identification.identity.id_type().0)?;
        match identification.identity {
            Identity::Ipv4Address(address) => writeln!(out, "addr : {address}")?,
            Identity::Ipv6Address(address) => writeln!(out, "addr : {address}")?,
            Identity::Fqdn(name) | Identity::UserFqdn(name) => {
                writeln!(out, "FQDN name : {}", name.escape_ascii())?;
            }
            _ => {}
        }
        writeln!(out, "protocol : {}", identification.protocol_id)?;
        writeln!(out, "port : {}", identification.port)?;
        let len = identification.wire_len();
        // IOS prints the length of the body here, and the length of the whole payload below.
        writeln!(out, "length : {len}")?;
        writeln!(out, "ISAKMP ({connection}): Total payload length: {}", len.saturating_add(4))
    }
}

#[cfg(test)]
mod tests;
