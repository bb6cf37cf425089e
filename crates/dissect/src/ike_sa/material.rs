//! The keys of one ISAKMP SA, derived from the secrets that are known.

use std::sync::Arc;

use ikev1::proposal::isakmp::Offer;
use ikev1::transcript::Phase1;
use ikev1::{
    AuthenticationKind, Cipher, Cookies, EncryptionKey, HashAlgorithm, Nonces, Secret, Skeyid, SkeyidFamily,
};
use isakmp::{PayloadType, Role};
use zeroize::Zeroizing;

use super::given::Given;
use super::private_values::PrivateValues;
use keys::IsakmpKeys;

/// The largest number of key sets that are tried on an SA.
pub(super) const MOST: usize = 16;

/// The largest number of given keys from which the sets are derived, including keys that yield no set. Of a longer
/// list for all SAs only the first ones are used.
pub(super) const ATTEMPTS: usize = 64;

/// A set of keys of an SA. Without `SKEYID_a` no HASH is checked, and without `SKEYID_d` no keys of child SAs are
/// derived.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) skeyid: Option<Skeyid>,
    pub(super) skeyid_d: Option<Skeyid>,
    pub(super) skeyid_a: Option<Skeyid>,
    pub(super) skeyid_e: Option<Skeyid>,
    pub(super) key: EncryptionKey,
}

/// Returns all key sets that may belong to this SA, in the order in which they were given, and the number of given
/// keys that were used for them.
///
/// It makes at most [`ATTEMPTS`] derivations. [`PrivateValues`] bounds the exponentiations.
pub(super) fn all(
    given: &Given,
    values: &mut PrivateValues,
    phase_1: &Phase1,
) -> (Vec<Arc<Material>>, usize) {
    let (mut found, mut attempts) = (Vec::new(), 0usize);
    let cookies = phase_1.cookies();
    let Some(offer) = &phase_1.offer() else { return (found, attempts) };
    let (Ok(hash), Ok(cipher)) = (offer.hash(), offer.cipher()) else { return (found, attempts) };
    for (place, known) in given.of(&cookies) {
        let left = ATTEMPTS.saturating_sub(attempts);
        if left == 0 {
            break;
        }
        let secret = shared_secret(known, place, values, phase_1, offer);
        let secret = secret.as_ref().map(|secret| Secret::new(secret));
        let direct = octets(&known.skeyid).and_then(|octets| Skeyid::from_octets(hash, octets).ok());
        let has_key = known.skeyid_e.is_some() || known.encryption_key.is_some();
        if secret.is_none() && !has_key {
            // The private value belongs to another SA, or the secrets yield no key. So no pre-shared key is tried with
            // them.
            attempts = attempts.saturating_add(1);
            continue;
        }
        // This gives one set, or one for each pre-shared key. Without SKEYID, the other keys of its family are used as
        // given.
        let skeyids = match direct {
            Some(skeyid) => vec![Some(skeyid)],
            None => match derived(hash, offer, given, phase_1, secret, left) {
                skeyids if skeyids.is_empty() => vec![None],
                skeyids => skeyids.into_iter().map(Some).collect(),
            },
        };
        for skeyid in skeyids {
            attempts = attempts.saturating_add(1);
            found.extend(one(known, (hash, cipher), skeyid, secret, &cookies).map(Arc::new));
            if found.len() >= MOST {
                return (found, attempts);
            }
        }
    }
    (found, attempts)
}

fn octets(key: &Option<Zeroizing<Vec<u8>>>) -> Option<Secret<'_>> {
    key.as_ref().map(|key| Secret::new(key.as_slice()))
}

