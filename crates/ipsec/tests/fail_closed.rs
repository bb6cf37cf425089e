//! An SA never emits a packet that is not whole. Transforms that state wrong lengths, or change their lengths between
//! calls, get an error, and the payload is not left in the buffer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    reason = "a test may panic: that is how it fails"
)]

use std::cell::Cell;

use crypto::mac::{Hmac, HmacSha1_96};
use vpnwire_ipsec::ah::{self, Covered, IntegrityAlgorithm};
use vpnwire_ipsec::bundle::{self, BundleTransform, BundledSa, InboundBundle, OutboundBundle};
use vpnwire_ipsec::esp::{self, InboundSa, IvSource, OutboundSa};
use vpnwire_ipsec::suite::Suite;
use vpnwire_ipsec::transform::{AesGmac, MIN_ICV_LEN, Protected, Transform};
use vpnwire_ipsec::{
    Esn, IvRule, NextHeader, NoEntropy, NotAuthentic, Secret, SequenceNumber, ShapeError, Spi,
};

const PAYLOAD: &[u8] = b"nobody but the peer may read this text, which is long";
const SPI: Spi = Spi(0x1234_5678);

/// A transform that states the lengths that the test wants, and otherwise works like another transform.
struct Liar<T> {
    behind: T,
    iv_len: usize,
    block_len: usize,
    icv_len: usize,
    iv_rule: IvRule,
    /// After this many calls, it states this length of its vector.
    later: Option<(usize, usize)>,
    calls: Cell<usize>,
}

impl<T: Transform> Liar<T> {
    fn of(behind: T) -> Self {
        Self {
            iv_len: behind.iv_len(),
            block_len: behind.block_len(),
            icv_len: behind.icv_len(),
            iv_rule: behind.iv_rule(),
            later: None,
            calls: Cell::new(0),
            behind,
        }
    }
}

impl<T: Transform> Transform for Liar<T> {
    fn iv_len(&self) -> usize {
        self.calls.set(self.calls.get() + 1);
        match self.later {
            Some((calls, len)) if self.calls.get() > calls => len,
            _ => self.iv_len,
        }
    }

    fn block_len(&self) -> usize {
        self.block_len
    }

    fn icv_len(&self) -> usize {
        self.icv_len
    }

    fn iv_rule(&self) -> IvRule {
        self.iv_rule
    }

    fn seal(&self, protected: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        self.behind.seal(protected, icv)
    }

    fn open(&self, protected: Protected<'_>, icv: &[u8]) -> Result<(), NotAuthentic> {
        self.behind.open(protected, icv)
    }
}

impl<T: Transform> BundleTransform for Liar<T> {}

fn aes() -> impl Transform {
    Suite::AES_128_SHA1.transform(Secret::new(&[1; 16]), Secret::new(&[2; 20])).unwrap()
}

fn contains(octets: &[u8], wanted: &[u8]) -> bool {
    octets.windows(wanted.len()).any(|window| window == wanted)
}

/// Seals the payload with ESP. Returns whether there was a packet, and the octets of the buffer afterwards.
fn esp<T: Transform>(sa: &mut OutboundSa<T>, iv: IvSource<'_>) -> (bool, Vec<u8>) {
    let mut buffer = vec![0; 400];
    let headroom = sa.headroom();
    buffer[headroom..headroom + PAYLOAD.len()].copy_from_slice(PAYLOAD);
    let sealed = sa.seal_in_place(&mut buffer, PAYLOAD.len(), NextHeader::IPV4, iv).is_ok();
    (sealed, buffer)
}

#[test]
fn a_transform_that_lies_about_its_blocks_seals_nothing() {
    let mut liar = Liar::of(aes());
    liar.block_len = 4;
    let mut sa = OutboundSa::new(SPI, liar, Esn::No);
    let (sealed, buffer) = esp(&mut sa, IvSource::Octets(&[3; 16]));
    assert!(!sealed, "a text that does not fill its blocks was sealed");
    assert!(!contains(&buffer, &PAYLOAD[..8]), "the payload is still there, framed as a packet");
}

#[test]
fn a_transform_that_lies_about_its_icv_seals_nothing() {
    let mut liar = Liar::of(aes());
    liar.icv_len = 16;
    let mut sa = OutboundSa::new(SPI, liar, Esn::No);
    let (sealed, buffer) = esp(&mut sa, IvSource::Octets(&[3; 16]));
    assert!(!sealed, "a packet without a right ICV was sealed");
    assert!(!contains(&buffer, &PAYLOAD[..8]));
}

