use std::format;
use std::string::ToString as _;
use std::vec::Vec;

use super::*;
use crate::ah::{self, Quirks};
use crate::esp::{self, IvSource};
use crate::ip::{Ecn, Headers, IpError, Version};
use crate::properties::SPI;
use crate::properties::ah::under;
use crate::properties::tunnels::{SIBLINGS, bundled, packet};
use crate::suite::AesKey;
use crate::{NextHeader, SequenceNumber};
use crate::{ReplayError, ReplayWindow};

const SUITE: BundleSuite = BundleSuite::MD5_TRIPLE_DES;

fn outbound() -> OutboundBundle<AnyBundle> {
    OutboundBundle::new(SIBLINGS.0, SIBLINGS.1, bundled(SUITE))
}

fn inbound() -> InboundBundle<AnyBundle, 2> {
    InboundBundle::new(SIBLINGS.0, SIBLINGS.1, bundled(SUITE))
}

fn seal(sa: &mut OutboundBundle<AnyBundle>, inner: &[u8]) -> Vec<u8> {
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(inner);
    buffer.resize(buffer.len() + sa.tailroom(), 0xee);
    sa.seal_in_place(&mut buffer, inner.len(), IvSource::Octets(&[7; 8])).unwrap().to_vec()
}

fn inner() -> Vec<u8> {
    packet(Version::V4, false, Ecn::NotCapable, b"a payload")
}

/// The transform sets of the gateways that the sources describe.
#[test]
fn transform_sets_of_ios() {
    assert_eq!(BundleSuite::from_ios("ah-md5-hmac esp-3des"), Ok(BundleSuite::MD5_TRIPLE_DES));
    assert_eq!(BundleSuite::from_ios("esp-aes ah-md5-hmac"), Ok(BundleSuite::MD5_AES_128));
    let suite = BundleSuite::from_ios("ah-sha-hmac esp-aes 256").unwrap();
    assert_eq!(suite.encryption(), Encryption::AesCbc(AesKey::Bits256));
    assert_eq!(suite.ios().unwrap().to_string(), "ah-sha-hmac esp-aes 256");
    assert_eq!(suite.to_string(), "AH HMAC-SHA-1-96, ESP AES-CBC-256");
    for words in ["esp-3des", "esp-3des esp-md5-hmac", "ah-md5-hmac", "ah-md5-hmac esp-gcm", ""] {
        assert!(BundleSuite::from_ios(words).is_err(), "{words}");
    }
    // ESP with its own ICV is an SA of its own, and so is AH around it.
    let error = SuiteError::DoublyAuthenticated {
        encryption: Encryption::TripleDesCbc,
        authentication: Authentication::HmacMd5,
    };
    assert_eq!(BundleSuite::from_ios("ah-md5-hmac esp-3des esp-md5-hmac"), Err(error));
    assert_eq!(Suite::from_ios("ah-md5-hmac esp-3des"), Err(SuiteError::Bundle { word: 0 }));
    let mut count = 0;
    for suite in BundleSuite::all() {
        if let Some(words) = suite.ios() {
            assert_eq!(BundleSuite::from_ios(&words.to_string()), Ok(suite));
            count += 1;
        }
    }
    // NULL, DES, 3DES, AES of three lengths; five algorithms of AH.
    assert_eq!((count, BundleSuite::all().count()), (6 * 5, 9 * 12));
}

/// A bundle is AH in front of ESP without an ICV: the test compares it with the two kinds of SA one after the other.
#[test]
fn a_bundle_is_ah_around_esp() {
    let sealed = seal(&mut outbound(), &inner());
    let headers = Headers::before(NextHeader::AH, &sealed).unwrap();
    let (header, octets) = ah::Header::parse_prefix(&sealed[headers.len..]).unwrap();
    assert_eq!((header.next_header, header.spi, header.sequence_number), (NextHeader::ESP, SPI, 1));
    assert_eq!(header.icv.len(), 12);
    let (header, rest) = esp::Header::parse_prefix(octets).unwrap();
    assert_eq!((header.spi, header.sequence_number), (SIBLINGS.1.spi, 1));
    // ESP has vector, payload and trailer in blocks, and nothing after them.
    assert_eq!((&rest[..8], rest.len()), (&[7; 8][..], 8 + 16));

    // The MAC of AH over the packet is computed by the code that is not stitched to the cipher.
    let integrity = under(SUITE.integrity());
    let opened = ah::open_without_replay_check(&integrity, Some(0), Quirks::NONE, &sealed).unwrap();
    assert_eq!(opened.payload, octets);
    // This is the cipher of ESP alone.
    let key: Vec<u8> = (0x21..0x39).collect();
    let cbc = crypto::cipher::Cbc::<crypto::cipher::TripleDes>::new(Secret::new(&key)).unwrap();
    let mut text = rest[8..].to_vec();
    cbc.decrypt_text(&[7; 8], &mut text).unwrap();
    assert_eq!(text, *b"a payload\x01\x02\x03\x04\x05\x05\x11");
}

