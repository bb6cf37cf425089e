//! Compares two HA captures or dumps: which SAs the standby lacks, which deleted SAs it still has, and how far its
//! sequence numbers are behind. Keys are compared, and never shown.
//!
//! `cargo run -p vpnwire-examples --bin ha-diff -- testdata/ha/active.pcap testdata/ha/standby.pcap`
//!
//! A file is a pcap capture of Ethernet frames, or a dump of HA messages that follow each other.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use hasync::record::{Direction, IpsecSa, Listed, SaIdentifier};
use hasync::{Envelope, Message, Record, profile};
use pcap_file::pcap::PcapReader;
use sctp::chunk::{Body, Data};
use sctp::{Chunk, ChunkFlags, Packet, Parsed, udp_encapsulation};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args().skip(1);
    let (Some(active), Some(standby)) = (paths.next(), paths.next()) else {
        return Err("usage: ha-diff ACTIVE STANDBY, which are captures or dumps".into());
    };
    let active = Known::from_file(&active)?;
    let standby = Known::from_file(&standby)?;
    active.print_differences(&standby);
    Ok(())
}

/// The identity of an IPsec SA within a gateway, in the order of the output.
type Name = (u8, u8, u32, IpAddr);

const fn name(sa: &SaIdentifier) -> Name {
    (sa.direction.0, sa.protocol, sa.spi, sa.destination)
}

/// The state with which a standby would take over.
#[derive(Default)]
struct Known {
    /// IKE SAs: the own cookie and the peer's, with the peer's address.
    ike_sas: BTreeMap<([u8; 8], [u8; 8]), IpAddr>,
    /// The IPsec SAs of each bundle, by the number of the bundle.
    bundles: BTreeMap<u32, Vec<Name>>,
    sas: BTreeMap<Name, Sa>,
    /// NHRP entries: the tunnel address, with the address outside the tunnel.
    nhrp: BTreeMap<IpAddr, IpAddr>,
}

/// The state of an IPsec SA.
struct Sa {
    sequence: u64,
    keys: Vec<u8>,
}

impl Sa {
    fn of(sa: &IpsecSa<'_>, known: u64) -> Self {
        let keys = [sa.encryption_key.expose(), sa.authentication_key.expose()].concat();
        Self { sequence: hasync::checkpoint::stored(known, sa.sequence), keys }
    }
}

impl Drop for Sa {
    fn drop(&mut self) {
        // A program that runs longer should use a crate that wipes reliably, such as zeroize.
        self.keys.fill(0);
    }
}

impl Known {
    fn from_file(path: &str) -> Result<Self, Box<dyn Error>> {
        let mut known = Self::default();
        let octets = std::fs::read(path)?;
        match PcapReader::new(&octets[..]) {
            Ok(mut capture) => {
                let mut associations = Associations::default();
                while let Some(frame) = capture.next_raw_packet() {
                    for message in associations.messages(&frame?.data) {
                        known.learn(&message);
                    }
                }
            }
            Err(_) => {
                let mut rest = &octets[..];
                while !rest.is_empty() {
                    let (message, behind) = Message::parse_prefix(rest)?;
                    known.learn_from(&message);
                    rest = behind;
                }
            }
        }
        Ok(known)
    }

    fn learn(&mut self, octets: &[u8]) {
        if let Ok(message) = Message::parse(octets) {
            self.learn_from(&message);
        }
    }

    fn learn_from(&mut self, message: &Message<'_>) {
        // A standby could not take over with an incomplete record.
        let Ok(envelope) = Envelope::from_message(message) else { return };
        match envelope.record {
            Record::AddIkeSa(sa) => {
                self.ike_sas.insert((sa.my_cookie, sa.his_cookie), sa.source);
            }
            Record::DeleteIkeSa(gone) => {
                self.ike_sas.remove(&(gone.my_cookie, gone.his_cookie));
            }
            Record::AddSas(bundle) | Record::UpdateSas(bundle) => {
                let mut sas = Vec::new();
                for sa in bundle.sas.iter().filter_map(Listed::into_value) {
                    // Sequence numbers never decrease, even if a record arrives late.
                    let known = self.sas.get(&name(&sa.identifier)).map_or(0, |sa| sa.sequence);
                    sas.push((name(&sa.identifier), Sa::of(&sa, known)));
                }
                self.forget_bundle(bundle.bundle_id);
                self.bundles.insert(bundle.bundle_id, sas.iter().map(|(name, _)| *name).collect());
                self.sas.extend(sas);
            }
            Record::DeleteSas(gone) => {
                self.forget_bundle(gone.bundle_id);
                for sa in gone.sas.iter().filter_map(Listed::into_value) {
                    self.sas.remove(&name(&sa));
                }
            }
            Record::ReplayUpdates(updates) => {
                for update in updates.updates.iter().filter_map(Listed::into_value) {
                    if let Some(sa) = self.sas.get_mut(&name(&update.sa)) {
                        sa.sequence = hasync::checkpoint::stored(sa.sequence, update.new_replay);
                    }
                }
            }
            Record::AddNhrpEntries(entries) => {
                for entry in entries.entries.iter().filter_map(Listed::into_value) {
                    self.nhrp.insert(entry.protocol_address, entry.nbma_address);
                }
            }
            Record::DeleteNhrpEntries(entries) => {
                for entry in entries.entries.iter().filter_map(Listed::into_value) {
                    self.nhrp.remove(&entry.protocol_address);
                }
            }
            _ => {}
        }
    }

