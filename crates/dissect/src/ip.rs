//! IPv4, and IPv6 with its extension headers.

use std::fmt;

use etherparse::err::ipv4::{HeaderError, HeaderSliceError};
use etherparse::{Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice};

use crate::fragment::{DatagramKey, Fragment, Outcome};
use crate::packet::{Octets, Packet, Quoted};
use crate::sink::count;
use crate::sink::{Address, Part, Protocol, Reason, Sink, Value};
use crate::tables::Table;
use crate::walk::Walk;

static RAW: Protocol = Protocol { filter: "raw", title: "Raw packet data" };
static IPV4: Protocol = Protocol { filter: "ip", title: "Internet Protocol Version 4" };
static IPV6: Protocol = Protocol { filter: "ipv6", title: "Internet Protocol Version 6" };

/// The length of the longest IPv4 header: fifteen words.
const MAX_V4_HEADER_LEN: usize = 60;
const V6_HEADER_LEN: usize = 40;
const ROUTING_HEADER: u8 = 43;
const FRAGMENT_HEADER: u8 = 44;

/// Dissects IPv4 or IPv6 without a link header. The version field tells which.
pub(crate) fn raw<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    walk.packet.enter(&RAW, octets.span(0, 0)).leave();
    match octets.octets.first().map(|first| first >> 4) {
        Some(6) => v6(walk, octets),
        _ => v4(walk, octets),
    }
}

pub(crate) fn v4<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let header = match Ipv4HeaderSlice::from_slice(octets.octets) {
        Ok(header) => header,
        Err(error) => {
            let reason = match &error {
                HeaderSliceError::Len(error) => {
                    Reason::from(octets.too_short("IPv4 header", error.required_len))
                }
                HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number }) => {
                    Reason::Version(*version_number)
                }
                HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { ihl }) => {
                    Reason::LengthField {
                        field: "ip.hdr_len",
                        value: usize::from(*ihl).saturating_mul(4),
                        least: 20,
                    }
                }
            };
            let mut inside = walk.packet.enter(&IPV4, octets.whole());
            // The fields of a header that is cut are shown as far as they go. A header that is not valid is not shown.
            let padded = octets.padded::<MAX_V4_HEADER_LEN>();
            if S::FIELDS
                && let (HeaderSliceError::Len(_), Ok(header)) = (&error, Ipv4HeaderSlice::from_slice(&padded))
            {
                v4_fields(&mut inside, *octets, &header);
            }
            inside.fault("ip", reason, octets.whole());
            inside.leave();
            if matches!(error, HeaderSliceError::Len(_)) {
                say_cut(&mut walk.packet, "IPv4", "header", *octets);
            }
            return;
        }
    };
    let header_len = header.slice().len();
    let (source, destination) = (header.source_addr(), header.destination_addr());
    let fragment_offset = header.fragments_offset();
    let protocol = header.protocol();
    walk.packet.around.enter_network(source.into(), destination.into(), header.ttl(), header.slice());
    walk.packet.endpoints(Address::Ip(source.into()), Address::Ip(destination.into()));

    let mut inside = walk.packet.enter(&IPV4, octets.span(0, header_len));
    if inside.wants_fields() {
        v4_fields(&mut inside, *octets, &header);
    }
    let total_len = usize::from(header.total_len());
    let is_too_small = total_len != 0 && total_len < header_len;
    if is_too_small {
        inside.fault(
            "ip",
            Reason::LengthField { field: "ip.len", value: total_len, least: header_len },
            octets.span(2, 2),
        );
    } else if octets.octets.len() < total_len && !octets.cut {
        inside.around.is_short = true;
        inside.fault("ip", octets.too_short("IPv4 packet", total_len), octets.whole());
    }
    inside.leave();
    if is_too_small {
        return;
    }

    // A sender with segmentation offload leaves 0 here. Then the packet ends with the frame.
    let whole = if total_len == 0 { octets } else { &octets.first(total_len) };
    let payload = whole.after(header_len);
    let fragment = Fragment {
        offset: usize::from(fragment_offset.value()).saturating_mul(8),
        more: header.more_fragments(),
        complete: !whole.cut && octets.octets.len() >= total_len,
    };
    let payload = Octets { enclosing: fragment.complete.then_some(whole.octets), ..payload };
    if fragment.offset == 0 && !fragment.more {
        upper(walk, protocol.0, &payload);
        return;
    }
    let key = DatagramKey {
        source: source.into(),
        destination: destination.into(),
        identification: u32::from(header.identification()),
        protocol: Some(protocol.0),
    };
    transport(walk, protocol.0, key, fragment, &payload);
}

