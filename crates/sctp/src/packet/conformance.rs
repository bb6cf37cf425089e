//! The rules that a packet is held to beyond being readable.

use super::Packet;
use crate::chunk::{Body, ChunkElement, Init};
use crate::{Chunk, ChunkFlags, ChunkType, Departure, List, ParameterType, Parameters, Tsn, tlv};

/// What is known of a packet before its chunks are looked at one by one.
#[derive(Clone, Copy)]
struct Context {
    verification_tag: u32,
    chunk_count: usize,
    has_data: bool,
    has_init: bool,
    has_plain: bool,
}

/// What is carried from one chunk to the next.
#[derive(Clone, Copy, Default)]
struct Before {
    data: bool,
    only_auth: bool,
    auth: bool,
    tsn: Option<Tsn>,
    mixed: bool,
}

/// A chunk breaks few rules at once: room for all it can break.
type Found = [Option<Departure>; 9];

pub(super) fn departures<'a>(packet: &Packet<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let types = || packet.chunks.iter().map(|element| element.header.chunk_type);
    let context = Context {
        verification_tag: packet.header.verification_tag,
        chunk_count: packet.chunks.element_count(),
        has_data: types().any(ChunkType::carries_user_data),
        has_init: types().any(|chunk_type| chunk_type == ChunkType::INIT),
        has_plain: types().any(|chunk_type| matches!(chunk_type, ChunkType::DATA | ChunkType::FORWARD_TSN)),
    };
    let whole = [
        (context.chunk_count == 0).then_some(Departure::NoChunk),
        (context.verification_tag == 0 && !context.has_init && context.chunk_count != 0)
            .then_some(Departure::ZeroTag),
    ];
    let mut before = Before { only_auth: true, ..Before::default() };
    let each = packet.chunks.iter().flat_map(move |element| {
        let found = check(context, &mut before, &element);
        found.into_iter().flatten().chain(inner_departures(&element))
    });
    whole.into_iter().flatten().chain(each)
}

fn check(context: Context, before: &mut Before, element: &ChunkElement<'_>) -> Found {
    let offset = element.offset;
    let chunk_type = element.header.chunk_type;
    let mut found = Found::default();
    let [alone, with_data, order, cookie, tag, mixed, body, reserved, auth] = &mut found;

    let must_be_alone =
        matches!(chunk_type, ChunkType::INIT | ChunkType::INIT_ACK | ChunkType::SHUTDOWN_COMPLETE);
    if must_be_alone && context.chunk_count > 1 {
        *alone = Some(Departure::Bundled { chunk_type, offset });
    }
    let not_with_data =
        matches!(chunk_type, ChunkType::ABORT | ChunkType::SHUTDOWN | ChunkType::SHUTDOWN_ACK);
    if not_with_data && context.has_data {
        *with_data = Some(Departure::BundledWithData { chunk_type, offset });
    } else if before.data && !chunk_type.carries_user_data() && chunk_type != ChunkType::PAD {
        *order = Some(Departure::ControlAfterData { chunk_type, offset });
    }
    if chunk_type == ChunkType::COOKIE_ECHO && !before.only_auth {
        *cookie = Some(Departure::CookieEchoNotFirst { offset });
    }
    if chunk_type == ChunkType::INIT && context.verification_tag != 0 {
        *tag = Some(Departure::InitTag { verification_tag: context.verification_tag });
    }
    let interleaves = matches!(chunk_type, ChunkType::I_DATA | ChunkType::I_FORWARD_TSN);
    if interleaves && context.has_plain && !before.mixed {
        before.mixed = true;
        *mixed = Some(Departure::MixedInterleaving { offset });
    }
    let bits = element.header.flags.0 & !chunk_type.defined_flags().0;
    if bits != 0 {
        *reserved = Some(Departure::ReservedFlags { chunk_type, offset, bits });
    }
    if chunk_type == ChunkType::AUTH && before.auth {
        *auth = Some(Departure::SecondAuth { offset });
    } else if matches!(chunk_type, ChunkType::ASCONF | ChunkType::ASCONF_ACK) && !before.auth {
        *auth = Some(Departure::NotAuthenticated { chunk_type, offset });
    }
    before.auth |= chunk_type == ChunkType::AUTH;
    before.data |= chunk_type.carries_user_data();
    before.only_auth &= chunk_type == ChunkType::AUTH;

    *body = match Chunk::parse(element) {
        Err(_) => Some(Departure::Malformed { chunk_type, offset }),
        Ok(Chunk { body: Body::Init(init), .. }) => init_departure(&init, offset),
        Ok(Chunk { body: Body::InitAck(init), .. }) => init_departure(&init, offset).or_else(|| {
            let has_cookie = init.parameters.iter().any(|p| p.header == ParameterType::STATE_COOKIE);
            (!has_cookie).then_some(Departure::NoStateCookie { offset })
        }),
        Ok(Chunk { body: Body::Data(data), .. }) => {
            data_departure(before, offset, data.tsn, data.user_data.is_empty())
        }
        Ok(Chunk { body: Body::IData(data), .. }) => {
            data_departure(before, offset, data.tsn, data.user_data.is_empty())
        }
        Ok(Chunk { body: Body::Heartbeat(heartbeat) | Body::HeartbeatAck(heartbeat), .. }) => {
            let mut parameters = heartbeat.parameters.iter().map(|parameter| parameter.header);
            let is_one =
                parameters.next() == Some(ParameterType::HEARTBEAT_INFO) && parameters.next().is_none();
            (!is_one).then_some(Departure::NoHeartbeatInfo { offset })
        }
        Ok(Chunk { body: Body::Error(error), .. }) if error.causes.is_empty() => {
            Some(Departure::NoCause { offset })
        }
        Ok(Chunk { body: Body::ReConfig(re_config), .. }) => {
            (!may_combine(&re_config.parameters)).then_some(Departure::ReConfigCombination { offset })
        }
        Ok(_) => None,
    };
    found
}

