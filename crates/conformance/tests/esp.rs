//! Real ESP packets and published ones are verified, decrypted, and sealed to the same octets again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use needs::needs;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use conformance::{captures, datagrams, hex};
use crypto::cipher::{Aes128, Aes256, BlockCipher, Cbc, TripleDes};
use ipsec::NextHeader;
use ipsec::esp::{Header, InboundSa, IvSource, OpenError, OutboundSa, Trailer, open_without_replay_check};
use ipsec::suite::IcvLen;
use ipsec::suite::{AesKey, Authentication, Encryption};
use ipsec::suite::{AnyTransform, Suite};
use ipsec::{Esn, IvRule, ReplayError, Secret, SequenceNumber, Spi};
use serde_json::Value;
use vpnwire_conformance as conformance;

/// The keys of one SA.
#[derive(Clone)]
struct Keys {
    suite: Suite,
    encryption: Vec<u8>,
    authentication: Vec<u8>,
}

impl Keys {
    fn transform(&self) -> AnyTransform {
        self.suite.transform(Secret::new(&self.encryption), Secret::new(&self.authentication)).unwrap()
    }
}

/// The ESP packets of a capture, on IP protocol 50 and on UDP port 4500 (RFC 3948 section 2.2: datagrams that do not
/// begin with four zeros and are not keepalives).
fn esp_packets(path: &Path) -> Vec<Vec<u8>> {
    datagrams(path)
        .into_iter()
        .filter(|datagram| match datagram.protocol {
            50 => true,
            17 => {
                (datagram.ports.0 == 4500 || datagram.ports.1 == 4500)
                    && datagram.payload.len() > 4
                    && datagram.payload[..4] != [0; 4]
            }
            _ => false,
        })
        .map(|datagram| datagram.payload)
        .collect()
}

/// The ones' complement sum over an IPv4 header is zero if its checksum is right.
fn is_ipv4(octets: &[u8]) -> bool {
    if octets.len() < 20 || octets[0] >> 4 != 4 {
        return false;
    }
    let sum: u32 = octets[..usize::from(octets[0] & 15) * 4]
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1]))
        .sum();
    (sum & 0xffff) + (sum >> 16) == 0xffff
}

/// The counts of one capture.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    opened: usize,
    tunnelled: usize,
}

/// Opens every packet with known keys under its SA and its window, and seals it again in two ways.
fn open_all(path: &Path, keys: &HashMap<Spi, Keys>) -> Counts {
    let mut sas = HashMap::new();
    let mut counts = Counts::default();
    for packet in esp_packets(path) {
        let (header, _) = Header::parse_prefix(&packet).unwrap();
        let Some(keys) = keys.get(&header.spi) else { continue };
        let name = || format!("{} {header:?}", path.display());
        let sa = sas
            .entry(header.spi)
            .or_insert_with(|| InboundSa::<_>::new(header.spi, keys.transform(), Esn::No));

        let mut forged = packet.clone();
        *forged.last_mut().unwrap() ^= 1;
        let error = sa.open_in_place(&mut forged).unwrap_err();
        assert!(matches!(error, OpenError::NotAuthentic(_)), "{}: {error}", name());

        let mut buffer = packet.clone();
        let opened = sa.open_in_place(&mut buffer).unwrap_or_else(|error| panic!("{}: {error}", name()));
        counts.opened += 1;
        if opened.next_header == NextHeader::IPV4 && is_ipv4(opened.payload) {
            counts.tunnelled += 1;
        }

        // The first way is from the values.
        let mut again = vec![0; packet.len()];
        let len = opened.seal_again(&keys.transform(), Esn::No, &mut again).unwrap();
        assert_eq!((len, &again), (packet.len(), &packet), "{}", name());

        // The second way is by an SA in the state of the sender's SA.
        if keys.suite.encryption().iv_rule() != IvRule::NeverRepeated {
            let mut outbound = OutboundSa::new(header.spi, keys.transform(), Esn::No)
                .resumed_after(SequenceNumber(opened.sequence.0 - 1));
            let mut buffer = vec![0xee; outbound.headroom()];
            buffer.extend_from_slice(opened.payload);
            buffer.resize(buffer.len() + outbound.tailroom(opened.payload.len()), 0xee);
            let source = IvSource::Octets(opened.iv);
            let sealed = outbound
                .seal_in_place(&mut buffer, opened.payload.len(), opened.next_header, source)
                .unwrap();
            assert_eq!(*sealed, *packet, "{}", name());
        }

        let number = opened.sequence;
        assert_eq!(sa.open_in_place(&mut packet.clone()), Err(ReplayError::Replayed { number }.into()));
    }
    counts
}

