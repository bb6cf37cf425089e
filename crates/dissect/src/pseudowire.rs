//! What stands between the labels of MPLS and the packet of a pseudowire: the control word, RFC 4385 section 3 and
//! RFC 4448 section 4.6, and the header of the associated channel, RFC 4385 section 5 and RFC 5586.

use crate::declared_len;
use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::tables::{Handler, Table};
use crate::walk::Walk;
use crate::words::Words;

static ETHERNET: Protocol = Protocol { filter: "pwethcw", title: "PW Ethernet Control Word" };
static PREFERRED: Protocol = Protocol { filter: "pwmcw", title: "PW MPLS Control Word (generic/preferred)" };
static CHANNEL: Protocol = Protocol { filter: "pwach", title: "PW Associated Channel Header" };

/// The length of a control word, and of the header of an associated channel.
const LEN: usize = 4;

const ETHERNET_LEN: usize = 14;
/// No lesser value of the type field of Ethernet is a type, IEEE 802.3.
const LEAST_TYPE: u16 = 0x0600;

const IPV4_CHANNEL: u16 = 0x0021;
const IPV6_CHANNEL: u16 = 0x0057;

/// How much octets look like an Ethernet frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    /// They cannot be one.
    No,
    /// They can be one, of a type that nothing here knows.
    Unknown,
    /// They are one of a known type, or one whose length fits.
    Known,
}

/// Returns the handler of the octets below the labels, by their first four bits, RFC 4385 section 2; `None` when these say
/// nothing.
pub(crate) fn handler<S: Sink>(walk: &Walk<'_, S>, octets: &Octets<'_>) -> Option<Handler> {
    match octets.octets.first()? >> 4 {
        0 if octets.octets.len() >= LEN => {}
        1 => return Some(Handler::PwAssociatedChannel),
        _ => return None,
    }
    // Only the routers know whether there is a control word, and what follows it. RFC 4448 section 4.6 reserves the
    // bits in front of the sequence number.
    let is_reserved_zero = octets.padded() == [0; 2];
    Some(match (likeness(walk, &octets.after(LEN)), likeness(walk, octets)) {
        (Likeness::Known, _) => Handler::PwEthernetControlWord,
        (_, Likeness::Known) => Handler::Ethernet,
        (Likeness::Unknown, _) if is_reserved_zero => Handler::PwEthernetControlWord,
        _ => Handler::PwControlWord,
    })
}

/// Returns how much octets look like an Ethernet frame.
fn likeness<S: Sink>(walk: &Walk<'_, S>, octets: &Octets<'_>) -> Likeness {
    let Some([.., a, b, c, d, e, f, high, low]) = octets.octets.first_chunk::<ETHERNET_LEN>() else {
        return Likeness::No;
    };
    // No group sends.
    if a & 1 != 0 || [a, b, c, d, e, f] == [&0; 6] {
        return Likeness::No;
    }
    let number = u16::from_be_bytes([*high, *low]);
    let is_whole = octets.octets.len() >= usize::from(number).saturating_add(ETHERNET_LEN);
    match number {
        LEAST_TYPE.. if walk.state.tables.handler(Table::EtherType, number.into()).is_some() => {
            Likeness::Known
        }
        LEAST_TYPE.. => Likeness::Unknown,
        _ if declared_len::is_802_3(number) && is_whole => Likeness::Known,
        _ => Likeness::No,
    }
}

/// Dissects the control word of a pseudowire of Ethernet, RFC 4448 section 4.6.
pub(crate) fn ethernet<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&ETHERNET, octets.first(LEN).whole());
    let mut words = Words::new(&mut entered, *octets);
    words.number::<2>("pweth.cw.sequence_number", 2);
    if words.ends_in_header(&ETHERNET, "PW", "PW control word", LEN, *octets) {
        return;
    }
    entered.leave();
    walk.hand(Handler::Ethernet, &octets.after(LEN));
}

/// Dissects a control word in front of something unknown, RFC 4385 section 3.
pub(crate) fn preferred<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&PREFERRED, octets.first(LEN).whole());
    let mut words = Words::new(&mut entered, *octets);
    words.bits::<2>("pwmcw.flags", 0, 0x0fc0);
    words.bits::<2>("pwmcw.length", 0, 0x003f);
    let number = words.number::<2>("pwmcw.sequence_number", 2);
    if words.ends_in_header(&PREFERRED, "PW", "PW control word", LEN, *octets) {
        return;
    }
    entered.leave();
    let payload = octets.after(LEN);
    walk.packet.opaque("data.data", payload);
    let len = payload.octets.len();
    walk.packet.summary("PW", format_args!("control word, sequence number {number}, {len} octets"));
}

/// Dissects the header of an associated channel, and IP behind it.
pub(crate) fn channel<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&CHANNEL, octets.first(LEN).whole());
    let mut words = Words::new(&mut entered, *octets);
    words.bits::<1>("pwach.ver", 0, 0x0f);
    words.hexadecimal::<1>("pwach.res", 1);
    let [_, _, high, low] = octets.padded();
    let kind = u16::from_be_bytes([high, low]);
    words.part("pwach.channel_type", Value::Named(kind.into(), name_of(kind)), octets, 2, 2);
    if words.ends_in_header(&CHANNEL, "PW-ACH", "PW associated channel header", LEN, *octets) {
        return;
    }
    entered.leave();
    let payload = octets.after(LEN);
    let version = match kind {
        IPV4_CHANNEL => 4,
        IPV6_CHANNEL => 6,
        _ => 0,
    };
    if payload.octets.first().is_some_and(|first| first >> 4 == version && version != 0) && walk.ip(&payload)
    {
        return;
    }
    walk.packet.opaque("data.data", payload);
    let len = payload.octets.len();
    match name_of(kind) {
        Some(name) => walk.packet.summary("PW-ACH", format_args!("{name}, {len} octets")),
        None => walk.packet.summary("PW-ACH", format_args!("channel type {kind:#06x}, {len} octets")),
    }
}

/// The name of a channel type, from IANA's registry of types of the MPLS generalized associated channel.
const fn name_of(kind: u16) -> Option<&'static str> {
    Some(match kind {
        0x0001 => "Management Communication Channel (MCC)",
        0x0002 => "Signaling Communication Channel (SCC)",
        0x0007 => "BFD Control, PW-ACH encapsulation (without IP/UDP headers)",
        0x000a => "MPLS Direct Loss Measurement (DLM)",
        0x000b => "MPLS Inferred Loss Measurement (ILM)",
        0x000c => "MPLS Delay Measurement (DM)",
        0x000d => "MPLS Direct Loss and Delay Measurement (DLM+DM)",
        0x000e => "MPLS Inferred Loss and Delay Measurement (ILM+DM)",
        IPV4_CHANNEL => "IPv4 packet",
        0x0022 => "MPLS-TP CC message",
        0x0023 => "MPLS-TP CV message",
        0x0024 => "Protection State Coordination Protocol (PSC)",
        0x0025 => "On-Demand CV",
        0x0026 => "LI",
        0x0027 => "Pseudo-Wire OAM",
        0x0028 => "MAC Withdraw OAM Message",
        IPV6_CHANNEL => "IPv6 packet",
        0x0058 => "Fault OAM",
        _ => return None,
    })
}
