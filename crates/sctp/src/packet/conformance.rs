//! The rules of the RFCs that a packet can break although it can be read.

use wire::{Element, Emit, Framing, Member, Reader};

use super::Packet;
use crate::chunk::{Body, Init};
use crate::{
    Chunk, ChunkElement, ChunkFlags, ChunkFraming, ChunkHeader, ChunkType, Chunks, CommonHeader, Departure,
    ErrorCause, ErrorCauseElement, ErrorCauses, Items, Parameter, ParameterFraming, ParameterType,
    Parameters, Tsn, tlv,
};

/// Facts about the whole packet, found before its chunks are checked one by one.
#[derive(Clone, Copy, Default)]
struct Context {
    verification_tag: u32,
    chunk_count: usize,
    has_data: bool,
    has_init: bool,
    has_plain: bool,
}

/// The state that is carried from one chunk to the next.
#[derive(Clone, Copy, Default)]
struct Before {
    data: bool,
    only_auth: bool,
    auth: bool,
    tsn: Option<Tsn>,
    mixed: bool,
}

/// Room for all rules that one chunk can break at once.
type Found = [Option<Departure>; 9];

pub(super) fn departures<'a>(packet: &Packet<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let mut context = Context {
        verification_tag: packet.header.verification_tag,
        chunk_count: packet.chunks.count(),
        ..Context::default()
    };
    for (_, ChunkHeader { chunk_type, .. }) in tlv::headers(&packet.chunks, CommonHeader::LEN) {
        context.has_data |= chunk_type.carries_user_data();
        context.has_init |= chunk_type == ChunkType::INIT;
        context.has_plain |= matches!(chunk_type, ChunkType::DATA | ChunkType::FORWARD_TSN);
    }
    // If no chunk could be framed although there are octets, that is a fault and not a packet without chunks.
    let is_empty =
        context.chunk_count == 0 && packet.chunks.chain().is_none_or(|chain| chain.rest().is_empty());
    let CommonHeader { source_port, destination_port, .. } = packet.header;
    let whole = [
        (source_port == 0 || destination_port == 0)
            .then_some(Departure::PortZero { source_port, destination_port }),
        is_empty.then_some(Departure::NoChunk),
        (context.verification_tag == 0 && !context.has_init && context.chunk_count != 0)
            .then_some(Departure::ZeroTag),
    ];
    let mut before = Before { only_auth: true, ..Before::default() };
    let each = placed(&packet.chunks).flat_map(move |placed| {
        let found = check(context, &mut before, &placed);
        found.into_iter().flatten().chain(inner_departures(&placed))
    });
    packet.chunks.elements().flat_map(derived).chain(whole.into_iter().flatten()).chain(each)
}

/// A chunk and its offset.
struct Placed<'a> {
    offset: usize,
    chunk: Chunk<'a>,
    is_cut: bool,
}

/// The chunks with their offsets in the packet. If they are values, the offsets are those that they will have.
fn placed<'a>(chunks: &Chunks<'a>) -> impl Iterator<Item = Placed<'a>> + use<'a> {
    let read = chunks.elements().map(|element| Placed {
        offset: element.offset,
        chunk: Chunk::decode(&element, &ChunkFraming),
        is_cut: element.is_cut(),
    });
    let built = tlv::values(chunks).iter().scan(CommonHeader::LEN, |end, chunk| {
        let offset = *end;
        *end = ChunkFraming.len_with(*end, chunk.header(), chunk.wire_len());
        Some(Placed { offset, chunk: chunk.clone(), is_cut: false })
    });
    read.chain(built)
}

/// Departures in the octets of a chunk that was read, which emitting the packet corrects.
fn derived<'a>(element: ChunkElement<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let body = Chunk::decode(&element, &ChunkFraming).body;
    let missing = Departure::MissingPadding {
        chunk_type: element.header.chunk_type,
        offset: element.offset.saturating_add(element.octets.len()),
        count: element.missing_padding,
    };
    let missing = (!element.is_cut() && element.missing_padding != 0).then_some(missing);
    let parameters =
        body.parameters().map(Parameters::elements).into_iter().flatten().flat_map(|parameter| {
            let causes = match Parameter::decode(&parameter, &ParameterFraming::default()) {
                Parameter::ErrorCauseIndication { causes, .. } => Some(causes.elements()),
                _ => None,
            };
            padding(&parameter).into_iter().chain(causes.into_iter().flatten().flat_map(in_cause))
        });
    let causes = body.causes().map(ErrorCauses::elements).into_iter().flatten().flat_map(in_cause);
    [padding(&element), missing].into_iter().flatten().chain(parameters).chain(causes)
}

