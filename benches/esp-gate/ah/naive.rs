//! A composition of the RustCrypto crates. Keys are set up for every packet. Headers and AH are copied, the mutable
//! fields and the ICV are zeroed, and the copy is put back after the MAC went over the packet in one piece. ESP is
//! processed before or after that.

use aes::Aes128;
use aes_gcm::AesGcm;
use aes_gcm::aead::AeadInOut;
use cipher::KeyInit;
use cipher::consts::{U12, U16};
use ipsec::ah::Integrity;

use super::{IP_LEN, Protection, write_checksum};
use crate::naive::{Cipher, Code, NAME, cipher_of, code_of, nonce};
use crate::packets::{Bitmap, Geometry, NEXT_HEADER, Packets, SPI, equal, open_around, prepare};
use crate::round_robin::Candidate;

const AH: u8 = 51;
const ESP: u8 = 50;

/// The number of octets of AH before its initialization vector and ICV.
const FIXED_LEN: usize = 12;

struct Naive {
    code: Code,
    cipher: Option<Cipher>,
    key: Vec<u8>,
    integrity_key: Vec<u8>,
    protection: Protection,
    seals: bool,
    sequence: u32,
    windows: (Bitmap, Bitmap),
}

/// The candidates that seal or open under this protection.
pub fn candidate(protection: Protection, seals: bool) -> Box<dyn Candidate> {
    let code = match protection.integrity() {
        Integrity::Mac(authentication) => code_of(authentication).expect("there is a crate for it"),
        _ => gmac,
    };
    let cipher = protection.encryption().and_then(cipher_of);
    let (key, integrity_key) = protection.keys();
    let windows = Default::default();
    Box::new(Naive { code, cipher, key, integrity_key, protection, seals, sequence: 0, windows })
}

/// By RFC 4543 section 3.4 the initialization vector stands before the ICV.
fn gmac(key: &[u8], packet: &[u8], code: &mut [u8]) {
    let (key, salt) = key.split_at(key.len() - 4);
    let mode = AesGcm::<Aes128, U12, U16>::new_from_slice(key).expect("as long as it should be");
    let nonce = nonce::<12>(salt, &packet[IP_LEN + FIXED_LEN - 8..]);
    let tag = mode.encrypt_inout_detached(&nonce.into(), packet, (&mut [][..]).into()).expect("it is short");
    code.copy_from_slice(&tag);
}

impl Naive {
    /// The ICV of a packet. The packet is unchanged afterwards.
    fn compute(&self, packet: &mut [u8], icv: &mut [u8]) {
        let headers_len = IP_LEN + self.protection.ah_len();
        let mut kept = [0; 64];
        kept[..headers_len].copy_from_slice(&packet[..headers_len]);
        for mutable in [1, 6, 7, 8, 10, 11] {
            packet[mutable] = 0;
        }
        packet[headers_len - icv.len()..headers_len].fill(0);
        (self.code)(&self.integrity_key, packet, icv);
        packet[..headers_len].copy_from_slice(&kept[..headers_len]);
    }

    fn seal(&mut self, room: &mut [u8], geometry: &Geometry, esp: Option<&Geometry>) {
        self.sequence += 1;
        let (start, ah_len) = (self.protection.start(), self.protection.ah_len());
        room.copy_within(geometry.text_offset - IP_LEN..geometry.text_offset, start);
        let packet = &mut room[start..];
        let len = packet.len() as u16;
        packet[2..4].copy_from_slice(&len.to_be_bytes());
        packet[IP_LEN] = if esp.is_some() { ESP } else { packet[9] };
        packet[9] = AH;
        write_checksum(&mut packet[..IP_LEN]);
        let header = &mut packet[IP_LEN..IP_LEN + ah_len];
        header[1] = (ah_len / 4 - 2) as u8;
        header[2..4].fill(0);
        header[4..8].copy_from_slice(&SPI.to_be_bytes());
        header[8..12].copy_from_slice(&self.sequence.to_be_bytes());
        if self.protection.integrity().iv_len() != 0 {
            header[12..20].copy_from_slice(&u64::from(self.sequence).to_be_bytes());
        }
        if let (Some(esp), Some(cipher)) = (esp, self.cipher) {
            let octets = &mut packet[IP_LEN + ah_len..];
            prepare(octets, esp, self.sequence);
            cipher(true, &self.key, octets, esp);
        }
        let mut icv = [0; 16];
        let icv = &mut icv[..IP_LEN + ah_len - (geometry.icv_offset - start)];
        self.compute(packet, icv);
        packet[geometry.icv_offset - start..IP_LEN + ah_len].copy_from_slice(icv);
    }

    fn open(&mut self, room: &mut [u8], geometry: &Geometry, esp: Option<&Geometry>) -> bool {
        let (start, ah_len) = (self.protection.start(), self.protection.ah_len());
        let packet = &mut room[start..];
        let word =
            |at: usize| u32::from_be_bytes([packet[at], packet[at + 1], packet[at + 2], packet[at + 3]]);
        let number = word(IP_LEN + 8);
        let next_header = if esp.is_some() { ESP } else { NEXT_HEADER };
        if packet[0] != 0x45
            || word(0) as u16 as usize != packet.len()
            || packet[9] != AH
            || packet[IP_LEN] != next_header
            || usize::from(packet[IP_LEN + 1]) + 2 != ah_len / 4
            || word(IP_LEN + 4) != SPI
            || !self.windows.0.check(number)
        {
            return false;
        }
        let (mut icv, mut computed) = ([0; 16], [0; 16]);
        let sent = &packet[geometry.icv_offset - start..IP_LEN + ah_len];
        let (icv, computed) = (&mut icv[..sent.len()], &mut computed[..sent.len()]);
        icv.copy_from_slice(sent);
        self.compute(packet, computed);
        if !equal(computed, icv) {
            return false;
        }
        self.windows.0.accept(number);
        let (Some(esp), Some(cipher)) = (esp, self.cipher) else { return true };
        open_around(&mut packet[IP_LEN + ah_len..], esp, &mut self.windows.1, |octets| {
            cipher(false, &self.key, octets, esp);
            true
        })
    }
}

impl Candidate for Naive {
    fn name(&self) -> &'static str {
        NAME
    }

    fn make_ready(&mut self) {
        self.windows = Default::default();
    }

    fn run(&mut self, packets: &mut Packets) -> bool {
        let geometry = packets.geometry;
        let esp = self.protection.esp(geometry.payload_len);
        packets.each().all(|packet| {
            if self.seals {
                self.seal(packet, &geometry, esp.as_ref());
                true
            } else {
                self.open(packet, &geometry, esp.as_ref())
            }
        })
    }
}
