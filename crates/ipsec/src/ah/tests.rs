use std::format;
use std::string::ToString as _;
use std::time::Duration;
use std::vec::Vec;

use super::*;
use crate::NotAuthentic;
use crate::ip::{Headers, IpError};
use crate::properties::SPI;
use crate::properties::ah::{Shape, sealed, under};
use crate::properties::tunnels::packet;
use crate::suite::{AesKey, Authentication};
use crate::{EmitError, Esn, LengthError, SequenceNumber};
use crate::{Lifetime, Limit, Stage};
use crate::{ReplayError, ReplayWindow};

const MD5: Integrity = Integrity::HMAC_MD5;

fn outbound() -> OutboundSa<AnyIntegrity> {
    OutboundSa::new(SPI, under(MD5), Esn::No)
}

fn inbound() -> InboundSa<AnyIntegrity, 2> {
    InboundSa::new(SPI, under(MD5), Esn::No)
}

/// A packet of AH with this number.
fn numbered(number: u64) -> Vec<u8> {
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    seal(&mut outbound().resumed_after(SequenceNumber(number - 1)), &inner)
}

fn seal(sa: &mut OutboundSa<AnyIntegrity>, inner: &[u8]) -> Vec<u8> {
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(inner);
    sa.seal_in_place(&mut buffer, inner.len()).unwrap().to_vec()
}

/// RFC 4302 section 2, figure 1.
#[test]
fn a_header_is_read_and_written() {
    let mut octets = std::vec![50, 4, 0xab, 0xcd, 0x20, 0x01, 0x0e, 0x0f, 0, 0, 0x03, 0xe8];
    octets.extend(1..=12);
    let whole = [&octets[..], &[9, 9]].concat();
    let (header, rest) = Header::parse_prefix(&whole).unwrap();
    let expected = Header {
        next_header: NextHeader::ESP,
        reserved: 0xabcd,
        spi: Spi(0x2001_0e0f),
        sequence_number: 1000,
        icv: &octets[12..],
    };
    assert_eq!((header, rest), (expected, &[9, 9][..]));
    assert_eq!(Header::parse(&whole), Err(ParseError::TrailingOctets { offset: 24, len: 2 }));
    assert_eq!(Header::try_from(&octets[..]), Ok(header));
    let mut buffer = [0; 24];
    assert_eq!((header.wire_len(), header.emit(&mut buffer)), (24, Ok(24)));
    assert_eq!(buffer[..], octets);
    assert_eq!(header.emit(&mut buffer[1..]), Err(EmitError::BufferTooSmall { needed: 24, available: 23 }));
    for (changed, place) in [
        (Header { next_header: NextHeader::TCP, ..header }, 0),
        (Header { icv: &octets[12..20], ..header }, 1),
        (Header { reserved: 0, ..header }, 2),
        (Header { spi: SPI, ..header }, 4),
        (Header { sequence_number: 7, ..header }, 11),
    ] {
        let mut buffer = [0; 24];
        changed.emit(&mut buffer).unwrap();
        assert_ne!(buffer[place], octets[place], "{changed:?}");
    }
}

/// RFC 4302 section 2.2: the payload length counts words of 32 bits, less two.
#[test]
fn payload_lengths() {
    let mut octets = [0; 1100];
    for (payload_len, len) in [(1, 12), (2, 16), (4, 24), (5, 28), (7, 36), (255, Header::MAX_LEN)] {
        octets[1] = payload_len;
        let (header, rest) = Header::parse_prefix(&octets).unwrap();
        assert_eq!((header.wire_len(), rest.len()), (len, octets.len() - len));
        let error = LengthError::Ends {
            within: "AH packet",
            element: "AH",
            offset: 0,
            needed: len,
            available: len - 1,
        };
        if len > 12 {
            assert_eq!(Header::parse(&octets[..len - 1]), Err(error.into()));
        }
        let mut again = [0xee; Header::MAX_LEN];
        assert_eq!(header.emit(&mut again), Ok(len));
        assert_eq!(again[..len], octets[..len]);
    }
    octets[1] = 0;
    assert_eq!(Header::parse_prefix(&octets), Err(ParseError::PayloadLength { offset: 1, payload_len: 0 }));
    for len in 0..12 {
        let error =
            LengthError::Ends { within: "AH packet", element: "AH", offset: 0, needed: 12, available: len };
        assert_eq!(Header::parse_prefix(&octets[..len]), Err(error.into()));
    }
    let header = Header {
        next_header: NextHeader::TCP,
        reserved: 0,
        spi: SPI,
        sequence_number: 1,
        icv: &[7; Header::MAX_LEN],
    };
    let error = EmitError::FieldOverflow { field: "AH payload length", value: 258, max: 255 };
    assert_eq!(header.emit(&mut octets), Err(error));
}

