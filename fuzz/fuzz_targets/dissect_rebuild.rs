//! Every message of any frames that decodes is encoded to the same octets, but for derived values that were wrong.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    vpnwire_dissect::properties::rebuilt_is_never_different(octets);
});
