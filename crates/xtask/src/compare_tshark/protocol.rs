//! The protocols that are compared.

use crate::process::matches;

/// A protocol whose fields are compared.
pub(super) struct Protocol {
    /// The name in `--protocols` and in `frame.protocols`.
    pub(super) name: &'static str,
    /// The prefixes of the names of its fields.
    pub(super) prefixes: &'static [&'static str],
    /// Whether a run without arguments selects the captures that contain the protocol. Some are in nearly all.
    pub(super) selects: bool,
    /// Whether it may stand inside a protocol that `vpnwire` does not dissect. There it is not compared.
    carries: bool,
    /// The preferences that tshark needs for the protocol.
    pub(super) preferences: &'static [&'static str],
}

const fn carrier(name: &'static str, prefixes: &'static [&'static str]) -> Protocol {
    Protocol { name, prefixes, selects: false, carries: true, preferences: &[] }
}

const fn subject(
    name: &'static str,
    prefixes: &'static [&'static str],
    preferences: &'static [&'static str],
) -> Protocol {
    Protocol { name, prefixes, selects: true, carries: false, preferences }
}

/// A protocol of links and networks that is compared for its own sake.
const fn network(name: &'static str, prefixes: &'static [&'static str]) -> Protocol {
    Protocol { name, prefixes, selects: true, carries: true, preferences: &[] }
}

/// The protocols that are compared.
pub(super) const PROTOCOLS: &[Protocol] = &[
    carrier("frame", &["frame."]),
    carrier("eth", &["eth."]),
    carrier("null", &["null."]),
    carrier("raw", &["raw."]),
    carrier("vlan", &["vlan."]),
    carrier("llc", &["llc."]),
    carrier("ieee8021ad", &["ieee8021ad.", "ieee8021ah."]),
    carrier("sll", &["sll."]),
    carrier("ip", &["ip."]),
    carrier("ipv6", &["ipv6."]),
    carrier("udp", &["udp."]),
    carrier("tcp", &["tcp."]),
    network("arp", &["arp."]),
    network("icmp", &["icmp."]),
    network("icmpv6", &["icmpv6."]),
    network("mpls", &["mpls."]),
    network("pwethcw", &["pweth."]),
    network("pwmcw", &["pwmcw."]),
    network("pwach", &["pwach."]),
    network("pppoes", &["pppoe."]),
    network("pppoed", &["pppoed."]),
    network("ppp", &["ppp."]),
    network("chdlc", &["chdlc."]),
    network("nflog", &["nflog."]),
    network("enc", &["enc."]),
    network("isl", &["isl."]),
    subject("hsrp", &["hsrp.", "hsrp2."], &[]),
    subject("isakmp", &["isakmp."], &[]),
    subject("udpencap", &["udpencap."], &[]),
    subject("gre", &["gre."], &[]),
    subject("cmd", &["cmd."], &[]),
    subject("erspan", &["erspan."], &[]),
    // The authentication extension has Cisco's form in nearly all captures, and tshark does not guess.
    subject("nhrp", &["nhrp."], &["nhrp.auth_ext_has_addr:FALSE"]),
    subject("esp", &["esp."], &[]),
    subject("ah", &["ah."], &[]),
    // The TSNs are shown as they were sent, without values that come from other packets.
    subject(
        "sctp",
        &["sctp."],
        &["sctp.relative_tsns:FALSE", "sctp.tsn_analysis:FALSE", "sctp.checksum:CRC-32c"],
    ),
];

/// Whether a name of `frame.protocols` is a protocol that is compared here. tshark knows many more.
pub(super) fn is_compared(name: &str) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.name == name)
}

/// Whether a field belongs to a carrier.
pub(super) fn is_of_carrier(field: &str) -> bool {
    let mut carriers = PROTOCOLS.iter().filter(|protocol| protocol.carries);
    carriers.any(|protocol| protocol.prefixes.iter().any(|prefix| field.starts_with(prefix)))
}

/// Whether tshark's protocol is one that `vpnwire` does not dissect. The carriers inside it are not compared: an IP
/// packet in VXLAN is not dissected.
pub(super) fn is_foreign(name: &str) -> bool {
    const NO_PROTOCOLS: [&str; 6] =
        ["geninfo", "fake-field-wrapper", "ethertype", "pwethheuristic", "data", "_ws.*"];
    // Extension headers have names like those of IPv6 fields.
    let (protocol, _) = name.split_once('.').unwrap_or((name, ""));
    !is_compared(protocol) && !NO_PROTOCOLS.iter().any(|pattern| matches(pattern, name))
}

/// Whether a protocol is a carrier.
pub(super) fn is_carrier(name: &str) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.name == name && protocol.carries)
}
