//! The attributes of records: present, missing and malformed.

use vpnwire_hasync::record::{IpsecSa, Listed, NhrpEntries, ReplayUpdates, SaBundle};
use vpnwire_hasync::{
    Attribute, AttributeCode, AttributeFraming, Emit as _, EmitError, List, Message, MessageType, ParseError,
    Record,
};

use crate::{envelope, message, record, written};

#[test]
fn a_record_has_an_attribute_once() {
    let octets = message(MessageType::KEEPALIVE, &[(0x8072, &[0, 0, 0, 1]), (0x8072, &[0, 0, 0, 2])]);
    let error = ParseError::DuplicateAttribute { code: AttributeCode::KEEPALIVE, offset: 16 };
    assert_eq!(record(&octets), Err(error));
    let octets = message(MessageType::KEEPALIVE, &[(0x8000, &[0, 0, 0, 1]), (0x8000, &[0, 0, 0, 2])]);
    let error = ParseError::DuplicateAttribute { code: AttributeCode::SERIAL, offset: 16 };
    assert_eq!(record(&octets), Err(error));
}

#[test]
fn a_record_lacks_nothing() {
    for (message_type, code) in [
        (MessageType::ADD_IKE_SA, AttributeCode::MY_COOKIE),
        (MessageType::UPDATE_IKE_SA, AttributeCode::MY_COOKIE),
        (MessageType::DELETE_IKE_SA, AttributeCode::MY_COOKIE),
        (MessageType::ADD_SAS, AttributeCode::BUNDLE_ID),
        (MessageType::DELETE_SAS, AttributeCode::BUNDLE_ID),
        (MessageType::REPLAY_UPDATE, AttributeCode::REPLAY_UPDATE),
        (MessageType::BULK_SYNC_BEGIN, AttributeCode::BULK_COUNTS),
        (MessageType::REDUNDANCY_STATE, AttributeCode::REDUNDANCY_STATE),
        (MessageType::KEEPALIVE, AttributeCode::KEEPALIVE),
        (MessageType::ADD_NHRP_ENTRIES, AttributeCode::NHRP_ENTRY),
        (MessageType::ACKNOWLEDGEMENT, AttributeCode::ACKNOWLEDGED),
    ] {
        let octets = message(message_type, &[]);
        assert_eq!(record(&octets), Err(ParseError::MissingAttribute { code }), "{message_type}");
    }
}

#[test]
fn half_of_what_a_standby_needs_is_not_enough() {
    // Cisco's attributes make an IKE SA. With one key beside them, all the other keys are missing.
    let ciscos: [(u16, &[u8]); 17] = [
        (2, &[1; 8]),
        (3, &[2; 8]),
        (4, &[4, 0, 0, 5]),
        (5, &[4, 0, 0, 3]),
        (6, &[1, 0xf4]),
        (7, &[0]),
        (8, &[0]),
        (9, &[2]),
        (38, &[1]),
        (39, &[17]),
        (40, &[1, 0xf4]),
        (41, &[4, 0, 0, 5]),
        (42, &[0; 4]),
        (44, &[0; 4]),
        (11, &[0; 4]),
        (12, &[0; 4]),
        (13, &[0; 4]),
    ];
    let octets = message(MessageType::ADD_IKE_SA, &ciscos);
    assert!(record(&octets).is_ok());
    let with_key = [&ciscos[..], &[(0x8014, &[0xa5; 20])]].concat();
    let octets = message(MessageType::ADD_IKE_SA, &with_key);
    let error = record(&octets).unwrap_err();
    assert_eq!(error, ParseError::MissingAttribute { code: AttributeCode::LOCAL_PORT });
    for left_out in 0..17 {
        let mut attributes = ciscos.to_vec();
        let (code, _) = attributes.remove(left_out);
        let octets = message(MessageType::ADD_IKE_SA, &attributes);
        let error = record(&octets).unwrap_err();
        assert_eq!(error, ParseError::MissingAttribute { code: AttributeCode(code) });
    }
}

#[test]
fn what_is_malformed_in_a_list_is_kept_under_its_code_and_refused_in_a_record() {
    let sa: (u16, &[u8]) = (0x8040, &[0x80, 0x46, 0, 2, 0xa5, 0xa5]);
    let octets = message(MessageType::ADD_SAS, &[(0x8051, &[0, 0, 0, 1]), sa]);
    let error = ParseError::MissingAttribute { code: AttributeCode::SA_IDENTIFIER };
    assert_eq!(record(&octets), Err(error));
    let read = Message::parse(&octets).unwrap();
    let chain = read.attributes.chain().unwrap().clone();
    let list = List::<AttributeFraming, Listed<'_, IpsecSa<'_>>>::from(chain);
    let codes = list.iter().map(|listed| match listed {
        Listed::Malformed { code, .. } => code,
        Listed::Value(_) => panic!("an SA that is not whole is a value"),
    });
    assert_eq!(codes.collect::<Vec<_>>(), [AttributeCode::BUNDLE_ID, AttributeCode::IPSEC_SA]);
    assert_eq!(written(&list), octets[8..]);
    assert!(!format!("{list:?}").contains("165"));
    assert!(list.iter().all(|listed| listed.into_value().is_none()));
    let element = read.attributes.elements().next().unwrap();
    let error = ParseError::MissingAttribute { code: AttributeCode::IPSEC_SA };
    assert_eq!(IpsecSa::from_element(&element), Err(error));
}

#[test]
fn every_named_code_has_a_value_and_every_named_type_a_record() {
    for code in AttributeCode::NAMED {
        // Every code with a fixed length accepts a length of at most 32 octets.
        let decodes = (0..=32).any(|len| {
            let value = vec![0; len];
            let octets = message(MessageType::KEEPALIVE, &[(code.0, &value)]);
            let read = Message::parse(&octets).unwrap();
            !matches!(read.attributes.iter().next(), Some(Attribute::Raw { .. }))
        });
        assert!(decodes, "{code}");
    }
    for message_type in MessageType::NAMED {
        let octets = message(*message_type, &[]);
        assert!(!matches!(record(&octets), Ok(Record::Unknown { .. })), "{message_type}");
    }
}

#[test]
fn a_list_that_must_hold_something_is_not_sent_empty() {
    let missing = |code: AttributeCode| EmitError::MissingElement { element: code.name().unwrap() };
    let sas = SaBundle::new(1, [1; 8], [2; 8], List::default());
    for (record, code) in [
        (Record::ReplayUpdates(ReplayUpdates::new(List::default())), AttributeCode::REPLAY_UPDATE),
        (Record::AddNhrpEntries(NhrpEntries::new(List::default())), AttributeCode::NHRP_ENTRY),
        (Record::AddSas(sas), AttributeCode::IPSEC_SA),
    ] {
        assert_eq!(envelope(record).emit(&mut [0; 200]), Err(missing(code)));
    }
}
