//! The octets that are copied when a message is encoded again: those of unknown types, and those of malformed bodies.

use isakmp::payload::proposal::Proposal;
use isakmp::{Message, Nested, PayloadBody};

/// The length of the header before a body.
const HEADER_LEN: usize = isakmp::payload::GENERIC_HEADER_LEN;

/// Returns how many octets are copied when `message` is encoded.
pub(super) fn octets_copied(message: &Message<'_>) -> usize {
    message.payloads().fold(0, |sum, payload| {
        sum.saturating_add(match payload.body {
            PayloadBody::SecurityAssociation(body) => of(body.proposals.iter(), |body| proposal(&body)),
            PayloadBody::Proposal(body) => proposal(&body),
            PayloadBody::Unknown { octets, .. } | PayloadBody::Malformed { octets, .. } => {
                octets.len().saturating_add(HEADER_LEN)
            }
            _ => 0,
        })
    })
}

fn proposal(body: &Proposal<'_>) -> usize {
    of(body.transforms.iter(), |_| 0)
}

/// Returns how many octets of the members of a chain are copied: all of the malformed ones, and those that `inside`
/// counts in the others.
fn of<'a, T>(members: impl Iterator<Item = Nested<'a, T>>, inside: impl Fn(T) -> usize) -> usize {
    members.fold(0, |sum, member| {
        sum.saturating_add(match member {
            Nested::Decoded { body, .. } => inside(body),
            Nested::Malformed { octets, .. } => octets.len().saturating_add(HEADER_LEN),
        })
    })
}
