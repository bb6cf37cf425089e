//! One wrapper for each public function of the codecs, for `cargo xtask panic-free`.
//!
//! A wrapper takes its values as arguments, so that the compiler does not know them, and returns its results, so that
//! no code is removed as unused. It begins with `covers!` and the paths of the functions that it calls.

use std::hint::black_box;

/// Says which functions a wrapper covers. The text makes every wrapper different, so that two wrappers that do the
/// same are not merged into one symbol.
macro_rules! covers {
    ($($path:path),+ $(,)?) => {
        std::hint::black_box(concat!(module_path!(), ":", line!()));
    };
}

mod crypto;
mod gre;
mod hasync;
mod hsrp;
mod ikev1;
mod ikev1_keymat;
mod ikev1_proposal;
mod ikev1_transcript;
mod ipsec;
mod ipsec_ah;
mod ipsec_ip;
mod isakmp;
mod isakmp_bodies;
mod isakmp_framing;
mod isakmp_names;
mod isakmp_notices;
mod isakmp_octets;
mod isakmp_payload;
mod nhrp;
mod nhrp_address;
mod nhrp_extension;
mod planted;
mod sansio;
mod sctp;
mod wire;
mod wire_chain;
mod wire_framing;
mod wire_list;

include!(concat!(env!("OUT_DIR"), "/keep.rs"));

fn main() {
    keep();
}
