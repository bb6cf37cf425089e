//! Captures of ISAKMP: a main mode, payloads of every kind in clear, fragments, and malformed messages.

use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use etherparse::PacketBuilder;
use isakmp::doi::{
    AhTransformId, Doi, EspTransformId, IpcompTransformId, IsakmpTransformId, ProtocolId, ipsec, oakley,
};
use isakmp::payload::certificate::{Certificate, CertificateEncoding};
use isakmp::payload::certificate_request::CertificateRequest;
use isakmp::payload::configuration::{Configuration, ConfigurationAttributeType, ConfigurationType};
use isakmp::payload::delete::{Delete, Spis};
use isakmp::payload::fragment::Fragment;
use isakmp::payload::hash::Hash;
use isakmp::payload::identification::{Identification, Identity};
use isakmp::payload::key_exchange::KeyExchange;
use isakmp::payload::nat_detection::NatDetection;
use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::nonce::Nonce;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use isakmp::payload::proposal::Proposal;
use isakmp::payload::security_association::SecurityAssociation;
use isakmp::payload::signature::Signature;
use isakmp::payload::transform::Transform;
use isakmp::payload::vendor_id::VendorId;
use isakmp::{
    Attribute, Body, Emit, Encrypted, ExchangeType, Flags, Header, Message, NatTraversal, Nested, Payload,
    PayloadBody, PayloadType, vendor,
};

use super::Frames;

/// The spoke, which is the initiator, and the pair's virtual address, which is the responder.
pub(super) const INITIATOR: Ipv4Addr = Ipv4Addr::new(10, 1, 1, 2);
pub(super) const RESPONDER: Ipv4Addr = Ipv4Addr::new(172, 16, 172, 53);

pub(super) const HEADER: Header = Header {
    initiator_cookie: [0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70, 0x81],
    responder_cookie: [0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8, 0x09],
    version: isakmp::Version::V1_0,
    exchange_type: ExchangeType::IDENTITY_PROTECTION,
    flags: Flags::NONE,
    message_id: 0,
};

pub(super) const fn phase_2(exchange_type: ExchangeType, message_id: u32) -> Header {
    Header { exchange_type, message_id, ..HEADER }
}

/// The octets of a message.
pub(super) fn octets(message: &Message<'_>) -> Result<Vec<u8>> {
    let mut octets = vec![0; message.wire_len()];
    message.emit(&mut octets)?;
    Ok(octets)
}

pub(super) fn message(header: &Header, payloads: &[Payload<'_>]) -> Result<Vec<u8>> {
    octets(&Message { header: *header, body: Body::Payloads(payloads.into()), trailing: &[] })
}

/// A message with a body that is already encrypted.
pub(super) fn encrypted(header: &Header, next_payload: PayloadType, body: &[u8]) -> Result<Vec<u8>> {
    let header = Header { flags: Flags::ENCRYPTION, ..*header };
    let body = Body::Encrypted(Encrypted { next_payload, octets: body });
    octets(&Message { header, body, trailing: &[] })
}

pub(super) fn vendor_id(vendor_id: &[u8]) -> Payload<'_> {
    VendorId { vendor_id }.into()
}

/// An SA payload with these proposals.
pub(super) fn association<'a>(proposals: &'a [Nested<'a, Proposal<'a>>]) -> Payload<'a> {
    SecurityAssociation { proposals: proposals.into(), ..SecurityAssociation::default() }.into()
}

pub(super) fn transform<'a>(
    transform_number: u8,
    transform_id: impl Into<u8>,
    attributes: &'a [Attribute<'a>],
) -> Nested<'a, Transform<'a>> {
    let (transform_id, attributes) = (transform_id.into(), attributes.into());
    Transform { transform_number, transform_id, reserved: 0, attributes }.into()
}

/// Proposal 1.
pub(super) fn proposal<'a>(
    protocol_id: ProtocolId,
    spi: &'a [u8],
    transforms: &'a [Nested<'a, Transform<'a>>],
) -> Nested<'a, Proposal<'a>> {
    Proposal { proposal_number: 1, protocol_id, spi, transforms: transforms.into(), trailing: &[] }.into()
}

