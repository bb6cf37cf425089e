//! Any octets are read as a capture to an end or to one error, whole, in pieces, and cut. The frames that are read can
//! be written and read again.
#![no_main]

use capture::properties::{
    a_cut_leaves_what_is_before_it, pieces_make_no_difference, reading_is_total, what_is_written_is_read_back,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    // The whole input is the capture, so that real captures are seeds. Its last octet says how it arrives.
    let last = octets.last().copied().map_or(0, usize::from);
    reading_is_total(octets);
    pieces_make_no_difference(octets, last);
    a_cut_leaves_what_is_before_it(octets, octets.len() * last / 256);
    what_is_written_is_read_back(octets);
});
