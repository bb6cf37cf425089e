//! After the first frames, the sink for one line per packet does not allocate.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use allocation_counter::measure;
use ipsec::NextHeader;
use ipsec::esp::Opened;
use ipsec::suite::Suite;
use ipsec::{Esn, Secret, SequenceNumber, Spi};
use vpnwire_dissect::capture::{Frame, LinkType, Timestamp};
use vpnwire_dissect::keys::{Algorithms, AssociationKeys};
use vpnwire_dissect::sinks::{Line, Output};
use vpnwire_dissect::{Dissector, Options};

/// Ethernet, IPv4, UDP, and the HSRP Hello of an active router.
const HELLO: [u8; 62] = [
    1, 0, 0x5e, 0, 0, 2, 0, 0, 12, 7, 0xac, 1, 8, 0, //
    0x45, 0xc0, 0, 48, 0, 0, 0, 0, 1, 17, 0, 0, 172, 16, 172, 52, 224, 0, 0, 2, //
    7, 0xc1, 7, 0xc1, 0, 28, 0, 0, //
    0, 0, 16, 3, 10, 200, 1, 0, b'c', b'i', b's', b'c', b'o', 0, 0, 0, 172, 16, 172, 53,
];

/// IPv6, hop-by-hop options, UDP, and a version 2 message of an interface state and an unknown TLV.
const VERSION_2: [u8; 66] = [
    0x60, 0, 0, 0, 0, 26, 0, 255, //
    0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, //
    0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x66, //
    17, 0, 1, 4, 0, 0, 0, 0, //
    7, 0xed, 7, 0xed, 0, 18, 0, 0, //
    2, 4, 0, 1, 0, 2, 9, 2, 1, 2,
];

/// IPv4, UDP, and a main mode message: NAT-T draft 07, a nonce, and a payload whose number that draft explains.
const MAIN_MODE: [u8; 112] = [
    0x45, 0, 0, 112, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, //
    1, 0xf4, 1, 0xf4, 0, 92, 0, 0, //
    1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 13, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 84, //
    10, 0, 0, 20, 0x43, 0x9b, 0x59, 0xf8, 0xba, 0x67, 0x6c, 0x4c, 0x77, 0x37, 0xae, 0x22, 0xea, 0xb8, 0xf5,
    0x82, //
    15, 0, 0, 12, 1, 2, 3, 4, 5, 6, 7, 8, //
    0, 0, 0, 24, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
];

/// IPv4, GRE with a key, an NHRP Error Indication that quotes the fixed part of a Registration Request.
const NHRP: [u8; 96] = [
    0x45, 0, 0, 96, 0, 0, 0, 0, 255, 47, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, //
    0x20, 0, 0x20, 1, 0, 0, 3, 0xe8, //
    0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, 68, 0, 0, 0, 60, 1, 7, 4, 0, //
    4, 4, 0, 0, 0, 11, 0, 0, 192, 0, 2, 1, 10, 0, 0, 1, 10, 0, 0, 2, //
    0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, 88, 0, 0, 0, 52, 1, 3, 4, 0, //
    0x80, 7, 0, 0, 0x80, 0, 0, 0,
];

/// IPv4 and an ESP packet of a Hello in a tunnel, under keys of ones.
fn sealed() -> (Vec<u8>, AssociationKeys) {
    let (encryption, authentication) = ([1; 16], [1; 20]);
    let (encryption, authentication) = (Secret::new(&encryption), Secret::new(&authentication));
    let suite = Suite::AES_128_SHA1;
    let keys = Algorithms::esp(suite, encryption, authentication).unwrap();
    let transform = suite.transform(encryption, authentication).unwrap();
    let opened = Opened {
        spi: Spi(256),
        sequence: SequenceNumber(1),
        iv: &[7; 16],
        payload: &HELLO[14..],
        padding: &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
        next_header: NextHeader::IPV4,
    };
    let mut packet = vec![0; opened.sealed_len(&transform).saturating_add(20)];
    packet[..20].iter_mut().zip(&HELLO[14..34]).for_each(|(to, from)| *to = *from);
    (packet[3], packet[9]) = (u8::try_from(packet.len()).unwrap(), 50);
    opened.seal_again(&transform, Esn::No, &mut packet[20..]).unwrap();
    (packet, AssociationKeys::new(Spi(256), keys))
}
/// IPv4, SCTP with a SACK and an HA keepalive in DATA.
const HA: [u8; 88] = [
    0x45, 0, 0, 88, 0, 0, 0, 0, 255, 132, 0, 0, 4, 0, 0, 1, 4, 0, 0, 2, //
    0x13, 0x88, 0x13, 0x88, 0, 0, 0, 1, 0, 0, 0, 0, //
    3, 0, 0, 16, 0, 0, 0, 1, 0, 0, 16, 0, 0, 0, 0, 0, //
    0, 3, 0, 40, 0, 0, 0, 1, 0, 0, 0, 0, b'v', b'p', b'H', b'A', //
    1, 0x99, 0, 24, 4, 0, 0, 3, 0x80, 0, 0, 4, 0, 0, 0, 1, 0x80, 0x72, 0, 4, 0, 0, 0, 1,
];

