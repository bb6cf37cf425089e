//! The transcript of phase 1: main mode and aggressive mode, RFC 2409 sections 5.1 to 5.4.

mod hash;
mod messages;

use alloc::vec::Vec;

use isakmp::payload::security_association::SecurityAssociation;
use isakmp::{ExchangeType, PayloadType, Role};

pub use hash::Phase1HashError;

use super::{IncompleteExchange, Side};
use crate::proposal::isakmp::Offer;
use crate::{Authentication, AuthenticationKind, Cookies, Iv, Nonces};

/// The values that both sides sent in phase 1, as far as keys come from them or a HASH covers them.
///
/// An endpoint calls [`begin`](Self::begin) for the first message and [`extend`](Self::extend) for every later one,
/// its own messages and its peer's, before they are encrypted and after they are decrypted. An observer calls
/// [`observe_first`](Self::observe_first) and [`observe`](Self::observe) instead.
///
/// This is main mode with a pre-shared key, all six messages. The endpoint gives every message to the transcript, its own as
/// well as its peer's. The feature `dh` makes public values and the shared secret; here they are invented.
///
/// ```
/// use vpnwire_ikev1::isakmp::doi::{IsakmpTransformId, ProtocolId, oakley};
/// use vpnwire_ikev1::isakmp::payload::identification::{Identification, Identity};
/// use vpnwire_ikev1::isakmp::payload::key_exchange::KeyExchange;
/// use vpnwire_ikev1::isakmp::payload::nonce::Nonce;
/// use vpnwire_ikev1::isakmp::payload::proposal::Proposal;
/// use vpnwire_ikev1::isakmp::payload::security_association::SecurityAssociation;
/// use vpnwire_ikev1::isakmp::payload::transform::Transform;
/// use vpnwire_ikev1::isakmp::{Attribute, Body, Emit, ExchangeType, Header, Message, Payload, Role};
/// use vpnwire_ikev1::transcript::{IvChain, Phase1};
/// use vpnwire_ikev1::{MessageHash, Protection, Secret, Skeyid, SkeyidFamily};
///
/// type Error = Box<dyn std::error::Error>;
///
/// /// Writes one of the messages 2 to 4, reads it again, and gives it to the transcript.
/// fn say(phase_1: &mut Phase1, sender: Role, header: Header, payloads: &[Payload<'_>]) -> Result<Vec<u8>, Error> {
///     let message = Message { header, body: Body::Payloads(payloads.into()), trailing: &[] };
///     let octets = message.to_vec()?;
///     let read = Message::parse(&octets)?;
///     phase_1.extend(sender, read.body.payloads().ok_or("these payloads are in the clear")?)?;
///     Ok(octets)
/// }
///
/// /// Seals message 5 or 6, opens it as the peer does, and gives it to the transcript.
/// fn say_sealed(
///     phase_1: &mut Phase1,
///     protection: &Protection,
///     chain: &mut IvChain,
///     sender: Role,
///     message: &Message<'_>,
/// ) -> Result<Vec<u8>, Error> {
///     // HASH_I or HASH_R. The identity that it covers is in the message itself.
///     let hash = MessageHash::Phase1 { sender, authentication: phase_1.authentication()?, identification: None };
///     let mut theirs = *chain;
///     let mut buffer = vec![0; protection.sealed_len(message)];
///     let sent = protection.seal(chain, message, &hash, &mut buffer)?.to_vec();
///     let opened = protection.open(&mut theirs, &hash, &mut buffer)?;
///     phase_1.extend(sender, opened.message.body.payloads().ok_or("an opened message has payloads")?)?;
///     Ok(sent)
/// }
///
/// let attributes = [
///     Attribute::basic(oakley::AttributeType::ENCRYPTION_ALGORITHM, oakley::EncryptionAlgorithm::AES_CBC),
///     Attribute::basic(oakley::AttributeType::KEY_LENGTH, 128u16),
///     Attribute::basic(oakley::AttributeType::HASH_ALGORITHM, oakley::HashAlgorithm::SHA),
///     Attribute::basic(oakley::AttributeType::GROUP_DESCRIPTION, oakley::GroupDescription::MODP_1024),
///     Attribute::basic(oakley::AttributeType::AUTHENTICATION_METHOD, oakley::AuthenticationMethod::PRE_SHARED_KEY),
/// ];
/// let transform_id = IsakmpTransformId::KEY_IKE.into();
/// let transforms = [Transform { transform_number: 1, transform_id, reserved: 0, attributes: (&attributes).into() }.into()];
/// let proposals = [Proposal {
///     proposal_number: 1,
///     protocol_id: ProtocolId::ISAKMP,
///     transforms: (&transforms).into(),
///     ..Proposal::default()
/// }
/// .into()];
/// let association = SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
///
/// // Message 1 has the offer, and begins the transcript. The responder's cookie is zero in it.
/// let exchange_type = ExchangeType::IDENTITY_PROTECTION;
/// let first = Header { initiator_cookie: [1; 8], exchange_type, ..Header::default() };
/// let payloads = [association.clone().into()];
/// let octets = Message { header: first, body: Body::Payloads((&payloads).into()), trailing: &[] }.to_vec()?;
/// let read = Message::parse(&octets)?;
/// let phase_1 = Phase1::begin(&read.header, read.body.payloads().ok_or("these payloads are in the clear")?)?;
///
/// // Message 2 has the choice, and the responder's cookie. `answer` takes the cookie, from the header.
/// let header = Header { responder_cookie: [2; 8], ..first };
/// let mut phase_1 = phase_1.answer(header.responder_cookie);
/// say(&mut phase_1, Role::Responder, header, &[association.into()])?;
///
/// // The messages 3 and 4 have the public values and the nonces.
/// for (sender, public_value, nonce) in [(Role::Initiator, [5; 128], [3; 16]), (Role::Responder, [6; 128], [4; 16])] {
///     let key_exchange = KeyExchange { key_exchange_data: &public_value };
///     say(&mut phase_1, sender, header, &[key_exchange.into(), Nonce { nonce_data: &nonce }.into()])?;
/// }
///
/// // Now both sides have the keys.
/// let offer = phase_1.offer().ok_or("the responder has chosen")?;
/// let (hash_algorithm, cipher) = (offer.hash()?, offer.cipher()?);
/// let skeyid = Skeyid::pre_shared_key(hash_algorithm, Secret::new(b"cisco123"), &phase_1.nonces()?)?;
/// let keys = SkeyidFamily::derive(skeyid, Secret::new(&[7; 128]), &phase_1.cookies())?;
/// let protection = Protection::new(keys, cipher, phase_1.cookies())?;
/// let mut chain = IvChain::phase_1(hash_algorithm, cipher, &phase_1.authentication()?);
///
/// // The messages 5 and 6 have the identities and the HASHes, and are encrypted.
/// for (sender, address) in [(Role::Initiator, [10, 0, 0, 1]), (Role::Responder, [10, 0, 0, 2])] {
///     let identity = Identity::Ipv4Address(address.into());
///     let payloads = [Identification { protocol_id: 17, port: 500, identity }.into()];
///     let message = Message { header, body: Body::Payloads((&payloads).into()), trailing: &[] };
///     let sent = say_sealed(&mut phase_1, &protection, &mut chain, sender, &message)?;
///     // The header, an identification of 12 octets and a HASH of 24, padded to whole blocks.
///     assert_eq!(sent.len(), 28 + 48);
/// }
///
/// // The chains of quick modes begin at the end of this one.
/// let quick_mode = chain.exchange(7)?;
/// assert_eq!((chain.message_id(), quick_mode.message_id()), (0, 7));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phase1 {
    cookies: Cookies,
    exchange_type: ExchangeType,
    sa_i: Vec<u8>,
    offer: Option<Offer>,
    initiator: Side,
    responder: Side,
}

