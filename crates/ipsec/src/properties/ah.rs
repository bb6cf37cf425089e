//! AH over headers of many shapes. A model, which is independent of the code, knows which of their octets may change
//! on the way.

use std::vec::Vec;

use crate::ah::{
    AnyIntegrity, InboundSa, Integrity, Opened, OutboundSa, Quirks, open_without_replay_check, strip_in_place,
};
use crate::ip::Headers;
use crate::properties::SPI;
use crate::{Esn, NextHeader, Secret, SequenceNumber};

/// Chooses one of all algorithms.
pub fn integrity(which: u8) -> Integrity {
    let count = Integrity::all().count();
    Integrity::all().nth(usize::from(which) % count).unwrap()
}

/// Makes an algorithm with a key that is always the same.
pub fn under(integrity: Integrity) -> AnyIntegrity {
    let material: Vec<u8> = (0x21..=0xff).collect();
    AnyIntegrity::new(integrity, Secret::new(&material[..integrity.key_len()])).unwrap()
}

/// The fate of a header bit on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nobody changes the bit, and the ICV covers it.
    Immutable,
    /// The bit may change.
    Mutable,
    /// A change of the bit makes another packet: a fragment, an option of another length, a route to another place.
    Other,
}

/// Headers before AH, and the fate of each of their bits.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    pub octets: Vec<u8>,
    pub fates: Vec<[Fate; 8]>,
}

/// A source of choices.
struct Choices<'a>(&'a [u8], u8);

impl Choices<'_> {
    fn next(&mut self) -> u8 {
        self.1 = self.1.wrapping_mul(37).wrapping_add(11);
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => self.1,
        }
    }

    fn octets(&mut self, count: usize) -> Vec<u8> {
        // No octet is zero or equal to its neighbour, so that a moved octet is seen.
        (0..count).map(|_| self.next() | 1).enumerate().map(|(at, octet)| octet ^ (at as u8) << 1).collect()
    }
}

impl Shape {
    fn put(&mut self, octets: &[u8], fate: Fate) {
        self.octets.extend_from_slice(octets);
        self.fates.resize(self.octets.len(), [fate; 8]);
    }

    /// Sets the fate of the bits of `mask` in the last octet.
    fn mark(&mut self, mask: u8, fate: Fate) {
        let last = self.fates.last_mut().unwrap();
        for (bit, place) in last.iter_mut().enumerate() {
            if mask & 1 << bit != 0 {
                *place = fate;
            }
        }
    }

    /// Returns the fate of a bit of a whole packet. All bits behind the headers are immutable.
    pub fn fate(&self, bit: usize) -> Fate {
        self.fates.get(bit / 8).map_or(Fate::Immutable, |octet| octet[bit % 8])
    }

    /// Makes an IPv4 header, RFC 4302 section 3.3.3.1.1 and appendix A1.
    pub fn v4(choices: &[u8]) -> Self {
        let mut choices = Choices(choices, 3);
        let (options, mut route_is_open) = Self::options(&mut choices);
        let mut shape = Self::default();
        shape.put(&[0x45 + (options.octets.len() / 4) as u8], Fate::Immutable);
        shape.put(&[choices.next()], Fate::Mutable);
        shape.put(&[0, 0], Fate::Immutable);
        shape.put(&choices.octets(2), Fate::Immutable);
        shape.put(&[choices.next() & 0xc0], Fate::Mutable);
        // These bits are the offset and the more-fragments flag.
        shape.mark(0x3f, Fate::Other);
        shape.put(&[0], Fate::Other);
        shape.put(&[choices.next()], Fate::Mutable);
        shape.put(&[NextHeader::AH.0], Fate::Immutable);
        shape.put(&[0, 0], Fate::Mutable);
        shape.put(&choices.octets(4), Fate::Immutable);
        // With an open route, the destination is its last address, not this one.
        let fate = if core::mem::take(&mut route_is_open) { Fate::Mutable } else { Fate::Immutable };
        shape.put(&choices.octets(4), fate);
        shape.octets.extend(options.octets);
        shape.fates.extend(options.fates);
        shape
    }

