//! What came of an ISAKMP SA, for a caller of the dissector that asks for it.

use std::net::IpAddr;

use ikev1::proposal::isakmp::Offer;
use ikev1::{AggressiveMode, Cookies, Secret, Skeyid};
use isakmp::{ExchangeType, PayloadType, Role};

use super::ends::Ends;
use super::phase_1::Phase1;
use super::sa::IkeSa;
use crate::keys::IsakmpKeys;

/// An ISAKMP SA that was seen: what it negotiated, and whether there were keys for it.
#[derive(Clone, Copy, Debug)]
pub struct IsakmpAssociation<'d> {
    pub(super) ends: Ends,
    pub(super) phase_1: &'d Phase1,
    // Nothing when the responder has not answered.
    pub(super) sa: Option<&'d IkeSa>,
}

/// An aggressive mode of which not all was seen that a pre-shared key is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the exchange is incomplete: no {payload_type} of the {}", match .role {
    Role::Initiator => "initiator",
    Role::Responder => "responder",
})]
#[non_exhaustive]
pub struct IncompleteExchange {
    /// The first payload that is missing.
    pub payload_type: PayloadType,
    /// Whose it is.
    pub role: Role,
}

impl<'d> IsakmpAssociation<'d> {
    /// Both cookies; the responder's is zero when it has not answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.phase_1.cookies
    }

    /// The initiator's address, and the responder's.
    #[must_use]
    pub const fn ends(&self) -> (Option<IpAddr>, Option<IpAddr>) {
        self.ends.addresses
    }

    /// Main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.phase_1.exchange_type
    }

    /// What the responder chose.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.phase_1.offer
    }

    /// How many of its messages were encrypted, and how many of them were decrypted; one whose HASH is wrong was not.
    #[must_use]
    pub fn message_counts(&self) -> (u64, u64) {
        self.sa.map_or((0, 0), |sa| (sa.encrypted, sa.decrypted))
    }

    /// An aggressive mode exchange with a pre-shared key, whose key can be tried for: see
    /// [`ikev1::aggressive_mode`] for why that is. Nothing where it is another exchange, or has a hash function that is not
    /// known here.
    ///
    /// # Errors
    /// When not all of it was seen, inside the option: a key that was tried on less would be told wrong though it is right.
    #[must_use]
    pub fn aggressive_mode(&self) -> Option<Result<AggressiveMode<'d>, IncompleteExchange>> {
        let phase_1 = self.phase_1;
        if phase_1.exchange_type != ExchangeType::AGGRESSIVE || !phase_1.has_pre_shared_key() {
            return None;
        }
        let missing = |payload_type, role| Some(Err(IncompleteExchange { payload_type, role }));
        let Some(offer) = &phase_1.offer else {
            return missing(PayloadType::SECURITY_ASSOCIATION, Role::Responder);
        };
        for role in [Role::Initiator, Role::Responder] {
            let side = phase_1.side(role);
            for (payload_type, said) in
                [(PayloadType::KEY_EXCHANGE, &side.key_exchange), (PayloadType::NONCE, &side.nonce)]
            {
                if said.is_empty() {
                    return missing(payload_type, role);
                }
            }
        }
        let responder = &phase_1.responder;
        for (payload_type, said) in
            [(PayloadType::IDENTIFICATION, &responder.identification), (PayloadType::HASH, &responder.hash)]
        {
            if said.is_empty() {
                return missing(payload_type, Role::Responder);
            }
        }
        Some(Ok(AggressiveMode {
            hash_algorithm: offer.hash().ok()?,
            nonces: phase_1.nonces(),
            authentication: phase_1.authentication(),
            id_ir: &responder.identification,
            hash_r: &responder.hash,
        }))
    }

    /// The keys that its messages were decrypted with: secrets, to be given out only where they are asked for.
    #[must_use]
    pub fn keys(&self) -> Option<IsakmpKeys> {
        let material = self.sa?.fitting()?;
        let octets = |secret: Secret<'_>| zeroize::Zeroizing::new(secret.expose().to_vec());
        let of = |skeyid: &Option<Skeyid>| skeyid.as_ref().map(|skeyid| octets(skeyid.secret()));
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
