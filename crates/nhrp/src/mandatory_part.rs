//! What a packet is about: a request or reply with its entries, or an indication with the packet it is about.

use core::mem::size_of;

use wire::{EmitError, LengthError, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::cie::{CieFraming, emit_all};
use crate::{Addresses, Cies, ErrorCode, FixedPart, Flags, NbmaAddress, PacketType, ParseError, TypeLength};

/// The common header of RFC 2332 section 5.2.0.1, before its addresses.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct CommonHeaderLayout {
    source_protocol_len: u8,
    destination_protocol_len: u8,
    flags: U16,
    request_id: U32,
}

/// The Error Indication of RFC 2332 section 5.2.7, before its addresses.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ErrorIndicationLayout {
    source_protocol_len: u8,
    destination_protocol_len: u8,
    unused: U16,
    error_code: U16,
    error_offset: U16,
}

/// Octets before the addresses, in both forms.
const HEADER_LEN: usize = 8;

const _: () = assert!(size_of::<CommonHeaderLayout>() == HEADER_LEN);
const _: () = assert!(size_of::<ErrorIndicationLayout>() == HEADER_LEN);

/// Requests and replies: the common header and its entries, RFC 2332 section 5.2.0.1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Exchange<'a> {
    /// Flags; which bit means what depends on the packet type.
    pub flags: Flags,
    /// Request ID: what a reply has from its request.
    pub request_id: u32,
    /// Who asks, and whom.
    pub addresses: Addresses<'a>,
    /// Client information entries.
    pub cies: Cies<'a>,
}

/// An Error Indication, RFC 2332 section 5.2.7, and Cisco's Traffic Indication, which has the same form.
///
/// An Error Indication is never answered with another: RFC 2332 section 5.2.7 says so, because two stations that reject
/// each other's packets would go on for ever. Two FRR daemons with different passwords do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Indication<'a> {
    /// To be sent as zero and ignored; kept. FRR leaves the flags of the packet in error there.
    pub unused: u16,
    /// What was wrong; 0 in a Traffic Indication.
    pub error_code: ErrorCode,
    /// Where in the packet in error; 0 in a Traffic Indication.
    pub error_offset: u16,
    /// Who indicates, and to whom.
    pub addresses: Addresses<'a>,
    /// Contents of the packet in error (NHRP, from its fixed part on), or of the packet that caused the Traffic
    /// Indication (a packet of the protocol, from its IP header on). Mostly cut short.
    pub packet_in_error: &'a [u8],
}

/// The mandatory part of a packet type that is not known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OtherPart<'a> {
    /// The type. One that is known here would be read back in its own form.
    pub packet_type: PacketType,
    /// Type and length of the source NBMA address, wherever that stands.
    pub source_address: TypeLength,
    /// Type and length of the source NBMA subaddress.
    pub source_subaddress: TypeLength,
    /// The mandatory part.
    pub octets: &'a [u8],
}

