//! Messages that are built as the octets of a script say. With it, a fuzzer builds nested payloads.

use std::vec;
use std::vec::Vec;

use super::filled;
use crate::doi::{Doi, ProtocolId};
use crate::payload::configuration::{Configuration, ConfigurationType};
use crate::payload::proposal::Proposal;
use crate::payload::security_association::SecurityAssociation;
use crate::payload::situation::{Label, Situation, SituationFlags};
use crate::payload::transform::Transform;
use crate::{
    Attribute, ChainWriter, Emit, EmitError, ExchangeType, Flags, Header, Member, Nested, Payload,
    PayloadBody, PayloadElement, PayloadFraming, PayloadHeader, PayloadType, UnfinishedMessage, Writer,
};

/// Takes octets from a script. It takes zeros when the script has ended.
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

    fn attributes(&mut self) -> Vec<Attribute<'a>> {
        let count = self.octet() % 5;
        let attribute = |script: &mut Self| {
            let attribute_type = u16::from(script.octet());
            match script.octet() % 2 {
                0 => Attribute::basic(attribute_type, u16::from(script.octet())),
                _ => Attribute::variable(attribute_type, script.octets(20)),
            }
        };
        (0..count).map(|_| attribute(self)).collect()
    }

    /// A transform without its attributes.
    fn transform(&mut self) -> Nested<'a, Transform<'a>> {
        let reserved = self.octet() % 2;
        let body = Transform {
            transform_number: self.octet(),
            transform_id: self.octet(),
            reserved: u16::from(self.octet() % 2),
            ..Transform::default()
        };
        Nested::Decoded { reserved, body }
    }

    /// A proposal without its transforms.
    fn proposal(&mut self) -> Nested<'a, Proposal<'a>> {
        let reserved = self.octet() % 2;
        let body = Proposal {
            proposal_number: self.octet(),
            protocol_id: ProtocolId(self.octet() % 5),
            spi: self.octets(18),
            ..Proposal::default()
        };
        Nested::Decoded { reserved, body }
    }
}

/// A payload under any number, with a body that is only octets.
#[derive(Clone)]
struct Raw<'a> {
    header: PayloadHeader,
    octets: &'a [u8],
}

impl Emit for Raw<'_> {
    fn wire_len(&self) -> usize {
        self.octets.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.octets)
    }
}

impl<'a> Member<'a, PayloadFraming> for Raw<'a> {
    fn header(&self) -> PayloadHeader {
        self.header
    }

    fn decode(element: &PayloadElement<'a>, _: &PayloadFraming) -> Self {
        Self { header: element.header, octets: element.value }
    }
}

type Chained<'w, 'b> = ChainWriter<'w, 'b, PayloadFraming>;

fn push(chain: &mut Chained<'_, '_>, reserved: u8, body: PayloadBody<'_>) -> Result<(), EmitError> {
    chain.push(&Payload { reserved, body }).map(drop)
}

fn association(script: &mut Script<'_>, chain: &mut Chained<'_, '_>, reserved: u8) -> Result<(), EmitError> {
    if script.octet() <= 30 {
        let situation = Situation::Other(script.octets(60));
        let body = SecurityAssociation { doi: Doi(0), situation, ..SecurityAssociation::default() };
        return push(chain, reserved, body.into());
    }
    let situation = match script.octet() % 8 {
        0 => Situation::Labeled {
            flags: SituationFlags(2),
            labeled_domain_identifier: 3,
            secrecy: Some(Label { level: script.octets(9), ..Label::default() }),
            integrity: None,
        },
        _ => Situation::IDENTITY_ONLY,
    };
    let count = 1 + script.octet() % 3;
    let proposals: Vec<_> = (0..count).map(|_| script.proposal()).collect();
    let bare: Vec<Vec<_>> =
        proposals.iter().map(|_| (0..script.octet() % 4).map(|_| script.transform()).collect()).collect();
    let attributes: Vec<Vec<Vec<_>>> =
        bare.iter().map(|transforms| transforms.iter().map(|_| script.attributes()).collect()).collect();
    let transforms: Vec<_> = bare
        .into_iter()
        .zip(&attributes)
        .map(|(transforms, lists)| {
            filled(transforms, lists, |body, list| body.attributes = list.as_slice().into())
        })
        .collect();
    let behind = script.octets(3);
    let proposals = filled(proposals, &transforms, |body, list| {
        body.transforms = list.as_slice().into();
        // No octets may follow when there is no transform.
        body.trailing = if list.is_empty() { &[] } else { behind };
    });
    let trailing = script.octets(3);
    let proposals = proposals.as_slice().into();
    let body = SecurityAssociation { doi: Doi::IPSEC, situation, proposals, trailing };
    push(chain, reserved, body.into())
}

fn write_payload(script: &mut Script<'_>, chain: &mut Chained<'_, '_>) -> Result<(), EmitError> {
    let known = PayloadType::NAMED;
    let payload_type = match script.octet() {
        choice @ 0..200 => known[1 + usize::from(choice) % (known.len() - 1)],
        other => PayloadType(other),
    };
    let reserved = script.octet() % 3;
    match payload_type {
        PayloadType::SECURITY_ASSOCIATION => association(script, chain, reserved),
        PayloadType::CONFIGURATION => {
            let configuration_type = ConfigurationType(script.octet() % 5);
            let attributes = script.attributes();
            let attributes = attributes.as_slice().into();
            let body = Configuration { configuration_type, reserved: 0, identifier: 7, attributes };
            push(chain, reserved, body.into())
        }
        // Outside of an association all octets are the caller's, and so is the count of transforms. Here it is right.
        PayloadType::PROPOSAL => {
            let octets = &[script.octet(), script.octet(), 0, 0];
            chain.push(&Raw { header: PayloadHeader { payload_type, reserved }, octets }).map(drop)
        }
        _ => {
            let octets = script.octets(60);
            chain.push(&Raw { header: PayloadHeader { payload_type, reserved }, octets }).map(drop)
        }
    }
}

/// Builds a message as the octets say, with payloads nested to every depth.
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
    let (message, framing) = UnfinishedMessage::begin(&mut writer, &header).unwrap();
    let mut chain = ChainWriter::new(&mut writer, framing);
    while script.more() && write_payload(&mut script, &mut chain).is_ok() {}
    message.finish(&mut writer).unwrap();
    writer.written().to_vec()
}
