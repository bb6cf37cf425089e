//! Data attributes (RFC 2408 section 3.3).

use wire::{Element, Emit, EmitError, Framing, LengthError, List, Member, Reader, Writer};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct AttributeLayout {
    format_and_type: U16,
    length_or_value: U16,
}

const LAYOUT_LEN: usize = 4;
const _: () = assert!(size_of::<AttributeLayout>() == LAYOUT_LEN);

/// The Attribute Format bit.
const BASIC: u16 = 0x8000;

/// The meaning of the Attribute Format bit (RFC 2408 section 3.3). The enum is exhaustive on purpose, because it is
/// one bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AttributeFormat {
    /// Type and value (AF = 1). The value has two octets.
    Basic,
    /// Type, length and value (AF = 0).
    #[default]
    Variable,
}

/// The part of an attribute in front of its value. The struct is exhaustive on purpose, because the figure has no
/// other field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AttributeHeader {
    /// Attribute Type, a number of 15 bits.
    pub attribute_type: u16,
    /// Attribute Format.
    pub format: AttributeFormat,
}

/// A list of attributes. A transform, a configuration payload and a RESPONDER-LIFETIME notification have one.
pub type Attributes<'a> = List<'a, AttributeFraming, Attribute<'a>>;

/// One attribute that was framed. In the basic format its value has two octets.
pub type AttributeElement<'a> = Element<'a, AttributeHeader>;

/// The framing of attributes, which follow each other to the end of the octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct AttributeFraming;

impl Framing for AttributeFraming {
    type Header = AttributeHeader;
    type Open = Option<wire::Reserved<2>>;
    const ELEMENT: &'static str = "data attribute";
    const WITHIN: &'static str = crate::header::WITHIN;

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<AttributeElement<'a>>, LengthError> {
        if reader.is_empty() {
            return Ok(None);
        }
        let layout: AttributeLayout = transmute!(*reader.peek::<LAYOUT_LEN>(Self::ELEMENT)?);
        let word = layout.format_and_type.get();
        let attribute_type = word & !BASIC;
        if word & BASIC == 0 {
            let header = AttributeHeader { attribute_type, format: AttributeFormat::Variable };
            let value_len = usize::from(layout.length_or_value.get());
            reader.element(Self::ELEMENT, header, LAYOUT_LEN, value_len, 0).map(Some)
        } else {
            let header = AttributeHeader { attribute_type, format: AttributeFormat::Basic };
            reader.element(Self::ELEMENT, header, 2, 2, 0).map(Some)
        }
    }

    fn open(&mut self, writer: &mut Writer<'_>, header: AttributeHeader) -> Result<Self::Open, EmitError> {
        if header.attribute_type & BASIC != 0 {
            let value = usize::from(header.attribute_type);
            return Err(EmitError::FieldOverflow { field: "Attribute Type", value, max: 0x7fff });
        }
        match header.format {
            AttributeFormat::Basic => {
                writer.u16(header.attribute_type | BASIC)?;
                Ok(None)
            }
            AttributeFormat::Variable => {
                writer.u16(header.attribute_type)?;
                writer.reserve_u16().map(Some)
            }
        }
    }

    fn close(
        &mut self,
        writer: &mut Writer<'_>,
        _: AttributeHeader,
        length: Self::Open,
        start: usize,
    ) -> Result<(), EmitError> {
        let len = writer.position().saturating_sub(start);
        match length {
            Some(length) => {
                let value_len = len.saturating_sub(LAYOUT_LEN);
                writer.patch(length, EmitError::fit_u16("Attribute Length", value_len)?.to_be_bytes())
            }
            None if len == LAYOUT_LEN => Ok(()),
            None => {
                let value = len.saturating_sub(2);
                Err(EmitError::FieldOverflow { field: "octets of a basic Attribute Value", value, max: 2 })
            }
        }
    }

    fn len_with(&self, len: usize, header: Self::Header, value_len: usize) -> usize {
        // The value of a basic attribute takes the place of the length.
        let header_len = match header.format {
            AttributeFormat::Basic => LAYOUT_LEN.saturating_sub(2),
            AttributeFormat::Variable => LAYOUT_LEN,
        };
        len.saturating_add(header_len).saturating_add(value_len)
    }
}

/// The value of an attribute, in the format that it has on the wire. The enum is exhaustive on purpose: there are two
/// formats, and a value can be incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AttributeValue<'a> {
    /// AF = 1: a number of two octets.
    Basic(u16),
    /// AF = 0: octets with a length.
    Variable(&'a [u8]),
    /// AF = 0, in a message that was cut. Such a value cannot be written.
    Cut {
        /// The octets that are there.
        octets: &'a [u8],
        /// The number of octets that are missing.
        missing: usize,
    },
}

