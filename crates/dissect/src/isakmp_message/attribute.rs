//! Data attributes, RFC 2408 section 3.3: those of both phases, and the lifetimes in notifications.

use isakmp::doi::{ipsec, oakley};
use isakmp::payload::configuration::ConfigurationAttributeType;
use isakmp::{
    Attribute, AttributeElement, AttributeFormat, AttributeFraming, Attributes, LifeDuration, Member,
    ParseError,
};

use super::body::Body;
use crate::packet::{Entered, Octets, Packet};
use crate::sink::count;
use crate::sink::{Sink, Value};

/// The way in which a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A number, with its name when the registry has one.
    Number,
    /// Octets.
    Octets,
    /// A duration. The name of the field depends on its length: up to four octets, up to eight octets, or more.
    Duration([&'static str; 2]),
}

/// The names of the fields for the attributes of a registry.
#[derive(Debug)]
pub(super) struct Family {
    attribute: &'static str,
    attribute_type: &'static str,
    format: &'static str,
    length: &'static str,
    value: &'static str,
    type_name: fn(u16) -> Option<&'static str>,
    value_name: fn(u16, u16) -> Option<&'static str>,
    // The fields, by the number of the attribute.
    fields: &'static [(u16, &'static str, Form)],
}

macro_rules! family {
    ($prefix:literal, $registry:ident, $fields:expr) => {
        Family {
            attribute: $prefix,
            attribute_type: concat!($prefix, ".type"),
            format: concat!($prefix, ".format"),
            length: concat!($prefix, ".length"),
            value: concat!($prefix, ".value"),
            type_name: |number| $registry::AttributeType(number).name(),
            value_name: |number, value| $registry::AttributeType(number).value_name(value),
            fields: $fields,
        }
    };
}

macro_rules! duration {
    ($prefix:literal) => {
        Form::Duration([concat!($prefix, ".life_duration64"), concat!($prefix, ".life_duration_bytes")])
    };
}

impl Family {
    /// The attributes of phase 1, RFC 2409 appendix A.
    pub(super) const IKE: Self = family!(
        "isakmp.ike.attr",
        oakley,
        &[
            (1, "isakmp.ike.attr.encryption_algorithm", Form::Number),
            (2, "isakmp.ike.attr.hash_algorithm", Form::Number),
            (3, "isakmp.ike.attr.authentication_method", Form::Number),
            (4, "isakmp.ike.attr.group_description", Form::Number),
            (5, "isakmp.ike.attr.group_type", Form::Number),
            (6, "isakmp.ike.attr.group_prime", Form::Octets),
            (7, "isakmp.ike.attr.group_generator_one", Form::Octets),
            (8, "isakmp.ike.attr.group_generator_two", Form::Octets),
            (9, "isakmp.ike.attr.group_curve_a", Form::Octets),
            (10, "isakmp.ike.attr.group_curve_b", Form::Octets),
            (11, "isakmp.ike.attr.life_type", Form::Number),
            (12, "isakmp.ike.attr.life_duration", duration!("isakmp.ike.attr")),
            (13, "isakmp.ike.attr.prf", Form::Octets),
            (14, "isakmp.ike.attr.key_length", Form::Number),
            (15, "isakmp.ike.attr.field_size", Form::Octets),
            (16, "isakmp.ike.attr.group_order", Form::Octets),
        ]
    );

