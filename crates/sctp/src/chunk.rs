//! The values of the chunks (RFC 9260 section 3.3), one file for each kind.
//!
//! The structs follow the RFC's figures and are built as struct literals. [`Emit`] writes the chunk's value only; a
//! [`Chunk`](crate::Chunk) in a [`Packet`](crate::Packet) adds the header and the padding.

use wire::{Emit, EmitError, Framing as _, Reader, Writer};

use crate::parameter::expect_end;
use crate::tlv::put_whole;
use crate::{ChunkFlags, ChunkFraming, ChunkHeader, ChunkType, ErrorCauses, Parameters, ParseError};

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

/// The value of a chunk, decoded by the chunk's type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Body<'a> {
    /// DATA: user data.
    Data(Data<'a>),
    /// INIT: starts an association.
    Init(Init<'a>),
    /// INIT ACK: answers an INIT.
    InitAck(Init<'a>),
    /// SACK: acknowledges DATA that has arrived.
    Sack(Sack<'a>),
    /// HEARTBEAT: asks whether the peer can be reached.
    Heartbeat(Heartbeat<'a>),
    /// HEARTBEAT ACK: answers a HEARTBEAT.
    HeartbeatAck(Heartbeat<'a>),
    /// ABORT: ends the association at once.
    Abort(Abort<'a>),
    /// SHUTDOWN: ends the association after all data has arrived.
    Shutdown(Shutdown),
    /// SHUTDOWN ACK: answers a SHUTDOWN.
    ShutdownAck,
    /// ERROR: reports an error that does not end the association.
    Error(OperationError<'a>),
    /// COOKIE ECHO: returns the State Cookie of the INIT ACK.
    CookieEcho(CookieEcho<'a>),
    /// COOKIE ACK: answers a COOKIE ECHO. The association is established.
    CookieAck,
    /// ECNE: reports that a packet met congestion.
    Ecne(CongestionPoint),
    /// CWR: reports that the congestion window was reduced.
    Cwr(CongestionPoint),
    /// SHUTDOWN COMPLETE: confirms that the association has ended.
    ShutdownComplete,
    /// AUTH: authenticates the chunks that follow it in the packet.
    Auth(Auth<'a>),
    /// I-DATA: user data whose messages may interleave.
    IData(IData<'a>),
    /// ASCONF-ACK: reports the outcome of an ASCONF.
    AsconfAck(AsconfAck<'a>),
    /// RE-CONFIG: resets or adds streams.
    ReConfig(ReConfig<'a>),
    /// PAD: octets that the receiver skips.
    Pad(Pad<'a>),
    /// FORWARD-TSN: tells the receiver not to wait for data that was given up.
    ForwardTsn(ForwardTsn<'a>),
    /// ASCONF: changes the addresses of an endpoint.
    Asconf(Asconf<'a>),
    /// I-FORWARD-TSN: a FORWARD-TSN for messages that may interleave.
    IForwardTsn(IForwardTsn<'a>),
    /// A chunk of unknown type, or one with a value that is cut or malformed. The octets are kept and are written
    /// unchanged under this type, unless they were cut. For a chunk that was read,
    /// [`Chunk::parse`](crate::Chunk::parse) of its element gives the reason.
    Raw {
        /// The type of the chunk.
        chunk_type: ChunkType,
        /// The value, or the part of it that is there.
        value: &'a [u8],
        /// The number of octets of the value that were missing when it was read. If it is not 0, the chunk is not
        /// written.
        missing: usize,
    },
}

impl<'a> Body<'a> {
    /// Decodes the value in `reader` by the type in the chunk's header.
    pub(crate) fn read(header: ChunkHeader, reader: Reader<'a>) -> Result<Self, ParseError> {
        use ChunkType as Type;
        Ok(match header.chunk_type {
            Type::DATA => Self::Data(Data::read(reader)?),
            Type::INIT => Self::Init(Init::read(reader)?),
            Type::INIT_ACK => Self::InitAck(Init::read(reader)?),
            Type::SACK => Self::Sack(Sack::read(reader)?),
            Type::HEARTBEAT => Self::Heartbeat(Heartbeat::read(reader)?),
            Type::HEARTBEAT_ACK => Self::HeartbeatAck(Heartbeat::read(reader)?),
            Type::ABORT => Self::Abort(Abort::read(reader)?),
            Type::SHUTDOWN => Self::Shutdown(Shutdown::read(reader)?),
            Type::SHUTDOWN_ACK => {
                expect_end("SHUTDOWN ACK", reader)?;
                Self::ShutdownAck
            }
            Type::ERROR => Self::Error(OperationError::read(reader)?),
            Type::COOKIE_ECHO => Self::CookieEcho(CookieEcho { cookie: reader.rest() }),
            Type::COOKIE_ACK => {
                expect_end("COOKIE ACK", reader)?;
                Self::CookieAck
            }
            Type::ECNE => Self::Ecne(CongestionPoint::read(reader)?),
            Type::CWR => Self::Cwr(CongestionPoint::read(reader)?),
            Type::SHUTDOWN_COMPLETE => {
                expect_end("SHUTDOWN COMPLETE", reader)?;
                Self::ShutdownComplete
            }
            Type::AUTH => Self::Auth(Auth::read(reader)?),
            Type::I_DATA => Self::IData(IData::read(reader, header.flags.contains(ChunkFlags::B))?),
            Type::ASCONF_ACK => Self::AsconfAck(AsconfAck::read(reader)?),
            Type::RE_CONFIG => Self::ReConfig(ReConfig::read(reader)?),
            Type::PAD => Self::Pad(Pad { padding_data: reader.rest() }),
            Type::FORWARD_TSN => Self::ForwardTsn(ForwardTsn::read(reader)?),
            Type::ASCONF => Self::Asconf(Asconf::read(reader)?),
            Type::I_FORWARD_TSN => Self::IForwardTsn(IForwardTsn::read(reader)?),
            chunk_type => Self::Raw { chunk_type, value: reader.rest(), missing: 0 },
        })
    }

    /// The parameters. `None` when chunks of this type have no parameters.
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

    /// The error causes. `None` when chunks of this type have no error causes.
    #[must_use]
    pub const fn causes(&self) -> Option<&ErrorCauses<'a>> {
        match self {
            Self::Abort(abort) => Some(&abort.causes),
            Self::Error(error) => Some(&error.causes),
            _ => None,
        }
    }

    /// The type of the chunk.
    // Inlined into a comparison this becomes a jump table with holes, and the holes are traps that nothing can reach.
    #[inline(never)]
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
}

/// Writes the chunk's value, without header and padding.
impl Emit for Body<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::Data(data) => data.wire_len(),
            Self::Init(init) | Self::InitAck(init) => init.wire_len(),
            Self::Sack(sack) => sack.wire_len(),
            Self::Heartbeat(heartbeat) | Self::HeartbeatAck(heartbeat) => heartbeat.wire_len(),
            Self::Abort(abort) => abort.wire_len(),
            Self::Shutdown(shutdown) => shutdown.wire_len(),
            Self::Error(error) => error.wire_len(),
            Self::ShutdownAck | Self::CookieAck | Self::ShutdownComplete => 0,
            Self::CookieEcho(echo) => echo.wire_len(),
            Self::Ecne(point) | Self::Cwr(point) => point.wire_len(),
            Self::Auth(auth) => auth.wire_len(),
            Self::IData(data) => data.wire_len(),
            Self::AsconfAck(ack) => ack.wire_len(),
            Self::ReConfig(re_config) => re_config.wire_len(),
            Self::Pad(pad) => pad.wire_len(),
            Self::ForwardTsn(forward) => forward.wire_len(),
            Self::Asconf(asconf) => asconf.wire_len(),
            Self::IForwardTsn(forward) => forward.wire_len(),
            Self::Raw { value, .. } => value.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Data(data) => data.emit_into(writer),
            Self::Init(init) | Self::InitAck(init) => init.emit_into(writer),
            Self::Sack(sack) => sack.emit_into(writer),
            Self::Heartbeat(heartbeat) | Self::HeartbeatAck(heartbeat) => heartbeat.emit_into(writer),
            Self::Abort(abort) => abort.emit_into(writer),
            Self::Shutdown(shutdown) => shutdown.emit_into(writer),
            Self::Error(error) => error.emit_into(writer),
            Self::ShutdownAck | Self::CookieAck | Self::ShutdownComplete => Ok(()),
            Self::CookieEcho(echo) => echo.emit_into(writer),
            Self::Ecne(point) | Self::Cwr(point) => point.emit_into(writer),
            Self::Auth(auth) => auth.emit_into(writer),
            Self::IData(data) => data.emit_into(writer),
            Self::AsconfAck(ack) => ack.emit_into(writer),
            Self::ReConfig(re_config) => re_config.emit_into(writer),
            Self::Pad(pad) => pad.emit_into(writer),
            Self::ForwardTsn(forward) => forward.emit_into(writer),
            Self::Asconf(asconf) => asconf.emit_into(writer),
            Self::IForwardTsn(forward) => forward.emit_into(writer),
            Self::Raw { chunk_type, value, missing } => {
                // default: a type without a name is called by the name that all chunks share
                put_whole(chunk_type.name().unwrap_or(ChunkFraming::ELEMENT), value, *missing, writer)
            }
        }
    }
}