/// The table for Wireshark in a key file: `"IPv4","*","*",SPI,encryption,key,authentication,key`.
fn keys_of(path: &Path) -> HashMap<Spi, Keys> {
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut keys = HashMap::new();
    for line in file["tshark_esp_sa"].as_array().into_iter().flatten() {
        let cells: Vec<&str> = line.as_str().unwrap().split(',').map(|cell| cell.trim_matches('"')).collect();
        let [_, _, _, spi, encryption, key, authentication, mac_key] = cells[..] else { panic!("{line}") };
        let plain = |cell: &str| hex(cell.trim_start_matches("0x"));
        if authentication.is_empty() || encryption.is_empty() {
            continue;
        }
        let (encryption_key, authentication_key) = (plain(key), plain(mac_key));
        let suite = Suite::from_wireshark(encryption, authentication, encryption_key.len())
            .unwrap_or_else(|error| panic!("{}: {line}: {error}", path.display()));
        let spi = Spi(u32::from_str_radix(spi.trim_start_matches("0x"), 16).unwrap());
        keys.insert(spi, Keys { suite, encryption: encryption_key, authentication: authentication_key });
    }
    keys
}

/// The captures with a key file of ESP SAs, the number of their packets (`tshark -r FILE -Y esp | wc -l`), and the
/// number of packets in which tshark finds an inner IPv4 header with a good checksum with the same keys. vpnc sends
/// its router solicitations, which are IPv6, as IPv4.
const KEYED: &[(&str, usize, usize)] = &[
    ("strongswan-raw-esp/aggr-3des-sha1-modp1024", 10, 10),
    ("strongswan-raw-esp/mm-3des-md5-modp1024", 10, 10),
    ("strongswan-raw-esp/mm-aes128-sha1-modp1024", 10, 10),
    ("strongswan-raw-esp/mm-aes192-sha1-modp1024-null", 10, 10),
    ("strongswan-raw-esp/mm-aes256-sha256-modp2048", 10, 10),
    ("strongswan-raw-esp/mm-des-md5-modp768", 10, 10),
    ("strongswan-raw-esp/mm-dpd", 10, 10),
    ("strongswan-raw-esp/mm-rekey", 30, 30),
    ("strongswan-raw-esp/xauth-modecfg-main", 10, 10),
    ("strongswan/aggr-3des-sha1-modp1024", 10, 10),
    ("strongswan/aggr-des-md5-modp768-fqdn", 10, 10),
    ("strongswan/mm-3des-md5-modp1024", 10, 10),
    ("strongswan/mm-3des-sha1-modp1024", 10, 10),
    ("strongswan/mm-aes128-sha1-modp1024", 10, 10),
    ("strongswan/mm-aes128-sha1-modp1536-pfs", 10, 10),
    ("strongswan/mm-aes192-sha1-modp1024-null", 10, 10),
    ("strongswan/mm-aes256-sha256-modp2048", 10, 10),
    ("strongswan/mm-des-md5-modp768", 10, 10),
    ("strongswan/mm-dpd-peerdead", 10, 10),
    ("strongswan/mm-dpd", 10, 10),
    ("strongswan/mm-lifetimes", 10, 10),
    ("strongswan/mm-multiprop", 10, 10),
    ("strongswan/mm-rekey", 30, 30),
    ("strongswan/mm-rsa-frag", 10, 10),
    ("strongswan/natt-real-nat", 10, 10),
    ("strongswan/xauth-modecfg-aggr", 10, 10),
    ("strongswan/xauth-modecfg-main", 10, 10),
    ("vpnc-vs-strongswan/aggr-3des-md5-natt", 8, 6),
    ("vpnc-vs-strongswan/aggr-3des-sha1-rawesp", 8, 6),
    ("vpnc-vs-strongswan/aggr-aes128-sha1-natt", 8, 6),
    ("vpnc-vs-strongswan/aggr-des-md5-natt", 8, 6),
];

