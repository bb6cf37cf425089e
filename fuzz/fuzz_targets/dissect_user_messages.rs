//! Fragments of SCTP user messages in any order are reassembled to the messages, and to nothing else.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    vpnwire_dissect::properties::user_messages_come_out_whole(octets);
});
