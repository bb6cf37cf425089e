//! Sends packets through an ESP tunnel between two buffers, over a path that loses, repeats, reorders and corrupts
//! packets.
//!
//! `cargo run -p vpnwire-examples --bin esp-tunnel`, or with a suite: `… -- "AES-CBC-256 HMAC-SHA-256-128"`

use std::error::Error;
use std::fs::File;
use std::io::Read as _;

use etherparse::{PacketBuilder, SlicedPacket};
use ipsec::esp::{InboundSa, IvSource, OutboundSa};
use ipsec::suite::Suite;
use ipsec::{Esn, IvRule, NextHeader, NoEntropy, Secret, Spi};

/// What the path does with each packet, by the number of the packet.
const PATH: [(u64, &str); 9] = [
    (1, "delivered"),
    (2, "delivered"),
    (4, "delivered: 3 is late"),
    (3, "delivered late"),
    (2, "delivered once more"),
    (6, "corrupted"),
    (6, "delivered: 5 is lost"),
    (90, "delivered: all between are lost"),
    (7, "delivered very late"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "AES-GCM-16-128".to_string());
    let suite: Suite = name.parse()?;
    // Two real gateways negotiate keys with IKE. Here the keys are random octets from the system, for both ends.
    let mut material = vec![0; suite.key_len()];
    let mut random = File::open("/dev/urandom")?;
    random.read_exact(&mut material)?;
    let key_len = suite.encryption().key_len();
    let (key, mac_key) = material
        .split_at_checked(key_len)
        .ok_or("the keys of the suite are shorter than its encryption key")?;
    let transform = || suite.transform(Secret::new(key), Secret::new(mac_key));
    let spi = Spi(0x1000);
    let mut sender = OutboundSa::new(spi, transform()?, Esn::No);
    // Two blocks are the narrowest window, of 64 sequence numbers. The default is 1,024.
    let mut receiver = InboundSa::<_, 2>::new(spi, transform()?, Esn::No);

    let mut sent = Vec::new();
    for number in 1..=90u32 {
        // The inner packet stands after the headroom, and is sealed in place.
        let inner = inner_packet(number)?;
        let mut buffer = vec![0; sender.headroom()];
        buffer.extend(&inner);
        buffer.resize(buffer.len() + sender.tailroom(inner.len()), 0);
        // If the system's random generator fails, no packet is sealed, because its initialization vector could be
        // predicted.
        let mut fill = |iv: &mut [u8]| random.read_exact(iv).map_err(|_| NoEntropy);
        let iv = match suite.encryption().iv_rule() {
            IvRule::Unpredictable => IvSource::Entropy(&mut fill),
            _ => IvSource::Counter,
        };
        let packet = sender.seal_in_place(&mut buffer, inner.len(), NextHeader::IPV4, iv)?;
        sent.push(packet.to_vec());
    }
    println!("{suite}: {} packets of {} octets around {}", sent.len(), sent[0].len(), inner_packet(1)?.len());

    for (number, happens) in PATH {
        let mut buffer = sent[number as usize - 1].clone();
        if happens == "corrupted" {
            buffer[20] ^= 0x10;
        }
        match receiver.open_in_place(&mut buffer) {
            Ok(opened) => {
                let inner = SlicedPacket::from_ip(opened.payload)?;
                let len = inner.transport.map_or(0, |_| opened.payload.len());
                println!("{number:3} {happens}: opened, {len} octets of {}", opened.next_header);
            }
            Err(error) => println!("{number:3} {happens}: dropped: {error}"),
        }
    }
    let received = receiver.lifetime().packets();
    println!("{received} packets opened, the highest is {}", receiver.window().highest());
    Ok(())
}

/// A packet from the network behind the sender.
fn inner_packet(number: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut packet = Vec::new();
    PacketBuilder::ipv4([10, 1, 0, 1], [10, 2, 0, 1], 64)
        .udp(5000, 5000)
        .write(&mut packet, format!("datagram {number:2}").as_bytes())?;
    Ok(packet)
}
