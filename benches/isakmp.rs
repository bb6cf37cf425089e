//! Times ISAKMP: main mode message 1 with one and with twenty transforms, parsed down to its attributes, and emitted.
//! It also times the payload list of an IKEv2 message of similar size, beside the crate `ipsec-parser`.
//!
//! The two crates do not do the same work. `ipsec-parser` decodes IKEv2 bodies one level deep (proposals, and
//! transforms that are not interpreted) into vectors. Ours frames the same message and leaves the bodies opaque, and
//! decodes fully on ISAKMP.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use isakmp::doi::{IsakmpTransformId, ProtocolId, oakley};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;
use isakmp::payload::vendor_id::VendorId;
use isakmp::{Attribute, Body, Emit, ExchangeType, Header, Message, Payload, PayloadBody, ikev2, vendor};

/// Main mode message 1: one proposal of `transforms` transforms with seven attributes each, and four vendor IDs.
fn main_mode_1(transforms: u8) -> Vec<u8> {
    use oakley::AttributeType as Type;
    let header = Header {
        initiator_cookie: [0xcf, 2, 0x32, 0x6f, 0x14, 0xa9, 0x5b, 0x93],
        exchange_type: ExchangeType::IDENTITY_PROTECTION,
        ..Header::default()
    };
    let attributes = |number: u8| {
        [
            Attribute::basic(Type::ENCRYPTION_ALGORITHM, oakley::EncryptionAlgorithm::AES_CBC),
            Attribute::basic(Type::KEY_LENGTH, 128 + 64 * u16::from(number % 3)),
            Attribute::basic(Type::HASH_ALGORITHM, oakley::HashAlgorithm::SHA),
            Attribute::basic(Type::GROUP_DESCRIPTION, u16::from(number)),
            Attribute::basic(Type::AUTHENTICATION_METHOD, oakley::AuthenticationMethod::PRE_SHARED_KEY),
            Attribute::basic(Type::LIFE_TYPE, oakley::LifeType::SECONDS),
            Attribute::variable(Type::LIFE_DURATION, &[0, 1, 0x51, 0x80]),
        ]
    };
    let lists: Vec<_> = (1..=transforms).map(attributes).collect();
    let transforms: Vec<_> = (1..)
        .zip(&lists)
        .map(|(transform_number, list)| {
            let (transform_id, attributes) = (IsakmpTransformId::KEY_IKE.0, list.into());
            Transform { transform_number, transform_id, reserved: 0, attributes }.into()
        })
        .collect();
    let proposal = Proposal {
        proposal_number: 1,
        protocol_id: ProtocolId::ISAKMP,
        transforms: transforms.as_slice().into(),
        ..Proposal::default()
    };
    let proposals = [proposal.into()];
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let mut payloads = vec![Payload::from(association)];
    for known in [&vendor::RFC_3947, &vendor::NAT_T_07, &vendor::NAT_T_03, &vendor::NAT_T_02_NEWLINE] {
        payloads.push(VendorId { vendor_id: known.octets }.into());
    }
    let message = Message { header, body: Body::Payloads(payloads.as_slice().into()), trailing: &[] };
    let mut octets = vec![0; message.wire_len()];
    message.emit(&mut octets).expect("every length fits its field");
    octets
}

/// An `IKE_SA_INIT` request of about `len` octets: a security association with one proposal of transforms of 8 octets,
/// and four notifications.
fn ike_sa_init(len: usize) -> Vec<u8> {
    let notify = |next| [vec![next, 0, 0, 28, 0, 0, 0x40, 4], vec![0x5a; 20]].concat();
    let transforms = u8::try_from(len.saturating_sub(28 + 12 + 4 * 28) / 8).expect("a proposal counts 255");
    let list: Vec<u8> = (1..=transforms)
        .flat_map(|number| [if number == transforms { 0 } else { 3 }, 0, 0, 8, 1 + number % 4, 0, 0, 12])
        .collect();
    let size = |octets: usize| u16::try_from(octets).expect("it is short").to_be_bytes();
    let (outer, inner) = (size(list.len() + 12), size(list.len() + 8));
    let total = size(28 + 12 + list.len() + 4 * 28);
    let mut octets = vec![0x11; 8];
    octets.extend([0; 8]);
    octets.extend([33, 0x20, 34, 8, 0, 0, 0, 0, 0, 0, total[0], total[1]]);
    octets.extend([41, 0, outer[0], outer[1], 0, 0, inner[0], inner[1], 1, 1, 0, transforms]);
    octets.extend(list);
    octets.extend([notify(41), notify(41), notify(41), notify(0)].concat());
    octets
}

/// Decodes everything in a message. Returns the number of attributes, and a sum that depends on each of them.
fn decode(octets: &[u8]) -> (usize, u64) {
    let (mut count, mut sum) = (0, 0);
    let message = Message::parse(octets).expect("it is well formed");
    for payload in message.payloads() {
        match payload.body {
            PayloadBody::SecurityAssociation(association) => {
                for proposal in association.proposals {
                    for transform in proposal.decoded().expect("it is well formed").transforms {
                        for attribute in transform.decoded().expect("it is well formed").attributes {
                            count += 1;
                            sum ^= attribute.value.number().unwrap_or_default();
                        }
                    }
                }
            }
            PayloadBody::Malformed { error, .. } => panic!("it is well formed: {error}"),
            PayloadBody::VendorId(vendor_id) => sum ^= u64::from(vendor_id.known().is_some()),
            _ => {}
        }
    }
    (count, sum)
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("isakmp");
    group.throughput(Throughput::Elements(1));
    for transforms in [1, 20] {
        let octets = main_mode_1(transforms);
        assert_eq!(decode(&octets).0, 7 * usize::from(transforms));
        let len = octets.len();
        group.bench_function(format!("parse main mode 1, {transforms} transforms ({len} octets)"), |b| {
            b.iter(|| decode(black_box(&octets)));
        });
        let message = Message::parse(&octets).expect("it is well formed");
        let mut buffer = vec![0; message.wire_len()];
        group.bench_function(format!("emit main mode 1, {transforms} transforms ({len} octets)"), |b| {
            b.iter(|| black_box(&message).emit(black_box(&mut buffer)).map(|written| written.len()));
        });
        assert_eq!(buffer, octets);

        let octets = ike_sa_init(len);
        let len = octets.len();
        let ours = ikev2::Message::parse(&octets).expect("it is well formed");
        let (_, (_, theirs)) = ipsec_parser::parse_ikev2_message(&octets).expect("it is well formed");
        // The list of `ipsec-parser` begins with a dummy.
        assert_eq!((ours.payloads.element_count(), theirs.expect("it is well formed").len()), (5, 6));
        group.bench_function(format!("header and payload list of IKE_SA_INIT ({len} octets)"), |b| {
            b.iter(|| {
                let message = ikev2::Message::parse(black_box(&octets)).expect("it is well formed");
                message.payloads.iter().fold(0, |sum, element| sum ^ element.octets.len())
            });
        });
        group.bench_function(format!("peer: ipsec-parser, IKE_SA_INIT ({len} octets)"), |b| {
            b.iter(|| ipsec_parser::parse_ikev2_message(black_box(&octets)));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
