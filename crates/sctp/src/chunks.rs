//! Chunks and how they are framed, RFC 9260 section 3.2.

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Reserved, Writer};

use crate::chunk::Body;
use crate::{ChunkFlags, ChunkType, ParseError, common_header, tlv};

/// What precedes a chunk's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ChunkHeader {
    /// Its type.
    pub chunk_type: ChunkType,
    /// Its flags.
    pub flags: ChunkFlags,
}

/// How chunks are framed: type, flags, length that counts the header, padding to four octets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChunkFraming;

/// The chunks of a packet: read from its octets, or the caller's own.
pub type Chunks<'a> = List<'a, ChunkFraming, Chunk<'a>>;

/// One chunk, framed and not decoded.
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
        // A chunk of length 0 would be met again for ever.
        let value_len =
            len.checked_sub(HEADER_LEN).ok_or(reader.declared_too_short(Self::ELEMENT, HEADER_LEN, len))?;
        let header = ChunkHeader { chunk_type: ChunkType(chunk_type), flags: ChunkFlags(flags) };
        let element = reader.element(Self::ELEMENT, header, HEADER_LEN, value_len, tlv::padding_len(len))?;
        // The error of a chunk that is cut tells which chunk it is.
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

/// A chunk: its flags and what it says.
///
/// What [`Emit`] writes is the chunk's value. With its header and padding a chunk is written as a member of a
/// [`Packet`](crate::Packet), or pushed by [`Packet::fill`](crate::Packet::fill).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Chunk<'a> {
    /// Its flags, the reserved ones among them.
    pub flags: ChunkFlags,
    /// What it says.
    pub body: Body<'a>,
}

impl<'a> Chunk<'a> {
    /// What a framed chunk says. A chunk of unknown type has [`Body::Raw`].
    ///
    /// # Errors
    /// When the value is cut, or is not what the chunk's type asks for.
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

    /// What a framed chunk says. A chunk that is cut, or whose value is not what its type asks for, is [`Body::Raw`].
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

/// A chunk without flags.
impl<'a> From<Body<'a>> for Chunk<'a> {
    fn from(body: Body<'a>) -> Self {
        Self { flags: ChunkFlags::NONE, body }
    }
}
