//! ISAKMP and ESP in TCP port 4500, RFC 9329: a stream of messages, each behind its length.

use ipsec::udp_encapsulation::{Datagram, NON_ESP_MARKER};

use crate::packet::Octets;
use crate::sink::{Protocol, Reason, Sink, Value};
use crate::tables::{Handler, Table};
use crate::tcp_stream::{Arrived, Direction};
use crate::walk::Walk;

static TCPENCAP: Protocol = Protocol { filter: "tcpencap", title: "TCP Encapsulation of IPsec Packets" };

/// What the side that opens the connection sends first, RFC 9329 section 4.
const PREFIX: &[u8] = b"IKETCP";

/// The length field, which counts itself, RFC 9329 section 3.
const LENGTH_LEN: usize = 2;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let (direction, segment) = (Direction::of(&walk.packet.around), walk.packet.around.segment);
    let (Some(direction), Some(segment), true) = (direction, segment, walk.packet.around.is_live()) else {
        // A quoted segment belongs to a stream elsewhere.
        messages(walk, *octets);
        return;
    };
    let len = octets.octets.len();
    let left = match walk.state.streams.accept(direction, segment, len) {
        Arrived::Again => {
            return walk.packet.summary("TCP", format_args!("retransmission, {len} octets"));
        }
        Arrived::New { from, held } if held.is_empty() => messages(walk, octets.after(from)).octets.to_vec(),
        Arrived::New { from, held } => {
            let joined = [&held, octets.after(from).octets].concat();
            let source = walk.packet.source("reassembled TCP stream", &joined);
            messages(walk, Octets { cut: octets.cut, ..Octets::of_source(source, &joined) }).octets.to_vec()
        }
    };
    walk.state.streams.hold(direction, &left);
}

/// Dissects the messages that are whole, and returns the octets of one that is not.
fn messages<'o, S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'o>) -> Octets<'o> {
    let mut left = octets;
    if left.octets.starts_with(PREFIX) {
        let prefix = left.first(PREFIX.len());
        let mut inside = walk.packet.enter(&TCPENCAP, prefix.whole());
        inside.field("tcpencap.prefix", Value::Octets(prefix.octets), prefix.whole());
        inside.summary("TCPENCAP", format_args!("stream prefix IKETCP"));
        inside.leave();
        left = left.after(PREFIX.len());
    }
    while let Some([high, low]) = left.octets.first_chunk() {
        let len = usize::from(u16::from_be_bytes([*high, *low]));
        if len < LENGTH_LEN {
            let span = left.span(0, LENGTH_LEN);
            let mut inside = walk.packet.enter(&TCPENCAP, span);
            let reason = Reason::LengthField { field: "tcpencap.length", value: len, least: LENGTH_LEN };
            inside.fault("tcpencap", reason, span);
            // Nothing tells where the next message begins.
            return left.after(left.octets.len());
        }
        if left.octets.len() < len {
            if left.cut {
                message(walk, left);
                return left.after(left.octets.len());
            }
            break;
        }
        message(walk, left.first(len));
        left = left.after(len);
    }
    if !left.octets.is_empty() && left.start == octets.start && left.source == octets.source {
        let len = left.octets.len();
        walk.packet.enter(&TCPENCAP, left.whole()).leave();
        walk.packet.summary("TCPENCAP", format_args!("{len} octets of a message that is not whole yet"));
    }
    left
}

/// Dissects a message with its length.
fn message<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    let around = walk.packet.around;
    let mut inside = walk.packet.enter(&TCPENCAP, octets.first(LENGTH_LEN).whole());
    let [high, low] = octets.padded();
    let len = u16::from_be_bytes([high, low]);
    inside.part("tcpencap.length", Value::Unsigned(len.into()), &octets, 0, LENGTH_LEN);
    let contents = octets.after(LENGTH_LEN);
    match Datagram::parse(contents.octets) {
        Ok(Datagram::Ike(_)) => {
            let marker = contents.first(NON_ESP_MARKER.len());
            inside.field("tcpencap.non_esp_marker", Value::Octets(marker.octets), marker.whole());
            inside.leave();
            walk.hand(Handler::Isakmp, &contents.after(NON_ESP_MARKER.len()));
        }
        _ => {
            inside.leave();
            // ESP in TCP is not authenticated together with the IP packet around it.
            walk.next(
                Table::IpProtocol,
                ipsec::esp::PROTOCOL.into(),
                &Octets { enclosing: None, ..contents },
            );
        }
    }
    // What was inside this message is not around the next one.
    walk.packet.around = around;
}
