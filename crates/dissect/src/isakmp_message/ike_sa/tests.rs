use std::net::Ipv4Addr;

use isakmp::ExchangeType;

use super::*;
use crate::keys::IsakmpKeys;
use ikev1::transcript::observer::{Candidate, Exchanges};

mod peers;

use peers::{Esp, Listener, Peers, Sent};

const QUICK_MODE: u32 = 0x8f20_4988;

fn one(number: u8, spi: u32) -> Vec<Esp> {
    vec![Esp { number, spi }]
}

#[test]
fn a_negotiation_is_followed_and_retransmissions_change_nothing() {
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    let messages = peers.main_mode();
    for _ in 0..2 {
        listener.hear_all(&peers, &messages[..4]);
        assert_eq!(listener.hear(&peers, &messages[4]).hash(), Some(("HASH_I", true)));
        assert_eq!(listener.hear(&peers, &messages[5]).hash(), Some(("HASH_R", true)));
    }
    let quick = peers.quick_mode(QUICK_MODE, &one(1, 0x101), &one(1, 0x202));
    for _ in 0..2 {
        assert_eq!(listener.hear(&peers, &quick[0]).hash(), Some(("HASH(1)", true)));
        let opened = listener.hear(&peers, &quick[1]).opened();
        assert_eq!(opened.hash.map(|hash| (hash.name, hash.is_right)), Some(("HASH(2)", true)));
    }
    assert_eq!(listener.sas.kept().len(), 2);
    let associations: Vec<_> = listener.sas.associations().collect();
    assert_eq!(associations.len(), 1);
    assert_eq!(associations[0].message_counts(), (8, 8));
}

#[test]
fn a_wrong_hash_is_told_though_another_set_checks_none() {
    let peers = Peers::default();
    let (wrong, unchecked) = (peers.with_wrong_skeyid_a(), peers.encryption_key_alone());
    for (isakmp, told) in [
        (vec![wrong.clone(), unchecked.clone()], Some(("HASH(1)", false))),
        (vec![wrong.clone(), unchecked.clone(), unchecked.clone()], Some(("HASH(1)", false))),
        // Of those that are not right the first counts.
        (vec![unchecked, wrong], None),
    ] {
        let mut listener = Listener::without_pre_shared_key(isakmp);
        listener.hear_all(&peers, &peers.in_clear());
        assert_eq!(listener.hear(&peers, &peers.main_mode()[4]).hash(), None, "no SKEYID");
        listener.hear(&peers, &peers.main_mode()[5]);
        assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), told);
    }
}

#[test]
fn a_right_hash_is_told_whatever_other_sets_say() {
    let peers = Peers::default();
    let isakmp = vec![peers.with_wrong_skeyid_a(), peers.encryption_key_alone(), peers.secret_alone()];
    let mut listener = Listener::new(isakmp);
    let messages = peers.main_mode();
    listener.hear_all(&peers, &messages[..4]);
    assert_eq!(listener.hear(&peers, &messages[4]).hash(), Some(("HASH_I", true)));
    listener.hear(&peers, &messages[5]);
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), Some(("HASH(1)", true)));
}

#[test]
fn keys_whose_hash_is_wrong_are_not_those_of_the_sa() {
    // Without main mode's last messages, which these keys decrypt and check nothing of.
    let peers = Peers::aggressive();
    let mut listener = Listener::without_pre_shared_key(vec![peers.with_wrong_skeyid_a()]);
    listener.hear_all(&peers, &peers.of_aggressive_mode());
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), Some(("HASH(1)", false)));
    // The HASH of the second message covers a nonce that nobody has vouched for: it is not checked.
    let quick = peers.quick_mode(QUICK_MODE, &one(1, 0x101), &one(1, 0x202));
    assert_eq!(listener.hear(&peers, &quick[0]).hash(), Some(("HASH(1)", false)));
    let second = listener.hear(&peers, &quick[1]).opened();
    assert_eq!((second.hash, second.children.len()), (None, 0));
    let association = listener.sas.associations().next().unwrap();
    assert_eq!(association.message_counts(), (3, 1), "what has a wrong HASH was not read");
    assert_eq!(association.keys(), None);
    // One that has keys of which no HASH is checked keeps them.
    let mut listener = Listener::without_pre_shared_key(vec![peers.encryption_key_alone()]);
    listener.hear_all(&peers, &peers.of_aggressive_mode());
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), None);
    let association = listener.sas.associations().next().unwrap();
    assert_eq!(association.keys().unwrap().encryption_key, peers.encryption_key_alone().encryption_key);
}

