//! ICMP, RFC 792, with the packets that its errors quote.

mod names;

use std::fmt;

use wire::InternetChecksum;

use crate::echo::Kind;
use crate::packet::{Octets, Quoted, wrong_checksum};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Handler;
use crate::walk::Walk;
use crate::words::Words;
use crate::{declared_len, icmp_extension};

static ICMP: Protocol = Protocol { filter: "icmp", title: "Internet Control Message Protocol" };

const HEADER_LEN: usize = 8;

const UNREACHABLE: u8 = 3;
const REDIRECT: u8 = 5;
const ECHO_REPLY: u8 = 0;
const ECHO_REQUEST: u8 = 8;
const ROUTER_ADVERTISEMENT: u8 = 9;
const TIME_EXCEEDED: u8 = 11;
const PARAMETER_PROBLEM: u8 = 12;
const TIMESTAMPS: [u8; 2] = [13, 14];
const ADDRESS_MASKS: [u8; 2] = [17, 18];

/// The code of an unreachable destination whose word ends with an MTU, RFC 1191 section 4.
const FRAGMENTATION_NEEDED: u8 = 4;

/// The types whose messages quote the packet that they are about.
const ERRORS: [u8; 5] = [UNREACHABLE, 4, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM];

/// The types whose fifth octet may be the length of the quotation, RFC 4884 section 4.
const EXTENSIBLE: [u8; 3] = [UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM];

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let [kind, code, _, _, high, low, last @ ..] = octets.padded::<HEADER_LEN>();
    let mut entered = walk.packet.enter(&ICMP, octets.whole());
    let mut words = Words::new(&mut entered, *octets);
    words.part("icmp.type", Value::Named(kind.into(), names::of_type(kind)), octets, 0, 1);
    words.part("icmp.code", Value::Named(code.into(), names::of_code(kind, code)), octets, 1, 1);
    words.hexadecimal::<2>("icmp.checksum", 2);
    if words.ends_in_header(&ICMP, "ICMP", "ICMP header", HEADER_LEN, *octets) {
        return;
    }
    if !octets.cut && !words.around.is_short && words.around.quoted == Quoted::No {
        let wrong = wrong_checksum(InternetChecksum::new(), octets);
        words.checksum_status("icmp", "icmp.checksum.status", wrong, octets.span(2, 2));
    }
    // The length of the quotation, in octets.
    let quoted_len = usize::from(if EXTENSIBLE.contains(&kind) { low } else { 0 }).saturating_mul(4);
    let number = u16::from_be_bytes([high, low]);
    let mut end = HEADER_LEN;
    match kind {
        ECHO_REQUEST | ECHO_REPLY => identifier(&mut words),
        REDIRECT => {
            words.ipv4("icmp.redir_gw", 4);
        }
        ROUTER_ADVERTISEMENT => {
            words.number::<1>("icmp.num_addrs", 4);
            words.number::<1>("icmp.addr_entry_size", 5);
            words.number::<2>("icmp.lifetime", 6);
        }
        PARAMETER_PROBLEM => {
            words.number::<1>("icmp.pointer", 4);
            unused(&mut words, 5, 3, quoted_len);
        }
        UNREACHABLE if code == FRAGMENTATION_NEEDED => {
            unused(&mut words, 4, 2, quoted_len);
            words.number::<2>("icmp.mtu", 6);
        }
        kind if TIMESTAMPS.contains(&kind) => {
            identifier(&mut words);
            words.number::<4>("icmp.originate_timestamp", 8);
            words.number::<4>("icmp.receive_timestamp", 12);
            words.number::<4>("icmp.transmit_timestamp", 16);
            end = 20;
        }
        kind if ADDRESS_MASKS.contains(&kind) => {
            identifier(&mut words);
            words.ipv4("icmp.address_mask", 8);
            end = 12;
        }
        kind if ERRORS.contains(&kind) => unused(&mut words, 4, 4, quoted_len),
        _ => end = 4,
    }
    let mtu = u16::from_be_bytes([last[0], last[1]]);
    let echo = match kind {
        ECHO_REQUEST => Some(Kind::Request),
        ECHO_REPLY => Some(Kind::Reply),
        _ => None,
    };
    let echoes = &mut walk.state.echoes;
    let request = echo.and_then(|echo| echoes.see(&words.around, echo, (number, mtu), words.number));
    let line = Line { kind, code, number, mtu, hop_limit: words.around.hop_limit, request };
    words.summary("ICMP", format_args!("{line}"));
    let after = octets.after(end);
    if !ERRORS.contains(&kind) {
        words.opaque("data.data", after);
        return;
    }
    // RFC 4884 section 5.1: the quotation is filled up to the length that is told, and extensions follow it.
    let (mut quoted, extensions) = if EXTENSIBLE.contains(&kind) {
        icmp_extension::check_length(&mut words, "icmp", &after, quoted_len);
        icmp_extension::separate(&after, quoted_len)
    } else {
        (after, after.after(after.octets.len()))
    };
    icmp_extension::fields(&mut words, extensions);
    entered.leave();
    quoted.cut |= declared_len::of_ip(quoted.octets).is_none_or(|len| len > quoted.octets.len());
    if !quoted.octets.is_empty() {
        walk.quote("ICMP", format_args!("{line}, for "), Handler::Ipv4, quoted);
    }
}

