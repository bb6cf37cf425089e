//! The sinks that come with the dissector.
//!
//! [`Line`], [`Tree`], [`Json`], [`Columns`] and [`Roundtrip`] collect text in a buffer, which the caller writes out and clears;
//! see [`Output`]. No sink does I/O. [`Filter`], [`Decrypted`] and
//! [`Matching`](crate::display_filter::Matching) stand in front of another sink. [`statistics`] has a sink that counts.

pub(crate) mod by_place;
mod columns;
mod decrypted;
mod filter;
pub(crate) mod frame_fields;
mod json;
mod line;
pub(crate) mod passing;
mod remarks;
mod roundtrip;
pub mod statistics;
pub mod text;
mod tree;

pub use columns::{Columns, UnknownField};
pub use decrypted::Decrypted;
pub use filter::Filter;
pub use json::Json;
pub use line::Line;
pub use roundtrip::{Counts, Roundtrip};
pub use tree::Tree;

use crate::sink::Sink;

/// A sink that collects output as text.
pub trait Output: Sink {
    /// Returns the output that was collected since the buffer was last cleared. It consists of whole frames. Write it
    /// out and clear it after each frame, or after several.
    fn output(&mut self) -> &mut Vec<u8>;
}
