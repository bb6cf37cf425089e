//! Generates the capture that is dissected, which is the same each time.

/// The contents of the capture: the share in percent, the description, and the function that makes the packets.
pub(super) const MIX: &[(u64, &str, fn(&mut Random) -> Vec<u8>)] = &[
    (40, "UDP with 18 to 90 octets of payload", plain_udp),
    (30, "ISAKMP main mode message 1, 140 octets", isakmp),
    (20, "ESP with 68 to 132 octets", esp),
    (10, "HSRP version 1 hello", hsrp),
];

/// A capture of `count` packets in the shares of [`MIX`]. It is the same each time.
pub(super) fn generate(count: usize) -> Vec<u8> {
    let mut random = Random(0x7670_6e77_6972_6531);
    let mut file = Vec::new();
    for word in [0xa1b2_c3d4u32, 0x0004_0002, 0, 0, 65_535, 1] {
        file.extend(word.to_le_bytes());
    }
    let total: u64 = MIX.iter().map(|(share, _, _)| share).sum();
    for number in 0..count as u32 {
        let mut at = random.below(total);
        let (_, _, make) = MIX
            .iter()
            .find(|(share, _, _)| match at.checked_sub(*share) {
                Some(rest) => {
                    at = rest;
                    false
                }
                None => true,
            })
            .expect("the shares add up to the total");
        let frame = make(&mut random);
        let microseconds = u64::from(number) * 37;
        file.extend((1_700_000_000 + (microseconds / 1_000_000) as u32).to_le_bytes());
        file.extend(((microseconds % 1_000_000) as u32).to_le_bytes());
        file.extend((frame.len() as u32).to_le_bytes());
        file.extend((frame.len() as u32).to_le_bytes());
        file.extend(frame);
    }
    file
}

/// The generator SplitMix64, which is small and gives the same numbers everywhere.
pub(super) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn octets(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }

    /// One of 200 hosts of 10.0.0.0/8, so that conversations repeat.
    fn host(&mut self) -> [u8; 4] {
        [10, 1, self.below(4) as u8, 1 + self.below(50) as u8]
    }
}

fn plain_udp(random: &mut Random) -> Vec<u8> {
    let ports = (20_000 + random.below(2000) as u16, 40_000 + random.below(2000) as u16);
    let len = 18 + random.below(73) as usize;
    let payload = random.octets(len);
    let (source, destination) = (random.host(), random.host());
    udp(random, source, destination, 64, ports, &payload)
}

fn isakmp(random: &mut Random) -> Vec<u8> {
    // This is main mode message 1: an SA payload with one proposal of two transforms, and a vendor ID (RFC 2408, RFC
    // 3706).
    let transform = |next: u8, number: u8, key_length: u16| {
        let mut transform = vec![next, 0, 0, 36, number, 1, 0, 0];
        for (attribute, value) in [
            (0x8001u16, 7u16),
            (0x800e, key_length),
            (0x8002, 2),
            (0x8003, 1),
            (0x8004, 14),
            (0x800b, 1),
            (0x800c, 28_800),
        ] {
            transform.extend(attribute.to_be_bytes());
            transform.extend(value.to_be_bytes());
        }
        transform
    };
    let mut proposal = vec![0, 0, 0, 80, 1, 1, 0, 2];
    proposal.extend(transform(3, 1, 256));
    proposal.extend(transform(0, 2, 128));
    let mut payloads = vec![13, 0, 0, 92, 0, 0, 0, 1, 0, 0, 0, 1];
    payloads.extend(proposal);
    payloads.extend([0, 0, 0, 20]);
    payloads.extend([
        0xaf, 0xca, 0xd7, 0x13, 0x68, 0xa1, 0xf1, 0xc9, 0x6b, 0x86, 0x96, 0xfc, 0x77, 0x57, 0x01, 0x00,
    ]);
    let mut message = random.octets(8);
    message.extend([0; 8]);
    message.extend([1, 0x10, 2, 0, 0, 0, 0, 0]);
    message.extend((payloads.len() as u32 + 28).to_be_bytes());
    message.extend(payloads);
    let (source, destination) = (random.host(), random.host());
    udp(random, source, destination, 64, (500, 500), &message)
}