    fn options(choices: &mut Choices<'_>) -> (Self, bool) {
        let (mut shape, mut routed, mut open) = (Self::default(), false, false);
        for _ in 0..choices.next() % 5 {
            let mut option = Self::default();
            match choices.next() % 12 {
                0 => option.put(&[1], Fate::Immutable),
                kind @ 1..=5 => {
                    let option_type = [130, 133, 134, 148, 149][usize::from(kind) - 1];
                    let data = choices.next() % 6;
                    option.put(&[option_type, data + 2], Fate::Immutable);
                    option.put(&choices.octets(data.into()), Fate::Immutable);
                }
                kind @ 6..=10 => {
                    // The options are record route, timestamp, traceroute, stream identifier, and an unknown one.
                    let option_type = [7, 68, 82, 136, 0x5e][usize::from(kind) - 6];
                    let data = choices.next() % 9;
                    option.put(&[option_type, data + 2], Fate::Other);
                    option.put(&choices.octets(data.into()), Fate::Mutable);
                }
                _ if !routed => {
                    let hops = choices.next() % 3 + 1;
                    let visited = choices.next() % (hops + 1);
                    open = visited < hops;
                    let option_type = if choices.next() & 1 == 0 { 131 } else { 137 };
                    option.put(&[option_type, hops * 4 + 3, visited * 4 + 4], Fate::Other);
                    for hop in 1..=hops {
                        let is_last = hop == hops && open;
                        option.put(&choices.octets(4), if is_last { Fate::Immutable } else { Fate::Mutable });
                    }
                }
                _ => option.put(&[1], Fate::Immutable),
            }
            if shape.octets.len() + option.octets.len() <= 36 {
                routed |= matches!(option.octets[0], 131 | 137);
                shape.octets.extend(option.octets);
                shape.fates.extend(option.fates);
            } else if matches!(option.octets[0], 131 | 137) {
                open = false;
            }
        }
        if !routed {
            open = false;
        }
        if shape.octets.len() % 4 != 0 {
            // This is the end of the list, and the octets behind it.
            shape.put(&[0], Fate::Immutable);
            let left = shape.octets.len().next_multiple_of(4) - shape.octets.len();
            shape.put(&[0; 3][..left], Fate::Immutable);
        }
        (shape, open)
    }

    /// Makes an IPv6 header and extension headers, RFC 4302 section 3.3.3.1.2 and appendix A2.
    pub fn v6(choices: &[u8]) -> Self {
        let mut choices = Choices(choices, 5);
        let mut kinds = Vec::new();
        if choices.next() % 3 == 0 {
            kinds.push(0);
        }
        for _ in 0..choices.next() % 4 {
            kinds.push([60, 43, 44, 60][usize::from(choices.next() % 4)]);
        }
        // A second open route would need a route of its own.
        let mut headers = Vec::new();
        let mut open = false;
        for kind in &kinds {
            let header = match kind {
                43 => Self::routing(&mut choices, &mut open),
                44 => Self::fragment(&mut choices),
                _ => Self::extension(&mut choices),
            };
            headers.push(header);
        }
        let mut shape = Self::default();
        shape.put(&[0x60 | choices.next() & 15], Fate::Immutable);
        shape.mark(0x0f, Fate::Mutable);
        shape.put(&choices.octets(3), Fate::Mutable);
        shape.put(&[0, 0], Fate::Immutable);
        shape.put(&[kinds.first().copied().unwrap_or(51)], Fate::Immutable);
        shape.put(&[choices.next()], Fate::Mutable);
        shape.put(&choices.octets(16), Fate::Immutable);
        // This address moves into the routing header.
        shape.put(&choices.octets(16), Fate::Immutable);
        for (at, mut header) in headers.into_iter().enumerate() {
            header.octets[0] = kinds.get(at + 1).copied().unwrap_or(51);
            shape.octets.extend(header.octets);
            shape.fates.extend(header.fates);
        }
        // The field that says that a fragment header follows is rewritten, so the ICV does not cover it.
        for bit in 0..8 {
            if kinds.first() == Some(&44) {
                shape.fates[6][bit] = Fate::Other;
            }
        }
        let mut at = 40;
        for pair in kinds.windows(2) {
            let len = if pair[0] == 44 { 8 } else { (usize::from(shape.octets[at + 1]) + 1) * 8 };
            if pair[1] == 44 {
                shape.fates[at] = [Fate::Other; 8];
            }
            at += len;
        }
        shape
    }