/// The mandatory part, by packet type: RFC 2332 section 5.2.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MandatoryPart<'a> {
    /// Type 1.
    ResolutionRequest(Exchange<'a>),
    /// Type 2.
    ResolutionReply(Exchange<'a>),
    /// Type 3.
    RegistrationRequest(Exchange<'a>),
    /// Type 4.
    RegistrationReply(Exchange<'a>),
    /// Type 5.
    PurgeRequest(Exchange<'a>),
    /// Type 6.
    PurgeReply(Exchange<'a>),
    /// Type 7. Never answered: see [`Indication`].
    ErrorIndication(Indication<'a>),
    /// Type 8, Cisco's.
    TrafficIndication(Indication<'a>),
    /// Any other type.
    Other(OtherPart<'a>),
}

impl<'a> Exchange<'a> {
    /// The entries up to a fault, and the fault.
    fn read(
        fixed_part: &FixedPart,
        reader: &mut Reader<'a>,
    ) -> Result<(Self, Option<LengthError>), LengthError> {
        let layout: CommonHeaderLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("common header")?);
        let addresses =
            read_addresses(fixed_part, layout.source_protocol_len, layout.destination_protocol_len, reader)?;
        let wire::Parsed { value: cies, fault, .. } =
            Cies::parse_until_error(reader.rest(), reader.offset(), CieFraming);
        let exchange =
            Self { flags: Flags(layout.flags.get()), request_id: layout.request_id.get(), addresses, cies };
        Ok((exchange, fault))
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = CommonHeaderLayout {
            source_protocol_len: source_protocol_len(&self.addresses)?,
            destination_protocol_len: destination_protocol_len(&self.addresses)?,
            flags: U16::new(self.flags.0),
            request_id: U32::new(self.request_id),
        };
        writer.put(layout.as_bytes())?;
        self.addresses.emit_into(writer)?;
        emit_all(&self.cies, writer)
    }
}

impl<'a> Indication<'a> {
    fn read(fixed_part: &FixedPart, reader: &mut Reader<'a>) -> Result<Self, LengthError> {
        let layout: ErrorIndicationLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("indication")?);
        let addresses =
            read_addresses(fixed_part, layout.source_protocol_len, layout.destination_protocol_len, reader)?;
        Ok(Self {
            unused: layout.unused.get(),
            error_code: ErrorCode(layout.error_code.get()),
            error_offset: layout.error_offset.get(),
            addresses,
            packet_in_error: reader.rest(),
        })
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let layout = ErrorIndicationLayout {
            source_protocol_len: source_protocol_len(&self.addresses)?,
            destination_protocol_len: destination_protocol_len(&self.addresses)?,
            unused: U16::new(self.unused),
            error_code: U16::new(self.error_code.0),
            error_offset: U16::new(self.error_offset),
        };
        writer.put(layout.as_bytes())?;
        self.addresses.emit_into(writer)?;
        writer.put(self.packet_in_error)
    }
}

fn source_protocol_len(addresses: &Addresses<'_>) -> Result<u8, EmitError> {
    EmitError::fit_u8("Src Proto Len", addresses.source_protocol_address.len())
}

fn destination_protocol_len(addresses: &Addresses<'_>) -> Result<u8, EmitError> {
    EmitError::fit_u8("Dst Proto Len", addresses.destination_protocol_address.len())
}

fn read_addresses<'a>(
    fixed_part: &FixedPart,
    source_protocol_len: u8,
    destination_protocol_len: u8,
    reader: &mut Reader<'a>,
) -> Result<Addresses<'a>, LengthError> {
    Ok(Addresses {
        source_nbma_address: NbmaAddress::read(reader, "source NBMA address", fixed_part.source_address)?,
        source_nbma_subaddress: NbmaAddress::read(
            reader,
            "source NBMA subaddress",
            fixed_part.source_subaddress,
        )?,
        source_protocol_address: reader.take("source protocol address", usize::from(source_protocol_len))?,
        destination_protocol_address: reader
            .take("destination protocol address", usize::from(destination_protocol_len))?,
    })
}

impl<'a> MandatoryPart<'a> {
    /// Decodes the mandatory part, its entries up to a fault, and returns the fault beside it.
    pub(crate) fn read(
        fixed_part: &FixedPart,
        reader: &mut Reader<'a>,
    ) -> Result<(Self, Option<ParseError>), ParseError> {
        let FixedPart { packet_type, source_address, source_subaddress, .. } = *fixed_part;
        let part = match packet_type {
            PacketType::ERROR_INDICATION => Self::ErrorIndication(Indication::read(fixed_part, reader)?),
            PacketType::TRAFFIC_INDICATION => Self::TrafficIndication(Indication::read(fixed_part, reader)?),
            PacketType(1..=6) => {
                let (exchange, fault) = Exchange::read(fixed_part, reader)?;
                return Ok((Self::of_exchange(packet_type, exchange), fault.map(ParseError::from)));
            }
            _ => {
                let octets = reader.rest();
                Self::Other(OtherPart { packet_type, source_address, source_subaddress, octets })
            }
        };
        Ok((part, None))
    }

    /// The request or reply of one of the types 1 to 6.
    fn of_exchange(packet_type: PacketType, exchange: Exchange<'a>) -> Self {
        match packet_type {
            PacketType::RESOLUTION_REQUEST => Self::ResolutionRequest(exchange),
            PacketType::RESOLUTION_REPLY => Self::ResolutionReply(exchange),
            PacketType::REGISTRATION_REQUEST => Self::RegistrationRequest(exchange),
            PacketType::REGISTRATION_REPLY => Self::RegistrationReply(exchange),
            PacketType::PURGE_REQUEST => Self::PurgeRequest(exchange),
            _ => Self::PurgeReply(exchange),
        }
    }

    /// The packet type.
    #[must_use]
    pub const fn packet_type(&self) -> PacketType {
        match self {
            Self::ResolutionRequest(_) => PacketType::RESOLUTION_REQUEST,
            Self::ResolutionReply(_) => PacketType::RESOLUTION_REPLY,
            Self::RegistrationRequest(_) => PacketType::REGISTRATION_REQUEST,
            Self::RegistrationReply(_) => PacketType::REGISTRATION_REPLY,
            Self::PurgeRequest(_) => PacketType::PURGE_REQUEST,
            Self::PurgeReply(_) => PacketType::PURGE_REPLY,
            Self::ErrorIndication(_) => PacketType::ERROR_INDICATION,
            Self::TrafficIndication(_) => PacketType::TRAFFIC_INDICATION,
            Self::Other(other) => other.packet_type,
        }
    }

    /// The request or reply, where it is one.
    #[must_use]
    pub const fn exchange(&self) -> Option<&Exchange<'a>> {
        match self {
            Self::ResolutionRequest(exchange)
            | Self::ResolutionReply(exchange)
            | Self::RegistrationRequest(exchange)
            | Self::RegistrationReply(exchange)
            | Self::PurgeRequest(exchange)
            | Self::PurgeReply(exchange) => Some(exchange),
            _ => None,
        }
    }

    /// The indication, where it is one.
    #[must_use]
    pub const fn indication(&self) -> Option<&Indication<'a>> {
        match self {
            Self::ErrorIndication(indication) | Self::TrafficIndication(indication) => Some(indication),
            _ => None,
        }
    }

    /// Whether it is a request: it follows the routed path from source to destination.
    #[must_use]
    pub const fn is_request(&self) -> bool {
        matches!(self, Self::ResolutionRequest(_) | Self::RegistrationRequest(_) | Self::PurgeRequest(_))
    }

    /// Whether it is a reply: it follows the routed path from destination to source.
    #[must_use]
    pub const fn is_reply(&self) -> bool {
        matches!(self, Self::ResolutionReply(_) | Self::RegistrationReply(_) | Self::PurgeReply(_))
    }

    /// The addresses, where the type is known.
    #[must_use]
    pub fn addresses(&self) -> Option<&Addresses<'a>> {
        let of_exchange = self.exchange().map(|exchange| &exchange.addresses);
        of_exchange.or(self.indication().map(|indication| &indication.addresses))
    }

    /// Octets of the mandatory part.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        if let Some(exchange) = self.exchange() {
            HEADER_LEN
                .saturating_add(exchange.addresses.wire_len())
                .saturating_add(exchange.cies.octets().len())
        } else if let Some(indication) = self.indication() {
            HEADER_LEN
                .saturating_add(indication.addresses.wire_len())
                .saturating_add(indication.packet_in_error.len())
        } else if let Self::Other(other) = self {
            other.octets.len()
        } else {
            0
        }
    }

    /// Type and length of the source's NBMA address and subaddress, which stand in the fixed part.
    pub(crate) fn source_type_lengths(&self) -> Result<(TypeLength, TypeLength), EmitError> {
        match (self, self.addresses()) {
            (Self::Other(other), _) => Ok((other.source_address, other.source_subaddress)),
            (_, Some(addresses)) => Ok((
                addresses.source_nbma_address.type_length()?,
                addresses.source_nbma_subaddress.type_length()?,
            )),
            (_, None) => Ok((TypeLength(0), TypeLength(0))),
        }
    }

    pub(crate) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if let Some(exchange) = self.exchange() {
            exchange.emit_into(writer)
        } else if let Some(indication) = self.indication() {
            indication.emit_into(writer)
        } else if let Self::Other(other) = self {
            writer.put(other.octets)
        } else {
            Ok(())
        }
    }
}
