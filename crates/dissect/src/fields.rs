//! The names of all fields that a dissector tells, with what each holds and the document that defines it.
//!
//! Names are those of Wireshark's display filters. A pseudo-field stands for others: `ip.addr` is `ip.src` or `ip.dst`.

mod carriers;
mod ha;
mod hsrp;
mod ipsec;
mod isakmp;
mod kind;
mod link;
mod network;
mod nhrp;
mod sctp;

pub use kind::Kind;

use crate::tables::Handler;

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name: `hsrp.state`.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The document that defines it; empty for what a capture says of a frame.
    pub reference: &'static str,
    /// The fields that a pseudo-field stands for; empty for any other field.
    pub parts: &'static [&'static str],
}

impl Field {
    /// The names under which its values are told: its own, or those that a pseudo-field stands for.
    pub(crate) fn told_as(&self) -> Vec<&'static str> {
        if self.parts.is_empty() { vec![self.name] } else { self.parts.to_vec() }
    }
}

const TABLES: &[&[(&str, Kind)]] = &[
    link::FIELDS,
    network::FIELDS,
    carriers::FIELDS,
    hsrp::FIELDS,
    isakmp::FIELDS,
    ipsec::FIELDS,
    nhrp::FIELDS,
    sctp::FIELDS,
    ha::FIELDS,
];

/// Fields that stand for others.
const PSEUDO: &[(&str, Kind, &[&str])] = &[
    ("eth.addr", Kind::Mac, &["eth.dst", "eth.src"]),
    ("ip.addr", Kind::Ipv4, &["ip.src", "ip.dst"]),
    ("ipv6.addr", Kind::Ipv6, &["ipv6.src", "ipv6.dst"]),
    ("udp.port", Kind::Number, &["udp.srcport", "udp.dstport"]),
    ("tcp.port", Kind::Number, &["tcp.srcport", "tcp.dstport"]),
    ("sctp.port", Kind::Number, &["sctp.srcport", "sctp.dstport"]),
];

/// What is known of a frame beside what the dissector tells of it.
const FRAME: &[(&str, Kind)] = &[
    ("frame.time_relative", Kind::Time),
    ("frame.time_delta", Kind::Time),
    ("frame.protocols", Kind::Text),
    ("_ws.col.info", Kind::Text),
    ("_ws.col.protocol", Kind::Text),
    ("_ws.col.source", Kind::Text),
    ("_ws.col.destination", Kind::Text),
];

/// The documents, by how the names that they define begin: the longest that fits counts.
const REFERENCES: &[(&str, &str)] = &[
    ("eth", "IEEE 802.3"),
    ("vlan", "IEEE 802.1Q"),
    ("ieee8021ad", "IEEE 802.1ad"),
    ("ieee8021ah", "IEEE 802.1ah"),
    ("llc", "IEEE 802.2"),
    ("sll", "LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2"),
    ("null", "LINKTYPE_NULL, LINKTYPE_LOOP"),
    ("nflog", "LINKTYPE_NFLOG"),
    ("enc", "LINKTYPE_ENC"),
    ("chdlc", "Cisco HDLC"),
    ("ppp", "RFC 1661"),
    ("pppoe", "RFC 2516"),
    ("isl", "Cisco ISL"),
    ("mpls", "RFC 3032"),
    ("pwach", "RFC 4385, RFC 5586"),
    ("pweth", "RFC 4448"),
    ("pwmcw", "RFC 4385"),
    ("arp", "RFC 826"),
    ("arp.is", "RFC 5227"),
    ("data", "the protocol before it"),
    ("ip", "RFC 791"),
    ("ip.dsfield", "RFC 2474"),
    ("ipv6", "RFC 8200"),
    ("icmp", "RFC 792"),
    ("icmp.mtu", "RFC 1191"),
    ("icmp.length", "RFC 4884"),
    ("icmp.ext", "RFC 4884"),
    ("icmp.int_info", "RFC 5837"),
    ("icmp.mpls", "RFC 4950"),
    ("icmpv6", "RFC 4443"),
    ("icmpv6.length", "RFC 4884"),
    ("icmpv6.mld", "RFC 3810"),
    ("icmpv6.mld.maximum_response_delay", "RFC 2710"),
    ("icmpv6.nd", "RFC 4861"),
    ("icmpv6.rd", "RFC 4861"),
    ("icmpv6.opt", "RFC 4861"),
    ("tcp", "RFC 9293"),
    ("tcpencap", "RFC 9329"),
    ("udp", "RFC 768"),
    ("udpencap", "RFC 3948"),
    ("udpencap.non_ike_marker", "draft-ietf-ipsec-udp-encaps-01"),
    ("gre", "RFC 2784"),
    ("gre.key", "RFC 2890"),
    ("gre.sequence_number", "RFC 2890"),
    ("gre.ack_number", "RFC 2637"),
    ("gre.key.call_id", "RFC 2637"),
    ("gre.key.payload_length", "RFC 2637"),
    ("gre.routing", "RFC 1701"),
    ("gre.wccp", "WCCP version 2"),
    ("erspan", "draft-foschiano-erspan"),
    ("cmd", "Cisco MetaData"),
    ("hsrp", "RFC 2281"),
    ("hsrp.adv", "Cisco HSRP version 1 Advertise"),
    ("hsrp2", "Cisco HSRP version 2"),
    ("isakmp", "RFC 2408"),
    ("isakmp.id", "RFC 2407 section 4.6.2"),
    ("isakmp.ike", "RFC 2409 appendix A"),
    ("isakmp.ike.nat", "RFC 3947"),
    ("isakmp.ipsec.attr", "RFC 2407 section 4.5"),
    ("isakmp.cfg", "draft-ietf-ipsec-isakmp-mode-cfg"),
    ("isakmp.cfg.attr.xauth", "draft-beaulieu-ike-xauth"),
    ("isakmp.cfg.attr.unity", "Cisco Unity"),
    ("isakmp.notify.data.dpd", "RFC 3706"),
    ("isakmp.notify.data.replay_status", "RFC 2407 section 4.6.3.2"),
    ("isakmp.notify.data.resp_lifetime", "RFC 2407 section 4.6.3.1"),
    ("isakmp.frag", "Cisco IKE fragmentation"),
    ("esp", "RFC 4303"),
    ("ah", "RFC 4302"),
    ("nhrp", "RFC 2332"),
    ("nhrp.devcap_ext", "RFC 2735"),
    ("sctp", "RFC 9260"),
    ("sctp.forward_tsn", "RFC 3758"),
    ("sctp.i_forward_tsn", "RFC 8260"),
    ("sctp.data_mid", "RFC 8260"),
    ("sctp.data_fsn", "RFC 8260"),
    ("sctp.asconf", "RFC 5061"),
    ("sctp.adaptation_layer_indication", "RFC 5061"),
    ("sctp.hmac", "RFC 4895"),
    ("sctp.random_number", "RFC 4895"),
    ("sctp.shared_key_id", "RFC 4895"),
    ("sctp.chunk_type_to_auth", "RFC 4895"),
    ("sctp.padding_data", "RFC 4820"),
    ("sctp.parameter_reconfig", "RFC 6525"),
    ("sctp.parameter_add", "RFC 6525"),
    ("ha", "the HA profile of vpnwire-hasync"),
];

