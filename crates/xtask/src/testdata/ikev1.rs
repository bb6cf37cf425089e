//! A capture of IKEv1 whose keys are known: main mode with a pre-shared key, quick mode, what the SAs carry, dead peer detection and
//! deletes; with the log of its keys.

use ::ikev1::dh::{PrivateKey, SharedSecret, group};
use ::ikev1::keymat::{KeyLengths, Keymat, QuickMode};
use ::ikev1::{
    Authentication, Cipher, Cookies, Covered, EncryptionKey, HashAlgorithm, Iv, Nonces,
    Secret, Skeyid, SkeyidFamily,
};
use ::ipsec::NextHeader;
use anyhow::{Context, Result};
use isakmp::doi::{Doi, EspTransformId, ProtocolId, ipsec, oakley};
use isakmp::payload::delete::{Delete, Spis};
use isakmp::payload::hash::Hash;
use isakmp::payload::identification::{Identification, Identity};
use isakmp::payload::key_exchange::KeyExchange;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use isakmp::{Attribute, ExchangeType, Flags, Header, Payload, PayloadType, vendor};

use super::Frames;
use super::esp::{Sender, ping};
use super::gre::in_ipv4;
use super::isakmp::{
    HEADER, INITIATOR, RESPONDER, association, datagram, encrypted, message, noise, offered, phase_2,
    proposal, transform, vendor_id,
};

const PRE_SHARED_KEY: &str = "vpnwire-test";
const HASH: HashAlgorithm = HashAlgorithm::Sha1;
/// Octets of the header, and of a HASH payload.
const HEADER_LEN: usize = 28;
const HASH_LEN: usize = 4 + 20;
/// What each side wants to be sent to with.
const INITIATOR_SPI: u32 = 0xe1a2_0304;
const RESPONDER_SPI: u32 = 0xe5f6_0708;

/// The negotiation: what both know at its end.
struct Negotiation {
    frames: Frames,
    secret: SharedSecret,
    family: SkeyidFamily,
    key: EncryptionKey,
    // By who sends.
    initiators: Keymat,
    responders: Keymat,
}

/// One exchange after the keys are there: its header, and the vector of its next message.
struct Exchange {
    header: Header,
    iv: Iv,
}

impl Exchange {
    /// Encrypts a message whose HASH is to be what `hash` makes of the octets that follow it.
    fn message(&mut self, key: &EncryptionKey, first: PayloadType, clear: Vec<u8>) -> Result<Vec<u8>> {
        let mut body = clear.get(HEADER_LEN..).context("a message has a header")?.to_vec();
        body.resize(key.padded_len(body.len()), 0);
        self.iv = key.encrypt(&self.iv, &mut body)?;
        encrypted(&self.header, first, &body)
    }

    /// A message of phase 2 in the clear, its HASH in its place.
    fn hashed(&self, skeyid_a: &Skeyid, covered: Covered<'_>, payloads: &[Payload<'_>]) -> Result<Vec<u8>> {
        let hash = Hash { hash_data: &[0; 20] }.into();
        let mut clear = message(&self.header, &[&[hash], payloads].concat())?;
        let (before, following) = clear.split_at_mut(HEADER_LEN + HASH_LEN);
        let hash = covered.hash(skeyid_a, self.header.message_id, following);
        before[HEADER_LEN + 4..].copy_from_slice(hash.expose());
        Ok(clear)
    }
}

fn identification(address: std::net::Ipv4Addr) -> Payload<'static> {
    Identification { protocol_id: 0, port: 0, identity: Identity::Ipv4Address(address) }.into()
}

/// The body of the payload that a message has at an offset.
fn body_at(message: &[u8], offset: usize) -> &[u8] {
    let len = usize::from(u16::from_be_bytes([message[offset + 2], message[offset + 3]]));
    &message[offset + 4..offset + len]
}

