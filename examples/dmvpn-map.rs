//! Prints what the NHRP packets of a DMVPN say in a capture: which spoke registered which address, who asked for which
//! address, and who answered. At the end it prints the valid registrations, and the requests that still wait for an
//! answer.
//!
//! `cargo run -p vpnwire-examples --bin dmvpn-map -- testdata/nhrp/dmvpn.pcap`

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs::File;

use capture::Capture;
use capture::{Frame, LinkType};
use etherparse::{NetSlice, SlicedPacket};
use gre::ProtocolType;
use nhrp::extension::ResponderAddress;
use nhrp::{Cie, CieCode, Exchange, ExtensionValue, MandatoryPart, Packet, ip_address};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: dmvpn-map CAPTURE")?;
    let mut capture = Capture::new(File::open(path)?)?;
    let mut map = Map::default();
    while let Some(frame) = capture.next_frame() {
        let frame = frame?;
        if let Some(Ok(nhrp)) = nhrp_in(&frame).map(Packet::parse) {
            let nanoseconds = frame.time.map_or(0, |time| time.0);
            let time = format!("{}.{:06}", nanoseconds / 1_000_000_000, nanoseconds / 1000 % 1_000_000);
            map.take(&time, &nhrp);
        }
    }
    print!("{map}");
    Ok(())
}

/// The state after the packets that were read.
#[derive(Default)]
struct Map {
    /// The registrations: the address in the tunnel, with the address outside it and the server that accepted.
    registered: BTreeMap<Vec<u8>, (Vec<u8>, String)>,
    /// The requests without an answer: the source and the request ID, with what is asked for.
    waiting: BTreeMap<(Vec<u8>, u32), String>,
}

impl Map {
    fn take(&mut self, time: &str, nhrp: &Packet<'_>) {
        let part = &nhrp.mandatory_part;
        if let Some(exchange) = part.exchange().filter(|_| part.is_reply()) {
            self.waiting.remove(&key(exchange));
        }
        match part {
            MandatoryPart::RegistrationRequest(request) => {
                let server = Address(request.addresses.destination_protocol_address);
                for cie in &request.cies {
                    let (inside, outside) = binding(&cie, request);
                    let spoke = Address(request.addresses.source_protocol_address);
                    let what =
                        if spoke.0 == inside { String::new() } else { format!("{} ", Address(inside)) };
                    let wish = format!("{spoke} registers {what}at {server} as {}", Address(outside));
                    if self.registered.get(inside).is_none_or(|(known, _)| known != outside) {
                        println!("{time} {wish}");
                    }
                    self.waiting.insert(key(request), wish);
                }
            }
            MandatoryPart::RegistrationReply(reply) => {
                let server = responder(nhrp)
                    .unwrap_or_else(|| Address(reply.addresses.destination_protocol_address).to_string());
                for cie in &reply.cies {
                    let (inside, outside) = binding(&cie, reply);
                    if cie.code != CieCode::SUCCESS {
                        println!("{time} {server} refuses {}: {}", Address(inside), cie.code);
                        continue;
                    }
                    let now = (outside.to_vec(), server.clone());
                    if self.registered.insert(inside.to_vec(), now.clone()).as_ref() != Some(&now) {
                        println!("{time} {server} has {} at {}", Address(inside), Address(outside));
                    }
                }
            }
            MandatoryPart::ResolutionRequest(request) => {
                let question = Question(request).to_string();
                println!("{time} {question}{}", Via(nhrp));
                self.waiting.insert(key(request), question);
            }
            MandatoryPart::ResolutionReply(reply) => {
                let responder = responder(nhrp).unwrap_or("someone".to_owned());
                for cie in &reply.cies {
                    let (question, via) = (Question(reply), Via(nhrp));
                    println!("{time} {question}: {responder} says {}{via}", Answer(&cie, reply));
                }
            }
            MandatoryPart::PurgeRequest(request) => {
                let (who, whom) = (
                    request.addresses.source_protocol_address,
                    request.addresses.destination_protocol_address,
                );
                for cie in &request.cies {
                    let address = cie.client_protocol_address;
                    println!(
                        "{time} {} tells {} to forget {}",
                        Address(who),
                        Address(whom),
                        Address(address)
                    );
                    // This is a spoke that withdraws its own registration.
                    if who == address {
                        self.registered.remove(address);
                    }
                }
            }
            MandatoryPart::ErrorIndication(error) => {
                let (who, whom) =
                    (error.addresses.source_protocol_address, error.addresses.destination_protocol_address);
                println!(
                    "{time} {} reports an error to {}: {}",
                    Address(who),
                    Address(whom),
                    error.error_code
                );
                // The packet in error may be cut, but the parts that identify a request are at its beginning.
                if let Ok(in_error) = Packet::parse_until_error(error.packet_in_error)
                    && let Some(exchange) = in_error.value.mandatory_part.exchange()
                {
                    self.waiting.remove(&key(exchange));
                }
            }
            MandatoryPart::TrafficIndication(indication) => {
                let (who, whom) = (
                    indication.addresses.source_protocol_address,
                    indication.addresses.destination_protocol_address,
                );
                println!("{time} {} tells {} that there may be a shorter way", Address(who), Address(whom));
            }
            _ => {}
        }
    }
}