fn identifier<S: Sink>(words: &mut Words<'_, '_, '_, S>) {
    words.number::<2>("icmp.ident", 4);
    words.number::<2>("icmp.seq", 6);
}

/// Shows a word without a meaning, and the length of the quotation in it if there is one.
fn unused<S: Sink>(words: &mut Words<'_, '_, '_, S>, at: usize, len: usize, quoted_len: usize) {
    if quoted_len == 0 {
        return words.octets("icmp.unused", at, len);
    }
    let end = at.saturating_add(len);
    if at < 5 {
        words.octets("icmp.unused", at, 5usize.saturating_sub(at));
    }
    words.number::<1>("icmp.length", 5);
    if end > 6 {
        words.octets("icmp.unused", 6, end.saturating_sub(6));
    }
}

/// Writes a type and a code, each with its name if it has one.
pub(crate) fn type_and_code(
    out: &mut fmt::Formatter<'_>,
    (kind, kind_name): (u8, Option<&str>),
    (code, code_name): (u8, Option<&str>),
) -> fmt::Result {
    match kind_name {
        Some(name) => out.write_str(name)?,
        None => write!(out, "type {kind}, code {code}")?,
    }
    match code_name {
        Some(name) => write!(out, " ({name})"),
        None if code != 0 && kind_name.is_some() => write!(out, " (code {code})"),
        None => Ok(()),
    }
}

/// Writes which frame has the request that a reply answers, if it was seen.
pub(crate) fn answered(out: &mut fmt::Formatter<'_>, request: Option<u64>) -> fmt::Result {
    request.map_or(Ok(()), |frame| write!(out, " (request in {frame})"))
}

/// What a message says in a line.
#[derive(Clone, Copy, Debug)]
struct Line {
    kind: u8,
    code: u8,
    /// The identifier, where the type has one.
    number: u16,
    /// The sequence number, or the MTU.
    mtu: u16,
    hop_limit: Option<u8>,
    /// The frame of the request that this reply answers.
    request: Option<u64>,
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, code, number, mtu, .. } = *self;
        type_and_code(out, (kind, names::of_type(kind)), (code, names::of_code(kind, code)))?;
        match kind {
            UNREACHABLE if code == FRAGMENTATION_NEEDED => write!(out, ", MTU {mtu}")?,
            _ if matches!(kind, ECHO_REQUEST | ECHO_REPLY)
                || TIMESTAMPS.contains(&kind)
                || ADDRESS_MASKS.contains(&kind) =>
            {
                write!(out, " id=0x{number:04x} seq={mtu}")?;
                if let Some(limit) = self.hop_limit {
                    write!(out, " ttl={limit}")?;
                }
                answered(out, self.request)?;
            }
            _ => {}
        }
        Ok(())
    }
}