impl Phase1 {
    /// Returns both cookies. The responder's cookie is zero until it has answered.
    #[must_use]
    pub const fn cookies(&self) -> Cookies {
        self.cookies
    }

    /// Returns the exchange type: main mode or aggressive mode.
    #[must_use]
    pub const fn exchange_type(&self) -> ExchangeType {
        self.exchange_type
    }

    /// Returns the responder's choice, which is the first transform of its first proposal. `None` until it has
    /// answered.
    #[must_use]
    pub const fn offer(&self) -> Option<Offer> {
        self.offer
    }

    /// Returns what one side has sent.
    #[must_use]
    pub const fn side(&self, role: Role) -> &Side {
        match role {
            Role::Initiator => &self.initiator,
            Role::Responder => &self.responder,
        }
    }

    const fn side_mut(&mut self, role: Role) -> &mut Side {
        match role {
            Role::Initiator => &mut self.initiator,
            Role::Responder => &mut self.responder,
        }
    }

    /// Returns the body that one side has sent.
    fn said(&self, role: Role, payload_type: PayloadType) -> Result<&[u8], IncompleteExchange> {
        self.side(role).said(payload_type).ok_or(IncompleteExchange::new(payload_type, role))
    }

    /// Returns both nonces, from which SKEYID comes.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when one side has not sent its nonce.
    pub fn nonces(&self) -> Result<Nonces<'_>, IncompleteExchange> {
        Ok(Nonces {
            initiator: self.said(Role::Initiator, PayloadType::NONCE)?,
            responder: self.said(Role::Responder, PayloadType::NONCE)?,
        })
    }

    /// Returns everything that `HASH_I` and `HASH_R` cover, except the identities. The vectors of phase 1 begin with
    /// it too.
    ///
    /// # Errors
    /// Returns [`IncompleteExchange`] when a value was not sent yet.
    pub fn authentication(&self) -> Result<Authentication<'_>, IncompleteExchange> {
        let sa_i = match self.sa_i.as_slice() {
            [] => {
                let payload_type = PayloadType::SECURITY_ASSOCIATION;
                return Err(IncompleteExchange::new(payload_type, Role::Initiator));
            }
            sa_i => sa_i,
        };
        Ok(Authentication {
            g_xi: self.said(Role::Initiator, PayloadType::KEY_EXCHANGE)?,
            g_xr: self.said(Role::Responder, PayloadType::KEY_EXCHANGE)?,
            cookies: self.cookies,
            sa_i,
        })
    }

    /// Returns the vector of the first encrypted message of phase 1. `None` until both public values were sent and
    /// the responder has chosen a cipher and a hash function that this crate knows.
    #[must_use]
    pub fn first_iv(&self) -> Option<Iv> {
        let offer = self.offer.as_ref()?;
        let (hash, cipher) = (offer.hash().ok()?, offer.cipher().ok()?);
        let g_xi = self.initiator.said(PayloadType::KEY_EXCHANGE)?;
        let g_xr = self.responder.said(PayloadType::KEY_EXCHANGE)?;
        Some(Iv::phase_1(hash, cipher, g_xi, g_xr))
    }

    /// Tells whether identities and nonces are encrypted with public keys (RFC 2409 section 5.2). A HASH then covers
    /// values that no observer sees.
    #[must_use]
    pub fn has_encrypted_identities(&self) -> bool {
        let method = self.offer.as_ref().and_then(|offer| offer.authentication_method);
        method.is_some_and(|method| AuthenticationKind::of(method) == AuthenticationKind::PublicKeyEncryption)
    }

    /// Tells whether a pre-shared key authenticates. Before the responder has chosen, any of the offers is enough.
    #[must_use]
    pub fn has_pre_shared_key(&self) -> bool {
        let is_one = |offer: &Offer| {
            // default: an offer that names no method counts as number 0, which no method has
            let method = offer.authentication_method.unwrap_or_default();
            AuthenticationKind::of(method) == AuthenticationKind::PreSharedKey
        };
        match &self.offer {
            Some(offer) => is_one(offer),
            None => SecurityAssociation::parse_body(&self.sa_i).is_ok_and(|offered| {
                let proposals = offered.proposals.iter().filter_map(|proposal| proposal.decoded().ok());
                proposals
                    .flat_map(|proposal| proposal.transforms.iter())
                    .filter_map(|transform| transform.decoded().ok())
                    .any(|transform| is_one(&Offer::from_transform(&transform)))
            }),
        }
    }

    /// Returns how many octets of memory the transcript takes, with everything that it owns.
    #[must_use]
    pub const fn octet_count(&self) -> usize {
        let sides = self.initiator.octet_count().saturating_add(self.responder.octet_count());
        self.sa_i.len().saturating_add(sides).saturating_add(size_of::<Self>())
    }
}

#[cfg(test)]
mod tests;