#[needs(captures)]
#[test]
fn every_packet_with_a_key_file_opens_and_seals_back() {
    let folder = captures();
    let mut opened = 0;
    let mut suites = HashSet::new();
    for (name, expected, tunnelled) in KEYED {
        let keys = keys_of(&folder.join(format!("{name}.keys.json")));
        suites.extend(keys.values().map(|keys| keys.suite));
        let counts = open_all(&folder.join(format!("{name}.pcap")), &keys);
        assert_eq!(counts, Counts { opened: *expected, tunnelled: *tunnelled }, "{name}");
        opened += counts.opened;
    }
    assert_eq!(opened, 342);
    assert_eq!(suites.len(), 6, "{suites:?}");
}

/// This is the other side of the same NAT: the same packets and keys with other addresses.
#[needs(captures)]
#[test]
fn both_sides_of_a_nat() {
    let folder = captures();
    let keys = keys_of(&folder.join("strongswan/natt-real-nat.keys.json"));
    let counts = open_all(&folder.join("strongswan/natt-real-nat__outer-inside-nat.pcap"), &keys);
    assert_eq!(counts, Counts { opened: 10, tunnelled: 10 });
}

/// No key file with an ESP SA is left out by mistake.
#[needs(captures)]
#[test]
fn every_key_file_with_packets_is_listed() {
    let folder = captures();
    let mut count = 0;
    for path in conformance::capture_files(&folder) {
        let key_file = path.with_extension("keys.json");
        if !key_file.is_file() {
            continue;
        }
        count += 1;
        let file: Value = serde_json::from_slice(&std::fs::read(&key_file).unwrap()).unwrap();
        let children = file["child"].as_array().cloned().unwrap_or_default();
        let has_esp = children.iter().any(|child| child["proto"] == "ESP") && !esp_packets(&path).is_empty();
        let name = path.strip_prefix(&folder).unwrap().with_extension("");
        let listed = KEYED.iter().any(|(listed, _, _)| Path::new(listed) == name);
        assert_eq!(listed, has_esp, "{}", path.display());
    }
    // find -name "*.keys.json" | wc -l
    assert_eq!(count, 46);
}

/// Linux with AES-GCM-16, a key of 16 octets and a salt of 4 (keys A and B of the index).
#[needs(captures)]
#[test]
fn linux_gcm() {
    let folder = captures();
    let suite = Suite::AES_128_GCM;
    let key = |digits: &str| Keys { suite, encryption: hex(&digits.repeat(4)), authentication: Vec::new() };
    let keys = HashMap::from([(Spi(256), key("0123456789")), (Spi(257), key("9876543210"))]);
    // tshark -r FILE -Y esp: 2 each
    let transport = open_all(&folder.join("linux-kernel/esp-transport__ping__veth2.pcap"), &keys);
    assert_eq!(transport, Counts { opened: 2, tunnelled: 0 });
    let tunnel = open_all(&folder.join("linux-kernel/esp-tunnel-policy__ping__veth2.pcap"), &keys);
    assert_eq!(tunnel, Counts { opened: 2, tunnelled: 2 });
}

/// The index says that 6 of 6 ICVs are good.
#[needs(captures)]
#[test]
fn wireshark_bug_12671() {
    let folder = captures();
    let keys = |encryption: &str, authentication: &str| Keys {
        suite: Suite::AES_128_SHA1,
        encryption: hex(encryption),
        authentication: hex(authentication),
    };
    let keys = HashMap::from([
        (
            Spi(0x0708_83c2),
            keys("5de1a4c2c72662c9fda7a7c78cd25623", "51c9213c18232f8f26c70c4dee6e0e6d56e31e8a"),
        ),
        (
            Spi(0xc254_fe64),
            keys("88e1dad7140af03b8d4f3d734d21be4b", "3e00d517c1220d4b7d2950fcc02edd4b6023d278"),
        ),
    ]);
    let counts = open_all(&folder.join("wireshark/esp-bug-12671.pcapng.gz"), &keys);
    assert_eq!(counts.opened, 6);
}