fn reference(name: &str) -> &'static str {
    let fits = REFERENCES.iter().filter(|(start, _)| name.starts_with(start));
    fits.max_by_key(|(start, _)| start.len()).map_or("", |(_, reference)| reference)
}

/// All fields: protocols first, then what is known of a frame, then the fields of each protocol.
pub fn all() -> impl Iterator<Item = Field> {
    let protocols = Handler::filters().map(|name| (name, Kind::Protocol, [].as_slice()));
    let pseudo = PSEUDO.iter().copied();
    let told =
        TABLES.iter().copied().flatten().chain(FRAME).map(|(name, kind)| (*name, *kind, [].as_slice()));
    let all = protocols.chain(pseudo).chain(told);
    all.map(|(name, kind, parts)| Field { name, kind, reference: reference(name), parts })
}

/// The field of a name.
#[must_use]
pub fn find(name: &str) -> Option<Field> {
    all().find(|field| field.name == name)
}

/// The field whose name is most like a name that no field has.
#[must_use]
pub fn nearest(name: &str) -> Option<&'static str> {
    let least = (name.len().min(64) / 2).saturating_add(1);
    let distances = all().map(|field| (strsim::osa_distance(field.name, name), field.name));
    // What has more letters than any name is like none.
    (name.len() <= 128)
        .then(|| distances.min())?
        .filter(|(distance, _)| *distance <= least)
        .map(|(_, name)| name)
}

/// What to do about a name that no field has.
pub(crate) fn advice(name: &str) -> String {
    match nearest(name) {
        Some(nearest) => format!("did you mean {nearest}?"),
        None => "`vpnwire fields` lists all of them".to_owned(),
    }
}

/// Protocols with fields that are named after something else, by how their filter names and the names of the fields begin.
const OTHER_NAMES: [(&str, &str); 4] =
    [("hsrp", "hsrp2"), ("pppoes", "pppoe"), ("pppoed", "pppoe"), ("pwethcw", "pweth")];

/// The headers of a link layer. One tells the length and the padding of another.
const LINKS: [&str; 6] = ["eth", "vlan", "ieee8021ad", "ieee8021ah", "sll", "cmd"];

/// Whether a field may be told in a protocol, by its name and the filter name of the protocol.
pub(crate) fn belongs(name: &str, filter: &str) -> bool {
    let [of_name, of_filter] = [name, filter].map(|text| text.split('.').next().unwrap_or_default());
    of_name == of_filter
        || of_name == "data"
        || OTHER_NAMES.contains(&(of_filter, of_name))
        || [of_name, of_filter].iter().all(|name| LINKS.contains(name))
}

#[cfg(test)]
mod tests;
