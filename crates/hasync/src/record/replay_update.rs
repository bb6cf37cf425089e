//! Updates of replay numbers and lifetimes. [`Checkpoint`](crate::checkpoint::Checkpoint) decides when they are due.

use super::ReplayUpdate;
use super::declaration::record;

record! {
    /// The progress of SAs, with one or more updates in one message.
    ///
    /// Cisco's `send_update_struct` sends both directions at once: `Outbound - New KB 0, New replay 0 Inbound - New KB
    /// 3998772, New replay 1000`. Here, a direction without news has no update.
    #[non_exhaustive]
    pub struct ReplayUpdates<'a>: new {
        /// The updates, one for each SA.
        updates: one_or_more ReplayUpdate = REPLAY_UPDATE,
    }
}
