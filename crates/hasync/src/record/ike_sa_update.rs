//! What changes in an IKE SA, and its end.

use super::declaration::record;
use super::{DeadPeer, Exchange, Lifetime, MessageId};
use crate::attribute::data::number;

wire::registry! {
    /// Why an SA is gone.
    pub struct Reason(u16) {
        /// The operator cleared it.
        CLEARED = 0 => "cleared",
        /// The peer deleted it.
        DELETED_BY_PEER = 1 => "deleted by peer",
        /// Its lifetime is over.
        EXPIRED = 2 => "expired",
        /// The peer is dead.
        PEER_DEAD = 3 => "peer dead",
        /// Another has taken its place.
        REKEYED = 4 => "rekeyed",
        /// Its sequence numbers are used up.
        EXHAUSTED = 5 => "sequence numbers used up",
    }
}

number!(Reason(u16));

record! {
    /// What has changed in an IKE SA since it was added. Only what is there has changed.
    #[non_exhaustive]
    pub struct IkeSaUpdate<'a>: new {
        /// Own cookie of the SA.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The peer's port: behind a NAT it may move.
        peer_port: optional u16 = PEER_PORT,
        /// State mask.
        state_mask: optional u32 = STATE_MASK,
        /// What is left of its life.
        lifetime: optional Lifetime = LIFETIME,
        /// Where dead peer detection stands.
        dead_peer: optional DeadPeer = DEAD_PEER,
        /// Message ids that were taken since.
        message_ids: zero_or_more MessageId = MESSAGE_ID,
        /// All exchanges under way, in the place of those known before, when there is any change of them.
        exchanges: zero_or_more Exchange<'a> = EXCHANGE,
    }
}

record! {
    /// An IKE SA is gone.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct IkeSaDelete: new {
        /// Own cookie of the SA.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// Why.
        reason: required Reason = REASON,
    }
}
