//! One captured frame, its time and its link type.

use std::fmt;

/// One captured frame. It borrows its octets from the reader.
///
/// `Debug` shows the number of captured octets, but not the octets, because they may hold keys and passwords.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Number of the frame in its file, counted from 1.
    pub number: u64,
    /// Time of capture. `None` when the file does not give it.
    pub time: Option<Timestamp>,
    /// Link type, which tells how to interpret the octets.
    pub link: LinkType,
    /// Length of the frame on the wire, in octets. It is more than `octets` has when the frame was cut.
    pub len: usize,
    /// The captured octets.
    pub octets: &'a [u8],
}

impl Frame<'_> {
    /// Whether fewer octets were captured than the frame had on the wire.
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

/// A point in time, in nanoseconds since the start of 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i128);

wire::registry! {
    /// Link type of a frame, with the numbers of the registry at tcpdump.org.
    pub struct LinkType(u32) {
        /// BSD loopback. The address family comes first, in the byte order of the capturing host.
        NULL = 0 => "null",
        /// Ethernet.
        ETHERNET = 1 => "Ethernet",
        /// Raw IP, with the number of some BSDs.
        RAW_12 = 12 => "raw IP (12)",
        /// Raw IP, with the number of OpenBSD.
        RAW_14 = 14 => "raw IP (14)",
        /// Raw IP, version 4 or 6.
        RAW = 101 => "raw IP",
        /// OpenBSD loopback. The address family comes first, in network byte order.
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
