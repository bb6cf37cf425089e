//! Parameters and their framing (RFC 9260 section 3.2.1).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Writer};

use crate::parameter::{
    AddStreamsRequest, AddressChange, CORRELATION_ID, HmacIdentifier, IncomingSsnResetRequest,
    OutgoingSsnResetRequest, ReconfigurationResponse, expect_end, fit_u32,
};
use crate::{ChunkType, ErrorCauses, Items, ParameterType, ParseError, common_header, error_cause, tlv};

/// The framing of parameters: a type, a length that includes the header, and padding between parameters to a multiple
/// of four octets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ParameterFraming {
    // When writing: the offset of the previous parameter.
    previous: Option<usize>,
}

/// The parameters of a chunk. They were read from octets, or they are the caller's own values.
///
/// [`Chunk::parse`](crate::Chunk::parse) makes the list. To frame octets of your own, call
/// `Parameters::parse(octets, base, ParameterFraming::default())`, where `base` is the offset of their first octet in
/// the packet. [`ErrorCause`](crate::ErrorCause) has an example.
pub type Parameters<'a> = List<'a, ParameterFraming, Parameter<'a>>;

/// One parameter that is framed but not decoded. It has its offset and its octets.
pub type ParameterElement<'a> = Element<'a, ParameterType>;

impl Framing for ParameterFraming {
    type Header = ParameterType;
    type Open = tlv::Open;
    const ELEMENT: &'static str = "parameter";
    const WITHIN: &'static str = common_header::WITHIN;

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<ParameterElement<'a>>, LengthError> {
        let element: Option<ParameterElement<'a>> = tlv::split(reader, Self::ELEMENT)?;
        // The error for a parameter that is cut names its type.
        Ok(element.map(|element| match element.header.name() {
            Some(name) if element.is_cut() => element.named(name),
            _ => element,
        }))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: ParameterType) -> Result<tlv::Open, EmitError> {
        tlv::open(writer, self.previous, header.0)
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: ParameterType,
        open: tlv::Open,
        _: usize,
    ) -> Result<(), EmitError> {
        self.previous = Some(tlv::close(writer, &open, "Parameter Length")?);
        Ok(())
    }

    fn len_with(&self, len: usize, _: ParameterType, value_len: usize) -> usize {
        tlv::len_with(len, value_len)
    }
}