#[test]
fn a_secret_that_was_logged_without_its_zeros_is_padded_to_the_group() {
    let mut peers = Peers::default();
    peers.secret[..2].fill(0);
    for secret in
        [&peers.secret[2..], &peers.secret[1..], &peers.secret, &[&[0; 5], &peers.secret[..]].concat()]
    {
        let mut logged = peers.secret_alone();
        logged.shared_secret = Some(zeroize::Zeroizing::new(secret.to_vec()));
        let mut listener = Listener::new(vec![logged]);
        let messages = peers.main_mode();
        listener.hear_all(&peers, &messages[..4]);
        let len = secret.len();
        assert_eq!(listener.hear(&peers, &messages[4]).hash(), Some(("HASH_I", true)), "{len} octets");
    }
    let mut logged = peers.secret_alone();
    logged.shared_secret = Some(zeroize::Zeroizing::new(vec![1; 129]));
    let mut listener = Listener::new(vec![logged]);
    listener.hear_all(&peers, &peers.in_clear());
    let reason = listener.hear(&peers, &peers.main_mode()[4]).failed();
    assert!(matches!(reason, Reason::IsakmpNoKey), "{reason}: no secret of the group");
}

/// Messages in the clear that say something else under the cookies of `peers`.
fn forged(peers: &Peers) -> Vec<Sent> {
    let other = Peers {
        g_xi: vec![0xee; 128],
        g_xr: vec![0xef; 128],
        nonce_i: vec![0xed; 20],
        nonce_r: vec![0xec; 20],
        transforms: 3,
        ..peers.clone()
    };
    match peers.exchange_type {
        ExchangeType::AGGRESSIVE => other.of_aggressive_mode()[..2].to_vec(),
        _ => other.in_clear().to_vec(),
    }
}

#[test]
fn what_is_forged_in_the_clear_does_not_end_an_established_sa() {
    let peers = Peers::default();
    let forged = forged(&peers);
    for with in [peers.secret_alone(), peers.encryption_key_alone()] {
        for forged in (0..forged.len()).map(|at| &forged[at..=at]).chain([&forged[..]]) {
            let mut listener = Listener::new(vec![with.clone()]);
            listener.hear_all(&peers, &peers.main_mode());
            listener.hear_all(&peers, forged);
            listener.hear(&peers, &peers.informational(7, 8)).opened();
            // And it is one SA still.
            assert_eq!(listener.sas.associations().count(), 1);
        }
    }
}

#[test]
fn a_forged_second_message_of_aggressive_mode_has_a_wrong_hash() {
    let peers = Peers::aggressive();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    let messages = peers.of_aggressive_mode();
    listener.hear_all(&peers, &messages[..1]);
    assert_eq!(listener.hear(&peers, &messages[1]).hash(), Some(("HASH_R", true)));
    assert_eq!(listener.hear(&peers, &forged(&peers)[1]).hash(), Some(("HASH_R", false)));
    // The HASH of the right one under another public value, and under another identity.
    for said in [&[0xb2u8; 4][..], b"other"] {
        let mut changed = messages[1].clone();
        let at = (0..changed.octets.len()).find(|at| changed.octets[*at..].starts_with(said)).unwrap();
        changed.octets[at] ^= 1;
        assert_eq!(listener.hear(&peers, &changed).hash(), Some(("HASH_R", false)));
    }
    assert_eq!(listener.hear(&peers, &messages[1]).hash(), Some(("HASH_R", true)), "sent again");
    assert_eq!(listener.hear(&peers, &messages[2]).hash(), Some(("HASH_I", true)));
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), Some(("HASH(1)", true)));
}

#[test]
fn what_was_read_under_other_values_is_forgotten_with_them() {
    // The first responder is no peer of this key's; then the one answers that is.
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    let messages = peers.main_mode();
    listener.hear_all(&peers, &messages[..2]);
    listener.hear_all(&peers, &forged(&peers)[2..]);
    let reason = listener.hear(&peers, &messages[4]).failed();
    assert!(matches!(reason, Reason::IsakmpKeys { keys: 1 }), "{reason}");
    listener.hear_all(&peers, &messages[2..4]);
    assert_eq!(listener.hear(&peers, &messages[4]).hash(), Some(("HASH_I", true)));
    assert_eq!(listener.hear(&peers, &messages[5]).hash(), Some(("HASH_R", true)));
}

