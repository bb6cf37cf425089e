//! Security associations and messages for tests.

use std::vec::Vec;

use isakmp::doi::ProtocolId;
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;
use isakmp::{
    Attribute, Body, Emit as _, Header, Message, ParseError, Payload, PayloadBody, PayloadType, Payloads,
};

/// A proposal: its number, protocol and SPI, and its transforms with their ids and attributes.
pub(crate) struct Proposed<'a> {
    pub(crate) number: u8,
    pub(crate) protocol_id: ProtocolId,
    pub(crate) spi: &'a [u8],
    pub(crate) transforms: Vec<(u8, Vec<(u16, u16)>)>,
}

/// Makes the body of a security association with these proposals.
pub(crate) fn association(proposed: &[Proposed<'_>]) -> Vec<u8> {
    let attributes: Vec<Vec<Vec<Attribute<'_>>>> = proposed
        .iter()
        .map(|proposed| {
            let transforms = proposed.transforms.iter();
            transforms
                .map(|(_, list)| list.iter().map(|(kind, value)| Attribute::basic(*kind, *value)).collect())
                .collect()
        })
        .collect();
    let transforms: Vec<Vec<_>> = proposed
        .iter()
        .zip(&attributes)
        .map(|(proposed, attributes)| {
            let transforms = (1..).zip(&proposed.transforms).zip(attributes);
            transforms
                .map(|((transform_number, (transform_id, _)), attributes)| {
                    let attributes = attributes.as_slice().into();
                    Transform { transform_number, transform_id: *transform_id, reserved: 0, attributes }
                        .into()
                })
                .collect()
        })
        .collect();
    let proposals: Vec<_> = proposed
        .iter()
        .zip(&transforms)
        .map(|(proposed, transforms)| {
            Proposal {
                proposal_number: proposed.number,
                protocol_id: proposed.protocol_id,
                spi: proposed.spi,
                transforms: transforms.as_slice().into(),
                ..Proposal::default()
            }
            .into()
        })
        .collect();
    let association =
        SecurityAssociation { proposals: proposals.as_slice().into(), ..SecurityAssociation::default() };
    let mut buffer = std::vec![0; association.wire_len()];
    association.emit(&mut buffer).unwrap();
    buffer
}

/// Writes a message with these bodies, reads it again, and calls `take` with the result.
pub(crate) fn read<R>(
    header: Header,
    bodies: &[(PayloadType, &[u8])],
    take: impl FnOnce(&Header, &Payloads<'_>) -> R,
) -> R {
    let mut payloads: Vec<Payload<'_>> = Vec::new();
    for (payload_type, octets) in bodies {
        // A malformed payload is written as it is. The reason why it is malformed does not matter here.
        let error = ParseError::TransformCount { count: 0, within: "ISAKMP message", offset: 0 };
        let payload_type = *payload_type;
        payloads.push(PayloadBody::Malformed { payload_type, octets, missing: 0, error }.into());
    }
    let message = Message { header, body: Body::Payloads(payloads.as_slice().into()), trailing: &[] };
    let mut octets = std::vec![0; message.wire_len()];
    message.emit(&mut octets).unwrap();
    let read = Message::parse(&octets).unwrap();
    take(&read.header, read.body.payloads().unwrap())
}
