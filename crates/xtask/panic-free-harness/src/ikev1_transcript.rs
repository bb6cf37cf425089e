//! Wrappers of `ikev1`: transcripts, and the SAs of ESP and AH that come of them.

use crypto::Output;
use crypto::{NotAuthentic, Secret};
use ikev1::keymat::{KeyLengths, Keymat};
use ikev1::transcript::{
    self, Child, ChildError, Children, ChildrenError, FragmentedMessage, IncompleteExchange, Phase1,
    Phase1HashError, Refusal, Side,
};
use ikev1::{AggressiveMode, Authentication, Cookies, Covered, Iv, Nonces, Skeyid, UnsupportedAlgorithm};
use isakmp::payload::fragment::Fragment;
use isakmp::reassembly::ReassemblyError;
use isakmp::{ExchangeType, Header, PayloadType, Payloads, Role};

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
