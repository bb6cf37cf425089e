//! Parsing, decoding, emitting, inspecting and reassembling do not allocate.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use core::fmt::{self, Write};

use vpnwire_isakmp::doi::ProtocolId;
use vpnwire_isakmp::payload::fragment::Fragment;
use vpnwire_isakmp::payload::identification::{Identification, Identity};
use vpnwire_isakmp::payload::nat_detection::NatDetection;
use vpnwire_isakmp::payload::nonce::Nonce;
use vpnwire_isakmp::payload::proposal::Proposal;
use vpnwire_isakmp::payload::security_association::SecurityAssociation;
use vpnwire_isakmp::payload::transform::Transform;
use vpnwire_isakmp::payload::vendor_id::VendorId;
use vpnwire_isakmp::reassembly::Reassembly;
use vpnwire_isakmp::{
    Attribute, Body, ChainWriter, Emit, Header, Message, NatTraversal, NegotiationContext, Payload,
    PayloadBody, Role, UnfinishedMessage, Writer, ios, vendor,
};

/// Counts the octets that are printed.
struct Count(usize);

impl Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

/// Writes a message from values, and the same message payload by payload. Returns its length.
fn write(buffer: &mut [u8]) -> usize {
    let header = Header { exchange_type: vpnwire_isakmp::ExchangeType::AGGRESSIVE, ..Header::default() };
    let attributes = [Attribute::basic(1u16, 5u16), Attribute::variable(12u16, &[0, 1, 0x51, 0x80])];
    let transforms: [_; 20] = std::array::from_fn(|index| {
        let attributes = (&attributes).into();
        let transform_number = u8::try_from(index + 1).unwrap();
        Transform { transform_number, transform_id: 1, reserved: 0, attributes }.into()
    });
    let proposals = [Proposal {
        proposal_number: 1,
        protocol_id: ProtocolId::ISAKMP,
        transforms: (&transforms).into(),
        ..Proposal::default()
    }
    .into()];
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let identity = Identity::Ipv4Address([192, 168, 12, 1].into());
    let payloads: [Payload<'_>; 5] = [
        association.into(),
        Nonce { nonce_data: &[0; 20] }.into(),
        Identification { protocol_id: 17, port: 0, identity }.into(),
        VendorId { vendor_id: vendor::NAT_T_07.octets }.into(),
        NatDetection { generation: NatTraversal::Drafts04To08, hash: &[0; 20] }.into(),
    ];
    let message = Message { header, body: Body::Payloads((&payloads).into()), trailing: &[] };
    let len = message.emit(buffer).unwrap().len();
    let mut again = [0; 1024];
    let mut writer = Writer::new(&mut again);
    let (message, framing) = UnfinishedMessage::begin(&mut writer, &header).unwrap();
    let mut chain = ChainWriter::new(&mut writer, framing);
    for payload in &payloads {
        chain.push(payload).unwrap();
    }
    message.finish(&mut writer).unwrap();
    assert_eq!(writer.written(), &buffer[..len]);
    len
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
        let message = message.in_context(context);
        for payload in message.payloads() {
            match payload.body {
                PayloadBody::SecurityAssociation(association) => {
                    for proposal in association.proposals {
                        let proposal = proposal.decoded().unwrap();
                        transforms += proposal.transforms.iter().filter(|t| t.body().is_some()).count();
                    }
                }
                PayloadBody::NatDetection(_) => nat_detections += 1,
                _ => {}
            }
        }
        departures += message.conformance().count();
        let lines = ios::Lines { message: &message, prefix: ios::Prefix::default() };
        write!(text, "{lines}").unwrap();
        assert_eq!(message.emit(&mut two).unwrap().len(), len);
        assert_eq!(one, two);
        assert!(Message::parse(&one[..len - 1]).is_err());
        let (mut state, _) = (Reassembly::new(), ());
        for (number, data) in [(2, &one[100..len]), (1, &one[..100])] {
            let fragment = Fragment { identifier: 1, number, flags: number - 1, data };
            (state, _) = state.accept(&fragment, &mut joined).unwrap();
        }
        assert_eq!(joined, one);
    });
    // There are twenty transforms and one payload 15. The departure is the identification 17/0.
    assert_eq!((transforms, nat_detections, departures), (20, 1, 1));
    assert!(text.0 > 1000);
    assert_eq!(info.count_total, 0);
    // this shows that the counter counts
    assert_eq!(allocation_counter::measure(|| drop(Box::new(1u8))).count_total, 1);
}