/// Whether the parameters of a RE-CONFIG are a combination of RFC 6525 section 3.1.
fn may_combine(parameters: &Parameters<'_>) -> bool {
    use ParameterType as Type;
    let mut types = parameters.iter().map(|parameter| parameter.header);
    match (types.next(), types.next(), types.next()) {
        (
            Some(
                Type::OUTGOING_SSN_RESET_REQUEST
                | Type::INCOMING_SSN_RESET_REQUEST
                | Type::SSN_TSN_RESET_REQUEST
                | Type::ADD_OUTGOING_STREAMS_REQUEST
                | Type::ADD_INCOMING_STREAMS_REQUEST
                | Type::RECONFIGURATION_RESPONSE,
            ),
            None,
            None,
        ) => true,
        (Some(first), Some(second), None) => matches!(
            (first, second),
            (Type::OUTGOING_SSN_RESET_REQUEST, Type::INCOMING_SSN_RESET_REQUEST)
                | (Type::ADD_OUTGOING_STREAMS_REQUEST, Type::ADD_INCOMING_STREAMS_REQUEST)
                | (
                    Type::RECONFIGURATION_RESPONSE,
                    Type::OUTGOING_SSN_RESET_REQUEST | Type::RECONFIGURATION_RESPONSE
                )
        ),
        _ => false,
    }
}

fn init_departure(init: &Init<'_>, offset: usize) -> Option<Departure> {
    if init.initiate_tag == 0 {
        Some(Departure::ZeroInitiateTag { offset })
    } else if init.a_rwnd < 1500 {
        Some(Departure::SmallWindow { offset, a_rwnd: init.a_rwnd })
    } else if init.outbound_streams == 0 || init.inbound_streams == 0 {
        Some(Departure::NoStreams { offset })
    } else {
        None
    }
}

fn data_departure(before: &mut Before, offset: usize, tsn: Tsn, is_empty: bool) -> Option<Departure> {
    let previous = before.tsn.replace(tsn);
    match previous {
        _ if is_empty => Some(Departure::NoUserData { offset, tsn }),
        Some(previous) if !tsn.is_after(previous) => Some(Departure::TsnOrder { offset, previous, tsn }),
        _ => None,
    }
}

/// Departures that a chunk may have many of.
fn inner_departures<'a>(element: &ChunkElement<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let offset = element.offset;
    let body = Chunk::parse_or_raw(element).body;
    let counted = body
        .parameters()
        .and_then(tlv::counted_padding)
        .or_else(|| body.causes().and_then(tlv::counted_padding))
        .map(|(offset, count)| Departure::FinalPaddingCounted { offset, count });
    let parameters = match &body {
        Body::Init(init) | Body::InitAck(init) => init.parameters.clone(),
        _ => Parameters::default(),
    };
    let hosts = parameters
        .into_iter()
        .filter(|parameter| parameter.header == ParameterType::HOST_NAME_ADDRESS)
        .map(|parameter| Departure::HostNameAddress { offset: parameter.offset });
    let blocks = match body {
        Body::Sack(sack) => sack.gap_ack_blocks,
        _ => List::default(),
    };
    let gaps = blocks
        .into_iter()
        .filter(|block| block.start == 0 || block.end < block.start)
        .map(move |block| Departure::GapAckBlock { offset, start: block.start, end: block.end });
    counted.into_iter().chain(hosts).chain(gaps)
}

// The T bit is the E bit: one octet of flags, meanings per type.
const _: () = assert!(ChunkFlags::T.0 == ChunkFlags::E.0);
