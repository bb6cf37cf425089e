//! The parameters of SCTP chunks.

use std::net::{Ipv4Addr, Ipv6Addr};

use sctp::parameter::ReconfigurationResult;
use sctp::{Parameter, ParameterElement, ParameterType};

use super::names::{self, narrow};
use super::place::{Place, Run};
use crate::numbers::{self, Form};
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};

/// The number of octets before the value of a parameter.
const HEADER_LEN: usize = 4;

const REQUEST: &str = "sctp.parameter_reconfig_request_sequence_number";
const RESPONSE: &str = "sctp.parameter_reconfig_response_sequence_number";

/// Shows the parameter at its offset in `octets`. Reports a fault when its value is not valid for its type.
pub(super) fn fields<S: Sink>(
    place: Place<'_, S>,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: &ParameterElement<'_>,
) {
    let whole = place.of(octets, element);
    let packet = &mut *packet.enter_field("sctp.parameter", named(element.header), whole.whole());
    header_fields(packet, whole);
    value_fields(place, packet, whole.after(HEADER_LEN).first(element.value.len()), element.header);
    // A parameter that is cut is reported with the chunk around it.
    if !element.is_cut()
        && let Err(error) = Parameter::parse(element)
    {
        packet.fault("sctp", error, whole.whole());
    }
    let padding = element.padding().len();
    packet.opaque("sctp.parameter_padding", whole.after(whole.octets.len().saturating_sub(padding)));
}

/// Shows what is present of a parameter whose header is cut, or whose length is less than its header.
pub(super) fn broken<S: Sink>(place: Place<'_, S>, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if let Some(number) = numbers::number(octets.octets, 0, 2) {
        let number = ParameterType(narrow(number));
        let packet = &mut *packet.enter_field("sctp.parameter", named(number), octets.whole());
        header_fields(packet, octets);
        value_fields(place, packet, octets.after(HEADER_LEN), number);
    }
}

fn header_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let Some(number) = numbers::number(octets.octets, 0, 2).filter(|_| packet.wants_fields()) else { return };
    let span = octets.span(0, 2);
    let mut inside = packet.enter_field("sctp.parameter_type", named(ParameterType(narrow(number))), span);
    inside.field("sctp.parameter_bit_1", Value::Boolean(number & 0x8000 != 0), span);
    inside.field("sctp.parameter_bit_2", Value::Boolean(number & 0x4000 != 0), span);
    inside.leave();
    numbers::show(packet, octets, &[("sctp.parameter_length", 2, Form::Decimal(2))]);
}

fn named(parameter_type: ParameterType) -> Value<'static> {
    Value::Named(u64::from(parameter_type.0), parameter_type.name())
}

