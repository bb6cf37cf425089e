//! The error causes of SCTP.

use sctp::{CauseCode, ErrorCause, ErrorCauseElement};

use super::names::{self, narrow};
use super::place::{Place, Run};
use crate::numbers::{self, Form};
use crate::packet::{Octets, Packet, Quoted};
use crate::sink::{Sink, Value};

/// The number of octets before the information of a cause.
const HEADER_LEN: usize = 4;

/// Shows the cause at its offset in `octets`. Reports a fault when its information is not valid for its code.
pub(super) fn fields<S: Sink>(
    place: Place<'_, S>,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: &ErrorCauseElement<'_>,
) {
    let whole = place.of(octets, element);
    let packet = &mut *packet.enter_field("sctp.cause", named(element.header), whole.whole());
    header_fields(packet, whole);
    value_fields(place, packet, whole.after(HEADER_LEN).first(element.value.len()), element.header);
    // A cause that is cut is reported with the chunk around it.
    if !element.is_cut()
        && let Err(error) = ErrorCause::parse(element)
    {
        packet.fault("sctp", error, whole.whole());
    }
    let padding = element.padding().len();
    packet.opaque("sctp.cause_padding", whole.after(whole.octets.len().saturating_sub(padding)));
}

/// Shows what is present of a cause whose header is cut, or whose length is less than its header.
pub(super) fn broken<S: Sink>(place: Place<'_, S>, packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    if let Some(number) = numbers::number(octets.octets, 0, 2) {
        let number = CauseCode(narrow(number));
        let packet = &mut *packet.enter_field("sctp.cause", named(number), octets.whole());
        header_fields(packet, octets);
        value_fields(place, packet, octets.after(HEADER_LEN), number);
    }
}

fn header_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let Some(number) = numbers::number(octets.octets, 0, 2).filter(|_| packet.wants_fields()) else { return };
    packet.field("sctp.cause_code", named(CauseCode(narrow(number))), octets.span(0, 2));
    numbers::show(packet, octets, &[("sctp.cause_length", 2, Form::Decimal(2))]);
}

fn named(code: CauseCode) -> Value<'static> {
    Value::Named(u64::from(code.0), code.name())
}

fn value_fields<S: Sink>(
    place: Place<'_, S>,
    packet: &mut Packet<'_, S>,
    value: Octets<'_>,
    code: CauseCode,
) {
    use CauseCode as Code;
    match code {
        Code::INVALID_STREAM_IDENTIFIER => numbers::show(
            packet,
            value,
            &[
                ("sctp.cause_stream_identifier", 0, Form::Decimal(2)),
                ("sctp.cause_reserved", 2, Form::Decimal(2)),
            ],
        ),
        Code::MISSING_MANDATORY_PARAMETER => {
            let count = [("sctp.cause_nr_of_missing_parameters", 0, Form::Decimal(4))];
            numbers::show(packet, value, &count);
            numbers::list(
                packet,
                value.after(4),
                "sctp.cause_missing_parameter_type",
                2,
                names::of_parameter,
            );
        }
        Code::STALE_COOKIE => {
            numbers::show(packet, value, &[("sctp.cause_measure_of_staleness", 0, Form::Decimal(4))]);
        }
        Code::NO_USER_DATA => numbers::show(packet, value, &[("sctp.cause_tsn", 0, Form::Decimal(4))]),
        Code::UNSUPPORTED_HMAC_IDENTIFIER => {
            numbers::list(packet, value.first(2), "sctp.hmac_id", 2, names::of_hmac);
        }
        Code::OUT_OF_RESOURCE
        | Code::INVALID_MANDATORY_PARAMETER
        | Code::COOKIE_RECEIVED_WHILE_SHUTTING_DOWN
        | Code::ILLEGAL_ASCONF_ACK => {}
        Code::UNRECOGNIZED_CHUNK_TYPE => copy(packet, value, |packet| place.run(packet, Run::Chunks, value)),
        Code::UNRESOLVABLE_ADDRESS
        | Code::UNRECOGNIZED_PARAMETERS
        | Code::RESTART_WITH_NEW_ADDRESSES
        | Code::DELETE_LAST_ADDRESS
        | Code::RESOURCE_SHORTAGE
        | Code::DELETE_SOURCE_ADDRESS
        | Code::NO_AUTHORIZATION => copy(packet, value, |packet| place.nested_parameters(packet, value)),
        _ => packet.opaque("sctp.cause_information", value),
    }
}

/// Shows the copy of what the sender of the cause rejects. An error in the copy is not an error of this packet.
fn copy<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>, show: impl FnOnce(&mut Packet<'_, S>)) {
    if !packet.descend(&value) {
        return;
    }
    let quoted = packet.around.quoted;
    packet.around.quoted = Quoted::Cut;
    show(packet);
    packet.around.quoted = quoted;
    packet.ascend();
}
