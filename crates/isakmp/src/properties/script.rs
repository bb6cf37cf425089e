//! Messages written as octets tell: what a fuzzer grows is nested then.

use std::vec;
use std::vec::Vec;

use crate::doi::{Doi, ProtocolId};
use crate::payload::attribute::AttributesWriter;
use crate::payload::configuration::ConfigurationType;
use crate::payload::situation::{Label, Situation, SituationFlags};
use crate::writer::ProposalsWriter;
use crate::{EmitError, ExchangeType, Flags, Header, MessageWriter, PayloadHeader, PayloadType, Writer};

/// Takes octets off a script; zeros when it has ended.
struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    fn octet(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().map_or((0, self.0), |(first, rest)| (*first, rest));
        self.0 = rest;
        first
    }

    fn octets(&mut self, most: u8) -> &'a [u8] {
        let len = usize::from(self.octet() % most).min(self.0.len());
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }

    fn more(&self) -> bool {
        !self.0.is_empty()
    }
}

fn write_attributes(script: &mut Script<'_>, out: &mut AttributesWriter<'_, '_>) -> Result<(), EmitError> {
    for _ in 0..script.octet() % 5 {
        let attribute_type = u16::from(script.octet());
        match script.octet() % 3 {
            0 => out.basic(attribute_type, u16::from(script.octet()))?,
            1 => out.variable(attribute_type, script.octets(20))?,
            _ => out.number(attribute_type, u64::from(script.octet()).pow(7))?,
        }
    }
    Ok(())
}

fn write_proposals(script: &mut Script<'_>, out: &mut ProposalsWriter<'_, '_>) -> Result<(), EmitError> {
    for _ in 0..=script.octet() % 3 {
        let (reserved, number, protocol) = (script.octet() % 2, script.octet(), script.octet() % 5);
        let spi = script.octets(18);
        out.proposal_with(reserved, number, ProtocolId(protocol), spi, |transforms| {
            for _ in 0..script.octet() % 4 {
                let (reserved, number, id, reserved2) =
                    (script.octet() % 2, script.octet(), script.octet(), u16::from(script.octet() % 2));
                transforms.transform_with(reserved, number, id, reserved2, |attributes| {
                    write_attributes(script, attributes)
                })?;
            }
            transforms.writer().put(script.octets(3))
        })?;
    }
    out.writer().put(script.octets(3))
}

fn write_payload(script: &mut Script<'_>, message: &mut MessageWriter<'_, '_>) -> Result<(), EmitError> {
    let known = PayloadType::NAMED;
    let payload_type = match script.octet() {
        choice @ 0..200 => known[1 + usize::from(choice) % (known.len() - 1)],
        other => PayloadType(other),
    };
    let header = PayloadHeader { payload_type, reserved: script.octet() % 3 };
    match payload_type {
        PayloadType::SECURITY_ASSOCIATION => {
            let doi = Doi(u32::from(script.octet() > 30));
            let situation = match script.octet() % 8 {
                0 => Situation::Labeled {
                    flags: SituationFlags(2),
                    labeled_domain_identifier: 3,
                    secrecy: Some(Label { level: script.octets(9), ..Label::default() }),
                    integrity: None,
                },
                _ => Situation::IDENTITY_ONLY,
            };
            message.security_association(header, doi, &situation, |out| write_proposals(script, out))
        }
        PayloadType::CONFIGURATION => {
            let kind = ConfigurationType(script.octet() % 5);
            message.configuration(kind, 7, |out| write_attributes(script, out))
        }
        // Outside an association all octets are the caller's, the count of transforms too: here a true one.
        PayloadType::PROPOSAL => message.push(header, &[script.octet(), script.octet(), 0, 0]),
        _ => message.push(header, script.octets(60)),
    }
}

/// A message written as the octets tell, with payloads nested as deep as they go.
#[must_use]
pub fn message_from(script: &[u8]) -> Vec<u8> {
    let mut script = Script(script);
    let header = Header {
        initiator_cookie: [1; 8],
        exchange_type: ExchangeType(script.octet() % 34),
        flags: Flags(script.octet() & 0xfe),
        message_id: u32::from(script.octet()),
        ..Header::default()
    };
    let mut buffer = vec![0; 16_384];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, &header).unwrap();
    while script.more() && write_payload(&mut script, &mut message).is_ok() {}
    message.finish().unwrap();
    writer.written().to_vec()
}
