//! Extensions: how they are framed, and what each carries.

pub mod authentication;
pub mod device_capabilities;
pub mod nat_address;
pub mod responder_address;
pub mod transit_nhs_record;
pub mod vendor_private;

use core::mem::size_of;

use wire::{Chain, ChainWriter, Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

pub use authentication::{
    Authentication, AuthenticationData, AuthenticationError, AuthenticationForm, Credentials,
};
pub use device_capabilities::DeviceCapabilities;
pub use nat_address::NatAddress;
pub use responder_address::ResponderAddress;
pub use transit_nhs_record::TransitNhsRecord;
pub use vendor_private::{VendorData, VendorPrivate};

use crate::ParseError;

/// RFC 2332 section 5.3, before the value.
#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct ExtensionLayout {
    flags_and_type: U16,
    length: U16,
}

const _: () = assert!(size_of::<ExtensionLayout>() == ExtensionHeader::LEN);

const COMPULSORY: u16 = 0x8000;
const UNUSED: u16 = 0x4000;
const TYPE: u16 = 0x3fff;

wire::registry! {
    /// Type of an extension, 14 bits: RFC 2332 section 5.3.
    pub struct ExtensionType(u16) {
        /// RFC 2332 section 5.3.0.
        END = 0 => "End Of Extensions",
        /// RFC 2332 section 5.3.1.
        RESPONDER_ADDRESS = 3 => "Responder Address",
        /// RFC 2332 section 5.3.2.
        FORWARD_TRANSIT_NHS_RECORD = 4 => "Forward Transit NHS Record",
        /// RFC 2332 section 5.3.3.
        REVERSE_TRANSIT_NHS_RECORD = 5 => "Reverse Transit NHS Record",
        /// RFC 2332 section 5.3.4.
        AUTHENTICATION = 7 => "Authentication",
        /// RFC 2332 section 5.3.5.
        VENDOR_PRIVATE = 8 => "Vendor-Private",
        /// Cisco's NAT address extension, and the device capabilities of RFC 2735 section 4.2: by policy.
        NAT_ADDRESS_OR_DEVICE_CAPABILITIES = 9 => "NAT Address",
        /// Mobile node authentication.
        MOBILE_AUTHENTICATION = 10 => "Mobile Authentication",
    }
}

impl ExtensionType {
    /// Whether [`Extension::parse`] decodes it.
    #[must_use]
    pub const fn is_recognized(self) -> bool {
        matches!(self.0, 0 | 3 | 4 | 5 | 7 | 8 | 9)
    }
}

/// What precedes the value of an extension, without the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExtensionHeader {
    /// The C bit.
    pub compulsory: bool,
    /// The u bit.
    pub unused: bool,
    /// The type.
    pub extension_type: ExtensionType,
}

impl ExtensionHeader {
    /// Octets before the value.
    pub const LEN: usize = 4;

    pub(crate) fn is_end(&self) -> bool {
        self.extension_type == ExtensionType::END
    }
}

/// Flags and type, length, value; the End Of Extensions is the last, and must be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExtensionFraming {
    ended: bool,
}

impl Framing for ExtensionFraming {
    type Header = ExtensionHeader;
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "extension";
    const WITHIN: &'static str = "NHRP packet";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, ExtensionHeader>>, LengthError> {
        // RFC 2332 section 5.3: the list is terminated by the Null TLV, so there is one more until it came.
        if self.ended {
            return Ok(None);
        }
        let layout: ExtensionLayout =
            zerocopy::transmute!(*reader.peek::<{ ExtensionHeader::LEN }>(Self::ELEMENT)?);
        let flags_and_type = layout.flags_and_type.get();
        let header = ExtensionHeader {
            compulsory: flags_and_type & COMPULSORY != 0,
            unused: flags_and_type & UNUSED != 0,
            extension_type: ExtensionType(flags_and_type & TYPE),
        };
        let value_len = usize::from(layout.length.get());
        let element = reader.element(Self::ELEMENT, header, ExtensionHeader::LEN, value_len, 0)?;
        self.ended = header.extension_type == ExtensionType::END;
        Ok(Some(element))
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: ExtensionHeader) -> Result<Reserved<2>, EmitError> {
        let ExtensionHeader { compulsory, unused, extension_type: ExtensionType(value) } = header;
        if value > TYPE {
            return Err(EmitError::FieldOverflow {
                field: "extension type",
                value: usize::from(value),
                max: usize::from(TYPE),
            });
        }
        let bit = |set: bool, mask: u16| if set { mask } else { 0 };
        writer.u16(bit(compulsory, COMPULSORY) | bit(unused, UNUSED) | value)?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: ExtensionHeader,
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = writer.position().saturating_sub(start).saturating_sub(ExtensionHeader::LEN);
        writer.patch(length, EmitError::fit_u16("extension length", value_len)?.to_be_bytes())
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        let _ = header;
        len.saturating_add(value_len).saturating_add(ExtensionHeader::LEN)
    }
}

