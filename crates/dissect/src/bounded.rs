//! A map that holds a bounded number of entries and removes the oldest first.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use foldhash::fast::RandomState;

/// A map of bounded size. Inserting into a full map removes the entry that was inserted first.
///
/// Every operation takes constant time on average, for any order of keys.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<K, V> {
    // The author of the capture chooses the keys, so the hashes are seeded.
    entries: HashMap<K, (u64, V), RandomState>,
    // The order of insertion. An entry that was removed leaves a stale pair here, which is recognized by its number
    // and skipped.
    order: VecDeque<(u64, K)>,
    next: u64,
    capacity: usize,
}

impl<K: Hash + Eq + Clone, V> Bounded<K, V> {
    /// Makes a map for at most `capacity` entries, and for at least one.
    #[must_use]
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::default(), order: VecDeque::new(), next: 0, capacity: capacity.max(1) }
    }

    /// Returns the number of entries.
    #[must_use]
    pub(crate) fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// Returns the entry of `key`, if there is one.
    pub(crate) fn entry_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|(_, value)| value)
    }

    /// Returns the entry of `key`, if there is one.
    #[must_use]
    pub(crate) fn entry(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    /// Returns the entries, the oldest first.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.order.iter().filter_map(|(number, key)| {
            self.entries.get(key).filter(|(of_entry, _)| of_entry == number).map(|(_, value)| value)
        })
    }

    /// Returns the entry of `key`. When the key has no entry yet, `value` makes one, and the oldest entry may be removed.
    pub(crate) fn entry_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            self.pop_oldest();
        }
        // There are at most as many stale pairs as live ones, so the queue is never longer than twice the capacity.
        if self.order.len() >= self.capacity.saturating_mul(2) {
            let entries = &self.entries;
            self.order.retain(|(number, key)| entries.get(key).is_some_and(|(n, _)| n == number));
        }
        match self.entries.entry(key) {
            Entry::Occupied(entry) => &mut entry.into_mut().1,
            Entry::Vacant(entry) => {
                self.next = self.next.wrapping_add(1);
                self.order.push_back((self.next, entry.key().clone()));
                &mut entry.insert((self.next, value())).1
            }
        }
    }

    /// Removes the entry of `key` and returns it.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.entries.remove(key).map(|(_, value)| value)
    }

    /// Whether inserting a new key removes the oldest entry.
    #[must_use]
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= self.capacity
    }

    /// Removes the entry that was inserted first, and returns it.
    pub(crate) fn pop_oldest(&mut self) -> Option<V> {
        while let Some((number, key)) = self.order.pop_front() {
            if let Entry::Occupied(entry) = self.entries.entry(key)
                && entry.get().0 == number
            {
                return Some(entry.remove().1);
            }
        }
        None
    }
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
        assert!(map.order.len() <= 8, "{} pairs for no entry", map.order.len());
        assert_eq!(map.entry_count(), 0);
        for round in 0..1000 {
            map.entry_or_insert_with(round, || ());
            assert!(map.entry_count() <= 4);
        }
    }
}
