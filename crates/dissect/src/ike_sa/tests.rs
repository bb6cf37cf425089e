use std::net::Ipv4Addr;

use isakmp::ExchangeType;

use super::*;

use peers::{Esp, Listener, Peers, Sent};

mod bounds;
mod forged;
mod peers;
mod verdict;

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

/// Messages in the clear with other contents under the cookies of `peers`.
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
fn what_was_read_under_other_values_is_forgotten_with_them() {
    // The first responder does not have this key. Then the one that has it answers.
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
    // Both responders answer the same first message.
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
    // The peers share an address and have different ports; then there are no ports to tell them apart.
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

/// The keys of such an SA come from a secret that nobody gave, which was once told by nothing.
#[test]
fn a_quick_mode_with_a_key_exchange_of_its_own_is_counted() {
    let peers = Peers::default();
    let mut listener = Listener::new(vec![peers.secret_alone()]);
    listener.hear_all(&peers, &peers.main_mode());
    let count =
        |listener: &Listener| listener.sas.associations().next().unwrap().quick_modes_without_secret();
    let one = |spi| [Esp { number: 1, spi }];
    for message in peers.quick_mode(QUICK_MODE, &one(0x101), &one(0x202)) {
        listener.hear(&peers, &message).opened();
    }
    assert_eq!(count(&listener), 0);
    let exchange = isakmp::payload::key_exchange::KeyExchange { key_exchange_data: &[9; 96] };
    let [first, second] = peers.quick_mode_with(QUICK_MODE + 1, &one(0x303), &one(0x404), &[exchange.into()]);
    listener.hear(&peers, &first).opened();
    assert!(listener.hear(&peers, &second).opened().children.is_empty());
    assert_eq!(count(&listener), 1);
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
    assert_eq!(
        error.to_string(),
        "the exchange is incomplete: the responder has not sent its Security Association payload"
    );
    // Each message is sent without each of its payloads.
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
