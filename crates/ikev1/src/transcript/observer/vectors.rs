//! Initialization vectors of one exchange, when messages come in order, repeated, or with some missing.

use alloc::collections::VecDeque;
use alloc::vec;
use alloc::vec::Vec;

use crate::Iv;

/// The number of messages of an exchange that are kept and were read.
const READ: usize = 8;

/// The number of messages that are kept and were not read. They are counted separately, so that noise with the
/// cookies of others does not displace those from which later vectors come.
const UNREAD: usize = 4;

/// One message, as far as the next message and its own repetition need it.
#[derive(Clone, Copy, Debug)]
struct Link {
    /// The vector that decrypted it. `None` when it could not be decrypted.
    iv: Option<Iv>,
    /// Its last block, which is the vector of the next message.
    last: Iv,
    len: usize,
    position: usize,
}

/// The latest messages of one exchange, as far as the vectors of other messages come from them: at most twelve.
#[derive(Clone, Debug, Default)]
pub struct Vectors {
    links: VecDeque<Link>,
}

/// A vector that may have encrypted a message. [`Vectors::take`] needs nothing else of it, so the struct is
/// exhaustive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The vector.
    pub iv: Iv,
    /// The position of the message in the exchange with this vector, counted from 0.
    pub position: usize,
    /// Whether the same message came before.
    pub is_repeated: bool,
}

impl Vectors {
    /// Makes an exchange without messages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the vectors that a message may have, the likeliest first. `first` has the vectors that a first message
    /// may have.
    #[must_use]
    pub fn candidates(&self, first: &[Iv], ciphertext: &[u8]) -> Vec<Candidate> {
        // The same last block means the same message, because a peer sends the same octets again.
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
            // The message may be a first one that comes late, or one that follows a message with another key.
            false => after.chain(first).collect(),
        }
    }

    /// Takes a message, with the vector that decrypted it. `None` means that it could not be decrypted, or that its
    /// HASH is wrong; its last block may be the vector of the next message all the same. `like` is any vector of the
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

    /// Returns how many octets of memory it takes besides itself.
    #[must_use]
    pub fn octet_count(&self) -> usize {
        self.links.len().saturating_mul(size_of::<Link>())
    }

    /// Lists the last blocks of the messages, the latest first.
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
        // The message may be tried again with another vector.
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
