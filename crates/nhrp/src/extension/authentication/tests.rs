use std::format;
use std::vec::Vec;

use super::*;
use crate::packet::tests::REQUEST;
use crate::{Extensions, LengthError, Policy};

const KEY: Credentials<'static> = Credentials::HmacMd5 {
    security_parameter_index: 0x1234,
    source_address: &[192, 168, 1, 3],
    key: b"cisco123",
};

/// Returns the request with another value in its authentication extension.
fn with_value(value: &[u8]) -> Vec<u8> {
    let mut octets = REQUEST[..64].to_vec();
    octets.extend([0x80, 7, 0, u8::try_from(value.len()).unwrap()]);
    octets.extend(value);
    octets.extend([0x80, 0, 0, 0]);
    sized(octets)
}

/// Returns the same octets with their own number as the packet size.
fn sized(mut octets: Vec<u8>) -> Vec<u8> {
    octets[11] = u8::try_from(octets.len()).unwrap();
    octets
}

fn authentication(octets: &[u8], form: AuthenticationForm) -> Result<Authentication<'_>, ParseError> {
    let packet = Packet::parse(octets).unwrap();
    let policy = Policy::new(form, Default::default());
    let (_, extension) = packet.decoded_extensions(policy).nth(3).unwrap();
    extension.map(|extension| match extension.value {
        ExtensionValue::Authentication(authentication) => authentication,
        other => panic!("{other:?}"),
    })
}

#[test]
fn the_hash_covers_the_packet_with_digest_and_checksum_zeroed_rfc_2332_section_5_3_4_1() {
    // The digests were made with Python's hmac.
    assert_eq!(digest(&REQUEST, 76, b"cisco123").unwrap(), REQUEST[76..92]);
    assert_eq!(
        digest(&REQUEST, 76, &[b'k'; 100]).unwrap(),
        [0x46, 0x6f, 0xc3, 0x0d, 0xd2, 0x6c, 0x5d, 0xfc, 0xa0, 0x97, 0xc6, 0x89, 0x12, 0xdb, 0xd0, 0x5c]
    );
    // An empty key, a key as long as a block, and the shortest key that is hashed: RFC 2104 section 2.
    for (len, expected) in [
        (0, [0x9e, 0x66, 0x60, 0xc1, 0xd6, 0x27, 0x03, 0x5c, 0x22, 0xc5, 0x93, 0x52, 0x48, 0x9b, 0x89, 0x43]),
        (
            64,
            [0xeb, 0xc9, 0x1f, 0x47, 0xf4, 0x5a, 0x42, 0xbe, 0xb1, 0x17, 0xb8, 0x99, 0x25, 0x11, 0xdb, 0x45],
        ),
        (
            65,
            [0x5c, 0xea, 0x23, 0xb3, 0x32, 0x29, 0xc4, 0xfb, 0x67, 0x23, 0x2e, 0x9a, 0x07, 0x74, 0xe9, 0x9e],
        ),
    ] {
        assert_eq!(digest(&REQUEST, 76, &[b'k'; 65][..len]).unwrap(), expected, "{len} octets");
    }
    assert_eq!(verify(&REQUEST, &KEY), Ok(()));
    for at in 0..REQUEST.len() {
        let mut octets = REQUEST;
        octets[at] ^= 0x10;
        let covered = !(12..14).contains(&at);
        assert_eq!(verify(&octets, &KEY).is_err(), covered, "octet {at}");
    }
}

#[test]
fn index_and_address_tell_the_key_rfc_2332_section_5_3_4_2() {
    let Credentials::HmacMd5 { security_parameter_index, source_address, key } = KEY else { panic!("a key") };
    for credentials in [
        Credentials::HmacMd5 { security_parameter_index: 1, source_address, key },
        Credentials::HmacMd5 { security_parameter_index, source_address: &[192, 168, 1, 4], key },
        Credentials::HmacMd5 { security_parameter_index, source_address, key: b"cisco124" },
        Credentials::Password(b"cisco123"),
    ] {
        assert_eq!(verify(&REQUEST, &credentials), Err(AuthenticationError::NotAuthentic));
    }
}

#[test]
fn a_digest_of_another_length_than_hmac_md5_makes_does_not_pass() {
    for len in 0..16 {
        let octets = with_value(&REQUEST[68..76 + len]);
        assert!(
            matches!(verify(&octets, &KEY), Err(AuthenticationError::Parse(ParseError::Length(_)))),
            "{len}"
        );
    }
    let octets = with_value(&[&REQUEST[68..92], &[0]].concat());
    let trailing = ParseError::TrailingOctets { element: "Authentication Data", offset: 92, count: 1 };
    assert_eq!(verify(&octets, &KEY), Err(trailing.into()));
}

