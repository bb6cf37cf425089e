//! The layers around a message, as far as they are known.

use std::net::IpAddr;

/// The layers around a message, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around {
    pub(crate) link_source: Option<[u8; 6]>,
    pub(crate) network: Option<(IpAddr, IpAddr)>,
    pub(crate) hop_limit: Option<u8>,
    // The first octets of the IP header, for building a similar header.
    pub(crate) header_start: [u8; 8],
    // The next header value of the header in front: an IP protocol or an extension header.
    pub(crate) next_header: u8,
    // The depth of the handler whose octets follow an IP header directly.
    pub(crate) enclosed_at: usize,
    pub(crate) ports: Option<(u16, u16)>,
    // The TCP segment that was met last.
    pub(crate) segment: Option<Segment>,
    // The GRE header that was met last.
    pub(crate) gre: Option<gre::Header>,
    // The stream of the SCTP user message that was met last.
    pub(crate) stream: Option<u16>,
    // The number of HA messages in the frame so far.
    pub(crate) ha_message_count: u32,
    // The offset of the Ethernet frame that was entered last.
    pub(crate) link_start: usize,
    // Whether the packet is quoted by another one.
    pub(crate) quoted: Quoted,
    // Whether the AH header around the packet was verified.
    pub(crate) is_authentic: bool,
    // How many octets of the lead stand before the summary of this packet.
    pub(crate) lead_len: usize,
    // The name of the protocol that quotes the packet. It stands for the packet in a line.
    pub(crate) column: Option<&'static str>,
    // Whether the IP packet around ends before its length field says. That is told as a fault of IP. A checksum or an ICV
    // over octets that are missing proves nothing.
    pub(crate) is_short: bool,
    // Whether an enclosing packet is dropped by its receiver because of its ICV or its sequence number, or whether
    // that is unknown although there are keys. The packet is shown, but it changes no state.
    pub(crate) is_dropped: bool,
}

/// The place of a TCP segment's octets in their stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    /// The number of its first octet.
    pub(crate) number: u32,
    /// Whether the connection begins with it.
    pub(crate) begins: bool,
}

/// Whether octets are a quotation: a packet that was sent elsewhere, usually cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Quoted {
    /// The octets are not quoted.
    #[default]
    No,
    /// The quoted packet is complete.
    Whole,
    /// The quoted packet ends early, which is not a fault.
    Cut,
}

impl Around {
    /// Nothing is known yet. It is a constant, because copying one is cheaper than filling in the fields.
    pub(super) const UNKNOWN: Self = Self {
        link_source: None,
        network: None,
        hop_limit: None,
        header_start: [0; 8],
        next_header: 0,
        enclosed_at: 0,
        ports: None,
        segment: None,
        gre: None,
        stream: None,
        ha_message_count: 0,
        link_start: 0,
        quoted: Quoted::No,
        is_authentic: false,
        lead_len: 0,
        column: None,
        is_short: false,
        is_dropped: false,
    };

    /// Whether the receiver accepts the packet, so that it changes the state.
    pub(crate) fn is_live(&self) -> bool {
        self.quoted == Quoted::No && !self.is_dropped
    }

    /// Whether the packet is an IPv6 packet.
    pub(crate) fn is_v6(&self) -> bool {
        self.network.is_some_and(|(source, _)| source.is_ipv6())
    }

    /// Records the IP header around a payload.
    #[inline]
    pub(crate) fn enter_network(
        &mut self,
        source: IpAddr,
        destination: IpAddr,
        hop_limit: u8,
        header: &[u8],
    ) {
        if self.network.is_some() {
            // In a tunnel, the sender on the link is not the sender of the inner packet.
            self.link_source = None;
        }
        self.network = Some((source, destination));
        self.hop_limit = Some(hop_limit);
        self.is_short = false;
        // default: never taken, because an IP header is longer
        self.header_start = header.first_chunk().copied().unwrap_or_default();
        self.ports = None;
    }
}
