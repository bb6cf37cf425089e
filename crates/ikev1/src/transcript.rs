//! Transcripts: what the messages of a negotiation have said so far. They serve both an endpoint and an observer who
//! only listens.
//!
//! Keys, HASHes and initialization vectors of a message depend on earlier messages. A transcript keeps what is needed
//! for them and nothing else:
//!
//! * [`IvChain`] is the chain of initialization vectors of one exchange (RFC 2409 appendix B), for an endpoint.
//! * [`Phase1`] keeps the values that SKEYID, `HASH_I` and `HASH_R` are computed from (feature `alloc`).
//! * [`QuickMode`] keeps the values that HASH(2), HASH(3) and KEYMAT are computed from. It lists the [`Child`] SAs
//!   that it makes (feature `alloc`).
//! * [`FragmentedMessage`] puts Cisco's fragments together (feature `alloc`).
//! * [`observer`] follows vectors when messages may be missing, repeated or not understood (feature `alloc`).
//!
//! A transcript takes messages that were read, because a HASH covers the octets of a body. An endpoint therefore also
//! reads its own messages after it has written them. The size of a transcript has a limit, whatever the messages say.
//! The methods for an endpoint refuse messages that contradict an earlier one. An observer cannot tell a forged
//! message from a true one, so there are separate methods for an observer.

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

/// Returns the body of the first payload of a type, in payloads that were read.
#[cfg(feature = "alloc")]
fn body<'a>(payloads: &isakmp::Payloads<'a>, payload_type: isakmp::PayloadType) -> Option<&'a [u8]> {
    payloads.elements().find(|element| element.header.payload_type == payload_type).map(|found| found.value)
}