fn in_cause(element: ErrorCauseElement<'_>) -> impl Iterator<Item = Departure> + use<> {
    let count = match ErrorCause::parse_counted(&element) {
        Ok((ErrorCause::MissingMandatoryParameter(types), Some(count)))
            if usize::try_from(count) != Ok(types.count()) =>
        {
            let (offset, listed) = (element.offset, types.count());
            Some(Departure::MissingParameterCount { offset, count, listed })
        }
        _ => None,
    };
    [padding(&element), count].into_iter().flatten()
}

/// Reports padding that was not zero. It is emitted as zeros.
fn padding<H>(element: &Element<'_, H>) -> Option<Departure> {
    let padding = element.padding();
    let offset = element.offset.saturating_add(element.octets.len()).saturating_sub(padding.len());
    padding.iter().any(|octet| *octet != 0).then_some(Departure::Padding { offset })
}

fn check(context: Context, before: &mut Before, placed: &Placed<'_>) -> Found {
    let offset = placed.offset;
    let ChunkHeader { chunk_type, flags } = placed.chunk.header();
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
    let bits = flags.0 & !chunk_type.defined_flags().0;
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

    *body = match &placed.chunk.body {
        // The packet's fault already reports the chunk that is cut.
        Body::Raw { .. } if placed.is_cut => None,
        Body::Raw { value, .. } => {
            let reader = Reader::at(ChunkFraming::WITHIN, value, offset.saturating_add(4));
            let is_malformed = Body::read(placed.chunk.header(), reader).is_err();
            is_malformed.then_some(Departure::Malformed { chunk_type, offset })
        }
        Body::Init(init) => init_departure(init, offset),
        Body::InitAck(init) => init_departure(init, offset).or_else(|| {
            let has_cookie = types(&init.parameters).any(|it| it == ParameterType::STATE_COOKIE);
            (!has_cookie).then_some(Departure::NoStateCookie { offset })
        }),
        Body::Data(data) => data_departure(before, offset, data.tsn, data.user_data.is_empty()),
        Body::IData(data) => data_departure(before, offset, data.tsn, data.user_data.is_empty()),
        Body::Heartbeat(heartbeat) | Body::HeartbeatAck(heartbeat) => {
            let is_one = types(&heartbeat.parameters).eq([ParameterType::HEARTBEAT_INFO]);
            (!is_one).then_some(Departure::NoHeartbeatInfo { offset })
        }
        Body::Error(error) if error.causes.is_empty() => Some(Departure::NoCause { offset }),
        Body::ReConfig(re_config) => {
            (!may_combine(&re_config.parameters)).then_some(Departure::ReConfigCombination { offset })
        }
        _ => None,
    };
    found
}

/// The types of the parameters.
fn types(parameters: &Parameters<'_>) -> impl Iterator<Item = ParameterType> {
    tlv::headers(parameters, 0).map(|(_, parameter_type)| parameter_type)
}

/// Whether RFC 6525 section 3.1 allows this combination of parameters in a RE-CONFIG.
fn may_combine(parameters: &Parameters<'_>) -> bool {
    use ParameterType as Type;
    let mut types = types(parameters);
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

/// Departures that one chunk can have several of.
fn inner_departures<'a>(placed: &Placed<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let offset = placed.offset;
    let body = &placed.chunk.body;
    let counted = body
        .parameters()
        .and_then(tlv::counted_padding)
        .or_else(|| body.causes().and_then(tlv::counted_padding))
        .map(|(offset, count)| Departure::FinalPaddingCounted { offset, count });
    let parameters = match body {
        Body::Init(init) | Body::InitAck(init) => {
            // The parameters follow the chunk's header and the fixed fields of its value.
            Some(tlv::headers(&init.parameters, offset.saturating_add(20)))
        }
        _ => None,
    };
    let hosts = parameters
        .into_iter()
        .flatten()
        .filter(|(_, parameter_type)| *parameter_type == ParameterType::HOST_NAME_ADDRESS)
        .map(|(offset, _)| Departure::HostNameAddress { offset });
    let blocks = match body {
        Body::Sack(sack) => sack.gap_ack_blocks,
        _ => Items::default(),
    };
    let gaps = blocks
        .into_iter()
        .filter(|block| block.start == 0 || block.end < block.start)
        .map(move |block| Departure::GapAckBlock { offset, start: block.start, end: block.end });
    counted.into_iter().chain(hosts).chain(gaps)
}

// The T bit has the same value as the E bit. The meaning of a bit depends on the chunk's type.
const _: () = assert!(ChunkFlags::T.0 == ChunkFlags::E.0);
