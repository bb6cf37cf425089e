#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::as_conversions,
        clippy::panic,
        reason = "a test may panic: that is how it fails"
    )
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod backoff;
mod bucket;
mod engine;
mod instant;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod table;
mod timers;

pub use backoff::{Backoff, Jitter, Schedule, Waits};
pub use bucket::{Rate, TokenBucket};
pub use engine::{Engine, Output};
pub use instant::Instant;
pub use table::{Full, Iter, NoMemory, Table};
pub use timers::Timers;
