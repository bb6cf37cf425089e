//! Properties that hold for all calls in all orders. The tests of this crate and the fuzz targets call them.
#![allow(
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a property panics when it does not hold"
)]

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::time::Duration;

use crate::{Backoff, Instant, Jitter, Rate, Schedule, Table, Timers, TokenBucket, Waits};

/// The greatest number of entries of a table here. It is small, because every step looks at all entries.
pub const MAX_CAPACITY: usize = 200;

/// A table behaves like a `BTreeMap` that refuses new keys when it is full, and its tree stays balanced. A step is
/// a choice of the operation, a key, and a value.
pub fn table_is_a_map(capacity: usize, steps: &[(u8, u8, u16)]) {
    let capacity = capacity.min(MAX_CAPACITY);
    let mut table = Table::with_capacity(capacity).unwrap();
    let mut model = BTreeMap::new();
    for &(step, key, value) in steps {
        match step % 16 {
            0..8 => match table.insert(key, value) {
                Ok(before) => assert_eq!(before, model.insert(key, value)),
                Err(full) => {
                    assert_eq!((full.key, full.value, full.capacity), (key, value, capacity));
                    assert!(model.len() == capacity && !model.contains_key(&key));
                }
            },
            8..12 => assert_eq!(table.remove(&key), model.remove(&key)),
            12 => assert_eq!(table.pop_first(), model.pop_first()),
            13 => {
                let (low, high) = (key, value.to_le_bytes()[0]);
                let expected: Vec<_> = model.iter().filter(|(key, _)| (low..high).contains(key)).collect();
                assert!(table.range(low..high).eq(expected.iter().copied()));
                assert!(table.range(low..high).rev().eq(expected.into_iter().rev()));
                assert!(table.range(..=key).eq(model.range(..=key)));
            }
            14 => {
                let keep = |key: &u8, value: &mut u16| {
                    *value = value.wrapping_add(1);
                    !u16::from(*key).wrapping_add(*value).is_multiple_of(3)
                };
                table.retain(keep);
                model.retain(keep);
            }
            _ if value.is_multiple_of(32) => {
                table.clear();
                model.clear();
            }
            _ => {
                if let Some(changed) = table.get_mut(&key) {
                    *changed = value;
                }
                model.entry(key).and_modify(|changed| *changed = value);
            }
        }
        assert!(table.is_sound());
        assert!(table.iter().eq(&model) && table.iter().rev().eq(model.iter().rev()));
        assert_eq!(table.get(&key), model.get(&key));
        assert_eq!(table.contains_key(&key), model.contains_key(&key));
        assert_eq!(table.first_after(&key), model.range(key..).find(|(other, _)| **other > key));
        assert_eq!((table.first(), table.last()), (model.first_key_value(), model.last_key_value()));
        assert_eq!((table.len(), table.is_empty()), (model.len(), model.is_empty()));
        assert_eq!(table.is_full(), model.len() == capacity);
        assert_eq!(table.capacity(), capacity);
    }
}

/// Timers behave like a list that is sorted by time and key. A step is a choice of the operation, a key, and a
/// time.
pub fn timers_are_a_sorted_list(capacity: usize, steps: &[(u8, u8, u16)]) {
    let capacity = capacity.min(MAX_CAPACITY);
    let mut timers = Timers::with_capacity(capacity).unwrap();
    let mut model: Vec<(Instant, u8)> = Vec::new();
    for &(step, key, time) in steps {
        let at = Instant::from_nanos(time.into());
        let place = model.iter().position(|(_, other)| *other == key);
        let set = place.map(|place| model[place].0);
        assert_eq!(timers.get(&key), set);
        match step % 8 {
            0..4 => match timers.set(key, at) {
                Ok(before) => {
                    assert_eq!(before, set);
                    place.map(|place| model.remove(place));
                    model.push((at, key));
                    model.sort_unstable();
                }
                Err(full) => {
                    assert_eq!((full.key, full.value, full.capacity), (key, at, capacity));
                    assert!(model.len() == capacity && place.is_none());
                }
            },
            4 => {
                assert_eq!(timers.clear(&key), set);
                place.map(|place| model.remove(place));
            }
            7 if time.is_multiple_of(32) => {
                timers.clear_all();
                model.clear();
            }
            _ => {
                let due = model.first().copied().filter(|(first, _)| *first <= at);
                assert_eq!(timers.pop_due(at), due.map(|(first, key)| (key, first)));
                due.map(|_| model.remove(0));
            }
        }
        assert_eq!(timers.deadline(), model.first().map(|(first, _)| *first));
        assert!(timers.iter().eq(model.iter().map(|(at, key)| (*key, *at))));
        assert_eq!((timers.len(), timers.is_empty()), (model.len(), model.is_empty()));
        assert_eq!(timers.capacity(), capacity);
    }
}

