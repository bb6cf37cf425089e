//! Attributes: a code, a length and a value.

use wire::{Chain, Element, Emit, EmitError, Framing as _, List, Member, Writer};

use crate::{ParseError, Secret};

pub(crate) mod data;
mod framing;
mod table;

pub use framing::{AttributeFraming, AttributeHeader};
pub use table::{Attribute, AttributeCode};

/// An attribute that is framed but not decoded. [`Attribute::parse`] decodes it.
pub type AttributeElement<'a> = Element<'a, AttributeHeader>;

/// The framed attributes that a record is read from.
pub(crate) type AttributeChain<'a> = Chain<'a, AttributeFraming>;

/// The attributes of a message in their order, including those of unknown code. They were read from octets, or they are
/// the caller's own values.
pub type Attributes<'a> = List<'a, AttributeFraming, Attribute<'a>>;

impl AttributeCode {
    /// The first attribute code of this profile. Lower codes are left to Cisco.
    pub const PROFILE: u16 = 0x8000;

    /// Whether the code is this profile's and not Cisco's.
    #[must_use]
    pub const fn is_of_profile(self) -> bool {
        self.0 >= Self::PROFILE
    }

    /// Whether the value is or may be a key, so that it is never shown. This includes all unknown codes, because
    /// nothing is known about the codes that Cisco never published.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        Attribute::is_secret(self)
    }

    /// Whether the value is a list of attributes.
    #[must_use]
    pub const fn is_nested(self) -> bool {
        Attribute::is_nested(self)
    }
}

impl<'a> Attribute<'a> {
    /// Decodes a framed attribute. An attribute of unknown code becomes [`Attribute::Raw`].
    ///
    /// # Errors
    /// Returns [`ParseError`] when the value is cut, or is not allowed for its code.
    pub fn parse(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
        match element.fault() {
            Some(fault) => Err(fault.into()),
            None => Self::of(element),
        }
    }

    /// The code of the attribute.
    #[must_use]
    pub const fn code(&self) -> AttributeCode {
        self.code_of()
    }

    /// The attribute with its octets, whatever its code.
    const fn raw(element: &AttributeElement<'a>) -> Self {
        Self::Raw { code: element.header.code, value: Secret::new(element.value), missing: element.missing }
    }
}

// A derived implementation would need itself, because attributes hold attributes.
#[cfg(feature = "defmt")]
impl defmt::Format for Attribute<'_> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "{} len {=usize}", self.code(), self.data_len());
    }
}

/// Writes the value of the attribute, without code and length. An [`Attributes`] list and a `ChainWriter` write those.
impl Emit for Attribute<'_> {
    fn wire_len(&self) -> usize {
        self.data_len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.write_data(writer)
    }
}

impl<'a> Member<'a, AttributeFraming> for Attribute<'a> {
    fn header(&self) -> AttributeHeader {
        AttributeHeader { code: self.code() }
    }

    fn decode(element: &AttributeElement<'a>, framing: &AttributeFraming) -> Self {
        // Attributes nest one level deep only, so that a message cannot choose the depth of this recursion.
        if framing.is_nested() && element.header.code.is_nested() {
            return Self::raw(element);
        }
        // default: a value that is cut or malformed is kept as octets under its code
        Self::parse(element).unwrap_or(Self::raw(element))
    }
}

/// The error for writing an attribute that was cut when it was read.
pub(crate) fn cut(code: AttributeCode, missing: usize) -> EmitError {
    // default: an attribute without a name is called by the name that all attributes share
    EmitError::CutElement { element: code.name().unwrap_or(AttributeFraming::ELEMENT), missing }
}

/// The number of octets that [`emit_attributes`] writes.
pub(crate) fn attributes_len(attributes: &Attributes<'_>) -> usize {
    match attributes {
        // A value of known code is always written with the length with which it was read.
        List::Framed(chain) if !chain.framing().passes_over() => chain.octets().len(),
        _ => attributes.chain_len(&AttributeFraming::default()),
    }
}

/// Writes these attributes at the position of `writer`.
pub(crate) fn emit_attributes(attributes: &Attributes<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    attributes.emit_chain(writer, AttributeFraming::default()).map(drop)
}
