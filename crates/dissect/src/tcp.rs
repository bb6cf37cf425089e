//! The segments of TCP, RFC 9293: their header. Streams are followed only where IPsec is inside.

use std::fmt;

use etherparse::{TcpHeaderSlice, TcpOptionElement};

use crate::packet::{Octets, Segment};
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Table;
use crate::walk::Walk;
use crate::words::Words;

static TCP: Protocol = Protocol { filter: "tcp", title: "Transmission Control Protocol" };

const MIN_LEN: usize = 20;

/// The flags with their names in a summary, from the lowest bit on.
const FLAGS: [(&str, &str); 8] = [
    ("tcp.flags.fin", "FIN"),
    ("tcp.flags.syn", "SYN"),
    ("tcp.flags.reset", "RST"),
    ("tcp.flags.push", "PSH"),
    ("tcp.flags.ack", "ACK"),
    ("tcp.flags.urg", "URG"),
    ("tcp.flags.ece", "ECE"),
    ("tcp.flags.cwr", "CWR"),
];

const SYN: u16 = 2;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let Ok(header) = TcpHeaderSlice::from_slice(octets.octets) else {
        // The data offset says how long the header is, if it is there.
        let declared =
            octets.octets.get(12).map_or(MIN_LEN, |octet| usize::from(octet >> 4).saturating_mul(4));
        let needed = octets.too_short("TCP header", declared.max(MIN_LEN));
        let mut inside = walk.packet.enter(&TCP, octets.whole());
        fields(&mut Words::new(&mut inside, *octets), *octets);
        inside.cut_ports("TCP", *octets);
        if declared < MIN_LEN {
            let length =
                crate::sink::Reason::LengthField { field: "tcp.hdr_len", value: declared, least: MIN_LEN };
            inside.fault("tcp", length, octets.span(12, 1));
        } else {
            inside.fault("tcp", needed, octets.whole());
        }
        return;
    };
    let header_len = header.slice().len();
    let mut inside = walk.packet.enter(&TCP, octets.span(0, header_len));
    let mut words = Words::new(&mut inside, *octets);
    let flags = fields(&mut words, *octets);
    words.opaque("tcp.options", octets.first(header_len).after(MIN_LEN));
    let payload = octets.after(header_len);
    words.opaque("tcp.payload", payload);
    inside.leave();
    let (source, destination) = (header.source_port(), header.destination_port());
    walk.packet.around.ports = Some((source, destination));
    // The number of a SYN is that of no octet.
    let number = header.sequence_number().wrapping_add((flags & SYN != 0).into());
    walk.packet.around.segment = Some(Segment { number, begins: flags & SYN != 0 });
    let line = Line { header: &header, flags, len: payload.octets.len() };
    walk.packet.summary("TCP", format_args!("{line}"));
    if payload.octets.is_empty() {
        return;
    }
    for port in [source.min(destination), source.max(destination)] {
        if walk.next(Table::TcpPort, port.into(), &payload) {
            return;
        }
    }
}

/// Shows the fields before the options, as far as they are present, and returns the flags.
fn fields<S: Sink>(words: &mut Words<'_, '_, '_, S>, octets: Octets<'_>) -> u16 {
    words.number::<2>("tcp.srcport", 0);
    words.number::<2>("tcp.dstport", 2);
    words.number::<4>("tcp.seq_raw", 4);
    words.number::<4>("tcp.ack_raw", 8);
    let header_len = (words.word::<1>(12) >> 4).saturating_mul(4);
    words.part("tcp.hdr_len", Value::Unsigned(header_len), &octets, 12, 1);
    let flags = words.word::<2>(12) & 0x0fff;
    if octets.octets.len() >= 14 {
        let span = octets.span(12, 2);
        let mut inside = words.enter_field("tcp.flags", Value::Hexadecimal(flags, 4), span);
        for (bit, (name, _)) in FLAGS.iter().enumerate() {
            inside.field(name, Value::Boolean(flags >> bit & 1 != 0), span);
        }
    }
    words.number::<2>("tcp.window_size_value", 14);
    words.hexadecimal::<2>("tcp.checksum", 16);
    words.number::<2>("tcp.urgent_pointer", 18);
    // default: never taken, because twelve bits are left
    u16::try_from(flags).unwrap_or_default()
}

/// What a segment says in a line. The numbers are those of the segment: nothing follows its stream.
struct Line<'h, 'o> {
    header: &'h TcpHeaderSlice<'o>,
    flags: u16,
    len: usize,
}

impl fmt::Display for Line<'_, '_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.header;
        write!(out, "{} → {} [", header.source_port(), header.destination_port())?;
        let mut separator = "";
        for (bit, (_, name)) in FLAGS.iter().enumerate() {
            if self.flags >> bit & 1 != 0 {
                write!(out, "{separator}{name}")?;
                separator = ", ";
            }
        }
        write!(out, "] seq={}", header.sequence_number())?;
        if header.ack() {
            write!(out, " ack={}", header.acknowledgment_number())?;
        }
        write!(out, " win={} len {}", header.window_size(), self.len)?;
        // What follows an option that is malformed is not known.
        header.options_iterator().map_while(Result::ok).try_for_each(|it| option(out, &it))
    }
}

/// Writes an option: RFC 9293 section 3.2, RFC 7323 and RFC 2018.
fn option(out: &mut fmt::Formatter<'_>, option: &TcpOptionElement) -> fmt::Result {
    match option {
        TcpOptionElement::Noop => Ok(()),
        TcpOptionElement::MaximumSegmentSize(len) => write!(out, " MSS={len}"),
        // RFC 7323 section 2.3: a receiver takes a larger shift for 14.
        TcpOptionElement::WindowScale(shift) => write!(out, " WS={}", 1u64 << (*shift).min(14)),
        TcpOptionElement::SelectiveAcknowledgementPermitted => out.write_str(" SACK_PERM"),
        TcpOptionElement::SelectiveAcknowledgement(first, others) => {
            let others = others.iter().flatten();
            let mut all = core::iter::once(first).chain(others);
            all.try_for_each(|(start, end)| write!(out, " SLE={start} SRE={end}"))
        }
        TcpOptionElement::Timestamp(value, reply) => write!(out, " TSval={value} TSecr={reply}"),
    }
}
