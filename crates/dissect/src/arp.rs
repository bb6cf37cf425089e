//! ARP, RFC 826, with the announcements of RFC 5227 told apart.

use std::fmt;
use std::net::Ipv4Addr;

use crate::declared_len;
use crate::mac::{Mac, VirtualRouter};
use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::walk::Walk;
use crate::words::Words;

static ARP: Protocol = Protocol { filter: "arp", title: "Address Resolution Protocol" };

const HEADER_LEN: usize = 8;

const REQUEST: u16 = 1;
const REPLY: u16 = 2;

/// The names of the operations: RFC 826, RFC 903, RFC 2390.
const OPERATIONS: [&str; 9] = [
    "request",
    "reply",
    "reverse request",
    "reverse reply",
    "DRARP request",
    "DRARP reply",
    "DRARP error",
    "inverse request",
    "inverse reply",
];

/// The hardware type of Ethernet, and that of IEEE 802 networks.
const ETHERNET_LIKE: [u64; 2] = [1, 6];

/// The addresses of a side, where they are of Ethernet and IPv4.
#[derive(Clone, Copy, Debug, Default)]
struct Side {
    mac: Option<[u8; 6]>,
    ipv4: Option<Ipv4Addr>,
}

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    // default: without its two lengths, a packet has at least its header
    let len = declared_len::of_arp(octets.octets).unwrap_or(HEADER_LEN).max(HEADER_LEN);
    let octets = octets.first(len);
    let mut entered = walk.packet.enter(&ARP, octets.whole());
    let mut words = Words::new(&mut entered, octets);
    let hardware = words.number::<2>("arp.hw.type", 0);
    let protocol = words.hexadecimal::<2>("arp.proto.type", 2);
    let hardware_len = usize::from(words.number::<1>("arp.hw.size", 4).to_le_bytes()[0]);
    let protocol_len = usize::from(words.number::<1>("arp.proto.size", 5).to_le_bytes()[0]);
    // default: never taken, because the field has two octets
    let operation = u16::try_from(words.word::<2>(6)).unwrap_or_default();
    let name = operation.checked_sub(1).and_then(|at| OPERATIONS.get(usize::from(at)).copied());
    words.part("arp.opcode", Value::Named(operation.into(), name), &octets, 6, 2);

    let is_mac = ETHERNET_LIKE.contains(&hardware) && hardware_len == 6;
    let is_ipv4 = protocol == 0x0800 && protocol_len == 4;
    let half = hardware_len.saturating_add(protocol_len);
    let mut side = |at: usize, [mac, hardware, ipv4, protocol]: [&'static str; 4]| {
        let after = at.saturating_add(hardware_len);
        let mut side = Side::default();
        match is_mac {
            true => side.mac = words.mac(mac, at),
            false => words.octets(hardware, at, hardware_len),
        }
        match is_ipv4 {
            true => side.ipv4 = words.ipv4(ipv4, after),
            false => words.octets(protocol, after, protocol_len),
        }
        side
    };
    let sender = side(HEADER_LEN, ["arp.src.hw_mac", "arp.src.hw", "arp.src.proto_ipv4", "arp.src.proto"]);
    let target_at = HEADER_LEN.saturating_add(half);
    let target = side(target_at, ["arp.dst.hw_mac", "arp.dst.hw", "arp.dst.proto_ipv4", "arp.dst.proto"]);

    let line = Line { operation, name, sender, target, len: octets.octets.len() };
    for (name, is_so) in [
        ("arp.isprobe", line.is_probe()),
        ("arp.isgratuitous", line.is_gratuitous()),
        ("arp.isannouncement", line.is_announcement()),
    ] {
        if is_so {
            entered.field(name, Value::Boolean(true), octets.span(0, 0));
        }
    }
    if octets.octets.len() < len && !octets.cut {
        entered.fault("arp", octets.too_short("ARP packet", len), octets.whole());
    }
    entered.summary("ARP", format_args!("{line}"));
}

/// What a packet says in a line.
struct Line {
    operation: u16,
    name: Option<&'static str>,
    sender: Side,
    target: Side,
    len: usize,
}

impl Line {
    /// Whether the packet asks whether an address is in use, RFC 5227 section 2.1.1.
    fn is_probe(&self) -> bool {
        self.operation == REQUEST && self.sender.ipv4 == Some(Ipv4Addr::UNSPECIFIED)
    }

    /// Whether nobody asked and no answer is wanted: the sender tells its own address.
    fn is_gratuitous(&self) -> bool {
        matches!(self.operation, REQUEST | REPLY)
            && self.sender.ipv4.is_some_and(|address| !address.is_unspecified())
            && self.sender.ipv4 == self.target.ipv4
    }

    /// Whether the packet is an announcement of RFC 5227 section 2.3, whose target has no MAC address.
    fn is_announcement(&self) -> bool {
        self.operation == REQUEST && self.is_gratuitous() && self.target.mac == Some([0; 6])
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(mac), Some(sender), Some(target)) = (self.sender.mac, self.sender.ipv4, self.target.ipv4)
        else {
            return match self.name {
                Some(name) => write!(out, "{name}, {} octets", self.len),
                None => write!(out, "operation {}, {} octets", self.operation, self.len),
            };
        };
        match self.operation {
            REQUEST if self.is_probe() => write!(out, "Who has {target}? (ARP Probe)")?,
            REQUEST if self.is_announcement() => write!(out, "ARP Announcement for {sender}")?,
            REQUEST if self.is_gratuitous() => write!(out, "Gratuitous ARP for {sender} (Request)")?,
            REPLY if self.is_gratuitous() => write!(out, "Gratuitous ARP for {sender} (Reply)")?,
            REQUEST => write!(out, "Who has {target}? Tell {sender}")?,
            REPLY => write!(out, "{sender} is at {}", Mac(mac))?,
            _ => match self.name {
                Some(name) => write!(out, "{name}, {} ({sender}) to {target}", Mac(mac))?,
                None => write!(out, "operation {}, {} ({sender}) to {target}", self.operation, Mac(mac))?,
            },
        }
        VirtualRouter(mac).fmt(out)
    }
}
