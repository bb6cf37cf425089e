//! The sinks that come with the dissector: a line a packet, the whole tree, JSON, chosen fields; a filter, and a collector of
//! decrypted packets, before any of them.
//!
//! Each collects text in a buffer that its owner writes out and clears; none of them does I/O.

mod columns;
mod decrypted;
mod filter;
pub(crate) mod frame_fields;
mod json;
mod line;
pub(crate) mod passing;
mod roundtrip;
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

/// A sink that collects output.
pub trait Output: Sink {
    /// What was collected since it was last cleared: whole frames only.
    fn output(&mut self) -> &mut Vec<u8>;
}
