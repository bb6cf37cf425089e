use std::vec::Vec;

use wire::{Emit, Member};

use super::*;
use crate::extension::authentication::AuthenticationForm;
use crate::{
    Cie, Extension, ExtensionElement, ExtensionFraming, ExtensionHeader, ExtensionNine, ExtensionType,
    ExtensionValue, Extensions, LengthError, NbmaAddress, ParseError, Policy,
};

fn elements(octets: &[u8]) -> Vec<ExtensionElement<'_>> {
    Extensions::parse(octets, 52, ExtensionFraming::default()).unwrap().elements().collect()
}

/// Decodes the first extension, with a source protocol address of 4 octets.
fn decoded<'a>(octets: &'a [u8], policy: Policy) -> Result<Extension<'a>, ParseError> {
    Extension::parse(&elements(octets)[0], policy, 4)
}

fn emitted(extension: &Extension<'_>) -> Vec<u8> {
    let mut octets = [0; 128];
    let extension = [extension.clone()];
    let list = Extensions::from(&extension);
    let written = list.emit(&mut octets).unwrap().to_vec();
    assert_eq!(written.len(), list.wire_len());
    written
}

const RFC_2735: Policy = Policy::new(AuthenticationForm::Cisco, ExtensionNine::DeviceCapabilities);

#[test]
fn bits_of_the_type_word_are_kept() {
    let octets = [0xc0, 0x09, 0, 0, 0x7f, 0x33, 0, 1, 0xaa, 0x80, 0, 0, 0];
    let elements = elements(&octets);
    let header = |compulsory, unused, extension_type| ExtensionHeader {
        compulsory,
        unused,
        extension_type: ExtensionType(extension_type),
    };
    let headers: Vec<_> = elements.iter().map(|element| element.header).collect();
    assert_eq!(headers, [header(true, true, 9), header(false, true, 0x3f33)]);
    let mut written = Vec::new();
    for element in &elements {
        written.extend(emitted(&Extension::parse(element, Policy::default(), 4).unwrap()));
    }
    assert_eq!(written, octets[..9]);
}

#[test]
fn number_9_is_by_policy() {
    let octets = [0, 9, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0x80, 0, 0, 0];
    let capabilities = DeviceCapabilities { source_capabilities: 1, target_capabilities: 0 };
    let extension = decoded(&octets, RFC_2735).unwrap();
    assert_eq!(extension, Extension::new(ExtensionValue::DeviceCapabilities(capabilities)));
    assert_eq!(emitted(&extension), octets[..12]);
    let error = LengthError::Ends {
        within: "NHRP packet",
        element: "client information entry",
        offset: 56,
        needed: 12,
        available: 8,
    };
    assert_eq!(decoded(&octets, Policy::default()), Err(error.into()));
    let kept = Extension::decode(&elements(&octets)[0], &ExtensionFraming::new(Policy::default(), 4));
    assert!(matches!(kept.value, ExtensionValue::Raw { .. }));
    assert_eq!(emitted(&kept), octets[..12]);
}

#[test]
fn device_capabilities_are_of_8_octets_rfc_2735_section_4_2() {
    let octets = [0, 9, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0x80, 0, 0, 0];
    assert_eq!(decoded(&octets, RFC_2735), Err(ParseError::DeviceCapabilitiesLength { offset: 52, len: 7 }));
    let octets = [0, 9, 0, 0, 0x80, 0, 0, 0];
    assert_eq!(decoded(&octets, RFC_2735), Err(ParseError::DeviceCapabilitiesLength { offset: 52, len: 0 }));
    assert!(decoded(&octets, Policy::default()).is_ok());
}

#[test]
fn a_responder_address_has_one_entry_rfc_2332_section_5_3_1() {
    let cie = Cie { client_nbma_address: NbmaAddress::new(&[10, 0, 0, 1]), ..Cie::default() };
    let extension =
        Extension::new(ExtensionValue::ResponderAddress(ResponderAddress { responder: Some(cie) }));
    let octets = [&emitted(&extension)[..], &[0x80, 0, 0, 0]].concat();
    assert_eq!(decoded(&octets, Policy::default()), Ok(extension));
    let mut twice = octets[..20].to_vec();
    twice[3] = 32;
    twice.extend(&octets[4..]);
    assert_eq!(
        decoded(&twice, Policy::default()),
        Err(ParseError::ResponderAddressCount { offset: 52, count: 2 })
    );
}

