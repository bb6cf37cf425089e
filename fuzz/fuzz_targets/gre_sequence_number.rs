//! Changing a sequence number in place changes only the number and the checksum.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u32, &[u8])| gre::properties::sequence_number_changes_alone(input.1, input.0));
