//! The chunks of SCTP: their headers and their values.

use sctp::chunk::PayloadProtocolIdentifier;
use sctp::{Chunk, ChunkElement, ChunkFlags, ChunkHeader, ChunkType, ParseError};

use super::names;
use super::place::{Place, Run};
use crate::numbers::{self, Form};
use crate::packet::{Octets, Packet};
use crate::sink::{Sink, Value};
use crate::tables::Table;

/// The number of octets before the value of a chunk.
const HEADER_LEN: usize = 4;

/// Shows the chunk at its offset in `octets`, as far as it is present. Reports a fault when it is cut or when its
/// value is not valid for its type.
pub(super) fn fields<S: Sink>(
    place: Place<'_, S>,
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    element: &ChunkElement<'_>,
) {
    let whole = place.of(octets, element);
    let chunk_type = element.header.chunk_type;
    let packet = &mut *packet.enter_field("sctp.chunk", named(chunk_type), whole.whole());
    header_fields(packet, whole);
    let value = whole.after(HEADER_LEN).first(element.value.len());
    value_fields(place, packet, value, element.header);
    if let Err(error) = Chunk::parse(element) {
        packet.fault("sctp", error, whole.whole());
    }
    let padding = element.padding().len();
    packet.opaque("sctp.chunk_padding", whole.after(whole.octets.len().saturating_sub(padding)));
}

/// Shows what is present of a chunk whose header is cut, or whose length is less than its header.
pub(super) fn broken<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, fault: ParseError) {
    if let Some(kind) = octets.octets.first() {
        let packet = &mut *packet.enter_field("sctp.chunk", named(ChunkType(*kind)), octets.whole());
        header_fields(packet, octets);
        packet.fault("sctp", fault, octets.whole());
    }
}

fn named(chunk_type: ChunkType) -> Value<'static> {
    Value::Named(u64::from(chunk_type.0), chunk_type.name())
}

fn header_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    let [kind, flags] = match octets.octets {
        [kind, flags, ..] => [*kind, *flags],
        [kind] => [*kind, 0],
        [] => return,
    };
    let chunk_type = ChunkType(kind);
    let mut inside = packet.enter_field("sctp.chunk_type", named(chunk_type), octets.span(0, 1));
    inside.field("sctp.chunk_bit_1", Value::Boolean(kind & 0x80 != 0), octets.span(0, 1));
    inside.field("sctp.chunk_bit_2", Value::Boolean(kind & 0x40 != 0), octets.span(0, 1));
    inside.leave();
    if octets.octets.len() > 1 {
        let span = octets.span(1, 1);
        let packet =
            &mut *packet.enter_field("sctp.chunk_flags", Value::Hexadecimal(u64::from(flags), 2), span);
        let bits: &[(&'static str, ChunkFlags)] = match chunk_type {
            ChunkType::DATA | ChunkType::I_DATA => &[
                ("sctp.data_i_bit", ChunkFlags::I),
                ("sctp.data_u_bit", ChunkFlags::U),
                ("sctp.data_b_bit", ChunkFlags::B),
                ("sctp.data_e_bit", ChunkFlags::E),
            ],
            ChunkType::ABORT => &[("sctp.abort_t_bit", ChunkFlags::T)],
            ChunkType::SHUTDOWN_COMPLETE => &[("sctp.shutdown_complete_t_bit", ChunkFlags::T)],
            _ => &[],
        };
        for (name, flag) in bits {
            packet.field(name, Value::Boolean(ChunkFlags(flags).contains(*flag)), span);
        }
        if chunk_type == ChunkType::SACK {
            // The nonce sum is one bit from an experiment without an RFC (draft-ietf-tsvwg-sctp-nonce).
            packet.field("sctp.sack_nounce_sum", Value::Unsigned(u64::from(flags & 1)), span);
        }
    }
    numbers::show(packet, octets, &[("sctp.chunk_length", 2, Form::Decimal(2))]);
}

