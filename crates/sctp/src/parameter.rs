//! Parameters of chunks, RFC 9260 section 3.2.1, and those that the extensions added.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::time::Duration;

use wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Writer};

use crate::error_cause::{self, ErrorCauses};
use crate::{ChunkType, Departure, List, ParseError, UnrecognizedAction, tlv};

mod address;
mod re_configuration;

pub use address::AddressChange;
pub(crate) use address::{address_len, emit_address, parse_address};
pub use re_configuration::{
    AddStreamsRequest, IncomingSsnResetRequest, NextTsns, OutgoingSsnResetRequest, ReconfigurationResponse,
    ReconfigurationResult,
};

wire::registry! {
    /// Chunk parameter type, RFC 9260 section 3.2.1.
    pub struct ParameterType(u16) {
        /// RFC 9260 section 3.3.5.
        HEARTBEAT_INFO = 1 => "Heartbeat Info",
        /// RFC 9260 section 3.3.2.1.1.
        IPV4_ADDRESS = 5 => "IPv4 Address",
        /// RFC 9260 section 3.3.2.1.2.
        IPV6_ADDRESS = 6 => "IPv6 Address",
        /// RFC 9260 section 3.3.3.1.1.
        STATE_COOKIE = 7 => "State Cookie",
        /// RFC 9260 section 3.3.3.1.2.
        UNRECOGNIZED_PARAMETER = 8 => "Unrecognized Parameter",
        /// RFC 9260 section 3.3.2.1.3.
        COOKIE_PRESERVATIVE = 9 => "Cookie Preservative",
        /// RFC 9260 section 3.3.2.1.4, deprecated.
        HOST_NAME_ADDRESS = 11 => "Host Name Address",
        /// RFC 9260 section 3.3.2.1.5.
        SUPPORTED_ADDRESS_TYPES = 12 => "Supported Address Types",
        /// RFC 6525 section 4.1.
        OUTGOING_SSN_RESET_REQUEST = 13 => "Outgoing SSN Reset Request",
        /// RFC 6525 section 4.2.
        INCOMING_SSN_RESET_REQUEST = 14 => "Incoming SSN Reset Request",
        /// RFC 6525 section 4.3.
        SSN_TSN_RESET_REQUEST = 15 => "SSN/TSN Reset Request",
        /// RFC 6525 section 4.4.
        RECONFIGURATION_RESPONSE = 16 => "Re-configuration Response",
        /// RFC 6525 section 4.5.
        ADD_OUTGOING_STREAMS_REQUEST = 17 => "Add Outgoing Streams Request",
        /// RFC 6525 section 4.6.
        ADD_INCOMING_STREAMS_REQUEST = 18 => "Add Incoming Streams Request",
        /// Reserved for ECN, RFC 9260 section 3.3.2.
        ECN_CAPABLE = 0x8000 => "ECN Capable",
        /// RFC 9653 section 4.
        ZERO_CHECKSUM_ACCEPTABLE = 0x8001 => "Zero Checksum Acceptable",
        /// RFC 4895 section 3.1.
        RANDOM = 0x8002 => "Random",
        /// RFC 4895 section 3.2.
        CHUNK_LIST = 0x8003 => "Chunk List",
        /// RFC 4895 section 3.3.
        REQUESTED_HMAC_ALGORITHM = 0x8004 => "Requested HMAC Algorithm",
        /// RFC 4820 section 4.
        PADDING = 0x8005 => "Padding",
        /// RFC 5061 section 4.2.7.
        SUPPORTED_EXTENSIONS = 0x8008 => "Supported Extensions",
        /// RFC 3758 section 3.1.
        FORWARD_TSN_SUPPORTED = 0xc000 => "Forward TSN Supported",
        /// RFC 5061 section 4.2.1.
        ADD_IP_ADDRESS = 0xc001 => "Add IP Address",
        /// RFC 5061 section 4.2.2.
        DELETE_IP_ADDRESS = 0xc002 => "Delete IP Address",
        /// RFC 5061 section 4.2.3.
        ERROR_CAUSE_INDICATION = 0xc003 => "Error Cause Indication",
        /// RFC 5061 section 4.2.4.
        SET_PRIMARY_ADDRESS = 0xc004 => "Set Primary Address",
        /// RFC 5061 section 4.2.5.
        SUCCESS_INDICATION = 0xc005 => "Success Indication",
        /// RFC 5061 section 4.2.6.
        ADAPTATION_LAYER_INDICATION = 0xc006 => "Adaptation Layer Indication",
    }
}

