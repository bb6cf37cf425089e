//! vpnwire's own.

use ipsec::ah::{AnyIntegrity, InboundSa, OutboundSa};
use ipsec::bundle::{AnyBundle, BundledSa, InboundBundle, OutboundBundle};
use ipsec::esp::IvSource;
use ipsec::{Esn, NextHeader, ReplayWindow, Secret, Spi};

use super::{IP_LEN, Protection};
use crate::ours::CHOSEN;
use crate::packets::{Packets, SPI, iv};
use crate::round_robin::Candidate;

const SIBLING: BundledSa = BundledSa::new(Spi(SPI), Esn::No);

/// Seals under AH, from this octet on.
struct Seal(OutboundSa<AnyIntegrity>, usize);
struct Open(Option<InboundSa<AnyIntegrity>>, usize);
/// Seals under a bundle, with so many octets of initialization vector.
struct SealBundle(OutboundBundle<AnyBundle>, usize);
struct OpenBundle(Option<InboundBundle<AnyBundle>>);

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
        self.0 = self.0.take().map(|sa| sa.with_window(ReplayWindow::new()));
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let payload_len = packets.geometry.payload_len;
        let Self(Some(sa), start) = self else { return false };
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
        self.0 = self.0.take().map(|bundle| bundle.with_windows(ReplayWindow::new(), ReplayWindow::new()));
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let payload_len = packets.geometry.payload_len;
        let Some(bundle) = &mut self.0 else { return false };
        packets.each().all(|packet| {
            bundle.open_in_place(packet).is_ok_and(|opened| {
                opened.esp.payload.len() == payload_len && opened.esp.next_header == NextHeader::IPV4
            })
        })
    }
}

/// What seals, or opens, under this protection.
pub fn candidate(protection: Protection, seals: bool) -> Box<dyn Candidate> {
    let (key, integrity_key) = protection.keys();
    let (key, integrity_key) = (Secret::new(&key), Secret::new(&integrity_key));
    let start = protection.start();
    match protection {
        Protection::Ah(integrity) => {
            let algorithm = integrity.under(integrity_key).expect("the key is as long as it should be");
            if seals {
                Box::new(Seal(OutboundSa::new(Spi(SPI), algorithm, Esn::No), start))
            } else {
                Box::new(Open(Some(InboundSa::new(Spi(SPI), algorithm, Esn::No)), start))
            }
        }
        Protection::Bundle(suite) => {
            let transform =
                suite.transform(key, integrity_key).expect("the keys are as long as they should be");
            if seals {
                let iv_len = suite.encryption().iv_len();
                Box::new(SealBundle(OutboundBundle::new(SIBLING, SIBLING, transform), iv_len))
            } else {
                Box::new(OpenBundle(Some(InboundBundle::new(SIBLING, SIBLING, transform))))
            }
        }
    }
}
