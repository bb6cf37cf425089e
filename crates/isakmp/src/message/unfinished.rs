//! A message that is written payload by payload.

use wire::{EmitError, Reserved, Writer};

use crate::{FramedHeader, Header, PayloadFraming};

/// A message with a written header, to which payloads are still being added. It is for writing a message step by step,
/// or for hashing in place. When all payloads are at hand, a [`Message`](crate::Message) is simpler.
///
/// [`ChainWriter::push`](crate::ChainWriter::push) writes a payload and returns the place of its body.
///
/// ```
/// use vpnwire_isakmp::payload::hash::Hash;
/// use vpnwire_isakmp::payload::nonce::Nonce;
/// use vpnwire_isakmp::{ChainWriter, ExchangeType, Header, Payload, UnfinishedMessage, Writer};
///
/// let header = Header { exchange_type: ExchangeType::QUICK_MODE, message_id: 7, ..Header::default() };
/// let mut buffer = [0; 128];
/// let mut writer = Writer::new(&mut buffer);
/// let (message, framing) = UnfinishedMessage::begin(&mut writer, &header)?;
/// let mut chain = ChainWriter::new(&mut writer, framing);
/// let hash = chain.push(&Payload::from(Hash { hash_data: &[0; 16] }))?;
/// let nonce = chain.push(&Payload::from(Nonce { nonce_data: &[5; 20] }))?;
/// message.finish_padded(&mut writer, 8)?;
/// // HASH(1) covers all payloads after it, with their headers but without the padding.
/// let covered = &writer.written()[hash.end..nonce.end];
/// assert_eq!(covered.len(), 24);
/// writer.written_mut()[hash].fill(0xaa);
/// # assert_eq!(writer.written()[32..48], [0xaa; 16]);
/// # assert_eq!(writer.position(), 28 + 48);
/// # Ok::<(), vpnwire_isakmp::EmitError>(())
/// ```
#[derive(Debug)]
#[must_use = "the total length is written when the message is finished"]
pub struct UnfinishedMessage {
    start: usize,
    length: Reserved<4>,
}

impl UnfinishedMessage {
    /// Writes the header where `writer` stands, and returns the framing that links the first payload to it. The type
    /// of the first payload and the total length are written later.
    ///
    /// # Errors
    /// Returns [`EmitError::BufferTooSmall`] when the writer has no room for 28 octets. Nothing is written then.
    pub fn begin(writer: &mut Writer<'_>, header: &Header) -> Result<(Self, PayloadFraming), EmitError> {
        let start = writer.position();
        let open = |writer: &mut Writer<'_>| {
            writer.put(&header.initiator_cookie)?;
            writer.put(&header.responder_cookie)?;
            let next_payload = writer.reserve_u8()?;
            writer.put(&[header.version.0, header.exchange_type.0, header.flags.0])?;
            writer.u32(header.message_id)?;
            Ok((next_payload, writer.reserve_u32()?))
        };
        match open(writer) {
            Ok((next_payload, length)) => Ok((Self { start, length }, PayloadFraming::linked(next_payload))),
            Err(error) => {
                writer.truncate(start);
                Err(error)
            }
        }
    }

    /// Ends the message where `writer` stands, and writes the total length.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when the length does not fit in four octets.
    pub fn finish(self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let len = writer.position().saturating_sub(self.start);
        writer.patch(self.length, EmitError::fit_u32("Length", len)?.to_be_bytes())
    }

    /// Ends the message with zeros until its body is a multiple of `block_len` octets, as a block cipher needs it (RFC
    /// 2409 appendix B). The total length covers the zeros.
    ///
    /// It is for a message that is encrypted before it is sent. In a message that stays in the clear, such padding is
    /// listed by [`conformance`](crate::Message::conformance) as
    /// [`Departure::OctetsAfterPayloads`](crate::Departure::OctetsAfterPayloads): end that one with
    /// [`finish`](Self::finish). The header in the buffer is not changed here, so whoever encrypts the body also sets
    /// [`Flags::ENCRYPTION`](crate::Flags::ENCRYPTION).
    ///
    /// # Errors
    /// Returns [`EmitError`] when the zeros do not fit in the buffer, or when the length does not fit in its field.
    pub fn finish_padded(self, writer: &mut Writer<'_>, block_len: usize) -> Result<(), EmitError> {
        writer.pad(self.start.saturating_add(FramedHeader::LEN), block_len, 0)?;
        self.finish(writer)
    }
}