impl ParameterType {
    /// What a receiver that does not know the type does, RFC 9260 section 3.2.1.
    #[must_use]
    pub const fn unrecognized_action(self) -> UnrecognizedAction {
        let [high, _] = self.0.to_be_bytes();
        UnrecognizedAction::of(high)
    }
}

wire::registry! {
    /// HMAC identifier of chunk authentication, RFC 4895 section 3.3.
    pub struct HmacIdentifier(u16) {
        /// Every endpoint has it.
        SHA_1 = 1 => "SHA-1",
        /// SHA-256.
        SHA_256 = 3 => "SHA-256",
    }
}

/// How parameters are framed: type, length that counts the header, padding to four octets between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ParameterFraming {
    // Where the parameter before began, when writing.
    previous: Option<usize>,
}

/// A run of parameters.
pub type Parameters<'a> = Chain<'a, ParameterFraming>;

/// One parameter, framed and not decoded.
pub type ParameterElement<'a> = Element<'a, ParameterType>;

impl Framing for ParameterFraming {
    type Header = ParameterType;
    type Open = tlv::Open;
    const ELEMENT: &'static str = "parameter";
    const WITHIN: &'static str = "SCTP packet";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<ParameterElement<'a>>, LengthError> {
        tlv::split(reader, Self::ELEMENT)
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

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        tlv::len_with(len, value_len)
    }
}

