use std::format;
use std::string::ToString as _;
use std::vec::Vec;

use super::*;
use crate::NotAuthentic;
use crate::ReplayError;
use crate::ip::{Headers, IpError};
use crate::properties::SPI;
use crate::properties::ah::{Shape, sealed, under};
use crate::properties::tunnels::packet;
use crate::suite::AesKey;
use crate::{EmitError, Esn, LengthError, SequenceNumber};

mod covered;
mod header;
mod sequence;

const MD5: Integrity = Integrity::HMAC_MD5;

fn outbound() -> OutboundSa<AnyIntegrity> {
    OutboundSa::new(SPI, under(MD5), Esn::No)
}

fn inbound() -> InboundSa<AnyIntegrity, 2> {
    InboundSa::new(SPI, under(MD5), Esn::No)
}

/// Makes a packet of AH with this number.
fn numbered(number: u64) -> Vec<u8> {
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    seal(&mut outbound().resumed_after(SequenceNumber(number - 1)), &inner)
}

fn seal(sa: &mut OutboundSa<AnyIntegrity>, inner: &[u8]) -> Vec<u8> {
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(inner);
    sa.seal_in_place(&mut buffer, inner.len()).unwrap().to_vec()
}

#[test]
fn the_order_of_checks() {
    let mut sa = inbound();
    sa.open(&numbered(10)).unwrap();
    let spoiled = |number| {
        let mut packet = numbered(number);
        *packet.last_mut().unwrap() ^= 1;
        packet
    };
    // The shape is checked before the SPI: length and kind of the packet, and length of the header.
    let mut other = spoiled(10);
    other[24] ^= 1;
    let ends = [&other[..], &[0]].concat();
    let error = IpError::TrailingOctets { offset: other.len(), len: 1 };
    assert_eq!(sa.open(&ends), Err(error.into()));
    let mut short = other.clone();
    short[21] = 3;
    assert_eq!(sa.open(&short), Err(OpenError::HeaderLen { needed: 24, available: 20 }));
    // The SPI is checked before the sequence number.
    let spi = Spi(SPI.0 ^ 0x0100_0000);
    assert_eq!(sa.open(&other), Err(OpenError::OtherSpi { spi }));
    // The sequence number is checked before the ICV.
    let number = SequenceNumber(10);
    assert_eq!(sa.open(&spoiled(10)), Err(ReplayError::Replayed { number }.into()));
    // The ICV is checked before the number is accepted: a forgery does not move the window.
    assert_eq!(sa.open(&spoiled(500)), Err(NotAuthentic.into()));
    assert_eq!((sa.window().highest(), sa.lifetime().packets()), (number, 1));
    sa.open(&numbered(500)).unwrap();
    let too_old = ReplayError::TooOld { number: SequenceNumber(11), highest: SequenceNumber(500) };
    assert_eq!(sa.open(&spoiled(11)), Err(too_old.into()));
    assert_eq!(sa.open(&numbered(500)), Err(ReplayError::Replayed { number: SequenceNumber(500) }.into()));
}

/// RFC 4302 sections 3.3.4 and 3.4.1: transport mode takes only whole packets, in both directions.
#[test]
fn fragments_are_refused() {
    let good = numbered(1);
    for (octets, offset, more) in [([0x20, 0], 0, true), ([0, 1], 8, false), ([0x3f, 0xff], 65_528, true)] {
        let mut fragment = good.clone();
        [fragment[6], fragment[7]] = octets;
        assert_eq!(inbound().open(&fragment), Err(IpError::Fragment { offset, more }.into()));
        let mut buffer = [&std::vec![0; outbound().headroom()][..], &fragment].concat();
        let error = IpError::Fragment { offset, more };
        assert_eq!(outbound().seal_in_place(&mut buffer, fragment.len()), Err(error.into()));
    }
}

