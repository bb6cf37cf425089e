//! GRE packets: the header as it was sent, and the contents of the tunnel.

mod enhanced;
mod header;

use gre::{Departure, Emit, EnhancedPacket, Keepalive};

use crate::packet::{Octets, Quoted};
use crate::sink::{Address, Outcome, Sink};
use crate::tables::Table;
use crate::walk::Walk;
use header::{GRE, Named, say_undecodable};

pub(crate) fn dissect<S: Sink>(walk: &mut Walk<'_, S>, octets: &Octets<'_>) {
    if EnhancedPacket::is_enhanced(octets.octets) {
        return enhanced::dissect(walk, *octets);
    }
    let (mut corrected, mut wrong_checksum) = (false, None);
    let parsed = gre::Packet::parse_reporting(octets.octets, &mut |departure| {
        corrected = true;
        if let Departure::Checksum { found, computed } = departure {
            wrong_checksum = Some((found, computed));
        }
    });
    let payload_len = parsed.as_ref().map_or(0, |parsed| parsed.payload.len());
    let header_len = octets.octets.len().saturating_sub(payload_len);

    let mut entered = walk.packet.enter(&GRE, octets.span(0, header_len));
    let packet = &mut *entered;
    if packet.wants_fields() {
        header::fields(packet, *octets);
    }
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            say_undecodable(packet, *octets, error);
            entered.leave();
            return walk.packet.not_rebuilt("gre", *octets, Outcome::Undecodable);
        }
    };
    // A checksum over octets that are not all there proves nothing.
    let is_whole = !octets.cut && !packet.around.is_short && packet.around.quoted != Quoted::Cut;
    if parsed.header.reserved1.is_some() && is_whole {
        packet.checksum_status("gre", "gre.checksum.status", wrong_checksum, octets.span(4, 2));
    }
    if packet.wants_departures() && !octets.cut {
        let mut report = |departure: Departure| {
            // A wrong checksum is a fault, and was told.
            if matches!(departure, Departure::Checksum { .. }) {
                return;
            }
            packet.departure(format_args!("{departure}"), departure.reference(), octets.span(0, header_len));
        };
        let _ = gre::Packet::parse_reporting(octets.octets, &mut report);
        parsed.conformance().for_each(report);
    }
    // RFC 2784 section 2.5: its receiver discards the packet.
    packet.around.is_dropped |= wrong_checksum.is_some() && (is_whole || packet.around.is_short);
    entered.leave();
    walk.rebuild("gre", *octets, corrected, |buffer| {
        let written = &*parsed.emit(buffer)?;
        // A corrected packet must be read back as the same packet, with nothing left to correct.
        let mut is_right = true;
        let again = gre::Packet::parse_reporting(written, &mut |_| is_right = false);
        Ok((again == Ok(parsed) && is_right).then_some((written.len(), parsed.payload.len())))
    });
    tunnelled(walk, &parsed, octets.after(header_len));
}

/// Passes the contents of the tunnel to the next handler, and writes a summary line when no handler does.
fn tunnelled<S: Sink>(walk: &mut Walk<'_, S>, parsed: &gre::Packet<'_>, payload: Octets<'_>) {
    let header = parsed.header;
    walk.packet.around.gre = Some(header);
    let network = walk.packet.around.network;
    let keepalive = Keepalive::recognise(parsed);
    let is_empty = payload.octets.is_empty() && !payload.cut;
    let protocol = u32::from(header.protocol_type.0);
    let is_dissected = !is_empty && walk.next(Table::GreProtocol, protocol, &payload);
    match keepalive {
        Some(Keepalive::Returned) if !is_dissected => {
            walk.packet.summary("GRE", format_args!("keepalive returned{}", Key(header.key)))
        }
        Some(Keepalive::Request { destination, .. }) => {
            // The sender is the one in the outer header. The inner header names the far end, which will send the
            // packet back.
            if let Some((source, destination)) = network {
                walk.packet.endpoints(Address::Ip(source), Address::Ip(destination));
            }
            walk.packet
                .summary("GRE", format_args!("keepalive{}, to come back to {destination}", Key(header.key)));
        }
        _ if !is_dissected => {
            let (protocol, key, len) = (Named(header.protocol_type), Key(header.key), payload.octets.len());
            walk.packet.summary("GRE", format_args!("{protocol}{key}, {len} octets"));
        }
        _ => {}
    }
}

/// The key of a tunnel, if it has one.
struct Key(Option<u32>);

impl core::fmt::Display for Key {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0 {
            Some(key) => write!(formatter, ", key {key}"),
            None => Ok(()),
        }
    }
}
