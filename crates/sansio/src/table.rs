//! A bounded, ordered map that allocates only once.

mod iter;
mod tree;

use alloc::vec::Vec;
use core::fmt;
use core::ops::{Bound, RangeBounds};

pub use iter::Iter;
use tree::{NONE, Side, Tree};

/// A map, ordered by its keys, that allocates its memory when it is made and never more.
///
/// An engine keeps its neighbours, associations, exchanges and cache entries in tables. Datagrams from a stranger
/// can fill a table, but can never make it grow.
///
/// **Cost.** Lookup, insertion and removal compare at most 1.44 log2 n + 2 keys, that is 25 for 100,000 entries,
/// whatever the keys and their order. The entries are the nodes of a balanced tree, so an attacker who chooses the
/// keys cannot make it slow. A step of an iteration costs O(1) on average and O(log n) at worst. An entry takes 16
/// octets in addition to its key and value.
///
/// **When the table is full,** [`insert`](Table::insert) returns the value, and the caller decides which entry to
/// remove. A caller that searches all entries for it spends O(n) on each datagram of a flood. Keep the criterion,
/// such as the time of the last use, as the key of a second table instead. Its first entry is the one to remove:
///
/// ```
/// use vpnwire_sansio::{Instant, Table};
///
/// let mut cache = Table::with_capacity(2)?;                 // address to its last use
/// let mut by_age = Table::with_capacity(2)?;                // the same, oldest first
/// for (address, now) in [("10.0.0.1", 1), ("10.0.0.2", 2), ("10.0.0.3", 3)] {
///     let now = Instant::from_nanos(now);
///     if cache.is_full() && !cache.contains_key(&address)
///         && let Some(((_, oldest), ())) = by_age.pop_first()
///     {
///         cache.remove(&oldest);
///     }
///     if let Some(before) = cache.insert(address, now)? {
///         by_age.remove(&(before, address));
///     }
///     by_age.insert((now, address), ())?;
/// }
/// assert!(cache.iter().map(|(address, _)| *address).eq(["10.0.0.2", "10.0.0.3"]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The order of a key must not change while the key is in a table, as in the maps of the standard library. A key
/// whose order changes may no longer be found, but nothing panics or loops.
pub struct Table<K, V> {
    tree: Tree,
    /// The entries, each at its place in the tree. `None` when the place is free.
    entries: Vec<Option<(K, V)>>,
}

/// The error when the allocator has no memory for a table of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("there is not enough memory for a table of {capacity} entries: choose a smaller capacity")]
pub struct NoMemory {
    /// The number of entries that was asked for.
    pub capacity: usize,
}

/// The error when a table is full. It returns the key and value that were to be inserted. The struct is exhaustive
/// on purpose.
///
/// `Debug` shows neither the key nor the value, because they may be secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the table already holds {capacity} entries, which is its capacity: remove one first")]
pub struct Full<K, V> {
    /// The key that was to be inserted.
    pub key: K,
    /// The value that was to be inserted.
    pub value: V,
    /// The number of entries that the table holds, which is its capacity.
    pub capacity: usize,
}

impl<K, V> fmt::Debug for Full<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Full").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl<K, V> Table<K, V> {
    /// Makes an empty table that can hold `capacity` entries. All its memory is allocated now.
    ///
    /// # Errors
    /// Returns [`NoMemory`] when the allocator does not have the memory, or when `capacity` is above 2^32 - 1.
    pub fn with_capacity(capacity: usize) -> Result<Self, NoMemory> {
        let no_memory = NoMemory { capacity };
        let tree = Tree::with_capacity(capacity).ok_or(no_memory)?;
        let mut entries = Vec::new();
        entries.try_reserve_exact(capacity).map_err(|_| no_memory)?;
        Ok(Self { tree, entries })
    }

    /// The number of entries that the table can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.tree.capacity()
    }

    /// The number of entries that the table holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tree.len()
    }

    /// Whether the table has no entries.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the table has no room for a new key.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.len() >= self.capacity()
    }

    /// Removes all entries. The memory stays allocated.
    pub fn clear(&mut self) {
        self.tree.clear();
        self.entries.clear();
    }

    /// Iterates over all entries in the order of their keys.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter::between(self, self.tree.outermost(Side::Left), self.tree.outermost(Side::Right))
    }

    /// The entry with the least key. `None` when the table is empty.
    #[must_use]
    pub fn first(&self) -> Option<(&K, &V)> {
        self.entry(self.tree.outermost(Side::Left))
    }

    /// The entry with the greatest key. `None` when the table is empty.
    #[must_use]
    pub fn last(&self) -> Option<(&K, &V)> {
        self.entry(self.tree.outermost(Side::Right))
    }

    /// Removes the entry with the least key, and returns it. `None` when the table is empty.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        self.take(self.tree.outermost(Side::Left))
    }

    /// Passes every entry to `keep`, in the order of the keys, and removes the entries for which it returns
    /// `false`.
    ///
    /// To change every value, change it in `keep` and return `true`.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let mut at = self.tree.outermost(Side::Left);
        while let Some(Some((key, value))) = self.entries.get_mut(tree::index(at)) {
            let is_kept = keep(key, value);
            let next = self.tree.beside(at, Side::Right);
            if !is_kept {
                drop(self.take(at));
            }
            at = next;
        }
    }

    fn entry(&self, at: u32) -> Option<(&K, &V)> {
        self.entries.get(tree::index(at))?.as_ref().map(|(key, value)| (key, value))
    }

    fn take(&mut self, at: u32) -> Option<(K, V)> {
        let entry = self.entries.get_mut(tree::index(at))?.take()?;
        self.tree.detach(at);
        Some(entry)
    }
}

