//! Packets that Linux' netfilter logged: attributes, of which one is the packet.

use wire::Chain;

use crate::packet::Octets;
use crate::read_only::ReadOnly;
use crate::sink::{Protocol, Sink, Value};
use crate::tlv::Family;
use crate::walk::Walk;
use crate::words::Words;

static NFLOG: Protocol = Protocol { filter: "nflog", title: "Linux Netfilter NFLOG" };

const HEADER_LEN: usize = 4;
const TLV_HEADER_LEN: usize = 4;

/// The attributes of `enum nfulnl_attr_type` of Linux that are shown.
const PACKET_HEADER: u16 = 1;
const TIMESTAMP: u16 = 3;
const INTERFACES: [(u16, &str); 4] = [
    (4, "nflog.ifindex_indev"),
    (5, "nflog.ifindex_outdev"),
    (6, "nflog.ifindex_physindev"),
    (7, "nflog.ifindex_physoutdev"),
];
const PAYLOAD: u16 = 9;
const PREFIX: u16 = 10;
const USER: u16 = 11;
const GROUP: u16 = 14;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&NFLOG, octets.whole());
    let mut words = Words::new(&mut entered, *octets);
    words.number::<1>("nflog.family", 0);
    words.number::<1>("nflog.version", 1);
    words.number::<2>("nflog.res_id", 2);
    if words.ends_in_header(&NFLOG, "NFLOG", "NFLOG header", HEADER_LEN, *octets) {
        return;
    }
    let attributes = octets.after(HEADER_LEN);
    let read = |is_little| {
        let framing = ReadOnly(Family::Nflog { is_little });
        Chain::parse_until_error(attributes.octets, attributes.start, framing)
    };
    // The byte order is that of the machine that captured, which nothing tells. In the wrong order, lengths do not fit.
    let (little, big) = (read(true), read(false));
    let is_little = little.fault.is_none() || big.fault.is_some();
    let read = if is_little { little } else { big };
    let mut payload = None;
    for element in read.value.iter() {
        let at = element.offset.saturating_sub(octets.start);
        let whole = octets.after(at).first(TLV_HEADER_LEN.saturating_add(element.value.len()));
        let value = whole.after(TLV_HEADER_LEN);
        let mut inside = entered.enter_field("nflog.tlv", Value::Opaque(whole.octets), whole.whole());
        let len = whole.octets.len().saturating_add(element.missing);
        inside.field("nflog.tlv_length", Value::Unsigned(crate::sink::count(len)), whole.span(0, 2));
        // The highest bit says that the attribute is nested.
        let kind = element.header & 0x7fff;
        inside.field("nflog.tlv_type", Value::Unsigned(kind.into()), whole.span(2, 2));
        let mut words = Words::new(&mut inside, value);
        let interface = INTERFACES.iter().find(|(number, _)| *number == kind);
        match kind {
            PACKET_HEADER => {
                words.hexadecimal::<2>("nflog.protocol", 0);
                words.number::<1>("nflog.hook", 2);
            }
            PAYLOAD => payload = payload.or(Some(Octets { cut: octets.cut, ..value })),
            PREFIX => {
                inside.field("nflog.prefix", Value::Text(value.octets), value.whole());
            }
            USER => {
                words.number::<4>("nflog.uid", 0);
            }
            GROUP => {
                words.number::<4>("nflog.gid", 0);
            }
            TIMESTAMP => {}
            _ => match interface {
                Some((_, name)) => {
                    words.number::<4>(name, 0);
                }
                None => inside.opaque("nflog.tlv_value", value),
            },
        }
    }
    if let Some(fault) = read.fault
        && !octets.cut
    {
        entered.fault("nflog", fault, attributes.whole());
    }
    entered.leave();
    if !payload.is_some_and(|payload| walk.ip(&payload)) {
        let len = payload.map_or(0, |payload| payload.octets.len());
        walk.packet.summary("NFLOG", format_args!("a packet of {len} octets that is not IP"));
    }
}