/// Returns g^xy as it is given, or computes it from a private value. When the group is known, g^xy has the length of
/// the group, with zeros in front (RFC 2409 section 5). Some logs show it as a number without these zeros.
fn shared_secret(
    known: &IsakmpKeys,
    place: usize,
    values: &mut PrivateValues,
    phase_1: &Phase1,
    offer: &Offer,
) -> Option<Zeroizing<Vec<u8>>> {
    let group = offer.group_description.and_then(ikev1::dh::group);
    let Some(given) = octets(&known.shared_secret) else {
        let sides =
            [Role::Initiator, Role::Responder].map(|role| said(phase_1, role, PayloadType::KEY_EXCHANGE));
        let secret = values.secret(place, octets(&known.private_value)?, group?, sides)?;
        return Some(Zeroizing::new(secret.secret().expose().to_vec()));
    };
    let Some(group) = group else { return Some(Zeroizing::new(given.expose().to_vec())) };
    let zeros = given.expose().iter().take_while(|octet| **octet == 0).count();
    let number = given.expose().get(zeros..).unwrap_or_default();
    let missing = group.public_len().checked_sub(number.len())?;
    let mut secret = Zeroizing::new(Vec::with_capacity(group.public_len()));
    secret.resize(missing, 0);
    secret.extend_from_slice(number);
    Some(secret)
}

/// Returns what a side has sent under a payload type. It is empty when the side sent nothing.
fn said(phase_1: &Phase1, role: Role, payload_type: PayloadType) -> &[u8] {
    phase_1.side(role).said(payload_type).unwrap_or_default()
}

/// Returns the key set that one entry yields with one SKEYID.
fn one(
    known: &IsakmpKeys,
    (hash, cipher): (HashAlgorithm, Cipher),
    skeyid: Option<Skeyid>,
    shared_secret: Option<Secret<'_>>,
    cookies: &Cookies,
) -> Option<Material> {
    let direct = |key: &Option<_>| octets(key).and_then(|octets| Skeyid::from_octets(hash, octets).ok());
    let (skeyid, family) = family(skeyid, shared_secret, cookies);
    let [d, a, e] = family.unwrap_or_default();
    let skeyid_d = direct(&known.skeyid_d).or(d);
    let skeyid_a = direct(&known.skeyid_a).or(a);
    let skeyid_e = direct(&known.skeyid_e).or(e);
    let key = match (octets(&known.encryption_key), &skeyid_e) {
        (Some(key), _) => EncryptionKey::from_octets(cipher, key).ok(),
        (None, Some(skeyid_e)) => EncryptionKey::derive(cipher, skeyid_e).ok(),
        (None, None) => None,
    };
    Some(Material { skeyid, skeyid_d, skeyid_a, skeyid_e, key: key? })
}

/// Returns SKEYID as the negotiated method derives it: one for each pre-shared key, and at most `most`.
fn derived(
    hash: HashAlgorithm,
    offer: &Offer,
    given: &Given,
    phase_1: &Phase1,
    shared_secret: Option<Secret<'_>>,
    most: usize,
) -> Vec<Skeyid> {
    let [initiator, responder] =
        [Role::Initiator, Role::Responder].map(|role| said(phase_1, role, PayloadType::NONCE));
    let nonces = Nonces { initiator, responder };
    match AuthenticationKind::of(offer.authentication_method.unwrap_or_default()) {
        AuthenticationKind::PreSharedKey => given
            .pre_shared
            .iter()
            .take(most)
            .filter_map(|key| Skeyid::pre_shared_key(hash, Secret::new(&key.key), &nonces).ok())
            .collect(),
        AuthenticationKind::Signatures => {
            let skeyid = shared_secret.map(|secret| Skeyid::signatures(hash, &nonces, secret));
            skeyid.into_iter().flatten().collect()
        }
        // With this method the nonces are encrypted, so the payloads do not hold the nonces themselves.
        _ => Vec::new(),
    }
}

/// Returns SKEYID, and `SKEYID_d`, `_a` and `_e` when the Diffie-Hellman secret is known.
fn family(
    skeyid: Option<Skeyid>,
    shared_secret: Option<Secret<'_>>,
    cookies: &Cookies,
) -> (Option<Skeyid>, Option<[Option<Skeyid>; 3]>) {
    // An empty secret yields no key. Then only SKEYID is known.
    match (skeyid, shared_secret.filter(|secret| !secret.expose().is_empty())) {
        (Some(skeyid), Some(secret)) => match SkeyidFamily::derive(skeyid, secret, cookies) {
            Ok(SkeyidFamily { skeyid, skeyid_d, skeyid_a, skeyid_e }) => {
                (Some(skeyid), Some([Some(skeyid_d), Some(skeyid_a), Some(skeyid_e)]))
            }
            Err(_) => (None, None),
        },
        (skeyid, _) => (skeyid, None),
    }
}
