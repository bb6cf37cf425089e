//! HSRP messages of both versions.

mod summary;

use std::net::IpAddr;

use hsrp::authentication::{self, AuthenticationError};
use hsrp::{Context, Emit, Hint, Key, Message, ParseError, Parsed, Tlv, TlvType, v1, v2};

use crate::packet::{Entered, Octets, Packet};
use crate::sink::{Outcome, Protocol, Reason, Sink, Span, Value};
use crate::walk::Walk;
use keys::Keys;
use summary::{Advertised, Ended, Ends, Said, Verdict, say};

static HSRP: Protocol = Protocol { filter: "hsrp", title: "Cisco Hot Standby Router Protocol" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let around = walk.packet.around;
    let destination = around.network.map(|(_, destination)| destination);
    let hint =
        destination.zip(around.ports).and_then(|(address, (_, port))| Hint::from_destination(address, port));
    let mut corrected = false;
    // The octets decide the version, even when they contradict the destination. The destination counts only when the
    // octets leave the version open.
    let mut read = Message::parse_reporting(octets.octets, None, &mut |_| corrected = true);
    // A message that is sent as version 1 and is not a valid version 2 message has a wrong version octet: RFC 2281
    // section 5.1.
    let other_version =
        octets.octets.first().copied().filter(|version| {
            first_fault(&read).is_some() && hint == Some(Hint::V1) && *version != v1::VERSION
        });
    let hint = hint.filter(|_| matches!(read, Err(ParseError::FirstOctet { .. })));
    if hint.is_some() {
        read = Message::parse_reporting(octets.octets, hint, &mut |_| corrected = true);
    }
    let (message, fault) = match (&read, other_version) {
        (Ok(Parsed { value, fault: None, .. }), _) => (Some(value), None),
        (_, Some(version)) => (None, Some(ParseError::Version { version, offset: 0 })),
        (Ok(Parsed { value, fault, .. }), None) => (Some(value), *fault),
        (Err(fault), None) => (None, Some(*fault)),
    };
    let strict = message.filter(|_| fault.is_none());

    // The digest of a message that the capture cut cannot be right.
    let verdict = match strict {
        Some(message) if !octets.cut => verify(&walk.state.options.keys, octets.octets, group_of(message)),
        _ => Verdict::Unchecked,
    };

    let mut entered = walk.packet.enter(&HSRP, octets.whole());
    let packet = &mut *entered;
    if let Some(message) = message {
        fields(packet, *octets, message, verdict);
    } else if other_version.is_some() || octets.octets.first() == Some(&v1::VERSION) {
        version_1_broken(packet, *octets);
    } else {
        packet.summary("HSRP", format_args!("{} octets, not an HSRP message", octets.octets.len()));
    }
    if let Some(fault) = fault {
        packet.fault("hsrp", fault, octets.whole());
    }
    if let Some(message) = strict {
        match verdict {
            Verdict::Unchecked => {}
            Verdict::Matches { key } => {
                packet.field("hsrp2.md5_auth_valid", Value::Boolean(true), octets.whole());
                packet.field("hsrp2.md5_auth_key", Value::Unsigned(key), octets.whole());
            }
            Verdict::Refused(reason) => {
                packet.field("hsrp2.md5_auth_valid", Value::Boolean(false), octets.whole());
                packet.fault("hsrp", reason, octets.whole());
            }
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
        if packet.wants_departures() {
            let mut report = |departure: hsrp::Departure| {
                packet.departure(format_args!("{departure}"), departure.reference(), octets.whole());
            };
            let _ = Message::parse_reporting(octets.octets, hint, &mut report);
            // A TLV of a wrong length is a fault of its own, and told there.
            let is_fault = |it: &hsrp::Departure| matches!(it, hsrp::Departure::TlvLength { .. });
            message.conformance(&context).filter(|it| !is_fault(it)).for_each(report);
        }
    }
    entered.leave();

    match strict {
        Some(message) => walk.rebuild("hsrp", *octets, corrected, |buffer| {
            let copied =
                message.tlvs().elements().filter(|tlv| Tlv::parse(tlv).is_err() || is_unknown(tlv.header));
            let copied_len = copied.fold(0usize, |len, tlv| len.saturating_add(tlv.octets.len()));
            let written = &*message.emit(buffer)?;
            // A corrected message must be read back as the same message, with nothing left to correct.
            let mut is_right = true;
            let again = Message::parse_reporting(written, hint, &mut |_| is_right = false);
            let is_same = again.is_ok_and(|again| again.value == *message && again.fault.is_none());
            Ok((is_same && is_right).then_some((written.len(), copied_len)))
        }),
        None => walk.packet.not_rebuilt("hsrp", *octets, Outcome::Undecodable),
    }
}

/// Returns the first fault of a message that was read.
fn first_fault(read: &Result<Parsed<'_, Message<'_>, ParseError>, ParseError>) -> Option<ParseError> {
    match read {
        Ok(read) => read.fault,
        Err(fault) => Some(*fault),
    }
}

fn is_unknown(tlv_type: TlvType) -> bool {
    tlv_type.name().is_none()
}

/// Returns the group of a message: that of its first group state, or `None` when it has no group.
fn group_of(message: &Message<'_>) -> Option<u16> {
    message.group_messages().next().map(|group| group.group)
}

/// Shows the fields of a message and writes its summary line.
fn fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, message: &Message<'_>, verdict: Verdict) {
    match message {
        Message::V1 { packet: v1, .. } => {
            say(packet, "HSRP", &Said::of_v1(v1), verdict);
            version_1(packet, octets, v1);
        }
        Message::V1Advertise { advertise, .. } => {
            packet.summary("HSRP", format_args!("{}{verdict}", Advertised(advertise)));
            version_1_advertise(packet, octets, advertise);
        }
        Message::V2(_) => packet.summary("HSRPv2", format_args!("no TLV that decodes")),
    }
    let names = if matches!(message, Message::V2(_)) { &NAMES_V2 } else { &NAMES_V1 };
    let mut said = false;
    for element in message.tlvs().elements() {
        if element.is_cut() {
            said |= cut_tlv(packet, octets, &element, names, said);
            continue;
        }
        let tlv = Tlv::parse(&element);
        if !said {
            said = say_tlv(packet, &tlv, verdict);
        }
        let span = octets.span(element.offset, element.octets.len());
        let place = Placed { span, value_offset: element.value_offset, names };
        let packet = &mut *tlv_fields(packet, octets, element.header, place, &tlv);
        if let Err(error) = tlv {
            let value = octets.span(element.value_offset, element.value.len());
            packet.field(names.value, Value::Opaque(element.value), value);
            packet.fault("hsrp", error, span);
        }
    }
}

