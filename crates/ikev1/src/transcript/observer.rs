//! What a passive observer remembers of vectors. It sees messages in any order, again, forged ones among them, and some not at
//! all, so that it has to try several vectors where an endpoint's [`IvChain`](super::IvChain) knows the one.
//!
//! What is remembered of one ISAKMP SA is bounded: messages that nobody could read are counted apart, and noise under the
//! cookies of others pushes nothing out that was read.

mod exchanges;
mod latest;
mod vectors;

pub use exchanges::Exchanges;
pub use vectors::{Candidate, Vectors};