/// Shows the fields of an IPv4 header that are present.
fn v4_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, header: &Ipv4HeaderSlice<'_>) {
    packet.part("ip.version", Value::Unsigned(u64::from(header.version())), &octets, 0, 1);
    packet.part("ip.hdr_len", Value::Unsigned(count(header.slice().len())), &octets, 0, 1);
    let (dscp, ecn) = (header.dcp().value(), header.ecn().value());
    if let Some(service) = octets.octets.get(1) {
        let packet = &mut *packet.enter_field(
            "ip.dsfield",
            Value::Hexadecimal(u64::from(*service), 2),
            octets.span(1, 1),
        );
        packet.field("ip.dsfield.dscp", Value::Unsigned(u64::from(dscp)), octets.span(1, 1));
        packet.field("ip.dsfield.ecn", Value::Unsigned(u64::from(ecn)), octets.span(1, 1));
    }
    packet.part("ip.len", Value::Unsigned(u64::from(header.total_len())), &octets, 2, 2);
    packet.part("ip.id", Value::Hexadecimal(u64::from(header.identification()), 4), &octets, 4, 2);
    if let Some(flags) = octets.octets.get(6).map(|octet| octet >> 5) {
        let packet =
            &mut *packet.enter_field("ip.flags", Value::Hexadecimal(u64::from(flags), 2), octets.span(6, 1));
        packet.field("ip.flags.rb", Value::Boolean(flags & 4 != 0), octets.span(6, 1));
        packet.field("ip.flags.df", Value::Boolean(header.dont_fragment()), octets.span(6, 1));
        packet.field("ip.flags.mf", Value::Boolean(header.more_fragments()), octets.span(6, 1));
    }
    packet.part(
        "ip.frag_offset",
        Value::Unsigned(u64::from(header.fragments_offset().value())),
        &octets,
        6,
        2,
    );
    packet.part("ip.ttl", Value::Unsigned(u64::from(header.ttl())), &octets, 8, 1);
    let protocol = header.protocol();
    packet.part("ip.proto", Value::Named(u64::from(protocol.0), protocol.keyword_str()), &octets, 9, 1);
    packet.part("ip.checksum", Value::Hexadecimal(u64::from(header.header_checksum()), 4), &octets, 10, 2);
    packet.part("ip.src", Value::Ipv4(header.source_addr()), &octets, 12, 4);
    packet.part("ip.dst", Value::Ipv4(header.destination_addr()), &octets, 16, 4);
    if !header.options().is_empty() {
        packet.part("ip.options", Value::Opaque(header.options()), &octets, 20, header.options().len());
    }
}

/// Shows the fields of an IPv6 header that are present.
fn v6_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, header: &Ipv6HeaderSlice<'_>) {
    packet.part("ipv6.version", Value::Unsigned(u64::from(header.version())), &octets, 0, 1);
    if octets.octets.len() >= 4 {
        let class = Value::Hexadecimal(u64::from(header.traffic_class()), 8);
        let packet = &mut *packet.enter_field("ipv6.tclass", class, octets.span(0, 4));
        let (dscp, ecn) = (header.dscp().value(), header.ecn().value());
        packet.field("ipv6.tclass.dscp", Value::Unsigned(u64::from(dscp)), octets.span(0, 4));
        packet.field("ipv6.tclass.ecn", Value::Unsigned(u64::from(ecn)), octets.span(0, 4));
    }
    packet.part("ipv6.flow", Value::Hexadecimal(u64::from(header.flow_label().value()), 6), &octets, 1, 3);
    packet.part("ipv6.plen", Value::Unsigned(u64::from(header.payload_length())), &octets, 4, 2);
    let next = header.next_header();
    packet.part("ipv6.nxt", Value::Named(u64::from(next.0), next.keyword_str()), &octets, 6, 1);
    packet.part("ipv6.hlim", Value::Unsigned(u64::from(header.hop_limit())), &octets, 7, 1);
    packet.part("ipv6.src", Value::Ipv6(header.source_addr()), &octets, 8, 16);
    packet.part("ipv6.dst", Value::Ipv6(header.destination_addr()), &octets, 24, 16);
}