/// A transform and an integrity algorithm whose ICV is too short to authenticate. They accept whatever they are
/// given.
struct Short(usize);

impl Transform for Short {
    fn iv_len(&self) -> usize {
        0
    }
    fn block_len(&self) -> usize {
        4
    }
    fn icv_len(&self) -> usize {
        self.0
    }
    fn iv_rule(&self) -> IvRule {
        IvRule::None
    }
    fn seal(&self, _: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
        icv.fill(7);
        Ok(())
    }
    fn open(&self, _: Protected<'_>, _: &[u8]) -> Result<(), NotAuthentic> {
        Ok(())
    }
}

impl BundleTransform for Short {}

impl IntegrityAlgorithm for Short {
    fn iv_len(&self) -> usize {
        0
    }
    fn icv_len(&self) -> usize {
        self.0
    }
    fn iv_rule(&self) -> IvRule {
        IvRule::None
    }
    fn compute(&self, _: &Covered<'_>, _: Option<u32>, icv: &mut [u8]) -> Result<(), ShapeError> {
        icv.fill(7);
        Ok(())
    }
    fn verify(&self, _: &Covered<'_>, _: Option<u32>, _: &[u8]) -> Result<(), NotAuthentic> {
        Ok(())
    }
}

#[test]
fn nothing_is_sealed_or_opened_without_an_icv_that_authenticates() {
    for len in 0..16 {
        let is_enough = len >= MIN_ICV_LEN;
        let (sealed, buffer) = esp(&mut OutboundSa::new(SPI, Short(len), Esn::No), IvSource::Counter);
        assert_eq!(sealed, is_enough, "ESP with an ICV of {len} octets");
        // A peer without an ICV would send this: header, payload, padding, trailer, and an ICV of any octets.
        let mut packet = [&SPI.0.to_be_bytes()[..], &[0, 0, 0, 1], &PAYLOAD[..50], &[0, 4]].concat();
        packet.extend_from_slice(&vec![7; len]);
        let mut sa = InboundSa::<_>::new(SPI, Short(len), Esn::No);
        assert_eq!(sa.open_in_place(&mut packet).is_ok(), is_enough, "ESP with an ICV of {len} octets");
        assert_eq!(sa.window().highest().0 != 0, is_enough);
        let opened = esp::Opened {
            spi: SPI,
            sequence: SequenceNumber(1),
            iv: &[],
            payload: &PAYLOAD[..50],
            padding: &[],
            next_header: NextHeader::IPV4,
        };
        assert_eq!(opened.seal_again(&Short(len), Esn::No, &mut [0; 100]).is_ok(), is_enough);
        drop(buffer);

        let (sealed, _) = bundle(Short(len), IvSource::Counter);
        assert_eq!(sealed.is_some(), is_enough, "a bundle with an ICV of {len} octets");
        let mut headers = ip_packet()[..20].to_vec();
        headers[9] = NextHeader::AH.0;
        let again = bundle::Opened {
            headers: &headers,
            reserved: 0,
            spi: SPI,
            sequence: SequenceNumber(1),
            padding: &[0; 4][..len.next_multiple_of(4) - len],
            esp: opened,
        };
        let again = again.seal_again(&Short(len), Esn::No, ah::Quirks::NONE, &mut [0; 200]);
        assert_eq!(again.is_ok(), is_enough, "a bundle that is sealed again with an ICV of {len} octets");

        let packet = ip_packet();
        let mut sa = ah::OutboundSa::new(SPI, Short(len), Esn::No);
        let headroom = sa.headroom();
        let mut buffer = vec![0; headroom];
        buffer.extend_from_slice(&packet);
        let sealed = sa.seal_in_place(&mut buffer, packet.len());
        if is_enough {
            let sealed = sealed.unwrap();
            assert!(ah::InboundSa::<_>::new(SPI, Short(len), Esn::No).open(sealed).is_ok());
        } else {
            assert_eq!(sealed, Err(ah::SealError::IcvTooShort { len }));
        }
    }
}

