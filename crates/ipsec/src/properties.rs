//! Properties that must hold for any octets and any numbers. The tests of this crate and the fuzz targets call them.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::disallowed_methods,
    reason = "a property may panic: that is how it fails"
)]

extern crate std;

pub mod ah;
pub mod tunnels;

use std::collections::HashSet;
use std::vec::Vec;

use crate::NextHeader;
use crate::esp::{
    Header, InboundSa, IvSource, OpenError, OutboundSa, Padding, Trailer, open_without_replay_check,
};
use crate::suite::{AnyTransform, Suite};
use crate::{Esn, SequenceNumber, infer_esn};
use crate::{IvRule, Secret, Spi};
use crate::{ReplayError, ReplayWindow};

/// The SPI of the SAs that are made here.
pub const SPI: Spi = Spi(0x1234_5678);

/// Chooses one of all suites.
pub fn suite(which: u8) -> Suite {
    let count = Suite::all().count();
    Suite::all().nth(usize::from(which) % count).unwrap()
}

/// Makes a transform of `suite` with keys that are always the same.
pub fn transform(suite: Suite) -> AnyTransform {
    let material: Vec<u8> = (0x21..=0xff).collect();
    let encryption_len = suite.encryption().key_len();
    suite
        .transform(
            Secret::new(&material[..encryption_len]),
            Secret::new(&material[100..100 + suite.key_len() - encryption_len]),
        )
        .unwrap()
}

/// Seals `payload` with `suite`.
pub fn sealed(suite: Suite, esn: Esn, after: SequenceNumber, payload: &[u8], padding: Padding) -> Vec<u8> {
    let mut sa = OutboundSa::new(SPI, transform(suite), esn).resumed_after(after);
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(payload);
    buffer.resize(buffer.len() + sa.tailroom_for(payload.len(), &padding), 0xee);
    let mut fill = |iv: &mut [u8]| {
        iv.fill(0x5a);
        Ok(())
    };
    let iv = match suite.encryption().iv_rule() {
        IvRule::Unpredictable => IvSource::Entropy(&mut fill),
        _ => IvSource::Counter,
    };
    let whole = buffer.len();
    let len = sa.seal_in_place(&mut buffer, payload.len(), padding, iv).unwrap().len();
    assert_eq!(len, whole, "the packet has the length that headroom and tailroom predict");
    assert_eq!(sa.sequence().0, after.0 + 1);
    buffer
}

/// A window accepts the numbers that a set of accepted numbers and the width allow, and it returns the right error
/// for the others.
pub fn window_agrees_with_a_set<const BLOCKS: usize>(start: Option<u64>, numbers: &[u64]) {
    let width = ReplayWindow::<BLOCKS>::WIDTH;
    let mut window = start
        .map_or_else(ReplayWindow::<BLOCKS>::new, |start| ReplayWindow::starting_at(SequenceNumber(start)));
    let mut highest = start.unwrap_or(0);
    let mut seen = HashSet::new();
    for number in numbers.iter().copied() {
        let expected = if number > highest {
            Ok(())
        } else if number == 0 {
            Err(ReplayError::Zero)
        } else if highest - number >= width {
            Err(ReplayError::TooOld { number: SequenceNumber(number), highest: SequenceNumber(highest) })
        } else if seen.contains(&number) || start.is_some_and(|start| number <= start) {
            Err(ReplayError::Replayed { number: SequenceNumber(number) })
        } else {
            Ok(())
        };
        let number = SequenceNumber(number);
        assert_eq!(window.check(number), expected, "{number:?}");
        assert_eq!(window.contains(number), matches!(expected, Err(ReplayError::Replayed { .. })));
        let before = window.clone();
        assert_eq!(window.accept(number), expected);
        match expected {
            Ok(()) => {
                seen.insert(number.0);
                highest = highest.max(number.0);
            }
            Err(_) => assert_eq!(window, before),
        }
        assert_eq!(window.highest(), SequenceNumber(highest));
    }
}

/// Two windows are equal exactly when they answer alike for every number, and equal windows have equal hashes.
pub fn equal_windows_answer_alike<const BLOCKS: usize>(
    one: &ReplayWindow<BLOCKS>,
    other: &ReplayWindow<BLOCKS>,
) {
    use std::hash::{BuildHasher, RandomState};

    // Beyond the highest number of both, all answers are alike; before the window, they depend only on the highest
    // number.
    let highest = one.highest().0.max(other.highest().0);
    let lowest = highest.saturating_sub(2 * ReplayWindow::<BLOCKS>::WIDTH);
    let answers_alike = (lowest..=highest).chain([0, 1]).map(SequenceNumber).all(|number| {
        one.check(number) == other.check(number) && one.contains(number) == other.contains(number)
    });
    assert_eq!(one == other, answers_alike, "{one:?} {other:?}");
    if one == other {
        let state = RandomState::new();
        assert_eq!(state.hash_one(one), state.hash_one(other));
    }
}

/// The inferred number is the least one from the window's lower end on that has the low half which was sent. A window
/// that begins before zero makes it a number before the first, modulo 2^64.
pub fn esn_is_the_nearest_from_the_window_on(highest: SequenceNumber, low: u32, width: u32) {
    let bottom = i128::from(highest.0) - (i128::from(width) - 1);
    let offset = (i128::from(low) - bottom).rem_euclid(1 << 32);
    let expected = (bottom + offset).rem_euclid(1 << 64);
    assert_eq!(i128::from(infer_esn(highest, low, width).0), expected);
}

