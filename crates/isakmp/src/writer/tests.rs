use super::*;
use crate::payload::vendor_id::VendorId;
use crate::{ExchangeType, Flags, Message, NegotiationContext};

fn header() -> Header {
    Header { exchange_type: ExchangeType::AGGRESSIVE, initiator_cookie: [7; 8], ..Header::default() }
}

#[test]
fn lengths_and_links_are_filled_in() {
    let mut buffer = [0xee; 64];
    let mut writer = Writer::new(&mut buffer);
    writer.put(&crate::header::NON_ESP_MARKER).unwrap();
    let mut message = MessageWriter::new(&mut writer, &header()).unwrap();
    message.push(PayloadType::NONCE, &[1, 2]).unwrap();
    message.push(PayloadHeader { payload_type: PayloadType(200), reserved: 9 }, &[]).unwrap();
    assert_eq!(message.written_mut().len(), 28 + 6 + 4);
    message.finish_with(&[0xde, 0xad]).unwrap();
    let written = writer.into_written();
    assert_eq!(written[4 + 16], 10, "the first type stands in the header");
    assert_eq!(written[4 + 24..4 + 28], [0, 0, 0, 40]);
    assert_eq!(written[4 + 28..], [200, 0, 0, 6, 1, 2, 0, 9, 0, 4, 0xde, 0xad]);
    let octets = crate::header::strip_non_esp_marker(written).unwrap();
    let message = Message::parse(octets).unwrap();
    assert_eq!(message.body.payloads().unwrap().rest(), [0xde, 0xad]);
}

#[test]
fn a_message_without_payloads_is_its_header() {
    let mut buffer = [0xee; 28];
    let mut writer = Writer::new(&mut buffer);
    MessageWriter::new(&mut writer, &header()).unwrap().finish().unwrap();
    let message = Message::parse(&buffer).unwrap();
    assert_eq!(message.payloads(NegotiationContext::NONE).count(), 0);
    assert_eq!((buffer[16], buffer[27]), (0, 28));
}

#[test]
fn a_payload_that_does_not_fit_leaves_no_trace() {
    let mut buffer = [0; 28 + 8];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, &header()).unwrap();
    message.push(PayloadType::HASH, &[]).unwrap();
    let error = message.security_association(
        PayloadType::SECURITY_ASSOCIATION,
        Doi::IPSEC,
        &Situation::IDENTITY_ONLY,
        |_| Ok(()),
    );
    assert_eq!(error, Err(EmitError::BufferTooSmall { needed: 40, available: 36 }));
    message.payload(PayloadType::VENDOR_ID, &Payload::VendorId(VendorId { vendor_id: &[] })).unwrap();
    message.finish().unwrap();
    assert_eq!(writer.into_written()[28..], [13, 0, 0, 4, 0, 0, 0, 4]);
    let mut small = [0; 27];
    let mut writer = Writer::new(&mut small);
    assert!(MessageWriter::new(&mut writer, &header()).is_err());
    assert_eq!(writer.position(), 0);
}

#[test]
fn a_transform_that_does_not_fit_is_not_counted() {
    let mut buffer = [0; 64];
    let mut writer = Writer::new(&mut buffer);
    let mut message = MessageWriter::new(&mut writer, &header()).unwrap();
    message
        .security_association(PayloadType(1), Doi::IPSEC, &Situation::IDENTITY_ONLY, |proposals| {
            proposals.proposal(1, ProtocolId::ISAKMP, &[], |transforms| {
                transforms.transform(1, 1, |_| Ok(()))?;
                let error = transforms.transform(2, 1, |attributes| attributes.variable(12u16, &[0; 40]));
                assert!(error.is_err());
                Ok(())
            })
        })
        .unwrap();
    message.finish().unwrap();
    let written = writer.into_written();
    assert_eq!(written.len(), 28 + 12 + 8 + 8);
    assert_eq!(written[28 + 12 + 7], 1, "one transform");
}

#[test]
fn rfc_2409_appendix_b_padding_counts_in_the_length() {
    let mut buffer = [0xee; 64];
    let mut writer = Writer::new(&mut buffer);
    let encrypted = Header { flags: Flags::ENCRYPTION, ..header() };
    let mut message = MessageWriter::new(&mut writer, &encrypted).unwrap();
    message.push(PayloadType::HASH, &[5; 16]).unwrap();
    message.finish_padded(8).unwrap();
    let written = writer.into_written();
    assert_eq!((written.len(), written[27]), (28 + 24, 52));
    assert_eq!(written[48..], [0; 4]);
}

#[test]
fn an_encrypted_body_is_written_with_its_first_type() {
    let mut buffer = [0; 36];
    let mut writer = Writer::new(&mut buffer);
    let encrypted = Header { flags: Flags::ENCRYPTION, ..header() };
    MessageWriter::encrypted(&mut writer, &encrypted, PayloadType::HASH, &[9; 8]).unwrap();
    let message = Message::parse(&buffer).unwrap();
    match message.body {
        crate::Body::Encrypted(body) => {
            assert_eq!((body.next_payload, body.octets), (PayloadType::HASH, &[9; 8][..]));
            let decrypted = [0, 0, 0, 6, 1, 2, 0, 0];
            let payloads = body.payloads(&decrypted).unwrap();
            assert_eq!((payloads.element_count(), payloads.offset(), payloads.rest()), (1, 28, &[0, 0][..]));
            assert!(body.payloads(&[0, 0, 0, 9, 1, 2, 0, 0]).is_err());
            assert!(body.payloads_until_error(&[0, 0, 0, 9]).1.is_some());
        }
        crate::Body::Payloads(_) => panic!("it is encrypted"),
    }
}
