use core::fmt;
use core::mem::size_of;

use zeroize::Zeroize;

use super::Running;

/// A hash function of the MD5 family. The trait is closed: only the hash functions of this crate implement it.
pub trait HashFunction: Compression {
    /// The name of the hash function.
    const NAME: &'static str;
    /// The length of a block in octets.
    const BLOCK_LEN: usize;
    /// The length of a digest in octets.
    const OUTPUT_LEN: usize;
}

/// The parts of a hash function: a state, and a function that compresses blocks into it. The interface does not show
/// it.
pub trait Compression: 'static {
    /// The state before the first block.
    const INITIAL: Self::State;

    /// The state that is kept between blocks.
    type State: Copy + fmt::Debug + Zeroize;

    /// Absorbs whole blocks. Octets after the last whole block are not absorbed.
    fn compress(state: &mut Self::State, blocks: &[u8]);

    /// A block.
    type Block: Zeroize + AsMut<[u8]> + AsRef<[u8]>;

    /// A block of zeros.
    const ZEROS: Self::Block;

    /// Writes the end of a message into a block of zeros: the `rest`, which is shorter than a block, the `implied`
    /// octets after it, and the padding, as far as there is room. The whole message has `len` octets. Returns how the
    /// message continues.
    ///
    /// Call it before the earlier blocks are compressed. Octets that are written in small parts have then reached the
    /// cache when they are read in large parts, and nothing waits for them.
    fn write_last(block: &mut Self::Block, len: usize, rest: &[u8], implied: Option<[u8; 4]>) -> Last;

    /// Absorbs the last block, and the block after it if there is one.
    fn compress_last(state: &mut Self::State, block: &Self::Block, last: Last);

    /// The block of the outer hash of HMAC: it has the padding of a digest after a first block, and zeros where the
    /// digest goes.
    const DIGEST_BLOCK: Self::Block;

    /// Absorbs the digest of the state `inner`. `block` is [`DIGEST_BLOCK`](Self::DIGEST_BLOCK), which must be
    /// written well before.
    fn compress_digest(state: &mut Self::State, block: &mut Self::Block, inner: &Self::State);

    /// Returns the digest, followed by octets that do not count.
    fn digest(state: &Self::State) -> [u8; MAX_OUTPUT_LEN];
}

/// The length of the longest digest in octets.
pub(crate) const MAX_OUTPUT_LEN: usize = 64;

/// Returns the octets of a digest that count.
#[inline(always)]
pub(crate) fn output<H: HashFunction>(digest: &[u8; MAX_OUTPUT_LEN]) -> &[u8] {
    const { assert!(H::OUTPUT_LEN <= MAX_OUTPUT_LEN) };
    // default: no output is longer; the line above shows that to the compiler.
    digest.get(..H::OUTPUT_LEN).unwrap_or_default()
}

/// Splits `octets` into whole blocks and a rest that is shorter than a block.
#[inline(always)]
pub(crate) fn whole_blocks<H: HashFunction>(octets: &[u8]) -> (&[u8], &[u8]) {
    const { assert!(H::BLOCK_LEN > 0) };
    // default: a block is not empty; the line above shows that to the compiler.
    let over = octets.len().checked_rem(H::BLOCK_LEN).unwrap_or(0);
    // default: a remainder is not longer than the dividend.
    octets.split_at_checked(octets.len().wrapping_sub(over)).unwrap_or_default()
}

/// The continuation of a message after the block that [`Compression::write_last`] wrote.
#[derive(Clone, Copy, Debug)]
pub enum Last {
    /// The message ends there.
    Ends,
    /// Another block follows: the octets that had no room, and the length of the message in bits, in the order of its
    /// octets.
    Another([u8; 8], [u8; 8]),
}

/// Returns sixteen octets of words.
macro_rules! group_octets {
    ($group:expr, $to_octets:ident) => {{
        let mut octets = [0; 16];
        for (octets, word) in octets.as_chunks_mut().0.iter_mut().zip($group) {
            *octets = word.$to_octets();
        }
        octets
    }};
}

