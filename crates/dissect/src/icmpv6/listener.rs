//! Multicast listener discovery: RFC 2710 section 3, and version 2, RFC 3810 section 5.

use std::net::Ipv6Addr;

use wire::{Chain, Element, LengthError, Reader};

use crate::packet::{Octets, Packet};
use crate::read_only::{ReadOnly, Split};
use crate::sink::{Sink, Value};
use crate::words::Words;

pub(super) const QUERY: u8 = 130;
pub(super) const DONE: u8 = 132;
pub(super) const REPORT_V2: u8 = 143;

/// The length of a message of version 1.
const LEN: usize = 24;
/// The length of a query of version 2 without sources.
const QUERY_V2_LEN: usize = 28;
/// The length of what stands before the records of a report.
const REPORT_LEN: usize = 8;
/// The length of a record without sources.
const RECORD_LEN: usize = 20;
const ADDRESS_LEN: usize = 16;

/// The groups of a message, for its line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Groups {
    /// The first group; `None` when a query is for all groups.
    pub(super) first: Option<Ipv6Addr>,
    /// How many records follow the first one.
    pub(super) more: usize,
}

/// The framing of the records of a report, RFC 3810 section 5.2. The header of a record is its type and the number of
/// its sources.
#[derive(Clone, Copy, Debug)]
struct Records {
    /// How many records the report still announces.
    left: usize,
}

impl Split for Records {
    type Header = (u8, u16);
    const ELEMENT: &'static str = "multicast address record";

    fn split<'a>(&mut self, reader: &mut Reader<'a>) -> Result<Option<Element<'a, (u8, u16)>>, LengthError> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let [kind, words, high, low, ..] = *reader.peek::<RECORD_LEN>(Self::ELEMENT)?;
        let count = u16::from_be_bytes([high, low]);
        let sources = usize::from(count).saturating_mul(ADDRESS_LEN);
        let value_len = usize::from(words).saturating_mul(4).saturating_add(sources);
        reader.element(Self::ELEMENT, (kind, count), RECORD_LEN, value_len, 0).map(Some)
    }
}

/// The name of a record type, RFC 3810 section 5.2.12.
const fn name_of(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "MODE_IS_INCLUDE",
        2 => "MODE_IS_EXCLUDE",
        3 => "CHANGE_TO_INCLUDE_MODE",
        4 => "CHANGE_TO_EXCLUDE_MODE",
        5 => "ALLOW_NEW_SOURCES",
        6 => "BLOCK_OLD_SOURCES",
        _ => return None,
    })
}

/// Shows a message, and returns its groups.
pub(super) fn fields<S: Sink>(words: &mut Words<'_, '_, '_, S>, kind: u8, octets: Octets<'_>) -> Groups {
    if kind == REPORT_V2 {
        return report(words, octets);
    }
    let len = octets.octets.len();
    // RFC 3810 section 8.1: the length tells the version of a query.
    let is_v2 = kind == QUERY && len >= QUERY_V2_LEN;
    if is_v2 {
        let delay = Value::Unsigned(delay(words.word::<2>(4)));
        words.part("icmpv6.mld.maximum_response_code", delay, &octets, 4, 2);
    } else {
        words.number::<2>("icmpv6.mld.maximum_response_delay", 4);
    }
    words.octets("icmpv6.reserved", 6, 2);
    let group = words.ipv6("icmpv6.mld.multicast_address", 8);
    let end = if is_v2 { query_v2(words, octets) } else { LEN };
    let needed = if kind == QUERY && len > LEN { end.max(QUERY_V2_LEN) } else { end };
    if len < needed {
        if !octets.cut {
            words.fault("icmpv6", octets.too_short("multicast listener message", needed), octets.whole());
        }
    } else {
        words.opaque("icmpv6.data", octets.after(end));
    }
    Groups { first: group.filter(|group| !group.is_unspecified()), more: 0 }
}