pub(super) fn datagram(from_initiator: bool, port: u16, payload: &[u8]) -> Result<Vec<u8>> {
    let (source, destination, macs) = if from_initiator {
        (INITIATOR, RESPONDER, ([2, 0, 0, 0, 0, 1], [0, 0, 12, 7, 0xac, 1]))
    } else {
        (RESPONDER, INITIATOR, ([0, 0, 12, 7, 0xac, 1], [2, 0, 0, 0, 0, 1]))
    };
    let mut frame = Vec::new();
    PacketBuilder::ethernet2(macs.0, macs.1)
        .ipv4(source.octets(), destination.octets(), 255)
        .udp(port, port)
        .write(&mut frame, payload)?;
    Ok(frame)
}

fn marked(message: &[u8]) -> Vec<u8> {
    [&isakmp::NON_ESP_MARKER, message].concat()
}

/// Octets that look random and are the same each time.
pub(super) fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    })
    .take(len)
    .collect()
}

/// The result of `with` for an offer of phase 1, which has a transform for each key length.
pub(super) fn offered<R>(keys: &[u16], with: impl FnOnce(Payload<'_>) -> R) -> R {
    use oakley::AttributeType as Type;
    let attributes = |bits: u16| {
        [
            Attribute::basic(Type::ENCRYPTION_ALGORITHM, oakley::EncryptionAlgorithm::AES_CBC),
            Attribute::basic(Type::KEY_LENGTH, bits),
            Attribute::basic(Type::HASH_ALGORITHM, oakley::HashAlgorithm::SHA),
            Attribute::basic(Type::GROUP_DESCRIPTION, oakley::GroupDescription::MODP_1024),
            Attribute::basic(Type::AUTHENTICATION_METHOD, oakley::AuthenticationMethod::PRE_SHARED_KEY),
            Attribute::basic(Type::LIFE_TYPE, oakley::LifeType::SECONDS),
            Attribute::variable(Type::LIFE_DURATION, &[0, 1, 0x51, 0x80]),
        ]
    };
    let lists: Vec<_> = keys.iter().map(|bits| attributes(*bits)).collect();
    let transforms: Vec<_> =
        (1..).zip(&lists).map(|(number, list)| transform(number, IsakmpTransformId::KEY_IKE, list)).collect();
    with(association(&[proposal(ProtocolId::ISAKMP, &[], &transforms)]))
}

/// A main mode between two IOS routers with NAT-T draft 07, followed by a quick mode and dead peer detection.
pub(super) fn main_mode() -> Result<Frames> {
    let first = Header { responder_cookie: [0; 8], ..HEADER };
    let ios = |cookie| {
        [&vendor::ios_prefix(cookie)[..], &[0xdb, 0x6a, 0x50, 0x98, 0x69, 0xfd, 0xb3, 0x30]].concat()
    };
    let exchange = |from_initiator: bool| {
        let own = if from_initiator { HEADER.initiator_cookie } else { HEADER.responder_cookie };
        let generation = NatTraversal::Rfc3947;
        message(
            &HEADER,
            &[
                KeyExchange { key_exchange_data: &noise(u64::from(from_initiator), 128) }.into(),
                Nonce { nonce_data: &noise(2, 20) }.into(),
                vendor_id(&vendor::CISCO_UNITY_1_0),
                vendor_id(&vendor::DPD_1_0),
                vendor_id(&ios(own)),
                vendor_id(vendor::XAUTH.octets),
                NatDetection { generation, hash: &noise(3, 20) }.into(),
                NatDetection { generation, hash: &noise(4, 20) }.into(),
            ],
        )
    };
    let encrypted = |exchange_type, message_id, len| -> Result<Vec<u8>> {
        let first = match message_id {
            0 => PayloadType::IDENTIFICATION,
            _ => PayloadType::HASH,
        };
        let body = noise(u64::from(message_id), len);
        Ok(marked(&encrypted(&phase_2(exchange_type, message_id), first, &body)?))
    };
    let main = ExchangeType::IDENTITY_PROTECTION;
    let quick = ExchangeType::QUICK_MODE;
    let known = [&vendor::RFC_3947, &vendor::NAT_T_07, &vendor::NAT_T_03, &vendor::NAT_T_02_NEWLINE];
    let messages = [
        (
            500,
            offered(&[256, 192, 128, 128], |offer| {
                let mut payloads = vec![offer];
                payloads.extend(known.map(|known| vendor_id(known.octets)));
                message(&first, &payloads)
            })?,
        ),
        (500, offered(&[128], |offer| message(&HEADER, &[offer, vendor_id(vendor::RFC_3947.octets)]))?),
        (500, exchange(true)?),
        (500, exchange(false)?),
        (4500, encrypted(main, 0, 80)?),
        (4500, encrypted(main, 0, 48)?),
        (4500, encrypted(quick, 0x8f20_4988, 192)?),
        (4500, encrypted(quick, 0x8f20_4988, 192)?),
        (4500, encrypted(quick, 0x8f20_4988, 32)?),
        (4500, [&[0xea, 0x8c, 0x83, 0xc1, 0, 0, 0, 1][..], &noise(9, 108)].concat()),
        (4500, vec![0xff]),
        (4500, encrypted(ExchangeType::INFORMATIONAL, 0xc5b0_4d04, 64)?),
        (500, vec![0xff]),
    ];
    let mut frames = Frames::new();
    for (index, (port, payload)) in messages.iter().enumerate() {
        let from_initiator = matches!(index, 0 | 2 | 4 | 6 | 8 | 9 | 10 | 11 | 12);
        frames.push((index as u64 * 12_000, datagram(from_initiator, *port, payload)?));
    }
    Ok(frames)
}

/// Payloads of every kind in messages in clear, as they look after decryption.
pub(super) fn payloads() -> Result<Frames> {
    let mut frames = Frames::new();
    let mut push = |port, message: Vec<u8>| -> Result<()> {
        let time = frames.len() as u64 * 1_000_000;
        frames.push((time, datagram(true, port, &message)?));
        Ok(())
    };
    push(500, quick_mode()?)?;
    push(500, identities()?)?;
    push(500, certificates()?)?;
    push(4500, marked(&notifications()?))?;
    push(4500, marked(&deletes()?))?;
    for message in configurations()? {
        push(4500, marked(&message))?;
    }
    push(500, vendors()?)?;
    // The types of GDOI, an unassigned type, and octets after the last payload.
    let unknown = PayloadBody::Unknown { payload_type: PayloadType(200), octets: &noise(21, 12) };
    let hash = Hash { hash_data: &noise(20, 20) };
    push(848, message(&phase_2(ExchangeType(32), 7), &[hash.into(), unknown.into()])?)?;
    Ok(frames)
}

fn quick_mode() -> Result<Vec<u8>> {
    use ipsec::AttributeType as Type;
    let ah = [Attribute::basic(Type::AUTHENTICATION_ALGORITHM, ipsec::AuthenticationAlgorithm::HMAC_SHA)];
    let (kilobytes, more) = (4_608_000u32.to_be_bytes(), (1u64 << 40).to_be_bytes());
    let aes_cbc = [
        Attribute::basic(Type::SA_LIFE_TYPE, oakley::LifeType::SECONDS),
        Attribute::basic(Type::SA_LIFE_DURATION, 3600u16),
        Attribute::basic(Type::SA_LIFE_TYPE, oakley::LifeType::KILOBYTES),
        Attribute::variable(Type::SA_LIFE_DURATION, &kilobytes),
        Attribute::variable(Type::SA_LIFE_DURATION, &more),
        Attribute::variable(Type::SA_LIFE_DURATION, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        Attribute::basic(Type::GROUP_DESCRIPTION, oakley::GroupDescription::MODP_2048),
        Attribute::basic(Type::ENCAPSULATION_MODE, ipsec::EncapsulationMode::UDP_TUNNEL),
        Attribute::basic(Type::AUTHENTICATION_ALGORITHM, ipsec::AuthenticationAlgorithm::HMAC_SHA2_256),
        Attribute::basic(Type::KEY_LENGTH, 256u16),
        Attribute::basic(Type::KEY_ROUNDS, 14u16),
        Attribute::basic(Type::EXTENDED_SEQUENCE_NUMBER, ipsec::ExtendedSequenceNumber::SEQUENCE_64),
    ];
    let aes_gcm = [
        Attribute::basic(Type::ENCAPSULATION_MODE, ipsec::EncapsulationMode::TRANSPORT),
        Attribute::basic(Type::COMPRESS_DICTIONARY_SIZE, 9u16),
        Attribute::variable(Type::COMPRESS_PRIVATE_ALGORITHM, &[1, 2, 3]),
        Attribute::basic(Type::ECN_TUNNEL, ipsec::EcnTunnel::ALLOWED),
        Attribute::basic(Type::AUTHENTICATION_KEY_LENGTH, 160u16),
        Attribute::variable(Type::SIGNATURE_ENCODING_ALGORITHM, &[4, 5]),
        Attribute::basic(Type::ADDRESS_PRESERVATION, ipsec::AddressPreservation::NONE),
        Attribute::basic(Type::SA_DIRECTION, ipsec::SaDirection::SYMMETRIC),
        Attribute::basic(0x7abcu16, 1u16),
    ];
    let ah = [transform(1, AhTransformId::SHA, &ah)];
    let esp =
        [transform(1, EspTransformId::AES_CBC, &aes_cbc), transform(2, EspTransformId::AES_GCM_16, &aes_gcm)];
    let compression = [transform(1, IpcompTransformId::LZS, &[])];
    let proposals = [
        proposal(ProtocolId::AH, &[0xa1, 2, 3, 4], &ah),
        proposal(ProtocolId::ESP, &[0xe1, 2, 3, 4], &esp),
        proposal(ProtocolId::IPCOMP, &[0xc1, 2], &compression),
    ];
    let original = |generation, address| NatOriginalAddress { generation, reserved: [0; 3], address }.into();
    message(
        &phase_2(ExchangeType::QUICK_MODE, 0x8f20_4988),
        &[
            Hash { hash_data: &noise(10, 20) }.into(),
            association(&proposals),
            Nonce { nonce_data: &noise(11, 20) }.into(),
            KeyExchange { key_exchange_data: &noise(12, 256) }.into(),
            original(NatTraversal::Rfc3947, INITIATOR.into()),
            original(NatTraversal::Drafts00To03, std::net::Ipv6Addr::LOCALHOST.into()),
            NatDetection { generation: NatTraversal::Drafts00To03, hash: &noise(13, 20) }.into(),
        ],
    )
}

fn identities() -> Result<Vec<u8>> {
    let (low, high) = (Ipv4Addr::new(10, 1, 0, 0), Ipv4Addr::new(255, 255, 0, 0));
    let (low_v6, high_v6) = ("2001:db8::".parse()?, "ffff:ffff::".parse()?);
    let payloads = [
        (17, 500, Identity::Ipv4Address(INITIATOR)),
        (17, 0, Identity::Fqdn(b"spoke.example")),
        (0, 0, Identity::UserFqdn(b"alice@example")),
        (6, 80, Identity::Ipv4Subnet { address: low, mask: high }),
        (0, 0, Identity::Ipv6Address(low_v6)),
        (0, 0, Identity::Ipv6Subnet { address: low_v6, mask: high_v6 }),
        (0, 0, Identity::Ipv4Range { first: low, last: high }),
        (0, 0, Identity::Ipv6Range { first: low_v6, last: high_v6 }),
        (0, 0, Identity::KeyId(b"vpngroup")),
    ]
    .map(|(protocol_id, port, identity)| Identification { protocol_id, port, identity }.into());
    message(&Header { exchange_type: ExchangeType::AGGRESSIVE, ..HEADER }, &payloads)
}

fn certificates() -> Result<Vec<u8>> {
    let (encoding, body) = (CertificateEncoding(2), noise(14, 40));
    message(
        &HEADER,
        &[
            Certificate { certificate_encoding: encoding, certificate_data: &body }.into(),
            CertificateRequest { certificate_type: encoding, certificate_authority: &body }.into(),
            Signature { signature_data: &noise(15, 128) }.into(),
            Payload { reserved: 0x5a, body: Hash { hash_data: &noise(16, 20) }.into() },
        ],
    )
}

fn notifications() -> Result<Vec<u8>> {
    let cookies = [HEADER.initiator_cookie, HEADER.responder_cookie].concat();
    let lifetime = [0x80, 11, 0, 1, 0, 12, 0, 4, 0, 0, 0x0e, 0x10];
    let phase_2_lifetime = [0x80, 1, 0, 1, 0x80, 2, 0x0e, 0x10];
    let spi = [0xe1, 2, 3, 4];
    let list: [(NotifyType, ProtocolId, &[u8], &[u8]); 10] = [
        (NotifyType::R_U_THERE, ProtocolId::ISAKMP, &cookies, &5u32.to_be_bytes()),
        (NotifyType::R_U_THERE_ACK, ProtocolId::ISAKMP, &cookies, &5u32.to_be_bytes()),
        (NotifyType::INITIAL_CONTACT, ProtocolId::ISAKMP, &cookies, &[]),
        (NotifyType::RESPONDER_LIFETIME, ProtocolId::ISAKMP, &cookies, &lifetime),
        (NotifyType::RESPONDER_LIFETIME, ProtocolId::ESP, &spi, &phase_2_lifetime),
        (NotifyType::REPLAY_STATUS, ProtocolId::ESP, &spi, &1u32.to_be_bytes()),
        (NotifyType::INVALID_SPI, ProtocolId::ESP, &spi, &[]),
        (NotifyType::LOAD_BALANCE, ProtocolId::ISAKMP, &cookies, &[172, 16, 172, 54]),
        (NotifyType::IOS_KEEP_ALIVE_ACK, ProtocolId::ISAKMP, &[], &[]),
        (NotifyType::CISCO_HELLO, ProtocolId::ISAKMP, &[], b"hello"),
    ];
    let payloads = list.map(|(notify_message_type, protocol_id, spi, data)| {
        let notification_data = NotificationData::Octets(data);
        Notification { doi: Doi::IPSEC, protocol_id, notify_message_type, spi, notification_data }.into()
    });
    message(&phase_2(ExchangeType::INFORMATIONAL, 0x2974_808c), &payloads)
}

fn deletes() -> Result<Vec<u8>> {
    let cookies = [HEADER.initiator_cookie, HEADER.responder_cookie].concat();
    let spis: &[u8] = &[0xea, 0x8c, 0x83, 0xc1, 0x5b, 0x23, 0xf2, 0x2e];
    let delete = |protocol_id, spis| Delete { doi: Doi::IPSEC, protocol_id, spis }.into();
    let payloads = [
        delete(ProtocolId::ESP, Spis::new(4, spis).context("two SPIs")?),
        delete(ProtocolId::ISAKMP, Spis::new(16, &cookies).context("both cookies")?),
    ];
    message(&phase_2(ExchangeType::INFORMATIONAL, 0xdb86_110a), &payloads)
}

fn configurations() -> Result<Vec<Vec<u8>>> {
    use ConfigurationAttributeType as Type;
    let header = phase_2(ExchangeType::TRANSACTION, 0xd20f_a401);
    let address: &[u8] = &[10, 99, 1, 2];
    let prefix = [&[0x20, 1, 0x0d, 0xb8][..], &[0; 12], &[64]].concat();
    let split = [&[10, 1, 0, 0, 255, 255, 0, 0][..], &[0, 6, 0, 0, 0, 80]].concat();
    let expiry = 86_400u32.to_be_bytes();
    let configuration = |configuration_type, identifier, attributes: &[Attribute<'_>]| {
        let attributes = attributes.into();
        let body = Configuration { configuration_type, reserved: 0, identifier, attributes };
        message(&header, &[body.into()])
    };
    Ok(vec![
        configuration(
            ConfigurationType::REQUEST,
            9,
            &[
                Attribute::basic(Type::XAUTH_TYPE, 0u16),
                Attribute::variable(Type::XAUTH_MESSAGE, b"Enter your password"),
                Attribute::variable(Type::XAUTH_USER_NAME, b""),
                Attribute::variable(Type::XAUTH_USER_PASSWORD, b""),
            ],
        )?,
        configuration(
            ConfigurationType::REPLY,
            9,
            &[
                Attribute::variable(Type::XAUTH_USER_NAME, b"alice"),
                Attribute::variable(Type::XAUTH_USER_PASSWORD, b"wonderland"),
                Attribute::variable(Type::XAUTH_DOMAIN, b"example"),
            ],
        )?,
        configuration(ConfigurationType::SET, 10, &[Attribute::basic(Type::XAUTH_STATUS, 1u16)])?,
        configuration(
            ConfigurationType::REPLY,
            11,
            &[
                Attribute::variable(Type::INTERNAL_IP4_ADDRESS, address),
                Attribute::variable(Type::INTERNAL_IP4_NETMASK, &[255, 255, 255, 0]),
                Attribute::variable(Type::INTERNAL_IP4_DNS, address),
                Attribute::variable(Type::INTERNAL_IP4_NBNS, address),
                Attribute::variable(Type::INTERNAL_ADDRESS_EXPIRY, &expiry),
                Attribute::variable(Type::INTERNAL_IP4_DHCP, address),
                Attribute::variable(Type::APPLICATION_VERSION, b"vpnwire"),
                Attribute::variable(Type::INTERNAL_IP6_ADDRESS, &prefix),
                Attribute::variable(Type::INTERNAL_IP6_DNS, &prefix[..16]),
                Attribute::variable(Type::INTERNAL_IP4_SUBNET, &[10, 99, 0, 0, 255, 255, 0, 0]),
                Attribute::variable(Type::SUPPORTED_ATTRIBUTES, &[0, 1, 0, 2, 0x70, 4]),
                Attribute::variable(Type::INTERNAL_IP6_SUBNET, &prefix),
                Attribute::variable(Type::UNITY_BANNER, b"Authorized users only"),
                Attribute::variable(Type::UNITY_DEF_DOMAIN, b"example"),
                Attribute::variable(Type::UNITY_SPLIT_INCLUDE, &split),
                Attribute::variable(Type::UNITY_SPLIT_EXCLUDE, &split[..8]),
                Attribute::basic(Type::UNITY_PFS, 0u16),
            ],
        )?,
    ])
}

fn vendors() -> Result<Vec<u8>> {
    message(
        &HEADER,
        &[
            vendor_id(&[vendor::MS_NT5_ISAKMPOAKLEY.octets, &[0, 0, 0, 8]].concat()),
            vendor_id(&[vendor::FORTIGATE.octets, &[5, 2, 0, 7]].concat()),
            vendor_id(&[vendor::CHECK_POINT.octets, &noise(17, 20)].concat()),
            vendor_id(&[vendor::FRAGMENTATION.octets, &[0x80, 0, 0, 0]].concat()),
            vendor_id(b"nobody knows"),
        ],
    )
}

/// The first message of a main mode in three fragments, with the last one first, followed by a fragment that
/// contradicts them.
pub(super) fn fragments() -> Result<Frames> {
    let first = Header { responder_cookie: [0; 8], ..HEADER };
    let fragmentation = [vendor::FRAGMENTATION.octets, &[0x80, 0, 0, 0]].concat();
    let whole = offered(&[256, 192, 128], |offer| message(&first, &[offer, vendor_id(&fragmentation)]))?;
    let fragment = |identifier, number, flags, data: &[u8]| {
        message(&first, &[Fragment { identifier, number, flags, data }.into()])
    };
    let pieces: Vec<_> = whole.chunks(80).collect();
    let mut frames = Frames::new();
    for (number, piece) in (1..).zip(&pieces).collect::<Vec<_>>().into_iter().rev() {
        let flags = u8::from(usize::from(number) == pieces.len());
        let octets = fragment(1, number, flags, piece)?;
        frames.push((frames.len() as u64 * 100, datagram(true, 500, &octets)?));
    }
    for (time, data) in [(1000, b"one"), (2000, b"two")] {
        frames.push((time, datagram(true, 500, &fragment(2, 1, 0, data)?)?));
    }
    Ok(frames)
}

/// Malformed messages.
pub(super) fn broken() -> Result<Frames> {
    let good = offered(&[128], |offer| message(&HEADER, &[offer, vendor_id(&vendor::DPD_1_0)]))?;
    let changed = |at: usize, octet: u8| {
        let mut octets = good.clone();
        octets[at] = octet;
        octets
    };
    let deletes = deletes()?;
    let mut list: Vec<Vec<u8>> = vec![
        // The number of transforms, a derived value, is wrong.
        changed(47, 3),
        // The total length is greater, and then less, than the number of octets.
        changed(27, good[27] + 1),
        changed(27, good[27] - 20),
        // A payload, a proposal, a transform and an attribute end after the element that contains them.
        changed(31, 0xff),
        changed(43, 0x2d),
        changed(51, 0x25),
        changed(83, 0xff),
        // The payload has three octets.
        changed(good.len() - 17, 3),
        // The SPI ends after its proposal.
        changed(46, 200),
        // The transform names a key exchange payload as the next payload.
        changed(48, 4),
        // The major version is 3.
        changed(17, 0x30),
        // The sender has cut the header.
        good[..20].to_vec(),
    ];
    let mut spis = deletes;
    spis[39] = 3;
    list.push(spis);
    let mut frames = Frames::new();
    for octets in list {
        frames.push((frames.len() as u64 * 1_000_000, datagram(true, 500, &octets)?));
    }
    Ok(frames)
}
