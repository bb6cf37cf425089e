//! The link layers: the headers before a network packet.

use etherparse::{Ethernet2HeaderSlice, SingleVlanHeaderSlice};
use wire::Reader;

use crate::declared_len::{self, GREATEST_802_3_LENGTH};
use crate::packet::{Octets, Packet};
use crate::sink::{Address, Protocol, Sink, Value};
use crate::tables::{Handler, Table};
use crate::walk::Walk;

static ETHERNET: Protocol = Protocol { filter: "eth", title: "Ethernet II" };
static IEEE_802_3: Protocol = Protocol { filter: "eth", title: "IEEE 802.3 Ethernet" };
static VLAN: Protocol = Protocol { filter: "vlan", title: "802.1Q Virtual LAN" };
static IEEE_802_1AD: Protocol = Protocol { filter: "ieee8021ad", title: "802.1ad Provider Bridge" };
static NULL: Protocol = Protocol { filter: "null", title: "Null/Loopback" };
static LINUX_SLL: Protocol = Protocol { filter: "sll", title: "Linux cooked capture v1" };
static LINUX_SLL2: Protocol = Protocol { filter: "sll", title: "Linux cooked capture v2" };

/// The length of the shortest Ethernet frame, without its check sequence.
const LEAST_FRAME: usize = 60;

/// The protocol value of a cooked header that an 802.2 header follows: Linux's `ETH_P_802_2`.
const LINUX_802_2: u16 = 4;

pub(crate) fn ethernet<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    if matches!(octets.octets, [0x01 | 0x03, 0x00, 0x0c, 0x00, 0x00, ..]) {
        // The first 40 bits of the destination are one of the two groups of ISL.
        return walk.hand(Handler::Isl, octets);
    }
    let Ok(header) = Ethernet2HeaderSlice::from_slice(octets.octets) else {
        walk.packet.broken(&ETHERNET, octets.too_short("Ethernet header", 14), octets.whole());
        return;
    };
    let ethertype = header.ether_type().0;
    let is_length = declared_len::is_802_3(ethertype);
    let mut inside = walk.packet.enter(if is_length { &IEEE_802_3 } else { &ETHERNET }, octets.span(0, 14));
    inside.field("eth.dst", Value::Mac(header.destination()), octets.span(0, 6));
    inside.field("eth.src", Value::Mac(header.source()), octets.span(6, 6));
    inside.around.link_source = Some(header.source());
    inside.around.link_start = octets.start;
    // Inside a tunnel, the outer IP packet does not belong to the inner frame.
    inside.around.network = None;
    inside.endpoints(Address::Mac(header.source()), Address::Mac(header.destination()));
    let after = octets.after(14);
    if is_length {
        inside.field("eth.len", Value::Unsigned(u64::from(ethertype)), octets.span(12, 2));
    } else {
        inside.field("eth.type", Value::Hexadecimal(u64::from(ethertype), 4), octets.span(12, 2));
    }
    padding(&mut inside, ethertype, after, "eth.trailer");
    inside.leave();
    network(walk, ethertype, &after);
}

/// The names of a tag's fields. Customer tags and provider tags have different ones.
struct TagFields {
    protocol: &'static Protocol,
    priority: &'static str,
    dei: &'static str,
    id: &'static str,
    ethertype: &'static str,
}

static CUSTOMER: TagFields = TagFields {
    protocol: &VLAN,
    priority: "vlan.priority",
    dei: "vlan.dei",
    id: "vlan.id",
    ethertype: "vlan.etype",
};

static PROVIDER: TagFields = TagFields {
    protocol: &IEEE_802_1AD,
    priority: "ieee8021ad.priority",
    dei: "ieee8021ad.dei",
    id: "ieee8021ad.id",
    ethertype: "ieee8021ah.etype",
};

/// Dissects a tag of IEEE 802.1Q.
pub(crate) fn vlan<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    tag(walk, *octets, &CUSTOMER);
}

/// Dissects a tag of IEEE 802.1ad.
pub(crate) fn provider_tag<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    tag(walk, *octets, &PROVIDER);
}

