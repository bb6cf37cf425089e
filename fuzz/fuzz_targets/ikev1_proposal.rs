//! Policies can examine any security association without panic, and the chosen proposal is one that its policy
//! accepts.
#![no_main]

use ikev1::properties::choose_is_total;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| choose_is_total(octets));
