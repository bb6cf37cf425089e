//! The parameters of a RE-CONFIG chunk (RFC 6525 section 4).

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Items, ParseError, Tsn};

const REQUEST_NUMBER: &str = "Re-configuration Request Sequence Number";

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct OutgoingSsnResetRequestLayout {
    request_sequence_number: U32,
    response_sequence_number: U32,
    last_assigned_tsn: U32,
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct AddStreamsRequestLayout {
    request_sequence_number: U32,
    new_streams: U16,
    reserved: U16,
}

const _: () = assert!(size_of::<OutgoingSsnResetRequestLayout>() == 12);
const _: () = assert!(size_of::<AddStreamsRequestLayout>() == AddStreamsRequest::LEN);

/// Outgoing SSN Reset Request: the sender resets its outgoing streams (RFC 6525 section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OutgoingSsnResetRequest<'a> {
    /// Re-configuration Request Sequence Number.
    pub request_sequence_number: u32,
    /// Re-configuration Response Sequence Number. It is the number of the incoming request that this answers, or else
    /// one less than the number that is expected next.
    pub response_sequence_number: u32,
    /// The last TSN that the sender has assigned.
    pub last_assigned_tsn: Tsn,
    /// The numbers of the streams. An empty list means all streams.
    pub stream_numbers: Items<'a, u16>,
}

impl<'a> OutgoingSsnResetRequest<'a> {
    pub(crate) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: OutgoingSsnResetRequestLayout =
            zerocopy::transmute!(*reader.array::<12>("Outgoing SSN Reset Request")?);
        Ok(Self {
            request_sequence_number: layout.request_sequence_number.get(),
            response_sequence_number: layout.response_sequence_number.get(),
            last_assigned_tsn: Tsn(layout.last_assigned_tsn.get()),
            stream_numbers: Items::read(reader)?,
        })
    }
}

impl Emit for OutgoingSsnResetRequest<'_> {
    fn wire_len(&self) -> usize {
        self.stream_numbers.wire_len().saturating_add(12)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; 12] = zerocopy::transmute!(OutgoingSsnResetRequestLayout {
            request_sequence_number: self.request_sequence_number.into(),
            response_sequence_number: self.response_sequence_number.into(),
            last_assigned_tsn: self.last_assigned_tsn.0.into(),
        });
        writer.put(&octets)?;
        self.stream_numbers.emit_into(writer)
    }
}

/// Incoming SSN Reset Request: the sender asks its peer to reset the peer's outgoing streams (RFC 6525 section 4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IncomingSsnResetRequest<'a> {
    /// Re-configuration Request Sequence Number.
    pub request_sequence_number: u32,
    /// The numbers of the streams. An empty list means all streams.
    pub stream_numbers: Items<'a, u16>,
}

impl<'a> IncomingSsnResetRequest<'a> {
    pub(crate) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let request_sequence_number = reader.u32(REQUEST_NUMBER)?;
        Ok(Self { request_sequence_number, stream_numbers: Items::read(reader)? })
    }
}

impl Emit for IncomingSsnResetRequest<'_> {
    fn wire_len(&self) -> usize {
        self.stream_numbers.wire_len().saturating_add(4)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.request_sequence_number)?;
        self.stream_numbers.emit_into(writer)
    }
}

wire::registry! {
    /// The result of a request (RFC 6525 section 4.4).
    pub struct ReconfigurationResult(u32) {
        /// There was nothing to do.
        NOTHING_TO_DO = 0 => "Success - Nothing to do",
        /// The request was carried out.
        PERFORMED = 1 => "Success - Performed",
        /// The request was refused.
        DENIED = 2 => "Denied",
        /// A stream number is wrong.
        WRONG_SSN = 3 => "Error - Wrong SSN",
        /// Another request is in progress.
        ALREADY_IN_PROGRESS = 4 => "Error - Request already in progress",
        /// The sequence number of the request is not the expected one.
        BAD_SEQUENCE_NUMBER = 5 => "Error - Bad Sequence Number",
        /// The request is in progress; the sender has to ask again.
        IN_PROGRESS = 6 => "In progress",
    }
}

/// Re-configuration Response: the answer to a request (RFC 6525 section 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReconfigurationResponse {
    /// Re-configuration Response Sequence Number: the number of the request.
    pub response_sequence_number: u32,
    /// The result of the request.
    pub result: ReconfigurationResult,
    /// The next TSNs of both sides, in the answer to an SSN/TSN reset. `None` in other answers.
    pub next_tsns: Option<NextTsns>,
}

/// The TSNs with which both sides continue (RFC 6525 section 4.4). A response has both or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NextTsns {
    /// The TSN of the next DATA chunk from the sender of the response.
    pub senders: Tsn,
    /// The TSN of the next DATA chunk from the receiver of the response.
    pub receivers: Tsn,
}

impl ReconfigurationResponse {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let response_sequence_number = reader.u32("Re-configuration Response Sequence Number")?;
        let result = ReconfigurationResult(reader.u32("Result")?);
        let next_tsns = if reader.is_empty() {
            None
        } else {
            let senders = Tsn(reader.u32("Sender's Next TSN")?);
            Some(NextTsns { senders, receivers: Tsn(reader.u32("Receiver's Next TSN")?) })
        };
        Ok(Self { response_sequence_number, result, next_tsns })
    }
}

impl Emit for ReconfigurationResponse {
    fn wire_len(&self) -> usize {
        if self.next_tsns.is_some() { 16 } else { 8 }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.response_sequence_number)?;
        writer.u32(self.result.0)?;
        if let Some(next) = self.next_tsns {
            writer.u32(next.senders.0)?;
            writer.u32(next.receivers.0)?;
        }
        Ok(())
    }
}

/// A request to add outgoing streams (RFC 6525 section 4.5) or incoming streams (section 4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AddStreamsRequest {
    /// Re-configuration Request Sequence Number.
    pub request_sequence_number: u32,
    /// The number of streams to add.
    pub new_streams: u16,
    /// A reserved field, sent as 0 and ignored on receipt.
    pub reserved: u16,
}

impl AddStreamsRequest {
    pub(super) const LEN: usize = 8;

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let layout: AddStreamsRequestLayout =
            zerocopy::transmute!(*reader.array::<8>("Add Streams Request")?);
        Ok(Self {
            request_sequence_number: layout.request_sequence_number.get(),
            new_streams: layout.new_streams.get(),
            reserved: layout.reserved.get(),
        })
    }
}

impl Emit for AddStreamsRequest {
    fn wire_len(&self) -> usize {
        Self::LEN
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; Self::LEN] = zerocopy::transmute!(AddStreamsRequestLayout {
            request_sequence_number: self.request_sequence_number.into(),
            new_streams: self.new_streams.into(),
            reserved: self.reserved.into(),
        });
        writer.put(&octets)
    }
}