    fn extension(choices: &mut Choices<'_>) -> Self {
        let mut header = Self::default();
        header.put(&[0, 0], Fate::Immutable);
        for _ in 0..choices.next() % 4 {
            let (kind, data) = (choices.next(), choices.next() % 20);
            if kind % 5 == 0 {
                header.put(&[0], Fate::Immutable);
                continue;
            }
            // The option is neither Pad1 nor the jumbo payload.
            let option_type = kind & 0xe0 | 0x11;
            header.put(&[option_type, data], Fate::Immutable);
            let fate = if option_type & 0x20 != 0 { Fate::Mutable } else { Fate::Immutable };
            header.put(&choices.octets(data.into()), fate);
        }
        let left = header.octets.len().next_multiple_of(8) - header.octets.len();
        match left {
            0 => {}
            1 => header.put(&[0], Fate::Immutable),
            _ => {
                header.put(&[1, left as u8 - 2], Fate::Immutable);
                header.put(&[0; 6][..left - 2], Fate::Immutable);
            }
        }
        header.octets[1] = (header.octets.len() / 8 - 1) as u8;
        header
    }

    fn routing(choices: &mut Choices<'_>, open: &mut bool) -> Self {
        let hops = choices.next() % 3 + 1;
        let left = if core::mem::replace(open, true) { 0 } else { choices.next() % (hops + 1) };
        let mut header = Self::default();
        header.put(&[0, hops * 2], Fate::Immutable);
        header.put(&[0], Fate::Other);
        header.put(&[left], Fate::Other);
        header.put(&[0; 4], Fate::Immutable);
        header.put(&choices.octets(usize::from(hops) * 16), Fate::Immutable);
        header
    }

    fn fragment(choices: &mut Choices<'_>) -> Self {
        let mut header = Self::default();
        header.put(&[0], Fate::Immutable);
        header.put(&[choices.next()], Fate::Mutable);
        header.put(&[0], Fate::Other);
        header.put(&[choices.next() & 6], Fate::Mutable);
        header.mark(0xf9, Fate::Other);
        header.put(&choices.octets(4), Fate::Mutable);
        header
    }
}

/// Makes a packet of AH behind these headers, as a sender does.
pub fn sealed(
    algorithm: &AnyIntegrity,
    which: u8,
    shape: &Shape,
    esn: Esn,
    sequence: SequenceNumber,
    payload: &[u8],
) -> Vec<u8> {
    let integrity = integrity(which);
    let unpadded = 12 + integrity.iv_len() + integrity.icv_len();
    let alignment = if shape.octets[0] >> 4 == 4 { 4 } else { 8 };
    let opened = Opened {
        headers: &shape.octets,
        reserved: which.into(),
        spi: SPI,
        sequence,
        iv: &[0x5a; 8][..integrity.iv_len()],
        padding: &[0x77; 8][..unpadded.next_multiple_of(alignment) - unpadded],
        next_header: NextHeader::UDP,
        payload,
    };
    let mut packet = std::vec![0xee; opened.sealed_len(algorithm) + 3];
    let len = opened.seal_again(algorithm, esn, Quirks::NONE, &mut packet).unwrap();
    packet.truncate(len);
    packet
}

/// A bit that may change on the way does not matter; a change of any other bit makes the ICV wrong.
pub fn mutations_are_seen(which: u8, is_v6: bool, choices: &[u8], bits: impl Iterator<Item = usize>) {
    let shape = if is_v6 { Shape::v6(choices) } else { Shape::v4(choices) };
    let esn = if which & 0x80 == 0 { Esn::No } else { Esn::Yes };
    let sequence = SequenceNumber::from_halves(u32::from(which & 0x80), 77);
    let algorithm = under(integrity(which));
    let packet = sealed(&algorithm, which, &shape, esn, sequence, b"what is protected");
    let high = esn.implied(sequence);
    let opens = |packet: &[u8]| open_without_replay_check(&algorithm, high, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet), "{packet:02x?}");
    for bit in bits {
        let bit = bit % (packet.len() * 8);
        let mut changed = packet.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        match shape.fate(bit) {
            Fate::Mutable => assert!(opens(&changed), "octet {} of {packet:02x?}", bit / 8),
            Fate::Immutable => assert!(!opens(&changed), "octet {} of {packet:02x?}", bit / 8),
            Fate::Other => {
                let _ = opens(&changed);
            }
        }
    }
}

