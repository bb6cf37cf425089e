//! Replay and lifetime updates: what [`Checkpoint`](crate::checkpoint::Checkpoint) says is due.

use super::ReplayUpdate;
use super::declaration::record;

record! {
    /// How far SAs have got: one update or more, as one message.
    ///
    /// Cisco's `send_update_struct` sends both directions at once: `Outbound - New KB 0, New replay 0 Inbound - New KB
    /// 3998772, New replay 1000`. Here a direction that has nothing new has no update.
    #[non_exhaustive]
    pub struct ReplayUpdates<'a>: new {
        /// One per SA.
        updates: one_or_more ReplayUpdate = REPLAY_UPDATE,
    }
}
