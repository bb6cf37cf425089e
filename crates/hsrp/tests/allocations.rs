//! Parsing, emitting, checking and hashing do not allocate.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_hsrp::v1::Packet;
use vpnwire_hsrp::v2::GroupState;
use vpnwire_hsrp::{Context, Emit, Key, Md5Authentication, Message, Tlv, authentication};

fn use_all(octets: &[u8], buffer: &mut [u8]) -> usize {
    let message = Message::parse(octets).unwrap();
    let len = message.emit(buffer).unwrap().len();
    let key = Key::from("key");
    authentication::seal(&mut buffer[..len], key).unwrap();
    authentication::verify(&buffer[..len], key).unwrap();
    let context = Context { time_to_live: Some(2), ..Context::default() };
    let departures = message.conformance(&context).count();
    let decoded = message.tlvs().elements().filter(|element| Tlv::parse(element).is_ok()).count();
    len + departures + decoded + message.group_messages().count()
}

#[test]
fn nothing_is_allocated() {
    let authentication = Tlv::Md5Authentication(Md5Authentication::unsealed([10, 0, 0, 1].into(), 0));
    let (mut one, mut two, mut buffer) = ([0; 50], [0; 72], [0; 128]);
    let mut sum = 0;
    let info = allocation_counter::measure(|| {
        let tlvs = [Tlv::GroupState(GroupState::default()), authentication];
        let packet = Message::V1 { packet: Packet::default(), trailing: tlvs[1..].into() };
        packet.emit(&mut one).unwrap();
        Message::V2((&tlvs).into()).emit(&mut two).unwrap();
        sum += use_all(&one, &mut buffer);
        sum += use_all(&two, &mut buffer);
    });
    // The sum: 50 and 72 octets; two departures in each message (the TTL, and a Hello in state Initial); one and
    // two TLVs; one group in each.
    assert_eq!(sum, 50 + 72 + 2 + 2 + 1 + 2 + 2);
    assert_eq!(info.count_total, 0);
    // This shows that the counter works.
    assert_eq!(allocation_counter::measure(|| drop(Box::new(1u8))).count_total, 1);
}
