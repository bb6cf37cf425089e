//! Error causes of ABORT, ERROR and ASCONF-ACK (RFC 9260 section 3.3.10).

use core::time::Duration;

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Writer};

use crate::parameter::{HmacIdentifier, expect_end, fit_u32};
use crate::{Items, ParameterType, ParseError, Tsn, common_header, tlv};

wire::registry! {
    /// Cause codes (RFC 9260 section 3.3.10).
    pub struct CauseCode(u16) {
        /// Invalid Stream Identifier (RFC 9260 section 3.3.10.1).
        INVALID_STREAM_IDENTIFIER = 1 => "Invalid Stream Identifier",
        /// Missing Mandatory Parameter (RFC 9260 section 3.3.10.2).
        MISSING_MANDATORY_PARAMETER = 2 => "Missing Mandatory Parameter",
        /// Stale Cookie (RFC 9260 section 3.3.10.3).
        STALE_COOKIE = 3 => "Stale Cookie",
        /// Out of Resource (RFC 9260 section 3.3.10.4).
        OUT_OF_RESOURCE = 4 => "Out of Resource",
        /// Unresolvable Address (RFC 9260 section 3.3.10.5).
        UNRESOLVABLE_ADDRESS = 5 => "Unresolvable Address",
        /// Unrecognized Chunk Type (RFC 9260 section 3.3.10.6).
        UNRECOGNIZED_CHUNK_TYPE = 6 => "Unrecognized Chunk Type",
        /// Invalid Mandatory Parameter (RFC 9260 section 3.3.10.7).
        INVALID_MANDATORY_PARAMETER = 7 => "Invalid Mandatory Parameter",
        /// Unrecognized Parameters (RFC 9260 section 3.3.10.8).
        UNRECOGNIZED_PARAMETERS = 8 => "Unrecognized Parameters",
        /// No User Data (RFC 9260 section 3.3.10.9).
        NO_USER_DATA = 9 => "No User Data",
        /// Cookie Received While Shutting Down (RFC 9260 section 3.3.10.10).
        COOKIE_RECEIVED_WHILE_SHUTTING_DOWN = 10 => "Cookie Received While Shutting Down",
        /// Restart of an Association with New Addresses (RFC 9260 section 3.3.10.11).
        RESTART_WITH_NEW_ADDRESSES = 11 => "Restart of an Association with New Addresses",
        /// User-Initiated Abort (RFC 9260 section 3.3.10.12).
        USER_INITIATED_ABORT = 12 => "User-Initiated Abort",
        /// Protocol Violation (RFC 9260 section 3.3.10.13).
        PROTOCOL_VIOLATION = 13 => "Protocol Violation",
        /// Request to Delete Last Remaining IP Address (RFC 5061 section 4.3.1).
        DELETE_LAST_ADDRESS = 0x00a0 => "Request to Delete Last Remaining IP Address",
        /// Operation Refused Due to Resource Shortage (RFC 5061 section 4.3.2).
        RESOURCE_SHORTAGE = 0x00a1 => "Operation Refused Due to Resource Shortage",
        /// Request to Delete Source IP Address (RFC 5061 section 4.3.3).
        DELETE_SOURCE_ADDRESS = 0x00a2 => "Request to Delete Source IP Address",
        /// Association Aborted Due to Illegal ASCONF-ACK (RFC 5061 section 4.3.4).
        ILLEGAL_ASCONF_ACK = 0x00a3 => "Association Aborted Due to Illegal ASCONF-ACK",
        /// Request Refused - No Authorization (RFC 5061 section 4.3.5).
        NO_AUTHORIZATION = 0x00a4 => "Request Refused - No Authorization",
        /// Unsupported HMAC Identifier (RFC 4895 section 4.1).
        UNSUPPORTED_HMAC_IDENTIFIER = 0x0105 => "Unsupported HMAC Identifier",
    }
}

/// The framing of error causes, which is that of parameters (RFC 9260 section 3.3.10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ErrorCauseFraming {
    // When writing: the offset of the previous cause.
    previous: Option<usize>,
}

