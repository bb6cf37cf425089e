//! Octets with a named source: RFCs, and messages in the documents of Cisco's routers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_isakmp::doi::{EspTransformId, IsakmpTransformId, ProtocolId, ipsec, oakley};
use vpnwire_isakmp::payload::hash::Hash;
use vpnwire_isakmp::payload::identification::{Identification, Identity};
use vpnwire_isakmp::payload::proposal::Proposal;
use vpnwire_isakmp::payload::security_association::SecurityAssociation;
use vpnwire_isakmp::payload::transform::Transform;
use vpnwire_isakmp::payload::vendor_id::VendorId;
use vpnwire_isakmp::{
    Attribute, AttributeFraming, Attributes, Body, Emit, ExchangeType, Header, Message, Payload, vendor,
};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap())
        .collect();
    digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect()
}

/// The policy in Cisco's documents about DMVPN and HSRP (DES, MD5, group 1, pre-shared key, 86,400 seconds), with the
/// attributes in the order in which IOS sends them. It is the generic header and a body of 52 octets.
const ASSOCIATION: &str = "0d000038 00000001 00000001 0000002c 01010001 00000024 01010000
    80010001 80020001 80040001 80030001 800b0001 000c0004 00015180";

const HEADER: Header = Header {
    initiator_cookie: [0; 8],
    responder_cookie: [0; 8],
    version: vpnwire_isakmp::Version::V1_0,
    exchange_type: ExchangeType::IDENTITY_PROTECTION,
    flags: vpnwire_isakmp::Flags::NONE,
    message_id: 0,
};

fn main_mode(vendor_ids: &[&[u8]]) -> Vec<u8> {
    use oakley::AttributeType as Type;
    let attributes = [
        Attribute::basic(Type::ENCRYPTION_ALGORITHM, oakley::EncryptionAlgorithm::DES_CBC),
        Attribute::basic(Type::HASH_ALGORITHM, oakley::HashAlgorithm::MD5),
        Attribute::basic(Type::GROUP_DESCRIPTION, oakley::GroupDescription::MODP_768),
        Attribute::basic(Type::AUTHENTICATION_METHOD, oakley::AuthenticationMethod::PRE_SHARED_KEY),
        Attribute::basic(Type::LIFE_TYPE, oakley::LifeType::SECONDS),
        Attribute::variable(Type::LIFE_DURATION, &[0x00, 0x01, 0x51, 0x80]),
    ];
    let transforms = [Transform {
        transform_number: 1,
        transform_id: IsakmpTransformId::KEY_IKE.into(),
        reserved: 0,
        attributes: (&attributes).into(),
    }
    .into()];
    let proposals = [Proposal {
        proposal_number: 1,
        protocol_id: ProtocolId::ISAKMP,
        transforms: (&transforms).into(),
        ..Proposal::default()
    }
    .into()];
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let mut payloads = vec![Payload::from(association)];
    payloads.extend(vendor_ids.iter().map(|vendor_id| Payload::from(VendorId { vendor_id })));
    let message =
        Message { header: HEADER, body: Body::Payloads(payloads.as_slice().into()), ..Message::default() };
    let mut buffer = [0; 256];
    message.emit(&mut buffer).unwrap().to_vec()
}

#[test]
fn main_mode_messages_1_and_2_of_ios_12_3() {
    let one = main_mode(&[vendor::NAT_T_03.octets, vendor::NAT_T_02_NEWLINE.octets]);
    assert_eq!(one.len(), 124);
    assert_eq!(one[28..84], hex(ASSOCIATION));
    assert_eq!(main_mode(&[vendor::NAT_T_03.octets]).len(), 104);
    let message = Message::parse(&one).unwrap();
    assert_eq!(message.emit(&mut [0; 124]).unwrap(), one);
    assert_eq!(message.conformance().count(), 0);
}

#[test]
fn the_phase_1_offer_of_ios_12_3_both_ways() {
    let octets = hex(ASSOCIATION);
    let body = SecurityAssociation::parse_body(&octets[4..]).unwrap();
    let proposal = body.proposals.iter().next().unwrap().decoded().unwrap();
    let transform = proposal.transforms.iter().next().unwrap().decoded().unwrap();
    let values: Vec<_> =
        transform.attributes.iter().map(|a| (a.attribute_type, a.value.number().unwrap())).collect();
    assert_eq!(values, [(1, 1), (2, 1), (4, 1), (3, 1), (11, 1), (12, 86_400)]);
    assert_eq!(body.emit(&mut [0; 52]).unwrap(), &octets[4..]);
}

