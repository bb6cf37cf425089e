//! Tests of the sequence numbers of an SA, and of its end.

use std::time::Duration;

use super::*;
use crate::NotAuthentic;
use crate::ReplayWindow;
use crate::properties::SPI;
use crate::properties::ah::under;
use crate::properties::tunnels::packet;
use crate::{Esn, SequenceNumber};
use crate::{Lifetime, Limit, Stage};

/// RFC 4302 section 3.3.2: a sender must not let the sequence number start over.
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

/// RFC 4302 sections 2.5.1 and 3.3.3.2.2: the ICV covers the high half after the payload, but it is not sent.
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
