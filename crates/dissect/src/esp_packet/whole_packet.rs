//! A decrypted packet as an IP packet of its own.

use etherparse::checksum::u32_16bit_word;
use ipsec::NextHeader;
use ipsec::esp::Opened;

use crate::packet::Packet;
use crate::sink::Sink;

/// Returns the next header of the payload. When the payload is an IP packet of another version than the trailer says,
/// the error holds the right next header: vpnc always says IPv4.
pub(super) fn next_header(opened: &Opened<'_>) -> Result<NextHeader, NextHeader> {
    let version = opened.payload.first().map(|first| first >> 4);
    match (opened.next_header, version) {
        (NextHeader::IPV4, Some(6)) => Err(NextHeader::IPV6),
        (NextHeader::IPV6, Some(4)) => Err(NextHeader::IPV4),
        (said, _) => Ok(said),
    }
}

/// Tells the sink of the IP packet in a tunnel, or of the packet to which transport mode was applied. The latter gets
/// the IP header around ESP, without options and extension headers (RFC 4303 section 3.1.1).
pub(super) fn tell<S: Sink>(packet: &mut Packet<'_, S>, opened: &Opened<'_>) {
    let (payload, _) = opened.split_traffic_flow_padding();
    if matches!(opened.next_header, NextHeader::IPV4 | NextHeader::IPV6) {
        packet.decrypted(&[payload]);
        return;
    }
    let start = packet.around.header_start;
    let len = payload.len();
    let NextHeader(protocol) = opened.next_header;
    let hop_limit = packet.around.hop_limit.unwrap_or_default();
    match packet.around.network {
        Some((std::net::IpAddr::V4(source), std::net::IpAddr::V4(destination))) => {
            let Some(len) = len.checked_add(20).and_then(|len| u16::try_from(len).ok()) else { return };
            let [_, service, _, _, id_high, id_low, flags, _] = start;
            let [len_high, len_low] = len.to_be_bytes();
            // The packet is whole, even if it came in fragments.
            let [a, b, c, d] = source.octets();
            let [e, f, g, h] = destination.octets();
            let mut header = [
                0x45,
                service,
                len_high,
                len_low,
                id_high,
                id_low,
                flags & 0x40,
                0,
                hop_limit,
                protocol,
                0,
                0,
                a,
                b,
                c,
                d,
                e,
                f,
                g,
                h,
            ];
            let sum = u32_16bit_word::ones_complement(u32_16bit_word::add_slice(0, &header));
            if let Some(place) = header.get_mut(10..).and_then(|rest| rest.first_chunk_mut()) {
                *place = sum.to_ne_bytes();
            }
            packet.decrypted(&[&header, payload]);
        }
        Some((std::net::IpAddr::V6(source), std::net::IpAddr::V6(destination))) => {
            let Ok(len) = u16::try_from(len) else { return };
            let [a, b, c, d, ..] = start;
            let [len_high, len_low] = len.to_be_bytes();
            let fixed = [a, b, c, d, len_high, len_low, protocol, hop_limit];
            packet.decrypted(&[&fixed, &source.octets(), &destination.octets(), payload]);
        }
        _ => {}
    }
}
