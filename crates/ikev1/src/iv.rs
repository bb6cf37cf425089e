//! Initialization vectors and their chains, RFC 2409 appendix B.

use crypto::HashAlgorithm;

use crate::Cipher;

/// An initialization vector: one block of the negotiated cipher. It is not secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Iv(Block);

/// A block of DES and 3DES, or of AES.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Block {
    Octets8([u8; 8]),
    Octets16([u8; 16]),
}

impl Iv {
    /// Returns the first vector of phase 1: hash(g^xi | g^xr), cut to the block length.
    #[must_use]
    pub fn phase_1(hash_algorithm: HashAlgorithm, cipher: Cipher, g_xi: &[u8], g_xr: &[u8]) -> Self {
        Self::cut(hash_algorithm.hash(&[g_xi, g_xr]).expose(), cipher.block_len())
    }

    /// Returns the first vector of an exchange after phase 1: hash(last block of phase 1 | M-ID), cut to the block
    /// length. `self` is the last block of phase 1. Every exchange has its own chain.
    #[must_use]
    pub fn exchange(&self, hash_algorithm: HashAlgorithm, message_id: u32) -> Self {
        Self::cut(
            hash_algorithm.hash(&[self.octets(), &message_id.to_be_bytes()]).expose(),
            self.octets().len(),
        )
    }

    /// Returns the next vector of the same exchange: the last block of this `ciphertext`. When that is shorter than a
    /// block, the vector is the same again.
    #[must_use]
    pub fn next(&self, ciphertext: &[u8]) -> Self {
        let last = match self.0 {
            Block::Octets8(_) => ciphertext.last_chunk().copied().map(Block::Octets8),
            Block::Octets16(_) => ciphertext.last_chunk().copied().map(Block::Octets16),
        };
        last.map_or(*self, Self)
    }

    /// Makes a vector from octets that are known, for example from a standby's record or from the message before.
    /// `None` when they are not a block of 8 or 16 octets.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Option<Self> {
        let block = octets.try_into().map(Block::Octets8).or_else(|_| octets.try_into().map(Block::Octets16));
        block.ok().map(Self)
    }

    /// Returns the octets of the vector: 8 or 16.
    #[must_use]
    pub const fn octets(&self) -> &[u8] {
        match &self.0 {
            Block::Octets8(octets) => octets,
            Block::Octets16(octets) => octets,
        }
    }

    /// Cuts a digest to a block of `block_len` octets.
    fn cut(digest: &[u8], block_len: usize) -> Self {
        // default: never taken, because every hash function gives at least 16 octets
        let octets: [u8; 16] = digest.first_chunk().copied().unwrap_or_default();
        let [a, b, c, d, e, f, g, h, ..] = octets;
        Self(if block_len == 8 { Block::Octets8([a, b, c, d, e, f, g, h]) } else { Block::Octets16(octets) })
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
