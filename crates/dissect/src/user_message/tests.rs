//! Tests with messages in every order, and with hostile input.

#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    reason = "a test may panic: that is how it fails"
)]

use super::*;
use proptest::prelude::*;

const DIRECTION: Direction =
    Direction { source_port: 5000, destination_port: 5000, verification_tag: 0x0102_0304 };

fn fragment(number: u32, flags: &str, octets: &'static [u8]) -> Fragment<'static> {
    Fragment {
        number,
        beginning: flags.contains('B'),
        ending: flags.contains('E'),
        identity: Identity { stream_identifier: 1, stream_sequence_number: Some(0) },
        payload_protocol: Some(7),
        octets,
    }
}

fn insert(messages: &mut UserMessages, fragment: Fragment<'_>) -> Outcome {
    insert_into(messages, DIRECTION, Numbering::Tsn, fragment)
}

fn insert_into(
    messages: &mut UserMessages,
    direction: Direction,
    numbering: Numbering,
    fragment: Fragment<'_>,
) -> Outcome {
    messages.insert(direction, numbering, &fragment).1
}

fn complete(octets: &[u8]) -> Outcome {
    Outcome::Complete { payload_protocol: 7, octets: octets.to_vec().into() }
}

proptest! {
    #[test]
    fn messages_come_out_whole_in_any_order_across_the_wrap(
        messages in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 1..5), 2..6), 1..8),
        first in prop_oneof![any::<u32>(), (0..20u32).prop_map(|back| u32::MAX - back)],
        order in any::<u64>(),
        twice: bool,
    ) {
        let mut fragments = Vec::new();
        let mut number = first;
        for (index, pieces) in messages.iter().enumerate() {
            for (at, octets) in pieces.iter().enumerate() {
                fragments.push((index, Fragment {
                    number,
                    beginning: at == 0,
                    ending: at + 1 == pieces.len(),
                    identity: Identity { stream_identifier: 1, stream_sequence_number: None },
                    payload_protocol: Some(7),
                    octets,
                }));
                number = number.wrapping_add(1);
            }
        }
        let mut random = order | 1;
        for at in (1..fragments.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            fragments.swap(at, (random >> 33) as usize % (at + 1));
        }
        let mut table = UserMessages::new(1 << 20);
        let mut left: Vec<usize> = messages.iter().map(Vec::len).collect();
        for (index, fragment) in fragments {
            left[index] -= 1;
            let expected = if left[index] == 0 { complete(&messages[index].concat()) } else { Outcome::Waiting };
            prop_assert_eq!(insert(&mut table, fragment), expected);
            if twice && left[index] != 0 {
                prop_assert_eq!(insert(&mut table, fragment), Outcome::Duplicate);
            }
        }
        prop_assert_eq!((table.runs.len(), table.ages.len(), table.used), (0, 0, 0));
    }

    #[test]
    fn nothing_makes_it_grow_or_lose_count(
        pieces in prop::collection::vec((0..12u32, 0..4u8, 0..3u16, 0..40usize), 0..80),
    ) {
        let limit = 600;
        let mut table = UserMessages::new(limit);
        for (number, flags, stream, len) in pieces {
            let octets = vec![0; len];
            let _ = insert(&mut table, Fragment {
                number: number.wrapping_sub(6),
                beginning: flags & 1 != 0,
                ending: flags & 2 != 0,
                identity: Identity { stream_identifier: stream, stream_sequence_number: None },
                payload_protocol: None,
                octets: &octets,
            });
            prop_assert!(table.used <= limit);
            let costs = table.runs.values().flat_map(|run| &run.pieces).map(|piece| piece.octets.len() + OVERHEAD);
            prop_assert_eq!(costs.sum::<usize>(), table.used);
            prop_assert_eq!(table.runs.len(), table.ages.len());
            for (key, run) in &table.runs {
                prop_assert_eq!(table.ages.get(&run.age), Some(key));
                prop_assert!(!run.pieces.is_empty() && !run.is_complete());
            }
        }
    }
}

