//! How messages go over SCTP: ports, streams, payload protocol identifier. Plain numbers: this crate knows no SCTP.
//!
//! One message is one user message of SCTP, whose boundaries SCTP keeps. A message that is larger than a DATA chunk is
//! cut by SCTP's own fragments, with the B and E flags and one stream sequence number (RFC 9260 section 6.9):
//! [`segments`] is that cut, for senders that write chunks themselves. The greatest message has
//! [`Message::MAX_LEN`](crate::Message::MAX_LEN) octets; a bundle that does not fit is refused when it is emitted.

use core::num::NonZeroUsize;

use crate::MessageType;

/// The port of both ends that Cisco's examples configure (`local-port 5000`, `remote-port 5000`). IANA has given none.
pub const PORT: u16 = 5000;

/// The payload protocol identifier of the profile: the letters `vpHA`. It is not registered with IANA; what Cisco uses
/// is not published.
pub const PAYLOAD_PROTOCOL_IDENTIFIER: u32 = 0x7670_4841;

wire::registry! {
    /// The streams of an association. Messages of one stream arrive in order.
    pub struct Stream(u16) {
        /// Redundancy state, keepalives, acknowledgements, requests: never behind a bulk sync.
        CONTROL = 0 => "control",
        /// Whatever comes, changes or goes, and what brackets a bulk sync: order matters.
        RECORDS = 1 => "records",
        /// Replay updates: sent unordered, for the highest number counts whichever comes last.
        UPDATES = 2 => "updates",
    }
}

impl Stream {
    /// How many streams an endpoint asks for in its INIT.
    pub const COUNT: u16 = 3;
}

/// The stream of messages of this type.
#[must_use]
pub const fn stream(message_type: MessageType) -> Stream {
    match message_type {
        MessageType::REDUNDANCY_STATE
        | MessageType::KEEPALIVE
        | MessageType::ACKNOWLEDGEMENT
        | MessageType::BULK_SYNC_REQUEST => Stream::CONTROL,
        MessageType::REPLAY_UPDATE => Stream::UPDATES,
        _ => Stream::RECORDS,
    }
}

/// Whether messages of this type are sent with the U flag.
#[must_use]
pub const fn is_unordered(message_type: MessageType) -> bool {
    matches!(message_type, MessageType::REPLAY_UPDATE)
}

/// A piece of a message: the user data of one DATA chunk. It is as SCTP has it: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment<'a> {
    /// The B flag: it is the first.
    pub beginning: bool,
    /// The E flag: it is the last.
    pub ending: bool,
    /// Its octets.
    pub octets: &'a [u8],
}

/// Cuts a message into pieces of at most `max` octets. A message has octets, those of its header at least.
#[must_use]
pub const fn segments(message: &[u8], max: NonZeroUsize) -> Segments<'_> {
    Segments { left: message, max, beginning: true }
}

/// The pieces of a message, front to back.
#[derive(Clone, Debug)]
pub struct Segments<'a> {
    left: &'a [u8],
    max: NonZeroUsize,
    beginning: bool,
}

impl<'a> Iterator for Segments<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        let (octets, rest) = self.left.split_at_checked(self.max.get().min(self.left.len()))?;
        if octets.is_empty() {
            return None;
        }
        self.left = rest;
        Some(Segment { beginning: core::mem::take(&mut self.beginning), ending: rest.is_empty(), octets })
    }
}

impl core::iter::FusedIterator for Segments<'_> {}