/// A sender may set the word that RFC 4302 says is zero: it is authentic, and it is kept when the packet is sealed
/// again.
#[test]
fn an_opened_packet_is_sealed_again_with_all_that_its_sender_chose() {
    let esn = SIBLINGS.0.esn;
    let mut padded = 0;
    for (version, suite) in
        [Version::V4, Version::V6].into_iter().flat_map(|v| BundleSuite::all().map(move |s| (v, s)))
    {
        let inner = packet(version, false, Ecn::NotCapable, b"a payload");
        let mut sa = OutboundBundle::new(SIBLINGS.0, SIBLINGS.1, bundled(suite));
        let mut buffer = [&std::vec![0xee; sa.headroom()][..], &inner, &[0xee; 20]].concat();
        let iv = match bundled(suite).iv_rule() {
            IvRule::Unpredictable => IvSource::Octets(&[7; 16][..bundled(suite).iv_len()]),
            _ => IvSource::Counter,
        };
        let sealed = sa.seal_in_place(&mut buffer, inner.len(), iv).unwrap().to_vec();

        let transform = bundled(suite);
        let mut octets = sealed.clone();
        let mut sa = InboundBundle::<_, 2>::new(SIBLINGS.0, SIBLINGS.1, bundled(suite));
        let opened = sa.open_in_place(&mut octets).unwrap();
        let mut again = std::vec![0xee; sealed.len()];
        assert_eq!(opened.seal_again(&transform, esn, Quirks::NONE, &mut again), Ok(sealed.len()));
        assert_eq!(again, sealed, "{suite}");

        let padding: Vec<u8> = opened.padding.iter().map(|octet| !octet).collect();
        padded += usize::from(!padding.is_empty());
        let chosen = Opened { reserved: 0xabcd, padding: &padding, ..opened };
        chosen.seal_again(&transform, esn, Quirks::NONE, &mut again).unwrap();
        let mut sa = InboundBundle::<_, 2>::new(SIBLINGS.0, SIBLINGS.1, bundled(suite));
        let read = sa.open_in_place(&mut again).unwrap();
        assert_eq!(read, Opened { headers: read.headers, ..chosen }, "{suite}");

        // The padding is not cut or moved: an ICV field of another length is an error.
        let longer = [&padding[..], &[0; 4]].concat();
        let mut room = [0xee; 400];
        let error =
            Opened { padding: &longer, ..opened }.seal_again(&transform, esn, Quirks::NONE, &mut room);
        assert!(matches!(error, Err(SealError::Ah(ah::SealError::IcvLen { .. }))), "{error:?}");
        assert!(room.iter().all(|octet| [0, 0xee].contains(octet)), "{suite}");
        let error = opened.seal_again(&transform, esn, Quirks::NONE, &mut room[..sealed.len() - 1]);
        assert!(matches!(error, Err(SealError::Ah(ah::SealError::Emit(_)))), "{error:?}");
    }
    assert!(padded > 0, "an ICV of 16 octets is padded in IPv6");
}

#[test]
fn siblings_share_nothing_but_the_packet() {
    let mut sa = outbound().resumed_after(SequenceNumber(100), SequenceNumber(7));
    let sealed = seal(&mut sa, &inner());
    assert_eq!(sa.sequences(), (SequenceNumber(101), SequenceNumber(8)));
    let mut inbound = inbound();
    let opened =
        inbound.open_in_place(&mut sealed.clone()).map(|opened| (opened.sequence, opened.esp.sequence));
    assert_eq!(opened, Ok((SequenceNumber(101), SequenceNumber(8))));

    // The packet is new to AH and a replay to ESP.
    let mut other = outbound().resumed_after(SequenceNumber(101), SequenceNumber(7));
    let replayed = seal(&mut other, &inner());
    let error = ReplayError::Replayed { number: SequenceNumber(8) };
    assert_eq!(
        inbound.open_in_place(&mut replayed.clone()),
        Err(OpenError::Esp(esp::OpenError::Replay(error)))
    );
    // The packet is new to ESP and a replay to AH.
    let mut other = outbound().resumed_after(SequenceNumber(100), SequenceNumber(8));
    let replayed = seal(&mut other, &inner());
    let error = ReplayError::Replayed { number: SequenceNumber(101) };
    assert_eq!(
        inbound.open_in_place(&mut replayed.clone()),
        Err(OpenError::Ah(ah::OpenError::Replay(error)))
    );
    assert_eq!((inbound.lifetimes().0.packets(), inbound.lifetimes().1.packets()), (1, 1));

    // When one SA is at its end, neither number is used.
    let last = SequenceNumber(u32::MAX.into());
    let mut sa = outbound().resumed_after(SequenceNumber(5), last);
    let mut buffer = [&std::vec![0; sa.headroom()][..], &inner(), &[0; 20]].concat();
    let error = SealError::Esp(esp::SealError::SequenceExhausted { last });
    assert_eq!(sa.seal_in_place(&mut buffer, inner().len(), IvSource::Octets(&[7; 8])), Err(error));
    assert_eq!(sa.sequences(), (SequenceNumber(5), last));
}