/// The names of the fields of a TLV of unknown type or of a wrong length, which differ by the message's version.
struct TlvNames {
    unknown: &'static str,
    value: &'static str,
}

static NAMES_V1: TlvNames = TlvNames { unknown: "hsrp.unknown_tlv", value: "hsrp.tlv_value" };
static NAMES_V2: TlvNames = TlvNames { unknown: "hsrp2.unknown_tlv", value: "hsrp2.tlv_value" };

/// Where a TLV stands, and what its fields are called there.
#[derive(Clone, Copy)]
struct Placed {
    span: Span,
    value_offset: usize,
    names: &'static TlvNames,
}

/// Writes the summary line of a version 2 TLV, if the TLV has one.
fn say_tlv<S: Sink>(packet: &mut Packet<'_, S>, tlv: &Result<Tlv<'_>, ParseError>, verdict: Verdict) -> bool {
    match tlv {
        Ok(Tlv::GroupState(group)) => {
            say(packet, "HSRPv2", &Said::of_v2(group), verdict);
        }
        Ok(Tlv::InterfaceState(v2::InterfaceState { active_groups, passive_groups })) => packet.summary(
            "HSRPv2",
            format_args!("Interface State TLV (Act={active_groups} Pass={passive_groups}){verdict}"),
        ),
        _ => return false,
    }
    true
}

/// Shows the fields that are present of a TLV that is cut, and writes its summary line unless one was said. Returns
/// whether it wrote one.
fn cut_tlv<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    cut: &hsrp::Element<'_, TlvType>,
    names: &'static TlvNames,
    said: bool,
) -> bool {
    // It is read as if zeros followed. A field that is not in the octets is not shown.
    let mut value = [0; 255];
    let len = cut.value.len().saturating_add(cut.missing);
    if let Some(there) = value.get_mut(..cut.value.len()) {
        let _ = wire::copy(there, cut.value);
    }
    let mut reader = wire::Reader::at(cut.within, &value, cut.value_offset);
    let tlv = match reader.element(cut.name, cut.header, 0, len, 0) {
        Ok(whole) => Tlv::parse(&whole),
        Err(error) => Err(error.into()),
    };
    let span = octets.span(cut.offset, cut.octets.len());
    let place = Placed { span, value_offset: cut.value_offset, names };
    tlv_fields(packet, octets, cut.header, place, &tlv).leave();
    let len = cut.value.len();
    match tlv {
        _ if said => return false,
        Ok(Tlv::GroupState(group)) => {
            let ended = Ended { said: Said::of_v2(&group), ends: Ends::V2, len };
            packet.summary("HSRPv2", format_args!("{ended}"));
        }
        Ok(Tlv::InterfaceState(_)) => {
            packet.summary("HSRPv2", format_args!("Interface State TLV, cut after {len} octets"));
        }
        _ => return false,
    }
    true
}

