use std::format;
use std::vec::Vec;

use super::*;
use crate::NextHeader;
use crate::NotAuthentic;
use crate::ReplayError;
use crate::properties::{SPI, sealed, transform};
use crate::suite::Suite;
use crate::{Esn, LengthError, SequenceNumber};

mod lifetime;
mod nonce;
mod padding;
mod sealed_again;
mod sequence;

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

    // The length is checked before the SPI.
    let mut short = good[..30].to_vec();
    short[0] ^= 1;
    assert!(matches!(sa.open_in_place(&mut short), Err(OpenError::Length(_))));
    let mut ragged = [&good[..], &[0]].concat();
    ragged[0] ^= 1;
    assert_eq!(sa.open_in_place(&mut ragged), Err(OpenError::Blocks { len: 17, block_len: 16 }));
    // The SPI is checked before the sequence number.
    let mut other = spoiled(10);
    other[0] ^= 1;
    let spi = Spi(SPI.0 ^ 0x0100_0000);
    assert_eq!(sa.open_in_place(&mut other), Err(OpenError::OtherSpi { spi }));
    // The sequence number is checked before the ICV.
    let number = SequenceNumber(10);
    let replayed = Err(OpenError::Replay(ReplayError::Replayed { number }));
    assert_eq!(sa.open_in_place(&mut spoiled(10)), replayed);
    assert_eq!(sa.open_in_place(&mut packet(10)), replayed);
    sa.open_in_place(&mut packet(100)).unwrap();
    let too_old = ReplayError::TooOld { number: SequenceNumber(36), highest: SequenceNumber(100) };
    assert_eq!(sa.open_in_place(&mut spoiled(36)), Err(OpenError::Replay(too_old)));
    // The ICV is checked before the number is accepted: a forgery does not move the window.
    assert_eq!(sa.open_in_place(&mut spoiled(101)), Err(NotAuthentic.into()));
    assert_eq!(sa.window().highest(), SequenceNumber(100));
    sa.open_in_place(&mut packet(101)).unwrap();
    assert_eq!(sa.open_in_place(&mut spoiled(38)), Err(NotAuthentic.into()));
    sa.open_in_place(&mut packet(38)).unwrap();
    assert_eq!(sa.lifetime().packets(), 4);
}

#[test]
fn every_length_below_the_least_is_refused() {
    let good = packet(1);
    // The parts are header, initialization vector, one block, ICV.
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
    assert_eq!(buffer[needed..], [3; 100][needed..], "no octet behind the packet is changed");
    let huge = sa.seal_in_place(&mut buffer, usize::MAX - 3, NextHeader::UDP, IvSource::Octets(&[1; 16]));
    assert_eq!(huge, Err(SealError::TooLong));
    let flow = Padding { traffic_flow_len: usize::MAX, ..Padding::new(NextHeader::UDP) };
    let huge = sa.seal_in_place(&mut buffer, 20, flow, IvSource::Octets(&[1; 16]));
    assert_eq!(huge, Err(SealError::TooLong), "the payload is too long, not the padding");
    let sealing = Padding { minimum_len: 255, ..Padding::new(NextHeader::UDP) };
    let padded = sa.seal_in_place(&mut buffer, 20, sealing, IvSource::Octets(&[1; 16]));
    assert_eq!(padded, Err(SealError::PaddingTooLong));
    assert_eq!(sa.tailroom_for(20, &sealing), usize::MAX);
}

/// RFC 4303 section 2.1: an SPI of zero must not be sent.
#[test]
fn spi_zero_is_never_sent() {
    let mut sa = OutboundSa::new(Spi::LOCAL, transform(SUITE), Esn::No);
    let mut buffer = [0; 100];
    let sealed = sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Octets(&[1; 16]));
    assert_eq!(sealed, Err(SealError::LocalSpi));
}

/// A ping of 100 octets in a tunnel with DES or 3DES and an ICV of 96 bits becomes a packet of 152 octets.
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
        (
            "not authentic: the octets were changed on the way, or made with another key".into(),
            "NotAuthentic(NotAuthentic)".into()
        )
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
