//! What a sink keeps for each name of a field, found by where the letters of the name lie.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// The address of the letters of a name, and their number.
type Place = (usize, u32);

/// Values by the places of names. The names of fields are the same few in every frame, so their addresses are compared and
/// not their letters. The same letters may lie in several places.
#[derive(Debug)]
pub(crate) struct ByPlace<T> {
    // The places that occurred last, each in the slot for its address.
    recent: Vec<Recent<T>>,
    values: HashMap<Place, T, FixedState>,
}

#[derive(Clone, Debug, Default)]
struct Recent<T> {
    address: usize,
    len: u32,
    value: T,
}

/// The number of slots: a power of two, several times the number of names.
const SLOTS: usize = 4096;

impl<T> Default for ByPlace<T> {
    fn default() -> Self {
        Self { recent: Vec::new(), values: HashMap::default() }
    }
}

impl<T: Copy + Default> ByPlace<T> {
    /// Returns the value of a name. `make` makes it when this place of the name has none yet. The result is never `None`.
    #[inline]
    pub(crate) fn of(&mut self, name: &'static str, make: impl FnOnce() -> T) -> Option<&T> {
        // default: no name is so long
        let place = (name.as_ptr().addr(), u32::try_from(name.len()).unwrap_or(u32::MAX));
        // The names are close together in memory, so the lower bits of their addresses differ.
        let slot = place.0 & (SLOTS - 1);
        if self.recent.get(slot).is_none_or(|recent| (recent.address, recent.len) != place) {
            self.find(slot, place, make);
        }
        self.recent.get(slot).map(|recent| &recent.value)
    }

    #[cold]
    fn find(&mut self, slot: usize, place: Place, make: impl FnOnce() -> T) {
        let value = *self.values.entry(place).or_insert_with(make);
        self.recent.resize(SLOTS, Recent::default());
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = Recent { address: place.0, len: place.1, value };
        }
    }
}

/// Returns the number of a value from its index in a list.
pub(crate) fn number(index: usize) -> u32 {
    // default: never taken, because there are not so many names
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Adds a list to the lists of names, of which the first is empty, and returns its number.
pub(crate) fn enter(lists: &mut Vec<Vec<usize>>, list: Vec<usize>) -> u32 {
    if list.is_empty() {
        return 0;
    }
    let number = number(lists.len());
    lists.push(list);
    number
}

/// Returns the index of a value in its list from its number.
#[inline]
pub(crate) fn index(number: u32) -> usize {
    // default: never taken, because the number was made from an index
    usize::try_from(number).unwrap_or(usize::MAX)
}