/// Enters a TLV and shows the fields that are present.
fn tlv_fields<'e, 'p, S: Sink>(
    packet: &'e mut Packet<'p, S>,
    octets: Octets<'_>,
    tlv_type: TlvType,
    place: Placed,
    tlv: &Result<Tlv<'_>, ParseError>,
) -> Entered<'e, 'p, S> {
    let Placed { span, value_offset, names } = place;
    let name = match tlv_type {
        TlvType::GROUP_STATE => "hsrp2.group_state_tlv",
        TlvType::INTERFACE_STATE => "hsrp2.interface_state_tlv",
        TlvType::TEXT_AUTHENTICATION => "hsrp2.text_auth_tlv",
        TlvType::MD5_AUTHENTICATION => "hsrp2.md5_auth_tlv",
        _ => names.unknown,
    };
    let mut entered = packet.enter_field(name, Value::Named(u64::from(tlv_type.0), tlv_type.name()), span);
    let mut part = |name, value: Value<'_>, offset: usize, len| {
        entered.part(name, value, &octets, value_offset.saturating_add(offset), len);
    };
    match tlv {
        Ok(Tlv::GroupState(state)) => group_state(&mut part, state),
        Ok(Tlv::InterfaceState(state)) => {
            part("hsrp2.active_groups", Value::Unsigned(u64::from(state.active_groups)), 0, 2);
            part("hsrp2.passive_groups", Value::Unsigned(u64::from(state.passive_groups)), 2, 2);
        }
        Ok(Tlv::TextAuthentication(data)) => part("hsrp2.auth_data", Value::Text(&data.0), 0, 8),
        Ok(Tlv::Md5Authentication(md5)) => {
            let algorithm = Value::Named(u64::from(md5.algorithm.0), md5.algorithm.name());
            part("hsrp2.md5_algorithm", algorithm, 0, 1);
            part("hsrp2.md5_padding", Value::Hexadecimal(u64::from(md5.padding), 2), 1, 1);
            part("hsrp2.md5_flags", Value::Unsigned(u64::from(md5.flags)), 2, 2);
            part("hsrp.md5_ip_address", Value::Ipv4(md5.ip_address), 4, 4);
            part("hsrp2.md5_key_id", Value::Unsigned(u64::from(md5.key_id)), 8, 4);
            part("hsrp2.md5_auth_data", Value::Octets(&md5.digest), 12, 16);
        }
        Ok(Tlv::Unknown { value, .. }) => part(names.value, Value::Opaque(value), 0, value.len()),
        Ok(_) | Err(_) => {}
    }
    entered
}

/// Shows what is present of a fixed part that ends too early or that has another version.
fn version_1_broken<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let len = octets.octets.len();
    packet.summary("HSRP", format_args!("cut after {len} octets"));
    let mut whole = [0; v1::Packet::LEN];
    for (to, from) in whole.iter_mut().zip(octets.octets).skip(1) {
        *to = *from;
    }
    match Message::parse(&whole) {
        Ok(Message::V1 { packet: v1, .. }) => {
            let said = Said::of_v1(&v1);
            if len >= v1::Packet::LEN {
                say(packet, "HSRP", &said, Verdict::Unchecked);
            } else if len >= Ends::V1.opcode {
                packet.summary("HSRP", format_args!("{}", Ended { said, ends: Ends::V1, len }));
            }
            version_1(packet, octets, &v1);
        }
        // The four octets that follow are not a TLV.
        _ => {
            if let Ok((advertise, _)) = v1::Advertise::parse_prefix(&whole) {
                if len >= v1::Advertise::LEN {
                    packet.summary("HSRP", format_args!("{}", Advertised(&advertise)));
                } else if len >= Ends::V1.opcode {
                    packet.summary("HSRP", format_args!("Advertise, cut after {len} octets"));
                }
                version_1_advertise(packet, octets, &advertise);
            }
        }
    }
}

fn version_1<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, message: &v1::Packet) {
    let version = octets.octets.first().copied().unwrap_or_default();
    packet.part("hsrp.version", Value::Unsigned(u64::from(version)), &octets, 0, 1);
    let opcode = Value::Named(u64::from(message.opcode.0), message.opcode.name());
    packet.part("hsrp.opcode", opcode, &octets, 1, 1);
    let state = Value::Named(u64::from(message.state.0), message.state.name());
    packet.part("hsrp.state", state, &octets, 2, 1);
    packet.part("hsrp.hellotime", Value::Unsigned(u64::from(message.hello_time.0)), &octets, 3, 1);
    packet.part("hsrp.holdtime", Value::Unsigned(u64::from(message.hold_time.0)), &octets, 4, 1);
    packet.part("hsrp.priority", Value::Unsigned(u64::from(message.priority)), &octets, 5, 1);
    packet.part("hsrp.group", Value::Unsigned(u64::from(message.group)), &octets, 6, 1);
    packet.part("hsrp.reserved", Value::Unsigned(u64::from(message.reserved)), &octets, 7, 1);
    packet.part("hsrp.auth_data", Value::Text(&message.authentication_data.0), &octets, 8, 8);
    packet.part("hsrp.virt_ip", Value::Ipv4(message.virtual_ip_address), &octets, 16, 4);
}