/// The extensions of a packet with the End Of Extensions, in the sender's order, which a server must not change.
pub type Extensions<'a> = Chain<'a, ExtensionFraming>;

/// One extension, framed and not decoded.
pub type ExtensionElement<'a> = Element<'a, ExtensionHeader>;

/// What extension type 9 is: the number was given twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ExtensionNine {
    /// Cisco's NAT address: what DMVPN has.
    #[default]
    NatAddress,
    /// The device capabilities of RFC 2735 section 4.2.
    DeviceCapabilities,
}

/// How to read what the wire does not tell. The default is what DMVPN has: both are Cisco's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy {
    /// Which form the authentication extension has.
    pub authentication: AuthenticationForm,
    /// What extension type 9 is.
    pub extension_nine: ExtensionNine,
}

/// An extension, RFC 2332 section 5.3.
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

/// What an extension carries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum ExtensionValue<'a> {
    /// Type 0: the last one. Its value is to be of no octets; kept.
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
    /// A type that is not known here, or a body that is not what its type says.
    Raw {
        /// The type, 14 bits.
        extension_type: ExtensionType,
        /// The value.
        octets: &'a [u8],
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

    /// Octets of the value.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        match self {
            Self::End(octets) | Self::Raw { octets, .. } => octets.len(),
            Self::ResponderAddress(value) => value.wire_len(),
            Self::ForwardTransitNhsRecord(value) | Self::ReverseTransitNhsRecord(value) => value.wire_len(),
            Self::Authentication(value) => value.wire_len(),
            Self::VendorPrivate(value) => value.wire_len(),
            Self::NatAddress(value) => value.wire_len(),
            Self::DeviceCapabilities(_) => DeviceCapabilities::LEN,
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
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

    fn raw(element: &ExtensionElement<'a>) -> Self {
        Self::Raw { extension_type: element.header.extension_type, octets: element.value }
    }
}

impl<'a> Extension<'a> {
    /// The End Of Extensions.
    pub const END: Self = Self { compulsory: true, unused: false, value: ExtensionValue::End(&[]) };

    /// An extension with the compulsory bit as its RFC has it: set, but clear for vendor-private, type 9 and types that
    /// are not known here.
    #[must_use]
    pub const fn new(value: ExtensionValue<'a>) -> Self {
        Self { compulsory: is_compulsory(value.extension_type()), unused: false, value }
    }

    /// Decodes an element. `source_protocol_len` is the packet's
    /// ([`Packet::source_protocol_len`](crate::Packet::source_protocol_len)): the RFC's form of authentication has an
    /// address of that many octets.
    ///
    /// # Errors
    /// When the value is not what the type says.
    pub fn parse(
        element: &ExtensionElement<'a>,
        policy: Policy,
        source_protocol_len: usize,
    ) -> Result<Self, ParseError> {
        let ExtensionHeader { compulsory, unused, .. } = element.header;
        let value = ExtensionValue::parse(element, policy, source_protocol_len)?;
        Ok(Self { compulsory, unused, value })
    }

    /// Decodes an element, or keeps its octets where the value is not what the type says.
    #[must_use]
    pub fn parse_or_keep(element: &ExtensionElement<'a>, policy: Policy, source_protocol_len: usize) -> Self {
        let ExtensionHeader { compulsory, unused, .. } = element.header;
        let value = ExtensionValue::parse(element, policy, source_protocol_len)
            .unwrap_or_else(|_| ExtensionValue::raw(element));
        Self { compulsory, unused, value }
    }

    /// The type.
    #[must_use]
    pub const fn extension_type(&self) -> ExtensionType {
        self.value.extension_type()
    }

    pub(crate) fn is_end(&self) -> bool {
        self.extension_type() == ExtensionType::END
    }

    /// Octets of the extension.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        ExtensionHeader::LEN.saturating_add(self.value.wire_len())
    }

    /// Writes the extension where `writer` stands.
    ///
    /// # Errors
    /// When it does not fit the buffer, or a length its field.
    pub fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.emit_to(&mut ChainWriter::new(writer, ExtensionFraming::default()))
    }

    pub(crate) fn emit_to(&self, chain: &mut ChainWriter<'_, '_, ExtensionFraming>) -> Result<(), EmitError> {
        let Self { compulsory, unused, value } = self;
        let header = ExtensionHeader {
            compulsory: *compulsory,
            unused: *unused,
            extension_type: value.extension_type(),
        };
        chain.push_with(header, |writer| value.emit_into(writer))
    }
}

/// Changes the length field of the extension that `octets` begin with.
pub(crate) fn set_length(octets: &mut [u8], length: u16) {
    if let Ok((layout, _)) = ExtensionLayout::mut_from_prefix(octets) {
        layout.length.set(length);
    }
}

/// Whether the RFC has the compulsory bit set in extensions of a type.
pub(crate) const fn is_compulsory(extension_type: ExtensionType) -> bool {
    matches!(extension_type.0, 0 | 3 | 4 | 5 | 7)
}

#[cfg(test)]
mod tests;
