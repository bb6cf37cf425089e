use std::vec::Vec;

use super::*;
use crate::Esn;
use crate::NextHeader;
use crate::bundle::BundleSuite;
use crate::esp::{InboundSa, OutboundSa, Padding};
use crate::properties::tunnels::{packet, tunnel};
use crate::properties::{SPI, transform};
use crate::suite::{AesKey, Authentication, Encryption};
use crate::suite::{AnyTransform, Suite};
use crate::transport::EspError;

const SUITE: Suite = Suite::TRIPLE_DES_MD5;

fn outbound() -> OutboundSa<AnyTransform> {
    OutboundSa::new(SPI, transform(SUITE), Esn::No)
}

fn inbound() -> InboundSa<AnyTransform, 2> {
    InboundSa::new(SPI, transform(SUITE), Esn::No)
}

fn seal(tunnel: &Tunnel, inner: &[u8]) -> Vec<u8> {
    let mut sa = outbound();
    let mut buffer = std::vec![0xee; tunnel.headroom(&sa)];
    buffer.extend_from_slice(inner);
    buffer.resize(buffer.len() + 60, 0xee);
    tunnel
        .seal_in_place(&mut sa, &mut buffer, inner.len(), 0x4321, IvSource::Octets(&[1; 8]))
        .unwrap()
        .to_vec()
}

/// The ping of 100 octets takes 2 octets of padding, 2 of trailer and 12 of ICV. One octet less is refused.
#[test]
fn a_buffer_of_headroom_and_tailroom_is_enough_and_no_octet_too_long() {
    let inner = packet(Version::V4, true, Ecn::Capable0, &[0; 80]);
    for version in [Version::V4, Version::V6] {
        let (tunnel, mut sa) = (tunnel(version), outbound());
        assert_eq!((inner.len(), tunnel.tailroom(&sa, inner.len())), (100, 16));
        let mut buffer = std::vec![0xee; tunnel.headroom(&sa)];
        buffer.extend_from_slice(&inner);
        buffer.resize(buffer.len() + 16, 0xee);
        let (len, short) = (buffer.len(), buffer.len() - 1);
        let iv = || IvSource::Octets(&[1; 8]);
        assert!(tunnel.seal_in_place(&mut sa, &mut buffer[..short], inner.len(), 1, iv()).is_err());
        assert_eq!(tunnel.seal_in_place(&mut sa, &mut buffer, inner.len(), 1, iv()).unwrap().len(), len);
    }
}

/// RFC 4301 section 5.1.2.1, field by field.
#[test]
fn outer_headers_of_ipv4() {
    let inner = packet(Version::V4, true, Ecn::Capable0, &[0; 80]);
    let mut tunnel = tunnel(Version::V4);
    let sealed = seal(&tunnel, &inner);
    // The octets are version and length; DSCP 46 and ECT(0); 152 octets; identification; DF; TTL 64, ESP; then come
    // the addresses.
    assert_eq!(sealed[..10], [0x45, 0xba, 0, 152, 0x43, 0x21, 0x40, 0, 64, 50]);
    assert_eq!(sealed[12..20], [192, 0, 2, 1, 198, 51, 100, 2]);
    assert!(v4::Header::parse(&sealed).is_ok(), "the checksum is right");
    tunnel.dscp = Dscp::Set(10);
    tunnel.ecn = EcnMode::Compatibility;
    tunnel.dont_fragment = DontFragment::Clear;
    tunnel.hop_limit = 255;
    let sealed = seal(&tunnel, &inner);
    assert_eq!((sealed[1], sealed[6], sealed[8]), (40, 0, 255));
    tunnel.dont_fragment = DontFragment::Set;
    assert_eq!(seal(&tunnel, &packet(Version::V4, false, Ecn::NotCapable, b""))[6], 0x40);
    tunnel.dont_fragment = DontFragment::Copy;
    assert_eq!(seal(&tunnel, &packet(Version::V4, false, Ecn::NotCapable, b""))[6], 0);
    // Routers never fragment IPv6.
    assert_eq!(seal(&tunnel, &packet(Version::V6, false, Ecn::NotCapable, b""))[6], 0x40);
    tunnel.dscp = Dscp::Set(64);
    let error = EmitError::FieldOverflow { field: "DSCP", value: 64, max: 63 };
    let inner = Inner::of(&inner).unwrap();
    assert_eq!(tunnel.emit_outer_header(&inner, 100, 0, &mut [0; 20]), Err(error.into()));
}

