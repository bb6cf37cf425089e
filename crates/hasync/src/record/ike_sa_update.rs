//! Changes in an IKE SA, and its deletion.

use super::declaration::record;
use super::{DeadPeer, Exchange, Lifetime, MessageId};
use crate::attribute::data::number;

wire::registry! {
    /// The reason why an SA was deleted.
    pub struct Reason(u16) {
        /// The operator cleared the SA.
        CLEARED = 0 => "cleared",
        /// The peer deleted the SA.
        DELETED_BY_PEER = 1 => "deleted by peer",
        /// The lifetime of the SA is over.
        EXPIRED = 2 => "expired",
        /// The peer is dead.
        PEER_DEAD = 3 => "peer dead",
        /// Another SA has replaced this one.
        REKEYED = 4 => "rekeyed",
        /// The sequence numbers of the SA are used up.
        EXHAUSTED = 5 => "sequence numbers used up",
    }
}

number!(Reason(u16));

record! {
    /// The changes in an IKE SA since it was added. A field that is absent has not changed.
    #[non_exhaustive]
    pub struct IkeSaUpdate<'a>: new {
        /// The sender's own cookie of the SA.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie of the SA.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The peer's port, which may change behind a NAT.
        peer_port: optional u16 = PEER_PORT,
        /// The state mask.
        state_mask: optional u32 = STATE_MASK,
        /// The lifetime and the remaining part of it.
        lifetime: optional Lifetime = LIFETIME,
        /// The sequence numbers of dead peer detection.
        dead_peer: optional DeadPeer = DEAD_PEER,
        /// The message IDs that have been used since.
        message_ids: zero_or_more MessageId = MESSAGE_ID,
        /// All exchanges in progress, if any of them has changed. They replace those that were known before.
        exchanges: zero_or_more Exchange<'a> = EXCHANGE,
    }
}

record! {
    /// The deletion of an IKE SA.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct IkeSaDelete: new {
        /// The sender's own cookie of the SA.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie of the SA.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The reason for the deletion.
        reason: required Reason = REASON,
    }
}
