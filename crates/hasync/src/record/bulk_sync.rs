//! Bulk synchronization: a standby without records asks for all of them.

use super::BulkCounts;
use super::declaration::record;

record! {
    /// A request of the standby for all records of the group, which the message's ID names. Cisco prints `Bulk sync
    /// request from standby for local addr 4.0.0.3`.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct BulkSyncRequest: default {
        /// The stamp that the standby still has from an earlier synchronization. `None` when it has no stamp.
        stamp: optional [u8; 16] = STAMP,
    }
}

record! {
    /// The begin or the end of a bulk sync. The begin says how many records follow, and the end says how many were
    /// sent. A standby that has counted as many is hot.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct BulkSync: new {
        /// The numbers of records.
        counts: required BulkCounts = BULK_COUNTS,
    }
}