#[test]
fn the_phase_2_attributes_of_ios_12_3_both_ways() {
    let octets = hex("80040001 80010001 80020078 80010002 0002000400465000 80050001");
    let list = Attributes::parse(&octets, 0, AttributeFraming).unwrap();
    let values: Vec<_> = list.iter().map(|a| (a.attribute_type, a.value.number().unwrap())).collect();
    assert_eq!(values, [(4, 1), (1, 1), (2, 120), (1, 2), (2, 4_608_000), (5, 1)]);
    assert_eq!(list.emit(&mut [0; 28]).unwrap(), octets);
    use ipsec::AttributeType as Type;
    let kilobytes = 4_608_000u32.to_be_bytes();
    let built = [
        Attribute::basic(Type::ENCAPSULATION_MODE, ipsec::EncapsulationMode::TUNNEL),
        Attribute::basic(Type::SA_LIFE_TYPE, oakley::LifeType::SECONDS),
        Attribute::basic(Type::SA_LIFE_DURATION, 120u16),
        Attribute::basic(Type::SA_LIFE_TYPE, oakley::LifeType::KILOBYTES),
        Attribute::variable(Type::SA_LIFE_DURATION, &kilobytes),
        Attribute::basic(Type::AUTHENTICATION_ALGORITHM, ipsec::AuthenticationAlgorithm::HMAC_MD5),
    ];
    assert_eq!(Attributes::from(&built).emit(&mut [0; 28]).unwrap(), octets);
    assert_eq!(u8::from(EspTransformId::TRIPLE_DES), 3);
}

#[test]
fn rfc_2407_section_4_5_2_the_attribute_list() {
    let octets = hex("80010001 00020004 00015180 80010002 00020004 000186A0");
    let list = Attributes::parse(&octets, 0, AttributeFraming).unwrap();
    let values: Vec<_> = list.iter().map(|a| a.value.number().unwrap()).collect();
    assert_eq!(values, [1, 86_400, 2, 100_000]);
}

#[test]
fn the_identification_of_ios_12_3_both_ways() {
    // The document prints before it: next-payload 8, type 1, protocol 17, port 500, total payload length 12.
    let octets = hex("08 00 00 0c 01 11 01 f4 d1 a8 ca 83");
    let body = Identification::parse_body(&octets[4..]).unwrap();
    assert_eq!((body.protocol_id, body.port), (17, 500));
    assert_eq!(body.identity, Identity::Ipv4Address([209, 168, 202, 131].into()));
    let payloads = [body.into(), Hash { hash_data: &[0; 16] }.into()];
    let message = Message { header: HEADER, body: Body::Payloads((&payloads).into()), ..Message::default() };
    assert_eq!(message.emit(&mut [0; 64]).unwrap()[28..40], octets);
    let proxy = Identification {
        protocol_id: 47,
        port: 0,
        identity: Identity::Ipv4Address([209, 168, 202, 130].into()),
    };
    assert_eq!(proxy.emit(&mut [0; 8]).unwrap(), hex("01 2f 0000 d1a8ca82"));
}

#[test]
fn the_association_of_an_ios_aggressive_mode() {
    // SAi_b of an aggressive mode capture of IOS: AES-128, SHA, group 2, pre-shared key, 86,400 seconds.
    let octets = hex(
        "00000001 00000001 00000030 01010001 00000028 01010000 80010007 800e0080 80020002 80040002 80030001
         800b0001 000c0004 00015180",
    );
    let body = SecurityAssociation::parse_body(&octets).unwrap();
    let proposal = body.proposals.iter().next().unwrap().decoded().unwrap();
    let transform = proposal.transforms.iter().next().unwrap().decoded().unwrap();
    let key_length = transform
        .attributes
        .iter()
        .find(|a| a.attribute_type == oakley::AttributeType::KEY_LENGTH.0)
        .unwrap();
    assert_eq!(key_length.value.number(), Some(128));
    let mut again = vec![0; octets.len()];
    body.emit(&mut again).unwrap();
    assert_eq!(again, octets);
}