/// RFC 4302 section 2.2: the payload length counts words, so an ICV field of another length would be read as another one.
#[test]
fn an_icv_field_that_does_not_fill_its_words_is_not_written() {
    let header = Header { next_header: NextHeader::TCP, reserved: 0, spi: SPI, sequence_number: 1, icv: &[] };
    for len in 0..=16 {
        let icv = [7; 16];
        let header = Header { icv: &icv[..len], ..header };
        let mut octets = [0; 64];
        match header.emit(&mut octets) {
            Ok(written) => {
                assert_eq!((len % 4, written), (0, header.wire_len()));
                assert_eq!(Header::parse(&octets[..written]), Ok(header));
            }
            Err(error) => {
                assert_ne!(len % 4, 0);
                assert!(
                    matches!(error, EmitError::Contradiction { field: "AH payload length", .. }),
                    "{error}"
                );
            }
        }
    }
}

/// RFC 4302 section 3.3.3.2.1: 32 bits in IPv4, 64 in IPv6, no more. Lengths in words less two, as they are sent: 4 for 96 bits, 5
/// for HMAC-SHA-256-128, 7 for AES-GMAC, and what IPv6 adds.
#[test]
fn icvs_are_padded_to_words() {
    let expected = [(4, 4), (4, 4), (5, 6), (7, 8), (9, 10), (4, 4), (7, 8), (7, 8), (7, 8)];
    let mut count = 0;
    for (integrity, lens) in Integrity::all().zip(expected) {
        for (version, payload_len) in [(Version::V4, lens.0), (Version::V6, lens.1)] {
            let mut sa = OutboundSa::new(SPI, under(integrity), Esn::No);
            let inner = packet(version, false, crate::ip::Ecn::NotCapable, b"payload");
            let sealed = seal(&mut sa, &inner);
            let (header, _) = Header::parse_prefix(&sealed[version.header_len()..]).unwrap();
            assert_eq!(sealed[version.header_len() + 1], payload_len, "{integrity} {version:?}");
            assert_eq!(header.wire_len(), sa.header_len(version));
            count += 1;
        }
    }
    assert_eq!(count, 18);
}

#[test]
fn the_order_of_checks() {
    let mut sa = inbound();
    sa.open(&numbered(10)).unwrap();
    let spoiled = |number| {
        let mut packet = numbered(number);
        *packet.last_mut().unwrap() ^= 1;
        packet
    };
    // The shape comes before the SPI: length and kind of the packet, length of the header.
    let mut other = spoiled(10);
    other[24] ^= 1;
    let ends = [&other[..], &[0]].concat();
    let error = IpError::TrailingOctets { offset: other.len(), len: 1 };
    assert_eq!(sa.open(&ends), Err(error.into()));
    let mut short = other.clone();
    short[21] = 3;
    assert_eq!(sa.open(&short), Err(OpenError::HeaderLen { needed: 24, available: 20 }));
    // The SPI before the sequence number.
    let spi = Spi(SPI.0 ^ 0x0100_0000);
    assert_eq!(sa.open(&other), Err(OpenError::OtherSpi { spi }));
    // The sequence number before the ICV.
    let number = SequenceNumber(10);
    assert_eq!(sa.open(&spoiled(10)), Err(ReplayError::Replayed { number }.into()));
    // The ICV before acceptance: a forgery does not move the window.
    assert_eq!(sa.open(&spoiled(500)), Err(NotAuthentic.into()));
    assert_eq!((sa.window().highest(), sa.lifetime().packets()), (number, 1));
    sa.open(&numbered(500)).unwrap();
    let too_old = ReplayError::TooOld { number: SequenceNumber(11), highest: SequenceNumber(500) };
    assert_eq!(sa.open(&spoiled(11)), Err(too_old.into()));
    assert_eq!(sa.open(&numbered(500)), Err(ReplayError::Replayed { number: SequenceNumber(500) }.into()));
}

