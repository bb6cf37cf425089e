//! Rows of many files put together, each SA once.

use core::fmt;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use crate::{AssociationRow, IsakmpKeys, KeyRows, PreSharedKey};

/// Rows of one initiator's cookie that a further row may be put together with.
///
/// Rows that contradict each other stay apart, and whether two do cannot be looked up: each has to be compared. What is said of one
/// cookie more than this many times in different ways is noise, and further rows of it are only told from rows that are the same.
const COMPARED_ROW_COUNT: usize = 64;

/// Rows of many files, each SA once: what one file says of an SA and another says more is in one row.
///
/// It takes time in proportion to the rows that are added, whatever they are.
#[derive(Default)]
pub struct RowSet {
    rows: KeyRows,
    /// Places of the rows, by a digest of what makes them the same: under a key of its own, so that it tells nothing.
    associations: HashMap<u64, Vec<usize>>,
    isakmp: HashMap<u64, Vec<usize>>,
    pre_shared: HashMap<u64, Vec<usize>>,
    /// Places of the first rows of each cookie.
    by_cookie: HashMap<[u8; 8], Vec<usize>>,
    hasher: RandomState,
    #[cfg(test)]
    compared: usize,
}

impl RowSet {
    /// A set of no rows.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rows.
    #[must_use]
    pub const fn rows(&self) -> &KeyRows {
        &self.rows
    }

    /// The rows, without what finds them.
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

    /// Adds a row, unless there is one that says the same, or it is an alternative; what it says more is taken in.
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

    /// Adds what is known of an ISAKMP SA, to what was known of it: to a row with both of its cookies, or else with the
    /// initiator's. What says another thing of it than a row does is a row of its own: either may be right.
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
            // It is found by all that it says now.
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

    /// Adds a pre-shared key, unless it is there.
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
