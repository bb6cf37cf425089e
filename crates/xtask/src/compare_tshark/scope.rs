//! Decides which fields are compared.

use anyhow::{Result, bail};

use crate::process::matches;

use super::protocol::PROTOCOLS;

/// The fields that are not compared, with the reason: tshark computes them, or they repeat another field.
pub(super) const EXCLUDED: &[(&str, &str)] = &[
    ("_ws.*", "remarks of tshark's"),
    ("*_resolved", "names from tshark's tables"),
    (
        "ip.checksum.status",
        "a verdict; its validation is off in tshark by default, and ours does not judge it",
    ),
    (
        "udp.checksum.status",
        "a verdict; its validation is off in tshark by default, and ours does not judge it",
    ),
    (
        "tcp.checksum.status",
        "a verdict; its validation is off in tshark by default, and ours does not judge it",
    ),
    ("pppoe.payload_length.bad", "a remark of tshark's"),
    ("arp.duplicate*", "from other frames"),
    ("arp.seconds-since-*", "from other frames"),
    ("arp.packet-storm-detected", "from other frames"),
    ("icmp.ident_le", "icmp.ident in the other byte order"),
    ("icmp.seq_le", "icmp.seq in the other byte order"),
    ("icmp.length.original_datagram", "icmp.length in octets"),
    ("icmp.resp*", "from other frames"),
    ("icmp.no_resp", "from other frames"),
    ("icmp.data_time*", "a guess: a time in the data of a ping"),
    ("icmp.ext", "a heading to tshark"),
    ("icmp.ext.checksum_bad", "a remark of tshark's"),
    ("icmpv6.resp*", "from other frames"),
    ("icmpv6.no_resp", "from other frames"),
    ("icmpv6.opt.*_linkaddr", "icmpv6.opt.linkaddr again"),
    ("icmp.checksum_bad", "a remark of tshark's"),
    ("icmpv6.mip6.*", "messages of mobile IPv6 are shown as octets, in icmpv6.data"),
    ("icmpv6.mldr.mar", "a heading to tshark"),
    ("icmpv6.opt.reserved", "a heading"),
    ("icmpv6.opt", "a heading to tshark"),
    ("isl.addr", "isl.dst and isl.src again"),
    ("nflog.tlv", "octets that the parts of the attribute show"),
    ("tcp.ack", "relative to other frames"),
    ("tcp.ack.nonzero", "a remark of tshark's"),
    ("tcp.analysis*", "from other frames"),
    ("tcp.completeness*", "from other frames"),
    ("tcp.connection.*", "from other frames"),
    ("tcp.flags.ae", "a bit that tshark names after a draft"),
    ("tcp.flags.ns", "a bit that tshark names after a draft"),
    ("tcp.flags.res", "reserved bits, in tcp.flags"),
    ("tcp.flags.str", "tcp.flags in words"),
    ("tcp.len", "a difference of lengths"),
    ("tcp.nxtseq", "relative to other frames"),
    ("tcp.option*", "options are shown as octets, in tcp.options"),
    ("tcp.payload", "octets that the protocol in it shows"),
    ("tcp.port", "tcp.srcport and tcp.dstport again"),
    ("tcp.reassembled*", "from other frames"),
    ("tcp.segment*", "from other frames"),
    ("tcp.seq", "relative to other frames"),
    ("tcp.short_segment", "a remark of tshark's"),
    ("tcp.window_size", "from other frames"),
    ("tcp.window_size_scalefactor", "from other frames"),
    ("tcp.pdu*", "from other frames"),
    ("*.checksum_calculated", "a verdict"),
    ("*.stream", "a number tshark gives to a conversation"),
    ("*.time_relative", "from other frames"),
    ("*.time_delta", "from other frames"),
    ("frame.time", "frame.time_epoch in words"),
    ("frame.time_delta_displayed", "from other frames"),
    ("frame.offset_shift", "of the display"),
    ("frame.marked", "of the display"),
    ("frame.ignored", "of the display"),
    ("frame.encap_type", "tshark's own number of the link type"),
    ("frame.interface_*", "of the file"),
    ("frame.section_number", "of the file"),
    ("frame.comment*", "of the file"),
    ("frame.packet_flags*", "of the file"),
    ("frame.packet_id", "of the file"),
    ("frame.drop_count", "of the file"),
    ("frame.p2p_dir", "of the file"),
    ("frame.coloring_rule.*", "of the display"),
    ("eth.addr", "eth.src and eth.dst again"),
    ("eth.*.oui", "a part of eth.src and eth.dst"),
    ("eth.*lg", "a bit of eth.src and eth.dst"),
    ("eth.*ig", "a bit of eth.src and eth.dst"),
    ("ip.addr", "ip.src and ip.dst again"),
    ("ip.host", "ip.src and ip.dst again"),
    ("ip.*_host", "ip.src and ip.dst again"),
    ("ip.fragment", "numbers of other frames"),
    ("ip.fragments", "a heading"),
    ("ip.fragment.*", "from other frames"),
    ("ip.reassembled*", "from other frames"),
    ("ip.geoip.*", "from a database"),
    ("ipv6.addr", "ipv6.src and ipv6.dst again"),
    ("ipv6.host", "ipv6.src and ipv6.dst again"),
    ("ipv6.*_host", "ipv6.src and ipv6.dst again"),
    ("ipv6.fragment", "numbers of other frames"),
    ("ipv6.fragments", "a heading"),
    ("ipv6.fragment.*", "from other frames"),
    ("ipv6.reassembled*", "from other frames"),
    ("ipv6.geoip.*", "from a database"),
    ("ipv6.*_slaac_mac", "a part of ipv6.src and ipv6.dst"),
    ("ipv6.slaac_mac", "a part of ipv6.src and ipv6.dst"),
    ("ipv6.*_isatap_ipv4", "a part of ipv6.src and ipv6.dst"),
    ("eth.fcs*", "a guess: the capture does not say whether frames hold their check sequence"),
    ("eth.len.past_end", "a remark of tshark's"),
    ("eth.src_not_group", "a remark of tshark's"),
    ("ip.bogus_ip_version", "a remark of tshark's"),
    ("ip.opt.*", "options are shown as octets, in ip.options"),
    ("ip.options", "a heading to tshark, octets to us"),
    ("ip.options.*", "options are shown as octets, in ip.options"),
    ("ip.cur_rt", "options are shown as octets, in ip.options"),
    ("ip.empty_rt", "options are shown as octets, in ip.options"),
    ("ip.rec_rt", "options are shown as octets, in ip.options"),
    ("ip.src_rt", "options are shown as octets, in ip.options"),
    ("ip.ttl.*", "remarks of tshark's"),
    ("ipv6.opt", "options of extension headers are not taken apart"),
    ("ipv6.opt.*", "options of extension headers are not taken apart"),
    ("ipv6.routing.deprecated", "a remark of tshark's"),
    ("ipv6.routing.src.*", "addresses of routing headers are not taken apart"),
    ("ipv6.plen_zero", "a remark of tshark's"),
    ("gre.checksum.incorrect", "a remark of tshark's"),
    ("erspan.version.unknown", "a remark of tshark's"),
    ("ipv6.bogus_ipv6_version", "a remark of tshark's"),
    ("pwach.error_processing_message", "a remark of tshark's"),
    ("pwach.res.not_zero", "a remark of tshark's"),
    ("nhrp.hdr.*.invalid", "a remark of tshark's"),
    ("nhrp.hdr.bad_checksum", "a remark of tshark's"),
    ("nhrp.ext.not_allowed", "a remark of tshark's"),
    ("nhrp.ext.malformed", "a remark of tshark's"),
    ("nhrp.ext.extra", "a remark of tshark's"),
    ("udp.length.bad", "a remark of tshark's"),
    ("udp.checksum.zero", "a remark of tshark's"),
    ("sctp.port", "sctp.srcport and sctp.dstport again"),
    ("sctp.assoc_index", "a number tshark gives to an association"),
    ("sctp.initiate_tag", "sctp.init_initiate_tag and sctp.initack_initiate_tag again"),
    ("sctp.sack_number_of_tsns_gap_acked", "a sum"),
    ("sctp.fragments", "a heading"),
    ("sctp.fragment", "numbers of other frames"),
    ("sctp.reassembled_in", "the number of another frame"),
    ("sctp.duplicate", "the number of another frame"),
    ("sctp.*.expert", "a remark of tshark's"),
    ("sctp.*.bad", "a remark of tshark's"),
    ("sctp.sack_gap_block_malformed", "a remark of tshark's"),
    ("sctp.sack_gap_block_out_of_order", "a remark of tshark's"),
    ("sctp.sack_number_of_tsns_gap_acked.100", "a remark of tshark's"),
    ("sctp.checksum.algorithm", "a verdict"),
    ("udp.port", "udp.srcport and udp.dstport again"),
    ("udp.payload", "octets that the protocol in it shows"),
    ("udp.possible_traceroute", "a guess"),
    ("isakmp.vid_string", "a name from tshark's table; ours is another table"),
    ("isakmp.fragments", "a heading"),
    ("isakmp.fragment", "numbers of other frames"),
    ("isakmp.fragment.*", "from other frames"),
    ("isakmp.reassembled.*", "from other frames"),
    ("isakmp.payloadlength.invalid", "a remark of tshark's"),
];

/// The selection of fields that are compared.
pub(super) struct Scope {
    pub(super) prefixes: Vec<&'static str>,
}

impl Scope {
    pub(super) fn new(protocols: &[String]) -> Result<Self> {
        let mut prefixes = Vec::new();
        for name in protocols {
            if !PROTOCOLS.iter().any(|protocol| protocol.name == name) {
                bail!("{name} is not one of the protocols that are compared");
            }
        }
        for protocol in PROTOCOLS {
            if protocols.is_empty() || protocols.iter().any(|name| name == protocol.name) {
                prefixes.extend(protocol.prefixes);
            }
        }
        Ok(Self { prefixes })
    }

    pub(super) fn holds(&self, field: &str) -> bool {
        self.prefixes.iter().any(|prefix| field.starts_with(prefix))
            && !EXCLUDED.iter().any(|(excluded, _)| matches(excluded, field))
    }
}
