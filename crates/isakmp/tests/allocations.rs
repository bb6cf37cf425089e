//! Parsing, decoding, emitting, looking and putting together allocate nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use core::fmt::{self, Write};

use vpnwire_isakmp::doi::{Doi, ProtocolId};
use vpnwire_isakmp::payload::fragment::Fragment;
use vpnwire_isakmp::payload::situation::Situation;
use vpnwire_isakmp::{
    Header, Message, MessageWriter, NegotiationContext, Payload, PayloadType, Reassembly, Role, Writer, ios,
    vendor,
};

/// Counts what is printed.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

fn write(buffer: &mut [u8]) -> usize {
    let header = Header { exchange_type: vpnwire_isakmp::ExchangeType::AGGRESSIVE, ..Header::default() };
    let mut writer = Writer::new(buffer);
    let mut message = MessageWriter::new(&mut writer, &header).unwrap();
    message
        .security_association(PayloadType(1), Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
            proposals.proposal(1, ProtocolId::ISAKMP, &[], |transforms| {
                (1..=20).try_for_each(|number| {
                    transforms.transform(number, 1, |attributes| {
                        attributes.basic(1u16, 5u16)?;
                        attributes.number(12u16, 86_400)
                    })
                })
            })
        })
        .unwrap();
    message.push(PayloadType::NONCE, &[0; 20]).unwrap();
    message.push(PayloadType::IDENTIFICATION, &[1, 17, 0, 0, 192, 168, 12, 1]).unwrap();
    message.push(PayloadType::VENDOR_ID, vendor::NAT_T_07.octets).unwrap();
    message.push(PayloadType(15), &[0; 20]).unwrap();
    message.finish().unwrap();
    writer.position()
}

#[test]
fn nothing_is_allocated() {
    let (mut one, mut two, mut joined) = ([0; 1024], [0; 1024], [0; 1024]);
    let (mut transforms, mut departures, mut nat_detections, mut text) = (0, 0, 0, Count(0));
    let info = allocation_counter::measure(|| {
        let len = write(&mut one);
        let message = Message::parse(&one[..len]).unwrap();
        let mut context = NegotiationContext::NONE;
        context.learn_from(Role::Initiator, message.body.payloads().unwrap());
        for (_, payload) in message.payloads(context) {
            match payload.unwrap() {
                Payload::SecurityAssociation(association) => {
                    for (_, proposal) in association.decode_proposals() {
                        transforms +=
                            proposal.unwrap().decode_transforms().filter(|(_, t)| t.is_ok()).count();
                    }
                }
                Payload::NatDetection(_) => nat_detections += 1,
                _ => {}
            }
        }
        departures += message.conformance(context).count();
        let lines = ios::Lines { message: &message, context, prefix: ios::Prefix::default() };
        write!(text, "{lines}").unwrap();
        assert_eq!(message.emit(&mut two), Ok(len));
        assert_eq!(one, two);
        assert!(Message::parse(&one[..len - 1]).is_err());
        let (mut state, _) = (Reassembly::new(), ());
        for (number, data) in [(2, &one[100..len]), (1, &one[..100])] {
            let fragment = Fragment { identifier: 1, number, flags: number - 1, data };
            (state, _) = state.accept(&fragment, &mut joined).unwrap();
        }
        assert_eq!(joined, one);
    });
    // Twenty transforms, one payload 15; identification 17/0.
    assert_eq!((transforms, nat_detections, departures), (20, 1, 1));
    assert!(text.0 > 1000);
    assert_eq!(info.count_total, 0);
    // the counter counts
    assert_eq!(allocation_counter::measure(|| drop(Box::new(1u8))).count_total, 1);
}