pub(crate) fn v6<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let header = match Ipv6HeaderSlice::from_slice(octets.octets) {
        Ok(header) => header,
        Err(error) => {
            let reason = match error {
                etherparse::err::ipv6::HeaderSliceError::Len(error) => {
                    Reason::from(octets.too_short("IPv6 header", error.required_len))
                }
                etherparse::err::ipv6::HeaderSliceError::Content(error) => {
                    let etherparse::err::ipv6::HeaderError::UnexpectedVersion { version_number } = error;
                    Reason::Version(version_number)
                }
            };
            let mut inside = walk.packet.enter(&IPV6, octets.whole());
            let padded = octets.padded::<V6_HEADER_LEN>();
            if S::FIELDS
                && let (Some(6), Ok(header)) =
                    (octets.octets.first().map(|first| first >> 4), Ipv6HeaderSlice::from_slice(&padded))
            {
                v6_fields(&mut inside, *octets, &header);
            }
            inside.fault("ipv6", reason, octets.whole());
            inside.leave();
            if !matches!(reason, Reason::Version(_)) {
                say_cut(&mut walk.packet, "IPv6", "header", *octets);
            }
            return;
        }
    };
    let (source, destination) = (header.source_addr(), header.destination_addr());
    walk.packet.around.enter_network(source.into(), destination.into(), header.hop_limit(), header.slice());
    walk.packet.endpoints(Address::Ip(source.into()), Address::Ip(destination.into()));

    let mut inside = walk.packet.enter(&IPV6, octets.span(0, V6_HEADER_LEN));
    if inside.wants_fields() {
        v6_fields(&mut inside, *octets, &header);
    }
    let payload_len = usize::from(header.payload_length());
    let all = octets.after(40);
    if all.octets.len() < payload_len && !octets.cut {
        inside.around.is_short = true;
        inside.fault("ipv6", octets.too_short("IPv6 packet", payload_len.saturating_add(40)), octets.whole());
    }
    inside.leave();

    // 0 means a jumbogram, or a sender with segmentation offload.
    let payload = if payload_len == 0 { all } else { all.first(payload_len) };
    let complete = !payload.cut && all.octets.len() >= payload_len;
    let len = payload.octets.len().saturating_add(40);
    let enclosing = octets.octets.get(..len).filter(|_| complete);
    let payload = Octets { enclosing, ..payload };
    extensions(walk, header.next_header().0, complete, payload);
}

/// Follows the extension headers in front of the payload of a packet. Each has at least 8 octets.
fn extensions<S: Sink>(walk: &mut Walk<'_, S>, first: u8, complete: bool, payload: Octets<'_>) {
    let (mut next, mut octets, mut depth) = (first, payload, 0usize);
    loop {
        let (protocol, [next_name, len_name, octets_name]) = match next {
            0 => (&HOP_BY_HOP, ["ipv6.hopopts.nxt", "ipv6.hopopts.len", "ipv6.hopopts.len_oct"]),
            ROUTING_HEADER => (&ROUTING, ["ipv6.routing.nxt", "ipv6.routing.len", "ipv6.routing.len_oct"]),
            60 => (&DESTINATION, ["ipv6.dstopts.nxt", "ipv6.dstopts.len", "ipv6.dstopts.len_oct"]),
            FRAGMENT_HEADER => {
                if walk.packet.descend(&octets) {
                    fragment(walk, complete, octets);
                    walk.packet.ascend();
                }
                break;
            }
            _ => {
                upper(walk, next, &octets);
                break;
            }
        };
        let Ok(header) = Ipv6RawExtHeaderSlice::from_slice(octets.octets) else {
            let needed =
                octets.octets.get(1).map_or(8, |len| usize::from(*len).saturating_add(1).saturating_mul(8));
            walk.packet.broken(protocol, octets.too_short(protocol.title, needed), octets.whole());
            say_cut(&mut walk.packet, "IPv6", protocol.title, octets);
            break;
        };
        // Each header counts as nested in the one before it, so the chain is bounded as nested protocols are.
        if !walk.packet.descend(&octets) {
            break;
        }
        depth = depth.saturating_add(1);
        let len = header.slice().len();
        let mut inside = walk.packet.enter(protocol, octets.span(0, len));
        inside.field(next_name, Value::Unsigned(u64::from(header.next_header().0)), octets.span(0, 1));
        let units = octets.octets.get(1).copied().unwrap_or_default();
        inside.field(len_name, Value::Unsigned(u64::from(units)), octets.span(1, 1));
        inside.field(octets_name, Value::Unsigned(count(len)), octets.span(1, 1));
        if let (ROUTING_HEADER, Some([kind, left])) = (next, octets.after(2).octets.first_chunk()) {
            inside.field("ipv6.routing.type", Value::Unsigned(u64::from(*kind)), octets.span(2, 1));
            inside.field("ipv6.routing.segleft", Value::Unsigned(u64::from(*left)), octets.span(3, 1));
        }
        inside.leave();
        next = header.next_header().0;
        octets = octets.after(len);
    }
    for _ in 0..depth {
        walk.packet.ascend();
    }
}

