//! One ISAKMP SA: the contents of its messages, and the keys that fit it.

use std::net::IpAddr;
use std::sync::Arc;

use ikev1::transcript::Phase1;
use ikev1::transcript::observer::{Exchanges, Vectors};
use ikev1::{BodyError, Iv};
use isakmp::{Encrypted, ExchangeType, Header, PayloadType, Payloads, Phase, Role};
use zeroize::Zeroizing;

use super::body::body;
use super::children;
use super::ends::Ends;
use super::given::Given;
use super::material::{self, Material};
use super::opening::{Checked, Opened, Opening};
use super::private_values::PrivateValues;
use super::trial::{Found, Trial, hash_of_phase_1, sensible};
use super::weighed::Weight;
use crate::conversation::Key;
use crate::sink::Reason;
use keys::AssociationRow;

/// The largest number of times that key sets are derived for an SA. They are derived again when phase 1 has other
/// values than before, which does not happen between honest peers. After that the SA has no keys.
pub(super) const REBUILDS: u8 = 8;

/// An encrypted message, and its sender and receiver.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received<'a> {
    pub(super) ends: Ends,
    pub(super) header: &'a Header,
    pub(super) encrypted: Encrypted<'a>,
    /// The header and the body.
    pub(super) whole: &'a [u8],
}

/// An ISAKMP SA, from the answer of the responder on.
#[derive(Debug)]
pub(super) struct IkeSa {
    /// The key that identifies the SA together with the responder's cookie.
    pub(super) key: Key,
    /// The number of the first message that the SA was made from.
    pub(super) number: u64,
    /// The sender and the receiver of the first message.
    pub(super) ends: Ends,
    pub(super) phase_1: Phase1,
    // The key sets. They are derived when phase 1 has provided enough values. The set that fitted last is the first.
    materials: Option<Vec<Arc<Material>>>,
    rebuilds: u8,
    // Whether a HASH of phase 1 was right in the clear.
    is_verified: bool,
    // Whether a message was decrypted with the first set, and its HASH was right or could not be checked.
    is_fitted: bool,
    vectors: Vectors,
    exchanges: Exchanges,
    pub(super) encrypted: u64,
    pub(super) decrypted: u64,
    // Quick modes with a key exchange of their own, whose secret nobody gave.
    pub(super) without_secret: u64,
}

impl IkeSa {
    pub(super) fn new(key: Key, number: u64, ends: Ends, phase_1: Phase1) -> Self {
        Self {
            key,
            number,
            ends,
            phase_1,
            materials: None,
            rebuilds: 0,
            is_verified: false,
            is_fitted: false,
            vectors: Vectors::new(),
            exchanges: Exchanges::new(),
            encrypted: 0,
            decrypted: 0,
            without_secret: 0,
        }
    }

    /// Whether phase 1 is over. Later messages in the clear change nothing, because nobody authenticates them.
    pub(super) const fn is_established(&self) -> bool {
        self.is_verified || self.is_fitted
    }

    /// Returns the keys with which messages were decrypted.
    pub(super) fn fitting(&self) -> Option<&Material> {
        self.materials.as_ref()?.first().filter(|_| self.is_fitted).map(|material| &**material)
    }

    /// Takes in what one side sends in the clear, and checks the HASH of aggressive mode if there is one.
    pub(super) fn learn(
        &mut self,
        (given, values): (&Given, &mut PrivateValues),
        ends: &Ends,
        payloads: &Payloads<'_>,
    ) -> Option<Checked> {
        let role = self.ends.role(ends).unwrap_or_else(|| self.phase_1.likely_sender(payloads));
        if self.is_established() {
            let checked = self.check_in_clear(given, values, role, payloads)?;
            // A HASH covers the values of its own message, and those were not taken in.
            let is_right = checked.is_right && self.phase_1.says_again(role, payloads);
            return Some(Checked { is_right, ..checked });
        }
        // A message with a body that is too long is not taken in.
        if self.phase_1.observe(role, payloads).unwrap_or(false) {
            self.materials = None;
            self.vectors = Vectors::new();
            self.exchanges = Exchanges::new();
        }
        let checked = self.check_in_clear(given, values, role, payloads)?;
        self.is_verified |= checked.is_right;
        Some(checked)
    }

    /// Returns the key sets, and derives them if that was not done yet.
    fn materials(&mut self, given: &Given, values: &mut PrivateValues) -> Vec<Arc<Material>> {
        let (phase_1, rebuilds) = (&self.phase_1, &mut self.rebuilds);
        let materials = self.materials.get_or_insert_with(|| {
            if *rebuilds >= REBUILDS {
                return Vec::new();
            }
            *rebuilds = rebuilds.saturating_add(1);
            material::all(given, values, phase_1).0
        });
        materials.clone()
    }

    fn check_in_clear(
        &mut self,
        given: &Given,
        values: &mut PrivateValues,
        role: Role,
        payloads: &Payloads<'_>,
    ) -> Option<Checked> {
        let hash = body(payloads, PayloadType::HASH)?;
        let materials = self.materials(given, values);
        let id = self.phase_1.side(role).said(PayloadType::IDENTIFICATION);
        let checked =
            materials.iter().filter_map(|material| hash_of_phase_1(&self.phase_1, material, role, id, hash));
        // When several key sets are tried, the one that fits counts.
        checked.reduce(|one, other| if other.is_right && !one.is_right { other } else { one })
    }

