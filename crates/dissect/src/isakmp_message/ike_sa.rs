//! ISAKMP SAs as they are negotiated: what phase 1 says in the clear, the keys that fit it, and the chains of vectors after it.

mod chain;
mod children;
mod material;
mod quick_mode;

use std::net::IpAddr;
use std::sync::Arc;

use ikev1::dh::{PrivateKey, SharedSecret};
use ikev1::proposal::isakmp::Offer;
use ikev1::{AggressiveMode, Authentication, BodyError, Cookies, Covered, Iv, Nonces, NotAuthentic, Secret};
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{
    Encrypted, ExchangeType, FramedHeader, Header, Message, PayloadFraming, PayloadType, Payloads, Phase,
    Role,
};

use super::conversation::{Conversation, Key};
use crate::bounded::Bounded;
use crate::keys::{AssociationRow, IsakmpKeys, Keys};
use crate::sink::Reason;

use chain::{Candidate, Chain};
use material::Material;
use quick_mode::QuickModeMessages;

/// The longest body of a kind that is remembered; an SA with a longer one is not followed. Groups have 1,024 octets at the
/// most, nonces 256 (RFC 2409 section 5).
const LONGEST: usize = 16_384;

/// How many exchanges of one SA are remembered at once.
const EXCHANGES: usize = 64;

/// What one side has said in phase 1, bodies without their headers.
#[derive(Clone, Debug, Default)]
struct Side {
    key_exchange: Vec<u8>,
    nonce: Vec<u8>,
    identification: Vec<u8>,
    hash: Vec<u8>,
}

/// What phase 1 has said.
#[derive(Clone, Debug, Default)]
pub(super) struct Phase1 {
    cookies: Cookies,
    exchange_type: ExchangeType,
    sa_i: Vec<u8>,
    offer: Option<Offer>,
    initiator: Side,
    responder: Side,
}

impl Phase1 {
    fn side(&self, role: Role) -> &Side {
        match role {
            Role::Initiator => &self.initiator,
            Role::Responder => &self.responder,
        }
    }

    fn side_mut(&mut self, role: Role) -> &mut Side {
        match role {
            Role::Initiator => &mut self.initiator,
            Role::Responder => &mut self.responder,
        }
    }

    fn nonces(&self) -> Nonces<'_> {
        Nonces { initiator: &self.initiator.nonce, responder: &self.responder.nonce }
    }

    fn authentication(&self) -> Authentication<'_> {
        Authentication {
            g_xi: &self.initiator.key_exchange,
            g_xr: &self.responder.key_exchange,
            cookies: self.cookies,
            sa_i: &self.sa_i,
        }
    }

    /// g^xy from one side's exponent, where it is that of either.
    fn computed_secret(&self, known: &IsakmpKeys) -> Option<SharedSecret> {
        let exponent = known.private_value.as_ref()?;
        let group = ikev1::dh::group(self.offer.as_ref()?.group_description?)?;
        let key = PrivateKey::from_octets(group, Secret::new(exponent))?;
        let own = key.public_value();
        let (one, other) = (&self.initiator.key_exchange, &self.responder.key_exchange);
        let peer = if own == *one { other } else { (own == *other).then_some(one)? };
        key.shared_secret(peer).ok()
    }

    /// The vectors that the first encrypted message of phase 1 may have.
    fn first_iv(&self) -> Option<Iv> {
        let offer = self.offer.as_ref()?;
        let (hash, cipher) = (offer.hash().ok()?, offer.cipher().ok()?);
        let Authentication { g_xi, g_xr, .. } = self.authentication();
        (!g_xi.is_empty() && !g_xr.is_empty()).then(|| Iv::phase_1(hash, cipher, g_xi, g_xr))
    }
}

/// An ISAKMP SA, from its first message on.
#[derive(Debug)]
struct IkeSa {
    // Who sent the message that had no responder's cookie, and to whom.
    ends: (Option<IpAddr>, Option<IpAddr>),
    phase_1: Phase1,
    // Made when phase 1 has said enough; the set that fitted last stands first.
    materials: Option<Vec<Arc<Material>>>,
    fitted: bool,
    chain: Chain,
    exchanges: Bounded<u32, Exchange>,
    encrypted: u64,
    decrypted: u64,
}

