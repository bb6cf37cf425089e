//! The `CRC32c` of an SCTP packet (RFC 9260 section 6.8 and appendix A).

use crc::{CRC_32_ISCSI, Crc, Digest, Table};

/// The table takes sixteen octets in each step, because every packet is summed when it arrives and when it is sent.
static TABLE: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

/// Computes the `CRC32c` (with the Castagnoli polynomial 0x1EDC6F41) of octets (RFC 9260 appendix A).
///
/// The result is a number. In the common header its least significant octet comes first.
///
/// ```
/// assert_eq!(vpnwire_sctp::crc32c::crc32c(b"123456789"), 0xe306_9283);
/// ```
#[must_use]
pub fn crc32c(octets: &[u8]) -> u32 {
    TABLE.checksum(octets)
}

/// Computes a `CRC32c` of octets that are added piece by piece.
#[derive(Clone)]
pub struct Crc32c(Digest<'static, u32, Table<16>>);

impl Crc32c {
    /// Starts a sum with no octets.
    #[must_use]
    pub fn new() -> Self {
        Self(TABLE.digest())
    }

    /// Adds octets to the sum.
    pub fn add(&mut self, octets: &[u8]) {
        self.0.update(octets);
    }

    /// The `CRC32c` of the octets that were added.
    #[must_use]
    pub fn finish(self) -> u32 {
        self.0.finalize()
    }
}

impl Default for Crc32c {
    fn default() -> Self {
        Self::new()
    }
}

impl core::fmt::Debug for Crc32c {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_tuple("Crc32c").field(&self.clone().finish()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    // This follows RFC 9260 appendix A, with the reflected polynomial and one bit in each step.
    fn by_definition(octets: &[u8]) -> u32 {
        let mut crc = u32::MAX;
        for octet in octets {
            crc ^= u32::from(*octet);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
            }
        }
        !crc
    }

    #[test]
    fn check_values_of_rfc_3720_appendix_b_4() {
        // RFC 3720 prints the values as they are sent, with the least significant octet first.
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32c(&[0; 32]).to_le_bytes(), [0xaa, 0x36, 0x91, 0x8a]);
        assert_eq!(crc32c(&[0xff; 32]).to_le_bytes(), [0x43, 0xab, 0xa8, 0x62]);
        let ascending: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&ascending).to_le_bytes(), [0x4e, 0x79, 0xdd, 0x46]);
    }

    proptest! {
        #[test]
        fn the_table_agrees_with_the_definition(octets: Vec<u8>, cut: prop::sample::Index) {
            let cut = cut.index(octets.len() + 1);
            let (first, second) = (&octets[..cut], &octets[cut..]);
            let mut sum = Crc32c::new();
            sum.add(first);
            sum.add(second);
            prop_assert_eq!(sum.finish(), by_definition(&octets));
            prop_assert_eq!(crc32c(&octets), by_definition(&octets));
        }
    }
}