fn tag<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>, names: &TagFields) {
    let Ok(header) = SingleVlanHeaderSlice::from_slice(octets.octets) else {
        walk.packet.broken(names.protocol, octets.too_short("802.1Q tag", 4), octets.whole());
        return;
    };
    let mut inside = walk.packet.enter(names.protocol, octets.span(0, 4));
    let control = octets.span(0, 2);
    let priority = u64::from(header.priority_code_point().value());
    inside.field(names.priority, Value::Unsigned(priority), control);
    inside.field(names.dei, Value::Boolean(header.drop_eligible_indicator()), control);
    inside.field(names.id, Value::Unsigned(u64::from(header.vlan_identifier().value())), control);
    let ethertype = header.ether_type().0;
    let after = octets.after(4);
    if declared_len::is_802_3(ethertype) {
        inside.field("vlan.len", Value::Unsigned(u64::from(ethertype)), octets.span(2, 2));
    } else {
        inside.field(names.ethertype, Value::Hexadecimal(u64::from(ethertype), 4), octets.span(2, 2));
    }
    padding(&mut inside, ethertype, after, "vlan.trailer");
    inside.leave();
    network(walk, ethertype, &after);
}

/// Shows the octets after the network packet: zeros that fill the frame up to the shortest length, and a trailer.
pub(crate) fn padding<S: Sink>(
    packet: &mut Packet<'_, S>,
    ethertype: u16,
    after: Octets<'_>,
    trailer: &'static str,
) {
    let len = match ethertype {
        0x0800 | 0x86dd => declared_len::of_ip(after.octets),
        0x0806 => declared_len::of_arp(after.octets),
        _ if declared_len::is_802_3(ethertype) => Some(usize::from(ethertype)),
        _ => None,
    };
    let Some(rest) = len.map(|len| after.after(len)).filter(|rest| !rest.octets.is_empty()) else { return };
    let padding = rest.first(LEAST_FRAME.saturating_sub(rest.start.saturating_sub(packet.around.link_start)));
    let padding_len = if padding.octets.iter().all(|octet| *octet == 0) { padding.octets.len() } else { 0 };
    if padding_len != 0 {
        packet.field("eth.padding", Value::Octets(padding.octets), padding.whole());
    }
    let rest = rest.after(padding_len);
    packet.opaque(trailer, rest);
}

fn network<S: Sink>(walk: &mut Walk<'_, S>, ethertype: u16, octets: &Octets<'_>) {
    if declared_len::is_802_3(ethertype) {
        let len = usize::from(ethertype);
        if octets.octets.len() < len && !octets.cut {
            walk.packet.fault("eth", octets.too_short("IEEE 802.3 frame", len), octets.whole());
        }
        walk.hand(Handler::Llc, &octets.first(len));
    } else if !walk.next(Table::EtherType, u32::from(ethertype), octets) {
        let len = octets.octets.len();
        walk.packet.summary("Ethernet", format_args!("type 0x{ethertype:04x}, {len} octets"));
    }
}

pub(crate) fn null<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut reader = Reader::at("frame", octets.octets, octets.start);
    let family = match reader.array::<4>("loopback header") {
        Ok(family) => *family,
        Err(error) => return walk.packet.broken(&NULL, error, octets.whole()),
    };
    // The byte order of the capturing host is not recorded. Address families are small numbers, so the octets tell the
    // order.
    let family = match u32::from_le_bytes(family) {
        family if family > 0xffff => {
            u32::from_be_bytes(*family.to_le_bytes().first_chunk().unwrap_or(&[0; 4]))
        }
        family => family,
    };
    let mut inside = walk.packet.enter(&NULL, octets.span(0, 4));
    inside.field("null.family", Value::Unsigned(u64::from(family)), octets.span(0, 4));
    inside.leave();
    let after = octets.after(4);
    match family {
        2 => network(walk, 0x0800, &after),
        // These are the values of AF_INET6 of NetBSD, FreeBSD, macOS and Linux.
        24 | 28 | 30 | 10 => network(walk, 0x86dd, &after),
        family => {
            walk.packet
                .summary("Null", format_args!("address family {family}, {} octets", after.octets.len()));
        }
    }
}