impl fmt::Display for Map {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "registered:")?;
        for (inside, (outside, server)) in &self.registered {
            writeln!(formatter, "  {} at {}, with {server}", Address(inside), Address(outside))?;
        }
        if !self.waiting.is_empty() {
            writeln!(formatter, "without an answer:")?;
        }
        for wish in self.waiting.values() {
            writeln!(formatter, "  {wish}")?;
        }
        Ok(())
    }
}

/// The parts that a reply has in common with its request.
fn key(exchange: &Exchange<'_>) -> (Vec<u8>, u32) {
    (exchange.addresses.source_protocol_address.to_vec(), exchange.request_id)
}

/// The addresses that an entry of a registration binds: its own, or those of the sender if it has none.
fn binding<'a>(cie: &Cie<'a>, exchange: &Exchange<'a>) -> (&'a [u8], &'a [u8]) {
    let or = |own: &'a [u8], sender: &'a [u8]| if own.is_empty() { sender } else { own };
    let addresses = &exchange.addresses;
    (
        or(cie.client_protocol_address, addresses.source_protocol_address),
        or(cie.client_nbma_address.octets, addresses.source_nbma_address.octets),
    )
}

/// The NHRP packet inside GRE in a frame.
fn nhrp_in<'a>(frame: &Frame<'a>) -> Option<&'a [u8]> {
    let packet = match frame.link {
        LinkType::ETHERNET => SlicedPacket::from_ethernet(frame.octets),
        LinkType::LINUX_SLL => SlicedPacket::from_linux_sll(frame.octets),
        _ => SlicedPacket::from_ip(frame.octets),
    };
    let payload = match packet.ok()?.net? {
        NetSlice::Ipv4(ip) => ip.payload().clone(),
        NetSlice::Ipv6(ip) => ip.payload().clone(),
        NetSlice::Arp(_) => return None,
    };
    let tunnelled = gre::Packet::parse(payload.payload).ok()?;
    (tunnelled.header.protocol_type == ProtocolType::NHRP).then_some(tunnelled.payload)
}

/// The address of the server that answered. `None` without a Responder Address extension.
fn responder(nhrp: &Packet<'_>) -> Option<String> {
    nhrp.extensions.iter().find_map(|extension| match extension.value {
        ExtensionValue::ResponderAddress(ResponderAddress { responder: Some(cie) }) => {
            Some(Address(cie.client_protocol_address).to_string())
        }
        _ => None,
    })
}

/// The text of an address.
struct Address<'a>(&'a [u8]);

impl fmt::Display for Address<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ip_address(self.0) {
            Some(address) => address.fmt(formatter),
            None => write!(formatter, "{:02x?}", self.0),
        }
    }
}

/// The address that asks, and the address that is asked for.
struct Question<'a>(&'a Exchange<'a>);

impl fmt::Display for Question<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exchange { request_id, addresses, .. } = self.0;
        let who = Address(addresses.source_protocol_address);
        let whom = Address(addresses.destination_protocol_address);
        write!(formatter, "{who} asks for {whom} (request {request_id})")
    }
}

/// The servers that forwarded a packet.
struct Via<'a>(&'a Packet<'a>);

impl fmt::Display for Via<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_request = self.0.mandatory_part.is_request();
        for extension in &self.0.extensions {
            let records = match extension.value {
                ExtensionValue::ForwardTransitNhsRecord(record) if is_request => record.records,
                ExtensionValue::ReverseTransitNhsRecord(record) if !is_request => record.records,
                _ => continue,
            };
            for server in &records {
                write!(formatter, ", forwarded by {}", Address(server.client_protocol_address))?;
            }
        }
        Ok(())
    }
}

/// The text for an entry of a reply.
struct Answer<'a>(&'a Cie<'a>, &'a Exchange<'a>);

impl fmt::Display for Answer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(cie, reply) = self;
        if cie.code != CieCode::SUCCESS {
            return cie.code.fmt(formatter);
        }
        let asked = reply.addresses.destination_protocol_address;
        let inside = if cie.client_protocol_address.is_empty() { asked } else { cie.client_protocol_address };
        let outside = Address(cie.client_nbma_address.octets);
        write!(formatter, "{}/{} is behind {outside}", Address(inside), cie.prefix_length)?;
        write!(formatter, ", for {}", cie.holding_time)
    }
}
