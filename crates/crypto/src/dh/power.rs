//! Exponentiation in constant time.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, Uint, Word};
use zeroize::Zeroize as _;

use super::{DhGroup, prime};

/// Writes base^exponent mod p, with zeros in front. All octets of `exponent` are processed, so the time shows its
/// length and not its value.
pub(super) fn of(group: DhGroup, base: &[u8], exponent: &[u8], out: &mut [u8]) {
    match group {
        DhGroup::Modp768 => power(&prime::MODP_768, base, exponent, out),
        DhGroup::Modp1024 => power(&prime::MODP_1024, base, exponent, out),
        DhGroup::Modp1536 => power(&prime::MODP_1536, base, exponent, out),
        DhGroup::Modp2048 => power(&prime::MODP_2048, base, exponent, out),
        DhGroup::Modp3072 => power(&prime::MODP_3072, base, exponent, out),
        DhGroup::Modp4096 => power(&prime::MODP_4096, base, exponent, out),
        DhGroup::Modp6144 => power(&prime::MODP_6144, base, exponent, out),
        DhGroup::Modp8192 => power(&prime::MODP_8192, base, exponent, out),
    }
}

fn power<const LIMBS: usize>(prime: &Odd<Uint<LIMBS>>, base: &[u8], exponent: &[u8], out: &mut [u8]) {
    let params = FixedMontyParams::new_vartime(*prime);
    let mut base = FixedMontyForm::new(&number(base), &params);
    let mut secret: Uint<LIMBS> = number(exponent);
    // default: an exponent here is never longer than the values of its group.
    let bits = u32::try_from(exponent.len().saturating_mul(8)).unwrap_or(u32::MAX).min(Uint::<LIMBS>::BITS);
    let mut power = base.pow_bounded_exp(&secret, bits);
    let mut result = power.retrieve();
    octets(&result, out);
    secret.zeroize();
    base.zeroize();
    power.zeroize();
    result.zeroize();
}

/// Reads a number, most significant octet first. Octets that do not fit are left out.
fn number<const LIMBS: usize>(octets: &[u8]) -> Uint<LIMBS> {
    let mut words = [0; LIMBS];
    for (word, octets) in words.iter_mut().zip(octets.rchunks(size_of::<Word>())) {
        *word = octets.iter().fold(0, |word, octet| word << 8 | Word::from(*octet));
    }
    let number = Uint::from_words(words);
    words.zeroize();
    number
}

/// Writes a number, most significant octet first.
pub(super) fn octets<const LIMBS: usize>(number: &Uint<LIMBS>, out: &mut [u8]) {
    for (octets, word) in out.rchunks_mut(size_of::<Word>()).zip(number.as_words()) {
        for (octet, from) in octets.iter_mut().rev().zip(word.to_le_bytes()) {
            *octet = from;
        }
    }
}