pub(crate) fn linux_sll<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    // etherparse rejects hardware types that it does not know. The fields are the same for all types.
    let mut reader = Reader::at("frame", octets.octets, octets.start);
    let header = match reader.array::<16>("Linux cooked header") {
        Ok(header) => *header,
        Err(error) => return walk.packet.broken(&LINUX_SLL, error, octets.whole()),
    };
    let [t0, t1, h0, h1, l0, l1, a0, a1, a2, a3, a4, a5, u0, u1, p0, p1] = header;
    let mut inside = walk.packet.enter(&LINUX_SLL, octets.span(0, 16));
    let word = |high, low| u16::from_be_bytes([high, low]);
    inside.field("sll.pkttype", Value::Unsigned(u64::from(word(t0, t1))), octets.span(0, 2));
    inside.field("sll.hatype", Value::Unsigned(u64::from(word(h0, h1))), octets.span(2, 2));
    inside.field("sll.halen", Value::Unsigned(u64::from(word(l0, l1))), octets.span(4, 2));
    if word(l0, l1) == 6 {
        let address = [a0, a1, a2, a3, a4, a5];
        inside.field("sll.src.eth", Value::Mac(address), octets.span(6, 6));
        inside.field("sll.unused", Value::Opaque(&[u0, u1]), octets.span(12, 2));
        inside.around.link_source = Some(address);
    } else if word(l0, l1) == 0 {
        inside.field("sll.unused", Value::Opaque(&[a0, a1, a2, a3, a4, a5, u0, u1]), octets.span(6, 8));
    }
    let ethertype = word(p0, p1);
    inside.field(cooked_type(ethertype), Value::Hexadecimal(u64::from(ethertype), 4), octets.span(14, 2));
    let after = octets.after(16);
    if ethertype > GREATEST_802_3_LENGTH {
        padding(&mut inside, ethertype, after, "sll.trailer");
    }
    inside.leave();
    cooked(walk, ethertype, after);
}

pub(crate) fn linux_sll2<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut reader = Reader::at("frame", octets.octets, octets.start);
    let header = match reader.array::<20>("Linux cooked v2 header") {
        Ok(header) => *header,
        Err(error) => return walk.packet.broken(&LINUX_SLL2, error, octets.whole()),
    };
    let [p0, p1, _, _, i0, i1, i2, i3, h0, h1, kind, len, address @ ..] = header;
    let ethertype = u16::from_be_bytes([p0, p1]);
    let mut inside = walk.packet.enter(&LINUX_SLL2, octets.span(0, 20));
    inside.field(cooked_type(ethertype), Value::Hexadecimal(u64::from(ethertype), 4), octets.span(0, 2));
    inside.field(
        "sll.ifindex",
        Value::Unsigned(u64::from(u32::from_be_bytes([i0, i1, i2, i3]))),
        octets.span(4, 4),
    );
    inside.field("sll.hatype", Value::Unsigned(u64::from(u16::from_be_bytes([h0, h1]))), octets.span(8, 2));
    inside.field("sll.pkttype", Value::Unsigned(u64::from(kind)), octets.span(10, 1));
    inside.field("sll.halen", Value::Unsigned(u64::from(len)), octets.span(11, 1));
    if len == 6 {
        let [a0, a1, a2, a3, a4, a5, unused @ ..] = address;
        inside.field("sll.src.eth", Value::Mac([a0, a1, a2, a3, a4, a5]), octets.span(12, 6));
        inside.field("sll.unused", Value::Opaque(&unused), octets.span(18, 2));
        inside.around.link_source = Some([a0, a1, a2, a3, a4, a5]);
    } else if len == 0 {
        inside.field("sll.unused", Value::Opaque(&address), octets.span(12, 8));
    }
    let after = octets.after(20);
    if ethertype > GREATEST_802_3_LENGTH {
        padding(&mut inside, ethertype, after, "sll.trailer");
    }
    inside.leave();
    cooked(walk, ethertype, after);
}

/// Returns the name of the field for the protocol of a cooked header.
const fn cooked_type(protocol: u16) -> &'static str {
    if protocol > GREATEST_802_3_LENGTH { "sll.etype" } else { "sll.ltype" }
}

/// Dissects what follows a cooked header. Small protocol numbers are not lengths there: they are Linux's own
/// protocols.
fn cooked<S: Sink>(walk: &mut Walk<'_, S>, protocol: u16, octets: Octets<'_>) {
    match protocol {
        LINUX_802_2 => walk.hand(Handler::Llc, &octets),
        protocol if protocol <= GREATEST_802_3_LENGTH => walk
            .packet
            .summary("SLL", format_args!("protocol 0x{protocol:04x}, {} octets", octets.octets.len())),
        protocol => network(walk, protocol, &octets),
    }
}
