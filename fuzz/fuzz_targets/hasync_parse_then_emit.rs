#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    hasync::properties::parse_then_emit(octets);
    hasync::properties::parse_then_emit(&hasync::properties::with_header(octets));
});
