//! The statistics as one JSON object.

use dissect::Address;
use dissect::capture::Timestamp;
use dissect::sinks::statistics::{
    HsrpGroup, HsrpSender, IpsecSa, IsakmpSa, Place, ProtocolFrames, SequenceNumbers, Statistics, Tally,
    WhatIsWrong,
};
use dissect::sinks::text;
use serde::Serialize;

/// Writes the object and a line break.
pub(super) fn object(statistics: &Statistics, names: &[String]) -> Vec<u8> {
    let of = Of { names };
    let all = All {
        files: names,
        frames: statistics.all.into(),
        protocols: statistics.protocols.iter().map(Protocol::from).collect(),
        sas: statistics.sas.iter().map(Sa::from).collect(),
        isakmp_sas: statistics.isakmp_sas.iter().map(Isakmp::from).collect(),
        hsrp_groups: statistics.hsrp_groups.iter().map(Group::from).collect(),
        faults: statistics.faults.iter().map(|kind| of.fault(kind)).collect(),
        departures: statistics.departures.iter().map(|kind| of.departure(kind)).collect(),
        others: Others {
            sas: statistics.other_sas.into(),
            isakmp_sas: statistics.other_isakmp_sas.into(),
            hsrp_groups: statistics.other_hsrp_groups.into(),
            faults: statistics.other_faults,
            departures: statistics.other_departures,
        },
    };
    // Nothing here fails to serialise: the keys are text, and a Vec takes all.
    let mut object = serde_json::to_vec(&all).unwrap_or_default();
    object.push(b'\n');
    object
}

#[derive(Serialize)]
struct All<'s> {
    files: &'s [String],
    frames: Counted,
    protocols: Vec<Protocol>,
    sas: Vec<Sa>,
    isakmp_sas: Vec<Isakmp>,
    hsrp_groups: Vec<Group>,
    faults: Vec<Fault<'s>>,
    departures: Vec<Departure<'s>>,
    others: Others,
}

/// A number of frames, packets or messages, with their octets and times.
#[derive(Serialize)]
struct Counted {
    count: u64,
    octets: u64,
    first: Option<String>,
    last: Option<String>,
}

impl From<Tally> for Counted {
    fn from(tally: Tally) -> Self {
        Self { count: tally.count, octets: tally.octets, first: time(tally.first), last: time(tally.last) }
    }
}

#[derive(Serialize)]
struct Protocol {
    protocol: &'static str,
    frames: Counted,
}

impl From<&ProtocolFrames> for Protocol {
    fn from(protocol: &ProtocolFrames) -> Self {
        Self { protocol: protocol.protocol, frames: protocol.frames.into() }
    }
}

#[derive(Serialize)]
struct Sa {
    protocol: &'static str,
    source: Option<String>,
    destination: Option<String>,
    spi: u32,
    packets: Counted,
    numbers: Option<Numbers>,
    seen_twice: u64,
    replayed: u64,
    wrong_icv: u64,
    verified: u64,
    decrypted: u64,
}

impl From<&IpsecSa> for Sa {
    fn from(sa: &IpsecSa) -> Self {
        Self {
            protocol: sa.protocol.name(),
            source: address(sa.source),
            destination: address(sa.destination),
            spi: sa.spi,
            packets: sa.packets.into(),
            numbers: sa.numbers.map(Numbers::from),
            seen_twice: sa.seen_twice,
            replayed: sa.replayed,
            wrong_icv: sa.wrong_icv,
            verified: sa.verified,
            decrypted: sa.decrypted,
        }
    }
}

#[derive(Serialize)]
struct Numbers {
    first: u32,
    last: u32,
    lowest: u64,
    highest: u64,
    missing: u64,
    unjudged: u64,
}

impl From<SequenceNumbers> for Numbers {
    fn from(numbers: SequenceNumbers) -> Self {
        let SequenceNumbers { first, last, lowest, highest, missing, unjudged, .. } = numbers;
        Self { first, last, lowest, highest, missing, unjudged }
    }
}

#[derive(Serialize)]
struct Isakmp {
    initiator_cookie: String,
    responder_cookie: Option<String>,
    version: String,
    source: Option<String>,
    destination: Option<String>,
    messages: Counted,
    encrypted: u64,
}

impl From<&IsakmpSa> for Isakmp {
    fn from(sa: &IsakmpSa) -> Self {
        Self {
            initiator_cookie: super::tables::cookie(&sa.initiator_cookie),
            responder_cookie: sa.responder_cookie.as_ref().map(super::tables::cookie),
            version: super::tables::version(sa.version),
            source: address(sa.source),
            destination: address(sa.destination),
            messages: sa.messages.into(),
            encrypted: sa.encrypted,
        }
    }
}

#[derive(Serialize)]
struct Group {
    version: u8,
    group: u32,
    virtual_address: Option<String>,
    messages: Counted,
    senders: Vec<Sender>,
    other_senders: Counted,
}

impl From<&HsrpGroup> for Group {
    fn from(group: &HsrpGroup) -> Self {
        Self {
            version: group.version,
            group: group.group,
            virtual_address: group.virtual_address.map(|address| address.to_string()),
            messages: group.messages.into(),
            senders: group.senders.iter().map(Sender::from).collect(),
            other_senders: group.other_senders.into(),
        }
    }
}

#[derive(Serialize)]
struct Sender {
    address: Option<String>,
    state: Option<u64>,
    state_name: Option<&'static str>,
    priority: Option<u32>,
    messages: Counted,
}

impl From<&HsrpSender> for Sender {
    fn from(sender: &HsrpSender) -> Self {
        Self {
            address: address(sender.address),
            state: sender.state.map(|state| state.value),
            state_name: sender.state.and_then(|state| state.name),
            priority: sender.priority,
            messages: sender.messages.into(),
        }
    }
}

#[derive(Serialize)]
struct Fault<'s> {
    protocol: &'static str,
    reason: &'s str,
    count: u64,
    first: First<'s>,
}

#[derive(Serialize)]
struct Departure<'s> {
    departure: &'s str,
    reference: &'static str,
    count: u64,
    first: First<'s>,
}

#[derive(Serialize)]
struct First<'s> {
    file: Option<&'s str>,
    frame: u64,
}

#[derive(Serialize)]
struct Others {
    sas: Counted,
    isakmp_sas: Counted,
    hsrp_groups: Counted,
    faults: u64,
    departures: u64,
}

/// The names of the files that frames are in.
struct Of<'s> {
    names: &'s [String],
}

impl<'s> Of<'s> {
    fn first(&self, place: Place) -> First<'s> {
        First { file: self.names.get(place.file).map(String::as_str), frame: place.frame }
    }

    fn fault(&self, kind: &'s WhatIsWrong) -> Fault<'s> {
        Fault { protocol: kind.origin, reason: &kind.text, count: kind.count, first: self.first(kind.first) }
    }

    fn departure(&self, kind: &'s WhatIsWrong) -> Departure<'s> {
        let first = self.first(kind.first);
        Departure { departure: &kind.text, reference: kind.origin, count: kind.count, first }
    }
}

fn address(address: Option<Address>) -> Option<String> {
    address.map(|address| address.to_string())
}

fn time(time: Option<Timestamp>) -> Option<String> {
    let mut written = Vec::new();
    text::rfc3339(&mut written, time?);
    String::from_utf8(written).ok()
}