/// An exchange after phase 1.
#[derive(Debug, Default)]
struct Exchange {
    chain: Chain,
    quick_mode: QuickModeMessages,
}

/// The SAs, the oldest forgotten first.
#[derive(Debug)]
pub(crate) struct IkeSas {
    keys: Keys,
    follows: bool,
    sas: Bounded<Key, IkeSa>,
    children_left: usize,
    // Rows of the children, with the octets of their keys, where they are to be kept.
    keeps: bool,
    kept: Vec<AssociationRow>,
}

/// What came of an encrypted message.
#[derive(Debug)]
pub(super) enum Opening {
    /// Nobody gave keys for it.
    NoKeys,
    /// It could not be decrypted.
    Failed(Reason),
    /// It was.
    Opened(Box<Opened>),
}

/// A decrypted message.
#[derive(Debug)]
pub(super) struct Opened {
    /// Header and decrypted body.
    pub(super) plain: Vec<u8>,
    /// What its HASH is, and whether it is right; nothing where there is none, or no key for it.
    pub(super) hash: Option<Checked>,
    /// The keys of children that it completes.
    pub(super) children: Vec<AssociationRow>,
    iv: Iv,
    material: Arc<Material>,
}

impl Opened {
    /// Encrypts a body that was written again.
    pub(super) fn encrypt(&self, body: &mut [u8]) -> Result<(), BodyError> {
        self.material.key.encrypt(&self.iv, body).map(drop)
    }
}

/// A HASH that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    /// Its name in RFC 2409.
    pub(super) name: &'static str,
    /// Whether it is right.
    pub(super) is_right: bool,
}

impl Checked {
    const fn of(name: &'static str, result: Result<(), NotAuthentic>) -> Self {
        Self { name, is_right: result.is_ok() }
    }
}

impl IkeSas {
    pub(crate) fn new(limit: usize, keys: &Keys, follows: bool, keeps: bool) -> Self {
        let mut keys = keys.clone();
        keys.associations.clear();
        let follows = follows || !keys.isakmp.is_empty();
        Self { keys, follows, sas: Bounded::new(limit), children_left: limit, keeps, kept: Vec::new() }
    }

    /// Whether anything is remembered at all.
    pub(super) const fn follows(&self) -> bool {
        self.follows
    }

    /// Takes a message in that is in the clear, and checks the HASH it may have.
    pub(super) fn learn(&mut self, conversation: &Conversation, message: &Message<'_>) -> Option<Checked> {
        let header = &message.header;
        let payloads = message.body.payloads()?;
        if header.phase() != Phase::One || header.message_id != 0 {
            return None;
        }
        let key = conversation.key();
        let is_first = header.responder_cookie == [0; 8];
        if is_first {
            let sa_i = body(payloads, PayloadType::SECURITY_ASSOCIATION)?;
            let ends = conversation.ends();
            let known = self.sas.entry(&key);
            // Sent again it says the same; a cookie used again begins anew.
            if known.is_none_or(|known| known.phase_1.sa_i != sa_i || known.ends != ends) {
                self.sas.remove(&key);
            }
            let phase_1 = Phase1 {
                cookies: Cookies { initiator: header.initiator_cookie, responder: [0; 8] },
                exchange_type: header.exchange_type,
                sa_i: sa_i.to_vec(),
                ..Phase1::default()
            };
            self.sas.entry_or_insert_with(key, || IkeSa::new(ends, phase_1));
        }
        let sa = self.sas.entry_mut(&key)?;
        let role = sa.role(conversation);
        sa.learn(role, header, payloads)?;
        sa.check_in_clear(&self.keys, role, payloads)
    }