#[test]
fn the_forms_can_share_all_their_octets_and_policy_tells() {
    let octets = with_value(&[&[0, 0, 0, 1, 192, 168, 1, 3][..], &[5; 16]].concat());
    let cisco = authentication(&octets, AuthenticationForm::Cisco).unwrap();
    assert_eq!(cisco, Authentication::password(&octets[72..92]));
    let rfc = authentication(&octets, AuthenticationForm::Rfc).unwrap();
    assert_eq!(rfc.data, AuthenticationData::Hash { source_address: &[192, 168, 1, 3], digest: &[5; 16] });
    assert_eq!(authentication(&octets, AuthenticationForm::Auto), Ok(rfc));
    assert!(matches!(
        authentication(&REQUEST, AuthenticationForm::Auto).unwrap().data,
        AuthenticationData::Hash { .. }
    ));
}

#[test]
fn a_password_passes_whole_and_with_index_1_alone() {
    let verify = |value: &[u8], password| verify(&with_value(value), &Credentials::Password(password));
    assert_eq!(verify(b"\0\0\0\x01secret", b"secret"), Ok(()));
    for (value, password) in [
        (&b"\0\0\0\x01secret"[..], &b"secre"[..]),
        (b"\0\0\0\x01secre", b"secret"),
        (b"\0\0\0\x01secret", b""),
        (b"\0\0\0\x02secret", b"secret"),
        (b"\0\0\0\x01", b"secret"),
    ] {
        assert_eq!(verify(value, password), Err(AuthenticationError::NotAuthentic));
    }
}

#[test]
fn the_lack_of_an_extension_is_a_failure_rfc_2332_section_5_3_4() {
    let octets = sized([&REQUEST[..64], &REQUEST[92..]].concat());
    assert_eq!(verify(&octets, &KEY), Err(AuthenticationError::Absent));
}

#[test]
fn a_second_extension_is_a_failure() {
    let octets = sized([&REQUEST[..92], &REQUEST[64..]].concat());
    assert_eq!(verify(&octets, &KEY), Err(AuthenticationError::Repeated { offset: 92 }));
}

#[test]
fn lengths_are_checked() {
    let too_short = |element, offset, needed, available| {
        AuthenticationError::Parse(
            LengthError::Ends { within: "NHRP packet", element, offset, needed, available }.into(),
        )
    };
    let verify = |value| verify(&with_value(value), &KEY);
    assert_eq!(verify(&[]), Err(too_short("Authentication extension", 68, 4, 0)));
    assert_eq!(verify(&[0, 0, 0, 1, 2]), Err(too_short("source address of authentication", 72, 4, 1)));
    assert!(matches!(super::verify(&[], &KEY), Err(AuthenticationError::Parse(_))));
}

#[test]
fn secrets_are_not_printed() {
    // A packet that was read has the password in it.
    let octets = with_value(b"\0\0\0\x01cisco123");
    let packet = Packet::parse(&octets).unwrap();
    let printed = format!("{:?} {KEY:?} {packet:?}", Credentials::Password(b"cisco123"));
    assert!(!printed.contains("cisco") && !printed.contains("99, 105"), "{printed}");
    assert!(printed.contains("192, 168") && printed.contains("Password(..)"), "{printed}");
}

#[test]
fn both_forms_go_both_ways() {
    for octets in [with_value(b"\0\x07\0\x01secret"), REQUEST.to_vec()] {
        for form in [AuthenticationForm::Cisco, AuthenticationForm::Rfc, AuthenticationForm::Auto] {
            if form == AuthenticationForm::Rfc && octets.len() < REQUEST.len() {
                continue;
            }
            let extension =
                Extension::new(ExtensionValue::Authentication(authentication(&octets, form).unwrap()));
            let mut written = [0; 64];
            let written = Extensions::Values(&[extension]).emit(&mut written).unwrap();
            assert_eq!(written, &octets[64..octets.len() - 4]);
        }
    }
}

#[test]
fn a_digest_is_made_over_a_packet_that_has_room_for_it_and_over_nothing_else() {
    for (len, offset) in [(0, 0), (13, 0), (20, 4), (29, 14), (96, 13), (96, 81), (96, usize::MAX)] {
        assert!(
            matches!(digest(&REQUEST[..len], offset, b"key"), Err(ParseError::Length(_))),
            "{len} {offset}"
        );
    }
    assert!(digest(&REQUEST, 80, b"key").is_ok());
    assert!(digest(&REQUEST[..30], 14, b"key").is_ok());
}
