//! Compares ESP: every suite that both have, in transport and in tunnel mode, over IPv4 and IPv6, with sequence
//! numbers of 32 and of 64 bits.

use anyhow::{Context, Result, bail, ensure};
use etherparse::PacketBuilder;
use ipsec::NextHeader;
use ipsec::esp::{InboundSa, IvSource, OutboundSa, PROTOCOL};
use ipsec::suite::IcvLen;
use ipsec::suite::{AnyTransform, Suite};
use ipsec::suite::{Authentication, Encryption};
use ipsec::{Esn, IvRule, ReplayWindow, Secret, SequenceNumber, Spi};

use super::Tally;
use super::peer::{Answer, Association, Job, Peer, octets};

const SPI: u32 = 0x0bad_cafe;

/// The lengths of the UDP payload in octets: short and long ones, on and off the boundary of a block.
const PAYLOADS: [usize; 5] = [0, 1, 18, 100, 1401];

/// How a packet is carried: the name, whether over IPv6, and whether in tunnel mode.
const MODES: [(&str, bool, bool); 4] = [
    ("transport over IPv4", false, false),
    ("tunnel over IPv4", false, true),
    ("transport over IPv6", true, false),
    ("tunnel over IPv6", true, true),
];

/// Runs every case.
pub(super) fn run(peer: &mut Peer, tally: &mut Tally) -> Result<()> {
    for (which, suite) in Suite::all().enumerate() {
        let name = suite.to_string();
        let seed = which as u8;
        let association = match association(suite, seed) {
            Ok(association) => association,
            Err(why) => {
                tally.skip(&name, why.to_string());
                continue;
            }
        };
        if !tally.has(peer, &name, &association)? {
            continue;
        }
        for (mode, over_ipv6, tunnel) in MODES {
            for esn in [Esn::No, Esn::Yes] {
                for (number, payload_len) in PAYLOADS.into_iter().enumerate() {
                    let case = Case {
                        suite,
                        association: &association,
                        over_ipv6,
                        tunnel,
                        esn,
                        // The high half is not zero if there is one, and the low half is not small.
                        after: match esn {
                            Esn::No => SequenceNumber(0xffff_0000 + number as u64),
                            Esn::Yes => SequenceNumber(0x0000_0007_ffff_fff0 + 17 * number as u64),
                        },
                        payload_len,
                        seed: seed.wrapping_add(number as u8),
                    };
                    let label = format!("{mode}, {esn:?} numbers, {payload_len} octets");
                    tally.case(&name, &label, case.run(peer));
                }
            }
        }
    }
    Ok(())
}

/// scapy's name of a suite, or the reason why the suite cannot be compared.
fn association(suite: Suite, seed: u8) -> Result<Association, &'static str> {
    let (encryption, icv_len) = match suite.encryption() {
        Encryption::Null => ("NULL", None),
        Encryption::DesCbc => ("DES", None),
        Encryption::TripleDesCbc => ("3DES", None),
        Encryption::AesCbc(_) => ("AES-CBC", None),
        Encryption::AesCtr(_) => ("AES-CTR", None),
        Encryption::AesGcm(_, IcvLen::Octets16) => ("AES-GCM", None),
        Encryption::AesGcm(..) => return Err("scapy's AES-GCM has an ICV of 16 octets only"),
        Encryption::AesCcm(_, icv_len) => ("AES-CCM", Some(icv_len.octets())),
        Encryption::AesGmac(_) => ("AES-NULL-GMAC", None),
        Encryption::ChaCha20Poly1305 => ("CHACHA20-POLY1305", None),
        _ => return Err("scapy has no such encryption"),
    };
    let authentication = match suite.authentication() {
        None => None,
        Some(Authentication::HmacMd5) => Some("HMAC-MD5-96"),
        Some(Authentication::HmacSha1) => Some("HMAC-SHA1-96"),
        Some(Authentication::HmacSha256) => Some("SHA2-256-128"),
        Some(Authentication::HmacSha384) => Some("SHA2-384-192"),
        Some(Authentication::HmacSha512) => Some("SHA2-512-256"),
        Some(Authentication::AesXcbc) => return Err("scapy has no AES-XCBC-MAC"),
        Some(_) => return Err("scapy has no such authentication"),
    };
    let material = seeded(suite.key_len(), 0xa5 ^ seed);
    let (encryption_key, authentication_key) = material.split_at(suite.encryption().key_len());
    Ok(Association {
        protocol: "ESP",
        encryption: Some(encryption),
        encryption_key: encryption_key.to_vec(),
        icv_len,
        authentication,
        authentication_key: authentication_key.to_vec(),
    })
}

/// Octets that look random and are always the same.
fn seeded(len: usize, seed: u8) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ u64::from(seed) << 32 | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..len).map(|_| next()).collect()
}

struct Case<'a> {
    suite: Suite,
    association: &'a Association,
    over_ipv6: bool,
    tunnel: bool,
    esn: Esn,
    after: SequenceNumber,
    payload_len: usize,
    seed: u8,
}

