//! FORWARD-TSN, RFC 3758 section 3.2, and I-FORWARD-TSN, RFC 8260 section 2.3.1.

use wire::{EmitError, LengthError, Reader, Writer};

use crate::list::Item;
use crate::{List, MessageIdentifier, ParseError, StreamSequenceNumber, Tsn};

/// A stream on which ordered messages are skipped, RFC 3758 section 3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SkippedStream {
    /// The stream.
    pub stream_identifier: u16,
    /// The last message that is skipped.
    pub stream_sequence_number: StreamSequenceNumber,
}

impl Item for SkippedStream {
    const LEN: usize = 4;
    const NAME: &'static str = "skipped stream";

    fn read(reader: &mut Reader<'_>) -> Result<Self, LengthError> {
        let [a, b, c, d] = *reader.array(Self::NAME)?;
        Ok(Self {
            stream_identifier: u16::from_be_bytes([a, b]),
            stream_sequence_number: StreamSequenceNumber(u16::from_be_bytes([c, d])),
        })
    }

    fn write(self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u16(self.stream_identifier)?;
        writer.u16(self.stream_sequence_number.0)
    }
}

/// The receiver is to take all up to a TSN as received, RFC 3758 section 3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ForwardTsn<'a> {
    /// New Cumulative TSN.
    pub new_cumulative_tsn: Tsn,
    /// Streams on which messages are skipped.
    pub skipped: List<'a, SkippedStream>,
}

impl<'a> ForwardTsn<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let new_cumulative_tsn = Tsn(reader.u32("New Cumulative TSN")?);
        Ok(Self { new_cumulative_tsn, skipped: List::parse(reader)? })
    }

    pub(super) fn value_len(&self) -> usize {
        self.skipped.wire_len().saturating_add(4)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.new_cumulative_tsn.0)?;
        self.skipped.emit_into(writer)
    }
}

/// A stream on which messages are skipped, RFC 8260 section 2.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SkippedMessage {
    /// The stream.
    pub stream_identifier: u16,
    /// The 15 bits before the U bit, as a number: sent as 0, ignored on receipt.
    pub reserved: u16,
    /// Whether the number is one of unordered messages.
    pub unordered: bool,
    /// The last message that is skipped.
    pub message_identifier: MessageIdentifier,
}

impl Item for SkippedMessage {
    const LEN: usize = 8;
    const NAME: &'static str = "skipped message";

    fn read(reader: &mut Reader<'_>) -> Result<Self, LengthError> {
        let [a, b, c, d, e, f, g, h] = *reader.array(Self::NAME)?;
        let word = u16::from_be_bytes([c, d]);
        Ok(Self {
            stream_identifier: u16::from_be_bytes([a, b]),
            reserved: word >> 1,
            unordered: word & 1 != 0,
            message_identifier: MessageIdentifier(u32::from_be_bytes([e, f, g, h])),
        })
    }

    fn write(self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.reserved > 0x7fff {
            return Err(EmitError::FieldOverflow {
                field: "Reserved",
                value: usize::from(self.reserved),
                max: 0x7fff,
            });
        }
        writer.u16(self.stream_identifier)?;
        writer.u16(self.reserved << 1 | u16::from(self.unordered))?;
        writer.u32(self.message_identifier.0)
    }
}

/// The receiver is to take all up to a TSN as received, where data interleaves, RFC 8260 section 2.3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IForwardTsn<'a> {
    /// New Cumulative TSN.
    pub new_cumulative_tsn: Tsn,
    /// Streams on which messages are skipped.
    pub skipped: List<'a, SkippedMessage>,
}

impl<'a> IForwardTsn<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let new_cumulative_tsn = Tsn(reader.u32("New Cumulative TSN")?);
        Ok(Self { new_cumulative_tsn, skipped: List::parse(reader)? })
    }

    pub(super) fn value_len(&self) -> usize {
        self.skipped.wire_len().saturating_add(4)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.new_cumulative_tsn.0)?;
        self.skipped.emit_into(writer)
    }
}
