//! FORWARD-TSN (RFC 3758 section 3.2) and I-FORWARD-TSN (RFC 8260 section 2.3.1).

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::items::Layout;
use crate::{Items, MessageIdentifier, ParseError, StreamSequenceNumber, Tsn};

/// A stream in which ordered messages are skipped (RFC 3758 section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SkippedStream {
    /// The number of the stream.
    pub stream_identifier: u16,
    /// The number of the last message that is skipped.
    pub stream_sequence_number: StreamSequenceNumber,
}

impl Layout for SkippedStream {
    type Octets = [U16; 2];
    const NAME: &'static str = "skipped stream";

    fn read([stream, number]: [U16; 2]) -> Self {
        Self { stream_identifier: stream.get(), stream_sequence_number: StreamSequenceNumber(number.get()) }
    }

    fn write(self) -> Result<[U16; 2], EmitError> {
        Ok([self.stream_identifier.into(), self.stream_sequence_number.0.into()])
    }
}

/// A FORWARD-TSN, which tells the receiver to take every TSN up to a given one as received (RFC 3758 section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ForwardTsn<'a> {
    /// New Cumulative TSN.
    pub new_cumulative_tsn: Tsn,
    /// The streams in which messages are skipped.
    pub skipped: Items<'a, SkippedStream>,
}

impl<'a> ForwardTsn<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let new_cumulative_tsn = Tsn(reader.u32("New Cumulative TSN")?);
        Ok(Self { new_cumulative_tsn, skipped: Items::read(reader)? })
    }
}

impl Emit for ForwardTsn<'_> {
    fn wire_len(&self) -> usize {
        self.skipped.wire_len().saturating_add(4)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.new_cumulative_tsn.0)?;
        self.skipped.emit_into(writer)
    }
}

/// A stream in which messages are skipped, when messages interleave (RFC 8260 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SkippedMessage {
    /// The number of the stream.
    pub stream_identifier: u16,
    /// The 15 bits before the U bit as a number, sent as 0 and ignored on receipt. Values above 0x7fff are not written.
    pub reserved: u16,
    /// Whether the messages are unordered (the U bit).
    pub unordered: bool,
    /// The number of the last message that is skipped.
    pub message_identifier: MessageIdentifier,
}

#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct SkippedMessageLayout {
    stream_identifier: U16,
    reserved_and_unordered: U16,
    message_identifier: U32,
}

const _: () = assert!(size_of::<SkippedMessageLayout>() == 8);

impl Layout for SkippedMessage {
    type Octets = SkippedMessageLayout;
    const NAME: &'static str = "skipped message";

    fn read(octets: SkippedMessageLayout) -> Self {
        let word = octets.reserved_and_unordered.get();
        Self {
            stream_identifier: octets.stream_identifier.get(),
            reserved: word >> 1,
            unordered: word & 1 != 0,
            message_identifier: MessageIdentifier(octets.message_identifier.get()),
        }
    }

    fn write(self) -> Result<SkippedMessageLayout, EmitError> {
        let max = 0x7fff;
        if self.reserved > max {
            let (value, max) = (usize::from(self.reserved), usize::from(max));
            return Err(EmitError::FieldOverflow { field: "Reserved", value, max });
        }
        Ok(SkippedMessageLayout {
            stream_identifier: self.stream_identifier.into(),
            reserved_and_unordered: (self.reserved << 1 | u16::from(self.unordered)).into(),
            message_identifier: self.message_identifier.0.into(),
        })
    }
}

/// An I-FORWARD-TSN, which is the FORWARD-TSN for messages that interleave (RFC 8260 section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IForwardTsn<'a> {
    /// New Cumulative TSN.
    pub new_cumulative_tsn: Tsn,
    /// The streams in which messages are skipped.
    pub skipped: Items<'a, SkippedMessage>,
}

impl<'a> IForwardTsn<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let new_cumulative_tsn = Tsn(reader.u32("New Cumulative TSN")?);
        Ok(Self { new_cumulative_tsn, skipped: Items::read(reader)? })
    }
}

impl Emit for IForwardTsn<'_> {
    fn wire_len(&self) -> usize {
        self.skipped.wire_len().saturating_add(4)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.new_cumulative_tsn.0)?;
        self.skipped.emit_into(writer)
    }
}
