use super::*;
use crate::doi::{Doi, EspTransformId, IsakmpTransformId, ipsec, oakley};
use crate::payload::situation::Situation;
use crate::{ExchangeType, Header, MessageWriter, Writer};
use std::string::{String, ToString};

const CONNECTION: Prefix = Prefix { connection: Some((0, 12)) };

fn lines(
    header: &Header,
    write: impl FnOnce(&mut MessageWriter<'_, '_>) -> Result<(), wire::EmitError>,
) -> String {
    let mut buffer = [0; 1024];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, header).unwrap();
    write(&mut message).unwrap();
    message.finish().unwrap();
    let message = Message::parse(writer.written()).unwrap();
    Lines { message: &message, context: NegotiationContext::NONE, prefix: CONNECTION }.to_string()
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
    let printed = lines(&main_mode(), |message| {
        message.security_association(PayloadType(1), Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
            proposals.proposal(1, ProtocolId::ISAKMP, &[], |transforms| {
                transforms.transform(1, IsakmpTransformId::KEY_IKE, |attributes| {
                    attributes.basic(Type::ENCRYPTION_ALGORITHM, 1u16)?;
                    attributes.basic(Type::HASH_ALGORITHM, 1u16)?;
                    attributes.basic(Type::GROUP_DESCRIPTION, 1u16)?;
                    attributes.basic(Type::AUTHENTICATION_METHOD, 1u16)?;
                    attributes.basic(Type::LIFE_TYPE, 1u16)?;
                    attributes.number(Type::LIFE_DURATION, 86_400)
                })
            })
        })?;
        message.push(PayloadType::VENDOR_ID, vendor::NAT_T_03.octets)?;
        message.push(PayloadType::VENDOR_ID, vendor::NAT_T_02_NEWLINE.octets)
    });
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
    // Cookie and vendor id of ISAKMP_sa_setup.pcap frame 3.
    let cookie = 0xcf02_326f_14a9_5b93_u64.to_be_bytes();
    let own = 0x3ac5_9572_14a8_5b93_db6a_5098_69fd_b330_u128.to_be_bytes();
    let printed = lines(&Header { initiator_cookie: cookie, ..main_mode() }, |message| {
        message.push(PayloadType::KEY_EXCHANGE, &[0; 96])?;
        message.push(PayloadType::NONCE, &[0; 20])?;
        message.push(PayloadType::VENDOR_ID, &vendor::CISCO_UNITY_1_0)?;
        message.push(PayloadType::VENDOR_ID, &vendor::DPD_1_0)?;
        message.push(PayloadType::VENDOR_ID, &own)?;
        message.push(PayloadType::VENDOR_ID, vendor::XAUTH.octets)?;
        message.push(PayloadType::NAT_DETECTION, &[0; 16])
    });
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
    let printed = lines(&header, |message| {
        message.push(PayloadType::HASH, &[0; 16])?;
        message.security_association(PayloadType(1), Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
            proposals.proposal(1, ProtocolId::ESP, &[0; 4], |transforms| {
                transforms.transform(1, EspTransformId::TRIPLE_DES, |attributes| {
                    attributes.basic(Type::ENCAPSULATION_MODE, 1u16)?;
                    attributes.basic(Type::SA_LIFE_TYPE, 1u16)?;
                    attributes.basic(Type::SA_LIFE_DURATION, 120u16)?;
                    attributes.basic(Type::SA_LIFE_TYPE, 2u16)?;
                    attributes.number(Type::SA_LIFE_DURATION, 4_608_000)?;
                    attributes.basic(Type::AUTHENTICATION_ALGORITHM, 1u16)
                })
            })
        })?;
        message.push(PayloadType::IDENTIFICATION, &[1, 47, 0, 0, 10, 0, 0, 1])
    });
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
    let printed = lines(&header, |message| {
        message.push(PayloadType::NOTIFICATION, &[0, 0, 0, 1, 1, 0, 0x80, 0x01])?;
        message.push(PayloadType::NOTIFICATION, &[0, 0, 0, 1, 1, 0, 0x60, 0x02])?;
        message.push(PayloadType::NOTIFICATION, &[0, 0, 0, 1, 3, 4, 0, 14, 0xea, 0x8c, 0x83, 0xc1])?;
        message.push(PayloadType::NOTIFICATION, &[0, 0, 0, 1, 1, 0, 0x12, 0x34])?;
        message.push(PayloadType::NOTIFICATION, &[0])
    });
    assert_eq!(
        printed,
        "ISAKMP (0:12): processing NOTIFY ITS_ALIVE protocol 1 spi 0, message ID = 1585108592\n\
         ISAKMP (0:12): processing NOTIFY INITIAL_CONTACT protocol 1 spi 0, message ID = 1585108592\n\
         ISAKMP (0:12): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3 spi -359889983, message ID = 1585108592\n\
         ISAKMP (0:12): processing NOTIFY 4660 protocol 1 spi 0, message ID = 1585108592\n\
         ISAKMP (0:12): malformed payload: Notification at offset 84 needs 8 octets, 1 available\n"
    );
}

#[test]
fn the_sent_id_payload_of_ios_12_3() {
    let identification = Identification::parse(&[1, 17, 1, 0xf4, 0xd1, 0xa8, 0xca, 0x82]).unwrap();
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
