//! Prints what a DMVPN's NHRP says in a pcap capture: which spoke registered which address, who asked for whom, who answered.
//!
//! `cargo run -p vpnwire-examples --bin dmvpn-map -- testdata/nhrp/dmvpn.pcap`

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::fs::File;

use etherparse::{NetSlice, SlicedPacket};
use gre::ProtocolType;
use nhrp::extension::ResponderAddress;
use nhrp::{Cie, CieCode, Exchange, ExtensionValue, MandatoryPart, Packet, Policy, ip_address};
use pcap_file::pcap::PcapReader;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a pcap capture of Ethernet frames")?;
    let mut capture = PcapReader::new(File::open(path)?)?;
    // Address in the tunnel to address outside.
    let mut registered: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    while let Some(packet) = capture.next_raw_packet() {
        let packet = packet?;
        let Some(octets) = nhrp_in(&packet.data) else { continue };
        let Ok(nhrp) = Packet::parse(octets) else { continue };
        let time = format!("{}.{:06}", packet.ts_sec, packet.ts_frac);
        match &nhrp.mandatory_part {
            MandatoryPart::RegistrationRequest(request) => {
                let addresses = &request.addresses;
                let inside = addresses.source_protocol_address.to_vec();
                let outside = addresses.source_nbma_address.octets.to_vec();
                let hub = Address(addresses.destination_protocol_address);
                if registered.get(&inside) != Some(&outside) {
                    println!("{time} {} registers at {hub} as {}", Address(&inside), Address(&outside));
                    registered.insert(inside, outside);
                }
            }
            MandatoryPart::ResolutionRequest(request) => {
                println!("{time} {}{}", Question(request), Via(&nhrp));
            }
            MandatoryPart::ResolutionReply(reply) => {
                let responder = responder(&nhrp).unwrap_or("someone".to_owned());
                for cie in Cie::all(&reply.cies) {
                    let (question, via) = (Question(reply), Via(&nhrp));
                    println!("{time} {question}: {responder} says {}{via}", Answer(&cie, reply));
                }
            }
            MandatoryPart::PurgeRequest(request) => {
                for cie in Cie::all(&request.cies) {
                    let who = Address(request.addresses.source_protocol_address);
                    let whom = Address(request.addresses.destination_protocol_address);
                    println!("{time} {who} tells {whom} to forget {}", Address(cie.client_protocol_address));
                }
            }
            MandatoryPart::ErrorIndication(error) => {
                println!("{time} error: {}", error.error_code);
            }
            _ => {}
        }
    }
    println!("registered:");
    for (inside, outside) in &registered {
        println!("  {} at {}", Address(inside), Address(outside));
    }
    Ok(())
}

/// The NHRP packet in an Ethernet frame: in GRE.
fn nhrp_in(frame: &[u8]) -> Option<&[u8]> {
    let packet = SlicedPacket::from_ethernet(frame).ok()?;
    let payload = match packet.net? {
        NetSlice::Ipv4(ip) => ip.payload().clone(),
        NetSlice::Ipv6(ip) => ip.payload().clone(),
        NetSlice::Arp(_) => return None,
    };
    let tunnelled = gre::Packet::parse(payload.payload).ok()?;
    (tunnelled.header.protocol_type == ProtocolType::NHRP).then_some(tunnelled.payload)
}

/// Who answered, where the Responder Address extension says it.
fn responder(nhrp: &Packet<'_>) -> Option<String> {
    nhrp.decoded_extensions(Policy::default()).find_map(|(_, extension)| match extension.ok()?.value {
        ExtensionValue::ResponderAddress(ResponderAddress { responder: Some(cie) }) => {
            Some(Address(cie.client_protocol_address).to_string())
        }
        _ => None,
    })
}

/// An address as people read it.
struct Address<'a>(&'a [u8]);

impl fmt::Display for Address<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ip_address(self.0) {
            Some(address) => address.fmt(formatter),
            None => write!(formatter, "{:02x?}", self.0),
        }
    }
}

/// Who asks for whom.
struct Question<'a>(&'a Exchange<'a>);

impl fmt::Display for Question<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exchange { request_id, addresses, .. } = self.0;
        let who = Address(addresses.source_protocol_address);
        let whom = Address(addresses.destination_protocol_address);
        write!(formatter, "{who} asks for {whom} (request {request_id})")
    }
}

/// Which servers forwarded a packet.
struct Via<'a>(&'a Packet<'a>);

impl fmt::Display for Via<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_request = self.0.mandatory_part.is_request();
        for (_, extension) in self.0.decoded_extensions(Policy::default()) {
            let records = match extension.map(|extension| extension.value) {
                Ok(ExtensionValue::ForwardTransitNhsRecord(record)) if is_request => record.records,
                Ok(ExtensionValue::ReverseTransitNhsRecord(record)) if !is_request => record.records,
                _ => continue,
            };
            for server in Cie::all(&records) {
                write!(formatter, ", forwarded by {}", Address(server.client_protocol_address))?;
            }
        }
        Ok(())
    }
}

/// What an entry of a reply says.
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
        write!(formatter, ", for {} s", cie.holding_time.as_secs())
    }
}
