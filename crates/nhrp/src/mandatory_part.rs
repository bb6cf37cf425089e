//! What a packet is about: a request or reply with its entries, or an indication with the packet it is about.

use core::mem::size_of;

use wire::{Emit, EmitError, LengthError, Parsed, Reader, Writer};
use zerocopy::network_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::cie::{CieFraming, entries_len};
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
pub(crate) const HEADER_LEN: usize = 8;

const _: () = assert!(size_of::<CommonHeaderLayout>() == HEADER_LEN);
const _: () = assert!(size_of::<ErrorIndicationLayout>() == HEADER_LEN);

/// Requests and replies: the common header and its entries, RFC 2332 section 5.2.0.1. The RFC fixes the fields, so the
/// struct is exhaustive.
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
    /// Client information entries: those that were read, or a slice of those to be sent.
    pub cies: Cies<'a>,
}

/// An Error Indication, RFC 2332 section 5.2.7, and Cisco's Traffic Indication, which has the same form.
///
/// An Error Indication is never answered with another: RFC 2332 section 5.2.7 says so, because two stations that reject
/// each other's packets would go on for ever. Two FRR daemons with different passwords do. The RFC fixes the fields, so the
/// struct is exhaustive.
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

/// The octets of a mandatory part that is not decoded: the packet type is not known here, or the part is cut inside its
/// header or its addresses. The struct is exhaustive: these octets and their number are all that there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OtherPart<'a> {
    /// The type that the octets are written under: one that is not known here. A type that is known has a form of its own,
    /// and octets are not written under it.
    pub packet_type: PacketType,
    /// Type and length of the source NBMA address, wherever that stands.
    pub source_address: TypeLength,
    /// Type and length of the source NBMA subaddress.
    pub source_subaddress: TypeLength,
    /// The mandatory part, or the part of it that is there.
    pub octets: &'a [u8],
    /// Octets that were missing at least when a part of a known type was read. One that lacks some is not written.
    pub missing: usize,
}

/// The mandatory part, by packet type: RFC 2332 section 5.2. Further types may be added.
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
    /// Any other type; of a packet that is broken, also one of the types above whose part could not be decoded.
    Other(OtherPart<'a>),
}

impl<'a> Exchange<'a> {
    /// The entries up to a fault, and the fault.
    fn read(
        fixed_part: &FixedPart,
        reader: &mut Reader<'a>,
    ) -> Result<Parsed<'a, Self, LengthError>, LengthError> {
        let layout: CommonHeaderLayout = zerocopy::transmute!(*reader.array::<HEADER_LEN>("common header")?);
        let addresses =
            read_addresses(fixed_part, layout.source_protocol_len, layout.destination_protocol_len, reader)?;
        let (flags, request_id) = (Flags(layout.flags.get()), layout.request_id.get());
        Ok(Cies::parse_until_error(reader.rest(), reader.offset(), CieFraming).map(|cies| Self {
            flags,
            request_id,
            addresses,
            cies,
        }))
    }
}

impl Emit for Exchange<'_> {
    fn wire_len(&self) -> usize {
        HEADER_LEN.saturating_add(self.addresses.wire_len()).saturating_add(entries_len(&self.cies))
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
        self.cies.emit_into(writer)
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
}

