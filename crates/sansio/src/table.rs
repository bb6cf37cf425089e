//! A map that is bounded, ordered, and allocated once.

mod iter;
mod tree;

use alloc::vec::Vec;
use core::fmt;
use core::ops::{Bound, RangeBounds};

pub use iter::Iter;
use tree::{NONE, Side, Tree};

/// A map in order of its keys that takes its memory when it is made and never more.
///
/// An engine keeps its neighbours, associations, exchanges and cache entries in tables, so that what a stranger sends can fill
/// a table and can never grow it.
///
/// **Cost.** Looking up, inserting and removing compare at most 1.44 log2 n + 2 keys, whatever the keys and their order: the
/// entries are the nodes of a balanced tree, so whoever chooses the keys cannot make it slow. 100,000 entries need 25
/// comparisons at most. A step of an iteration costs O(1) on average, and O(log n) at worst. An entry takes 16 octets beside
/// its key and value.
///
/// **When it is full,** [`insert`](Table::insert) gives the value back, and the caller decides what goes first. A caller that
/// looks through all entries for the one to remove pays O(n) for each datagram of a flood. Keep what decides, such as the time
/// of the last use, as the key of a second table, and its first entry is the one to remove:
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
/// Keys must not change their order while they are in a table, as in the maps of the standard library. A key whose order does
/// change may no longer be found; nothing panics and nothing loops.
pub struct Table<K, V> {
    tree: Tree,
    /// At the place that the tree has for it: an entry, or nothing where the place is free.
    entries: Vec<Option<(K, V)>>,
}

/// The allocator has no memory for a table of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("there is no memory for a table of {capacity} entries: make it smaller")]
pub struct NoMemory {
    /// How many entries were asked for.
    pub capacity: usize,
}

/// A table holds as many entries as it can, and gives back what was to be inserted. Exhaustive on purpose.
///
/// `Debug` shows neither the key nor the value, which may be secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the table already holds {capacity} entries, which is its capacity: remove one first")]
pub struct Full<K, V> {
    /// The key that is not in the table.
    pub key: K,
    /// The value that was to be inserted.
    pub value: V,
    /// How many entries the table holds.
    pub capacity: usize,
}

impl<K, V> fmt::Debug for Full<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Full").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

impl<K, V> Table<K, V> {
    /// An empty table that can hold `capacity` entries. It takes its memory now.
    ///
    /// # Errors
    /// [`NoMemory`] when the allocator has not so much, or when `capacity` is above 2^32 - 1.
    pub fn with_capacity(capacity: usize) -> Result<Self, NoMemory> {
        let no_memory = NoMemory { capacity };
        let tree = Tree::with_capacity(capacity).ok_or(no_memory)?;
        let mut entries = Vec::new();
        entries.try_reserve_exact(capacity).map_err(|_| no_memory)?;
        Ok(Self { tree, entries })
    }

    /// How many entries the table can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.tree.capacity()
    }

    /// How many entries the table holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.tree.len()
    }

    /// Whether the table holds no entry.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a new key has no room.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.len() >= self.capacity()
    }

    /// Removes all entries. The memory stays.
    pub fn clear(&mut self) {
        self.tree.clear();
        self.entries.clear();
    }

    /// All entries in order of their keys.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter::between(self, self.tree.outermost(Side::Left), self.tree.outermost(Side::Right))
    }

    /// The entry with the least key.
    #[must_use]
    pub fn first(&self) -> Option<(&K, &V)> {
        self.entry(self.tree.outermost(Side::Left))
    }

    /// The entry with the greatest key.
    #[must_use]
    pub fn last(&self) -> Option<(&K, &V)> {
        self.entry(self.tree.outermost(Side::Right))
    }

    /// Removes the entry with the least key, and gives it.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        self.take(self.tree.outermost(Side::Left))
    }

    /// Shows every entry to `keep`, in order of their keys, and removes those for which it answers `false`.
    ///
    /// This is also the way to change every value: answer `true`.
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

/// Where a key is, or where it would be.
enum Place {
    Found(u32),
    Missing { parent: u32, side: Side },
}

impl<K: Ord, V> Table<K, V> {
    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&V> {
        self.entry(self.find(key)).map(|(_, value)| value)
    }

    /// The value of `key`, to be changed.
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

    /// Inserts a value under its key, and gives the value that it replaces. The key that is there already stays.
    ///
    /// # Errors
    /// [`Full`], with key and value, when the key is new and the table has no room; nothing is changed then.
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

    /// Removes `key`, and gives its value.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.take(self.find(key)).map(|(_, value)| value)
    }

    /// The entry with the least key above `key`, which itself need not be in the table: for a scan that goes on where it
    /// stopped, however the table has changed since. Begin again at [`first`](Table::first) when there is none.
    #[must_use]
    pub fn first_after(&self, key: &K) -> Option<(&K, &V)> {
        self.entry(self.partition(|other| other <= key).1)
    }

    /// The entries whose keys lie in `range`, in order of their keys. A range that ends before it begins has none.
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

    /// The last place whose key is before a point, and the first whose key is not.
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

    /// Whether the tree is one, in balance, and in order of the keys.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn is_sound(&self) -> bool {
        self.tree.is_sound()
            && self.iter().zip(self.iter().skip(1)).all(|((left, _), (right, _))| left < right)
    }
}

/// Tables are equal when they hold equal entries, whatever their capacity and history.
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
