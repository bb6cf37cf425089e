//! The protocols that are compared.

use crate::process::matches;

/// A protocol whose fields are compared.
pub(super) struct Protocol {
    /// As `--protocols` calls it, and as `frame.protocols` does.
    pub(super) name: &'static str,
    /// How the names of its fields begin.
    pub(super) prefixes: &'static [&'static str],
    /// Whether a run without arguments takes the captures that hold it. Carriers are in nearly all.
    pub(super) selects: bool,
    /// Preferences that tshark needs for it.
    pub(super) preferences: &'static [&'static str],
}

const fn carrier(name: &'static str, prefixes: &'static [&'static str]) -> Protocol {
    Protocol { name, prefixes, selects: false, preferences: &[] }
}

const fn subject(
    name: &'static str,
    prefixes: &'static [&'static str],
    preferences: &'static [&'static str],
) -> Protocol {
    Protocol { name, prefixes, selects: true, preferences }
}

/// What is compared.
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
    subject("hsrp", &["hsrp.", "hsrp2."], &[]),
    subject("isakmp", &["isakmp."], &[]),
    subject("udpencap", &["udpencap."], &[]),
    subject("gre", &["gre."], &[]),
    subject("cmd", &["cmd."], &[]),
    subject("erspan", &["erspan."], &[]),
    // The authentication extension is Cisco's in nearly all captures; tshark does not guess.
    subject("nhrp", &["nhrp."], &["nhrp.auth_ext_has_addr:FALSE"]),
    subject("esp", &["esp."], &[]),
    subject("ah", &["ah."], &[]),
    // TSNs as they were sent, and nothing that comes from other packets.
    subject("sctp", &["sctp."], &["sctp.relative_tsns:FALSE", "sctp.tsn_analysis:FALSE"]),
];

/// Whether a name of `frame.protocols` is that of a protocol compared here: tshark knows many that are not ours.
pub(super) fn is_compared(name: &str) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.name == name)
}

/// Whether a field is one of a carrier.
pub(super) fn is_of_carrier(field: &str) -> bool {
    let mut carriers = PROTOCOLS.iter().filter(|protocol| !protocol.selects);
    carriers.any(|protocol| protocol.prefixes.iter().any(|prefix| field.starts_with(prefix)))
}

/// Whether a protocol of tshark's is one that is not dissected here. What carriers it holds are not compared: an IP
/// packet in ICMP or VXLAN is not looked into.
pub(super) fn is_foreign(name: &str) -> bool {
    const NO_PROTOCOLS: [&str; 5] = ["geninfo", "fake-field-wrapper", "ethertype", "data", "_ws.*"];
    // Extension headers are named as fields of IPv6 are.
    let (protocol, _) = name.split_once('.').unwrap_or((name, ""));
    !is_compared(protocol) && !NO_PROTOCOLS.iter().any(|pattern| matches(pattern, name))
}

/// Whether a protocol is a carrier.
pub(super) fn is_carrier(name: &str) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.name == name && !protocol.selects)
}
