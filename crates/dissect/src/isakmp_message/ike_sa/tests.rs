use std::net::Ipv4Addr;

use isakmp::ExchangeType;

use super::*;

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
    for number in 0..100u32 {
        let mut junk = second.clone();
        let body = &mut junk.octets[28..];
        body.iter_mut().for_each(|octet| *octet = octet.wrapping_mul(31).wrapping_add(number as u8));
        // Of phase 1, of the same exchange, and of others.
        for message_id in [0, QUICK_MODE, 1000 + number] {
            junk.octets[20..24].clone_from_slice(&message_id.to_be_bytes());
            listener.hear(&peers, &junk);
        }
    }
    assert_eq!(listener.hear(&peers, &second).hash(), Some(("HASH(2)", true)));
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), Some(("HASH(1)", true)));
}
