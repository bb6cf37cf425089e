//! Hash functions, and the pseudo-random functions made of them, chosen at run time. IKE negotiates them.
//!
//! A message may be in parts, as RFC 2409 writes it: `prf(key, a | b | c)` is `prf.compute(&[a, b, c])`. The parts
//! are not copied together first.

mod output;

use core::fmt;

use zeroize::Zeroize as _;

pub use output::Output;

use crate::mac::{
    HashFunction, HashRunning, Hmac, Mac as _, Md5, Pieces, Running, Sha1, Sha256, Sha384, Sha512,
};
use crate::{NotAuthentic, Secret, mac};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// MD5, RFC 1321.
    Md5,
    /// SHA-1, RFC 3174.
    Sha1,
    /// SHA-256, RFC 6234.
    Sha256,
    /// SHA-384, RFC 6234.
    Sha384,
    /// SHA-512, RFC 6234.
    Sha512,
}

impl HashAlgorithm {
    /// All hash functions.
    pub const ALL: [Self; 5] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Returns the name of the hash function.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => Md5::NAME,
            Self::Sha1 => Sha1::NAME,
            Self::Sha256 => Sha256::NAME,
            Self::Sha384 => Sha384::NAME,
            Self::Sha512 => Sha512::NAME,
        }
    }

    /// Returns the length of a digest in octets.
    #[must_use]
    pub const fn output_len(self) -> usize {
        match self {
            Self::Md5 => Md5::OUTPUT_LEN,
            Self::Sha1 => Sha1::OUTPUT_LEN,
            Self::Sha256 => Sha256::OUTPUT_LEN,
            Self::Sha384 => Sha384::OUTPUT_LEN,
            Self::Sha512 => Sha512::OUTPUT_LEN,
        }
    }

    /// Returns the digest of `parts`, one after another.
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> Output {
        match self {
            Self::Md5 => hash::<Md5>(parts),
            Self::Sha1 => hash::<Sha1>(parts),
            Self::Sha256 => hash::<Sha256>(parts),
            Self::Sha384 => hash::<Sha384>(parts),
            Self::Sha512 => hash::<Sha512>(parts),
        }
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

fn hash<H: HashFunction>(parts: &[&[u8]]) -> Output {
    of_parts(HashRunning::<H>::new(), &[], parts, H::OUTPUT_LEN)
}

/// Returns what `running` computes over `before` and then `parts`.
fn of_parts(running: impl Running, before: &[u8], parts: &[&[u8]], output_len: usize) -> Output {
    let mut pieces = Pieces::new(running);
    pieces.put(before);
    parts.iter().for_each(|part| pieces.put(part));
    let mut octets = [0; Output::MAX_LEN];
    pieces.finish_and_wipe(&mut octets);
    let output = Output::new(octets, output_len);
    octets.zeroize();
    output
}

enum Keyed {
    Md5(Hmac<Md5>),
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha384(Hmac<Sha384>),
    Sha512(Hmac<Sha512>),
}

/// A pseudo-random function (prf) with its key: the HMAC of a hash function (RFC 2409 section 4). The states after
/// the key block are kept, so that the key is processed only once.
pub struct Prf {
    keyed: Keyed,
}

impl Prf {
    /// Makes the HMAC of `hash_algorithm` with this key, which may have any length.
    #[must_use]
    pub fn new(hash_algorithm: HashAlgorithm, key: Secret<'_>) -> Self {
        let keyed = match hash_algorithm {
            HashAlgorithm::Md5 => Keyed::Md5(Hmac::new(key)),
            HashAlgorithm::Sha1 => Keyed::Sha1(Hmac::new(key)),
            HashAlgorithm::Sha256 => Keyed::Sha256(Hmac::new(key)),
            HashAlgorithm::Sha384 => Keyed::Sha384(Hmac::new(key)),
            HashAlgorithm::Sha512 => Keyed::Sha512(Hmac::new(key)),
        };
        Self { keyed }
    }

    /// Returns the hash function of the prf.
    #[must_use]
    pub const fn hash_algorithm(&self) -> HashAlgorithm {
        match self.keyed {
            Keyed::Md5(_) => HashAlgorithm::Md5,
            Keyed::Sha1(_) => HashAlgorithm::Sha1,
            Keyed::Sha256(_) => HashAlgorithm::Sha256,
            Keyed::Sha384(_) => HashAlgorithm::Sha384,
            Keyed::Sha512(_) => HashAlgorithm::Sha512,
        }
    }

    /// Returns the length of the output in octets.
    #[must_use]
    pub const fn output_len(&self) -> usize {
        self.hash_algorithm().output_len()
    }

    /// Returns the output for `parts`, one after another.
    #[must_use]
    pub fn compute(&self, parts: &[&[u8]]) -> Output {
        self.compute_after(&[], parts)
    }

    /// Returns the output for `before` and then `parts`.
    fn compute_after(&self, before: &[u8], parts: &[&[u8]]) -> Output {
        fn of<H: HashFunction>(hmac: &Hmac<H>, before: &[u8], parts: &[&[u8]]) -> Output {
            of_parts(hmac.start(), before, parts, H::OUTPUT_LEN)
        }
        match &self.keyed {
            Keyed::Md5(hmac) => of(hmac, before, parts),
            Keyed::Sha1(hmac) => of(hmac, before, parts),
            Keyed::Sha256(hmac) => of(hmac, before, parts),
            Keyed::Sha384(hmac) => of(hmac, before, parts),
            Keyed::Sha512(hmac) => of(hmac, before, parts),
        }
    }

    /// Checks that the output for `parts` is `expected`, in a time that does not depend on where it differs.
    ///
    /// # Errors
    /// Returns [`NotAuthentic`] when it is not, or when `expected` does not have the length of the output.
    pub fn verify(&self, parts: &[&[u8]], expected: &[u8]) -> Result<(), NotAuthentic> {
        mac::equal(self.compute(parts).expose(), expected)
    }

    /// Fills `key` with K1 | K2 | K3 …, where K1 = prf(K, 0) and Kn = prf(K, Kn-1): the expansion of RFC 2409
    /// appendix B, for ciphers whose keys are longer than `SKEYID_e`.
    pub fn expand(&self, key: &mut [u8]) {
        self.fill(self.compute(&[&[0]]), &[], key);
    }

    /// Fills `keymat` with K1 | K2 | K3 …, where K1 = prf(K, seed) and Kn = prf(K, Kn-1 | seed): the expansion of RFC
    /// 2409 section 5.5, which makes the keys of phase 2.
    pub fn expand_seed(&self, seed: &[&[u8]], keymat: &mut [u8]) {
        self.fill(self.compute(seed), seed, keymat);
    }

    fn fill(&self, first: Output, seed: &[&[u8]], octets: &mut [u8]) {
        let mut output = first;
        let mut chunks = octets.chunks_mut(self.output_len().max(1)).peekable();
        while let Some(chunk) = chunks.next() {
            mac::put(chunk, 0, output.expose());
            if chunks.peek().is_some() {
                output = self.compute_after(output.expose(), seed);
            }
        }
    }
}

impl fmt::Debug for Prf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Prf<{}>(..)", self.hash_algorithm())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Prf {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        defmt::write!(formatter, "Prf<{=str}>(..)", self.hash_algorithm().name());
    }
}

#[cfg(test)]
mod tests;
