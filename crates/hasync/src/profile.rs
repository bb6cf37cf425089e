//! The transport of HA messages over SCTP: port, streams and payload protocol identifier. These are plain numbers,
//! because this crate does not depend on SCTP.
//!
//! One message is one user message of SCTP, and SCTP keeps its boundaries. SCTP fragments a message that is larger than
//! a DATA chunk, with the B and E flags and one stream sequence number (RFC 9260 section 6.9). [`segments`] does this
//! fragmentation for senders that write chunks themselves. A message has at most
//! [`Message::MAX_LEN`](crate::Message::MAX_LEN) octets; emitting a larger bundle is an error.

use core::num::NonZeroUsize;

use crate::MessageType;

/// The port of both ends in Cisco's configuration examples (`local-port 5000`, `remote-port 5000`). IANA has assigned
/// no port.
pub const PORT: u16 = 5000;

/// The payload protocol identifier of the profile: the letters `vpHA`. It is not registered with IANA. Cisco's
/// identifier is not published.
pub const PAYLOAD_PROTOCOL_IDENTIFIER: u32 = 0x7670_4841;

wire::registry! {
    /// The streams of an association. Messages of one stream arrive in order.
    pub struct Stream(u16) {
        /// Carries redundancy state, keepalives, acknowledgements and requests. They never wait behind a bulk sync.
        CONTROL = 0 => "control",
        /// Carries additions, changes and deletions of records, and the begin and the end of a bulk sync. Their order
        /// matters.
        RECORDS = 1 => "records",
        /// Carries replay updates. They are sent unordered, because the highest number counts, whenever it arrives.
        UPDATES = 2 => "updates",
    }
}

impl Stream {
    /// The number of streams that an endpoint asks for in its INIT.
    pub const COUNT: u16 = 3;
}

/// The stream for messages of this type.
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

/// Whether messages of this type are sent with the U flag, which means unordered.
#[must_use]
pub const fn is_unordered(message_type: MessageType) -> bool {
    matches!(message_type, MessageType::REPLAY_UPDATE)
}

/// One fragment of a message, which becomes the user data of one DATA chunk.
///
/// The fields are those that SCTP needs, so the struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment<'a> {
    /// The B flag, which marks the first fragment.
    pub beginning: bool,
    /// The E flag, which marks the last fragment.
    pub ending: bool,
    /// The octets of the fragment.
    pub octets: &'a [u8],
}

/// Splits a message into fragments of at most `max` octets. The iterator is empty only when `message` is empty, which
/// no HA message is.
#[must_use]
pub const fn segments(message: &[u8], max: NonZeroUsize) -> Segments<'_> {
    Segments { left: message, max, beginning: true }
}

/// An iterator over the fragments of a message, in order, made by [`segments`].
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
