//! The attributes of HA messages and their values.

use std::net::{Ipv4Addr, Ipv6Addr};

use hasync::record::{Direction, EncapsulationMode, InitOrResp, Reason, ResultCode, RfState};
use hasync::{Attribute, AttributeCode, AttributeFraming, AttributeHeader, Attributes, Element, List};

use crate::numbers::{self, Form};
use crate::packet::{Octets, Packet};
use crate::sink::count;
use crate::sink::{Sink, Value};

/// Numbers, each with its name, place and form.
type Numbers = &'static [(&'static str, usize, Form)];

/// The way in which a value is shown.
enum Shape {
    Octets,
    Text,
    Address,
    Number(Form),
    /// Numbers, and the octets that follow them.
    Numbers(Numbers, Rest),
    Attributes,
    /// A key, or octets that may be a key. Only the length is shown.
    Secret,
}

impl Shape {
    /// Whether a value of this length can be shown in this way.
    fn may_have(&self, len: usize) -> bool {
        match self {
            Self::Address => matches!(len, 4 | 16),
            Self::Number(form) => len == form.len(),
            Self::Numbers(list, Rest::Nothing) => len == end_of(list),
            _ => true,
        }
    }
}

/// Returns the offset of the end of the last of these numbers.
fn end_of(list: &[(&'static str, usize, Form)]) -> usize {
    list.last().map_or(0, |(_, offset, form)| offset.saturating_add(form.len()))
}

/// The part of a value that follows its numbers.
enum Rest {
    Nothing,
    Octets(&'static str),
    Address(&'static str),
}

/// Shows the attribute at its offset in `octets`. Reports a fault when its value is cut or is not valid for its code.
///
/// `around_is_cut` says whether the enclosing octets are cut too. If they are not, the length of a cut attribute is
/// wrong.
pub(super) fn fields<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: &Element<'_, AttributeHeader>,
    around_is_cut: bool,
) {
    let whole = octets.after(element.offset).first(element.octets.len());
    let code = Value::Named(u64::from(element.header.code.0), element.header.code.name());
    let packet = &mut *packet.enter_field("ha.attribute", code, whole.whole());
    packet.field("ha.attribute.code", code, whole.span(0, 2));
    let declared_len = element.value.len().saturating_add(element.missing);
    packet.field("ha.attribute.len", len_value(declared_len), whole.span(2, 2));
    let is_told = value(packet, octets, whole.after(AttributeHeader::LEN), element, around_is_cut);
    if let Err(error) = Attribute::parse(element)
        && !is_told
    {
        packet.fault("ha", error, whole.whole());
    }
}

/// Shows the value as far as it is present. Returns whether a fault was reported for an attribute inside the value.
fn value<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    value: Octets<'_>,
    element: &Element<'_, AttributeHeader>,
    around_is_cut: bool,
) -> bool {
    let (name, mut shape) = shape(element.header.code);
    let declared_len = value.octets.len().saturating_add(element.missing);
    if element.is_cut() && !(around_is_cut && shape.may_have(declared_len)) {
        // The length is wrong, so the octets that the attribute takes for its value may be a key of what follows.
        shape = Shape::Secret;
    }
    match shape {
        Shape::Attributes => {
            // The profile has only one level of nesting, and a message cannot make this go deeper.
            if packet.descend(&value) {
                let framing = AttributeFraming::default();
                let inside: Attributes<'_> =
                    List::parse_until_error(element.value, element.value_offset, framing).value;
                let is_cut = element.is_cut();
                for element in inside.elements() {
                    fields(packet, octets, &element, is_cut);
                }
                packet.ascend();
                return !element.is_cut() && inside.chain().is_some_and(|chain| chain.is_cut());
            }
        }
        _ if !packet.wants_fields() => {}
        Shape::Secret => packet.field("ha.secret.len", len_value(value.octets.len()), value.whole()),
        Shape::Octets => packet.field(name, Value::Octets(value.octets), value.whole()),
        Shape::Text => packet.field(name, Value::Text(value.octets), value.whole()),
        // An incomplete number or address has no meaning, so its octets are shown.
        Shape::Address | Shape::Number(_) if element.is_cut() => packet.opaque(name, value),
        Shape::Address => address(packet, value, name),
        Shape::Number(form) => numbers::show(packet, value, &[(name, 0, form)]),
        Shape::Numbers(list, rest) => {
            numbers::show(packet, value, list);
            let is_there =
                |offset: usize, form: Form| offset.saturating_add(form.len()) <= value.octets.len();
            if element.is_cut()
                && let Some((name, offset, _)) =
                    list.iter().find(|(_, offset, form)| !is_there(*offset, *form))
            {
                packet.opaque(name, value.after(*offset));
            }
            let end = end_of(list);
            match rest {
                Rest::Nothing => {}
                Rest::Octets(name) => packet.opaque(name, value.after(end)),
                Rest::Address(name) if element.is_cut() => packet.opaque(name, value.after(end)),
                Rest::Address(name) => address(packet, value.after(end), name),
            }
        }
    }
    false
}

/// Shows all octets as an address if they have the length of one.
pub(super) fn address<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, name: &'static str) {
    if let Ok(address) = <[u8; 4]>::try_from(octets.octets) {
        packet.field(name, Value::Ipv4(Ipv4Addr::from(address)), octets.whole());
    } else if let Ok(address) = <[u8; 16]>::try_from(octets.octets) {
        packet.field(name, Value::Ipv6(Ipv6Addr::from(address)), octets.whole());
    }
}

/// Returns the name of a number of up to 16 bits in a registry.
macro_rules! names {
    ($($function:ident: $registry:ident($integer:ty);)*) => { $(
        fn $function(number: u64) -> Option<&'static str> {
            <$integer>::try_from(number).ok().and_then(|number| $registry(number).name())
        }
    )* };
}

