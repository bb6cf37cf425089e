//! The state that is kept from frame to frame. Each part has one owner, and all parts are bounded: the oldest entry is
//! removed first.

use crate::conversation::Conversations;
use crate::echo::Echoes;
use crate::fragment::Fragments;
use crate::ike_sa::IkeSas;
use crate::known_sas::KnownSas;
use crate::options::Options;
use crate::plaintext::Plaintext;
use crate::sent_tsns::SentTsns;
use crate::tables::{Table, Tables};
use crate::tcp_stream::Streams;
use crate::user_message::UserMessages;

/// The state of a dissector.
pub(crate) struct State {
    pub(crate) options: Options,
    /// The tables of dissectors.
    pub(crate) tables: Tables,
    /// The fragments of IP datagrams, for `ip`.
    pub(crate) fragments: Fragments,
    /// The numbering of ISAKMP payloads in each negotiation, and fragments of ISAKMP messages, for `isakmp_message`.
    pub(crate) isakmp: Conversations,
    /// The ISAKMP SAs and their keys, for `isakmp_message`.
    pub(crate) ike_sas: IkeSas,
    /// The IPsec SAs, their keys and their sequence numbers, for `esp_packet` and `ah_packet`. Negotiations add to
    /// them.
    pub(crate) known_sas: KnownSas,
    /// The echo requests of ICMP and `ICMPv6`, for `icmp` and `icmpv6`.
    pub(crate) echoes: Echoes,
    /// The fragments of SCTP user messages, for `sctp_packet`.
    pub(crate) user_messages: UserMessages,
    /// The TSNs that were seen, for `sctp_packet`.
    pub(crate) sent_tsns: SentTsns,
    /// The messages in TCP that are not whole yet, for `tcp_encapsulation`.
    pub(crate) streams: Streams,
    /// The buffer for what stands before the summary of a packet in a tunnel.
    pub(crate) lead: String,
    /// The buffer in which messages are encoded again, for `rebuild`.
    pub(crate) scratch: Plaintext,
    /// The buffers in which packets are decrypted. There are as many as were ever nested.
    pub(crate) decrypted: Vec<Plaintext>,
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        let mut tables = Tables::default();
        for rule in &options.decode_as {
            tables.insert(rule.table, rule.key, rule.handler);
        }
        let limit = options.conversation_limit;
        Self {
            tables,
            fragments: Fragments::new(options.datagram_limit),
            isakmp: Conversations::new(limit, options.datagram_limit),
            ike_sas: IkeSas::new(limit, &options.keys, options.follow_isakmp, options.keep_key_material),
            known_sas: KnownSas::new(limit, &options.keys.associations),
            echoes: Echoes::new(),
            user_messages: UserMessages::new(options.user_message_limit),
            sent_tsns: SentTsns::new(limit),
            streams: Streams::new(options.datagram_limit),
            lead: String::new(),
            scratch: Plaintext::default(),
            decrypted: Vec::new(),
            options,
        }
    }

    /// Whether a rule of the user names the dissector for `key` in `table`.
    pub(crate) fn is_users(&self, table: Table, key: u32) -> bool {
        self.options.decode_as.iter().any(|rule| rule.table == table && rule.key == key)
    }
}
