//! Key files of any octets are read or refused, and have the same meaning after they are written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    keys::properties::key_files_come_back(octets);
});
