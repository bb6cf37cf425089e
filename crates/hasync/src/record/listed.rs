//! What a record may have more than once.

use wire::{Chain, Emit, EmitError, Member, Writer};

use super::declaration::Attributed;
use super::{Exchange, IpsecSa, MessageId, NhrpEntry, ReplayUpdate, SaIdentifier};
use crate::attribute::data::{Data, Holds};
use crate::attribute::{AttributeElement, cut};
use crate::{AttributeCode, AttributeFraming, AttributeHeader, ParseError, Secret};

/// What stands in a list of a record: what one attribute says, or an attribute that does not say it.
///
/// [`Envelope::from_message`](crate::Envelope::from_message) refuses a record with a malformed one, so that the lists of
/// a record that it returned have none; a list over other attributes may. Either of both it is: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Listed<'a, T> {
    /// What the attribute says.
    Value(T),
    /// An attribute of another code, or one whose value is cut or malformed. A list writes it as it came, unless it was
    /// cut; a record refuses to be written with it, because none is read from a message that has one.
    Malformed {
        /// Its code.
        code: AttributeCode,
        /// Its value, or what there is of it. It is not shown, because it may be a key.
        #[cfg_attr(feature = "serde", serde(skip))]
        octets: Secret<'a>,
        /// Octets of the value that were missing when it was read. A value that lacks some is not written.
        missing: usize,
    },
}

impl<T> Listed<'_, T> {
    /// What the attribute says, unless it is malformed.
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

/// The value of the attribute, without code and length.
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

/// What one attribute says that a record may have more than once. Only this crate implements it.
pub trait Repeated<'a>: Clone {
    /// The code of the attribute.
    const CODE: AttributeCode;

    /// What an attribute of that code says.
    ///
    /// # Errors
    /// When the value is cut or malformed.
    fn from_attribute(element: &AttributeElement<'a>) -> Result<Self, ParseError>;

    /// Octets of the value.
    fn value_len(&self) -> usize;

    /// Writes the value.
    ///
    /// # Errors
    /// When it does not fit.
    fn emit_value(&self, writer: &mut Writer<'_>) -> Result<(), EmitError>;
}

/// Types that the table of attributes has for a code.
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

/// Records that one attribute holds.
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
    /// What an [`AttributeCode::IPSEC_SA`] says.
    ///
    /// # Errors
    /// When the attribute has another code, or is cut, or one inside is missing, there twice, or malformed.
    pub fn from_element(element: &AttributeElement<'a>) -> Result<Self, ParseError> {
        of_code(element)
    }
}

impl NhrpEntry {
    /// What an [`AttributeCode::NHRP_ENTRY`] says.
    ///
    /// # Errors
    /// When the attribute has another code, or is cut, or one inside is missing, there twice, or malformed.
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
