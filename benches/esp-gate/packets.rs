//! Holds the packets of one SA in one buffer, and does the work around a cipher that every candidate has to do.

use ipsec::IvRule;
use ipsec::suite::Encryption;
use ipsec::suite::Suite;

/// The number of packets in a set. They have 110 kB, which stay in the second cache.
pub const PACKETS: usize = 64;

/// The distance between packets in octets: 27 cache lines, so that they do not all fall into the same few sets.
const STRIDE: usize = 1728;

/// The SPI of all packets.
pub const SPI: u32 = 0x1122_3344;

/// The next header of all packets.
pub const NEXT_HEADER: u8 = 4;

/// The number of octets of SPI and sequence number.
pub const HEADER_LEN: usize = 8;

/// The offsets of the parts of a packet.
#[derive(Clone, Copy)]
pub struct Geometry {
    pub iv_rule: IvRule,
    pub payload_len: usize,
    pub text_offset: usize,
    pub icv_offset: usize,
    pub len: usize,
}

impl Geometry {
    pub fn new(suite: Suite, payload_len: usize) -> Self {
        Self::of(suite.encryption(), payload_len, suite.icv_len())
    }

    pub fn of(encryption: Encryption, payload_len: usize, icv_len: usize) -> Self {
        let text_offset = HEADER_LEN + encryption.iv_len();
        let text_len = (payload_len + 2).next_multiple_of(encryption.block_len().max(4));
        let icv_offset = text_offset + text_len;
        Self {
            iv_rule: encryption.iv_rule(),
            payload_len,
            text_offset,
            icv_offset,
            len: icv_offset + icv_len,
        }
    }
}

#[derive(Clone)]
#[repr(align(64))]
struct Slot([u8; STRIDE]);

/// A set of packets.
#[derive(Clone)]
pub struct Packets {
    slots: Vec<Slot>,
    pub geometry: Geometry,
}

impl Packets {
    /// Makes payloads that are always the same, with room around them.
    pub fn new(geometry: Geometry) -> Self {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let mut octet = || {
            state = mix(state);
            state as u8
        };
        let mut slot = || Slot(std::array::from_fn(|_| octet()));
        Self { slots: (0..PACKETS).map(|_| slot()).collect(), geometry }
    }

    /// All packets in one slice, one after another.
    #[inline(always)]
    pub fn each(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let len = self.geometry.len;
        self.slots.iter_mut().map(move |slot| &mut slot.0[..len])
    }

    pub fn packet(&mut self, index: usize) -> &mut [u8] {
        &mut self.slots[index].0[..self.geometry.len]
    }

    pub fn payload(&self, index: usize) -> &[u8] {
        let start = self.geometry.text_offset;
        &self.slots[index].0[start..start + self.geometry.payload_len]
    }

    /// Copies `master` into this set.
    pub fn restore(&mut self, master: &Self) {
        for (slot, other) in self.slots.iter_mut().zip(&master.slots) {
            slot.0[..self.geometry.len].copy_from_slice(&other.0[..self.geometry.len]);
        }
    }
}

#[inline(always)]
fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The initialization vector of packet `sequence`: sixteen octets. A mode with small blocks uses the first eight.
#[inline(always)]
pub fn iv(sequence: u64) -> [u8; 16] {
    let first = mix(sequence ^ 0x5bd1_e995_0000_0000);
    let mut octets = [0; 16];
    octets[..8].copy_from_slice(&first.to_be_bytes());
    octets[8..].copy_from_slice(&mix(first).to_be_bytes());
    octets
}

/// Writes the header, the initialization vector, the padding and the trailer, as every candidate does before it
/// encrypts.
#[inline(always)]
pub fn prepare(packet: &mut [u8], geometry: &Geometry, sequence: u32) {
    const COUNT: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
    packet[..4].copy_from_slice(&SPI.to_be_bytes());
    packet[4..8].copy_from_slice(&sequence.to_be_bytes());
    match geometry.iv_rule {
        IvRule::NeverRepeated => packet[8..16].copy_from_slice(&u64::from(sequence).to_be_bytes()),
        _ => {
            let iv_len = geometry.text_offset - HEADER_LEN;
            packet[8..8 + iv_len].copy_from_slice(&iv(sequence.into())[..iv_len]);
        }
    }
    let padding_offset = geometry.text_offset + geometry.payload_len;
    let padding_len = geometry.icv_offset - 2 - padding_offset;
    packet[padding_offset..padding_offset + padding_len].copy_from_slice(&COUNT[..padding_len]);
    packet[geometry.icv_offset - 2] = padding_len as u8;
    packet[geometry.icv_offset - 1] = NEXT_HEADER;
}

/// A replay window of 64 sequence numbers in one word, the cheapest possible one, for the peers.
#[derive(Default)]
pub struct Bitmap {
    highest: u32,
    bits: u64,
}

impl Bitmap {
    #[inline(always)]
    pub fn check(&self, number: u32) -> bool {
        if number > self.highest {
            return true;
        }
        let age = self.highest - number;
        number != 0 && age < 64 && self.bits >> age & 1 == 0
    }

    #[inline(always)]
    pub fn accept(&mut self, number: u32) {
        if number > self.highest {
            let steps = number - self.highest;
            self.bits = if steps < 64 { self.bits << steps | 1 } else { 1 };
            self.highest = number;
        } else {
            self.bits |= 1 << (self.highest - number);
        }
    }
}

/// Opens one packet with `decipher`, which verifies and decrypts. This checks the header, the replay window, the
/// padding and the trailer.
#[inline(always)]
pub fn open_around(
    packet: &mut [u8],
    geometry: &Geometry,
    window: &mut Bitmap,
    decipher: impl FnOnce(&mut [u8]) -> bool,
) -> bool {
    let [s0, s1, s2, s3, n0, n1, n2, n3, ..] = *packet else { return false };
    let number = u32::from_be_bytes([n0, n1, n2, n3]);
    if u32::from_be_bytes([s0, s1, s2, s3]) != SPI || !window.check(number) || !decipher(packet) {
        return false;
    }
    window.accept(number);
    let text = &packet[geometry.text_offset..geometry.icv_offset];
    let [before @ .., padding_len, next_header] = text else { return false };
    let Some(start) = before.len().checked_sub((*padding_len).into()) else { return false };
    let wrong = before[start..].iter().zip(1u8..).fold(0, |wrong, (octet, count)| wrong | octet ^ count);
    wrong == 0 && *next_header == NEXT_HEADER
}

/// Whether two MACs are equal, in constant time. All candidates use the comparison of vpnwire.
#[inline(always)]
pub fn equal(one: &[u8], other: &[u8]) -> bool {
    crypto::mac::equal(one, other).is_ok()
}
