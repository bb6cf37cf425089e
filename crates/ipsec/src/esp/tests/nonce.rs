//! Tests of the source of nonces and initialization vectors.

use std::collections::HashSet;

use super::*;
use crate::IvRule;
use crate::NextHeader;
use crate::properties::{SPI, sealed, transform};
use crate::suite::Suite;
use crate::{Esn, SequenceNumber};

/// RFC 3686 section 3.1, RFC 4106 section 3.1: a nonce is never used twice under one key.
#[test]
fn the_nonces_of_a_counter_mode_do_not_repeat() {
    for suite in Suite::all().filter(|suite| suite.encryption().iv_rule() == IvRule::NeverRepeated) {
        let mut sa =
            OutboundSa::new(SPI, transform(suite), Esn::Yes).resumed_after(SequenceNumber((1 << 32) - 100));
        let mut ivs = HashSet::new();
        let mut buffer = [0; 160];
        for _ in 0..200 {
            let packet = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Counter).unwrap();
            assert!(ivs.insert(packet[8..16].to_vec()), "{suite}");
        }
        // The caller cannot choose the vector.
        let mut random = |iv: &mut [u8]| {
            iv.fill(7);
            Ok(())
        };
        for source in [IvSource::Octets(&[7; 8]), IvSource::Entropy(&mut random)] {
            assert_eq!(
                sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, source),
                Err(SealError::IvSource { rule: IvRule::NeverRepeated })
            );
        }
    }
}

/// Numbers with the same sent half have different nonces, and so has an SA after a takeover.
#[test]
fn the_nonce_of_a_counter_mode_is_the_whole_number() {
    for suite in Suite::all().filter(|suite| suite.encryption().iv_rule() == IvRule::NeverRepeated) {
        for high in [0, 1, 0xff, 1 << 31] {
            let after = SequenceNumber::from_halves(high, 0x0a0b_0c0c);
            let packet = sealed(suite, Esn::Yes, after, b"payload", NextHeader::UDP.into());
            assert_eq!(
                packet[8..16],
                [&high.to_be_bytes()[..], &[0x0a, 0x0b, 0x0c, 0x0d]].concat(),
                "{suite}"
            );
        }
    }
}

/// RFC 3602 section 3: the initialization vector must be random and unpredictable.
#[test]
fn a_counter_is_no_source_for_chained_blocks() {
    let mut buffer = [3; 100];
    let mut sa = outbound();
    let mut seal = |buffer: &mut [u8], source| {
        sa.seal_in_place(buffer, 20, NextHeader::UDP, source).map(|packet| packet[8..24].to_vec())
    };
    let error = SealError::IvSource { rule: IvRule::Unpredictable };
    assert_eq!(seal(&mut buffer, IvSource::Counter), Err(error));
    for available in [0, 8, 15, 17] {
        let error = SealError::IvLen { needed: 16, available };
        assert_eq!(seal(&mut buffer, IvSource::Octets(&[1; 17][..available])), Err(error));
    }
    assert_eq!(buffer, [3; 100], "nothing was written");
    assert_eq!(seal(&mut buffer, IvSource::Octets(&[1; 16])).unwrap(), [1; 16]);
    let mut random = |iv: &mut [u8]| {
        iv.fill(7);
        Ok(())
    };
    assert_eq!(seal(&mut buffer, IvSource::Entropy(&mut random)).unwrap(), [7; 16]);
    assert_eq!(sa.sequence(), SequenceNumber(2), "a packet that fails uses no number");
}

/// Anybody could predict a vector that was not filled.
#[test]
fn a_generator_without_entropy_seals_nothing() {
    use crate::NoEntropy;
    let mut sa = outbound();
    let mut buffer = [3; 100];
    let mut empty = |_: &mut [u8]| Err(NoEntropy);
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut empty));
    assert_eq!(sealed, Err(SealError::NoEntropy(NoEntropy)));
    assert_eq!((&buffer[24..], sa.sequence()), (&[3; 76][..], SequenceNumber::ZERO));
    // This generator reports success, but does not fill the octets.
    let mut idle = |_: &mut [u8]| Ok(());
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut idle));
    assert_eq!(sealed, Err(SealError::NoEntropy(NoEntropy)));
    assert_eq!((&buffer[24..], sa.sequence()), (&[3; 76][..], SequenceNumber::ZERO));
    let mut full = |iv: &mut [u8]| {
        iv.fill(7);
        Ok::<(), NoEntropy>(())
    };
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut full)).unwrap();
    assert_eq!((&sealed[8..24], sa.sequence()), (&[7; 16][..], SequenceNumber(1)));
    // Counter modes take only the counter of the SA.
    let mut sa = OutboundSa::new(SPI, transform(Suite::AES_128_GCM), Esn::No);
    let error = SealError::IvSource { rule: IvRule::NeverRepeated };
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut full));
    assert_eq!(sealed, Err(error));
}
