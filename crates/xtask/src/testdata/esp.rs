//! Captures of ESP: a tunnel with everything that can go wrong in it, transport mode in all its forms, every suite,
//! and extended sequence numbers. Each has a file with its keys.

use ::gre::Emit as _;
use std::fmt::Write as _;

use ::ipsec::NextHeader;
use ::ipsec::esp::{IvSource, OutboundSa, Padding};
use ::ipsec::suite::IcvLen;
use ::ipsec::suite::{AnyTransform, Suite};
use ::ipsec::suite::{Authentication, Encryption, wireshark_authentication, wireshark_encryption};
use ::ipsec::{Esn, IvRule, Secret, SequenceNumber, Spi};
use anyhow::{Context, Result};
use etherparse::PacketBuilder;

use super::Frames;
use super::gre::in_ipv4;

const HERE: [u8; 4] = [192, 0, 2, 1];
const THERE: [u8; 4] = [198, 51, 100, 1];
const HERE_V6: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const THERE_V6: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

/// The keys are 0, 1, 2 and so on, because everybody can read the files. Authentication keys begin with another
/// number.
fn key(first: u8, len: usize) -> Vec<u8> {
    (first..).take(len).collect()
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().fold("0x".to_string(), |mut text, octet| {
        let _ = write!(text, "{octet:02x}");
        text
    })
}

fn keys_of(suite: &Suite) -> (Vec<u8>, Vec<u8>) {
    let encryption = key(0, suite.encryption().key_len());
    let authentication = key(0x20, suite.authentication().map_or(0, Authentication::key_len));
    (encryption, authentication)
}

/// The sender of an SA.
pub(super) struct Sender {
    suite: Suite,
    sa: OutboundSa<AnyTransform>,
}

impl Sender {
    fn new(spi: u32, suite: Suite, esn: Esn) -> Result<Self> {
        let (encryption, authentication) = keys_of(&suite);
        let transform = suite.transform(Secret::new(&encryption), Secret::new(&authentication))?;
        Ok(Self { suite, sa: OutboundSa::new(Spi(spi), transform, esn) })
    }

    /// An SA with keys that were negotiated.
    pub(super) fn under(
        spi: u32,
        suite: Suite,
        encryption: Secret<'_>,
        authentication: Secret<'_>,
    ) -> Result<Self> {
        let transform = suite.transform(encryption, authentication)?;
        Ok(Self { suite, sa: OutboundSa::new(Spi(spi), transform, Esn::No) })
    }

    fn after(mut self, number: u64) -> Self {
        self.sa = self.sa.resumed_after(SequenceNumber(number));
        self
    }

    /// Seals a payload. The initialization vectors count up. A real sender must not do this if they have to be
    /// unpredictable.
    pub(super) fn seal(&mut self, payload: &[u8], padding: impl Into<Padding>) -> Result<Vec<u8>> {
        let padding = padding.into();
        let headroom = self.sa.headroom();
        let mut buffer = vec![0; headroom];
        buffer.extend_from_slice(payload);
        buffer.resize(headroom + payload.len() + self.sa.tailroom_for(payload.len(), &padding), 0);
        let [.., first] = self.sa.sequence().0.to_be_bytes();
        let mut fill = |place: &mut [u8]| -> Result<(), ::ipsec::NoEntropy> {
            for (index, octet) in (0..).zip(place) {
                *octet = first.wrapping_mul(31).wrapping_add(index);
            }
            Ok(())
        };
        let source = match self.suite.encryption().iv_rule() {
            IvRule::NeverRepeated => IvSource::Counter,
            _ => IvSource::Entropy(&mut fill),
        };
        Ok(self.sa.seal_in_place(&mut buffer, payload.len(), padding, source)?.to_vec())
    }

    /// Skips a sequence number.
    fn skip(&mut self) -> Result<()> {
        self.seal(&[], NextHeader::NONE).map(|_| ())
    }
}

/// A row of Wireshark's table. `None` for a suite that the table does not have.
fn row(family: &str, spi: u32, suite: &Suite) -> Result<String> {
    let (encryption, authentication) = keys_of(suite);
    let cells = [
        family,
        "*",
        "*",
        &format!("{spi:#010x}"),
        wireshark_encryption(suite.encryption()).context("an algorithm that Wireshark has")?,
        &hexadecimal(&encryption),
        suite.authentication().map_or(Some("NULL"), wireshark_authentication).context("the same")?,
        &(if authentication.is_empty() { String::new() } else { hexadecimal(&authentication) }),
    ];
    Ok(format!("\"{}\"\n", cells.join("\",\"")))
}

