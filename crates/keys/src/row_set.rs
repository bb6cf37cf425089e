//! The rows of many files, merged so that each SA is there once.

use core::fmt;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use crate::{AssociationRow, IsakmpKeys, KeyRows, PreSharedKey};

/// The number of rows with one initiator cookie that a new row is compared with.
///
/// Rows that contradict each other stay separate, and a contradiction cannot be looked up: each pair has to be
/// compared. When a cookie has more contradicting rows than this, they are noise, and further rows with that cookie are
/// only checked for being identical to a known one.
const COMPARED_ROW_COUNT: usize = 64;

/// The rows of many files, merged so that each SA is there once. When two files state different facts about one SA, its
/// row holds both.
///
/// Adding rows takes time in proportion to their number, whatever the rows hold.
#[derive(Default)]
pub struct RowSet {
    rows: KeyRows,
    /// The index of each row, looked up by a digest of the values that identify it. The digest is keyed, so it reveals
    /// nothing about the values.
    associations: HashMap<u64, Vec<usize>>,
    isakmp: HashMap<u64, Vec<usize>>,
    pre_shared: HashMap<u64, Vec<usize>>,
    /// The indices of the first rows of each initiator cookie.
    by_cookie: HashMap<[u8; 8], Vec<usize>>,
    hasher: RandomState,
    #[cfg(test)]
    compared: usize,
}

impl RowSet {
    /// Makes an empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows of the set.
    #[must_use]
    pub const fn rows(&self) -> &KeyRows {
        &self.rows
    }

    /// Returns the rows and drops the indices by which they are found.
    #[must_use]
    pub fn into_rows(self) -> KeyRows {
        self.rows
    }

    /// Adds all rows of a file.
    pub fn add_rows(&mut self, rows: KeyRows) {
        rows.associations.into_iter().for_each(|row| self.add(row));
        rows.isakmp.into_iter().for_each(|keys| self.add_isakmp(keys));
        rows.pre_shared.into_iter().for_each(|key| self.add_pre_shared(key));
    }

    /// Adds a row of an ESP or AH SA. If the set has a row of this SA, the facts that are new are added to that row.
    /// Alternatives (`is_alternative`) are not added.
    pub fn add(&mut self, row: AssociationRow) {
        if row.is_alternative {
            return;
        }
        let digest = self.hasher.hash_one(row.sameness());
        let places = self.associations.entry(digest).or_default();
        for place in places.iter() {
            #[cfg(test)]
            {
                self.compared += 1;
            }
            match self.rows.associations.get_mut(*place) {
                Some(known) if known.is_same(&row) => {
                    known.take_in(&row);
                    return;
                }
                _ => {}
            }
        }
        places.push(self.rows.associations.len());
        self.rows.associations.push(row);
    }

    /// Adds the keys of an ISAKMP SA. They are merged into a row with the same two cookies or, failing that, into a row
    /// with the same initiator cookie. Keys that contradict all such rows become a row of their own, because either may
    /// be right.
    pub fn add_isakmp(&mut self, keys: IsakmpKeys) {
        let candidates = keys.initiator_cookie.and_then(|cookie| self.by_cookie.get(&cookie));
        let (mut with_both, mut with_one) = (None, None);
        for place in candidates.into_iter().flatten() {
            let Some(known) = self.rows.isakmp.get(*place) else { continue };
            #[cfg(test)]
            {
                self.compared += 1;
            }
            if known.agrees(&keys) {
                with_one = with_one.or(Some(*place));
                if known.responder_cookie == keys.responder_cookie {
                    with_both = Some(*place);
                    break;
                }
            }
        }
        if let Some(place) = with_both.or(with_one)
            && let Some(known) = self.rows.isakmp.get_mut(place)
        {
            known.take_in(keys);
            // From now on the row is also found by everything that it holds after the merge.
            let digest = self.hasher.hash_one(&*known);
            let places = self.isakmp.entry(digest).or_default();
            if !places.contains(&place) {
                places.push(place);
            }
            return;
        }
        let digest = self.hasher.hash_one(&keys);
        let places = self.isakmp.entry(digest).or_default();
        for place in places.iter() {
            #[cfg(test)]
            {
                self.compared += 1;
            }
            if self.rows.isakmp.get(*place) == Some(&keys) {
                return;
            }
        }
        let place = self.rows.isakmp.len();
        places.push(place);
        if let Some(cookie) = keys.initiator_cookie {
            let places = self.by_cookie.entry(cookie).or_default();
            if places.len() < COMPARED_ROW_COUNT {
                places.push(place);
            }
        }
        self.rows.isakmp.push(keys);
    }

    /// Adds a pre-shared key, unless the set has it already.
    pub fn add_pre_shared(&mut self, key: PreSharedKey) {
        let places = self.pre_shared.entry(self.hasher.hash_one(key.key.as_slice())).or_default();
        if !places.iter().any(|place| self.rows.pre_shared.get(*place) == Some(&key)) {
            places.push(self.rows.pre_shared.len());
            self.rows.pre_shared.push(key);
        }
    }
}

impl fmt::Debug for RowSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RowSet").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Hash for IsakmpKeys {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        (self.initiator_cookie, self.responder_cookie).hash(state);
        self.secrets().into_iter().for_each(|(.., key)| key.as_ref().map(|key| key.as_slice()).hash(state));
    }
}

#[cfg(test)]
mod tests;
