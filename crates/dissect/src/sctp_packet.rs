//! SCTP packets, in IP and in UDP.

mod chunk;
mod error_cause;
mod names;
mod parameter;
mod place;
mod summary;

use sctp::chunk::{Body, PpidOrFsn};
use sctp::{
    Checksum, Chunk, ChunkFlags, ChunkFraming, ChunkType, Chunks, CommonHeader, Emit, ErrorCauseFraming,
    ErrorCauses, Parameter, ParameterFraming, Parameters, ParseError, Parsed,
};

use crate::numbers::{self, Form};
use crate::packet::{Octets, Packet, Quoted};
use crate::sent_tsns::SentTsns;
use crate::sink::{Outcome, Protocol, Reason, Sink, Value};
use crate::tables::Table;
use crate::user_message::{Direction, Fragment, Identity, Numbering, Outcome as Collected};
use crate::walk::Walk;
use place::{Place, Run};
use summary::Summary;

static SCTP: Protocol = Protocol { filter: "sctp", title: "Stream Control Transmission Protocol" };

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    let mut entered = walk.packet.enter(&SCTP, octets.whole());
    let packet = &mut *entered;
    header_fields(packet, *octets);
    let Parsed { value: parsed, rest, fault } = match sctp::Packet::parse_until_error(octets.octets) {
        Ok(parsed) => parsed,
        Err(error) => {
            packet.fault("sctp", error, octets.whole());
            // A quotation of ICMP has the ports and the verification tag, and no more.
            let [a, b, c, d, tag @ ..] = octets.padded::<8>();
            let (source, destination) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            match (octets.octets.len(), u32::from_be_bytes(tag)) {
                (8.., tag) => {
                    packet.summary("SCTP", format_args!("{source} → {destination}, tag 0x{tag:08x}, cut"));
                }
                (len, _) => packet.summary("SCTP", format_args!("header cut after {len} octets")),
            }
            entered.leave();
            walk.packet.not_rebuilt("sctp", *octets, Outcome::Undecodable);
            return;
        }
    };
    // A checksum over incomplete octets proves nothing. For a packet without a fault it was checked when the packet
    // was read.
    let checksum = match fault {
        _ if octets.cut || packet.around.is_short || packet.around.quoted == Quoted::Cut => None,
        None => Some(Checksum::Crc32c),
        Some(_) => Checksum::of(octets.octets).ok(),
    };
    checksum_fields(packet, *octets, checksum);
    let place = Place { tables: &walk.state.tables, start: octets.start, show };
    for element in parsed.chunks.elements() {
        chunk::fields(place, packet, *octets, &element);
    }
    // A chunk whose value is cut was shown with its fault. A chunk whose header is cut or has a wrong length is only
    // in the rest.
    if let Some(fault @ ParseError::Length(_)) = fault
        && !rest.is_empty()
    {
        chunk::broken(packet, octets.last(rest.len()), fault);
    }
    // The fragments in a packet that its receiver drops are not collected, and its TSNs do not count.
    let is_damaged = matches!(checksum, Some(Checksum::Wrong { .. }));
    let is_live = packet.around.is_live() && !is_damaged;
    let again = if is_live { sent_again(&mut walk.state.sent_tsns, &parsed) } else { 0 };
    let is_broken = matches!(fault, Some(ParseError::Length(_)));
    let broken = rest.first().filter(|_| is_broken).map(|kind| ChunkType(*kind));
    let summary = Summary { parsed: &parsed, broken, checksum, again };
    packet.summary("SCTP", format_args!("{summary}"));
    if packet.wants_departures() && !octets.cut {
        departures(packet, *octets, &parsed, checksum);
    }
    entered.leave();
    rebuild(walk, *octets);
    walk.packet.around.is_dropped |= is_damaged || walk.packet.around.is_short;
    user_messages(walk, *octets, &parsed, &summary);
}

/// Takes in the TSNs of a packet. Returns a bit for each of the first chunks, which says whether it was sent before.
fn sent_again(sent: &mut SentTsns, parsed: &sctp::Packet<'_>) -> u128 {
    let direction = direction(&parsed.header);
    let mut again = 0;
    for (number, element) in parsed.chunks.elements().enumerate() {
        if element.header.chunk_type.carries_user_data()
            && let Some(tsn) = element.value.first_chunk()
            && sent.see(direction, u32::from_be_bytes(*tsn))
        {
            // default: only the first chunks are named
            again |= u32::try_from(number).ok().and_then(|number| 1u128.checked_shl(number)).unwrap_or(0);
        }
    }
    again
}

