//! The framing of attributes: a code, the length of the value, and the value, without padding.

use wire::{Element, EmitError, Framing, LengthError, Reader, Reserved, Writer};

use super::AttributeCode;

/// The header of an attribute: its code. The length of the value is derived.
///
/// It is not `Serialize` on purpose. Serializing a framed element would show its octets, and they may be a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttributeHeader {
    /// The code of the attribute.
    pub code: AttributeCode,
}

impl AttributeHeader {
    /// The length of the code and the length field in octets.
    pub const LEN: usize = 4;
}

/// The framing of attributes: two octets with the code, two octets with the length of the value, and the value. There
/// is no padding.
///
/// Its state has three parts. The depth is there because attributes inside attributes hold no further ones. The list of
/// a record has the one code that the list is made of. For a message that was cut, it has the number of missing octets,
/// so that no record is read from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AttributeFraming {
    is_nested: bool,
    only: Option<AttributeCode>,
    missing: usize,
}

impl AttributeFraming {
    /// The framing of attributes inside an attribute.
    pub(crate) const fn nested() -> Self {
        Self { is_nested: true, only: None, missing: 0 }
    }

    /// The framing of a message that lacks `missing` of the octets that its header declares.
    pub(crate) const fn of_message(missing: usize) -> Self {
        Self { is_nested: false, only: None, missing }
    }

    /// The same framing, limited to attributes of this code. All others are skipped.
    pub(crate) const fn only(self, code: AttributeCode) -> Self {
        Self { only: Some(code), ..self }
    }

    /// Whether the attributes are inside an attribute.
    pub(crate) const fn is_nested(&self) -> bool {
        self.is_nested
    }

    /// The number of octets that the message lacks.
    pub(crate) const fn missing(&self) -> usize {
        self.missing
    }

    /// Whether attributes of other codes are skipped.
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
            // default: an attribute without a name is called by the name that all attributes share
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
