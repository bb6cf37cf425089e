//! One HSRP message of either version, as a UDP datagram carries it.

use wire::{Emit, EmitError, Framing as _, Parsed, Reader, Writer};

use crate::{Departure, Hint, ParseError, TlvFraming, TlvType, Tlvs, v1};

wire::registry! {
    /// The purpose of a message, RFC 2281 section 5.1. Both versions use the same numbers.
    pub struct Opcode(u8) {
        /// The sender runs HSRP and can become the active or the standby router.
        HELLO = 0 => "Hello",
        /// The sender takes over as active router.
        COUP = 1 => "Coup",
        /// The sender no longer wants to be the active router.
        RESIGN = 2 => "Resign",
        /// The sender tells of the groups on its interface. This is Cisco's extension of version 1, with a layout
        /// of its own.
        ADVERTISE = 3 => "Advertise",
    }
}

/// An HSRP message, which is the whole payload of a UDP datagram.
///
/// [`Message::parse`] reads one and [`Emit::emit`] writes one.
///
/// Parsing happens in two steps: a message is divided into TLVs when it is parsed, and each TLV is decoded when
/// [`Tlvs`] is iterated. So one malformed TLV does not hide its neighbours. The enum is exhaustive on purpose,
/// because HSRP has no other versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Message<'a> {
    /// A version 1 message with the layout of RFC 2281: Hello, Coup, Resign, or an unknown opcode.
    V1 {
        /// The fixed part of 20 octets.
        packet: v1::Packet,
        /// The TLVs behind the fixed part: none, or an MD5 authentication.
        trailing: Tlvs<'a>,
    },
    /// A version 1 Advertise, opcode 3. This message is Cisco's, and no RFC describes it.
    V1Advertise {
        /// The fixed part of 16 octets.
        advertise: v1::Advertise,
        /// The TLVs behind the fixed part. No Advertise with a TLV has been seen.
        trailing: Tlvs<'a>,
    },
    /// A version 2 message: one TLV or more. The first one cannot be of type 0, because 0 is the version octet of
    /// version 1. When the type of the first TLV is unknown, a receiver needs a [`Hint`] to tell the version.
    V2(Tlvs<'a>),
}