/// What `with` makes of an offer of ESP.
fn esp_offered<R>(spi: u32, with: impl FnOnce(Payload<'_>) -> R) -> R {
    use ipsec::AttributeType as Type;
    let attributes = [
        Attribute::basic(Type::SA_LIFE_TYPE, ipsec::LifeType::SECONDS),
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
    // --- main mode
    let header = Header { responder_cookie: [0; 8], ..HEADER };
    let dpd = vendor_id(&vendor::DPD_1_0);
    let first = offered(&[256, 128], |offer| message(&header, &[offer, dpd.clone()]))?;
    push(true, &first)?;
    let second = offered(&[128], |offer| message(&HEADER, &[offer, dpd]))?;
    push(false, &second)?;
    let group = group(oakley::GroupDescription::MODP_1024).context("group 2")?;
    let private = |seed| PrivateKey::from_octets(group, Secret::new(&noise(seed, 32))).context("an exponent");
    let [ours, theirs] = EXPONENTS.map(private);
    let (ours, theirs) = (ours?, theirs?);
    let (g_xi, g_xr) = (ours.public_value(), theirs.public_value());
    let (nonce_i, nonce_r) = (noise(103, 20), noise(104, 20));
    for (from_initiator, public, nonce) in [(true, &g_xi, &nonce_i), (false, &g_xr, &nonce_r)] {
        let (public, nonce) = (KeyExchange { key_exchange_data: public }, Nonce { nonce_data: nonce });
        let octets = message(&HEADER, &[public.into(), nonce.into()])?;
        push(from_initiator, &octets)?;
    }
    let secret = ours.shared_secret(&g_xr)?;
    let cookies = Cookies { initiator: HEADER.initiator_cookie, responder: HEADER.responder_cookie };
    let nonces = Nonces { initiator: &nonce_i, responder: &nonce_r };
    let skeyid = Skeyid::pre_shared_key(HASH, Secret::new(PRE_SHARED_KEY.as_bytes()), &nonces);
    let family = SkeyidFamily::derive(skeyid, secret.secret(), &cookies);
    let key = EncryptionKey::derive(Cipher::Aes128, &family.skeyid_e)?;
    let authentication =
        Authentication { g_xi: &g_xi, g_xr: &g_xr, cookies, sa_i: body_at(&first, HEADER_LEN) };
    let mut main = Exchange {
        header: Header { flags: Flags::ENCRYPTION, ..HEADER },
        iv: Iv::phase_1(HASH, Cipher::Aes128, &g_xi, &g_xr),
    };
    for (from_initiator, address) in [(true, INITIATOR), (false, RESPONDER)] {
        let with =
            |hash: &[u8]| message(&main.header, &[identification(address), Hash { hash_data: hash }.into()]);
        let unsigned = with(&[0; 20])?;
        let id = body_at(&unsigned, HEADER_LEN);
        let hash = if from_initiator {
            authentication.hash_i(&family.skeyid, id)
        } else {
            authentication.hash_r(&family.skeyid, id)
        };
        let clear = with(hash.expose())?;
        let octets = main.message(&key, PayloadType::IDENTIFICATION, clear)?;
        push(from_initiator, &octets)?;
    }
    // --- quick mode
    let after = |exchange_type, message_id| Exchange {
        header: Header { flags: Flags::ENCRYPTION, ..phase_2(exchange_type, message_id) },
        iv: main.iv.exchange(HASH, message_id),
    };
    let mut quick = after(ExchangeType::QUICK_MODE, 0x8f20_4988);
    let (nonce_i, nonce_r) = (noise(105, 20), noise(106, 20));
    let nonces = Nonces { initiator: &nonce_i, responder: &nonce_r };
    for (from_initiator, covered, spi, nonce) in [
        (true, Covered::Payloads, INITIATOR_SPI, &nonce_i),
        (false, Covered::InitiatorNonce(&nonce_i), RESPONDER_SPI, &nonce_r),
    ] {
        let nonce = Nonce { nonce_data: nonce }.into();
        let ids = [[10, 1, 0, 1], [10, 2, 0, 1]].map(|address| identification(address.into()));
        let clear = esp_offered(spi, |offer| {
            let [initiator, responder] = ids;
            quick.hashed(&family.skeyid_a, covered, &[offer, nonce, initiator, responder])
        })?;
        push(from_initiator, &quick.message(&key, PayloadType::HASH, clear)?)?;
    }
    let clear = quick.hashed(&family.skeyid_a, Covered::Nonces(nonces), &[])?;
    push(true, &quick.message(&key, PayloadType::HASH, clear)?)?;
    // --- what follows
    let quick_mode = QuickMode { nonces, shared_secret: None };
    let lengths = KeyLengths::new(16, 20)?;
    let keymat = |spi: u32| quick_mode.keymat(&family.skeyid_d, ProtocolId::ESP, &spi.to_be_bytes(), lengths);
    let (initiators, responders) = (keymat(RESPONDER_SPI), keymat(INITIATOR_SPI));
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
        let mut informational = after(ExchangeType::INFORMATIONAL, message_id);
        let notification = Notification {
            doi: Doi::IPSEC,
            protocol_id: ProtocolId::ISAKMP,
            notify_message_type,
            spi: &cookies,
            notification_data: NotificationData::Octets(&[0, 0, 0, 5]),
        };
        let clear = informational.hashed(&family.skeyid_a, Covered::Payloads, &[notification.into()])?;
        let octets = informational.message(&key, PayloadType::HASH, clear)?;
        frames.push((frames.len() as u64 * 12_000, datagram(from_initiator, 500, &octets)?));
    }
    for (message_id, protocol_id, spi) in [
        (0x2974_808c, ProtocolId::ESP, INITIATOR_SPI.to_be_bytes().to_vec()),
        (0x2974_808d, ProtocolId::ISAKMP, cookies),
    ] {
        let mut informational = after(ExchangeType::INFORMATIONAL, message_id);
        let spis = Spis::new(u8::try_from(spi.len())?, &spi).context("one SPI")?;
        let delete = Delete { doi: Doi::IPSEC, protocol_id, spis };
        let clear = informational.hashed(&family.skeyid_a, Covered::Payloads, &[delete.into()])?;
        let octets = informational.message(&key, PayloadType::HASH, clear)?;
        frames.push((frames.len() as u64 * 12_000, datagram(true, 500, &octets)?));
    }
    Ok(Negotiation { frames, secret, family, key, initiators, responders })
}

/// The capture.
pub(super) fn main_mode() -> Result<Frames> {
    negotiation().map(|negotiation| negotiation.frames)
}

/// What makes the exponents of the initiator and the responder, of 32 octets.
const EXPONENTS: [u64; 2] = [101, 102];

/// What one of the peers could log before anything else: the pre-shared key and the initiator's exponent.
pub(super) fn main_mode_private_values() -> Result<Vec<u8>> {
    let [ours, _] = EXPONENTS.map(|seed| noise(seed, 32));
    let digits = ours.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let log = serde_json::json!({"ike": [{"x": digits}], "psk": PRE_SHARED_KEY});
    let mut text = serde_json::to_vec_pretty(&log)?;
    text.push(b'\n');
    Ok(text)
}

/// Its key log.
pub(super) fn main_mode_keys() -> Result<Vec<u8>> {
    let Negotiation { secret, family, key, initiators, responders, .. } = negotiation()?;
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
