//! Captures of ISAKMP: a main mode, payloads of every kind in the clear, fragments, and messages that are broken.

use std::net::Ipv4Addr;

use anyhow::Result;
use etherparse::PacketBuilder;
use isakmp::doi::{
    AhTransformId, Doi, EspTransformId, IpcompTransformId, IsakmpTransformId, ProtocolId, ipsec, oakley,
};
use isakmp::payload::certificate::{Certificate, CertificateEncoding};
use isakmp::payload::certificate_request::CertificateRequest;
use isakmp::payload::configuration::{ConfigurationAttributeType as Attribute, ConfigurationType};
use isakmp::payload::delete::{Delete, Spis};
use isakmp::payload::fragment::Fragment;
use isakmp::payload::identification::{Identification, Identity};
use isakmp::payload::nat_original_address::NatOriginalAddress;
use isakmp::payload::notification::{Notification, NotificationData, NotifyType};
use isakmp::payload::situation::Situation;
use isakmp::{
    EmitError, ExchangeType, Flags, Header, MessageWriter, Payload, PayloadHeader, PayloadType, Writer,
    header, vendor,
};

use super::Frames;

/// The spoke's router, that begins, and the pair's virtual address, that answers.
pub(super) const INITIATOR: Ipv4Addr = Ipv4Addr::new(10, 1, 1, 2);
pub(super) const RESPONDER: Ipv4Addr = Ipv4Addr::new(172, 16, 172, 53);

pub(super) const HEADER: Header = Header {
    initiator_cookie: [0x1a, 0x2b, 0x3c, 0x4d, 0x5e, 0x6f, 0x70, 0x81],
    responder_cookie: [0x92, 0xa3, 0xb4, 0xc5, 0xd6, 0xe7, 0xf8, 0x09],
    version: header::Version::V1_0,
    exchange_type: ExchangeType::IDENTITY_PROTECTION,
    flags: Flags::NONE,
    message_id: 0,
};

pub(super) const fn phase_2(exchange_type: ExchangeType, message_id: u32) -> Header {
    Header { exchange_type, message_id, ..HEADER }
}

pub(super) type Written<'w, 'b> = MessageWriter<'w, 'b>;

pub(super) fn message(
    header: &Header,
    payloads: impl FnOnce(&mut Written<'_, '_>) -> Result<(), EmitError>,
) -> Result<Vec<u8>> {
    let mut buffer = vec![0; 4096];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, header)?;
    payloads(&mut message)?;
    message.finish()?;
    Ok(writer.written().to_vec())
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
    [&header::NON_ESP_MARKER, message].concat()
}

/// Octets that look like nothing, the same each time.
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

pub(super) fn offer(message: &mut Written<'_, '_>, keys: &[u16]) -> Result<(), EmitError> {
    use oakley::AttributeType as Type;
    let payload_type = PayloadType::SECURITY_ASSOCIATION;
    message.security_association(payload_type, Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
        proposals.proposal(1, ProtocolId::ISAKMP, &[], |transforms| {
            for (number, bits) in (1..).zip(keys) {
                transforms.transform(number, IsakmpTransformId::KEY_IKE, |list| {
                    list.basic(Type::ENCRYPTION_ALGORITHM, oakley::EncryptionAlgorithm::AES_CBC)?;
                    list.basic(Type::KEY_LENGTH, *bits)?;
                    list.basic(Type::HASH_ALGORITHM, oakley::HashAlgorithm::SHA)?;
                    list.basic(Type::GROUP_DESCRIPTION, oakley::GroupDescription::MODP_1024)?;
                    list.basic(Type::AUTHENTICATION_METHOD, oakley::AuthenticationMethod::PRE_SHARED_KEY)?;
                    list.basic(Type::LIFE_TYPE, oakley::LifeType::SECONDS)?;
                    list.number(Type::LIFE_DURATION, 86_400)
                })?;
            }
            Ok(())
        })
    })
}

