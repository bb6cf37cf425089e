#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::unwrap_used,
        clippy::as_conversions,
        clippy::panic,
        reason = "a test may panic: that is how it fails"
    )
)]

mod capture;
mod clock;
mod error;
mod frame;
mod input;
mod order;
mod pcap;
mod pcapng;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
#[cfg(test)]
mod tests;
mod writer;

pub use capture::{Capture, Format, MAX_INTERFACE_COUNT, MAX_RECORD_LEN};
pub use error::{CaptureError, Damage};
pub use frame::{Frame, LinkType, Timestamp};
pub use pcapng::BlockType;
pub use writer::{WriteError, Writer};
