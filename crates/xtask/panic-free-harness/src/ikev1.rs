//! Wrappers of `ikev1`: keys, initialization vectors, HASHes, protected messages.

use std::net::SocketAddr;

use crypto::Output;
use crypto::{HashAlgorithm, KeyError, NotAuthentic, Secret};
use ikev1::transcript::{ExchangeError, IncompleteExchange, IvChain};
use ikev1::{
    AggressiveMode, Authentication, AuthenticationKind, BodyError, Cipher, Cookies, Covered, EmptyInput,
    EncryptionKey, HashError, Iv, MessageHash, Nonces, OpenError, Opened, Protection, SealError, Skeyid,
    SkeyidFamily, UnsupportedAlgorithm,
};
use isakmp::doi::oakley;
use isakmp::{Message, Payloads};

#[inline(never)]
pub fn hash_algorithm(number: oakley::HashAlgorithm) -> Result<HashAlgorithm, UnsupportedAlgorithm> {
    covers!(ikev1::algorithm::hash_algorithm);
    ::ikev1::hash_algorithm(number)
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
pub fn skeyid_pre_shared_key(
    hash: HashAlgorithm,
    key: Secret<'_>,
    nonces: &Nonces<'_>,
) -> Result<Skeyid, EmptyInput> {
    covers!(ikev1::skeyid::Skeyid::pre_shared_key);
    Skeyid::pre_shared_key(hash, key, nonces)
}

#[inline(never)]
pub fn skeyid_signatures(
    hash: HashAlgorithm,
    nonces: &Nonces<'_>,
    shared_secret: Secret<'_>,
) -> Result<Skeyid, EmptyInput> {
    covers!(ikev1::skeyid::Skeyid::signatures);
    Skeyid::signatures(hash, nonces, shared_secret)
}

#[inline(never)]
pub fn skeyid_public_key_encryption(
    hash: HashAlgorithm,
    nonces: &Nonces<'_>,
    cookies: &Cookies,
) -> Result<Skeyid, EmptyInput> {
    covers!(ikev1::skeyid::Skeyid::public_key_encryption);
    Skeyid::public_key_encryption(hash, nonces, cookies)
}

#[inline(never)]
pub fn skeyid_facts(skeyid: &Skeyid) -> (Secret<'_>, HashAlgorithm) {
    covers!(ikev1::skeyid::Skeyid::secret, ikev1::skeyid::Skeyid::hash_algorithm);
    (skeyid.secret(), skeyid.hash_algorithm())
}

#[inline(never)]
pub fn skeyid_family(
    skeyid: Skeyid,
    shared_secret: Secret<'_>,
    cookies: &Cookies,
) -> Result<SkeyidFamily, EmptyInput> {
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
pub fn aggressive_mode(exchange: &AggressiveMode<'_>, key: Secret<'_>) -> (Result<Output, EmptyInput>, bool) {
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
pub fn covered_hash(
    covered: &Covered<'_>,
    skeyid_a: &Skeyid,
    id: u32,
    following: &[u8],
) -> Result<Output, IncompleteExchange> {
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
pub fn authentication_kind(method: oakley::AuthenticationMethod) -> AuthenticationKind {
    covers!(ikev1::authentication_kind::AuthenticationKind::of);
    AuthenticationKind::of(method)
}

#[inline(never)]
pub fn hash_names(covered: Covered<'_>, hash: &MessageHash<'_>) -> (&'static str, &'static str, bool) {
    covers!(
        ikev1::hash::Covered::name,
        ikev1::protection::message_hash::MessageHash::name,
        ikev1::protection::message_hash::MessageHash::from,
    );
    (covered.name(), hash.name(), MessageHash::from(covered) == *hash)
}

#[inline(never)]
pub fn protection(keys: SkeyidFamily, cipher: Cipher, cookies: Cookies) -> Result<Protection, KeyError> {
    covers!(ikev1::protection::Protection::new);
    Protection::new(keys, cipher, cookies)
}

#[inline(never)]
pub fn protection_facts(protection: &Protection) -> (&SkeyidFamily, &EncryptionKey, &Cookies) {
    covers!(
        ikev1::protection::Protection::keys,
        ikev1::protection::Protection::encryption_key,
        ikev1::protection::Protection::cookies,
    );
    (protection.keys(), protection.encryption_key(), protection.cookies())
}

#[inline(never)]
pub fn protection_sealed_len(protection: &Protection, message: &Message<'_>) -> usize {
    covers!(ikev1::protection::seal::Protection::sealed_len);
    protection.sealed_len(message)
}

#[inline(never)]
pub fn protection_seal<'b>(
    protection: &Protection,
    chain: &mut IvChain,
    message: &Message<'_>,
    hash: &MessageHash<'_>,
    buffer: &'b mut [u8],
) -> Result<&'b mut [u8], SealError> {
    covers!(ikev1::protection::seal::Protection::seal);
    protection.seal(chain, message, hash, buffer)
}

#[inline(never)]
pub fn protection_open<'b>(
    protection: &Protection,
    chain: &mut IvChain,
    hash: &MessageHash<'_>,
    octets: &'b mut [u8],
) -> Result<Opened<'b>, OpenError> {
    covers!(ikev1::protection::open::Protection::open);
    protection.open(chain, hash, octets)
}

#[inline(never)]
pub fn iv_chain(
    hash: HashAlgorithm,
    cipher: Cipher,
    authentication: &Authentication<'_>,
    iv: Iv,
    message_id: u32,
) -> (IvChain, Result<IvChain, ExchangeError>, u32, Iv) {
    covers!(
        ikev1::transcript::iv_chain::IvChain::phase_1,
        ikev1::transcript::iv_chain::IvChain::from_last_block,
        ikev1::transcript::iv_chain::IvChain::exchange,
        ikev1::transcript::iv_chain::IvChain::message_id,
        ikev1::transcript::iv_chain::IvChain::iv,
    );
    let phase_1 = IvChain::phase_1(hash, cipher, authentication);
    let exchange = IvChain::from_last_block(hash, iv).exchange(message_id);
    (phase_1, exchange, phase_1.message_id(), phase_1.iv())
}

#[inline(never)]
pub fn open_error_from(error: NotAuthentic) -> OpenError {
    covers!(ikev1::protection::error::OpenError::from);
    OpenError::from(error)
}
