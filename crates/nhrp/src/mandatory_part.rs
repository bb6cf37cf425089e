//! The mandatory part of a packet: a request or reply with its entries, or an indication with the packet that caused
//! it.

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

/// The number of octets in front of the addresses, in both forms.
pub(crate) const HEADER_LEN: usize = 8;

const _: () = assert!(size_of::<CommonHeaderLayout>() == HEADER_LEN);
const _: () = assert!(size_of::<ErrorIndicationLayout>() == HEADER_LEN);

/// The mandatory part of a request or a reply: the common header and the entries (RFC 2332 section 5.2.0.1). The
/// struct is exhaustive, because the RFC fixes its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Exchange<'a> {
    /// The flags. The packet type decides what a bit means.
    pub flags: Flags,
    /// Request ID. A reply has the Request ID of its request.
    pub request_id: u32,
    /// The addresses of the station that asks and of the station that is asked.
    pub addresses: Addresses<'a>,
    /// The client information entries: those that were read, or a slice of those to be sent.
    pub cies: Cies<'a>,
}

/// An Error Indication (RFC 2332 section 5.2.7), or Cisco's Traffic Indication, which has the same form.
///
/// An Error Indication is never answered with another one. RFC 2332 section 5.2.7 forbids it, because two stations
/// that reject each other's packets would go on for ever. Two FRR daemons with different passwords do this. The struct
/// is exhaustive, because the RFC fixes its fields.
///
/// The packet in error is mostly cut short, so that a fault in it is to be expected: it tells where the copy ends, and
/// the parts in front of it can be used.
///
/// ```
/// use vpnwire_nhrp::{ErrorCode, FixedPart, MandatoryPart, Packet, PacketType};
/// # use vpnwire_nhrp::{Addresses, Cie, Emit, Exchange, Extension, ExtensionValue, Indication, NbmaAddress, ProtocolType};
/// # use vpnwire_nhrp::extension::ResponderAddress;
/// # let addresses = Addresses {
/// #     source_nbma_address: NbmaAddress::new(&[10, 0, 12, 2]),
/// #     source_protocol_address: &[192, 168, 0, 2],
/// #     destination_protocol_address: &[192, 168, 0, 1],
/// #     ..Addresses::default()
/// # };
/// # let cies = [Cie::default()];
/// # let extensions = [Extension::new(ExtensionValue::ResponderAddress(ResponderAddress::default()))];
/// # let exchange = Exchange { request_id: 5, addresses, cies: (&cies).into(), ..Exchange::default() };
/// # let rejected = Packet {
/// #     extensions: (&extensions).into(),
/// #     ..Packet::new(ProtocolType::IPV4, MandatoryPart::RegistrationRequest(exchange))
/// # };
/// # let (mut copy, mut buffer) = ([0; 128], [0; 128]);
/// # let packet_in_error = rejected.emit(&mut copy)?.get(..46).ok_or("46 octets")?;
/// # let error_code = ErrorCode::AUTHENTICATION_FAILURE;
/// # let indication = Indication { error_code, addresses, packet_in_error, ..Indication::default() };
/// # let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::ErrorIndication(indication));
/// # let octets = &*packet.emit(&mut buffer)?;
///
/// let packet = Packet::parse(octets)?;
/// let MandatoryPart::ErrorIndication(indication) = packet.mandatory_part else { panic!("an Error Indication") };
/// assert_eq!(indication.error_code, ErrorCode::AUTHENTICATION_FAILURE);
///
/// // The fixed part tells what was sent, and how long it was.
/// let (fixed_part, _) = FixedPart::parse_prefix(indication.packet_in_error)?;
/// assert_eq!(fixed_part.packet_type, PacketType::REGISTRATION_REQUEST);
/// assert_eq!((fixed_part.packet_size, indication.packet_in_error.len()), (60, 46));
///
/// // The copy ends inside the entry: the request in front of it is whole.
/// let read = Packet::parse_until_error(indication.packet_in_error)?;
/// assert_eq!(read.value.mandatory_part.exchange().map(|exchange| exchange.request_id), Some(5));
/// assert_eq!(
///     read.fault.ok_or("a fault")?.to_string(),
///     "client information entry at offset 40 of the NHRP packet needs 12 octets, but only 6 are there"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Indication<'a> {
    /// The unused field. A sender writes zero and a receiver ignores it; a received value is kept. FRR leaves the
    /// flags of the packet in error there.
    pub unused: u16,
    /// The error that was found; 0 in a Traffic Indication.
    pub error_code: ErrorCode,
    /// The offset of the error, counted from the first octet of the packet in error; 0 in a Traffic Indication.
    pub error_offset: u16,
    /// The addresses of the station that sends the indication and of the station that it goes to.
    pub addresses: Addresses<'a>,
    /// The packet in error (an NHRP packet, from its fixed part on), or the packet that caused the Traffic Indication
    /// (a packet of the protocol, from its IP header on). It is mostly cut short, so an NHRP packet is read with
    /// [`Packet::parse_until_error`](crate::Packet::parse_until_error), as the example of [`Indication`] shows.
    pub packet_in_error: &'a [u8],
}

