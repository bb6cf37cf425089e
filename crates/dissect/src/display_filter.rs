//! Display filters: conditions on the fields of a frame, in Wireshark's syntax.
//!
//! ```
//! use vpnwire_dissect::display_filter::DisplayFilter;
//!
//! assert!("hsrp.state == 16 and not ip.addr == 10.0.0.0/8".parse::<DisplayFilter>().is_ok());
//! let error = "hsrp.stat == 16".parse::<DisplayFilter>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "there is no field hsrp.stat, at column 1 of the filter; did you mean hsrp.state?"
//! );
//! ```
//!
//! A filter has fields, protocols, comparisons (`==`, `!=`, `~=`, `<`, `<=`, `>`, `>=`, and their names `eq`, `ne`, `any_ne`, `lt`, `le`, `gt`, `ge`), `contains`,
//! `matches` (a regular expression that does not tell capitals from small letters), `in {…}` with values and ranges, `and`, `or`, `not` and parentheses. A name alone
//! asks whether the field is there. A field that a frame has several times satisfies a comparison when one of its values does; `!=` asks that
//! all values differ, as in Wireshark since 3.6. Addresses may have a prefix: `ip.src == 10.0.0.0/8`. Slices of octets and functions are not there.

mod evaluation;
mod lexer;
mod literal;
mod parser;

pub use evaluation::Matching;

use literal::Literal;

/// A filter, made from its text.
#[derive(Clone, Debug)]
pub struct DisplayFilter {
    // What is asked of single fields, and how the answers go together.
    tests: Vec<Test>,
    tree: Node,
}

/// Something asked of a field.
#[derive(Clone, Debug)]
struct Test {
    /// The names of the field: several for a pseudo-field.
    names: Vec<&'static str>,
    condition: Condition,
}

#[derive(Clone, Debug)]
enum Condition {
    Present,
    Compare(Comparison, Literal),
    /// Values and ranges, both ends among them.
    In(Vec<(Literal, Option<Literal>)>),
    Contains(Vec<u8>),
    Matches(Box<regex::bytes::Regex>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equal,
    /// All values differ.
    Unequal,
    /// One value differs.
    AnyUnequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How answers go together. A list stands for nested pairs, so that a long filter is not a deep one.
#[derive(Clone, Debug)]
enum Node {
    Test(usize),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

/// The reason why a text is not a display filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}, at column {column} of the filter{hint}")]
pub struct FilterError {
    what: String,
    /// In characters, from 1.
    column: usize,
    /// What to do about it, with a separator before it.
    hint: String,
}

impl FilterError {
    fn new(what: impl Into<String>, column: usize) -> Self {
        Self { what: what.into(), column, hint: String::new() }
    }

    fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

impl core::str::FromStr for DisplayFilter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        parser::parse(text)
    }
}

#[cfg(test)]
mod tests;
