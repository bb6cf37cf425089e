//! Bulk synchronisation: a standby that has nothing asks for all there is.

use super::BulkCounts;
use super::declaration::record;

record! {
    /// The standby asks for all there is of the group that the message's id names: Cisco's `Bulk sync request from
    /// standby for local addr 4.0.0.3`.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct BulkSyncRequest: default {
        /// The stamp that the standby still has from before, where it has one.
        stamp: optional [u8; 16] = STAMP,
    }
}

record! {
    /// The begin of a bulk sync, with what is to come, or its end, with what has come: when the standby has counted as
    /// much, it is hot.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct BulkSync: new {
        /// How many records.
        counts: required BulkCounts = BULK_COUNTS,
    }
}
