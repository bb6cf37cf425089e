//! Prints every transform of every ISAKMP message in clear of a pcap capture, as a table.
//!
//! `cargo run -p vpnwire-examples --bin isakmp-proposals -- capture.pcap`
//!
//! The initiator's lines are its offers, and the responder's lines are its choices. Quick mode is encrypted, so phase
//! 2 is shown only if somebody negotiates it in clear.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::net::{IpAddr, SocketAddr};

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use isakmp::doi::{self, ProtocolId, ipsec, oakley};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::transform::Transform;
use isakmp::{Message, PayloadBody, strip_non_esp_marker};
use pcap_file::DataLink;
use pcap_file::pcap::PcapReader;

const COLUMNS: [&str; 12] = [
    "initiator",
    "responder",
    "by",
    "exchange",
    "proposal",
    "protocol",
    "encryption",
    "key",
    "hash",
    "authentication",
    "group",
    "lifetime",
];

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: isakmp-proposals CAPTURE, which is a pcap capture")?;
    let mut capture = PcapReader::new(File::open(path)?)?;
    let link = capture.header().datalink;
    let mut rows = vec![COLUMNS.map(String::from)];
    // The two addresses of a negotiation as they were first seen, by the initiator's cookie.
    let mut ends: BTreeMap<[u8; 8], (SocketAddr, SocketAddr)> = BTreeMap::new();
    while let Some(packet) = capture.next_raw_packet() {
        let packet = packet?;
        let Some((from, to, message)) = isakmp_in(link, &packet.data) else { continue };
        let header = &message.header;
        let begins = header.responder_cookie == [0; 8];
        let (initiator, responder) = *ends
            .entry(header.initiator_cookie)
            .or_insert_with(|| if begins { (from, to) } else { (to, from) });
        let by = if begins || from.ip() == initiator.ip() { "initiator" } else { "responder" };
        for payload in message.payloads() {
            let PayloadBody::SecurityAssociation(association) = payload.body else { continue };
            for proposal in association.proposals.iter().filter_map(|proposal| proposal.decoded().ok()) {
                for transform in proposal.transforms.iter().filter_map(|transform| transform.decoded().ok()) {
                    let exchange = header.exchange_type;
                    let exchange = exchange.mode_name().map_or_else(|| exchange.to_string(), String::from);
                    let offer = offer(&proposal, &transform);
                    let numbers = format!("{}/{}", proposal.proposal_number, transform.transform_number);
                    let [protocol, encryption, key, hash, authentication, group, lifetime] = offer;
                    rows.push([
                        initiator.to_string(),
                        responder.to_string(),
                        by.to_string(),
                        exchange,
                        numbers,
                        protocol,
                        encryption,
                        key,
                        hash,
                        authentication,
                        group,
                        lifetime,
                    ]);
                }
            }
        }
    }
    print_aligned(&rows);
    Ok(())
}

/// The ISAKMP message in a frame, with its sender and its receiver.
fn isakmp_in(link: DataLink, frame: &[u8]) -> Option<(SocketAddr, SocketAddr, Message<'_>)> {
    let packet = match link {
        DataLink::ETHERNET => SlicedPacket::from_ethernet(frame),
        DataLink::LINUX_SLL => SlicedPacket::from_linux_sll(frame),
        DataLink::RAW | DataLink::IPV4 | DataLink::IPV6 => SlicedPacket::from_ip(frame),
        _ => return None,
    };
    let packet = packet.ok()?;
    let (from, to): (IpAddr, IpAddr) = match packet.net? {
        NetSlice::Ipv4(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        NetSlice::Ipv6(ip) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        NetSlice::Arp(_) => return None,
    };
    let Some(TransportSlice::Udp(udp)) = packet.transport else { return None };
    let ports = [udp.source_port(), udp.destination_port()];
    let octets = match () {
        () if ports.contains(&500) => udp.payload(),
        // Otherwise it is ESP.
        () if ports.contains(&4500) => strip_non_esp_marker(udp.payload())?,
        () => return None,
    };
    // Some senders add octets after the message.
    let (message, _) = Message::parse_prefix(octets).ok()?;
    Some((SocketAddr::new(from, ports[0]), SocketAddr::new(to, ports[1]), message))
}

/// The columns: protocol, encryption, key length, hash, authentication, group, lifetime.
fn offer(proposal: &Proposal<'_>, transform: &Transform<'_>) -> [String; 7] {
    let protocol = proposal.protocol_id;
    let mut cells = [const { String::new() }; 7];
    cells[0] = match protocol {
        ProtocolId::ISAKMP => "ISAKMP".into(),
        ProtocolId::AH => "AH".into(),
        ProtocolId::ESP => "ESP".into(),
        ProtocolId::IPCOMP => "IPCOMP".into(),
        other => other.to_string(),
    };
    if protocol != ProtocolId::ISAKMP {
        let id = transform.transform_id;
        cells[1] = doi::transform_name(protocol, id).map_or_else(|| id.to_string(), String::from);
    }
    let mut unit = String::new();
    for attribute in transform.attributes.iter() {
        let number = attribute.value.number();
        let name = |name: fn(u16) -> Option<&'static str>| match number {
            Some(number) => {
                let known = u16::try_from(number).ok().and_then(name);
                known.map_or_else(|| number.to_string(), String::from)
            }
            None => "very large".into(),
        };
        let cell = match (protocol, attribute.attribute_type) {
            (ProtocolId::ISAKMP, attribute_type) => {
                use oakley::AttributeType as Type;
                match Type(attribute_type) {
                    Type::ENCRYPTION_ALGORITHM => 1,
                    Type::KEY_LENGTH => 2,
                    Type::HASH_ALGORITHM => 3,
                    Type::AUTHENTICATION_METHOD => 4,
                    Type::GROUP_DESCRIPTION => 5,
                    Type::LIFE_TYPE => {
                        unit = name(|value| oakley::LifeType(value).name());
                        continue;
                    }
                    Type::LIFE_DURATION => 6,
                    _ => continue,
                }
            }
            (_, attribute_type) => {
                use ipsec::AttributeType as Type;
                match Type(attribute_type) {
                    Type::KEY_LENGTH => 2,
                    Type::AUTHENTICATION_ALGORITHM => 3,
                    Type::GROUP_DESCRIPTION => 5,
                    Type::SA_LIFE_TYPE => {
                        unit = name(|value| oakley::LifeType(value).name());
                        continue;
                    }
                    Type::SA_LIFE_DURATION => 6,
                    _ => continue,
                }
            }
        };
        let text = match cell {
            1 => name(|value| oakley::EncryptionAlgorithm(value).name()),
            3 if protocol == ProtocolId::ISAKMP => name(|value| oakley::HashAlgorithm(value).name()),
            3 => name(|value| ipsec::AuthenticationAlgorithm(value).name()),
            4 => name(|value| oakley::AuthenticationMethod(value).name()),
            5 => name(|value| oakley::GroupDescription(value).name()),
            6 => format!("{} {unit}", name(|_| None)),
            _ => name(|_| None),
        };
        // A transform may have two lifetimes, one of time and one of traffic.
        if !cells[cell].is_empty() {
            cells[cell].push_str(", ");
        }
        cells[cell].push_str(&text);
    }
    cells
}

/// Makes columns as wide as their widest cell, with two spaces between them.
fn print_aligned(rows: &[[String; COLUMNS.len()]]) {
    let widths: [usize; COLUMNS.len()] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0));
    for row in rows {
        let line: String = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}  ")).collect();
        println!("{}", line.trim_end());
    }
}
