//! Iterates over the entries of a table.

use core::fmt;
use core::iter::FusedIterator;

use super::Table;
use super::tree::{NONE, Side};

/// An iterator over the entries of a [`Table`] in the order of their keys. It can run from both ends.
pub struct Iter<'t, K, V> {
    table: &'t Table<K, V>,
    /// The places of the next entries from both ends. `NONE` at the end of the iteration.
    front: u32,
    back: u32,
}

impl<'t, K, V> Iter<'t, K, V> {
    /// Iterates from the place `front` to the place `back`, both included. Both are `NONE` for an empty iterator.
    pub(super) const fn between(table: &'t Table<K, V>, front: u32, back: u32) -> Self {
        Self { table, front, back }
    }

    /// Takes the entry at `at`. The iteration continues with the next entry on `side`.
    fn step(&mut self, at: u32, side: Side) -> Option<(&'t K, &'t V)> {
        let entry = self.table.entry(at)?;
        let next = if self.front == self.back { NONE } else { self.table.tree.beside(at, side) };
        match side {
            _ if next == NONE => (self.front, self.back) = (NONE, NONE),
            Side::Right => self.front = next,
            Side::Left => self.back = next,
        }
        Some(entry)
    }
}

impl<'t, K, V> Iterator for Iter<'t, K, V> {
    type Item = (&'t K, &'t V);

    fn next(&mut self) -> Option<Self::Item> {
        self.step(self.front, Side::Right)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.front == NONE { (0, Some(0)) } else { (1, Some(self.table.len())) }
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.step(self.back, Side::Left)
    }
}

impl<K, V> FusedIterator for Iter<'_, K, V> {}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { table: self.table, front: self.front, back: self.back }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Iter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
