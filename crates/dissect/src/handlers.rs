//! The table of handlers. For each protocol it has the variant, the filter name, the default entries in the tables,
//! whether messages are encoded again, and the function.

/// Passes the table to the given macro. `tables.rs` makes the types from it, and `dissector.rs` makes the calls,
/// because only that file knows the handlers.
macro_rules! handlers {
    ($then:ident) => {
        $then! {
            /// Ethernet, 802.1Q and 802.3.
            Ethernet "eth" [Link 1, GreProtocol 0x6558] once link::ethernet;
            /// BSD loopback in either byte order.
            Null "null" [Link 0, Link 108] once link::null;
            /// Linux cooked capture, version 1.
            LinuxSll "sll" [Link 113] once link::linux_sll;
            /// Linux cooked capture, version 2.
            LinuxSll2 "sll2" [Link 276] once link::linux_sll2;
            /// Raw IP, version 4 or 6. The first four bits tell which.
            Ip "raw" [Link 12, Link 14, Link 101] once ip::raw;
            /// The log of Linux' netfilter.
            Nflog "nflog" [Link 239] once nflog::dissect;
            /// BSD's `enc` interfaces.
            Enc "enc" [Link 109] once enc::dissect;
            /// PPP, with or without the header of HDLC.
            Ppp "ppp" [Link 9, Link 50, GreProtocol 0x880b] once ppp::dissect;
            /// Cisco's HDLC.
            Chdlc "chdlc" [Link 104] once chdlc::dissect;
            /// The discovery of `PPPoE`.
            PppoeDiscovery "pppoed" [EtherType 0x8863] once pppoe::discovery;
            /// A session of `PPPoE`.
            PppoeSession "pppoes" [Link 51, EtherType 0x8864] once pppoe::session;
            /// ISL, of Cisco.
            Isl "isl" [] once isl::dissect;
            /// A label of MPLS.
            Mpls "mpls" [
                Link 219, EtherType 0x8847, EtherType 0x8848, IpProtocol 137, GreProtocol 0x8847, GreProtocol 0x8848,
                UdpPort 6635, PppProtocol 0x0281, PppProtocol 0x0283
            ] once mpls::dissect;
            /// The control word of a pseudowire of Ethernet.
            PwEthernetControlWord "pwethcw" [] once pseudowire::ethernet;
            /// The control word of a pseudowire whose payload is not known.
            PwControlWord "pwmcw" [] once pseudowire::preferred;
            /// The associated channel of a pseudowire.
            PwAssociatedChannel "pwach" [] once pseudowire::channel;
            /// ARP.
            Arp "arp" [EtherType 0x0806, EtherType 0x8035] once arp::dissect;
            /// IEEE 802.2.
            Llc "llc" [] once llc::dissect;
            /// A tag of IEEE 802.1Q.
            Vlan "vlan" [EtherType 0x8100, EtherType 0x9100] once link::vlan;
            /// A tag of IEEE 802.1ad.
            ProviderTag "ieee8021ad" [EtherType 0x88a8] once link::provider_tag;
            /// IPv4.
            Ipv4 "ip" [Link 228, EtherType 0x0800, IpProtocol 4, GreProtocol 0x0800, PppProtocol 0x0021] once ip::v4;
            /// IPv6.
            Ipv6 "ipv6" [Link 229, EtherType 0x86dd, IpProtocol 41, GreProtocol 0x86dd, PppProtocol 0x0057] once ip::v6;
            /// ICMP.
            Icmp "icmp" [IpProtocol 1] once icmp::dissect;
            /// `ICMPv6`, with neighbour discovery.
            Icmpv6 "icmpv6" [IpProtocol 58] once icmpv6::dissect;
            /// TCP.
            Tcp "tcp" [IpProtocol 6] once tcp::dissect;
            /// ISAKMP and ESP in TCP, RFC 9329.
            TcpEncapsulation "tcpencap" [TcpPort 4500] once tcp_encapsulation::dissect;
            /// UDP.
            Udp "udp" [IpProtocol 17] once udp::dissect;
            /// HSRP, both versions.
            Hsrp "hsrp" [UdpPort 1985, UdpPort 2029] again hsrp_message::dissect;
            /// ISAKMP, and the header and payload list of IKEv2.
            Isakmp "isakmp" [UdpPort 500, UdpPort 848] again isakmp_message::dissect;
            /// ISAKMP and ESP in UDP, RFC 3948.
            UdpEncapsulation "udpencap" [UdpPort 4500] once udp_encapsulation::dissect;
            /// GRE.
            Gre "gre" [IpProtocol 47, UdpPort 4754] again gre_packet::dissect;
            /// The redirect header of WCCP in GRE.
            Wccp "wccp" [GreProtocol 0x883e] once wccp::dissect;
            /// Cisco `MetaData` in GRE.
            CiscoMetaData "cmd" [GreProtocol 0x8909] again cisco_meta_data::dissect;
            /// Cisco `MetaData` on Ethernet.
            CiscoMetaDataOnEthernet "cmd_eth" [EtherType 0x8909] once cisco_meta_data::on_ethernet;
            /// ERSPAN in GRE, its three types.
            Erspan "erspan" [GreProtocol 0x88be, GreProtocol 0x22eb] once erspan::dissect;
            /// NHRP.
            Nhrp "nhrp" [IpProtocol 54, GreProtocol 0x2001] again nhrp_packet::dissect;
            /// ESP.
            Esp "esp" [IpProtocol 50] again esp_packet::dissect;
            /// AH.
            Ah "ah" [IpProtocol 51] again ah_packet::dissect;
            /// SCTP, in IP and in UDP.
            Sctp "sctp" [IpProtocol 132, UdpPort 9899] again sctp_packet::dissect;
            /// HA synchronisation messages, the profile of `vpnwire-hasync`.
            Ha "ha" [PayloadProtocol 0x7670_4841] again ha_message::dissect;
        }
    };
}

pub(crate) use handlers;
