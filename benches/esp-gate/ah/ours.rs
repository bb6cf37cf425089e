//! The candidates of vpnwire.

use ipsec::ah::{AnyIntegrity, InboundSa, OutboundSa};
use ipsec::bundle::{AnyBundle, BundledSa, InboundBundle, OutboundBundle};
use ipsec::esp::IvSource;
use ipsec::{Esn, NextHeader, Secret, Spi};

use super::{IP_LEN, Protection};
use crate::ours::CHOSEN;
use crate::packets::{Packets, SPI, iv};
use crate::round_robin::Candidate;

const BUNDLED: BundledSa = BundledSa::new(Spi(SPI), Esn::No);

/// Seals under AH, starting at this octet.
struct Seal(OutboundSa<AnyIntegrity>, usize);
/// Opens with an algorithm that is made again for an SA with an empty window.
struct Open(InboundSa<AnyIntegrity>, usize, Box<dyn Fn() -> AnyIntegrity>);
/// Seals under a bundle, with this number of octets of initialization vector.
struct SealBundle(OutboundBundle<AnyBundle>, usize);
/// Opens a bundle with a transform that is made again for SAs with empty windows.
struct OpenBundle(InboundBundle<AnyBundle>, Box<dyn Fn() -> AnyBundle>);

impl Candidate for Seal {
    fn name(&self) -> &'static str {
        CHOSEN
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let Self(sa, start) = self;
        let (len, packet_len) = (packets.geometry.len - *start, IP_LEN + packets.geometry.payload_len);
        packets
            .each()
            .all(|packet| sa.seal_in_place(packet, packet_len).is_ok_and(|sealed| sealed.len() == len))
    }
}

impl Candidate for Open {
    fn name(&self) -> &'static str {
        CHOSEN
    }

    fn make_ready(&mut self) {
        self.0 = InboundSa::new(Spi(SPI), (self.2)(), Esn::No);
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let payload_len = packets.geometry.payload_len;
        let Self(sa, start, _) = self;
        packets.each().all(|packet| {
            sa.open(&packet[*start..]).is_ok_and(|opened| {
                opened.payload.len() == payload_len && opened.next_header == NextHeader::IPV4
            })
        })
    }
}

impl Candidate for SealBundle {
    fn name(&self) -> &'static str {
        CHOSEN
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let Self(bundle, iv_len) = self;
        let (len, packet_len) = (packets.geometry.len, IP_LEN + packets.geometry.payload_len);
        packets.each().all(|packet| {
            let octets = iv(bundle.sequences().1.0 + 1);
            let sealed = bundle.seal_in_place(packet, packet_len, IvSource::Octets(&octets[..*iv_len]));
            sealed.is_ok_and(|sealed| sealed.len() == len)
        })
    }
}

impl Candidate for OpenBundle {
    fn name(&self) -> &'static str {
        CHOSEN
    }

    fn make_ready(&mut self) {
        self.0 = InboundBundle::new(BUNDLED, BUNDLED, (self.1)());
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let payload_len = packets.geometry.payload_len;
        let bundle = &mut self.0;
        packets.each().all(|packet| {
            bundle.open_in_place(packet).is_ok_and(|opened| {
                opened.esp.payload.len() == payload_len && opened.esp.next_header == NextHeader::IPV4
            })
        })
    }
}

/// The candidates that seal or open under this protection.
pub fn candidate(protection: Protection, seals: bool) -> Box<dyn Candidate> {
    let (key, integrity_key) = protection.keys();
    let start = protection.start();
    match protection {
        Protection::Ah(integrity) => {
            let make = move || {
                let algorithm = AnyIntegrity::new(integrity, Secret::new(&integrity_key));
                algorithm.expect("the key is as long as it should be")
            };
            if seals {
                Box::new(Seal(OutboundSa::new(Spi(SPI), make(), Esn::No), start))
            } else {
                Box::new(Open(InboundSa::new(Spi(SPI), make(), Esn::No), start, Box::new(make)))
            }
        }
        Protection::Bundle(suite) => {
            let make = move || {
                let transform = suite.transform(Secret::new(&key), Secret::new(&integrity_key));
                transform.expect("the keys are as long as they should be")
            };
            if seals {
                let iv_len = suite.encryption().iv_len();
                Box::new(SealBundle(OutboundBundle::new(BUNDLED, BUNDLED, make()), iv_len))
            } else {
                Box::new(OpenBundle(InboundBundle::new(BUNDLED, BUNDLED, make()), Box::new(make)))
            }
        }
    }
}
