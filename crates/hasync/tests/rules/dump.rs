//! What the debug lines show, and what they hide.

use vpnwire_hasync::{DebugCryptoHa, Message, MessageType};

use crate::message;

#[test]
fn unknown_attributes_may_be_keys_and_are_not_shown() {
    let octets =
        message(MessageType::ADD_IKE_SA, &[(10, &[0xa5; 8]), (0x8040, &[0xa5; 8]), (0x8046, &[0xa5; 8])]);
    let read = Message::parse(&octets).unwrap();
    let dump =
        DebugCryptoHa { message: &read, number: 3, declared_len: octets.len(), prefix: "" }.to_string();
    let iterator = read.attributes.iter();
    let elements = read.attributes.elements();
    for output in
        [format!("{read:?}{iterator:?}"), dump.clone(), format!("{elements:?}{:?}", elements.clone())]
    {
        assert!(!output.contains("165") && !output.contains("A5"), "{output}");
    }
    assert!(dump.contains(" attr unknown (10) len 8\n (8 octets)\n"), "{dump}");
    assert!(dump.starts_with("Sending IKE Add SA Message\nHA Message 3:flags=0x01"));
}

#[test]
fn a_length_that_lies_brings_no_key_into_a_dump() {
    let mut octets = message(MessageType::ADD_SAS, &[(4, &[4, 0, 0, 5]), (0x8046, &[0xa5; 8])]);
    octets[11] = 200;
    let read = Message::parse_until_error(&octets).unwrap();
    let dump = DebugCryptoHa { message: &read.value, number: 0, declared_len: octets.len(), prefix: "" };
    assert!(dump.to_string().ends_with(" attr HA_IKE_ATT_SRC (4) len 200\n (16 octets)\n"), "{dump}");
}

#[test]
fn long_values_go_on_in_the_next_line_and_nested_ones_are_indented() {
    let name: Vec<u8> = (0..18).collect();
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &[0x80, 0x4e, 0, 2, 5, 0xdc]), (0x8050, &name)]);
    let read = Message::parse(&octets).unwrap();
    let dump =
        DebugCryptoHa { message: &read, number: 0, declared_len: octets.len(), prefix: "" }.to_string();
    let lines: Vec<_> = dump.lines().skip(3).collect();
    assert_eq!(
        lines,
        [
            " attr VPNWIRE_ATT_IPSEC_SA (32832) len 6",
            "  attr VPNWIRE_ATT_PATH_MTU (32846) len 2",
            "  05 DC",
            " attr VPNWIRE_ATT_CRYPTO_MAP (32848) len 18",
            " 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F",
            " 10 11",
        ]
    );
}
