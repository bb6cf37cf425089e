//! The two errors that all codecs share: [`LengthError`] for reading, and [`EmitError`] for writing.

/// An element could not be read, because the octets end inside it, or because its length field is too small.
///
/// Every offset is counted from the first octet of what `within` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LengthError {
    /// The octets end inside the element. The capture was cut, or a length field is too great.
    #[error(
        "{element} at offset {offset} of the {within} needs {needed} octets, but only {available} are there"
    )]
    Ends {
        /// RFC name of the element.
        element: &'static str,
        /// RFC name of the thing that the offset is counted from.
        within: &'static str,
        /// Offset where the element begins. If the element is whole but its value is too short, this is the offset of
        /// the value, or of the field in it that is not complete, and the header before the value does not count.
        offset: usize,
        /// Number of octets that the element needs, counted from `offset`.
        needed: usize,
        /// Number of octets that are there, counted from `offset`.
        available: usize,
    },
    /// The element's own length field says less than the element's header alone has.
    #[error(
        "{element} at offset {offset} of the {within} has length {declared}, but its header alone has {least} octets"
    )]
    Declared {
        /// RFC name of the element.
        element: &'static str,
        /// RFC name of the thing that the offset is counted from.
        within: &'static str,
        /// Offset where the element begins.
        offset: usize,
        /// Number of octets of the element's header, the least that the length field may say.
        least: usize,
        /// Number of octets that the length field announces.
        declared: usize,
    },
}

impl LengthError {
    /// The RFC name of the element that was being read.
    #[must_use]
    pub const fn element(&self) -> &'static str {
        match self {
            Self::Ends { element, .. } | Self::Declared { element, .. } => element,
        }
    }

    /// The RFC name of the thing that the offset is counted from.
    #[must_use]
    pub const fn within(&self) -> &'static str {
        match self {
            Self::Ends { within, .. } | Self::Declared { within, .. } => within,
        }
    }

    /// The offset where the element begins, counted from the first octet of [`within`](Self::within).
    #[must_use]
    pub const fn offset(&self) -> usize {
        match self {
            Self::Ends { offset, .. } | Self::Declared { offset, .. } => *offset,
        }
    }

    /// The same error with a more exact name of the element, for example "Nonce" when the framing knew only
    /// "payload".
    #[must_use]
    pub const fn named(self, element: &'static str) -> Self {
        match self {
            Self::Ends { within, offset, needed, available, .. } => {
                Self::Ends { element, within, offset, needed, available }
            }
            Self::Declared { within, offset, least, declared, .. } => {
                Self::Declared { element, within, offset, least, declared }
            }
        }
    }

    /// The same error as seen from an enclosing structure. The octets that the error counted from begin at offset
    /// `start` of the structure that `within` names.
    #[must_use]
    pub const fn inside(self, outer: &'static str, start: usize) -> Self {
        match self {
            Self::Ends { element, offset, needed, available, .. } => {
                Self::Ends { element, within: outer, offset: offset.saturating_add(start), needed, available }
            }
            Self::Declared { element, offset, least, declared, .. } => Self::Declared {
                element,
                within: outer,
                offset: offset.saturating_add(start),
                least,
                declared,
            },
        }
    }
}

/// A value could not be emitted. More variants may be added, because other protocols have other rules for sending.
///
/// A value is an error here when the RFC lets no receiver accept it, so that the crate's own parser refuses it
/// too. A value that the parser accepts can be emitted, even when the crate's `conformance` lists a departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EmitError {
    /// The caller's buffer is shorter than the octets to be written.
    #[error("the buffer holds {available} octets, but {needed} are needed")]
    BufferTooSmall {
        /// Number of octets that are needed, counted from the start of the buffer.
        needed: usize,
        /// Number of octets that the buffer holds.
        available: usize,
    },
    /// A derived length or count does not fit into the field that carries it.
    #[error("{field} would be {value}, but the field can carry at most {max}")]
    FieldOverflow {
        /// RFC name of the field.
        field: &'static str,
        /// The value that the field would have to carry.
        value: usize,
        /// The greatest value that the field can carry.
        max: usize,
    },
    /// An element was cut when it was read, so it cannot be sent as a whole.
    #[error(
        "{element} cannot be sent: it was read from a message that was cut, and {missing} of its octets are missing"
    )]
    CutElement {
        /// RFC name of the element that was cut.
        element: &'static str,
        /// Number of octets that are missing.
        missing: usize,
    },
    /// A list is empty, but every receiver refuses a message without such an element.
    #[error("the message has no {element}, but it must have at least one")]
    MissingElement {
        /// The name of the missing element in the specification of the protocol.
        element: &'static str,
    },
    /// Two values to be written contradict each other, so that a reader would see another message.
    #[error("{field} contradicts another value of the same message: {reason}")]
    Contradiction {
        /// RFC name of the field.
        field: &'static str,
        /// How the two values contradict each other.
        reason: &'static str,
    },
    /// A value is finer than the unit in which it is sent, so a receiver would see another value.
    #[error("{field} is sent in whole {unit}, but its value is not a whole number of {unit}")]
    Inexact {
        /// RFC name of the field.
        field: &'static str,
        /// The unit in which the field is sent.
        unit: &'static str,
    },
}

