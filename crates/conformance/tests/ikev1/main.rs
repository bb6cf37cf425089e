//! Computes the keys of real negotiations again: every value of every key log, every encrypted message, every HASH.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

mod acvp;
mod clear;
mod endpoint;
mod key_log;
mod known_key;
mod opened;
mod sent;
mod values;

use std::collections::BTreeMap;

/// The number of values that were compared, by kind.
type Counts = BTreeMap<&'static str, usize>;

fn count(counts: &mut Counts, kind: &'static str) {
    *counts.entry(kind).or_default() += 1;
}
