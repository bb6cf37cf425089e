use std::format;
use std::vec::Vec;

use super::*;
use crate::hexadecimal::hex;

/// Returns arctan(1/x) scaled by 2^bits.
fn arctan_of_inverse(x: u32, bits: u64) -> BigUint {
    let mut term = (BigUint::from(1u8) << bits) / x;
    let mut sum = term.clone();
    let (mut n, mut negative) = (3u32, true);
    while term != BigUint::ZERO {
        term /= x * x;
        if negative {
            sum -= &term / n;
        } else {
            sum += &term / n;
        }
        (n, negative) = (n + 2, !negative);
    }
    sum
}

/// Returns [2^bits pi], by Machin's formula: pi = 16 arctan(1/5) - 4 arctan(1/239).
fn pi(bits: u64) -> BigUint {
    const GUARD: u64 = 64;
    let scaled = arctan_of_inverse(5, bits + GUARD) * 16u8 - arctan_of_inverse(239, bits + GUARD) * 4u8;
    scaled >> GUARD
}

/// RFC 2409 sections 6.1 and 6.2, RFC 3526 sections 2 to 7: each prime is what its formula gives.
#[test]
fn the_primes_are_what_their_formula_gives() {
    let one = BigUint::from(1u8);
    let all = pi(8192);
    assert_eq!(&all >> 8185u32, BigUint::from(402u32), "3.14 times 128");
    for (group, n, k) in [
        (DhGroup::Modp768, 768u64, 149_686u32),
        (DhGroup::Modp1024, 1024, 129_093),
        (DhGroup::Modp1536, 1536, 741_804),
        (DhGroup::Modp2048, 2048, 124_476),
        (DhGroup::Modp3072, 3072, 1_690_314),
        (DhGroup::Modp4096, 4096, 240_904),
        (DhGroup::Modp6144, 6144, 929_484),
        (DhGroup::Modp8192, 8192, 4_743_158),
    ] {
        let digits = &all >> (8192 - (n - 130));
        let prime = (&one << n) - (&one << (n - 64)) - &one + ((digits + k) << 64u32);
        assert_eq!(prime::of(group), prime, "{group:?}");
        assert_eq!(BigUint::from_bytes_be(&group.prime()), prime);
        assert_eq!(prime.bits(), n);
        assert_eq!(group.public_len() as u64 * 8, n);
        assert_eq!(DhGroup::from_number(group.number()), Some(group));
    }
    let numbers: Vec<u16> = (0..100).filter(|number| DhGroup::from_number(*number).is_some()).collect();
    assert_eq!(numbers, [1, 2, 5, 14, 15, 16, 17, 18]);
}

#[test]
fn the_groups_have_prime_order_behind_two() {
    for group in [DhGroup::Modp768, DhGroup::Modp1024, DhGroup::Modp1536] {
        let prime = prime::of(group);
        let half = &prime >> 1u32;
        // These are Fermat's test to two bases, and a test that 2 generates the group of squares: 2^((p-1)/2) = 1.
        for base in [3u8, 5] {
            assert_eq!(BigUint::from(base).modpow(&(&prime - 1u8), &prime), BigUint::from(1u8));
            assert_eq!(BigUint::from(base).modpow(&(&half - 1u8), &half), BigUint::from(1u8));
        }
        assert_eq!(BigUint::from(2u8).modpow(&half, &prime), BigUint::from(1u8));
    }
}

fn seeded(mut state: u64) -> impl FnMut(&mut [u8]) -> Result<(), NoEntropy> {
    move |octets| {
        for octet in octets {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *octet = (state >> 56) as u8;
        }
        Ok(())
    }
}

/// Compares with the exponentiation of `num-bigint`, which is an independent implementation.
#[test]
fn both_sides_agree_and_so_does_a_variable_time_peer() {
    for group in DhGroup::ALL {
        let one = PrivateKey::generate(group, &mut seeded(1)).unwrap();
        let other = PrivateKey::generate(group, &mut seeded(2)).unwrap();
        let (g_x, g_y) = (one.public_value(), other.public_value());
        let prime = prime::of(group);
        let exponent = BigUint::from_bytes_be(one.secret().expose());
        assert_eq!(BigUint::from_bytes_be(&g_x), BigUint::from(2u8).modpow(&exponent, &prime), "{group:?}");
        let expected = BigUint::from_bytes_be(&g_y).modpow(&exponent, &prime);
        let secret = one.shared_secret(&g_y).unwrap();
        assert_eq!(secret, other.shared_secret(&g_x).unwrap());
        assert_eq!(BigUint::from_bytes_be(secret.secret().expose()), expected, "{group:?}");
        assert_eq!(
            (g_x.len(), g_y.len(), secret.secret().len()),
            (group.public_len(), group.public_len(), group.public_len())
        );
        group.check_public_value(&g_x).unwrap();
    }
}