/// A main mode of two routers of IOS that speak NAT-T draft 07, quick mode after it, dead peer detection.
pub(super) fn main_mode() -> Result<Frames> {
    let first = Header { responder_cookie: [0; 8], ..HEADER };
    let ios = |cookie| {
        [&vendor::ios_prefix(cookie)[..], &[0xdb, 0x6a, 0x50, 0x98, 0x69, 0xfd, 0xb3, 0x30]].concat()
    };
    let exchange = |from_initiator: bool| {
        message(&HEADER, |message| {
            let own = if from_initiator { HEADER.initiator_cookie } else { HEADER.responder_cookie };
            message.push(PayloadType::KEY_EXCHANGE, &noise(u64::from(from_initiator), 128))?;
            message.push(PayloadType::NONCE, &noise(2, 20))?;
            message.push(PayloadType::VENDOR_ID, &vendor::CISCO_UNITY_1_0)?;
            message.push(PayloadType::VENDOR_ID, &vendor::DPD_1_0)?;
            message.push(PayloadType::VENDOR_ID, &ios(own))?;
            message.push(PayloadType::VENDOR_ID, vendor::XAUTH.octets)?;
            message.push(PayloadType::NAT_DETECTION, &noise(3, 20))?;
            message.push(PayloadType::NAT_DETECTION, &noise(4, 20))
        })
    };
    let encrypted = |exchange_type, message_id, len| -> Result<Vec<u8>> {
        let header = Header { flags: Flags::ENCRYPTION, ..phase_2(exchange_type, message_id) };
        let mut buffer = [0; 512];
        let mut writer = Writer::new(&mut buffer);
        let first = match message_id {
            0 => PayloadType::IDENTIFICATION,
            _ => PayloadType::HASH,
        };
        MessageWriter::encrypted(&mut writer, &header, first, &noise(u64::from(message_id), len))?;
        Ok(marked(writer.written()))
    };
    let main = ExchangeType::IDENTITY_PROTECTION;
    let quick = ExchangeType::QUICK_MODE;
    let messages = [
        (
            500,
            message(&first, |message| {
                offer(message, &[256, 192, 128, 128])?;
                for known in
                    [&vendor::RFC_3947, &vendor::NAT_T_07, &vendor::NAT_T_03, &vendor::NAT_T_02_NEWLINE]
                {
                    message.push(PayloadType::VENDOR_ID, known.octets)?;
                }
                Ok(())
            })?,
        ),
        (
            500,
            message(&HEADER, |message| {
                offer(message, &[128])?;
                message.push(PayloadType::VENDOR_ID, vendor::RFC_3947.octets)
            })?,
        ),
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

/// Payloads of every kind in messages in the clear, as they look once decrypted.
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
    // GDOI's numbers, and one that nobody has; octets after the last payload.
    push(
        848,
        message(&phase_2(ExchangeType(32), 7), |message| {
            message.push(PayloadType::HASH, &noise(20, 20))?;
            message.push(PayloadType(200), &noise(21, 12))
        })?,
    )?;
    Ok(frames)
}

fn quick_mode() -> Result<Vec<u8>> {
    use ipsec::AttributeType as Type;
    message(&phase_2(ExchangeType::QUICK_MODE, 0x8f20_4988), |message| {
        message.push(PayloadType::HASH, &noise(10, 20))?;
        let payload_type = PayloadType::SECURITY_ASSOCIATION;
        message.security_association(payload_type, Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
            proposals.proposal(1, ProtocolId::AH, &[0xa1, 2, 3, 4], |transforms| {
                transforms.transform(1, AhTransformId::SHA, |list| {
                    list.basic(Type::AUTHENTICATION_ALGORITHM, ipsec::AuthenticationAlgorithm::HMAC_SHA)
                })
            })?;
            proposals.proposal(1, ProtocolId::ESP, &[0xe1, 2, 3, 4], |transforms| {
                transforms.transform(1, EspTransformId::AES_CBC, |list| {
                    list.basic(Type::SA_LIFE_TYPE, ipsec::LifeType::SECONDS)?;
                    list.basic(Type::SA_LIFE_DURATION, 3600u16)?;
                    list.basic(Type::SA_LIFE_TYPE, ipsec::LifeType::KILOBYTES)?;
                    list.variable(Type::SA_LIFE_DURATION, &4_608_000u32.to_be_bytes())?;
                    list.variable(Type::SA_LIFE_DURATION, &(1u64 << 40).to_be_bytes())?;
                    list.variable(Type::SA_LIFE_DURATION, &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
                    list.basic(Type::GROUP_DESCRIPTION, ipsec::GroupDescription::MODP_2048)?;
                    list.basic(Type::ENCAPSULATION_MODE, ipsec::EncapsulationMode::UDP_TUNNEL)?;
                    list.basic(
                        Type::AUTHENTICATION_ALGORITHM,
                        ipsec::AuthenticationAlgorithm::HMAC_SHA2_256,
                    )?;
                    list.basic(Type::KEY_LENGTH, 256u16)?;
                    list.basic(Type::KEY_ROUNDS, 14u16)?;
                    list.basic(Type::EXTENDED_SEQUENCE_NUMBER, ipsec::ExtendedSequenceNumber::SEQUENCE_64)
                })?;
                transforms.transform(2, EspTransformId::AES_GCM_16, |list| {
                    list.basic(Type::ENCAPSULATION_MODE, ipsec::EncapsulationMode::TRANSPORT)?;
                    list.basic(Type::COMPRESS_DICTIONARY_SIZE, 9u16)?;
                    list.variable(Type::COMPRESS_PRIVATE_ALGORITHM, &[1, 2, 3])?;
                    list.basic(Type::ECN_TUNNEL, ipsec::EcnTunnel::ALLOWED)?;
                    list.basic(Type::AUTHENTICATION_KEY_LENGTH, 160u16)?;
                    list.variable(Type::SIGNATURE_ENCODING_ALGORITHM, &[4, 5])?;
                    list.basic(Type::ADDRESS_PRESERVATION, ipsec::AddressPreservation::NONE)?;
                    list.basic(Type::SA_DIRECTION, ipsec::SaDirection::SYMMETRIC)?;
                    list.basic(0x7abcu16, 1u16)
                })
            })?;
            proposals.proposal(1, ProtocolId::IPCOMP, &[0xc1, 2], |transforms| {
                transforms.transform(1, IpcompTransformId::LZS, |_| Ok(()))
            })
        })?;
        message.push(PayloadType::NONCE, &noise(11, 20))?;
        message.push(PayloadType::KEY_EXCHANGE, &noise(12, 256))?;
        for (payload_type, address) in [
            (PayloadType::NAT_ORIGINAL_ADDRESS, INITIATOR.into()),
            (PayloadType::NAT_ORIGINAL_ADDRESS_DRAFT, std::net::Ipv6Addr::LOCALHOST.into()),
        ] {
            let address = NatOriginalAddress { reserved: [0; 3], address };
            message.payload(payload_type, &Payload::NatOriginalAddress(address))?;
        }
        message.push(PayloadType::NAT_DETECTION_DRAFT, &noise(13, 20))
    })
}

fn identities() -> Result<Vec<u8>> {
    let (low, high) = (Ipv4Addr::new(10, 1, 0, 0), Ipv4Addr::new(255, 255, 0, 0));
    let (low_v6, high_v6) = ("2001:db8::".parse()?, "ffff:ffff::".parse()?);
    message(&Header { exchange_type: ExchangeType::AGGRESSIVE, ..HEADER }, |message| {
        for (protocol_id, port, identity) in [
            (17, 500, Identity::Ipv4Address(INITIATOR)),
            (17, 0, Identity::Fqdn(b"spoke.example")),
            (0, 0, Identity::UserFqdn(b"alice@example")),
            (6, 80, Identity::Ipv4Subnet { address: low, mask: high }),
            (0, 0, Identity::Ipv6Address(low_v6)),
            (0, 0, Identity::Ipv6Subnet { address: low_v6, mask: high_v6 }),
            (0, 0, Identity::Ipv4Range { first: low, last: high }),
            (0, 0, Identity::Ipv6Range { first: low_v6, last: high_v6 }),
            (0, 0, Identity::KeyId(b"vpngroup")),
        ] {
            let value = Identification { protocol_id, port, identity };
            message.payload(PayloadType::IDENTIFICATION, &Payload::Identification(value))?;
        }
        Ok(())
    })
}

fn certificates() -> Result<Vec<u8>> {
    message(&HEADER, |message| {
        let certificate_encoding = CertificateEncoding(2);
        let body = noise(14, 40);
        message.payload(
            PayloadType::CERTIFICATE,
            &Payload::Certificate(Certificate { certificate_encoding, certificate_data: &body }),
        )?;
        message.payload(
            PayloadType::CERTIFICATE_REQUEST,
            &Payload::CertificateRequest(CertificateRequest {
                certificate_type: certificate_encoding,
                certificate_authority: &body,
            }),
        )?;
        message.push(PayloadType::SIGNATURE, &noise(15, 128))?;
        message.push(PayloadHeader { payload_type: PayloadType::HASH, reserved: 0x5a }, &noise(16, 20))
    })
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
    message(&phase_2(ExchangeType::INFORMATIONAL, 0x2974_808c), |message| {
        for (notify_message_type, protocol_id, spi, data) in list {
            let value = Notification {
                doi: Doi::IPSEC,
                protocol_id,
                notify_message_type,
                spi,
                notification_data: NotificationData::Octets(data),
            };
            message.payload(PayloadType::NOTIFICATION, &Payload::Notification(value))?;
        }
        Ok(())
    })
}

fn deletes() -> Result<Vec<u8>> {
    let cookies = [HEADER.initiator_cookie, HEADER.responder_cookie].concat();
    let lists: [(ProtocolId, u8, &[u8]); 2] = [
        (ProtocolId::ESP, 4, &[0xea, 0x8c, 0x83, 0xc1, 0x5b, 0x23, 0xf2, 0x2e]),
        (ProtocolId::ISAKMP, 16, &cookies),
    ];
    message(&phase_2(ExchangeType::INFORMATIONAL, 0xdb86_110a), |message| {
        for (protocol_id, size, octets) in lists {
            let spis = Spis::new(size, octets).unwrap_or_default();
            let value = Delete { doi: Doi::IPSEC, protocol_id, spis };
            message.payload(PayloadType::DELETE, &Payload::Delete(value))?;
        }
        Ok(())
    })
}

fn configurations() -> Result<Vec<Vec<u8>>> {
    let header = phase_2(ExchangeType::TRANSACTION, 0xd20f_a401);
    let address: &[u8] = &[10, 99, 1, 2];
    let prefix = [&[0x20, 1, 0x0d, 0xb8][..], &[0; 12], &[64]].concat();
    let split = [&[10, 1, 0, 0, 255, 255, 0, 0][..], &[0, 6, 0, 0, 0, 80]].concat();
    Ok(vec![
        message(&header, |message| {
            message.configuration(ConfigurationType::REQUEST, 9, |list| {
                list.basic(Attribute::XAUTH_TYPE, 0u16)?;
                list.variable(Attribute::XAUTH_MESSAGE, b"Enter your password")?;
                list.variable(Attribute::XAUTH_USER_NAME, b"")?;
                list.variable(Attribute::XAUTH_USER_PASSWORD, b"")
            })
        })?,
        message(&header, |message| {
            message.configuration(ConfigurationType::REPLY, 9, |list| {
                list.variable(Attribute::XAUTH_USER_NAME, b"alice")?;
                list.variable(Attribute::XAUTH_USER_PASSWORD, b"wonderland")?;
                list.variable(Attribute::XAUTH_DOMAIN, b"example")
            })
        })?,
        message(&header, |message| {
            message
                .configuration(ConfigurationType::SET, 10, |list| list.basic(Attribute::XAUTH_STATUS, 1u16))
        })?,
        message(&header, |message| {
            message.configuration(ConfigurationType::REPLY, 11, |list| {
                list.variable(Attribute::INTERNAL_IP4_ADDRESS, address)?;
                list.variable(Attribute::INTERNAL_IP4_NETMASK, &[255, 255, 255, 0])?;
                list.variable(Attribute::INTERNAL_IP4_DNS, address)?;
                list.variable(Attribute::INTERNAL_IP4_NBNS, address)?;
                list.variable(Attribute::INTERNAL_ADDRESS_EXPIRY, &86_400u32.to_be_bytes())?;
                list.variable(Attribute::INTERNAL_IP4_DHCP, address)?;
                list.variable(Attribute::APPLICATION_VERSION, b"vpnwire")?;
                list.variable(Attribute::INTERNAL_IP6_ADDRESS, &prefix)?;
                list.variable(Attribute::INTERNAL_IP6_DNS, &prefix[..16])?;
                list.variable(Attribute::INTERNAL_IP4_SUBNET, &[10, 99, 0, 0, 255, 255, 0, 0])?;
                list.variable(Attribute::SUPPORTED_ATTRIBUTES, &[0, 1, 0, 2, 0x70, 4])?;
                list.variable(Attribute::INTERNAL_IP6_SUBNET, &prefix)?;
                list.variable(Attribute::UNITY_BANNER, b"Authorized users only")?;
                list.variable(Attribute::UNITY_DEF_DOMAIN, b"example")?;
                list.variable(Attribute::UNITY_SPLIT_INCLUDE, &split)?;
                list.variable(Attribute::UNITY_SPLIT_EXCLUDE, &split[..8])?;
                list.basic(Attribute::UNITY_PFS, 0u16)
            })
        })?,
    ])
}

fn vendors() -> Result<Vec<u8>> {
    message(&HEADER, |message| {
        message
            .push(PayloadType::VENDOR_ID, &[vendor::MS_NT5_ISAKMPOAKLEY.octets, &[0, 0, 0, 8]].concat())?;
        message.push(PayloadType::VENDOR_ID, &[vendor::FORTIGATE.octets, &[5, 2, 0, 7]].concat())?;
        message.push(PayloadType::VENDOR_ID, &[vendor::CHECK_POINT.octets, &noise(17, 20)].concat())?;
        message.push(PayloadType::VENDOR_ID, &[vendor::FRAGMENTATION.octets, &[0x80, 0, 0, 0]].concat())?;
        message.push(PayloadType::VENDOR_ID, b"nobody knows")
    })
}

/// The first message of a main mode in three fragments, the last of them first, then one that contradicts.
pub(super) fn fragments() -> Result<Frames> {
    let first = Header { responder_cookie: [0; 8], ..HEADER };
    let whole = message(&first, |message| {
        offer(message, &[256, 192, 128])?;
        message.push(PayloadType::VENDOR_ID, &[vendor::FRAGMENTATION.octets, &[0x80, 0, 0, 0]].concat())
    })?;
    let pieces: Vec<_> = whole.chunks(80).collect();
    let mut frames = Frames::new();
    for (number, piece) in (1..).zip(&pieces).collect::<Vec<_>>().into_iter().rev() {
        let flags = u8::from(usize::from(number) == pieces.len());
        let octets = message(&first, |message| {
            let fragment = Fragment { identifier: 1, number, flags, data: piece };
            message.payload(PayloadType::FRAGMENT, &Payload::Fragment(fragment))
        })?;
        frames.push((frames.len() as u64 * 100, datagram(true, 500, &octets)?));
    }
    for (time, data) in [(1000, b"one"), (2000, b"two")] {
        let octets = message(&first, |message| {
            let fragment = Fragment { identifier: 2, number: 1, flags: 0, data };
            message.payload(PayloadType::FRAGMENT, &Payload::Fragment(fragment))
        })?;
        frames.push((time, datagram(true, 500, &octets)?));
    }
    Ok(frames)
}

/// Messages that break their format.
pub(super) fn broken() -> Result<Frames> {
    let good = message(&HEADER, |message| {
        offer(message, &[128])?;
        message.push(PayloadType::VENDOR_ID, &vendor::DPD_1_0)
    })?;
    let changed = |at: usize, octet: u8| {
        let mut octets = good.clone();
        octets[at] = octet;
        octets
    };
    let deletes = deletes()?;
    let mut list: Vec<Vec<u8>> = vec![
        // a number of transforms that lies, which is derived
        changed(47, 3),
        // a total length beyond the octets, and one below them
        changed(27, good[27] + 1),
        changed(27, good[27] - 20),
        // a payload, a proposal, a transform and an attribute that end after what is around them
        changed(31, 0xff),
        changed(43, 0x2d),
        changed(51, 0x25),
        changed(83, 0xff),
        // a payload of three octets
        changed(good.len() - 17, 3),
        // a proposal's SPI that ends after it
        changed(46, 200),
        // a transform that names a key exchange as next
        changed(48, 4),
        // major version 3
        changed(17, 0x30),
        // a header cut by its sender
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
