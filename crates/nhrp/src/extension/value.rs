//! An extension with its value.

use wire::{Emit, EmitError, Member, Writer};

use super::authentication::Authentication;
use super::{DeviceCapabilities, NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use crate::{
    ExtensionElement, ExtensionFraming, ExtensionHeader, ExtensionNine, ExtensionType, ParseError, Policy,
};

/// An extension (RFC 2332 section 5.3).
///
/// [`Emit`] writes the value only. The header in front of it is written when the extension is a member of
/// [`Extensions`](crate::Extensions). The struct is exhaustive, because the RFC fixes its fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Extension<'a> {
    /// The C bit: a station that would reply must know the extension.
    pub compulsory: bool,
    /// The u bit. A sender clears it; a received bit is kept.
    pub unused: bool,
    /// The value of the extension.
    pub value: ExtensionValue<'a>,
}

/// The value of an extension, by its type. Further types may be added.
///
/// The types inside the variants stand in the module [`extension`](crate::extension), for example
/// [`extension::VendorPrivate`](crate::extension::VendorPrivate) and
/// [`extension::authentication::Authentication`](crate::extension::authentication::Authentication).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum ExtensionValue<'a> {
    /// Type 0, the End Of Extensions. Its value should be empty; a received value is kept.
    End(&'a [u8]),
    /// Type 3: the station that answered.
    ResponderAddress(ResponderAddress<'a>),
    /// Type 4: the servers that forwarded the request.
    ForwardTransitNhsRecord(TransitNhsRecord<'a>),
    /// Type 5: the servers that forwarded the reply.
    ReverseTransitNhsRecord(TransitNhsRecord<'a>),
    /// Type 7: the password or the hash that authenticates the packet.
    ///
    /// Nothing in it tells its form. Under the default policy it is always read as Cisco's password, so that the digest
    /// of an RFC's sender looks like a password here. A program that knows better, or wants the form to be guessed,
    /// reads the packet under another [`Policy`](crate::Policy) with
    /// [`Packet::read_under`](crate::Packet::read_under).
    Authentication(Authentication<'a>),
    /// Type 8: data of a vendor.
    VendorPrivate(VendorPrivate<'a>),
    /// Type 9 in Cisco's use: bindings outside of a NAT.
    NatAddress(NatAddress<'a>),
    /// Type 9 in the use of RFC 2735: capabilities of source and target.
    DeviceCapabilities(DeviceCapabilities),
    /// Octets that are not decoded: their type is not known here, or they are not what their type requires, or they
    /// were cut. They are written as they are, under their number.
    Raw {
        /// The type, a number of 14 bits.
        extension_type: ExtensionType,
        /// The octets of the value that are there.
        octets: &'a [u8],
        /// The number of octets of the value that were missing when it was read. A value that lacks octets is not
        /// written.
        missing: usize,
    },
}

impl<'a> ExtensionValue<'a> {
    /// Returns the type of the extension.
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
    /// The End Of Extensions as it is derived: with the compulsory bit and without a value.
    pub const END: Self = Self { compulsory: true, unused: false, value: ExtensionValue::End(&[]) };

    /// Makes an extension with the compulsory bit as its RFC has it. The bit is set, except for vendor-private
    /// extensions, for type 9 and for types that are not known here.
    #[must_use]
    pub const fn new(value: ExtensionValue<'a>) -> Self {
        Self { compulsory: value.extension_type().is_compulsory(), unused: false, value }
    }

    /// Decodes an element. `source_protocol_len` is that of the packet
    /// ([`Packet::source_protocol_len`](crate::Packet::source_protocol_len)): the RFC's form of authentication
    /// contains an address of that length.
    ///
    /// A caller that does not need the reason of a failure uses [`Member::decode`]. It keeps the octets of an element
    /// that cannot be decoded.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the element is cut, or when its value is not what its type requires.
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

    /// Returns the type of the extension.
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

    /// Decodes an element. An element that is cut, or whose value is not what its type requires, is kept as octets
    /// under its number.
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