/// Octets that nobody sealed do not open, whatever they are. Nothing panics, and nothing is changed.
pub fn ah_opening_is_total(which: u8, octets: &[u8]) {
    let esn = if which & 0x80 == 0 { Esn::No } else { Esn::Yes };
    let quirks = Quirks { covers_time_to_live: which & 0x40 != 0, pads_to_64_bits: which & 0x20 != 0 };
    let mut sa = InboundSa::<_, 2>::new(SPI, under(integrity(which)), esn).with_quirks(quirks);
    let window = sa.window().clone();
    assert!(sa.open(octets).is_err());
    assert!(open_without_replay_check(&under(integrity(which)), None, quirks, octets).is_err());
    assert_eq!((sa.window(), sa.lifetime().packets()), (&window, 0));
    let mut stripped = octets.to_vec();
    match strip_in_place(&mut stripped) {
        Ok(packet) => assert!(packet.len() < octets.len()),
        Err(_) => assert_eq!(stripped, octets),
    }
    let mut sa = OutboundSa::new(SPI, under(integrity(which)), esn);
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(octets);
    let before = buffer.clone();
    match sa.seal_in_place(&mut buffer, octets.len()) {
        // Any whole IP packet can be sealed, and then opens.
        Ok(packet) => {
            let mut sa = InboundSa::<_, 2>::new(SPI, under(integrity(which)), esn);
            let opened = sa.open(packet).unwrap();
            assert_eq!(opened.next_header, Headers::to_insert_behind(octets).unwrap().next_header);
            assert!(octets.ends_with(opened.payload));
        }
        Err(_) => assert_eq!((buffer, sa.sequence()), (before, SequenceNumber::ZERO)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Every bit of many shapes of both versions, with every algorithm.
    #[test]
    fn every_bit_of_every_shape() {
        let (mut shapes, mut open_routes, mut longest) = (0, 0, 0);
        for seed in 0..=255u8 {
            let mut state = u32::from(seed).wrapping_mul(0x9e37_79b9) | 1;
            let choices: Vec<u8> = (0..160)
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    (state >> 11) as u8
                })
                .collect();
            for is_v6 in [false, true] {
                let shape = if is_v6 { Shape::v6(&choices) } else { Shape::v4(&choices) };
                longest = longest.max(shape.octets.len());
                open_routes += usize::from(!is_v6 && shape.fates[16][0] == Fate::Mutable);
                mutations_are_seen(seed, is_v6, &choices, 0..(shape.octets.len() + 60) * 8);
                shapes += 1;
            }
        }
        assert_eq!(shapes, 512);
        assert!(open_routes > 3 && longest > 200, "{open_routes} open routes, {longest} octets at most");
    }

    proptest! {
        #[test]
        fn any_bit_of_any_shape(which: u8, is_v6: bool, choices in vec(any::<u8>(), 0..200), bits in vec(0..4000usize, 0..20)) {
            mutations_are_seen(which, is_v6, &choices, bits.into_iter());
        }

        #[test]
        fn nothing_else_opens(which: u8, octets in vec(any::<u8>(), 0..300)) {
            ah_opening_is_total(which, &octets);
        }

        #[test]
        fn hostile_headers(which: u8, is_v6: bool, choices in vec(any::<u8>(), 0..200), changes in vec((0..300usize, any::<u8>()), 0..8)) {
            let shape = if is_v6 { Shape::v6(&choices) } else { Shape::v4(&choices) };
            let algorithm = under(integrity(which));
            let mut packet = sealed(&algorithm, which, &shape, Esn::No, SequenceNumber(1), b"payload");
            // The SPI is changed as well, so that a packet that is restored by chance does not open.
            let at = shape.octets.len() + 4;
            packet[at] ^= 1;
            for (at, octet) in changes {
                let len = packet.len();
                packet[at % len] = octet;
            }
            packet[at] |= 0x80;
            ah_opening_is_total(which, &packet);
        }
    }
}
