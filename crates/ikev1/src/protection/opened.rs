//! A message that was opened.

use core::fmt;

use isakmp::Message;

/// A message that was decrypted and whose HASH is right.
///
/// The message can be sealed again as it is, because its HASH and its padding are derived. `Debug` shows nothing of
/// the payloads, because such messages may carry passwords.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened<'a> {
    /// The message with its decrypted payloads, including its HASH. Offsets count from the start of the message.
    /// [`Message::in_context`] gives the numbers of NAT traversal their meaning.
    pub message: Message<'a>,
    /// The octets after the last payload: padding for the cipher (RFC 2409 appendix B), which no HASH covers.
    pub padding: &'a [u8],
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.message.header;
        write!(
            formatter,
            "Opened({}, message id {:#010x}, {} payloads)",
            header.exchange_type,
            header.message_id,
            self.message.payloads().len()
        )
    }
}
