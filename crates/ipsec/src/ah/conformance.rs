use core::fmt;

use super::Header;
use crate::Spi;
use crate::ip::Version;

/// A way in which a header that was read departs from RFC 4302.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// The reserved word is not zero.
    Reserved {
        /// The value of the word.
        value: u16,
    },
    /// The SPI is reserved: 1 to 255 for IANA, 0 for local use.
    ReservedSpi {
        /// The SPI.
        spi: Spi,
    },
    /// The length of the header in IPv6 is not a multiple of 64 bits.
    Alignment {
        /// The length of the header in octets.
        len: usize,
    },
    /// The ICV covers the TTL of IPv4, as [`Quirks::covers_time_to_live`](super::Quirks::covers_time_to_live)
    /// describes.
    TimeToLiveCovered,
    /// The header is padded to 64 bits in IPv4, as [`Quirks::pads_to_64_bits`](super::Quirks::pads_to_64_bits)
    /// describes.
    Padded,
}

impl Departure {
    /// Returns the RFC and section that the header departs from.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Reserved { .. } => "RFC 4302 section 2.3",
            Self::ReservedSpi { .. } => "RFC 4302 section 2.4",
            Self::Alignment { .. } => "RFC 4302 section 2.2",
            Self::TimeToLiveCovered => "RFC 4302 section 3.3.3.1.1.1",
            Self::Padded => "RFC 4302 section 3.3.3.2.1",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved { value } => write!(formatter, "the reserved word is {value:#06x}"),
            Self::ReservedSpi { spi } => write!(formatter, "SPI {spi} is reserved"),
            Self::Alignment { len } => {
                write!(formatter, "a header of {len} octets in IPv6, no multiple of 8")
            }
            Self::TimeToLiveCovered => formatter.write_str("the ICV covers the TTL"),
            Self::Padded => formatter.write_str("the ICV is padded to 64 bits in IPv4"),
        }
    }
}

impl Header<'_> {
    /// Lists how this header departs from RFC 4302 in a packet of this IP version.
    pub fn conformance(&self, version: Version) -> impl Iterator<Item = Departure> + use<> {
        let len = self.wire_len();
        let reserved = Departure::Reserved { value: self.reserved };
        let spi = Departure::ReservedSpi { spi: self.spi };
        let alignment = Departure::Alignment { len };
        [
            (self.reserved != 0).then_some(reserved),
            (self.spi == Spi::LOCAL || self.spi.is_reserved()).then_some(spi),
            (version == Version::V6 && !len.is_multiple_of(8)).then_some(alignment),
        ]
        .into_iter()
        .flatten()
    }
}
