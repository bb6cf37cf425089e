#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    hasync::properties::emit_then_parse(octets);
    hasync::properties::emit_then_parse(&hasync::properties::with_header(octets));
});
