//! Messages that neither of the two peers sent.

use super::peers::{Listener, Peers};
use super::*;

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
            // It is still one SA.
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
    // The HASH is that of the right message, with another public value and with another identity.
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
