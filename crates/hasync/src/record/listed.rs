//! Members of the lists in records.

use wire::{Chain, Emit, EmitError, Member, Writer};

use super::declaration::Attributed;
use super::{Exchange, IpsecSa, MessageId, NhrpEntry, ReplayUpdate, SaIdentifier};
use crate::attribute::data::{Data, Holds};
use crate::attribute::{AttributeElement, cut};
use crate::{AttributeCode, AttributeFraming, AttributeHeader, ParseError, Secret};

/// A member of a list in a record: a value, or an attribute that does not hold a value of this list.
///
/// To build a list, make each member of its value with `Listed::from`. To read one, take the values with
/// [`into_value`](Self::into_value).
///
/// In a record that [`Envelope::from_message`](crate::Envelope::from_message) returns, every member is a
/// [`Value`](Self::Value), because it refuses a record with any other member. Only a list that the caller made from a
/// chain of attributes can have a member that is [`Malformed`](Self::Malformed). There are only these two cases, so the
/// enum is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Listed<'a, T> {
    /// The value of the attribute.
    Value(T),
    /// The attribute has another code than the members of this list, or its value is cut or malformed.
    ///
    /// Writing a record with such a member is an error, because the receiver would refuse the record. Writing the list
    /// alone copies the attribute unchanged, unless it was cut.
    Malformed {
        /// The code of the attribute.
        code: AttributeCode,
        /// The value, or the part of it that is there. It is not shown, because it may be a key.
        #[cfg_attr(feature = "serde", serde(skip))]
        octets: Secret<'a>,
        /// The number of octets of the value that were missing when it was read. If it is not 0, the attribute is not
        /// written.
        missing: usize,
    },
}

impl<T> Listed<'_, T> {
    /// The value. `None` when the attribute is malformed.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Malformed { .. } => None,
        }
    }
}

impl<T> From<T> for Listed<'_, T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// Writes the value of the attribute, without code and length.
impl<'a, T: Repeated<'a>> Emit for Listed<'a, T> {
    fn wire_len(&self) -> usize {
        match self {
            Self::Value(value) => value.value_len(),
            Self::Malformed { octets, .. } => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Value(value) => value.emit_value(writer),
            Self::Malformed { code, missing, .. } if *missing != 0 => Err(cut(*code, *missing)),
            Self::Malformed { octets, .. } => writer.put(octets.expose()),
        }
    }
}

impl<'a, T: Repeated<'a>> Member<'a, AttributeFraming> for Listed<'a, T> {
    fn header(&self) -> AttributeHeader {
        match self {
            Self::Value(_) => AttributeHeader { code: T::CODE },
            Self::Malformed { code, .. } => AttributeHeader { code: *code },
        }
    }

    fn decode(element: &AttributeElement<'a>, _: &AttributeFraming) -> Self {
        let code = element.header.code;
        match T::from_attribute(element) {
            Ok(value) if code == T::CODE => Self::Value(value),
            _ => Self::Malformed { code, octets: Secret::new(element.value), missing: element.missing },
        }
    }
}

/// The value of an attribute that a record may have more than once. Only this crate implements it.
pub trait Repeated<'a>: Clone {
    /// The code of the attribute.
    const CODE: AttributeCode;

    /// Decodes an attribute of that code.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the value is cut or malformed.
    fn from_attribute(element: &AttributeElement<'a>) -> Result<Self, ParseError>;

    /// The length of the value in octets.
    fn value_len(&self) -> usize;

    /// Writes the value.
    ///
    /// # Errors
    /// Returns [`EmitError`] when the value does not fit.
    fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError>;
}

/// Implements the trait for types in the table of attributes.
macro_rules! plain {
    ($($ty:ty = $code:ident;)*) => { $(
        impl<'a> Repeated<'a> for $ty {
            const CODE: AttributeCode = AttributeCode::$code;

            fn from_attribute(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
                const fn is_in_the_table<'a, T: Holds<'a, { AttributeCode::$code.0 }>>() {}
                const { is_in_the_table::<'a, Self>() };
                match element.fault() {
                    Some(fault) => Err(fault.into()),
                    None => Self::read(element.name, element.reader()),
                }
            }

            fn value_len(&self) -> usize {
                Data::len(self)
            }

            fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                self.write(writer)
            }
        }
    )* };
}

plain! {
    MessageId = MESSAGE_ID;
    Exchange<'a> = EXCHANGE;
    ReplayUpdate = REPLAY_UPDATE;
    SaIdentifier = SA_IDENTIFIER;
}

/// Implements the trait for records that are held by one attribute.
macro_rules! nested {
    ($($name:ident $(<$lifetime:lifetime>)? = $code:ident;)*) => { $(
        impl<'a> Repeated<'a> for $name $(<$lifetime>)? {
            const CODE: AttributeCode = AttributeCode::$code;

            fn from_attribute(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
                if let Some(fault) = element.fault() {
                    return Err(fault.into());
                }
                let framing = AttributeFraming::nested();
                Self::read(&Chain::parse(element.value, element.value_offset, framing)?)
            }

            fn value_len(&self) -> usize {
                self.run_len()
            }

            fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                self.emit_run(writer)
            }
        }
    )* };
}

nested! {
    IpsecSa<'a> = IPSEC_SA;
    NhrpEntry = NHRP_ENTRY;
}

impl<'a> IpsecSa<'a> {
    /// Reads the SA in an attribute of code [`AttributeCode::IPSEC_SA`].
    ///
    /// # Errors
    /// Returns [`ParseError::MissingAttribute`] when the attribute has another code or lacks an inner attribute,
    /// [`ParseError::DuplicateAttribute`] when an inner attribute is there twice, and another [`ParseError`] when an
    /// attribute is cut or malformed.
    pub fn from_element(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
        of_code(element)
    }
}

impl NhrpEntry {
    /// Reads the cache entry in an attribute of code [`AttributeCode::NHRP_ENTRY`].
    ///
    /// # Errors
    /// Returns [`ParseError::MissingAttribute`] when the attribute has another code or lacks an inner attribute,
    /// [`ParseError::DuplicateAttribute`] when an inner attribute is there twice, and another [`ParseError`] when an
    /// attribute is cut or malformed.
    pub fn from_element(element: &AttributeElement<'_>) -> Result<Self, ParseError> {
        of_code(element)
    }
}

fn of_code<'a, T: Repeated<'a>>(element: &AttributeElement<'a>) -> Result<T, ParseError> {
    if element.header.code == T::CODE {
        T::from_attribute(element)
    } else {
        Err(ParseError::MissingAttribute { code: T::CODE })
    }
}
