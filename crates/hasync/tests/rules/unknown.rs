//! Attributes and types that this crate does not know.

use vpnwire_hasync::{
    AttributeCode, Departure, Emit as _, EmitError, Envelope, LengthError, Message, MessageType, ParseError,
};

use crate::{message, written};

#[test]
fn unknown_attributes_and_their_order_survive() {
    // The codes are one that Cisco may use, one of this profile's range, and a known one with a malformed value.
    let octets = message(
        MessageType::KEEPALIVE,
        &[
            (43, &[1, 2, 3]),
            (0xbeef, &[]),
            (6, &[1]),
            (0x8072, &[0, 0, 0, 9]),
            (43, &[4]),
            (0x8000, &[0, 0, 0, 1]),
        ],
    );
    let read = Message::parse(&octets).unwrap();
    assert_eq!(written(&read), octets);
    assert_eq!(
        read.conformance().collect::<Vec<_>>(),
        [
            Departure::NoRecord(ParseError::Length(LengthError::Ends {
                within: "HA message",
                element: "HA_IKE_ATT_PEER_PORT",
                offset: 23,
                needed: 2,
                available: 1
            })),
            Departure::UnknownAttribute { code: AttributeCode(43), offset: 8 },
            Departure::UnknownAttribute { code: AttributeCode(0xbeef), offset: 15 },
            Departure::Malformed { code: AttributeCode::PEER_PORT, offset: 19 },
            Departure::UnknownAttribute { code: AttributeCode(43), offset: 32 },
        ]
    );
}

#[test]
fn unknown_attributes_inside_attributes_survive() {
    let inside =
        [&[0x12, 0x34, 0, 2, 7, 7][..], &[0x80, 0x4e, 0, 2, 5, 0xdc], &[0x80, 0x40, 0, 1, 0xff]].concat();
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &inside)]);
    let read = Message::parse(&octets).unwrap();
    assert_eq!(written(&read), octets);
    // A list of attributes that is malformed inside is kept unchanged.
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &inside[..7])]);
    let read = Message::parse(&octets).unwrap();
    assert_eq!(written(&read), octets);
    assert!(
        read.conformance().any(|d| d == Departure::Malformed { code: AttributeCode::IPSEC_SA, offset: 8 })
    );
}

#[test]
fn the_serial_of_an_unknown_type_stays_in_its_place_and_can_be_changed() {
    let all: [(u16, &[u8]); 3] = [(43, &[1]), (0x8000, &[0, 0, 0, 7]), (44, &[2])];
    let octets = message(MessageType(77), &all);
    let read = Message::parse(&octets).unwrap();
    let mut envelope = Envelope::from_message(&read).unwrap();
    assert_eq!((envelope.serial, envelope.wire_len()), (Some(7), octets.len()));
    assert_eq!(written(&envelope), octets);
    envelope.serial = Some(8);
    assert_eq!(written(&envelope), message(MessageType(77), &[all[0], (0x8000, &[0, 0, 0, 8]), all[2]]));
    envelope.serial = None;
    let reason = "the attributes hold a serial, but the envelope has none";
    let error = EmitError::Contradiction { field: "VPNWIRE_ATT_SERIAL", reason };
    assert_eq!(envelope.emit(&mut [0; 64]), Err(error));
    let without = message(MessageType(77), &[all[0]]);
    let read = Message::parse(&without).unwrap();
    let mut envelope = Envelope::from_message(&read).unwrap();
    envelope.serial = Some(7);
    assert_eq!(written(&envelope), message(MessageType(77), &[all[1], all[0]]));
}

#[test]
fn numbers_of_cisco_and_of_the_profile_are_kept_apart() {
    for code in AttributeCode::NAMED {
        assert_eq!(code.is_of_profile(), !code.name().unwrap().starts_with("HA_IKE_ATT_"), "{code}");
    }
    let ciscos = AttributeCode::NAMED.iter().filter(|code| !code.is_of_profile()).count();
    assert_eq!(ciscos, 17);
    for message_type in MessageType::NAMED {
        assert_eq!(message_type.is_of_profile(), *message_type != MessageType::ADD_IKE_SA);
    }
}