/// RFC 4302 section 3.3.2: "the sender MUST NOT send a packet on an SA if doing so would cause the sequence number to cycle".
#[test]
fn sequence_numbers_do_not_cycle() {
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    for (esn, last) in [(Esn::No, u64::from(u32::MAX)), (Esn::Yes, u64::MAX)] {
        let mut sa = OutboundSa::new(SPI, under(MD5), esn).resumed_after(SequenceNumber(last - 1));
        seal(&mut sa, &inner);
        let mut buffer = std::vec![0xee; sa.headroom()];
        buffer.extend_from_slice(&inner);
        let before = buffer.clone();
        let error = SealError::SequenceExhausted { last: SequenceNumber(last) };
        assert_eq!(sa.seal_in_place(&mut buffer, inner.len()), Err(error));
        assert_eq!((buffer, sa.sequence()), (before, SequenceNumber(last)));
    }
    let mut sa = OutboundSa::new(Spi::LOCAL, under(MD5), Esn::No);
    assert_eq!(sa.seal_in_place(&mut [0; 100], 20), Err(SealError::LocalSpi));
}

/// RFC 4302 sections 2.5.1 and 3.3.3.2.2: the high half is authenticated behind the payload, and not sent.
#[test]
fn extended_sequence_numbers() {
    let inner = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"payload");
    for integrity in Integrity::all() {
        let after = SequenceNumber(u64::from(u32::MAX) - 1);
        let mut outbound = OutboundSa::new(SPI, under(integrity), Esn::Yes).resumed_after(after);
        let mut inbound = InboundSa::<_, 2>::new(SPI, under(integrity), Esn::Yes)
            .with_window(&ReplayWindow::starting_at(after));
        for number in 0..4 {
            let sealed = seal(&mut outbound, &inner);
            let number = SequenceNumber(after.0 + 1 + number);
            assert_eq!(inbound.open(&sealed).unwrap().sequence, number);
            let without = open_without_replay_check(&under(integrity), None, Quirks::NONE, &sealed);
            assert_eq!(without, Err(NotAuthentic.into()), "{integrity}");
            let high = Some(number.high());
            assert!(open_without_replay_check(&under(integrity), high, Quirks::NONE, &sealed).is_ok());
        }
    }
}

#[test]
fn lifetimes_end_sas() {
    let len = u64::try_from(numbered(1).len()).unwrap();
    let hard = Limit { octets: Some(2 * len), age: Some(Duration::from_secs(60)) };
    let soft = Limit { octets: Some(len), age: None };
    let mut sa = inbound();
    sa = sa.with_lifetime(&Lifetime::new(soft, hard, 0));
    sa.open(&numbered(1)).unwrap();
    assert_eq!((sa.lifetime().stage(), sa.lifetime().octets()), (Stage::SoftExpired, len));
    assert!(matches!(sa.open(&numbered(1)), Err(OpenError::Replay(_))));
    sa.open(&numbered(2)).unwrap();
    assert_eq!(sa.open(&numbered(3)), Err(OpenError::Expired));
    assert_eq!(sa.open(&numbered(2)), Err(OpenError::Expired));

    let mut sa = outbound();
    sa = sa.with_lifetime(&Lifetime::new(soft, hard, 0));
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    seal(&mut sa, &inner);
    sa.grow(Duration::from_secs(60));
    let mut buffer = [&std::vec![0; sa.headroom()][..], &inner].concat();
    assert_eq!(sa.seal_in_place(&mut buffer, inner.len()), Err(SealError::Expired));
}

