use std::vec::Vec;

use super::*;
use crate::esp::{InboundSa, OutboundSa};
use crate::ip::Ecn;
use crate::properties::tunnels::packet;
use crate::properties::{SPI, transform};
use crate::suite::{AnyTransform, Suite};
use crate::{Esn, NotAuthentic, SequenceNumber};

fn outbound() -> OutboundSa<AnyTransform> {
    OutboundSa::new(SPI, transform(Suite::TRIPLE_DES_MD5), Esn::No)
}

fn inbound() -> InboundSa<AnyTransform, 2> {
    InboundSa::new(SPI, transform(Suite::TRIPLE_DES_MD5), Esn::No)
}

fn buffer(inner: &[u8]) -> Vec<u8> {
    let mut buffer = std::vec![0xee; 16];
    buffer.extend_from_slice(inner);
    buffer.resize(buffer.len() + 40, 0xee);
    buffer
}

/// RFC 4303 section 3.1.1: ESP follows the headers that routers look at.
#[test]
fn esp_stands_behind_the_headers() {
    for version in [Version::V4, Version::V6] {
        let inner = packet(version, true, Ecn::Capable0, b"a datagram");
        let mut buffer = buffer(&inner);
        let mut sa = outbound();
        let sealed = sa.protect(&mut buffer, inner.len(), IvSource::Octets(&[1; 8])).unwrap();
        let headers = Headers::before(NextHeader::ESP, sealed).unwrap();
        assert_eq!(headers.len, version.header_len());
        assert_eq!(sealed.len(), headers.len + 8 + 8 + 16 + 12);
        let (header, _) = esp::Header::parse_prefix(&sealed[headers.len..]).unwrap();
        assert_eq!((header.spi, header.sequence_number), (SPI, 1));

        let mut forged = sealed.to_vec();
        *forged.last_mut().unwrap() ^= 1;
        let before = forged.clone();
        assert_eq!(open_in_place(&mut inbound(), &mut forged), Err(EspError::Esp(NotAuthentic.into())));
        assert_eq!(forged, before);
        assert_eq!(open_in_place(&mut inbound(), sealed).unwrap(), inner);
    }
}

#[test]
fn ah_is_opened_to_what_it_protected() {
    use crate::ah::Integrity;
    use crate::properties::ah::under;
    for version in [Version::V4, Version::V6] {
        let inner = packet(version, true, Ecn::Capable0, b"a datagram");
        let mut buffer = [&[0xee; 24][..], &inner].concat();
        let mut sa = ah::OutboundSa::new(SPI, under(Integrity::HMAC_SHA1), Esn::No);
        let sealed = sa.protect(&mut buffer, inner.len(), IvSource::Counter).unwrap();
        let mut sa = ah::InboundSa::<_, 2>::new(SPI, under(Integrity::HMAC_SHA1), Esn::No);
        assert_eq!(open_in_place(&mut sa, sealed).unwrap(), inner);
    }
}

/// RFC 2401 section 4.3: AH around ESP that has its own ICV, made by two SAs.
#[test]
fn sas_nest() {
    use crate::ah::Integrity;
    use crate::properties::ah::under;
    let inner = packet(Version::V4, false, Ecn::NotCapable, b"a datagram");
    let mut octets = buffer(&inner);
    let sealed = outbound().protect(&mut octets, inner.len(), IvSource::Octets(&[1; 8])).unwrap();
    let mut octets = [&[0xee; 24][..], sealed].concat();
    let len = sealed.len();
    let mut outer = ah::OutboundSa::new(SPI, under(Integrity::HMAC_MD5), Esn::No);
    let both = outer.protect(&mut octets, len, IvSource::Counter).unwrap();
    let mut sa = ah::InboundSa::<_, 2>::new(SPI, under(Integrity::HMAC_MD5), Esn::No);
    let esp = open_in_place(&mut sa, both).unwrap();
    assert_eq!(open_in_place(&mut inbound(), esp).unwrap(), inner);
}

#[test]
fn what_is_not_sealed_is_as_it_was() {
    let inner = packet(Version::V4, false, Ecn::NotCapable, b"a datagram");
    let mut sa = outbound();
    let mut octets = buffer(&inner);
    let before = octets.clone();
    let sealed = sa.protect(&mut octets, inner.len(), IvSource::Octets(&[1; 7]));
    assert!(matches!(sealed, Err(EspError::Esp(esp::SealError::IvLen { needed: 8, available: 7 }))));
    assert_eq!((&octets[16..], sa.sequence()), (&before[16..], SequenceNumber::ZERO));
    let needed = 16 + inner.len() + sa.tailroom(10);
    let sealed = sa.protect(&mut octets[..needed - 1], inner.len(), IvSource::Octets(&[1; 8]));
    let error = EmitError::BufferTooSmall { needed, available: needed - 1 };
    assert_eq!(sealed, Err(IpError::Emit(error).into()));
    assert_eq!(octets[16..], before[16..]);
    let long = packet(Version::V4, false, Ecn::NotCapable, &[0; 65_500]);
    let mut octets = buffer(&long);
    let sealed = sa.protect(&mut octets, long.len(), IvSource::Octets(&[1; 8]));
    assert!(matches!(sealed, Err(EspError::Ip(IpError::TooLong { .. }))));
    // The payload is not ESP.
    let found = NextHeader::UDP;
    let error = IpError::OtherProtocol { expected: NextHeader::ESP, found };
    assert_eq!(open_in_place(&mut inbound(), &mut inner.clone()), Err(error.into()));
}
