//! The logical link control of IEEE 802.2, and the ethertypes that SNAP carries in it.

use wire::Reader;

use crate::packet::Octets;
use crate::sink::{Protocol, Sink, Value};
use crate::tables::Table;
use crate::walk::Walk;

static LLC: Protocol = Protocol { filter: "llc", title: "Logical-Link Control" };

/// The service access point of SNAP, IEEE 802.
const SNAP: u8 = 0xaa;

/// Cisco's organization code, for its discovery protocols and others.
const CISCO: u32 = 0xc;

/// The control field of unnumbered information, IEEE 802.2.
const UNNUMBERED_INFORMATION: u16 = 3;

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut reader = Reader::at("frame", octets.octets, octets.start);
    let Ok(&[dsap, ssap, control]) = reader.array("LLC header") else {
        walk.packet.broken(&LLC, octets.too_short("LLC header", 3), octets.whole());
        return;
    };
    let is_unnumbered = control & 3 == 3;
    let control = match (is_unnumbered, octets.octets.get(3)) {
        (true, _) => u16::from(control),
        // Supervisory and information frames have sequence numbers in a second octet. The first octet is the low one.
        (false, Some(numbers)) => u16::from_le_bytes([control, *numbers]),
        (false, None) => {
            walk.packet.broken(&LLC, octets.too_short("LLC header", 4), octets.whole());
            return;
        }
    };
    let (control_len, header_len) = if is_unnumbered { (1, 3) } else { (2, 4) };
    let is_snap = (dsap & 0xfe, ssap & 0xfe, control) == (SNAP, SNAP, UNNUMBERED_INFORMATION);
    let snap =
        if is_snap { octets.octets.get(3..).and_then(|octets| octets.first_chunk::<5>()) } else { None };
    let len = if snap.is_some() { 8 } else { header_len };

    let mut entered = walk.packet.enter(&LLC, octets.span(0, len));
    let packet = &mut *entered;
    let bits = |octet: u8| Value::Unsigned(u64::from(octet));
    let mut inside =
        packet.enter_field("llc.dsap", Value::Hexadecimal(u64::from(dsap), 2), octets.span(0, 1));
    inside.field("llc.dsap.sap", bits(dsap >> 1), octets.span(0, 1));
    inside.field("llc.dsap.ig", Value::Boolean(dsap & 1 != 0), octets.span(0, 1));
    inside.leave();
    let mut inside =
        packet.enter_field("llc.ssap", Value::Hexadecimal(u64::from(ssap), 2), octets.span(1, 1));
    inside.field("llc.ssap.sap", bits(ssap >> 1), octets.span(1, 1));
    inside.field("llc.ssap.cr", Value::Boolean(ssap & 1 != 0), octets.span(1, 1));
    inside.leave();
    let span = octets.span(2, control_len);
    let mut inside = packet.enter_field("llc.control", Value::Hexadecimal(u64::from(control), 4), span);
    if is_unnumbered {
        let modifier = match ssap & 1 {
            0 => "llc.control.u_modifier_cmd",
            _ => "llc.control.u_modifier_resp",
        };
        inside.field(modifier, Value::Hexadecimal(u64::from((control & 0xec) >> 2), 2), span);
    }
    // One bit identifies an information frame; two bits identify the others.
    let kind = if control & 1 == 0 { 0 } else { control & 3 };
    if !is_unnumbered {
        inside.field("llc.control.n_r", Value::Unsigned(u64::from(control >> 9)), span);
        let (name, value) = match kind {
            0 => ("llc.control.n_s", Value::Unsigned(u64::from((control >> 1) & 0x7f))),
            _ => ("llc.control.s_ftype", Value::Hexadecimal(u64::from((control & 0x0c) >> 2), 2)),
        };
        inside.field(name, value, span);
    }
    inside.field("llc.control.ftype", Value::Hexadecimal(u64::from(kind), 2), span);
    inside.leave();
    if let Some(&[o0, o1, o2, p0, p1]) = snap {
        let oui = u32::from_be_bytes([0, o0, o1, o2]);
        let protocol = u16::from_be_bytes([p0, p1]);
        packet.field("llc.oui", Value::Unsigned(u64::from(oui)), octets.span(3, 3));
        // RFC 1042 uses 0x000000. Bridges of IEEE 802.1H use 0x0000f8.
        let is_ethertype = matches!(oui, 0 | 0xf8);
        let name = match oui {
            _ if is_ethertype => "llc.type",
            CISCO => "llc.cisco_pid",
            _ => "llc.pid",
        };
        packet.field(name, Value::Hexadecimal(u64::from(protocol), 4), octets.span(6, 2));
        entered.leave();
        let after = octets.after(8);
        if !is_ethertype || !walk.next(Table::EtherType, u32::from(protocol), &after) {
            let len = after.octets.len();
            walk.packet.summary("LLC", format_args!("SNAP 0x{oui:06x}, type 0x{protocol:04x}, {len} octets"));
        }
        return;
    }
    if is_snap {
        packet.fault("llc", octets.too_short("SNAP header", 8), octets.whole());
    }
    entered.leave();
    let len = octets.after(header_len).octets.len();
    walk.packet.summary("LLC", format_args!("from 0x{ssap:02x} to 0x{dsap:02x}, {len} octets"));
}
