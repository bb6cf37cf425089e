//! Chunks, RFC 9260 section 3.2: one file per kind.

use core::ops::{BitOr, BitOrAssign};

use wire::{Chain, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

use crate::parameter::expect_end;
use crate::{
    Departure, ErrorCauses, Parameters, ParseError, UnrecognizedAction, error_cause, parameter, tlv,
};

mod abort;
mod asconf;
mod auth;
mod cookie;
mod data;
mod ecn;
mod error;
mod forward_tsn;
mod heartbeat;
mod i_data;
mod init;
mod pad;
mod re_config;
mod sack;
mod shutdown;

pub use abort::Abort;
pub use asconf::{Asconf, AsconfAck};
pub use auth::Auth;
pub use cookie::CookieEcho;
pub use data::{Data, Fragments, PayloadProtocolIdentifier};
pub use ecn::CongestionPoint;
pub use error::OperationError;
pub use forward_tsn::{ForwardTsn, IForwardTsn, SkippedMessage, SkippedStream};
pub use heartbeat::Heartbeat;
pub use i_data::{IData, PpidOrFsn};
pub use init::Init;
pub use pad::Pad;
pub use re_config::ReConfig;
pub use sack::{GapAckBlock, Sack};
pub use shutdown::Shutdown;

wire::registry! {
    /// Chunk type, RFC 9260 section 3.2.
    pub struct ChunkType(u8) {
        /// Payload data, RFC 9260 section 3.3.1.
        DATA = 0 => "DATA",
        /// Initiation, RFC 9260 section 3.3.2.
        INIT = 1 => "INIT",
        /// Initiation acknowledgement, RFC 9260 section 3.3.3.
        INIT_ACK = 2 => "INIT ACK",
        /// Selective acknowledgement, RFC 9260 section 3.3.4.
        SACK = 3 => "SACK",
        /// Heartbeat request, RFC 9260 section 3.3.5.
        HEARTBEAT = 4 => "HEARTBEAT",
        /// Heartbeat acknowledgement, RFC 9260 section 3.3.6.
        HEARTBEAT_ACK = 5 => "HEARTBEAT ACK",
        /// Abort, RFC 9260 section 3.3.7.
        ABORT = 6 => "ABORT",
        /// Shutdown, RFC 9260 section 3.3.8.
        SHUTDOWN = 7 => "SHUTDOWN",
        /// Shutdown acknowledgement, RFC 9260 section 3.3.9.
        SHUTDOWN_ACK = 8 => "SHUTDOWN ACK",
        /// Operation error, RFC 9260 section 3.3.10.
        ERROR = 9 => "ERROR",
        /// State cookie, RFC 9260 section 3.3.11.
        COOKIE_ECHO = 10 => "COOKIE ECHO",
        /// Cookie acknowledgement, RFC 9260 section 3.3.12.
        COOKIE_ACK = 11 => "COOKIE ACK",
        /// Explicit congestion notification echo, RFC 4960 appendix A.
        ECNE = 12 => "ECNE",
        /// Congestion window reduced, RFC 4960 appendix A.
        CWR = 13 => "CWR",
        /// Shutdown complete, RFC 9260 section 3.3.13.
        SHUTDOWN_COMPLETE = 14 => "SHUTDOWN COMPLETE",
        /// Authentication, RFC 4895 section 5.
        AUTH = 15 => "AUTH",
        /// Payload data with interleaving, RFC 8260 section 2.1.
        I_DATA = 64 => "I-DATA",
        /// Address configuration acknowledgement, RFC 5061 section 4.1.2.
        ASCONF_ACK = 0x80 => "ASCONF-ACK",
        /// Re-configuration, RFC 6525 section 3.1.
        RE_CONFIG = 0x82 => "RE-CONFIG",
        /// Padding, RFC 4820 section 3.
        PAD = 0x84 => "PAD",
        /// Forward cumulative TSN, RFC 3758 section 3.2.
        FORWARD_TSN = 0xc0 => "FORWARD-TSN",
        /// Address configuration change, RFC 5061 section 4.1.1.
        ASCONF = 0xc1 => "ASCONF",
        /// Forward cumulative TSN with interleaving, RFC 8260 section 2.3.1.
        I_FORWARD_TSN = 0xc2 => "I-FORWARD-TSN",
    }
}

impl ChunkType {
    /// What a receiver that does not know the type does, RFC 9260 section 3.2.
    #[must_use]
    pub const fn unrecognized_action(self) -> UnrecognizedAction {
        UnrecognizedAction::of(self.0)
    }

    /// Whether chunks of this type carry user data, and so stand behind control chunks.
    #[must_use]
    pub const fn carries_user_data(self) -> bool {
        matches!(self, Self::DATA | Self::I_DATA)
    }

    /// The flag bits that have a meaning in chunks of this type.
    #[must_use]
    pub const fn defined_flags(self) -> ChunkFlags {
        match self {
            Self::DATA | Self::I_DATA => ChunkFlags(0x0f),
            Self::ABORT | Self::SHUTDOWN_COMPLETE => ChunkFlags::T,
            // Of a type that is not known no bit is known to be reserved.
            _ if self.name().is_some() => ChunkFlags(0),
            _ => ChunkFlags(0xff),
        }
    }
}

/// The flags octet of a chunk, RFC 9260 section 3.2: bits mean something per chunk type, reserved ones are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ChunkFlags(pub u8);

impl ChunkFlags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// DATA, I-DATA: the last fragment of a message, RFC 9260 section 3.3.1.
    pub const E: Self = Self(0x01);
    /// DATA, I-DATA: the first fragment of a message, RFC 9260 section 3.3.1.
    pub const B: Self = Self(0x02);
    /// DATA, I-DATA: outside the order of the stream, RFC 9260 section 3.3.1.
    pub const U: Self = Self(0x04);
    /// DATA, I-DATA: to be acknowledged without delay, RFC 9260 section 3.3.1.
    pub const I: Self = Self(0x08);
    /// ABORT, SHUTDOWN COMPLETE: the verification tag is reflected, RFC 9260 sections 3.3.7 and 3.3.13.
    pub const T: Self = Self(0x01);

    /// Whether all bits of `flags` are set.
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl BitOr for ChunkFlags {
    type Output = Self;

    fn bitor(self, flags: Self) -> Self {
        Self(self.0 | flags.0)
    }
}

impl BitOrAssign for ChunkFlags {
    fn bitor_assign(&mut self, flags: Self) {
        self.0 |= flags.0;
    }
}

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

/// The chunks of a packet.
pub type Chunks<'a> = Chain<'a, ChunkFraming>;

/// One chunk, framed and not decoded.
pub type ChunkElement<'a> = Element<'a, ChunkHeader>;

const HEADER_LEN: usize = 4;

impl Framing for ChunkFraming {
    type Header = ChunkHeader;
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "chunk";
    const WITHIN: &'static str = "SCTP packet";

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
        reader.element(Self::ELEMENT, header, HEADER_LEN, value_len, tlv::padding_len(len)).map(Some)
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

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        let chunk_len = value_len.saturating_add(HEADER_LEN);
        len.saturating_add(chunk_len).saturating_add(tlv::padding_len(chunk_len))
    }
}

