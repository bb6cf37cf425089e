//! Reads the messages in clear of a negotiation.

use std::collections::HashMap;

use ikev1::proposal::isakmp::Offer;
use ikev1::{Authentication, Cookies, Nonces};
use isakmp::{Message, PayloadBody, PayloadType};

use crate::sent::Sent;

/// The contents of the messages in clear of one negotiation.
#[derive(Default)]
pub(crate) struct Clear {
    pub(crate) initiator: Vec<u8>,
    pub(crate) cookies: Cookies,
    pub(crate) sa_i: Vec<u8>,
    pub(crate) offer: Offer,
    /// The values of the initiator and of the responder: key exchange, nonce, identification, hash.
    bodies: HashMap<(bool, PayloadType), Vec<u8>>,
}

impl Clear {
    /// The negotiation with this `cookie`, or the first one of the capture.
    pub(crate) fn of(messages: &[Sent], cookie: Option<[u8; 8]>) -> Option<Self> {
        let mut clear = Self::default();
        for sent in messages {
            let message = Message::parse(&sent.octets).ok()?;
            let header = message.header;
            let wanted = cookie.unwrap_or(clear.cookies.initiator);
            if clear.initiator.is_empty() && cookie.is_none() || header.initiator_cookie == wanted {
                if clear.initiator.is_empty() {
                    clear.initiator.clone_from(&sent.source);
                    clear.cookies.initiator = header.initiator_cookie;
                }
                if header.responder_cookie != [0; 8] {
                    clear.cookies.responder = header.responder_cookie;
                }
                let by_initiator = sent.source == clear.initiator;
                for (element, payload) in message.elements().zip(message.payloads()) {
                    match payload.body {
                        PayloadBody::SecurityAssociation(_) if by_initiator => {
                            clear.sa_i = element.value.to_vec();
                        }
                        PayloadBody::SecurityAssociation(association) => {
                            let proposal = association.proposals.iter().next()?.decoded().ok()?;
                            let transform = proposal.transforms.iter().next()?.decoded().ok()?;
                            clear.offer = Offer::from_transform(&transform);
                        }
                        _ => {}
                    }
                    let key = (by_initiator, element.header.payload_type);
                    clear.bodies.entry(key).or_insert_with(|| element.value.to_vec());
                }
            }
        }
        Some(clear)
    }

    pub(crate) fn body(&self, by_initiator: bool, payload_type: PayloadType) -> &[u8] {
        self.bodies.get(&(by_initiator, payload_type)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn nonces(&self) -> Nonces<'_> {
        Nonces {
            initiator: self.body(true, PayloadType::NONCE),
            responder: self.body(false, PayloadType::NONCE),
        }
    }

    pub(crate) fn authentication(&self) -> Authentication<'_> {
        Authentication {
            g_xi: self.body(true, PayloadType::KEY_EXCHANGE),
            g_xr: self.body(false, PayloadType::KEY_EXCHANGE),
            cookies: self.cookies,
            sa_i: &self.sa_i,
        }
    }
}
