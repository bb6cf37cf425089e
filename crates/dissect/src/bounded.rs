//! A map that holds a bounded number of entries and removes the oldest first.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// A map of bounded size. Inserting into a full map removes the entry that was inserted first.
///
/// Every operation takes constant time on average, for any order of keys. The entries lie in the order of their
/// insertion, so that a flood of new keys writes and removes them one after the other, which processors are good at.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<K, V> {
    // The number of each entry's slot.
    numbers: HashTable<u64>,
    // The first slot has the number `first`, and the others follow. A slot is empty after its entry was removed.
    slots: VecDeque<Option<(K, V)>>,
    first: u64,
    // The author of the capture chooses the keys, so the hashes are seeded.
    hasher: RandomState,
    capacity: usize,
    // What is returned in place of a slot that is missing. None ever is, so this stays empty.
    outside: Option<(K, V)>,
}

impl<K: Hash + Eq, V> Bounded<K, V> {
    /// Makes a map for at most `capacity` entries, and for at least one.
    #[must_use]
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            numbers: HashTable::new(),
            slots: VecDeque::new(),
            first: 0,
            hasher: RandomState::default(),
            capacity: capacity.max(1),
            outside: None,
        }
    }

    /// Returns the number of entries.
    #[must_use]
    pub(crate) fn entry_count(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the entry of `key`, if there is one.
    pub(crate) fn entry_mut(&mut self, key: &K) -> Option<&mut V> {
        let index = self.index(self.hasher.hash_one(key), key)?;
        self.slots.get_mut(index)?.as_mut().map(|(_, value)| value)
    }

    /// Returns the entry of `key`, if there is one.
    #[must_use]
    pub(crate) fn entry(&self, key: &K) -> Option<&V> {
        let index = self.index(self.hasher.hash_one(key), key)?;
        self.slots.get(index)?.as_ref().map(|(_, value)| value)
    }

    /// Returns the entries, the oldest first.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.slots.iter().flatten().map(|(_, value)| value)
    }

    /// Returns the entry of `key`. When the key has no entry yet, `value` makes one, and the oldest entry may be removed.
    pub(crate) fn entry_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let hash = self.hasher.hash_one(&key);
        let index = self.index(hash, &key).unwrap_or_else(|| self.push(hash));
        let entry = || (key, value());
        match self.slots.get_mut(index) {
            Some(slot) => &mut slot.get_or_insert_with(entry).1,
            None => &mut self.outside.insert(entry()).1,
        }
    }

    /// Removes the entry of `key` and returns it.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let hash = self.hasher.hash_one(key);
        let index = self.index(hash, key)?;
        self.forget(hash, index);
        let (_, value) = self.slots.get_mut(index)?.take()?;
        self.close_up();
        Some(value)
    }

    /// Whether inserting a new key removes the oldest entry.
    #[must_use]
    pub(crate) fn is_full(&self) -> bool {
        self.numbers.len() >= self.capacity
    }

    /// Removes the entry that was inserted first, and returns it.
    pub(crate) fn pop_oldest(&mut self) -> Option<V> {
        loop {
            if let Some((key, value)) = self.slots.front_mut()?.take() {
                self.forget(self.hasher.hash_one(&key), 0);
                self.pop_front();
                return Some(value);
            }
            self.pop_front();
        }
    }

    /// Returns the index of the slot of `key`.
    fn index(&self, hash: u64, key: &K) -> Option<usize> {
        let is_its = |number: &u64| {
            let slot = self.slots.get(index_of(*number, self.first));
            slot.and_then(Option::as_ref).is_some_and(|(known, _)| known == key)
        };
        self.numbers.find(hash, is_its).map(|number| index_of(*number, self.first))
    }

    /// Adds an empty slot for a key that has none, and returns its index. The oldest entry may be removed.
    fn push(&mut self, hash: u64) -> usize {
        if self.is_full() {
            drop(self.pop_oldest());
        }
        let index = self.slots.len();
        self.slots.push_back(None);
        self.enter(hash, index);
        index
    }

    /// Notes that the key with this hash has the slot at `index`.
    fn enter(&mut self, hash: u64, index: usize) {
        let Self { numbers, slots, first, hasher, .. } = self;
        let number = first.wrapping_add(u64::try_from(index).unwrap_or(u64::MAX));
        numbers.insert_unique(hash, number, |number| {
            let slot = slots.get(index_of(*number, *first)).and_then(Option::as_ref);
            // The slot that was added last is empty. The table asks only for the hashes of those before it.
            slot.map_or(hash, |(key, _)| hasher.hash_one(key))
        });
    }

    /// Forgets that the key with this hash has the slot at `index`.
    fn forget(&mut self, hash: u64, index: usize) {
        let first = self.first;
        if let Ok(entry) = self.numbers.find_entry(hash, |number| index_of(*number, first) == index) {
            entry.remove();
        }
    }

    fn pop_front(&mut self) {
        self.slots.pop_front();
        self.first = self.first.wrapping_add(1);
    }

    /// Removes the empty slots when they are more than the others, so that the slots stay bounded.
    fn close_up(&mut self) {
        if self.slots.len() > self.numbers.len().saturating_mul(2).saturating_add(8) {
            self.slots.retain(Option::is_some);
            self.numbers.clear();
            for index in 0..self.slots.len() {
                let slot = self.slots.get(index).and_then(Option::as_ref);
                if let Some(hash) = slot.map(|(key, _)| self.hasher.hash_one(key)) {
                    self.enter(hash, index);
                }
            }
        }
    }
}

