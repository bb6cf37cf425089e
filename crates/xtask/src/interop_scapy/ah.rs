//! Compares AH: the algorithms that both have, in transport and in tunnel mode, over IPv4 and IPv6, alone and around
//! ESP.

use anyhow::{Context, Result, bail, ensure};
use etherparse::PacketBuilder;
use ipsec::ah::{AnyIntegrity, InboundSa, Integrity, OutboundSa};
use ipsec::bundle::{BundleSuite, BundledSa, InboundBundle, OutboundBundle};
use ipsec::esp::IvSource;
use ipsec::ip::Version;
use ipsec::suite::{AesKey, Authentication, Encryption};
use ipsec::transport;
use ipsec::transport::{Protect, Unprotect};
use ipsec::tunnel::{Endpoints, Tunnel};
use ipsec::{Esn, ReplayWindow, Secret, SequenceNumber, Spi};

use super::Tally;
use super::peer::{Answer, Association, Job, Peer, octets};

const AH: u32 = 0x0bad_cafe;
const ESP: u32 = 0x0dad_beef;

/// The lengths of the UDP payload in octets.
const PAYLOADS: [usize; 4] = [0, 1, 100, 1300];

/// How a packet is carried: the name, the IP version, and whether in tunnel mode.
const MODES: [(&str, Version, bool); 4] = [
    ("transport over IPv4", Version::V4, false),
    ("tunnel over IPv4", Version::V4, true),
    ("transport over IPv6", Version::V6, false),
    ("tunnel over IPv6", Version::V6, true),
];

/// The encryption algorithms of bundles, with scapy's name and the length of the initialization vector in octets.
const ENCRYPTION: [(Encryption, &str, usize); 4] = [
    (Encryption::DesCbc, "DES", 8),
    (Encryption::TripleDesCbc, "3DES", 8),
    (Encryption::AesCbc(AesKey::Bits128), "AES-CBC", 16),
    (Encryption::AesCbc(AesKey::Bits256), "AES-CBC", 16),
];

/// Runs every case.
pub(super) fn run(peer: &mut Peer, tally: &mut Tally) -> Result<()> {
    for (authentication, name) in [
        (Authentication::HmacMd5, "HMAC-MD5-96"),
        (Authentication::HmacSha1, "HMAC-SHA1-96"),
        (Authentication::HmacSha256, "SHA2-256-128"),
        (Authentication::HmacSha384, "SHA2-384-192"),
        (Authentication::HmacSha512, "SHA2-512-256"),
    ] {
        let association = Association {
            protocol: "AH",
            authentication: Some(name),
            authentication_key: key(authentication.key_len(), 0x31),
            ..Association::default()
        };
        let suite = format!("AH {authentication}");
        if !tally.has(peer, &suite, &association)? {
            continue;
        }
        for (mode, version, tunnel) in MODES {
            for esn in [Esn::No, Esn::Yes] {
                for (number, len) in PAYLOADS.into_iter().enumerate() {
                    let after = match esn {
                        Esn::No => SequenceNumber(0xffff_0000 + number as u64),
                        Esn::Yes => SequenceNumber(0x0000_0007_ffff_fff0 + 17 * number as u64),
                    };
                    let case = Case { association: &association, version, tunnel, esn, after, len };
                    let integrity =
                        || AnyIntegrity::new(Integrity::Mac(authentication), secret(&association));
                    let mut outbound = OutboundSa::new(Spi(AH), integrity()?, esn).resumed_after(after);
                    let mut inbound = InboundSa::<_>::new(Spi(AH), integrity()?, esn)
                        .with_window(&ReplayWindow::starting_at(after));
                    let result = case.run(peer, &mut outbound, &mut inbound, None);
                    tally.case(&suite, &format!("{mode}, {esn:?} numbers, {len} octets"), result);
                }
            }
        }
        for (encryption, esp_name, iv_len) in ENCRYPTION {
            let esp = Association {
                protocol: "ESP",
                encryption: Some(esp_name),
                encryption_key: key(encryption.key_len(), 0x52),
                ..Association::default()
            };
            let suite = BundleSuite::new(authentication, encryption)?;
            bundles(peer, tally, suite, &association, &esp, iv_len)?;
        }
    }
    Ok(())
}

fn bundles(
    peer: &mut Peer,
    tally: &mut Tally,
    suite: BundleSuite,
    association: &Association,
    esp: &Association,
    iv_len: usize,
) -> Result<()> {
    let esn = Esn::No;
    for (mode, version, tunnel) in MODES {
        for (number, len) in PAYLOADS.into_iter().enumerate() {
            let after = SequenceNumber(1000 * number as u64);
            let transform = || suite.transform(Secret::new(&esp.encryption_key), secret(association));
            let sa = |spi| BundledSa::new(Spi(spi), esn);
            let mut outbound = OutboundBundle::new(sa(AH), sa(ESP), transform()?).resumed_after(after, after);
            let start = ReplayWindow::starting_at(after);
            let mut inbound =
                InboundBundle::<_>::new(sa(AH), sa(ESP), transform()?).with_windows(&start, &start);
            let case = Case { association, version, tunnel, esn, after, len };
            let iv = key(iv_len, number as u8);
            let result = case.run(peer, &mut outbound, &mut inbound, Some((esp, &iv)));
            tally.case(&suite.to_string(), &format!("{mode}, {len} octets"), result);
        }
    }
    Ok(())
}

/// Octets that look random and are always the same.
fn key(len: usize, seed: u8) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ u64::from(seed) << 32 | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..len).map(|_| next()).collect()
}

