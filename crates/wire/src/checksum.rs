//! The Internet checksum, RFC 1071.

/// The Internet checksum: the ones' complement sum over octets that may come in pieces, RFC 1071 section 1.
///
/// Pieces of odd length are joined as if all pieces were one run. An odd total is padded with a zero octet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InternetChecksum {
    // A sum of 16-bit words in 64 bits. It could overflow only after 2^48 octets, and until then it folds without
    // loss.
    sum: u64,
    odd: bool,
}

impl InternetChecksum {
    /// A sum over no octets yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { sum: 0, odd: false }
    }

    /// The checksum of one run of octets.
    #[must_use]
    pub fn of(octets: &[u8]) -> u16 {
        let mut sum = Self::new();
        sum.add(octets);
        sum.finish()
    }

    /// Whether two checksums stand for the same sum. In ones' complement, zero has two forms, 0x0000 and 0xffff
    /// (RFC 1624 section 3).
    #[must_use]
    pub const fn is_same(a: u16, b: u16) -> bool {
        a == b || matches!((a, b), (0, 0xffff) | (0xffff, 0))
    }

    /// Adds octets to the sum.
    pub fn add(&mut self, octets: &[u8]) {
        let mut octets = octets;
        if self.odd
            && let Some((first, rest)) = octets.split_first()
        {
            self.sum = self.sum.wrapping_add(u64::from(*first));
            self.odd = false;
            octets = rest;
        }
        let (words, last) = octets.as_chunks::<4>();
        for word in words {
            // 2^16 is 1 modulo 2^16 - 1, so two words can be added at once and folded at the end.
            self.sum = self.sum.wrapping_add(u64::from(u32::from_be_bytes(*word)));
        }
        let (words, last) = last.as_chunks::<2>();
        for word in words {
            self.sum = self.sum.wrapping_add(u64::from(u16::from_be_bytes(*word)));
        }
        if let [last] = last {
            self.sum = self.sum.wrapping_add(u64::from(u16::from_be_bytes([*last, 0])));
            self.odd = true;
        }
    }

    /// The checksum: the complement of the sum. Sum the checksum field itself as zero to get the value that
    /// belongs there.
    ///
    /// Over octets that already carry a right checksum, the result is 0.
    #[must_use]
    pub fn finish(self) -> u16 {
        let mut sum = self.sum;
        while let Some(carry) = sum.checked_shr(16).filter(|carry| *carry != 0) {
            sum = (sum & 0xffff).wrapping_add(carry);
        }
        let [.., high, low] = sum.to_be_bytes();
        !u16::from_be_bytes([high, low])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    // The definition, word by word, with an end-around carry at each step (RFC 1071 section 1).
    fn by_definition(octets: &[u8]) -> u16 {
        let mut sum = 0u32;
        for (i, octet) in octets.iter().enumerate() {
            sum += u32::from(*octet) << if i % 2 == 0 { 8 } else { 0 };
            sum = (sum & 0xffff) + (sum >> 16);
        }
        !u16::try_from(sum).unwrap()
    }

    #[test]
    fn the_example_of_rfc_1071_section_3() {
        let octets = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(InternetChecksum::of(&octets), !0xddf2);
    }

    #[test]
    fn zero_has_two_forms_rfc_1624_section_3() {
        // The sum is all ones. Its checksum is 0, and 0xffff in its place verifies too.
        for checksum in [[0, 0], [0xff, 0xff]] {
            let octets = [[0x12, 0x34], [0xed, 0xcb], checksum].concat();
            assert_eq!(InternetChecksum::of(&octets), 0);
        }
        assert!(InternetChecksum::is_same(0, 0xffff) && InternetChecksum::is_same(0xffff, 0));
        assert!(InternetChecksum::is_same(7, 7) && !InternetChecksum::is_same(0, 0xfffe));
    }

    #[test]
    fn an_empty_sum_and_a_sum_of_all_ones() {
        assert_eq!(InternetChecksum::of(&[]), 0xffff);
        assert_eq!(InternetChecksum::of(&[0xff; 65_535]), by_definition(&[0xff; 65_535]));
    }

    proptest! {
        #[test]
        fn pieces_add_up_to_the_whole(octets: Vec<u8>, cuts: [prop::sample::Index; 3]) {
            let mut cuts = cuts.map(|cut| cut.index(octets.len() + 1));
            cuts.sort_unstable();
            let mut sum = InternetChecksum::new();
            let mut start = 0;
            for end in cuts.into_iter().chain([octets.len()]) {
                sum.add(&octets[start..end]);
                start = end;
            }
            prop_assert_eq!(sum.finish(), by_definition(&octets));
            prop_assert_eq!(InternetChecksum::of(&octets), by_definition(&octets));
        }

        #[test]
        fn octets_with_their_checksum_sum_to_zero(mut octets in prop::collection::vec(any::<u8>(), 1..300)) {
            octets.resize(octets.len().next_multiple_of(2), 0);
            let checksum = InternetChecksum::of(&octets);
            octets.extend(checksum.to_be_bytes());
            prop_assert_eq!(InternetChecksum::of(&octets), 0);
        }
    }
}
