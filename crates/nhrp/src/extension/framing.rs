//! How extensions are framed.

use core::mem::size_of;

use wire::{Chain, Element, EmitError, Framing, LengthError, List, Reader, Reserved, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::{Extension, FixedPart, Policy};

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

    /// Whether the RFC has the compulsory bit set in extensions of the type.
    pub(crate) const fn is_compulsory(self) -> bool {
        matches!(self.0, 0 | 3 | 4 | 5 | 7)
    }

    /// What an extension of the type is called in errors.
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

/// What precedes the value of an extension, without the length. The RFC fixes the fields, so the struct is exhaustive.
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
}

/// How extensions are framed: flags and type, length, value. The End Of Extensions ends them and must be there: it is no
/// member, and stands in the [`rest`](wire::Chain::rest) of their chain.
///
/// It carries what the octets of an extension do not tell: the policy, and how long the packet's source protocol address is.
/// By default that is the default policy and no address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExtensionFraming {
    pub(crate) policy: Policy,
    pub(crate) source_protocol_len: usize,
}

impl ExtensionFraming {
    /// Extensions read under `policy`, in a packet whose source protocol address has `source_protocol_len` octets: the RFC's
    /// form of authentication has an address of that many.
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
        // RFC 2332 section 5.3: the list is terminated by the Null TLV, so there is one more until it came.
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

/// The extensions of a packet, in the sender's order, which a server must not change: read from a packet, or the values that
/// one is built from.
///
/// The End Of Extensions is not among them: it is derived, and written behind them
/// ([`Packet::end_of_extensions`](crate::Packet::end_of_extensions)).
pub type Extensions<'a> = List<'a, ExtensionFraming, Extension<'a>>;

/// The extension that `reader` stands at, whichever it is.
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

/// The End Of Extensions of a chain that was read: what stands behind its last element.
///
/// Where it is not there, or not whole, the packet was cut.
pub(crate) fn end_of<'a>(
    chain: &Chain<'a, ExtensionFraming>,
) -> Result<(ExtensionElement<'a>, Reader<'a>), LengthError> {
    let mut reader = Reader::at(ExtensionFraming::WITHIN, chain.rest(), chain.rest_offset());
    let element = next(&mut reader)?;
    Ok((element, reader))
}

/// One extension, framed and not decoded.
pub type ExtensionElement<'a> = Element<'a, ExtensionHeader>;

/// Changes the length field of the extension that `octets` begin with.
pub(crate) fn set_length(octets: &mut [u8], length: u16) -> Result<(), EmitError> {
    let available = octets.len();
    let (layout, _) = ExtensionLayout::mut_from_prefix(octets)
        .map_err(|_| EmitError::BufferTooSmall { needed: ExtensionHeader::LEN, available })?;
    layout.length.set(length);
    Ok(())
}
