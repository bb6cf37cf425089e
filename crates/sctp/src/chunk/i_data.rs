//! I-DATA (RFC 8260 section 2.1).

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::chunk::PayloadProtocolIdentifier;
use crate::{ChunkFlags, MessageIdentifier, ParseError, Tsn};

/// The length in octets of the value's fixed part.
const HEADER_LEN: usize = 16;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct IDataLayout {
    tsn: U32,
    stream_identifier: U16,
    reserved: U16,
    message_identifier: U32,
    ppid_or_fsn: U32,
}

const _: () = assert!(size_of::<IDataLayout>() == HEADER_LEN);

/// The last word before the user data (RFC 8260 section 2.1).
///
/// The B flag of the chunk decides which of the two it is, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PpidOrFsn {
    /// The payload protocol identifier, in the first fragment of a message.
    PayloadProtocolIdentifier(PayloadProtocolIdentifier),
    /// The number of the fragment, counted from 1, in all other fragments.
    FragmentSequenceNumber(u32),
}

/// An I-DATA chunk, which carries user data of messages that may interleave (RFC 8260 section 2.1). Its flags are those
/// of DATA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IData<'a> {
    /// The TSN of the chunk.
    pub tsn: Tsn,
    /// The number of the stream.
    pub stream_identifier: u16,
    /// A reserved field, sent as 0 and ignored on receipt.
    pub reserved: u16,
    /// The number of the message in its stream.
    pub message_identifier: MessageIdentifier,
    /// The identifier when the chunk's B flag is set, and the fragment number when it is not. A chunk that contradicts
    /// its B flag is not written.
    pub ppid_or_fsn: PpidOrFsn,
    /// The message or a fragment of it.
    pub user_data: &'a [u8],
}

impl<'a> IData<'a> {
    /// The B flag tells the receiver how to interpret the word (RFC 8260 section 2.1).
    pub(crate) const fn check_flags(&self, flags: ChunkFlags) -> Result<(), EmitError> {
        let reason = match (flags.contains(ChunkFlags::B), self.ppid_or_fsn) {
            (true, PpidOrFsn::FragmentSequenceNumber(_)) => {
                "the flag is set, so the word must be a Payload Protocol Identifier"
            }
            (false, PpidOrFsn::PayloadProtocolIdentifier(_)) => {
                "the flag is not set, so the word must be a Fragment Sequence Number"
            }
            _ => return Ok(()),
        };
        Err(EmitError::Contradiction { field: "B flag of I-DATA", reason })
    }

    pub(super) fn read(mut reader: Reader<'a>, beginning: bool) -> Result<Self, ParseError> {
        let layout: IDataLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("I-DATA")?);
        let word = layout.ppid_or_fsn.get();
        Ok(Self {
            tsn: Tsn(layout.tsn.get()),
            stream_identifier: layout.stream_identifier.get(),
            reserved: layout.reserved.get(),
            message_identifier: MessageIdentifier(layout.message_identifier.get()),
            ppid_or_fsn: if beginning {
                PpidOrFsn::PayloadProtocolIdentifier(PayloadProtocolIdentifier(word))
            } else {
                PpidOrFsn::FragmentSequenceNumber(word)
            },
            user_data: reader.rest(),
        })
    }
}

impl Emit for IData<'_> {
    fn wire_len(&self) -> usize {
        self.user_data.len().saturating_add(HEADER_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let word = match self.ppid_or_fsn {
            PpidOrFsn::PayloadProtocolIdentifier(identifier) => identifier.0,
            PpidOrFsn::FragmentSequenceNumber(number) => number,
        };
        let octets: [u8; HEADER_LEN] = zerocopy::transmute!(IDataLayout {
            tsn: self.tsn.0.into(),
            stream_identifier: self.stream_identifier.into(),
            reserved: self.reserved.into(),
            message_identifier: self.message_identifier.0.into(),
            ppid_or_fsn: word.into(),
        });
        writer.put(&octets)?;
        writer.put(self.user_data)
    }
}