/// A parameter and what it says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Parameter<'a> {
    /// The sender's own, echoed in the HEARTBEAT ACK. RFC 9260 section 3.3.5.
    HeartbeatInfo(&'a [u8]),
    /// An address of the sender. RFC 9260 section 3.3.2.1.1.
    Ipv4Address(Ipv4Addr),
    /// An address of the sender. RFC 9260 section 3.3.2.1.2.
    Ipv6Address(Ipv6Addr),
    /// The cookie to echo. RFC 9260 section 3.3.3.1.1.
    StateCookie(&'a [u8]),
    /// A whole parameter of the INIT that the sender did not know. RFC 9260 section 3.3.3.1.2.
    UnrecognizedParameter(&'a [u8]),
    /// How much longer the cookie should live; whole milliseconds. RFC 9260 section 3.3.2.1.3.
    CookiePreservative(Duration),
    /// A host name with its null octet; deprecated. RFC 9260 section 3.3.2.1.4.
    HostNameAddress(&'a [u8]),
    /// The types of address parameter that the sender takes. RFC 9260 section 3.3.2.1.5.
    SupportedAddressTypes(List<'a, ParameterType>),
    /// RFC 6525 section 4.1.
    OutgoingSsnResetRequest(OutgoingSsnResetRequest<'a>),
    /// RFC 6525 section 4.2.
    IncomingSsnResetRequest(IncomingSsnResetRequest<'a>),
    /// The Re-configuration Request Sequence Number. RFC 6525 section 4.3.
    SsnTsnResetRequest(u32),
    /// RFC 6525 section 4.4.
    ReconfigurationResponse(ReconfigurationResponse),
    /// RFC 6525 section 4.5.
    AddOutgoingStreamsRequest(AddStreamsRequest),
    /// RFC 6525 section 4.6.
    AddIncomingStreamsRequest(AddStreamsRequest),
    /// RFC 9260 section 3.3.2.
    EcnCapable,
    /// The identifier of the error detection method that replaces the checksum. RFC 9653 section 4.
    ZeroChecksumAcceptable(u32),
    /// A random number for the key of chunk authentication. RFC 4895 section 3.1.
    Random(&'a [u8]),
    /// The chunks that are to be authenticated. RFC 4895 section 3.2.
    ChunkList(List<'a, ChunkType>),
    /// HMACs the sender takes, the dearest first. RFC 4895 section 3.3.
    RequestedHmacAlgorithm(List<'a, HmacIdentifier>),
    /// Octets to be skipped. RFC 4820 section 4.
    Padding(&'a [u8]),
    /// The chunks of extensions that the sender supports. RFC 5061 section 4.2.7.
    SupportedExtensions(List<'a, ChunkType>),
    /// RFC 3758 section 3.1.
    ForwardTsnSupported,
    /// RFC 5061 section 4.2.1.
    AddIpAddress(AddressChange),
    /// RFC 5061 section 4.2.2.
    DeleteIpAddress(AddressChange),
    /// RFC 5061 section 4.2.3.
    ErrorCauseIndication {
        /// Of the request that failed.
        correlation_id: u32,
        /// Why it did.
        causes: ErrorCauses<'a>,
    },
    /// RFC 5061 section 4.2.4.
    SetPrimaryAddress(AddressChange),
    /// The correlation id of the request that was granted. RFC 5061 section 4.2.5.
    SuccessIndication(u32),
    /// A code point of the layer above. RFC 5061 section 4.2.6.
    AdaptationLayerIndication(u32),
    /// Another type, or a value that its type does not allow; kept as it came.
    Raw {
        /// Its type.
        parameter_type: ParameterType,
        /// Its value.
        value: &'a [u8],
    },
}

impl<'a> Parameter<'a> {
    /// What a framed parameter says. One of unknown type is [`Parameter::Raw`].
    ///
    /// # Errors
    /// When its value is none of its type.
    pub fn parse(element: &ParameterElement<'a>) -> Result<Self, ParseError> {
        use ParameterType as Type;
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
            Type::SUPPORTED_ADDRESS_TYPES => return Ok(Self::SupportedAddressTypes(List::parse(reader)?)),
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
            Type::CHUNK_LIST => return Ok(Self::ChunkList(List::parse(reader)?)),
            Type::REQUESTED_HMAC_ALGORITHM => return Ok(Self::RequestedHmacAlgorithm(List::parse(reader)?)),
            Type::PADDING => return Ok(Self::Padding(value)),
            Type::SUPPORTED_EXTENSIONS => return Ok(Self::SupportedExtensions(List::parse(reader)?)),
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
            _ => return Ok(Self::raw(element)),
        };
        expect_end("parameter", reader)?;
        Ok(parameter)
    }

    /// A framed parameter as it came, whatever its type.
    #[must_use]
    pub const fn raw(element: &ParameterElement<'a>) -> Self {
        Self::Raw { parameter_type: element.header, value: element.value }
    }

    /// Its type.
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

    /// Octets of the value, without type, length and padding.
    #[must_use]
    pub fn value_len(&self) -> usize {
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
            Self::OutgoingSsnResetRequest(request) => request.value_len(),
            Self::IncomingSsnResetRequest(request) => request.value_len(),
            Self::ReconfigurationResponse(response) => response.value_len(),
            Self::AddOutgoingStreamsRequest(_) | Self::AddIncomingStreamsRequest(_) => AddStreamsRequest::LEN,
            Self::ChunkList(types) | Self::SupportedExtensions(types) => types.wire_len(),
            Self::RequestedHmacAlgorithm(identifiers) => identifiers.wire_len(),
            Self::AddIpAddress(change) | Self::DeleteIpAddress(change) | Self::SetPrimaryAddress(change) => {
                change.value_len()
            }
            Self::ErrorCauseIndication { causes, .. } => error_cause::causes_len(causes).saturating_add(4),
        }
    }

    /// Writes the value, without type, length and padding.
    fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::HeartbeatInfo(octets)
            | Self::StateCookie(octets)
            | Self::UnrecognizedParameter(octets)
            | Self::HostNameAddress(octets)
            | Self::Random(octets)
            | Self::Padding(octets)
            | Self::Raw { value: octets, .. } => writer.put(octets),
            Self::EcnCapable | Self::ForwardTsnSupported => Ok(()),
            Self::Ipv4Address(address) => writer.put(&address.octets()),
            Self::Ipv6Address(address) => writer.put(&address.octets()),
            Self::CookiePreservative(increment) => {
                writer.u32(fit_u32("Suggested Cookie Life-Span Increment", increment.as_millis())?)
            }
            Self::SsnTsnResetRequest(number)
            | Self::ZeroChecksumAcceptable(number)
            | Self::SuccessIndication(number)
            | Self::AdaptationLayerIndication(number) => writer.u32(*number),
            Self::SupportedAddressTypes(types) => types.emit_into(writer),
            Self::OutgoingSsnResetRequest(request) => request.write(writer),
            Self::IncomingSsnResetRequest(request) => request.write(writer),
            Self::ReconfigurationResponse(response) => response.write(writer),
            Self::AddOutgoingStreamsRequest(request) | Self::AddIncomingStreamsRequest(request) => {
                request.write(writer)
            }
            Self::ChunkList(types) | Self::SupportedExtensions(types) => types.emit_into(writer),
            Self::RequestedHmacAlgorithm(identifiers) => identifiers.emit_into(writer),
            Self::AddIpAddress(change) | Self::DeleteIpAddress(change) | Self::SetPrimaryAddress(change) => {
                change.write(writer)
            }
            Self::ErrorCauseIndication { correlation_id, causes } => {
                writer.u32(*correlation_id)?;
                error_cause::emit_causes(causes, writer)
            }
        }
    }

    /// Appends the parameter to those already written.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a field.
    pub fn push_into(&self, chain: &mut ChainWriter<'_, '_, ParameterFraming>) -> Result<(), EmitError> {
        chain.push_with(self.parameter_type(), |writer| self.emit_value(writer))
    }

    /// Writes parameters into a buffer of the caller's and gives them back as the chain that a chunk holds.
    ///
    /// ```
    /// use vpnwire_sctp::{Parameter, ParameterType};
    ///
    /// let mut buffer = [0; 64];
    /// let parameters = Parameter::chain(
    ///     &[Parameter::ForwardTsnSupported, Parameter::SupportedAddressTypes((&[ParameterType::IPV4_ADDRESS]).into())],
    ///     &mut buffer,
    /// )?;
    /// assert_eq!(parameters.octets(), [0xc0, 0, 0, 4, 0, 12, 0, 6, 0, 5]);
    /// # Ok::<(), vpnwire_sctp::EmitError>(())
    /// ```
    ///
    /// # Errors
    /// When they do not fit the buffer, or a length its field.
    pub fn chain<'b>(
        parameters: &[Parameter<'_>],
        buffer: &'b mut [u8],
    ) -> Result<Parameters<'b>, EmitError> {
        let mut writer = Writer::new(buffer);
        let mut chain = ChainWriter::new(&mut writer, ParameterFraming::default());
        parameters.iter().try_for_each(|parameter| parameter.push_into(&mut chain))?;
        Ok(Parameters::parse_until_error(writer.into_written(), 0, ParameterFraming::default()).value)
    }
}

pub(crate) const CORRELATION_ID: &str = "ASCONF-Request Correlation ID";

/// A number of a wider type as the four octets of a field.
pub(crate) fn fit_u32(field: &'static str, value: u128) -> Result<u32, EmitError> {
    EmitError::fit_u32(field, usize::try_from(value).unwrap_or(usize::MAX))
}

/// A value of fixed length must have been read to its end.
pub(crate) const fn expect_end(element: &'static str, reader: Reader<'_>) -> Result<(), ParseError> {
    if reader.is_empty() {
        Ok(())
    } else {
        Err(ParseError::TrailingOctets { element, offset: reader.offset(), count: reader.len() })
    }
}

/// The parameters that `reader` has left.
pub(crate) fn parse_parameters(reader: Reader<'_>) -> Result<Parameters<'_>, ParseError> {
    Ok(Parameters::parse(reader.rest(), reader.offset(), ParameterFraming::default())?)
}

fn decoded<'a>(element: &ParameterElement<'a>) -> Parameter<'a> {
    Parameter::parse(element).unwrap_or(Parameter::raw(element))
}

/// Octets that [`emit_parameters`] writes.
pub(crate) fn parameters_len(parameters: &Parameters<'_>) -> usize {
    tlv::run_len(parameters, |element| decoded(element).value_len())
}

/// Writes parameters from what they say; those that say nothing, as they came.
pub(crate) fn emit_parameters(parameters: &Parameters<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    let mut chain = ChainWriter::new(writer, ParameterFraming::default());
    parameters.iter().try_for_each(|element| decoded(&element).push_into(&mut chain))?;
    let counted = tlv::counted_padding(parameters).map_or(0, |(_, count)| count);
    writer.fill(0, counted)
}

/// Reports what is not written back as it came.
pub(crate) fn report_parameters(parameters: &Parameters<'_>, report: &mut impl FnMut(Departure)) {
    for element in parameters {
        tlv::report_padding(&element, report);
        if let Ok(Parameter::ErrorCauseIndication { causes, .. }) = Parameter::parse(&element) {
            error_cause::report_causes(&causes, report);
        }
    }
}

/// An address parameter for `address`.
impl From<IpAddr> for Parameter<'_> {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::Ipv4Address(address),
            IpAddr::V6(address) => Self::Ipv6Address(address),
        }
    }
}
