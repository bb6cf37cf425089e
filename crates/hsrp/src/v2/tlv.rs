//! Type, length, value: how version 2 frames what it says.

use wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

use super::{GroupState, InterfaceState};
use crate::{AuthenticationData, Md5Authentication, ParseError};

wire::registry! {
    /// Type of a TLV.
    pub struct TlvType(u8) {
        /// State of a router in a group: what a version 1 packet says.
        GROUP_STATE = 1 => "Group State",
        /// The groups of an interface: what a version 1 Advertise says.
        INTERFACE_STATE = 2 => "Interface State",
        /// A password in clear text.
        TEXT_AUTHENTICATION = 3 => "Text Authentication",
        /// A digest over the whole message.
        MD5_AUTHENTICATION = 4 => "MD5 Authentication",
    }
}

/// How TLVs are framed: type octet, length octet of the value, value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TlvFraming;

impl TlvFraming {
    /// Octets of type and length.
    pub const HEADER_LEN: usize = 2;
}

impl Framing for TlvFraming {
    type Header = TlvType;
    type Open = Reserved<1>;
    const ELEMENT: &'static str = "TLV";
    const WITHIN: &'static str = "HSRP message";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, TlvType>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let [tlv_type, length] = *reader.peek(Self::ELEMENT)?;
        reader.element(Self::ELEMENT, TlvType(tlv_type), Self::HEADER_LEN, usize::from(length), 0).map(Some)
    }

    fn open(&mut self, writer: &mut Writer<'_>, tlv_type: TlvType) -> Result<Reserved<1>, EmitError> {
        writer.u8(tlv_type.0)?;
        writer.reserve_u8()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: TlvType,
        length: Reserved<1>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = writer.position().saturating_sub(start).saturating_sub(Self::HEADER_LEN);
        writer.patch(length, [EmitError::fit_u8("TLV length", value_len)?])
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        len.saturating_add(value_len).saturating_add(2)
    }
}

/// The TLVs of a message, framed and not decoded. [`Tlv::parse`] decodes one.
pub type Tlvs<'a> = Chain<'a, TlvFraming>;

/// One TLV, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Tlv<'a> {
    /// State of a router in a group.
    GroupState(GroupState),
    /// The groups of an interface.
    InterfaceState(InterfaceState),
    /// A password in clear text.
    TextAuthentication(AuthenticationData),
    /// A digest over the whole message.
    Md5Authentication(Md5Authentication),
    /// A TLV whose type is not known, or whose value does not fit its type: kept as it is.
    Unknown {
        /// Type of the TLV.
        tlv_type: TlvType,
        /// Its value, 255 octets at most.
        value: &'a [u8],
    },
}

impl<'a> Tlv<'a> {
    /// Decodes one TLV. Types that are not known are [`Tlv::Unknown`].
    ///
    /// # Errors
    /// [`ParseError::TlvLength`] when a known type has a value of another length than its layout.
    pub fn parse(element: &Element<'a, TlvType>) -> Result<Self, ParseError> {
        match element.header {
            TlvType::GROUP_STATE => GroupState::parse(element).map(Self::GroupState),
            TlvType::INTERFACE_STATE => InterfaceState::parse(element).map(Self::InterfaceState),
            TlvType::TEXT_AUTHENTICATION => {
                Ok(Self::TextAuthentication(AuthenticationData(*body::<8>(element)?)))
            }
            TlvType::MD5_AUTHENTICATION => Md5Authentication::parse(element).map(Self::Md5Authentication),
            tlv_type => Ok(Self::Unknown { tlv_type, value: element.value }),
        }
    }

    /// Type of the TLV.
    #[must_use]
    pub const fn tlv_type(&self) -> TlvType {
        match self {
            Self::GroupState(_) => TlvType::GROUP_STATE,
            Self::InterfaceState(_) => TlvType::INTERFACE_STATE,
            Self::TextAuthentication(_) => TlvType::TEXT_AUTHENTICATION,
            Self::Md5Authentication(_) => TlvType::MD5_AUTHENTICATION,
            Self::Unknown { tlv_type, .. } => *tlv_type,
        }
    }

    /// Octets of type, length and value.
    #[must_use]
    pub const fn wire_len(&self) -> usize {
        let value_len = match self {
            Self::GroupState(_) => GroupState::LEN,
            Self::InterfaceState(_) => InterfaceState::LEN,
            Self::TextAuthentication(_) => AuthenticationData::LEN,
            Self::Md5Authentication(_) => Md5Authentication::LEN,
            Self::Unknown { value, .. } => value.len(),
        };
        TlvFraming::HEADER_LEN.saturating_add(value_len)
    }

    /// Writes the TLV to the start of `buffer`; returns the octets written.
    ///
    /// # Errors
    /// When the buffer is too small, or an unknown TLV's value longer than 255 octets.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let mut writer = Writer::for_len(buffer, self.wire_len())?;
        self.emit_into(&mut writer)?;
        Ok(writer.position())
    }

    /// Writes the TLV where `writer` stands.
    ///
    /// # Errors
    /// When it does not fit, or an unknown TLV's value is longer than 255 octets. Nothing is written then.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        ChainWriter::new(writer, TlvFraming).push_with(self.tlv_type(), |writer| match self {
            Self::GroupState(group_state) => group_state.emit_into(writer),
            Self::InterfaceState(interface_state) => interface_state.emit_into(writer),
            Self::TextAuthentication(data) => writer.put(&data.0),
            Self::Md5Authentication(authentication) => authentication.emit_into(writer),
            Self::Unknown { value, .. } => writer.put(value),
        })
    }
}

impl<'a> From<Element<'a, TlvType>> for Tlv<'a> {
    /// Decodes one TLV; a value that does not fit its type is kept as [`Tlv::Unknown`].
    fn from(element: Element<'a, TlvType>) -> Self {
        Self::parse(&element).unwrap_or(Self::Unknown { tlv_type: element.header, value: element.value })
    }
}

/// The value of a TLV whose type has `N` octets.
pub(crate) fn body<'a, const N: usize>(element: &Element<'a, TlvType>) -> Result<&'a [u8; N], ParseError> {
    element.value.try_into().map_err(|_| ParseError::TlvLength {
        tlv_type: element.header,
        offset: element.offset,
        length: element.value.len(),
        expected: N,
    })
}

/// Writes TLVs one after the other: a version 2 message, or what follows a version 1 packet.
///
/// A TLV that does not fit leaves no trace.
#[derive(Debug)]
pub struct TlvWriter<'w, 'b> {
    writer: &'w mut Writer<'b>,
}

impl<'w, 'b> TlvWriter<'w, 'b> {
    /// TLVs are written where `writer` stands.
    pub const fn new(writer: &'w mut Writer<'b>) -> Self {
        Self { writer }
    }

    /// Writes one TLV.
    ///
    /// # Errors
    /// When it does not fit, or an unknown TLV's value is longer than 255 octets.
    pub fn push(&mut self, tlv: &Tlv<'_>) -> Result<(), EmitError> {
        tlv.emit_into(self.writer)
    }
}
