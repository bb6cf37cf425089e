//! Vendor ids, RFC 2408 section 3.16, and the versions in those that have one.

use isakmp::vendor;

use super::body::Body;
use crate::packet::Packet;
use crate::sink::{Sink, Value};

pub(super) fn fields<S: Sink>(packet: &mut Packet<'_, S>, body: Body<'_>) {
    let octets = body.value();
    body.rest(packet, "isakmp.vid_bytes", 0);
    let Some(known) = vendor::identify(octets) else { return };
    body.field(packet, "isakmp.vid_string", Value::Name(known.name), 0, octets.len());
    let Some(suffix) = known.suffix(octets) else { return };
    let start = known.octets.len();
    let half =
        |at: usize| suffix.get(at..)?.first_chunk().map(|octets| u64::from(u16::from_be_bytes(*octets)));
    let word =
        |at: usize| suffix.get(at..)?.first_chunk().map(|octets| u64::from(u32::from_be_bytes(*octets)));
    let parts: &[(&str, Option<u64>, usize, usize)] = if *known == vendor::CISCO_UNITY {
        let octet = |at: usize| suffix.get(at).map(|octet| u64::from(*octet));
        &[("isakmp.vid.cisco_unity.major", octet(0), 0, 1), ("isakmp.vid.cisco_unity.minor", octet(1), 1, 1)]
    } else if *known == vendor::MS_NT5_ISAKMPOAKLEY {
        &[("isakmp.vid.ms_nt5_isakmpoakley", word(0), 0, 4)]
    } else if *known == vendor::FORTIGATE {
        &[
            ("isakmp.vid.fortinet.fortigate.release", half(0), 0, 2),
            ("isakmp.vid.fortinet.fortigate.build", half(2), 2, 2),
        ]
    } else if *known == vendor::CHECK_POINT {
        &[
            ("isakmp.vid.cp.product", word(0), 0, 4),
            ("isakmp.vid.cp.version", word(4), 4, 4),
            ("isakmp.vid.cp.timestamp", word(8), 8, 4),
            ("isakmp.vid.cp.reserved", word(12), 12, 4),
            ("isakmp.vid.cp.features", word(16), 16, 4),
        ]
    } else {
        &[]
    };
    for (name, value, offset, len) in parts {
        if let Some(value) = value {
            body.field(packet, name, Value::Unsigned(*value), start.saturating_add(*offset), *len);
        }
    }
}
