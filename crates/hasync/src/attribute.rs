//! Attributes: code, length, value.

use wire::{Chain, Element, Emit, EmitError, Framing as _, List, Member, Writer};

use crate::{ParseError, Secret};

pub(crate) mod data;
mod framing;
mod table;

pub use framing::{AttributeFraming, AttributeHeader};
pub use table::{Attribute, AttributeCode};

/// An attribute that was framed and not decoded: [`Attribute::parse`] does that.
pub type AttributeElement<'a> = Element<'a, AttributeHeader>;

/// The attributes that a record is read from.
pub(crate) type AttributeChain<'a> = Chain<'a, AttributeFraming>;

/// The attributes of a message, in their order, those of unknown codes among them: read, or the caller's own.
pub type Attributes<'a> = List<'a, AttributeFraming, Attribute<'a>>;

impl AttributeCode {
    /// Codes from here on are this profile's; those below are left to Cisco.
    pub const PROFILE: u16 = 0x8000;

    /// Whether the code is this profile's and not Cisco's.
    #[must_use]
    pub const fn is_of_profile(self) -> bool {
        self.0 >= Self::PROFILE
    }

    /// Whether the value is a key, or may be one: it is shown nowhere. A code without a name counts as secret, because
    /// nothing is known of the codes that Cisco has and never showed.
    #[must_use]
    pub const fn is_secret(self) -> bool {
        Attribute::is_secret(self)
    }

    /// Whether the value is a run of attributes.
    #[must_use]
    pub const fn is_nested(self) -> bool {
        Attribute::is_nested(self)
    }
}

impl<'a> Attribute<'a> {
    /// Decodes an attribute that was framed. One whose code has no name is [`Attribute::Raw`].
    ///
    /// # Errors
    /// When the value is cut, or its code does not allow it.
    pub fn parse(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
        match element.fault() {
            Some(fault) => Err(fault.into()),
            None => Self::of(element),
        }
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> AttributeCode {
        self.code_of()
    }

    /// An attribute as it came, whatever its code.
    const fn raw(element: &AttributeElement<'a>) -> Self {
        Self::Raw { code: element.header.code, value: Secret::new(element.value), missing: element.missing }
    }
}

// Derived, it would ask for itself: attributes hold attributes.
#[cfg(feature = "defmt")]
impl defmt::Format for Attribute<'_> {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "{} len {=usize}", self.code(), self.data_len());
    }
}

/// The value of the attribute, without code and length: an [`Attributes`] list and a `ChainWriter` write those.
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
        // One level is all there is: a message must not choose how deep this recurses.
        if framing.is_nested() && element.header.code.is_nested() {
            return Self::raw(element);
        }
        // default: what is cut or malformed is kept as octets under its code
        Self::parse(element).unwrap_or(Self::raw(element))
    }
}

/// The error of an attribute that was cut when it was read.
pub(crate) fn cut(code: AttributeCode, missing: usize) -> EmitError {
    // default: an attribute without a name is called what all of them are
    EmitError::CutElement { element: code.name().unwrap_or(AttributeFraming::ELEMENT), missing }
}

/// Octets of these attributes as they are written.
pub(crate) fn attributes_len(attributes: &Attributes<'_>) -> usize {
    match attributes {
        // No value of a known code is written longer or shorter than it came.
        List::Framed(chain) if !chain.framing().passes_over() => chain.octets().len(),
        _ => attributes.chain_len(&AttributeFraming::default()),
    }
}

/// Writes these attributes where `writer` stands.
pub(crate) fn emit_attributes(attributes: &Attributes<'_>, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    attributes.emit_chain(writer, AttributeFraming::default()).map(drop)
}