    /// The attributes of phase 2, RFC 2407 section 4.5.
    pub(super) const IPSEC: Self = family!(
        "isakmp.ipsec.attr",
        ipsec,
        &[
            (1, "isakmp.ipsec.attr.life_type", Form::Number),
            (2, "isakmp.ipsec.attr.life_duration", duration!("isakmp.ipsec.attr")),
            (3, "isakmp.ipsec.attr.group_description", Form::Number),
            (4, "isakmp.ipsec.attr.encap_mode", Form::Number),
            (5, "isakmp.ipsec.attr.auth_algorithm", Form::Number),
            (6, "isakmp.ipsec.attr.key_length", Form::Number),
            (7, "isakmp.ipsec.attr.key_rounds", Form::Number),
            (8, "isakmp.ipsec.attr.cmpr_dict_size", Form::Number),
            (9, "isakmp.ipsec.attr.cmpr_algorithm", Form::Octets),
            (10, "isakmp.ipsec.attr.ecn_tunnel", Form::Number),
            (11, "isakmp.ipsec.attr.ext_seq_nbr", Form::Number),
            (12, "isakmp.ipsec.attr.auth_key_length", Form::Number),
            (13, "isakmp.ipsec.attr.sig_enco_algorithm", Form::Octets),
            (14, "isakmp.ipsec.attr.addr_preservation", Form::Number),
            (15, "isakmp.ipsec.attr.sa_direction", Form::Number),
        ]
    );

    /// The attributes of mode-config and XAUTH. [`configuration`](super::configuration) shows their values.
    pub(super) const CONFIGURATION: Self = Self {
        attribute: "isakmp.cfg.attr",
        attribute_type: "isakmp.cfg.attr.type",
        format: "isakmp.cfg.attr.format",
        length: "isakmp.cfg.attr.length",
        value: "isakmp.cfg.attr.value",
        type_name: |number| ConfigurationAttributeType(number).name(),
        value_name: |_, _| None,
        fields: &[],
    };

    /// The lifetime of an ISAKMP SA in a RESPONDER-LIFETIME notification, RFC 2407 section 4.6.3.1.
    pub(super) const IKE_LIFETIME: Self = family!(
        "isakmp.notify.data.resp_lifetime.ike.attr",
        oakley,
        &[
            (11, "isakmp.notify.data.resp_lifetime.ike.attr.life_type", Form::Number),
            (
                12,
                "isakmp.notify.data.resp_lifetime.ike.attr.life_duration",
                duration!("isakmp.notify.data.resp_lifetime.ike.attr")
            ),
        ]
    );

    /// The lifetime of an IPsec SA in a RESPONDER-LIFETIME notification.
    pub(super) const IPSEC_LIFETIME: Self = family!(
        "isakmp.notify.data.resp_lifetime.ipsec.attr",
        ipsec,
        &[
            (1, "isakmp.notify.data.resp_lifetime.ipsec.attr.life_type", Form::Number),
            (
                2,
                "isakmp.notify.data.resp_lifetime.ipsec.attr.life_duration",
                duration!("isakmp.notify.data.resp_lifetime.ipsec.attr")
            ),
        ]
    );
}

/// Shows a list of attributes, and reports a fault at its end if there is one.
pub(super) fn list<S: Sink>(
    packet: &mut Packet<'_, S>,
    body: Body<'_>,
    family: &Family,
    list: &Attributes<'_>,
    fault: Option<ParseError>,
) {
    list_with(packet, body, family, list, fault, |packet, element| {
        known(packet, body.octets, family, element)
    });
}

/// The same as [`list`], but `value` shows each value.
pub(super) fn list_with<S: Sink>(
    packet: &mut Packet<'_, S>,
    body: Body<'_>,
    family: &Family,
    list: &Attributes<'_>,
    fault: Option<ParseError>,
    value: impl Fn(&mut Packet<'_, S>, &AttributeElement<'_>),
) {
    let Some(chain) = list.chain() else { return };
    let octets = body.octets;
    // Without fields, only the fault is needed. The attributes have been framed already.
    let shows = packet.wants_fields();
    for element in chain.iter().filter(|_| shows) {
        let packet = &mut *enter(packet, octets, family, &element);
        // An incomplete value has no meaning.
        if !element.is_cut() {
            value(packet, &element);
        }
    }
    let Some(fault) = fault else { return };
    let (offset, rest) = (chain.rest_offset(), chain.rest());
    if !rest.is_empty() {
        broken(packet, octets, family, offset, rest);
    }
    let span = match chain.iter().last().filter(|_| chain.is_cut()) {
        Some(last) => octets.span(last.offset, last.octets.len()),
        None => octets.span(offset, rest.len()),
    };
    body.fault(packet, fault, span);
}

