//! Any security association is looked at by policies without harm, and what is chosen is what its policy takes.
#![no_main]

use ikev1::properties::choose_is_total;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| choose_is_total(octets));
