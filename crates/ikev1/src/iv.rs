//! Initialization vectors and how they are chained, RFC 2409 appendix B.

use crypto::HashAlgorithm;

use crate::Cipher;

/// The widest block.
const MAX_LEN: usize = 16;

/// An initialization vector: one block of the negotiated cipher. It is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Iv {
    octets: [u8; MAX_LEN],
    len: u8,
}

impl Iv {
    /// The first of phase 1: hash(g^xi | g^xr), cut to the block.
    #[must_use]
    pub fn phase_1(hash_algorithm: HashAlgorithm, cipher: Cipher, g_xi: &[u8], g_xr: &[u8]) -> Self {
        Self::cut(hash_algorithm.hash(&[g_xi, g_xr]).expose(), cipher.block_len())
    }

    /// The first of an exchange after phase 1: hash(last block of phase 1 | M-ID), cut to the block. `self` is the last
    /// block of phase 1, and every exchange has its own chain.
    #[must_use]
    pub fn exchange(&self, hash_algorithm: HashAlgorithm, message_id: u32) -> Self {
        Self::cut(
            hash_algorithm.hash(&[self.octets(), &message_id.to_be_bytes()]).expose(),
            self.octets().len(),
        )
    }

    /// The next of the same exchange: the last block of this `ciphertext`; the same again when it has not even one.
    #[must_use]
    pub fn next(&self, ciphertext: &[u8]) -> Self {
        let start = ciphertext.len().checked_sub(self.octets().len());
        let block = start.and_then(|start| ciphertext.get(start..));
        block.map_or(*self, |block| Self::cut(block, block.len()))
    }

    /// A vector that is known: from a standby's record, from the message before. Nothing when it is not a block of 8 or 16
    /// octets.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Option<Self> {
        matches!(octets.len(), 8 | 16).then(|| Self::cut(octets, octets.len()))
    }

    /// The octets: 8 or 16.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        // default: never taken, the length is that of a block, and the octets hold the longest
        self.octets.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The first `len` octets, 16 at most. Every hash has as many.
    fn cut(from: &[u8], len: usize) -> Self {
        let mut octets = [0; MAX_LEN];
        for (octet, from) in octets.iter_mut().zip(from).take(len) {
            *octet = *from;
        }
        Self { octets, len: if len == 8 { 8 } else { 16 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_cut_and_chained() {
        let iv = Iv::phase_1(HashAlgorithm::Sha1, Cipher::Des, b"one", b"other");
        assert_eq!(iv.octets(), &HashAlgorithm::Sha1.hash(&[b"oneother"]).expose()[..8]);
        let long = Iv::phase_1(HashAlgorithm::Md5, Cipher::Aes256, b"one", b"other");
        assert_eq!(long.octets(), HashAlgorithm::Md5.hash(&[b"oneother"]).expose());
        let of_exchange = iv.exchange(HashAlgorithm::Sha1, 0x0102_0304);
        let mut input = iv.octets().to_vec();
        input.extend([1, 2, 3, 4]);
        assert_eq!(of_exchange.octets(), &HashAlgorithm::Sha1.hash(&[&input]).expose()[..8]);
        assert_ne!(of_exchange, iv.exchange(HashAlgorithm::Sha1, 0x0102_0305));
    }

    #[test]
    fn the_next_vector_is_the_last_block() {
        let iv = Iv::from_octets(&[0; 8]).unwrap();
        let octets: std::vec::Vec<u8> = (0..24).collect();
        assert_eq!(iv.next(&octets).octets(), &octets[16..]);
        assert_eq!(iv.next(&octets[..8]).octets(), &octets[..8]);
        assert_eq!(iv.next(&octets[..7]), iv);
        let long = Iv::from_octets(&[0; 16]).unwrap();
        assert_eq!(long.next(&octets).octets(), &octets[8..]);
        for len in (0..32).filter(|len| ![8, 16].contains(len)) {
            assert_eq!(Iv::from_octets(&std::vec![0; len]), None);
        }
    }
}