    /// Decrypts a message.
    pub(super) fn open(
        &mut self,
        conversation: &Conversation,
        framed: &FramedHeader,
        body: Encrypted<'_>,
        whole: &[u8],
    ) -> Opening {
        if !self.follows {
            return Opening::NoKeys;
        }
        let header = &framed.header;
        let cookies = Cookies { initiator: header.initiator_cookie, responder: header.responder_cookie };
        let given = self.keys.isakmp.iter().filter(|keys| keys.fit(&cookies)).count();
        let Some(sa) = self.sas.entry_mut(&conversation.key()) else {
            return match given {
                0 => Opening::NoKeys,
                _ => Opening::Failed(Reason::IsakmpPhase1),
            };
        };
        sa.encrypted = sa.encrypted.saturating_add(1);
        if given == 0 {
            return Opening::NoKeys;
        }
        let role = sa.role(conversation);
        let mut opening = sa.open(&self.keys, role, conversation.ends(), header, body, whole);
        if let Opening::Opened(opened) = &mut opening {
            opened.children.truncate(self.children_left);
            self.children_left = self.children_left.saturating_sub(opened.children.len());
            if self.keeps {
                self.kept.extend_from_slice(&opened.children);
            }
        }
        opening
    }

    /// The children whose keys were made, where they are kept.
    pub(crate) fn kept(&self) -> &[AssociationRow] {
        &self.kept
    }

    /// The SAs, the oldest first.
    pub(crate) fn associations(&self) -> impl Iterator<Item = IsakmpAssociation<'_>> {
        self.sas.values().map(|sa| IsakmpAssociation { sa })
    }
}

/// An ISAKMP SA that was seen: what it negotiated, and whether there were keys for it.
#[derive(Clone, Copy, Debug)]
pub struct IsakmpAssociation<'d> {
    sa: &'d IkeSa,
}

impl<'d> IsakmpAssociation<'d> {
    /// Both cookies; the responder's is zero when it has not answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.sa.phase_1.cookies
    }

    /// The initiator's address, and the responder's.
    #[must_use]
    pub const fn ends(&self) -> (Option<IpAddr>, Option<IpAddr>) {
        self.sa.ends
    }

    /// Main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.sa.phase_1.exchange_type
    }

    /// What the responder chose.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.sa.phase_1.offer
    }

    /// How many of its messages were encrypted, and how many of them were decrypted.
    #[must_use]
    pub const fn message_counts(&self) -> (u64, u64) {
        (self.sa.encrypted, self.sa.decrypted)
    }

    /// An aggressive mode exchange with a pre-shared key, whose key can be tried for: see
    /// [`ikev1::aggressive_mode`] for why that is.
    #[must_use]
    pub fn aggressive_mode(&self) -> Option<AggressiveMode<'d>> {
        let phase_1 = &self.sa.phase_1;
        let offer = phase_1.offer.as_ref()?;
        let method = offer.authentication_method.unwrap_or_default();
        let is_whole = phase_1.exchange_type == ExchangeType::AGGRESSIVE
            && material::kind(method) == material::Kind::PreSharedKey
            && !phase_1.responder.hash.is_empty()
            && !phase_1.initiator.nonce.is_empty();
        is_whole.then_some(AggressiveMode {
            hash_algorithm: offer.hash().ok()?,
            nonces: phase_1.nonces(),
            authentication: phase_1.authentication(),
            id_ir: &phase_1.responder.identification,
            hash_r: &phase_1.responder.hash,
        })
    }

    /// The keys that its messages were decrypted with: secrets, to be given out only where they are asked for.
    #[must_use]
    pub fn keys(&self) -> Option<IsakmpKeys> {
        let material = self.sa.materials.as_ref()?.first().filter(|_| self.sa.fitted)?;
        let octets = |secret: Secret<'_>| zeroize::Zeroizing::new(secret.expose().to_vec());
        let of = |skeyid: &Option<ikev1::Skeyid>| skeyid.as_ref().map(|skeyid| octets(skeyid.secret()));
        let Cookies { initiator, responder } = self.cookies();
        Some(IsakmpKeys {
            initiator_cookie: Some(initiator),
            responder_cookie: Some(responder),
            skeyid: of(&material.skeyid),
            skeyid_d: of(&material.skeyid_d),
            skeyid_a: of(&material.skeyid_a),
            skeyid_e: of(&material.skeyid_e),
            encryption_key: Some(octets(material.key.secret())),
            ..IsakmpKeys::default()
        })
    }
}

