//! The tables that determine which dissector handles which octets: by link type, ethertype, IP protocol, port and
//! so on.

use core::fmt;
use core::str::FromStr;

use crate::handlers::handlers;

/// Makes the types from the table of handlers.
macro_rules! handler_types {
    ($(
        $(#[$doc:meta])*
        $variant:ident $name:literal [$($table:ident $key:literal),*] $round_trip:ident $module:ident::$function:ident;
    )*) => {
        /// A dissector that a table entry can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Handler {
            $( $(#[$doc])* $variant, )*
        }

        impl Handler {
            /// All dissectors with their filter names.
            pub const NAMED: &'static [(&'static str, Self)] = &[ $( ($name, Self::$variant), )* ];

            /// The default entries of the tables.
            const DEFAULTS: &'static [(Self, &'static [(Table, u32)])] =
                &[ $( (Self::$variant, &[ $( (Table::$table, $key) ),* ]), )* ];

            /// Whether messages are encoded again, listed by the filter name of the protocol.
            const ROUND_TRIPS: &'static [(&'static str, bool)] = &[ $( ($name, round_trip!($round_trip)), )* ];
        }
    };
}

/// Whether messages are encoded again.
macro_rules! round_trip {
    (again) => {
        true
    };
    (once) => {
        false
    };
}

handlers!(handler_types);

impl Handler {
    /// Returns the filter name of every protocol that a frame can hold.
    pub fn filters() -> impl Iterator<Item = &'static str> {
        // Both versions of cooked captures have one filter name, and so have both forms of Cisco MetaData. The redirect
        // header of WCCP is a part of GRE.
        let is_part =
            |handler| matches!(handler, Self::LinuxSll2 | Self::CiscoMetaDataOnEthernet | Self::Wccp);
        let named = Self::NAMED.iter().filter(move |(_, handler)| !is_part(*handler));
        named.map(|(name, _)| *name).chain(["ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts"])
    }

    /// Returns the filter names of the protocols whose messages are encoded again: all that this project can
    /// encode.
    pub fn round_trips() -> impl Iterator<Item = &'static str> {
        Self::ROUND_TRIPS.iter().filter(|(_, again)| *again).map(|(name, _)| *name)
    }
}

/// A table of dissectors. It is named after the field that selects the dissector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// The link type of the capture, `wtap_encap`.
    Link,
    /// The ethertype, `ethertype`.
    EtherType,
    /// The IP protocol number or the IPv6 next header, `ip.proto`.
    IpProtocol,
    /// The UDP port of either side, `udp.port`.
    UdpPort,
    /// The GRE protocol type, `gre.proto`.
    GreProtocol,
    /// The SCTP payload protocol identifier, `sctp.ppi`.
    PayloadProtocol,
    /// The TCP port of either side, `tcp.port`.
    TcpPort,
    /// The PPP protocol, `ppp.protocol`.
    PppProtocol,
}

impl Table {
    const NAMED: [(&'static str, Self); 8] = [
        ("wtap_encap", Self::Link),
        ("ethertype", Self::EtherType),
        ("ip.proto", Self::IpProtocol),
        ("udp.port", Self::UdpPort),
        ("gre.proto", Self::GreProtocol),
        ("sctp.ppi", Self::PayloadProtocol),
        ("tcp.port", Self::TcpPort),
        ("ppp.protocol", Self::PppProtocol),
    ];

    /// The greatest key that the field can hold.
    const fn greatest_key(self) -> u32 {
        match self {
            Self::IpProtocol => 0xff,
            Self::EtherType | Self::UdpPort | Self::GreProtocol | Self::TcpPort | Self::PppProtocol => 0xffff,
            Self::Link | Self::PayloadProtocol => u32::MAX,
        }
    }

    const fn index(self) -> usize {
        match self {
            Self::Link => 0,
            Self::EtherType => 1,
            Self::IpProtocol => 2,
            Self::UdpPort => 3,
            Self::GreProtocol => 4,
            Self::PayloadProtocol => 5,
            Self::TcpPort => 6,
            Self::PppProtocol => 7,
        }
    }
}

/// The tables, with the built-in entries and those that the user adds.
#[derive(Clone, Debug)]
pub struct Tables {
    lists: [List; 8],
}

#[derive(Clone, Debug, Default)]
struct List {
    // One bit for the lower six bits of each key. Most keys are not in the list, and this shows it without a
    // search.
    marks: u64,
    // The entries are sorted by key.
    entries: Vec<(u32, Handler)>,
}

/// Returns the bit of [`List::marks`] for the key.
const fn mark(key: u32) -> u64 {
    1 << (key & 63)
}

impl Default for Tables {
    fn default() -> Self {
        let mut tables = Self { lists: Default::default() };
        for (handler, places) in Handler::DEFAULTS {
            for (table, key) in *places {
                tables.insert(*table, *key, *handler);
            }
        }
        tables
    }
}

impl Tables {
    /// Sets the dissector of `key` in `table`, and replaces the one that was there.
    pub fn insert(&mut self, table: Table, key: u32, handler: Handler) {
        let Some(list) = self.lists.get_mut(table.index()) else { return };
        list.marks |= mark(key);
        match list.entries.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(at) => {
                if let Some(entry) = list.entries.get_mut(at) {
                    entry.1 = handler;
                }
            }
            Err(at) => list.entries.insert(at, (key, handler)),
        }
    }

