//! A filter as the conditions that it consists of.

use super::literal::Literal;

/// A filter, made from its text.
#[derive(Clone, Debug)]
pub struct DisplayFilter {
    // What is asked of single fields, and how the answers go together.
    pub(super) tests: Vec<Test>,
    pub(super) tree: Node,
}

/// Something asked of a field.
#[derive(Clone, Debug)]
pub(super) struct Test {
    /// The names of the field: several for a pseudo-field.
    pub(super) names: Vec<&'static str>,
    pub(super) condition: Condition,
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    Present,
    Compare(Comparison, Literal),
    /// A comparison with the values of another field of the frame, by its names.
    With(Comparison, Vec<&'static str>),
    /// Values and ranges, both ends among them.
    In(Vec<(Literal, Option<Literal>)>),
    Contains(Vec<u8>),
    Matches(Box<regex::bytes::Regex>),
}

impl Test {
    /// Whether the test asks for a field of this name, on either side.
    pub(super) fn asks_for(&self, name: &str) -> bool {
        self.all_names().any(|asked| asked == name)
    }

    /// The names of the fields on both sides.
    pub(super) fn all_names(&self) -> impl Iterator<Item = &'static str> {
        let others: &[&str] = match &self.condition {
            Condition::With(_, others) => others,
            _ => &[],
        };
        self.names.iter().chain(others).copied()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
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
pub(super) enum Node {
    Test(usize),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}
