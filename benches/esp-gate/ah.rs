//! Measures AH, and bundles of AH around ESP, on IPv4 packets in transport mode.

mod naive;
mod ours;

use std::fmt;

use ipsec::ah::Integrity;
use ipsec::bundle::BundleSuite;
use ipsec::suite::{AesKey, Authentication, Encryption};

use crate::packets::{Geometry, HEADER_LEN, NEXT_HEADER, Packets};
use crate::round_robin::Candidate;

/// The length of the IP header in octets.
const IP_LEN: usize = 20;

/// The protection of a packet.
#[derive(Clone, Copy)]
pub enum Protection {
    /// AH alone.
    Ah(Integrity),
    /// AH around ESP without an ICV of its own.
    Bundle(BundleSuite),
}

impl Protection {
    /// All protections that are measured.
    pub fn all() -> impl Iterator<Item = Self> {
        let integrities = [
            Integrity::HMAC_MD5,
            Integrity::HMAC_SHA1,
            Integrity::Mac(Authentication::HmacSha256),
            Integrity::AesGmac(AesKey::Bits128),
        ];
        let bundles = [BundleSuite::MD5_TRIPLE_DES, BundleSuite::MD5_AES_128];
        integrities.map(Self::Ah).into_iter().chain(bundles.map(Self::Bundle))
    }

    fn integrity(self) -> Integrity {
        match self {
            Self::Ah(integrity) => integrity,
            Self::Bundle(suite) => suite.integrity(),
        }
    }

    fn encryption(self) -> Option<Encryption> {
        match self {
            Self::Ah(_) => None,
            Self::Bundle(suite) => Some(suite.encryption()),
        }
    }

    /// The length of AH in IPv4 in octets. In IPv6 it is a multiple of eight, and there is room for that.
    fn ah_len(self) -> usize {
        (12 + self.integrity().iv_len() + self.integrity().icv_len()).next_multiple_of(4)
    }

    /// The offset of a sealed packet in its room.
    fn start(self) -> usize {
        self.ah_len().next_multiple_of(8) - self.ah_len()
    }

    /// The suite of ESP inside AH.
    fn esp(self, payload_len: usize) -> Option<Geometry> {
        self.encryption().map(|encryption| Geometry::of(encryption, payload_len, 0))
    }

    /// The keys, for encryption and for integrity.
    fn keys(self) -> (Vec<u8>, Vec<u8>) {
        let mut octets = 0x21..=0xff;
        let integrity_key = octets.by_ref().take(self.integrity().key_len()).collect();
        (octets.take(self.encryption().map_or(0, Encryption::key_len)).collect(), integrity_key)
    }

    /// IPv4 packets, each after room for AH and ESP. None of the mutable fields is zero.
    pub fn packets(self, payload_len: usize) -> Packets {
        let mut geometry = self.esp(payload_len).unwrap_or(Geometry::of(Encryption::Null, payload_len, 0));
        let in_front = self.ah_len().next_multiple_of(8) + IP_LEN;
        if self.encryption().is_none() {
            // There is no header of ESP and no trailer.
            geometry.text_offset -= HEADER_LEN;
            geometry.len = payload_len;
        }
        geometry.text_offset += in_front;
        geometry.len += in_front;
        geometry.icv_offset = self.start() + IP_LEN + self.ah_len() - self.integrity().icv_len();
        let mut packets = Packets::new(geometry);
        let len = u16::try_from(IP_LEN + payload_len).expect("it is short").to_be_bytes();
        for packet in packets.each() {
            let header = &mut packet[geometry.text_offset - IP_LEN..geometry.text_offset];
            // The identification and the addresses are arbitrary.
            [header[0], header[1], header[2], header[3]] = [0x45, 0xb9, len[0], len[1]];
            [header[6], header[7], header[8], header[9]] = [0x40, 0, 63, NEXT_HEADER];
            write_checksum(header);
        }
        packets
    }

    /// The candidates that seal or open.
    pub fn candidates(self, seals: bool) -> Vec<Box<dyn Candidate>> {
        vec![ours::candidate(self, seals), naive::candidate(self, seals)]
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ah(integrity) => write!(formatter, "AH {integrity}"),
            Self::Bundle(suite) => match suite.ios() {
                Some(words) => words.fmt(formatter),
                None => suite.fmt(formatter),
            },
        }
    }
}

/// The checksum of an IPv4 header (RFC 791 section 3.1).
#[inline(always)]
fn write_checksum(header: &mut [u8]) {
    [header[10], header[11]] = [0; 2];
    let sum: u32 = header.chunks_exact(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
    let folded = (sum & 0xffff) + (sum >> 16);
    let folded = (folded & 0xffff) + (folded >> 16);
    header[10..12].copy_from_slice(&(!(folded as u16)).to_be_bytes());
}