fn value_fields<S: Sink>(
    place: Place<'_, S>,
    packet: &mut Packet<'_, S>,
    value: Octets<'_>,
    header: ChunkHeader,
) {
    use ChunkType as Type;
    match header.chunk_type {
        Type::DATA | Type::I_DATA => data(place, packet, value, header),
        Type::INIT | Type::INIT_ACK => {
            let names = match header.chunk_type {
                Type::INIT => [
                    "sctp.init_initiate_tag",
                    "sctp.init_credit",
                    "sctp.init_nr_out_streams",
                    "sctp.init_nr_in_streams",
                    "sctp.init_initial_tsn",
                ],
                _ => [
                    "sctp.initack_initiate_tag",
                    "sctp.initack_credit",
                    "sctp.initack_nr_out_streams",
                    "sctp.initack_nr_in_streams",
                    "sctp.initack_initial_tsn",
                ],
            };
            let [tag, credit, out_streams, in_streams, tsn] = names;
            let list = [
                (tag, 0, Form::Hexadecimal(4)),
                (credit, 4, Form::Decimal(4)),
                (out_streams, 8, Form::Decimal(2)),
                (in_streams, 10, Form::Decimal(2)),
                (tsn, 12, Form::Decimal(4)),
            ];
            numbers::show(packet, value, &list);
            place.run(packet, Run::Parameters, value.after(16));
        }
        Type::SACK => sack(packet, value),
        Type::HEARTBEAT | Type::HEARTBEAT_ACK | Type::RE_CONFIG => place.run(packet, Run::Parameters, value),
        Type::ABORT | Type::ERROR => place.run(packet, Run::Causes, value),
        Type::SHUTDOWN => one(packet, value, "sctp.shutdown_cumulative_tsn_ack"),
        Type::ECNE => one(packet, value, "sctp.ecne_lowest_tsn"),
        Type::CWR => one(packet, value, "sctp.cwr_lowest_tsn"),
        Type::COOKIE_ECHO => packet.opaque("sctp.cookie", value),
        Type::PAD => packet.opaque("sctp.padding_data", value),
        Type::AUTH => {
            numbers::show(packet, value, &[("sctp.shared_key_id", 0, Form::Decimal(2))]);
            if let Some(id) = numbers::number(value.octets, 2, 2) {
                packet.field("sctp.hmac_id", Value::Named(id, names::of_hmac(id)), value.span(2, 2));
            }
            packet.opaque("sctp.hmac", value.after(4));
        }
        Type::FORWARD_TSN => forward_tsn(packet, value),
        Type::I_FORWARD_TSN => i_forward_tsn(packet, value),
        Type::ASCONF => {
            numbers::show(packet, value, &[("sctp.asconf_seq_nr_number", 0, Form::Hexadecimal(4))]);
            place.run(packet, Run::Parameters, value.after(4));
        }
        Type::ASCONF_ACK => {
            numbers::show(packet, value, &[("sctp.asconf_ack_seq_nr_number", 0, Form::Hexadecimal(4))]);
            place.run(packet, Run::Parameters, value.after(4));
        }
        Type::SHUTDOWN_ACK | Type::COOKIE_ACK | Type::SHUTDOWN_COMPLETE => {}
        _ => packet.opaque("sctp.chunk_value", value),
    }
}

fn one<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>, name: &'static str) {
    numbers::show(packet, value, &[(name, 0, Form::Decimal(4))]);
}

/// Shows DATA, RFC 9260 section 3.3.1, and I-DATA, RFC 8260 section 2.1.
fn data<S: Sink>(place: Place<'_, S>, packet: &mut Packet<'_, S>, value: Octets<'_>, header: ChunkHeader) {
    let ChunkHeader { chunk_type, flags } = header;
    numbers::show(
        packet,
        value,
        &[("sctp.data_tsn_raw", 0, Form::Decimal(4)), ("sctp.data_sid", 4, Form::Hexadecimal(2))],
    );
    let is_first = flags.contains(ChunkFlags::B);
    let (word, len) = if chunk_type == ChunkType::DATA {
        numbers::show(packet, value, &[("sctp.data_ssn", 6, Form::Decimal(2))]);
        (8, 12)
    } else {
        numbers::show(
            packet,
            value,
            &[("sctp.data_reserved", 6, Form::Decimal(2)), ("sctp.data_mid", 8, Form::Decimal(4))],
        );
        if !is_first {
            numbers::show(packet, value, &[("sctp.data_fsn", 12, Form::Decimal(4))]);
            return;
        }
        (12, 16)
    };
    let Some(number) = numbers::number(value.octets, word, 4) else { return };
    let key = u32::try_from(number).unwrap_or_default();
    let name = PayloadProtocolIdentifier(key).name();
    let name = name.or((key == hasync::profile::PAYLOAD_PROTOCOL_IDENTIFIER).then_some("vpnwire HA"));
    packet.field("sctp.data_payload_proto_id", Value::Named(number, name), value.span(word, 4));
    // Fragments are shown when they are put together. User data with a dissector is shown by that dissector, and may
    // be secret.
    if is_first
        && flags.contains(ChunkFlags::E)
        && place.tables.handler(Table::PayloadProtocol, key).is_none()
    {
        packet.opaque("sctp.user_data", value.after(len));
    }
}