/// A chunk: its flags and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Chunk<'a> {
    /// Its flags, the reserved ones among them.
    pub flags: ChunkFlags,
    /// What it says.
    pub body: Body<'a>,
}

/// What a chunk says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Body<'a> {
    /// User data.
    Data(Data<'a>),
    /// The start of an association.
    Init(Init<'a>),
    /// The answer to it.
    InitAck(Init<'a>),
    /// What has arrived.
    Sack(Sack<'a>),
    /// Is the peer there?
    Heartbeat(Heartbeat<'a>),
    /// It is.
    HeartbeatAck(Heartbeat<'a>),
    /// The end of the association, at once.
    Abort(Abort<'a>),
    /// The end of the association, when all has arrived.
    Shutdown(Shutdown),
    /// The answer to it.
    ShutdownAck,
    /// Something is wrong, and the association goes on.
    Error(OperationError<'a>),
    /// The cookie, echoed.
    CookieEcho(CookieEcho<'a>),
    /// The association stands.
    CookieAck,
    /// Congestion was met.
    Ecne(CongestionPoint),
    /// The window was reduced.
    Cwr(CongestionPoint),
    /// The association is gone.
    ShutdownComplete,
    /// The chunks that follow are authentic.
    Auth(Auth<'a>),
    /// User data, interleaved.
    IData(IData<'a>),
    /// How a change of addresses went.
    AsconfAck(AsconfAck<'a>),
    /// Streams are reset or added.
    ReConfig(ReConfig<'a>),
    /// Octets to be skipped.
    Pad(Pad<'a>),
    /// Data that will not come any more.
    ForwardTsn(ForwardTsn<'a>),
    /// A change of addresses.
    Asconf(Asconf<'a>),
    /// Interleaved data that will not come any more.
    IForwardTsn(IForwardTsn<'a>),
    /// A chunk of another type, or a value that its type does not allow; kept as it came.
    Raw {
        /// Its type.
        chunk_type: ChunkType,
        /// Its value.
        value: &'a [u8],
    },
}

impl<'a> Chunk<'a> {
    /// What a framed chunk says. One of unknown type has [`Body::Raw`].
    ///
    /// # Errors
    /// When its value is none of its type.
    pub fn parse(element: &ChunkElement<'a>) -> Result<Self, ParseError> {
        use ChunkType as Type;
        let reader = element.reader();
        let body = match element.header.chunk_type {
            Type::DATA => Body::Data(Data::read(reader)?),
            Type::INIT => Body::Init(Init::read(reader)?),
            Type::INIT_ACK => Body::InitAck(Init::read(reader)?),
            Type::SACK => Body::Sack(Sack::read(reader)?),
            Type::HEARTBEAT => Body::Heartbeat(Heartbeat::read(reader)?),
            Type::HEARTBEAT_ACK => Body::HeartbeatAck(Heartbeat::read(reader)?),
            Type::ABORT => Body::Abort(Abort::read(reader)?),
            Type::SHUTDOWN => Body::Shutdown(Shutdown::read(reader)?),
            Type::SHUTDOWN_ACK => {
                expect_end("SHUTDOWN ACK", reader)?;
                Body::ShutdownAck
            }
            Type::ERROR => Body::Error(OperationError::read(reader)?),
            Type::COOKIE_ECHO => Body::CookieEcho(CookieEcho { cookie: element.value }),
            Type::COOKIE_ACK => {
                expect_end("COOKIE ACK", reader)?;
                Body::CookieAck
            }
            Type::ECNE => Body::Ecne(CongestionPoint::read(reader)?),
            Type::CWR => Body::Cwr(CongestionPoint::read(reader)?),
            Type::SHUTDOWN_COMPLETE => {
                expect_end("SHUTDOWN COMPLETE", reader)?;
                Body::ShutdownComplete
            }
            Type::AUTH => Body::Auth(Auth::read(reader)?),
            Type::I_DATA => {
                let beginning = element.header.flags.contains(ChunkFlags::B);
                Body::IData(IData::read(reader, beginning)?)
            }
            Type::ASCONF_ACK => Body::AsconfAck(AsconfAck::read(reader)?),
            Type::RE_CONFIG => Body::ReConfig(ReConfig::read(reader)?),
            Type::PAD => Body::Pad(Pad { padding_data: element.value }),
            Type::FORWARD_TSN => Body::ForwardTsn(ForwardTsn::read(reader)?),
            Type::ASCONF => Body::Asconf(Asconf::read(reader)?),
            Type::I_FORWARD_TSN => Body::IForwardTsn(IForwardTsn::read(reader)?),
            _ => return Ok(Self::raw(element)),
        };
        Ok(Self { flags: element.header.flags, body })
    }

    /// As [`parse`](Self::parse); also reports what is not emitted again as it came: padding that is not zero, a
    /// wrong count.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_reporting(
        element: &ChunkElement<'a>,
        report: &mut impl FnMut(Departure),
    ) -> Result<Self, ParseError> {
        let chunk = Self::parse(element)?;
        report_chunk_padding(element, report);
        if let Some(parameters) = chunk.body.parameters() {
            parameter::report_parameters(parameters, report);
        }
        if let Some(causes) = chunk.body.causes() {
            error_cause::report_causes(causes, report);
        }
        Ok(chunk)
    }

    /// A framed chunk as it came, whatever its type.
    #[must_use]
    pub const fn raw(element: &ChunkElement<'a>) -> Self {
        let body = Body::Raw { chunk_type: element.header.chunk_type, value: element.value };
        Self { flags: element.header.flags, body }
    }

    /// What a framed chunk says, or the chunk as it came when it says nothing of its type.
    #[must_use]
    pub fn parse_or_raw(element: &ChunkElement<'a>) -> Self {
        Self::parse(element).unwrap_or(Self::raw(element))
    }

    /// Octets of the whole chunk: header, value and padding.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        let len = HEADER_LEN.saturating_add(self.body.value_len());
        len.saturating_add(tlv::padding_len(len))
    }

    /// Writes the chunk with its padding.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let header = ChunkHeader { chunk_type: self.body.chunk_type(), flags: self.flags };
        wire::ChainWriter::new(writer, ChunkFraming).push_with(header, |writer| self.body.emit_value(writer))
    }
}

/// A chunk without flags.
impl<'a> From<Body<'a>> for Chunk<'a> {
    fn from(body: Body<'a>) -> Self {
        Self { flags: ChunkFlags::NONE, body }
    }
}

pub(crate) fn report_chunk_padding(element: &ChunkElement<'_>, report: &mut impl FnMut(Departure)) {
    let padding = element.padding();
    if padding.iter().any(|octet| *octet != 0) {
        let offset = element.offset.saturating_add(element.octets.len()).saturating_sub(padding.len());
        report(Departure::Padding { offset });
    }
}

impl<'a> Body<'a> {
    /// The parameters of a chunk that has some.
    #[must_use]
    pub const fn parameters(&self) -> Option<&Parameters<'a>> {
        match self {
            Self::Init(init) | Self::InitAck(init) => Some(&init.parameters),
            Self::Heartbeat(heartbeat) | Self::HeartbeatAck(heartbeat) => Some(&heartbeat.parameters),
            Self::Asconf(asconf) => Some(&asconf.parameters),
            Self::AsconfAck(ack) => Some(&ack.parameters),
            Self::ReConfig(re_config) => Some(&re_config.parameters),
            _ => None,
        }
    }

    /// The error causes of a chunk that has some.
    #[must_use]
    pub const fn causes(&self) -> Option<&ErrorCauses<'a>> {
        match self {
            Self::Abort(abort) => Some(&abort.causes),
            Self::Error(error) => Some(&error.causes),
            _ => None,
        }
    }

    /// The type of the chunk.
    #[must_use]
    pub const fn chunk_type(&self) -> ChunkType {
        use ChunkType as Type;
        match self {
            Self::Data(_) => Type::DATA,
            Self::Init(_) => Type::INIT,
            Self::InitAck(_) => Type::INIT_ACK,
            Self::Sack(_) => Type::SACK,
            Self::Heartbeat(_) => Type::HEARTBEAT,
            Self::HeartbeatAck(_) => Type::HEARTBEAT_ACK,
            Self::Abort(_) => Type::ABORT,
            Self::Shutdown(_) => Type::SHUTDOWN,
            Self::ShutdownAck => Type::SHUTDOWN_ACK,
            Self::Error(_) => Type::ERROR,
            Self::CookieEcho(_) => Type::COOKIE_ECHO,
            Self::CookieAck => Type::COOKIE_ACK,
            Self::Ecne(_) => Type::ECNE,
            Self::Cwr(_) => Type::CWR,
            Self::ShutdownComplete => Type::SHUTDOWN_COMPLETE,
            Self::Auth(_) => Type::AUTH,
            Self::IData(_) => Type::I_DATA,
            Self::AsconfAck(_) => Type::ASCONF_ACK,
            Self::ReConfig(_) => Type::RE_CONFIG,
            Self::Pad(_) => Type::PAD,
            Self::ForwardTsn(_) => Type::FORWARD_TSN,
            Self::Asconf(_) => Type::ASCONF,
            Self::IForwardTsn(_) => Type::I_FORWARD_TSN,
            Self::Raw { chunk_type, .. } => *chunk_type,
        }
    }

    /// Octets of the chunk's value, without header and padding.
    #[must_use]
    pub fn value_len(&self) -> usize {
        match self {
            Self::Data(data) => data.value_len(),
            Self::Init(init) | Self::InitAck(init) => init.value_len(),
            Self::Sack(sack) => sack.value_len(),
            Self::Heartbeat(heartbeat) | Self::HeartbeatAck(heartbeat) => {
                parameter::parameters_len(&heartbeat.parameters)
            }
            Self::Abort(abort) => error_cause::causes_len(&abort.causes),
            Self::Error(error) => error_cause::causes_len(&error.causes),
            Self::ShutdownAck | Self::CookieAck | Self::ShutdownComplete => 0,
            Self::Shutdown(_) | Self::Ecne(_) | Self::Cwr(_) => 4,
            Self::CookieEcho(echo) => echo.cookie.len(),
            Self::Auth(auth) => auth.value_len(),
            Self::IData(data) => data.value_len(),
            Self::AsconfAck(ack) => ack.value_len(),
            Self::ReConfig(re_config) => parameter::parameters_len(&re_config.parameters),
            Self::Pad(pad) => pad.padding_data.len(),
            Self::ForwardTsn(forward) => forward.value_len(),
            Self::Asconf(asconf) => asconf.value_len(),
            Self::IForwardTsn(forward) => forward.value_len(),
            Self::Raw { value, .. } => value.len(),
        }
    }

    fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Data(data) => data.write(writer),
            Self::Init(init) | Self::InitAck(init) => init.write(writer),
            Self::Sack(sack) => sack.write(writer),
            Self::Heartbeat(heartbeat) | Self::HeartbeatAck(heartbeat) => {
                parameter::emit_parameters(&heartbeat.parameters, writer)
            }
            Self::Abort(abort) => error_cause::emit_causes(&abort.causes, writer),
            Self::Error(error) => error_cause::emit_causes(&error.causes, writer),
            Self::ShutdownAck | Self::CookieAck | Self::ShutdownComplete => Ok(()),
            Self::Shutdown(shutdown) => writer.u32(shutdown.cumulative_tsn_ack.0),
            Self::Ecne(point) | Self::Cwr(point) => writer.u32(point.lowest_tsn.0),
            Self::CookieEcho(echo) => writer.put(echo.cookie),
            Self::Auth(auth) => auth.write(writer),
            Self::IData(data) => data.write(writer),
            Self::AsconfAck(ack) => ack.write(writer),
            Self::ReConfig(re_config) => parameter::emit_parameters(&re_config.parameters, writer),
            Self::Pad(pad) => writer.put(pad.padding_data),
            Self::ForwardTsn(forward) => forward.write(writer),
            Self::Asconf(asconf) => asconf.write(writer),
            Self::IForwardTsn(forward) => forward.write(writer),
            Self::Raw { value, .. } => writer.put(value),
        }
    }
}
