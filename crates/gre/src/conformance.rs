//! Checks a packet against RFC 2784, and an enhanced one against RFC 2637.

use core::fmt;

use wire::InternetChecksum;

use crate::{Header, Packet, ProtocolType};

/// One departure from RFC 2784 or RFC 2637 with which a receiver can still read the packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Departure {
    /// The checksum is wrong. Only parsing reports this, because a parsed value has no checksum field.
    Checksum {
        /// The checksum that the packet carried.
        found: u16,
        /// The checksum computed over header and payload.
        computed: u16,
    },
    /// The checksum is 0xffff but should be 0x0000. In ones' complement both are zero, so the packet verifies.
    /// Only parsing reports this.
    NegativeZeroChecksum,
    /// The length field of Cisco `MetaData` is not 1, the length of one option. Only parsing reports this.
    MetaDataLength {
        /// The length that was found.
        length: u8,
    },
    /// Bits 6 to 12 of the flags are not zero.
    Reserved0 {
        /// The bits, as a 7-bit number.
        bits: u8,
    },
    /// The reserved word after the checksum is not zero.
    Reserved1 {
        /// The word that was found.
        value: u16,
    },
    /// Bits of the flags of enhanced GRE that should be zero are set.
    EnhancedReserved {
        /// The bits, in their places.
        bits: u16,
    },
    /// The protocol type of enhanced GRE is not PPP.
    EnhancedProtocolType {
        /// The protocol type that was found.
        protocol_type: ProtocolType,
    },
    /// A packet of enhanced GRE has a payload, but no sequence number.
    PayloadWithoutSequenceNumber {
        /// The number of octets of the payload.
        payload_len: usize,
    },
    /// A packet of enhanced GRE has a sequence number, but no payload.
    SequenceNumberWithoutPayload,
}

impl Departure {
    /// Compares a checksum that was found with the right one. `None` when they are the same.
    pub(crate) const fn of_checksum(found: u16, computed: u16) -> Option<Self> {
        if found == computed {
            None
        } else if InternetChecksum::is_same(found, computed) {
            Some(Self::NegativeZeroChecksum)
        } else {
            Some(Self::Checksum { found, computed })
        }
    }

    /// The source of the rule: an RFC section, or the name of the vendor when no RFC has the rule.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::Checksum { .. } | Self::NegativeZeroChecksum => "RFC 2784 section 2.5",
            Self::MetaDataLength { .. } => "Cisco MetaData, no RFC",
            Self::Reserved0 { .. } => "RFC 2784 section 2.3",
            Self::Reserved1 { .. } => "RFC 2784 section 2.6",
            Self::EnhancedReserved { .. }
            | Self::EnhancedProtocolType { .. }
            | Self::PayloadWithoutSequenceNumber { .. }
            | Self::SequenceNumberWithoutPayload => "RFC 2637 section 4.1",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum { found, computed } => {
                write!(formatter, "the checksum is {found:#06x}, but it should be {computed:#06x}")
            }
            Self::NegativeZeroChecksum => {
                formatter.write_str("the checksum is 0xffff, but it should be 0x0000")
            }
            Self::MetaDataLength { length } => {
                write!(formatter, "the length of the Cisco MetaData is {length}, but it should be 1")
            }
            Self::Reserved0 { bits } => write!(formatter, "Reserved0 is {bits:#04x}, but it should be 0"),
            Self::Reserved1 { value } => write!(formatter, "Reserved1 is {value:#06x}, but it should be 0"),
            Self::EnhancedReserved { bits } => {
                write!(formatter, "the reserved bits {bits:#06x} of the flags are set, but they should be 0")
            }
            Self::EnhancedProtocolType { protocol_type } => write!(
                formatter,
                "the protocol type of enhanced GRE is {protocol_type} ({:#06x}), but it should be PPP (0x880b)",
                protocol_type.0
            ),
            Self::PayloadWithoutSequenceNumber { payload_len } => write!(
                formatter,
                "a payload of {payload_len} octets has no sequence number, but a packet with a payload has one"
            ),
            Self::SequenceNumberWithoutPayload => {
                formatter.write_str("the packet has a sequence number, but no payload that it could number")
            }
        }
    }
}

impl Header {
    /// Lists where the header departs from RFC 2784.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<> {
        let reserved0 = (self.reserved0 != 0).then_some(Departure::Reserved0 { bits: self.reserved0 });
        let reserved1 =
            self.reserved1.filter(|value| *value != 0).map(|value| Departure::Reserved1 { value });
        reserved0.into_iter().chain(reserved1)
    }
}

impl Packet<'_> {
    /// Lists where the packet departs from RFC 2784. Its checksum is checked only by
    /// [`parse_reporting`](Self::parse_reporting).
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
        assert_eq!(found[0], ("Reserved0 is 0x41, but it should be 0".into(), "RFC 2784 section 2.3"));
        assert_eq!(found[1], ("Reserved1 is 0x0007, but it should be 0".into(), "RFC 2784 section 2.6"));
        assert_eq!(found.len(), 2);
    }
}
