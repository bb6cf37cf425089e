//! The built tool, run on captures that the tests write.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

mod ah;
mod captures;
mod cases;
mod decrypted;
mod dissect;
mod esp;
mod failures;
mod filter;
mod ha;
mod hostile;
mod keys;
mod live;
mod manual;
mod nhrp;
mod psk_check;
mod roundtrip;
mod run;
mod secrets;
mod stats;
