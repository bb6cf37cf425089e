//! The built tool, run on captures that the tests write.

mod captures;
mod dissect;
mod failures;
mod manual;
mod roundtrip;
mod run;