/// The error causes of a chunk. They were read from octets, or they are the caller's own values.
///
/// [`Chunk::parse`](crate::Chunk::parse) makes the list. To frame octets of your own, call
/// `ErrorCauses::parse(octets, base, ErrorCauseFraming::default())`, where `base` is the offset of their first octet in
/// the packet.
pub type ErrorCauses<'a> = List<'a, ErrorCauseFraming, ErrorCause<'a>>;

/// One error cause that is framed but not decoded. It has its offset and its octets.
pub type ErrorCauseElement<'a> = Element<'a, CauseCode>;

impl Framing for ErrorCauseFraming {
    type Header = CauseCode;
    type Open = tlv::Open;
    const ELEMENT: &'static str = "error cause";
    const WITHIN: &'static str = common_header::WITHIN;

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<ErrorCauseElement<'a>>, LengthError> {
        let element: Option<ErrorCauseElement<'a>> = tlv::split(reader, Self::ELEMENT)?;
        // The error for a cause that is cut names its code.
        Ok(element.map(|element| match element.header.name() {
            Some(name) if element.is_cut() => element.named(name),
            _ => element,
        }))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: CauseCode) -> Result<tlv::Open, EmitError> {
        tlv::open(writer, self.previous, header.0)
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: CauseCode,
        open: tlv::Open,
        _: usize,
    ) -> Result<(), EmitError> {
        self.previous = Some(tlv::close(writer, &open, "Cause Length")?);
        Ok(())
    }

    fn len_with(&self, len: usize, _: CauseCode, value_len: usize) -> usize {
        tlv::len_with(len, value_len)
    }
}

