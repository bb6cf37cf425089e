use proptest::prelude::*;

use super::*;
use crate::PayloadType;

/// Makes the octets say that they are a message of version 1 with their own length.
fn framed(mut octets: Vec<u8>) -> Vec<u8> {
    let len = u32::try_from(octets.len()).unwrap();
    if octets.len() >= 28 {
        octets[17] = 0x10;
        octets[19] &= 0xfe;
        octets[24..28].clone_from_slice(&len.to_be_bytes());
    }
    octets
}

fn all(octets: &[u8]) {
    parse_is_total(octets);
    emit_then_parse(octets);
    parse_then_emit(octets);
    chain_offsets_are_true(octets);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_octets(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        all(&octets);
        all(&framed(octets));
    }

    #[test]
    fn short_lengths_make_long_chains(octets in prop::collection::vec(0..16u8, 28..400)) {
        all(&framed(octets));
    }

    #[test]
    fn messages_written_at_will(script in prop::collection::vec(any::<u8>(), 0..400)) {
        written_messages_are_read(&script);
    }

    #[test]
    fn proposals_outside_an_association(body in prop::collection::vec(any::<u8>(), 0..60)) {
        written_messages_are_read(&[&[2, 46, 250, 1, 1][..], &body].concat());
    }

    #[test]
    fn messages_written_at_will_and_damaged(
        script in prop::collection::vec(any::<u8>(), 0..400),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut octets = message_from(&script);
        for (place, octet) in damage {
            let place = place.index(octets.len());
            octets[place] = octet;
        }
        all(&octets);
        octets.truncate(cut.index(octets.len() + 1));
        all(&octets);
        all(&framed(octets));
    }

    #[test]
    fn fragments_at_will(commands in prop::collection::vec(any::<u8>(), 0..200)) {
        reassembly(&commands);
    }

    #[test]
    fn chains_at_will(octets in prop::collection::vec(0..60u8, 0..200), base in 0..1000usize, first: u8) {
        any_chain(&octets, base, PayloadFraming::first(PayloadType(first)));
        any_chain(&octets, base, PayloadFraming::ikev2(PayloadType(first)));
    }
}

#[test]
fn scripts_reach_every_payload() {
    let mut seen = std::collections::BTreeSet::new();
    let mut nested = 0;
    for seed in 0..=255u8 {
        let script: Vec<u8> = (0..200u8).map(|i| i.wrapping_mul(seed | 1).rotate_left(3) ^ seed).collect();
        let octets = message_from(&script);
        let message = Message::parse(&octets).unwrap();
        for payload in message.payloads() {
            seen.insert(payload.payload_type());
            if let PayloadBody::SecurityAssociation(body) = payload.body {
                nested += body
                    .proposals
                    .iter()
                    .filter_map(|proposal| proposal.decoded().ok())
                    .flat_map(|proposal| proposal.transforms.iter())
                    .filter(|transform| transform.body().is_some_and(|body| !body.attributes.is_empty()))
                    .count();
            }
        }
    }
    assert!(PayloadType::NAMED.iter().skip(1).all(|known| seen.contains(known)));
    assert!(nested > 50, "{nested} transforms with attributes");
}