#[test]
fn messages_and_streams_do_not_mix() {
    let mut table = UserMessages::new(1 << 20);
    let other = Identity { stream_identifier: 2, stream_sequence_number: Some(0) };
    assert_eq!(insert(&mut table, fragment(1, "B", b"one ")), Outcome::Waiting);
    // The numbers are consecutive, but the streams differ.
    assert_eq!(
        insert(&mut table, Fragment { identity: other, ..fragment(2, "E", b"two") }),
        Outcome::Waiting
    );
    // An ending follows an ending, and a beginning follows a beginning.
    assert_eq!(insert(&mut table, fragment(3, "E", b"end")), Outcome::Waiting);
    assert_eq!(insert(&mut table, fragment(4, "B", b"new ")), Outcome::Waiting);
    assert_eq!(insert(&mut table, fragment(5, "B", b"newer ")), Outcome::Waiting);
    assert_eq!(insert(&mut table, fragment(6, "E", b"message")), complete(b"newer message"));
    // The other direction has its own numbers.
    let back = Direction { verification_tag: 9, ..DIRECTION };
    assert_eq!(insert_into(&mut table, back, Numbering::Tsn, fragment(5, "E", b"back")), Outcome::Waiting);
    // So has each message of I-DATA.
    let numbering = |message_identifier| Numbering::Message {
        stream_identifier: 1,
        unordered: false,
        message_identifier,
    };
    assert_eq!(
        insert_into(&mut table, DIRECTION, numbering(1), fragment(0, "B", b"first ")),
        Outcome::Waiting
    );
    assert_eq!(insert_into(&mut table, DIRECTION, numbering(2), fragment(1, "E", b"not")), Outcome::Waiting);
    assert_eq!(
        insert_into(&mut table, DIRECTION, numbering(1), fragment(1, "E", b"one")),
        complete(b"first one")
    );
}

#[test]
fn a_fragment_that_contradicts_begins_anew() {
    let mut table = UserMessages::new(1 << 20);
    insert(&mut table, fragment(1, "B", b"lost "));
    insert(&mut table, fragment(2, "", b"too "));
    let (is_conflict, outcome) = table.insert(DIRECTION, Numbering::Tsn, &fragment(1, "B", b"new "));
    assert_eq!((is_conflict, outcome), (true, Outcome::Waiting));
    assert_eq!(insert(&mut table, fragment(2, "E", b"message")), complete(b"new message"));
}

#[test]
fn the_oldest_goes_first() {
    // There is room for two fragments.
    let mut table = UserMessages::new(2 * (OVERHEAD + 4));
    insert(&mut table, fragment(1, "B", b"old "));
    insert(&mut table, fragment(10, "B", b"mid "));
    insert(&mut table, fragment(20, "B", b"new "));
    assert_eq!(insert(&mut table, fragment(11, "E", b"end")), complete(b"mid end"));
    assert_eq!(insert(&mut table, fragment(2, "E", b"end")), Outcome::Waiting, "its beginning is forgotten");
    assert_eq!(insert(&mut table, fragment(21, "E", b"end")), complete(b"new end"));
}

#[test]
fn many_fragments_take_little_work() {
    // They come from the last to the first, and then every second one before the others. With 100,000 fragments,
    // quadratic time would be noticed.
    let count = 100_000u32;
    for step in [1, 2] {
        let mut table = UserMessages::new(1 << 30);
        for offset in 0..step {
            for number in (0..count).rev().filter(|number| number % step == offset) {
                let flags = match number {
                    0 => "B",
                    _ if number + 1 == count => "E",
                    _ => "",
                };
                let outcome = insert(&mut table, fragment(number, flags, b"x"));
                let is_last = offset + 1 == step && number < step;
                assert_eq!(matches!(outcome, Outcome::Complete { .. }), is_last && number == offset);
            }
        }
        assert_eq!(table.used, 0);
    }
}