/// A bucket gives the tokens that exact arithmetic gives, and predicts correctly when it will. A step is the
/// number of nanoseconds that pass and the number of tokens to take.
pub fn bucket_is_exact(tokens: u32, per: u32, burst: u16, steps: &[(u32, u16)]) {
    let per = per.max(1);
    let rate = Rate { tokens, per: Duration::from_nanos(per.into()) };
    let (fill, token, most) = (u128::from(tokens), u128::from(per), u128::from(per) * u128::from(burst));
    let mut now = Instant::START;
    let mut bucket = TokenBucket::new(now, rate, burst.into());
    let (mut parts, mut given) = (most, 0);
    for &(nanos, asked) in steps {
        now = now.saturating_add(Duration::from_nanos(nanos.into()));
        parts = (parts + u128::from(nanos) * fill).min(most);
        let cost = u128::from(asked) * token;
        assert_eq!(u128::from(bucket.available(now)), parts / token);
        let ready = bucket.ready_at(now, asked.into());
        assert_eq!(ready == Some(now), parts >= cost);
        assert_eq!(ready.is_some(), parts >= cost || (cost <= most && fill > 0));
        if let Some(ready) = ready {
            let mut later = bucket;
            let before = ready.saturating_sub(Duration::from_nanos(1));
            assert!(ready == now || !later.take(before, asked.into()));
            assert!(later.take(ready, asked.into()));
        }
        let is_given = bucket.take(now, asked.into());
        assert_eq!(is_given, parts >= cost);
        if is_given {
            parts -= cost;
            given += cost;
        }
        assert!(given <= most + u128::from(now.as_nanos()) * fill);
    }
}

/// Without jitter, waits never get shorter and never exceed the maximum. There are as many waits as tries.
pub fn backoff_is_bounded(
    initial: Duration,
    factor_percent: u16,
    maximum: Duration,
    tries: u8,
    jitter: Jitter,
    random: u32,
) {
    let waits = Waits::Growing { initial, factor_percent, maximum };
    let schedule = Schedule { waits, tries: Some(tries.into()), jitter: Jitter::NONE };
    let chance = Schedule { jitter, ..schedule.clone() };
    let (mut plain, mut jittered) = (Backoff::new(), Backoff::new());
    let mut before = Duration::ZERO;
    for _ in 0..tries {
        let wait = plain.next_wait(&schedule, random).unwrap();
        assert!(before <= wait && wait <= maximum);
        before = wait;
        let least = jitter.least_percent;
        let bounds = [least, least.max(jitter.most_percent)]
            .map(|percent| (wait.as_nanos() * u128::from(percent) / 100).min(u64::MAX.into()));
        let wait = jittered.next_wait(&chance, random).unwrap().as_nanos();
        assert!(bounds[0] <= wait && wait <= bounds[1], "{wait} in {bounds:?}");
    }
    assert_eq!((plain.next_wait(&schedule, random), plain.tries()), (None, tries.into()));
    assert_eq!(jittered.next_wait(&chance, random), None);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn steps() -> impl Strategy<Value = Vec<(u8, u8, u16)>> {
        // With few keys the same keys occur often; with all keys the trees get high.
        let step = prop_oneof![any::<(u8, u8, u16)>(), (any::<u8>(), 0..12_u8, 0..20_u16)];
        prop::collection::vec(step, 0..300)
    }

    proptest! {
        // Few cases are enough, because each step looks at some hundred entries.
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// There are more insertions than removals, so that trees get high before they are emptied again.
        #[test]
        fn a_high_table_is_a_map(inserts in prop::collection::vec((0..8_u8, any::<u8>(), 0..9_u16), 150..300),
            removals in prop::collection::vec((6..13_u8, any::<u8>(), 0..9_u16), 150..300)) {
            table_is_a_map(MAX_CAPACITY, &[inserts, removals].concat());
        }
    }

    proptest! {
        #[test]
        fn a_table_is_a_map(capacity in 0..=MAX_CAPACITY, steps in steps()) {
            table_is_a_map(capacity, &steps);
        }

        #[test]
        fn timers_are_a_list(capacity in 0..20_usize, steps in steps()) {
            timers_are_a_sorted_list(capacity, &steps);
        }

        #[test]
        fn a_bucket_is_exact(
            tokens in prop_oneof![0..10_u32, any::<u32>()],
            per in prop_oneof![1..10_u32, Just(1_000_000_000), any::<u32>()],
            burst in prop_oneof![0..10_u16, any::<u16>()],
            steps in prop::collection::vec((prop_oneof![0..10_u32, any::<u32>()], prop_oneof![0..4_u16, any::<u16>()]), 0..100),
        ) {
            bucket_is_exact(tokens, per, burst, &steps);
        }

        #[test]
        fn a_backoff_is_bounded(
            initial in prop_oneof![any::<u64>().prop_map(Duration::from_nanos), (0..90_u64).prop_map(Duration::from_secs)],
            factor_percent: u16,
            maximum in prop_oneof![any::<u64>().prop_map(Duration::from_nanos), (0..90_u64).prop_map(Duration::from_secs)],
            tries in 0..20_u8,
            jitter: (u16, u16),
            random: u32,
        ) {
            let jitter = Jitter { least_percent: jitter.0, most_percent: jitter.1 };
            backoff_is_bounded(initial, factor_percent, maximum, tries, jitter, random);
        }
    }
}
