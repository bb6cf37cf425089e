//! The keys of MD5 authentication. They are borrowed from the caller.

use core::fmt;

use md5::{Digest, Md5};

/// A key: the octets that IOS takes as `key-string`. `Debug` does not show them.
///
/// Every length is accepted, also an empty key. A digest under an empty key protects nothing, because anybody can
/// compute it: a program that reads keys from a file or from a user must refuse an empty one itself.
#[derive(Clone, Copy)]
pub struct Key<'a>(&'a [u8]);

impl<'a> Key<'a> {
    /// A key of these octets.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    pub(super) const fn octets(self) -> &'a [u8] {
        self.0
    }

    /// Hashes `P`: the key, padded to whole blocks as MD5 pads a message.
    pub(super) fn start(self, hash: &mut Md5) {
        const BLOCK_LEN: usize = 64;
        // The octet 0x80, zeros and the length end the block, so 64 - 1 - 8 = 55 octets are left for the key and
        // the zeros.
        let zeros = 55usize.wrapping_sub(self.0.len()) % BLOCK_LEN;
        // default: never taken, because no length is above 2^64
        let bits = u64::try_from(self.0.len()).unwrap_or(u64::MAX).wrapping_mul(8);
        hash.update(self.0);
        hash.update([0x80]);
        // default: never taken, because there are fewer zeros than octets in a block
        hash.update([0; BLOCK_LEN].get(..zeros).unwrap_or_default());
        hash.update(bits.to_le_bytes());
    }
}

impl<'a> From<&'a [u8]> for Key<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self(octets)
    }
}

impl<'a> From<&'a str> for Key<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl fmt::Debug for Key<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(..)")
    }
}

/// Keys with their ids, as in a `key chain` of IOS. IOS sends id 0 for a `key-string` without a chain.
#[derive(Clone, Copy, Debug)]
pub struct KeyChain<'a>(pub &'a [(u32, Key<'a>)]);

impl<'a> KeyChain<'a> {
    /// The keys with this id, in the order of the chain.
    pub fn keys(&self, key_id: u32) -> impl Iterator<Item = Key<'a>> + use<'a> {
        self.0.iter().filter(move |(id, _)| *id == key_id).map(|(_, key)| *key)
    }
}
