//! Tests of the chain engine, reading and writing, over four families with different framings.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

mod chain;
mod eager;
mod flagged;
mod nested;
mod next_type;
mod padded;
mod raw;
mod round_trip;
mod stuck;
mod type_length;
