use super::*;
use crate::doi::{EspTransformId, IsakmpTransformId, ipsec, oakley};
use crate::payload::hash::Hash;
use crate::payload::key_exchange::KeyExchange;
use crate::payload::nat_detection::NatDetection;
use crate::payload::nonce::Nonce;
use crate::payload::vendor_id::VendorId;
use crate::{Attribute, Body, ExchangeType, Header};
use std::string::{String, ToString};

const CONNECTION: Prefix = Prefix { connection: Some((0, 12)) };

fn lines(header: &Header, payloads: &[Payload<'_>]) -> String {
    let message = Message { header: *header, body: Body::Payloads(payloads.into()), trailing: &[] };
    let mut buffer = [0; 1024];
    let read = Message::parse(message.emit(&mut buffer).unwrap()).unwrap();
    Lines { message: &read, prefix: CONNECTION }.to_string()
}

fn vendor_id(vendor_id: &[u8]) -> Payload<'_> {
    VendorId { vendor_id }.into()
}

fn main_mode() -> Header {
    Header { exchange_type: ExchangeType::IDENTITY_PROTECTION, ..Header::default() }
}

#[test]
fn message_ids_and_spis_are_signed() {
    assert_eq!(signed(0x9bb7_e83a), -1_682_446_278);
    assert_eq!(signed(0x5e7a_d670), 1_585_108_592);
    assert_eq!(signed(0xa783_873e), -1_484_552_386);
    assert_eq!(signed(0xea8c_83c1), -359_889_983);
}

