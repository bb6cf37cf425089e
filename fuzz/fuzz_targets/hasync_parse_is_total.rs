#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    hasync::properties::parse_is_total(octets);
    hasync::properties::parse_is_total(&hasync::properties::with_header(octets));
});
