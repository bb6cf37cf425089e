//! Sealing of a message.

use core::ops::Range;

use crypto::Output;
use isakmp::payload::hash::Hash;
use isakmp::{
    Body, ChainWriter, EmitError, Flags, FramedHeader, Header, Message, Payload, PayloadFraming, PayloadType,
    UnfinishedMessage, Writer,
};
use wire::{Emit as _, Framing as _, Member as _};

use super::{MessageHash, Protection, SealError};
use crate::Iv;
use crate::transcript::IvChain;

impl Protection {
    /// Returns the length of a sealed message in octets: with its HASH, and padded to whole blocks.
    #[must_use]
    pub fn sealed_len(&self, message: &Message<'_>) -> usize {
        let framing = PayloadFraming::default();
        let octets = [0; Output::MAX_LEN];
        let hash = self.hash_of(&octets);
        let mut body_len = framing.len_with(0, hash.header(), hash.wire_len());
        for payload in message.payloads() {
            if !is_hash(&payload) {
                body_len = framing.len_with(body_len, payload.header(), payload.wire_len());
            }
        }
        self.encryption_key.padded_len(body_len).saturating_add(FramedHeader::LEN)
    }

    /// Writes a message with its HASH to the front of `buffer`, pads and encrypts it, and moves the chain of its
    /// exchange on. Returns the octets to send.
    ///
    /// `message` has the other payloads: HASH, padding and encryption flag are derived. When it already has a Hash
    /// payload, as an opened message has, the derived one replaces it. The HASH stands right behind the header (RFC
    /// 2409 section 5.5). In phase 1 it stands right behind the identity when the message begins with that (section
    /// 5.4).
    ///
    /// # Errors
    /// Returns a [`SealError`] when the buffer is shorter than [`sealed_len`](Self::sealed_len), when the message
    /// cannot be written or has trailing octets, which no HASH covers, or when SA, chain, HASH and message do not
    /// belong together. The chain is then unchanged, and the written octets are overwritten with zeros.
    pub fn seal<'b>(
        &self,
        chain: &mut IvChain,
        message: &Message<'_>,
        hash: &MessageHash<'_>,
        buffer: &'b mut [u8],
    ) -> Result<&'b mut [u8], SealError> {
        let (needed, available) = (self.sealed_len(message), buffer.len());
        let buffer = buffer.get_mut(..needed).ok_or(EmitError::BufferTooSmall { needed, available })?;
        match self.seal_into(chain, message, hash, buffer) {
            Ok(next) => {
                chain.iv = next;
                Ok(buffer)
            }
            Err(error) => {
                buffer.fill(0);
                Err(error)
            }
        }
    }

    /// Seals a message into a buffer of its length, and returns the vector of the next message.
    fn seal_into(
        &self,
        chain: &IvChain,
        message: &Message<'_>,
        hash: &MessageHash<'_>,
        buffer: &mut [u8],
    ) -> Result<Iv, SealError> {
        let header = message.header;
        let message_id = header.message_id;
        if matches!(message.body, Body::Encrypted(_)) {
            return Err(SealError::Encrypted);
        }
        if !message.trailing.is_empty() {
            return Err(SealError::Trailing { count: message.trailing.len() });
        }
        if !self.is_of_sa(&header) {
            return Err(SealError::Cookies {
                initiator: header.initiator_cookie,
                responder: header.responder_cookie,
            });
        }
        if message_id != chain.message_id() {
            return Err(SealError::Exchange { message_id, chain: chain.message_id() });
        }
        if !hash.fits(message_id) {
            return Err(SealError::Hash { message_id, hash: hash.name() });
        }
        let needed = buffer.len();
        let mut writer = Writer::new(buffer);
        let Places { hash: place, identification, end } = self.write(message, hash, &mut writer)?;
        if writer.position() != needed {
            return Err(EmitError::BufferTooSmall { needed: writer.position(), available: needed }.into());
        }
        let lost = EmitError::BufferTooSmall { needed: end, available: needed };
        let written = writer.written_mut();
        let said = match identification {
            Some(identification) => Some(written.get(identification).ok_or(lost)?),
            None => None,
        };
        let behind = written.get(place.end..end).ok_or(lost)?;
        let derived = hash.compute(&self.keys, message_id, said, behind).map_err(SealError::uncomputable)?;
        wire::copy(written.get_mut(place).ok_or(lost)?, derived.expose()).map_err(EmitError::from)?;
        let body = written.get_mut(FramedHeader::LEN..).ok_or(lost)?;
        Ok(self.encryption_key.encrypt(&chain.iv, body)?)
    }

    /// Writes a message with zeros for its HASH.
    fn write(
        &self,
        message: &Message<'_>,
        hash: &MessageHash<'_>,
        writer: &mut Writer<'_>,
    ) -> Result<Places, SealError> {
        let flags = message.header.flags.with(Flags::ENCRYPTION);
        let (unfinished, framing) = UnfinishedMessage::begin(writer, &Header { flags, ..message.header })?;
        let mut out = ChainWriter::new(writer, framing);
        let octets = [0; Output::MAX_LEN];
        let derived = self.hash_of(&octets);
        let is_phase_1 = matches!(hash, MessageHash::Phase1 { .. });
        let (mut place, mut identification, mut has_hash, mut end) = (None, None, false, 0);
        for payload in message.payloads() {
            if is_hash(&payload) {
                if core::mem::replace(&mut has_hash, true) {
                    return Err(SealError::SecondHash);
                }
                continue;
            }
            if !hash.allows_payloads_behind() {
                return Err(SealError::NotCovered { hash: hash.name() });
            }
            let is_identity = is_phase_1 && payload.payload_type() == PayloadType::IDENTIFICATION;
            if is_identity && identification.is_some() {
                return Err(SealError::Identity);
            }
            // Only an identity that the message begins with stands before the HASH.
            let is_in_front = is_identity && end == 0;
            if place.is_none() && !is_in_front {
                place = Some(out.push(&derived)?);
            }
            let written = out.push(&payload)?;
            end = written.end;
            if is_identity {
                identification = Some(written);
            }
        }
        let place = match place {
            Some(place) => place,
            None => {
                let place = out.push(&derived)?;
                end = place.end;
                place
            }
        };
        unfinished.finish_padded(writer, self.encryption_key.cipher().block_len())?;
        Ok(Places { hash: place, identification, end })
    }

    /// Makes a Hash payload of these octets, with the length that the negotiated hash function gives.
    fn hash_of<'o>(&self, octets: &'o [u8; Output::MAX_LEN]) -> Payload<'o> {
        let len = self.keys.skeyid_a.hash_algorithm().output_len();
        // default: never taken, because no output is longer than the longest
        Hash { hash_data: octets.get(..len).unwrap_or(octets) }.into()
    }
}

/// The places of the parts of a message that the HASH is computed from.
struct Places {
    hash: Range<usize>,
    identification: Option<Range<usize>>,
    /// The end of the last payload.
    end: usize,
}

/// Tells whether a payload is a HASH.
fn is_hash(payload: &Payload<'_>) -> bool {
    payload.payload_type() == PayloadType::HASH
}