/// RFC 4302 sections 3.3.4 and 3.4.1: transport mode takes whole packets only, in both directions.
#[test]
fn fragments_are_refused() {
    let good = numbered(1);
    for (octets, offset, more) in [([0x20, 0], 0, true), ([0, 1], 8, false), ([0x3f, 0xff], 65_528, true)] {
        let mut fragment = good.clone();
        [fragment[6], fragment[7]] = octets;
        assert_eq!(inbound().open(&fragment), Err(IpError::Fragment { offset, more }.into()));
        let mut buffer = [&std::vec![0; outbound().headroom()][..], &fragment].concat();
        let error = IpError::Fragment { offset, more };
        assert_eq!(outbound().seal_in_place(&mut buffer, fragment.len()), Err(error.into()));
    }
}

#[test]
fn what_is_no_packet_is_refused() {
    let good = numbered(1);
    let open = |packet: &[u8]| inbound().open(packet).unwrap_err();
    let changed = |at: usize, octet: u8| {
        let mut packet = good.clone();
        packet[at] = octet;
        packet
    };
    assert_eq!(open(&changed(0, 0x55)), IpError::Version { version: 5 }.into());
    assert_eq!(open(&changed(0, 0x44)), IpError::HeaderLen { header_len: 16 }.into());
    assert_eq!(open(&changed(3, 19)), IpError::TotalLen { total_len: 19, header_len: 20 }.into());
    let found = NextHeader::ESP;
    assert_eq!(open(&changed(9, 50)), IpError::OtherProtocol { expected: NextHeader::AH, found }.into());
    assert_eq!(open(&changed(21, 0)), ParseError::PayloadLength { offset: 1, payload_len: 0 }.into());
    let error = LengthError::Ends {
        within: "IP packet",
        element: "IPv4 packet",
        offset: 0,
        needed: good.len(),
        available: 30,
    };
    assert_eq!(open(&good[..30]), IpError::Length(error).into());
    // An option that reaches beyond the header.
    let mut options = good.clone();
    options.splice(20..20, [7, 9, 4, 0]);
    options[0] = 0x46;
    options[3] += 4;
    assert!(matches!(
        open(&options),
        OpenError::Ip(IpError::Length(LengthError::Ends { within: "IP packet", element: "IP option", .. }))
    ));
    // A jumbogram: RFC 2675 section 2.
    let mut jumbogram = packet(Version::V6, false, crate::ip::Ecn::NotCapable, &[0; 100]);
    [jumbogram[4], jumbogram[5], jumbogram[6]] = [0, 0, 0];
    assert_eq!(open(&jumbogram), IpError::Jumbogram.into());
}

#[test]
fn a_packet_that_would_be_too_long_is_refused() {
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, &std::vec![0; 65_500]);
    let mut sa = outbound();
    let mut buffer = [&std::vec![0; sa.headroom()][..], &inner].concat();
    let before = buffer.clone();
    let error = IpError::TooLong { len: inner.len() + 24 };
    assert_eq!(sa.seal_in_place(&mut buffer, inner.len()), Err(error.into()));
    assert_eq!((buffer == before, sa.sequence()), (true, SequenceNumber::ZERO));
    let error = EmitError::BufferTooSmall { needed: 24 + 40, available: 63 };
    assert_eq!(sa.seal_in_place(&mut [0x45; 63], 40), Err(error.into()));
}

/// RFC 4302 appendix A2, and RFC 2460 section 4.4: each hop changes the packet, and it is authentic at each.
#[test]
fn a_routing_header_is_covered_as_it_arrives() {
    let addresses = |from: u8| -> Vec<u8> { (0..16).map(|octet| octet ^ from).collect() };
    let mut headers = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"");
    headers[6] = 43;
    headers.extend([51, 6, 0, 3, 0, 0, 0, 0]);
    for hop in [0x10, 0x20, 0x30] {
        headers.extend(addresses(hop));
    }
    let shape = Shape { octets: headers, ..Shape::default() };
    let mut packet = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload");
    let opens = |packet: &[u8]| open_without_replay_check(&under(MD5), None, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet));
    for hop in 0..3 {
        packet[7] -= 1;
        packet[43] -= 1;
        let at = 48 + hop * 16;
        let (before, after) = packet.split_at_mut(at);
        before[24..40].swap_with_slice(&mut after[..16]);
        assert!(opens(&packet), "hop {hop}");
    }
    assert_eq!((&packet[24..40], packet[43]), (&addresses(0x30)[..], 0));
    // A type whose changes nobody can predict, and more segments than addresses.
    let mut other = packet.clone();
    [other[42], other[43]] = [4, 1];
    let error = IpError::RoutingType { routing_type: 4, segments_left: 1 };
    assert_eq!(open_without_replay_check(&under(MD5), None, Quirks::NONE, &other), Err(error.into()));
    [other[42], other[43]] = [0, 4];
    let error = IpError::RoutingHeader { len: 56, segments_left: 4 };
    assert_eq!(open_without_replay_check(&under(MD5), None, Quirks::NONE, &other), Err(error.into()));
}

