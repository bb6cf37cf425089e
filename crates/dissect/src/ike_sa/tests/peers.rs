//! Two peers that negotiate, and a listener.

use std::net::{IpAddr, Ipv4Addr};

use ikev1::transcript::IvChain;
use ikev1::{
    Authentication, Cipher, Cookies, Covered, EncryptionKey, HashAlgorithm, Iv, MessageHash, Nonces,
    Protection, Secret, Skeyid, SkeyidFamily,
};
use isakmp::doi::{EspTransformId, IsakmpTransformId, ProtocolId, ipsec, oakley};
use isakmp::payload::hash::Hash;
use isakmp::payload::identification::Identification;
use isakmp::payload::key_exchange::KeyExchange;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::transform::Transform;
use isakmp::{
    Attribute, Body, Emit as _, Encrypted, ExchangeType, Flags, FramedHeader, Header, Message, Nested,
    Payload, PayloadType, Role,
};
use zeroize::Zeroizing;

use super::super::{Checked, IkeSas, Opened, Opening};
use crate::conversation::Conversation;
use crate::packet::Around;
use crate::sink::Reason;
use keys::{IsakmpKeys, Keys, PreSharedKey};

pub(super) const HASH: HashAlgorithm = HashAlgorithm::Sha1;
pub(super) const CIPHER: Cipher = Cipher::Aes128;
pub(super) const PRE_SHARED_KEY: &[u8] = b"vpnwire-test";

/// The values that both peers know. The Diffie-Hellman values are arbitrary, because the listener is given the secret.
#[derive(Clone)]
pub(super) struct Peers {
    pub(super) cookies: Cookies,
    pub(super) exchange_type: ExchangeType,
    pub(super) group: oakley::GroupDescription,
    // The address and the port of each peer, for the packets of phase 1.
    pub(super) initiator: (IpAddr, u16),
    pub(super) responder: (IpAddr, u16),
    pub(super) g_xi: Vec<u8>,
    pub(super) g_xr: Vec<u8>,
    pub(super) nonce_i: Vec<u8>,
    pub(super) nonce_r: Vec<u8>,
    pub(super) secret: Vec<u8>,
    // How often the transform is offered. This makes offers of any length.
    pub(super) transforms: u8,
}

/// A message and its sender.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) from_initiator: bool,
    pub(super) octets: Vec<u8>,
}

impl Sent {
    /// Returns the same octets under another message id.
    pub(super) fn under(&self, message_id: u32) -> Self {
        let mut other = self.clone();
        other.octets[20..24].iter_mut().zip(message_id.to_be_bytes()).for_each(|(octet, from)| *octet = from);
        other
    }

    /// Returns a message in the clear without one of its payloads.
    pub(super) fn without(&self, payload_type: PayloadType) -> Self {
        let message = Message::parse(&self.octets).unwrap();
        let others = message.payloads().filter(|payload| payload.payload_type() != payload_type);
        let octets = self::message(&message.header, &others.collect::<Vec<_>>());
        Self { octets, ..*self }
    }
}

pub(super) fn sent(from_initiator: bool, octets: Vec<u8>) -> Sent {
    Sent { from_initiator, octets }
}

/// The result for a message.
#[derive(Debug)]
pub(super) enum Heard {
    Clear(Option<Checked>),
    Encrypted(Opening),
}

