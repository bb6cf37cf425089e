use std::collections::HashSet;
use std::format;
use std::time::Duration;
use std::vec::Vec;

use super::*;
use crate::NextHeader;
use crate::properties::{SPI, sealed, transform};
use crate::suite::Suite;
use crate::{Esn, LengthError, SequenceNumber};
use crate::{IvRule, NotAuthentic};
use crate::{Lifetime, Limit, Stage};
use crate::{ReplayError, ReplayWindow};

const SUITE: Suite = Suite::AES_128_SHA1;

fn packet(number: u64) -> Vec<u8> {
    let after = SequenceNumber(number - 1);
    sealed(SUITE, Esn::No, after, b"a payload", NextHeader::UDP.into())
}

fn inbound() -> InboundSa<crate::suite::AnyTransform, 2> {
    InboundSa::new(SPI, transform(SUITE), Esn::No)
}

fn outbound() -> OutboundSa<crate::suite::AnyTransform> {
    OutboundSa::new(SPI, transform(SUITE), Esn::No)
}

/// RFC 4303 section 2, figure 1.
#[test]
fn a_header_is_spi_and_sequence_number() {
    let octets = [0x5b, 0x23, 0xf2, 0x2e, 0, 0, 0x03, 0xe8, 0xff];
    let (header, rest) = Header::parse_prefix(&octets).unwrap();
    assert_eq!(header, Header { spi: Spi(1_529_082_414), sequence_number: 1000 });
    assert_eq!(rest, [0xff]);
    assert_eq!(Header::parse(&octets), Err(ParseError::TrailingOctets { offset: 8, len: 1 }));
    assert_eq!(Header::try_from(&octets[..8]), Ok(header));
    let error =
        LengthError::Ends { within: "ESP packet", element: "ESP header", offset: 0, needed: 8, available: 7 };
    assert_eq!(Header::parse(&octets[..7]), Err(error.into()));
    let mut buffer = [0; 8];
    assert_eq!(header.emit(&mut buffer), Ok(8));
    assert_eq!(buffer, octets[..8]);
    assert_eq!(header.emit(&mut [0; 7]), Err(EmitError::BufferTooSmall { needed: 8, available: 7 }));
}

#[test]
fn the_order_of_checks() {
    let mut sa = inbound();
    let good = packet(10);
    sa.open_in_place(&mut good.clone()).unwrap();
    let spoiled = |number: u64| {
        let mut packet = packet(number);
        *packet.last_mut().unwrap() ^= 1;
        packet
    };

    // The length comes before the SPI.
    let mut short = good[..30].to_vec();
    short[0] ^= 1;
    assert!(matches!(sa.open_in_place(&mut short), Err(OpenError::Length(_))));
    let mut ragged = [&good[..], &[0]].concat();
    ragged[0] ^= 1;
    assert_eq!(sa.open_in_place(&mut ragged), Err(OpenError::Blocks { len: 17, block_len: 16 }));
    // The SPI comes before the sequence number.
    let mut other = spoiled(10);
    other[0] ^= 1;
    let spi = Spi(SPI.0 ^ 0x0100_0000);
    assert_eq!(sa.open_in_place(&mut other), Err(OpenError::OtherSpi { spi }));
    // The sequence number comes before the ICV.
    let number = SequenceNumber(10);
    let replayed = Err(OpenError::Replay(ReplayError::Replayed { number }));
    assert_eq!(sa.open_in_place(&mut spoiled(10)), replayed);
    assert_eq!(sa.open_in_place(&mut packet(10)), replayed);
    sa.open_in_place(&mut packet(100)).unwrap();
    let too_old = ReplayError::TooOld { number: SequenceNumber(36), highest: SequenceNumber(100) };
    assert_eq!(sa.open_in_place(&mut spoiled(36)), Err(OpenError::Replay(too_old)));
    // The ICV comes before acceptance: a forgery does not move the window.
    assert_eq!(sa.open_in_place(&mut spoiled(101)), Err(NotAuthentic.into()));
    assert_eq!(sa.window().highest(), SequenceNumber(100));
    sa.open_in_place(&mut packet(101)).unwrap();
    assert_eq!(sa.open_in_place(&mut spoiled(38)), Err(NotAuthentic.into()));
    sa.open_in_place(&mut packet(38)).unwrap();
    assert_eq!(sa.lifetime().packets(), 4);
}