#[test]
fn exponents_of_every_length() {
    let group = DhGroup::Modp768;
    for len in [1, 2, 7, 8, 9, 31, 32, 95, 96] {
        let exponent: Vec<u8> = (0..len).map(|n| (n * 37 + 5) as u8).collect();
        let key = PrivateKey::from_octets(group, Secret::new(&exponent)).unwrap();
        let expected = BigUint::from(2u8).modpow(&BigUint::from_bytes_be(&exponent), &prime::of(group));
        assert_eq!(BigUint::from_bytes_be(&key.public_value()), expected, "{len}");
    }
    assert!(PrivateKey::from_octets(group, Secret::new(&[1; 97])).is_none());
    for zero in [&[][..], &[0], &[0; 96]] {
        assert!(PrivateKey::from_octets(group, Secret::new(zero)).is_none(), "g^0 is 1 for everyone");
    }
}

/// An exponent with leading zeros takes the same work. RFC 2409 section 5 pads the secret, not the exponent.
#[test]
fn a_short_secret_has_zeros_in_front() {
    let group = DhGroup::Modp1024;
    // The peer's value is 2^8 and the exponent is 3, so the secret is 2^24.
    let mut peer = std::vec![0; 128];
    peer[126] = 1;
    let key = PrivateKey::from_octets(group, Secret::new(&[0, 0, 3])).unwrap();
    let secret = key.shared_secret(&peer).unwrap();
    let mut expected = std::vec![0; 128];
    expected[124] = 1;
    assert_eq!(secret.secret().expose(), expected);
    assert_eq!(key.public_value()[127], 8);
}

#[test]
fn public_values_that_give_the_secret_away_are_refused() {
    for group in DhGroup::ALL {
        let len = group.public_len();
        let value = |number: &BigUint| {
            let octets = number.to_bytes_be();
            let mut value = std::vec![0; len - octets.len()];
            value.extend(octets);
            value
        };
        let prime = prime::of(group);
        for (number, is_good) in [
            (BigUint::ZERO, false),
            (BigUint::from(1u8), false),
            (BigUint::from(2u8), true),
            (&prime - 2u8, true),
            (&prime - 1u8, false),
            (prime.clone(), false),
            (&prime + 1u8, false),
            ((BigUint::from(1u8) << (len * 8)) - 1u8, false),
        ] {
            let expected = if is_good { Ok(()) } else { Err(PublicValueError::Range) };
            assert_eq!(group.check_public_value(&value(&number)), expected, "{group:?}");
        }
        for wrong in [0, len - 1, len + 1] {
            let expected = PublicValueError::Length { needed: len, available: wrong };
            assert_eq!(group.check_public_value(&std::vec![7; wrong]), Err(expected));
        }
        let key = PrivateKey::from_octets(group, Secret::new(&[3])).unwrap();
        assert_eq!(key.shared_secret(&value(&BigUint::from(1u8))), Err(PublicValueError::Range));
    }
}

#[test]
fn without_entropy_there_is_no_key() {
    let mut none = |_: &mut [u8]| -> Result<(), NoEntropy> { Err(NoEntropy) };
    assert_eq!(PrivateKey::generate(DhGroup::Modp768, &mut none).err(), Some(NoEntropy));
    let mut zeros = |_: &mut [u8]| -> Result<(), NoEntropy> { Ok(()) };
    assert_eq!(PrivateKey::generate(DhGroup::Modp768, &mut zeros).err(), Some(NoEntropy));
}

#[test]
fn nothing_prints() {
    let key = PrivateKey::from_octets(DhGroup::Modp768, Secret::new(&hex("aabb"))).unwrap();
    assert_eq!(format!("{key:?}"), "PrivateKey(Modp768, ..)");
    let mut peer = std::vec![0; 96];
    peer[95] = 9;
    assert_eq!(format!("{:?}", key.shared_secret(&peer).unwrap()), "SharedSecret(96 octets)");
    fn check<T: ZeroizeOnDrop>() {}
    check::<PrivateKey>();
    check::<SharedSecret>();
}