#[test]
fn each_pair_of_cookies_is_an_sa() {
    let peers = Peers::default();
    let mut other = peers.clone();
    other.cookies.responder = [0x93; 8];
    other.g_xr = vec![0xb3; 128];
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    let (messages, others) = (peers.main_mode(), other.main_mode());
    // Both answer the same first message.
    listener.hear_all(&peers, &messages[..2]);
    listener.hear_all(&other, &others[1..2]);
    listener.hear_all(&peers, &messages[2..4]);
    listener.hear_all(&other, &others[2..4]);
    for number in 4..6 {
        let name = if number == 4 { "HASH_I" } else { "HASH_R" };
        assert_eq!(listener.hear(&peers, &messages[number]).hash(), Some((name, true)));
        assert_eq!(listener.hear(&other, &others[number]).hash(), Some((name, true)));
    }
    let cookies: Vec<_> = listener.sas.associations().map(|sa| sa.cookies()).collect();
    assert_eq!(cookies, [peers.cookies, other.cookies]);
}

#[test]
fn who_sends_is_told_without_addresses_too() {
    let same = Ipv4Addr::new(192, 0, 2, 1).into();
    // Behind one address with ports that differ, and with no ports to tell them apart.
    for (initiator, responder) in [((same, 1027), (same, 500)), ((same, 500), (same, 500))] {
        for floated in [None, Some(4500)] {
            let peers = Peers { initiator, responder, ..Peers::default() };
            let mut after = peers.clone();
            if let Some(port) = floated {
                (after.initiator.1, after.responder.1) = (port, port);
            }
            let mut listener = Listener::new(vec![peers.secret_alone()]);
            let messages = peers.main_mode();
            for message in &messages[..4] {
                listener.hear(&peers, message);
                listener.hear(&peers, message);
            }
            assert_eq!(listener.hear(&after, &messages[4]).hash(), Some(("HASH_I", true)));
            assert_eq!(listener.hear(&after, &messages[5]).hash(), Some(("HASH_R", true)));
            assert_eq!(listener.hear(&after, &messages[4]).hash(), Some(("HASH_I", true)), "sent again");
            let peers = Peers { initiator, responder, ..Peers::aggressive() };
            let mut listener = Listener::new(vec![peers.secret_alone()]);
            let messages = peers.of_aggressive_mode();
            listener.hear(&peers, &messages[0]);
            assert_eq!(listener.hear(&peers, &messages[1]).hash(), Some(("HASH_R", true)));
            assert_eq!(listener.hear(&after, &messages[2]).hash(), Some(("HASH_I", true)));
        }
    }
}

#[test]
fn a_quick_mode_makes_the_keys_of_a_bundle_and_no_more() {
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    listener.hear_all(&peers, &peers.main_mode());
    let many: Vec<_> = (1..=300).map(|spi| Esp { number: 1, spi }).collect();
    let quick = peers.quick_mode(QUICK_MODE, &many, &many);
    listener.hear(&peers, &quick[0]).opened();
    let children = listener.hear(&peers, &quick[1]).opened().children;
    assert_eq!(children.len(), 2 * 8, "more than twice AH, ESP and IPCOMP");
}

#[test]
fn an_undecryptable_flood_does_not_hide_what_follows() {
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    listener.hear_all(&peers, &peers.main_mode());
    let [first, second] = peers.quick_mode(QUICK_MODE, &one(1, 0x101), &one(1, 0x202));
    listener.hear(&peers, &first).opened();
    for number in 0..100u8 {
        let mut junk = second.clone();
        let body = &mut junk.octets[28..];
        body.iter_mut().for_each(|octet| *octet = octet.wrapping_mul(31).wrapping_add(number));
        // Of phase 1, of the same exchange, and of others.
        for message_id in [0, QUICK_MODE, 1000 + u32::from(number)] {
            listener.hear(&peers, &junk.under(message_id));
        }
    }
    assert_eq!(listener.hear(&peers, &second).hash(), Some(("HASH(2)", true)));
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), Some(("HASH(1)", true)));
}

