use std::vec::Vec;

use super::*;
use crate::ip::Ecn;
use crate::properties::tunnels::{fragments_are_the_packet, packet, tunnel};
use crate::tunnel::DontFragment;

/// RFC 4301 sections 8.1 and 8.2.1.
#[test]
fn decisions() {
    let inner = |dont_fragment| Inner { version: Version::V4, dscp: 0, ecn: Ecn::NotCapable, dont_fragment };
    let mut tunnel = tunnel(Version::V4);
    let too_big = Decision::TooBig { mtu: 1446 };
    let before = Decision::Before { mtu: 1446 };
    let after = Decision::After { mtu: 1500 };
    let decide = |policy, tunnel: &Tunnel, df, len| decide(policy, tunnel, &inner(df), len, 1500, 1446);
    for policy in [Policy::Before, Policy::After, Policy::Refuse] {
        assert_eq!(decide(policy, &tunnel, true, 1500), Decision::Whole);
    }
    // The DF flag is copied.
    for (policy, may, must_not) in [
        (Policy::Before, before, too_big),
        (Policy::After, after, too_big),
        (Policy::Refuse, too_big, too_big),
    ] {
        assert_eq!(decide(policy, &tunnel, false, 1501), may);
        assert_eq!(decide(policy, &tunnel, true, 1501), must_not);
    }
    tunnel.dont_fragment = DontFragment::Clear;
    assert_eq!(decide(Policy::After, &tunnel, true, 1501), after);
    assert_eq!(decide(Policy::Before, &tunnel, true, 1501), too_big);
    tunnel.dont_fragment = DontFragment::Set;
    assert_eq!(decide(Policy::After, &tunnel, false, 1501), too_big);
    // A tunnel may fragment its own IPv6 packets.
    let tunnel = crate::properties::tunnels::tunnel(Version::V6);
    assert_eq!(decide(Policy::After, &tunnel, true, 1501), after);
}

fn all(packet: &[u8], mtu: usize) -> Vec<Vec<u8>> {
    let mut fragments = Fragments::new(packet, mtu, 0x0102_0304).unwrap();
    let mut buffer = [0; 2000];
    let mut all = Vec::new();
    while let Some(len) = fragments.emit_next(&mut buffer).unwrap() {
        all.push(buffer[..len].to_vec());
    }
    all
}

/// RFC 791 section 3.2: all fragments are multiples of eight octets, but the last has the remainder.
#[test]
fn fragments_of_ipv4() {
    let payload: Vec<u8> = (0..100).collect();
    let fragments = all(&packet(Version::V4, false, Ecn::NotCapable, &payload), 70);
    let parts: Vec<_> = fragments
        .iter()
        .map(|fragment| {
            let (header, payload) = v4::Header::parse(fragment).unwrap();
            (header.fragment_offset, header.more_fragments, payload.len())
        })
        .collect();
    assert_eq!(parts, [(0, true, 48), (6, true, 48), (12, false, 4)]);
    // The packet is a fragment, and not the last one.
    let inner = &fragments[1];
    let again = all(inner, 50);
    let offsets: Vec<_> = again
        .iter()
        .map(|fragment| {
            let (header, _) = v4::Header::parse(fragment).unwrap();
            (header.fragment_offset, header.more_fragments)
        })
        .collect();
    assert_eq!(offsets, [(6, true), (9, true)]);
    fragments_are_the_packet(inner, 50, 0);
}

/// RFC 791 section 3.1: options with the copied flag are in every fragment, the others only in the first.
#[test]
fn options_are_copied() {
    let header = v4::Header {
        options: &[7, 7, 4, 1, 2, 3, 4, 148, 4, 0, 0, 0],
        ..v4::Header::parse(&packet(Version::V4, false, Ecn::NotCapable, b"")).unwrap().0
    };
    let mut packet = [0; 132];
    header.emit(100, &mut packet).unwrap();
    let fragments = all(&packet, 80);
    let options: Vec<_> =
        fragments.iter().map(|fragment| v4::Header::parse(fragment).unwrap().0.options).collect();
    assert_eq!(options, [header.options, &[148, 4, 0, 0], &[148, 4, 0, 0]]);
    fragments_are_the_packet(&packet, 80, 0);
}