/// Returns the index of the slot with this number.
fn index_of(number: u64, first: u64) -> usize {
    // default: never taken, because there are not so many slots
    usize::try_from(number.wrapping_sub(first)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first_and_removed_ones_do_not_count() {
        let mut map = Bounded::new(3);
        for key in 0..3 {
            map.entry_or_insert_with(key, || key * 10);
        }
        assert_eq!(map.remove(&0), Some(0));
        map.entry_or_insert_with(0, || 7);
        map.entry_or_insert_with(1, || panic!("1 is there"));
        map.entry_or_insert_with(9, || 90);
        assert_eq!(map.entry(&1), None, "1 was the oldest");
        assert_eq!((map.entry(&2), map.entry(&0), map.entry(&9)), (Some(&20), Some(&7), Some(&90)));
        assert_eq!(map.values().copied().collect::<Vec<_>>(), [20, 7, 90], "in their order");
        *map.entry_mut(&2).unwrap() += 1;
        assert_eq!(map.entry(&2), Some(&21));
        assert!(map.is_full());
        assert_eq!((map.pop_oldest(), map.is_full()), (Some(21), false));
        assert_eq!((map.pop_oldest(), map.pop_oldest(), map.pop_oldest()), (Some(7), Some(90), None));
    }

    #[test]
    fn the_queue_stays_bounded_when_entries_come_and_go() {
        let mut map = Bounded::new(4);
        for round in 0..1000 {
            map.entry_or_insert_with(round, || ());
            map.remove(&round);
        }
        assert!(map.slots.len() <= 16, "{} slots for no entry", map.slots.len());
        assert_eq!(map.entry_count(), 0);
        for round in 0..1000 {
            map.entry_or_insert_with(round, || ());
            assert!(map.entry_count() <= 4);
        }
    }

    /// Does the same to a map and to a list of pairs, and compares them.
    #[test]
    fn entries_are_found_after_any_removals() {
        let (mut map, mut list) = (Bounded::new(20), Vec::<(u32, u32)>::new());
        // A linear congruential generator of Knuth's MMIX, from a fixed seed.
        let mut state = 7u64;
        for round in 0..20_000u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (key, action) = (u32::try_from(state >> 59).unwrap(), state >> 40 & 7);
            let at = list.iter().position(|(known, _)| *known == key);
            match action {
                0..4 => {
                    let value = *map.entry_or_insert_with(key, || round);
                    match at {
                        Some(at) => assert_eq!(value, list[at].1),
                        None => {
                            if list.len() == 20 {
                                list.remove(0);
                            }
                            list.push((key, round));
                            assert_eq!(value, round);
                        }
                    }
                }
                4..7 => assert_eq!(map.remove(&key), at.map(|at| list.remove(at).1)),
                _ => assert_eq!(map.pop_oldest(), (!list.is_empty()).then(|| list.remove(0).1)),
            }
            assert_eq!((map.entry_count(), map.is_full()), (list.len(), list.len() == 20));
            assert!(map.values().eq(list.iter().map(|(_, value)| value)), "round {round}");
            assert_eq!(map.entry(&key).copied(), list.iter().find(|(k, _)| *k == key).map(|(_, v)| *v));
            assert!(map.slots.len() <= 50);
        }
    }
}
