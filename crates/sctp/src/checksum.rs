//! Determines which checksum a packet carries: the `CRC32c`, the older Adler-32, none, or a wrong one.

use wire::{LengthError, Reader};

use crate::common_header::WITHIN;
use crate::crc32c::Crc32c;
use crate::{CommonHeader, ParseError};

/// The kind of checksum that a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Checksum {
    /// The `CRC32c` of the packet (RFC 9260 section 6.8).
    Crc32c,
    /// The Adler-32 of the packet. RFC 2960 section 6.8 used it until RFC 3309 replaced it. It shows an old sender, not
    /// a damaged packet.
    Adler32,
    /// Zero, while the `CRC32c` is not zero. The captured host left the checksum to its network card, or both ends
    /// agreed to send none (RFC 9653).
    Zero {
        /// The `CRC32c`, as it would stand in the field.
        computed: u32,
    },
    /// A value that is neither checksum of this packet.
    Wrong {
        /// The value of the field. Its first octet is the most significant one, as Wireshark prints it.
        received: u32,
        /// The `CRC32c`, as it would stand in the field.
        computed: u32,
    },
}

impl Checksum {
    /// Determines which checksum the packet in `octets` carries. It reads the octets once, and a second time when the
    /// `CRC32c` does not match.
    ///
    /// # Errors
    /// Returns [`LengthError`] when the common header is not complete.
    pub fn of(octets: &[u8]) -> Result<Self, LengthError> {
        let (header, chunks) = split(octets)?;
        let (received, computed) = (received(header), computed(header, chunks));
        Ok(if received == computed {
            Self::Crc32c
        } else if received == 0 {
            Self::Zero { computed }
        } else if received == adler32(header, chunks) {
            Self::Adler32
        } else {
            Self::Wrong { received, computed }
        })
    }
}

/// Checks that the packet in `octets` carries its `CRC32c`.
pub(crate) fn verify(octets: &[u8]) -> Result<(), ParseError> {
    let (header, chunks) = split(octets)?;
    let (received, computed) = (received(header), computed(header, chunks));
    if received == computed { Ok(()) } else { Err(ParseError::Checksum { received, computed }) }
}

fn split(octets: &[u8]) -> Result<(&[u8; CommonHeader::LEN], &[u8]), LengthError> {
    let mut reader = Reader::new(WITHIN, octets);
    Ok((reader.array("common header")?, reader.rest()))
}

/// The checksum field, with its first octet as the most significant one.
const fn received(header: &[u8; CommonHeader::LEN]) -> u32 {
    let [.., a, b, c, d] = *header;
    u32::from_be_bytes([a, b, c, d])
}

/// The `CRC32c` of a packet, computed with zeros in the checksum field. The result is in the order of the field: the
/// least significant octet of the CRC is sent first.
pub(crate) fn computed(header: &[u8; CommonHeader::LEN], chunks: &[u8]) -> u32 {
    let [before @ .., _, _, _, _] = header;
    let mut sum = Crc32c::new();
    sum.add(before);
    sum.add(&[0; 4]);
    sum.add(chunks);
    sum.finish().swap_bytes()
}

/// The Adler-32 (RFC 1950 section 8.2) of a packet, computed with zeros in the checksum field.
fn adler32(header: &[u8; CommonHeader::LEN], chunks: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    // Both sums stay below the modulus, so one subtraction is enough.
    let reduce = |sum: u32| if sum >= MODULUS { sum.wrapping_sub(MODULUS) } else { sum };
    let [before @ .., _, _, _, _] = header;
    let (mut a, mut b) = (1u32, 0u32);
    for octet in before.iter().chain(&[0; 4]).chain(chunks) {
        a = reduce(a.wrapping_add(u32::from(*octet)));
        b = reduce(b.wrapping_add(a));
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;

    #[test]
    fn adler_32_of_a_long_packet_does_not_overflow() {
        // This follows the definition in RFC 1950 section 8.2 step by step.
        let octets = vec![0xff; 65_000];
        let (mut a, mut b) = (1u64, 0u64);
        for (i, octet) in octets.iter().enumerate() {
            a = (a + if (8..12).contains(&i) { 0 } else { u64::from(*octet) }) % 65_521;
            b = (b + a) % 65_521;
        }
        let (header, chunks) = split(&octets).unwrap();
        assert_eq!(u64::from(adler32(header, chunks)), b << 16 | a);
    }

    #[test]
    fn a_packet_without_a_common_header_has_no_checksum() {
        assert_eq!(
            Checksum::of(&[0; 11]).unwrap_err(),
            LengthError::Ends {
                element: "common header",
                within: "SCTP packet",
                offset: 0,
                needed: 12,
                available: 11
            }
        );
    }

    proptest! {
        #[test]
        fn each_checksum_is_told_from_the_others(mut octets in prop::collection::vec(any::<u8>(), 12..200)) {
            let (header, chunks) = split(&octets).unwrap();
            let (crc, adler) = (computed(header, chunks), adler32(header, chunks));
            for (field, expected) in [
                (crc, Checksum::Crc32c),
                (adler, Checksum::Adler32),
                (0, Checksum::Zero { computed: crc }),
                (crc ^ 1, Checksum::Wrong { received: crc ^ 1, computed: crc }),
            ] {
                octets.splice(8..12, field.to_be_bytes());
                prop_assert_eq!(Checksum::of(&octets).unwrap(), expected);
            }
        }
    }
}
