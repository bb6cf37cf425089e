//! GCM and CCM open what they sealed and nothing that was changed.
#![no_main]

use crypto::properties::aead_opens_what_it_sealed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| aead_opens_what_it_sealed(octets));
