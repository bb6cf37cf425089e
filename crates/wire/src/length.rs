//! The two errors every codec shares: octets that end too early, and a buffer or field that is too small.

/// An element could not be read: the octets end inside it, or its own length field says less than it must have.
///
/// Every offset is counted from the first octet of what `within` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum LengthError {
    /// The octets end inside the element: a capture that was cut, or a length field that says too much.
    #[error(
        "{element} at offset {offset} of the {within} needs {needed} octets, but only {available} are there"
    )]
    Ends {
        /// What was being read, by its RFC name.
        element: &'static str,
        /// What the offset is counted from, by its RFC name.
        within: &'static str,
        /// Where the element begins.
        offset: usize,
        /// Octets that the element needs, counted from `offset`.
        needed: usize,
        /// Octets that are there, counted from `offset`.
        available: usize,
    },
    /// The element's own length field says less than the least octets that such an element has.
    #[error(
        "{element} at offset {offset} of the {within} has a length field of {declared} octets, but it has at least {least}"
    )]
    Declared {
        /// What was being read, by its RFC name.
        element: &'static str,
        /// What the offset is counted from, by its RFC name.
        within: &'static str,
        /// Where the element begins.
        offset: usize,
        /// The least octets that such an element has, its header included.
        least: usize,
        /// Octets that its length field gives it.
        declared: usize,
    },
}

impl LengthError {
    /// What was being read, by its RFC name.
    #[must_use]
    pub const fn element(&self) -> &'static str {
        match self {
            Self::Ends { element, .. } | Self::Declared { element, .. } => element,
        }
    }

    /// What the offset is counted from, by its RFC name.
    #[must_use]
    pub const fn within(&self) -> &'static str {
        match self {
            Self::Ends { within, .. } | Self::Declared { within, .. } => within,
        }
    }

    /// Where the element begins, counted from the first octet of [`within`](Self::within).
    #[must_use]
    pub const fn offset(&self) -> usize {
        match self {
            Self::Ends { offset, .. } | Self::Declared { offset, .. } => *offset,
        }
    }

    /// The same error under a more exact name of the element: "Nonce" where a framing only knew "payload".
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

    /// The same error told from further out: what it counted from begins `start` octets into the thing that `within`
    /// names.
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

/// A value could not be written. More variants may be added: another protocol has other rules for what can be sent.
///
/// What the RFC lets no receiver accept, so that the crate's own parser refuses it as malformed, is an error here. What a
/// parser accepts and only a crate's `conformance` tells may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum EmitError {
    /// The caller's buffer is shorter than what is to be written.
    #[error("the buffer holds {available} octets, but {needed} are needed")]
    BufferTooSmall {
        /// Octets needed, from the start of the buffer.
        needed: usize,
        /// Octets the buffer holds.
        available: usize,
    },
    /// A derived length or count does not fit the field that carries it.
    #[error("{field} would be {value}, but the field holds {max} at most")]
    FieldOverflow {
        /// The field, by its RFC name.
        field: &'static str,
        /// The value it would have to carry.
        value: usize,
        /// The greatest value it can carry.
        max: usize,
    },
    /// An element was cut when it was read, so that only a part of it could be written.
    #[error(
        "{element} was read from a message that was cut: {missing} of its octets are missing, and a part is not sent as a whole"
    )]
    CutElement {
        /// What is cut, by its RFC name.
        element: &'static str,
        /// Octets that are missing.
        missing: usize,
    },
    /// A list is empty, but every receiver refuses a message in which it holds no element.
    #[error("{element} is missing, but there must be at least one")]
    MissingElement {
        /// What is missing, by its name in the source of the protocol.
        element: &'static str,
    },
    /// Two values of what is written contradict each other, so that a reader would see something else.
    #[error("{field} contradicts the value beside it: {reason}")]
    Contradiction {
        /// The field, by its RFC name.
        field: &'static str,
        /// How the two values differ.
        reason: &'static str,
    },
    /// A value is finer than the unit it is sent in, and would be sent as another.
    #[error("{field} is sent in whole {unit}, but the value is no whole number of them")]
    Inexact {
        /// The field, by its RFC name.
        field: &'static str,
        /// What it is counted in.
        unit: &'static str,
    },
}

impl EmitError {
    /// `value` as the octet that the field named `field` carries.
    ///
    /// # Errors
    /// [`EmitError::FieldOverflow`] above 255.
    pub fn fit_u8(field: &'static str, value: usize) -> Result<u8, Self> {
        u8::try_from(value).map_err(|_| Self::FieldOverflow { field, value, max: usize::from(u8::MAX) })
    }

    /// `value` as the two octets that the field named `field` carries.
    ///
    /// # Errors
    /// [`EmitError::FieldOverflow`] above 65,535.
    pub fn fit_u16(field: &'static str, value: usize) -> Result<u16, Self> {
        u16::try_from(value).map_err(|_| Self::FieldOverflow { field, value, max: usize::from(u16::MAX) })
    }

    /// `value` as the four octets that the field named `field` carries.
    ///
    /// # Errors
    /// [`EmitError::FieldOverflow`] above 2^32 - 1.
    pub fn fit_u32(field: &'static str, value: usize) -> Result<u32, Self> {
        u32::try_from(value).map_err(|_| Self::FieldOverflow {
            field,
            value,
            // default: a smaller usize holds no greater value
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
            "payload at offset 28 of the ISAKMP message has a length field of 3 octets, but it has at least 4"
        );
        let error = EmitError::fit_u8("SPI size", 256).unwrap_err();
        assert_eq!(error.to_string(), "SPI size would be 256, but the field holds 255 at most");
        let error = EmitError::BufferTooSmall { needed: 20, available: 19 };
        assert_eq!(error.to_string(), "the buffer holds 19 octets, but 20 are needed");
        let error = EmitError::CutElement { element: "Nonce", missing: 3 };
        assert!(error.to_string().starts_with("Nonce was read from a message that was cut: 3 of"), "{error}");
        let error = EmitError::MissingElement { element: "ENTRY" };
        assert_eq!(error.to_string(), "ENTRY is missing, but there must be at least one");
        let error = EmitError::Contradiction { field: "Flags", reason: "the body is not encrypted" };
        assert_eq!(error.to_string(), "Flags contradicts the value beside it: the body is not encrypted");
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
