//! Wrappers of `isakmp`: framings and writers.

use isakmp::doi::{Doi, ProtocolId};
use isakmp::payload::attribute::{
    Attribute, AttributeElement, AttributeFraming, AttributeHeader, AttributesWriter,
};
use isakmp::payload::configuration::ConfigurationType;
use isakmp::payload::situation::Situation;
use isakmp::writer::{ProposalsWriter, TransformsWriter};
use isakmp::{
    EmitError, Header, LengthError, MessageWriter, Payload, PayloadElement, PayloadFraming, PayloadHeader,
    PayloadType, Writer,
};
use wire::{Framing, Reader, Reserved};

#[inline(never)]
pub fn payload_framing_split<'a>(
    framing: &mut PayloadFraming,
    reader: &mut Reader<'a>,
) -> Result<Option<PayloadElement<'a>>, LengthError> {
    covers!(isakmp::payload::framing::PayloadFraming::split);
    framing.split(reader)
}

#[inline(never)]
pub fn payload_framing_open(
    framing: &mut PayloadFraming,
    writer: &mut Writer<'_>,
    header: PayloadHeader,
) -> Result<(Reserved<1>, Reserved<2>), EmitError> {
    covers!(isakmp::payload::framing::PayloadFraming::open);
    framing.open(writer, header)
}

#[inline(never)]
pub fn payload_framing_close(
    framing: &mut PayloadFraming,
    writer: &mut Writer<'_>,
    header: PayloadHeader,
    open: (Reserved<1>, Reserved<2>),
    start: usize,
) -> Result<(), EmitError> {
    covers!(isakmp::payload::framing::PayloadFraming::close);
    framing.close(writer, header, open, start)
}

#[inline(never)]
pub fn payload_framing(
    payload_type: PayloadType,
    framing: &PayloadFraming,
) -> ([PayloadFraming; 2], PayloadType, PayloadHeader) {
    covers!(
        isakmp::payload::framing::PayloadFraming::first,
        isakmp::payload::framing::PayloadFraming::ikev2,
        isakmp::payload::framing::PayloadFraming::next_payload,
        isakmp::payload::framing::PayloadHeader::from
    );
    let framings = [PayloadFraming::first(payload_type), PayloadFraming::ikev2(payload_type)];
    (framings, framing.next_payload(), PayloadHeader::from(payload_type))
}

#[inline(never)]
pub fn attribute_framing_split<'a>(
    reader: &mut Reader<'a>,
) -> Result<Option<AttributeElement<'a>>, LengthError> {
    covers!(isakmp::payload::attribute::AttributeFraming::split);
    AttributeFraming.split(reader)
}

#[inline(never)]
pub fn attribute_framing_open(
    writer: &mut Writer<'_>,
    header: AttributeHeader,
) -> Result<Option<Reserved<2>>, EmitError> {
    covers!(isakmp::payload::attribute::AttributeFraming::open);
    AttributeFraming.open(writer, header)
}

#[inline(never)]
pub fn attribute_framing_close(
    writer: &mut Writer<'_>,
    header: AttributeHeader,
    open: Option<Reserved<2>>,
    start: usize,
) -> Result<(), EmitError> {
    covers!(isakmp::payload::attribute::AttributeFraming::close);
    AttributeFraming.close(writer, header, open, start)
}

#[inline(never)]
pub fn message_writer_new<'w, 'b>(
    writer: &'w mut Writer<'b>,
    header: &Header,
) -> Result<MessageWriter<'w, 'b>, EmitError> {
    covers!(isakmp::writer::MessageWriter::new);
    MessageWriter::new(writer, header)
}

#[inline(never)]
pub fn message_writer_push(
    message: &mut MessageWriter<'_, '_>,
    header: PayloadHeader,
    body: &[u8],
) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::push, isakmp::writer::MessageWriter::push_with);
    message.push(header, body)?;
    message.push_with(header, |writer| writer.put(body))
}

#[inline(never)]
pub fn message_writer_payload(
    message: &mut MessageWriter<'_, '_>,
    header: PayloadHeader,
    payload: &Payload<'_>,
) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::payload);
    message.payload(header, payload)
}

