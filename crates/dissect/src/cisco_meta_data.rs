//! Cisco `MetaData`: a security group tag in front of a packet, in GRE or on Ethernet.

use gre::{CiscoMetaData, Emit, ProtocolType};

use crate::link;
use crate::packet::{Octets, Packet};
use crate::sink::count;
use crate::sink::{Outcome, Protocol, Reason, Sink, Value};
use crate::tables::Table;
use crate::walk::Walk;
use crate::words::Words;

static CISCO_META_DATA: Protocol = Protocol { filter: "cmd", title: "Cisco MetaData" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut inside = walk.packet.enter(&CISCO_META_DATA, octets.first(CiscoMetaData::LEN).whole());
    let shown = octets.padded::<{ CiscoMetaData::LEN }>();
    if let Ok(tag) = CiscoMetaData::parse(&shown) {
        let [_, _, _, length, ..] = shown;
        fields(&mut inside, *octets, &tag, length);
    }
    let mut corrected = false;
    let parsed = CiscoMetaData::parse_reporting(octets.octets, &mut |_| corrected = true);
    if let Err(error) = parsed {
        inside.fault("cmd", Reason::Length(error), octets.whole());
        inside.summary("CMD", format_args!("cut after {} octets", octets.octets.len()));
    }
    inside.leave();
    let Ok(tagged) = parsed else {
        walk.packet.not_rebuilt("cmd", *octets, Outcome::Undecodable);
        return;
    };
    walk.rebuild("cmd", *octets, corrected, |buffer| {
        tagged.emit(buffer).map(|written| Some((written.len(), tagged.payload.len())))
    });
    packet_inside(walk, tagged.protocol_type.0, tagged.security_group_tag, octets.after(CiscoMetaData::LEN));
}

/// Dissects a tag behind an Ethernet type. The type of the packet stands last, and in GRE it stands first.
pub(crate) fn on_ethernet<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut inside = walk.packet.enter(&CISCO_META_DATA, octets.first(CiscoMetaData::LEN).whole());
    let mut words = Words::new(&mut inside, *octets);
    words.number::<1>("cmd.version", 0);
    words.number::<1>("cmd.length", 1);
    words.hexadecimal::<2>("cmd.options", 2);
    words.number::<2>("cmd.sgt", 4);
    let [.., tag_high, tag_low, high, low] = octets.padded::<{ CiscoMetaData::LEN }>();
    let protocol = ProtocolType(u16::from_be_bytes([high, low]));
    words.part("cmd.type", Value::Named(protocol.0.into(), protocol.name()), octets, 6, 2);
    if words.ends_in_header(&CISCO_META_DATA, "CMD", "Cisco MetaData", CiscoMetaData::LEN, *octets) {
        return;
    }
    let payload = octets.after(CiscoMetaData::LEN);
    link::padding(&mut words, protocol.0, payload, "cmd.trailer");
    inside.leave();
    packet_inside(walk, protocol.0, u16::from_be_bytes([tag_high, tag_low]), payload);
}

/// Hands on the packet that a tag belongs to.
fn packet_inside<S: Sink>(walk: &mut Walk<'_, S>, protocol: u16, tag: u16, payload: Octets<'_>) {
    if !walk.next(Table::EtherType, u32::from(protocol), &payload) {
        let len = count(payload.octets.len());
        walk.packet.summary("CMD", format_args!("tag {tag}, type 0x{protocol:04x}, {len} octets"));
    }
}

/// Shows the fields of a tag that are present.
fn fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, tag: &CiscoMetaData<'_>, length: u8) {
    let ProtocolType(number) = tag.protocol_type;
    packet.part("cmd.type", Value::Named(u64::from(number), tag.protocol_type.name()), &octets, 0, 2);
    packet.part("cmd.version", Value::Unsigned(u64::from(tag.version)), &octets, 2, 1);
    packet.part("cmd.length", Value::Unsigned(u64::from(length)), &octets, 3, 1);
    packet.part("cmd.options", Value::Hexadecimal(u64::from(tag.options), 4), &octets, 4, 2);
    packet.part("cmd.sgt", Value::Unsigned(u64::from(tag.security_group_tag)), &octets, 6, 2);
}
