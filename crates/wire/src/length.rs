//! The two errors every codec shares: octets that end too early, and a buffer or field that is too small.

/// Octets ended before an element did, or an element's own length field left it too little room.
///
/// `available` counts what was there from `offset` on: to the end of the octets, or to the end that the
/// element's length field gave it, whichever came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{element} at offset {offset} needs {needed} octets, {available} available")]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LengthError {
    /// What was being read, by its RFC name.
    pub element: &'static str,
    /// Where the element begins, in octets from the start of the message.
    pub offset: usize,
    /// Octets the element needs, counted from `offset`.
    pub needed: usize,
    /// Octets there were, counted from `offset`.
    pub available: usize,
}

/// A value could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum EmitError {
    /// The caller's buffer is shorter than what is to be written.
    #[error("the buffer holds {available} octets, {needed} needed")]
    BufferTooSmall {
        /// Octets needed, from the start of the buffer.
        needed: usize,
        /// Octets the buffer holds.
        available: usize,
    },
    /// A derived length or count does not fit the field that carries it.
    #[error("{field} would be {value}, the field holds {max} at most")]
    FieldOverflow {
        /// The field, by its RFC name.
        field: &'static str,
        /// The value it would have to carry.
        value: usize,
        /// The greatest value it can carry.
        max: usize,
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
            max: usize::try_from(u32::MAX).unwrap_or(usize::MAX),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn errors_say_what_where_and_how_much() {
        let error = LengthError { element: "SA payload", offset: 28, needed: 56, available: 12 };
        assert_eq!(error.to_string(), "SA payload at offset 28 needs 56 octets, 12 available");
        let error = EmitError::fit_u8("SPI size", 256).unwrap_err();
        assert_eq!(error.to_string(), "SPI size would be 256, the field holds 255 at most");
        let error = EmitError::BufferTooSmall { needed: 20, available: 19 };
        assert_eq!(error.to_string(), "the buffer holds 19 octets, 20 needed");
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
