//! COOKIE ECHO, RFC 9260 section 3.3.11. COOKIE ACK has no value.

/// The State Cookie of the INIT ACK, returned, RFC 9260 section 3.3.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CookieEcho<'a> {
    /// The cookie, as its maker wrote it.
    pub cookie: &'a [u8],
}
