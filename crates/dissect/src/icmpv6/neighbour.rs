//! Neighbour discovery, RFC 4861 section 4: what follows the checksum, and the options.

use std::fmt;
use std::net::Ipv6Addr;

use wire::Chain;

use crate::packet::{Octets, Packet};
use crate::read_only::ReadOnly;
use crate::sink::{Sink, Value};
use crate::tlv::Family;
use crate::words::Words;

/// The type of the first message of neighbour discovery: router solicitation.
pub(super) const FIRST: u8 = 133;
/// The type of the last one: redirect.
pub(super) const LAST: u8 = 137;

/// The flags of a neighbour advertisement.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags(u64);

const ROUTER: u64 = 0x8000_0000;
const SOLICITED: u64 = 0x4000_0000;
const OVERRIDE: u64 = 0x2000_0000;

impl fmt::Display for Flags {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = " (";
        for (flag, name) in [(ROUTER, "rtr"), (SOLICITED, "sol"), (OVERRIDE, "ovr")] {
            if self.0 & flag != 0 {
                write!(out, "{separator}{name}")?;
                separator = ", ";
            }
        }
        if separator == ", " { out.write_str(")") } else { Ok(()) }
    }
}

/// Shows a message. Returns the target, the link-layer address in its options, and the flags of an advertisement.
pub(super) fn fields<S: Sink>(
    words: &mut Words<'_, '_, '_, S>,
    kind: u8,
    octets: Octets<'_>,
) -> (Option<Ipv6Addr>, Option<[u8; 6]>, Flags) {
    let mut flags = Flags::default();
    let (target, end) = match kind {
        133 => {
            words.octets("icmpv6.reserved", 4, 4);
            (None, 8)
        }
        134 => {
            router_advertisement(words, octets);
            (None, 16)
        }
        135 => {
            words.octets("icmpv6.reserved", 4, 4);
            (words.ipv6("icmpv6.nd.ns.target_address", 8), 24)
        }
        136 => {
            flags = Flags(words.word::<4>(4));
            let span = octets.span(4, 4);
            let mut inside = words.enter_field("icmpv6.nd.na.flag", Value::Hexadecimal(flags.0, 8), span);
            let mut words = Words::new(&mut inside, octets);
            words.flag::<4>("icmpv6.nd.na.flag.r", 4, ROUTER);
            words.flag::<4>("icmpv6.nd.na.flag.s", 4, SOLICITED);
            words.flag::<4>("icmpv6.nd.na.flag.o", 4, OVERRIDE);
            words.bits::<4>("icmpv6.nd.na.flag.rsv", 4, 0x1fff_ffff);
            (words.ipv6("icmpv6.nd.na.target_address", 8), 24)
        }
        _ => {
            words.octets("icmpv6.reserved", 4, 4);
            let target = words.ipv6("icmpv6.nd.rd.target_address", 8);
            words.ipv6("icmpv6.rd.na.destination_address", 24);
            (target, 40)
        }
    };
    if octets.octets.len() < end {
        if !octets.cut {
            let needed = octets.too_short("message of neighbour discovery", end);
            words.fault("icmpv6", needed, octets.whole());
        }
        return (target, None, flags);
    }
    (target, options(words, octets.after(end)), flags)
}

fn router_advertisement<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>) {
    words.number::<1>("icmpv6.nd.ra.cur_hop_limit", 4);
    let flags = Value::Hexadecimal(words.word::<1>(5), 2);
    let mut inside = words.enter_field("icmpv6.nd.ra.flag", flags, octets.span(5, 1));
    let mut bits = Words::new(&mut inside, octets);
    bits.flag::<1>("icmpv6.nd.ra.flag.m", 5, 0x80);
    bits.flag::<1>("icmpv6.nd.ra.flag.o", 5, 0x40);
    bits.flag::<1>("icmpv6.nd.ra.flag.h", 5, 0x20);
    bits.bits::<1>("icmpv6.nd.ra.flag.prf", 5, 0x18);
    bits.flag::<1>("icmpv6.nd.ra.flag.p", 5, 0x04);
    bits.bits::<1>("icmpv6.nd.ra.flag.rsv", 5, 0x03);
    inside.leave();
    words.number::<2>("icmpv6.nd.ra.router_lifetime", 6);
    words.number::<4>("icmpv6.nd.ra.reachable_time", 8);
    words.number::<4>("icmpv6.nd.ra.retrans_timer", 12);
}

/// Shows the options, and returns the link-layer address among them.
fn options<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) -> Option<[u8; 6]> {
    let framing = ReadOnly(Family::NeighbourDiscovery);
    let read = Chain::parse_until_error(octets.octets, octets.start, framing);
    let mut mac = None;
    for element in read.value.iter() {
        let at = element.offset.saturating_sub(octets.start);
        let whole = octets.after(at).first(element.octets.len());
        let mut inside = packet.enter_field("icmpv6.opt", Value::Opaque(element.octets), whole.whole());
        let mut words = Words::new(&mut inside, whole);
        words.number::<1>("icmpv6.opt.type", 0);
        words.number::<1>("icmpv6.opt.length", 1);
        match element.header {
            1 | 2 => {
                words.octets("icmpv6.opt.linkaddr", 2, element.value.len());
                mac = mac.or_else(|| element.value.first_chunk().copied());
            }
            3 => prefix(&mut words, whole),
            5 => {
                words.number::<4>("icmpv6.opt.mtu", 4);
            }
            _ => words.opaque("icmpv6.unknown_data", whole.after(2)),
        }
    }
    if let Some(fault) = read.fault
        && !octets.cut
    {
        packet.fault("icmpv6", fault, octets.whole());
    }
    mac
}

fn prefix<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>) {
    words.number::<1>("icmpv6.opt.prefix.length", 2);
    let flags = Value::Hexadecimal(words.word::<1>(3), 2);
    let mut inside = words.enter_field("icmpv6.opt.prefix.flag", flags, octets.span(3, 1));
    let mut bits = Words::new(&mut inside, octets);
    bits.flag::<1>("icmpv6.opt.prefix.flag.l", 3, 0x80);
    bits.flag::<1>("icmpv6.opt.prefix.flag.a", 3, 0x40);
    bits.flag::<1>("icmpv6.opt.prefix.flag.r", 3, 0x20);
    bits.bits::<1>("icmpv6.opt.prefix.flag.reserved", 3, 0x1f);
    inside.leave();
    words.number::<4>("icmpv6.opt.prefix.valid_lifetime", 4);
    words.number::<4>("icmpv6.opt.prefix.preferred_lifetime", 8);
    words.ipv6("icmpv6.opt.prefix", 16);
}
