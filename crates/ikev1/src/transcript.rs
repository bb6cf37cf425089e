//! What the messages of a negotiation have said so far: the same for an endpoint and for an observer who only listens.
//!
//! Keys, HASHes and initialization vectors of one message depend on messages before it. What has to be remembered for that
//! stands here, and no more of it:
//!
//! * [`IvChain`] is the chain of initialization vectors of one exchange (RFC 2409 appendix B), as an endpoint keeps it.
//! * [`Phase1`] keeps what SKEYID, `HASH_I` and `HASH_R` are computed from (feature `alloc`).
//! * [`QuickMode`] keeps what HASH(2), HASH(3) and KEYMAT are computed from, and tells the [`Child`] SAs that it makes
//!   (feature `alloc`).
//! * [`FragmentedMessage`] puts Cisco's fragments together (feature `alloc`).
//! * [`observer`] follows vectors where messages may be missing, repeated or not understood (feature `alloc`).
//!
//! Messages are taken in as they were read, because a HASH covers the octets of a body: an endpoint reads its own messages
//! too, after it has written them. What is remembered of one exchange has a limit, whatever its messages say. An endpoint takes messages in with methods that refuse what
//! contradicts an earlier message; an observer, who cannot tell a forged message from a true one, has methods of its own
//! that say so.

#[cfg(feature = "alloc")]
mod child;
#[cfg(feature = "alloc")]
mod fragmented_message;
mod incomplete_exchange;
mod iv_chain;
#[cfg(feature = "alloc")]
pub mod observer;
#[cfg(feature = "alloc")]
mod phase_1;
#[cfg(feature = "alloc")]
mod quick_mode;
#[cfg(feature = "alloc")]
mod refusal;
#[cfg(feature = "alloc")]
mod side;

#[cfg(feature = "alloc")]
pub use child::{Child, ChildError, Children, ChildrenError};
#[cfg(feature = "alloc")]
pub use fragmented_message::FragmentedMessage;
pub use incomplete_exchange::IncompleteExchange;
pub use iv_chain::{ExchangeError, IvChain};
#[cfg(feature = "alloc")]
pub use phase_1::{Phase1, Phase1HashError};
#[cfg(feature = "alloc")]
pub use quick_mode::QuickMode;
#[cfg(feature = "alloc")]
pub use refusal::Refusal;
#[cfg(feature = "alloc")]
pub use side::Side;

/// The body of the first payload of a type, in payloads that were read.
#[cfg(feature = "alloc")]
fn body<'a>(payloads: &isakmp::Payloads<'a>, payload_type: isakmp::PayloadType) -> Option<&'a [u8]> {
    payloads.elements().find(|element| element.header.payload_type == payload_type).map(|found| found.value)
}
