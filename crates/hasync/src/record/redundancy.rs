//! The redundancy state of the pair, and keepalives.

use super::RedundancyState;
use super::declaration::record;

record! {
    /// The redundancy state and the timers of the sender.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct Redundancy: new {
        /// The values that `show redundancy states` prints.
        state: required RedundancyState = REDUNDANCY_STATE,
    }
}

record! {
    /// A keepalive, which shows that the sender is alive.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct Keepalive: new {
        /// The number of this keepalive. The sender counts them, and the number wraps around.
        count: required u32 = KEEPALIVE,
    }
}
