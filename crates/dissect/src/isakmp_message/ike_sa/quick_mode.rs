//! What the messages of a quick mode need of those before them, RFC 2409 section 5.5.

use ikev1::{Covered, Nonces};
use isakmp::{PayloadType, Payloads};

use super::{LONGEST, body};

/// What one side said.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) association: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) has_key_exchange: bool,
}

/// The first two messages of a quick mode.
#[derive(Clone, Debug, Default)]
pub(super) struct QuickModeMessages {
    pub(super) first: Option<Said>,
    pub(super) second: Option<Said>,
}

impl QuickModeMessages {
    /// The HASH of a message by its place in the exchange; nothing where what it covers was not seen.
    pub(super) fn covered(messages: Option<&Self>, position: usize) -> Option<(&'static str, Covered<'_>)> {
        if position == 0 {
            return Some(("HASH(1)", Covered::Payloads));
        }
        let Self { first, second } = messages?;
        let initiator = first.as_ref().map(|said| said.nonce.as_slice())?;
        Some(match position {
            1 => ("HASH(2)", Covered::InitiatorNonce(initiator)),
            2 => {
                let responder = second.as_ref().map(|said| said.nonce.as_slice())?;
                ("HASH(3)", Covered::Nonces(Nonces { initiator, responder }))
            }
            // What the commit bit asks for: a notification of its own.
            _ => ("HASH(1)", Covered::Payloads),
        })
    }

    /// Takes a message in.
    pub(super) fn take(&mut self, position: usize, payloads: &Payloads<'_>) {
        let place = match position {
            0 => &mut self.first,
            1 => &mut self.second,
            _ => return,
        };
        if payloads.octets().len() > LONGEST {
            return;
        }
        let of = |payload_type| body(payloads, payload_type).unwrap_or_default();
        *place = Some(Said {
            association: of(PayloadType::SECURITY_ASSOCIATION).to_vec(),
            nonce: of(PayloadType::NONCE).to_vec(),
            has_key_exchange: body(payloads, PayloadType::KEY_EXCHANGE).is_some(),
        });
    }
}