/// Shows what a query of version 2 has behind the group, and returns where its sources end.
fn query_v2<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>) -> usize {
    let flags = Value::Hexadecimal(words.word::<1>(24), 2);
    let mut inside = words.enter_field("icmpv6.mld.flag", flags, octets.span(24, 1));
    let mut bits = Words::new(&mut inside, octets);
    bits.bits::<1>("icmpv6.mld.flag.reserved", 24, 0xf0);
    bits.flag::<1>("icmpv6.mld.flag.s", 24, 0x08);
    bits.bits::<1>("icmpv6.mld.flag.qrv", 24, 0x07);
    inside.leave();
    let interval = Value::Unsigned(interval(words.word::<1>(25)));
    words.part("icmpv6.mld.qqi", interval, &octets, 25, 1);
    words.number::<2>("icmpv6.mld.nb_sources", 26);
    let [high, low, ..] = octets.after(26).padded::<2>();
    let after = octets.after(QUERY_V2_LEN);
    let len = sources(words, "icmpv6.mld.source_address", after, u16::from_be_bytes([high, low]));
    QUERY_V2_LEN.saturating_add(len)
}

/// Returns the greatest delay of a response in milliseconds, RFC 3810 section 5.1.3: a number, or from 0x8000 on a
/// mantissa of 12 bits and an exponent.
const fn delay(code: u64) -> u64 {
    if code < 0x8000 {
        return code;
    }
    shifted(0x1000 | code & 0x0fff, code >> 12 & 0x07)
}

/// Returns the interval of a querier in seconds, RFC 3810 section 5.1.9: a number, or from 0x80 on a mantissa of 4 bits
/// and an exponent.
const fn interval(code: u64) -> u64 {
    if code < 0x80 { code } else { shifted(0x10 | code & 0x0f, code >> 4 & 0x07) }
}

/// Returns a mantissa with its exponent, to which 3 is added.
const fn shifted(mantissa: u64, exponent: u64) -> u64 {
    mantissa << (exponent & 0x07) << 3
}

/// Shows the sources that are there, and returns the number of octets that all of them need.
fn sources<S: Sink>(packet: &mut Packet<'_, S>, name: &'static str, octets: Octets<'_>, count: u16) -> usize {
    let len = usize::from(count).saturating_mul(ADDRESS_LEN);
    let all = octets.first(len);
    let (addresses, _) = all.octets.as_chunks::<ADDRESS_LEN>();
    for (address, at) in addresses.iter().zip((0..).step_by(ADDRESS_LEN)) {
        packet.field(name, Value::Ipv6(Ipv6Addr::from(*address)), all.span(at, ADDRESS_LEN));
    }
    len
}

/// Shows a report of version 2, RFC 3810 section 5.2.
fn report<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>) -> Groups {
    words.octets("icmpv6.reserved", 4, 2);
    words.number::<2>("icmpv6.mldr.nb_mcast_records", 6);
    let [.., high, low] = octets.padded::<REPORT_LEN>();
    let count = usize::from(u16::from_be_bytes([high, low]));
    let after = octets.after(REPORT_LEN);
    let read = Chain::parse_until_error(after.octets, after.start, ReadOnly(Records { left: count }));
    let mut groups = Groups { first: None, more: count.saturating_sub(1) };
    let mut end = 0;
    for element in read.value.iter() {
        let at = element.offset.saturating_sub(after.start);
        end = at.saturating_add(element.octets.len());
        let group = record(words, after.after(at).first(element.octets.len()), element.header);
        groups.first = groups.first.or(group);
    }
    if let Some(fault) = read.fault
        && !octets.cut
    {
        words.fault("icmpv6", fault, after.whole());
    }
    words.opaque("icmpv6.data", after.after(end));
    groups
}

/// Shows a record, and returns its group.
fn record<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    (kind, count): (u8, u16),
) -> Option<Ipv6Addr> {
    let mut inside = packet.enter_field("icmpv6.mldr.mar", Value::Opaque(octets.octets), octets.whole());
    let mut words = Words::new(&mut inside, octets);
    let named = Value::Named(kind.into(), name_of(kind));
    words.part("icmpv6.mldr.mar.record_type", named, &octets, 0, 1);
    words.number::<1>("icmpv6.mldr.mar.aux_data_len", 1);
    words.number::<2>("icmpv6.mldr.mar.nb_sources", 2);
    let group = words.ipv6("icmpv6.mldr.mar.multicast_address", 4);
    let after = octets.after(RECORD_LEN);
    let len = sources(&mut words, "icmpv6.mldr.mar.source_address", after, count);
    words.opaque("icmpv6.mldr.mar.auxiliary_data", after.after(len));
    group
}