/// The body of the first payload of a type.
fn body<'a>(payloads: &Payloads<'a>, payload_type: PayloadType) -> Option<&'a [u8]> {
    payloads.iter().find(|element| element.header.payload_type == payload_type).map(|found| found.value)
}

impl IkeSa {
    fn new(ends: (Option<IpAddr>, Option<IpAddr>), phase_1: Phase1) -> Self {
        Self {
            ends,
            phase_1,
            materials: None,
            fitted: false,
            chain: Chain::default(),
            exchanges: Bounded::new(EXCHANGES),
            encrypted: 0,
            decrypted: 0,
        }
    }

    fn role(&self, conversation: &Conversation) -> Role {
        if conversation.ends().0 == self.ends.0 { Role::Initiator } else { Role::Responder }
    }

    /// Takes in what one side says; nothing where it says too much to be remembered.
    fn learn(&mut self, role: Role, header: &Header, payloads: &Payloads<'_>) -> Option<()> {
        if payloads.octets().len() > LONGEST {
            return None;
        }
        if header.responder_cookie != [0; 8] && self.phase_1.cookies.responder != header.responder_cookie {
            // What comes from another responder is another negotiation's.
            self.phase_1.cookies.responder = header.responder_cookie;
            self.phase_1.responder = Side::default();
            self.materials = None;
        }
        for element in payloads {
            let side = self.phase_1.side_mut(role);
            let place = match element.header.payload_type {
                PayloadType::KEY_EXCHANGE => &mut side.key_exchange,
                PayloadType::NONCE => &mut side.nonce,
                PayloadType::IDENTIFICATION => &mut side.identification,
                PayloadType::HASH => &mut side.hash,
                PayloadType::SECURITY_ASSOCIATION if role == Role::Responder => {
                    let chosen = SecurityAssociation::from_element(&element).ok();
                    let offer = chosen.and_then(|chosen| first_offer(&chosen));
                    if offer != self.phase_1.offer {
                        self.phase_1.offer = offer;
                        self.materials = None;
                    }
                    continue;
                }
                _ => continue,
            };
            if place != element.value {
                element.value.clone_into(place);
                self.materials = None;
            }
        }
        Some(())
    }

    /// The sets of keys there are, once there are any.
    fn materials(&mut self, keys: &Keys) -> &mut Vec<Arc<Material>> {
        let phase_1 = &self.phase_1;
        self.materials.get_or_insert_with(|| material::all(keys, phase_1))
    }

    /// Aggressive mode says its hashes in the clear.
    fn check_in_clear(&mut self, keys: &Keys, role: Role, payloads: &Payloads<'_>) -> Option<Checked> {
        let hash = body(payloads, PayloadType::HASH)?;
        let materials = self.materials(keys).clone();
        let checked = materials.iter().filter_map(|material| self.check_phase_1(material, role, hash));
        // Of several sets of keys the one that fits counts.
        checked.reduce(|one, other| if one.is_right { one } else { other })
    }

    /// `HASH_I` or `HASH_R`, where SKEYID is known and all that it covers was seen.
    fn check_phase_1(&self, material: &Material, role: Role, hash: &[u8]) -> Option<Checked> {
        let skeyid = material.skeyid.as_ref()?;
        let authentication = self.phase_1.authentication();
        let id = &self.phase_1.side(role).identification;
        if id.is_empty() || authentication.g_xi.is_empty() || authentication.g_xr.is_empty() {
            return None;
        }
        Some(match role {
            Role::Initiator => Checked::of("HASH_I", authentication.verify_hash_i(skeyid, id, hash)),
            Role::Responder => Checked::of("HASH_R", authentication.verify_hash_r(skeyid, id, hash)),
        })
    }

