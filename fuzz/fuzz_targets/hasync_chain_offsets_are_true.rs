#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    hasync::properties::chain_offsets_are_true(octets);
    hasync::properties::chain_offsets_are_true(&hasync::properties::with_header(octets));
});