/// Shows SACK, RFC 9260 section 3.3.4.
fn sack<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>) {
    numbers::show(
        packet,
        value,
        &[
            ("sctp.sack_cumulative_tsn_ack_raw", 0, Form::Decimal(4)),
            ("sctp.sack_a_rwnd", 4, Form::Decimal(4)),
            ("sctp.sack_number_of_gap_blocks", 8, Form::Decimal(2)),
            ("sctp.sack_number_of_duplicated_tsns", 10, Form::Decimal(2)),
        ],
    );
    let count =
        |offset| numbers::number(value.octets, offset, 2).and_then(|count| usize::try_from(count).ok());
    let (Some(gaps), Some(duplicates)) = (count(8), count(10)) else { return };
    let cumulative = numbers::number(value.octets, 0, 4).unwrap_or_default();
    let blocks = value.after(12).first(gaps.saturating_mul(4));
    for (index, block) in blocks.octets.as_chunks::<4>().0.iter().enumerate() {
        let at = index.saturating_mul(4);
        let [a, b, c, d] = *block;
        let mut side = |[name, tsn_name]: [&'static str; 2], offset: u16, at| {
            let span = blocks.span(at, 2);
            let packet = &mut *packet.enter_field(name, Value::Unsigned(u64::from(offset)), span);
            // TSNs can wrap.
            let tsn = cumulative.wrapping_add(u64::from(offset)) & u64::from(u32::MAX);
            packet.field(tsn_name, Value::Unsigned(tsn), span);
        };
        side(["sctp.sack_gap_block_start", "sctp.sack_gap_block_start_tsn"], u16::from_be_bytes([a, b]), at);
        side(
            ["sctp.sack_gap_block_end", "sctp.sack_gap_block_end_tsn"],
            u16::from_be_bytes([c, d]),
            at.saturating_add(2),
        );
    }
    let list = value.after(gaps.saturating_mul(4).saturating_add(12)).first(duplicates.saturating_mul(4));
    numbers::list(packet, list, "sctp.sack_duplicate_tsn", 4, |_| None);
}

/// Shows FORWARD-TSN, RFC 3758 section 3.2.
fn forward_tsn<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>) {
    one(packet, value, "sctp.forward_tsn_tsn");
    let count = value.after(4).octets.len().checked_div(4).unwrap_or_default();
    for index in 0..count {
        let skipped = value.after(index.saturating_mul(4).saturating_add(4)).first(4);
        numbers::show(
            packet,
            skipped,
            &[
                ("sctp.forward_tsn_sid", 0, Form::Hexadecimal(2)),
                ("sctp.forward_tsn_ssn", 2, Form::Decimal(2)),
            ],
        );
    }
}

/// Shows I-FORWARD-TSN, RFC 8260 section 2.3.1.
fn i_forward_tsn<S: Sink>(packet: &mut Packet<'_, S>, value: Octets<'_>) {
    one(packet, value, "sctp.i_forward_tsn_tsn");
    let count = value.after(4).octets.len().checked_div(8).unwrap_or_default();
    for index in 0..count {
        let skipped = value.after(index.saturating_mul(8).saturating_add(4)).first(8);
        numbers::show(packet, skipped, &[("sctp.i_forward_tsn_sid", 0, Form::Hexadecimal(2))]);
        if let Some(word) = numbers::number(skipped.octets, 2, 2) {
            let span = skipped.span(2, 2);
            let packet =
                &mut *packet.enter_field("sctp.i_forward_tsn_flags", Value::Hexadecimal(word, 4), span);
            packet.field("sctp.i_forward_tsn_res", Value::Unsigned(word >> 1), span);
            packet.field("sctp.i_forward_tsn_u_bit", Value::Boolean(word & 1 != 0), span);
        }
        numbers::show(packet, skipped, &[("sctp.forward_tsn_mid", 4, Form::Decimal(4))]);
    }
}
