//! The names of numbers in SCTP's registries.

use sctp::parameter::HmacIdentifier;
use sctp::{ChunkType, ParameterType};

/// Returns the name for a number of two octets that was read as a wider one.
pub(super) fn narrow(number: u64) -> u16 {
    u16::try_from(number).unwrap_or_default()
}

pub(super) fn of_hmac(number: u64) -> Option<&'static str> {
    u16::try_from(number).ok().and_then(|number| HmacIdentifier(number).name())
}

pub(super) fn of_chunk(number: u64) -> Option<&'static str> {
    u8::try_from(number).ok().and_then(|number| ChunkType(number).name())
}

pub(super) fn of_parameter(number: u64) -> Option<&'static str> {
    ParameterType(narrow(number)).name()
}
