//! `ICMPv6`, RFC 4443, with the packets that its errors quote, neighbour discovery, RFC 4861, and
//! multicast listener discovery, RFC 3810.

mod listener;
mod names;
mod neighbour;

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use wire::InternetChecksum;

use crate::echo::Kind;
use crate::mac::{Mac, VirtualRouter};
use crate::packet::{Octets, Quoted, wrong_checksum};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Handler;
use crate::walk::Walk;
use crate::words::Words;
use crate::{declared_len, icmp, icmp_extension};

static ICMPV6: Protocol = Protocol { filter: "icmpv6", title: "Internet Control Message Protocol v6" };

/// The number of the protocol, for the checksum.
const PROTOCOL: u8 = 58;

const HEADER_LEN: usize = 8;

const DESTINATION_UNREACHABLE: u8 = 1;
const PACKET_TOO_BIG: u8 = 2;
const TIME_EXCEEDED: u8 = 3;
const PARAMETER_PROBLEM: u8 = 4;
/// Types up to this one are errors, and quote the packet that they are about.
const LAST_ERROR: u8 = 127;
const ECHO_REQUEST: u8 = 128;
const ECHO_REPLY: u8 = 129;
const NEIGHBOUR_SOLICITATION: u8 = 135;
const NEIGHBOUR_ADVERTISEMENT: u8 = 136;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let [kind, code, _, _, fifth, ..] = octets.padded::<HEADER_LEN>();
    let mut entered = walk.packet.enter(&ICMPV6, octets.whole());
    let mut words = Words::new(&mut entered, *octets);
    words.part("icmpv6.type", Value::Named(kind.into(), names::of_type(kind)), octets, 0, 1);
    words.part("icmpv6.code", Value::Named(code.into(), names::of_code(kind, code)), octets, 1, 1);
    words.hexadecimal::<2>("icmpv6.checksum", 2);
    if words.ends_in_header(&ICMPV6, "ICMPv6", "ICMPv6 header", HEADER_LEN, *octets) {
        return;
    }
    if !octets.cut
        && !words.around.is_short
        && words.around.quoted == Quoted::No
        && let Some((IpAddr::V6(source), IpAddr::V6(destination))) = words.around.network
    {
        let wrong = wrong_checksum(pseudo_header(octets.octets.len(), source, destination), octets);
        words.checksum_status("icmpv6", "icmpv6.checksum.status", wrong, octets.span(2, 2));
    }
    // The length of the quotation in octets, RFC 4884 section 4.
    let is_extensible = matches!(kind, DESTINATION_UNREACHABLE | TIME_EXCEEDED);
    let quoted_len = usize::from(if is_extensible { fifth } else { 0 }).saturating_mul(8);
    let mut line = Line { kind, code, ..Line::default() };
    match kind {
        PACKET_TOO_BIG => line.number = words.number::<4>("icmpv6.mtu", 4),
        PARAMETER_PROBLEM => line.number = words.number::<4>("icmpv6.pointer", 4),
        ECHO_REQUEST | ECHO_REPLY => {
            line.identifier = words.hexadecimal::<2>("icmpv6.echo.identifier", 4);
            line.number = words.number::<2>("icmpv6.echo.sequence_number", 6);
            line.hop_limit = words.around.hop_limit;
            let [_, _, _, _, a, b, c, d] = octets.padded();
            let numbers = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let echo = if kind == ECHO_REQUEST { Kind::Request } else { Kind::Reply };
            line.request = walk.state.echoes.see(&words.around, echo, numbers, words.number);
            words.opaque("data.data", octets.after(HEADER_LEN));
        }
        ..=LAST_ERROR if quoted_len != 0 => {
            words.number::<1>("icmpv6.length", 4);
            words.octets("icmpv6.reserved", 5, 3);
            icmp_extension::check_length(&mut words, "icmpv6", &octets.after(HEADER_LEN), quoted_len);
        }
        ..=LAST_ERROR => words.octets("icmpv6.reserved", 4, 4),
        neighbour::FIRST..=neighbour::LAST => {
            (line.target, line.mac, line.flags) = neighbour::fields(&mut words, kind, *octets);
        }
        listener::QUERY..=listener::DONE | listener::REPORT_V2 => {
            line.groups = listener::fields(&mut words, kind, *octets);
        }
        _ => words.opaque("icmpv6.data", octets.after(4)),
    }
    words.summary("ICMPv6", format_args!("{line}"));
    entered.leave();
    let after = octets.after(HEADER_LEN);
    let (mut quoted, extensions) = match quoted_len {
        0 => (after, after.after(after.octets.len())),
        len => (after.first(len), after.after(len)),
    };
    if kind <= LAST_ERROR && !quoted.octets.is_empty() {
        quoted.cut |= declared_len::of_ip(quoted.octets).is_none_or(|len| len > quoted.octets.len());
        walk.quote("ICMPv6", format_args!("{line}, for "), Handler::Ipv6, quoted);
    }
    if !extensions.octets.is_empty() {
        let mut entered = walk.packet.enter(&icmp_extension::EXTENSIONS, extensions.whole());
        icmp_extension::fields(&mut entered, extensions);
    }
}

/// Returns the sum over the pseudo-header of a message of `len` octets, RFC 8200 section 8.1.
fn pseudo_header(len: usize, source: Ipv6Addr, destination: Ipv6Addr) -> InternetChecksum {
    let mut sum = InternetChecksum::new();
    sum.add(&source.octets());
    sum.add(&destination.octets());
    // default: never taken, because a message of 2^32 octets fits into no packet
    sum.add(&u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
    sum.add(&[0, 0, 0, PROTOCOL]);
    sum
}

/// What a message says in a line.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    kind: u8,
    code: u8,
    identifier: u64,
    /// The sequence number, the MTU, or the place of what is wrong.
    number: u64,
    hop_limit: Option<u8>,
    /// The frame of the request that a reply answers.
    request: Option<u64>,
    target: Option<Ipv6Addr>,
    mac: Option<[u8; 6]>,
    /// The flags of a neighbour advertisement.
    flags: neighbour::Flags,
    /// The groups that a multicast listener asks for or reports.
    groups: listener::Groups,
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, code, number, identifier, .. } = *self;
        icmp::type_and_code(out, (kind, names::of_type(kind)), (code, names::of_code(kind, code)))?;
        match kind {
            PACKET_TOO_BIG => write!(out, ", MTU {number}")?,
            PARAMETER_PROBLEM => write!(out, " at {number}")?,
            ECHO_REQUEST | ECHO_REPLY => write!(out, " id=0x{identifier:04x} seq={number}")?,
            _ => {}
        }
        if let Some(limit) = self.hop_limit {
            write!(out, " hop limit={limit}")?;
        }
        icmp::answered(out, self.request)?;
        if let Some(target) = self.target {
            let for_whom = if kind == NEIGHBOUR_SOLICITATION { " for" } else { "" };
            write!(out, "{for_whom} {target}")?;
        }
        if let Some(group) = self.groups.first {
            write!(out, " for {group}")?;
            if self.groups.more > 0 {
                write!(out, " and {} more", self.groups.more)?;
            }
        }
        if kind == NEIGHBOUR_ADVERTISEMENT {
            self.flags.fmt(out)?;
        }
        match (self.mac, kind) {
            (Some(mac), NEIGHBOUR_ADVERTISEMENT) => {
                write!(out, " is at {}{}", Mac(mac), VirtualRouter(mac))
            }
            (Some(mac), _) => write!(out, " from {}{}", Mac(mac), VirtualRouter(mac)),
            (None, _) => Ok(()),
        }
    }
}
