//! Writing messages: lengths, links and counts are filled in.

use wire::{ChainWriter, EmitError, Reserved, Writer};

use crate::doi::{Doi, ProtocolId};
use crate::payload::attribute::AttributesWriter;
use crate::payload::configuration::{self, ConfigurationType};
use crate::payload::situation::Situation;
use crate::payload::{proposal, transform};
use crate::{FramedHeader, Header, Payload, PayloadFraming, PayloadHeader, PayloadType};

/// Writes one message. Next-payload types and the total length follow from what is written.
///
/// A payload that does not fit leaves no trace: the message stands as before it.
///
/// ```
/// use vpnwire_isakmp::{Header, MessageWriter, PayloadType, Writer, vendor};
///
/// let mut buffer = [0; 64];
/// let mut writer = Writer::new(&mut buffer);
/// let mut message = MessageWriter::new(&mut writer, &Header::default())?;
/// message.push(PayloadType::VENDOR_ID, &vendor::DPD_1_0)?;
/// message.finish()?;
/// assert_eq!(writer.written().len(), 28 + 20);
/// # Ok::<(), vpnwire_isakmp::EmitError>(())
/// ```
#[derive(Debug)]
pub struct MessageWriter<'w, 'b> {
    writer: &'w mut Writer<'b>,
    start: usize,
    length: Reserved<4>,
    framing: PayloadFraming,
}

impl<'w, 'b> MessageWriter<'w, 'b> {
    /// Begins a message where `writer` stands: after a non-ESP marker, say.
    ///
    /// # Errors
    /// When the writer has no room for 28 octets.
    pub fn new(writer: &'w mut Writer<'b>, header: &Header) -> Result<Self, EmitError> {
        let start = writer.position();
        match header.open(writer) {
            Ok((place, length)) => Ok(Self { writer, start, length, framing: PayloadFraming::linked(place) }),
            Err(error) => {
                writer.truncate(start);
                Err(error)
            }
        }
    }

    /// Writes a payload whose body is already in octets.
    ///
    /// # Errors
    /// When it does not fit the buffer, or its length its field.
    pub fn push(&mut self, header: impl Into<PayloadHeader>, body: &[u8]) -> Result<(), EmitError> {
        self.push_with(header, |writer| writer.put(body))
    }