/// Packets without a known authentication key. `ipsec` opens none of them, and the cipher decrypts them. The ICV has
/// 96 bits.
fn decrypt_all<C: BlockCipher>(path: &Path, key: &[u8], next_header: NextHeader) -> usize {
    let cbc = Cbc::<C>::new(Secret::new(key)).unwrap();
    let mut count = 0;
    for packet in esp_packets(path) {
        let (_, rest) = Header::parse_prefix(&packet).unwrap();
        let (iv, rest) = rest.split_at(C::BLOCK_LEN);
        let mut text = rest[..rest.len() - 12].to_vec();
        cbc.decrypt_text(iv, &mut text).unwrap();
        let (payload, trailer) = Trailer::split(&text).unwrap();
        assert_eq!((trailer.next_header, trailer.check_monotonic()), (next_header, Ok(())));
        assert!(next_header != NextHeader::IPV4 || is_ipv4(payload));
        cbc.encrypt_text(iv, &mut text).unwrap();
        assert_eq!(text, rest[..rest.len() - 12]);
        count += 1;
    }
    count
}

/// The keys are those of the index and of `esp-secrets.txt`. There are eight packets each (tshark -Y esp).
#[needs(captures)]
#[test]
fn sunrise_and_sunset() {
    let folder = captures();
    let folder = folder.join("tcpdump");
    let first = hex("4043434545464649494a4a4c4c4f4f515152525454575758");
    let path = folder.join("02-sunrise-sunset-esp.pcap");
    assert_eq!(decrypt_all::<TripleDes>(&path, &first, NextHeader::IPV4), 8);
    let second = hex("43434545464649494a4a4c4c4f4f51515252545457575840");
    let path = folder.join("08-sunrise-sunset-esp2.pcap");
    assert_eq!(decrypt_all::<TripleDes>(&path, &second, NextHeader::IPV4), 8);
    let third = hex("aaaabbbbccccdddd4043434545464649494a4a4c4c4f4f515152525454575758");
    let path = folder.join("08-sunrise-sunset-aes.pcap");
    assert_eq!(decrypt_all::<Aes256>(&path, &third, NextHeader::IPV4), 8);
}