/// Packets that are authentic and end wrongly: sealed from values that no SA makes.
#[test]
fn padding_is_looked_at_after_acceptance() {
    let good = packet(1);
    let mut buffer = good.clone();
    let opened = open_without_replay_check(&transform(SUITE), None, &mut buffer).unwrap();
    let ours = Opened { padding: &[9, 9, 9, 9, 9], ..opened };
    let mut packet = std::vec![0; good.len()];
    ours.seal_again(&transform(SUITE), Esn::No, &mut packet).unwrap();

    let mut sa = inbound();
    let error = PaddingError::Contents { position: 0, octet: 9 };
    assert_eq!(sa.open_in_place(&mut packet.clone()), Err(error.into()));
    assert_eq!((sa.window().highest(), sa.lifetime().packets()), (SequenceNumber(1), 1), "it was authentic");
    let again = sa.open_in_place(&mut packet.clone()).unwrap_err();
    assert!(matches!(again, OpenError::Replay(_)), "and is a replay the second time");

    let mut sa = inbound();
    sa = sa.with_padding_rule(PaddingRule::Any);
    assert_eq!(sa.open_in_place(&mut packet.clone()).unwrap().padding, [9; 5]);

    // A pad length beyond the text: the trailer's first octet comes from the payload's end.
    let text = Opened { payload: &[7; 14], padding: &[], next_header: NextHeader::UDP, ..opened };
    let mut layered = std::vec![0; 100];
    let len = text.seal_again(&transform(SUITE), Esn::No, &mut layered).unwrap();
    let mut sa = inbound();
    assert!(sa.open_in_place(&mut layered[..len]).is_ok());
}

#[test]
fn a_pad_length_beyond_the_text_is_refused_in_an_authentic_packet() {
    // NULL encryption shows the pad length: change it and compute the ICV anew with the transform itself.
    let suite =
        Suite::new(crate::suite::Encryption::Null, Some(crate::suite::Authentication::HmacSha1)).unwrap();
    let mut packet = sealed(suite, Esn::No, SequenceNumber::ZERO, &[1; 6], NextHeader::TCP.into());
    let icv_offset = packet.len() - 12;
    packet[icv_offset - 2] = 7;
    let (octets, icv) = packet.split_at_mut(icv_offset);
    let protected = crate::transform::Protected::new(octets, 8, 8, None).unwrap();
    crate::transform::Transform::seal(&transform(suite), protected, icv).unwrap();
    let mut sa = InboundSa::<_, 2>::new(SPI, transform(suite), Esn::No);
    let error = PaddingError::Length { pad_len: 7, text_len: 8 };
    assert_eq!(sa.open_in_place(&mut packet.clone()), Err(error.into()));
    assert_eq!(sa.window().highest(), SequenceNumber(1));
    assert_eq!(
        open_without_replay_check(&transform(suite), None, &mut packet),
        Err(OpenError::Padding(error))
    );
}

#[test]
fn every_length_below_the_least_is_refused() {
    let good = packet(1);
    // Header, initialization vector, one block, ICV.
    let needed = 8 + 16 + 16 + 12;
    assert_eq!(good.len(), needed);
    for len in 0..needed {
        let error = inbound().open_in_place(&mut good.clone()[..len]).unwrap_err();
        let OpenError::Length(error) = error else { panic!("{error}") };
        let least = if len < 8 { 8 } else { needed };
        let LengthError::Ends { offset, needed, available, .. } = error else { panic!("{error}") };
        assert_eq!((offset, needed, available), (0, least, len));
    }
}

