//! Tests of accepted packets that are sealed again.

use std::collections::HashSet;
use std::vec::Vec;

use super::*;
use crate::NextHeader;
use crate::ReplayWindow;
use crate::properties::{SPI, transform};
use crate::suite::Suite;
use crate::{Esn, SequenceNumber};

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

/// design.md: sequence number, initialization vector, next header, padding and payload with its traffic-flow padding
/// are all that a sender chooses. Whatever they are, a packet that is accepted can be sealed again to the same
/// octets.
#[test]
fn any_accepted_packet_can_be_sealed_again() {
    let mut count = 0;
    for suite in Suite::all() {
        let encryption = suite.encryption();
        for (len, esn) in (0..60).zip([Esn::No, Esn::Yes].into_iter().cycle()) {
            let payload: Vec<u8> = (0..len).collect();
            let iv = [len | 1; 16];
            let fill = padding_len(payload.len(), encryption.block_len(), 0).unwrap();
            // Our senders never write such padding. It goes from the shortest that fills the blocks to the longest
            // that fits.
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
    assert_eq!(count, 130 * 60 * 3);
}