    /// Writes a payload whose body `body` writes.
    ///
    /// # Errors
    /// When it does not fit the buffer, or its length its field; whatever `body` returns.
    pub fn push_with(
        &mut self,
        header: impl Into<PayloadHeader>,
        body: impl FnOnce(&mut Writer<'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let mut chain = ChainWriter::new(self.writer, self.framing);
        let result = chain.push_with(header.into(), body);
        self.framing = chain.finish();
        result
    }

    /// Writes a payload from its value.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field.
    pub fn payload(
        &mut self,
        header: impl Into<PayloadHeader>,
        payload: &Payload<'_>,
    ) -> Result<(), EmitError> {
        self.push_with(header, |writer| payload.emit_into(writer))
    }

    /// Writes a security association whose proposals `proposals` writes.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field; whatever `proposals` returns.
    pub fn security_association(
        &mut self,
        header: impl Into<PayloadHeader>,
        doi: Doi,
        situation: &Situation<'_>,
        proposals: impl FnOnce(&mut ProposalsWriter<'_, 'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        self.push_with(header, |writer| {
            writer.u32(doi.0)?;
            situation.emit_into(writer)?;
            proposals(&mut ProposalsWriter::new(writer))
        })
    }

    /// Writes a configuration payload whose attributes `attributes` writes.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field; whatever `attributes` returns.
    pub fn configuration(
        &mut self,
        configuration_type: ConfigurationType,
        identifier: u16,
        attributes: impl FnOnce(&mut AttributesWriter<'_, 'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        self.push_with(PayloadType::CONFIGURATION, |writer| {
            configuration::emit_fixed(writer, configuration_type, 0, identifier)?;
            attributes(&mut AttributesWriter::new(writer))
        })
    }

    /// What was written of this message: to compute a hash over payloads, and to fill it in.
    #[must_use]
    pub fn written_mut(&mut self) -> &mut [u8] {
        self.writer.written_mut().get_mut(self.start..).unwrap_or_default()
    }

    /// Ends the message.
    ///
    /// # Errors
    /// When its length does not fit four octets.
    pub fn finish(self) -> Result<(), EmitError> {
        let len = self.writer.position().saturating_sub(self.start);
        self.writer.patch(self.length, EmitError::fit_u32("Length", len)?.to_be_bytes())
    }

    /// Ends the message with octets after the last payload: the total length covers them.
    ///
    /// # Errors
    /// When they do not fit the buffer, or the length its field.
    pub fn finish_with(self, octets: &[u8]) -> Result<(), EmitError> {
        self.writer.put(octets)?;
        self.finish()
    }

    /// Ends the message with zeros until its body is a multiple of `block_len`: what a block cipher needs (RFC 2409
    /// appendix B). The total length covers them.
    ///
    /// # Errors
    /// When they do not fit the buffer, or the length its field.
    pub fn finish_padded(self, block_len: usize) -> Result<(), EmitError> {
        let body_start = self.start.saturating_add(FramedHeader::LEN);
        self.writer.pad(body_start, block_len, 0)?;
        self.finish()
    }

    /// Writes a message whose body is encrypted already; `header` keeps the flags it has.
    ///
    /// # Errors
    /// When it does not fit the buffer, or its length its field.
    pub fn encrypted(
        writer: &'w mut Writer<'b>,
        header: &Header,
        next_payload: PayloadType,
        octets: &[u8],
    ) -> Result<(), EmitError> {
        let length = EmitError::fit_u32("Length", octets.len().saturating_add(FramedHeader::LEN))?;
        let start = writer.position();
        FramedHeader { header: *header, next_payload, length }.emit_into(writer)?;
        writer.put(octets).inspect_err(|_| writer.truncate(start))
    }
}

/// Writes the proposals of a security association.
#[derive(Debug)]
pub struct ProposalsWriter<'w, 'b> {
    chain: ChainWriter<'w, 'b, PayloadFraming>,
}

impl<'w, 'b> ProposalsWriter<'w, 'b> {
    /// Proposals are written where `writer` stands.
    #[must_use]
    pub fn new(writer: &'w mut Writer<'b>) -> Self {
        Self { chain: ChainWriter::new(writer, PayloadFraming::default()) }
    }

    /// Writes a proposal whose transforms `transforms` writes; their number follows.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length or the number of transforms its field; whatever `transforms`
    /// returns.
    pub fn proposal(
        &mut self,
        proposal_number: u8,
        protocol_id: ProtocolId,
        spi: &[u8],
        transforms: impl FnOnce(&mut TransformsWriter<'_, 'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        self.proposal_with(0, proposal_number, protocol_id, spi, transforms)
    }

    /// As [`proposal`](Self::proposal), with the RESERVED octet of the generic header.
    ///
    /// # Errors
    /// As [`proposal`](Self::proposal).
    pub fn proposal_with(
        &mut self,
        reserved: u8,
        proposal_number: u8,
        protocol_id: ProtocolId,
        spi: &[u8],
        transforms: impl FnOnce(&mut TransformsWriter<'_, 'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let header = PayloadHeader { payload_type: PayloadType::PROPOSAL, reserved };
        self.chain.push_with(header, |writer| {
            let place = proposal::emit_fixed(writer, proposal_number, protocol_id, spi)?;
            let mut out = TransformsWriter::new(writer);
            transforms(&mut out)?;
            let count = EmitError::fit_u8("# of Transforms", out.count)?;
            writer.patch(place, [count])
        })
    }

    /// The writer, for octets after the last proposal.
    pub const fn writer(&mut self) -> &mut Writer<'b> {
        self.chain.writer()
    }
}

/// Writes the transforms of a proposal.
#[derive(Debug)]
pub struct TransformsWriter<'w, 'b> {
    chain: ChainWriter<'w, 'b, PayloadFraming>,
    count: usize,
}

impl<'w, 'b> TransformsWriter<'w, 'b> {
    fn new(writer: &'w mut Writer<'b>) -> Self {
        Self { chain: ChainWriter::new(writer, PayloadFraming::default()), count: 0 }
    }

    /// Writes a transform whose attributes `attributes` writes.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field; whatever `attributes` returns.
    pub fn transform(
        &mut self,
        transform_number: u8,
        transform_id: impl Into<u8>,
        attributes: impl FnOnce(&mut AttributesWriter<'_, 'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        self.transform_with(0, transform_number, transform_id, 0, attributes)
    }

    /// As [`transform`](Self::transform), with the RESERVED octet of the generic header and RESERVED2.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn transform_with(
        &mut self,
        reserved: u8,
        transform_number: u8,
        transform_id: impl Into<u8>,
        reserved2: u16,
        attributes: impl FnOnce(&mut AttributesWriter<'_, 'b>) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        let header = PayloadHeader { payload_type: PayloadType::TRANSFORM, reserved };
        let transform_id = transform_id.into();
        self.chain.push_with(header, |writer| {
            transform::emit_fixed(writer, transform_number, transform_id, reserved2)?;
            attributes(&mut AttributesWriter::new(writer))
        })?;
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// The writer, for octets after the last transform.
    pub const fn writer(&mut self) -> &mut Writer<'b> {
        self.chain.writer()
    }
}

#[cfg(test)]
mod tests;
