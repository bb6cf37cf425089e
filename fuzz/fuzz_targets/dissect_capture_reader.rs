//! Any octets as a capture: read to an end or one error, whole, in pieces, and cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vpnwire_dissect::capture::properties::{
    a_cut_leaves_what_is_before_it, pieces_make_no_difference, reading_is_total,
};

fuzz_target!(|input: (u16, u8, &[u8])| {
    let (cut, piece_len, octets) = input;
    reading_is_total(octets);
    pieces_make_no_difference(octets, usize::from(piece_len));
    a_cut_leaves_what_is_before_it(octets, usize::from(cut));
});