/// Writes the summary line of a header that is cut.
fn say_cut<S: Sink>(packet: &mut Packet<'_, S>, column: &'static str, header: &str, octets: Octets<'_>) {
    let len = octets.octets.len();
    packet.summary(column, format_args!("{header}, cut after {len} octets"));
}

static HOP_BY_HOP: Protocol = Protocol { filter: "ipv6.hopopts", title: "IPv6 Hop-by-Hop Options" };
static ROUTING: Protocol = Protocol { filter: "ipv6.routing", title: "IPv6 Routing Header" };
static DESTINATION: Protocol = Protocol { filter: "ipv6.dstopts", title: "IPv6 Destination Options" };
static FRAGMENT: Protocol = Protocol { filter: "ipv6.fraghdr", title: "IPv6 Fragment Header" };

fn fragment<S: Sink>(walk: &mut Walk<'_, S>, complete: bool, octets: Octets<'_>) {
    let Ok(header) = Ipv6FragmentHeaderSlice::from_slice(octets.octets) else {
        walk.packet.broken(&FRAGMENT, octets.too_short(FRAGMENT.title, 8), octets.whole());
        say_cut(&mut walk.packet, "IPv6", FRAGMENT.title, octets);
        return;
    };
    let mut inside = walk.packet.enter(&FRAGMENT, octets.span(0, 8));
    let next = header.next_header().0;
    inside.field("ipv6.fraghdr.nxt", Value::Unsigned(u64::from(next)), octets.span(0, 1));
    let reserved = octets.octets.get(1).copied().unwrap_or_default();
    inside.field(
        "ipv6.fraghdr.reserved_octet",
        Value::Hexadecimal(u64::from(reserved), 4),
        octets.span(1, 1),
    );
    inside.field(
        "ipv6.fraghdr.offset",
        Value::Unsigned(u64::from(header.fragment_offset().value())),
        octets.span(2, 2),
    );
    let reserved = octets.octets.get(3).map_or(0, |octet| (octet >> 1) & 3);
    inside.field("ipv6.fraghdr.reserved_bits", Value::Unsigned(u64::from(reserved)), octets.span(2, 2));
    inside.field("ipv6.fraghdr.more", Value::Boolean(header.more_fragments()), octets.span(2, 2));
    inside.field(
        "ipv6.fraghdr.ident",
        Value::Hexadecimal(u64::from(header.identification()), 8),
        octets.span(4, 4),
    );
    inside.leave();
    let Some((source, destination)) = walk.packet.around.network else { return };
    let fragment = Fragment {
        offset: usize::from(header.fragment_offset().value()).saturating_mul(8),
        more: header.more_fragments(),
        complete,
    };
    // RFC 8200 section 4.5: the next header is not a part of the key that identifies a datagram.
    let key = DatagramKey { source, destination, identification: header.identification(), protocol: None };
    transport(walk, next, key, fragment, &octets.after(8));
}

