//! The summary line of an NHRP packet.

use core::fmt;

use nhrp::{Cie, Exchange, FixedPart, Indication, MandatoryPart, PacketType, ip_address};

use crate::packet::{Octets, Packet};
use crate::sink::Sink;

/// The largest number of entries that a line names.
const NAMED: usize = 3;

/// Where the request ID of all packets but indications stands.
const REQUEST_ID: usize = 24;

/// Writes the summary line of a packet that is not decoded: what it is, and its request ID if it is there.
pub(super) fn say_undecodable<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    fixed_part: &FixedPart,
) {
    let (len, version) = (octets.octets.len(), fixed_part.version);
    let has_id = Name(fixed_part).is_exchange() && len >= REQUEST_ID.saturating_add(4);
    let request_id = has_id.then(|| u32::from_be_bytes(octets.after(REQUEST_ID).padded()));
    let name = Identified { name: Name(fixed_part), request_id };
    if version != FixedPart::VERSION {
        packet.summary("NHRP", format_args!("{name}, version {version}"));
    } else if octets.cut {
        packet.summary("NHRP", format_args!("{name}, cut after {len} octets"));
    } else {
        packet.summary("NHRP", format_args!("{name}, malformed"));
    }
}

pub(super) fn say<S: Sink>(
    packet: &mut Packet<'_, S>,
    octets: Octets<'_>,
    fixed_part: &FixedPart,
    parsed: &nhrp::Packet<'_>,
) {
    let part = &parsed.mandatory_part;
    if fixed_part.packet_type.name().is_none() {
        packet.summary("NHRP", format_args!("{}", Name(fixed_part)));
    } else if let Some(exchange) = part.exchange() {
        let is_reply = part.is_reply();
        packet.summary("NHRP", format_args!("{}", Exchanged { fixed_part, exchange, is_reply }));
    } else if let Some(indication) = part.indication() {
        packet.summary("NHRP", format_args!("{}", Indicated { fixed_part, part, indication }));
    } else {
        say_undecodable(packet, octets, fixed_part);
    }
}

/// The name of a packet by its type.
#[derive(Clone, Copy)]
struct Name<'m>(&'m FixedPart);

impl Name<'_> {
    /// Whether packets of the type have a request ID: requests and replies, RFC 2332 sections 5.2.1 to 5.2.6.
    fn is_exchange(self) -> bool {
        (PacketType::RESOLUTION_REQUEST..=PacketType::PURGE_REPLY).contains(&self.0.packet_type)
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.packet_type.name() {
            Some(name) => out.write_str(name.strip_prefix("NHRP ").unwrap_or(name)),
            None => write!(out, "packet type {}", self.0.packet_type.0),
        }
    }
}

/// A name with the request ID, if it is known.
struct Identified<'m> {
    name: Name<'m>,
    request_id: Option<u32>,
}

impl fmt::Display for Identified<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(out)?;
        self.request_id.map_or(Ok(()), |request_id| write!(out, " {request_id}"))
    }
}

/// A request or a reply, with its entries.
struct Exchanged<'m, 'a> {
    fixed_part: &'m FixedPart,
    exchange: &'m Exchange<'a>,
    is_reply: bool,
}

impl fmt::Display for Exchanged<'_, '_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exchange { request_id, addresses, cies, .. } = self.exchange;
        let source = Shown(addresses.source_protocol_address);
        let nbma = Shown(addresses.source_nbma_address.octets);
        let destination = Shown(addresses.destination_protocol_address);
        write!(out, "{} {request_id}: {source} ({nbma}) → {destination}", Name(self.fixed_part))?;
        // The entry of a request is told when it says more than the addresses of the sender.
        let is_senders = |cie: &Cie<'_>| {
            let nbma = cie.client_nbma_address.octets;
            [addresses.source_protocol_address, &[]].contains(&cie.client_protocol_address)
                && [addresses.source_nbma_address.octets, &[]].contains(&nbma)
        };
        let is_told = |cie: &Cie<'_>| self.is_reply || !is_senders(cie);
        let mut separator = ": ";
        for cie in cies.iter().filter(is_told).take(NAMED) {
            out.write_str(separator)?;
            Entry { is_reply: self.is_reply, cie }.fmt(out)?;
            separator = "; ";
        }
        match cies.iter().filter(is_told).skip(NAMED).count() {
            0 => Ok(()),
            more => write!(out, "; {more} more"),
        }
    }
}

/// An indication, without the packet that it is about.
pub(super) struct Indicated<'m, 'a> {
    pub(super) fixed_part: &'m FixedPart,
    pub(super) part: &'m MandatoryPart<'a>,
    pub(super) indication: &'m Indication<'a>,
}

impl fmt::Display for Indicated<'_, '_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name(self.fixed_part).fmt(out)?;
        let code = self.indication.error_code;
        match (self.part, code.name()) {
            (MandatoryPart::TrafficIndication(_), _) => {}
            (_, Some(name)) => write!(out, ", {name}")?,
            (_, None) => write!(out, ", code {}", code.0)?,
        }
        let source = Shown(self.indication.addresses.source_protocol_address);
        let destination = Shown(self.indication.addresses.destination_protocol_address);
        write!(out, ": {source} → {destination}")
    }
}

/// An address as text.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ip_address(self.0) {
            Some(address) => address.fmt(formatter),
            None if self.0.is_empty() => formatter.write_str("none"),
            None => self.0.iter().try_for_each(|octet| write!(formatter, "{octet:02x}")),
        }
    }
}

/// An entry as text: in a reply its code, and the binding of a network.
struct Entry<'a> {
    is_reply: bool,
    cie: Cie<'a>,
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cie = &self.cie;
        let mut separator = "";
        if self.is_reply {
            write!(out, "{}", cie.code)?;
            separator = ", ";
        }
        let (address, nbma) = (cie.client_protocol_address, cie.client_nbma_address.octets);
        if !address.is_empty() {
            write!(out, "{separator}{}", Shown(address))?;
            let bits = address.len().saturating_mul(8);
            let is_network = cie.prefix_length != 0 && usize::from(cie.prefix_length) < bits;
            if is_network && ip_address(address).is_some() {
                write!(out, "/{}", cie.prefix_length)?;
            }
            separator = " ";
        }
        if nbma.is_empty() { Ok(()) } else { write!(out, "{separator}at {}", Shown(nbma)) }
    }
}
