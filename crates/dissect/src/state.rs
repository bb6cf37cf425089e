//! What lives from frame to frame, each part with its one owner. All of it is bounded: the oldest goes first.

use crate::conversation::Conversations;
use crate::fragment::Fragments;
use crate::ike_sa::IkeSas;
use crate::known_sas::KnownSas;
use crate::options::Options;
use crate::plaintext::Plaintext;
use crate::tables::{Table, Tables};
use crate::user_message::UserMessages;

/// The state of a dissector.
pub(crate) struct State {
    pub(crate) options: Options,
    /// Which handler takes which octets.
    pub(crate) tables: Tables,
    /// Fragments of IP datagrams: `ip`.
    pub(crate) fragments: Fragments,
    /// What the numbers of ISAKMP messages mean, and fragments of those: `isakmp_message`.
    pub(crate) isakmp: Conversations,
    /// ISAKMP SAs and their keys: `isakmp_message`.
    pub(crate) ike_sas: IkeSas,
    /// IPsec SAs, their keys and their numbers: `esp_packet`, `ah_packet`; negotiations add to them.
    pub(crate) known_sas: KnownSas,
    /// Fragments of SCTP user messages: `sctp_packet`.
    pub(crate) user_messages: UserMessages,
    /// Where messages are encoded again: `rebuild`.
    pub(crate) scratch: Plaintext,
    /// Where packets are decrypted; as many as ever nested.
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
            user_messages: UserMessages::new(options.user_message_limit),
            scratch: Plaintext::default(),
            decrypted: Vec::new(),
            options,
        }
    }

    /// Whether it was the user who said what `key` of `table` is.
    pub(crate) fn is_users(&self, table: Table, key: u32) -> bool {
        self.options.decode_as.iter().any(|rule| rule.table == table && rule.key == key)
    }
}
