//! The candidates of vpnwire.

use crypto::EncryptThenMac;
use crypto::cipher::{Aes128, Cbc};
use crypto::mac::{Hmac, HmacMd5_96, HmacSha1_96, HmacSha256_128};
use ipsec::NextHeader;
use ipsec::esp::{InboundSa, IvSource, OutboundSa};
use ipsec::suite::Suite;
use ipsec::suite::{AesKey, Authentication, Encryption};
use ipsec::transform::Transform;
use ipsec::{Esn, IvRule, Secret, Spi};

use crate::packets::{Packets, SPI, iv};
use crate::round_robin::Candidate;

/// The name of the candidate with a suite that is chosen at run time.
pub const CHOSEN: &str = "vpnwire";
/// The name of the candidate with a suite that is known when the program is compiled.
pub const KNOWN: &str = "vpnwire, suite known when compiled";

/// The keys of a suite, for encryption and for authentication.
pub fn keys(suite: Suite) -> (Vec<u8>, Vec<u8>) {
    let octets: Vec<u8> = (0x21..=0xff).collect();
    let (key, rest) = octets.split_at(suite.encryption().key_len());
    (key.to_vec(), rest[..suite.key_len() - key.len()].to_vec())
}

struct Seal<T> {
    name: &'static str,
    sa: OutboundSa<T>,
}

impl<T: Transform> Candidate for Seal<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let geometry = packets.geometry;
        let iv_len = geometry.text_offset - 8;
        packets.each().all(|packet| {
            let octets = iv(self.sa.sequence().0 + 1);
            let source = match geometry.iv_rule {
                IvRule::Unpredictable => IvSource::Octets(&octets[..iv_len]),
                _ => IvSource::Counter,
            };
            let sealed = self.sa.seal_in_place(packet, geometry.payload_len, NextHeader::IPV4, source);
            sealed.is_ok_and(|sealed| sealed.len() == geometry.len)
        })
    }
}

/// Makes the transform again. An SA owns its transform, and a window never goes back.
type Make<T> = Box<dyn Fn() -> T>;

struct Open<T> {
    name: &'static str,
    make: Make<T>,
    sa: InboundSa<T>,
}

impl<T: Transform> Candidate for Open<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn make_ready(&mut self) {
        self.sa = InboundSa::new(Spi(SPI), (self.make)(), Esn::No);
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let payload_len = packets.geometry.payload_len;
        let sa = &mut self.sa;
        packets.each().all(|packet| {
            sa.open_in_place(packet).is_ok_and(|opened| {
                opened.payload.len() == payload_len && opened.next_header == NextHeader::IPV4
            })
        })
    }
}

fn seal<T: Transform + 'static>(name: &'static str, transform: T) -> Box<dyn Candidate> {
    Box::new(Seal { name, sa: OutboundSa::new(Spi(SPI), transform, Esn::No) })
}

fn open<T: Transform + 'static>(name: &'static str, make: Make<T>) -> Box<dyn Candidate> {
    let sa = InboundSa::new(Spi(SPI), make(), Esn::No);
    Box::new(Open { name, make, sa })
}

/// The candidates that seal or open under this suite.
pub fn candidates(suite: Suite, seals: bool) -> Vec<Box<dyn Candidate>> {
    let (key, mac_key) = keys(suite);
    let (octets, mac_octets) = (key.clone(), mac_key.clone());
    let make = move || {
        let transform = suite.transform(Secret::new(&octets), Secret::new(&mac_octets));
        transform.expect("the keys are as long as they should be")
    };
    let mut candidates = vec![if seals { seal(CHOSEN, make()) } else { open(CHOSEN, Box::new(make)) }];
    macro_rules! known {
        ($mac:ty) => {{
            let make = move || {
                let cipher = Cbc::<Aes128>::new(Secret::new(&key)).expect("it has 16 octets");
                EncryptThenMac::new(cipher, <$mac>::new(Hmac::new(Secret::new(&mac_key))))
            };
            candidates.push(if seals { seal(KNOWN, make()) } else { open(KNOWN, Box::new(make)) });
        }};
    }
    if suite.encryption() == Encryption::AesCbc(AesKey::Bits128) {
        match suite.authentication() {
            Some(Authentication::HmacMd5) => known!(HmacMd5_96),
            Some(Authentication::HmacSha1) => known!(HmacSha1_96),
            Some(Authentication::HmacSha256) => known!(HmacSha256_128),
            _ => {}
        }
    }
    candidates
}