#[test]
fn the_order_of_checks() {
    let sealed = seal(&mut outbound(), &inner());
    let mut sa = inbound().with_windows(&ReplayWindow::new(), &ReplayWindow::new());
    let mut open = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut packet = sealed.clone();
        change(&mut packet);
        let before = packet.clone();
        let error = sa.open_in_place(&mut packet).unwrap_err();
        assert_eq!(packet, before);
        error
    };
    // The payload of AH is not ESP.
    assert_eq!(open(&|packet| packet[20] = 17), OpenError::OtherProtocol { found: NextHeader::UDP });
    // The lengths of ESP are checked before the SPI of AH.
    let short = |packet: &mut Vec<u8>| {
        packet.truncate(packet.len() - 3);
        packet[3] -= 3;
        packet[24] ^= 1;
    };
    assert_eq!(open(&short), OpenError::Esp(esp::OpenError::Blocks { len: 13, block_len: 8 }));
    let tiny = |packet: &mut Vec<u8>| {
        packet.truncate(20 + 24 + 10);
        packet[3] = 54;
    };
    assert!(matches!(open(&tiny), OpenError::Esp(esp::OpenError::Length(_))));
    // The SPI of AH is checked first, then that of ESP, then the ICV.
    let both = |packet: &mut Vec<u8>| {
        packet[24] ^= 1;
        packet[44] ^= 1;
    };
    assert!(matches!(open(&both), OpenError::Ah(ah::OpenError::OtherSpi { .. })));
    assert!(matches!(open(&|packet| packet[44] ^= 1), OpenError::Esp(esp::OpenError::OtherSpi { .. })));
    let last = sealed.len() - 1;
    for at in [4, 12, 22, 32, 43, 52, 60, last] {
        let error = open(&|packet| packet[at] ^= 1);
        assert_eq!(error, OpenError::Ah(NotAuthentic.into()), "octet {at}");
    }
    // The fields that may change on the way are changed.
    let mut changed = sealed.clone();
    for at in [1, 8, 10, 11] {
        changed[at] ^= 0x55;
    }
    assert!(sa.open_in_place(&mut changed).is_ok());
}

#[test]
fn headers_that_cannot_be_put_aside_are_refused_before_anything_moves() {
    let mut inner = packet(Version::V6, false, Ecn::NotCapable, b"");
    inner[6] = 0;
    // These are hop-by-hop options of 256 octets: PadN, then padding.
    inner.extend([17, 31]);
    inner.extend([1, 252]);
    inner.extend([0; 252]);
    inner.extend(b"payload!");
    let payload_len = inner.len() - 40;
    inner[4..6].copy_from_slice(&(payload_len as u16).to_be_bytes());
    let mut sa = outbound();
    let mut buffer = [&std::vec![0xee; sa.headroom()][..], &inner, &[0; 20]].concat();
    let before = buffer.clone();
    let sealed = sa.seal_in_place(&mut buffer, inner.len(), IvSource::Octets(&[7; 8]));
    let error = IpError::HeadersLen { len: 296, max: 256 };
    assert_eq!(sealed, Err(SealError::Ah(error.into())));
    assert_eq!(buffer, before);
}

#[test]
fn nothing_prints_a_key() {
    let printed = format!("{:?} {:?}", outbound(), inbound());
    for run in ["33, 34", "0x21", "2122"] {
        assert!(!printed.contains(run), "{printed}");
    }
}

#[test]
fn errors_are_send_sync_static() {
    fn check<T: core::error::Error + Send + Sync + 'static>() {}
    check::<OpenError>();
    check::<SealError>();
}

/// The same holds for AH alone.
#[test]
fn a_code_that_is_too_long_seals_nothing() {
    use crypto::cipher::{Aes128, Cbc};
    use crypto::mac::{Hmac, HmacRunning, Mac, Sha512};
    /// A MAC that is said to be longer than any.
    struct Long(Hmac<Sha512>);
    impl Mac for Long {
        type Running<'m> = HmacRunning<'m, Sha512>;
        fn icv_len(&self) -> usize {
            68
        }
        fn start(&self) -> HmacRunning<'_, Sha512> {
            self.0.start()
        }
    }
    let cipher = Cbc::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    let transform = EncryptThenMac::new(cipher, Long(Hmac::new(Secret::new(b"key"))));
    let mut sa = OutboundBundle::new(SIBLINGS.0, SIBLINGS.1, transform);
    let inner = packet(Version::V4, false, Ecn::NotCapable, b"payload");
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(&inner);
    buffer.resize(buffer.len() + sa.tailroom(), 0xee);
    let before = buffer.clone();
    let error = ah::SealError::IcvLen { needed: 68, available: 64 };
    assert_eq!(
        sa.seal_in_place(&mut buffer, inner.len(), IvSource::Octets(&[1; 16])),
        Err(SealError::Ah(error))
    );
    assert_eq!((buffer, sa.sequences()), (before, (SequenceNumber::ZERO, SequenceNumber::ZERO)));
}
