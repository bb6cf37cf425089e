//! Which octets of a message are copied when it is encoded again: those of unknown types, and of malformed bodies.

use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{Message, NegotiationContext, Payload};

/// How many octets `Message::emit_as` copies.
pub(super) fn octets_copied(message: &Message<'_>, context: NegotiationContext) -> usize {
    message.payloads(context).fold(0, |sum, (element, payload)| {
        sum.saturating_add(match payload {
            Ok(Payload::SecurityAssociation(body)) => association(&body),
            Ok(Payload::Proposal(body)) => proposal(&body),
            Ok(Payload::Unknown(_)) | Err(_) => element.octets.len(),
            Ok(_) => 0,
        })
    })
}

fn association(body: &SecurityAssociation<'_>) -> usize {
    body.decode_proposals().fold(0, |sum, (element, decoded)| {
        sum.saturating_add(match decoded {
            Ok(body) => proposal(&body),
            Err(_) => element.octets.len(),
        })
    })
}

fn proposal(body: &Proposal<'_>) -> usize {
    let malformed = body.decode_transforms().filter(|(_, transform)| transform.is_err());
    malformed.fold(0, |sum, (element, _)| sum.saturating_add(element.octets.len()))
}