#[test]
fn main_mode_message_1_of_ios_12_3() {
    use oakley::AttributeType as Type;
    let attributes = [
        Attribute::basic(Type::ENCRYPTION_ALGORITHM, 1u16),
        Attribute::basic(Type::HASH_ALGORITHM, 1u16),
        Attribute::basic(Type::GROUP_DESCRIPTION, 1u16),
        Attribute::basic(Type::AUTHENTICATION_METHOD, 1u16),
        Attribute::basic(Type::LIFE_TYPE, 1u16),
        Attribute::variable(Type::LIFE_DURATION, &[0, 1, 0x51, 0x80]),
    ];
    let transforms = [Transform {
        transform_number: 1,
        transform_id: IsakmpTransformId::KEY_IKE.0,
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
    let printed = lines(
        &main_mode(),
        &[association.into(), vendor_id(vendor::NAT_T_03.octets), vendor_id(vendor::NAT_T_02_NEWLINE.octets)],
    );
    assert_eq!(
        printed,
        "ISAKMP (0:12): processing SA payload. message ID = 0\n\
         ISAKMP (0:12): Checking ISAKMP transform 1\n\
         ISAKMP: encryption DES-CBC\n\
         ISAKMP: hash MD5\n\
         ISAKMP: default group 1\n\
         ISAKMP: auth pre-share\n\
         ISAKMP: life type in seconds\n\
         ISAKMP: life duration (VPI) of 0x0 0x1 0x51 0x80\n\
         ISAKMP (0:12): processing vendor id payload\n\
         ISAKMP (0:12): vendor ID seems Unity/DPD but major 157 mismatch\n\
         ISAKMP (0:12): vendor ID is NAT-T v3\n\
         ISAKMP (0:12): processing vendor id payload\n\
         ISAKMP (0:12): vendor ID seems Unity/DPD but major 123 mismatch\n\
         ISAKMP (0:12): vendor ID is NAT-T v2\n"
    );
}

#[test]
fn main_mode_message_3_of_ios_12_3() {
    // The cookie and the vendor id are those of ISAKMP_sa_setup.pcap, frame 3.
    let cookie = 0xcf02_326f_14a9_5b93_u64.to_be_bytes();
    let own = 0x3ac5_9572_14a8_5b93_db6a_5098_69fd_b330_u128.to_be_bytes();
    let printed = lines(
        &Header { initiator_cookie: cookie, ..main_mode() },
        &[
            KeyExchange { key_exchange_data: &[0; 96] }.into(),
            Nonce { nonce_data: &[0; 20] }.into(),
            vendor_id(&vendor::CISCO_UNITY_1_0),
            vendor_id(&vendor::DPD_1_0),
            vendor_id(&own),
            vendor_id(vendor::XAUTH.octets),
            NatDetection { hash: &[0; 16], ..NatDetection::default() }.into(),
        ],
    );
    assert_eq!(
        printed,
        "ISAKMP (0:12): processing KE payload. message ID = 0\n\
         ISAKMP (0:12): processing NONCE payload. message ID = 0\n\
         ISAKMP (0:12): processing vendor id payload\n\
         ISAKMP (0:12): vendor ID is Unity\n\
         ISAKMP (0:12): processing vendor id payload\n\
         ISAKMP (0:12): vendor ID is DPD\n\
         ISAKMP (0:12): processing vendor id payload\n\
         ISAKMP (0:12): speaking to another IOS box!\n\
         ISAKMP (0:12): processing vendor id payload\n\
         ISAKMP (0:12): vendor ID is XAUTH\n\
         ISAKMP:received payload type 20\n"
    );
}

#[test]
fn quick_mode_message_1_of_ios_12_3() {
    use ipsec::AttributeType as Type;
    let header =
        Header { exchange_type: ExchangeType::QUICK_MODE, message_id: 0x9bb7_e83a, ..Header::default() };
    let attributes = [
        Attribute::basic(Type::ENCAPSULATION_MODE, 1u16),
        Attribute::basic(Type::SA_LIFE_TYPE, 1u16),
        Attribute::basic(Type::SA_LIFE_DURATION, 120u16),
        Attribute::basic(Type::SA_LIFE_TYPE, 2u16),
        Attribute::variable(Type::SA_LIFE_DURATION, &[0, 0x46, 0x50, 0]),
        Attribute::basic(Type::AUTHENTICATION_ALGORITHM, 1u16),
    ];
    let transforms = [Transform {
        transform_number: 1,
        transform_id: EspTransformId::TRIPLE_DES.0,
        reserved: 0,
        attributes: (&attributes).into(),
    }
    .into()];
    let proposals = [Proposal {
        proposal_number: 1,
        protocol_id: ProtocolId::ESP,
        spi: &[0; 4],
        transforms: (&transforms).into(),
        trailing: &[],
    }
    .into()];
    let association =
        SecurityAssociation { proposals: (&proposals).into(), ..SecurityAssociation::default() };
    let identity = Identity::Ipv4Address([10, 0, 0, 1].into());
    let printed = lines(
        &header,
        &[
            Hash { hash_data: &[0; 16] }.into(),
            association.into(),
            Identification { protocol_id: 47, port: 0, identity }.into(),
        ],
    );
    assert_eq!(
        printed,
        "ISAKMP (0:12): processing HASH payload. message ID = -1682446278\n\
         ISAKMP (0:12): processing SA payload. message ID = -1682446278\n\
         ISAKMP (0:12): Checking IPSec proposal 1\n\
         ISAKMP: transform 1, ESP_3DES\n\
         ISAKMP: attributes in transform:\n\
         ISAKMP: encaps is 1\n\
         ISAKMP: SA life type in seconds\n\
         ISAKMP: SA life duration (basic) of 120\n\
         ISAKMP: SA life type in kilobytes\n\
         ISAKMP: SA life duration (VPI) of 0x0 0x46 0x50 0x0\n\
         ISAKMP: authenticator is HMAC-MD5\n\
         ISAKMP (0:12): processing ID payload. message ID = -1682446278\n"
    );
}

#[test]
fn notifications_of_ios() {
    let header =
        Header { exchange_type: ExchangeType::INFORMATIONAL, message_id: 1_585_108_592, ..Header::default() };
    let bodies: [&[u8]; 4] = [
        &[0, 0, 0, 1, 1, 0, 0x80, 0x01],
        &[0, 0, 0, 1, 1, 0, 0x60, 0x02],
        &[0, 0, 0, 1, 3, 4, 0, 14, 0xea, 0x8c, 0x83, 0xc1],
        &[0, 0, 0, 1, 1, 0, 0x12, 0x34],
    ];
    let [one, two, three, four] = bodies.map(|body| Payload::from(Notification::parse_body(body).unwrap()));
    let error = Notification::parse_body(&[0]).unwrap_err();
    let payload_type = PayloadType::NOTIFICATION;
    let short = PayloadBody::Malformed { payload_type, octets: &[0], missing: 0, error };
    let printed = lines(&header, &[one, two, three, four, short.into()]);
    assert_eq!(
        printed,
        "ISAKMP (0:12): processing NOTIFY ITS_ALIVE protocol 1 spi 0, message ID = 1585108592\n\
         ISAKMP (0:12): processing NOTIFY INITIAL_CONTACT protocol 1 spi 0, message ID = 1585108592\n\
         ISAKMP (0:12): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3 spi -359889983, message ID = 1585108592\n\
         ISAKMP (0:12): processing NOTIFY 4660 protocol 1 spi 0, message ID = 1585108592\n\
         ISAKMP (0:12): malformed payload: Notification at offset 84 of the ISAKMP message needs 8 octets, but only 1 are there\n"
    );
}

#[test]
fn the_sent_id_payload_of_ios_12_3() {
    let identification = Identification::parse_body(&[1, 17, 1, 0xf4, 0xd1, 0xa8, 0xca, 0x82]).unwrap();
    let printed =
        IdPayload { connection: 12, next_payload: PayloadType::HASH, identification: &identification }
            .to_string();
    assert_eq!(
        printed,
        "ISAKMP (12): ID payload\n\
         next-payload : 8\n\
         type : 1\n\
         addr : 209.168.202.130\n\
         protocol : 17\n\
         port : 500\n\
         length : 8\n\
         ISAKMP (12): Total payload length: 12\n"
    );
    assert_eq!(Prefix::default().to_string(), "ISAKMP: ");
}