#[inline(never)]
pub fn message_writer_security_association(
    message: &mut MessageWriter<'_, '_>,
    header: PayloadHeader,
    doi: Doi,
    situation: &Situation<'_>,
    number: u8,
    attributes: &[Attribute<'_>],
) -> Result<(), EmitError> {
    covers!(
        isakmp::writer::MessageWriter::security_association,
        isakmp::writer::ProposalsWriter::proposal,
        isakmp::writer::TransformsWriter::transform
    );
    message.security_association(header, doi, situation, |proposals| {
        proposals.proposal(number, ProtocolId(number), &[], |transforms| {
            transforms.transform(number, number, |out| {
                attributes.iter().try_for_each(|attribute| out.push(attribute))
            })
        })
    })
}

#[inline(never)]
pub fn message_writer_configuration(
    message: &mut MessageWriter<'_, '_>,
    configuration_type: ConfigurationType,
    identifier: u16,
    attribute: &Attribute<'_>,
) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::configuration);
    message.configuration(configuration_type, identifier, |out| out.push(attribute))
}

#[inline(never)]
pub fn message_writer_written_mut<'m>(message: &'m mut MessageWriter<'_, '_>) -> &'m mut [u8] {
    covers!(isakmp::writer::MessageWriter::written_mut);
    message.written_mut()
}

#[inline(never)]
pub fn message_writer_finish(message: MessageWriter<'_, '_>) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::finish);
    message.finish()
}

#[inline(never)]
pub fn message_writer_finish_with(message: MessageWriter<'_, '_>, octets: &[u8]) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::finish_with);
    message.finish_with(octets)
}

#[inline(never)]
pub fn message_writer_finish_padded(
    message: MessageWriter<'_, '_>,
    block_len: usize,
) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::finish_padded);
    message.finish_padded(block_len)
}

#[inline(never)]
pub fn message_writer_encrypted(
    writer: &mut Writer<'_>,
    header: &Header,
    next_payload: PayloadType,
    octets: &[u8],
) -> Result<(), EmitError> {
    covers!(isakmp::writer::MessageWriter::encrypted);
    MessageWriter::encrypted(writer, header, next_payload, octets)
}

#[inline(never)]
pub fn proposals_writer(writer: &mut Writer<'_>, number: u8, spi: &[u8]) -> Result<usize, EmitError> {
    covers!(
        isakmp::writer::ProposalsWriter::new,
        isakmp::writer::ProposalsWriter::proposal_with,
        isakmp::writer::ProposalsWriter::writer
    );
    let mut proposals = ProposalsWriter::new(writer);
    proposals
        .proposal_with(number, number, ProtocolId(number), spi, |transforms| transforms.writer().put(spi))?;
    Ok(proposals.writer().position())
}

#[inline(never)]
pub fn transforms_writer(
    transforms: &mut TransformsWriter<'_, '_>,
    number: u8,
    reserved2: u16,
    octets: &[u8],
) -> Result<usize, EmitError> {
    covers!(isakmp::writer::TransformsWriter::transform_with, isakmp::writer::TransformsWriter::writer);
    transforms.transform_with(number, number, number, reserved2, |out| out.variable(reserved2, octets))?;
    Ok(transforms.writer().position())
}

#[inline(never)]
pub fn attributes_writer_push(writer: &mut Writer<'_>, attribute: &Attribute<'_>) -> Result<(), EmitError> {
    covers!(
        isakmp::payload::attribute::AttributesWriter::new,
        isakmp::payload::attribute::AttributesWriter::push
    );
    AttributesWriter::new(writer).push(attribute)
}

#[inline(never)]
pub fn attributes_writer(
    attributes: &mut AttributesWriter<'_, '_>,
    attribute_type: u16,
    value: u64,
    octets: &[u8],
) -> Result<usize, EmitError> {
    covers!(
        isakmp::payload::attribute::AttributesWriter::basic,
        isakmp::payload::attribute::AttributesWriter::variable,
        isakmp::payload::attribute::AttributesWriter::number,
        isakmp::payload::attribute::AttributesWriter::writer
    );
    attributes.basic(attribute_type, attribute_type)?;
    attributes.variable(attribute_type, octets)?;
    attributes.number(attribute_type, value)?;
    Ok(attributes.writer().position())
}
