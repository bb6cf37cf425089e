//! What phase 1 says in the clear, RFC 2409 section 5.

use core::fmt;

use ikev1::proposal::isakmp::Offer;
use ikev1::{Authentication, Cookies, Iv, Nonces};
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{ExchangeType, Header, PayloadType, Payloads, Role};

use super::weighed::Weight;
use super::{body, material};

/// The longest body of a type that is remembered; a message with a longer one is not taken in. Groups have 1,024 octets at the
/// most, nonces 256 (RFC 2409 section 5), hashes 64; no document bounds offers and identities.
pub(super) const fn longest(payload_type: PayloadType) -> usize {
    match payload_type {
        PayloadType::SECURITY_ASSOCIATION => 16_384,
        PayloadType::KEY_EXCHANGE => 1024,
        PayloadType::NONCE => 256,
        PayloadType::IDENTIFICATION => 2048,
        PayloadType::HASH => 64,
        _ => usize::MAX,
    }
}

/// The types that are remembered.
const REMEMBERED: [PayloadType; 5] = [
    PayloadType::SECURITY_ASSOCIATION,
    PayloadType::KEY_EXCHANGE,
    PayloadType::NONCE,
    PayloadType::IDENTIFICATION,
    PayloadType::HASH,
];

/// What one side has said in phase 1, bodies without their headers. An identity may have been encrypted: `Debug` shows none.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) key_exchange: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) identification: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Side {
    /// Both what keys come from and what does not.
    const fn octets(&self) -> usize {
        self.key_exchange
            .len()
            .saturating_add(self.nonce.len())
            .saturating_add(self.identification.len())
            .saturating_add(self.hash.len())
    }

    fn body(&self, payload_type: PayloadType) -> Option<&[u8]> {
        Some(match payload_type {
            PayloadType::KEY_EXCHANGE => &self.key_exchange,
            PayloadType::NONCE => &self.nonce,
            PayloadType::IDENTIFICATION => &self.identification,
            PayloadType::HASH => &self.hash,
            _ => return None,
        })
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Side({} octets)", self.octets())
    }
}

/// What phase 1 has said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phase1 {
    pub(super) cookies: Cookies,
    pub(super) exchange_type: ExchangeType,
    pub(super) sa_i: Vec<u8>,
    pub(super) offer: Option<Offer>,
    pub(super) initiator: Side,
    pub(super) responder: Side,
}

impl Phase1 {
    /// What the first message says; nothing where it is none, or says too much to be remembered.
    pub(super) fn first(header: &Header, payloads: &Payloads<'_>) -> Option<Self> {
        let sa_i = body(payloads, PayloadType::SECURITY_ASSOCIATION)?;
        if !is_short(payloads) {
            return None;
        }
        let mut phase_1 = Self {
            cookies: Cookies { initiator: header.initiator_cookie, responder: [0; 8] },
            exchange_type: header.exchange_type,
            sa_i: sa_i.to_vec(),
            ..Self::default()
        };
        phase_1.learn(Role::Initiator, payloads);
        Some(phase_1)
    }

    pub(super) const fn side(&self, role: Role) -> &Side {
        match role {
            Role::Initiator => &self.initiator,
            Role::Responder => &self.responder,
        }
    }

    pub(super) const fn side_mut(&mut self, role: Role) -> &mut Side {
        match role {
            Role::Initiator => &mut self.initiator,
            Role::Responder => &mut self.responder,
        }
    }

    /// Takes in what one side says, and tells whether other keys come from it. What is too long is not copied: nothing of the
    /// message is taken in.
    pub(super) fn learn(&mut self, role: Role, payloads: &Payloads<'_>) -> bool {
        if !is_short(payloads) {
            return false;
        }
        let mut is_changed = false;
        let side = self.side_mut(role);
        for (payload_type, place, gives_keys) in [
            (PayloadType::KEY_EXCHANGE, &mut side.key_exchange, true),
            (PayloadType::NONCE, &mut side.nonce, true),
            (PayloadType::IDENTIFICATION, &mut side.identification, false),
            (PayloadType::HASH, &mut side.hash, false),
        ] {
            if let Some(said) = body(payloads, payload_type)
                && place != said
            {
                said.clone_into(place);
                is_changed |= gives_keys;
            }
        }
        if role == Role::Responder
            && let Some(chosen) = body(payloads, PayloadType::SECURITY_ASSOCIATION)
        {
            let offer = SecurityAssociation::parse(chosen).ok().and_then(|chosen| first_offer(&chosen));
            is_changed |= offer != self.offer;
            self.offer = offer;
        }
        is_changed
    }