/// RFC 4302 section 3.3.3.1.1.1: with a source route, the destination is the last of it.
#[test]
fn a_source_route_is_covered_as_it_arrives() {
    let mut headers = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"");
    headers[0] = 0x48;
    headers[9] = 51;
    headers.extend([131, 11, 4, 10, 9, 9, 1, 10, 9, 9, 2, 0]);
    let shape = Shape { octets: headers, ..Shape::default() };
    let mut packet = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload");
    let opens = |packet: &[u8]| open_without_replay_check(&under(MD5), None, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet));
    for hop in 0..2 {
        // RFC 791 section 3.1: the next address becomes the destination, the router's own takes its place.
        let at = 23 + hop * 4;
        let next: [u8; 4] = packet[at..at + 4].try_into().unwrap();
        packet[at..at + 4].copy_from_slice(&[172, 16, 0, 1]);
        packet[16..20].copy_from_slice(&next);
        packet[22] += 4;
        packet[8] -= 1;
        assert!(opens(&packet), "hop {hop}");
    }
    assert_eq!(packet[16..20], [10, 9, 9, 2]);
    packet[19] ^= 1;
    assert!(!opens(&packet));
}

/// RFC 4302 appendix A2: a fragment header that is left in a whole packet counts as removed.
#[test]
fn a_fragment_header_in_a_whole_packet_is_not_covered() {
    let mut plain = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"");
    let mut with = plain.clone();
    plain[6] = 51;
    with[6] = 44;
    with.extend([51, 0, 0, 0, 1, 2, 3, 4]);
    let seal = |octets: &[u8]| {
        let shape = Shape { octets: octets.to_vec(), ..Shape::default() };
        sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload")
    };
    assert_eq!(seal(&plain)[40..], seal(&with)[48..]);
    let mut fragment = seal(&with);
    fragment[43] = 1;
    let error = IpError::Fragment { offset: 0, more: true };
    assert_eq!(open_without_replay_check(&under(MD5), None, Quirks::NONE, &fragment), Err(error.into()));
}

/// keepalived covers a TTL of 255 that nothing changes.
#[test]
fn quirks_are_off_by_default() {
    let quirks = Quirks::NONE.with_time_to_live();
    assert_eq!(Quirks::default(), Quirks::NONE);
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    let mut sa = outbound().with_quirks(quirks);
    let mut sealed = seal(&mut sa, &inner);
    let open = |quirks, packet: &[u8]| open_without_replay_check(&under(MD5), None, quirks, packet).is_ok();
    assert!(open(quirks, &sealed) && !open(Quirks::NONE, &sealed));
    sealed[8] -= 1;
    assert!(!open(quirks, &sealed));

    let sha256 = Integrity::Mac(Authentication::HmacSha256);
    let mut sa = OutboundSa::new(SPI, under(sha256), Esn::No).with_quirks(Quirks::NONE.with_64_bits());
    let sealed = seal(&mut sa, &inner);
    assert_eq!(sealed[21], 6);
    let mut sa = InboundSa::<_, 2>::new(SPI, under(sha256), Esn::No);
    assert_eq!(sa.open(&sealed), Err(OpenError::HeaderLen { needed: 28, available: 32 }));
    let mut sa = sa.with_quirks(Quirks::NONE.with_64_bits());
    assert_eq!(sa.open(&sealed).unwrap().padding, [0; 4]);
}