macro_rules! hash_function {
    ($(#[$meta:meta])* $name:ident, $label:literal, $word:ty, $words:literal, $block_len:literal, $output_len:literal,
        $length_len:literal, $compress:path, $to_octets:ident, $initial:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name;

        impl HashFunction for $name {
            const NAME: &'static str = $label;
            const BLOCK_LEN: usize = $block_len;
            const OUTPUT_LEN: usize = $output_len;
        }

        impl Compression for $name {
            const INITIAL: [$word; $words] = $initial;

            type State = [$word; $words];

            #[inline(always)]
            fn compress(state: &mut Self::State, blocks: &[u8]) {
                $compress(state, blocks.as_chunks::<$block_len>().0);
            }

            type Block = [u8; $block_len];

            const ZEROS: [u8; $block_len] = [0; $block_len];

            #[inline(always)]
            fn write_last(block: &mut [u8; $block_len], len: usize, rest: &[u8], implied: Option<[u8; 4]>) -> Last {
                const LAST: usize = $block_len / 16 - 1;
                // default: the length in bits of a message in memory fits.
                let bits = u64::try_from(len).unwrap_or(u64::MAX).wrapping_mul(8).$to_octets();
                let used = rest.len().wrapping_add(if implied.is_some() { 4 } else { 0 });
                // The octet 0x80 and the length follow the rest of the message.
                let fits = used < const { $block_len - $length_len };
                let (whole, over) = rest.as_chunks::<16>();
                let half = <[u8; 8]>::try_from(over);
                if half.is_err() && !over.is_empty() {
                    return write_odd(block, rest, implied, fits, bits);
                }
                let end = match implied {
                    None => 0x80,
                    Some(implied) => u64::from(u32::from_le_bytes(implied)) | 0x80_0000_0000,
                };
                let (first, second) = match half {
                    Ok(half) => (u64::from_le_bytes(half), end),
                    Err(_) => (end, 0),
                };
                let chunks = block.as_chunks_mut::<16>().0;
                for (at, to) in chunks.iter_mut().take(LAST + 1).enumerate() {
                    if let Some(from) = whole.get(at) {
                        *to = *from;
                    }
                }
                let length = if fits { u64::from_le_bytes(bits) } else { 0 };
                if let Some(to) = chunks.last_mut() {
                    *to = pair(0, length);
                }
                if let Some(to) = chunks.get_mut(whole.len()) {
                    *to = pair(first, if whole.len() == LAST && fits { length } else { second });
                }
                if fits { Last::Ends } else { Last::Another([0; 8], bits) }
            }

            #[inline(always)]
            fn compress_last(state: &mut Self::State, block: &[u8; $block_len], last: Last) {
                $compress(state, core::slice::from_ref(block));
                if let Last::Another(over, bits) = last {
                    let mut block = [0; $block_len];
                    put(&mut block, 0, &over);
                    put(&mut block, const { $block_len - 8 }, &bits);
                    $compress(state, &[block]);
                }
            }

            const DIGEST_BLOCK: [u8; $block_len] = {
                const BITS: u64 = ($block_len + $output_len) * 8;
                digest_block($output_len, BITS.$to_octets())
            };

            #[inline(always)]
            fn compress_digest(state: &mut Self::State, block: &mut [u8; $block_len], inner: &Self::State) {
                // default: a state has at least the words of its digest.
                let words = inner.get(..const { $output_len / size_of::<$word>() }).unwrap_or_default();
                let (groups, over) = words.as_chunks::<{ 16 / size_of::<$word>() }>();
                let chunks = block.as_chunks_mut::<16>().0;
                for (chunk, group) in chunks.iter_mut().zip(groups) {
                    *chunk = group_octets!(group, $to_octets);
                }
                // This is the fifth word of SHA-1. The padding begins behind it.
                if let ([word], Some(chunk)) = (over, chunks.get_mut(groups.len())) {
                    let mut half = [0; 8];
                    put(&mut half, 0, &word.$to_octets());
                    *chunk = pair(u64::from_le_bytes(half) | 0x80_0000_0000, 0);
                }
                $compress(state, core::slice::from_ref(block));
            }

            #[inline(always)]
            fn digest(state: &Self::State) -> [u8; MAX_OUTPUT_LEN] {
                let mut digest = [0; MAX_OUTPUT_LEN];
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
    Md5, "MD5", u32, 4, 64, 16, 8, md5::block_api::compress, to_le_bytes,
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
);
hash_function!(
    /// SHA-1, RFC 3174.
    Sha1, "SHA-1", u32, 5, 64, 20, 8, sha1::block_api::compress, to_be_bytes,
    [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
);
hash_function!(
    /// SHA-256, RFC 6234.
    Sha256, "SHA-256", u32, 8, 64, 32, 8, sha2::block_api::compress256, to_be_bytes,
    [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19
    ]
);
hash_function!(
    /// SHA-384, RFC 6234.
    Sha384, "SHA-384", u64, 8, 128, 48, 16, sha2::block_api::compress512, to_be_bytes,
    [
        0xcbbb_9d5d_c105_9ed8, 0x629a_292a_367c_d507, 0x9159_015a_3070_dd17, 0x152f_ecd8_f70e_5939,
        0x6733_2667_ffc0_0b31, 0x8eb4_4a87_6858_1511, 0xdb0c_2e0d_64f9_8fa7, 0x47b5_481d_befa_4fa4
    ]
);
hash_function!(
    /// SHA-512, RFC 6234.
    Sha512, "SHA-512", u64, 8, 128, 64, 16, sha2::block_api::compress512, to_be_bytes,
    [
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179
    ]
);

/// A hash without a key that has taken part of its message.
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
        self.absorbed = self.absorbed.saturating_add(whole_blocks::<H>(chunks).0.len());
    }

    fn finish(mut self, rest: &[u8], implied: Option<[u8; 4]>, digest: &mut [u8]) {
        let len =
            self.absorbed.saturating_add(rest.len()).saturating_add(implied.map_or(0, |octets| octets.len()));
        let (blocks, over) = whole_blocks::<H>(rest);
        let mut last = H::ZEROS;
        let end = H::write_last(&mut last, len, over, implied);
        H::compress(&mut self.state, blocks);
        H::compress_last(&mut self.state, &last, end);
        put(digest, 0, output::<H>(&H::digest(&self.state)));
        self.state.zeroize();
    }
}

/// Makes a block with the padding behind `len` octets of zeros, and the length of the message in `bits` at its end.
const fn digest_block<const BLOCK_LEN: usize>(len: usize, bits: [u8; 8]) -> [u8; BLOCK_LEN] {
    let mut block = [0; BLOCK_LEN];
    if let Some((_, rest)) = block.split_at_mut_checked(len)
        && let Some((first, rest)) = rest.split_first_mut()
    {
        *first = 0x80;
        if let Some(end) = rest.last_chunk_mut() {
            *end = bits;
        }
    }
    block
}

/// Does the same as [`Compression::write_last`], one octet at a time, for a message whose length is not a multiple of
/// eight.
#[inline(never)]
fn write_odd(block: &mut [u8], rest: &[u8], implied: Option<[u8; 4]>, fits: bool, bits: [u8; 8]) -> Last {
    put(block, 0, rest);
    let mut over = [0; 8];
    let end = match implied {
        None => [0x80, 0, 0, 0, 0],
        Some([i0, i1, i2, i3]) => [i0, i1, i2, i3, 0x80],
    };
    put(block, rest.len(), &end);
    // These octets have no room in the block.
    let room = block.len().saturating_sub(rest.len());
    // default: no octet is over when all of them have room.
    put(&mut over, 0, end.get(room..).unwrap_or_default());
    if fits {
        put(block, block.len().saturating_sub(8), &bits);
        Last::Ends
    } else {
        Last::Another(over, bits)
    }
}

/// Returns the octets of two numbers, joined in one register. A value that is written in two parts and read in one is
/// read late.
#[inline(always)]
fn pair(first: u64, second: u64) -> [u8; 16] {
    // Both halves are computed in the same way, so that the compiler does them at once.
    const MASKS: [[u64; 2]; 2] = [[u64::MAX, 0], [0, u64::MAX]];
    let [keep_first, keep_second] = core::hint::black_box(&MASKS);
    let mut octets = [0; 16];
    for (to, (one, other)) in octets.as_chunks_mut().0.iter_mut().zip(keep_first.iter().zip(keep_second)) {
        *to = (first & one | second & other).to_le_bytes();
    }
    octets
}

/// Writes `from` at `offset`, as far as there is room. A truncated code has its first octets.
#[inline(always)]
pub(crate) fn put<T: Copy>(to: &mut [T], offset: usize, from: &[T]) {
    // default: beyond the end there is no room.
    for (to, from) in to.get_mut(offset..).unwrap_or_default().iter_mut().zip(from) {
        *to = *from;
    }
}
