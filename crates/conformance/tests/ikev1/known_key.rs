//! Captures with one known key.

use needs::needs;

use ikev1::{AggressiveMode, EncryptionKey, Iv, Secret};
use isakmp::PayloadType;
use vpnwire_conformance::{captures, hex};

use crate::clear::Clear;
use crate::opened::open_all;
use crate::sent::messages;

/// A real Cisco router in aggressive mode. The pre-shared key is found from the messages in clear, and no other key is
/// accepted.
#[needs(captures)]
#[test]
fn an_ios_router_gives_its_pre_shared_key_away() {
    let folder = captures();
    let path = folder.join("zeek-spicy-ipsec/traces__ipsec-ikev1-isakmp-aggressive-mode.pcap");
    let messages = messages(&path);
    let clear = Clear::of(&messages, None).unwrap();
    let exchange = AggressiveMode {
        hash_algorithm: clear.offer.hash().unwrap(),
        nonces: clear.nonces(),
        authentication: clear.authentication(),
        id_ir: clear.body(false, PayloadType::IDENTIFICATION),
        hash_r: clear.body(false, PayloadType::HASH),
    };
    // The key is in the index of the captures.
    assert_eq!(
        exchange.hash_r_of(Secret::new(b"MYPASSWORD")).unwrap().expose(),
        hex("8585d037d9b48b7cd17e235549e023f137c7ce26")
    );
    assert_eq!(exchange.id_ir, hex("01000000c0a80c02"));
    let words = "cisco cisco123 password MYPASSWOR MYPASSWORD MYPASSWORD1 mypassword secret \0 PASSWORDMY";
    let found: Vec<&str> =
        words.split(' ').filter(|word| exchange.is_pre_shared_key(Secret::new(word.as_bytes()))).collect();
    assert_eq!(found, ["MYPASSWORD"]);
    assert!(!exchange.is_pre_shared_key(Secret::EMPTY));
}

/// Main mode with XAUTH, mode-config and quick mode. Only the encryption key is known, as in Wireshark's own test.
#[needs(captures)]
#[test]
fn wireshark_s_own_capture_decrypts_with_its_key() {
    let folder = captures();
    let messages = messages(&folder.join("wireshark/ikev1-bug-12610.pcapng.gz"));
    let clear = Clear::of(&messages, Some(0xab3e_0f1f_8bc3_be8eu64.to_be_bytes())).unwrap();
    let key = hex("928392441e00ece5e8af3bc545416e86afa1291e7c013271514738b70ef25d22");
    let (hash, cipher) = (clear.offer.hash().unwrap(), clear.offer.cipher().unwrap());
    assert_eq!((hash, cipher), (crypto::HashAlgorithm::Sha256, ikev1::Cipher::Aes256));
    let key = EncryptionKey::from_octets(cipher, Secret::new(&key)).unwrap();
    let authentication = clear.authentication();
    let iv = Iv::phase_1(hash, cipher, authentication.g_xi, authentication.g_xr);
    let opened = open_all(&messages, &clear, &key, iv);
    // The numbers are from tshark 4.0.17 with the same key, `-T fields -e isakmp.typepayload`, frames 5 to 16, without
    // the proposals and transforms, which stand inside the first payload of their kind.
    let expected: [&[u8]; 12] = [
        &[5, 8],
        &[5, 8],
        &[8, 14],
        &[8, 11],
        &[8, 14],
        &[8, 14],
        &[8, 14],
        &[8, 14],
        &[8, 14],
        &[8, 1, 10, 5, 5],
        &[8, 1, 10, 5, 5],
        &[8],
    ];
    let mut not_zero = 0;
    let types: Vec<Vec<u8>> = opened
        .iter()
        .map(|one| {
            let payloads = one.payloads().unwrap();
            let rest = payloads.chain().unwrap().rest();
            not_zero += usize::from(rest.len() == 32 && rest.iter().all(|octet| *octet != 0));
            payloads.elements().map(|element| element.header.payload_type.0).collect()
        })
        .collect();
    assert_eq!(types, expected);
    assert!(not_zero > 0, "octets after the last payload are not always zeros");
}
