//! The ISAKMP SAs: which messages have their cookies.

use super::table::Table;
use super::tally::Tally;
use crate::record::{Isakmp, Record};
use crate::sink::Address;

/// An ISAKMP SA: the messages with its cookies.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IsakmpSa {
    /// Cookie of the initiator, or its SPI in IKEv2.
    pub initiator_cookie: [u8; 8],
    /// Cookie of the responder; `None` when it did not answer.
    pub responder_cookie: Option<[u8; 8]>,
    /// Version of its first message: the major version in the upper four bits, the minor version in the lower.
    pub version: u8,
    /// The sender of its first message that was captured.
    pub source: Option<Address>,
    /// The receiver of that message.
    pub destination: Option<Address>,
    /// The messages. A message in fragments has one for each fragment.
    pub messages: Tally,
    /// How many of the messages are encrypted.
    pub encrypted: u64,
}

type Cookies = ([u8; 8], Option<[u8; 8]>);

#[derive(Debug)]
pub(super) struct IsakmpSas {
    sas: Table<Cookies, IsakmpSa>,
    // The cookies of the first answer to each initiator that was seen without an answer.
    answered: Table<[u8; 8], Cookies>,
    others: Tally,
}

impl IsakmpSas {
    pub(super) fn new(limit: usize) -> Self {
        Self { sas: Table::new(limit), answered: Table::new(limit), others: Tally::default() }
    }

    pub(super) fn count(&mut self, record: &Record, message: &Isakmp, frame: Tally) {
        let (Some(initiator), Some(responder)) = (message.initiator_cookie, message.responder_cookie) else {
            return;
        };
        let cookies = self.cookies(initiator, Some(responder).filter(|cookie| *cookie != [0; 8]));
        let made = || IsakmpSa {
            initiator_cookie: cookies.0,
            responder_cookie: cookies.1,
            version: message.version.unwrap_or_default(),
            source: record.source,
            destination: record.destination,
            messages: Tally::default(),
            encrypted: 0,
        };
        let Some(sa) = self.sas.of(cookies, made) else { return self.others.add(frame) };
        sa.messages.add(frame);
        sa.encrypted = sa.encrypted.saturating_add(u64::from(message.is_encrypted == Some(true)));
    }

    /// Returns the cookies of the SA that a message belongs to. The first message has no cookie of the responder, so it
    /// belongs to the SA of the first answer.
    fn cookies(&mut self, initiator: [u8; 8], responder: Option<[u8; 8]>) -> Cookies {
        let (open, whole) = ((initiator, None), (initiator, responder));
        if responder.is_none() {
            return self.answered.known(&initiator).copied().unwrap_or(open);
        }
        if self.sas.known(&whole).is_none()
            && let Some(sa) = self.sas.known(&open)
        {
            sa.responder_cookie = responder;
            self.sas.rename(&open, whole);
            self.answered.of(initiator, || whole);
        }
        whole
    }

    pub(super) fn list(&self) -> Vec<IsakmpSa> {
        self.sas.values().to_vec()
    }

    pub(super) const fn others(&self) -> Tally {
        self.others
    }
}
