//! DATA (RFC 9260 section 3.3.1).

use core::num::NonZeroUsize;

use wire::{Emit, EmitError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::chunk::Body;
use crate::{Chunk, ChunkFlags, ParseError, StreamSequenceNumber, Tsn};

wire::registry! {
    /// Payload protocol identifiers (RFC 9260 section 3.3.1). The named ones are a part of IANA's registry.
    pub struct PayloadProtocolIdentifier(u32) {
        /// The upper layer gave no identifier.
        UNSPECIFIED = 0 => "unspecified",
        /// ISDN Q.921 user adaptation (RFC 4233).
        IUA = 1 => "IUA",
        /// MTP2 user adaptation (RFC 3331).
        M2UA = 2 => "M2UA",
        /// MTP3 user adaptation (RFC 4666).
        M3UA = 3 => "M3UA",
        /// SCCP user adaptation (RFC 3868).
        SUA = 4 => "SUA",
        /// MTP2 peer-to-peer adaptation (RFC 4165).
        M2PA = 5 => "M2PA",
        /// S1 application protocol.
        S1AP = 18 => "S1AP",
        /// ForCES, high priority (RFC 5811).
        FORCES_HP = 21 => "ForCES-HP",
        /// ForCES, medium priority (RFC 5811).
        FORCES_MP = 22 => "ForCES-MP",
        /// ForCES, low priority (RFC 5811).
        FORCES_LP = 23 => "ForCES-LP",
        /// X2 application protocol.
        X2AP = 27 => "X2AP",
        /// Diameter in SCTP (RFC 6733).
        DIAMETER = 46 => "Diameter",
        /// Diameter in DTLS in SCTP (RFC 6733).
        DIAMETER_DTLS = 47 => "Diameter/DTLS",
        /// WebRTC data channel establishment (RFC 8832).
        WEBRTC_DCEP = 50 => "WebRTC DCEP",
        /// WebRTC text (RFC 8831).
        WEBRTC_STRING = 51 => "WebRTC String",
        /// WebRTC octets (RFC 8831).
        WEBRTC_BINARY = 53 => "WebRTC Binary",
        /// NG application protocol.
        NGAP = 60 => "NGAP",
    }
}

/// The length in octets of the value's fixed part.
const HEADER_LEN: usize = 12;

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct DataLayout {
    tsn: U32,
    stream_identifier: U16,
    stream_sequence_number: U16,
    payload_protocol_identifier: U32,
}

const _: () = assert!(size_of::<DataLayout>() == HEADER_LEN);

/// A DATA chunk, which carries user data (RFC 9260 section 3.3.1). Its flags are [`U`](ChunkFlags::U),
/// [`B`](ChunkFlags::B), [`E`](ChunkFlags::E) and [`I`](ChunkFlags::I).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Data<'a> {
    /// The TSN of the chunk.
    pub tsn: Tsn,
    /// The number of the stream.
    pub stream_identifier: u16,
    /// The number of the message in its stream. It has no meaning when the U flag is set.
    pub stream_sequence_number: StreamSequenceNumber,
    /// The protocol of the data, as the upper layer names it. SCTP does not interpret it.
    pub payload_protocol_identifier: PayloadProtocolIdentifier,
    /// The message or a fragment of it, with at least one octet.
    pub user_data: &'a [u8],
}

impl<'a> Data<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: DataLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("DATA")?);
        Ok(Self {
            tsn: Tsn(layout.tsn.get()),
            stream_identifier: layout.stream_identifier.get(),
            stream_sequence_number: StreamSequenceNumber(layout.stream_sequence_number.get()),
            payload_protocol_identifier: PayloadProtocolIdentifier(layout.payload_protocol_identifier.get()),
            user_data: reader.rest(),
        })
    }

    /// Splits a message that is too large for one chunk (RFC 9260 section 6.9).
    ///
    /// `self` holds the whole message as its user data. Each resulting chunk has at most `max` octets of user data. The
    /// chunks have consecutive TSNs, the same stream sequence number, and the B and E flags as they need. `flags` holds
    /// the other flags of each chunk, U and I. A message that fits becomes one chunk.
    ///
    /// # Errors
    /// Returns [`EmitError::MissingElement`] when the message is empty. The receiver of a DATA chunk without user data
    /// aborts the association (No User Data, RFC 9260 section 6.2).
    pub const fn fragments(self, flags: ChunkFlags, max: NonZeroUsize) -> Result<Fragments<'a>, EmitError> {
        if self.user_data.is_empty() {
            return Err(EmitError::MissingElement { element: "User Data" });
        }
        let flags = ChunkFlags(flags.0 & !(ChunkFlags::B.0 | ChunkFlags::E.0));
        Ok(Fragments { data: self, flags, max, first: true })
    }
}

impl Emit for Data<'_> {
    fn wire_len(&self) -> usize {
        self.user_data.len().saturating_add(HEADER_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; HEADER_LEN] = zerocopy::transmute!(DataLayout {
            tsn: self.tsn.0.into(),
            stream_identifier: self.stream_identifier.into(),
            stream_sequence_number: self.stream_sequence_number.0.into(),
            payload_protocol_identifier: self.payload_protocol_identifier.0.into(),
        });
        writer.put(&octets)?;
        writer.put(self.user_data)
    }
}

/// An iterator over the chunks of one user message, made by [`Data::fragments`].
#[derive(Clone, Debug)]
pub struct Fragments<'a> {
    data: Data<'a>,
    flags: ChunkFlags,
    max: NonZeroUsize,
    first: bool,
}

impl<'a> Iterator for Fragments<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (user_data, rest) =
            self.data.user_data.split_at_checked(self.max.get().min(self.data.user_data.len()))?;
        if user_data.is_empty() {
            return None;
        }
        let mut flags = self.flags;
        if core::mem::take(&mut self.first) {
            flags |= ChunkFlags::B;
        }
        if rest.is_empty() {
            flags |= ChunkFlags::E;
        }
        let data = Data { user_data, ..self.data };
        self.data = Data { tsn: self.data.tsn.next(), user_data: rest, ..self.data };
        Some(Chunk { flags, body: Body::Data(data) })
    }
}

impl core::iter::FusedIterator for Fragments<'_> {}