#[test]
fn outer_headers_of_ipv6() {
    let inner = packet(Version::V4, true, Ecn::Capable1, &[0; 80]);
    let mut tunnel = tunnel(Version::V6);
    tunnel.flow_label = 0x54321;
    let sealed = seal(&tunnel, &inner);
    // The octets are version, DSCP 46 and ECT(1); flow label; 132 octets of ESP; hop limit.
    assert_eq!(sealed[..8], [0x6b, 0x95, 0x43, 0x21, 0, 132, 50, 64]);
    assert_eq!((sealed[23], sealed[39]), (1, 2));
    tunnel.flow_label = 1 << 20;
    let inner = Inner::of(&inner).unwrap();
    assert!(tunnel.emit_outer_header(&inner, 100, 0, &mut [0; 40]).is_err());
}

/// RFC 6040 section 4.2, figure 4: rows are inner, columns outer, in the order Not-ECT, ECT(0), ECT(1), CE.
#[test]
fn ecn_leaves_a_tunnel() {
    const N: Option<Ecn> = Some(Ecn::NotCapable);
    const ZERO: Option<Ecn> = Some(Ecn::Capable0);
    const ONE: Option<Ecn> = Some(Ecn::Capable1);
    const CE: Option<Ecn> = Some(Ecn::CongestionExperienced);
    let order = [Ecn::NotCapable, Ecn::Capable0, Ecn::Capable1, Ecn::CongestionExperienced];
    let figure = [[N, N, N, None], [ZERO, ZERO, ONE, CE], [ONE, ONE, ONE, CE], [CE, CE, CE, CE]];
    for (inner, row) in order.into_iter().zip(figure) {
        for (outer, expected) in order.into_iter().zip(row) {
            assert_eq!(decapsulate(outer, inner).ok(), expected, "{inner:?} in {outer:?}");
        }
        assert_eq!(encapsulate(EcnMode::Normal, inner), inner);
        assert_eq!(encapsulate(EcnMode::Compatibility, inner), Ecn::NotCapable);
    }
}

#[test]
fn congestion_is_told_to_the_receiver() {
    for (outer, version) in [(Version::V4, Version::V6), (Version::V6, Version::V4)] {
        let tunnel = tunnel(outer);
        let congested = |mut sealed: Vec<u8>| {
            match outer {
                Version::V4 => {
                    sealed[1] |= 3;
                    v4::write_checksum(&mut sealed[..20]).unwrap();
                }
                Version::V6 => sealed[1] |= 0x30,
            }
            sealed
        };
        let inner = packet(version, false, Ecn::Capable0, b"payload");
        let mut sealed = congested(seal(&tunnel, &inner));
        let opened = tunnel.open_in_place(&mut inbound(), &mut sealed).unwrap();
        assert_eq!(opened, packet(version, false, Ecn::CongestionExperienced, b"payload"));
        let inner = packet(version, false, Ecn::NotCapable, b"payload");
        let mut sealed = congested(seal(&tunnel, &inner));
        assert_eq!(tunnel.open_in_place(&mut inbound(), &mut sealed), Err(EcnError.into()));
    }
}

