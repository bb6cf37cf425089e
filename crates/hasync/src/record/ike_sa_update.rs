//! What changes in an IKE SA, and its end.

use wire::EmitError;

use super::ike_sa::MessageId;
use crate::attribute::{DeadPeer, Exchange, Lifetime};
use crate::item::{Sink, once, required};
use crate::{AttributeCode, Attributes, List, ParseError, Value};

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

/// What has changed in an IKE SA since it was added. Only what is there has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IkeSaUpdate<'a> {
    /// Own cookie of the SA.
    pub my_cookie: [u8; 8],
    /// The peer's cookie.
    pub his_cookie: [u8; 8],
    /// The peer's port: behind a NAT it may move.
    pub peer_port: Option<u16>,
    /// State mask.
    pub state_mask: Option<u32>,
    /// What is left of its life.
    pub lifetime: Option<Lifetime>,
    /// Where dead peer detection stands.
    pub dead_peer: Option<DeadPeer>,
    /// Message ids that were taken since.
    pub message_ids: List<'a, MessageId>,
    /// All exchanges under way, in the place of those known before, when there is any change of them.
    pub exchanges: List<'a, Exchange<'a>>,
}

impl<'a> IkeSaUpdate<'a> {
    pub(super) fn read(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        let (mut my_cookie, mut his_cookie) = (None, None);
        let (mut peer_port, mut state_mask, mut lifetime, mut dead_peer) = (None, None, None, None);
        for attribute in attributes {
            match Value::parse(&attribute)? {
                Value::MyCookie(cookie) => once(&mut my_cookie, cookie, &attribute)?,
                Value::HisCookie(cookie) => once(&mut his_cookie, cookie, &attribute)?,
                Value::PeerPort(port) => once(&mut peer_port, port, &attribute)?,
                Value::StateMask(mask) => once(&mut state_mask, mask, &attribute)?,
                Value::Lifetime(value) => once(&mut lifetime, value, &attribute)?,
                Value::DeadPeer(value) => once(&mut dead_peer, value, &attribute)?,
                _ => {}
            }
        }
        Ok(Self {
            my_cookie: required(my_cookie, AttributeCode::MY_COOKIE)?,
            his_cookie: required(his_cookie, AttributeCode::HIS_COOKIE)?,
            peer_port,
            state_mask,
            lifetime,
            dead_peer,
            message_ids: List::of(attributes)?,
            exchanges: List::of(attributes)?,
        })
    }

    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::MyCookie(self.my_cookie))?;
        sink.put(Value::HisCookie(self.his_cookie))?;
        let changes = [
            self.peer_port.map(Value::PeerPort),
            self.state_mask.map(Value::StateMask),
            self.lifetime.map(Value::Lifetime),
            self.dead_peer.map(Value::DeadPeer),
        ];
        changes.into_iter().flatten().try_for_each(|value| sink.put(value))?;
        self.message_ids.put(sink)?;
        self.exchanges.put(sink)
    }
}

/// An IKE SA is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct IkeSaDelete {
    /// Own cookie of the SA.
    pub my_cookie: [u8; 8],
    /// The peer's cookie.
    pub his_cookie: [u8; 8],
    /// Why.
    pub reason: Reason,
}

impl IkeSaDelete {
    pub(super) fn read(attributes: &Attributes<'_>) -> Result<Self, ParseError> {
        let (mut my_cookie, mut his_cookie, mut reason) = (None, None, None);
        for attribute in attributes {
            match Value::parse(&attribute)? {
                Value::MyCookie(cookie) => once(&mut my_cookie, cookie, &attribute)?,
                Value::HisCookie(cookie) => once(&mut his_cookie, cookie, &attribute)?,
                Value::Reason(code) => once(&mut reason, Reason(code), &attribute)?,
                _ => {}
            }
        }
        Ok(Self {
            my_cookie: required(my_cookie, AttributeCode::MY_COOKIE)?,
            his_cookie: required(his_cookie, AttributeCode::HIS_COOKIE)?,
            reason: required(reason, AttributeCode::REASON)?,
        })
    }

    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::MyCookie(self.my_cookie))?;
        sink.put(Value::HisCookie(self.his_cookie))?;
        sink.put(Value::Reason(self.reason.0))
    }
}