impl Case<'_> {
    fn run(&self, peer: &mut Peer) -> Result<()> {
        let plain = udp(self.over_ipv6, &seeded(self.payload_len, self.seed))?;
        let header_len = if self.over_ipv6 { 40 } else { 20 };
        // The outer header of tunnel mode, or the header of the packet itself in transport mode.
        let outer = if self.tunnel { header(self.over_ipv6)? } else { plain[..header_len].to_vec() };
        let (payload, next_header) = match (self.tunnel, self.over_ipv6) {
            (false, _) => (&plain[header_len..], NextHeader::UDP),
            (true, false) => (&plain[..], NextHeader::IPV4),
            (true, true) => (&plain[..], NextHeader::IPV6),
        };
        let sequence = SequenceNumber(self.after.0 + 1);
        let encryption = self.suite.encryption();
        let iv = match encryption.iv_rule() {
            IvRule::None => Vec::new(),
            IvRule::NeverRepeated => sequence.0.to_be_bytes().to_vec(),
            _ => seeded(encryption.iv_len(), self.seed ^ 0x3c),
        };
        let job = |packet| Job {
            association: self.association,
            tunnel: self.tunnel.then_some(&outer[..]),
            spi: SPI,
            sequence: sequence.low(),
            sequence_high: self.esn.implied(sequence),
            iv: (!iv.is_empty()).then_some(&iv[..]),
            packet,
        };

        let ours = self.seal(payload, next_header, &iv)?;
        let theirs = match peer.seal(&job(&plain))? {
            Answer::Done(text) => octets(&text)?,
            other => bail!("scapy answers {other:?} when it is asked to seal"),
        };
        let theirs = theirs.get(header_len..).context("scapy's packet ends in its IP header")?;
        ensure!(theirs == ours, "the sealed octets differ: ours are {ours:02x?}, scapy's are {theirs:02x?}");

        self.open(theirs, payload, next_header)
            .context("vpnwire does not open a packet that scapy sealed")?;

        let sealed = around(&outer, self.over_ipv6, &ours);
        match peer.open(&job(&sealed))? {
            Answer::Done(text) => {
                let opened = octets(&text)?;
                ensure!(
                    opened == plain,
                    "scapy opens our packet to {opened:02x?}, but its plaintext is {plain:02x?}"
                );
            }
            other => bail!("scapy answers {other:?} when it is asked to open a packet that vpnwire sealed"),
        }

        // Neither side opens a packet that was changed: here the last octet, which is part of the ICV.
        let mut changed = sealed.clone();
        if let Some(last) = changed.last_mut() {
            *last ^= 1;
        }
        match peer.open(&job(&changed))? {
            Answer::Refused(why) if why.starts_with("IPSecIntegrityError") => {}
            other => bail!("scapy answers {other:?} when it is asked to open a changed packet"),
        }
        ensure!(
            self.open(&changed[header_len..], payload, next_header).is_err(),
            "vpnwire opens a changed packet"
        );
        Ok(())
    }

    fn transform(&self) -> Result<AnyTransform> {
        let Association { encryption_key, authentication_key, .. } = self.association;
        Ok(self.suite.transform(Secret::new(encryption_key), Secret::new(authentication_key))?)
    }

    fn seal(&self, payload: &[u8], next_header: NextHeader, iv: &[u8]) -> Result<Vec<u8>> {
        let mut sa = OutboundSa::new(Spi(SPI), self.transform()?, self.esn).resumed_after(self.after);
        let mut buffer = vec![0; sa.headroom()];
        buffer.extend(payload);
        buffer.resize(buffer.len() + sa.tailroom(payload.len()), 0);
        let source = match self.suite.encryption().iv_rule() {
            IvRule::Unpredictable => IvSource::Octets(iv),
            _ => IvSource::Counter,
        };
        Ok(sa.seal_in_place(&mut buffer, payload.len(), next_header, source)?.to_vec())
    }

    fn open(&self, packet: &[u8], payload: &[u8], next_header: NextHeader) -> Result<()> {
        let window = ReplayWindow::starting_at(self.after);
        let mut sa = InboundSa::<_>::new(Spi(SPI), self.transform()?, self.esn).with_window(&window);
        let mut packet = packet.to_vec();
        let opened = sa.open_in_place(&mut packet)?;
        ensure!(
            opened.payload == payload
                && opened.next_header == next_header
                && opened.sequence.0 == self.after.0 + 1,
            "opened to {opened:02x?}"
        );
        Ok(())
    }
}

/// An IP packet with a UDP datagram.
fn udp(over_ipv6: bool, payload: &[u8]) -> Result<Vec<u8>> {
    let mut packet = Vec::new();
    let builder = if over_ipv6 {
        let (source, destination) = ([0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1], [0xfd; 16]);
        PacketBuilder::ipv6(source, destination, 61)
    } else {
        PacketBuilder::ipv4([10, 1, 1, 1], [10, 2, 2, 2], 61)
    };
    builder.udp(4000, 9).write(&mut packet, payload)?;
    Ok(packet)
}

/// The outer header of a tunnel. Scapy computes its length, checksum and protocol.
fn header(over_ipv6: bool) -> Result<Vec<u8>> {
    let len = if over_ipv6 { 40 } else { 20 };
    Ok(udp(over_ipv6, &[])?[..len].to_vec())
}

/// An IP packet with `header` around an ESP packet.
fn around(header: &[u8], over_ipv6: bool, esp: &[u8]) -> Vec<u8> {
    let mut packet = header.to_vec();
    if over_ipv6 {
        packet[4..6].copy_from_slice(&(esp.len() as u16).to_be_bytes());
        packet[6] = PROTOCOL;
    } else {
        packet[2..4].copy_from_slice(&((header.len() + esp.len()) as u16).to_be_bytes());
        packet[9] = PROTOCOL;
        packet[10..12].fill(0);
        let sum = wire::InternetChecksum::of(&packet);
        packet[10..12].copy_from_slice(&sum.to_be_bytes());
    }
    packet.extend(esp);
    packet
}
