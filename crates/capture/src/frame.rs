//! One captured frame, its time and its link type.

use std::fmt;

/// One captured frame, borrowed from whoever read it.
///
/// `Debug` shows how many octets were captured and not which: they may hold keys and passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Number in its file, from 1.
    pub number: u64,
    /// When it was captured, where the file says.
    pub time: Option<Timestamp>,
    /// What the first octets are.
    pub link: LinkType,
    /// Octets the frame had on the wire; more than `octets` where the capture was cut.
    pub len: usize,
    /// The octets captured.
    pub octets: &'a [u8],
}

impl Frame<'_> {
    /// Whether the capture was cut short of the frame's end.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.octets.len() < self.len
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Frame")
            .field("number", &self.number)
            .field("time", &self.time)
            .field("link", &self.link)
            .field("len", &self.len)
            .field("captured_len", &self.octets.len())
            .finish_non_exhaustive()
    }
}

/// A moment in time, in nanoseconds since the start of 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i128);

wire::registry! {
    /// Link type of a capture, as the registry at tcpdump.org numbers them.
    pub struct LinkType(u32) {
        /// BSD loopback: the address family in the capturing host's byte order.
        NULL = 0 => "null",
        /// Ethernet.
        ETHERNET = 1 => "Ethernet",
        /// Raw IP, as some BSDs number it.
        RAW_12 = 12 => "raw IP (12)",
        /// Raw IP, as OpenBSD numbers it.
        RAW_14 = 14 => "raw IP (14)",
        /// Raw IP, version 4 or 6.
        RAW = 101 => "raw IP",
        /// OpenBSD loopback: the address family in network byte order.
        LOOP = 108 => "loopback",
        /// Linux cooked capture, version 1.
        LINUX_SLL = 113 => "Linux cooked v1",
        /// Raw IPv4.
        IPV4 = 228 => "raw IPv4",
        /// Raw IPv6.
        IPV6 = 229 => "raw IPv6",
        /// Linux cooked capture, version 2.
        LINUX_SLL2 = 276 => "Linux cooked v2",
    }
}
