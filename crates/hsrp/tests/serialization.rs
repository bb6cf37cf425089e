//! Values as serde shows them.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "a test may panic: that is how it fails")]

use vpnwire_hsrp::Message;
use vpnwire_hsrp::v1::Packet;
use vpnwire_hsrp::v2::GroupState;

#[test]
fn values_go_to_json_and_back() {
    let packet = Packet::default();
    let json = serde_json::to_string(&packet).unwrap();
    assert!(
        json.starts_with(r#"{"opcode":0,"state":0,"hello_time":3,"hold_time":10,"priority":100"#),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<Packet>(&json).unwrap(), packet);
    let group_state = GroupState::default();
    let json = serde_json::to_string(&group_state).unwrap();
    assert_eq!(serde_json::from_str::<GroupState>(&json).unwrap(), group_state);
    let message = Message::parse(&[2, 4, 0, 1, 0, 2]).unwrap();
    let tlv = message.tlvs().iter().next().unwrap();
    assert_eq!(
        serde_json::to_string(&tlv).unwrap(),
        r#"{"InterfaceState":{"active_groups":1,"passive_groups":2}}"#
    );
    assert!(serde_json::to_string(&message).unwrap().starts_with(r#"{"V2":[{"InterfaceState":{"#));
}
