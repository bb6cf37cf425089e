//! Cisco `MetaData`: a security group tag between GRE and the packet.

use gre::CiscoMetaData;

use crate::dissector::{Dissector, Octets, Packet};
use crate::link::count;
use crate::sink::{Outcome, Protocol, Reason, Sink, Value};

use crate::tables::Table;

static CISCO_META_DATA: Protocol = Protocol { filter: "cmd", title: "Cisco MetaData" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let tagged = match CiscoMetaData::parse(octets.octets) {
        Ok(tagged) => tagged,
        Err(error) => {
            packet.broken(&CISCO_META_DATA, Reason::Length(error), octets.whole());
            Dissector::not_rebuilt(packet, "cmd", octets, Outcome::Undecodable);
            return;
        }
    };
    packet.enter(&CISCO_META_DATA, octets.span(0, CiscoMetaData::LEN));
    let protocol = tagged.protocol_type;
    packet.field("cmd.type", Value::Named(u64::from(protocol.0), protocol.name()), octets.span(0, 2));
    packet.field("cmd.version", Value::Unsigned(u64::from(tagged.version)), octets.span(2, 1));
    packet.field("cmd.length", Value::Unsigned(u64::from(tagged.length)), octets.span(3, 1));
    packet.field("cmd.options", Value::Hexadecimal(u64::from(tagged.options), 4), octets.span(4, 2));
    packet.field("cmd.sgt", Value::Unsigned(u64::from(tagged.security_group_tag)), octets.span(6, 2));
    packet.leave();
    dissector.rebuild(packet, "cmd", octets, false, |buffer| {
        tagged.emit(buffer).map(|len| Some((len, tagged.payload.len())))
    });
    let payload = octets.after(CiscoMetaData::LEN);
    if !dissector.call_by(Table::EtherType, u32::from(protocol.0), packet, payload) {
        let (tag, len) = (tagged.security_group_tag, count(payload.octets.len()));
        packet.sink.summary("CMD", format_args!("tag {tag}, type 0x{:04x}, {len} octets", protocol.0));
    }
}