/// Shows elements that follow each other.
fn show<S: Sink>(place: Place<'_, S>, packet: &mut Packet<'_, S>, run: Run, octets: Octets<'_>) {
    let base = place.offset(octets);
    match run {
        Run::Chunks => {
            let read = Chunks::parse_until_error(octets.octets, base, ChunkFraming);
            read.value.elements().for_each(|element| chunk::fields(place, packet, octets, &element));
            if let Some(fault) = read.fault {
                chunk::broken(packet, octets.last(read.rest.len()), fault.into());
            }
        }
        Run::Parameters => {
            let read = Parameters::parse_until_error(octets.octets, base, ParameterFraming::default());
            read.value.elements().for_each(|element| parameter::fields(place, packet, octets, &element));
            parameter::broken(place, packet, octets.last(read.rest.len()));
        }
        Run::Causes => {
            let read = ErrorCauses::parse_until_error(octets.octets, base, ErrorCauseFraming::default());
            read.value.elements().for_each(|element| error_cause::fields(place, packet, octets, &element));
            error_cause::broken(place, packet, octets.last(read.rest.len()));
        }
    }
}

/// Shows the fields of the common header, RFC 9260 section 3.1, that are present.
fn header_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>) {
    numbers::show(
        packet,
        octets,
        &[
            ("sctp.srcport", 0, Form::Decimal(2)),
            ("sctp.dstport", 2, Form::Decimal(2)),
            ("sctp.verification_tag", 4, Form::Hexadecimal(4)),
            ("sctp.checksum", 8, Form::Hexadecimal(4)),
        ],
    );
}

/// Shows the result of checking the checksum. The numbers are Wireshark's.
fn checksum_fields<S: Sink>(packet: &mut Packet<'_, S>, octets: Octets<'_>, checksum: Option<Checksum>) {
    let span = octets.span(8, 4);
    let (status, algorithm) = match checksum {
        None => ((2, "Unverified"), None),
        Some(Checksum::Crc32c) => ((1, "Good"), Some("CRC32c")),
        Some(Checksum::Adler32) => ((0, "Bad"), Some("Adler-32 (RFC 2960)")),
        Some(Checksum::Zero { .. }) => ((3, "Not present"), None),
        Some(_) => ((0, "Bad"), None),
    };
    packet.field("sctp.checksum.status", Value::Named(status.0, Some(status.1)), span);
    if let Some(algorithm) = algorithm {
        packet.field("sctp.checksum.algorithm", Value::Name(algorithm), span);
    }
    if let Some(Checksum::Zero { computed } | Checksum::Wrong { computed, .. }) = checksum {
        packet.field("sctp.checksum_calculated", Value::Hexadecimal(u64::from(computed), 8), span);
    }
    if let Some(Checksum::Wrong { received, computed }) = checksum {
        packet.fault("sctp", ParseError::Checksum { received, computed }, span);
    }
}

/// Reports the rules that the packet violates.
fn departures<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    parsed: &sctp::Packet<'_>,
    checksum: Option<Checksum>,
) {
    let checksum = checksum.filter(|checksum| *checksum != Checksum::Crc32c).map(sctp::Departure::Checksum);
    // A value that is not what its type asks for is a fault of its chunk, and told there.
    let parsed = parsed.conformance().filter(|it| !matches!(it, sctp::Departure::Malformed { .. }));
    checksum.into_iter().chain(parsed).for_each(|departure| {
        packet.departure(format_args!("{departure}"), departure.reference(), octets.whole());
    });
}

/// Encodes the packet again.
fn rebuild<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    if !walk.packet.wants_rebuilt() {
        return;
    }
    match sctp::Packet::parse_unverified(octets.octets) {
        Err(_) => walk.packet.not_rebuilt("sctp", octets, Outcome::Undecodable),
        Ok(parsed) => {
            let is_summed = Checksum::of(octets.octets) == Ok(Checksum::Crc32c);
            let corrected = !is_summed || parsed.conformance().any(|departure| departure.is_corrected());
            walk.rebuild("sctp", octets, corrected, |buffer| {
                let written = parsed.emit(buffer)?;
                // A corrected packet must be read back as the same chunks, with nothing left to correct.
                let is_right = sctp::Packet::parse(written).is_ok_and(|again| {
                    again == parsed && !again.conformance().any(|departure| departure.is_corrected())
                });
                Ok(is_right.then(|| (written.len(), copied_len(&parsed))))
            });
        }
    }
}

