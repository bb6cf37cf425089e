use core::fmt;
use core::mem::size_of;

use zeroize::Zeroize;

use super::Running;

mod sealed {
    /// Only the functions of this file are hash functions.
    pub trait Sealed {}
}

/// A hash function of the MD5 family: a state that blocks are compressed into.
pub trait HashFunction: sealed::Sealed + 'static {
    /// Its name.
    const NAME: &'static str;
    /// Octets of a block.
    const BLOCK_LEN: usize;
    /// Octets of a digest.
    const OUTPUT_LEN: usize;
    /// The state before the first block.
    const INITIAL: Self::State;

    /// What is kept between blocks.
    type State: Copy + fmt::Debug + Zeroize;

    /// Takes whole blocks. Octets after the last whole block are not taken.
    fn compress(state: &mut Self::State, blocks: &[u8]);

    /// Takes what is left of a message of `len` octets all told, a block at most, and the octets `implied` after it; and the
    /// padding.
    fn compress_last(state: &mut Self::State, len: usize, rest: &[u8], implied: Option<[u8; 4]>);

    /// Takes the digest that `inner` stands for, after a first block, and the padding: the outer half of HMAC.
    fn compress_digest(state: &mut Self::State, inner: &Self::State);

    /// The digest, followed by octets that do not count.
    fn digest(state: &Self::State) -> [u8; 64];
}

macro_rules! hash_function {
    ($(#[$meta:meta])* $name:ident, $label:literal, $word:ty, $words:literal, $block_len:literal, $output_len:literal,
        $length_len:literal, $pad:literal, $length_index:literal, $compress:path, $to_octets:ident, $initial:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name;

        impl sealed::Sealed for $name {}

        impl HashFunction for $name {
            const NAME: &'static str = $label;
            const BLOCK_LEN: usize = $block_len;
            const OUTPUT_LEN: usize = $output_len;
            const INITIAL: [$word; $words] = $initial;

            type State = [$word; $words];

            #[inline(always)]
            fn compress(state: &mut Self::State, blocks: &[u8]) {
                $compress(state, blocks.as_chunks::<$block_len>().0);
            }

            #[inline(always)]
            fn compress_last(state: &mut Self::State, len: usize, rest: &[u8], implied: Option<[u8; 4]>) {
                let mut last = [[0u8; $block_len]; 2];
                let octets = last.as_flattened_mut();
                put(octets, 0, rest);
                let mut used = rest.len();
                if let Some(implied) = implied {
                    put(octets, used, &implied);
                    used = used.saturating_add(implied.len());
                }
                put(octets, used, &[0x80]);
                let bits = u64::try_from(len).unwrap_or(u64::MAX).saturating_mul(8).$to_octets();
                let [first, second] = &mut last;
                // The octet 0x80 and the length come after what is left.
                if used < const { $block_len - $length_len } {
                    put(first, const { $block_len - 8 }, &bits);
                    $compress(state, core::slice::from_ref(first));
                } else {
                    put(second, const { $block_len - 8 }, &bits);
                    $compress(state, &last);
                }
            }

            #[inline(always)]
            fn compress_digest(state: &mut Self::State, inner: &Self::State) {
                const BITS: $word = ($block_len + $output_len) * 8;
                // Word by word: the block is read again at once, and wider than octets are written.
                let mut words = [0; 16];
                put(&mut words, 0, inner.get(..const { $output_len / size_of::<$word>() }).unwrap_or_default());
                put(&mut words, const { $output_len / size_of::<$word>() }, &[$pad]);
                put(&mut words, $length_index, &[BITS]);
                let mut block = [0u8; $block_len];
                for (octets, word) in block.as_chunks_mut().0.iter_mut().zip(words) {
                    *octets = word.$to_octets();
                }
                $compress(state, &[block]);
            }

            #[inline(always)]
            fn digest(state: &Self::State) -> [u8; 64] {
                let mut digest = [0; 64];
                for (octets, word) in digest.as_chunks_mut().0.iter_mut().zip(state) {
                    *octets = word.$to_octets();
                }
                digest
            }
        }
    };
}

hash_function!(
    /// MD5, RFC 1321.
    Md5, "MD5", u32, 4, 64, 16, 8, 0x80, 14, md5::block_api::compress, to_le_bytes,
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
);
hash_function!(
    /// SHA-1, RFC 3174.
    Sha1, "SHA-1", u32, 5, 64, 20, 8, 0x8000_0000, 15, sha1::block_api::compress, to_be_bytes,
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
);
hash_function!(
    /// SHA-256, RFC 6234.
    Sha256, "SHA-256", u32, 8, 64, 32, 8, 0x8000_0000, 15, sha2::block_api::compress256, to_be_bytes,
    [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
    ]
);
hash_function!(
    /// SHA-384, RFC 6234.
    Sha384, "SHA-384", u64, 8, 128, 48, 16, 0x8000_0000_0000_0000, 15, sha2::block_api::compress512, to_be_bytes,
    [
        0xcbbb_9d5d_c105_9ed8, 0x629a_292a_367c_d507, 0x9159_015a_3070_dd17, 0x152f_ecd8_f70e_5939,
        0x6733_2667_ffc0_0b31, 0x8eb4_4a87_6858_1511, 0xdb0c_2e0d_64f9_8fa7, 0x47b5_481d_befa_4fa4
    ]
);
hash_function!(
    /// SHA-512, RFC 6234.
    Sha512, "SHA-512", u64, 8, 128, 64, 16, 0x8000_0000_0000_0000, 15, sha2::block_api::compress512, to_be_bytes,
    [
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179
    ]
);

/// A hash under way, without a key.
pub(crate) struct HashRunning<H: HashFunction> {
    state: H::State,
    absorbed: usize,
}

impl<H: HashFunction> HashRunning<H> {
    pub(crate) const fn new() -> Self {
        Self { state: H::INITIAL, absorbed: 0 }
    }
}

impl<H: HashFunction> Running for HashRunning<H> {
    fn chunk_len(&self) -> usize {
        H::BLOCK_LEN
    }

    fn absorbed(&self) -> usize {
        self.absorbed
    }

    fn absorb(&mut self, chunks: &[u8]) {
        H::compress(&mut self.state, chunks);
        let over = chunks.len().checked_rem(H::BLOCK_LEN).unwrap_or(0);
        self.absorbed = self.absorbed.saturating_add(chunks.len()).saturating_sub(over);
    }

    fn finish(mut self, rest: &[u8], implied: Option<[u8; 4]>, digest: &mut [u8]) {
        let len =
            self.absorbed.saturating_add(rest.len()).saturating_add(implied.map_or(0, |octets| octets.len()));
        H::compress_last(&mut self.state, len, rest, implied);
        put(digest, 0, H::digest(&self.state).get(..H::OUTPUT_LEN).unwrap_or_default());
        self.state.zeroize();
    }
}

/// Writes `from` at `offset`, as far as there is room.
#[inline(always)]
pub(crate) fn put<T: Copy>(to: &mut [T], offset: usize, from: &[T]) {
    for (to, from) in to.get_mut(offset..).unwrap_or_default().iter_mut().zip(from) {
        *to = *from;
    }
}