/// A parameter with its value. [`Emit`] writes the value only, without type, length and padding.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Parameter<'a> {
    /// Octets that only their sender interprets. The HEARTBEAT ACK returns them (RFC 9260 section 3.3.5).
    HeartbeatInfo(&'a [u8]),
    /// An IPv4 address of the sender (RFC 9260 section 3.3.2.1.1).
    Ipv4Address(Ipv4Addr),
    /// An IPv6 address of the sender (RFC 9260 section 3.3.2.1.2).
    Ipv6Address(Ipv6Addr),
    /// The cookie that the COOKIE ECHO returns (RFC 9260 section 3.3.3.1.1).
    StateCookie(&'a [u8]),
    /// A whole parameter of the INIT that the sender of the INIT ACK does not know (RFC 9260 section 3.3.3.1.2).
    /// [`Parameters::parse`](crate::List::parse) frames it, as the example at [`ErrorCause`](crate::ErrorCause) shows.
    UnrecognizedParameter(&'a [u8]),
    /// The time by which the cookie's life should be extended (RFC 9260 section 3.3.2.1.3). It must be a whole number
    /// of milliseconds, or the parameter is not written.
    CookiePreservative(Duration),
    /// A host name with its terminating null octet, which is deprecated (RFC 9260 section 3.3.2.1.4).
    HostNameAddress(&'a [u8]),
    /// The types of address parameters that the sender supports (RFC 9260 section 3.3.2.1.5).
    SupportedAddressTypes(Items<'a, ParameterType>),
    /// A request to reset outgoing streams (RFC 6525 section 4.1).
    OutgoingSsnResetRequest(OutgoingSsnResetRequest<'a>),
    /// A request to reset incoming streams (RFC 6525 section 4.2).
    IncomingSsnResetRequest(IncomingSsnResetRequest<'a>),
    /// A request to reset all SSNs and TSNs. The value is its Re-configuration Request Sequence Number (RFC 6525
    /// section 4.3).
    SsnTsnResetRequest(u32),
    /// The answer to a request to reset or add streams (RFC 6525 section 4.4).
    ReconfigurationResponse(ReconfigurationResponse),
    /// A request to add outgoing streams (RFC 6525 section 4.5).
    AddOutgoingStreamsRequest(AddStreamsRequest),
    /// A request to add incoming streams (RFC 6525 section 4.6).
    AddIncomingStreamsRequest(AddStreamsRequest),
    /// The sender supports ECN. RFC 9260 section 3.3.2 only reserves the type.
    EcnCapable,
    /// The sender accepts a checksum of zero. The value identifies the error detection method that replaces the
    /// checksum (RFC 9653 section 4).
    ZeroChecksumAcceptable(u32),
    /// A random number for the key of chunk authentication (RFC 4895 section 3.1).
    Random(&'a [u8]),
    /// The types of the chunks that must be authenticated (RFC 4895 section 3.2).
    ChunkList(Items<'a, ChunkType>),
    /// The HMACs that the sender supports, the preferred one first (RFC 4895 section 3.3).
    RequestedHmacAlgorithm(Items<'a, HmacIdentifier>),
    /// Octets that the receiver skips (RFC 4820 section 4).
    Padding(&'a [u8]),
    /// The chunk types of the extensions that the sender supports (RFC 5061 section 4.2.7).
    SupportedExtensions(Items<'a, ChunkType>),
    /// The sender supports FORWARD-TSN (RFC 3758 section 3.1).
    ForwardTsnSupported,
    /// A request to add an address (RFC 5061 section 4.2.1).
    AddIpAddress(AddressChange),
    /// A request to delete an address (RFC 5061 section 4.2.2).
    DeleteIpAddress(AddressChange),
    /// The answer to a request that failed (RFC 5061 section 4.2.3).
    ErrorCauseIndication {
        /// The correlation ID of the request that failed.
        correlation_id: u32,
        /// The reasons for the failure.
        causes: ErrorCauses<'a>,
    },
    /// A request to make an address the primary one (RFC 5061 section 4.2.4).
    SetPrimaryAddress(AddressChange),
    /// The answer to a request that succeeded. The value is the correlation ID of the request (RFC 5061 section 4.2.5).
    SuccessIndication(u32),
    /// A code point of the upper layer (RFC 5061 section 4.2.6).
    AdaptationLayerIndication(u32),
    /// A parameter of unknown type, or one with a value that is cut or malformed. The octets are kept and are written
    /// unchanged under this type, unless they were cut. For a parameter that was read, [`Parameter::parse`] of its
    /// element gives the reason.
    Raw {
        /// The type of the parameter.
        parameter_type: ParameterType,
        /// The value, or the part of it that is there.
        value: &'a [u8],
        /// The number of octets of the value that were missing when it was read. If it is not 0, the parameter is not
        /// written.
        missing: usize,
    },
}

impl<'a> Parameter<'a> {
    /// Decodes a framed parameter. A parameter of unknown type becomes [`Parameter::Raw`].
    ///
    /// # Errors
    /// Returns [`ParseError`] when the value is cut, or does not have the layout of the parameter's type.
    pub fn parse(element: &ParameterElement<'a>) -> Result<Self, ParseError> {
        use ParameterType as Type;
        if let Some(fault) = element.fault() {
            return Err(fault.into());
        }
        let mut reader = element.reader();
        let value = element.value;
        let parameter = match element.header {
            Type::HEARTBEAT_INFO => return Ok(Self::HeartbeatInfo(value)),
            Type::IPV4_ADDRESS => Self::Ipv4Address(Ipv4Addr::from(*reader.array("IPv4 Address")?)),
            Type::IPV6_ADDRESS => Self::Ipv6Address(Ipv6Addr::from(*reader.array("IPv6 Address")?)),
            Type::STATE_COOKIE => return Ok(Self::StateCookie(value)),
            Type::UNRECOGNIZED_PARAMETER => return Ok(Self::UnrecognizedParameter(value)),
            Type::COOKIE_PRESERVATIVE => Self::CookiePreservative(Duration::from_millis(u64::from(
                reader.u32("Suggested Cookie Life-Span Increment")?,
            ))),
            Type::HOST_NAME_ADDRESS => return Ok(Self::HostNameAddress(value)),
            Type::SUPPORTED_ADDRESS_TYPES => return Ok(Self::SupportedAddressTypes(Items::read(reader)?)),
            Type::OUTGOING_SSN_RESET_REQUEST => {
                return Ok(Self::OutgoingSsnResetRequest(OutgoingSsnResetRequest::read(reader)?));
            }
            Type::INCOMING_SSN_RESET_REQUEST => {
                return Ok(Self::IncomingSsnResetRequest(IncomingSsnResetRequest::read(reader)?));
            }
            Type::SSN_TSN_RESET_REQUEST => {
                Self::SsnTsnResetRequest(reader.u32("Re-configuration Request Sequence Number")?)
            }
            Type::RECONFIGURATION_RESPONSE => {
                Self::ReconfigurationResponse(ReconfigurationResponse::read(&mut reader)?)
            }
            Type::ADD_OUTGOING_STREAMS_REQUEST => {
                Self::AddOutgoingStreamsRequest(AddStreamsRequest::read(&mut reader)?)
            }
            Type::ADD_INCOMING_STREAMS_REQUEST => {
                Self::AddIncomingStreamsRequest(AddStreamsRequest::read(&mut reader)?)
            }
            Type::ECN_CAPABLE => Self::EcnCapable,
            Type::ZERO_CHECKSUM_ACCEPTABLE => {
                Self::ZeroChecksumAcceptable(reader.u32("Error Detection Method Identifier")?)
            }
            Type::RANDOM => return Ok(Self::Random(value)),
            Type::CHUNK_LIST => return Ok(Self::ChunkList(Items::read(reader)?)),
            Type::REQUESTED_HMAC_ALGORITHM => return Ok(Self::RequestedHmacAlgorithm(Items::read(reader)?)),
            Type::PADDING => return Ok(Self::Padding(value)),
            Type::SUPPORTED_EXTENSIONS => return Ok(Self::SupportedExtensions(Items::read(reader)?)),
            Type::FORWARD_TSN_SUPPORTED => Self::ForwardTsnSupported,
            Type::ADD_IP_ADDRESS => Self::AddIpAddress(AddressChange::read(&mut reader)?),
            Type::DELETE_IP_ADDRESS => Self::DeleteIpAddress(AddressChange::read(&mut reader)?),
            Type::ERROR_CAUSE_INDICATION => {
                let correlation_id = reader.u32(CORRELATION_ID)?;
                let causes = error_cause::parse_causes(reader)?;
                return Ok(Self::ErrorCauseIndication { correlation_id, causes });
            }
            Type::SET_PRIMARY_ADDRESS => Self::SetPrimaryAddress(AddressChange::read(&mut reader)?),
            Type::SUCCESS_INDICATION => Self::SuccessIndication(reader.u32(CORRELATION_ID)?),
            Type::ADAPTATION_LAYER_INDICATION => {
                Self::AdaptationLayerIndication(reader.u32("Adaptation Code point")?)
            }
            parameter_type => return Ok(Self::Raw { parameter_type, value, missing: 0 }),
        };
        expect_end("parameter", reader)?;
        Ok(parameter)
    }

    /// The type of the parameter.
    #[must_use]
    pub const fn parameter_type(&self) -> ParameterType {
        use ParameterType as Type;
        match self {
            Self::HeartbeatInfo(_) => Type::HEARTBEAT_INFO,
            Self::Ipv4Address(_) => Type::IPV4_ADDRESS,
            Self::Ipv6Address(_) => Type::IPV6_ADDRESS,
            Self::StateCookie(_) => Type::STATE_COOKIE,
            Self::UnrecognizedParameter(_) => Type::UNRECOGNIZED_PARAMETER,
            Self::CookiePreservative(_) => Type::COOKIE_PRESERVATIVE,
            Self::HostNameAddress(_) => Type::HOST_NAME_ADDRESS,
            Self::SupportedAddressTypes(_) => Type::SUPPORTED_ADDRESS_TYPES,
            Self::OutgoingSsnResetRequest(_) => Type::OUTGOING_SSN_RESET_REQUEST,
            Self::IncomingSsnResetRequest(_) => Type::INCOMING_SSN_RESET_REQUEST,
            Self::SsnTsnResetRequest(_) => Type::SSN_TSN_RESET_REQUEST,
            Self::ReconfigurationResponse(_) => Type::RECONFIGURATION_RESPONSE,
            Self::AddOutgoingStreamsRequest(_) => Type::ADD_OUTGOING_STREAMS_REQUEST,
            Self::AddIncomingStreamsRequest(_) => Type::ADD_INCOMING_STREAMS_REQUEST,
            Self::EcnCapable => Type::ECN_CAPABLE,
            Self::ZeroChecksumAcceptable(_) => Type::ZERO_CHECKSUM_ACCEPTABLE,
            Self::Random(_) => Type::RANDOM,
            Self::ChunkList(_) => Type::CHUNK_LIST,
            Self::RequestedHmacAlgorithm(_) => Type::REQUESTED_HMAC_ALGORITHM,
            Self::Padding(_) => Type::PADDING,
            Self::SupportedExtensions(_) => Type::SUPPORTED_EXTENSIONS,
            Self::ForwardTsnSupported => Type::FORWARD_TSN_SUPPORTED,
            Self::AddIpAddress(_) => Type::ADD_IP_ADDRESS,
            Self::DeleteIpAddress(_) => Type::DELETE_IP_ADDRESS,
            Self::ErrorCauseIndication { .. } => Type::ERROR_CAUSE_INDICATION,
            Self::SetPrimaryAddress(_) => Type::SET_PRIMARY_ADDRESS,
            Self::SuccessIndication(_) => Type::SUCCESS_INDICATION,
            Self::AdaptationLayerIndication(_) => Type::ADAPTATION_LAYER_INDICATION,
            Self::Raw { parameter_type, .. } => *parameter_type,
        }
    }
}

impl Emit for Parameter<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::HeartbeatInfo(octets)
            | Self::StateCookie(octets)
            | Self::UnrecognizedParameter(octets)
            | Self::HostNameAddress(octets)
            | Self::Random(octets)
            | Self::Padding(octets)
            | Self::Raw { value: octets, .. } => octets.len(),
            Self::EcnCapable | Self::ForwardTsnSupported => 0,
            Self::Ipv4Address(_)
            | Self::CookiePreservative(_)
            | Self::SsnTsnResetRequest(_)
            | Self::ZeroChecksumAcceptable(_)
            | Self::SuccessIndication(_)
            | Self::AdaptationLayerIndication(_) => 4,
            Self::Ipv6Address(_) => 16,
            Self::SupportedAddressTypes(types) => types.wire_len(),
            Self::OutgoingSsnResetRequest(request) => request.wire_len(),
            Self::IncomingSsnResetRequest(request) => request.wire_len(),
            Self::ReconfigurationResponse(response) => response.wire_len(),
            Self::AddOutgoingStreamsRequest(request) | Self::AddIncomingStreamsRequest(request) => {
                request.wire_len()
            }
            Self::ChunkList(types) | Self::SupportedExtensions(types) => types.wire_len(),
            Self::RequestedHmacAlgorithm(identifiers) => identifiers.wire_len(),
            Self::AddIpAddress(change) | Self::DeleteIpAddress(change) | Self::SetPrimaryAddress(change) => {
                change.wire_len()
            }
            Self::ErrorCauseIndication { causes, .. } => tlv::run_len(causes).saturating_add(4),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::HeartbeatInfo(octets)
            | Self::StateCookie(octets)
            | Self::UnrecognizedParameter(octets)
            | Self::HostNameAddress(octets)
            | Self::Random(octets)
            | Self::Padding(octets) => writer.put(octets),
            Self::Raw { parameter_type, value, missing } => {
                // default: a type without a name is called by the name that all parameters share
                let element = parameter_type.name().unwrap_or(ParameterFraming::ELEMENT);
                tlv::put_whole(element, value, *missing, writer)
            }
            Self::EcnCapable | Self::ForwardTsnSupported => Ok(()),
            Self::Ipv4Address(address) => writer.put(&address.octets()),
            Self::Ipv6Address(address) => writer.put(&address.octets()),
            Self::CookiePreservative(increment) => {
                let field = "Suggested Cookie Life-Span Increment";
                let millis = fit_u32(field, increment.as_millis())?;
                if !increment.subsec_nanos().is_multiple_of(1_000_000) {
                    return Err(EmitError::Inexact { field, unit: "milliseconds" });
                }
                writer.u32(millis)
            }
            Self::SsnTsnResetRequest(number)
            | Self::ZeroChecksumAcceptable(number)
            | Self::SuccessIndication(number)
            | Self::AdaptationLayerIndication(number) => writer.u32(*number),
            Self::SupportedAddressTypes(types) => types.emit_into(writer),
            Self::OutgoingSsnResetRequest(request) => request.emit_into(writer),
            Self::IncomingSsnResetRequest(request) => request.emit_into(writer),
            Self::ReconfigurationResponse(response) => response.emit_into(writer),
            Self::AddOutgoingStreamsRequest(request) | Self::AddIncomingStreamsRequest(request) => {
                request.emit_into(writer)
            }
            Self::ChunkList(types) | Self::SupportedExtensions(types) => types.emit_into(writer),
            Self::RequestedHmacAlgorithm(identifiers) => identifiers.emit_into(writer),
            Self::AddIpAddress(change) | Self::DeleteIpAddress(change) | Self::SetPrimaryAddress(change) => {
                change.emit_into(writer)
            }
            Self::ErrorCauseIndication { correlation_id, causes } => {
                writer.u32(*correlation_id)?;
                tlv::emit_run(causes, writer)
            }
        }
    }
}

impl<'a> Member<'a, ParameterFraming> for Parameter<'a> {
    fn header(&self) -> ParameterType {
        self.parameter_type()
    }

    /// Decodes a framed parameter. A parameter that is cut or does not have the layout of its type becomes
    /// [`Parameter::Raw`].
    fn decode(element: &ParameterElement<'a>, _: &ParameterFraming) -> Self {
        match Self::parse(element) {
            Ok(parameter) => parameter,
            Err(_) => {
                Self::Raw { parameter_type: element.header, value: element.value, missing: element.missing }
            }
        }
    }
}

/// Makes an address parameter for `address`.
impl From<IpAddr> for Parameter<'_> {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::Ipv4Address(address),
            IpAddr::V6(address) => Self::Ipv6Address(address),
        }
    }
}

/// Reads all that `reader` has left as parameters.
pub(crate) fn parse_parameters(reader: Reader<'_>) -> Result<Parameters<'_>, ParseError> {
    Ok(Parameters::parse(reader.rest(), reader.offset(), ParameterFraming::default())?)
}