    fn open(
        &mut self,
        keys: &Keys,
        role: Role,
        ends: (Option<IpAddr>, Option<IpAddr>),
        header: &Header,
        encrypted: Encrypted<'_>,
        whole: &[u8],
    ) -> Opening {
        let Some(first) = self.phase_1.first_iv() else { return Opening::Failed(Reason::IsakmpPhase1) };
        let materials = self.materials(keys).clone();
        let Some(any) = materials.first() else { return Opening::Failed(Reason::IsakmpNoKey) };
        let ciphertext = encrypted.octets;
        if ciphertext.is_empty() || any.key.padded_len(ciphertext.len()) != ciphertext.len() {
            let mut octets = ciphertext.to_vec();
            return match any.key.decrypt(&first, &mut octets) {
                Err(error) => Opening::Failed(error.into()),
                Ok(_) => Opening::Failed(Reason::IsakmpNoKey),
            };
        }
        let firsts = self.firsts(header, first);
        let candidates = match header.message_id {
            0 => self.chain.candidates(&firsts, ciphertext),
            id => match self.exchanges.entry(&id) {
                Some(exchange) => exchange.chain.candidates(&firsts, ciphertext),
                None => Chain::default().candidates(&firsts, ciphertext),
            },
        };
        let found = self.try_all(&materials, &candidates, role, header, encrypted);
        let candidate = found.as_ref().map(|found| found.candidate);
        let chain = match header.message_id {
            0 => &mut self.chain,
            id => &mut self.exchanges.entry_or_insert_with(id, Exchange::default).chain,
        };
        chain.take(candidate, first, ciphertext);
        let Some(found) = found else {
            return Opening::Failed(Reason::IsakmpKeys { keys: materials.len() });
        };
        self.decrypted = self.decrypted.saturating_add(1);
        self.fit(found.material_at);
        let children = self.take_in(&found, role, ends, header, encrypted.next_payload);
        let mut plain = whole.get(..FramedHeader::LEN).unwrap_or_default().to_vec();
        plain.extend_from_slice(&found.plain);
        Opening::Opened(Box::new(Opened {
            plain,
            hash: found.hash,
            children,
            iv: found.candidate.iv,
            material: found.material,
        }))
    }

    /// The vectors that a first message of its exchange may have: after the last message of phase 1, or one before that.
    fn firsts(&self, header: &Header, first: Iv) -> Vec<Iv> {
        if header.message_id == 0 {
            return vec![first];
        }
        let hash = self.phase_1.offer.as_ref().and_then(|offer| offer.hash().ok());
        let Some(hash) = hash else { return Vec::new() };
        self.chain.lasts().chain([first]).map(|last| last.exchange(hash, header.message_id)).collect()
    }

    /// Decrypts with every key and vector until payloads come out that make sense, best with a HASH that is right.
    fn try_all(
        &self,
        materials: &[Arc<Material>],
        candidates: &[Candidate],
        role: Role,
        header: &Header,
        encrypted: Encrypted<'_>,
    ) -> Option<Found> {
        let mut best: Option<Found> = None;
        for (material_at, material) in materials.iter().enumerate() {
            for candidate in candidates {
                let mut plain = encrypted.octets.to_vec();
                if material.key.decrypt(&candidate.iv, &mut plain).is_err() {
                    continue;
                }
                let Some(payloads) = sensible(&plain, encrypted.next_payload) else { continue };
                let hash = self.check(material, *candidate, role, header, &payloads);
                let is_right = hash.is_none_or(|hash| hash.is_right);
                let is_better = is_right || best.is_none();
                let is_sure = hash.is_some_and(|hash| hash.is_right);
                if is_better {
                    let material = Arc::clone(material);
                    best = Some(Found { plain, hash, candidate: *candidate, material, material_at });
                }
                if is_sure {
                    return best;
                }
            }
        }
        best
    }