#[test]
fn what_is_no_packet_is_refused() {
    let good = numbered(1);
    let open = |packet: &[u8]| inbound().open(packet).unwrap_err();
    let changed = |at: usize, octet: u8| {
        let mut packet = good.clone();
        packet[at] = octet;
        packet
    };
    assert_eq!(open(&changed(0, 0x55)), IpError::Version { version: 5 }.into());
    assert_eq!(open(&changed(0, 0x44)), IpError::HeaderLen { header_len: 16 }.into());
    assert_eq!(open(&changed(3, 19)), IpError::TotalLen { total_len: 19, header_len: 20 }.into());
    let found = NextHeader::ESP;
    assert_eq!(open(&changed(9, 50)), IpError::OtherProtocol { expected: NextHeader::AH, found }.into());
    assert_eq!(open(&changed(21, 0)), ParseError::PayloadLength { offset: 1, payload_len: 0 }.into());
    let error = LengthError::Ends {
        within: "IP packet",
        element: "IPv4 packet",
        offset: 0,
        needed: good.len(),
        available: 30,
    };
    assert_eq!(open(&good[..30]), IpError::Length(error).into());
    // The option reaches beyond the header.
    let mut options = good.clone();
    options.splice(20..20, [7, 9, 4, 0]);
    options[0] = 0x46;
    options[3] += 4;
    assert!(matches!(
        open(&options),
        OpenError::Ip(IpError::Length(LengthError::Ends { within: "IP packet", element: "IP option", .. }))
    ));
    // The packet is a jumbogram: RFC 2675 section 2.
    let mut jumbogram = packet(Version::V6, false, crate::ip::Ecn::NotCapable, &[0; 100]);
    [jumbogram[4], jumbogram[5], jumbogram[6]] = [0, 0, 0];
    assert_eq!(open(&jumbogram), IpError::Jumbogram.into());
}

#[test]
fn a_packet_that_would_be_too_long_is_refused() {
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, &std::vec![0; 65_500]);
    let mut sa = outbound();
    let mut buffer = [&std::vec![0; sa.headroom()][..], &inner].concat();
    let before = buffer.clone();
    let error = IpError::TooLong { len: inner.len() + 24 };
    assert_eq!(sa.seal_in_place(&mut buffer, inner.len()), Err(error.into()));
    assert_eq!((buffer == before, sa.sequence()), (true, SequenceNumber::ZERO));
    let error = EmitError::BufferTooSmall { needed: 24 + 40, available: 63 };
    assert_eq!(sa.seal_in_place(&mut [0x45; 63], 40), Err(error.into()));
}

/// The headers come back, except for the fields that are derived: lengths, protocol, checksum.
#[test]
fn a_packet_without_its_header_is_what_it_was() {
    let mut count = 0;
    for choices in 0..60u8 {
        for version in [Version::V4, Version::V6] {
            let choices: Vec<u8> = (0..100).map(|at: u8| at.wrapping_mul(choices | 1) ^ choices).collect();
            let mut shape = if version == Version::V4 { Shape::v4(&choices) } else { Shape::v6(&choices) };
            // To get a packet that has no AH yet, seal one and take AH out of it again.
            let with = sealed(&under(MD5), 0, &shape, Esn::No, SequenceNumber(1), b"a payload");
            let mut inner = with.clone();
            let inner = strip_in_place(&mut inner).unwrap().to_vec();
            assert_eq!(inner.len() + 24, with.len());
            let headers = Headers::to_insert_behind(&inner).unwrap();
            let is_same_place = headers.len == shape.octets.len();
            assert!(inner.ends_with(b"a payload"));
            let again = seal(&mut outbound(), &inner);
            let mut sa = inbound();
            let opened = sa.open(&again).unwrap();
            assert_eq!(opened.next_header == NextHeader::UDP, is_same_place);
            let mut back = again.clone();
            assert_eq!(strip_in_place(&mut back).unwrap(), inner);
            shape.octets.clear();
            count += usize::from(is_same_place);
        }
    }
    assert!((60..120).contains(&count), "{count}");
}

#[test]
fn values_make_the_packet_again() {
    let shape = Shape::v4(&[0, 4, 5, 6, 7]);
    let gmac = Integrity::AesGmac(AesKey::Bits128);
    let which = 12;
    assert_eq!(crate::properties::ah::integrity(which), gmac);
    let packet = sealed(&under(gmac), which, &shape, Esn::No, SequenceNumber(9), b"payload");
    let opened = open_without_replay_check(&under(gmac), None, Quirks::NONE, &packet).unwrap();
    assert_eq!((opened.iv, opened.reserved, opened.sequence.0), (&[0x5a; 8][..], 12, 9));
    assert_eq!(packet[opened.payload_range(packet.len())], *b"payload");
    let again = |opened: &Opened<'_>| {
        let mut buffer = std::vec![0; packet.len() + 50];
        let len = opened.seal_again(&under(gmac), Esn::No, Quirks::NONE, &mut buffer)?;
        buffer.truncate(len);
        Ok(buffer)
    };
    assert_eq!(again(&opened).unwrap(), packet);
    let mut seen = std::collections::HashSet::from([packet.clone()]);
    for changed in [
        Opened { reserved: 0, ..opened },
        Opened { spi: Spi(300), ..opened },
        Opened { sequence: SequenceNumber(10), ..opened },
        Opened { iv: &[1; 8], ..opened },
        Opened { next_header: NextHeader::TCP, ..opened },
        Opened { payload: b"payloads", ..opened },
    ] {
        assert!(seen.insert(again(&changed).unwrap()), "{changed:?}");
    }
    let error = SealError::IcvLen { needed: 36, available: 28 };
    assert_eq!(again(&Opened { iv: &[], ..opened }), Err(error));
    let error = SealError::IcvLen { needed: 36, available: 40 };
    assert_eq!(again(&Opened { padding: &[1; 4], ..opened }), Err(error));
    assert!(again(&Opened { headers: &[], ..opened }).is_err());
    assert!(again(&Opened { headers: &[0x45; 3], ..opened }).is_err());
}