impl<'a> AttributeValue<'a> {
    /// Returns the format of the value.
    #[must_use]
    pub const fn format(&self) -> AttributeFormat {
        match self {
            Self::Basic(_) => AttributeFormat::Basic,
            Self::Variable(_) | Self::Cut { .. } => AttributeFormat::Variable,
        }
    }

    /// Returns the value as a number, most significant octet first. `None` when it is above 2^64 - 1, or when it was
    /// cut.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        match LifeDuration::from(*self) {
            LifeDuration::Number(number) => Some(number),
            LifeDuration::Octets(_) => None,
        }
    }

    /// Returns the octets of a variable value, or those that are there when it was cut. `None` for a basic value.
    #[must_use]
    pub const fn octets(&self) -> Option<&'a [u8]> {
        match self {
            Self::Basic(_) => None,
            Self::Variable(octets) | Self::Cut { octets, .. } => Some(octets),
        }
    }
}

/// A life duration, which senders write in any number of octets. The enum is exhaustive on purpose: a duration fits in
/// 64 bits or it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LifeDuration<'a> {
    /// Seconds or kilobytes, as the life type before it says. A value without octets is 0.
    Number(u64),
    /// A number above 2^64 - 1, most significant octet first, or the octets that are there when the value was cut.
    Octets(&'a [u8]),
}

impl<'a> From<AttributeValue<'a>> for LifeDuration<'a> {
    fn from(value: AttributeValue<'a>) -> Self {
        match value {
            AttributeValue::Basic(value) => Self::Number(u64::from(value)),
            AttributeValue::Cut { octets, .. } => Self::Octets(octets),
            AttributeValue::Variable(octets) => {
                let zeros = octets.iter().take_while(|octet| **octet == 0).count();
                // default: never taken, no more zeros are counted than there are octets
                let significant = octets.get(zeros..).unwrap_or_default();
                if significant.len() > size_of::<u64>() {
                    return Self::Octets(octets);
                }
                Self::Number(significant.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
            }
        }
    }
}

/// A data attribute (RFC 2408 section 3.3). The struct is exhaustive on purpose, because the figure has no other
/// field.
///
/// The place of an attribute decides the meaning of its type: [`doi::oakley`](crate::doi::oakley) in phase 1,
/// [`doi::ipsec`](crate::doi::ipsec) in phase 2, [`payload::configuration`](crate::payload::configuration) in
/// mode-config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Attribute<'a> {
    /// Attribute Type, a number of 15 bits. A greater number cannot be written.
    pub attribute_type: u16,
    /// Attribute Value.
    pub value: AttributeValue<'a>,
}

impl<'a> Attribute<'a> {
    /// Makes an attribute with a value of two octets.
    #[must_use]
    pub fn basic(attribute_type: impl Into<u16>, value: impl Into<u16>) -> Self {
        Self { attribute_type: attribute_type.into(), value: AttributeValue::Basic(value.into()) }
    }

    /// Makes an attribute with a length. Numbers above 65,535 are sent in this format, most significant octet first:
    /// IOS sends a life duration in four octets.
    #[must_use]
    pub fn variable(attribute_type: impl Into<u16>, octets: &'a [u8]) -> Self {
        Self { attribute_type: attribute_type.into(), value: AttributeValue::Variable(octets) }
    }
}

/// Writes the value, without type and length.
impl Emit for Attribute<'_> {
    fn wire_len(&self) -> usize {
        match self.value {
            AttributeValue::Basic(_) => 2,
            AttributeValue::Variable(octets) | AttributeValue::Cut { octets, .. } => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self.value {
            AttributeValue::Basic(value) => writer.u16(value),
            AttributeValue::Variable(octets) => writer.put(octets),
            AttributeValue::Cut { missing, .. } => {
                Err(EmitError::CutElement { element: AttributeFraming::ELEMENT, missing })
            }
        }
    }
}

impl<'a> Member<'a, AttributeFraming> for Attribute<'a> {
    fn header(&self) -> AttributeHeader {
        AttributeHeader { attribute_type: self.attribute_type, format: self.value.format() }
    }

    /// Decodes an attribute. An attribute that is cut has the octets that are there, and tells how many are missing.
    fn decode(element: &AttributeElement<'a>, _: &AttributeFraming) -> Self {
        let value = match (element.header.format, element.value) {
            (_, octets) if element.is_cut() => AttributeValue::Cut { octets, missing: element.missing },
            (AttributeFormat::Basic, [high, low]) => AttributeValue::Basic(u16::from_be_bytes([*high, *low])),
            (_, octets) => AttributeValue::Variable(octets),
        };
        Self { attribute_type: element.header.attribute_type, value }
    }
}

