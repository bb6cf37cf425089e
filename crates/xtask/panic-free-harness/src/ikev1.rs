//! Wrappers of `ikev1`.

use std::net::SocketAddr;

use crypto::Output;
use crypto::{HashAlgorithm, KeyError, NotAuthentic, Secret};
use ikev1::keymat::{KeyLengths, Keymat, KeysTooLong, QuickMode};
use ikev1::proposal::ipsec;
use ikev1::proposal::isakmp as phase_1;
use ikev1::proposal::{Reason, Refused};
use ikev1::transcript::{
    self, Child, ChildError, Children, ChildrenError, ExchangeError, FragmentedMessage, IncompleteExchange,
    IvChain, Phase1, Phase1HashError, Refusal, Side,
};
use ikev1::{
    AggressiveMode, Authentication, AuthenticationKind, BodyError, Cipher, Cookies, Covered, EmptyInput, EncryptionKey,
    HashError, Iv, MessageHash, Nonces, OpenError, Opened, Protection, SealError, Skeyid, SkeyidFamily,
    UnsupportedAlgorithm,
};
use isakmp::doi::ipsec::AuthenticationAlgorithm;
use isakmp::doi::{AhTransformId, EspTransformId, ProtocolId, oakley};
use isakmp::payload::fragment::Fragment;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;
use isakmp::reassembly::ReassemblyError;
use isakmp::{ExchangeType, Header, Message, PayloadType, Payloads, Role};

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
pub fn skeyid_pre_shared_key(hash: HashAlgorithm, key: Secret<'_>, nonces: &Nonces<'_>) -> Result<Skeyid, EmptyInput> {
    covers!(ikev1::skeyid::Skeyid::pre_shared_key);
    Skeyid::pre_shared_key(hash, key, nonces)
}

#[inline(never)]
pub fn skeyid_signatures(hash: HashAlgorithm, nonces: &Nonces<'_>, shared_secret: Secret<'_>) -> Result<Skeyid, EmptyInput> {
    covers!(ikev1::skeyid::Skeyid::signatures);
    Skeyid::signatures(hash, nonces, shared_secret)
}

#[inline(never)]
pub fn skeyid_public_key_encryption(hash: HashAlgorithm, nonces: &Nonces<'_>, cookies: &Cookies) -> Result<Skeyid, EmptyInput> {
    covers!(ikev1::skeyid::Skeyid::public_key_encryption);
    Skeyid::public_key_encryption(hash, nonces, cookies)
}

#[inline(never)]
pub fn skeyid_facts(skeyid: &Skeyid) -> (Secret<'_>, HashAlgorithm) {
    covers!(ikev1::skeyid::Skeyid::secret, ikev1::skeyid::Skeyid::hash_algorithm);
    (skeyid.secret(), skeyid.hash_algorithm())
}