/// Where a block is one octet, the trailer has two all the same.
#[test]
fn a_text_without_room_for_its_trailer_is_refused() {
    let suite = Suite::AES_128_GCM;
    let mut sa = InboundSa::<_, 2>::new(SPI, transform(suite), Esn::No);
    let needed = 8 + 8 + 2 + 16;
    for len in [needed - 2, needed - 1, needed] {
        let mut packet = std::vec![0; len];
        packet[..8].copy_from_slice(&[0x12, 0x34, 0x56, 0x78, 0, 0, 0, 1]);
        let error = LengthError::Ends {
            within: "ESP packet",
            element: "ESP packet",
            offset: 0,
            needed,
            available: len,
        };
        let expected = if len < needed { OpenError::Length(error) } else { NotAuthentic.into() };
        assert_eq!(sa.open_in_place(&mut packet), Err(expected));
    }
}

/// RFC 4303 section 3.3.3: "the sender MUST NOT send a packet on an SA if doing so would cause the sequence number to
/// cycle".
#[test]
fn sequence_numbers_do_not_cycle() {
    for (esn, last) in [(Esn::No, u64::from(u32::MAX)), (Esn::Yes, u64::MAX)] {
        let mut sa =
            OutboundSa::new(SPI, transform(Suite::AES_128_GCM), esn).resumed_after(SequenceNumber(last - 2));
        let mut buffer = [0; 100];
        for number in [last - 1, last] {
            sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Counter).unwrap();
            assert_eq!(sa.sequence(), SequenceNumber(number));
        }
        let before = buffer;
        let error = SealError::SequenceExhausted { last: SequenceNumber(last) };
        assert_eq!(sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Counter), Err(error));
        assert_eq!((buffer, sa.sequence()), (before, SequenceNumber(last)));
    }
}

#[test]
fn an_sa_never_resumes_before_where_it_is() {
    let mut sa = outbound().resumed_after(SequenceNumber(50)).resumed_after(SequenceNumber(40));
    let mut buffer = [0; 100];
    sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Octets(&[1; 16])).unwrap();
    assert_eq!(sa.sequence(), SequenceNumber(51));
}

/// RFC 3686 section 3.1, RFC 4106 section 3.1: a nonce is never used twice under one key.
#[test]
fn the_nonces_of_a_counter_mode_do_not_repeat() {
    for suite in Suite::all().filter(|suite| suite.encryption().iv_rule() == IvRule::NeverRepeated) {
        let mut sa =
            OutboundSa::new(SPI, transform(suite), Esn::Yes).resumed_after(SequenceNumber((1 << 32) - 100));
        let mut ivs = HashSet::new();
        let mut buffer = [0; 100];
        for _ in 0..200 {
            let packet = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Counter).unwrap();
            assert!(ivs.insert(packet[8..16].to_vec()), "{suite}");
        }
        // The caller has no say.
        let mut random = |iv: &mut [u8]| {
            iv.fill(7);
            Ok(())
        };
        for source in [IvSource::Octets(&[7; 8]), IvSource::Entropy(&mut random)] {
            assert_eq!(
                sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, source),
                Err(SealError::IvSource { rule: IvRule::NeverRepeated })
            );
        }
    }
}

/// Numbers whose sent halves are the same have nonces of their own, and so has an SA that another took over.
#[test]
fn the_nonce_of_a_counter_mode_is_the_whole_number() {
    for suite in Suite::all().filter(|suite| suite.encryption().iv_rule() == IvRule::NeverRepeated) {
        for high in [0, 1, 0xff, 1 << 31] {
            let after = SequenceNumber::from_halves(high, 0x0a0b_0c0c);
            let packet = sealed(suite, Esn::Yes, after, b"payload", NextHeader::UDP.into());
            assert_eq!(
                packet[8..16],
                [&high.to_be_bytes()[..], &[0x0a, 0x0b, 0x0c, 0x0d]].concat(),
                "{suite}"
            );
        }
    }
}

