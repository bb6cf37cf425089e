//! What a dissector is told to do.

use crate::NhrpAuthentication;
use crate::tables::DecodeAs;
use keys::Keys;

/// What a dissector does and how far it goes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// `--decode-as` rules, which go before the built-in tables.
    pub decode_as: Vec<DecodeAs>,
    /// Keys to verify and decrypt with.
    pub keys: Keys,
    /// How many protocols may nest in a frame.
    pub nesting_limit: usize,
    /// How many octets of output a frame may cost, roughly and all together: fields, faults, departures, debug lines, octets.
    /// What is beyond is not told, and a fault says so.
    pub frame_budget: usize,
    /// How many fragmented datagrams are collected at once; each holds 65,535 octets at the most.
    pub datagram_limit: usize,
    /// How many octets of fragmented SCTP user messages are collected at once, all together; each fragment counts 320
    /// octets more than it has, for what is kept beside it.
    pub user_message_limit: usize,
    /// How many conversations of each protocol are remembered at once.
    pub conversation_limit: usize,
    /// Whether ISAKMP SAs are followed though no key of one is given: for a caller that lists them.
    pub follow_isakmp: bool,
    /// Whether the keys of children that are made from those of ISAKMP SAs are kept as octets: for a caller that writes them
    /// down.
    pub keep_key_material: bool,
    /// Which form NHRP's authentication extension has, which the wire does not say. A guess by default.
    pub nhrp_authentication: NhrpAuthentication,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            decode_as: Vec::new(),
            keys: Keys::default(),
            nesting_limit: 32,
            frame_budget: 16 << 20,
            datagram_limit: 256,
            user_message_limit: 16 << 20,
            conversation_limit: 4096,
            follow_isakmp: false,
            keep_key_material: false,
            nhrp_authentication: NhrpAuthentication::Auto,
        }
    }
}