#[inline(never)]
pub fn skeyid_family(skeyid: Skeyid, shared_secret: Secret<'_>, cookies: &Cookies) -> Result<SkeyidFamily, EmptyInput> {
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
pub fn covered_hash(covered: &Covered<'_>, skeyid_a: &Skeyid, id: u32, following: &[u8]) -> Result<Output, IncompleteExchange> {
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
pub fn transcript_phase_1_begin(header: &Header, payloads: &Payloads<'_>) -> Result<Phase1, Refusal> {
    covers!(ikev1::transcript::phase_1::messages::Phase1::begin);
    Phase1::begin(header, payloads)
}

#[inline(never)]
pub fn transcript_phase_1_extend(
    phase_1: &mut Phase1,
    role: Role,
    payloads: &Payloads<'_>,
) -> Result<(), Refusal> {
    covers!(ikev1::transcript::phase_1::messages::Phase1::extend);
    phase_1.extend(role, payloads)
}

#[inline(never)]
pub fn transcript_phase_1_observe(
    phase_1: &mut Phase1,
    role: Role,
    header: &Header,
    payloads: &Payloads<'_>,
) -> (Result<Phase1, Refusal>, Result<bool, Refusal>, Result<(), Refusal>, bool, Role) {
    covers!(
        ikev1::transcript::phase_1::messages::Phase1::observe_first,
        ikev1::transcript::phase_1::messages::Phase1::observe,
        ikev1::transcript::phase_1::messages::Phase1::observe_identification,
        ikev1::transcript::phase_1::messages::Phase1::says_again,
        ikev1::transcript::phase_1::messages::Phase1::likely_sender,
    );
    (
        Phase1::observe_first(header, payloads),
        phase_1.observe(role, payloads),
        phase_1.observe_identification(role, payloads),
        phase_1.says_again(role, payloads),
        phase_1.likely_sender(payloads),
    )
}

#[inline(never)]
pub fn transcript_phase_1_answer(phase_1: &Phase1, cookie: [u8; 8]) -> Phase1 {
    covers!(ikev1::transcript::phase_1::messages::Phase1::answer);
    phase_1.answer(cookie)
}

#[inline(never)]
pub fn phase_1_facts(phase_1: &Phase1, role: Role) -> (Cookies, ExchangeType, bool, &Side, usize) {
    covers!(
        ikev1::transcript::phase_1::Phase1::cookies,
        ikev1::transcript::phase_1::Phase1::exchange_type,
        ikev1::transcript::phase_1::Phase1::offer,
        ikev1::transcript::phase_1::Phase1::side,
        ikev1::transcript::phase_1::Phase1::octet_count,
        ikev1::transcript::phase_1::Phase1::has_encrypted_identities,
        ikev1::transcript::phase_1::Phase1::has_pre_shared_key,
    );
    let is_one = phase_1.has_encrypted_identities() || phase_1.has_pre_shared_key();
    let is_chosen = phase_1.offer().is_some() || is_one;
    (phase_1.cookies(), phase_1.exchange_type(), is_chosen, phase_1.side(role), phase_1.octet_count())
}

#[inline(never)]
pub fn phase_1_said(
    phase_1: &Phase1,
) -> (
    Result<Nonces<'_>, IncompleteExchange>,
    Result<Authentication<'_>, IncompleteExchange>,
    Option<Iv>,
    Option<Result<AggressiveMode<'_>, IncompleteExchange>>,
) {
    covers!(
        ikev1::transcript::phase_1::Phase1::nonces,
        ikev1::transcript::phase_1::Phase1::authentication,
        ikev1::transcript::phase_1::Phase1::first_iv,
        ikev1::transcript::phase_1::hash::Phase1::aggressive_mode,
    );
    (phase_1.nonces(), phase_1.authentication(), phase_1.first_iv(), phase_1.aggressive_mode())
}

#[inline(never)]
pub fn phase_1_hash(
    phase_1: &Phase1,
    skeyid: &Skeyid,
    sender: Role,
    identification: &[u8],
    hash: &[u8],
) -> (Result<Output, Phase1HashError>, Result<(), Phase1HashError>) {
    covers!(
        ikev1::transcript::phase_1::hash::Phase1::hash,
        ikev1::transcript::phase_1::hash::Phase1::verify_hash,
        ikev1::transcript::phase_1::hash::Phase1HashError::from,
    );
    let verified = phase_1.verify_hash(skeyid, sender, identification, hash);
    (phase_1.hash(skeyid, sender, identification), verified.or(Err(Phase1HashError::from(NotAuthentic))))
}

#[inline(never)]
pub fn side_facts(side: &Side, payload_type: PayloadType) -> (Option<&[u8]>, usize) {
    covers!(ikev1::transcript::side::Side::said, ikev1::transcript::side::Side::octet_count);
    (side.said(payload_type), side.octet_count())
}

#[inline(never)]
pub fn transcript_quick_mode(
    quick_mode: &mut transcript::QuickMode,
    role: Role,
    payloads: &Payloads<'_>,
) -> (Result<(), Refusal>, Result<(), Refusal>) {
    covers!(
        ikev1::transcript::quick_mode::QuickMode::extend,
        ikev1::transcript::quick_mode::QuickMode::observe,
    );
    (quick_mode.extend(role, payloads), quick_mode.observe(role, payloads))
}

#[inline(never)]
pub fn transcript_quick_mode_new() -> (transcript::QuickMode, FragmentedMessage) {
    covers!(
        ikev1::transcript::quick_mode::QuickMode::new,
        ikev1::transcript::fragmented_message::FragmentedMessage::new,
    );
    (transcript::QuickMode::new(), FragmentedMessage::new())
}

#[inline(never)]
pub fn quick_mode_facts(
    quick_mode: &transcript::QuickMode,
    role: Role,
    position: usize,
) -> (
    Result<Nonces<'_>, IncompleteExchange>,
    Option<&[u8]>,
    Option<(&[u8], &[u8])>,
    Result<Covered<'_>, IncompleteExchange>,
    usize,
) {
    covers!(
        ikev1::transcript::quick_mode::QuickMode::nonces,
        ikev1::transcript::quick_mode::QuickMode::key_exchange,
        ikev1::transcript::quick_mode::QuickMode::identities,
        ikev1::transcript::quick_mode::QuickMode::covered,
        ikev1::transcript::quick_mode::QuickMode::octet_count,
    );
    (
        quick_mode.nonces(),
        quick_mode.key_exchange(role),
        quick_mode.identities(role),
        quick_mode.covered(position),
        quick_mode.octet_count(),
    )
}

#[inline(never)]
pub fn quick_mode_children<'a>(
    quick_mode: &'a transcript::QuickMode,
    shared_secret: Option<Secret<'a>>,
) -> Result<Children<'a>, ChildrenError> {
    covers!(ikev1::transcript::child::QuickMode::children);
    quick_mode.children(shared_secret)
}