/// An error cause with its information. [`Emit`] writes the information only, without code, length and padding.
///
/// Some causes hold a copy of what their sender objects to: a chunk, parameters or address parameters. The copy is kept
/// as octets. Frame the copy of a chunk with [`Chunks::parse`](crate::List::parse), and copies of parameters with
/// [`Parameters::parse`](crate::List::parse). Both take the offset of the first octet of the copy, which is the
/// `value_offset` of the cause's element. Offsets of the copy's elements, and offsets in errors, then count from the
/// start of the packet that carries the cause. They say nothing of the packet from which the copy was made.
///
/// ```
/// use vpnwire_sctp::chunk::Body;
/// use vpnwire_sctp::{ChunkFraming, ChunkType, Chunks, ErrorCause, Packet, ParameterFraming, Parameters};
///
/// let octets = [
///     0x13, 0x88, 0x13, 0x89, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, // common header
///     9, 0, 0, 28, // ERROR
///     0, 6, 0, 12, // Unrecognized Chunk Type, and a copy of the chunk:
///     0xc9, 0, 0, 8, 1, 2, 3, 4,
///     0, 8, 0, 12, // Unrecognized Parameters, and a copy of one parameter:
///     0xc0, 0xaa, 0, 8, 5, 6, 7, 8,
/// ];
/// let packet = Packet::parse_unverified(&octets)?;
/// let Body::Error(error) = packet.chunks.iter().next().unwrap().body else { panic!("it is an ERROR") };
/// for element in error.causes.elements() {
///     match ErrorCause::parse(&element)? {
///         ErrorCause::UnrecognizedChunkType(copy) => {
///             let chunks = Chunks::parse(copy, element.value_offset, ChunkFraming)?;
///             let chunk = chunks.elements().next().unwrap();
///             assert_eq!((chunk.header.chunk_type, chunk.offset), (ChunkType(0xc9), 20));
///         }
///         ErrorCause::UnrecognizedParameters(copy) => {
///             let parameters = Parameters::parse(copy, element.value_offset, ParameterFraming::default())?;
///             let parameter = parameters.elements().next().unwrap();
///             assert_eq!((parameter.header.0, parameter.offset), (0xc0aa, 32));
///         }
///         other => println!("{}", other.cause_code()),
///     }
/// }
/// # Ok::<(), vpnwire_sctp::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ErrorCause<'a> {
    /// A DATA chunk names a stream that does not exist (RFC 9260 section 3.3.10.1).
    InvalidStreamIdentifier {
        /// The number of the stream.
        stream_identifier: u16,
        /// A reserved field, sent as 0 and ignored on receipt.
        reserved: u16,
    },
    /// The INIT or INIT ACK lacks these mandatory parameters (RFC 9260 section 3.3.10.2).
    MissingMandatoryParameter(Items<'a, ParameterType>),
    /// The State Cookie expired this long ago; zero when the sender does not tell (RFC 9260 section 3.3.10.3). The
    /// duration must be a whole number of microseconds, or the cause is not written.
    StaleCookie(Duration),
    /// The sender lacks resources (RFC 9260 section 3.3.10.4).
    OutOfResource,
    /// The sender cannot resolve this address parameter (RFC 9260 section 3.3.10.5).
    UnresolvableAddress(&'a [u8]),
    /// The sender does not know the type of this chunk (RFC 9260 section 3.3.10.6).
    UnrecognizedChunkType(&'a [u8]),
    /// A mandatory parameter has an invalid value (RFC 9260 section 3.3.10.7).
    InvalidMandatoryParameter,
    /// The sender does not know the types of these parameters (RFC 9260 section 3.3.10.8).
    UnrecognizedParameters(&'a [u8]),
    /// The DATA chunk with this TSN had no user data (RFC 9260 section 3.3.10.9).
    NoUserData(Tsn),
    /// A COOKIE ECHO arrived while the association was shutting down (RFC 9260 section 3.3.10.10).
    CookieReceivedWhileShuttingDown,
    /// An INIT for an existing association added these address parameters (RFC 9260 section 3.3.10.11).
    RestartWithNewAddresses(&'a [u8]),
    /// The upper layer aborted the association. The octets are its Upper Layer Abort Reason (RFC 9260 section
    /// 3.3.10.12).
    UserInitiatedAbort(&'a [u8]),
    /// The peer violated the protocol. The octets are Additional Information (RFC 9260 section 3.3.10.13).
    ProtocolViolation(&'a [u8]),
    /// This parameter of the ASCONF asks to delete the last remaining address (RFC 5061 section 4.3.1).
    DeleteLastAddress(&'a [u8]),
    /// This parameter of the ASCONF was refused for lack of resources (RFC 5061 section 4.3.2).
    ResourceShortage(&'a [u8]),
    /// This parameter of the ASCONF asks to delete the source address of its packet (RFC 5061 section 4.3.3).
    DeleteSourceAddress(&'a [u8]),
    /// An ASCONF-ACK was illegal (RFC 5061 section 4.3.4).
    IllegalAsconfAck,
    /// This parameter of the ASCONF was refused for lack of authorization (RFC 5061 section 4.3.5).
    NoAuthorization(&'a [u8]),
    /// An AUTH chunk has an HMAC that the sender does not support (RFC 4895 section 4.1).
    UnsupportedHmacIdentifier(HmacIdentifier),
    /// A cause of unknown code, or one with information that is cut or malformed. The octets are kept and are written
    /// unchanged under this code, unless they were cut. For a cause that was read, [`ErrorCause::parse`] of its element
    /// gives the reason.
    Raw {
        /// The code of the cause.
        cause_code: CauseCode,
        /// Cause-Specific Information, or the part of it that is there.
        value: &'a [u8],
        /// The number of octets of the information that were missing when it was read. If it is not 0, the cause is not
        /// written.
        missing: usize,
    },
}

/// The forms that the information of a cause has.
enum Information<'a> {
    /// Octets that are written unchanged. They are empty for causes without information.
    Octets(&'a [u8]),
    /// Octets that were not decoded, and how many of them are missing.
    Raw {
        element: &'static str,
        value: &'a [u8],
        missing: usize,
    },
    Word(u16),
    Words([u16; 2]),
    Tsn(Tsn),
    Staleness(Duration),
    /// Parameter types after their count.
    Counted(Items<'a, ParameterType>),
}

impl<'a> ErrorCause<'a> {
    /// Decodes a framed cause. A cause of unknown code becomes [`ErrorCause::Raw`].
    ///
    /// # Errors
    /// Returns [`ParseError`] when the information is cut, or does not have the layout of the cause's code.
    pub fn parse(element: &ErrorCauseElement<'a>) -> Result<Self, ParseError> {
        Self::parse_counted(element).map(|(cause, _)| cause)
    }

    /// Also returns the count in a Missing Mandatory Parameter cause, which is otherwise derived from the list.
    pub(crate) fn parse_counted(element: &ErrorCauseElement<'a>) -> Result<(Self, Option<u32>), ParseError> {
        use CauseCode as Code;
        if let Some(fault) = element.fault() {
            return Err(fault.into());
        }
        let mut reader = element.reader();
        let value = element.value;
        let mut count = None;
        let cause = match element.header {
            Code::INVALID_STREAM_IDENTIFIER => Self::InvalidStreamIdentifier {
                stream_identifier: reader.u16("Stream Identifier")?,
                reserved: reader.u16("Reserved")?,
            },
            Code::MISSING_MANDATORY_PARAMETER => {
                count = Some(reader.u32("Number of missing params")?);
                return Ok((Self::MissingMandatoryParameter(Items::read(reader)?), count));
            }
            Code::STALE_COOKIE => {
                Self::StaleCookie(Duration::from_micros(u64::from(reader.u32("Measure of Staleness")?)))
            }
            Code::OUT_OF_RESOURCE => Self::OutOfResource,
            Code::UNRESOLVABLE_ADDRESS => return Ok((Self::UnresolvableAddress(value), None)),
            Code::UNRECOGNIZED_CHUNK_TYPE => return Ok((Self::UnrecognizedChunkType(value), None)),
            Code::INVALID_MANDATORY_PARAMETER => Self::InvalidMandatoryParameter,
            Code::UNRECOGNIZED_PARAMETERS => return Ok((Self::UnrecognizedParameters(value), None)),
            Code::NO_USER_DATA => Self::NoUserData(Tsn(reader.u32("TSN")?)),
            Code::COOKIE_RECEIVED_WHILE_SHUTTING_DOWN => Self::CookieReceivedWhileShuttingDown,
            Code::RESTART_WITH_NEW_ADDRESSES => return Ok((Self::RestartWithNewAddresses(value), None)),
            Code::USER_INITIATED_ABORT => return Ok((Self::UserInitiatedAbort(value), None)),
            Code::PROTOCOL_VIOLATION => return Ok((Self::ProtocolViolation(value), None)),
            Code::DELETE_LAST_ADDRESS => return Ok((Self::DeleteLastAddress(value), None)),
            Code::RESOURCE_SHORTAGE => return Ok((Self::ResourceShortage(value), None)),
            Code::DELETE_SOURCE_ADDRESS => return Ok((Self::DeleteSourceAddress(value), None)),
            Code::ILLEGAL_ASCONF_ACK => Self::IllegalAsconfAck,
            Code::NO_AUTHORIZATION => return Ok((Self::NoAuthorization(value), None)),
            Code::UNSUPPORTED_HMAC_IDENTIFIER => {
                Self::UnsupportedHmacIdentifier(HmacIdentifier(reader.u16("HMAC Identifier")?))
            }
            cause_code => return Ok((Self::Raw { cause_code, value, missing: 0 }, None)),
        };
        expect_end("error cause", reader)?;
        Ok((cause, count))
    }

    /// The code of the cause.
    #[must_use]
    pub const fn cause_code(&self) -> CauseCode {
        use CauseCode as Code;
        match self {
            Self::InvalidStreamIdentifier { .. } => Code::INVALID_STREAM_IDENTIFIER,
            Self::MissingMandatoryParameter(_) => Code::MISSING_MANDATORY_PARAMETER,
            Self::StaleCookie(_) => Code::STALE_COOKIE,
            Self::OutOfResource => Code::OUT_OF_RESOURCE,
            Self::UnresolvableAddress(_) => Code::UNRESOLVABLE_ADDRESS,
            Self::UnrecognizedChunkType(_) => Code::UNRECOGNIZED_CHUNK_TYPE,
            Self::InvalidMandatoryParameter => Code::INVALID_MANDATORY_PARAMETER,
            Self::UnrecognizedParameters(_) => Code::UNRECOGNIZED_PARAMETERS,
            Self::NoUserData(_) => Code::NO_USER_DATA,
            Self::CookieReceivedWhileShuttingDown => Code::COOKIE_RECEIVED_WHILE_SHUTTING_DOWN,
            Self::RestartWithNewAddresses(_) => Code::RESTART_WITH_NEW_ADDRESSES,
            Self::UserInitiatedAbort(_) => Code::USER_INITIATED_ABORT,
            Self::ProtocolViolation(_) => Code::PROTOCOL_VIOLATION,
            Self::DeleteLastAddress(_) => Code::DELETE_LAST_ADDRESS,
            Self::ResourceShortage(_) => Code::RESOURCE_SHORTAGE,
            Self::DeleteSourceAddress(_) => Code::DELETE_SOURCE_ADDRESS,
            Self::IllegalAsconfAck => Code::ILLEGAL_ASCONF_ACK,
            Self::NoAuthorization(_) => Code::NO_AUTHORIZATION,
            Self::UnsupportedHmacIdentifier(_) => Code::UNSUPPORTED_HMAC_IDENTIFIER,
            Self::Raw { cause_code, .. } => *cause_code,
        }
    }

    /// The information that follows the code and the length.
    fn information(&self) -> Information<'a> {
        match self {
            Self::UnresolvableAddress(octets)
            | Self::UnrecognizedChunkType(octets)
            | Self::UnrecognizedParameters(octets)
            | Self::RestartWithNewAddresses(octets)
            | Self::UserInitiatedAbort(octets)
            | Self::ProtocolViolation(octets)
            | Self::DeleteLastAddress(octets)
            | Self::ResourceShortage(octets)
            | Self::DeleteSourceAddress(octets)
            | Self::NoAuthorization(octets) => Information::Octets(octets),
            Self::Raw { cause_code, value, missing } => Information::Raw {
                // default: a code without a name is called by the name that all causes share
                element: cause_code.name().unwrap_or(ErrorCauseFraming::ELEMENT),
                value,
                missing: *missing,
            },
            Self::OutOfResource
            | Self::InvalidMandatoryParameter
            | Self::CookieReceivedWhileShuttingDown
            | Self::IllegalAsconfAck => Information::Octets(&[]),
            Self::InvalidStreamIdentifier { stream_identifier, reserved } => {
                Information::Words([*stream_identifier, *reserved])
            }
            Self::UnsupportedHmacIdentifier(identifier) => Information::Word(identifier.0),
            Self::NoUserData(tsn) => Information::Tsn(*tsn),
            Self::StaleCookie(staleness) => Information::Staleness(*staleness),
            Self::MissingMandatoryParameter(types) => Information::Counted(*types),
        }
    }
}

impl Emit for ErrorCause<'_> {
    fn wire_len(&self) -> usize {
        match self.information() {
            Information::Octets(octets) | Information::Raw { value: octets, .. } => octets.len(),
            Information::Word(_) => 2,
            Information::Words(_) | Information::Tsn(_) | Information::Staleness(_) => 4,
            Information::Counted(types) => types.wire_len().saturating_add(4),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self.information() {
            Information::Octets(octets) => writer.put(octets),
            Information::Raw { element, value, missing } => tlv::put_whole(element, value, missing, writer),
            Information::Word(word) => writer.u16(word),
            Information::Words(words) => words.into_iter().try_for_each(|word| writer.u16(word)),
            Information::Tsn(tsn) => writer.u32(tsn.0),
            Information::Staleness(staleness) => {
                let field = "Measure of Staleness";
                let micros = fit_u32(field, staleness.as_micros())?;
                if !staleness.subsec_nanos().is_multiple_of(1_000) {
                    return Err(EmitError::Inexact { field, unit: "microseconds" });
                }
                writer.u32(micros)
            }
            Information::Counted(types) => {
                writer.u32(EmitError::fit_u32("Number of missing params", types.count())?)?;
                types.emit_into(writer)
            }
        }
    }
}

impl<'a> Member<'a, ErrorCauseFraming> for ErrorCause<'a> {
    fn header(&self) -> CauseCode {
        self.cause_code()
    }

    /// Decodes a framed cause. A cause that is cut or does not have the layout of its code becomes [`ErrorCause::Raw`].
    fn decode(element: &ErrorCauseElement<'a>, _: &ErrorCauseFraming) -> Self {
        match Self::parse(element) {
            Ok(cause) => cause,
            Err(_) => {
                Self::Raw { cause_code: element.header, value: element.value, missing: element.missing }
            }
        }
    }
}

/// Reads all that `reader` has left as causes.
pub(crate) fn parse_causes(reader: Reader<'_>) -> Result<ErrorCauses<'_>, ParseError> {
    Ok(ErrorCauses::parse(reader.rest(), reader.offset(), ErrorCauseFraming::default())?)
}
