//! The echo requests that were seen, so that the line of a reply names the frame of its request: RFC 792 and RFC 4443.

use std::net::IpAddr;

use crate::bounded::Bounded;
use crate::packet::Around;

/// The largest number of requests that are remembered.
const CAPACITY: usize = 1024;

/// What a request and its reply have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Echo {
    asker: IpAddr,
    asked: IpAddr,
    identifier: u16,
    number: u16,
}

/// An echo request, or the reply to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Reply,
}

/// The frames of the requests. There is a bounded number, and the oldest is removed first.
pub(crate) struct Echoes {
    frames: Bounded<Echo, u64>,
}

impl Echoes {
    pub(crate) fn new() -> Self {
        Self { frames: Bounded::new(CAPACITY) }
    }

    /// Remembers a request. Returns the frame of the request that a reply answers, if it was seen. A message that is
    /// quoted, or that its receiver drops, is neither.
    pub(crate) fn see(
        &mut self,
        around: &Around,
        kind: Kind,
        (identifier, number): (u16, u16),
        frame: u64,
    ) -> Option<u64> {
        let (source, destination) = around.network.filter(|_| around.is_live())?;
        match kind {
            Kind::Request => {
                let echo = Echo { asker: source, asked: destination, identifier, number };
                *self.frames.entry_or_insert_with(echo, || frame) = frame;
                None
            }
            Kind::Reply => {
                let echo = Echo { asker: destination, asked: source, identifier, number };
                self.frames.entry(&echo).copied()
            }
        }
    }
}
