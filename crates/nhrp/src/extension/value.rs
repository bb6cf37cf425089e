//! An extension with its value.

use wire::{Emit, EmitError, Member, Writer};

use super::authentication::Authentication;
use super::{DeviceCapabilities, NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use crate::{
    ExtensionElement, ExtensionFraming, ExtensionHeader, ExtensionNine, ExtensionType, ParseError, Policy,
};

/// An extension, RFC 2332 section 5.3.
///
/// The RFC fixes the fields, so the struct is exhaustive. [`Emit`] writes the value; the header stands before it where the
/// extension is a member of [`Extensions`](crate::Extensions).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Extension<'a> {
    /// The C bit: a station that would reply must know the extension.
    pub compulsory: bool,
    /// The u bit. To be sent clear; kept.
    pub unused: bool,
    /// What it carries.
    pub value: ExtensionValue<'a>,
}

/// What an extension carries. Further types may be added.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum ExtensionValue<'a> {
    /// Type 0: what ends the extensions. Its value is to be of no octets; kept.
    End(&'a [u8]),
    /// Type 3.
    ResponderAddress(ResponderAddress<'a>),
    /// Type 4.
    ForwardTransitNhsRecord(TransitNhsRecord<'a>),
    /// Type 5.
    ReverseTransitNhsRecord(TransitNhsRecord<'a>),
    /// Type 7.
    Authentication(Authentication<'a>),
    /// Type 8.
    VendorPrivate(VendorPrivate<'a>),
    /// Type 9, Cisco's.
    NatAddress(NatAddress<'a>),
    /// Type 9, RFC 2735's.
    DeviceCapabilities(DeviceCapabilities),
    /// Octets that are not decoded: of a type that is not known here, or not what their type says, or cut. They are written
    /// as they are, under their number.
    Raw {
        /// The type, 14 bits.
        extension_type: ExtensionType,
        /// The value, or the part of it that is there.
        octets: &'a [u8],
        /// Octets of the value that were missing when it was read. A value that lacks some is not written.
        missing: usize,
    },
}

impl<'a> ExtensionValue<'a> {
    /// The type.
    #[must_use]
    pub const fn extension_type(&self) -> ExtensionType {
        match self {
            Self::End(_) => ExtensionType::END,
            Self::ResponderAddress(_) => ExtensionType::RESPONDER_ADDRESS,
            Self::ForwardTransitNhsRecord(_) => ExtensionType::FORWARD_TRANSIT_NHS_RECORD,
            Self::ReverseTransitNhsRecord(_) => ExtensionType::REVERSE_TRANSIT_NHS_RECORD,
            Self::Authentication(_) => ExtensionType::AUTHENTICATION,
            Self::VendorPrivate(_) => ExtensionType::VENDOR_PRIVATE,
            Self::NatAddress(_) | Self::DeviceCapabilities(_) => {
                ExtensionType::NAT_ADDRESS_OR_DEVICE_CAPABILITIES
            }
            Self::Raw { extension_type, .. } => *extension_type,
        }
    }

    fn parse(
        element: &ExtensionElement<'a>,
        policy: Policy,
        source_protocol_len: usize,
    ) -> Result<Self, ParseError> {
        Ok(match element.header.extension_type {
            ExtensionType::END => Self::End(element.value),
            ExtensionType::RESPONDER_ADDRESS => Self::ResponderAddress(ResponderAddress::parse(element)?),
            ExtensionType::FORWARD_TRANSIT_NHS_RECORD => {
                Self::ForwardTransitNhsRecord(TransitNhsRecord::parse(element)?)
            }
            ExtensionType::REVERSE_TRANSIT_NHS_RECORD => {
                Self::ReverseTransitNhsRecord(TransitNhsRecord::parse(element)?)
            }
            ExtensionType::AUTHENTICATION => {
                let form = policy.authentication;
                Self::Authentication(Authentication::parse(element, form, source_protocol_len)?)
            }
            ExtensionType::VENDOR_PRIVATE => Self::VendorPrivate(VendorPrivate::parse(element)?),
            ExtensionType::NAT_ADDRESS_OR_DEVICE_CAPABILITIES => match policy.extension_nine {
                ExtensionNine::NatAddress => Self::NatAddress(NatAddress::parse(element)?),
                ExtensionNine::DeviceCapabilities => {
                    Self::DeviceCapabilities(DeviceCapabilities::parse(element)?)
                }
            },
            _ => Self::raw(element),
        })
    }

    const fn raw(element: &ExtensionElement<'a>) -> Self {
        Self::Raw {
            extension_type: element.header.extension_type,
            octets: element.value,
            missing: element.missing,
        }
    }
}

impl Emit for ExtensionValue<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::End(octets) | Self::Raw { octets, .. } => octets.len(),
            Self::ResponderAddress(value) => value.wire_len(),
            Self::ForwardTransitNhsRecord(value) | Self::ReverseTransitNhsRecord(value) => value.wire_len(),
            Self::Authentication(value) => value.wire_len(),
            Self::VendorPrivate(value) => value.wire_len(),
            Self::NatAddress(value) => value.wire_len(),
            Self::DeviceCapabilities(value) => value.wire_len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Raw { extension_type, missing, .. } if *missing != 0 => {
                Err(EmitError::CutElement { element: extension_type.element(), missing: *missing })
            }
            Self::End(octets) | Self::Raw { octets, .. } => writer.put(octets),
            Self::ResponderAddress(value) => value.emit_into(writer),
            Self::ForwardTransitNhsRecord(value) | Self::ReverseTransitNhsRecord(value) => {
                value.emit_into(writer)
            }
            Self::Authentication(value) => value.emit_into(writer),
            Self::VendorPrivate(value) => value.emit_into(writer),
            Self::NatAddress(value) => value.emit_into(writer),
            Self::DeviceCapabilities(value) => value.emit_into(writer),
        }
    }
}

impl<'a> Extension<'a> {
    /// The End Of Extensions.
    pub const END: Self = Self { compulsory: true, unused: false, value: ExtensionValue::End(&[]) };

    /// An extension with the compulsory bit as its RFC has it: set, but clear for vendor-private, type 9 and types that
    /// are not known here.
    #[must_use]
    pub const fn new(value: ExtensionValue<'a>) -> Self {
        Self { compulsory: value.extension_type().is_compulsory(), unused: false, value }
    }

    /// Decodes an element, and tells why where that cannot be done. `source_protocol_len` is the packet's
    /// ([`Packet::source_protocol_len`](crate::Packet::source_protocol_len)): the RFC's form of authentication has an
    /// address of that many octets.
    ///
    /// Where the reason does not matter, [`Member::decode`] keeps such an element as its octets.
    ///
    /// # Errors
    /// When the element is cut, or its value is not what the type says.
    pub fn parse(
        element: &ExtensionElement<'a>,
        policy: Policy,
        source_protocol_len: usize,
    ) -> Result<Self, ParseError> {
        if let Some(fault) = element.fault() {
            return Err(fault.into());
        }
        let ExtensionHeader { compulsory, unused, .. } = element.header;
        let value = ExtensionValue::parse(element, policy, source_protocol_len)?;
        Ok(Self { compulsory, unused, value })
    }

    /// The type.
    #[must_use]
    pub const fn extension_type(&self) -> ExtensionType {
        self.value.extension_type()
    }

    pub(crate) fn is_end(&self) -> bool {
        self.extension_type() == ExtensionType::END
    }

    pub(crate) fn is_authentication(&self) -> bool {
        self.extension_type() == ExtensionType::AUTHENTICATION
    }
}

impl Emit for Extension<'_> {
    fn wire_len(&self) -> usize {
        self.value.wire_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.value.emit_into(writer)
    }
}

impl<'a> Member<'a, ExtensionFraming> for Extension<'a> {
    fn header(&self) -> ExtensionHeader {
        let Self { compulsory, unused, value } = self;
        ExtensionHeader { compulsory: *compulsory, unused: *unused, extension_type: value.extension_type() }
    }

    /// Decodes an element; one that is cut, or whose value is not what the type says, is kept as its octets under its number.
    fn decode(element: &ExtensionElement<'a>, framing: &ExtensionFraming) -> Self {
        let ExtensionHeader { compulsory, unused, .. } = element.header;
        // default: octets that cannot be decoded are kept and written as they are
        Self::parse(element, framing.policy, framing.source_protocol_len).unwrap_or_else(|_| Self {
            compulsory,
            unused,
            value: ExtensionValue::raw(element),
        })
    }
}
