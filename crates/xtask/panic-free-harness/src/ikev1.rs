//! Wrappers of `ikev1`.

use std::net::SocketAddr;

use crypto::Output;
use crypto::{HashAlgorithm, KeyError, NotAuthentic, Prf, Secret};
use ikev1::keymat::{KeyLengths, KeysTooLong};
use ikev1::proposal::ipsec;
use ikev1::proposal::isakmp as phase_1;
use ikev1::proposal::{Reason, Refused};
use ikev1::{
    AggressiveMode, Authentication, BodyError, Cipher, Cookies, Covered, EncryptionKey, HashError, Iv,
    Keymat, Nonces, QuickMode, Skeyid, SkeyidFamily, UnsupportedAlgorithm,
};
use isakmp::Payloads;
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId, oakley};
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;

#[inline(never)]
pub fn hash_algorithm(number: oakley::HashAlgorithm) -> Result<HashAlgorithm, UnsupportedAlgorithm> {
    covers!(ikev1::algorithm::hash_algorithm);
    ::ikev1::algorithm::hash_algorithm(number)
}

#[inline(never)]
pub fn cipher_negotiated(
    number: oakley::EncryptionAlgorithm,
    key_length: Option<u16>,
) -> Result<Cipher, UnsupportedAlgorithm> {
    covers!(ikev1::algorithm::Cipher::negotiated);
    Cipher::negotiated(number, key_length)
}

#[inline(never)]
pub fn cipher_facts(cipher: Cipher) -> (oakley::EncryptionAlgorithm, Option<u16>, usize) {
    covers!(
        ikev1::algorithm::Cipher::number,
        ikev1::algorithm::Cipher::key_len,
        ikev1::algorithm::Cipher::block_len,
    );
    let (number, key_length) = cipher.number();
    (number, key_length, cipher.key_len() ^ cipher.block_len())
}

#[inline(never)]
pub fn group(number: oakley::GroupDescription) -> Option<::ikev1::dh::DhGroup> {
    covers!(ikev1::dh::group);
    ::ikev1::dh::group(number)
}

#[inline(never)]
pub fn skeyid_from_octets(hash: HashAlgorithm, octets: Secret<'_>) -> Result<Skeyid, KeyError> {
    covers!(ikev1::skeyid::Skeyid::from_octets);
    Skeyid::from_octets(hash, octets)
}

#[inline(never)]
pub fn skeyid_pre_shared_key(hash: HashAlgorithm, key: Secret<'_>, nonces: &Nonces<'_>) -> Skeyid {
    covers!(ikev1::skeyid::Skeyid::pre_shared_key);
    Skeyid::pre_shared_key(hash, key, nonces)
}

#[inline(never)]
pub fn skeyid_signatures(hash: HashAlgorithm, nonces: &Nonces<'_>, shared_secret: Secret<'_>) -> Skeyid {
    covers!(ikev1::skeyid::Skeyid::signatures);
    Skeyid::signatures(hash, nonces, shared_secret)
}

#[inline(never)]
pub fn skeyid_public_key_encryption(hash: HashAlgorithm, nonces: &Nonces<'_>, cookies: &Cookies) -> Skeyid {
    covers!(ikev1::skeyid::Skeyid::public_key_encryption);
    Skeyid::public_key_encryption(hash, nonces, cookies)
}

#[inline(never)]
pub fn skeyid_facts(skeyid: &Skeyid) -> (Secret<'_>, &Prf, HashAlgorithm) {
    covers!(ikev1::skeyid::Skeyid::secret, ikev1::skeyid::Skeyid::prf, ikev1::skeyid::Skeyid::hash_algorithm,);
    (skeyid.secret(), skeyid.prf(), skeyid.hash_algorithm())
}

#[inline(never)]
pub fn skeyid_family(skeyid: Skeyid, shared_secret: Secret<'_>, cookies: &Cookies) -> SkeyidFamily {
    covers!(ikev1::skeyid::SkeyidFamily::derive);
    SkeyidFamily::derive(skeyid, shared_secret, cookies)
}

#[inline(never)]
pub fn authentication_hashes(
    authentication: &Authentication<'_>,
    skeyid: &Skeyid,
    id: &[u8],
) -> (Output, Output) {
    covers!(ikev1::authentication::Authentication::hash_i, ikev1::authentication::Authentication::hash_r,);
    (authentication.hash_i(skeyid, id), authentication.hash_r(skeyid, id))
}

