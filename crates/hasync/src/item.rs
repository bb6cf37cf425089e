//! What records are written through, and what a list may hold. Not named by the outside.

use wire::{ChainWriter, EmitError, Writer};

use crate::attribute::{AttributeFraming, put_value};
use crate::{Attribute, AttributeCode, ParseError, Value};

/// Where a record puts its attributes.
pub trait Sink {
    /// Puts one attribute.
    ///
    /// # Errors
    /// When it does not fit.
    fn put(&mut self, value: Value<'_>) -> Result<(), EmitError>;

    /// Puts an attribute that holds attributes, which `inside` puts.
    ///
    /// # Errors
    /// When they do not fit.
    fn nest(
        &mut self,
        code: AttributeCode,
        inside: impl FnOnce(&mut Self) -> Result<(), EmitError>,
    ) -> Result<(), EmitError>;
}

/// What stands in a list: a record that one attribute holds.
pub trait Item<'a>: Copy {
    /// The attribute.
    const CODE: AttributeCode;

    /// What a framed attribute of that code says.
    ///
    /// # Errors
    /// When it says nothing of its code.
    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError>;

    /// Puts the attribute.
    ///
    /// # Errors
    /// When it does not fit.
    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError>;
}

/// Counts octets.
#[derive(Default)]
pub(crate) struct Counter(pub(crate) usize);

impl Sink for Counter {
    fn put(&mut self, value: Value<'_>) -> Result<(), EmitError> {
        self.0 = self.0.saturating_add(value.wire_len());
        Ok(())
    }

    fn nest(
        &mut self,
        _: AttributeCode,
        inside: impl FnOnce(&mut Self) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        self.0 = self.0.saturating_add(crate::attribute::HEADER_LEN);
        inside(self)
    }
}

/// Writes octets.
impl Sink for Writer<'_> {
    fn put(&mut self, value: Value<'_>) -> Result<(), EmitError> {
        put_value(&value, self)
    }

    fn nest(
        &mut self,
        code: AttributeCode,
        inside: impl FnOnce(&mut Self) -> Result<(), EmitError>,
    ) -> Result<(), EmitError> {
        ChainWriter::new(self, AttributeFraming).push_with(code, inside)
    }
}

/// Takes a value that a record has once.
pub(crate) fn once<T>(slot: &mut Option<T>, value: T, attribute: &Attribute<'_>) -> Result<(), ParseError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(ParseError::DuplicateAttribute { code: attribute.code, offset: attribute.offset }),
    }
}

/// A value that a record must have.
pub(crate) fn required<T>(slot: Option<T>, code: AttributeCode) -> Result<T, ParseError> {
    slot.ok_or(ParseError::MissingAttribute { code })
}
