//! The protocol types of payloads.

wire::registry! {
    /// The Protocol Type field, RFC 2784 section 2.4: an Ethertype, or one of the values of RFC 1701.
    pub struct ProtocolType(u16) {
        /// RFC 1701 reserves this value. A Cisco keepalive that comes back carries it.
        KEEPALIVE = 0x0000 => "keepalive",
        /// SNA.
        SNA = 0x0004 => "SNA",
        /// The OSI network layer.
        OSI = 0x00fe => "OSI network layer",
        /// PUP.
        PUP = 0x0200 => "PUP",
        /// XNS.
        XNS = 0x0600 => "XNS",
        /// IPv4.
        IPV4 = 0x0800 => "IPv4",
        /// ARP.
        ARP = 0x0806 => "ARP",
        /// Frame Relay ARP.
        FRAME_RELAY_ARP = 0x0808 => "Frame Relay ARP",
        /// The Cisco Discovery Protocol.
        CDP = 0x2000 => "CDP",
        /// The Next Hop Resolution Protocol.
        NHRP = 0x2001 => "NHRP",
        /// Encapsulated Remote SPAN type III.
        ERSPAN_III = 0x22eb => "ERSPAN type III",
        /// Transparent Ethernet bridging: the payload is a whole Ethernet frame.
        TRANSPARENT_ETHERNET_BRIDGING = 0x6558 => "transparent Ethernet bridging",
        /// Raw Frame Relay.
        RAW_FRAME_RELAY = 0x6559 => "raw Frame Relay",
        /// TCP/IP compression, RFC 1144.
        TCP_IP_COMPRESSION = 0x876b => "TCP/IP compression",
        /// Novell IPX.
        IPX = 0x8137 => "IPX",
        /// IPv6.
        IPV6 = 0x86dd => "IPv6",
        /// PPP, in the enhanced GRE of PPTP.
        PPP = 0x880b => "PPP",
        /// MPLS unicast.
        MPLS = 0x8847 => "MPLS",
        /// MPLS with an upstream-assigned label.
        MPLS_UPSTREAM = 0x8848 => "MPLS upstream-assigned",
        /// Encapsulated Remote SPAN types I and II.
        ERSPAN = 0x88be => "ERSPAN",
        /// Cisco `MetaData`: a security group tag comes before the packet.
        CISCO_META_DATA = 0x8909 => "Cisco MetaData",
        /// The Network Service Header.
        NSH = 0x894f => "NSH",
    }
}