/// RFC 3602 section 4, cases 5 to 8, are whole ESP packets without authentication, which are built from their parts.
#[needs(captures)]
#[test]
fn packets_of_rfc_3602() {
    let folder = captures();
    let octets = std::fs::read(folder.join("vectors/rfc_vectors.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&octets).unwrap();
    let field = |case: &Value, name: &str| hex(case[name].as_str().unwrap());
    let mut count = 0;
    for case in vectors["rfc3602"]["cases"].as_array().unwrap() {
        if case["kind"] != "esp-aes-128-cbc-noauth" {
            continue;
        }
        let packet = field(case, "esp_packet");
        let (header, rest) = Header::parse_prefix(&packet[20..]).unwrap();
        assert_eq!(u64::from(header.spi.0), case["spi"].as_u64().unwrap());
        assert_eq!(u64::from(header.sequence_number), case["seq"].as_u64().unwrap());
        let (iv, text) = rest.split_at(16);
        assert_eq!(iv, field(case, "iv"));
        let cbc = Cbc::<Aes128>::new(Secret::new(&field(case, "key"))).unwrap();
        let mut plain = text.to_vec();
        cbc.decrypt_text(iv, &mut plain).unwrap();
        assert_eq!(plain, field(case, "pre_encryption"));

        let original = field(case, "original");
        let tunnel = case["mode"] == "tunnel";
        let inner = if tunnel { &original[..] } else { &original[20..] };
        let (payload, trailer) = Trailer::split(&plain).unwrap();
        assert_eq!(payload, inner);
        assert_eq!(trailer.check_monotonic(), Ok(()));
        assert_eq!(trailer.next_header, if tunnel { NextHeader::IPV4 } else { NextHeader::ICMP });
        assert_eq!(ipsec::esp::padding_len(inner.len(), 16, 0), Some(trailer.padding.len()));

        let mut ours = vec![0; 8];
        header.emit(&mut ours).unwrap();
        ours.extend_from_slice(iv);
        let mut sealed = plain.clone();
        cbc.encrypt_text(iv, &mut sealed).unwrap();
        ours.extend_from_slice(&sealed);
        assert_eq!(ours, packet[20..]);
        count += 1;
    }
    assert_eq!(count, 4);
}

fn dpdk_suite(vector: &Value) -> Option<Suite> {
    let bits = |which: usize| -> u16 {
        let octets: u16 = vector["key_lengths"][which].as_str().unwrap().parse().unwrap();
        octets * 8
    };
    let algorithms: Vec<&str> =
        vector["algos"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    let aes = || AesKey::from_bits(bits(0)).unwrap();
    let encryption = match algorithms[0] {
        "CIPHER_NULL" => Encryption::Null,
        "CIPHER_DES_CBC" => Encryption::DesCbc,
        "CIPHER_3DES_CBC" => Encryption::TripleDesCbc,
        "CIPHER_AES_CBC" => Encryption::AesCbc(aes()),
        "CIPHER_AES_CTR" => Encryption::AesCtr(aes()),
        "AEAD_AES_GCM" => Encryption::AesGcm(aes(), IcvLen::Octets16),
        "AEAD_AES_CCM" => Encryption::AesCcm(aes(), IcvLen::Octets16),
        other => panic!("{other}"),
    };
    let authentication = match algorithms.get(1) {
        None => None,
        Some(&"AUTH_NULL") => return None,
        Some(&"AUTH_MD5_HMAC") => Some(Authentication::HmacMd5),
        Some(&"AUTH_SHA256_HMAC") => Some(Authentication::HmacSha256),
        Some(&"AUTH_SHA384_HMAC") => Some(Authentication::HmacSha384),
        Some(&"AUTH_SHA512_HMAC") => Some(Authentication::HmacSha512),
        Some(&"AUTH_AES_XCBC_MAC") => Some(Authentication::AesXcbc),
        Some(other) => panic!("{other}"),
    };
    let suite = Suite::new(encryption, authentication).unwrap();
    let digest_len: usize = vector["digest_length"][0].as_str().unwrap().parse().unwrap();
    assert_eq!(suite.icv_len(), digest_len);
    Some(suite)
}

/// There are 27 whole packets. Three of them are AH, and one ESP packet has no ICV.
#[needs(captures)]
#[test]
fn packets_of_dpdk() {
    let folder = captures();
    let octets = std::fs::read(folder.join("vectors/dpdk_esp_ah_vectors.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&octets).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 27);
    let (mut authenticated, mut bare) = (0, 0);
    for vector in vectors.iter().filter(|vector| vector["proto"] == "ESP") {
        let name = vector["name"].as_str().unwrap();
        let field = |name: &str| hex(vector[name].as_str().unwrap());
        let ip_len = |packet: &[u8]| if packet[0] >> 4 == 6 { 40 } else { 20 };
        let Some(suite) = dpdk_suite(vector) else {
            // The packet is inbound and has no ICV, so only the cipher can check it.
            let packet = field("input");
            let (_, rest) = Header::parse_prefix(&packet[ip_len(&packet)..]).unwrap();
            let (iv, text) = rest.split_at(16);
            let mut text = text.to_vec();
            Cbc::<Aes128>::new(Secret::new(&field("key"))).unwrap().decrypt_text(iv, &mut text).unwrap();
            assert_eq!((iv, text), (&field("iv")[..], field("output")));
            bare += 1;
            continue;
        };
        let keys = Keys {
            suite,
            encryption: [field("key"), field("salt")].concat(),
            authentication: field("auth_key"),
        };
        let transform = keys.transform();
        let whole = field("output");
        let packet = &whole[ip_len(&whole)..];
        let mut buffer = packet.to_vec();
        let opened = open_without_replay_check(&transform, None, &mut buffer)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(u64::from(opened.spi.0), vector["spi"].as_u64().unwrap(), "{name}");
        assert_eq!(opened.iv, field("iv").get(..opened.iv.len()).unwrap(), "{name}");
        assert_eq!(opened.payload, field("input"), "{name}");
        assert_eq!(opened.trailer().check_monotonic(), Ok(()), "{name}");
        let mut again = vec![0; packet.len()];
        assert_eq!(opened.seal_again(&transform, Esn::No, &mut again), Ok(packet.len()), "{name}");
        assert_eq!(again, packet, "{name}");
        let last = packet.len() - 1;
        again[last] ^= 1;
        assert!(open_without_replay_check(&transform, None, &mut again).is_err());
        authenticated += 1;
    }
    assert_eq!((authenticated, bare), (23, 1));
}
