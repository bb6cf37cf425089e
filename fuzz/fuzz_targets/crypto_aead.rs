//! GCM and CCM open a packet that they sealed, and do not open a changed one.
#![no_main]

use crypto::properties::aead_opens_what_it_sealed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| aead_opens_what_it_sealed(octets));
