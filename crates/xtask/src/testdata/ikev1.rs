//! A capture of IKEv1 with known keys: main mode with a pre-shared key, quick mode, the traffic of the SAs, dead peer
//! detection and deletes. It has a log of its keys.

use ::ikev1::dh::{PrivateKey, SharedSecret, group};
use ::ikev1::keymat::Keymat;
use ::ikev1::transcript::{IvChain, Phase1, QuickMode};
use ::ikev1::{Cipher, Covered, HashAlgorithm, MessageHash, Protection, Secret, Skeyid, SkeyidFamily};
use ::ipsec::NextHeader;
use anyhow::{Context, Result};
use isakmp::doi::{Doi, EspTransformId, ProtocolId, ipsec, oakley};
use isakmp::payload::delete::{Delete, Spis};
use isakmp::payload::identification::{Identification, Identity};
use isakmp::payload::key_exchange::KeyExchange;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use isakmp::{Attribute, Body, ExchangeType, Header, Message, Payload, Payloads, Role, vendor};

use super::Frames;
use super::esp::{Sender, ping};
use super::gre::in_ipv4;
use super::isakmp::{
    HEADER, INITIATOR, RESPONDER, association, datagram, message, noise, offered, phase_2, proposal,
    transform, vendor_id,
};

const PRE_SHARED_KEY: &str = "vpnwire-test";
const HASH: HashAlgorithm = HashAlgorithm::Sha1;
/// The SPI that each side chooses for packets to itself.
const INITIATOR_SPI: u32 = 0xe1a2_0304;
const RESPONDER_SPI: u32 = 0xe5f6_0708;

/// The negotiation: the values that both sides know at its end.
struct Negotiation {
    frames: Frames,
    secret: SharedSecret,
    protection: Protection,
    // The keys of the SA on which each side sends.
    initiators: Keymat,
    responders: Keymat,
}

/// Both sides of one exchange, after the keys are known.
struct Exchange<'p> {
    protection: &'p Protection,
    header: Header,
    ours: IvChain,
    theirs: IvChain,
}

impl<'p> Exchange<'p> {
    fn new(protection: &'p Protection, header: Header, chain: IvChain) -> Self {
        Self { protection, header, ours: chain, theirs: chain }
    }

