//! The results for an ISAKMP SA, for a program that asks the dissector for them.

use std::net::IpAddr;

use ikev1::proposal::isakmp::Offer;
use ikev1::transcript::{IncompleteExchange, Phase1};
use ikev1::{AggressiveMode, Cookies, Secret, Skeyid};
use isakmp::ExchangeType;

use super::ends::Ends;
use super::sa::IkeSa;
use keys::IsakmpKeys;

/// An ISAKMP SA that was seen: what was negotiated, and whether there were keys for it.
#[derive(Clone, Copy, Debug)]
pub struct IsakmpAssociation<'d> {
    pub(super) ends: Ends,
    pub(super) phase_1: &'d Phase1,
    // `None` when the responder has not answered.
    pub(super) sa: Option<&'d IkeSa>,
}

impl<'d> IsakmpAssociation<'d> {
    /// Returns both cookies. The responder's cookie is zero when the responder has not answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.phase_1.cookies()
    }

    /// Returns the address of the initiator and the address of the responder.
    #[must_use]
    pub const fn ends(&self) -> (Option<IpAddr>, Option<IpAddr>) {
        self.ends.addresses
    }

    /// Returns the exchange type of phase 1: main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.phase_1.exchange_type()
    }

    /// Returns the offer that the responder chose; `None` when it was not seen.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.phase_1.offer()
    }

    /// Returns how many messages of the SA were encrypted, and how many of these were decrypted. A message with a
    /// wrong HASH does not count as decrypted.
    #[must_use]
    pub fn message_counts(&self) -> (u64, u64) {
        self.sa.map_or((0, 0), |sa| (sa.encrypted, sa.decrypted))
    }

    /// Returns the number of its quick modes that had a key exchange of their own (perfect forward secrecy, RFC 2409
    /// section 5.5). The keys of their SAs also depend on the secret of that exchange, which no given key contains.
    #[must_use]
    pub fn quick_modes_without_secret(&self) -> u64 {
        self.sa.map_or(0, |sa| sa.without_secret)
    }

    /// Returns the aggressive mode exchange with a pre-shared key, with which a guess of the key can be checked.
    /// [`AggressiveMode`] explains why. `None` when the exchange is another one, or when its hash function is not
    /// supported.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] inside the option when some of the exchange was not seen. A right key would then
    /// be reported as wrong.
    #[must_use]
    pub fn aggressive_mode(&self) -> Option<Result<AggressiveMode<'d>, IncompleteExchange>> {
        self.phase_1.aggressive_mode()
    }

    /// Returns the keys with which messages were decrypted; `None` when no message was. The keys are secrets: show
    /// them only to a user who asked for them.
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
