//! The deadlines of an engine, each with a key.

use crate::{Full, Instant, NoMemory, Table};

/// A bounded set of deadlines, with at most one for each key.
///
/// A key names the purpose of its deadline, for example `(association, Timer::T3)`. Deadlines that are due come
/// out in the order of time, and in the order of their keys when times are equal, so that the same calls give the
/// same order. Setting, clearing and taking one deadline costs O(log n). The memory is allocated when the set is
/// made, and never grows.
///
/// ```
/// use vpnwire_sansio::{Instant, Timers};
///
/// let mut timers = Timers::with_capacity(2)?;
/// timers.set("hello", Instant::from_nanos(3))?;
/// timers.set("hold", Instant::from_nanos(10))?;
/// timers.set("hold", Instant::from_nanos(13))?; // replaces the earlier deadline
/// let refused = timers.set("delay", Instant::from_nanos(5)).unwrap_err();
/// assert_eq!(refused.key, "delay");
///
/// assert_eq!(timers.deadline(), Some(Instant::from_nanos(3)));
/// let now = Instant::from_nanos(12);
/// assert_eq!(timers.pop_due(now), Some(("hello", Instant::from_nanos(3))));
/// assert_eq!(timers.pop_due(now), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, PartialEq)]
pub struct Timers<K> {
    by_key: Table<K, Instant>,
    by_time: Table<(Instant, K), ()>,
}

impl<K: Copy + Ord> Timers<K> {
    /// Makes a set that can hold `capacity` deadlines. All its memory is allocated now.
    ///
    /// # Errors
    /// Returns [`NoMemory`] when the allocator does not have the memory, or when `capacity` is above 2^32 - 1.
    pub fn with_capacity(capacity: usize) -> Result<Self, NoMemory> {
        Ok(Self { by_key: Table::with_capacity(capacity)?, by_time: Table::with_capacity(capacity)? })
    }

    /// The number of deadlines that the set can hold.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.by_key.capacity()
    }

    /// The number of deadlines that are set.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether no deadline is set.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Sets the deadline of `key`, and returns the one that it replaces. `None` when `key` had no deadline.
    ///
    /// # Errors
    /// Returns [`Full`] when `key` has no deadline yet and the set is full. The set is not changed then.
    pub fn set(&mut self, key: K, at: Instant) -> Result<Option<Instant>, Full<K, Instant>> {
        let before = self.by_key.insert(key, at)?;
        if let Some(before) = before {
            self.by_time.remove(&(before, key));
        }
        // Both tables have the same size and hold the same deadlines, so the second has room whenever the first
        // has.
        if let Err(full) = self.by_time.insert((at, key), ()) {
            self.by_key.remove(&key);
            return Err(Full { key, value: at, capacity: full.capacity });
        }
        Ok(before)
    }

    /// Clears the deadline of `key`, and returns it. `None` when `key` had no deadline.
    pub fn clear(&mut self, key: &K) -> Option<Instant> {
        let at = self.by_key.remove(key)?;
        self.by_time.remove(&(at, *key));
        Some(at)
    }

    /// Clears all deadlines. The memory stays allocated.
    pub fn clear_all(&mut self) {
        self.by_key.clear();
        self.by_time.clear();
    }

    /// The deadline of `key`. `None` when `key` has no deadline.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Instant> {
        self.by_key.get(key).copied()
    }

    /// The earliest deadline, which an engine returns in [`Output::Wait`](crate::Output::Wait). `None` when no
    /// deadline is set.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.by_time.first().map(|((at, _), ())| *at)
    }

    /// Takes the earliest deadline that is not later than `now`. `handle_timeout` calls this until it returns
    /// `None`.
    ///
    /// A deadline that is set at `now` or earlier is due at once, and comes out of the same loop.
    pub fn pop_due(&mut self, now: Instant) -> Option<(K, Instant)> {
        if self.deadline()? > now {
            return None;
        }
        let ((at, key), ()) = self.by_time.pop_first()?;
        self.by_key.remove(&key);
        Some((key, at))
    }

    /// Iterates over the deadlines in the order in which they fall due.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, Instant)> + '_ {
        self.by_time.iter().map(|((at, key), ())| (*key, *at))
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;

    const fn at(nanos: u64) -> Instant {
        Instant::from_nanos(nanos)
    }

    #[test]
    fn what_is_due_comes_in_order_of_time_and_then_of_key() {
        let mut timers = Timers::with_capacity(4).unwrap();
        for (key, nanos) in [('d', 5), ('b', 5), ('c', 1), ('a', 9)] {
            assert_eq!(timers.set(key, at(nanos)).unwrap(), None);
        }
        let order: Vec<_> = timers.iter().collect();
        assert_eq!(order, [('c', at(1)), ('b', at(5)), ('d', at(5)), ('a', at(9))]);
        assert_eq!(timers.pop_due(at(0)), None);
        let due: Vec<_> = core::iter::from_fn(|| timers.pop_due(at(5))).collect();
        assert_eq!(due, [('c', at(1)), ('b', at(5)), ('d', at(5))]);
        assert_eq!((timers.len(), timers.deadline()), (1, Some(at(9))));
    }

    #[test]
    fn a_deadline_that_is_set_again_replaces_the_earlier_one() {
        let mut timers = Timers::with_capacity(1).unwrap();
        timers.set('t', at(3)).unwrap();
        assert_eq!(timers.set('t', at(8)).unwrap(), Some(at(3)));
        assert_eq!((timers.get(&'t'), timers.deadline(), timers.len()), (Some(at(8)), Some(at(8)), 1));
        assert_eq!(timers.set('t', at(8)).unwrap(), Some(at(8)));
        assert_eq!(timers.clear(&'t'), Some(at(8)));
        assert_eq!((timers.clear(&'t'), timers.deadline(), timers.is_empty()), (None, None, true));
    }

    #[test]
    fn a_full_set_refuses_a_new_key_and_keeps_what_it_has() {
        let mut timers = Timers::with_capacity(2).unwrap();
        timers.set('a', at(1)).unwrap();
        timers.set('b', at(2)).unwrap();
        let refused = timers.set('c', at(0)).unwrap_err();
        assert_eq!((refused.key, refused.value, refused.capacity), ('c', at(0), 2));
        assert_eq!(timers.set('b', at(7)).unwrap(), Some(at(2)), "a key that is already there needs no room");
        assert_eq!(timers.iter().collect::<Vec<_>>(), [('a', at(1)), ('b', at(7))]);
        timers.clear_all();
        assert_eq!((timers.len(), timers.capacity(), timers.deadline()), (0, 2, None));
        assert_eq!(timers.get(&'a'), None);
    }
}
