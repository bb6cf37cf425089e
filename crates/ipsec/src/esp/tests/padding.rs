//! Tests of the trailer, its padding, and traffic-flow padding.

use super::*;
use crate::NextHeader;
use crate::NotAuthentic;
use crate::properties::{SPI, sealed, transform};
use crate::suite::Suite;
use crate::{Esn, LengthError, SequenceNumber};

/// These packets are authentic and end wrongly. They are sealed from values that no SA makes.
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
    assert_eq!(
        (sa.window().highest(), sa.lifetime().packets()),
        (SequenceNumber(1), 1),
        "the packet was authentic"
    );
    let again = sa.open_in_place(&mut packet.clone()).unwrap_err();
    assert!(matches!(again, OpenError::Replay(_)), "the second time it is a replay");

    let mut sa = inbound();
    sa = sa.with_padding_rule(PaddingRule::Any);
    assert_eq!(sa.open_in_place(&mut packet.clone()).unwrap().padding, [9; 5]);

    // The pad length reaches beyond the text: the first octet of the trailer comes from the end of the payload.
    let text = Opened { payload: &[7; 14], padding: &[], next_header: NextHeader::UDP, ..opened };
    let mut layered = std::vec![0; 100];
    let len = text.seal_again(&transform(SUITE), Esn::No, &mut layered).unwrap();
    let mut sa = inbound();
    assert!(sa.open_in_place(&mut layered[..len]).is_ok());
}

#[test]
fn a_pad_length_beyond_the_text_is_refused_in_an_authentic_packet() {
    // With NULL encryption the pad length is in clear: change it and compute the ICV again with the transform itself.
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

/// Even where a block is one octet, the trailer has two.
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

/// RFC 4303 section 2.6: packets with next header 59 are dummies, which the receiver drops.
#[test]
fn dummies_are_known() {
    let mut packet = sealed(SUITE, Esn::No, SequenceNumber::ZERO, &[0; 40], NextHeader::NONE.into());
    let mut sa = inbound();
    assert!(sa.open_in_place(&mut packet).unwrap().is_dummy());
    assert!(!sa.open_in_place(&mut self::packet(2)).unwrap().is_dummy());
}

/// RFC 4303 section 2.7: the length of the inner packet tells where traffic-flow-confidentiality padding begins.
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
    assert_eq!(
        split(&ipv4, NextHeader::UDP, 100),
        (130, 0),
        "in transport mode only the upper protocol knows"
    );
    assert_eq!(split(&ipv4, NextHeader::IPV6, 100), (130, 0), "the payload is not an IPv6 packet");
    ipv4[3] = 31;
    assert_eq!(split(&ipv4, NextHeader::IPV4, 0), (30, 0), "the stated length is longer than the payload");
    ipv4[3] = 3;
    assert_eq!(split(&ipv4, NextHeader::IPV4, 0), (20, 10), "the stated length is shorter than the header");
    let mut ipv6 = [0; 50];
    ipv6[0] = 0x60;
    ipv6[5] = 10;
    assert_eq!(split(&ipv6, NextHeader::IPV6, 7), (50, 7));
    assert_eq!(split(&ipv6[..3], NextHeader::IPV6, 0), (3, 0));
}