#[test]
fn a_private_value_is_raised_to_so_many_powers_whatever_the_capture_says() {
    use ikev1::dh::{DhGroup, PrivateKey};
    use private_values::SECRETS;
    use zeroize::Zeroizing;

    let private =
        |value: u8| PrivateKey::from_octets(DhGroup::Modp768, ikev1::Secret::new(&[value])).unwrap();
    let (own, group) = (private(7), isakmp::doi::oakley::GroupDescription::MODP_768);
    let logged = IsakmpKeys { private_value: Some(Zeroizing::new(vec![7])), ..IsakmpKeys::default() };
    let negotiation = |number: u16| {
        let mut peers = Peers { group, g_xi: own.public_value(), ..Peers::default() };
        peers.cookies.initiator = u64::from(number).to_be_bytes();
        peers.g_xr = number.to_be_bytes().repeat(48);
        peers.secret = own.shared_secret(&peers.g_xr).unwrap().secret().expose().to_vec();
        peers
    };
    let mut listener = Listener::new(vec![logged]);
    let first = negotiation(1);
    for _ in 0..2 {
        let messages = first.main_mode();
        listener.hear_all(&first, &messages[..4]);
        assert_eq!(listener.hear(&first, &messages[4]).hash(), Some(("HASH_I", true)));
        assert_eq!(listener.sas.values.count, 2, "its own public value, and the secret");
    }
    // Another SA between the same values costs none.
    let mut again = first.clone();
    again.cookies.responder = [0x93; 8];
    let messages = again.main_mode();
    listener.hear_all(&again, &messages[..4]);
    assert_eq!(listener.hear(&again, &messages[4]).hash(), Some(("HASH_I", true)));
    assert_eq!(listener.sas.values.count, 2, "both are known");
    // Others under the same public value, who all tell another one; and those who tell another each time under one pair of cookies.
    for number in 2..60 {
        let peers = negotiation(number);
        listener.hear_all(&peers, &peers.main_mode()[..5]);
    }
    assert_eq!(listener.sas.values.count, 1 + SECRETS);
    for number in 60..100 {
        let peers = Peers { cookies: negotiation(60).cookies, ..negotiation(number) };
        listener.hear_all(&peers, &peers.main_mode()[..5]);
    }
    assert_eq!(listener.sas.values.count, 1 + SECRETS);
    // What was computed is there still.
    assert_eq!(listener.hear(&first, &first.main_mode()[5]).hash(), Some(("HASH_R", true)));
}

#[test]
fn keys_are_made_for_an_sa_so_many_times() {
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    let mut made = 0;
    for number in 0..100u8 {
        let other = Peers { g_xi: vec![number; 128], ..peers.clone() };
        let messages = other.main_mode();
        // Nobody proves anything: the fifth message is noise.
        listener.hear_all(&other, &messages[..4]);
        match listener.hear(&other, &peers.informational(7, 8)).failed() {
            Reason::IsakmpKeys { keys: 1 } => made += 1,
            reason => assert!(matches!(reason, Reason::IsakmpNoKey), "{reason}"),
        }
    }
    assert_eq!(made, sa::REBUILDS);
}

#[test]
fn so_many_keys_are_looked_at_and_so_many_sets_are_tried() {
    let peers = Peers::default();
    let mut phase_1 = Phase1::default();
    let octets = &peers.in_clear();
    for sent in octets {
        let message = Message::parse(&sent.octets).unwrap();
        let payloads = message.body.payloads().unwrap();
        if message.header.responder_cookie == [0; 8] {
            phase_1 = Phase1::observe_first(&message.header, payloads).unwrap();
        } else {
            let role = if sent.from_initiator { isakmp::Role::Initiator } else { isakmp::Role::Responder };
            phase_1.observe(role, payloads).unwrap();
        }
    }
    let word = crate::keys::PreSharedKey { key: zeroize::Zeroizing::new(vec![1; 8]) };
    let words = |isakmp| Keys { isakmp, pre_shared: vec![word.clone(); 1000], ..Keys::default() };
    let values = &mut PrivateValues::default();
    // Each word makes a set; without a secret none does.
    let all = material::all(&Given::new(&words(vec![peers.secret_alone(); 1000])), values, &phase_1);
    assert_eq!((all.0.len(), all.1), (material::MOST, material::MOST));
    let all = material::all(&Given::new(&words(vec![IsakmpKeys::default(); 1000])), values, &phase_1);
    assert_eq!((all.0.len(), all.1), (0, material::ATTEMPTS));
    // What makes no key is one attempt, and not one for each word.
    let mut isakmp = vec![IsakmpKeys::default(); 20];
    isakmp.push(peers.secret_alone());
    let all = material::all(&Given::new(&words(isakmp)), values, &phase_1);
    assert_eq!((all.0.len(), all.1), (material::MOST, 20 + material::MOST));
}

