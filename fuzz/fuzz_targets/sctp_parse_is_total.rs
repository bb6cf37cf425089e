#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    sctp::properties::parse_is_total(octets);
});
