//! What came of an ISAKMP SA, for a caller of the dissector that asks for it.

use std::net::IpAddr;

use ikev1::proposal::isakmp::Offer;
use ikev1::transcript::{IncompleteExchange, Phase1};
use ikev1::{AggressiveMode, Cookies, Secret, Skeyid};
use isakmp::ExchangeType;

use super::ends::Ends;
use super::sa::IkeSa;
use keys::IsakmpKeys;

/// An ISAKMP SA that was seen: what it negotiated, and whether there were keys for it.
#[derive(Clone, Copy, Debug)]
pub struct IsakmpAssociation<'d> {
    pub(super) ends: Ends,
    pub(super) phase_1: &'d Phase1,
    // Nothing when the responder has not answered.
    pub(super) sa: Option<&'d IkeSa>,
}

impl<'d> IsakmpAssociation<'d> {
    /// Both cookies; the responder's is zero when it has not answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.phase_1.cookies()
    }

    /// The initiator's address, and the responder's.
    #[must_use]
    pub const fn ends(&self) -> (Option<IpAddr>, Option<IpAddr>) {
        self.ends.addresses
    }

    /// Main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.phase_1.exchange_type()
    }

    /// What the responder chose.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.phase_1.offer()
    }

    /// How many of its messages were encrypted, and how many of them were decrypted; one whose HASH is wrong was not.
    #[must_use]
    pub fn message_counts(&self) -> (u64, u64) {
        self.sa.map_or((0, 0), |sa| (sa.encrypted, sa.decrypted))
    }

    /// How many of its quick modes had a key exchange of their own (perfect forward secrecy, RFC 2409 section 5.5). The keys of
    /// their SAs come from the secret of that exchange too, which is in none of the keys that are given.
    #[must_use]
    pub fn quick_modes_without_secret(&self) -> u64 {
        self.sa.map_or(0, |sa| sa.without_secret)
    }

    /// An aggressive mode exchange with a pre-shared key, whose key can be tried for: see [`AggressiveMode`] for why that is.
    /// Nothing where it is another exchange, or has a hash function that is not known here.
    ///
    /// # Errors
    /// When not all of it was seen, inside the option: a key that was tried on less would be told wrong though it is right.
    #[must_use]
    pub fn aggressive_mode(&self) -> Option<Result<AggressiveMode<'d>, IncompleteExchange>> {
        self.phase_1.aggressive_mode()
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
