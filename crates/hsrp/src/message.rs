//! One HSRP message of either version: what a UDP datagram carries.

use wire::{EmitError, LengthError, Reader, Writer};

use crate::{Departure, Hint, ParseError, Tlv, TlvFraming, TlvType, Tlvs, v1};

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
/// TLVs are framed when the message is parsed and decoded in a second step, by [`Tlv::parse`] or `Tlv::from`, so that
/// one malformed TLV does not hide its neighbours.
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
    /// Version 2.
    V2(Tlvs<'a>),
}

impl<'a> Message<'a> {
    /// Parses a message; its octets tell its version.
    ///
    /// A first octet 0 is the version octet of version 1. A type from 1 to 4 begins version 2, all of whose TLVs must
    /// be whole.
    ///
    /// # Errors
    /// When the version is not to be told, a fixed part is cut, or a TLV.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        strict(Self::frame(octets, None, &mut |_| {}))
    }

    /// Parses a message of the version that `hint` says.
    ///
    /// # Errors
    /// When the first octet contradicts the hint, a fixed part is cut, or a TLV.
    pub fn parse_hinted(octets: &'a [u8], hint: Hint) -> Result<Self, ParseError> {
        strict(Self::frame(octets, Some(hint), &mut |_| {}))
    }

    /// Parses a message, and reports to `sink` each derived value that was wrong on the wire: it would be emitted
    /// right. [`conformance`](Self::conformance) lists what departs in the value itself.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), or with a hint as [`parse_hinted`](Self::parse_hinted).
    pub fn parse_reporting(
        octets: &'a [u8],
        hint: Option<Hint>,
        sink: &mut impl FnMut(Departure),
    ) -> Result<Self, ParseError> {
        strict(Self::frame(octets, hint, sink))
    }

    /// What there is of a message up to the first fault, and the fault: for those who look at broken packets.
    ///
    /// There is no message where its version is not to be told or its fixed part is cut. Else it holds the TLVs
    /// before the fault, and [`rest`](wire::Chain::rest) of the TLVs the octets from there on.
    #[must_use]
    pub fn parse_until_error(octets: &'a [u8], hint: Option<Hint>) -> (Option<Self>, Option<ParseError>) {
        match Self::frame(octets, hint, &mut |_| {}) {
            Ok((message, None)) => (Some(message), None),
            Ok((message, Some(fault))) => (Some(message), Some(fault.into())),
            Err(fault) => (None, Some(fault)),
        }
    }

    fn frame(
        octets: &'a [u8],
        hint: Option<Hint>,
        sink: &mut impl FnMut(Departure),
    ) -> Result<(Self, Option<LengthError>), ParseError> {
        let mut reader = Reader::new("HSRP message", octets);
        let [first] = *reader.peek("HSRP message")?;
        let version_1 = match (hint, first) {
            (Some(Hint::V2), v1::VERSION) => return Err(ParseError::NotVersion2 { offset: 0 }),
            (Some(Hint::V1), _) | (None, v1::VERSION) => true,
            (Some(Hint::V2), _) => false,
            (None, octet) if TlvType(octet).name().is_some() => false,
            (None, octet) => return Err(ParseError::FirstOctet { octet }),
        };
        if !version_1 {
            let wire::Parsed { value: tlvs, fault, .. } = Tlvs::parse_until_error(octets, 0, TlvFraming);
            return Ok((Self::V2(tlvs), fault));
        }
        if octets.get(1) == Some(&Opcode::ADVERTISE.0) {
            let advertise = v1::Advertise::read(&mut reader, sink)?;
            let wire::Parsed { value: trailing, fault, .. } =
                Tlvs::parse_until_error(reader.rest(), reader.offset(), TlvFraming);
            return Ok((Self::V1Advertise { advertise, trailing }, fault));
        }
        let packet = v1::Packet::read(&mut reader)?;
        let wire::Parsed { value: trailing, fault, .. } =
            Tlvs::parse_until_error(reader.rest(), reader.offset(), TlvFraming);
        Ok((Self::V1 { packet, trailing }, fault))
    }

    /// The message's TLVs: all of version 2, what follows the fixed part in version 1.
    #[must_use]
    pub const fn tlvs(&self) -> &Tlvs<'a> {
        match self {
            Self::V1 { trailing, .. } | Self::V1Advertise { trailing, .. } => trailing,
            Self::V2(tlvs) => tlvs,
        }
    }

    /// Octets that [`emit`](Self::emit) writes.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        let fixed_len = match self {
            Self::V1 { packet, .. } => packet.wire_len(),
            Self::V1Advertise { advertise, .. } => advertise.wire_len(),
            Self::V2(_) => 0,
        };
        self.tlvs().iter().fold(fixed_len, |len, element| len.saturating_add(Tlv::from(element).wire_len()))
    }

    /// Writes the message to the start of `buffer`; returns the octets written.
    ///
    /// Every TLV of a known type is decoded and written from its value.
    ///
    /// # Errors
    /// [`EmitError::BufferTooSmall`] with the whole need.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = Writer::for_len(buffer, self.wire_len())?;
        self.emit_into(&mut writer)?;
        Ok(writer.position())
    }

    /// Writes the message where `writer` stands.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::V1 { packet, .. } => packet.emit_into(writer)?,
            Self::V1Advertise { advertise, .. } => advertise.emit_into(writer)?,
            Self::V2(_) => {}
        }
        for element in self.tlvs() {
            Tlv::from(element).emit_into(writer)?;
        }
        Ok(())
    }

    /// The message's octets.
    ///
    /// # Errors
    /// As [`emit`](Self::emit); a message that was parsed has none.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        let len = self.emit(&mut octets)?;
        octets.truncate(len);
        Ok(octets)
    }
}

fn strict<'a>(
    framed: Result<(Message<'a>, Option<LengthError>), ParseError>,
) -> Result<Message<'a>, ParseError> {
    match framed? {
        (message, None) => Ok(message),
        (_, Some(fault)) => Err(fault.into()),
    }
}

impl<'a> TryFrom<&'a [u8]> for Message<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}
