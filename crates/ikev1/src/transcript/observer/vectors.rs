//! Initialization vectors of one exchange, as messages come: in order, again, or with some missing.

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

use crate::Iv;

/// How many messages of an exchange are remembered that were read.
const READ: usize = 8;

/// How many are remembered that were not. They are counted apart: whoever sends noise under the cookies of others must not
/// push those out that later vectors come from.
const UNREAD: usize = 4;

/// One message, as far as the next one and its own repetition need it.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// The vector it was decrypted with; nothing where it could not be.
    iv: Option<Iv>,
    /// Its last block: the vector of the next message.
    last: Iv,
    len: usize,
    position: usize,
}

/// The latest messages of one exchange, as far as the vectors of others come from them: a dozen at the most.
#[derive(Clone, Debug, Default)]
pub struct Vectors {
    links: VecDeque<Link>,
}

/// A vector that a message may have been encrypted with. Exhaustive on purpose: [`Vectors::take`] needs no more of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The vector.
    pub iv: Iv,
    /// Which message of the exchange it is then, from 0.
    pub position: usize,
    /// Whether the same message came before.
    pub is_repeated: bool,
}

impl Vectors {
    /// An exchange of which no message has come.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The vectors that a message may have, the likeliest first; `first` are those of a first message.
    #[must_use]
    pub fn candidates(&self, first: &[Iv], ciphertext: &[u8]) -> Vec<Candidate> {
        // The same last block is the same message: a peer that sends again sends the same octets.
        let repeated = self.links.iter().rev().find(|link| {
            link.len == ciphertext.len() && ciphertext.ends_with(link.last.octets()) && link.iv.is_some()
        });
        if let Some(Link { iv: Some(iv), position, .. }) = repeated {
            return vec![Candidate { iv: *iv, position: *position, is_repeated: true }];
        }
        let after = self.links.iter().rev().map(|link| Candidate {
            iv: link.last,
            position: link.position.saturating_add(1),
            is_repeated: false,
        });
        let first = first.iter().map(|iv| Candidate { iv: *iv, position: 0, is_repeated: false });
        match self.links.is_empty() {
            true => first.collect(),
            // A first message that comes late, or after one of another key.
            false => after.chain(first).collect(),
        }
    }

    /// Takes a message in: with the vector that decrypted it, or with none where it could not be decrypted or its HASH is
    /// wrong. Such a message counts too: its last block is the vector of the next one all the same. `like` is any vector of the
    /// same cipher.
    pub fn take(&mut self, candidate: Option<Candidate>, like: Iv, ciphertext: &[u8]) {
        if candidate.is_some_and(|candidate| candidate.is_repeated) {
            return;
        }
        let (is_read, last) = (candidate.is_some(), like.next(ciphertext));
        let is_known = |link: &Link| link.len == ciphertext.len() && link.last == last;
        if !is_read && self.links.iter().any(is_known) {
            return;
        }
        let before = self.links.back().map_or(0, |link| link.position.saturating_add(1));
        let of_kind = || self.links.iter().enumerate().filter(|(_, link)| link.iv.is_some() == is_read);
        if of_kind().count() >= if is_read { READ } else { UNREAD }
            && let Some((oldest, _)) = of_kind().next()
        {
            self.links.remove(oldest);
        }
        self.links.push_back(Link {
            iv: candidate.map(|candidate| candidate.iv),
            last,
            len: ciphertext.len(),
            position: candidate.map_or(before, |candidate| candidate.position),
        });
    }

    /// Octets that it takes in memory, beside itself.
    #[must_use]
    pub fn octet_count(&self) -> usize {
        self.links.len().saturating_mul(size_of::<Link>())
    }

    /// The last blocks of the messages, the latest first.
    pub fn lasts(&self) -> impl Iterator<Item = Iv> + '_ {
        self.links.iter().rev().map(|link| link.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iv(octet: u8) -> Iv {
        Iv::from_octets(&[octet; 8]).unwrap()
    }

    fn ivs(vectors: &Vectors, ciphertext: &[u8]) -> Vec<(Iv, usize, bool)> {
        let candidates = vectors.candidates(&[iv(0)], ciphertext);
        candidates.iter().map(|one| (one.iv, one.position, one.is_repeated)).collect()
    }

    #[test]
    fn repeated_messages_have_the_vector_they_had() {
        let mut vectors = Vectors::new();
        assert_eq!(ivs(&vectors, &[1; 16]), [(iv(0), 0, false)]);
        vectors.take(vectors.candidates(&[iv(0)], &[1; 16]).first().copied(), iv(0), &[1; 16]);
        assert_eq!(ivs(&vectors, &[2; 16]), [(iv(1), 1, false), (iv(0), 0, false)]);
        assert_eq!(ivs(&vectors, &[1; 16]), [(iv(0), 0, true)]);
        vectors.take(vectors.candidates(&[iv(0)], &[1; 16]).first().copied(), iv(0), &[1; 16]);
        vectors.take(vectors.candidates(&[iv(0)], &[2; 16]).first().copied(), iv(0), &[2; 16]);
        assert_eq!(ivs(&vectors, &[3; 8])[0], (iv(2), 2, false));
        assert_eq!(ivs(&vectors, &[2; 16]), [(iv(1), 1, true)]);
    }

    #[test]
    fn a_message_that_is_not_understood_gives_the_next_one_its_vector() {
        let mut vectors = Vectors::new();
        vectors.take(None, iv(0), &[5; 24]);
        assert_eq!(ivs(&vectors, &[6; 8])[0], (iv(5), 1, false));
        // It may be tried again with another vector.
        assert_eq!(ivs(&vectors, &[5; 24]), [(iv(5), 1, false), (iv(0), 0, false)]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut vectors = Vectors::new();
        for octet in 0..100 {
            vectors.take(None, iv(0), &[octet; 8]);
        }
        assert_eq!(vectors.lasts().count(), UNREAD);
        assert_eq!(vectors.lasts().next(), Some(iv(99)));
        let read = Candidate { iv: iv(0), position: 0, is_repeated: false };
        for octet in 100..200 {
            vectors.take(Some(read), iv(0), &[octet; 8]);
        }
        assert_eq!(vectors.lasts().count(), READ + UNREAD);
        assert_eq!(vectors.lasts().next(), Some(iv(199)));
    }

    #[test]
    fn noise_pushes_none_out_that_was_read() {
        let mut vectors = Vectors::new();
        vectors.take(Some(Candidate { iv: iv(0), position: 0, is_repeated: false }), iv(0), &[200; 8]);
        for octet in 0..100 {
            vectors.take(None, iv(0), &[octet; 8]);
            vectors.take(None, iv(0), &[octet; 8]);
        }
        assert_eq!(vectors.lasts().collect::<Vec<_>>(), [iv(99), iv(98), iv(97), iv(96), iv(200)]);
    }
}
