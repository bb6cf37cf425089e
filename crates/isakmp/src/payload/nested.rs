//! Payloads inside payloads: proposals in a security association, and transforms in a proposal.

use wire::{Emit, EmitError, Member, Writer};

use super::framing::{PayloadElement, PayloadFraming, PayloadHeader, name_of, put_whole};
use super::payload_type::PayloadType;
use crate::ParseError;

/// A body that can stand inside another payload. It has only one number. Other crates cannot implement this trait.
pub trait NestedBody<'a>: Emit + Clone {
    /// The number of the payload.
    const TYPE: PayloadType;

    /// Decodes the body of a payload that was framed.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the payload has another type, when octets of its body are missing, or when the body
    /// breaks a rule.
    fn parse(element: &PayloadElement<'a>) -> Result<Self, ParseError>;
}

/// One member of a chain inside another payload: a proposal in a security association, or a transform in a proposal.
///
/// `Proposal { .. }.into()` makes a member with a RESERVED octet of zero. The enum is exhaustive on purpose, because a
/// member is decoded or it is not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Nested<'a, T> {
    /// A payload of the type that belongs in the chain.
    Decoded {
        /// The RESERVED octet of the generic payload header. The RFC wants it to be zero.
        reserved: u8,
        /// The body of the payload.
        body: T,
    },
    /// A payload that is malformed, or that has a type which does not belong in the chain. It is written as it was
    /// read, but refused when octets are missing. The compiler cannot infer `T` from this variant, so a list of it
    /// alone needs a type: `let proposals: [Nested<'_, Proposal<'_>>; 1]`.
    Malformed {
        /// The header, with the number that the payload was read under.
        header: PayloadHeader,
        /// The octets of its body that are there.
        octets: &'a [u8],
        /// The number of octets of its body that are missing. It is 0 unless the payload was cut.
        missing: usize,
        /// The reason why the payload was not decoded.
        error: ParseError,
    },
}

impl<'a, T> Nested<'a, T> {
    /// Returns the body. `None` when the payload was not decoded.
    #[must_use]
    pub const fn body(&self) -> Option<&T> {
        match self {
            Self::Decoded { body, .. } => Some(body),
            Self::Malformed { .. } => None,
        }
    }

    /// Returns the body.
    ///
    /// # Errors
    /// Returns [`ParseError`], the reason, when the payload was not decoded.
    pub fn decoded(self) -> Result<T, ParseError> {
        match self {
            Self::Decoded { body, .. } => Ok(body),
            Self::Malformed { error, .. } => Err(error),
        }
    }
}

impl<T> From<T> for Nested<'_, T> {
    fn from(body: T) -> Self {
        Self::Decoded { reserved: 0, body }
    }
}

/// Writes the body, without the generic payload header.
impl<'a, T: NestedBody<'a>> Emit for Nested<'a, T> {
    fn wire_len(&self) -> usize {
        match self {
            Self::Decoded { body, .. } => body.wire_len(),
            Self::Malformed { octets, .. } => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Decoded { body, .. } => body.emit_into(writer),
            Self::Malformed { header, octets, missing, .. } => {
                put_whole(writer, name_of(header.payload_type), octets, *missing)
            }
        }
    }
}

impl<'a, T: NestedBody<'a>> Member<'a, PayloadFraming> for Nested<'a, T> {
    fn header(&self) -> PayloadHeader {
        match self {
            Self::Decoded { reserved, .. } => PayloadHeader { payload_type: T::TYPE, reserved: *reserved },
            Self::Malformed { header, .. } => *header,
        }
    }

    fn decode(element: &PayloadElement<'a>, _: &PayloadFraming) -> Self {
        match T::parse(element) {
            Ok(body) => Self::Decoded { reserved: element.header.reserved, body },
            Err(error) => Self::Malformed {
                header: element.header,
                octets: element.value,
                missing: element.missing,
                error,
            },
        }
    }
}
