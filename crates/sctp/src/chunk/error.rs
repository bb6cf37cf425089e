//! ERROR, RFC 9260 section 3.3.10.

use wire::Reader;

use crate::error_cause::parse_causes;
use crate::{ErrorCauses, ParseError};

/// An error that does not end the association, RFC 9260 section 3.3.10.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OperationError<'a> {
    /// What is wrong: one cause or more.
    pub causes: ErrorCauses<'a>,
}

impl<'a> OperationError<'a> {
    pub(super) fn read(reader: Reader<'a>) -> Result<Self, ParseError> {
        Ok(Self { causes: parse_causes(reader)? })
    }
}
