//! Where a packet departs from RFC 2784.

use core::fmt;

use wire::InternetChecksum;

use crate::{Header, Packet};

/// One departure from RFC 2784 that a receiver can live with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Departure {
    /// The checksum is wrong. Seen only while parsing: a value has no checksum, it is derived.
    Checksum {
        /// What the packet carried.
        found: u16,
        /// What header and payload sum up to.
        computed: u16,
    },
    /// The checksum is 0xffff where 0 belongs, the other zero of ones' complement: it verifies. Seen only while parsing.
    NegativeZeroChecksum,
    /// The length in Cisco `MetaData` is not 1, which it is with one option. Seen only while parsing.
    MetaDataLength {
        /// What stands there.
        length: u8,
    },
    /// Bits 6 to 12 of the flags are not zero.
    Reserved0 {
        /// The bits, as a 7-bit number.
        bits: u8,
    },
    /// The word after the checksum is not zero.
    Reserved1 {
        /// The word.
        value: u16,
    },
}

impl Departure {
    /// What a checksum that was found departs in from the one that is right.
    pub(crate) const fn of_checksum(found: u16, computed: u16) -> Option<Self> {
        if found == computed {
            None
        } else if InternetChecksum::is_same(found, computed) {
            Some(Self::NegativeZeroChecksum)
        } else {
            Some(Self::Checksum { found, computed })
        }
    }

    /// Where the rule is written.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Checksum { .. } | Self::NegativeZeroChecksum => "RFC 2784 section 2.5",
            Self::MetaDataLength { .. } => "Cisco, in no RFC",
            Self::Reserved0 { .. } => "RFC 2784 section 2.3",
            Self::Reserved1 { .. } => "RFC 2784 section 2.6",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum { found, computed } => {
                write!(formatter, "checksum {found:#06x}, should be {computed:#06x}")
            }
            Self::NegativeZeroChecksum => formatter.write_str("checksum 0xffff where 0x0000 belongs"),
            Self::MetaDataLength { length } => {
                write!(formatter, "length {length} of Cisco MetaData, should be 1")
            }
            Self::Reserved0 { bits } => write!(formatter, "Reserved0 is {bits:#04x}, not zero"),
            Self::Reserved1 { value } => write!(formatter, "Reserved1 is {value:#06x}, not zero"),
        }
    }
}

impl Header {
    /// What in the header departs from RFC 2784.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let reserved0 = (self.reserved0 != 0).then_some(Departure::Reserved0 { bits: self.reserved0 });
        let reserved1 =
            self.reserved1.filter(|value| *value != 0).map(|value| Departure::Reserved1 { value });
        reserved0.into_iter().chain(reserved1)
    }
}

impl Packet<'_> {
    /// What in the packet departs from RFC 2784.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        self.header.conformance()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProtocolType;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn reserved_words_that_are_not_zero_are_listed_and_nothing_else() {
        let mut header = Header::new(ProtocolType::IPV4);
        assert_eq!(header.conformance().count(), 0);
        header.reserved1 = Some(0);
        assert_eq!(header.conformance().count(), 0);
        header.reserved0 = 0x41;
        header.reserved1 = Some(7);
        let found: Vec<_> = header.conformance().map(|d| (d.to_string(), d.reference())).collect();
        assert_eq!(found[0], ("Reserved0 is 0x41, not zero".into(), "RFC 2784 section 2.3"));
        assert_eq!(found[1], ("Reserved1 is 0x0007, not zero".into(), "RFC 2784 section 2.6"));
        assert_eq!(found.len(), 2);
    }
}