    /// Returns the dissector of `key`; `None` when the table has no entry.
    #[must_use]
    #[inline]
    pub fn handler(&self, table: Table, key: u32) -> Option<Handler> {
        let list = self.lists.get(table.index())?;
        if list.marks & mark(key) == 0 {
            return None;
        }
        // A table has a dozen entries at most. A search that guesses the place well is faster than a binary search.
        list.entries.iter().find(|(known, _)| *known == key).map(|(_, handler)| *handler)
    }
}

/// A `--decode-as` rule, which says which dissector handles certain octets: `udp.port==5000,isakmp`.
///
/// Parse one with [`str::parse`], and put it into [`Options::decode_as`](crate::Options::decode_as).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeAs {
    /// The table that the rule changes.
    pub table: Table,
    /// The key in the table, for example the port.
    pub key: u32,
    /// The dissector for the key.
    pub handler: Handler,
}

const NO_SUCH_TABLE: &str = "names a table that does not exist (the tables are wtap_encap, ethertype, ip.proto, udp.port, \
                             gre.proto, sctp.ppi, tcp.port and ppp.protocol)";

/// The error for a text that is not a valid `--decode-as` rule. Its text says what is wrong and shows the form of a
/// rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rule {text:?} {reason}: write TABLE==NUMBER,PROTOCOL, as in udp.port==5000,hsrp")]
pub struct DecodeAsError {
    text: String,
    reason: &'static str,
}

impl FromStr for DecodeAs {
    type Err = DecodeAsError;

    fn from_str(text: &str) -> Result<Self, DecodeAsError> {
        let error = |reason| DecodeAsError { text: text.to_owned(), reason };
        let (condition, protocol) =
            text.split_once(',').ok_or_else(|| error("has no comma before the protocol"))?;
        let (table, key) =
            condition.split_once("==").ok_or_else(|| error("has no == between the table and the number"))?;
        let table = Table::NAMED
            .iter()
            .find(|(name, _)| *name == table.trim())
            .ok_or_else(|| error(NO_SUCH_TABLE))?
            .1;
        let key = key.trim();
        let key = match key.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => key.parse(),
        }
        .map_err(|_| error("has a key that is not a number (decimal, or hexadecimal after 0x)"))?;
        if key > table.greatest_key() {
            return Err(error("has a number that is greater than the field of its table can hold"));
        }
        let handler = Handler::NAMED
            .iter()
            .find(|(name, _)| *name == protocol.trim())
            .ok_or_else(|| error("names a protocol that has no dissector"))?
            .1;
        Ok(Self { table, key, handler })
    }
}

impl fmt::Display for DecodeAs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = Table::NAMED.iter().find(|(_, table)| *table == self.table).map_or("", |(name, _)| name);
        let handler = Handler::NAMED.iter().find(|(_, h)| *h == self.handler).map_or("", |(name, _)| name);
        write!(formatter, "{table}=={},{handler}", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_word_overrides_the_tables() {
        let mut tables = Tables::default();
        assert_eq!(tables.handler(Table::UdpPort, 1985), Some(Handler::Hsrp));
        assert_eq!(tables.handler(Table::UdpPort, 5000), None);
        let word: DecodeAs = "udp.port==5000,hsrp".parse().unwrap();
        tables.insert(word.table, word.key, word.handler);
        assert_eq!(tables.handler(Table::UdpPort, 5000), Some(Handler::Hsrp));
        assert_eq!(word.to_string(), "udp.port==5000,hsrp");
        let word: DecodeAs = "ethertype == 0x0800 , ipv6".parse().unwrap();
        tables.insert(word.table, word.key, word.handler);
        assert_eq!(tables.handler(Table::EtherType, 0x0800), Some(Handler::Ipv6));
    }

    #[test]
    fn words_that_are_none_say_why() {
        for (text, reason) in [
            ("udp.port==1", "has no comma"),
            ("udp.port=1,hsrp", "has no =="),
            ("bgp.port==1,hsrp", "names a table that does not exist"),
            ("udp.port==x,hsrp", "is not a number"),
            ("udp.port==1,bgp", "names a protocol that has no dissector"),
            ("udp.port==65536,hsrp", "a number that is greater"),
            ("ip.proto==256,hsrp", "a number that is greater"),
        ] {
            let error = text.parse::<DecodeAs>().unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}
