//! HSRP, both versions.

use hsrp::authentication::{self, AuthenticationError};
use hsrp::{Context, Hint, Key, Message, ParseError, Tlv, TlvType, v1, v2};

use crate::dissector::{Dissector, Octets, Packet};
use crate::sink::{Outcome, Protocol, Reason, Sink, Value};

static HSRP: Protocol = Protocol { filter: "hsrp", title: "Cisco Hot Standby Router Protocol" };

pub(crate) fn dissect<S: Sink>(dissector: &mut Dissector, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let around = packet.around;
    let destination = around.network.map(|(_, destination)| destination);
    let hint =
        destination.zip(around.ports).and_then(|(address, (_, port))| Hint::from_destination(address, port));
    let mut corrected = false;
    // Octets that contradict the address they were sent to are what they are all the same; it counts where they leave
    // open what they are.
    let mut strict = Message::parse_reporting(octets.octets, None, &mut |_| corrected = true);
    let hint = hint.filter(|_| matches!(strict, Err(ParseError::FirstOctet { .. })));
    if hint.is_some() {
        strict = Message::parse_reporting(octets.octets, hint, &mut |_| corrected = true);
    }
    let (message, fault) = match &strict {
        Ok(message) => (Some(message.clone()), None),
        Err(_) => Message::parse_until_error(octets.octets, hint),
    };

    packet.enter(&HSRP, octets.whole());
    let mut group = None;
    if let Some(message) = &message {
        group = fields(packet, octets, message);
    } else {
        packet.sink.summary("HSRP", format_args!("{} octets that are no HSRP message", octets.octets.len()));
    }
    if let Some(fault) = fault {
        if octets.cut {
            packet.sink.summary("HSRP", format_args!("cut: {fault}"));
        }
        packet.fault("hsrp", fault, octets.whole());
    }
    if let Ok(message) = &strict {
        // The digest of a message that the capture cut cannot be right.
        if !octets.cut {
            verify(dissector, packet, octets, group);
        }
        let context = Context {
            time_to_live: around.hop_limit,
            source: around.network.map(|(source, _)| source),
            destination,
            source_port: around.ports.map(|(source, _)| source),
            destination_port: around.ports.map(|(_, destination)| destination),
            source_mac: around.link_source,
            token_ring: None,
        };
        if packet.sink.wants_departures() {
            let mut report = |departure: hsrp::Departure| {
                packet.sink.departure(format_args!("{departure}"), departure.reference(), octets.whole());
            };
            let _ = Message::parse_reporting(octets.octets, hint, &mut report);
            for departure in message.conformance(&context) {
                report(departure);
            }
        }
    }
    packet.leave();

    match &strict {
        Ok(message) => dissector.rebuild(packet, "hsrp", octets, corrected, |buffer| {
            let copied =
                message.tlvs().iter().filter(|tlv| Tlv::parse(tlv).is_err() || is_unknown(tlv.header));
            let copied_len = copied.fold(0usize, |len, tlv| len.saturating_add(tlv.octets.len()));
            message.emit(buffer).map(|len| (len, copied_len))
        }),
        Err(_) => Dissector::not_rebuilt(packet, "hsrp", octets, Outcome::Undecodable),
    }
}

fn is_unknown(tlv_type: TlvType) -> bool {
    tlv_type.name().is_none()
}