    /// Decrypts a message.
    pub(super) fn open(
        &mut self,
        given: &Given,
        values: &mut PrivateValues,
        received: &Received<'_>,
    ) -> Opening {
        let header = received.header;
        let Some(first) = self.phase_1.first_iv() else { return Opening::Failed(Reason::IsakmpPhase1) };
        let materials = self.materials(given, values);
        if materials.is_empty() {
            return Opening::Failed(Reason::IsakmpNoKey);
        }
        let ciphertext = received.encrypted.octets;
        let (len, block_len) = (ciphertext.len(), first.octets().len());
        if len == 0 {
            return Opening::Failed(BodyError::Empty.into());
        }
        if !len.is_multiple_of(block_len) {
            return Opening::Failed(BodyError::Blocks { len, block_len }.into());
        }
        let firsts = self.firsts(header, first);
        let candidates = match header.message_id {
            0 => self.vectors.candidates(&firsts, ciphertext),
            id => self.exchanges.candidates(id, &firsts, ciphertext),
        };
        let trial = Trial {
            phase_1: &self.phase_1,
            exchanges: &self.exchanges,
            header,
            role: self.ends.role(&received.ends),
            encrypted: received.encrypted,
        };
        let found = trial.run(&materials, &candidates).found;
        // A message with a wrong HASH proves no more than random octets do.
        let candidate = found.as_ref().filter(|found| !found.is_wrong()).map(|found| found.candidate);
        match header.message_id {
            0 => self.vectors.take(candidate, first, ciphertext),
            id => self.exchanges.take(id, candidate, first, ciphertext),
        }
        let Some(found) = found else {
            return Opening::Failed(Reason::IsakmpKeys { keys: materials.len() });
        };
        let mut children = Vec::new();
        let without_secret = self.without_secret;
        if !found.is_wrong() {
            self.decrypted = self.decrypted.saturating_add(1);
            children = self.take_in(&found, received.ends.addresses, header, received.encrypted.next_payload);
        }
        if found.fits {
            self.fit(found.material_at);
        }
        let header_len = received.whole.len().saturating_sub(len);
        let mut plain = Zeroizing::new(Vec::with_capacity(received.whole.len()));
        plain.extend_from_slice(received.whole.get(..header_len).unwrap_or_default());
        plain.extend_from_slice(&found.plain);
        Opening::Opened(Box::new(Opened {
            plain,
            hash: found.hash,
            children,
            lacks_secret: self.without_secret != without_secret,
            iv: found.candidate.iv,
            material: found.material,
        }))
    }

    /// Returns the initialization vectors that the first message of its exchange may have: those after the last
    /// message of phase 1, or after an earlier one.
    fn firsts(&self, header: &Header, first: Iv) -> Vec<Iv> {
        if header.message_id == 0 {
            return vec![first];
        }
        let hash = self.phase_1.offer().and_then(|offer| offer.hash().ok());
        let Some(hash) = hash else { return Vec::new() };
        self.vectors.lasts().chain([first]).map(|last| last.exchange(hash, header.message_id)).collect()
    }

    /// Moves the key set that fitted to the front.
    fn fit(&mut self, at: usize) {
        self.is_fitted = true;
        if let Some(materials) = &mut self.materials
            && at < materials.len()
        {
            let material = materials.remove(at);
            materials.insert(0, material);
        }
    }

    /// Remembers the values of a message, whose HASH is not wrong, for later messages, and derives the keys of the
    /// child SAs that it completes.
    fn take_in(
        &mut self,
        found: &Found,
        ends: (Option<IpAddr>, Option<IpAddr>),
        header: &Header,
        next_payload: PayloadType,
    ) -> Vec<AssociationRow> {
        let Some(payloads) = sensible(&found.plain, next_payload) else { return Vec::new() };
        if header.phase() == Phase::One {
            let known = self.phase_1.side(found.role).said(PayloadType::IDENTIFICATION);
            if found.is_right() || known.is_none() {
                // An identification that is too long is not remembered.
                let _ = self.phase_1.observe_identification(found.role, &payloads);
            }
            return Vec::new();
        }
        if header.exchange_type != ExchangeType::QUICK_MODE || found.candidate.is_repeated {
            return Vec::new();
        }
        let Some(quick_mode) = self.exchanges.quick_mode_mut(header.message_id) else { return Vec::new() };
        let role = match found.candidate.position {
            0 => Role::Initiator,
            1 => Role::Responder,
            _ => return Vec::new(),
        };
        // A message with a body that is too long is not taken in, and the earlier values stay.
        let _ = quick_mode.observe(role, &payloads);
        if role == Role::Responder && quick_mode.key_exchange(role).is_some() {
            self.without_secret = self.without_secret.saturating_add(1);
        }
        match (&found.material.skeyid_d, role) {
            (Some(skeyid_d), Role::Responder) => children::rows(skeyid_d, quick_mode, ends),
            _ => Vec::new(),
        }
    }
}

impl Weight for IkeSa {
    fn octets(&self) -> usize {
        let materials = self.materials.as_ref().map_or(0, Vec::len).saturating_mul(size_of::<Material>());
        size_of::<Self>()
            .saturating_add(self.phase_1.octet_count())
            .saturating_add(materials)
            .saturating_add(self.vectors.octet_count())
            .saturating_add(self.exchanges.octet_count())
    }
}
