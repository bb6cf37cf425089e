use core::fmt;

/// A security parameters index, RFC 4303 section 2.1. The receiver of an SA chooses it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Spi(pub u32);

impl Spi {
    /// The index 0, which is for local use and is never sent.
    pub const LOCAL: Self = Self(0);

    /// The smallest index that a receiver may choose. IANA assigns those from 1 to 255.
    pub const FIRST_FREE: Self = Self(256);

    /// Tells whether IANA reserves the index (1 to 255), RFC 4303 section 2.1. An SA with such an index seals and
    /// opens packets like any other.
    #[must_use]
    pub const fn is_reserved(self) -> bool {
        0 < self.0 && self.0 < Self::FIRST_FREE.0
    }
}

impl From<u32> for Spi {
    fn from(value: u32) -> Self {
        Self(value)
    }
}

impl From<Spi> for u32 {
    fn from(spi: Spi) -> Self {
        spi.0
    }
}

impl fmt::Display for Spi {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#010x}", self.0)
    }
}

impl fmt::Debug for Spi {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString as _;

    /// RFC 4303 section 2.1.
    #[test]
    fn one_to_255_are_reserved_and_zero_is_local() {
        assert!(!Spi::LOCAL.is_reserved());
        assert!((1..=255).all(|spi| Spi(spi).is_reserved()));
        assert!(!Spi::FIRST_FREE.is_reserved());
        assert!(!Spi(u32::MAX).is_reserved());
        assert_eq!(Spi(54_272_379).to_string(), "0x033c217b");
    }
}