names! {
    init_or_resp: InitOrResp(u8);
    reason: Reason(u16);
    mode: EncapsulationMode(u8);
    result: ResultCode(u16);
    direction: Direction(u8);
    state: RfState(u8);
}

const LIFETIME: Numbers = &[
    ("ha.lifetime.duration", 0, Form::Decimal(4)),
    ("ha.lifetime.duration_left", 4, Form::Decimal(4)),
    ("ha.lifetime.kilobytes", 8, Form::Decimal(4)),
    ("ha.lifetime.kilobytes_left", 12, Form::Decimal(4)),
];

const IKE_SUITE: Numbers = &[
    ("ha.ike_suite.encryption_algorithm", 0, Form::Decimal(2)),
    ("ha.ike_suite.key_length", 2, Form::Decimal(2)),
    ("ha.ike_suite.hash_algorithm", 4, Form::Decimal(2)),
    ("ha.ike_suite.prf", 6, Form::Decimal(2)),
    ("ha.ike_suite.group", 8, Form::Decimal(2)),
    ("ha.ike_suite.authentication_method", 10, Form::Decimal(2)),
];

const DEAD_PEER: Numbers =
    &[("ha.dead_peer.my_sequence", 0, Form::Decimal(4)), ("ha.dead_peer.his_sequence", 4, Form::Decimal(4))];

const NAT_STATE: Numbers = &[
    ("ha.nat_state.flags", 0, Form::Hexadecimal(1)),
    ("ha.nat_state.method", 1, Form::Decimal(1)),
    ("ha.nat_state.keepalive", 2, Form::Decimal(2)),
];

const EXCHANGE: Numbers = &[
    ("ha.exchange.message_id", 0, Form::Hexadecimal(4)),
    ("ha.exchange.type", 4, Form::Decimal(1)),
    ("ha.exchange.message_count", 5, Form::Decimal(1)),
];

const SA_IDENTIFIER: Numbers = &[
    ("ha.sa.direction", 0, Form::Named(1, direction)),
    ("ha.sa.protocol", 1, Form::Decimal(1)),
    ("ha.sa.spi", 2, Form::Hexadecimal(4)),
];

const REPLAY_UPDATE: Numbers = &[
    ("ha.replay_update.new_kilobyte_life", 0, Form::Decimal(4)),
    ("ha.replay_update.new_replay", 4, Form::Decimal(8)),
    ("ha.sa.direction", 12, Form::Named(1, direction)),
    ("ha.sa.protocol", 13, Form::Decimal(1)),
    ("ha.sa.spi", 14, Form::Hexadecimal(4)),
];

const PORTS: Numbers = &[
    ("ha.sa.encapsulation_source_port", 0, Form::Decimal(2)),
    ("ha.sa.encapsulation_destination_port", 2, Form::Decimal(2)),
];

const TRANSFORM: Numbers = &[
    ("ha.transform.identifier", 0, Form::Decimal(2)),
    ("ha.transform.key_length", 2, Form::Decimal(2)),
    ("ha.transform.authentication_algorithm", 4, Form::Decimal(2)),
    ("ha.transform.group", 6, Form::Decimal(2)),
];

const COUNTERS: Numbers = &[
    ("ha.counters.packets", 0, Form::Decimal(8)),
    ("ha.counters.octets", 8, Form::Decimal(8)),
    ("ha.counters.authentication_failures", 16, Form::Decimal(8)),
    ("ha.counters.replays", 24, Form::Decimal(8)),
];