#[inline(never)]
pub fn authentication_verify(
    authentication: &Authentication<'_>,
    skeyid: &Skeyid,
    id: &[u8],
    hash: &[u8],
) -> (Result<(), NotAuthentic>, Result<(), NotAuthentic>) {
    covers!(
        ikev1::authentication::Authentication::verify_hash_i,
        ikev1::authentication::Authentication::verify_hash_r,
    );
    (authentication.verify_hash_i(skeyid, id, hash), authentication.verify_hash_r(skeyid, id, hash))
}

#[inline(never)]
pub fn aggressive_mode(exchange: &AggressiveMode<'_>, key: Secret<'_>) -> (Output, bool) {
    covers!(
        ikev1::aggressive_mode::AggressiveMode::hash_r_of,
        ikev1::aggressive_mode::AggressiveMode::is_pre_shared_key,
    );
    (exchange.hash_r_of(key), exchange.is_pre_shared_key(key))
}

#[inline(never)]
pub fn encryption_key_derive(cipher: Cipher, skeyid_e: &Skeyid) -> Result<EncryptionKey, KeyError> {
    covers!(ikev1::encryption::EncryptionKey::derive);
    EncryptionKey::derive(cipher, skeyid_e)
}

#[inline(never)]
pub fn encryption_key_from_octets(cipher: Cipher, key: Secret<'_>) -> Result<EncryptionKey, KeyError> {
    covers!(ikev1::encryption::EncryptionKey::from_octets);
    EncryptionKey::from_octets(cipher, key)
}

#[inline(never)]
pub fn encryption_key_facts(key: &EncryptionKey, len: usize) -> (Cipher, Secret<'_>, usize) {
    covers!(
        ikev1::encryption::EncryptionKey::cipher,
        ikev1::encryption::EncryptionKey::secret,
        ikev1::encryption::EncryptionKey::padded_len,
    );
    (key.cipher(), key.secret(), key.padded_len(len))
}

#[inline(never)]
pub fn encryption_key_encrypt(key: &EncryptionKey, iv: &Iv, body: &mut [u8]) -> Result<Iv, BodyError> {
    covers!(ikev1::encryption::EncryptionKey::encrypt);
    key.encrypt(iv, body)
}

#[inline(never)]
pub fn encryption_key_decrypt(key: &EncryptionKey, iv: &Iv, body: &mut [u8]) -> Result<Iv, BodyError> {
    covers!(ikev1::encryption::EncryptionKey::decrypt);
    key.decrypt(iv, body)
}

#[inline(never)]
pub fn covered_hash(covered: &Covered<'_>, skeyid_a: &Skeyid, id: u32, following: &[u8]) -> Output {
    covers!(ikev1::hash::Covered::hash);
    covered.hash(skeyid_a, id, following)
}

#[inline(never)]
pub fn covered_check(
    covered: &Covered<'_>,
    skeyid_a: &Skeyid,
    id: u32,
    payloads: &Payloads<'_>,
) -> Result<(), HashError> {
    covers!(ikev1::hash::Covered::check);
    covered.check(skeyid_a, id, payloads)
}

#[inline(never)]
pub fn first_hash<'a>(payloads: &Payloads<'a>) -> Result<(&'a [u8], &'a [u8]), HashError> {
    covers!(ikev1::hash::first_hash);
    ::ikev1::hash::first_hash(payloads)
}

#[inline(never)]
pub fn iv_phase_1(hash: HashAlgorithm, cipher: Cipher, g_xi: &[u8], g_xr: &[u8]) -> Iv {
    covers!(ikev1::iv::Iv::phase_1);
    Iv::phase_1(hash, cipher, g_xi, g_xr)
}

#[inline(never)]
pub fn iv_exchange(iv: &Iv, hash: HashAlgorithm, id: u32) -> Iv {
    covers!(ikev1::iv::Iv::exchange);
    iv.exchange(hash, id)
}

#[inline(never)]
pub fn iv_next(iv: &Iv, ciphertext: &[u8]) -> Iv {
    covers!(ikev1::iv::Iv::next);
    iv.next(ciphertext)
}

#[inline(never)]
pub fn iv_octets(octets: &[u8]) -> (Option<Iv>, usize) {
    covers!(ikev1::iv::Iv::from_octets, ikev1::iv::Iv::octets);
    let iv = Iv::from_octets(octets);
    (iv, iv.as_ref().map_or(0, |iv| iv.octets().len()))
}

#[inline(never)]
pub fn quick_mode_fill(
    quick_mode: &QuickMode<'_>,
    skeyid_d: &Skeyid,
    protocol_id: ProtocolId,
    spi: &[u8],
    keymat: &mut [u8],
) {
    covers!(ikev1::keymat::QuickMode::fill);
    quick_mode.fill(skeyid_d, protocol_id, spi, keymat);
}