#[test]
fn names() {
    let mut count = 0;
    for integrity in Integrity::all() {
        if let Some(word) = ios_of_integrity(integrity) {
            assert_eq!(integrity_of_ios(word), Some(integrity));
            count += 1;
        }
    }
    assert_eq!(count, 5);
    assert_eq!(integrity_of_ios("ah-md5-hmac"), Some(MD5));
    assert_eq!(integrity_of_ios("esp-md5-hmac"), None);
}

#[test]
fn keys_have_one_length() {
    for integrity in Integrity::all() {
        let key = [0x31; 80];
        for len in 0..80 {
            let made = AnyIntegrity::new(integrity, crate::Secret::new(&key[..len]));
            assert_eq!(made.is_ok(), len == integrity.key_len(), "{integrity} {len}");
        }
    }
}

#[test]
fn departures() {
    let header =
        Header { next_header: NextHeader::TCP, reserved: 0, spi: SPI, sequence_number: 1, icv: &[7; 12] };
    let all = |header: Header<'_>, version| header.conformance(version).collect::<Vec<_>>();
    assert_eq!(all(header, Version::V6), []);
    let odd = Header { reserved: 9, spi: Spi(255), icv: &[7; 16], ..header };
    assert_eq!(
        all(odd, Version::V6),
        [
            Departure::Reserved { value: 9 },
            Departure::ReservedSpi { spi: Spi(255) },
            Departure::Alignment { len: 28 }
        ]
    );
    assert_eq!(all(odd, Version::V4).len(), 2);
    let spi = Departure::ReservedSpi { spi: Spi::LOCAL };
    assert_eq!(all(Header { spi: Spi::LOCAL, ..header }, Version::V4), [spi]);
    assert_eq!(
        (spi.to_string().as_str(), spi.reference()),
        ("SPI 0x00000000 is reserved", "RFC 4302 section 2.4")
    );
}

#[test]
fn nothing_prints_a_key() {
    for integrity in Integrity::all() {
        let sa = OutboundSa::new(SPI, under(integrity), Esn::No);
        let printed = format!("{sa:?} {:?}", InboundSa::<_, 2>::new(SPI, under(integrity), Esn::No));
        for run in ["33, 34", "0x21", "2122"] {
            assert!(!printed.contains(run), "{printed}");
        }
    }
    let error = OpenError::from(NotAuthentic);
    assert_eq!(
        error.to_string(),
        "not authentic: the octets were changed on the way, or made with another key"
    );
}

#[test]
fn errors_are_send_sync_static() {
    fn check<T: core::error::Error + Send + Sync + 'static>() {}
    check::<OpenError>();
    check::<SealError>();
    check::<IpError>();
}

/// AH has room for the ICVs of all its algorithms. A longer ICV is an error, not a packet without ICV.
#[test]
fn a_code_that_is_too_long_seals_nothing() {
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
    let mac = || Long(Hmac::new(crate::Secret::new(b"key")));
    let inner = packet(Version::V4, false, crate::ip::Ecn::NotCapable, b"payload");
    let mut sa = OutboundSa::new(SPI, mac(), Esn::No);
    let mut buffer = std::vec![0xee; sa.headroom()];
    buffer.extend_from_slice(&inner);
    let before = buffer.clone();
    let error = SealError::IcvLen { needed: 68, available: 64 };
    assert_eq!(sa.seal_in_place(&mut buffer, inner.len()), Err(error));
    assert_eq!((buffer, sa.sequence()), (before, SequenceNumber::ZERO));

    let sealed = numbered(1);
    let opened = open_without_replay_check(&under(MD5), None, Quirks::NONE, &sealed).unwrap();
    assert_eq!(opened.seal_again(&mac(), Esn::No, Quirks::NONE, &mut [0; 200]), Err(error));
}