const REDUNDANCY_STATE: Numbers = &[
    ("ha.redundancy.my_state", 0, Form::Named(1, state)),
    ("ha.redundancy.peer_state", 1, Form::Named(1, state)),
    ("ha.redundancy.flags", 2, Form::Hexadecimal(1)),
    ("ha.redundancy.unit_id", 4, Form::Decimal(4)),
    ("ha.redundancy.client_count", 8, Form::Decimal(2)),
    ("ha.redundancy.keep_alive_count", 10, Form::Decimal(2)),
    ("ha.redundancy.client_notification_timer", 12, Form::Decimal(4)),
    ("ha.redundancy.keep_alive_timer", 16, Form::Decimal(4)),
    ("ha.redundancy.keep_alive_threshold", 20, Form::Decimal(4)),
    ("ha.redundancy.debug_mask", 24, Form::Hexadecimal(4)),
];

const BULK_COUNTS: Numbers = &[
    ("ha.bulk.ike_sas", 0, Form::Decimal(4)),
    ("ha.bulk.bundles", 4, Form::Decimal(4)),
    ("ha.bulk.nhrp_entries", 8, Form::Decimal(4)),
];

const NHRP_PARAMETERS: Numbers = &[
    ("ha.nhrp.network_id", 0, Form::Decimal(4)),
    ("ha.nhrp.tunnel_key", 4, Form::Decimal(4)),
    ("ha.nhrp.flags", 8, Form::Hexadecimal(2)),
    ("ha.nhrp.prefix_length", 10, Form::Decimal(1)),
    ("ha.nhrp.preference", 11, Form::Decimal(1)),
    ("ha.nhrp.mtu", 12, Form::Decimal(2)),
    ("ha.nhrp.holding_time", 14, Form::Decimal(2)),
    ("ha.nhrp.expires_in", 16, Form::Decimal(2)),
];

const LOCAL_IDENTITY: Numbers = &[
    ("ha.local_identity.type", 0, Form::Decimal(1)),
    ("ha.local_identity.protocol", 1, Form::Decimal(1)),
    ("ha.local_identity.port", 2, Form::Decimal(2)),
];

const LOCAL_SELECTOR: Numbers = &[
    ("ha.local_selector.type", 0, Form::Decimal(1)),
    ("ha.local_selector.protocol", 1, Form::Decimal(1)),
    ("ha.local_selector.port", 2, Form::Decimal(2)),
];

const REMOTE_SELECTOR: Numbers = &[
    ("ha.remote_selector.type", 0, Form::Decimal(1)),
    ("ha.remote_selector.protocol", 1, Form::Decimal(1)),
    ("ha.remote_selector.port", 2, Form::Decimal(2)),
];