#[inline(never)]
pub fn quick_mode_keymat(
    quick_mode: &QuickMode<'_>,
    skeyid_d: &Skeyid,
    protocol_id: ProtocolId,
    spi: &[u8],
    lengths: KeyLengths,
) -> Keymat {
    covers!(ikev1::keymat::QuickMode::keymat);
    quick_mode.keymat(skeyid_d, protocol_id, spi, lengths)
}

#[inline(never)]
pub fn key_lengths_esp(
    transform_id: EspTransformId,
    key_length: Option<u16>,
    authentication_algorithm: Option<AuthenticationAlgorithm>,
) -> Result<KeyLengths, UnsupportedAlgorithm> {
    covers!(ikev1::keymat::KeyLengths::esp);
    KeyLengths::esp(transform_id, key_length, authentication_algorithm)
}

#[inline(never)]
pub fn key_lengths_ah(transform_id: AhTransformId) -> (usize, Result<KeyLengths, UnsupportedAlgorithm>) {
    covers!(
        ikev1::keymat::KeyLengths::ah,
        ikev1::keymat::KeyLengths::encryption,
        ikev1::keymat::KeyLengths::authentication,
        ikev1::keymat::KeyLengths::total,
    );
    let lengths = KeyLengths::ah(transform_id);
    let octets = |lengths: KeyLengths| lengths.total() ^ lengths.encryption() ^ lengths.authentication();
    (lengths.map_or(0, octets), lengths)
}

#[inline(never)]
pub fn key_lengths_new(encryption: usize, authentication: usize) -> Result<KeyLengths, KeysTooLong> {
    covers!(ikev1::keymat::KeyLengths::new);
    KeyLengths::new(encryption, authentication)
}

#[inline(never)]
pub fn keymat_keys(keymat: &Keymat) -> (Secret<'_>, Secret<'_>) {
    covers!(ikev1::keymat::Keymat::encryption, ikev1::keymat::Keymat::authentication);
    (keymat.encryption(), keymat.authentication())
}

#[inline(never)]
pub fn nat_detection(
    hash: HashAlgorithm,
    cookies: &Cookies,
    end: SocketAddr,
    octets: &[u8],
) -> (Output, Result<(), NotAuthentic>) {
    covers!(ikev1::nat_traversal::nat_detection, ikev1::nat_traversal::verify_nat_detection);
    (
        ::ikev1::nat_traversal::nat_detection(hash, cookies, end),
        ::ikev1::nat_traversal::verify_nat_detection(hash, cookies, end, octets),
    )
}

#[inline(never)]
pub fn isakmp_offer(
    transform: &Transform<'_>,
) -> (phase_1::Offer, Result<Cipher, UnsupportedAlgorithm>, Result<HashAlgorithm, UnsupportedAlgorithm>) {
    covers!(
        ikev1::proposal::isakmp::Offer::from_transform,
        ikev1::proposal::isakmp::Offer::cipher,
        ikev1::proposal::isakmp::Offer::hash,
    );
    let offer = phase_1::Offer::from_transform(transform);
    (offer, offer.cipher(), offer.hash())
}

#[inline(never)]
pub fn isakmp_check(policy: &phase_1::Policy, offer: &phase_1::Offer) -> Result<(), Reason> {
    covers!(ikev1::proposal::isakmp::Policy::check);
    policy.check(offer)
}

#[inline(never)]
pub fn isakmp_choose<'a>(
    association: &SecurityAssociation<'a>,
    policies: &[phase_1::Policy],
) -> (Option<phase_1::Chosen<'a>>, Option<Refused>) {
    covers!(ikev1::proposal::isakmp::choose);
    let mut last = None;
    let chosen = phase_1::choose(association, policies, &mut |refused| last = Some(refused));
    (chosen, last)
}

#[inline(never)]
pub fn ipsec_offer(transform: &Transform<'_>) -> ipsec::Offer {
    covers!(ikev1::proposal::ipsec::Offer::from_transform);
    ipsec::Offer::from_transform(transform)
}

#[inline(never)]
pub fn ipsec_check(
    policy: &ipsec::Policy<'_>,
    protocol: &ipsec::Protocol,
    offer: &ipsec::Offer,
) -> Result<(), Reason> {
    covers!(ikev1::proposal::ipsec::Policy::check);
    policy.check(protocol, offer)
}

#[inline(never)]
pub fn ipsec_choose<'a>(
    association: &SecurityAssociation<'a>,
    policies: &[ipsec::Policy<'_>],
) -> (Option<ipsec::Chosen<'a>>, Option<Refused>) {
    covers!(ikev1::proposal::ipsec::choose);
    let mut last = None;
    let chosen = ipsec::choose(association, policies, &mut |refused| last = Some(refused));
    (chosen, last)
}