impl Emit for Indication<'_> {
    fn wire_len(&self) -> usize {
        HEADER_LEN.saturating_add(self.addresses.wire_len()).saturating_add(self.packet_in_error.len())
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

impl Emit for OtherPart<'_> {
    fn wire_len(&self) -> usize {
        self.octets.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        if self.missing != 0 {
            return Err(EmitError::CutElement { element: "mandatory part", missing: self.missing });
        }
        if matches!(self.packet_type.0, 1..=8) {
            return Err(EmitError::Contradiction {
                field: "packet type",
                reason: "a mandatory part of this type is decoded when it is read, but this one is octets of another",
            });
        }
        writer.put(self.octets)
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
    /// Decodes the mandatory part that is all of `octets`, and returns the first fault beside it: its entries up to the
    /// fault, or the octets as they are where it is met before them.
    pub(crate) fn read(fixed_part: &FixedPart, octets: &'a [u8]) -> Parsed<'a, Self, ParseError> {
        let mut reader = Reader::at(FixedPart::WITHIN, octets, FixedPart::LEN);
        let read = match fixed_part.packet_type {
            PacketType::ERROR_INDICATION => {
                Indication::read(fixed_part, &mut reader).map(|it| whole(Self::ErrorIndication(it)))
            }
            PacketType::TRAFFIC_INDICATION => {
                Indication::read(fixed_part, &mut reader).map(|it| whole(Self::TrafficIndication(it)))
            }
            packet_type @ PacketType(1..=6) => Exchange::read(fixed_part, &mut reader)
                .map(|read| read.map(|exchange| Self::of_exchange(packet_type, exchange))),
            _ => Ok(whole(Self::other(fixed_part, octets, 0))),
        };
        match read {
            Ok(Parsed { value, rest, fault }) => Parsed { value, rest, fault: fault.map(ParseError::from) },
            Err(fault) => {
                let missing = match fault {
                    LengthError::Ends { needed, available, .. } => needed.saturating_sub(available),
                    LengthError::Declared { least, declared, .. } => least.saturating_sub(declared),
                };
                let value = Self::other(fixed_part, octets, missing);
                Parsed { value, rest: &[], fault: Some(fault.into()) }
            }
        }
    }

    const fn other(fixed_part: &FixedPart, octets: &'a [u8], missing: usize) -> Self {
        let FixedPart { packet_type, source_address, source_subaddress, .. } = *fixed_part;
        Self::Other(OtherPart { packet_type, source_address, source_subaddress, octets, missing })
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

    /// The addresses; nothing where the part is not decoded.
    #[must_use]
    pub const fn addresses(&self) -> Option<&Addresses<'a>> {
        match self.decoded() {
            Ok(addresses) => Some(addresses),
            Err(_) => None,
        }
    }

    /// Type and length of the source's NBMA address and subaddress, which stand in the fixed part.
    pub(crate) const fn source_type_lengths(&self) -> (TypeLength, TypeLength) {
        match self.decoded() {
            Ok(addresses) => {
                (addresses.source_nbma_address.type_length(), addresses.source_nbma_subaddress.type_length())
            }
            Err(other) => (other.source_address, other.source_subaddress),
        }
    }

    /// The addresses, or the part that is not decoded.
    const fn decoded(&self) -> Result<&Addresses<'a>, &OtherPart<'a>> {
        match self {
            Self::ResolutionRequest(exchange)
            | Self::ResolutionReply(exchange)
            | Self::RegistrationRequest(exchange)
            | Self::RegistrationReply(exchange)
            | Self::PurgeRequest(exchange)
            | Self::PurgeReply(exchange) => Ok(&exchange.addresses),
            Self::ErrorIndication(indication) | Self::TrafficIndication(indication) => {
                Ok(&indication.addresses)
            }
            Self::Other(other) => Err(other),
        }
    }
}

/// The part without the type and length of the source's NBMA addresses, which stand in the fixed part.
impl Emit for MandatoryPart<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::ResolutionRequest(exchange)
            | Self::ResolutionReply(exchange)
            | Self::RegistrationRequest(exchange)
            | Self::RegistrationReply(exchange)
            | Self::PurgeRequest(exchange)
            | Self::PurgeReply(exchange) => exchange.wire_len(),
            Self::ErrorIndication(indication) | Self::TrafficIndication(indication) => indication.wire_len(),
            Self::Other(other) => other.wire_len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::ResolutionRequest(exchange)
            | Self::ResolutionReply(exchange)
            | Self::RegistrationRequest(exchange)
            | Self::RegistrationReply(exchange)
            | Self::PurgeRequest(exchange)
            | Self::PurgeReply(exchange) => exchange.emit_into(writer),
            Self::ErrorIndication(indication) | Self::TrafficIndication(indication) => {
                indication.emit_into(writer)
            }
            Self::Other(other) => other.emit_into(writer),
        }
    }
}

/// A part in which there was no fault and behind which there is nothing.
const fn whole<'a, T, E>(value: T) -> Parsed<'a, T, E> {
    Parsed { value, rest: &[], fault: None }
}