    /// Whether a message says again what it said before, as far as a HASH covers it or keys come from it.
    pub(super) fn says_again(&self, role: Role, payloads: &Payloads<'_>) -> bool {
        let side = self.side(role);
        [PayloadType::KEY_EXCHANGE, PayloadType::NONCE, PayloadType::IDENTIFICATION].into_iter().all(
            |payload_type| {
                body(payloads, payload_type).is_none_or(|said| side.body(payload_type) == Some(said))
            },
        )
    }

    /// Who sends a message that has a responder's cookie, where neither addresses nor ports tell: an association is the
    /// responder's choice, after it aggressive mode has a message of the initiator's, and in main mode the initiator tells its
    /// public value first.
    pub(super) fn role(&self, payloads: &Payloads<'_>) -> Role {
        let known = &self.initiator.key_exchange;
        let is_responder = body(payloads, PayloadType::SECURITY_ASSOCIATION).is_some()
            || self.exchange_type != ExchangeType::AGGRESSIVE
                && body(payloads, PayloadType::KEY_EXCHANGE)
                    .is_some_and(|said| !known.is_empty() && known != said);
        if is_responder { Role::Responder } else { Role::Initiator }
    }

    pub(super) fn nonces(&self) -> Nonces<'_> {
        Nonces { initiator: &self.initiator.nonce, responder: &self.responder.nonce }
    }

    pub(super) fn authentication(&self) -> Authentication<'_> {
        Authentication {
            g_xi: &self.initiator.key_exchange,
            g_xr: &self.responder.key_exchange,
            cookies: self.cookies,
            sa_i: &self.sa_i,
        }
    }

    /// The vector of the first encrypted message of phase 1.
    pub(super) fn first_iv(&self) -> Option<Iv> {
        let offer = self.offer.as_ref()?;
        let (hash, cipher) = (offer.hash().ok()?, offer.cipher().ok()?);
        let Authentication { g_xi, g_xr, .. } = self.authentication();
        (!g_xi.is_empty() && !g_xr.is_empty()).then(|| Iv::phase_1(hash, cipher, g_xi, g_xr))
    }

    /// Whether identities and nonces are encrypted with public keys, RFC 2409 section 5.2: a HASH covers what nobody sees.
    pub(super) fn has_encrypted_identities(&self) -> bool {
        let method = self.offer.as_ref().and_then(|offer| offer.authentication_method);
        method.is_some_and(|method| material::kind(method) == material::Kind::PublicKeyEncryption)
    }

    /// Whether a pre-shared key authenticates: by the responder's choice, and before there is one by any of the offers.
    pub(super) fn has_pre_shared_key(&self) -> bool {
        let is_one = |offer: &Offer| {
            let method = offer.authentication_method.unwrap_or_default();
            material::kind(method) == material::Kind::PreSharedKey
        };
        match &self.offer {
            Some(offer) => is_one(offer),
            None => SecurityAssociation::parse(&self.sa_i).is_ok_and(|offered| {
                offered
                    .proposals
                    .iter()
                    .filter_map(|proposal| proposal.decoded().ok())
                    .flat_map(|proposal| proposal.transforms.iter())
                    .any(|transform| transform.body().is_some_and(|one| is_one(&Offer::from_transform(one))))
            }),
        }
    }
}

impl Weight for Phase1 {
    fn octets(&self) -> usize {
        let sides = self.initiator.octets().saturating_add(self.responder.octets());
        self.sa_i.len().saturating_add(sides).saturating_add(size_of::<Self>())
    }
}

/// Whether no body is longer than those that are remembered.
fn is_short(payloads: &Payloads<'_>) -> bool {
    payloads.elements().all(|element| {
        let payload_type = element.header.payload_type;
        !REMEMBERED.contains(&payload_type) || element.value.len() <= longest(payload_type)
    })
}

/// What the one transform of a responder's choice says.
fn first_offer(association: &SecurityAssociation<'_>) -> Option<Offer> {
    let proposal = association.proposals.iter().next()?.decoded().ok()?;
    let transform = proposal.transforms.iter().next()?.decoded().ok()?;
    Some(Offer::from_transform(&transform))
}
