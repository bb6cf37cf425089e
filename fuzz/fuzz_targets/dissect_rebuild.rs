//! Every message in any frames that can be decoded is encoded to the same octets, except for derived values that were
//! wrong.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    vpnwire_dissect::properties::rebuilt_is_never_different(octets);
});