fn value_fields<S: Sink>(
    place: Place<'_, S>,
    packet: &mut Packet<'_, S>,
    value: Octets<'_>,
    parameter_type: ParameterType,
) {
    use ParameterType as Type;
    match parameter_type {
        Type::HEARTBEAT_INFO => packet.opaque("sctp.parameter_heartbeat_information", value),
        Type::IPV4_ADDRESS => {
            if let Some(address) = value.octets.first_chunk::<4>() {
                let address = Value::Ipv4(Ipv4Addr::from(*address));
                packet.field("sctp.parameter_ipv4_address", address, value.span(0, 4));
            }
        }
        Type::IPV6_ADDRESS => {
            if let Some(address) = value.octets.first_chunk::<16>() {
                let address = Value::Ipv6(Ipv6Addr::from(*address));
                packet.field("sctp.parameter_ipv6_address", address, value.span(0, 16));
            }
        }
        Type::STATE_COOKIE => packet.opaque("sctp.parameter_state_cookie", value),
        Type::UNRECOGNIZED_PARAMETER => place.nested_parameters(packet, value),
        Type::COOKIE_PRESERVATIVE => {
            let list = [("sctp.parameter_cookie_preservative_incr", 0, Form::Decimal(4))];
            numbers::show(packet, value, &list);
        }
        Type::HOST_NAME_ADDRESS => {
            packet.field("sctp.parameter_hostname", Value::Text(value.octets), value.whole());
        }
        Type::SUPPORTED_ADDRESS_TYPES => {
            numbers::list(packet, value, "sctp.parameter_supported_address_type", 2, names::of_parameter);
        }
        Type::RANDOM => packet.opaque("sctp.random_number", value),
        Type::CHUNK_LIST => numbers::list(packet, value, "sctp.chunk_type_to_auth", 1, names::of_chunk),
        Type::REQUESTED_HMAC_ALGORITHM => numbers::list(packet, value, "sctp.hmac_id", 2, names::of_hmac),
        Type::SUPPORTED_EXTENSIONS => {
            numbers::list(packet, value, "sctp.supported_chunk_type", 1, names::of_chunk)
        }
        Type::ADD_IP_ADDRESS | Type::DELETE_IP_ADDRESS | Type::SET_PRIMARY_ADDRESS => {
            correlation_id(packet, value);
            place.nested_parameters(packet, value.after(4));
        }
        Type::ERROR_CAUSE_INDICATION => {
            correlation_id(packet, value);
            place.run(packet, Run::Causes, value.after(4));
        }
        Type::SUCCESS_INDICATION => correlation_id(packet, value),
        Type::ADAPTATION_LAYER_INDICATION => {
            numbers::show(packet, value, &[("sctp.adaptation_layer_indication", 0, Form::Hexadecimal(4))]);
        }
        Type::ECN_CAPABLE | Type::FORWARD_TSN_SUPPORTED => {}
        Type::OUTGOING_SSN_RESET_REQUEST
        | Type::INCOMING_SSN_RESET_REQUEST
        | Type::SSN_TSN_RESET_REQUEST
        | Type::RECONFIGURATION_RESPONSE
        | Type::ADD_OUTGOING_STREAMS_REQUEST
        | Type::ADD_INCOMING_STREAMS_REQUEST => re_configuration(packet, value, parameter_type),
        _ => packet.opaque("sctp.parameter_value", value),
    }
}

fn correlation_id<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>) {
    numbers::show(packet, value, &[("sctp.correlation_id", 0, Form::Hexadecimal(4))]);
}

/// Shows the parameters of RFC 6525 section 4.
fn re_configuration<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>, parameter_type: ParameterType) {
    use ParameterType as Type;
    const STREAM: &str = "sctp.parameter_reconfig_sid";
    let (list, streams): (&[_], _) = match parameter_type {
        Type::OUTGOING_SSN_RESET_REQUEST => (
            &[
                (REQUEST, 0, Form::Decimal(4)),
                (RESPONSE, 4, Form::Decimal(4)),
                ("sctp.parameter_senders_last_assigned_tsn", 8, Form::Decimal(4)),
            ],
            Some(12),
        ),
        Type::INCOMING_SSN_RESET_REQUEST => (&[(REQUEST, 0, Form::Decimal(4))], Some(4)),
        Type::RECONFIGURATION_RESPONSE => (&[(RESPONSE, 0, Form::Decimal(4))], None),
        Type::ADD_OUTGOING_STREAMS_REQUEST => (
            &[
                (REQUEST, 0, Form::Decimal(4)),
                ("sctp.parameter_add_outgoing_streams_number", 4, Form::Decimal(2)),
                ("sctp.parameter_add_outgoing_streams_reserved", 6, Form::Decimal(2)),
            ],
            None,
        ),
        Type::ADD_INCOMING_STREAMS_REQUEST => (
            &[
                (REQUEST, 0, Form::Decimal(4)),
                ("sctp.parameter_add_incoming_streams_number", 4, Form::Decimal(2)),
                ("sctp.parameter_add_incoming_streams_reserved", 6, Form::Decimal(2)),
            ],
            None,
        ),
        _ => (&[(REQUEST, 0, Form::Decimal(4))], None),
    };
    numbers::show(packet, value, list);
    if let Some(start) = streams {
        numbers::list(packet, value.after(start), STREAM, 2, |_| None);
    }
    if parameter_type == Type::RECONFIGURATION_RESPONSE {
        if let Some(result) = numbers::number(value.octets, 4, 4) {
            let name = ReconfigurationResult(u32::try_from(result).unwrap_or_default()).name();
            let span = value.span(4, 4);
            packet.field("sctp.parameter_reconfig_response_result", Value::Named(result, name), span);
        }
        numbers::show(
            packet,
            value,
            &[
                ("sctp.parameter_senders_next_tsn", 8, Form::Decimal(4)),
                ("sctp.parameter_receivers_next_tsn", 12, Form::Decimal(4)),
            ],
        );
    }
}