/// Returns the name of the field for a code, and how its value is shown.
fn shape(code: AttributeCode) -> (&'static str, Shape) {
    use AttributeCode as Code;
    use Form::{Decimal, Hexadecimal};
    use Shape::{Address, Attributes, Number, Numbers, Octets, Secret, Text};
    match code {
        code if code.is_secret() => ("", Secret),
        Code::MY_COOKIE => ("ha.my_cookie", Octets),
        Code::HIS_COOKIE => ("ha.his_cookie", Octets),
        Code::SRC => ("ha.src", Address),
        Code::DST => ("ha.dst", Address),
        Code::PEER_PORT => ("ha.peer_port", Number(Decimal(2))),
        Code::F_VRF => ("ha.f_vrf", Number(Decimal(1))),
        Code::INIT_OR_RESP => ("ha.init_or_resp", Number(Form::Named(1, init_or_resp))),
        Code::NAT_DISCOVERY => ("ha.nat_discovery", Number(Decimal(1))),
        Code::PEERS_CAPABILITIES => ("ha.peers_capabilities", Number(Hexadecimal(4))),
        Code::MY_CAPABILITIES => ("ha.my_capabilities", Number(Hexadecimal(4))),
        Code::STATE_MASK => ("ha.state_mask", Number(Hexadecimal(4))),
        Code::IDTYPE => ("ha.idtype", Number(Decimal(1))),
        Code::PROTOCOL => ("ha.protocol", Number(Decimal(1))),
        Code::PORT => ("ha.port", Number(Decimal(2))),
        Code::ADDR => ("ha.addr", Address),
        Code::MASK => ("ha.mask", Address),
        Code::ID_STR => ("ha.id_str", Octets),
        Code::SERIAL => ("ha.serial", Number(Decimal(4))),
        Code::REASON => ("ha.reason", Number(Form::Named(2, reason))),
        Code::LOCAL_PORT => ("ha.local_port", Number(Decimal(2))),
        Code::LOCAL_IDENTITY => ("", Numbers(LOCAL_IDENTITY, Rest::Octets("ha.local_identity.data"))),
        Code::IKE_SUITE => ("", Numbers(IKE_SUITE, Rest::Nothing)),
        Code::EXCHANGE_TYPE => ("ha.exchange_type", Number(Decimal(1))),
        Code::PHASE_1_IV => ("ha.phase_1_iv", Octets),
        Code::LIFETIME => ("", Numbers(LIFETIME, Rest::Nothing)),
        Code::DEAD_PEER => ("", Numbers(DEAD_PEER, Rest::Nothing)),
        Code::NAT_STATE => ("", Numbers(NAT_STATE, Rest::Nothing)),
        Code::FEATURES => ("ha.features", Number(Hexadecimal(4))),
        Code::MESSAGE_ID => ("ha.message_id", Number(Hexadecimal(4))),
        Code::EXCHANGE => ("", Numbers(EXCHANGE, Rest::Octets("ha.exchange.iv"))),
        Code::ASSIGNED_ADDRESS => ("ha.assigned_address", Address),
        Code::USER_NAME => ("ha.user_name", Text),
        Code::PROFILE_NAME => ("ha.profile_name", Text),
        Code::INSIDE_VRF => ("ha.inside_vrf", Number(Decimal(4))),
        Code::IPSEC_SA | Code::NHRP_ENTRY => ("", Attributes),
        Code::SA_IDENTIFIER => ("", Numbers(SA_IDENTIFIER, Rest::Address("ha.sa.destination"))),
        Code::SA_SOURCE => ("ha.sa.source", Address),
        Code::SA_MODE => ("ha.sa.mode", Number(Form::Named(1, mode))),
        Code::ENCAPSULATION_PORTS => ("", Numbers(PORTS, Rest::Nothing)),
        Code::TRANSFORM => ("", Numbers(TRANSFORM, Rest::Nothing)),
        Code::LOCAL_SELECTOR => ("", Numbers(LOCAL_SELECTOR, Rest::Octets("ha.local_selector.data"))),
        Code::REMOTE_SELECTOR => ("", Numbers(REMOTE_SELECTOR, Rest::Octets("ha.remote_selector.data"))),
        Code::COUNTERS => ("", Numbers(COUNTERS, Rest::Nothing)),
        Code::SEQUENCE => ("ha.sa.sequence", Number(Decimal(8))),
        Code::REPLAY_WINDOW => ("ha.sa.replay_window", Number(Decimal(4))),
        Code::SA_FLAGS => ("ha.sa.flags", Number(Hexadecimal(4))),
        Code::PATH_MTU => ("ha.sa.path_mtu", Number(Decimal(2))),
        Code::LAST_KILOBYTES_SENT => ("ha.sa.last_kilobytes_sent", Number(Decimal(4))),
        Code::CRYPTO_MAP => ("ha.sa.crypto_map", Text),
        Code::BUNDLE_ID => ("ha.bundle_id", Number(Decimal(4))),
        Code::NAT_ORIGINAL_PEER => ("ha.sa.nat_original_peer", Address),
        Code::NAT_ORIGINAL_LOCAL => ("ha.sa.nat_original_local", Address),
        Code::REPLAY_UPDATE => ("", Numbers(REPLAY_UPDATE, Rest::Address("ha.sa.destination"))),
        Code::REDUNDANCY_STATE => ("", Numbers(REDUNDANCY_STATE, Rest::Nothing)),
        Code::STAMP => ("ha.stamp", Octets),
        Code::KEEPALIVE => ("ha.keepalive", Number(Decimal(4))),
        Code::BULK_COUNTS => ("", Numbers(BULK_COUNTS, Rest::Nothing)),
        Code::PROTOCOL_ADDRESS => ("ha.nhrp.protocol_address", Address),
        Code::NBMA_ADDRESS => ("ha.nhrp.nbma_address", Address),
        Code::CLAIMED_NBMA_ADDRESS => ("ha.nhrp.claimed_nbma_address", Address),
        Code::NHRP_PARAMETERS => ("", Numbers(NHRP_PARAMETERS, Rest::Nothing)),
        Code::ACKNOWLEDGED => ("ha.acknowledged", Number(Decimal(4))),
        Code::RESULT => ("ha.result", Number(Form::Named(2, result))),
        // An attribute without a name may be a key.
        _ => ("", Secret),
    }
}

/// Returns a number of octets as the value of a field.
fn len_value(len: usize) -> Value<'static> {
    Value::Unsigned(count(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_that_has_a_name_is_shown_unless_it_is_a_key() {
        for code in AttributeCode::NAMED {
            assert_eq!(matches!(shape(*code).1, Shape::Secret), code.is_secret(), "{code}");
        }
    }
}
