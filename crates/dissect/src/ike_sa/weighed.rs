//! A bounded map that also bounds the octets of all its entries together.

use std::hash::Hash;

use crate::bounded::Bounded;

/// A value whose memory depends on the contents of the capture.
pub(super) trait Weight {
    /// Returns the number of octets that the value takes, with everything that it owns.
    fn octets(&self) -> usize;
}

/// A map that removes the oldest entry first, when there are too many entries or when they take too many octets
/// together.
#[derive(Debug)]
pub(super) struct Weighed<K, V> {
    entries: Bounded<K, V>,
    octets: usize,
    limit: usize,
}

impl<K: Hash + Eq + Clone, V: Weight> Weighed<K, V> {
    /// Makes a map for at most `capacity` entries with at most `limit` octets together.
    pub(super) fn new(capacity: usize, limit: usize) -> Self {
        Self { entries: Bounded::new(capacity), octets: 0, limit }
    }

    pub(super) fn entry(&self, key: &K) -> Option<&V> {
        self.entries.entry(key)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values()
    }

    /// Returns the octets of all entries.
    #[cfg(test)]
    pub(super) const fn octets(&self) -> usize {
        self.octets
    }

    /// Inserts an entry, and replaces the one that was there. The new entry is the newest.
    pub(super) fn insert(&mut self, key: K, value: V) {
        if let Some(before) = self.entries.remove(&key) {
            self.octets = self.octets.saturating_sub(before.octets());
        }
        if self.entries.is_full() {
            self.forget_oldest();
        }
        self.octets = self.octets.saturating_add(value.octets());
        self.entries.entry_or_insert_with(key, || value);
        self.shed();
    }

    /// Changes an entry, if it is there.
    pub(super) fn change<R>(&mut self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        let value = self.entries.entry_mut(key)?;
        let before = value.octets();
        let result = change(value);
        self.octets = self.octets.saturating_sub(before).saturating_add(value.octets());
        self.shed();
        Some(result)
    }

    fn shed(&mut self) {
        while self.octets > self.limit && self.forget_oldest() {}
    }

    fn forget_oldest(&mut self) -> bool {
        let oldest = self.entries.pop_oldest();
        self.octets = self.octets.saturating_sub(oldest.as_ref().map_or(0, Weight::octets));
        oldest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weight for Vec<u8> {
        fn octets(&self) -> usize {
            self.len()
        }
    }

    #[test]
    fn the_oldest_goes_when_there_are_too_many_or_too_long_ones() {
        let mut map = Weighed::new(3, 100);
        for key in 0..5u8 {
            map.insert(key, vec![key; 10]);
        }
        assert_eq!(map.values().map(|value| value[0]).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(map.octets(), 30);
        map.insert(2, vec![9; 20]);
        assert_eq!(map.values().map(|value| value[0]).collect::<Vec<_>>(), [3, 4, 9], "it is the newest");
        assert_eq!(map.change(&4, |value| value.resize(75, 4)), Some(()));
        assert_eq!(map.octets(), 95, "3 was the oldest");
        assert_eq!(map.change(&2, |value| value.resize(101, 9)), Some(()));
        assert_eq!((map.octets(), map.values().count()), (0, 0), "too long alone");
        assert_eq!(map.change(&2, |_| ()), None);
    }
}