impl EmitError {
    /// Converts `value` to the one octet that the field named `field` carries.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when `value` is above 255.
    pub fn fit_u8(field: &'static str, value: usize) -> Result<u8, Self> {
        u8::try_from(value).map_err(|_| Self::FieldOverflow { field, value, max: usize::from(u8::MAX) })
    }

    /// Converts `value` to the two octets that the field named `field` carries.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when `value` is above 65,535.
    pub fn fit_u16(field: &'static str, value: usize) -> Result<u16, Self> {
        u16::try_from(value).map_err(|_| Self::FieldOverflow { field, value, max: usize::from(u16::MAX) })
    }

    /// Converts `value` to the four octets that the field named `field` carries.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when `value` is above 2^32 - 1.
    pub fn fit_u32(field: &'static str, value: usize) -> Result<u32, Self> {
        u32::try_from(value).map_err(|_| Self::FieldOverflow {
            field,
            value,
            // default: a `usize` narrower than 32 bits cannot hold a greater value
            max: usize::try_from(u32::MAX).unwrap_or(usize::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    const ENDS: LengthError = LengthError::Ends {
        element: "payload",
        within: "ISAKMP message",
        offset: 28,
        needed: 56,
        available: 12,
    };
    const DECLARED: LengthError = LengthError::Declared {
        element: "payload",
        within: "ISAKMP message",
        offset: 28,
        least: 4,
        declared: 3,
    };

    #[test]
    fn errors_say_what_where_and_how_much() {
        assert_eq!(
            ENDS.to_string(),
            "payload at offset 28 of the ISAKMP message needs 56 octets, but only 12 are there"
        );
        assert_eq!(
            DECLARED.to_string(),
            "payload at offset 28 of the ISAKMP message has length 3, but its header alone has 4 octets"
        );
        let error = EmitError::fit_u8("SPI size", 256).unwrap_err();
        assert_eq!(error.to_string(), "SPI size would be 256, but the field can carry at most 255");
        let error = EmitError::BufferTooSmall { needed: 20, available: 19 };
        assert_eq!(error.to_string(), "the buffer holds 19 octets, but 20 are needed");
        let error = EmitError::CutElement { element: "Nonce", missing: 3 };
        assert!(
            error.to_string().starts_with("Nonce cannot be sent: it was read from a message that"),
            "{error}"
        );
        let error = EmitError::MissingElement { element: "ENTRY" };
        assert_eq!(error.to_string(), "the message has no ENTRY, but it must have at least one");
        let error = EmitError::Contradiction { field: "Flags", reason: "the body is not encrypted" };
        assert_eq!(
            error.to_string(),
            "Flags contradicts another value of the same message: the body is not encrypted"
        );
    }

    #[test]
    fn a_more_exact_name_and_a_wider_origin_change_nothing_else() {
        for error in [ENDS, DECLARED] {
            let told = error.named("Nonce").inside("UDP payload", 4);
            assert_eq!((told.element(), told.within(), told.offset()), ("Nonce", "UDP payload", 32));
            assert_eq!(told.named("payload").inside("ISAKMP message", 0).offset(), 32);
            assert_eq!(error.named("payload").inside("ISAKMP message", 0), error);
            assert_eq!((error.element(), error.within(), error.offset()), ("payload", "ISAKMP message", 28));
        }
        assert_eq!(ENDS.inside("frame", usize::MAX).offset(), usize::MAX);
    }

    #[test]
    fn fields_take_their_greatest_value_and_no_more() {
        assert_eq!(EmitError::fit_u8("f", 255), Ok(255));
        assert_eq!(EmitError::fit_u16("f", 65_535), Ok(65_535));
        assert!(EmitError::fit_u16("f", 65_536).is_err());
        assert_eq!(EmitError::fit_u32("f", 0xffff_ffff), Ok(u32::MAX));
    }

    #[test]
    fn errors_are_send_sync_static() {
        fn check<T: core::error::Error + Send + Sync + 'static>() {}
        check::<LengthError>();
        check::<EmitError>();
    }
}