#[test]
fn what_does_not_belong_into_a_tunnel() {
    let inner = packet(Version::V4, false, Ecn::NotCapable, b"payload");
    let tunnel = tunnel(Version::V4);
    let sealed = seal(&tunnel, &inner);
    let mut other = tunnel;
    other.endpoints =
        Endpoints::V4 { source: Ipv4Addr::LOCALHOST, destination: Ipv4Addr::new(198, 51, 100, 2) };
    assert_eq!(other.open_in_place(&mut inbound(), &mut sealed.clone()), Err(TunnelError::OtherEndpoints));
    let mut bad = sealed.clone();
    bad[10] ^= 1;
    assert!(matches!(
        tunnel.open_in_place(&mut inbound(), &mut bad),
        Err(TunnelError::Ip(IpError::Checksum { .. }))
    ));
    let mut bad = sealed.clone();
    bad[30] ^= 1;
    assert!(matches!(
        tunnel.open_in_place(&mut inbound(), &mut bad),
        Err(TunnelError::Protection(EspError::Esp(_)))
    ));

    // The same two hosts use transport mode.
    let mut transport = inner.clone();
    transport[12..20].copy_from_slice(&[192, 0, 2, 1, 198, 51, 100, 2]);
    v4::write_checksum(&mut transport[..20]).unwrap();
    let mut buffer = [&[0; 16][..], &transport, &[0; 40]].concat();
    let packet = outbound().protect(&mut buffer, transport.len(), IvSource::Octets(&[1; 8])).unwrap();
    let error = TunnelError::NotTunnelled { next_header: NextHeader::UDP };
    assert_eq!(tunnel.open_in_place(&mut inbound(), packet), Err(error));

    // Octets that are not a packet do not enter a tunnel, and use no number.
    let mut sa = outbound();
    let mut buffer = [&[0; 36][..], &[0x45; 30], &[0; 40]].concat();
    let sealed = tunnel.seal_in_place(&mut sa, &mut buffer, 30, 0, IvSource::Octets(&[1; 8]));
    assert!(matches!(sealed, Err(TunnelError::Ip(IpError::Length(_)))));
    assert_eq!(sa.sequence().0, 0);
}

/// RFC 4303 section 2.7: the padding that hides a packet's length does not come out.
#[test]
fn traffic_flow_padding_is_cut_off() {
    let inner = packet(Version::V4, false, Ecn::NotCapable, b"payload");
    let tunnel = tunnel(Version::V4);
    let mut sa = outbound();
    let sealing = Padding { traffic_flow_len: 200, ..Padding::new(NextHeader::IPV4) };
    let mut buffer = std::vec![0; 20 + sa.headroom()];
    buffer.extend_from_slice(&inner);
    buffer.resize(buffer.len() + sa.tailroom_for(inner.len(), &sealing), 0);
    let len =
        sa.seal_in_place(&mut buffer[20..], inner.len(), sealing, IvSource::Octets(&[1; 8])).unwrap().len();
    tunnel.emit_outer_header(&Inner::of(&inner).unwrap(), len, 0, &mut buffer).unwrap();
    buffer[9] = 50;
    v4::write_checksum(&mut buffer[..20]).unwrap();
    assert_eq!(tunnel.open_in_place(&mut inbound(), &mut buffer[..20 + len]).unwrap(), inner);
}

/// Lengths that were seen on real networks. A ping of 100 octets has 152 octets with DES or 3DES and an ICV of 96
/// bits, counted down from a lifetime in kilobytes. It has 180 octets with `ah-*-hmac esp-aes`.
#[test]
fn lengths_that_were_seen() {
    let mut count = 0;
    for encryption in [Encryption::DesCbc, Encryption::TripleDesCbc] {
        for authentication in [Authentication::HmacMd5, Authentication::HmacSha1, Authentication::AesXcbc] {
            let suite = Suite::new(encryption, Some(authentication)).unwrap();
            assert_eq!(Protection::Esp(suite).tunnel_len(Version::V4, 100), Some(152));
            assert_eq!(Protection::EspInUdp(suite).tunnel_len(Version::V4, 100), Some(160));
            count += 1;
        }
    }
    assert_eq!(count, 6);
    let aes = Protection::Bundle(BundleSuite::MD5_AES_128);
    assert_eq!(aes.tunnel_len(Version::V4, 100), Some(180));
    assert_eq!(Protection::Bundle(BundleSuite::MD5_TRIPLE_DES).tunnel_len(Version::V4, 100), Some(164));
    // RFC 4301 section 8.2: these inner packets fit a path of 1500 octets.
    assert_eq!(Protection::Esp(SUITE).tunnel_mtu(Version::V4, 1500), Some(1446));
    let aes = Suite::new(Encryption::AesCbc(AesKey::Bits128), Some(Authentication::HmacSha1)).unwrap();
    assert_eq!(Protection::Esp(aes).tunnel_mtu(Version::V4, 1500), Some(1438));
    assert_eq!(Protection::Esp(aes).tunnel_mtu(Version::V4, 60), None);
}