fn esp(random: &mut Random) -> Vec<u8> {
    let mut payload = (0x1000_0000 + random.below(64) as u32).to_be_bytes().to_vec();
    payload.extend((1 + random.below(1_000_000) as u32).to_be_bytes());
    let len = 60 + 8 * random.below(9) as usize;
    payload.extend(random.octets(len));
    let (source, destination) = (random.host(), random.host());
    ipv4(random, source, destination, 64, 50, &payload)
}

fn hsrp(random: &mut Random) -> Vec<u8> {
    let group = random.below(16) as u8;
    let state = [8, 16][random.below(2) as usize];
    let mut payload = vec![0, 0, state, 3, 10, 100 + random.below(20) as u8, group, 0];
    payload.extend(b"cisco\0\0\0");
    payload.extend([10, 1, group, 254]);
    let source = random.host();
    udp(random, source, [224, 0, 0, 2], 1, (1985, 1985), &payload)
}

fn udp(
    random: &mut Random,
    source: [u8; 4],
    destination: [u8; 4],
    hop_limit: u8,
    ports: (u16, u16),
    payload: &[u8],
) -> Vec<u8> {
    let len = (payload.len() + 8) as u16;
    let mut datagram = Vec::with_capacity(payload.len() + 8);
    datagram.extend(ports.0.to_be_bytes());
    datagram.extend(ports.1.to_be_bytes());
    datagram.extend(len.to_be_bytes());
    datagram.extend([0, 0]);
    datagram.extend(payload);
    let mut covered = [source, destination].concat();
    covered.extend([0, 17]);
    covered.extend(len.to_be_bytes());
    covered.extend(&datagram);
    let sum = match checksum(&covered) {
        0 => 0xffff,
        sum => sum,
    };
    datagram[6..8].copy_from_slice(&sum.to_be_bytes());
    ipv4(random, source, destination, hop_limit, 17, &datagram)
}

fn ipv4(
    random: &mut Random,
    source: [u8; 4],
    destination: [u8; 4],
    hop_limit: u8,
    protocol: u8,
    payload: &[u8],
) -> Vec<u8> {
    let mut frame = match destination {
        [224, low @ ..] => [0x01, 0x00, 0x5e, low[0] & 0x7f, low[1], low[2]].to_vec(),
        [_, _, net, host] => vec![0x02, 0, 0, 1, net, host],
    };
    frame.extend([0x02, 0, 0, 1, source[2], source[3], 0x08, 0x00]);
    let mut header = vec![0x45, 0];
    header.extend(((payload.len() + 20) as u16).to_be_bytes());
    header.extend((random.next() as u16).to_be_bytes());
    header.extend([0, 0, hop_limit, protocol, 0, 0]);
    header.extend(source);
    header.extend(destination);
    let sum = checksum(&header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    frame.extend(header);
    frame.extend(payload);
    frame
}

/// The Internet checksum (RFC 1071). It is written here again so that the capture does not depend on the measured
/// code.
fn checksum(octets: &[u8]) -> u16 {
    let mut sum: u32 = octets
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low)))
        .sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_capture_is_the_same_each_time_and_well_formed() {
        let file = generate(1000);
        assert_eq!(file, generate(1000));
        let mut rest = &file[24..];
        let mut count = 0;
        while let [_, _, _, _, _, _, _, _, len @ ..] = rest {
            let len = u32::from_le_bytes(len[..4].try_into().unwrap()) as usize;
            let frame = &rest[16..16 + len];
            assert_eq!(usize::from(frame[16]) << 8 | usize::from(frame[17]), len - 14);
            assert_eq!(checksum(&frame[14..34]), 0);
            rest = &rest[16 + len..];
            count += 1;
        }
        assert_eq!(count, 1000);
        assert_eq!(MIX.iter().map(|(share, _, _)| share).sum::<u64>(), 100);
    }
}
