//! The enhanced GRE of PPTP, which is version 1: its fields, and the PPP in it.

use std::fmt;

use gre::{Emit, EnhancedHeader, EnhancedPacket, Parsed};

use super::header::{self, GRE, say_undecodable};
use crate::packet::Octets;
use crate::sink::{Outcome, Sink};
use crate::tables::Table;
use crate::walk::Walk;

pub(super) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: Octets<'_>) {
    let parsed = EnhancedPacket::parse_until_error(octets.octets);
    let payload_and_rest =
        parsed.as_ref().map_or(0, |read| read.value.payload.len().saturating_add(read.rest.len()));
    let header_len = octets.octets.len().saturating_sub(payload_and_rest);
    let mut entered = walk.packet.enter(&GRE, octets.span(0, header_len));
    let packet = &mut *entered;
    if packet.wants_fields() {
        header::fields(packet, octets);
    }
    let Parsed { value, fault, .. } = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            say_undecodable(packet, octets, error);
            entered.leave();
            return walk.packet.not_rebuilt("gre", octets, Outcome::Undecodable);
        }
    };
    // What is missing of the payload is told here, and not again by what is in it.
    let cut = octets.cut || value.missing != 0;
    let payload = Octets { cut, ..octets.after(header_len).first(value.payload.len()) };
    let behind = octets.after(header_len.saturating_add(value.payload.len()));
    let protocol = u32::from(value.header.protocol_type.0);
    let is_dissected =
        !payload.octets.is_empty() && walk.state.tables.handler(Table::GreProtocol, protocol).is_some();
    if !is_dissected {
        packet.opaque("gre.payload", payload);
    }
    packet.opaque("gre.trailer", behind);
    // What is wrong is the payload that is not all there, or what stands behind it.
    let fault = fault.or_else(|| EnhancedPacket::parse(octets.octets).err());
    if let Some(fault) = fault {
        packet.fault("gre", fault, octets.whole());
    }
    if packet.wants_departures() && !octets.cut {
        for departure in value.conformance() {
            packet.departure(format_args!("{departure}"), departure.reference(), octets.span(0, header_len));
        }
    }
    entered.leave();
    match fault {
        Some(_) => walk.packet.not_rebuilt("gre", octets, Outcome::Undecodable),
        None => walk.rebuild("gre", octets, false, |buffer| {
            let written = &*value.emit(buffer)?;
            let is_same = EnhancedPacket::parse(written) == Ok(value);
            Ok(is_same.then_some((written.len(), value.payload.len())))
        }),
    }
    if is_dissected {
        walk.next(Table::GreProtocol, protocol, &payload);
    } else {
        walk.packet.summary("GRE", format_args!("{}", Line(&value)));
    }
}

/// What a packet says in a line.
struct Line<'a, 'p>(&'a EnhancedPacket<'p>);

impl fmt::Display for Line<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EnhancedPacket { header, payload, missing, .. } = self.0;
        let EnhancedHeader { call_id, sequence_number, acknowledgment_number, .. } = header;
        write!(formatter, "PPTP, call {call_id}")?;
        if let Some(number) = sequence_number {
            write!(formatter, ", sequence {number}")?;
        }
        if let Some(number) = acknowledgment_number {
            write!(formatter, ", acknowledges {number}")?;
        }
        match payload.len().saturating_add(*missing) {
            0 => Ok(()),
            len => write!(formatter, ", {len} octets"),
        }
    }
}
