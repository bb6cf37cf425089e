//! Which dissector takes which octets: tables by link type, ethertype, IP protocol, port.

use core::fmt;
use core::str::FromStr;

use crate::handlers::handlers;

/// Makes the types of the table of handlers.
macro_rules! handler_types {
    ($(
        $(#[$doc:meta])*
        $variant:ident $name:literal [$($table:ident $key:literal),*] $round_trip:ident $module:ident::$function:ident;
    )*) => {
        /// A dissector that a table can point to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Handler {
            $( $(#[$doc])* $variant, )*
        }

        impl Handler {
            /// Every dissector with its filter name.
            pub const NAMED: &'static [(&'static str, Self)] = &[ $( ($name, Self::$variant), )* ];

            /// Where handlers are found by default.
            const DEFAULTS: &'static [(Self, &'static [(Table, u32)])] =
                &[ $( (Self::$variant, &[ $( (Table::$table, $key) ),* ]), )* ];

            /// Whether messages are encoded again, by the filter name of their protocol.
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
    /// The filter name of every protocol that a frame can hold.
    pub fn filters() -> impl Iterator<Item = &'static str> {
        // Both cooked captures are the same protocol to a filter.
        let named = Self::NAMED.iter().filter(|(_, handler)| *handler != Self::LinuxSll2);
        named.map(|(name, _)| *name).chain(["ipv6.hopopts", "ipv6.routing", "ipv6.fraghdr", "ipv6.dstopts"])
    }

    /// The filter names of the protocols whose messages are encoded again: every one that this project encodes.
    pub fn round_trips() -> impl Iterator<Item = &'static str> {
        Self::ROUND_TRIPS.iter().filter(|(_, again)| *again).map(|(name, _)| *name)
    }
}

/// A table of dissectors, by the name of the field that selects in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// Link type of the capture.
    Link,
    /// Ethertype.
    EtherType,
    /// IP protocol number, or IPv6 next header.
    IpProtocol,
    /// UDP port of either side.
    UdpPort,
    /// GRE protocol type.
    GreProtocol,
    /// SCTP payload protocol identifier.
    PayloadProtocol,
}

impl Table {
    const NAMED: [(&'static str, Self); 6] = [
        ("wtap_encap", Self::Link),
        ("ethertype", Self::EtherType),
        ("ip.proto", Self::IpProtocol),
        ("udp.port", Self::UdpPort),
        ("gre.proto", Self::GreProtocol),
        ("sctp.ppi", Self::PayloadProtocol),
    ];

    /// The greatest key there can be.
    const fn greatest_key(self) -> u32 {
        match self {
            Self::IpProtocol => 0xff,
            Self::EtherType | Self::UdpPort | Self::GreProtocol => 0xffff,
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
        }
    }
}

/// The tables, filled with what is known and what the user adds.
#[derive(Clone, Debug)]
pub struct Tables {
    lists: [List; 6],
}

#[derive(Clone, Debug, Default)]
struct List {
    // A bit for the lower six bits of each key: most keys that are looked up are not there, and seen not to be.
    marks: u64,
    // Sorted by key.
    entries: Vec<(u32, Handler)>,
}

/// The bit of [`List::marks`] that is the key's.
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
    /// Points `key` of `table` at a dissector, in place of what it pointed at.
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

    /// The dissector of `key`.
    #[must_use]
    #[inline]
    pub fn handler(&self, table: Table, key: u32) -> Option<Handler> {
        let list = self.lists.get(table.index())?;
        if list.marks & mark(key) == 0 {
            return None;
        }
        // There are a dozen at the most: a search that guesses well is quicker than one of few steps.
        list.entries.iter().find(|(known, _)| *known == key).map(|(_, handler)| *handler)
    }
}

/// A `--decode-as` rule, which says which protocol certain octets are: `udp.port==5000,isakmp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeAs {
    /// The table.
    pub table: Table,
    /// The key in it.
    pub key: u32,
    /// The dissector it is to point at.
    pub handler: Handler,
}

/// Why a `--decode-as` rule is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason} in {text:?}: it reads TABLE==NUMBER,PROTOCOL, as in udp.port==5000,hsrp")]
pub struct DecodeAsError {
    text: String,
    reason: &'static str,
}

impl FromStr for DecodeAs {
    type Err = DecodeAsError;

    fn from_str(text: &str) -> Result<Self, DecodeAsError> {
        let error = |reason| DecodeAsError { text: text.to_owned(), reason };
        let (condition, protocol) = text.split_once(',').ok_or_else(|| error("no comma"))?;
        let (table, key) = condition.split_once("==").ok_or_else(|| error("no =="))?;
        let table = Table::NAMED
            .iter()
            .find(|(name, _)| *name == table.trim())
            .ok_or_else(|| error("no such table"))?
            .1;
        let key = key.trim();
        let key = match key.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => key.parse(),
        }
        .map_err(|_| error("no number"))?;
        if key > table.greatest_key() {
            return Err(error("a number beyond the table's greatest"));
        }
        let handler = Handler::NAMED
            .iter()
            .find(|(name, _)| *name == protocol.trim())
            .ok_or_else(|| error("no such protocol"))?
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
            ("udp.port==1", "no comma"),
            ("udp.port=1,hsrp", "no =="),
            ("tcp.port==1,hsrp", "no such table"),
            ("udp.port==x,hsrp", "no number"),
            ("udp.port==1,bgp", "no such protocol"),
            ("udp.port==65536,hsrp", "a number beyond"),
            ("ip.proto==256,hsrp", "a number beyond"),
        ] {
            let error = text.parse::<DecodeAs>().unwrap_err();
            assert!(error.to_string().starts_with(reason), "{error}");
        }
    }
}