/// The place of a key, or the place where it would be inserted.
enum Place {
    Found(u32),
    Missing { parent: u32, side: Side },
}

impl<K: Ord, V> Table<K, V> {
    /// The value of `key`. `None` when the key is not in the table.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.entry(self.find(key)).map(|(_, value)| value)
    }

    /// The value of `key`, for changing it. `None` when the key is not in the table.
    #[must_use]
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.find(key);
        self.entries.get_mut(tree::index(at))?.as_mut().map(|(_, value)| value)
    }

    /// Whether `key` is in the table.
    #[must_use]
    pub fn contains_key(&self, key: &K) -> bool {
        self.find(key) != NONE
    }

    /// Inserts a value under its key, and returns the value that it replaces. `None` when the key is new. An equal
    /// key that is already there stays.
    ///
    /// # Errors
    /// Returns [`Full`], with key and value, when the key is new and the table has no room. The table is not
    /// changed then.
    pub fn insert(&mut self, key: K, value: V) -> Result<Option<V>, Full<K, V>> {
        let (parent, side) = match self.place(&key) {
            Place::Found(at) => {
                let entry = self.entries.get_mut(tree::index(at)).and_then(Option::as_mut);
                return Ok(entry.map(|(_, before)| core::mem::replace(before, value)));
            }
            Place::Missing { parent, side } => (parent, side),
        };
        let capacity = self.capacity();
        let Some(at) = self.tree.vacant() else { return Err(Full { key, value, capacity }) };
        if let Some(entry) = self.entries.get_mut(tree::index(at)) {
            *entry = Some((key, value));
        } else if self.entries.len() < self.entries.capacity() {
            self.entries.push(Some((key, value)));
        } else {
            return Err(Full { key, value, capacity });
        }
        self.tree.attach(at, parent, side);
        Ok(None)
    }

    /// Removes `key`, and returns its value. `None` when the key is not in the table.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.take(self.find(key)).map(|(_, value)| value)
    }

    /// The entry with the least key above `key`, which need not be in the table. It serves for a scan that
    /// continues where it stopped, even when the table has changed since. `None` at the end of the table: then
    /// begin again at [`first`](Table::first).
    #[must_use]
    pub fn first_after(&self, key: &K) -> Option<(&K, &V)> {
        self.entry(self.partition(|other| other <= key).1)
    }

    /// Iterates over the entries whose keys are in `range`, in the order of their keys. The iterator is empty when
    /// the range ends before it begins.
    #[must_use]
    pub fn range(&self, range: impl RangeBounds<K>) -> Iter<'_, K, V> {
        let first = match range.start_bound() {
            Bound::Included(key) => self.partition(|other| other < key).1,
            Bound::Excluded(key) => self.partition(|other| other <= key).1,
            Bound::Unbounded => self.tree.outermost(Side::Left),
        };
        let last = match range.end_bound() {
            Bound::Included(key) => self.partition(|other| other <= key).0,
            Bound::Excluded(key) => self.partition(|other| other < key).0,
            Bound::Unbounded => self.tree.outermost(Side::Right),
        };
        match (self.entry(first), self.entry(last)) {
            (Some((least, _)), Some((greatest, _))) if least <= greatest => Iter::between(self, first, last),
            _ => Iter::between(self, NONE, NONE),
        }
    }

    fn find(&self, key: &K) -> u32 {
        match self.place(key) {
            Place::Found(at) => at,
            Place::Missing { .. } => NONE,
        }
    }

    fn place(&self, key: &K) -> Place {
        let (mut parent, mut side) = (NONE, Side::Left);
        let mut at = self.tree.root();
        while let Some((other, _)) = self.entry(at) {
            side = match key.cmp(other) {
                core::cmp::Ordering::Less => Side::Left,
                core::cmp::Ordering::Equal => return Place::Found(at),
                core::cmp::Ordering::Greater => Side::Right,
            };
            parent = at;
            at = self.tree.child(at, side);
        }
        Place::Missing { parent, side }
    }

    /// Returns the last place whose key is before a point, and the first place whose key is not.
    fn partition(&self, is_before: impl Fn(&K) -> bool) -> (u32, u32) {
        let (mut last, mut first) = (NONE, NONE);
        let mut at = self.tree.root();
        while let Some((key, _)) = self.entry(at) {
            let side = if is_before(key) {
                last = at;
                Side::Right
            } else {
                first = at;
                Side::Left
            };
            at = self.tree.child(at, side);
        }
        (last, first)
    }

    /// Whether the tree is well formed, balanced, and in the order of the keys.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn is_sound(&self) -> bool {
        self.tree.is_sound()
            && self.iter().zip(self.iter().skip(1)).all(|((left, _), (right, _))| left < right)
    }
}

/// Tables are equal when they hold equal entries. Capacity and history do not count.
impl<K: PartialEq, V: PartialEq> PartialEq for Table<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for Table<K, V> {}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Table<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<'t, K, V> IntoIterator for &'t Table<K, V> {
    type Item = (&'t K, &'t V);
    type IntoIter = Iter<'t, K, V>;

    fn into_iter(self) -> Iter<'t, K, V> {
        self.iter()
    }
}

#[cfg(test)]
mod tests;
