#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    sctp::properties::chain_offsets_are_true(octets);
});
