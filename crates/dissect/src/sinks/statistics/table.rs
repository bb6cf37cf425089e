//! A table that keeps the first entries and refuses those after its limit.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// Values by their keys, in the order of insertion.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V> {
    // The author of the capture chooses the keys, so the hashes are seeded.
    places: HashMap<K, usize, RandomState>,
    values: Vec<V>,
    limit: usize,
}

impl<K: Hash + Eq, V> Table<K, V> {
    pub(super) fn new(limit: usize) -> Self {
        Self { places: HashMap::default(), values: Vec::new(), limit }
    }

    /// Returns the value of a key. When it has none yet, `make` makes it; `None` when the table is full.
    pub(super) fn of(&mut self, key: K, make: impl FnOnce() -> V) -> Option<&mut V> {
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None if self.values.len() < self.limit => {
                self.values.push(make());
                let place = self.values.len().saturating_sub(1);
                self.places.insert(key, place);
                place
            }
            None => return None,
        };
        self.values.get_mut(place)
    }

    /// Returns the value of a key that is there.
    pub(super) fn known<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: core::borrow::Borrow<Q>,
    {
        self.values.get_mut(*self.places.get(key)?)
    }

    /// Gives the value of a key another key. The old one is forgotten.
    pub(super) fn rename(&mut self, from: &K, to: K) {
        if let Some(place) = self.places.remove(from) {
            self.places.insert(to, place);
        }
    }

    pub(super) fn values(&self) -> &[V] {
        &self.values
    }
}