/// Octets that nobody sealed do not open, whatever they are. Nothing panics, and nothing is changed.
pub fn opening_is_total(which: u8, octets: &[u8]) {
    let suite = suite(which);
    let esn = if which & 0x80 == 0 { Esn::No } else { Esn::Yes };
    let mut sa = InboundSa::<_, 2>::new(SPI, transform(suite), esn);
    let window = sa.window().clone();
    let mut packet = octets.to_vec();
    assert!(sa.open_in_place(&mut packet).is_err());
    let error = open_without_replay_check(&transform(suite), None, &mut packet).unwrap_err();
    assert!(matches!(error, OpenError::Length(_) | OpenError::Blocks { .. } | OpenError::NotAuthentic(_)));
    assert_eq!(packet, octets);
    assert_eq!(*sa.window(), window);
    assert_eq!(sa.lifetime().packets(), 0);
}

/// A sealed packet opens to its payload, once, and can be sealed again to the same octets. A changed packet does not
/// open.
pub fn sealed_packets_open(which: u8, after: u64, payload: &[u8], minimum_len: u8, tfc: u8, flip: u16) {
    let suite = suite(which);
    let esn = if which & 0x80 == 0 { Esn::No } else { Esn::Yes };
    let after = SequenceNumber(after % esn.last().0);
    let padding = Padding {
        next_header: NextHeader(which),
        minimum_len: minimum_len % 240,
        traffic_flow_len: tfc.into(),
    };
    let packet = sealed(suite, esn, after, payload, padding);
    let start = ReplayWindow::<2>::starting_at(after);
    let mut sa = InboundSa::new(SPI, transform(suite), esn).with_window(&start);

    let mut changed = packet.clone();
    let bit = usize::from(flip) % (packet.len() * 8);
    changed[bit / 8] ^= 1 << (bit % 8);
    let before = changed.clone();
    assert!(sa.open_in_place(&mut changed).is_err());
    assert_eq!(changed, before, "a packet that does not open is unchanged");
    assert_eq!((sa.window(), sa.lifetime().packets()), (&start, 0));

    let mut buffer = packet.clone();
    let opened = sa.open_in_place(&mut buffer).unwrap();
    assert_eq!((opened.spi, opened.sequence.0), (SPI, after.0 + 1));
    assert_eq!(opened.next_header, padding.next_header);
    assert!(opened.padding.len() >= usize::from(padding.minimum_len));
    let (inner, zeros) = opened.payload.split_at(payload.len());
    assert_eq!((inner, zeros), (payload, &std::vec![0; usize::from(tfc)][..]));
    let mut again = std::vec![0; opened.sealed_len(&transform(suite)) + 3];
    let len = opened.seal_again(&transform(suite), esn, &mut again).unwrap();
    assert_eq!(again[..len], packet);
    let range = opened.payload_range();
    assert_eq!(buffer[range][..payload.len()], *payload);

    let mut replayed = packet.clone();
    let number = SequenceNumber(after.0 + 1);
    assert_eq!(sa.open_in_place(&mut replayed), Err(ReplayError::Replayed { number }.into()));
    assert_eq!(replayed, packet);
    assert_eq!(sa.lifetime().packets(), 1);
}

/// Reading a header or a trailer never panics, and writing it again makes the same octets.
pub fn headers_and_trailers_round_trip(octets: &[u8]) {
    if let Ok((header, rest)) = Header::parse_prefix(octets) {
        let mut written = [0; 8];
        assert_eq!(header.emit(&mut written), Ok(header.wire_len()));
        assert_eq!([&written[..], rest].concat(), octets);
        assert_eq!(Header::parse(&written), Ok(header));
    } else {
        assert!(octets.len() < Header::LEN);
    }
    if let Ok((payload, trailer)) = Trailer::split(octets) {
        let end = [u8::try_from(trailer.padding.len()).unwrap(), trailer.next_header.0];
        assert_eq!([payload, trailer.padding, &end].concat(), octets);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_suite_at_every_length() {
        let payload: Vec<u8> = (0..=150).collect();
        let mut count = 0;
        for which in 0..Suite::all().count() {
            for len in (0..payload.len()).step_by(7) {
                sealed_packets_open(which as u8, 41, &payload[..len], 0, 0, (len * 31) as u16);
                sealed_packets_open(which as u8 | 0x80, (1 << 32) - 1, &payload[..len], 3, 1, len as u16);
                count += 2;
            }
        }
        assert_eq!(count, 130 * 22 * 2);
    }

    proptest! {
        #[test]
        fn any_sealed_packet_opens(
            which: u8,
            after in prop_oneof![any::<u64>(), 0..2000u64, Just(u64::from(u32::MAX) - 1)],
            payload in vec(any::<u8>(), 0..1500),
            minimum_len: u8,
            tfc: u8,
            flip: u16,
        ) {
            sealed_packets_open(which, after, &payload, minimum_len, tfc, flip);
        }

        #[test]
        fn nothing_else_opens(which: u8, mut octets in vec(any::<u8>(), 0..300), ours: bool) {
            if ours && octets.len() >= 4 {
                octets[..4].copy_from_slice(&SPI.0.to_be_bytes());
            }
            opening_is_total(which, &octets);
        }

        #[test]
        fn headers_and_trailers(octets in vec(any::<u8>(), 0..300)) {
            headers_and_trailers_round_trip(&octets);
        }
    }
}
