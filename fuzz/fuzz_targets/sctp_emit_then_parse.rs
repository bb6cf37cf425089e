#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    sctp::properties::emit_then_parse(octets);
});