/// RFC 3602 section 3: the IV "MUST be chosen at random, and MUST be unpredictable".
#[test]
fn a_counter_is_no_source_for_chained_blocks() {
    let mut buffer = [3; 100];
    let mut sa = outbound();
    let mut seal = |buffer: &mut [u8], source| {
        sa.seal_in_place(buffer, 20, NextHeader::UDP, source).map(|packet| packet[8..24].to_vec())
    };
    let error = SealError::IvSource { rule: IvRule::Unpredictable };
    assert_eq!(seal(&mut buffer, IvSource::Counter), Err(error));
    for available in [0, 8, 15, 17] {
        let error = SealError::IvLen { needed: 16, available };
        assert_eq!(seal(&mut buffer, IvSource::Octets(&[1; 17][..available])), Err(error));
    }
    assert_eq!(buffer, [3; 100], "and nothing was written");
    assert_eq!(seal(&mut buffer, IvSource::Octets(&[1; 16])).unwrap(), [1; 16]);
    let mut random = |iv: &mut [u8]| {
        iv.fill(7);
        Ok(())
    };
    assert_eq!(seal(&mut buffer, IvSource::Entropy(&mut random)).unwrap(), [7; 16]);
    assert_eq!(sa.sequence(), SequenceNumber(2), "what failed used no number");
}

/// A vector that nobody filled could be predicted.
#[test]
fn a_generator_without_entropy_seals_nothing() {
    use crate::NoEntropy;
    let mut sa = outbound();
    let mut buffer = [3; 100];
    let mut empty = |_: &mut [u8]| Err(NoEntropy);
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut empty));
    assert_eq!(sealed, Err(SealError::NoEntropy(NoEntropy)));
    assert_eq!((&buffer[24..], sa.sequence()), (&[3; 76][..], SequenceNumber::ZERO));
    // One that says it filled them, and did not.
    let mut idle = |_: &mut [u8]| Ok(());
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut idle));
    assert_eq!(sealed, Err(SealError::NoEntropy(NoEntropy)));
    assert_eq!((&buffer[24..], sa.sequence()), (&[3; 76][..], SequenceNumber::ZERO));
    let mut full = |iv: &mut [u8]| {
        iv.fill(7);
        Ok::<(), NoEntropy>(())
    };
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut full)).unwrap();
    assert_eq!((&sealed[8..24], sa.sequence()), (&[7; 16][..], SequenceNumber(1)));
    // Counter modes take the SA's counter and nothing else.
    let mut sa = OutboundSa::new(SPI, transform(Suite::AES_128_GCM), Esn::No);
    let error = SealError::IvSource { rule: IvRule::NeverRepeated };
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Entropy(&mut full));
    assert_eq!(sealed, Err(error));
}

#[test]
fn a_buffer_without_room_is_refused() {
    let mut sa = outbound();
    let needed = sa.headroom() + 20 + sa.tailroom(20);
    assert_eq!((sa.headroom(), needed), (24, 24 + 32 + 12));
    let mut buffer = [3; 100];
    for available in 0..needed {
        let error = EmitError::BufferTooSmall { needed, available };
        let sealed =
            sa.seal_in_place(&mut buffer[..available], 20, NextHeader::UDP, IvSource::Octets(&[1; 16]));
        assert_eq!(sealed, Err(error.into()));
    }
    assert_eq!((buffer, sa.sequence()), ([3; 100], SequenceNumber::ZERO));
    let len = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Octets(&[1; 16])).unwrap().len();
    assert_eq!(len, needed);
    assert_eq!(buffer[needed..], [3; 100][needed..], "nothing behind the packet is touched");
    let huge = sa.seal_in_place(&mut buffer, usize::MAX - 3, NextHeader::UDP, IvSource::Octets(&[1; 16]));
    assert_eq!(huge, Err(SealError::TooLong));
    let flow = Padding { traffic_flow_len: usize::MAX, ..Padding::new(NextHeader::UDP) };
    let huge = sa.seal_in_place(&mut buffer, 20, flow, IvSource::Octets(&[1; 16]));
    assert_eq!(huge, Err(SealError::TooLong), "that is not too much padding");
    let sealing = Padding { minimum_len: 255, ..Padding::new(NextHeader::UDP) };
    let padded = sa.seal_in_place(&mut buffer, 20, sealing, IvSource::Octets(&[1; 16]));
    assert_eq!(padded, Err(SealError::PaddingTooLong));
    assert_eq!(sa.tailroom_for(20, &sealing), usize::MAX);
}

