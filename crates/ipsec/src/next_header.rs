use wire::registry;

registry! {
    /// The next header field: the IP protocol of the payload, RFC 4303 section 2.6 and RFC 4302 section 2.1.
    pub struct NextHeader(u8) {
        /// Hop-by-hop options of IPv6.
        HOP_BY_HOP = 0 => "Hop-by-Hop Options",
        /// ICMP.
        ICMP = 1 => "ICMP",
        /// An IPv4 packet, in tunnel mode.
        IPV4 = 4 => "IPv4",
        /// TCP.
        TCP = 6 => "TCP",
        /// UDP.
        UDP = 17 => "UDP",
        /// An IPv6 packet, in tunnel mode.
        IPV6 = 41 => "IPv6",
        /// A routing header of IPv6.
        ROUTING = 43 => "Routing",
        /// A fragment header of IPv6.
        FRAGMENT = 44 => "Fragment",
        /// GRE.
        GRE = 47 => "GRE",
        /// ESP.
        ESP = 50 => "ESP",
        /// AH.
        AH = 51 => "AH",
        /// ICMP for IPv6.
        ICMPV6 = 58 => "ICMPv6",
        /// No payload: the packet is a dummy that hides how much is sent (RFC 4303 section 2.6).
        NONE = 59 => "no next header",
        /// Destination options of IPv6.
        DESTINATION_OPTIONS = 60 => "Destination Options",
        /// OSPF.
        OSPF = 89 => "OSPF",
        /// IP compression.
        IPCOMP = 108 => "IPComp",
        /// SCTP.
        SCTP = 132 => "SCTP",
    }
}