impl<'a> Message<'a> {
    /// Parses a message and tells its version from its octets.
    ///
    /// A first octet 0 is the version octet of version 1. A first octet from 1 to 4 is the type of the first TLV
    /// of version 2. All TLVs must be whole.
    ///
    /// The values of the TLVs are not looked into. `Ok` means that every TLV ends where its length says: a group state
    /// TLV of 39 octets is not an error here. Iterating shows such a TLV as [`Tlv::Unknown`](crate::Tlv::Unknown),
    /// [`Tlv::parse`](crate::Tlv::parse) gives its error, and [`conformance`](Self::conformance) lists it.
    ///
    /// # Errors
    /// Returns [`ParseError::FirstOctet`] when the first octet does not tell the version, and
    /// [`ParseError::Length`] when the octets end inside the fixed part or inside a TLV.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_prefix(octets).map(|(message, _)| message)
    }

    /// Parses a message and returns the octets after it. These are always empty, because TLVs run to the end of
    /// the datagram.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Parses a message up to its first fault, and returns what was read together with that fault.
    ///
    /// It is meant for a program that shows broken packets. When the last TLV is cut, it is kept with the octets
    /// that are there.
    ///
    /// # Errors
    /// Returns [`ParseError::FirstOctet`] when the first octet does not tell the version, and
    /// [`ParseError::Length`] when the octets end inside the fixed part, because then there is no message to
    /// return.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        Self::read(octets, None, &mut |_| {})
    }

    /// Parses a message of the version that `hint` names.
    ///
    /// # Errors
    /// Returns [`ParseError::Version`] or [`ParseError::NotVersion2`] when the first octet contradicts the hint,
    /// and [`ParseError::Length`] when the octets end inside the fixed part or inside a TLV.
    pub fn parse_hinted(octets: &'a [u8], hint: Hint) -> Result<Self, ParseError> {
        Self::read(octets, Some(hint), &mut |_| {})?.strict().map(|(message, _)| message)
    }

    /// Parses like [`parse_until_error`](Self::parse_until_error), and calls `report` for each derived value that
    /// was wrong on the wire.
    ///
    /// `hint` names the version, and `None` leaves it to the octets. A derived value, such as the length of an
    /// Advertise, is not kept in the message: emitting the message writes the right value.
    /// [`conformance`](Self::conformance) lists the departures that the message itself shows.
    ///
    /// # Errors
    /// Returns [`ParseError::Version`] or [`ParseError::NotVersion2`] when the first octet contradicts the hint,
    /// [`ParseError::FirstOctet`] when it does not tell the version, and [`ParseError::Length`] when the octets
    /// end inside the fixed part.
    pub fn parse_reporting(
        octets: &'a [u8],
        hint: Option<Hint>,
        report: &mut impl FnMut(Departure),
    ) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        Self::read(octets, hint, report)
    }

    fn read(
        octets: &'a [u8],
        hint: Option<Hint>,
        report: &mut impl FnMut(Departure),
    ) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let [first] = *reader.peek("HSRP message")?;
        let version_1 = match (hint, first) {
            (Some(Hint::V2), v1::VERSION) => return Err(ParseError::NotVersion2 { offset: 0 }),
            (Some(Hint::V1), _) | (None, v1::VERSION) => true,
            (Some(Hint::V2), _) => false,
            (None, octet) if TlvType(octet).name().is_some() => false,
            (None, octet) => return Err(ParseError::FirstOctet { octet }),
        };
        let fixed = match (version_1, octets.get(1)) {
            (false, _) => Fixed::None,
            (true, Some(opcode)) if *opcode == Opcode::ADVERTISE.0 => {
                Fixed::Advertise(v1::Advertise::read(&mut reader, report)?)
            }
            (true, _) => Fixed::Packet(v1::Packet::read(&mut reader)?),
        };
        let Parsed { value: trailing, rest, fault } =
            Tlvs::parse_until_error(reader.rest(), reader.offset(), TlvFraming);
        let value = match fixed {
            Fixed::None => Self::V2(trailing),
            Fixed::Packet(packet) => Self::V1 { packet, trailing },
            Fixed::Advertise(advertise) => Self::V1Advertise { advertise, trailing },
        };
        Ok(Parsed { value, rest, fault: fault.map(ParseError::Length) })
    }

    /// The message's TLVs: the whole of a version 2 message, or the part after the fixed part of a version 1
    /// message.
    #[must_use]
    pub const fn tlvs(&self) -> &Tlvs<'a> {
        match self {
            Self::V1 { trailing, .. } | Self::V1Advertise { trailing, .. } => trailing,
            Self::V2(tlvs) => tlvs,
        }
    }
}

/// The fixed part, which comes before the TLVs.
enum Fixed {
    None,
    Packet(v1::Packet),
    Advertise(v1::Advertise),
}

impl Emit for Message<'_> {
    fn wire_len(&self) -> usize {
        let fixed_len = match self {
            Self::V1 { packet, .. } => packet.wire_len(),
            Self::V1Advertise { advertise, .. } => advertise.wire_len(),
            Self::V2(_) => 0,
        };
        self.tlvs().wire_len().saturating_add(fixed_len)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::V1 { packet, .. } => packet.emit_into(writer)?,
            Self::V1Advertise { advertise, .. } => advertise.emit_into(writer)?,
            Self::V2(tlvs) => match tlvs.iter().next().map(|first| first.tlv_type()) {
                None => return Err(EmitError::MissingElement { element: TlvFraming::ELEMENT }),
                Some(TlvType(v1::VERSION)) => {
                    return Err(EmitError::Contradiction {
                        field: "TLV type",
                        reason: "a message that begins with 0 would be read as version 1",
                    });
                }
                Some(_) => {}
            },
        }
        self.tlvs().emit_into(writer)
    }
}

impl<'a> TryFrom<&'a [u8]> for Message<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}