impl Heard {
    /// Returns the decrypted message.
    #[track_caller]
    pub(super) fn opened(self) -> Box<Opened> {
        match self {
            Self::Encrypted(Opening::Opened(opened)) => opened,
            other => panic!("not decrypted: {other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn failed(self) -> Reason {
        match self {
            Self::Encrypted(Opening::Failed(reason)) => reason,
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Returns the name of the HASH that was checked, and whether it is right.
    #[track_caller]
    pub(super) fn hash(self) -> Option<(&'static str, bool)> {
        let checked = match self {
            Self::Clear(checked) => checked,
            other => other.opened().hash,
        };
        checked.map(|checked| (checked.name, checked.is_right))
    }
}

impl Default for Peers {
    fn default() -> Self {
        Self {
            cookies: Cookies { initiator: [0x1a; 8], responder: [0x92; 8] },
            exchange_type: ExchangeType::IDENTITY_PROTECTION,
            group: oakley::GroupDescription::MODP_1024,
            initiator: (Ipv4Addr::new(10, 1, 1, 2).into(), 500),
            responder: (Ipv4Addr::new(172, 16, 172, 53).into(), 500),
            g_xi: vec![0xa1; 128],
            g_xr: vec![0xb2; 128],
            nonce_i: vec![0x11; 20],
            nonce_r: vec![0x22; 20],
            secret: vec![0x5c; 128],
            transforms: 1,
        }
    }
}

pub(super) fn message(header: &Header, payloads: &[Payload<'_>]) -> Vec<u8> {
    Message { header: *header, body: Body::Payloads(payloads.into()), trailing: &[] }.to_vec().unwrap()
}

/// Returns a security association of these proposals, as the octets of its body.
fn association(proposals: &[Nested<'_, Proposal<'_>>]) -> Vec<u8> {
    SecurityAssociation { proposals: proposals.into(), ..SecurityAssociation::default() }.to_vec().unwrap()
}

/// Returns an ESP proposal of a quick mode.
#[derive(Clone, Copy)]
pub(super) struct Esp {
    pub(super) number: u8,
    pub(super) spi: u32,
}

/// Returns the body of a security association with these proposals.
fn esp(list: &[Esp]) -> Vec<u8> {
    use ipsec::AttributeType as Type;
    let attributes = [
        Attribute::basic(Type::AUTHENTICATION_ALGORITHM, ipsec::AuthenticationAlgorithm::HMAC_SHA),
        Attribute::basic(Type::KEY_LENGTH, 128u16),
    ];
    let transforms = [Transform {
        transform_number: 1,
        transform_id: EspTransformId::AES_CBC.0,
        reserved: 0,
        attributes: (&attributes).into(),
    }
    .into()];
    let spis: Vec<_> = list.iter().map(|Esp { spi, .. }| spi.to_be_bytes()).collect();
    let proposals: Vec<_> = list
        .iter()
        .zip(&spis)
        .map(|(Esp { number, .. }, spi)| {
            Proposal {
                proposal_number: *number,
                protocol_id: ProtocolId::ESP,
                spi,
                transforms: (&transforms).into(),
                ..Proposal::default()
            }
            .into()
        })
        .collect();
    association(&proposals)
}

/// Returns a body as a payload.
fn offered(association: &[u8]) -> Payload<'_> {
    SecurityAssociation::parse_body(association).unwrap().into()
}

impl Peers {
    pub(super) fn aggressive() -> Self {
        Self { exchange_type: ExchangeType::AGGRESSIVE, ..Self::default() }
    }

    pub(super) fn header(&self) -> Header {
        Header {
            initiator_cookie: self.cookies.initiator,
            responder_cookie: self.cookies.responder,
            version: isakmp::Version::V1_0,
            exchange_type: self.exchange_type,
            flags: Flags::NONE,
            message_id: 0,
        }
    }

    fn nonces(&self) -> Nonces<'_> {
        Nonces { initiator: &self.nonce_i, responder: &self.nonce_r }
    }

    pub(super) fn family(&self) -> SkeyidFamily {
        let skeyid = Skeyid::pre_shared_key(HASH, Secret::new(PRE_SHARED_KEY), &self.nonces()).unwrap();
        SkeyidFamily::derive(skeyid, Secret::new(&self.secret), &self.cookies).unwrap()
    }

    pub(super) fn key(&self) -> EncryptionKey {
        EncryptionKey::derive(CIPHER, &self.family().skeyid_e).unwrap()
    }

    fn protection(&self) -> Protection {
        Protection::new(self.family(), CIPHER, self.cookies).unwrap()
    }

    /// Returns the body of a security association that offers the same transform several times.
    fn offer(&self, transforms: u8) -> Vec<u8> {
        use oakley::AttributeType as Type;
        let attributes = [
            Attribute::basic(Type::ENCRYPTION_ALGORITHM, oakley::EncryptionAlgorithm::AES_CBC),
            Attribute::basic(Type::KEY_LENGTH, 128u16),
            Attribute::basic(Type::HASH_ALGORITHM, oakley::HashAlgorithm::SHA),
            Attribute::basic(Type::GROUP_DESCRIPTION, self.group),
            Attribute::basic(Type::AUTHENTICATION_METHOD, oakley::AuthenticationMethod::PRE_SHARED_KEY),
        ];
        let transforms: Vec<_> = (1..=transforms)
            .map(|transform_number| {
                let (transform_id, attributes) = (IsakmpTransformId::KEY_IKE.0, (&attributes).into());
                Transform { transform_number, transform_id, reserved: 0, attributes }.into()
            })
            .collect();
        let proposal = Proposal {
            proposal_number: 1,
            protocol_id: ProtocolId::ISAKMP,
            transforms: transforms.as_slice().into(),
            ..Proposal::default()
        };
        association(&[proposal.into()])
    }

    fn first_header(&self) -> Header {
        Header { responder_cookie: [0; 8], ..self.header() }
    }

    fn sa_i(&self) -> Vec<u8> {
        self.offer(self.transforms)
    }

    fn authentication<'a>(&'a self, sa_i: &'a [u8]) -> Authentication<'a> {
        Authentication { g_xi: &self.g_xi, g_xr: &self.g_xr, cookies: self.cookies, sa_i }
    }

    /// Returns the body of an identification: `KEY_ID` and a word.
    pub(super) fn identification(from_initiator: bool) -> Vec<u8> {
        let word: &[u8] = if from_initiator { b"one" } else { b"other" };
        [&[11, 0, 0, 0], word].concat()
    }

    /// Returns `HASH_I` or `HASH_R`.
    pub(super) fn hash_of(&self, from_initiator: bool) -> Vec<u8> {
        let (sa_i, skeyid) = (self.sa_i(), self.family().skeyid);
        let (authentication, id) = (self.authentication(&sa_i), Self::identification(from_initiator));
        let hash = match from_initiator {
            true => authentication.hash_i(&skeyid, &id),
            false => authentication.hash_r(&skeyid, &id),
        };
        hash.expose().to_vec()
    }

    /// Returns the public value and the nonce of one side.
    fn values(&self, from_initiator: bool) -> [Payload<'_>; 2] {
        let (key_exchange_data, nonce_data) = match from_initiator {
            true => (&self.g_xi, &self.nonce_i),
            false => (&self.g_xr, &self.nonce_r),
        };
        [KeyExchange { key_exchange_data }.into(), Nonce { nonce_data }.into()]
    }

    /// Returns the four messages of a main mode that are in the clear.
    pub(super) fn in_clear(&self) -> [Sent; 4] {
        let (sa_i, chosen) = (self.sa_i(), self.offer(1));
        [
            sent(true, message(&self.first_header(), &[offered(&sa_i)])),
            sent(false, message(&self.header(), &[offered(&chosen)])),
            sent(true, message(&self.header(), &self.values(true))),
            sent(false, message(&self.header(), &self.values(false))),
        ]
    }

    /// Returns the three messages of an aggressive mode; the last one is in the clear too.
    pub(super) fn of_aggressive_mode(&self) -> [Sent; 3] {
        let ids = [true, false].map(Self::identification);
        let [id_ii, id_ir] = ids.each_ref().map(|id| Identification::parse_body(id).unwrap());
        let (sa_i, chosen) = (self.sa_i(), self.offer(1));
        let [hash_i, hash_r] = [true, false].map(|from_initiator| self.hash_of(from_initiator));
        let ([g_xi, nonce_i], [g_xr, nonce_r]) = (self.values(true), self.values(false));
        let first = message(&self.first_header(), &[offered(&sa_i), g_xi, nonce_i, id_ii.into()]);
        let hash_r = Hash { hash_data: &hash_r }.into();
        let second = message(&self.header(), &[offered(&chosen), g_xr, nonce_r, id_ir.into(), hash_r]);
        let third = message(&self.header(), &[Hash { hash_data: &hash_i }.into()]);
        [sent(true, first), sent(false, second), sent(true, third)]
    }

    pub(super) fn first_iv(&self) -> Iv {
        Iv::phase_1(HASH, CIPHER, &self.g_xi, &self.g_xr)
    }

    /// Returns a message that is encrypted as it is, without a HASH of its own.
    pub(super) fn encrypt(&self, iv: &mut Iv, clear: &[u8]) -> Vec<u8> {
        let framed = FramedHeader::parse_prefix(clear).unwrap().0;
        let (mut body, key) = (clear[28..].to_vec(), self.key());
        body.resize(key.padded_len(body.len()), 0);
        *iv = key.encrypt(iv, &mut body).unwrap();
        let header = Header { flags: Flags::ENCRYPTION, ..framed.header };
        let encrypted = Encrypted { next_payload: framed.next_payload, octets: &body };
        Message { header, body: Body::Encrypted(encrypted), trailing: &[] }.to_vec().unwrap()
    }

    fn seal(
        &self,
        chain: &mut IvChain,
        header: Header,
        payloads: &[Payload<'_>],
        hash: &MessageHash<'_>,
    ) -> Vec<u8> {
        let message = Message { header, body: Body::Payloads(payloads.into()), trailing: &[] };
        let protection = self.protection();
        let mut buffer = vec![0; protection.sealed_len(&message)];
        protection.seal(chain, &message, hash, &mut buffer).unwrap();
        buffer
    }

    /// Returns the two messages of a main mode that are encrypted, and the chain of initialization vectors after them.
    fn authentications(&self) -> ([Sent; 2], IvChain) {
        let sa_i = self.sa_i();
        let authentication = self.authentication(&sa_i);
        let mut chain = IvChain::phase_1(HASH, CIPHER, &authentication);
        let messages = [true, false].map(|from_initiator| {
            let sender = if from_initiator { Role::Initiator } else { Role::Responder };
            let id = Self::identification(from_initiator);
            let payloads = [Identification::parse_body(&id).unwrap().into()];
            let hash = MessageHash::Phase1 { sender, authentication, identification: None };
            sent(from_initiator, self.seal(&mut chain, self.header(), &payloads, &hash))
        });
        (messages, chain)
    }

    /// Returns all six messages of a main mode.
    pub(super) fn main_mode(&self) -> Vec<Sent> {
        self.in_clear().into_iter().chain(self.authentications().0).collect()
    }

    /// Returns the vector from which the initialization vectors of other exchanges are derived.
    fn last(&self) -> IvChain {
        match self.exchange_type {
            ExchangeType::AGGRESSIVE => IvChain::from_last_block(HASH, self.first_iv()),
            _ => self.authentications().1,
        }
    }

    /// Returns the chain of initialization vectors of an exchange after phase 1.
    pub(super) fn exchange(&self, message_id: u32) -> IvChain {
        self.last().exchange(message_id).unwrap()
    }

    /// Returns an informational exchange with a nonce of `len` octets, because it needs some payload.
    pub(super) fn informational(&self, message_id: u32, len: usize) -> Sent {
        let header = Header { exchange_type: ExchangeType::INFORMATIONAL, message_id, ..self.header() };
        let nonce_data = vec![7; len];
        let payloads = [Nonce { nonce_data: &nonce_data }.into()];
        sent(true, self.seal(&mut self.exchange(message_id), header, &payloads, &Covered::Payloads.into()))
    }

    /// Returns the first two messages of a quick mode: the proposals of the initiator, and the choice of the
    /// responder.
    pub(super) fn quick_mode(&self, message_id: u32, proposed: &[Esp], chosen: &[Esp]) -> [Sent; 2] {
        self.quick_mode_with(message_id, proposed, chosen, &[])
    }

    /// The same with more payloads in both messages.
    pub(super) fn quick_mode_with(
        &self,
        message_id: u32,
        proposed: &[Esp],
        chosen: &[Esp],
        more: &[Payload<'_>],
    ) -> [Sent; 2] {
        const NONCE: &[u8] = &[0x33; 20];
        let header = Header { exchange_type: ExchangeType::QUICK_MODE, message_id, ..self.header() };
        let mut chain = self.exchange(message_id);
        [(true, Covered::Payloads, proposed), (false, Covered::InitiatorNonce(NONCE), chosen)].map(
            |(from_initiator, covered, list)| {
                let association = esp(list);
                let payloads = [offered(&association), Nonce { nonce_data: NONCE }.into()];
                let payloads: Vec<_> = payloads.into_iter().chain(more.iter().cloned()).collect();
                sent(from_initiator, self.seal(&mut chain, header, &payloads, &covered.into()))
            },
        )
    }

    /// Returns the Diffie-Hellman secret, which a peer can reveal.
    pub(super) fn secret_alone(&self) -> IsakmpKeys {
        IsakmpKeys { shared_secret: Some(Zeroizing::new(self.secret.clone())), ..IsakmpKeys::default() }
    }

    /// Returns the encryption key alone.
    pub(super) fn encryption_key_alone(&self) -> IsakmpKeys {
        let octets = self.key().secret().expose().to_vec();
        IsakmpKeys { encryption_key: Some(Zeroizing::new(octets)), ..IsakmpKeys::default() }
    }

    /// Returns the encryption key with a `SKEYID_a` and `SKEYID_d` of another SA.
    pub(super) fn with_wrong_skeyid_a(&self) -> IsakmpKeys {
        IsakmpKeys {
            skeyid_a: Some(Zeroizing::new(vec![1; 20])),
            skeyid_d: Some(Zeroizing::new(vec![2; 20])),
            ..self.encryption_key_alone()
        }
    }
}

/// Returns keys of ISAKMP SAs, with the pre-shared key.
pub(super) fn keys(isakmp: Vec<IsakmpKeys>) -> Keys {
    let pre_shared = vec![PreSharedKey { key: Zeroizing::new(PRE_SHARED_KEY.to_vec()) }];
    let mut keys = Keys::default();
    (keys.isakmp, keys.pre_shared) = (isakmp, pre_shared);
    keys
}

/// The listener.
pub(super) struct Listener {
    pub(super) sas: IkeSas,
}

impl Listener {
    pub(super) fn new(isakmp: Vec<IsakmpKeys>) -> Self {
        Self { sas: IkeSas::new(4096, &keys(isakmp), false, true) }
    }

    pub(super) fn without_pre_shared_key(isakmp: Vec<IsakmpKeys>) -> Self {
        let mut keys = Keys::default();
        keys.isakmp = isakmp;
        Self { sas: IkeSas::new(4096, &keys, true, true) }
    }

    pub(super) fn hear(&mut self, peers: &Peers, sent: &Sent) -> Heard {
        let (from, to) = match sent.from_initiator {
            true => (peers.initiator, peers.responder),
            false => (peers.responder, peers.initiator),
        };
        let around =
            Around { network: Some((from.0, to.0)), ports: Some((from.1, to.1)), ..Around::default() };
        let framed = FramedHeader::parse_prefix(&sent.octets).unwrap().0;
        let conversation = Conversation::of(&framed.header, &around);
        let message = Message::parse(&sent.octets).unwrap();
        match message.body {
            Body::Encrypted(body) => {
                Heard::Encrypted(self.sas.open(&conversation, &framed, body, &sent.octets))
            }
            Body::Payloads(_) => Heard::Clear(self.sas.learn(&conversation, &message)),
        }
    }

    /// Takes in messages whose results are not needed.
    pub(super) fn hear_all(&mut self, peers: &Peers, messages: &[Sent]) {
        for message in messages {
            self.hear(peers, message);
        }
    }
}
