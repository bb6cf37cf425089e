//! What fields hold.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A protocol: it is there or not.
    Protocol,
    /// A number, which may have a name.
    Number,
    /// A bit.
    Boolean,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A MAC address.
    Mac,
    /// Text.
    Text,
    /// Octets.
    Octets,
    /// A moment, or a time between two moments, in seconds.
    Time,
}

impl Kind {
    /// The kind as the list of fields names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Ipv4 => "IPv4 address",
            Self::Ipv6 => "IPv6 address",
            Self::Mac => "MAC address",
            Self::Text => "text",
            Self::Octets => "octets",
            Self::Time => "time",
        }
    }
}
