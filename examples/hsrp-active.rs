//! Prints the active router of each HSRP group in a pcap capture, whenever it changes.
//!
//! `cargo run -p vpnwire-examples --bin hsrp-active -- testdata/hsrp/failover-v1.pcap`

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::net::IpAddr;

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use hsrp::{Message, Opcode, State, Version, transport};
use pcap_file::pcap::PcapReader;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: hsrp-active CAPTURE, which is a pcap capture of Ethernet frames")?;
    let mut capture = PcapReader::new(File::open(path)?)?;
    // The router that was active last, by version and group.
    let mut active: BTreeMap<(Version, u16), IpAddr> = BTreeMap::new();
    while let Some(packet) = capture.next_raw_packet() {
        let packet = packet?;
        let Some((source, message)) = hsrp_in(&packet.data) else { continue };
        for (version, group, is_active) in groups(&message) {
            if is_active && active.insert((version, group), source) != Some(source) {
                println!(
                    "{}.{:06} group {group} (version {version}): {source} is active",
                    packet.ts_sec, packet.ts_frac
                );
            }
        }
    }
    Ok(())
}

/// The HSRP message in an Ethernet frame, and its sender.
fn hsrp_in(frame: &[u8]) -> Option<(IpAddr, Message<'_>)> {
    let packet = SlicedPacket::from_ethernet(frame).ok()?;
    let source = match packet.net? {
        NetSlice::Ipv4(ip) => IpAddr::V4(ip.header().source_addr()),
        NetSlice::Ipv6(ip) => IpAddr::V6(ip.header().source_addr()),
        NetSlice::Arp(_) => return None,
    };
    match packet.transport? {
        TransportSlice::Udp(udp)
            if [transport::PORT, transport::PORT_IPV6].contains(&udp.destination_port()) =>
        {
            Message::parse(udp.payload()).ok().map(|message| (source, message))
        }
        _ => None,
    }
}

/// The version, the group, and whether the sender is active, for each group in the message. The sender of a Resign is
/// no longer active.
fn groups(message: &Message<'_>) -> Vec<(Version, u16, bool)> {
    message
        .group_messages()
        .map(|group| {
            let is_active = group.opcode == Opcode::HELLO && group.state == Some(State::Active);
            (group.version, group.group, is_active)
        })
        .collect()
}