#[test]
fn what_is_remembered_is_bounded_in_all() {
    let mut listener = Listener::new(vec![Peers::default().secret_alone()]);
    // Offers of 8 KiB, each of a negotiation of its own that is answered and has exchanges.
    let mut peers = Peers { transforms: 255, ..Peers::default() };
    let offer = peers.in_clear()[0].octets.len();
    assert!(offer > 6000, "{offer} octets");
    for number in 0..4096u64 {
        peers.cookies.initiator = (number + 1).to_be_bytes();
        let [first, second, third, fourth] = peers.in_clear();
        listener.hear_all(&peers, &[first, second, third, fourth]);
        if number.is_multiple_of(64) {
            for message_id in 1..80 {
                listener.hear(&peers, &peers.informational(1, 8).under(message_id));
            }
        }
        assert!(listener.sas.first_messages.octets() <= FIRST_MESSAGES);
        assert!(listener.sas.sas.octets() <= ASSOCIATIONS);
    }
    let counts = (listener.sas.first_messages.values().count(), listener.sas.sas.values().count());
    assert!(counts.0 > 1000 && counts.0 < 4096 && counts.1 > 1000, "{counts:?}");
}

#[test]
fn what_is_too_long_is_not_remembered() {
    let mut listener = Listener::new(vec![Peers::default().secret_alone()]);
    for (payload_type, longest) in [
        (PayloadType::SECURITY_ASSOCIATION, 16_384),
        (PayloadType::KEY_EXCHANGE, 1024),
        (PayloadType::NONCE, 256),
        (PayloadType::IDENTIFICATION, 2048),
        (PayloadType::HASH, 64),
    ] {
        for (len, count) in [(longest, 1), (longest + 1, 0)] {
            let mut peers = Peers::default();
            peers.cookies.initiator = [payload_type.0; 8];
            let body = vec![1; len];
            // A malformed payload is written as it is; why it is malformed does not matter here.
            let error = isakmp::ParseError::TransformCount { count: 0, offset: 0 };
            let said = |payload_type, octets| {
                isakmp::PayloadBody::Malformed { payload_type, octets, missing: 0, error }.into()
            };
            let association = said(PayloadType::SECURITY_ASSOCIATION, &[1; 8]);
            let payloads = match payload_type {
                PayloadType::SECURITY_ASSOCIATION => vec![said(payload_type, &body)],
                _ => vec![association, said(payload_type, &body)],
            };
            let header = isakmp::Header { responder_cookie: [0; 8], ..peers.header() };
            let message = peers::message(&header, &payloads);
            listener.sas.first_messages = Weighed::new(10, FIRST_MESSAGES);
            listener.hear(&peers, &peers::sent(true, message));
            assert_eq!(listener.sas.first_messages.values().count(), count, "{payload_type} of {len}");
        }
    }
    // Of an identity that was encrypted likewise: its HASH is checked, and it is not remembered.
    let peers = Peers::default();
    listener.hear_all(&peers, &peers.in_clear());
    let before = listener.sas.sas.octets();
    let identification = isakmp::payload::identification::Identification::parse_body(&[11; 4000]).unwrap();
    let clear = peers::message(&peers.header(), &[identification.into()]);
    let mut iv = peers.first_iv();
    listener.hear(&peers, &peers::sent(true, peers.encrypt(&mut iv, &clear))).opened();
    let grown = listener.sas.sas.octets() - before;
    assert!(grown < 4000, "{grown} octets more, of the keys");
}

#[test]
fn so_many_bodies_are_decrypted_for_a_message() {
    let peers = Peers::default();
    let message = peers.informational(7, 2000);
    let framed = FramedHeader::parse_prefix(&message.octets).unwrap().0;
    let (phase_1, exchanges) = (Phase1::default(), Exchanges::new());
    let encrypted = Encrypted { next_payload: framed.next_payload, octets: &message.octets[28..] };
    let trial = trial::Trial {
        phase_1: &phase_1,
        exchanges: &exchanges,
        header: &framed.header,
        role: None,
        encrypted,
    };
    let sets = |key: fn(&Peers) -> ikev1::EncryptionKey| -> Vec<_> {
        let set = || material::Material {
            skeyid: None,
            skeyid_d: None,
            skeyid_a: ikev1::Skeyid::from_octets(peers::HASH, ikev1::Secret::new(&[1; 20])).ok(),
            skeyid_e: None,
            key: key(&peers),
        };
        (0..40).map(|_| std::sync::Arc::new(set())).collect()
    };
    let candidate = |iv| Candidate { iv, position: 0, is_repeated: false };
    let right = candidate(peers.exchange(7).iv());
    // The vectors of others, and the right one each time: no HASH is.
    let others = (0..12u8).map(|octet| candidate(ikev1::Iv::from_octets(&[octet; 16]).unwrap()));
    let candidates: Vec<_> = others.chain([right; 12]).collect();
    let outcome = trial.run(&sets(Peers::key), &candidates);
    assert_eq!((outcome.bodies, outcome.found.map(|found| found.is_wrong())), (16, Some(true)));
    // Noise: hardly one block in 256 begins a payload, and its length says more than there is.
    let outcome =
        trial.run(&sets(|peers| Peers { secret: vec![9; 128], ..peers.clone() }.key()), &candidates);
    assert_eq!((outcome.bodies, outcome.found.is_none()), (0, true));
}

