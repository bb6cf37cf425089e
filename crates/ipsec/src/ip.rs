//! IP headers, as far as IPsec needs them: the headers that stand before ESP or AH, RFC 791 and RFC 8200.

mod error;
mod headers;
mod option;
pub mod v4;
pub mod v6;

pub use error::IpError;
pub use headers::Headers;
pub use option::{OptionFraming, OptionHeader, OptionType, Options};

/// The version of IP. IPsec is defined for these two, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Version {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl Version {
    /// Reads the version of a packet from its first octet.
    ///
    /// # Errors
    /// Returns an [`IpError`] when the packet is empty, or when its version is neither 4 nor 6.
    pub fn of(packet: &[u8]) -> Result<Self, IpError> {
        let first = *wire::Reader::new("IP packet", packet).peek::<1>("IP header")?;
        let [octet] = first;
        match octet >> 4 {
            4 => Ok(Self::V4),
            6 => Ok(Self::V6),
            version => Err(IpError::Version { version }),
        }
    }

    /// Returns the length in octets of a header of this version without options.
    #[must_use]
    pub const fn header_len(self) -> usize {
        match self {
            Self::V4 => v4::Header::LEN,
            Self::V6 => v6::Header::LEN,
        }
    }
}

/// Explicit congestion notification (ECN), RFC 3168 section 5. The field has two bits, so the enum is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Ecn {
    /// Not-ECT: the transport does not support ECN.
    #[default]
    NotCapable,
    /// ECT(1).
    Capable1,
    /// ECT(0).
    Capable0,
    /// CE: congestion was experienced.
    CongestionExperienced,
}

impl Ecn {
    /// All values, in the order of their bits.
    pub const ALL: [Self; 4] =
        [Self::NotCapable, Self::Capable1, Self::Capable0, Self::CongestionExperienced];

    /// Reads the value from the low two bits of a traffic class or type of service.
    #[must_use]
    pub const fn from_bits(octet: u8) -> Self {
        match octet & 3 {
            0 => Self::NotCapable,
            1 => Self::Capable1,
            2 => Self::Capable0,
            _ => Self::CongestionExperienced,
        }
    }

    /// Returns the two bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::NotCapable => 0,
            Self::Capable1 => 1,
            Self::Capable0 => 2,
            Self::CongestionExperienced => 3,
        }
    }
}

#[cfg(test)]
mod tests;
