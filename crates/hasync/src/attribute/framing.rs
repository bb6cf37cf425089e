//! How attributes are framed: code, length of the value, value. No padding.

use wire::{Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

use super::AttributeCode;

/// What precedes the value of an attribute: its code. The length of the value is derived.
///
/// It is not `Serialize` on purpose: an element that was framed shows its octets when it is serialized, and they may be
/// a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttributeHeader {
    /// What the attribute says.
    pub code: AttributeCode,
}

impl AttributeHeader {
    /// Octets of code and length.
    pub const LEN: usize = 4;
}

/// How attributes are framed: two octets of code, two octets with the length of the value, the value. No padding.
///
/// Its state is the depth, because attributes inside attributes hold no others; for the list of a record the one code
/// that the list is made of; and how many octets of a message that was cut are missing, so that no record is read from
/// it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AttributeFraming {
    is_nested: bool,
    only: Option<AttributeCode>,
    missing: usize,
}

impl AttributeFraming {
    /// The framing of attributes that stand inside an attribute.
    pub(crate) const fn nested() -> Self {
        Self { is_nested: true, only: None, missing: 0 }
    }

    /// The framing of a message that lacks so many octets of what its header declares.
    pub(crate) const fn of_message(missing: usize) -> Self {
        Self { is_nested: false, only: None, missing }
    }

    /// The same framing, passing over all attributes but those of this code.
    pub(crate) const fn only(self, code: AttributeCode) -> Self {
        Self { only: Some(code), ..self }
    }

    /// Whether the attributes stand inside an attribute.
    pub(crate) const fn is_nested(&self) -> bool {
        self.is_nested
    }

    /// Octets that the message lacks.
    pub(crate) const fn missing(&self) -> usize {
        self.missing
    }

    /// Whether attributes of some codes are passed over.
    pub(crate) const fn passes_over(&self) -> bool {
        self.only.is_some()
    }
}

impl Framing for AttributeFraming {
    type Header = AttributeHeader;
    type Open = Reserved<2>;
    const ELEMENT: &'static str = "HA attribute";
    const WITHIN: &'static str = "HA message";

    fn split<'a>(
        &mut self,
        reader: &mut Reader<'a>,
    ) -> Result<Option<Element<'a, AttributeHeader>>, LengthError> {
        while !reader.is_empty() {
            let [a, b, high, low] = *reader.peek(Self::ELEMENT)?;
            let code = AttributeCode(u16::from_be_bytes([a, b]));
            let value_len = usize::from(u16::from_be_bytes([high, low]));
            // default: an attribute without a name is called what all of them are
            let name = code.name().unwrap_or(Self::ELEMENT);
            let element =
                reader.element(name, AttributeHeader { code }, AttributeHeader::LEN, value_len, 0)?;
            if self.only.is_none_or(|only| only == code) {
                return Ok(Some(element));
            }
            if let Some(fault) = element.fault() {
                return Err(fault);
            }
        }
        Ok(None)
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: AttributeHeader) -> Result<Reserved<2>, EmitError> {
        writer.u16(header.code.0)?;
        writer.reserve_u16()
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: AttributeHeader,
        length: Reserved<2>,
        start: usize,
    ) -> Result<(), EmitError> {
        let value_len = writer.position().saturating_sub(start).saturating_sub(AttributeHeader::LEN);
        writer.patch(length, EmitError::fit_u16("attribute length", value_len)?.to_be_bytes())
    }

    fn len_with(&self, len: usize, _: AttributeHeader, value_len: usize) -> usize {
        len.saturating_add(AttributeHeader::LEN).saturating_add(value_len)
    }
}
