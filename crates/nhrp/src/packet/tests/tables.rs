//! The tables of types, and packets that are no longer than they must be.

use super::*;
use crate::extension::authentication::AuthenticationForm;
use crate::{ExtensionHeader, ExtensionNine, Policy};

/// A packet of a fixed part, with this type, these octets behind it and extensions from this offset on.
fn raw(packet_type: u8, behind: &[u8], extension_offset: u8) -> Vec<u8> {
    let size = u8::try_from(20 + behind.len()).unwrap();
    let fixed = [0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, size, 0, 0, 0, extension_offset, 1, packet_type, 0, 0];
    [&fixed[..], behind].concat()
}

#[test]
fn a_packet_of_unknown_type_may_be_a_fixed_part_alone() {
    for packet_type in 0..=255 {
        let octets = raw(packet_type, &[], 0);
        match Packet::parse(&octets) {
            Ok(packet) => {
                assert!(!(1..=8).contains(&packet_type), "{packet_type}");
                let MandatoryPart::Other(other) = &packet.mandatory_part else { panic!("{packet_type}") };
                assert_eq!((other.packet_type.0, other.octets, other.missing), (packet_type, &[][..], 0));
                assert_eq!(emitted(&packet).len(), 20);
            }
            Err(error) => {
                assert!((1..=8).contains(&packet_type), "{packet_type}");
                assert!(matches!(error, ParseError::Length(LengthError::Ends { offset: 20, .. })), "{error}");
            }
        }
    }
    let mut short = raw(9, &[], 0);
    short[11] = 19;
    let error = Packet::parse(&short).unwrap_err();
    assert_eq!(
        error.to_string(),
        "NHRP packet at offset 0 of the NHRP packet has length 19, but its header alone has 20 octets"
    );
}

#[test]
fn each_packet_type_has_its_own_part() {
    for packet_type in 1..=9 {
        let octets = raw(packet_type, &[0; 8], 0);
        let packet = Packet::parse(&octets).unwrap();
        let name = std::format!("{:?}", packet.mandatory_part);
        let variant = [
            "ResolutionRequest",
            "ResolutionReply",
            "RegistrationRequest",
            "RegistrationReply",
            "PurgeRequest",
            "PurgeReply",
            "ErrorIndication",
            "TrafficIndication",
            "Other",
        ][usize::from(packet_type) - 1];
        assert!(name.starts_with(variant), "{packet_type}: {name}");
        assert_eq!(packet.mandatory_part.packet_type(), PacketType(packet_type));
        let again = emitted(&packet);
        assert_eq!((again[17], again.len()), (packet_type, octets.len()));
    }
}

#[test]
fn each_extension_type_has_its_own_value() {
    let cisco = Policy::new(AuthenticationForm::Cisco, ExtensionNine::NatAddress);
    let rfc = Policy::new(AuthenticationForm::Rfc, ExtensionNine::DeviceCapabilities);
    for (extension_type, len, policy, variant) in [
        (3, 0, cisco, "ResponderAddress"),
        (4, 0, cisco, "ForwardTransitNhsRecord"),
        (5, 0, cisco, "ReverseTransitNhsRecord"),
        (7, 8, cisco, "Authentication"),
        (8, 4, cisco, "VendorPrivate"),
        (9, 0, cisco, "NatAddress"),
        (9, 8, rfc, "DeviceCapabilities"),
        (1, 4, cisco, "Raw"),
        (6, 4, cisco, "Raw"),
        (0x3fff, 4, cisco, "Raw"),
    ] {
        for (compulsory, unused) in [(false, false), (true, false), (false, true), (true, true)] {
            let bits = u16::from(compulsory) << 15 | u16::from(unused) << 14;
            let header = u16::to_be_bytes(bits | extension_type);
            let behind =
                [&[0; 8][..], &header, &[0, len], &[0; 8][..usize::from(len)], &[0x80, 0, 0, 0]].concat();
            let octets = raw(2, &behind, 28);
            let packet = Packet::parse(&octets).unwrap().read_under(policy);
            let (element, extension) = packet.decoded_extensions(policy).next().unwrap();
            let extension = extension.unwrap();
            let expected =
                ExtensionHeader { compulsory, unused, extension_type: ExtensionType(extension_type) };
            assert_eq!((element.header, extension.header()), (expected, expected));
            let name = std::format!("{:?}", extension.value);
            assert!(name.starts_with(variant), "{extension_type}: {name}");
            assert_eq!(extension.wire_len(), usize::from(len));
            assert_eq!(emitted(&packet)[28..], octets[28..]);
        }
    }
}
