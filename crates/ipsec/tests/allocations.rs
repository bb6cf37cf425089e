//! Nothing allocates: not sealing, not opening, not refusing.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use allocation_counter::measure;
use vpnwire_ipsec::esp::{Header, InboundSa, IvSource, NextHeader, OutboundSa};
use vpnwire_ipsec::{IvRule, Numbering, Secret, Spi, Suite};

#[test]
fn sealing_and_opening_allocate_nothing() {
    let octets: Vec<u8> = (0x21..0xa0).collect();
    let mut packets = 0u64;
    for suite in Suite::all() {
        let encryption_len = suite.encryption().key_len();
        let info = measure(|| {
            let transform = || {
                let (key, rest) = octets.split_at(encryption_len);
                let mac_key = &rest[..suite.key_len().saturating_sub(encryption_len)];
                suite.transform(Secret::new(key), Secret::new(mac_key)).unwrap()
            };
            let mut outbound = OutboundSa::new(Spi(300), transform(), Numbering::Extended);
            let mut inbound = InboundSa::<_>::new(Spi(300), transform(), Numbering::Extended);
            let mut buffer = [0; 1600];
            let mut fill = |iv: &mut [u8]| iv.fill(7);
            for payload_len in [0, 64, 256, 576, 1408] {
                let source = match suite.encryption().iv_rule() {
                    IvRule::Unpredictable => IvSource::Random(&mut fill),
                    _ => IvSource::Counter,
                };
                let packet =
                    outbound.seal_in_place(&mut buffer, payload_len, NextHeader::IPV4, source).unwrap();
                assert!(Header::parse_prefix(packet).is_ok());
                let mut replayed = [0; 1600];
                let replayed = &mut replayed[..packet.len()];
                replayed.clone_from_slice(packet);
                assert_eq!(inbound.open_in_place(packet).unwrap().payload.len(), payload_len);
                assert!(inbound.open_in_place(replayed).is_err());
                packets += 1;
            }
        });
        assert_eq!((info.count_total, info.bytes_total), (0, 0), "{suite}");
    }
    assert_eq!(packets, 75 * 5);
}

/// The counter counts: a gate that cannot fail is none.
#[test]
fn an_allocation_is_counted() {
    let info = measure(|| drop(std::hint::black_box(vec![1; 100])));
    assert_eq!(info.count_total, 1);
}
