//! The initialization vectors that a passive observer keeps. It sees messages in any order, repeated, forged, and
//! some not at all. Therefore it must try several vectors, where an endpoint's [`IvChain`](super::IvChain) knows the
//! right one.
//!
//! The memory for one ISAKMP SA is bounded. Messages that could not be read are counted separately, so that noise
//! with an SA's cookies does not displace what was read.

mod exchanges;
mod latest;
mod vectors;

pub use exchanges::Exchanges;
pub use vectors::{Candidate, Vectors};