#[test]
fn vendor_private_has_a_vendor_and_cisco_a_group() {
    let octets = *b"\x00\x08\x00\x0d\x00\x00\x0c\x01\x08SHAPE_1M\x80\x00\x00\x00";
    let extension = decoded(&octets, Policy::default()).unwrap();
    let group = VendorPrivate::CiscoGroup(b"SHAPE_1M");
    assert_eq!(extension, Extension::new(ExtensionValue::VendorPrivate(group)));
    assert_eq!(emitted(&extension), octets[..17]);
    // Data with a wrong length, or of another vendor, are not a group.
    for octets in [
        &b"\x00\x08\x00\x06\x00\x00\x0c\x01\x02x\x80\x00\x00\x00"[..],
        b"\x00\x08\x00\x06\x00\x00\x0d\x01\x01x\x80\x00\x00\x00",
        b"\x00\x08\x00\x04\x00\x00\x0c\x01\x80\x00\x00\x00",
        b"\x00\x08\x00\x03\x00\x00\x0c\x80\x00\x00\x00",
    ] {
        let extension = decoded(octets, Policy::default()).unwrap();
        let ExtensionValue::VendorPrivate(VendorPrivate::Other { vendor_id, .. }) = extension.value else {
            panic!("{extension:?}");
        };
        assert_eq!(vendor_id, octets[4..7]);
        assert_eq!(emitted(&extension), octets[..octets.len() - 4]);
    }
    let error = LengthError::Ends {
        within: "NHRP packet",
        element: "vendor ID",
        offset: 56,
        needed: 3,
        available: 2,
    };
    assert_eq!(decoded(b"\x00\x08\x00\x02\x00\x00\x80\x00\x00\x00", Policy::default()), Err(error.into()));
}

#[test]
fn a_new_extension_has_the_compulsory_bit_of_its_rfc() {
    let value = |extension_type| ExtensionValue::Raw {
        extension_type: ExtensionType(extension_type),
        octets: &[],
        missing: 0,
    };
    let compulsory: Vec<_> =
        (0..12).filter(|extension_type| Extension::new(value(*extension_type)).compulsory).collect();
    assert_eq!(compulsory, [0, 3, 4, 5, 7]);
    assert_eq!(emitted(&Extension::END), [0x80, 0, 0, 0]);
}

#[test]
fn an_extension_that_is_cut_has_its_name_and_its_octets_at_each_length() {
    let names = [
        (3, "Responder Address extension"),
        (4, "Forward Transit NHS Record extension"),
        (5, "Reverse Transit NHS Record extension"),
        (7, "Authentication extension"),
        (8, "Vendor-Private extension"),
        (9, "NAT Address or Device Capabilities extension"),
        (10, "Mobile Authentication extension"),
        (0x1234, "extension"),
    ];
    for (number, name) in names {
        let [high, low] = u16::to_be_bytes(number);
        // The value has 12 octets, as many as the shortest entry.
        let octets = [0x80 | high, low, 0, 12, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0];
        for len in 4..16 {
            let read = Extensions::parse_until_error(&octets[..len], 52, ExtensionFraming::default());
            let fault = LengthError::Ends {
                element: name,
                within: "NHRP packet",
                offset: 52,
                needed: 16,
                available: len,
            };
            assert_eq!((read.fault, read.rest), (Some(fault), &[][..]), "{number}");
            let element = read.value.elements().next().unwrap();
            assert_eq!((element.name, element.value, element.missing), (name, &octets[4..len], 16 - len));
            assert_eq!(Extension::parse(&element, Policy::default(), 4), Err(fault.into()));
            let extension_type = ExtensionType(number);
            let value = ExtensionValue::Raw { extension_type, octets: &octets[4..len], missing: 16 - len };
            let kept = Extension { compulsory: true, unused: false, value };
            assert_eq!(read.value.iter().next(), Some(kept));
        }
    }
}
