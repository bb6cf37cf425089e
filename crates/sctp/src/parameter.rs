//! What parameters that are more than a number or octets say: those of the extensions, one file per kind.
//!
//! The structs are the RFCs' figures and are built by literal. What [`Emit`](crate::Emit) writes of them is the parameter's
//! value; a [`Parameter`](crate::Parameter) adds type, length and padding.

use wire::{EmitError, Reader};

use crate::ParseError;

mod address;
mod re_configuration;

pub use address::AddressChange;
pub(crate) use address::{address_len, emit_address, parse_address};
pub use re_configuration::{
    AddStreamsRequest, IncomingSsnResetRequest, NextTsns, OutgoingSsnResetRequest, ReconfigurationResponse,
    ReconfigurationResult,
};

wire::registry! {
    /// HMAC identifier of chunk authentication, RFC 4895 section 3.3.
    pub struct HmacIdentifier(u16) {
        /// Every endpoint has it.
        SHA_1 = 1 => "SHA-1",
        /// SHA-256.
        SHA_256 = 3 => "SHA-256",
    }
}

pub(crate) const CORRELATION_ID: &str = "ASCONF-Request Correlation ID";

/// A number of a wider type as the four octets of a field.
pub(crate) fn fit_u32(field: &'static str, value: u128) -> Result<u32, EmitError> {
    u32::try_from(value).map_err(|_| EmitError::FieldOverflow {
        field,
        // default: a smaller usize tells the greatest value that it can
        value: usize::try_from(value).unwrap_or(usize::MAX),
        // default: the same
        max: usize::try_from(u32::MAX).unwrap_or(usize::MAX),
    })
}

/// A value of fixed length must have been read to its end.
pub(crate) const fn expect_end(element: &'static str, reader: Reader<'_>) -> Result<(), ParseError> {
    if reader.is_empty() {
        Ok(())
    } else {
        Err(ParseError::TrailingOctets { element, offset: reader.offset(), count: reader.len() })
    }
}