/// Returns the number of octets of a list as it is written.
pub(crate) fn attributes_len(list: &Attributes<'_>) -> usize {
    match list {
        // A list that was read is written in the same number of octets.
        List::Framed(chain) => chain.octets().len(),
        List::Values(_) => list.wire_len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    /// The list of RFC 2407 section 4.5.2: 24 hours or 100 MB.
    const LIFETIMES: [u8; 24] =
        [0x80, 1, 0, 1, 0, 2, 0, 4, 0, 1, 0x51, 0x80, 0x80, 1, 0, 2, 0, 2, 0, 4, 0, 1, 0x86, 0xa0];

    #[test]
    fn rfc_2407_section_4_5_2_the_lifetime_list() {
        let read = Attributes::parse(&LIFETIMES, 0, AttributeFraming).unwrap();
        let values: Vec<_> = read.iter().map(|a| (a.attribute_type, a.value.number().unwrap())).collect();
        assert_eq!(values, [(1, 1), (2, 86_400), (1, 2), (2, 100_000)]);
        let (seconds, kilobytes) = (86_400u32.to_be_bytes(), 100_000u32.to_be_bytes());
        let values = [
            Attribute::basic(1u16, 1u16),
            Attribute::variable(2u16, &seconds),
            Attribute::basic(1u16, 2u16),
            Attribute::variable(2u16, &kilobytes),
        ];
        let built = Attributes::from(&values);
        assert_eq!(built, read);
        for list in [built, read] {
            assert_eq!(
                (list.emit(&mut [0; 24]).unwrap(), attributes_len(&list)),
                (&mut { LIFETIMES }[..], 24)
            );
        }
    }

    #[test]
    fn life_durations_of_any_length() {
        let duration = |octets| LifeDuration::from(AttributeValue::Variable(octets));
        assert_eq!(duration(&[]), LifeDuration::Number(0));
        assert_eq!(duration(&[7]), LifeDuration::Number(7));
        assert_eq!(duration(&[1, 0, 0]), LifeDuration::Number(65_536));
        assert_eq!(duration(&[0xff; 8]), LifeDuration::Number(u64::MAX));
        assert_eq!(
            duration(&[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            LifeDuration::Number(u64::MAX)
        );
        assert_eq!(
            duration(&[1, 0, 0, 0, 0, 0, 0, 0, 0]),
            LifeDuration::Octets(&[1, 0, 0, 0, 0, 0, 0, 0, 0])
        );
        assert_eq!(AttributeValue::Basic(120).number(), Some(120));
    }

    #[test]
    fn an_attribute_that_ends_after_the_octets_is_an_error() {
        let error = Attributes::parse(&[0x80, 1, 0, 1, 0, 2, 0, 4, 9], 0, AttributeFraming).unwrap_err();
        assert_eq!(
            error,
            LengthError::Ends {
                within: "ISAKMP message",
                element: "data attribute",
                offset: 4,
                needed: 8,
                available: 5
            }
        );
    }

    #[test]
    fn an_attribute_that_is_cut_is_kept_with_what_is_there() {
        let octets = [0x80, 1, 0, 1, 0, 2, 0, 4, 9, 8, 7, 6];
        for cut in 5..12 {
            let wire::Parsed { value, rest, fault } =
                Attributes::parse_until_error(&octets[..cut], 100, AttributeFraming);
            assert_eq!(fault.unwrap().offset(), 104);
            if cut < 8 {
                assert_eq!((value.count(), rest), (1, &octets[4..cut]));
                continue;
            }
            let there = AttributeValue::Cut { octets: &octets[8..cut], missing: 12 - cut };
            let attribute = Attribute { attribute_type: 2, value: there };
            assert_eq!(value.iter().nth(1), Some(attribute));
            assert_eq!((there.number(), there.octets()), (None, Some(&octets[8..cut])));
            let error = EmitError::CutElement { element: "data attribute", missing: 12 - cut };
            assert_eq!(Attributes::from(&[attribute]).emit(&mut [0; 12]), Err(error));
            assert_eq!(value.elements().nth(1).unwrap().missing, 12 - cut);
        }
    }

    #[test]
    fn what_fits_no_field_is_refused() {
        let mut buffer = [0; 16];
        let mut writer = Writer::new(&mut buffer);
        let mut out = wire::ChainWriter::new(&mut writer, AttributeFraming);
        assert_eq!(
            out.push(&Attribute::basic(0x8001u16, 1u16)),
            Err(EmitError::FieldOverflow { field: "Attribute Type", value: 0x8001, max: 0x7fff })
        );
        assert_eq!(out.push(&Attribute::basic(0x7fffu16, 1u16)), Ok(2..4));
        assert_eq!(out.push(&Attribute::variable(1u16, &[1])), Ok(8..9));
        assert_eq!(writer.written(), [0xff, 0xff, 0, 1, 0, 1, 0, 1, 1]);
    }
}
