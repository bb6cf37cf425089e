//! Opening of a message.

use isakmp::{Body, Chain, FramedHeader, Message, PayloadFraming, PayloadType, Payloads};

use super::{MessageHash, OpenError, Opened, Protection};
use crate::transcript::IvChain;

impl Protection {
    /// Decrypts a message in place, verifies its HASH, and only then moves the chain of its exchange on.
    ///
    /// The HASH covers only the message id of the header (RFC 2409 section 5.5), and in phase 1 the cookies. The
    /// cookies must be those of the SA. **Exchange type, flags and version are not authenticated.** Decide what the
    /// message is by the exchange that you keep under its message id, and not by its header.
    ///
    /// **A copy of the first message of an exchange opens again when its chain is begun again.** Nothing in the message
    /// tells that it is a copy, so that the caller has to remember every message id of the SA; [`IvChain`] says how.
    ///
    /// # Errors
    /// Returns an [`OpenError`] when the octets are not an encrypted message, when SA, chain, HASH and message do not
    /// belong together, or when the HASH is wrong. Chain and octets are then unchanged: nothing can be read that is
    /// not authentic, and the message can be tried with another chain.
    pub fn open<'b>(
        &self,
        chain: &mut IvChain,
        hash: &MessageHash<'_>,
        octets: &'b mut [u8],
    ) -> Result<Opened<'b>, OpenError> {
        let Message { header, body, .. } = Message::parse(octets)?;
        let Body::Encrypted(encrypted) = body else { return Err(OpenError::NotEncrypted) };
        let framing = PayloadFraming::first(encrypted.next_payload);
        let message_id = header.message_id;
        if !self.is_of_sa(&header) {
            return Err(OpenError::Cookies {
                initiator: header.initiator_cookie,
                responder: header.responder_cookie,
            });
        }
        if message_id != chain.message_id() {
            return Err(OpenError::Exchange { message_id, chain: chain.message_id() });
        }
        if !hash.fits(message_id) {
            return Err(OpenError::Hash { message_id, hash: hash.name() });
        }
        let body = octets.get_mut(FramedHeader::LEN..).ok_or(OpenError::NotEncrypted)?;
        let next = self.encryption_key.decrypt(&chain.iv, body)?;
        if let Err(error) = self.verify(message_id, hash, body, framing) {
            self.encryption_key.encrypt(&chain.iv, body)?;
            return Err(error);
        }
        let read = Payloads::parse_until_error(body, FramedHeader::LEN, framing);
        let (payloads, padding) = read.strict().map_err(|_| OpenError::NotAuthentic)?;
        chain.iv = next;
        let message = Message { header, body: Body::Payloads(payloads), trailing: &[] };
        Ok(Opened { message, padding })
    }

    /// Frames the payloads of a decrypted body and verifies their HASH.
    fn verify(
        &self,
        message_id: u32,
        hash: &MessageHash<'_>,
        body: &[u8],
        framing: PayloadFraming,
    ) -> Result<(), OpenError> {
        let payloads = Chain::parse(body, FramedHeader::LEN, framing).map_err(|_| OpenError::NotAuthentic)?;
        let of_type =
            |payload_type| payloads.iter().filter(move |element| element.header.payload_type == payload_type);
        let (said, found) = match hash {
            MessageHash::Phase1 { .. } => {
                // With two identities, it is not known which one the HASH covers.
                let mut identities = of_type(PayloadType::IDENTIFICATION);
                let mut hashes = of_type(PayloadType::HASH);
                let said = identities.next();
                let (Some(found), None, None) = (hashes.next(), hashes.next(), identities.next()) else {
                    return Err(OpenError::NotAuthentic);
                };
                (said.map(|said| said.value), found)
            }
            MessageHash::Phase2(_) => {
                // RFC 2409 section 5.5: the HASH immediately follows the header.
                let first = payloads.iter().next();
                let found = first.filter(|first| first.header.payload_type == PayloadType::HASH);
                (None, found.ok_or(OpenError::NotAuthentic)?)
            }
        };
        let start = found.offset.saturating_sub(payloads.offset()).saturating_add(found.octets.len());
        let behind = payloads.octets().get(start..).ok_or(OpenError::NotAuthentic)?;
        hash.verify(&self.keys, message_id, said, behind, found.value)?;
        if !behind.is_empty() && !hash.allows_payloads_behind() {
            return Err(OpenError::NotAuthentic);
        }
        Ok(())
    }
}