/// Shows a message's fields and says it in a line; returns its group, where it tells one.
fn fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, message: &Message<'_>) -> Option<u16> {
    let mut group = None;
    match message {
        Message::V1 { packet: v1, .. } => {
            packet.sink.summary("HSRP", format_args!("{} (state {})", v1.opcode, v1.state));
            group = Some(u16::from(v1.group));
            version_1(packet, octets, v1);
        }
        Message::V1Advertise { advertise, .. } => {
            packet.sink.summary("HSRP", format_args!("Advertise (state {})", advertise.state));
            version_1_advertise(packet, octets, advertise);
        }
        Message::V2(_) => packet.sink.summary("HSRPv2", format_args!("no TLV")),
    }
    let mut said = false;
    for element in message.tlvs() {
        let tlv = Tlv::parse(&element);
        let span = octets.span(element.offset, element.octets.len());
        let at = |offset: usize, len| octets.span(element.value_offset.saturating_add(offset), len);
        let (name, type_value) = match element.header {
            TlvType::GROUP_STATE => ("hsrp2.group_state_tlv", element.header.0),
            TlvType::INTERFACE_STATE => ("hsrp2.interface_state_tlv", element.header.0),
            TlvType::TEXT_AUTHENTICATION => ("hsrp2.text_auth_tlv", element.header.0),
            TlvType::MD5_AUTHENTICATION => ("hsrp2.md5_auth_tlv", element.header.0),
            _ => ("hsrp2.unknown_tlv", element.header.0),
        };
        packet.enter_field(name, Value::Named(u64::from(type_value), element.header.name()), span);
        match &tlv {
            Ok(Tlv::GroupState(state)) => {
                group.get_or_insert(state.group);
                if !said {
                    packet.sink.summary("HSRPv2", format_args!("{} (state {})", state.opcode, state.state));
                }
                said = true;
                group_state(packet, state, at);
            }
            Ok(Tlv::InterfaceState(state)) => {
                if !said {
                    packet.sink.summary(
                        "HSRPv2",
                        format_args!(
                            "Interface State TLV (Act={} Pass={})",
                            state.active_groups, state.passive_groups
                        ),
                    );
                }
                said = true;
                packet.field(
                    "hsrp2.active_groups",
                    Value::Unsigned(u64::from(state.active_groups)),
                    at(0, 2),
                );
                packet.field(
                    "hsrp2.passive_groups",
                    Value::Unsigned(u64::from(state.passive_groups)),
                    at(2, 2),
                );
            }
            Ok(Tlv::TextAuthentication(data)) => {
                packet.field("hsrp2.auth_data", Value::Text(&data.0), at(0, 8));
            }
            Ok(Tlv::Md5Authentication(md5)) => {
                let algorithm = Value::Named(u64::from(md5.algorithm.0), md5.algorithm.name());
                packet.field("hsrp2.md5_algorithm", algorithm, at(0, 1));
                packet.field("hsrp2.md5_padding", Value::Hexadecimal(u64::from(md5.padding), 2), at(1, 1));
                packet.field("hsrp2.md5_flags", Value::Unsigned(u64::from(md5.flags)), at(2, 2));
                packet.field("hsrp.md5_ip_address", Value::Ipv4(md5.ip_address), at(4, 4));
                packet.field("hsrp2.md5_key_id", Value::Unsigned(u64::from(md5.key_id)), at(8, 4));
                packet.field("hsrp2.md5_auth_data", Value::Octets(&md5.digest), at(12, 16));
            }
            Ok(_) => {
                packet.field("hsrp2.tlv_value", Value::Octets(element.value), at(0, element.value.len()))
            }
            Err(error) => {
                packet.field("hsrp2.tlv_value", Value::Octets(element.value), at(0, element.value.len()));
                packet.fault("hsrp", *error, span);
            }
        }
        packet.leave();
    }
    group
}

fn version_1<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, message: &v1::Packet) {
    packet.field("hsrp.version", Value::Unsigned(u64::from(v1::VERSION)), octets.span(0, 1));
    let opcode = Value::Named(u64::from(message.opcode.0), message.opcode.name());
    packet.field("hsrp.opcode", opcode, octets.span(1, 1));
    let state = Value::Named(u64::from(message.state.0), message.state.name());
    packet.field("hsrp.state", state, octets.span(2, 1));
    packet.field("hsrp.hellotime", Value::Unsigned(u64::from(message.hello_time.0)), octets.span(3, 1));
    packet.field("hsrp.holdtime", Value::Unsigned(u64::from(message.hold_time.0)), octets.span(4, 1));
    packet.field("hsrp.priority", Value::Unsigned(u64::from(message.priority)), octets.span(5, 1));
    packet.field("hsrp.group", Value::Unsigned(u64::from(message.group)), octets.span(6, 1));
    packet.field("hsrp.reserved", Value::Unsigned(u64::from(message.reserved)), octets.span(7, 1));
    packet.field("hsrp.auth_data", Value::Text(&message.authentication_data.0), octets.span(8, 8));
    packet.field("hsrp.virt_ip", Value::Ipv4(message.virtual_ip_address), octets.span(16, 4));
}

