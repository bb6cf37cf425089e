//! Payloads inside payloads: proposals in a security association, transforms in a proposal.

use wire::{Emit, EmitError, Member, Writer};

use super::framing::{PayloadElement, PayloadFraming, PayloadHeader, name_of, put_whole};
use super::payload_type::PayloadType;
use crate::ParseError;

/// What can stand inside another payload: it has one number only. Nobody else can implement it.
pub trait NestedBody<'a>: Emit + Clone {
    /// Its number.
    const TYPE: PayloadType;

    /// Decodes the body of a payload that was framed.
    ///
    /// # Errors
    /// When the payload is of another type, octets of its body are missing, or the body breaks a rule.
    fn parse(element: &PayloadElement<'a>) -> Result<Self, ParseError>;
}

/// One member of a chain inside another payload: a proposal in a security association, or a transform in a proposal.
///
/// `Proposal { .. }.into()` makes one whose RESERVED octet is zero. Exhaustive on purpose: a member is decoded or it is not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Nested<'a, T> {
    /// A payload of the type that belongs there.
    Decoded {
        /// The RESERVED octet of the generic payload header, zero by the RFC.
        reserved: u8,
        /// The body.
        body: T,
    },
    /// A payload that is malformed, or of a type that does not belong there. It is written as it was read, and refused when
    /// octets are missing. Nothing in it tells what else would stand there, so that a list of it alone needs its type:
    /// `let proposals: [Nested<'_, Proposal<'_>>; 1]`.
    Malformed {
        /// Its header, with the number it was read under.
        header: PayloadHeader,
        /// The octets of its body that are there.
        octets: &'a [u8],
        /// How many octets of its body are missing: 0 unless it was cut.
        missing: usize,
        /// Why it was not decoded.
        error: ParseError,
    },
}

impl<'a, T> Nested<'a, T> {
    /// The body, when it was decoded.
    #[must_use]
    pub const fn body(&self) -> Option<&T> {
        match self {
            Self::Decoded { body, .. } => Some(body),
            Self::Malformed { .. } => None,
        }
    }

    /// The body, or the reason why the payload was not decoded.
    ///
    /// # Errors
    /// Why the payload was not decoded.
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

/// The body, without the generic payload header.
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