/// RFC 4303 section 2.1: "a value of zero MUST NOT be sent".
#[test]
fn spi_zero_is_never_sent() {
    let mut sa = OutboundSa::new(Spi::LOCAL, transform(SUITE), Esn::No);
    let mut buffer = [0; 100];
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Octets(&[1; 16]));
    assert_eq!(sealed, Err(SealError::LocalSpi));
}

/// RFC 4303 section 2.6: packets with next header 59 are dummies, "discarded without prejudice".
#[test]
fn dummies_are_known() {
    let mut packet = sealed(SUITE, Esn::No, SequenceNumber::ZERO, &[0; 40], NextHeader::NONE.into());
    let mut sa = inbound();
    assert!(sa.open_in_place(&mut packet).unwrap().is_dummy());
    assert!(!sa.open_in_place(&mut self::packet(2)).unwrap().is_dummy());
}

/// RFC 4303 section 2.7: the inner length tells where traffic-flow-confidentiality padding begins.
#[test]
fn traffic_flow_padding_is_told_from_the_inner_packet() {
    let split = |payload: &[u8], next_header: NextHeader, traffic_flow_len| {
        let sealing = Padding { traffic_flow_len, ..next_header.into() };
        let mut packet = sealed(SUITE, Esn::No, SequenceNumber::ZERO, payload, sealing);
        let opened = open_without_replay_check(&transform(SUITE), None, &mut packet).unwrap();
        let (payload, padding) = opened.split_traffic_flow_padding();
        (payload.len(), padding.len())
    };
    let mut ipv4 = [0; 30];
    ipv4[0] = 0x45;
    ipv4[3] = 30;
    assert_eq!(split(&ipv4, NextHeader::IPV4, 100), (30, 100));
    assert_eq!(split(&ipv4, NextHeader::IPV4, 0), (30, 0));
    assert_eq!(split(&ipv4, NextHeader::UDP, 100), (130, 0), "in transport mode its protocol has to tell");
    assert_eq!(split(&ipv4, NextHeader::IPV6, 100), (130, 0), "no IPv6 packet");
    ipv4[3] = 31;
    assert_eq!(split(&ipv4, NextHeader::IPV4, 0), (30, 0), "longer than it is");
    ipv4[3] = 3;
    assert_eq!(split(&ipv4, NextHeader::IPV4, 0), (20, 10), "shorter than its header");
    let mut ipv6 = [0; 50];
    ipv6[0] = 0x60;
    ipv6[5] = 10;
    assert_eq!(split(&ipv6, NextHeader::IPV6, 7), (50, 7));
    assert_eq!(split(&ipv6[..3], NextHeader::IPV6, 0), (3, 0));
}

/// An SA past its hard lifetime neither seals nor opens, and says so before it looks at the sequence number.
#[test]
fn lifetimes_end_sas() {
    let hard = Limit { octets: Some(2 * (52 + 20)), age: Some(Duration::from_secs(60)) };
    let soft = Limit { octets: Some(52 + 20), age: None };
    let mut sa = inbound();
    sa = sa.with_lifetime(&Lifetime::new(soft, hard, 20));
    sa.open_in_place(&mut packet(1)).unwrap();
    assert_eq!(sa.lifetime().stage(), Stage::SoftExpired);
    // What is dropped does not count.
    assert!(matches!(sa.open_in_place(&mut packet(1)), Err(OpenError::Replay(_))));
    let mut forged = packet(2);
    forged[30] ^= 1;
    assert!(matches!(sa.open_in_place(&mut forged), Err(OpenError::NotAuthentic(_))));
    assert_eq!(sa.lifetime().octets(), 72);
    sa.open_in_place(&mut packet(2)).unwrap();
    assert_eq!(sa.open_in_place(&mut packet(3)), Err(OpenError::Expired));
    assert_eq!(sa.open_in_place(&mut packet(2)), Err(OpenError::Expired));

    let mut sa = outbound();
    sa = sa.with_lifetime(&Lifetime::new(soft, hard, 20));
    let mut buffer = [0; 100];
    sa.seal_in_place(&mut buffer, 9, NextHeader::UDP, IvSource::Octets(&[1; 16])).unwrap();
    assert_eq!(sa.lifetime().stage(), Stage::SoftExpired);
    sa.grow(Duration::from_secs(60));
    let sealed = sa.seal_in_place(&mut buffer, 9, NextHeader::UDP, IvSource::Octets(&[1; 16]));
    assert_eq!((sealed, sa.sequence()), (Err(SealError::Expired), SequenceNumber(1)));
}

