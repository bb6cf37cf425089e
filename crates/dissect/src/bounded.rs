//! A map that holds a bounded number of entries and forgets the oldest first.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use foldhash::fast::RandomState;

/// A map of bounded size. Inserting into a full one drops the entry inserted longest ago.
///
/// Every operation takes constant time on average, whatever the keys' order.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<K, V> {
    // Whoever made the capture chose the keys: the hashes are seeded.
    entries: HashMap<K, (u64, V), RandomState>,
    // Insertion order. Entries removed meanwhile leave a stale pair, told by its number and skipped.
    order: VecDeque<(u64, K)>,
    next: u64,
    capacity: usize,
}

impl<K: Hash + Eq + Clone, V> Bounded<K, V> {
    /// A map for at most `capacity` entries; at least one.
    #[must_use]
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::default(), order: VecDeque::new(), next: 0, capacity: capacity.max(1) }
    }

    /// How many entries there are.
    #[must_use]
    pub(crate) fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// The entry of `key`.
    pub(crate) fn entry_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|(_, value)| value)
    }

    /// The entry of `key`.
    #[must_use]
    pub(crate) fn entry(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    /// The entries, the oldest first.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.order.iter().filter_map(|(number, key)| {
            self.entries.get(key).filter(|(of_entry, _)| of_entry == number).map(|(_, value)| value)
        })
    }

    /// The entry of `key`, made by `value` when there is none; that may drop the oldest.
    pub(crate) fn entry_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            self.pop_oldest();
        }
        // Stale pairs are at most as many as live ones: the queue stays within twice the capacity.
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

    /// Takes the entry of `key` out.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.entries.remove(key).map(|(_, value)| value)
    }

    /// Whether the next new key drops the oldest entry.
    #[must_use]
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= self.capacity
    }

    /// Takes the entry out that was inserted longest ago.
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
