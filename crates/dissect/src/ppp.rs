//! PPP: its header with or without HDLC's, RFC 1661 and RFC 1662, and its protocols by their numbers.

use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::tables::{Handler, Table};
use crate::walk::Walk;
use crate::words::Words;

static PPP: Protocol = Protocol { filter: "ppp", title: "Point-to-Point Protocol" };

/// The address of all stations and the control field of unnumbered information, RFC 1662 section 3.1.
const ADDRESS_AND_CONTROL: [u8; 2] = [0xff, 0x03];

/// The addresses with which Cisco's HDLC begins where PPP may stand too.
const CISCO_HDLC: [u8; 2] = [0x0f, 0x8f];

/// Protocols that are named although nothing dissects them, with the codes of their packets.
const NAMED: [(u16, &str, &[&str]); 11] = [
    (0x00fd, "compressed data", &[]),
    (0x8021, "IPCP", CONFIGURATION),
    (0x8057, "IPV6CP", CONFIGURATION),
    (0x80fd, "CCP", CONFIGURATION),
    (0x8207, "CDPCP", CONFIGURATION),
    (0x8281, "MPLSCP", CONFIGURATION),
    (0xc021, "LCP", CONFIGURATION),
    (0xc023, "PAP", &["Authenticate-Request", "Authenticate-Ack", "Authenticate-Nak"]),
    (0xc025, "LQR", &[]),
    (0xc223, "CHAP", &["Challenge", "Response", "Success", "Failure"]),
    (0xc227, "EAP", &["Request", "Response", "Success", "Failure"]),
];

/// The codes of LCP and of the protocols that follow it, from 1 on: RFC 1661 section 5, RFC 1570 and RFC 1962.
const CONFIGURATION: &[&str] = &[
    "Configure-Request",
    "Configure-Ack",
    "Configure-Nak",
    "Configure-Reject",
    "Terminate-Request",
    "Terminate-Ack",
    "Code-Reject",
    "Protocol-Reject",
    "Echo-Request",
    "Echo-Reply",
    "Discard-Request",
    "Identification",
    "Time-Remaining",
    "Reset-Request",
    "Reset-Ack",
];

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    if octets.octets.first().is_some_and(|first| CISCO_HDLC.contains(first)) {
        return walk.hand(Handler::Chdlc, octets);
    }
    let header_len = if octets.octets.starts_with(&ADDRESS_AND_CONTROL) { 2 } else { 0 };
    let [first, second] = octets.after(header_len).padded();
    // RFC 1661 section 6.5: an odd first octet is a protocol number that is compressed to one octet.
    let (protocol, protocol_len) = match first & 1 {
        0 => (u16::from_be_bytes([first, second]), 2usize),
        _ => (u16::from(first), 1),
    };
    let len = protocol_len.saturating_add(header_len);
    let mut entered = walk.packet.enter(&PPP, octets.first(len).whole());
    let mut words = Words::new(&mut entered, *octets);
    if header_len != 0 {
        words.hexadecimal::<1>("ppp.address", 0);
        words.hexadecimal::<1>("ppp.control", 1);
    }
    let value = Value::Hexadecimal(protocol.into(), 4);
    words.part("ppp.protocol", value, octets, header_len, protocol_len);
    if words.ends_in_header(&PPP, "PPP", "PPP header", len, *octets) {
        return;
    }
    entered.leave();
    let payload = octets.after(len);
    if walk.next(Table::PppProtocol, protocol.into(), &payload) {
        return;
    }
    let len = payload.octets.len();
    let packet = &mut walk.packet;
    packet.opaque("data.data", payload);
    let Some((_, name, codes)) = NAMED.iter().find(|(number, ..)| *number == protocol) else {
        return packet.summary("PPP", format_args!("protocol 0x{protocol:04x}, {len} octets"));
    };
    // A code and an identifier begin the packets of all protocols that have codes.
    let code = payload
        .octets
        .first_chunk()
        .and_then(|[code, identifier]| Some((codes.get(usize::from(*code).checked_sub(1)?)?, *identifier)));
    match code {
        Some((code, identifier)) => {
            packet.summary("PPP", format_args!("{name} {code} {identifier}, {len} octets"));
        }
        None => packet.summary("PPP", format_args!("{name}, {len} octets")),
    }
}