/// An SA in the form that `ip xfrm state` prints.
fn state(spi: u32, suite: &Suite, esn: Esn) -> Result<String> {
    let (encryption, authentication) = keys_of(suite);
    let (encryption, authentication) = (hexadecimal(&encryption), hexadecimal(&authentication));
    let combined = |icv_len: IcvLen| icv_len.octets() * 8;
    let algorithm = match suite.encryption() {
        Encryption::Null => "enc ecb(cipher_null) ".to_string(),
        Encryption::DesCbc => format!("enc cbc(des) {encryption}"),
        Encryption::TripleDesCbc => format!("enc cbc(des3_ede) {encryption}"),
        Encryption::AesCbc(_) => format!("enc cbc(aes) {encryption}"),
        Encryption::AesCtr(_) => format!("enc rfc3686(ctr(aes)) {encryption}"),
        Encryption::AesGcm(_, len) => format!("aead rfc4106(gcm(aes)) {encryption} {}", combined(len)),
        Encryption::AesCcm(_, len) => format!("aead rfc4309(ccm(aes)) {encryption} {}", combined(len)),
        Encryption::AesGmac(_) => format!("aead rfc4543(gcm(aes)) {encryption} 128"),
        Encryption::ChaCha20Poly1305 => format!("aead rfc7539esp(chacha20,poly1305) {encryption} 128"),
        other => anyhow::bail!("{other} has no name here"),
    };
    let mac = match suite.authentication().map(Authentication::of_rfc) {
        None => None,
        Some(Authentication::HmacMd5) => Some("hmac(md5)"),
        Some(Authentication::HmacSha1) => Some("hmac(sha1)"),
        Some(Authentication::HmacSha256) => Some("hmac(sha256)"),
        Some(Authentication::HmacSha384) => Some("hmac(sha384)"),
        Some(Authentication::HmacSha512) => Some("hmac(sha512)"),
        Some(Authentication::AesXcbc) => Some("xcbc(aes)"),
        Some(other) => anyhow::bail!("{other} has no name here"),
    };
    let mac = mac.map(|name| format!("\tauth-trunc {name} {authentication} {}\n", suite.icv_len() * 8));
    let esn = match esn {
        Esn::No => "",
        Esn::Yes => " flag esn",
    };
    Ok(format!(
        "src 192.0.2.1 dst 198.51.100.1\n\tproto esp spi {spi:#010x} reqid 0 mode tunnel\n\treplay-window 32{esn}\n{}\t{algorithm}\n",
        mac.unwrap_or_default()
    ))
}

/// A ping inside the tunnel.
pub(super) fn ping(sequence: u16) -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    PacketBuilder::ipv4([10, 1, 0, 1], [10, 2, 0, 1], 64)
        .icmpv4_echo_request(0x1234, sequence)
        .write(&mut octets, b"through the tunnel of ESP")?;
    Ok(octets)
}

/// A UDP datagram inside the tunnel, over IPv6.
fn over_ipv6() -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    PacketBuilder::ipv6(HERE_V6, THERE_V6, 63).udp(50_000, 50_001).write(&mut octets, b"over IPv6")?;
    Ok(octets)
}

fn in_ipv6(next_header: u8, payload: &[u8]) -> Result<Vec<u8>> {
    let mut frame = Vec::new();
    let (start, len) = ([0x60, 0, 0, 0], u16::try_from(payload.len())?.to_be_bytes());
    frame.extend([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd]);
    frame.extend(start);
    frame.extend(len);
    frame.extend([next_header, 64]);
    frame.extend(HERE_V6);
    frame.extend(THERE_V6);
    frame.extend(payload);
    Ok(frame)
}

fn in_udp(ports: (u16, u16), payload: &[u8]) -> Result<Vec<u8>> {
    let mut frame = Vec::new();
    PacketBuilder::ethernet2([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2])
        .ipv4(HERE, THERE, 64)
        .udp(ports.0, ports.1)
        .write(&mut frame, payload)?;
    Ok(frame)
}

fn timed(frames: Vec<Vec<u8>>) -> Frames {
    (0..).map(|number| number * 100_000).zip(frames).collect()
}

const TUNNEL: u32 = 0x100;

