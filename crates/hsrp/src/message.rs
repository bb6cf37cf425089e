//! One HSRP message of either version: what a UDP datagram carries.

use wire::{Emit, EmitError, Framing as _, Parsed, Reader, Writer};

use crate::{Departure, Hint, ParseError, TlvFraming, TlvType, Tlvs, v1};

wire::registry! {
    /// What a message is for, RFC 2281 section 5.1, in both versions.
    pub struct Opcode(u8) {
        /// The sender runs and can become active or standby.
        HELLO = 0 => "Hello",
        /// The sender takes over as active router.
        COUP = 1 => "Coup",
        /// The sender no longer wants to be active.
        RESIGN = 2 => "Resign",
        /// The sender tells of an interface's groups. Cisco's, version 1 only, of a layout of its own.
        ADVERTISE = 3 => "Advertise",
    }
}

/// An HSRP message: the whole of a UDP datagram.
///
/// TLVs are framed when the message is parsed and decoded in a second step, when they are met in [`Tlvs`], so that one
/// malformed TLV does not hide its neighbours. The enum is exhaustive on purpose: there are no other versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Message<'a> {
    /// Version 1, RFC 2281: Hello, Coup, Resign, and opcodes that are not known.
    V1 {
        /// The fixed part.
        packet: v1::Packet,
        /// What follows it: nothing, or an MD5 authentication.
        trailing: Tlvs<'a>,
    },
    /// Version 1, opcode 3.
    V1Advertise {
        /// The fixed part.
        advertise: v1::Advertise,
        /// What follows it: nothing, as far as was seen.
        trailing: Tlvs<'a>,
    },
    /// Version 2: one TLV at least, and the first one not of type 0, which is version 1's version octet. Where the type of the
    /// first one is not known, a receiver needs a [`Hint`] to tell the version.
    V2(Tlvs<'a>),
}

impl<'a> Message<'a> {
    /// Parses a message; its octets tell its version.
    ///
    /// A first octet 0 is the version octet of version 1. A type from 1 to 4 begins version 2, all of whose TLVs must
    /// be whole.
    ///
    /// # Errors
    /// When the octets do not tell the version, or the fixed part or a TLV is cut.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse_prefix(octets).map(|(message, _)| message)
    }

    /// Parses a message and returns the octets after it. TLVs run to the end of the datagram, so there never are any.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// What there is of a message up to the first fault, and the fault: for a caller that shows broken packets. A last
    /// TLV whose value is cut is kept with what there is of it.
    ///
    /// # Errors
    /// When the octets do not tell the version, or the fixed part is cut: then there is no message.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        Self::read(octets, None, &mut |_| {})
    }

    /// Parses a message of the version that `hint` says.
    ///
    /// # Errors
    /// When the first octet contradicts the hint, or the fixed part or a TLV is cut.
    pub fn parse_hinted(octets: &'a [u8], hint: Hint) -> Result<Self, ParseError> {
        Self::read(octets, Some(hint), &mut |_| {})?.strict().map(|(message, _)| message)
    }

    /// As [`parse_until_error`](Self::parse_until_error), of the version that `hint` says, and reports to `report` each
    /// derived value that was wrong on the wire: it is emitted right. [`conformance`](Self::conformance) lists what
    /// departs in the value itself.
    ///
    /// # Errors
    /// When the first octet contradicts the hint or tells no version, or the fixed part is cut.
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

    /// The message's TLVs: all of version 2, what follows the fixed part in version 1.
    #[must_use]
    pub const fn tlvs(&self) -> &Tlvs<'a> {
        match self {
            Self::V1 { trailing, .. } | Self::V1Advertise { trailing, .. } => trailing,
            Self::V2(tlvs) => tlvs,
        }
    }
}

/// What precedes the TLVs.
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
                        reason: "a message that begins with 0 is read as one of version 1",
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
