//! Opens encrypted messages in their order with one key.

use std::collections::HashMap;

use ikev1::{EncryptionKey, Iv};
use isakmp::{Body, ExchangeType, Message, PayloadFraming, PayloadType, Payloads};

use crate::clear::Clear;
use crate::sent::Sent;

/// A decrypted message of one ISAKMP SA.
pub(crate) struct Opened {
    pub(crate) exchange_type: ExchangeType,
    pub(crate) message_id: u32,
    pub(crate) by_initiator: bool,
    next_payload: PayloadType,
    pub(crate) octets: Vec<u8>,
    pub(crate) ciphertext: Vec<u8>,
    pub(crate) iv: Iv,
}

impl Opened {
    pub(crate) fn payloads(&self) -> Result<Payloads<'_>, isakmp::LengthError> {
        Payloads::parse(&self.octets, 28, PayloadFraming::first(self.next_payload))
    }

    pub(crate) fn body(&self, payload_type: PayloadType) -> Option<&[u8]> {
        let payloads = self.payloads().ok()?;
        payloads
            .elements()
            .find(|element| element.header.payload_type == payload_type)
            .map(|found| found.value)
    }
}

/// Decrypts every message of the negotiation with its chain of vectors: one chain for phase 1, and one for each
/// message ID.
pub(crate) fn open_all(messages: &[Sent], clear: &Clear, key: &EncryptionKey, iv: Iv) -> Vec<Opened> {
    let hash = clear.offer.hash().unwrap();
    let (mut last_of_phase_1, mut chains) = (iv, HashMap::new());
    let mut opened = Vec::new();
    for sent in messages {
        let message = Message::parse(&sent.octets).unwrap();
        let header = message.header;
        let Body::Encrypted(encrypted) = message.body else { continue };
        if header.initiator_cookie != clear.cookies.initiator {
            continue;
        }
        let chain = match header.message_id {
            0 => &mut last_of_phase_1,
            id => chains.entry(id).or_insert_with(|| last_of_phase_1.exchange(hash, id)),
        };
        let iv = *chain;
        let mut octets = encrypted.octets.to_vec();
        *chain = key.decrypt(&iv, &mut octets).unwrap();
        opened.push(Opened {
            exchange_type: header.exchange_type,
            message_id: header.message_id,
            by_initiator: sent.source == clear.initiator,
            next_payload: encrypted.next_payload,
            octets,
            ciphertext: encrypted.octets.to_vec(),
            iv,
        });
    }
    opened
}
