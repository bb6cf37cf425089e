//! The values of those parameters that are structures: the ones of the extensions, one file for each kind.
//!
//! The structs follow the RFCs' figures and are built as struct literals. [`Emit`](crate::Emit) writes the parameter's
//! value only; a [`Parameter`](crate::Parameter) adds the type, the length and the padding.

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
    /// HMAC identifiers of chunk authentication (RFC 4895 section 3.3).
    pub struct HmacIdentifier(u16) {
        /// HMAC with SHA-1, which every endpoint supports.
        SHA_1 = 1 => "SHA-1",
        /// HMAC with SHA-256.
        SHA_256 = 3 => "SHA-256",
    }
}

pub(crate) const CORRELATION_ID: &str = "ASCONF-Request Correlation ID";

/// Converts a wider number to the four octets of a field.
pub(crate) fn fit_u32(field: &'static str, value: u128) -> Result<u32, EmitError> {
    u32::try_from(value).map_err(|_| EmitError::FieldOverflow {
        field,
        // default: a usize that is smaller shows the greatest value that it can hold
        value: usize::try_from(value).unwrap_or(usize::MAX),
        // default: a usize that is smaller shows the greatest value that it can hold
        max: usize::try_from(u32::MAX).unwrap_or(usize::MAX),
    })
}

/// Checks that a value of fixed length has been read to its end.
pub(crate) const fn expect_end(element: &'static str, reader: Reader<'_>) -> Result<(), ParseError> {
    if reader.is_empty() {
        Ok(())
    } else {
        Err(ParseError::TrailingOctets {
            element,
            within: reader.within(),
            offset: reader.offset(),
            count: reader.len(),
        })
    }
}