/// A time exceeded with labels and interfaces behind the packet that it quotes, RFC 4884.
const EXTENSIONS: [u8; 254] = [
    2, 0, 0, 0, 0, 2, 0, 0, 12, 7, 172, 1, 8, 0, 69, 0, 0, 240, 0, 0, 64, 0, 255, 1, 142, 213, 198, 51, 100,
    2, 192, 0, 2, 1, 11, 0, 225, 52, 0, 32, 0, 0, 69, 0, 0, 32, 0, 0, 64, 0, 64, 17, 78, 150, 192, 0, 2, 1,
    198, 51, 100, 2, 3, 232, 7, 208, 0, 12, 47, 36, 100, 97, 116, 97, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32, 0, 3, 36, 0, 28, 2, 15, 0, 0, 0, 7, 0, 1, 0, 0, 192, 0, 2, 1,
    8, 101, 116, 104, 48, 0, 0, 0, 0, 0, 5, 220, 0, 32, 2, 134, 0, 2, 0, 0, 254, 128, 0, 0, 0, 0, 0, 0, 0, 5,
    115, 255, 254, 160, 0, 1, 8, 101, 116, 104, 49, 0, 0, 0, 0, 12, 1, 1, 15, 255, 0, 64, 0, 1, 11, 63, 0, 8,
    99, 5, 97, 98, 99, 100,
];

/// The same of `ICMPv6`, with a label stack and one interface.
const EXTENSIONS_V6: [u8; 234] = [
    2, 0, 0, 0, 0, 2, 0, 0, 12, 7, 172, 1, 134, 221, 96, 0, 0, 0, 0, 180, 58, 255, 254, 128, 0, 0, 0, 0, 0,
    0, 0, 5, 115, 255, 254, 160, 0, 1, 255, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 0, 10, 183, 16,
    0, 0, 0, 96, 0, 0, 0, 0, 12, 17, 64, 254, 128, 0, 0, 0, 0, 0, 0, 0, 5, 115, 255, 254, 160, 0, 1, 254,
    128, 0, 0, 0, 0, 0, 0, 0, 5, 115, 255, 254, 160, 0, 1, 3, 232, 7, 208, 0, 12, 57, 13, 100, 97, 116, 97,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 32, 0, 76, 149, 0, 12, 1, 1, 15, 255, 0, 64, 0, 1, 11, 63, 0, 28, 2, 15, 0, 0, 0, 7, 0,
    1, 0, 0, 192, 0, 2, 1, 8, 101, 116, 104, 48, 0, 0, 0, 0, 0, 5, 220,
];

/// A report of multicast listeners with three records, RFC 3810.
const LISTENER: [u8; 178] = [
    2, 0, 0, 0, 0, 2, 0, 0, 12, 7, 172, 1, 134, 221, 96, 0, 0, 0, 0, 124, 58, 255, 254, 128, 0, 0, 0, 0, 0,
    0, 0, 5, 115, 255, 254, 160, 0, 1, 255, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 143, 0, 194, 240, 0,
    0, 0, 3, 4, 0, 0, 0, 255, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 102, 1, 0, 0, 2, 255, 2, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 102, 32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 32, 1, 13, 184, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 9, 2, 0, 1, 255, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 102, 32, 1, 13,
    184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 97, 117, 120, 105, 108, 105, 97, 114,
];

/// A Hello in Ethernet behind a control word and a label of MPLS.
const PSEUDOWIRE: [u8; 84] = [
    2, 0, 0, 0, 0, 2, 0, 0, 12, 7, 172, 1, 136, 71, 0, 1, 1, 64, 0, 0, 0, 42, 1, 0, 94, 0, 0, 2, 0, 0, 12, 7,
    172, 1, 8, 0, 69, 192, 0, 48, 0, 0, 64, 0, 1, 17, 64, 182, 172, 16, 172, 52, 224, 0, 0, 2, 7, 193, 7,
    193, 0, 28, 254, 13, 0, 0, 16, 3, 10, 200, 1, 0, 99, 105, 115, 99, 111, 0, 0, 0, 172, 16, 172, 53,
];