/// AH and a bundle: the packets have an ICV field, but the SA's algorithm has an ICV of no octets.
#[test]
fn a_packet_is_not_opened_by_an_algorithm_whose_icv_has_no_octets() {
    let field = [51, 1, 0, 0, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 1];
    for next_header in [17, 50] {
        let mut packet = ip_packet();
        packet[9] = 51;
        let mut header = field;
        header[0] = next_header;
        packet.splice(20..20, header);
        packet.splice(32..32, [&SPI.0.to_be_bytes()[..], &[0, 0, 0, 1]].concat());
        packet.extend([1, 1, 4]);
        let len = u16::try_from(packet.len()).unwrap();
        packet[2..4].copy_from_slice(&len.to_be_bytes());
        let error = ah::InboundSa::<_>::new(SPI, Short(0), Esn::No).open(&packet).unwrap_err();
        assert_eq!(error, ah::OpenError::NotAuthentic(NotAuthentic));
        if next_header == 50 {
            let bundled = BundledSa::new(SPI, Esn::No);
            let mut sa = InboundBundle::<_>::new(bundled, bundled, Short(0));
            let error = sa.open_in_place(&mut packet).unwrap_err();
            assert_eq!(error, bundle::OpenError::Ah(ah::OpenError::NotAuthentic(NotAuthentic)));
        }
    }
}

#[test]
fn an_unpredictable_vector_of_no_octets_is_told_as_that_and_not_as_a_source_without_entropy() {
    let mut liar = Liar::of(aes());
    liar.iv_len = 0;
    let mut sa = OutboundSa::new(SPI, liar, Esn::No);
    assert_eq!(sa.iv_rule(), IvRule::Unpredictable);
    let mut entropy = |octets: &mut [u8]| -> Result<(), NoEntropy> {
        octets.fill(7);
        Ok(())
    };
    let mut buffer = vec![0; 400];
    let result = sa.seal_in_place(&mut buffer, 20, NextHeader::IPV4, IvSource::Entropy(&mut entropy));
    assert_eq!(result, Err(esp::SealError::NoIv { rule: IvRule::Unpredictable }));
}

#[test]
fn a_transform_that_lies_about_its_vector_seals_nothing() {
    let mut liar = Liar::of(aes());
    liar.iv_len = 8;
    let mut sa = OutboundSa::new(SPI, liar, Esn::No);
    let (sealed, buffer) = esp(&mut sa, IvSource::Octets(&[3; 8]));
    assert!(!sealed);
    assert!(!contains(&buffer, &PAYLOAD[..8]));
}

/// RFC 3686 section 3.1: a vector of four octets would repeat after 2^32 packets of an SA with 64-bit numbers.
#[test]
fn a_counter_that_does_not_fit_its_vector_seals_nothing() {
    let mut liar = Liar::of(aes());
    (liar.iv_len, liar.iv_rule) = (4, IvRule::NeverRepeated);
    let mut sa = OutboundSa::new(SPI, liar, Esn::Yes);
    let mut buffer = vec![0; 400];
    let result = sa.seal_in_place(&mut buffer, PAYLOAD.len(), NextHeader::IPV4, IvSource::Counter);
    assert!(result.is_err(), "a vector that repeats was used");
}

/// Makes an IPv4 packet of UDP that carries the payload.
fn ip_packet() -> Vec<u8> {
    let header = vpnwire_ipsec::ip::v4::Header {
        dscp: 0,
        ecn: vpnwire_ipsec::ip::Ecn::NotCapable,
        identification: 1,
        reserved: false,
        dont_fragment: false,
        more_fragments: false,
        fragment_offset: 0,
        time_to_live: 64,
        protocol: NextHeader::UDP,
        source: [192, 0, 2, 1].into(),
        destination: [192, 0, 2, 2].into(),
        options: &[],
    };
    let mut packet = vec![0; 20];
    header.emit(PAYLOAD.len(), &mut packet).unwrap();
    packet.extend_from_slice(PAYLOAD);
    packet
}

/// Seals the packet in a bundle. Returns the sealed packet, or `None`, and the octets of the buffer afterwards.
fn bundle<T: BundleTransform>(transform: T, iv: IvSource<'_>) -> (Option<Vec<u8>>, Vec<u8>) {
    let bundled = BundledSa::new(SPI, Esn::No);
    let mut sa = OutboundBundle::new(bundled, bundled, transform);
    let packet = ip_packet();
    let headroom = sa.headroom();
    if headroom > 1000 {
        return (None, packet);
    }
    let mut buffer = vec![0; headroom + packet.len() + 300];
    buffer[headroom..headroom + packet.len()].copy_from_slice(&packet);
    let sealed = sa.seal_in_place(&mut buffer, packet.len(), iv).ok().map(|sealed| sealed.to_vec());
    (sealed, buffer)
}

