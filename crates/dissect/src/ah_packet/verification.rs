//! Trying the keys of an SA on an AH packet.

use core::ops::Range;
use std::net::IpAddr;
use std::sync::Arc;

use ipsec::ah::{
    AnyIntegrity, Header, IntegrityAlgorithm as _, OpenError, PROTOCOL, Quirks, open_without_replay_check,
};
use ipsec::ip::{v4, v6};
use ipsec::{Esn, NextHeader, SequenceNumber};

use crate::known_sas::{Identity, KnownSas};
use crate::packet::{Around, Octets, Packet};
use crate::plaintext::clear_for;
use crate::sink::{Reason, Sink};
use crate::state::State;
use keys::Algorithms;

/// The result of trying all keys.
pub(super) enum Verification {
    /// There is no key for the SA.
    NoKey,
    /// The ICV covers octets that are not available, so the packet cannot be judged.
    Unsaid,
    /// The packet is authentic.
    Good(Verified),
    /// The packet is not authentic under any of the keys. `keys` is their number.
    Bad { keys: usize },
    /// The packet cannot be checked.
    Refused(Reason),
}

/// An authentic packet, and the parameters with which it was verified.
pub(super) struct Verified {
    pub(super) sequence: SequenceNumber,
    pub(super) iv_len: usize,
    pub(super) icv_len: usize,
    pub(super) quirks: Quirks,
    esn: Esn,
    integrity: Arc<AnyIntegrity>,
}

/// The variants of AH that senders use, the usual one first.
const QUIRKS: [Quirks; 4] = [
    Quirks::NONE,
    Quirks::NONE.with_64_bits(),
    Quirks::NONE.with_time_to_live(),
    Quirks::NONE.with_time_to_live().with_64_bits(),
];

impl Verification {
    /// Whether a receiver with the keys drops the packet.
    pub(super) const fn is_refused(&self) -> bool {
        matches!(self, Self::Bad { .. } | Self::Refused(_))
    }
}

/// Tries the keys in their order. `octets` holds AH and what it protects. When the enclosing IP packet is not
/// available, one is built with the IP header that was met last.
pub(super) fn verify<S: Sink>(
    state: &mut State,
    packet: &Packet<'_, S>,
    identity: Identity,
    header: &Header<'_>,
    octets: Octets<'_>,
) -> Verification {
    let network = packet.around.network;
    if let Some(enclosing) = octets.enclosing.filter(|_| packet.is_enclosed()) {
        return try_keys(&state.known_sas, identity, header, network, enclosing);
    }
    let mut buffer = state.decrypted.pop().unwrap_or_default();
    clear_for(&mut buffer, octets.octets.len().saturating_add(v6::Header::LEN));
    let verification = if whole_packet(&packet.around, octets.octets, &mut buffer) {
        // The built packet lacks options and extension headers. If the original had any, a wrong ICV proves nothing.
        match try_keys(&state.known_sas, identity, header, network, &buffer) {
            Verification::Good(verified) => Verification::Good(verified),
            _ => Verification::Unsaid,
        }
    } else {
        Verification::Unsaid
    };
    state.decrypted.push(buffer);
    verification
}

fn try_keys(
    known_sas: &KnownSas,
    identity: Identity,
    header: &Header<'_>,
    network: Option<(IpAddr, IpAddr)>,
    enclosing: &[u8],
) -> Verification {
    let mut tried = 0usize;
    let mut refused = None;
    for keys in known_sas.keys(PROTOCOL, header.spi, network) {
        let Algorithms::Ah(_, integrity, first) = &keys.algorithms else { continue };
        tried = tried.saturating_add(1);
        let others = QUIRKS.into_iter().filter(|quirks| quirks != first);
        for quirks in core::iter::once(*first).chain(others) {
            for high in known_sas.high_halves(identity, keys, header.sequence_number) {
                match open_without_replay_check(&**integrity, high, quirks, enclosing) {
                    Ok(opened) => {
                        return Verification::Good(Verified {
                            sequence: opened.sequence,
                            iv_len: integrity.iv_len(),
                            icv_len: integrity.icv_len(),
                            quirks,
                            esn: keys.esn,
                            integrity: Arc::clone(integrity),
                        });
                    }
                    Err(OpenError::NotAuthentic(_)) => {
                        refused = Some(OpenError::NotAuthentic(ipsec::NotAuthentic))
                    }
                    // The usual variant is tried first, and its error is the one to report.
                    Err(error) => {
                        refused.get_or_insert(error);
                    }
                }
            }
        }
    }
    match refused {
        Some(OpenError::NotAuthentic(_)) => Verification::Bad { keys: tried },
        Some(error) => Verification::Refused(error.into()),
        None => Verification::Unsaid,
    }
}

/// Builds an IP packet with the header that was met last, without options and extension headers.
fn whole_packet(around: &Around, octets: &[u8], buffer: &mut Vec<u8>) -> bool {
    let [first, second, third, fourth, id_high, id_low, ..] = around.header_start;
    buffer.clear();
    let hop_limit = around.hop_limit.unwrap_or_default();
    let written = match around.network {
        Some((IpAddr::V4(source), IpAddr::V4(destination))) => {
            let header = v4::Header {
                dscp: second >> 2,
                ecn: ipsec::ip::Ecn::from_bits(second),
                identification: u16::from_be_bytes([id_high, id_low]),
                reserved: false,
                dont_fragment: false,
                more_fragments: false,
                fragment_offset: 0,
                time_to_live: hop_limit,
                protocol: NextHeader::AH,
                source,
                destination,
                options: &[],
            };
            buffer.resize(v4::Header::LEN, 0);
            header.emit(octets.len(), buffer)
        }
        Some((IpAddr::V6(source), IpAddr::V6(destination))) => {
            let word = u32::from_be_bytes([first, second, third, fourth]);
            let [class, ..] = (word << 4).to_be_bytes();
            let header = v6::Header {
                dscp: class >> 2,
                ecn: ipsec::ip::Ecn::from_bits(class),
                flow_label: word & 0x000f_ffff,
                next_header: NextHeader::AH,
                hop_limit,
                source,
                destination,
            };
            buffer.resize(v6::Header::LEN, 0);
            header.emit(octets.len(), buffer)
        }
        _ => return false,
    };
    buffer.extend_from_slice(octets);
    written.is_ok()
}

impl Verified {
    /// Seals the packet around AH again from its values, and returns the range of AH in the buffer.
    pub(super) fn seal_again(&self, enclosing: &[u8], buffer: &mut Vec<u8>) -> Option<Range<usize>> {
        let high = self.esn.implied(self.sequence);
        let opened = open_without_replay_check(&*self.integrity, high, self.quirks, enclosing).ok()?;
        buffer.clear();
        buffer.resize(opened.sealed_len(&*self.integrity), 0);
        let len = opened.seal_again(&*self.integrity, self.esn, self.quirks, buffer).ok()?;
        Some(opened.headers.len()..len.checked_sub(opened.payload.len())?)
    }
}