/// A ping of 100 octets in a tunnel with DES or 3DES and an ICV of 96 bits is a packet of 152.
#[test]
fn a_packet_of_100_octets_makes_one_of_152() {
    for suite in [Suite::DES_MD5, Suite::TRIPLE_DES_MD5, Suite::TRIPLE_DES_SHA1] {
        let len = sealed_len(&transform(suite), 100, &NextHeader::IPV4.into()).unwrap();
        assert_eq!(20 + len, 152);
        let packet = sealed(suite, Esn::No, SequenceNumber::ZERO, &[0; 100], NextHeader::IPV4.into());
        assert_eq!(packet.len(), len);
    }
    assert_eq!(sealed_len(&transform(SUITE), usize::MAX, &NextHeader::IPV4.into()), None);
}

/// What a stateful pair told each other, with real packets: the kilobytes left after each thousand of them.
#[test]
fn kilobytes_left_after_real_packets_of_152_octets() {
    let mut outbound = OutboundSa::new(SPI, transform(Suite::TRIPLE_DES_MD5), Esn::No);
    let mut inbound = InboundSa::<_, 2>::new(SPI, transform(Suite::TRIPLE_DES_MD5), Esn::No);
    let hard = Limit { octets: Some(3_998_921 * 1024 + 384), age: None };
    inbound = inbound.with_lifetime(&Lifetime::new(Limit::NONE, hard, 20));
    let mut buffer = [0; 132];
    let mut updates = Vec::new();
    for _ in 0..4000 {
        let source = IvSource::Octets(&[0x5a; 8]);
        let packet = outbound.seal_in_place(&mut buffer, 100, NextHeader::IPV4, source).unwrap();
        let number = inbound.open_in_place(packet).unwrap().sequence.0;
        if number.is_multiple_of(1000) {
            updates.push((number, inbound.lifetime().remaining_kilobytes().unwrap()));
        }
    }
    assert_eq!(updates, [(1000, 3_998_772), (2000, 3_998_624), (3000, 3_998_476), (4000, 3_998_327)]);
}

/// RFC 4303 section 2.2.1: the high half is authenticated and not sent.
#[test]
fn the_high_half_counts_for_the_icv_and_is_not_sent() {
    for suite in Suite::all() {
        let payload = [7; 33];
        let seal = |esn, after| sealed(suite, esn, SequenceNumber(after), &payload, NextHeader::UDP.into());
        let short = seal(Esn::No, 4);
        let low = seal(Esn::Yes, 4);
        assert_eq!(short.len(), low.len());
        let icv_offset = short.len() - suite.icv_len();
        assert_eq!(short[..icv_offset], low[..icv_offset]);
        assert_ne!(short[icv_offset..], low[icv_offset..], "{suite}");

        // A receiver in the second subspace takes packets of the second, the end of the first, and no other.
        let mut sa = InboundSa::<_, 17>::new(SPI, transform(suite), Esn::Yes)
            .with_window(&ReplayWindow::starting_at(SequenceNumber((1 << 32) - 3)));
        let after = |number: u64| seal(Esn::Yes, number - 1);
        assert_eq!(sa.open_in_place(&mut after((1 << 32) - 1)).unwrap().sequence.0, (1 << 32) - 1);
        assert_eq!(sa.open_in_place(&mut after((1 << 32) + 5)).unwrap().sequence.0, (1 << 32) + 5);
        assert_eq!(sa.open_in_place(&mut after((1 << 32) - 2)).unwrap().sequence.0, (1 << 32) - 2);
        assert_eq!(sa.open_in_place(&mut after((2 << 32) + 6)), Err(NotAuthentic.into()), "a subspace ahead");
        assert_eq!(sa.open_in_place(&mut after(6)), Err(NotAuthentic.into()), "the first subspace");
        assert_eq!(sa.open_in_place(&mut after(1 << 32)).unwrap().sequence.0, 1 << 32, "low half zero");
    }
}