#[test]
fn a_bundle_whose_transform_lies_about_its_blocks_seals_nothing() {
    let mut liar = Liar::of(aes());
    liar.block_len = 4;
    let (sealed, buffer) = bundle(liar, IvSource::Octets(&[3; 16]));
    assert_eq!(sealed, None);
    assert!(!contains(&buffer, &PAYLOAD[..8]));
}

/// The vector of a bundle is made before anything moves. A vector that has no room is an error, and is not left out.
#[test]
fn a_bundle_never_leaves_its_vector_out() {
    /// A transform that does not encrypt: only the place of the vector matters.
    struct Long(HmacSha1_96);
    impl Transform for Long {
        fn iv_len(&self) -> usize {
            24
        }
        fn block_len(&self) -> usize {
            1
        }
        fn icv_len(&self) -> usize {
            12
        }
        fn iv_rule(&self) -> IvRule {
            IvRule::Unpredictable
        }
        fn seal(&self, _: Protected<'_>, icv: &mut [u8]) -> Result<(), ShapeError> {
            icv.fill(9);
            Ok(())
        }
        fn open(&self, _: Protected<'_>, _: &[u8]) -> Result<(), NotAuthentic> {
            Err(NotAuthentic)
        }
    }
    impl BundleTransform for Long {}
    let transform = Long(HmacSha1_96::new(Hmac::new(Secret::new(&[2; 20]))));
    let _ = &transform.0;
    let mut random = |octets: &mut [u8]| -> Result<(), NoEntropy> {
        octets.fill(3);
        Ok(())
    };
    let (sealed, _) = bundle(transform, IvSource::Entropy(&mut random));
    assert!(
        sealed.is_none_or(|packet| contains(&packet, &[3; 24])),
        "a packet was sealed without its vector"
    );
}

/// Whenever a transform changes its lengths, no packet that holds the payload is emitted.
#[test]
fn a_bundle_whose_transform_changes_its_mind_seals_nothing_in_clear() {
    let mut count = 0;
    for calls in 0..40 {
        for len in [0, 8, 32, 500, usize::MAX] {
            let mut liar = Liar::of(aes());
            liar.later = Some((calls, len));
            let (sealed, buffer) = bundle(liar, IvSource::Octets(&[3; 16]));
            if let Some(packet) = sealed {
                assert!(!contains(&packet, &PAYLOAD[..8]), "after {calls} calls: {len}");
                count += 1;
            } else {
                // When nothing was sealed, either the packet is unchanged or its payload is gone.
                let whole = ip_packet();
                assert!(contains(&buffer, &whole) || !contains(&buffer, &PAYLOAD[..8]), "{calls}: {len}");
            }
        }
    }
    assert!(count > 0);
}

/// A GMAC that states another vector length than RFC 4543 defines.
#[test]
fn an_integrity_algorithm_that_lies_about_its_vector_seals_nothing() {
    struct Liar(AesGmac<crypto::cipher::Aes128>, usize);
    impl IntegrityAlgorithm for Liar {
        fn iv_len(&self) -> usize {
            self.1
        }
        fn icv_len(&self) -> usize {
            16
        }
        fn iv_rule(&self) -> IvRule {
            IvRule::NeverRepeated
        }
        fn compute(
            &self,
            covered: &Covered<'_>,
            sequence_high: Option<u32>,
            icv: &mut [u8],
        ) -> Result<(), ShapeError> {
            self.0.compute(covered, sequence_high, icv)
        }
    }
    for iv_len in [0, 4, 12, 16] {
        let gmac = AesGmac::new(Secret::new(&[1; 20])).unwrap();
        let mut sa = ah::OutboundSa::new(SPI, Liar(gmac, iv_len), Esn::Yes);
        let packet = ip_packet();
        let headroom = sa.headroom();
        let mut buffer = vec![0; headroom + packet.len()];
        buffer[headroom..].copy_from_slice(&packet);
        assert!(sa.seal_in_place(&mut buffer, packet.len()).is_err(), "{iv_len}");
        assert_eq!(sa.sequence().0, 0, "a sequence number was used up without a packet");
    }
}
