use super::*;
use crate::peer;
use crypto::{HashAlgorithm, Secret};
use isakmp::{FramedHeader, PayloadFraming};

/// RFC 2409 section 5.5, written out.
#[test]
fn the_three_hashes() {
    for hash in HashAlgorithm::ALL {
        let key = peer::key(hash, b"SKEYID_a");
        let skeyid_a = Skeyid::from_octets(hash, Secret::new(&key)).unwrap();
        let nonces = Nonces { initiator: b"Ni_b", responder: b"Nr_b" };
        let id = 0x0102_0304u32;
        for (covered, parts) in [
            (Covered::Payloads, &[&[1, 2, 3, 4][..], b"payloads"][..]),
            (Covered::InitiatorNonce(b"Ni_b"), &[&[1, 2, 3, 4], b"Ni_b", b"payloads"]),
            (Covered::Nonces(nonces), &[&[0], &[1, 2, 3, 4], b"Ni_b", b"Nr_b"]),
        ] {
            let expected = peer::prf(hash, &key, parts);
            assert_eq!(covered.hash(&skeyid_a, id, b"payloads").unwrap().expose(), expected);
        }
    }
}

#[test]
fn a_hash_over_an_empty_nonce_is_refused() {
    let skeyid_a = Skeyid::from_octets(HashAlgorithm::Md5, Secret::new(b"SKEYID_aSKEYID_a")).unwrap();
    let nonces = |initiator, responder| Covered::Nonces(Nonces { initiator, responder });
    for (covered, role) in [
        (Covered::InitiatorNonce(b""), Role::Initiator),
        (nonces(b"", b"Nr_b"), Role::Initiator),
        (nonces(b"Ni_b", b""), Role::Responder),
    ] {
        let error = covered.hash(&skeyid_a, 7, &[]).unwrap_err();
        assert_eq!(error, IncompleteExchange::new(PayloadType::NONCE, role));
        // Even the HASH that would come out is refused.
        let m_id = 7u32.to_be_bytes();
        let hash = peer::prf(HashAlgorithm::Md5, b"SKEYID_aSKEYID_a", &[&[0], &m_id, b"Ni_b"]);
        let octets = [&[0, 0, 0, 20][..], &hash].concat();
        let framing = PayloadFraming::first(PayloadType::HASH);
        let payloads = Payloads::parse(&octets, FramedHeader::LEN, framing).unwrap();
        assert_eq!(covered.check(&skeyid_a, 7, &payloads), Err(HashError::NotAuthentic));
    }
}

#[test]
fn a_hash_stands_first() {
    let skeyid_a = Skeyid::from_octets(HashAlgorithm::Md5, Secret::new(b"SKEYID_aSKEYID_a")).unwrap();
    let check = |first, octets: &[u8]| {
        let payloads = Payloads::parse(octets, FramedHeader::LEN, PayloadFraming::first(first)).unwrap();
        Covered::Payloads.check(&skeyid_a, 7, &payloads)
    };
    // The message is a nonce, and a hash after it.
    let mut octets = [8, 0, 0, 5, 9, 0, 0, 0, 20].to_vec();
    octets.extend(Covered::Payloads.hash(&skeyid_a, 7, &octets[..5]).unwrap().expose());
    assert_eq!(check(PayloadType::NONCE, &octets), Err(HashError::Missing { first: PayloadType::NONCE }));
    assert_eq!(check(PayloadType::NONE, &[]), Err(HashError::Missing { first: PayloadType::NONE }));
    // Here another nonce is before it, and eight octets of padding follow.
    let nonce = [0, 0, 0, 5, 9];
    let hash = Covered::Payloads.hash(&skeyid_a, 7, &nonce).unwrap();
    let octets = [&[10, 0, 0, 20][..], hash.expose(), &nonce, &[0xaa; 8]].concat();
    assert_eq!(check(PayloadType::HASH, &octets), Ok(()));
    let short = [&[10, 0, 0, 19][..], &hash.expose()[..15], &nonce].concat();
    assert_eq!(check(PayloadType::HASH, &short), Err(HashError::NotAuthentic));
}