/// A tunnel in both directions, with everything that a receiver drops and everything that hides the amount of traffic.
pub(super) fn tunnel() -> Result<Frames> {
    let mut there = Sender::new(TUNNEL, Suite::AES_128_SHA1, Esn::No)?;
    let mut back = Sender::new(TUNNEL + 1, Suite::AES_128_SHA1, Esn::No)?;
    let mut frames = Vec::new();
    let first = there.seal(&ping(1)?, NextHeader::IPV4)?;
    let mut replayed = first.clone();
    let outside = |packet: &[u8]| in_ipv4(HERE, THERE, 50, packet);
    frames.push(outside(&first)?);
    frames.push(in_ipv4(THERE, HERE, 50, &back.seal(&ping(1)?, NextHeader::IPV4)?)?);
    frames.push(outside(&there.seal(&over_ipv6()?, NextHeader::IPV6)?)?);
    // Three sequence numbers are lost on the way, and one of them arrives late.
    let late = there.seal(&ping(2)?, NextHeader::IPV4)?;
    there.skip()?;
    there.skip()?;
    frames.push(outside(&there.seal(&ping(3)?, NextHeader::IPV4)?)?);
    frames.push(outside(&late)?);
    // The first packet arrives again. A packet arrives changed on the way, once with its old sequence number and once
    // with a new one.
    frames.push(outside(&replayed)?);
    let last = replayed.len() - 1;
    replayed[last] ^= 1;
    frames.push(outside(&replayed)?);
    let mut changed = there.seal(&ping(4)?, NextHeader::IPV4)?;
    changed[40] ^= 0x80;
    frames.push(outside(&changed)?);
    // These hide the amount of traffic: a dummy packet, the greatest padding of 255 octets, and padding after the
    // inner packet.
    frames.push(outside(&there.seal(&[0xaa; 40], NextHeader::NONE)?)?);
    let mut much = Padding::new(NextHeader::IPV4);
    much.minimum_len = 240;
    frames.push(outside(&there.seal(&ping(5)?, much)?)?);
    let mut flow = Padding::new(NextHeader::IPV4);
    flow.traffic_flow_len = 100;
    frames.push(outside(&there.seal(&ping(6)?, flow)?)?);
    // IPv6 in a packet with the next header of IPv4, as vpnc sends it.
    frames.push(outside(&there.seal(&over_ipv6()?, NextHeader::IPV4)?)?);
    // The same SPI at another destination is another SA with its own sequence numbers. Here both have the same keys.
    // The sequence numbers are chosen so that a program that identifies SAs by the SPI alone does not see the gap that
    // follows.
    let mut other = Sender::new(TUNNEL, Suite::AES_128_SHA1, Esn::No)?.after(there.sa.sequence().0);
    frames.push(in_ipv4(HERE, [203, 0, 113, 1], 50, &other.seal(&ping(7)?, NextHeader::IPV4)?)?);
    there.skip()?;
    frames.push(outside(&there.seal(&ping(8)?, NextHeader::IPV4)?)?);
    frames.push(in_ipv4(HERE, [203, 0, 113, 1], 50, &other.seal(&ping(9)?, NextHeader::IPV4)?)?);
    // A sequence number that is far ahead, and then one that is too old for the window.
    let mut far = Sender::new(TUNNEL, Suite::AES_128_SHA1, Esn::No)?.after(5000);
    frames.push(outside(&far.seal(&ping(10)?, NextHeader::IPV4)?)?);
    frames.push(outside(&there.seal(&ping(11)?, NextHeader::IPV4)?)?);
    // An SA without known keys, and packets that are too short for the SA.
    let mut unknown = Sender::new(0x999, Suite::AES_128_SHA1, Esn::No)?;
    frames.push(outside(&unknown.seal(&ping(12)?, NextHeader::IPV4)?)?);
    let short = there.seal(&ping(13)?, NextHeader::IPV4)?;
    frames.push(outside(&short[..30])?);
    frames.push(outside(&short[..6])?);
    Ok(timed(frames))
}

/// The keys of [`tunnel`], in the form of Wireshark's table.
pub(super) fn tunnel_keys() -> Result<Vec<u8>> {
    let rows = [row("IPv4", TUNNEL, &Suite::AES_128_SHA1)?, row("IPv4", TUNNEL + 1, &Suite::AES_128_SHA1)?];
    Ok(format!("# keys of tunnel.pcap\n{}", rows.concat()).into_bytes())
}

const TRANSPORT: u32 = 0x200;