#[inline(never)]
pub fn children_next<'a>(children: &mut Children<'a>) -> Option<Result<Child<'a>, ChildError>> {
    covers!(ikev1::transcript::child::Children::next);
    children.next()
}

#[inline(never)]
pub fn child_keys(
    child: &Child<'_>,
    skeyid_d: &Skeyid,
) -> (Result<KeyLengths, UnsupportedAlgorithm>, Result<Keymat, UnsupportedAlgorithm>) {
    covers!(ikev1::transcript::child::Child::key_lengths, ikev1::transcript::child::Child::keymat);
    (child.key_lengths(), child.keymat(skeyid_d))
}

#[inline(never)]
pub fn transcript_fragmented_message(
    message: &mut FragmentedMessage,
    fragment: &Fragment<'_>,
) -> Result<Option<Vec<u8>>, ReassemblyError> {
    covers!(ikev1::transcript::fragmented_message::FragmentedMessage::accept);
    message.accept(fragment)
}

#[inline(never)]
pub fn esp_attributes(
    transform_id: EspTransformId,
    key_length: Option<u16>,
    authentication_algorithm: Option<AuthenticationAlgorithm>,
) -> (
    Result<ikev1::transform::Encryption, UnsupportedAlgorithm>,
    Result<Option<ikev1::transform::Authentication>, UnsupportedAlgorithm>,
) {
    covers!(
        ikev1::transform::EspAttributes::new,
        ikev1::transform::EspAttributes::encryption,
        ikev1::transform::EspAttributes::authentication
    );
    let attributes = ikev1::transform::EspAttributes::new(transform_id, key_length, authentication_algorithm);
    (attributes.encryption(), attributes.authentication())
}

#[inline(never)]
pub fn esp_attributes_of(
    encryption: ikev1::transform::Encryption,
    authentication: Option<ikev1::transform::Authentication>,
) -> Option<ikev1::transform::EspAttributes> {
    covers!(ikev1::transform::EspAttributes::of);
    ikev1::transform::EspAttributes::of(encryption, authentication)
}

#[inline(never)]
pub fn ah_attributes(
    transform_id: AhTransformId,
    authentication_algorithm: Option<AuthenticationAlgorithm>,
) -> Result<ikev1::transform::Integrity, UnsupportedAlgorithm> {
    covers!(ikev1::transform::AhAttributes::new, ikev1::transform::AhAttributes::integrity);
    let attributes = ikev1::transform::AhAttributes::new(transform_id, authentication_algorithm);
    attributes.integrity()
}

#[inline(never)]
pub fn ah_attributes_of_transform(
    attributes: &ikev1::transform::AhAttributes,
) -> Result<ikev1::transform::Integrity, UnsupportedAlgorithm> {
    covers!(ikev1::transform::AhAttributes::of_transform);
    attributes.of_transform()
}

#[inline(never)]
pub fn open_error_from(error: NotAuthentic) -> OpenError {
    covers!(ikev1::protection::error::OpenError::from);
    OpenError::from(error)
}

#[inline(never)]
pub fn ah_attributes_of(integrity: ikev1::transform::Integrity) -> Option<ikev1::transform::AhAttributes> {
    covers!(ikev1::transform::AhAttributes::of);
    ikev1::transform::AhAttributes::of(integrity)
}