/// The headers come back, but for what is rewritten: lengths, protocol, checksum.
#[test]
fn a_packet_without_its_header_is_what_it_was() {
    let mut count = 0;
    for choices in 0..60u8 {
        for version in [Version::V4, Version::V6] {
            let choices: Vec<u8> = (0..100).map(|at: u8| at.wrapping_mul(choices | 1) ^ choices).collect();
            let mut shape = if version == Version::V4 { Shape::v4(&choices) } else { Shape::v6(&choices) };
            // What AH went behind, it was not in: its packet has it removed first.
            let with = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"a payload");
            let mut inner = with.clone();
            let inner = strip_in_place(&mut inner).unwrap().to_vec();
            assert_eq!(inner.len() + 24, with.len());
            let headers = Headers::to_insert_behind(&inner).unwrap();
            let is_same_place = headers.len == shape.octets.len();
            assert!(inner.ends_with(b"a payload"));
            let again = seal(&mut outbound(), &inner);
            let mut sa = inbound();
            let opened = sa.open(&again).unwrap();
            assert_eq!(opened.next_header == NextHeader::UDP, is_same_place);
            let mut back = again.clone();
            assert_eq!(strip_in_place(&mut back).unwrap(), inner);
            shape.octets.clear();
            count += usize::from(is_same_place);
        }
    }
    assert!((60..120).contains(&count), "{count}");
}

#[test]
fn values_make_the_packet_again() {
    let shape = Shape::v4(&[0, 4, 5, 6, 7]);
    let gmac = Integrity::AesGmac(AesKey::Bits128);
    let which = 6;
    assert_eq!(crate::properties::ah::integrity(which), gmac);
    let packet = sealed(&under(gmac), which, &shape, Esn::No, SequenceNumber(9), b"payload");
    let opened = open_without_replay_check(&under(gmac), None, Quirks::NONE, &packet).unwrap();
    assert_eq!((opened.iv, opened.reserved, opened.sequence.0), (&[0x5a; 8][..], 6, 9));
    assert_eq!(packet[opened.payload_range(packet.len())], *b"payload");
    let again = |opened: &Opened<'_>| {
        let mut buffer = std::vec![0; packet.len() + 50];
        let len = opened.seal_again(&under(gmac), Esn::No, Quirks::NONE, &mut buffer)?;
        buffer.truncate(len);
        Ok(buffer)
    };
    assert_eq!(again(&opened).unwrap(), packet);
    let mut seen = std::collections::HashSet::from([packet.clone()]);
    for changed in [
        Opened { reserved: 0, ..opened },
        Opened { spi: Spi(300), ..opened },
        Opened { sequence: SequenceNumber(10), ..opened },
        Opened { iv: &[1; 8], ..opened },
        Opened { next_header: NextHeader::TCP, ..opened },
        Opened { payload: b"payloads", ..opened },
    ] {
        assert!(seen.insert(again(&changed).unwrap()), "{changed:?}");
    }
    let error = SealError::IcvLen { needed: 36, available: 28 };
    assert_eq!(again(&Opened { iv: &[], ..opened }), Err(error));
    let error = SealError::IcvLen { needed: 36, available: 40 };
    assert_eq!(again(&Opened { padding: &[1; 4], ..opened }), Err(error));
    assert!(again(&Opened { headers: &[], ..opened }).is_err());
    assert!(again(&Opened { headers: &[0x45; 3], ..opened }).is_err());
}

#[test]
fn names() {
    let mut count = 0;
    for integrity in Integrity::all() {
        if let Some(word) = ios_of_integrity(integrity) {
            assert_eq!(integrity_of_ios(word), Some(integrity));
            count += 1;
        }
    }
    assert_eq!(count, 5);
    assert_eq!(integrity_of_ios("ah-md5-hmac"), Some(MD5));
    assert_eq!(integrity_of_ios("esp-md5-hmac"), None);
}

#[test]
fn keys_have_one_length() {
    for integrity in Integrity::all() {
        let key = [0x31; 80];
        for len in 0..80 {
            let made = AnyIntegrity::new(integrity, crate::Secret::new(&key[..len]));
            assert_eq!(made.is_ok(), len == integrity.key_len(), "{integrity} {len}");
        }
    }
}