/// The octets of a mandatory part that is not decoded. The packet type is not known here, or the part was cut inside
/// its header or its addresses. The struct is exhaustive, because these octets and their number are all that there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OtherPart<'a> {
    /// The packet type that the octets are written under. It must be a type that is not known here. A known type has a
    /// form of its own, and octets are not written under it.
    pub packet_type: PacketType,
    /// The type and the length of the source NBMA address, wherever that address stands.
    pub source_address: TypeLength,
    /// The type and the length of the source NBMA subaddress.
    pub source_subaddress: TypeLength,
    /// The octets of the mandatory part that are there.
    pub octets: &'a [u8],
    /// The number of octets that were missing, at least, when a part of a known type was read. A part that lacks
    /// octets is not written.
    pub missing: usize,
}

/// The mandatory part of a packet, by its packet type (RFC 2332 section 5.2). Further types may be added.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum MandatoryPart<'a> {
    /// Type 1: a station asks for the binding of a protocol address.
    ResolutionRequest(Exchange<'a>),
    /// Type 2: a server answers a Resolution Request.
    ResolutionReply(Exchange<'a>),
    /// Type 3: a station registers its binding.
    RegistrationRequest(Exchange<'a>),
    /// Type 4: a server answers a Registration Request.
    RegistrationReply(Exchange<'a>),
    /// Type 5: a station withdraws bindings.
    PurgeRequest(Exchange<'a>),
    /// Type 6: a station answers a Purge Request.
    PurgeReply(Exchange<'a>),
    /// Type 7: a station reports an error in a packet. It is never answered: see [`Indication`].
    ErrorIndication(Indication<'a>),
    /// Type 8, Cisco's own: a hub tells a spoke that a shorter path may exist.
    TrafficIndication(Indication<'a>),
    /// Any other type. In a broken packet it can be one of the types above, with a part that could not be decoded.
    Other(OtherPart<'a>),
}

impl<'a> Exchange<'a> {
    /// Reads the entries up to the first fault, and returns the fault beside them.
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
                reason: "this type has a form of its own, but the mandatory part is octets that are not decoded",
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
    /// Decodes the mandatory part that is all of `octets`, and returns the first fault beside it. The value then holds
    /// the entries in front of the fault, or the octets as they are when the fault stands before the entries.
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

    /// Makes the request or reply of one of the types 1 to 6.
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

    /// Returns the packet type.
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

    /// Returns the request or reply. `None` when the part is neither.
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

    /// Returns the indication. `None` when the part is not an indication.
    #[must_use]
    pub const fn indication(&self) -> Option<&Indication<'a>> {
        match self {
            Self::ErrorIndication(indication) | Self::TrafficIndication(indication) => Some(indication),
            _ => None,
        }
    }

    /// Returns whether the part is a request, which follows the routed path from source to destination.
    #[must_use]
    pub const fn is_request(&self) -> bool {
        matches!(self, Self::ResolutionRequest(_) | Self::RegistrationRequest(_) | Self::PurgeRequest(_))
    }

    /// Returns whether the part is a reply, which follows the routed path from destination to source.
    #[must_use]
    pub const fn is_reply(&self) -> bool {
        matches!(self, Self::ResolutionReply(_) | Self::RegistrationReply(_) | Self::PurgeReply(_))
    }

    /// Returns the addresses. `None` when the part is not decoded.
    #[must_use]
    pub const fn addresses(&self) -> Option<&Addresses<'a>> {
        match self.decoded() {
            Ok(addresses) => Some(addresses),
            Err(_) => None,
        }
    }

    /// Returns the type and the length of the source's NBMA address and of its subaddress. They stand in the fixed
    /// part.
    pub(crate) const fn source_type_lengths(&self) -> (TypeLength, TypeLength) {
        match self.decoded() {
            Ok(addresses) => {
                (addresses.source_nbma_address.type_length(), addresses.source_nbma_subaddress.type_length())
            }
            Err(other) => (other.source_address, other.source_subaddress),
        }
    }

    /// Returns the addresses, or the part that is not decoded.
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

/// Writes the part. The types and lengths of the source's NBMA addresses are not in it, because they stand in the
/// fixed part.
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

/// Makes the result for a part that has no fault and nothing behind it.
const fn whole<'a, T, E>(value: T) -> Parsed<'a, T, E> {
    Parsed { value, rest: &[], fault: None }
}
