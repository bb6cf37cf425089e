#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    sctp::properties::parse_then_emit(octets);
    sctp::properties::parse_then_emit(&sctp::properties::with_checksum(octets));
});