/// Returns how many octets are copied when a packet is encoded again: user data, chunks and parameters of unknown
/// types, and those whose value is not valid for their type.
fn copied_len(parsed: &sctp::Packet<'_>) -> usize {
    parsed.chunks.elements().zip(&parsed.chunks).fold(0, |sum, (element, chunk)| {
        let len = match chunk.body {
            Body::Raw { .. } => element.octets.len(),
            Body::Data(data) => data.user_data.len(),
            Body::IData(data) => data.user_data.len(),
            body => body.parameters().map_or(0, |parameters| {
                let both = parameters.elements().zip(parameters);
                let raw = both.filter(|(_, parameter)| matches!(parameter, Parameter::Raw { .. }));
                raw.fold(0usize, |sum, (element, _)| sum.saturating_add(element.octets.len()))
            }),
        };
        sum.saturating_add(len)
    })
}

/// Passes user messages to the dissector of their payload protocol: those in one chunk, and those that a fragment
/// completes. The summary of a message follows that of its packet.
fn user_messages<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    parsed: &sctp::Packet<'_>,
    summary: &Summary<'_, '_>,
) {
    let mut message = Message { summary, has_lead: false };
    for element in parsed.chunks.elements() {
        if !element.header.chunk_type.carries_user_data() {
            continue;
        }
        let Ok(Chunk { flags, body }) = Chunk::parse(&element) else { continue };
        let unordered = flags.contains(ChunkFlags::U);
        let (number, numbering, identity, payload_protocol, user_data) = match body {
            Body::Data(data) => {
                let sequence_number = (!unordered).then_some(data.stream_sequence_number.0);
                let identity = Identity {
                    stream_identifier: data.stream_identifier,
                    stream_sequence_number: sequence_number,
                };
                let payload_protocol = Some(data.payload_protocol_identifier.0);
                (data.tsn.0, Numbering::Tsn, identity, payload_protocol, data.user_data)
            }
            Body::IData(data) => {
                let stream_identifier = data.stream_identifier;
                let message_identifier = data.message_identifier.0;
                let numbering = Numbering::Message { stream_identifier, unordered, message_identifier };
                let identity = Identity { stream_identifier, stream_sequence_number: None };
                let (number, payload_protocol) = match data.ppid_or_fsn {
                    PpidOrFsn::PayloadProtocolIdentifier(identifier) => (0, Some(identifier.0)),
                    PpidOrFsn::FragmentSequenceNumber(number) => (number, None),
                };
                (number, numbering, identity, payload_protocol, data.user_data)
            }
            _ => continue,
        };
        let (beginning, ending) = (flags.contains(ChunkFlags::B), flags.contains(ChunkFlags::E));
        let end = element.value_offset.saturating_add(element.value.len());
        let whole = octets.after(end.saturating_sub(user_data.len())).first(user_data.len());
        walk.packet.around.stream = Some(identity.stream_identifier);
        if beginning && ending {
            message.dissect(walk, payload_protocol.unwrap_or_default(), whole);
        } else if walk.packet.around.is_live() {
            let fragment =
                Fragment { number, beginning, ending, identity, payload_protocol, octets: user_data };
            collect(walk, whole, direction(&parsed.header), numbering, &fragment, &mut message);
        }
    }
}

/// What stands before the summary of a user message.
struct Message<'s, 'm, 'a> {
    summary: &'s Summary<'m, 'a>,
    has_lead: bool,
}

impl Message<'_, '_, '_> {
    /// Passes a user message to the dissector of its payload protocol, if there is one.
    fn dissect<S: Sink>(&mut self, walk: &mut Walk<'_, S>, payload_protocol: u32, octets: Octets<'_>) {
        let handler = walk.state.tables.handler(Table::PayloadProtocol, payload_protocol);
        let Some(handler) = handler else { return };
        if !self.has_lead {
            walk.packet.lead(format_args!("{}: ", self.summary));
            self.has_lead = true;
        }
        walk.hand(handler, &octets);
    }
}

const fn direction(header: &CommonHeader) -> Direction {
    Direction {
        source_port: header.source_port,
        destination_port: header.destination_port,
        verification_tag: header.verification_tag,
    }
}

/// Takes in a fragment, and dissects the message that it completes.
fn collect<S: Sink>(
    walk: &mut Walk<'_, S>,
    octets: Octets<'_>,
    direction: Direction,
    numbering: Numbering,
    fragment: &Fragment<'_>,
    message: &mut Message<'_, '_, '_>,
) {
    let (is_conflict, outcome) = walk.state.user_messages.insert(direction, numbering, fragment);
    if is_conflict {
        let number = fragment.number;
        walk.packet.fault("sctp", Reason::UserMessageConflict { number }, octets.whole());
    }
    if let Collected::Complete { payload_protocol, octets } = outcome {
        let source = walk.packet.source("reassembled SCTP user message", &octets);
        message.dissect(walk, payload_protocol, Octets::of_source(source, &octets));
    }
}
