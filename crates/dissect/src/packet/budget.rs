//! How much may be told of one frame: one budget for all of it, so that no frame costs the sink more than that.

use core::cell::Cell;
use core::fmt::{self, Write as _};

use crate::sink::Value;

/// What may still be told of a frame. It is counted in octets of output, and roughly so: what is told costs about as much in each
/// sink.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    limit: usize,
    left: usize,
    is_spent: bool,
    is_told: bool,
}

impl Budget {
    /// The heading of a protocol, and a field without its octets.
    pub(crate) const HEADING: usize = 64;
    /// A line of text: a fault, a departure.
    pub(crate) const LINE: usize = 256;

    /// A budget of so many octets.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { limit, left: limit, is_spent: false, is_told: false }
    }

    /// What is left.
    pub(crate) const fn left(&self) -> usize {
        self.left
    }

    /// Whether nothing more is told.
    pub(crate) const fn is_spent(&self) -> bool {
        self.is_spent
    }

    /// Takes the cost, where it is there; if not, nothing is ever paid again.
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

    /// The limit, the first time that it is asked for after the budget was spent: to tell it once.
    pub(crate) const fn is_spent_now(&mut self) -> Option<usize> {
        if !self.is_spent || self.is_told {
            return None;
        }
        self.is_told = true;
        Some(self.limit)
    }
}

/// What telling a value costs.
pub(crate) trait Cost {
    /// Octets of output, about; `shows_opaque` tells whether octets that nobody took apart are shown.
    fn cost(&self, shows_opaque: bool) -> usize;
}

impl Cost for Value<'_> {
    fn cost(&self, shows_opaque: bool) -> usize {
        let octets = match self {
            Value::Opaque(_) if !shows_opaque => 0,
            // Two digits for each.
            Value::Octets(octets) | Value::Opaque(octets) => octets.len().saturating_mul(2),
            // What is no text is escaped.
            Value::Text(octets) => octets.len().saturating_mul(4),
            _ => 0,
        };
        octets.saturating_add(Budget::HEADING)
    }
}

/// Text that ends after so many octets, whatever it would be.
pub(crate) struct Bounded<'a> {
    text: fmt::Arguments<'a>,
    limit: usize,
    written: Cell<usize>,
}

impl<'a> Bounded<'a> {
    pub(crate) const fn new(text: fmt::Arguments<'a>, limit: usize) -> Self {
        Self { text, limit, written: Cell::new(0) }
    }

    /// Octets that were written of it.
    pub(crate) const fn written(&self) -> usize {
        self.written.get()
    }
}

impl fmt::Display for Bounded<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = Writer { formatter, left: self.limit, is_full: false };
        let result = writer.write_fmt(self.text);
        self.written.set(self.limit.saturating_sub(writer.left));
        // That the text was ended early is no error of the one who prints it.
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
        assert!(!budget.pay(41), "41 are not there");
        assert!(!budget.pay(1), "what stands inside of what is not told is not told");
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
