//! Guessing NULL encryption (RFC 2410), which nothing in an ESP packet tells.
//!
//! RFC 5879 describes such a heuristic. This one looks at a single packet, and is strict: random octets pass it less than
//! once in a million packets.

use ipsec::NextHeader;

/// The lengths of ICVs that are in use: of HMACs with 96, 128, 192 and 256 bits, and of none.
const ICV_LENS: [usize; 5] = [12, 16, 24, 32, 0];

/// The parts of a packet that is probably in the clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) payload_len: usize,
    pub(super) padding_len: usize,
    pub(super) next_header: NextHeader,
    pub(super) icv_len: usize,
}

/// Looks for a packet in the octets after the header of ESP. It ends with padding, as RFC 4303 section 2.4 fills it, the
/// pad length and the next header.
pub(super) fn guess(text_and_icv: &[u8]) -> Option<Guess> {
    ICV_LENS.into_iter().find_map(|icv_len| {
        let text = text_and_icv.get(..text_and_icv.len().checked_sub(icv_len)?)?;
        let (rest, [padding_len, next_header]) = text.split_last_chunk::<2>()?;
        let padding_len = usize::from(*padding_len);
        let (payload, padding) = rest.split_at_checked(rest.len().checked_sub(padding_len)?)?;
        let is_filled = padding.iter().zip(1u8..).all(|(octet, number)| *octet == number);
        let next_header = NextHeader(*next_header);
        let guess = Guess { payload_len: payload.len(), padding_len, next_header, icv_len };
        (is_filled && is_packet(next_header, payload)).then_some(guess)
    })
}

/// Whether octets are a packet of this protocol, by a length and a checksum.
fn is_packet(next_header: NextHeader, payload: &[u8]) -> bool {
    let word = |at: usize| {
        payload.get(at..).and_then(|octets| octets.first_chunk()).map(|word| u16::from_be_bytes(*word))
    };
    let says = |at, extra: usize| {
        word(at).is_some_and(|len| usize::from(len).saturating_add(extra) == payload.len())
    };
    match next_header {
        NextHeader::IPV4 => {
            let header_len = payload.first().map_or(0, |first| usize::from(first & 0x0f).saturating_mul(4));
            let header = payload.get(..header_len).unwrap_or_default();
            let is_v4 = payload.first().is_some_and(|first| first >> 4 == 4) && header_len >= 20;
            // A sender may leave the checksum to its network card.
            is_v4 && says(2, 0) && (word(10) == Some(0) || is_summed(header))
        }
        NextHeader::IPV6 => payload.first().is_some_and(|first| first >> 4 == 6) && says(4, 40),
        NextHeader(UDP) => says(4, 0) && word(0) != Some(0) && word(2) != Some(0),
        NextHeader(ICMP) => payload.len() >= 8 && is_summed(payload),
        _ => false,
    }
}

const ICMP: u8 = 1;
const UDP: u8 = 17;

/// Whether the Internet checksum over octets that hold it is right.
fn is_summed(octets: &[u8]) -> bool {
    wire::InternetChecksum::is_same(wire::InternetChecksum::of(octets), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IPv4 header of a packet of 22 octets, with its checksum.
    const PACKET: [u8; 22] =
        [0x45, 0, 0, 22, 0, 1, 0, 0, 64, 253, 0x66, 0x99, 10, 1, 1, 1, 10, 1, 1, 2, 0xaa, 0xbb];

    fn sealed(payload: &[u8], padding: &[u8], next_header: u8, icv_len: usize) -> Vec<u8> {
        let padding_len = u8::try_from(padding.len()).unwrap();
        [payload, padding, &[padding_len, next_header], &vec![0x5a; icv_len]].concat()
    }

    #[test]
    fn packets_in_the_clear_are_found_under_any_icv() {
        let mut sum = wire::InternetChecksum::new();
        sum.add(&PACKET[..10]);
        sum.add(&PACKET[12..20]);
        let mut packet = PACKET;
        [packet[10], packet[11]] = sum.finish().to_be_bytes();
        for icv_len in ICV_LENS {
            let found = guess(&sealed(&packet, &[], 4, icv_len)).unwrap();
            let expected = Guess { payload_len: 22, padding_len: 0, next_header: NextHeader::IPV4, icv_len };
            assert_eq!(found, expected);
            let padded = guess(&sealed(&packet, &[1, 2, 3], 4, icv_len)).unwrap();
            assert_eq!((padded.padding_len, padded.icv_len), (3, icv_len));
            assert_eq!(guess(&sealed(&packet, &[1, 2, 4], 4, icv_len)), None, "other padding");
            packet[0] ^= 0x10;
            assert_eq!(guess(&sealed(&packet, &[], 4, icv_len)), None, "another version");
            packet[0] ^= 0x10;
        }
        let datagram = [0, 53, 0, 99, 0, 12, 0, 0, 1, 2, 3, 4];
        assert_eq!(guess(&sealed(&datagram, &[1, 2], 17, 12)).unwrap().payload_len, 12);
        assert_eq!(guess(&sealed(&datagram[..11], &[1, 2, 3], 17, 12)), None, "the length is another");
    }

    #[test]
    fn random_octets_are_no_packet() {
        // A linear congruential generator of Knuth's MMIX, from a fixed seed.
        let mut state = 1u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_be_bytes()[0]
        };
        for len in (40..200).step_by(4).cycle().take(20_000) {
            let octets: Vec<u8> = (0..len).map(|_| next()).collect();
            assert_eq!(guess(&octets), None);
        }
    }
}