fn version_1_advertise<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, advertise: &v1::Advertise) {
    let version = octets.octets.first().copied().unwrap_or_default();
    packet.part("hsrp.version", Value::Unsigned(u64::from(version)), &octets, 0, 1);
    let opcode = hsrp::Opcode::ADVERTISE;
    packet.part("hsrp.opcode", Value::Named(u64::from(opcode.0), opcode.name()), &octets, 1, 1);
    let kind = Value::Named(u64::from(advertise.advertise_type.0), advertise.advertise_type.name());
    packet.part("hsrp.adv.tlvtype", kind, &octets, 2, 2);
    // The length is derived and so not a part of the value. The length in the packet is shown.
    let declared =
        octets.octets.get(4..6).and_then(|octets| octets.first_chunk().copied()).unwrap_or_default();
    let declared = u16::from_be_bytes(declared);
    packet.part("hsrp.adv.tlvlength", Value::Unsigned(u64::from(declared)), &octets, 4, 2);
    let state = Value::Named(u64::from(advertise.state.0), advertise.state.name());
    packet.part("hsrp.adv.state", state, &octets, 6, 1);
    packet.part("hsrp.adv.reserved1", Value::Unsigned(u64::from(advertise.reserved)), &octets, 7, 1);
    packet.part("hsrp.adv.activegrp", Value::Unsigned(u64::from(advertise.active_groups)), &octets, 8, 2);
    packet.part("hsrp.adv.passivegrp", Value::Unsigned(u64::from(advertise.passive_groups)), &octets, 10, 2);
    packet.part("hsrp.adv.reserved2", Value::Unsigned(u64::from(advertise.reserved_word)), &octets, 12, 4);
}

fn group_state(part: &mut impl FnMut(&'static str, Value<'_>, usize, usize), state: &v2::GroupState) {
    part("hsrp2.version", Value::Unsigned(u64::from(state.version)), 0, 1);
    part("hsrp2.opcode", Value::Named(u64::from(state.opcode.0), state.opcode.name()), 1, 1);
    part("hsrp2.state", Value::Named(u64::from(state.state.0), state.state.name()), 2, 1);
    part("hsrp2.ipversion", Value::Named(u64::from(state.ip_version.0), state.ip_version.name()), 3, 1);
    part("hsrp2.group", Value::Unsigned(u64::from(state.group)), 4, 2);
    part("hsrp2.identifier", Value::Mac(state.identifier), 6, 6);
    part("hsrp2.priority", Value::Unsigned(u64::from(state.priority)), 12, 4);
    part("hsrp2.hellotime", Value::Unsigned(u64::from(state.hello_time.0)), 16, 4);
    part("hsrp2.holdtime", Value::Unsigned(u64::from(state.hold_time.0)), 20, 4);
    match state.virtual_address() {
        Some(address @ IpAddr::V4(_)) => part("hsrp2.virt_ip", address.into(), 24, 4),
        Some(address @ IpAddr::V6(_)) => part("hsrp2.virt_ip_v6", address.into(), 24, 16),
        None => part("hsrp2.virt_ip_octets", Value::Octets(&state.virtual_ip), 24, 16),
    }
}

/// Checks the digest of a message with the keys that are given for its group.
fn verify(keys_given: &Keys, octets: &[u8], group: Option<u16>) -> Verdict {
    let mut keys = 0usize;
    for (number, key) in (1u64..).zip(&keys_given.hsrp) {
        if key.group.is_some() && key.group != group {
            continue;
        }
        match authentication::verify(octets, Key::new(&key.key)) {
            Ok(()) => return Verdict::Matches { key: number },
            Err(AuthenticationError::NotAuthentic) => keys = keys.saturating_add(1),
            // A TLV with a wrong length is reported as a fault of its own.
            Err(AuthenticationError::NoDigest | AuthenticationError::Parse(_)) => return Verdict::Unchecked,
            Err(error) => return Verdict::Refused(error.into()),
        }
    }
    if keys == 0 { Verdict::Unchecked } else { Verdict::Refused(Reason::HsrpDigest { keys }) }
}