/// Shows what is present of an attribute that has less than four octets.
fn broken<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, family: &Family, at: usize, rest: &[u8]) {
    let packet = &mut *packet.enter_field(family.attribute, Value::Opaque(rest), octets.span(at, rest.len()));
    if let Some([high, low]) = rest.first_chunk() {
        let word = u16::from_be_bytes([*high, *low]);
        let (number, is_basic) = (word & 0x7fff, word & 0x8000 != 0);
        packet.field(family.format, Value::Boolean(is_basic), octets.span(at, 2));
        let kind = Value::Named(u64::from(number), (family.type_name)(number));
        packet.field(family.attribute_type, kind, octets.span(at, 2));
        if let Some([high, low]) = rest.get(2..4).filter(|_| !is_basic) {
            let len = Value::Unsigned(u64::from(u16::from_be_bytes([*high, *low])));
            packet.field(family.length, len, octets.span(at.saturating_add(2), 2));
        }
    }
}

/// Enters an attribute, and shows the fields that all attributes have.
fn enter<'e, 'p, S: Sink>(
    packet: &'e mut Packet<'p, S>,
    octets: Octets<'_>,
    family: &Family,
    element: &AttributeElement<'_>,
) -> Entered<'e, 'p, S> {
    let (at, header) = (element.offset, element.header);
    let is_basic = header.format == AttributeFormat::Basic;
    // A value that may be long is shown only when it has a field of its own.
    let value = |octets| if is_basic { Value::Octets(octets) } else { Value::Opaque(octets) };
    let span = octets.span(at, element.octets.len());
    let mut packet = packet.enter_field(family.attribute, value(element.octets), span);
    packet.field(family.format, Value::Boolean(is_basic), octets.span(at, 2));
    let name = (family.type_name)(header.attribute_type);
    let kind = Value::Named(u64::from(header.attribute_type), name);
    packet.field(family.attribute_type, kind, octets.span(at, 2));
    if !is_basic {
        let len = Value::Unsigned(count(element.value.len().saturating_add(element.missing)));
        packet.field(family.length, len, octets.span(at.saturating_add(2), 2));
    }
    if !element.value.is_empty() {
        let span = octets.span(element.value_offset, element.value.len());
        packet.field(family.value, value(element.value), span);
    }
    packet
}

/// Shows the value of an attribute that has a field of its own.
fn known<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    family: &Family,
    element: &AttributeElement<'_>,
) {
    let number = element.header.attribute_type;
    let Some((_, name, form)) = family.fields.iter().find(|(field, ..)| *field == number) else { return };
    let span = octets.span(element.value_offset, element.value.len());
    let value = LifeDuration::from(Attribute::decode(element, &AttributeFraming).value);
    match (form, value, element.value.len()) {
        (_, _, 0) => {}
        (Form::Number, LifeDuration::Number(value), _) => {
            let name_of_value =
                u16::try_from(value).ok().and_then(|value| (family.value_name)(number, value));
            packet.field(name, Value::Named(value, name_of_value), span);
        }
        (Form::Duration(_), LifeDuration::Number(value), ..=4) => {
            packet.field(name, Value::Unsigned(value), span);
        }
        (Form::Duration([name, _]), LifeDuration::Number(value), ..=8) => {
            packet.field(name, Value::Unsigned(value), span);
        }
        (Form::Duration([_, name]), ..) => packet.field(name, Value::Octets(element.value), span),
        (Form::Octets | Form::Number, ..) => packet.field(name, Value::Octets(element.value), span),
    }
}
