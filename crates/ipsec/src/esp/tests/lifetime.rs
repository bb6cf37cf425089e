//! Tests of the end of an SA.

use std::time::Duration;
use std::vec::Vec;

use super::*;
use crate::NextHeader;
use crate::ReplayWindow;
use crate::properties::{SPI, transform};
use crate::suite::Suite;
use crate::{Esn, SequenceNumber};
use crate::{Lifetime, Limit, Stage};

/// An SA past its hard lifetime neither seals nor opens, and it says so before it checks the sequence number.
#[test]
fn lifetimes_end_sas() {
    let hard = Limit { octets: Some(2 * (52 + 20)), age: Some(Duration::from_secs(60)) };
    let soft = Limit { octets: Some(52 + 20), age: None };
    let mut sa = inbound();
    sa = sa.with_lifetime(&Lifetime::new(soft, hard, 20));
    sa.open_in_place(&mut packet(1)).unwrap();
    assert_eq!(sa.lifetime().stage(), Stage::SoftExpired);
    // Packets that are dropped do not count.
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

/// The kilobytes left after each thousand packets, as a stateful pair reported them. The test counts real packets.
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

/// Whatever a caller does with an SA, its lifetime ends at the same point, and its number and window do not go back.
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
    // A copy of the lifetime is a value of its own.
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
