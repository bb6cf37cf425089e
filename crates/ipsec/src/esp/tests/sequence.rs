//! Tests of the sequence numbers of an SA.

use super::*;
use crate::NextHeader;
use crate::NotAuthentic;
use crate::properties::{SPI, sealed, transform};
use crate::suite::Suite;
use crate::{Esn, SequenceNumber};
use crate::{ReplayError, ReplayWindow};

/// RFC 4303 section 3.3.3: a sender must not let the sequence number start over.
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

/// RFC 4303 section 2.2.1: the ICV covers the high half, which is not sent.
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

        // A receiver in the second subspace accepts packets of the second subspace and of the end of the first, and
        // no others.
        let mut sa = InboundSa::<_, 17>::new(SPI, transform(suite), Esn::Yes)
            .with_window(&ReplayWindow::starting_at(SequenceNumber((1 << 32) - 3)));
        let after = |number: u64| seal(Esn::Yes, number - 1);
        assert_eq!(sa.open_in_place(&mut after((1 << 32) - 1)).unwrap().sequence.0, (1 << 32) - 1);
        assert_eq!(sa.open_in_place(&mut after((1 << 32) + 5)).unwrap().sequence.0, (1 << 32) + 5);
        assert_eq!(sa.open_in_place(&mut after((1 << 32) - 2)).unwrap().sequence.0, (1 << 32) - 2);
        assert_eq!(
            sa.open_in_place(&mut after((2 << 32) + 6)),
            Err(NotAuthentic.into()),
            "a packet one subspace ahead"
        );
        assert_eq!(
            sa.open_in_place(&mut after(6)),
            Err(NotAuthentic.into()),
            "a packet of the first subspace"
        );
        assert_eq!(
            sa.open_in_place(&mut after(1 << 32)).unwrap().sequence.0,
            1 << 32,
            "a packet with a low half of zero"
        );
    }
}

/// RFC 4303 appendix A2.2, case B, with a high half of zero: our decision is to refuse the packet before the ICV is
/// checked.
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

/// A standby that takes over accepts nothing that its peer may have accepted, and sends nothing that its peer may
/// have sent.
#[test]
fn a_standby_continues_after_what_it_was_told() {
    let mut sa = inbound().with_window(&ReplayWindow::starting_at(SequenceNumber(1000)));
    for number in [1000, 999, 937, 936, 1] {
        assert!(matches!(sa.open_in_place(&mut packet(number)), Err(OpenError::Replay(_))), "{number}");
    }
    sa.open_in_place(&mut packet(1001)).unwrap();
    assert!(matches!(sa.open_in_place(&mut packet(1000)), Err(OpenError::Replay(_))));
}