    /// Checks the HASH that a decrypted message has.
    fn check(
        &self,
        material: &Material,
        candidate: Candidate,
        role: Role,
        header: &Header,
        payloads: &Payloads<'_>,
    ) -> Option<Checked> {
        if header.phase() == Phase::One {
            let hash = body(payloads, PayloadType::HASH)?;
            let own = body(payloads, PayloadType::IDENTIFICATION);
            let Some(id) = own else { return self.check_phase_1(material, role, hash) };
            let skeyid = material.skeyid.as_ref()?;
            let authentication = self.phase_1.authentication();
            return Some(match role {
                Role::Initiator => Checked::of("HASH_I", authentication.verify_hash_i(skeyid, id, hash)),
                Role::Responder => Checked::of("HASH_R", authentication.verify_hash_r(skeyid, id, hash)),
            });
        }
        let skeyid_a = material.skeyid_a.as_ref()?;
        let check = |name, covered: Covered<'_>| {
            let result = covered.check(skeyid_a, header.message_id, payloads);
            Checked { name, is_right: result.is_ok() }
        };
        if header.exchange_type != ExchangeType::QUICK_MODE {
            return Some(check("HASH(1)", Covered::Payloads));
        }
        let exchange = self.exchanges.entry(&header.message_id);
        let quick_mode = exchange.map(|exchange| &exchange.quick_mode);
        let (name, covered) = QuickModeMessages::covered(quick_mode, candidate.position)?;
        Some(check(name, covered))
    }

    /// Puts the set of keys that fitted in front.
    fn fit(&mut self, at: usize) {
        self.fitted = true;
        if let Some(materials) = &mut self.materials
            && at < materials.len()
        {
            let material = materials.remove(at);
            materials.insert(0, material);
        }
    }

    /// Remembers what later messages need of this one, and makes the keys of the children it completes.
    fn take_in(
        &mut self,
        found: &Found,
        role: Role,
        ends: (Option<IpAddr>, Option<IpAddr>),
        header: &Header,
        next_payload: PayloadType,
    ) -> Vec<AssociationRow> {
        let is_wrong = found.hash.is_some_and(|hash| !hash.is_right);
        let Some(payloads) = sensible(&found.plain, next_payload).filter(|_| !is_wrong) else {
            return Vec::new();
        };
        if header.phase() == Phase::One {
            if let Some(id) = body(&payloads, PayloadType::IDENTIFICATION) {
                id.clone_into(&mut self.phase_1.side_mut(role).identification);
            }
            return Vec::new();
        }
        if header.exchange_type != ExchangeType::QUICK_MODE || found.candidate.is_repeated {
            return Vec::new();
        }
        let Some(exchange) = self.exchanges.entry_mut(&header.message_id) else { return Vec::new() };
        exchange.quick_mode.take(found.candidate.position, &payloads);
        match (&found.material.skeyid_d, found.candidate.position) {
            (Some(skeyid_d), 1) => children::rows(skeyid_d, &exchange.quick_mode, ends),
            _ => Vec::new(),
        }
    }
}

/// A message that came out of decryption.
struct Found {
    plain: Vec<u8>,
    hash: Option<Checked>,
    candidate: Candidate,
    material: Arc<Material>,
    material_at: usize,
}

/// The payloads of a body, where it has any and all of them are framed and have a reserved octet of zero: with the wrong key,
/// or the wrong vector, one in two hundred and fifty-six has, and hardly one of the lengths fits.
fn sensible(plain: &[u8], next_payload: PayloadType) -> Option<Payloads<'_>> {
    let framing = PayloadFraming::first(next_payload);
    let payloads = Payloads::parse(plain, FramedHeader::LEN, framing).ok()?;
    let all = payloads.iter().all(|element| element.header.reserved == 0);
    (all && !payloads.is_empty()).then_some(payloads)
}

/// What the one transform of a responder's choice says.
fn first_offer(association: &SecurityAssociation<'_>) -> Option<Offer> {
    let (_, proposal) = association.decode_proposals().next()?;
    let (_, transform) = proposal.ok()?.decode_transforms().next()?;
    Some(Offer::from_transform(&transform.ok()?))
}
