//! The verdicts on a HASH.

use super::peers::{Listener, Peers};
use super::*;

#[test]
fn a_wrong_hash_is_told_though_another_set_checks_none() {
    let peers = Peers::default();
    let (wrong, unchecked) = (peers.with_wrong_skeyid_a(), peers.encryption_key_alone());
    for (isakmp, told) in [
        (vec![wrong.clone(), unchecked.clone()], Some(("HASH(1)", false))),
        (vec![wrong.clone(), unchecked.clone(), unchecked.clone()], Some(("HASH(1)", false))),
        // When no HASH is right, the first one counts.
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
    // The last messages of main mode are missing. These keys would decrypt them without checking anything.
    let peers = Peers::aggressive();
    let mut listener = Listener::without_pre_shared_key(vec![peers.with_wrong_skeyid_a()]);
    listener.hear_all(&peers, &peers.of_aggressive_mode());
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), Some(("HASH(1)", false)));
    // The HASH of the second message covers a nonce that nobody has authenticated, so it is not checked.
    let quick = peers.quick_mode(QUICK_MODE, &one(1, 0x101), &one(1, 0x202));
    assert_eq!(listener.hear(&peers, &quick[0]).hash(), Some(("HASH(1)", false)));
    let second = listener.hear(&peers, &quick[1]).opened();
    assert_eq!((second.hash, second.children.len()), (None, 0));
    let association = listener.sas.associations().next().unwrap();
    assert_eq!(association.message_counts(), (3, 1), "what has a wrong HASH was not read");
    assert_eq!(association.keys(), None);
    // An SA with keys that check no HASH keeps them.
    let mut listener = Listener::without_pre_shared_key(vec![peers.encryption_key_alone()]);
    listener.hear_all(&peers, &peers.of_aggressive_mode());
    assert_eq!(listener.hear(&peers, &peers.informational(7, 8)).hash(), None);
    let association = listener.sas.associations().next().unwrap();
    assert_eq!(association.keys().unwrap().encryption_key, peers.encryption_key_alone().encryption_key);
}
