//! The framing of extensions.

use core::mem::size_of;

use wire::{Chain, Element, EmitError, Framing, LengthError, List, Reader, Reserved, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Extension, FixedPart, Policy};

/// The header of an extension in front of its value (RFC 2332 section 5.3).
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
    /// Type of an extension, a number of 14 bits (RFC 2332 section 5.3).
    pub struct ExtensionType(u16) {
        /// Ends the extensions (RFC 2332 section 5.3.0).
        END = 0 => "End Of Extensions",
        /// Names the station that answered (RFC 2332 section 5.3.1).
        RESPONDER_ADDRESS = 3 => "Responder Address",
        /// Records the servers that forwarded the request (RFC 2332 section 5.3.2).
        FORWARD_TRANSIT_NHS_RECORD = 4 => "Forward Transit NHS Record",
        /// Records the servers that forwarded the reply (RFC 2332 section 5.3.3).
        REVERSE_TRANSIT_NHS_RECORD = 5 => "Reverse Transit NHS Record",
        /// Authenticates the packet (RFC 2332 section 5.3.4).
        AUTHENTICATION = 7 => "Authentication",
        /// Holds data of a vendor (RFC 2332 section 5.3.5).
        VENDOR_PRIVATE = 8 => "Vendor-Private",
        /// Number 9 has two uses: Cisco's NAT Address, and the Device Capabilities of RFC 2735 section 4.2. The
        /// [`Policy`](crate::Policy) says which is meant.
        NAT_ADDRESS_OR_DEVICE_CAPABILITIES = 9 => "NAT Address",
        /// Authenticates a mobile node.
        MOBILE_AUTHENTICATION = 10 => "Mobile Authentication",
    }
}

impl ExtensionType {
    /// Returns whether [`Extension::parse`] decodes extensions of the type.
    #[must_use]
    pub const fn is_recognized(self) -> bool {
        matches!(self.0, 0 | 3 | 4 | 5 | 7 | 8 | 9)
    }

    /// Returns whether the RFC has the compulsory bit set in extensions of the type.
    pub(crate) const fn is_compulsory(self) -> bool {
        matches!(self.0, 0 | 3 | 4 | 5 | 7)
    }

    /// Returns the name of an extension of the type in errors.
    pub(crate) const fn element(self) -> &'static str {
        match self {
            Self::END => "End Of Extensions",
            Self::RESPONDER_ADDRESS => "Responder Address extension",
            Self::FORWARD_TRANSIT_NHS_RECORD => "Forward Transit NHS Record extension",
            Self::REVERSE_TRANSIT_NHS_RECORD => "Reverse Transit NHS Record extension",
            Self::AUTHENTICATION => "Authentication extension",
            Self::VENDOR_PRIVATE => "Vendor-Private extension",
            Self::NAT_ADDRESS_OR_DEVICE_CAPABILITIES => "NAT Address or Device Capabilities extension",
            Self::MOBILE_AUTHENTICATION => "Mobile Authentication extension",
            _ => ExtensionFraming::ELEMENT,
        }
    }
}

/// The flags and the type in front of the value of an extension. The length is derived, so it is not a field. The
/// struct is exhaustive, because the RFC fixes its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExtensionHeader {
    /// The C bit: a station that would reply must know the extension.
    pub compulsory: bool,
    /// The u bit, which is unused.
    pub unused: bool,
    /// The type of the extension.
    pub extension_type: ExtensionType,
}

impl ExtensionHeader {
    /// The number of octets in front of the value.
    pub const LEN: usize = 4;
}

/// The framing of extensions: flags and type, length, value. The End Of Extensions must end them. It is not a member
/// of their list, and stands in the [`rest`](wire::Chain::rest) of their chain.
///
/// The framing holds what the octets of an extension do not tell: the policy, and the length of the packet's source
/// protocol address. The default has the default policy and a length of 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExtensionFraming {
    pub(crate) policy: Policy,
    pub(crate) source_protocol_len: usize,
}

impl ExtensionFraming {
    /// Makes the framing of extensions that are read under `policy`, in a packet whose source protocol address has
    /// `source_protocol_len` octets. The RFC's form of authentication contains an address of that length.
    #[must_use]
    pub const fn new(policy: Policy, source_protocol_len: usize) -> Self {
        Self { policy, source_protocol_len }
    }
}

impl Framing for ExtensionFraming {
    type Header = ExtensionHeader;
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "extension";
    const WITHIN: &'static str = FixedPart::WITHIN;

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, ExtensionHeader>>, LengthError> {
        // RFC 2332 section 5.3: the Null TLV terminates the list, so another extension must follow until it has come.
        let mut behind = *reader;
        let element = next(&mut behind)?;
        if element.header.extension_type == ExtensionType::END {
            return Ok(None);
        }
        *reader = behind;
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

    fn len_with(&self, len: usize, _: ExtensionHeader, value_len: usize) -> usize {
        len.saturating_add(value_len).saturating_add(ExtensionHeader::LEN)
    }
}

/// A list of extensions in the sender's order, which a server must not change. It holds extensions that were read from
/// a packet, or values that a packet is built from.
///
/// The End Of Extensions is not a member of the list. It is derived, and written behind the list
/// ([`Packet::end_of_extensions`](crate::Packet::end_of_extensions)).
pub type Extensions<'a> = List<'a, ExtensionFraming, Extension<'a>>;

/// Reads the extension at which `reader` stands, whatever its type is.
fn next<'a>(reader: &mut Reader<'a>) -> Result<ExtensionElement<'a>, LengthError> {
    let layout: ExtensionLayout =
        zerocopy::transmute!(*reader.peek::<{ ExtensionHeader::LEN }>(ExtensionFraming::ELEMENT)?);
    let flags_and_type = layout.flags_and_type.get();
    let header = ExtensionHeader {
        compulsory: flags_and_type & COMPULSORY != 0,
        unused: flags_and_type & UNUSED != 0,
        extension_type: ExtensionType(flags_and_type & TYPE),
    };
    let value_len = usize::from(layout.length.get());
    reader.element(header.extension_type.element(), header, ExtensionHeader::LEN, value_len, 0)
}

/// Returns the End Of Extensions of a chain that was read: the extension behind its last element.
///
/// When it is missing or not whole, the packet was cut.
pub(crate) fn end_of<'a>(
    chain: &Chain<'a, ExtensionFraming>,
) -> Result<(ExtensionElement<'a>, Reader<'a>), LengthError> {
    let mut reader = Reader::at(ExtensionFraming::WITHIN, chain.rest(), chain.rest_offset());
    let element = next(&mut reader)?;
    Ok((element, reader))
}

/// One extension that was framed but not decoded.
pub type ExtensionElement<'a> = Element<'a, ExtensionHeader>;

/// Changes the length field of the extension at the start of `octets`.
pub(crate) fn set_length(octets: &mut [u8], length: u16) -> Result<(), EmitError> {
    let available = octets.len();
    let (layout, _) = ExtensionLayout::mut_from_prefix(octets)
        .map_err(|_| EmitError::BufferTooSmall { needed: ExtensionHeader::LEN, available })?;
    layout.length.set(length);
    Ok(())
}
