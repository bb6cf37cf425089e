//! Chunks and their framing (RFC 9260 section 3.2).

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Reserved, Writer};

use crate::chunk::Body;
use crate::{ChunkFlags, ChunkType, ParseError, common_header, tlv};

/// The type and flags at the front of a chunk. The chunk's length is derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ChunkHeader {
    /// The type of the chunk.
    pub chunk_type: ChunkType,
    /// The flags of the chunk.
    pub flags: ChunkFlags,
}

/// The framing of chunks: a type, flags, a length that includes the header, and padding to a multiple of four octets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChunkFraming;

/// The chunks of a packet. They were read from octets, or they are the caller's own values.
///
/// [`Packet::parse`](crate::Packet::parse) makes the list. To frame a copy of a chunk, for example in an
/// [`ErrorCause`](crate::ErrorCause), call `Chunks::parse(octets, base, ChunkFraming)`, where `base` is the offset of
/// the first octet in the packet that holds the copy.
pub type Chunks<'a> = List<'a, ChunkFraming, Chunk<'a>>;

/// One chunk that is framed but not decoded. It has its offset and its octets.
pub type ChunkElement<'a> = Element<'a, ChunkHeader>;

const HEADER_LEN: usize = 4;

impl Framing for ChunkFraming {
    type Header = ChunkHeader;
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "chunk";
    const WITHIN: &'static str = common_header::WITHIN;

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<ChunkElement<'a>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [chunk_type, flags, high, low] = *reader.peek(Self::ELEMENT)?;
        let len = usize::from(u16::from_be_bytes([high, low]));
        // A length of 0 would frame the same chunk again and again.
        let value_len =
            len.checked_sub(HEADER_LEN).ok_or(reader.declared_too_short(Self::ELEMENT, HEADER_LEN, len))?;
        let header = ChunkHeader { chunk_type: ChunkType(chunk_type), flags: ChunkFlags(flags) };
        let element = reader.element(Self::ELEMENT, header, HEADER_LEN, value_len, tlv::padding_len(len))?;
        // The error for a chunk that is cut names its type.
        Ok(Some(match header.chunk_type.name() {
            Some(name) if element.is_cut() => element.named(name),
            _ => element,
        }))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: ChunkHeader) -> Result<Reserved<2>, EmitError> {
        writer.put(&[header.chunk_type.0, header.flags.0])?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: ChunkHeader,
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = EmitError::fit_u16("Chunk Length", writer.position().saturating_sub(start))?;
        writer.patch(length, len.to_be_bytes())?;
        writer.pad(start, 4, 0)
    }

    fn len_with(&self, len: usize, _: ChunkHeader, value_len: usize) -> usize {
        len.saturating_add(tlv::padded(value_len.saturating_add(HEADER_LEN)))
    }
}

/// A chunk: its flags and its value.
///
/// [`Emit`] writes the value of the chunk only. To write the chunk with its header and padding, make it a member of a
/// [`Packet`](crate::Packet), or push it with [`Packet::fill`](crate::Packet::fill).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Chunk<'a> {
    /// The flags, including the reserved bits.
    pub flags: ChunkFlags,
    /// The value of the chunk, decoded by its type.
    pub body: Body<'a>,
}

impl<'a> Chunk<'a> {
    /// Decodes a framed chunk. A chunk of unknown type becomes [`Body::Raw`].
    ///
    /// # Errors
    /// Returns [`ParseError`] when the value is cut, or does not have the layout of the chunk's type.
    pub fn parse(element: &ChunkElement<'a>) -> Result<Self, ParseError> {
        if let Some(fault) = element.fault() {
            return Err(fault.into());
        }
        Ok(Self { flags: element.header.flags, body: Body::read(element.header, element.reader())? })
    }
}

impl Emit for Chunk<'_> {
    fn wire_len(&self) -> usize {
        self.body.wire_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if let Body::IData(data) = &self.body {
            data.check_flags(self.flags)?;
        }
        self.body.emit_into(writer)
    }
}

impl<'a> Member<'a, ChunkFraming> for Chunk<'a> {
    fn header(&self) -> ChunkHeader {
        ChunkHeader { chunk_type: self.body.chunk_type(), flags: self.flags }
    }

    /// Decodes a framed chunk. A chunk that is cut or does not have the layout of its type becomes [`Body::Raw`].
    fn decode(element: &ChunkElement<'a>, _: &ChunkFraming) -> Self {
        match Self::parse(element) {
            Ok(chunk) => chunk,
            Err(_) => Self {
                flags: element.header.flags,
                body: Body::Raw {
                    chunk_type: element.header.chunk_type,
                    value: element.value,
                    missing: element.missing,
                },
            },
        }
    }
}

/// Makes a chunk whose flags are all 0.
impl<'a> From<Body<'a>> for Chunk<'a> {
    fn from(body: Body<'a>) -> Self {
        Self { flags: ChunkFlags::NONE, body }
    }
}