#[test]
fn departures() {
    let header =
        Header { next_header: NextHeader::TCP, reserved: 0, spi: SPI, sequence_number: 1, icv: &[7; 12] };
    let all = |header: Header<'_>, version| header.conformance(version).collect::<Vec<_>>();
    assert_eq!(all(header, Version::V6), []);
    let odd = Header { reserved: 9, spi: Spi(255), icv: &[7; 16], ..header };
    assert_eq!(
        all(odd, Version::V6),
        [
            Departure::Reserved { value: 9 },
            Departure::ReservedSpi { spi: Spi(255) },
            Departure::Alignment { len: 28 }
        ]
    );
    assert_eq!(all(odd, Version::V4).len(), 2);
    let spi = Departure::ReservedSpi { spi: Spi::LOCAL };
    assert_eq!(all(Header { spi: Spi::LOCAL, ..header }, Version::V4), [spi]);
    assert_eq!(
        (spi.to_string().as_str(), spi.reference()),
        ("SPI 0x00000000 is reserved", "RFC 4302 section 2.4")
    );
}

#[test]
fn nothing_prints_a_key() {
    for integrity in Integrity::all() {
        let sa = OutboundSa::new(SPI, under(integrity), Esn::No);
        let printed = format!("{sa:?} {:?}", InboundSa::<_, 2>::new(SPI, under(integrity), Esn::No));
        for run in ["33, 34", "0x21", "2122"] {
            assert!(!printed.contains(run), "{printed}");
        }
    }
    let error = OpenError::from(NotAuthentic);
    assert_eq!(error.to_string(), "not authentic");
}

#[test]
fn errors_are_send_sync_static() {
    fn check<T: core::error::Error + Send + Sync + 'static>() {}
    check::<OpenError>();
    check::<SealError>();
    check::<IpError>();
}

/// RFC 4302 appendix A2: where two routes are open, the second begins where the first ends.
#[test]
fn one_route_follows_another() {
    let address = |from: u8| -> Vec<u8> { (0..16).map(|octet| octet ^ from).collect() };
    let mut headers = packet(Version::V6, false, crate::ip::Ecn::NotCapable, b"");
    headers[6] = 43;
    for (next, hops) in [(43, [0x10, 0x20]), (51, [0x30, 0x40])] {
        headers.extend([next, 4, 0, 2, 0, 0, 0, 0]);
        hops.into_iter().for_each(|hop| headers.extend(address(hop)));
    }
    let shape = Shape { octets: headers, ..Shape::default() };
    let mut packet = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"payload");
    let opens = |packet: &[u8]| open_without_replay_check(&under(MD5), None, Quirks::NONE, packet).is_ok();
    assert!(opens(&packet));
    for (left, at) in [(43, 48), (43, 64), (83, 88), (83, 104)] {
        packet[left] -= 1;
        let (before, after) = packet.split_at_mut(at);
        before[24..40].swap_with_slice(&mut after[..16]);
        assert!(opens(&packet), "at {at}");
    }
    assert_eq!((&packet[24..40], packet[43], packet[83]), (&address(0x40)[..], 0, 0));
}

/// There is room for the codes of all algorithms of AH. One without room is not left out of a packet.
#[test]
fn a_code_that_is_too_long_seals_nothing() {
    use crypto::mac::{Hmac, Sha512};
    let mac = || Hmac::<Sha512>::new(crate::Secret::new(b"key"));
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    let mut sa = OutboundSa::new(SPI, mac(), Esn::No);
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(&inner);
    let before = buffer.clone();
    let error = SealError::IcvLen { needed: 64, available: 32 };
    assert_eq!(sa.seal_in_place(&mut buffer, inner.len()), Err(error));
    assert_eq!((buffer, sa.sequence()), (before, SequenceNumber::ZERO));

    let sealed = numbered(1);
    let opened = open_without_replay_check(&under(MD5), None, Quirks::NONE, &sealed).unwrap();
    assert_eq!(opened.seal_again(&mac(), Esn::No, Quirks::NONE, &mut [0; 200]), Err(error));
}
