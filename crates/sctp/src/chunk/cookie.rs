//! COOKIE ECHO (RFC 9260 section 3.3.11). COOKIE ACK has no value.

use wire::{Emit, EmitError, Writer};

/// A COOKIE ECHO, which returns the State Cookie of the INIT ACK (RFC 9260 section 3.3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CookieEcho<'a> {
    /// The cookie, unchanged.
    pub cookie: &'a [u8],
}

impl Emit for CookieEcho<'_> {
    fn wire_len(&self) -> usize {
        self.cookie.len()
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.cookie)
    }
}
