//! The password in clear text, RFC 2281 section 5.1.

use core::fmt;

use subtle::ConstantTimeEq;

/// Authentication data: a password of up to eight octets in clear text, RFC 2281 section 5.1.
///
/// The default is `cisco`, which the RFC recommends.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AuthenticationData(pub [u8; 8]);

impl AuthenticationData {
    /// Number of octets of the field.
    pub const LEN: usize = 8;

    /// All zeros. A version 1 packet carries them when an MD5 authentication TLV follows.
    pub const NONE: Self = Self([0; Self::LEN]);

    /// The password `text`, padded with NULs. `None` when it is longer than eight octets.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut octets = [0; Self::LEN];
        wire::copy(octets.get_mut(..text.len())?, text.as_bytes()).ok()?;
        Some(Self(octets))
    }

    /// The password: the octets before the NULs at the end.
    #[must_use]
    pub fn password(&self) -> &[u8] {
        let padding = self.0.iter().rev().take_while(|octet| **octet == 0).count();
        // default: never taken, because the padding is never longer than the field
        self.0.get(..Self::LEN.saturating_sub(padding)).unwrap_or_default()
    }

    /// Whether two routers have the same password. The comparison takes the same time for all passwords.
    #[must_use]
    pub fn matches(&self, expected: &Self) -> bool {
        self.0.ct_eq(&expected.0).into()
    }
}

impl Default for AuthenticationData {
    fn default() -> Self {
        // RFC 2281 section 5.1 recommends this value when no password is configured.
        Self(*b"cisco\0\0\0")
    }
}

/// Prints the password and escapes the octets that are not printable ASCII.
impl fmt::Display for AuthenticationData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.password().escape_ascii(), formatter)
    }
}

impl fmt::Debug for AuthenticationData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_ascii())
    }
}