/// The decision of RFC 4303 appendix A2.2, case B, with a high half of zero: refused before the ICV is looked at.
#[test]
fn a_number_before_the_first_is_refused_before_the_icv() {
    let mut sa = InboundSa::<_, 17>::new(SPI, transform(SUITE), Esn::Yes);
    let mut packet = sealed(
        SUITE,
        Esn::Yes,
        SequenceNumber(u64::MAX - 1),
        b"with the high half that the appendix computes",
        NextHeader::UDP.into(),
    );
    let error = ReplayError::BeforeFirst { low: u32::MAX, highest: SequenceNumber::ZERO };
    assert_eq!(sa.open_in_place(&mut packet), Err(error.into()));
}

/// A standby that takes over accepts nothing its peer may have accepted, and sends nothing its peer may have sent.
#[test]
fn a_standby_continues_after_what_it_was_told() {
    let mut sa = inbound().with_window(&ReplayWindow::starting_at(SequenceNumber(1000)));
    for number in [1000, 999, 937, 936, 1] {
        assert!(matches!(sa.open_in_place(&mut packet(number)), Err(OpenError::Replay(_))), "{number}");
    }
    sa.open_in_place(&mut packet(1001)).unwrap();
    assert!(matches!(sa.open_in_place(&mut packet(1000)), Err(OpenError::Replay(_))));
}

#[test]
fn what_is_sealed_again_follows_every_field() {
    let mut buffer = packet(1);
    let original = buffer.clone();
    let transform = transform(SUITE);
    let opened = open_without_replay_check(&transform, None, &mut buffer).unwrap();
    let seal = |opened: &Opened<'_>| {
        let mut again = std::vec![0; opened.sealed_len(&transform)];
        opened.seal_again(&transform, Esn::No, &mut again).map(|len| {
            assert_eq!(len, again.len());
            again
        })
    };
    assert_eq!(seal(&opened).unwrap(), original);
    let mut seen = HashSet::from([original]);
    for changed in [
        Opened { spi: Spi(1), ..opened },
        Opened { sequence: SequenceNumber(2), ..opened },
        Opened { iv: &[0; 16], ..opened },
        Opened { payload: b"A payload", ..opened },
        Opened { payload: &[1; 4], padding: &[1; 10], ..opened },
        Opened { padding: &[0; 5], ..opened },
        Opened { padding: &[0; 21], ..opened },
        Opened { next_header: NextHeader::TCP, ..opened },
    ] {
        assert!(seen.insert(seal(&changed).unwrap()), "{changed:?}");
    }
    assert_eq!(seal(&Opened { iv: &[0; 15], ..opened }), Err(SealError::IvLen { needed: 16, available: 15 }));
    assert_eq!(seal(&Opened { padding: &[], ..opened }), Err(SealError::Blocks { len: 11, block_len: 16 }));
    assert_eq!(seal(&Opened { padding: &[0; 261], ..opened }), Err(SealError::PaddingTooLong));
    let mut small = [0; 51];
    assert_eq!(
        opened.seal_again(&transform, Esn::No, &mut small),
        Err(EmitError::BufferTooSmall { needed: 52, available: 51 }.into())
    );
}

