//! The budget of a frame: one limit for all reports about it, so that no frame costs a sink more.

use core::cell::Cell;
use core::fmt::{self, Write as _};

use crate::sink::Value;

/// The octets of output that may still be reported about a frame. The count is rough, because every sink writes each
/// report differently.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    limit: usize,
    left: usize,
    is_spent: bool,
    is_told: bool,
}

impl Budget {
    /// The cost of the heading of a protocol, and of a field without its octets.
    pub(crate) const HEADING: usize = 64;
    /// The cost of a line of text: a fault or a departure.
    pub(crate) const LINE: usize = 256;

    /// Makes a budget of this many octets.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { limit, left: limit, is_spent: false, is_told: false }
    }

    /// Returns what is left.
    pub(crate) const fn left(&self) -> usize {
        self.left
    }

    /// Whether the budget is spent, so that nothing more is reported.
    pub(crate) const fn is_spent(&self) -> bool {
        self.is_spent
    }

    /// Takes the cost from the budget if there is enough. If not, every later call fails too.
    pub(crate) const fn pay(&mut self, cost: usize) -> bool {
        match self.left.checked_sub(cost) {
            Some(left) if !self.is_spent => {
                self.left = left;
                true
            }
            _ => {
                self.is_spent = true;
                false
            }
        }
    }

    /// Returns the limit at the first call after the budget was spent, so that the fault is reported once.
    pub(crate) const fn is_spent_now(&mut self) -> Option<usize> {
        if !self.is_spent || self.is_told {
            return None;
        }
        self.is_told = true;
        Some(self.limit)
    }
}

/// The cost of reporting a value.
pub(crate) trait Cost {
    /// Returns the approximate number of octets of output. `shows_opaque` says whether octets that no handler
    /// dissected are shown.
    fn cost(&self, shows_opaque: bool) -> usize;
}

impl Cost for Value<'_> {
    fn cost(&self, shows_opaque: bool) -> usize {
        let octets = match self {
            Value::Opaque(_) if !shows_opaque => 0,
            // Each octet takes two digits.
            Value::Octets(octets) | Value::Opaque(octets) => octets.len().saturating_mul(2),
            // Octets that are not text are escaped.
            Value::Text(octets) => octets.len().saturating_mul(4),
            _ => 0,
        };
        octets.saturating_add(Budget::HEADING)
    }
}

/// Text that ends after a given number of octets.
pub(crate) struct Bounded<'a> {
    text: fmt::Arguments<'a>,
    limit: usize,
    written: Cell<usize>,
}

impl<'a> Bounded<'a> {
    pub(crate) const fn new(text: fmt::Arguments<'a>, limit: usize) -> Self {
        Self { text, limit, written: Cell::new(0) }
    }

    /// Returns the number of octets that were written.
    pub(crate) const fn written(&self) -> usize {
        self.written.get()
    }
}

impl fmt::Display for Bounded<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = Writer { formatter, left: self.limit, is_full: false };
        let result = writer.write_fmt(self.text);
        self.written.set(self.limit.saturating_sub(writer.left));
        // When the text ends early because of the limit, this is not an error for the caller.
        if writer.is_full { Ok(()) } else { result }
    }
}

struct Writer<'w, 'f> {
    formatter: &'w mut fmt::Formatter<'f>,
    left: usize,
    is_full: bool,
}

impl fmt::Write for Writer<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match self.left.checked_sub(text.len()) {
            Some(left) => {
                self.left = left;
                self.formatter.write_str(text)
            }
            None => {
                self.is_full = true;
                Err(fmt::Error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_that_is_spent_stays_spent_and_says_so_once() {
        let mut budget = Budget::new(100);
        assert!(budget.pay(60) && !budget.is_spent());
        assert_eq!(budget.is_spent_now(), None);
        assert!(!budget.pay(41), "41 are not left");
        assert!(!budget.pay(1), "nothing inside something hidden is reported");
        assert_eq!((budget.is_spent_now(), budget.is_spent_now()), (Some(100), None));
    }

    #[test]
    fn octets_cost_what_their_digits_do() {
        assert_eq!(Value::Octets(&[0; 100]).cost(false), Budget::HEADING + 200);
        assert_eq!(Value::Opaque(&[0; 100]).cost(true), Budget::HEADING + 200);
        assert_eq!(Value::Opaque(&[0; 100]).cost(false), Budget::HEADING, "their number is a number");
        assert_eq!(Value::Unsigned(7).cost(true), Budget::HEADING);
    }

    #[test]
    fn text_ends_where_the_budget_does() {
        let lines = ["one\n", "two\n", "three\n"];
        let all = |limit| {
            let text = format_args!("{}{}{}", lines[0], lines[1], lines[2]);
            let bounded = Bounded::new(text, limit);
            (bounded.to_string(), bounded.written())
        };
        assert_eq!(all(14), ("one\ntwo\nthree\n".to_owned(), 14));
        assert_eq!(all(13), ("one\ntwo\n".to_owned(), 8));
        assert_eq!(all(0), (String::new(), 0));
    }
}