    /// Seals a message, and opens it as the other side does. The payloads are passed to `take`.
    fn message(
        &mut self,
        payloads: &[Payload<'_>],
        hash: &MessageHash<'_>,
        take: impl FnOnce(&Payloads<'_>) -> Result<()>,
    ) -> Result<Vec<u8>> {
        let message = Message { header: self.header, body: Body::Payloads(payloads.into()), trailing: &[] };
        let mut sealed = vec![0; self.protection.sealed_len(&message)];
        self.protection.seal(&mut self.ours, &message, hash, &mut sealed)?;
        let mut received = sealed.clone();
        let opened = self.protection.open(&mut self.theirs, hash, &mut received)?;
        take(opened.message.body.payloads().context("an opened message has payloads")?)?;
        Ok(sealed)
    }
}

/// Adds a message in clear to the transcript of phase 1.
fn said(phase_1: &mut Phase1, role: Role, octets: &[u8]) -> Result<()> {
    let message = Message::parse(octets)?;
    Ok(phase_1.extend(role, message.body.payloads().context("it is in the clear")?)?)
}

const fn role(from_initiator: bool) -> Role {
    if from_initiator { Role::Initiator } else { Role::Responder }
}

fn identification(address: std::net::Ipv4Addr) -> Payload<'static> {
    Identification { protocol_id: 0, port: 0, identity: Identity::Ipv4Address(address) }.into()
}

/// The result of `with` for an offer of ESP.
fn esp_offered<R>(spi: u32, with: impl FnOnce(Payload<'_>) -> R) -> R {
    use ipsec::AttributeType as Type;
    let attributes = [
        Attribute::basic(Type::SA_LIFE_TYPE, oakley::LifeType::SECONDS),
        Attribute::basic(Type::SA_LIFE_DURATION, 3600u16),
        Attribute::basic(Type::ENCAPSULATION_MODE, ipsec::EncapsulationMode::TUNNEL),
        Attribute::basic(Type::AUTHENTICATION_ALGORITHM, ipsec::AuthenticationAlgorithm::HMAC_SHA),
        Attribute::basic(Type::KEY_LENGTH, 128u16),
    ];
    let transforms = [transform(1, EspTransformId::AES_CBC, &attributes)];
    with(association(&[proposal(ProtocolId::ESP, &spi.to_be_bytes(), &transforms)]))
}

fn negotiation() -> Result<Negotiation> {
    let mut frames = Frames::new();
    let mut push = |from_initiator: bool, octets: &[u8]| -> Result<()> {
        let time = frames.len() as u64 * 12_000;
        frames.push((time, datagram(from_initiator, 500, octets)?));
        Ok(())
    };
    // --- Main mode.
    let header = Header { responder_cookie: [0; 8], ..HEADER };
    let dpd = vendor_id(&vendor::DPD_1_0);
    let first = offered(&[256, 128], |offer| message(&header, &[offer, dpd.clone()]))?;
    push(true, &first)?;
    let read = Message::parse(&first)?;
    let opening = Phase1::begin(&read.header, read.body.payloads().context("it is in the clear")?)?;
    let mut phase_1 = opening.answer(HEADER.responder_cookie);
    let second = offered(&[128], |offer| message(&HEADER, &[offer, dpd]))?;
    push(false, &second)?;
    said(&mut phase_1, Role::Responder, &second)?;
    let group = group(oakley::GroupDescription::MODP_1024).context("group 2")?;
    let private = |seed| PrivateKey::from_octets(group, Secret::new(&noise(seed, 32))).context("an exponent");
    let [ours, theirs] = EXPONENTS.map(private);
    let (ours, theirs) = (ours?, theirs?);
    let (g_xi, g_xr) = (ours.public_value(), theirs.public_value());
    for (from_initiator, public, nonce) in [(true, &g_xi, noise(103, 20)), (false, &g_xr, noise(104, 20))] {
        let (public, nonce) = (KeyExchange { key_exchange_data: public }, Nonce { nonce_data: &nonce });
        let octets = message(&HEADER, &[public.into(), nonce.into()])?;
        push(from_initiator, &octets)?;
        said(&mut phase_1, role(from_initiator), &octets)?;
    }
    let secret = ours.shared_secret(&g_xr)?;
    let key = Secret::new(PRE_SHARED_KEY.as_bytes());
    let skeyid = Skeyid::pre_shared_key(HASH, key, &phase_1.nonces()?)?;
    let family = SkeyidFamily::derive(skeyid, secret.secret(), &phase_1.cookies())?;
    let protection = Protection::new(family, Cipher::Aes128, phase_1.cookies())?;
    let authentication = phase_1.authentication()?;
    let chain = IvChain::phase_1(HASH, Cipher::Aes128, &authentication);
    let mut main = Exchange::new(&protection, HEADER, chain);
    for (from_initiator, address) in [(true, INITIATOR), (false, RESPONDER)] {
        let sender = role(from_initiator);
        let hash = MessageHash::Phase1 { sender, authentication, identification: None };
        push(from_initiator, &main.message(&[identification(address)], &hash, |_| Ok(()))?)?;
    }
    // --- Quick mode.
    let last = main.ours;
    let after = |exchange_type, message_id| -> Result<Exchange<'_>> {
        let header = phase_2(exchange_type, message_id);
        Ok(Exchange::new(&protection, header, last.exchange(message_id)?))
    };
    let mut quick = after(ExchangeType::QUICK_MODE, 0x8f20_4988)?;
    let mut quick_mode = QuickMode::new();
    for (position, from_initiator, spi, nonce) in
        [(0, true, INITIATOR_SPI, noise(105, 20)), (1, false, RESPONDER_SPI, noise(106, 20))]
    {
        let before = quick_mode.clone();
        let hash = before.covered(position)?.into();
        let nonce = Nonce { nonce_data: &nonce }.into();
        let [initiator, responder] =
            [[10, 1, 0, 1], [10, 2, 0, 1]].map(|address| identification(address.into()));
        let octets = esp_offered(spi, |offer| {
            quick.message(&[offer, nonce, initiator, responder], &hash, |payloads| {
                Ok(quick_mode.extend(role(from_initiator), payloads)?)
            })
        })?;
        push(from_initiator, &octets)?;
    }
    push(true, &quick.message(&[], &quick_mode.covered(2)?.into(), |_| Ok(()))?)?;
    // --- The messages after quick mode.
    let keymat = |toward| -> Result<Keymat> {
        let mut children = quick_mode.children(None)?.flatten();
        let child = children.find(|child| child.destination == toward).context("an SA toward each side")?;
        Ok(child.keymat(&protection.keys().skeyid_d)?)
    };
    let (initiators, responders) = (keymat(Role::Responder)?, keymat(Role::Initiator)?);
    let suite = "AES-CBC-128 HMAC-SHA-1-96".parse()?;
    let mut there =
        Sender::under(RESPONDER_SPI, suite, initiators.encryption(), initiators.authentication())?;
    let mut back = Sender::under(INITIATOR_SPI, suite, responders.encryption(), responders.authentication())?;
    for sequence in 1..=3 {
        let time = frames.len() as u64 * 12_000;
        let sealed = there.seal(&ping(sequence)?, NextHeader::IPV4)?;
        frames.push((time, in_ipv4(INITIATOR.octets(), RESPONDER.octets(), 50, &sealed)?));
        let sealed = back.seal(&ping(sequence)?, NextHeader::IPV4)?;
        frames.push((time + 6000, in_ipv4(RESPONDER.octets(), INITIATOR.octets(), 50, &sealed)?));
    }
    let cookies = [HEADER.initiator_cookie, HEADER.responder_cookie].concat();
    for (from_initiator, message_id, notify_message_type) in
        [(true, 0xc5b0_4d04, NotifyType::R_U_THERE), (false, 0x1234_5678, NotifyType::R_U_THERE_ACK)]
    {
        let mut informational = after(ExchangeType::INFORMATIONAL, message_id)?;
        let notification = Notification {
            doi: Doi::IPSEC,
            protocol_id: ProtocolId::ISAKMP,
            notify_message_type,
            spi: &cookies,
            notification_data: NotificationData::Octets(&[0, 0, 0, 5]),
        };
        let octets = informational.message(&[notification.into()], &Covered::Payloads.into(), |_| Ok(()))?;
        frames.push((frames.len() as u64 * 12_000, datagram(from_initiator, 500, &octets)?));
    }
    for (message_id, protocol_id, spi) in [
        (0x2974_808c, ProtocolId::ESP, INITIATOR_SPI.to_be_bytes().to_vec()),
        (0x2974_808d, ProtocolId::ISAKMP, cookies),
    ] {
        let mut informational = after(ExchangeType::INFORMATIONAL, message_id)?;
        let spis = Spis::new(u8::try_from(spi.len())?, &spi).context("one SPI")?;
        let delete = Delete { doi: Doi::IPSEC, protocol_id, spis };
        let octets = informational.message(&[delete.into()], &Covered::Payloads.into(), |_| Ok(()))?;
        frames.push((frames.len() as u64 * 12_000, datagram(true, 500, &octets)?));
    }
    Ok(Negotiation { frames, secret, protection, initiators, responders })
}

/// The capture.
pub(super) fn main_mode() -> Result<Frames> {
    negotiation().map(|negotiation| negotiation.frames)
}

/// The seeds of the exponents of the initiator and the responder. An exponent has 32 octets.
const EXPONENTS: [u64; 2] = [101, 102];

/// The values that one peer could log first: the pre-shared key and the initiator's exponent.
pub(super) fn main_mode_private_values() -> Result<Vec<u8>> {
    let [ours, _] = EXPONENTS.map(|seed| noise(seed, 32));
    let digits = ours.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let log = serde_json::json!({"ike": [{"x": digits}], "psk": PRE_SHARED_KEY});
    let mut text = serde_json::to_vec_pretty(&log)?;
    text.push(b'\n');
    Ok(text)
}

/// The key log of the capture.
pub(super) fn main_mode_keys() -> Result<Vec<u8>> {
    let Negotiation { secret, protection, initiators, responders, .. } = negotiation()?;
    let (family, key) = (protection.keys(), protection.encryption_key());
    let digits = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let of = |secret: Secret<'_>| digits(secret.expose());
    let log = serde_json::json!({
        "ike": [{
            "cookie_i": digits(&HEADER.initiator_cookie),
            "cookie_r": digits(&HEADER.responder_cookie),
            "dh": of(secret.secret()),
            "skeyid": of(family.skeyid.secret()),
            "skeyid_d": of(family.skeyid_d.secret()),
            "skeyid_a": of(family.skeyid_a.secret()),
            "skeyid_e": of(family.skeyid_e.secret()),
            "ka": of(key.secret()),
        }],
        "child": [{
            "proto": "ESP",
            "alg": {"encryption": "AES_CBC", "integrity": "HMAC_SHA1_96"},
            "spi_in": format!("{INITIATOR_SPI:08x}"),
            "src_in": RESPONDER.to_string(),
            "dst_in": INITIATOR.to_string(),
            "enc_r": of(responders.encryption()),
            "auth_r": of(responders.authentication()),
            "spi_out": format!("{RESPONDER_SPI:08x}"),
            "src_out": INITIATOR.to_string(),
            "dst_out": RESPONDER.to_string(),
            "enc_i": of(initiators.encryption()),
            "auth_i": of(initiators.authentication()),
        }],
        "psk": PRE_SHARED_KEY,
        "initiator": INITIATOR.to_string(),
    });
    let mut text = serde_json::to_vec_pretty(&log)?;
    text.push(b'\n');
    Ok(text)
}