/// An associated channel of a pseudowire.
const CHANNEL: [u8; 35] = [
    2, 0, 0, 0, 0, 2, 0, 0, 12, 7, 172, 1, 136, 71, 0, 1, 1, 64, 16, 0, 0, 39, 119, 104, 97, 116, 32, 79, 65,
    77, 32, 115, 97, 121, 115,
];

/// A Hello behind a security group tag.
const TAGGED: [u8; 70] = [
    2, 0, 0, 0, 0, 2, 0, 0, 12, 7, 172, 1, 137, 9, 1, 1, 0, 1, 0, 100, 8, 0, 69, 192, 0, 48, 0, 0, 64, 0, 1,
    17, 64, 182, 172, 16, 172, 52, 224, 0, 0, 2, 7, 193, 7, 193, 0, 28, 254, 13, 0, 0, 16, 3, 10, 200, 1, 0,
    99, 105, 115, 99, 111, 0, 0, 0, 172, 16, 172, 53,
];

#[test]
fn a_line_allocates_nothing() {
    // An encrypted message in UDP port 4500 is tested too.
    let mut encrypted = Vec::from(MAIN_MODE);
    (encrypted[20], encrypted[21], encrypted[22], encrypted[23]) = (0x11, 0x94, 0x11, 0x94);
    encrypted.splice(28..28, [0; 4]);
    (encrypted[3], encrypted[25], encrypted[28 + 4 + 19]) = (116, 96, 1);

    // ESP is tested with and without keys, and inside another ESP. The sequence numbers never change, so there is a
    // fault.
    let (esp, keys) = sealed();
    let mut opaque = esp.clone();
    opaque[21] = 9;
    let mut nested = [&esp[..20], &[0, 0, 0, 7, 0, 0, 0, 1], &esp, &[0, 4]].concat();
    nested[3] = u8::try_from(nested.len()).unwrap();
    let bare: AssociationKeys = "7@224.0.0.2 none:".parse().unwrap();

    // A malformed packet is tested too. Its fault is written, and the address of the other one is written in full.
    let mut broken = HELLO;
    broken[39] = 29;
    for (link, octets) in [
        (LinkType::ETHERNET, &HELLO[..]),
        (LinkType::RAW, &VERSION_2),
        (LinkType::RAW, &NHRP),
        (LinkType::RAW, &HA),
        (LinkType::RAW, &HA[..70]),
        (LinkType::ETHERNET, &broken),
        (LinkType::ETHERNET, &HELLO[..40]),
        (LinkType::ETHERNET, &[]),
        (LinkType(147), &HELLO),
        (LinkType::RAW, &MAIN_MODE),
        (LinkType::RAW, &encrypted),
        (LinkType::RAW, &esp),
        (LinkType::RAW, &opaque),
        (LinkType::RAW, &nested),
        (LinkType::ETHERNET, &EXTENSIONS),
        (LinkType::ETHERNET, &EXTENSIONS_V6),
        (LinkType::ETHERNET, &EXTENSIONS[..EXTENSIONS.len() - 5]),
        (LinkType::ETHERNET, &LISTENER),
        (LinkType::ETHERNET, &LISTENER[..LISTENER.len() - 5]),
        (LinkType::ETHERNET, &PSEUDOWIRE),
        (LinkType::ETHERNET, &CHANNEL),
        (LinkType::ETHERNET, &TAGGED),
    ] {
        let mut options = Options::default();
        options.keys.hsrp.push("letmein".parse().unwrap());
        options.keys.associations = vec![keys.clone(), bare.clone()];
        let mut dissector = Dissector::new(options);
        let mut sink = Line::new(true);
        let mut lines = 0;
        let mut next = |number: u64| {
            let time = Some(Timestamp(1_600_000_000_000_000_000 + i128::from(number)));
            let frame = Frame { number, time, time_digits: 9, link, len: octets.len(), octets };
            dissector.frame(frame, &mut sink);
            lines += sink.output().iter().filter(|octet| **octet == b'\n').count();
            sink.output().clear();
        };
        // The greatest number makes the longest line. A repeated number adds a fault.
        next(1_000_000);
        next(1_000_000);
        let counted = measure(|| (1..=1_000).for_each(&mut next));
        assert_eq!(
            counted.count_total, 0,
            "{} allocations of {} octets",
            counted.count_total, counted.bytes_total
        );
        assert_eq!(lines, 1_002);
        if octets == esp || octets == nested {
            dissector.frame(
                Frame { number: 1, time: None, time_digits: 9, link, len: octets.len(), octets },
                &mut sink,
            );
            let line = String::from_utf8(sink.output().clone()).unwrap();
            assert!(line.contains(" HSRP "), "it was decrypted: {line}");
        }
    }
}