    fn forget_bundle(&mut self, id: u32) {
        for sa in self.bundles.remove(&id).unwrap_or_default() {
            self.sas.remove(&sa);
        }
    }

    /// Prints the SAs that a standby lacks, and those that it has in excess.
    fn print_differences(&self, standby: &Self) {
        let mut count = 0;
        let mut say = |what: &str, it: &dyn fmt::Display| {
            count += 1;
            println!("{what}: {it}");
        };
        for (there, what, here) in [(standby, "lacks", self), (self, "still has", standby)] {
            for (cookies, peer) in &here.ike_sas {
                if !there.ike_sas.contains_key(cookies) {
                    say(what, &format_args!("IKE SA {} with {peer}", Cookies(cookies)));
                }
            }
            for sa in here.sas.keys().filter(|sa| !there.sas.contains_key(*sa)) {
                let bundle = here.bundles.iter().find(|(_, sas)| sas.contains(sa)).map_or(0, |(id, _)| *id);
                say(what, &format_args!("{} of bundle {bundle}", Named(sa)));
            }
            for (inside, outside) in &here.nhrp {
                if !there.nhrp.contains_key(inside) {
                    say(what, &format_args!("NHRP entry of {inside} at {outside}"));
                }
            }
        }
        for (sa, ours) in &self.sas {
            let Some(theirs) = standby.sas.get(sa) else { continue };
            if ours.keys != theirs.keys {
                say("has another key", &Named(sa));
            }
            let behind = ours.sequence.saturating_sub(theirs.sequence);
            if behind != 0 {
                let numbers = format_args!("{behind} numbers: {}", theirs.sequence).to_string();
                say("is behind by", &format_args!("{numbers} of {}, {}", ours.sequence, Named(sa)));
            }
        }
        println!(
            "{count} differences; the active has {} IKE SAs, {} IPsec SAs, {} NHRP entries",
            self.ike_sas.len(),
            self.sas.len(),
            self.nhrp.len()
        );
    }
}

/// Reads HA messages from SCTP, whole or in fragments.
#[derive(Default)]
struct Associations {
    /// The fragments that wait for others, by tag and TSN: flags and octets.
    fragments: BTreeMap<(u32, u32), (ChunkFlags, Vec<u8>)>,
}

impl Associations {
    fn messages(&mut self, frame: &[u8]) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        let Some(packet) = sctp_in(frame) else { return messages };
        // The checksum reveals a damaged packet. A checksum that was left to the network card is 0.
        let Ok(Parsed { value: packet, .. }) = Packet::parse_until_error(packet) else { return messages };
        let tag = packet.header.verification_tag;
        for chunk in &packet.chunks {
            let Chunk { flags, body: Body::Data(data) } = chunk else { continue };
            if data.payload_protocol_identifier.0 == profile::PAYLOAD_PROTOCOL_IDENTIFIER {
                messages.extend(self.message(tag, flags, &data));
            }
        }
        messages
    }

    fn message(&mut self, tag: u32, flags: ChunkFlags, data: &Data<'_>) -> Option<Vec<u8>> {
        if flags.contains(ChunkFlags::B | ChunkFlags::E) {
            return Some(data.user_data.to_vec());
        }
        // The fragments of a message have consecutive TSNs (RFC 9260 section 6.9).
        self.fragments.insert((tag, data.tsn.0), (flags, data.user_data.to_vec()));
        let mut first = data.tsn.0;
        while !self.fragments.get(&(tag, first))?.0.contains(ChunkFlags::B) {
            first = first.wrapping_sub(1);
        }
        let (mut message, mut next) = (Vec::new(), first);
        loop {
            let (flags, octets) = self.fragments.get(&(tag, next))?;
            message.extend_from_slice(octets);
            if flags.contains(ChunkFlags::E) {
                break;
            }
            next = next.wrapping_add(1);
        }
        while first != next.wrapping_add(1) {
            self.fragments.remove(&(tag, first));
            first = first.wrapping_add(1);
        }
        Some(message)
    }
}

/// The SCTP packet in an Ethernet frame, over IP or over UDP.
fn sctp_in(frame: &[u8]) -> Option<&[u8]> {
    let packet = SlicedPacket::from_ethernet(frame).ok()?;
    if let Some(TransportSlice::Udp(udp)) = &packet.transport {
        let ports = [udp.source_port(), udp.destination_port()];
        return ports.contains(&udp_encapsulation::PORT).then_some(udp.payload());
    }
    let payload = match packet.net? {
        NetSlice::Ipv4(ip) => ip.payload().clone(),
        NetSlice::Ipv6(ip) => ip.payload().clone(),
        NetSlice::Arp(_) => return None,
    };
    (payload.ip_number.0 == 132).then_some(payload.payload)
}

/// The cookies in the form that a router prints.
struct Cookies<'a>(&'a ([u8; 8], [u8; 8]));

impl fmt::Display for Cookies<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mine, his) = self.0;
        write!(formatter, "{:016x}/{:016x}", u64::from_be_bytes(*mine), u64::from_be_bytes(*his))
    }
}

/// The text that identifies an SA.
struct Named<'a>(&'a Name);

impl fmt::Display for Named<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (direction, protocol, spi, destination) = self.0;
        let protocol = match protocol {
            50 => "ESP".to_owned(),
            51 => "AH".to_owned(),
            other => format!("protocol {other}"),
        };
        write!(formatter, "{} {protocol} 0x{spi:08x} to {destination}", Direction(*direction))
    }
}
