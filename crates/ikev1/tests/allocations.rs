//! Deriving, hashing, sealing, opening and choosing never allocates memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use isakmp::doi::ProtocolId;
use isakmp::doi::oakley::{self, AuthenticationMethod, GroupDescription};
use isakmp::payload::nonce::Nonce;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{Body, Header, Message, PayloadFraming, PayloadType, Payloads};
use vpnwire_ikev1::keymat::{KeyLengths, QuickMode};
use vpnwire_ikev1::proposal::{Life, isakmp as phase_1};
use vpnwire_ikev1::transcript::IvChain;
use vpnwire_ikev1::{
    AggressiveMode, Authentication, Cipher, Cookies, Covered, EncryptionKey, HashAlgorithm, HashError, Iv,
    Nonces, OpenError, Protection, Secret, Skeyid, SkeyidFamily, nat_traversal,
};

/// DES, MD5, group 1, pre-shared key: the policy of S0 as IOS sends it.
const ASSOCIATION: [u8; 52] = [
    0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 44, 1, 1, 0, 1, 0, 0, 0, 36, 1, 1, 0, 0, 0x80, 1, 0, 1, 0x80, 2, 0, 1,
    0x80, 4, 0, 1, 0x80, 3, 0, 1, 0x80, 0x0b, 0, 1, 0, 12, 0, 4, 0, 1, 0x51, 0x80,
];

#[test]
fn nothing_is_allocated() {
    let shared = [7; 128];
    let cookies = Cookies { initiator: [1; 8], responder: [2; 8] };
    let nonces = Nonces { initiator: &[3; 20], responder: &[4; 150] };
    let end = "192.0.2.1:500".parse().unwrap();
    let mut body = [0x5a; 640];
    let (mut derived, mut refused, mut chosen) = (0, 0, None);
    let info = allocation_counter::measure(|| {
        for hash in HashAlgorithm::ALL {
            for skeyid in [
                Skeyid::pre_shared_key(hash, Secret::new(b"cisco123"), &nonces),
                Skeyid::signatures(hash, &nonces, Secret::new(&shared)),
                Skeyid::public_key_encryption(hash, &nonces, &cookies),
            ] {
                let keys = SkeyidFamily::derive(skeyid.unwrap(), Secret::new(&shared), &cookies).unwrap();
                let authentication =
                    Authentication { g_xi: &shared, g_xr: &shared, cookies, sa_i: &ASSOCIATION };
                let hash_r = authentication.hash_r(&keys.skeyid, b"id");
                authentication.verify_hash_r(&keys.skeyid, b"id", hash_r.expose()).unwrap();
                let exchange = AggressiveMode {
                    hash_algorithm: hash,
                    nonces,
                    authentication,
                    id_ir: b"id",
                    hash_r: hash_r.expose(),
                };
                assert!(!exchange.is_pre_shared_key(Secret::new(b"another")));
                nat_traversal::verify_nat_detection(hash, &cookies, end, &[0; 16]).unwrap_err();
                for cipher in Cipher::ALL {
                    let key = EncryptionKey::derive(cipher, &keys.skeyid_e).unwrap();
                    let iv = Iv::phase_1(hash, cipher, &shared, &shared).exchange(hash, 7);
                    key.decrypt(&iv, &mut body).unwrap();
                    key.encrypt(&iv, &mut body).unwrap();
                }
                let protection = Protection::new(keys, Cipher::Aes128, cookies).unwrap();
                let mut ours = IvChain::phase_1(hash, Cipher::Aes128, &authentication).exchange(7).unwrap();
                let (mut theirs, covered) = (ours, Covered::Payloads.into());
                let payloads = [Nonce { nonce_data: &shared }.into()];
                let body = Body::Payloads((&payloads).into());
                let header = Header {
                    initiator_cookie: cookies.initiator,
                    responder_cookie: cookies.responder,
                    message_id: 7,
                    ..Header::default()
                };
                let message = Message { header, body, trailing: &[] };
                let mut buffer = [0; 300];
                let octets = protection.seal(&mut ours, &message, &covered, &mut buffer).unwrap();
                octets[60] ^= 1;
                assert_eq!(
                    protection.open(&mut theirs, &covered, octets).err(),
                    Some(OpenError::NotAuthentic)
                );
                octets[60] ^= 1;
                let opened = protection.open(&mut theirs, &covered, octets).unwrap();
                assert_eq!((opened.message.payloads().len(), theirs), (2, ours));
                let keys = protection.keys();
                let framing = PayloadFraming::first(PayloadType::HASH);
                let payloads = Payloads::parse(&[0, 0, 0, 8, 1, 2, 3, 4], 28, framing).unwrap();
                let checked = Covered::Nonces(nonces).check(&keys.skeyid_a, 7, &payloads);
                assert_eq!(checked, Err(HashError::NotAuthentic));
                let lengths = KeyLengths::new(32, 64).unwrap();
                let quick_mode = QuickMode { nonces, shared_secret: Some(Secret::new(&shared)) };
                let keymat = quick_mode.keymat(&keys.skeyid_d, ProtocolId::ESP, &[1; 4], lengths);
                derived += keymat.encryption().len() + keymat.authentication().len();
            }
        }
        let policy = phase_1::Policy {
            cipher: Cipher::Des,
            hash_algorithm: oakley::HashAlgorithm::MD5,
            authentication_method: AuthenticationMethod::PRE_SHARED_KEY,
            group_description: GroupDescription::MODP_768,
            life: Life { seconds: Some(86_400), kilobytes: None },
        };
        let association = SecurityAssociation::parse_body(&ASSOCIATION).unwrap();
        let other = phase_1::Policy { cipher: Cipher::Aes256, ..policy };
        chosen = phase_1::choose(&association, &[other, policy], &mut |_| refused += 1)
            .map(|chosen| chosen.policy);
    });
    assert_eq!(info.count_total, 0);
    assert_eq!((derived, refused, chosen), (15 * 96, 1, Some(1)));
}
