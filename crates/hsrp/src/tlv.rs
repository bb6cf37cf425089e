//! Type-length-value elements: all of a version 2 message, or the part after the fixed part of a version 1
//! message.

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Reserved, Writer};

use crate::v2::{GroupState, InterfaceState};
use crate::{AuthenticationData, Md5Authentication, ParseError};

wire::registry! {
    /// Type of a TLV. These are Cisco's numbers, and no RFC lists them.
    pub struct TlvType(u8) {
        /// The state of a router in a group. A version 1 packet says the same.
        GROUP_STATE = 1 => "Group State",
        /// The numbers of groups on an interface. A version 1 Advertise says the same.
        INTERFACE_STATE = 2 => "Interface State",
        /// A password in clear text.
        TEXT_AUTHENTICATION = 3 => "Text Authentication",
        /// An MD5 digest over the whole message.
        MD5_AUTHENTICATION = 4 => "MD5 Authentication",
    }
}

/// The framing of TLVs: one octet with the type, one octet with the length of the value, then the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TlvFraming;

impl TlvFraming {
    /// Number of octets that type and length take.
    pub const HEADER_LEN: usize = 2;
}

/// The name of a TLV in error messages.
fn name_of(tlv_type: TlvType) -> &'static str {
    // default: a TLV whose type has no name is called just "TLV"
    tlv_type.name().unwrap_or(TlvFraming::ELEMENT)
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
        let tlv_type = TlvType(tlv_type);
        let element = reader.element(Self::ELEMENT, tlv_type, Self::HEADER_LEN, usize::from(length), 0)?;
        // Errors name the TLV. Its name is looked up only when it is cut, because that is the only error here.
        Ok(Some(if element.is_cut() { element.named(name_of(tlv_type)) } else { element }))
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

    fn len_with(&self, len: usize, _: TlvType, value_len: usize) -> usize {
        len.saturating_add(Self::HEADER_LEN).saturating_add(value_len)
    }
}

/// The TLVs of a message. They are either read from octets or values of the caller.
///
/// Iterating gives each TLV as a decoded [`Tlv`]. `elements()` gives each TLV with its offset, not yet decoded,
/// for [`Tlv::parse`].
pub type Tlvs<'a> = List<'a, TlvFraming, Tlv<'a>>;

/// One TLV, decoded. The enum is not exhaustive, because types will be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Tlv<'a> {
    /// The state of a router in a group.
    GroupState(GroupState),
    /// The numbers of groups on an interface.
    InterfaceState(InterfaceState),
    /// A password in clear text.
    TextAuthentication(AuthenticationData),
    /// An MD5 digest over the whole message.
    Md5Authentication(Md5Authentication),
    /// A TLV that could not be decoded: its type is unknown, or its value is cut or has the wrong length. Its
    /// octets are kept as they are. It cannot be emitted while octets of it are missing.
    Unknown {
        /// Type of the TLV.
        tlv_type: TlvType,
        /// The value, at most 255 octets. When the TLV was cut, these are the octets that are there.
        value: &'a [u8],
        /// Number of octets of the value that are missing. It is 0 unless the TLV was cut.
        missing: usize,
    },
}

impl<'a> Tlv<'a> {
    /// Decodes one TLV. A TLV of an unknown type gives [`Tlv::Unknown`].
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the TLV is cut, and [`ParseError::TlvLength`] when the TLV has a known
    /// type but its value has another length than the layout of that type.
    pub fn parse(element: &Element<'a, TlvType>) -> Result<Self, ParseError> {
        if let Some(fault) = element.fault() {
            return Err(fault.into());
        }
        match element.header {
            TlvType::GROUP_STATE => GroupState::parse(element).map(Self::GroupState),
            TlvType::INTERFACE_STATE => InterfaceState::parse(element).map(Self::InterfaceState),
            TlvType::TEXT_AUTHENTICATION => {
                Ok(Self::TextAuthentication(AuthenticationData(*body::<8>(element)?)))
            }
            TlvType::MD5_AUTHENTICATION => Md5Authentication::parse(element).map(Self::Md5Authentication),
            tlv_type => Ok(Self::Unknown { tlv_type, value: element.value, missing: 0 }),
        }
    }

    /// The type of the TLV.
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
}

/// Emits the value of the TLV, without its type and length. Those are written by [`Message`](crate::Message) and
/// by [`ChainWriter`](wire::ChainWriter).
impl Emit for Tlv<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::GroupState(group_state) => group_state.wire_len(),
            Self::InterfaceState(interface_state) => interface_state.wire_len(),
            Self::TextAuthentication(_) => AuthenticationData::LEN,
            Self::Md5Authentication(authentication) => authentication.wire_len(),
            Self::Unknown { value, .. } => value.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::GroupState(group_state) => group_state.emit_into(writer),
            Self::InterfaceState(interface_state) => interface_state.emit_into(writer),
            Self::TextAuthentication(data) => writer.put(&data.0),
            Self::Md5Authentication(authentication) => authentication.emit_into(writer),
            Self::Unknown { value, missing: 0, .. } => writer.put(value),
            Self::Unknown { tlv_type, missing, .. } => {
                Err(EmitError::CutElement { element: name_of(*tlv_type), missing: *missing })
            }
        }
    }
}

impl<'a> Member<'a, TlvFraming> for Tlv<'a> {
    fn header(&self) -> TlvType {
        self.tlv_type()
    }

    fn decode(element: &Element<'a, TlvType>, _: &TlvFraming) -> Self {
        // default: a TLV that does not decode keeps its type and its octets
        Self::parse(element).unwrap_or(Self::Unknown {
            tlv_type: element.header,
            value: element.value,
            missing: element.missing,
        })
    }
}

/// Returns the value of a TLV as an array of `N` octets, or the error that names the wrong length.
pub(crate) fn body<'a, const N: usize>(element: &Element<'a, TlvType>) -> Result<&'a [u8; N], ParseError> {
    element.value.try_into().map_err(|_| ParseError::TlvLength {
        tlv_type: element.header,
        offset: element.offset,
        length: element.value.len(),
        expected: N,
    })
}