fn version_1_advertise<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, advertise: &v1::Advertise) {
    packet.field("hsrp.version", Value::Unsigned(u64::from(v1::VERSION)), octets.span(0, 1));
    let opcode = hsrp::Opcode::ADVERTISE;
    packet.field("hsrp.opcode", Value::Named(u64::from(opcode.0), opcode.name()), octets.span(1, 1));
    let kind = Value::Named(u64::from(advertise.advertise_type.0), advertise.advertise_type.name());
    packet.field("hsrp.adv.tlvtype", kind, octets.span(2, 2));
    // The length is derived, and so no part of the value; what stands on the wire is shown.
    let declared =
        octets.octets.get(4..6).and_then(|octets| octets.first_chunk().copied()).unwrap_or_default();
    let declared = u16::from_be_bytes(declared);
    packet.field("hsrp.adv.tlvlength", Value::Unsigned(u64::from(declared)), octets.span(4, 2));
    let state = Value::Named(u64::from(advertise.state.0), advertise.state.name());
    packet.field("hsrp.adv.state", state, octets.span(6, 1));
    packet.field("hsrp.adv.reserved1", Value::Unsigned(u64::from(advertise.reserved)), octets.span(7, 1));
    packet.field(
        "hsrp.adv.activegrp",
        Value::Unsigned(u64::from(advertise.active_groups)),
        octets.span(8, 2),
    );
    packet.field(
        "hsrp.adv.passivegrp",
        Value::Unsigned(u64::from(advertise.passive_groups)),
        octets.span(10, 2),
    );
    packet.field(
        "hsrp.adv.reserved2",
        Value::Unsigned(u64::from(advertise.reserved_word)),
        octets.span(12, 4),
    );
}

fn group_state<S: Sink>(
    packet: &mut Packet<'_, S>,
    state: &v2::GroupState,
    at: impl Fn(usize, usize) -> crate::sink::Span,
) {
    packet.field("hsrp2.version", Value::Unsigned(u64::from(state.version)), at(0, 1));
    packet.field("hsrp2.opcode", Value::Named(u64::from(state.opcode.0), state.opcode.name()), at(1, 1));
    packet.field("hsrp2.state", Value::Named(u64::from(state.state.0), state.state.name()), at(2, 1));
    packet.field(
        "hsrp2.ipversion",
        Value::Named(u64::from(state.ip_version.0), state.ip_version.name()),
        at(3, 1),
    );
    packet.field("hsrp2.group", Value::Unsigned(u64::from(state.group)), at(4, 2));
    packet.field("hsrp2.identifier", Value::Mac(state.identifier), at(6, 6));
    packet.field("hsrp2.priority", Value::Unsigned(u64::from(state.priority)), at(12, 4));
    packet.field("hsrp2.hellotime", Value::Unsigned(u64::from(state.hello_time.0)), at(16, 4));
    packet.field("hsrp2.holdtime", Value::Unsigned(u64::from(state.hold_time.0)), at(20, 4));
    match state.virtual_address() {
        Some(address @ std::net::IpAddr::V4(_)) => packet.field("hsrp2.virt_ip", address.into(), at(24, 4)),
        Some(address @ std::net::IpAddr::V6(_)) => {
            packet.field("hsrp2.virt_ip_v6", address.into(), at(24, 16))
        }
        None => packet.field("hsrp2.virt_ip_octets", Value::Octets(&state.virtual_ip), at(24, 16)),
    }
}

/// Checks the message's digest with the keys given for its group, and shows which one matched.
fn verify<S: Sink>(
    dissector: &Dissector,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    group: Option<u16>,
) {
    let mut keys = 0usize;
    for (number, key) in (1u64..).zip(&dissector.options.keys.hsrp) {
        if key.group.is_some() && key.group != group {
            continue;
        }
        match authentication::verify(octets.octets, Key::new(&key.key)) {
            Ok(()) => {
                packet.field("hsrp2.md5_auth_valid", Value::Boolean(true), octets.whole());
                packet.field("hsrp2.md5_auth_key", Value::Unsigned(number), octets.whole());
                return;
            }
            Err(AuthenticationError::NotAuthentic) => keys = keys.saturating_add(1),
            Err(_) => return,
        }
    }
    if keys != 0 {
        packet.field("hsrp2.md5_auth_valid", Value::Boolean(false), octets.whole());
        packet.fault("hsrp", Reason::HsrpDigest { keys }, octets.whole());
    }
}