#[test]
fn a_half_seen_aggressive_mode_says_what_is_missing() {
    let missing = |messages: &[Sent]| {
        let peers = Peers::aggressive();
        let mut listener = Listener::new(vec![peers.secret_alone()]);
        listener.hear_all(&peers, messages);
        let association = listener.sas.associations().next().unwrap();
        association.aggressive_mode().unwrap().map(|exchange| {
            let right = exchange.is_pre_shared_key(ikev1::Secret::new(peers::PRE_SHARED_KEY));
            assert!(right && !exchange.is_pre_shared_key(ikev1::Secret::new(b"other")));
        })
    };
    let [first, second, _] = Peers::aggressive().of_aggressive_mode();
    assert_eq!(missing(&[first.clone(), second.clone()]), Ok(()));
    let error = missing(std::slice::from_ref(&first)).unwrap_err();
    let told = (error.payload_type, error.role);
    assert_eq!(told, (PayloadType::SECURITY_ASSOCIATION, isakmp::Role::Responder));
    assert_eq!(error.to_string(), "the exchange is incomplete: no Security Association of the responder");
    // Of each message without each of its payloads.
    for (at, role) in [(0, isakmp::Role::Initiator), (1, isakmp::Role::Responder)] {
        for payload_type in
            [PayloadType::KEY_EXCHANGE, PayloadType::NONCE, PayloadType::IDENTIFICATION, PayloadType::HASH]
        {
            let mut messages = [first.clone(), second.clone()];
            messages[at] = messages[at].without(payload_type);
            match missing(&messages) {
                // HASH_R covers the responder's identity, and the first message has no HASH.
                Ok(()) => assert!(
                    at == 0 && matches!(payload_type, PayloadType::IDENTIFICATION | PayloadType::HASH)
                ),
                Err(error) => assert_eq!((error.payload_type, error.role), (payload_type, role)),
            }
        }
    }
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    listener.hear_all(&peers, &peers.in_clear());
    assert!(listener.sas.associations().next().unwrap().aggressive_mode().is_none(), "main mode");
}

#[test]
fn nothing_that_was_encrypted_is_shown() {
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    listener.hear_all(&peers, &peers.main_mode());
    let [first, second] = peers.quick_mode(QUICK_MODE, &one(1, 0x101), &one(1, 0x202));
    let nonce = format!("{:?}", [0x33; 4]).trim_matches(['[', ']']).to_owned();
    let identity = format!("{:?}", b"other").trim_matches(['[', ']']).to_owned();
    for message in [first, second] {
        let heard = listener.hear(&peers, &message);
        let shown = format!("{heard:?}{:?}", listener.sas);
        assert!(shown.contains("octets") && !shown.contains(&nonce), "{shown}");
        assert!(!shown.contains(&identity), "{shown}");
    }
}

#[test]
fn the_keys_of_the_latest_children_are_made_and_kept() {
    let peers = Peers::default();
    let keys = peers::keys(vec![peers.secret_alone()]);
    let mut listener = Listener { sas: IkeSas::new(8, &keys, false, true) };
    listener.hear_all(&peers, &peers.main_mode());
    for number in 1..=10_000u32 {
        let [first, second] = peers.quick_mode(number, &one(1, 2 * number), &one(1, 2 * number + 1));
        listener.hear(&peers, &first);
        assert_eq!(listener.hear(&peers, &second).opened().children.len(), 2);
        assert!(listener.sas.kept().len() <= 16);
    }
    let spis = listener.sas.kept().iter().rev().take(2).map(|row| row.keys.spi.single().unwrap().0);
    assert_eq!(spis.collect::<Vec<_>>(), [20_001, 20_000]);
}