/// Transport mode: around GRE, in UDP, in IPv6 after an extension header, in fragments, and inside another ESP.
pub(super) fn transport() -> Result<Frames> {
    let gcm = Suite::AES_128_GCM;
    let mut sender = Sender::new(TRANSPORT, gcm, Esn::No)?;
    let mut frames = Vec::new();
    // This is DMVPN: GRE inside ESP in transport mode.
    let gre = ::gre::Packet { header: ::gre::Header::new(::gre::ProtocolType::IPV4), payload: &ping(1)? }
        .to_vec()?;
    frames.push(in_ipv4(HERE, THERE, 50, &sender.seal(&gre, NextHeader::GRE)?)?);
    // A UDP datagram without a checksum.
    let udp = [&[0x07, 0xc1, 0x13, 0x89, 0, 16, 0, 0][..], b"datagram"].concat();
    frames.push(in_udp((4500, 4500), &sender.seal(&udp, NextHeader::UDP)?)?);
    frames.push(in_udp((4500, 4500), &[0xff])?);
    frames.push(in_udp((4500, 1027), &sender.seal(&udp, NextHeader::UDP)?)?);
    let mut v6 = Sender::new(TRANSPORT + 1, gcm, Esn::No)?;
    frames.push(in_ipv6(50, &v6.seal(&udp, NextHeader::UDP)?)?);
    // Hop-by-hop options stand before ESP, destination options inside.
    let options = [&[17, 0, 1, 4, 0, 0, 0, 0][..], &udp].concat();
    let packet = v6.seal(&options, NextHeader(60))?;
    frames.push(in_ipv6(0, &[&[50, 0, 1, 4, 0, 0, 0, 0], &packet[..]].concat())?);
    // An SA in transport mode inside one in tunnel mode.
    let mut inner = Sender::new(TRANSPORT + 2, gcm, Esn::No)?;
    let mut within = Vec::new();
    PacketBuilder::ipv4([10, 1, 0, 1], [10, 2, 0, 1], 64).write(
        &mut within,
        etherparse::IpNumber(50),
        &inner.seal(&udp, NextHeader::UDP)?,
    )?;
    frames.push(in_ipv4(HERE, THERE, 50, &sender.seal(&within, NextHeader::IPV4)?)?);
    // The packet is in two fragments, of which the second is sent first.
    let whole = in_ipv4(HERE, THERE, 50, &sender.seal(&[&udp[..], &[0xdd; 120]].concat(), NextHeader::UDP)?)?;
    for (offset, more, piece) in [(64u8, 0, &whole[34 + 64..]), (0, 0x20, &whole[34..34 + 64])] {
        let mut frame = whole[..34].to_vec();
        frame.extend(piece);
        let len = u16::try_from(frame.len() - 14)?.to_be_bytes();
        frame[16..18].copy_from_slice(&len);
        frame[18..20].copy_from_slice(&[0xbe, 0xef]);
        frame[20..22].copy_from_slice(&[more, offset / 8]);
        frame[24..26].copy_from_slice(&[0, 0]);
        let checksum = super::ip::ipv4_checksum(&frame[14..34]);
        frame[24..26].copy_from_slice(&checksum.to_be_bytes());
        frames.push(frame);
    }
    Ok(timed(frames))
}

/// The keys of [`transport`], in the form of Wireshark's table.
pub(super) fn transport_keys() -> Result<Vec<u8>> {
    let gcm = Suite::AES_128_GCM;
    let rows =
        [row("IPv4", TRANSPORT, &gcm)?, row("IPv6", TRANSPORT + 1, &gcm)?, row("IPv4", TRANSPORT + 2, &gcm)?];
    Ok(format!("# keys of transport.pcap\n{}", rows.concat()).into_bytes())
}

const SUITES: u32 = 0x1000;

/// One packet of every suite.
pub(super) fn suites() -> Result<Frames> {
    let frames = (SUITES..).zip(Suite::all()).map(|(spi, suite)| {
        let mut sender = Sender::new(spi, suite, Esn::No)?;
        in_ipv4(HERE, THERE, 50, &sender.seal(&ping(1)?, NextHeader::IPV4)?)
    });
    Ok(timed(frames.collect::<Result<_>>()?))
}

/// The keys of [`suites`], in the form that Linux prints.
pub(super) fn suites_keys() -> Result<Vec<u8>> {
    let states = (SUITES..).zip(Suite::all()).map(|(spi, suite)| state(spi, &suite, Esn::No));
    Ok(states.collect::<Result<String>>()?.into_bytes())
}

const EXTENDED: u32 = 0x300;

/// Extended sequence numbers around the wrap of their low half: two packets before it and three after it, of which one
/// arrives early.
pub(super) fn extended() -> Result<Frames> {
    let mut sender = Sender::new(EXTENDED, Suite::AES_128_SHA1, Esn::Yes)?.after(0x1_ffff_fffd);
    let mut packets = Vec::new();
    for sequence in 1..=5 {
        packets.push(in_ipv4(HERE, THERE, 50, &sender.seal(&ping(sequence)?, NextHeader::IPV4)?)?);
    }
    packets.swap(1, 2);
    Ok(timed(packets))
}

/// The keys of [`extended`], in the form that Linux prints. The high half is that of the first packet.
pub(super) fn extended_keys() -> Result<Vec<u8>> {
    let state = state(EXTENDED, &Suite::AES_128_SHA1, Esn::Yes)?;
    let context = "\tanti-replay esn context:\n\t seq-hi 0x1, seq 0xfffffffd, oseq-hi 0x0, oseq 0x0\n";
    Ok([state, context.to_string()].concat().into_bytes())
}
