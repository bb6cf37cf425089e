//! What a sink keeps for each name of a field, found by where the letters of the name lie.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// The address of the letters of a name, and their number.
type Place = (usize, usize);

/// Values by the places of names. The names of fields are the same few in every frame, so their addresses are compared and not
/// their letters. The same letters may lie in several places, and then have a value in each.
#[derive(Debug)]
pub(crate) struct ByPlace<T> {
    // The places that occurred last, each in the slot for its address, with the index of its value.
    recent: Vec<(Place, usize)>,
    indices: HashMap<Place, usize, FixedState>,
    values: Vec<T>,
}

impl<T> Default for ByPlace<T> {
    fn default() -> Self {
        Self { recent: Vec::new(), indices: HashMap::default(), values: Vec::new() }
    }
}

/// The number of slots: a power of two, several times the number of names.
const SLOTS: usize = 4096;

impl<T> ByPlace<T> {
    /// Returns the value of a name. `make` makes the value when this place of the name has none yet.
    pub(crate) fn of(&mut self, name: &'static str, make: impl FnOnce() -> T) -> Option<&mut T> {
        let place = (name.as_ptr().addr(), name.len());
        // The names are close together in memory, so the lower bits of their addresses differ.
        let slot = self.recent.get(place.0 & (SLOTS - 1)).filter(|(recent, _)| *recent == place);
        let index = match slot {
            Some((_, index)) => *index,
            None => self.find(place, make),
        };
        self.values.get_mut(index)
    }

    #[cold]
    fn find(&mut self, place: Place, make: impl FnOnce() -> T) -> usize {
        let index = *self.indices.entry(place).or_insert_with(|| {
            self.values.push(make());
            self.values.len().saturating_sub(1)
        });
        self.recent.resize(SLOTS, ((0, 0), 0));
        if let Some(slot) = self.recent.get_mut(place.0 & (SLOTS - 1)) {
            *slot = (place, index);
        }
        index
    }
}
