//! The keys that the user gave for ISAKMP SAs, found by cookie.

use std::collections::HashMap;

use ikev1::Cookies;

use keys::{IsakmpKeys, Keys, PreSharedKey};

/// The keys of ISAKMP SAs: those for one cookie, and those that are tried on every SA.
#[derive(Debug, Default)]
pub(super) struct Given {
    isakmp: Vec<IsakmpKeys>,
    by_cookie: HashMap<[u8; 8], Vec<usize>>,
    for_all: Vec<usize>,
    pub(super) pre_shared: Vec<PreSharedKey>,
}

impl Given {
    pub(super) fn new(keys: &Keys) -> Self {
        let mut given =
            Self { isakmp: keys.isakmp.clone(), pre_shared: keys.pre_shared.clone(), ..Self::default() };
        for (place, known) in given.isakmp.iter().enumerate() {
            match known.initiator_cookie {
                Some(cookie) => given.by_cookie.entry(cookie).or_default().push(place),
                None => given.for_all.push(place),
            }
        }
        given
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.isakmp.is_empty()
    }

    /// Returns the keys for an SA with their places in the list. Those for its cookie come before those for all SAs.
    pub(super) fn of(&self, cookies: &Cookies) -> impl Iterator<Item = (usize, &IsakmpKeys)> {
        let places = self.by_cookie.get(&cookies.initiator).map(Vec::as_slice).unwrap_or_default();
        let found =
            places.iter().chain(&self.for_all).filter_map(|place| Some((*place, self.isakmp.get(*place)?)));
        found.filter(move |(_, known)| known.fit(cookies))
    }
}
