//! The values as serde serializes them.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic: that is how it fails")]

use vpnwire_isakmp::doi::{Doi, ProtocolId};
use vpnwire_isakmp::payload::notification::Notification;
use vpnwire_isakmp::{Message, PayloadType};

#[test]
fn values_go_to_json_and_registries_back() {
    let body = [0, 0, 0, 1, 1, 0, 0x60, 0x02];
    let json = serde_json::to_string(&Notification::parse_body(&body).unwrap()).unwrap();
    assert_eq!(
        json,
        r#"{"doi":1,"protocol_id":1,"notify_message_type":24578,"spi":[],"notification_data":{"Octets":[]}}"#
    );
    assert_eq!(serde_json::from_str::<ProtocolId>("3").unwrap(), ProtocolId::ESP);
    assert_eq!(serde_json::from_str::<Doi>("1").unwrap(), Doi::IPSEC);
    let mut octets = vec![0; 28];
    octets.extend([0, 0, 0, 6, 0xca, 0xfe]);
    (octets[16], octets[17], octets[27]) = (13, 0x10, 34);
    let message = Message::parse(&octets).unwrap();
    let json = serde_json::to_string(&message).unwrap();
    let payloads = r#"{"Payloads":[{"reserved":0,"body":{"VendorId":{"vendor_id":[202,254]}}}]}"#;
    assert!(json.contains(payloads), "{json}");
    let element = serde_json::to_string(&message.elements().next()).unwrap();
    assert!(
        element.starts_with(r#"{"header":{"payload_type":13,"reserved":0},"name":"payload","#),
        "{element}"
    );
    assert_eq!(serde_json::to_string(&PayloadType::HASH).unwrap(), "8");
}
