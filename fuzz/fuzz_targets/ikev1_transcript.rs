//! Any payloads are added to transcripts, or refused with nothing changed.
#![no_main]

use ikev1::properties::transcript_is_total;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &[u8], &[u8])| transcript_is_total(input.0, input.1, input.2));