/// RFC 8200 section 4.5: the fragment header follows the headers that routers look at.
#[test]
fn fragments_of_ipv6() {
    let mut octets = packet(Version::V6, false, Ecn::NotCapable, b"");
    octets[6] = 0;
    octets.extend([60, 0, 1, 4, 0, 0, 0, 0]);
    octets.extend([17, 0, 1, 4, 0, 0, 0, 0]);
    octets.extend([9; 84]);
    octets[5] = 100;
    let fragments = all(&octets, 96);
    assert_eq!(fragments.len(), 3);
    for (at, fragment) in fragments.iter().enumerate() {
        assert_eq!((fragment[6], fragment[40], fragment[48]), (0, 44, 60));
        let word = u16::from_be_bytes([fragment[50], fragment[51]]);
        assert_eq!(word, (at * 40) as u16 | u16::from(at < 2));
        assert_eq!(fragment[52..56], [1, 2, 3, 4]);
        assert_eq!(usize::from(fragment[5]) + 40, fragment.len());
    }
    let error = FragmentError::Ip(IpError::Fragment { offset: 0, more: false });
    assert_eq!(Fragments::new(&fragments[0], 80, 1).unwrap_err(), error);
}

#[test]
fn what_is_not_cut() {
    let octets = packet(Version::V4, true, Ecn::NotCapable, &[0; 100]);
    assert_eq!(Fragments::new(&octets, 119, 0).unwrap_err(), FragmentError::DontFragment);
    assert_eq!(all(&octets, 120), [octets]);
    let octets = packet(Version::V4, false, Ecn::NotCapable, &[0; 100]);
    assert_eq!(Fragments::new(&octets, 27, 0).unwrap_err(), FragmentError::Mtu { mtu: 27, needed: 28 });
    assert_eq!(all(&octets, 28).len(), 13);
    let mut fragments = Fragments::new(&octets, 68, 0).unwrap();
    assert!(fragments.emit_next(&mut [0; 67]).is_err());
    assert_eq!(fragments.emit_next(&mut [0; 68]), Ok(Some(68)), "the same fragment again");
    let empty = packet(Version::V4, false, Ecn::NotCapable, b"");
    assert_eq!(all(&empty, 20), [empty]);
}

/// A fragment that passes needs no cutting, in IPv6 as in IPv4.
#[test]
fn what_passes_is_its_own_only_fragment() {
    let mut fragment = packet(Version::V6, false, Ecn::NotCapable, &[17, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8]);
    fragment[6] = 44;
    assert_eq!(all(&fragment, fragment.len()), [fragment.clone()]);
    let error = IpError::Fragment { offset: 0, more: false };
    assert_eq!(
        Fragments::new(&fragment, fragment.len() - 1, 0).unwrap_err(),
        FragmentError::Ip(error),
        "one octet less does not pass"
    );
}

/// All errors are returned before the first fragment is made.
#[test]
fn no_fragment_is_made_of_what_cannot_be_cut_to_its_end() {
    let good = packet(Version::V4, false, Ecn::NotCapable, b"");
    let header = v4::Header::parse(&good).unwrap().0;
    let made = |header: v4::Header<'_>| {
        let mut octets = [0; 124];
        let len = header.emit(100, &mut octets).unwrap();
        octets[..len + 100].to_vec()
    };
    // The option reaches beyond the header.
    let ragged = made(v4::Header { options: &[7, 9, 4, 0], ..header });
    assert!(matches!(Fragments::new(&ragged, 80, 0), Err(FragmentError::Ip(IpError::Length(_)))));
    assert_eq!(all(&ragged, 124), [ragged]);
    // The fragments of this fragment would begin beyond the greatest offset, 0x1fff.
    let last = made(v4::Header { fragment_offset: 0x1fff - 12, ..header });
    assert_eq!(all(&last, 68).len(), 3);
    let beyond = made(v4::Header { fragment_offset: 0x1fff - 11, ..header });
    let error = EmitError::FieldOverflow { field: "fragment offset", value: 0x2000, max: 0x1fff };
    assert_eq!(Fragments::new(&beyond, 68, 0).unwrap_err(), FragmentError::Ip(error.into()));
}
