//! Faults and departures by their kind: the same words with other numbers are the same kind.

use core::fmt::{self, Write as _};

use super::table::Table;
use super::tally::Place;

/// What is wrong in some frames: a kind of fault, or a kind of departure from an RFC.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WhatIsWrong {
    /// The display-filter name of the protocol of a fault, or the RFC and the section of a departure.
    pub origin: &'static str,
    /// What is wrong, with `N` in place of each number. It has at most about 200 characters.
    pub text: String,
    /// How often it occurred.
    pub count: u64,
    /// The frame in which it occurred first.
    pub first: Place,
}

/// The number of characters of a text that are kept.
const MAX_TEXT_LEN: usize = 200;

/// The kinds that have occurred.
#[derive(Clone, Debug)]
pub(super) struct Wordings {
    kinds: Table<String, WhatIsWrong>,
    others: u64,
    // The key of the last one. It is used again, because most are of a kind that is known.
    key: String,
}

impl Wordings {
    pub(super) fn new(limit: usize) -> Self {
        Self { kinds: Table::new(limit), others: 0, key: String::new() }
    }

    pub(super) fn count(&mut self, origin: &'static str, text: fmt::Arguments<'_>, place: Place) {
        self.key.clear();
        self.key.push_str(origin);
        let start = self.key.len();
        // An error only says that the text is longer than what is kept.
        let _ =
            Numberless { text: &mut self.key, left: MAX_TEXT_LEN, inside: Inside::Nothing }.write_fmt(text);
        let kind = match self.kinds.known(self.key.as_str()) {
            Some(kind) => kind,
            None => {
                let text = self.key.get(start..).unwrap_or_default().to_owned();
                let made = || WhatIsWrong { origin, text, count: 0, first: place };
                let Some(kind) = self.kinds.of(self.key.clone(), made) else {
                    self.others = self.others.saturating_add(1);
                    return;
                };
                kind
            }
        };
        kind.count = kind.count.saturating_add(1);
    }

    pub(super) fn list(&self) -> Vec<WhatIsWrong> {
        self.kinds.values().to_vec()
    }

    pub(super) const fn others(&self) -> u64 {
        self.others
    }
}

/// Writes `N` in place of each number. A digit inside a word, as in MD5 and SHA2-256, belongs to the word.
struct Numberless<'t> {
    text: &'t mut String,
    left: usize,
    inside: Inside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    Word,
    Number,
}

impl fmt::Write for Numberless<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            let (inside, written) = match (self.inside, character) {
                (Inside::Number, c) if c.is_ascii_alphanumeric() => continue,
                (Inside::Nothing, c) if c.is_ascii_digit() => (Inside::Number, 'N'),
                (_, c) if c.is_alphanumeric() => (Inside::Word, c),
                (Inside::Word, c @ ('-' | '_')) => (Inside::Word, c),
                (_, c) => (Inside::Nothing, c),
            };
            self.inside = inside;
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.text.push(written);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(frame: u64) -> Place {
        Place { frame, ..Place::default() }
    }

    #[test]
    fn the_same_words_with_other_numbers_are_one_kind() {
        let mut kinds = Wordings::new(2);
        for (frame, text) in [
            (3, "numbers are missing before 17 (count: 2)"),
            (5, "numbers are missing before 0xff (count: 10)"),
            (6, "the MD5 digest of SHA2-256 is at 1.2.3.4"),
            (7, "a third kind"),
            (8, "numbers are missing before 18 (count: 1)"),
        ] {
            kinds.count("esp", format_args!("{text}"), place(frame));
        }
        let list = kinds.list();
        let said: Vec<_> =
            list.iter().map(|kind| (kind.text.as_str(), kind.count, kind.first.frame)).collect();
        assert_eq!(
            said,
            [
                ("numbers are missing before N (count: N)", 3, 3),
                ("the MD5 digest of SHA2-256 is at N.N.N.N", 1, 6)
            ]
        );
        assert_eq!(kinds.others(), 1);
        kinds.count("ah", format_args!("numbers are missing before 17 (count: 2)"), place(9));
        assert_eq!(kinds.others(), 2, "another protocol is another kind");
    }

    #[test]
    fn a_long_text_is_cut() {
        let mut kinds = Wordings::new(2);
        kinds.count("esp", format_args!("{}", "é".repeat(1000)), place(1));
        assert_eq!(kinds.list()[0].text.chars().count(), MAX_TEXT_LEN);
    }
}
