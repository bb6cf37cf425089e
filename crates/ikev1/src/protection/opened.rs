//! A message that was opened.

use core::fmt;

use isakmp::Message;

/// A message that was decrypted and whose HASH is right.
///
/// The message can be sealed again as it is: its HASH and its padding are derived. `Debug` shows nothing of the payloads:
/// passwords travel in such messages.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opened<'a> {
    /// The message with its payloads decrypted, its HASH among them. Offsets count from the start of the message.
    /// [`Message::in_context`] tells how the numbers of NAT traversal are meant.
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