fn secret(association: &Association) -> Secret<'_> {
    Secret::new(&association.authentication_key)
}

struct Case<'a> {
    association: &'a Association,
    version: Version,
    tunnel: bool,
    esn: Esn,
    after: SequenceNumber,
    len: usize,
}

impl Case<'_> {
    fn run<P, U>(
        &self,
        peer: &mut Peer,
        outbound: &mut P,
        inbound: &mut U,
        esp: Option<(&Association, &[u8])>,
    ) -> Result<()>
    where
        P: Protect<Error: Send + Sync>,
        U: Unprotect<Error: Send + Sync>,
    {
        let plain = self.udp()?;
        let ours = self.seal(outbound, &plain, esp.map_or(&[][..], |(_, iv)| iv))?;
        let outer = &ours[..self.version.header_len()];
        let tunnel = self.tunnel.then_some(outer);
        let theirs = match self.inside(esp, &plain, tunnel) {
            Some(job) => {
                let esp = done(peer.seal(&job)?, "seal ESP")?;
                done(peer.seal(&self.around(&esp, None))?, "seal AH")?
            }
            None => done(peer.seal(&self.around(&plain, tunnel))?, "seal")?,
        };
        ensure!(theirs == ours, "the sealed octets differ: ours are {ours:02x?}, scapy's are {theirs:02x?}");

        let mut changed = ours.clone();
        if let Some(last) = changed.last_mut() {
            *last ^= 1;
        }
        match peer.open(&self.around(&changed, None))? {
            Answer::Refused(why) if why.starts_with("IPSecIntegrityError") => {}
            other => bail!("scapy answers {other:?} when it is asked to open a changed packet"),
        }
        ensure!(transport::open_in_place(inbound, &mut changed).is_err(), "vpnwire opens a changed packet");

        let opened = match self.inside(esp, &[], None) {
            Some(job) => {
                let esp = done(peer.open(&self.around(&ours, None))?, "open AH")?;
                done(peer.open(&Job { tunnel, packet: &esp, ..job })?, "open ESP")?
            }
            None => done(peer.open(&self.around(&ours, tunnel))?, "open")?,
        };
        ensure!(
            opened == plain,
            "scapy opens our packet to {opened:02x?}, but its plaintext is {plain:02x?}"
        );

        let mut packet = theirs;
        let opened = if self.tunnel {
            self.outer()?.open_in_place(inbound, &mut packet)?.to_vec()
        } else {
            transport::open_in_place(inbound, &mut packet)?.to_vec()
        };
        ensure!(
            opened == plain,
            "vpnwire opens scapy's packet to {opened:02x?}, but its plaintext is {plain:02x?}"
        );
        Ok(())
    }

    /// The request to scapy for AH.
    fn around<'j>(&'j self, packet: &'j [u8], tunnel: Option<&'j [u8]>) -> Job<'j> {
        let sequence = SequenceNumber(self.after.0 + 1);
        Job {
            association: self.association,
            tunnel,
            spi: AH,
            sequence: sequence.low(),
            sequence_high: self.esn.implied(sequence),
            iv: None,
            packet,
        }
    }

    /// The request to scapy for ESP, which is sealed first and opened last.
    fn inside<'j>(
        &self,
        esp: Option<(&'j Association, &'j [u8])>,
        packet: &'j [u8],
        tunnel: Option<&'j [u8]>,
    ) -> Option<Job<'j>> {
        let (association, iv) = esp?;
        let sequence = SequenceNumber(self.after.0 + 1).low();
        let iv = (!iv.is_empty()).then_some(iv);
        Some(Job { association, tunnel, spi: ESP, sequence, sequence_high: None, iv, packet })
    }

    fn outer(&self) -> Result<Tunnel> {
        Ok(Tunnel::new(
            match self.version {
                Version::V4 => {
                    Endpoints::V4 { source: [192, 0, 2, 1].into(), destination: [192, 0, 2, 2].into() }
                }
                Version::V6 => Endpoints::V6 { source: [0x20; 16].into(), destination: [0x21; 16].into() },
            },
            64,
        ))
    }

    fn seal<P: Protect<Error: Send + Sync>>(&self, sa: &mut P, plain: &[u8], iv: &[u8]) -> Result<Vec<u8>> {
        let headroom = if self.tunnel { self.outer()?.headroom(sa) } else { sa.headroom() };
        let mut buffer = vec![0; headroom];
        buffer.extend_from_slice(plain);
        buffer.resize(buffer.len() + sa.tailroom(plain.len()), 0);
        let iv = if iv.is_empty() { IvSource::Counter } else { IvSource::Octets(iv) };
        Ok(if self.tunnel {
            self.outer()?.seal_in_place(sa, &mut buffer, plain.len(), 7, iv)?.to_vec()
        } else {
            sa.protect(&mut buffer, plain.len(), iv)?.to_vec()
        })
    }

    /// An IP packet with a UDP datagram.
    fn udp(&self) -> Result<Vec<u8>> {
        let mut packet = Vec::new();
        let builder = match self.version {
            Version::V4 => PacketBuilder::ipv4([10, 1, 1, 1], [10, 2, 2, 2], 61),
            Version::V6 => PacketBuilder::ipv6([0xfc; 16], [0xfd; 16], 61),
        };
        builder.udp(4000, 9).write(&mut packet, &key(self.len, 0x77))?;
        Ok(packet)
    }
}

fn done(answer: Answer, what: &str) -> Result<Vec<u8>> {
    match answer {
        Answer::Done(text) => octets(&text).with_context(|| what.to_string()),
        other => bail!("scapy answers {other:?} when it is asked to {what}"),
    }
}