/// Collects fragments. Passes on a packet that is not a fragment, and a datagram that is complete.
fn transport<S: Sink>(
    walk: &mut Walk<'_, S>,
    protocol: u8,
    key: DatagramKey,
    fragment: Fragment,
    payload: &Octets<'_>,
) {
    let is_v6 = key.protocol.is_none();
    if fragment.offset == 0 && !fragment.more {
        return next_header(walk, is_v6, protocol, payload);
    }
    let column = if is_v6 { "IPv6" } else { "IPv4" };
    let (what, offset, number) = (ProtocolName(protocol), fragment.offset, key.identification);
    let len = payload.octets.len();
    if !fragment.complete || !walk.packet.around.is_live() {
        // This fragment cannot be put together, or it belongs to a datagram elsewhere. The first fragment is shown as
        // far as it goes.
        if walk.packet.around.quoted != Quoted::No {
            walk.packet.around.quoted = Quoted::Cut;
        }
        if fragment.offset == 0 {
            return next_header(walk, is_v6, protocol, &Octets { enclosing: None, ..*payload });
        }
        let why = if walk.packet.around.is_dropped { "in a packet that is dropped" } else { "cut" };
        let text = format_args!("fragment at {offset} of datagram 0x{number:04x}, {what}, {why}");
        return walk.packet.summary(column, text);
    }
    match walk.state.fragments.insert(walk.packet.time, key, protocol, fragment, payload.octets) {
        Outcome::Waiting => walk.packet.summary(
            column,
            format_args!("fragment of {len} octets at {offset} of datagram 0x{number:04x}, {what}"),
        ),
        Outcome::Fault(reason) => {
            walk.packet.fault(if is_v6 { "ipv6" } else { "ip" }, reason, payload.whole());
        }
        Outcome::Complete { protocol, octets } => {
            let name = if is_v6 { "reassembled IPv6 datagram" } else { "reassembled IPv4 datagram" };
            let source = walk.packet.source(name, &octets);
            next_header(walk, is_v6, protocol, &Octets::of_source(source, &octets));
        }
    }
}

/// Dissects what follows an IP header, or what follows a header in its place. [`Around::next_header`] says what it is.
///
/// [`Around::next_header`]: crate::packet::Around::next_header
pub(crate) fn payload<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let (is_v6, protocol) = (walk.packet.around.is_v6(), walk.packet.around.next_header);
    next_header(walk, is_v6, protocol, octets);
}

fn next_header<S: Sink>(walk: &mut Walk<'_, S>, is_v6: bool, protocol: u8, payload: &Octets<'_>) {
    if is_v6 {
        extensions(walk, protocol, !payload.cut, *payload);
    } else {
        upper(walk, protocol, payload);
    }
}

/// The name and the number of a protocol in IP.
struct ProtocolName(u8);

impl fmt::Display for ProtocolName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match etherparse::IpNumber(self.0).keyword_str() {
            Some(name) => write!(out, "{name} ({})", self.0),
            None => write!(out, "protocol {}", self.0),
        }
    }
}

/// The name of a packet of OSPF, which AH often protects and which stands beside HSRP, by its type: RFC 2328 section
/// A.3.1 and RFC 5340 section A.3.1.
fn ospf_packet(protocol: u8, octets: &[u8]) -> Option<&'static str> {
    const OSPF: u8 = 89;
    match octets.get(1).filter(|_| protocol == OSPF)? {
        1 => Some("Hello"),
        2 => Some("Database Description"),
        3 => Some("Link State Request"),
        4 => Some("Link State Update"),
        5 => Some("Link State Acknowledgment"),
        _ => None,
    }
}

fn upper<S: Sink>(walk: &mut Walk<'_, S>, protocol: u8, payload: &Octets<'_>) {
    walk.packet.enclose();
    if walk.next(Table::IpProtocol, u32::from(protocol), payload) {
        return;
    }
    let len = Part::Number(count(payload.octets.len()));
    if let Some(packet) = ospf_packet(protocol, payload.octets) {
        return walk
            .packet
            .summary_parts("OSPF", &[Part::Text(packet), Part::Text(", "), len, Part::Text(" octets")]);
    }
    match etherparse::IpNumber(protocol).keyword_str() {
        Some(name) => walk.packet.summary_parts(name, &[len, Part::Text(" octets")]),
        None => {
            let protocol = Part::Number(protocol.into());
            walk.packet.summary_parts(
                "IP",
                &[Part::Text("protocol "), protocol, Part::Text(", "), len, Part::Text(" octets")],
            );
        }
    }
}
