//! The work and the memory that a capture can cause are bounded.

use super::*;
use ikev1::transcript::observer::{Candidate, Exchanges};
use keys::IsakmpKeys;

use super::peers::{Listener, Peers};

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
        // These are messages of phase 1, of the same exchange, and of other exchanges.
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
    // Another SA with the same values costs no exponentiation.
    let mut again = first.clone();
    again.cookies.responder = [0x93; 8];
    let messages = again.main_mode();
    listener.hear_all(&again, &messages[..4]);
    assert_eq!(listener.hear(&again, &messages[4]).hash(), Some(("HASH_I", true)));
    assert_eq!(listener.sas.values.count, 2, "both are known");
    // Others send the same public value, each with another peer's value; then each with another value under one pair
    // of cookies.
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
    // The computed values are still there.
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
        // Nobody proves anything, because the fifth message is random octets.
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
    let word = keys::PreSharedKey { key: zeroize::Zeroizing::new(vec![1; 8]) };
    let words = |isakmp| {
        let mut keys = Keys::default();
        (keys.isakmp, keys.pre_shared) = (isakmp, vec![word.clone(); 1000]);
        keys
    };
    let values = &mut PrivateValues::default();
    // Each word yields a key set, but without a shared secret none does.
    let all = material::all(&Given::new(&words(vec![peers.secret_alone(); 1000])), values, &phase_1);
    assert_eq!((all.0.len(), all.1), (material::MOST, material::MOST));
    let all = material::all(&Given::new(&words(vec![IsakmpKeys::default(); 1000])), values, &phase_1);
    assert_eq!((all.0.len(), all.1), (0, material::ATTEMPTS));
    // An entry that yields no key counts as one attempt, and not as one for each word.
    let mut isakmp = vec![IsakmpKeys::default(); 20];
    isakmp.push(peers.secret_alone());
    let all = material::all(&Given::new(&words(isakmp)), values, &phase_1);
    assert_eq!((all.0.len(), all.1), (material::MOST, 20 + material::MOST));
}

#[test]
fn what_is_remembered_is_bounded_in_all() {
    let mut listener = Listener::new(vec![Peers::default().secret_alone()]);
    // These are offers of 8 KiB. Each belongs to its own negotiation, which is answered and has exchanges.
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
            // A malformed payload is encoded as it is; the kind of error does not matter here.
            let error = isakmp::ParseError::TransformCount { count: 0, within: "ISAKMP message", offset: 0 };
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
    // The same holds for an encrypted identity: its HASH is checked, and the identity is not remembered.
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
    // The candidates are the initialization vectors of other messages and the right one, and no HASH is right.
    let others = (0..12u8).map(|octet| candidate(ikev1::Iv::from_octets(&[octet; 16]).unwrap()));
    let candidates: Vec<_> = others.chain([right; 12]).collect();
    let outcome = trial.run(&sets(Peers::key), &candidates);
    assert_eq!((outcome.bodies, outcome.found.map(|found| found.is_wrong())), (16, Some(true)));
    // These are random octets. Hardly one block in 256 begins a payload, and then its length is too large.
    let outcome =
        trial.run(&sets(|peers| Peers { secret: vec![9; 128], ..peers.clone() }.key()), &candidates);
    assert_eq!((outcome.bodies, outcome.found.is_none()), (0, true));
}
