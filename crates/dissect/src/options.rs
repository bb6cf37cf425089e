//! The options of a dissector.

use crate::NhrpAuthentication;
use crate::tables::DecodeAs;
use keys::Keys;

/// The options of a dissector: what it does, and its limits.
///
/// Make one with `Options::default()` and change its fields, because the struct may get more fields.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The `--decode-as` rules. They take precedence over the built-in tables.
    pub decode_as: Vec<DecodeAs>,
    /// The keys for verifying and decrypting packets.
    pub keys: Keys,
    /// The largest number of protocols that may be nested in a frame. The default is 32.
    pub nesting_limit: usize,
    /// The largest number of octets of output for one frame, roughly, for fields, faults, departures, debug lines and
    /// octets together. The rest of the frame is not reported, and a fault says so. The default is 16 MiB.
    pub frame_budget: usize,
    /// The largest number of fragmented datagrams that are collected at once. Each holds at most 65,535 octets. The
    /// default is 256.
    pub datagram_limit: usize,
    /// The largest number of octets of fragmented SCTP user messages that are collected at once, all together. Each
    /// fragment counts its octets and 320 more for what is stored with it. The default is 16 MiB.
    pub user_message_limit: usize,
    /// The largest number of conversations of each protocol that are remembered at once. The default is 4096.
    pub conversation_limit: usize,
    /// Whether ISAKMP SAs are followed even if no key of one is given. A caller that lists them sets it.
    pub follow_isakmp: bool,
    /// Whether the keys of ESP and AH SAs that are derived from ISAKMP SAs are kept as octets. A caller that writes
    /// them to a file sets it.
    pub keep_key_material: bool,
    /// Whether ESP packets for which there are no keys are looked into when they are probably in the clear, which is a
    /// guess: NULL encryption (RFC 2410) is told by nothing in a packet. The default is `true`.
    pub guess_null_encryption: bool,
    /// The form of NHRP's authentication extension, which the packet does not tell. By default it is guessed.
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
            guess_null_encryption: true,
            nhrp_authentication: NhrpAuthentication::Auto,
        }
    }
}
