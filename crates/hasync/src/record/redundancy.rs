//! State of the pair, and that it is alive.

use super::RedundancyState;
use super::declaration::record;

record! {
    /// State and timers of the sender.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct Redundancy: new {
        /// What `show redundancy states` prints.
        state: required RedundancyState = REDUNDANCY_STATE,
    }
}

record! {
    /// The sender is there.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct Keepalive: new {
        /// Counts the keepalives of the sender, around the circle.
        count: required u32 = KEEPALIVE,
    }
}
