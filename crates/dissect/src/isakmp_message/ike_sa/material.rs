//! The keys of one ISAKMP SA, from whatever is known of them.

use std::sync::Arc;

use ikev1::proposal::isakmp::Offer;
use ikev1::{Cookies, EncryptionKey, HashAlgorithm, Secret, Skeyid, SkeyidFamily};
use isakmp::doi::oakley::AuthenticationMethod;

use super::Phase1;
use crate::keys::{IsakmpKeys, Keys};

/// How many sets of keys are tried on an SA.
const MOST: usize = 16;

/// Keys of an SA. Without `SKEYID_a` no HASH is checked, without `SKEYID_d` no child's keys are made.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) skeyid: Option<Skeyid>,
    pub(super) skeyid_d: Option<Skeyid>,
    pub(super) skeyid_a: Option<Skeyid>,
    pub(super) skeyid_e: Option<Skeyid>,
    pub(super) key: EncryptionKey,
}

/// Every set of keys that may be this SA's, in the order given.
pub(super) fn all(keys: &Keys, phase_1: &Phase1) -> Vec<Arc<Material>> {
    let Some(offer) = &phase_1.offer else { return Vec::new() };
    let mut found = Vec::new();
    for known in keys.isakmp.iter().filter(|known| known.fit(&phase_1.cookies)) {
        for material in of(known, keys, phase_1, offer) {
            if found.len() >= MOST {
                return found;
            }
            found.push(Arc::new(material));
        }
    }
    found
}

fn octets(key: &Option<zeroize::Zeroizing<Vec<u8>>>) -> Option<Secret<'_>> {
    key.as_ref().map(|key| Secret::new(key.as_slice()))
}

/// What one entry makes: one set, or one for each pre-shared key.
fn of(known: &IsakmpKeys, keys: &Keys, phase_1: &Phase1, offer: &Offer) -> Vec<Material> {
    let (Ok(hash), Ok(cipher)) = (offer.hash(), offer.cipher()) else { return Vec::new() };
    let computed = phase_1.computed_secret(known);
    let shared_secret = octets(&known.shared_secret).or(computed.as_ref().map(|secret| secret.secret()));
    let direct = |key: &Option<_>| octets(key).and_then(|octets| Skeyid::from_octets(hash, octets).ok());
    let skeyids = match direct(&known.skeyid) {
        Some(skeyid) => vec![Some(skeyid)],
        None => match derived(hash, offer, keys, phase_1, shared_secret) {
            skeyids if skeyids.is_empty() => vec![None],
            skeyids => skeyids.into_iter().map(Some).collect(),
        },
    };
    let mut all = Vec::new();
    for skeyid in skeyids {
        let (skeyid, family) = family(skeyid, shared_secret, &phase_1.cookies);
        let [d, a, e] = family.unwrap_or_default();
        let skeyid_d = direct(&known.skeyid_d).or(d);
        let skeyid_a = direct(&known.skeyid_a).or(a);
        let skeyid_e = direct(&known.skeyid_e).or(e);
        let key = match (octets(&known.encryption_key), &skeyid_e) {
            (Some(key), _) => EncryptionKey::from_octets(cipher, key).ok(),
            (None, Some(skeyid_e)) => EncryptionKey::derive(cipher, skeyid_e).ok(),
            (None, None) => None,
        };
        if let Some(key) = key {
            all.push(Material { skeyid, skeyid_d, skeyid_a, skeyid_e, key });
        }
    }
    all
}

/// SKEYID as the negotiated method has it: one for each pre-shared key.
fn derived(
    hash: HashAlgorithm,
    offer: &Offer,
    keys: &Keys,
    phase_1: &Phase1,
    shared_secret: Option<Secret<'_>>,
) -> Vec<Skeyid> {
    let nonces = phase_1.nonces();
    match kind(offer.authentication_method.unwrap_or_default()) {
        Kind::PreSharedKey => keys
            .pre_shared
            .iter()
            .map(|key| Skeyid::pre_shared_key(hash, Secret::new(&key.key), &nonces))
            .collect(),
        Kind::Signatures => {
            shared_secret.map(|secret| Skeyid::signatures(hash, &nonces, secret)).into_iter().collect()
        }
        // The nonces are encrypted: what is known is not what the payloads hold.
        Kind::PublicKeyEncryption => Vec::new(),
    }
}

/// SKEYID back, and `SKEYID_d`, `_a` and `_e` where the Diffie-Hellman secret is known.
fn family(
    skeyid: Option<Skeyid>,
    shared_secret: Option<Secret<'_>>,
    cookies: &Cookies,
) -> (Option<Skeyid>, Option<[Option<Skeyid>; 3]>) {
    match (skeyid, shared_secret) {
        (Some(skeyid), Some(secret)) => {
            let SkeyidFamily { skeyid, skeyid_d, skeyid_a, skeyid_e } =
                SkeyidFamily::derive(skeyid, secret, cookies);
            (Some(skeyid), Some([Some(skeyid_d), Some(skeyid_a), Some(skeyid_e)]))
        }
        (skeyid, _) => (skeyid, None),
    }
}

/// How SKEYID is made, RFC 2409 section 5; hybrid authentication and XAUTH as the methods they extend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    PreSharedKey,
    Signatures,
    PublicKeyEncryption,
}

pub(super) const fn kind(method: AuthenticationMethod) -> Kind {
    match method {
        AuthenticationMethod::PRE_SHARED_KEY
        | AuthenticationMethod::XAUTH_INIT_PRE_SHARED
        | AuthenticationMethod::XAUTH_RESP_PRE_SHARED => Kind::PreSharedKey,
        AuthenticationMethod::RSA_ENCRYPTION
        | AuthenticationMethod::RSA_REVISED_ENCRYPTION
        | AuthenticationMethod::XAUTH_INIT_RSA_ENCRYPTION
        | AuthenticationMethod::XAUTH_RESP_RSA_ENCRYPTION
        | AuthenticationMethod::XAUTH_INIT_RSA_REVISED_ENCRYPTION
        | AuthenticationMethod::XAUTH_RESP_RSA_REVISED_ENCRYPTION => Kind::PublicKeyEncryption,
        _ => Kind::Signatures,
    }
}