/// design.md: sequence, initialization vector, next header, padding and payload with its traffic-flow padding are all that a sender
/// chooses. Whatever they are, a packet that is accepted is sealed again to the same octets.
#[test]
fn any_accepted_packet_can_be_sealed_again() {
    let mut count = 0;
    for suite in Suite::all() {
        let encryption = suite.encryption();
        for (len, esn) in (0..60).zip([Esn::No, Esn::Yes].into_iter().cycle()) {
            let payload: Vec<u8> = (0..len).collect();
            let iv = [len | 1; 16];
            let fill = padding_len(payload.len(), encryption.block_len(), 0).unwrap();
            // Padding that no sender of ours writes, as long as it may be, and no longer than it has to be.
            for padding_len in [fill, fill + 16, fill + 240 - 16] {
                let ours = Opened {
                    spi: SPI,
                    sequence: SequenceNumber::from_halves(if esn == Esn::Yes { 7 } else { 0 }, 1000),
                    iv: &iv[..encryption.iv_len()],
                    payload: &payload,
                    padding: &std::vec![0xa5; padding_len],
                    next_header: NextHeader(len),
                };
                let mut packet = std::vec![0; ours.sealed_len(&transform(suite))];
                ours.seal_again(&transform(suite), esn, &mut packet).unwrap();
                let start = SequenceNumber(ours.sequence.0 - 1);
                let mut sa = InboundSa::<_, 2>::new(SPI, transform(suite), esn)
                    .with_window(&ReplayWindow::starting_at(start))
                    .with_padding_rule(PaddingRule::Any);
                let mut buffer = packet.clone();
                let opened = sa.open_in_place(&mut buffer).unwrap();
                assert_eq!(opened, ours, "{suite}");
                let mut again = std::vec![0; packet.len()];
                opened.seal_again(&transform(suite), esn, &mut again).unwrap();
                assert_eq!(again, packet, "{suite}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 75 * 60 * 3);
}

/// Whatever a caller does with an SA, its lifetime ends when it ends, its number and its window do not go back.
#[test]
fn an_sa_cannot_be_made_younger() {
    let hard = Lifetime::new(Limit::NONE, Limit::of_octets(72), 20);
    let forever = Lifetime::new(Limit::NONE, Limit::of_octets(u64::MAX), 0);
    let mut sa = inbound().with_lifetime(&hard);
    sa.open_in_place(&mut packet(1)).unwrap();
    assert_eq!(sa.lifetime().stage(), Stage::HardExpired);
    let mut sa = sa.with_lifetime(&forever).with_lifetime(&Lifetime::UNLIMITED);
    sa.grow(Duration::ZERO);
    assert_eq!(sa.open_in_place(&mut packet(2)), Err(OpenError::Expired));
    // A copy of what it has used is a value of its own.
    assert_eq!(sa.lifetime().with_usage(0, 0, Duration::ZERO), *sa.lifetime());
    assert_eq!((sa.lifetime().octets(), sa.lifetime().packets()), (72, 1));

    let mut sa = inbound();
    sa.open_in_place(&mut packet(1)).unwrap();
    let mut sa = sa.with_window(&ReplayWindow::new());
    assert!(matches!(sa.open_in_place(&mut packet(1)), Err(OpenError::Replay(_))));

    let mut sa = outbound().with_lifetime(&hard);
    let mut buffer = [0; 100];
    sa.seal_in_place(&mut buffer, 9, NextHeader::UDP, IvSource::Octets(&[1; 16])).unwrap();
    let mut sa = sa.with_lifetime(&forever).resumed_after(SequenceNumber::ZERO);
    assert_eq!(sa.sequence(), SequenceNumber(1));
    let sealed = sa.seal_in_place(&mut buffer, 9, NextHeader::UDP, IvSource::Octets(&[1; 16]));
    assert_eq!(sealed, Err(SealError::Expired));
}

#[test]
fn nothing_prints_a_key_or_a_payload() {
    for suite in Suite::all() {
        let sa = OutboundSa::new(SPI, transform(suite), Esn::No);
        let printed = format!("{sa:?} {:?}", InboundSa::<_, 2>::new(SPI, transform(suite), Esn::No));
        // The keys of these transforms are runs of successive octets from 0x21 and from 0x85 on.
        for run in ["33, 34", "0x21", "2122", "133, 134", "0x85", "8586"] {
            assert!(!printed.contains(run), "{printed}");
        }
    }
    let error = OpenError::from(NotAuthentic);
    assert_eq!(
        (format!("{error}"), format!("{error:?}")),
        ("not authentic".into(), "NotAuthentic(NotAuthentic)".into())
    );
    assert_eq!(format!("{:?}", IvSource::Octets(&[0x21; 16])), "Octets(..)");
}

#[test]
fn errors_are_send_sync_static() {
    fn check<T: core::error::Error + Send + Sync + 'static>() {}
    check::<OpenError>();
    check::<SealError>();
    check::<PaddingError>();
    check::<ParseError>();
}
