//! The latest values by message id.

use alloc::collections::VecDeque;

/// A table of a bounded number of values by message id. One more value displaces the one that was inserted longest
/// ago.
///
/// A search compares one entry after another. There are only a few dozen, and no choice of message ids makes it
/// slower.
#[derive(Debug)]
pub(super) struct Latest<V> {
    entries: VecDeque<(u32, V)>,
    capacity: usize,
}

impl<V> Latest<V> {
    pub(super) const fn new(capacity: usize) -> Self {
        Self { entries: VecDeque::new(), capacity }
    }

    fn position(&self, message_id: u32) -> Option<usize> {
        self.entries.iter().position(|(id, _)| *id == message_id)
    }

    pub(super) fn entry(&self, message_id: u32) -> Option<&V> {
        self.entries.iter().find(|(id, _)| *id == message_id).map(|(_, value)| value)
    }

    pub(super) fn entry_mut(&mut self, message_id: u32) -> Option<&mut V> {
        self.entries.iter_mut().find(|(id, _)| *id == message_id).map(|(_, value)| value)
    }

    /// Lists the values, the oldest first.
    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// Returns the value of this message id. When the table does not have one yet, `value` makes it.
    pub(super) fn entry_or_insert_with(
        &mut self,
        message_id: u32,
        value: impl FnOnce() -> V,
    ) -> Option<&mut V> {
        if let Some(position) = self.position(message_id) {
            return self.entries.get_mut(position).map(|(_, value)| value);
        }
        if self.entries.len() >= self.capacity {
            self.entries.pop_front();
        }
        self.entries.push_back((message_id, value()));
        self.entries.back_mut().map(|(_, value)| value)
    }

    pub(super) fn remove(&mut self, message_id: u32) -> Option<V> {
        let position = self.position(message_id)?;
        self.entries.remove(position).map(|(_, value)| value)
    }
}
