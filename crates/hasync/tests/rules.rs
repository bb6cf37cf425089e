//! Rules of the profile, one test each, and input that wants to do harm.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_hasync::profile::{self, Stream};
use vpnwire_hasync::record::{
    IkeSaUpdate, IpsecSa, Keepalive, Listed, MessageId, NhrpEntries, ReplayUpdates, SaBundle,
};
use vpnwire_hasync::{
    Attribute, AttributeCode, AttributeFraming, ChainWriter, DebugCryptoHa, Departure, Emit as _, EmitError,
    Envelope, Header, LengthError, List, Message, MessageType, ParseError, Record, Secret, Writer,
};

fn envelope(record: Record<'_>) -> Envelope<'_> {
    Envelope::new([4, 0, 0, 3].into(), Some(1), record)
}

fn written(value: &impl vpnwire_hasync::Emit) -> Vec<u8> {
    let mut buffer = vec![0xee; 70_000];
    value.emit(&mut buffer).unwrap().to_vec()
}

/// What the attributes of a message make.
fn record(octets: &[u8]) -> Result<Record<'_>, ParseError> {
    Envelope::from_message(&Message::parse(octets).unwrap()).map(|envelope| envelope.record)
}

/// A message of this type with these attributes.
fn message(message_type: MessageType, attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut octets = vec![1, message_type.0, 0, 0, 4, 0, 0, 3];
    for (code, value) in attributes {
        octets.extend(code.to_be_bytes());
        octets.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        octets.extend(*value);
    }
    let [high, low] = u16::try_from(octets.len()).unwrap().to_be_bytes();
    octets[2] = high;
    octets[3] = low;
    octets
}

#[test]
fn unknown_attributes_and_their_order_survive() {
    // A code that Cisco may have, one of this profile's range, a malformed value of a known one.
    let octets = message(
        MessageType::KEEPALIVE,
        &[
            (43, &[1, 2, 3]),
            (0xbeef, &[]),
            (6, &[1]),
            (0x8072, &[0, 0, 0, 9]),
            (43, &[4]),
            (0x8000, &[0, 0, 0, 1]),
        ],
    );
    let read = Message::parse(&octets).unwrap();
    assert_eq!(written(&read), octets);
    assert_eq!(
        read.conformance().collect::<Vec<_>>(),
        [
            Departure::NoRecord(ParseError::Length(LengthError::Ends {
                within: "HA message",
                element: "HA_IKE_ATT_PEER_PORT",
                offset: 23,
                needed: 2,
                available: 1
            })),
            Departure::UnknownAttribute { code: AttributeCode(43), offset: 8 },
            Departure::UnknownAttribute { code: AttributeCode(0xbeef), offset: 15 },
            Departure::Malformed { code: AttributeCode::PEER_PORT, offset: 19 },
            Departure::UnknownAttribute { code: AttributeCode(43), offset: 32 },
        ]
    );
}

#[test]
fn unknown_attributes_inside_attributes_survive() {
    let inside =
        [&[0x12, 0x34, 0, 2, 7, 7][..], &[0x80, 0x4e, 0, 2, 5, 0xdc], &[0x80, 0x40, 0, 1, 0xff]].concat();
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &inside)]);
    let read = Message::parse(&octets).unwrap();
    assert_eq!(written(&read), octets);
    // A run that is broken inside is kept as it is.
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &inside[..7])]);
    let read = Message::parse(&octets).unwrap();
    assert_eq!(written(&read), octets);
    assert!(
        read.conformance().any(|d| d == Departure::Malformed { code: AttributeCode::IPSEC_SA, offset: 8 })
    );
}

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
    // Cisco's attributes make an IKE SA; with one key beside them all others are missed.
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
fn lengths_that_lie_are_errors() {
    let within = "HA message";
    let octets = message(MessageType::KEEPALIVE, &[(0x8072, &[0, 0, 0, 1])]);
    let mut short = octets.clone();
    short[3] -= 1;
    let element = "VPNWIRE_ATT_KEEPALIVE";
    let error = LengthError::Ends { element, within, offset: 8, needed: 8, available: 7 };
    assert_eq!(Message::parse(&short), Err(error.into()));
    let mut long = octets.clone();
    long[3] += 1;
    let error = LengthError::Ends { element: within, within, offset: 0, needed: 17, available: 16 };
    assert_eq!(Message::parse(&long), Err(error.into()));
    let lenient = Message::parse_until_error(&long).unwrap();
    assert_eq!((lenient.value.attributes.count(), Header::declared_len(&long)), (1, Ok(17)));
    assert_eq!((lenient.rest, lenient.fault), (&[][..], Some(error.into())));
    assert_eq!(Envelope::from_message(&lenient.value), Err(error.into()));
    for declared in 0..8 {
        let mut below = octets.clone();
        below[3] = declared;
        let declared = usize::from(declared);
        let error = LengthError::Declared { element: within, within, offset: 0, least: 8, declared };
        assert_eq!(Message::parse(&below), Err(error.into()));
        assert_eq!(Message::parse_until_error(&below).unwrap_err(), error.into());
    }
    let trailing = [&octets[..], &[0xee]].concat();
    let error = ParseError::TrailingOctets { element: within, offset: 16, count: 1 };
    assert_eq!(Message::parse(&trailing), Err(error));
    assert_eq!(error.to_string(), "1 octets too many after HA message, at offset 16");
    assert_eq!(Message::parse_prefix(&trailing).unwrap().1, [0xee]);
    assert_eq!(Message::parse_until_error(&trailing).unwrap().rest, [0xee]);
    let mut attribute = trailing;
    attribute[11] = 5;
    let error = LengthError::Ends { element, within, offset: 8, needed: 9, available: 8 };
    assert_eq!(Message::parse(&attribute), Err(error.into()));
    assert_eq!(Message::parse_until_error(&attribute).unwrap().rest, [0xee], "not the attribute's");
}

#[test]
fn of_a_message_that_is_cut_the_last_attribute_keeps_its_name_and_what_is_there_of_it() {
    let inside = [&[0x80, 0x4e, 0, 2, 5, 0xdc][..], &[0x80, 0x46, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5]].concat();
    let all: [(u16, &[u8]); 4] =
        [(0x8000, &[0, 0, 0, 1]), (6, &[1, 0xf4]), (0x8040, &inside), (43, &[0xa5, 0xa5, 0xa5])];
    let octets = message(MessageType::ADD_SAS, &all);
    for end in 0..8 {
        assert!(Message::parse_until_error(&octets[..end]).is_err(), "there is no header");
    }
    let mut cut_count = 0;
    for end in 8..octets.len() {
        let cut = Message::parse_until_error(&octets[..end]).unwrap();
        let fault = cut.fault.unwrap();
        let mut start = 8;
        let mut elements = cut.value.attributes.elements();
        let mut decoded = cut.value.attributes.iter();
        for (code, value) in all {
            let (code, there) = (AttributeCode(code), end.saturating_sub(start + 4).min(value.len()));
            if end < start + 4 {
                assert_eq!(cut.rest, &octets[start.min(end)..end], "a header that is cut is no attribute");
                break;
            }
            let element = elements.next().unwrap();
            assert_eq!((element.header.code, element.offset, element.value), (code, start, &value[..there]));
            assert_eq!(element.name, code.name().unwrap_or("HA attribute"));
            assert_eq!(element.missing, value.len() - there);
            let attribute = decoded.next().unwrap();
            assert_eq!(attribute.code(), code);
            if element.is_cut() {
                cut_count += 1;
                assert_eq!(attribute, Attribute::Raw { code, value: Secret::new(&value[..there]) });
                assert_eq!(Attribute::parse(&element).map_err(Some), Err(Some(fault)));
                assert_eq!(
                    (cut.rest, fault.to_string().split(' ').next()),
                    (&[][..], element.name.split(' ').next())
                );
            }
            start += 4 + value.len();
        }
        assert!(elements.next().is_none() && decoded.next().is_none());
        assert!(Envelope::from_message(&cut.value).is_err(), "a standby takes nothing that is half there");
        let dump = DebugCryptoHa { message: &cut.value, number: 0, declared_len: octets.len(), prefix: "" };
        let shown = format!("{cut:?}{dump}").to_lowercase();
        assert!(!shown.contains("165") && !shown.contains("a5"), "{shown}");
        assert!(shown.ends_with("...\n"), "{shown}");
    }
    assert_eq!(cut_count, 4 + 2 + inside.len() + 3);
}

#[test]
fn values_have_the_length_of_their_code() {
    let value = |code: u16, value: &[u8]| {
        let octets = message(MessageType::KEEPALIVE, &[(code, value)]);
        let read = Message::parse(&octets).unwrap();
        Attribute::parse(&read.attributes.elements().next().unwrap()).map(|value| value.code())
    };
    assert_eq!(value(4, &[0; 16]), Ok(AttributeCode::SRC), "IPv6 too");
    let error = ParseError::AddressLength { element: "HA_IKE_ATT_SRC", offset: 12, available: 5 };
    assert_eq!(value(4, &[0; 5]), Err(error));
    assert_eq!(
        error.to_string(),
        "HA_IKE_ATT_SRC has an address of 5 octets at offset 12 of the HA message, but an address has 4 or 16"
    );
    let error = ParseError::TrailingOctets { element: "HA_IKE_ATT_MY_COOKIE", offset: 20, count: 1 };
    assert_eq!(value(2, &[0; 9]), Err(error));
    assert_eq!(
        value(0x801a, &[0; 15]),
        Err(ParseError::Length(LengthError::Ends {
            within: "HA message",
            element: "VPNWIRE_ATT_LIFETIME",
            offset: 12,
            needed: 16,
            available: 15
        }))
    );
}

#[test]
fn a_message_is_built_from_values_and_equals_the_same_from_octets() {
    let inside = [Attribute::PathMtu(1500), Attribute::EncryptionKey(Secret::new(b"key"))];
    let attributes = [
        Attribute::Serial(1),
        Attribute::IpsecSa((&inside).into()),
        Attribute::Raw { code: AttributeCode(43), value: Secret::new(&[1, 2, 3]) },
    ];
    let header = Header { flags: 1, message_type: MessageType::ADD_SAS, id: [4, 0, 0, 3].into() };
    let built = Message { header, attributes: (&attributes).into() };
    let octets = written(&built);
    let nested = [&[0x80, 0x4e, 0, 2, 5, 0xdc][..], &[0x80, 0x46, 0, 3], b"key"].concat();
    let all: [(u16, &[u8]); 3] = [(0x8000, &[0, 0, 0, 1]), (0x8040, &nested), (43, &[1, 2, 3])];
    assert_eq!(octets, message(MessageType::ADD_SAS, &all));
    let read = Message::parse(&octets).unwrap();
    assert_eq!(read, built);
    assert_eq!(read.wire_len(), built.wire_len());

    // One value changed inside changes the octets and each length around it.
    let mut changed: Vec<_> = read.attributes.iter().collect();
    let inside = [Attribute::PathMtu(1400), Attribute::EncryptionKey(Secret::new(b"longer key"))];
    changed[1] = Attribute::IpsecSa((&inside[..]).into());
    let changed = written(&Message { header, attributes: (&changed[..]).into() });
    let nested = [&[0x80, 0x4e, 0, 2, 5, 0x78][..], &[0x80, 0x46, 0, 10], b"longer key"].concat();
    let all: [(u16, &[u8]); 3] = [(0x8000, &[0, 0, 0, 1]), (0x8040, &nested), (43, &[1, 2, 3])];
    assert_eq!(changed, message(MessageType::ADD_SAS, &all));

    // No octets are there to read a record from, and no value is shown.
    assert_eq!(Envelope::from_message(&built), Err(ParseError::NotRead));
    let dump = DebugCryptoHa { message: &built, number: 0, declared_len: octets.len(), prefix: "" };
    assert!(dump.to_string().contains(" attr VPNWIRE_ATT_IPSEC_SA (32832) len 13\n (13 octets)\n"), "{dump}");
}

#[test]
fn attributes_are_pushed_until_the_buffer_is_full() {
    let mut buffer = [0; 20];
    let mut writer = Writer::new(&mut buffer);
    let mut chain = ChainWriter::new(&mut writer, AttributeFraming::default());
    assert_eq!(chain.push(&Attribute::Keepalive(7)), Ok(4..8));
    assert_eq!(chain.push(&Listed::from(MessageId(9))), Ok(12..16));
    assert!(chain.push(&Attribute::PeerPort(500)).is_err());
    assert_eq!(writer.written(), [0x80, 0x72, 0, 4, 0, 0, 0, 7, 0x80, 0x1e, 0, 4, 0, 0, 0, 9]);
}

#[test]
fn the_length_of_a_message_is_its_own_wherever_it_is_written() {
    let keepalive = envelope(Record::Keepalive(Keepalive::new(1)));
    let mut buffer = [0; 27];
    let mut writer = Writer::new(&mut buffer);
    writer.put(&[9, 9, 9]).unwrap();
    keepalive.emit_into(&mut writer).unwrap();
    assert_eq!(writer.written()[3..], written(&keepalive));
    let read = Message::parse(&writer.written()[3..]).unwrap();
    assert_eq!(Envelope::from_message(&read), Ok(keepalive));
}

#[test]
fn the_serial_of_an_unknown_type_stays_in_its_place_and_can_be_changed() {
    let all: [(u16, &[u8]); 3] = [(43, &[1]), (0x8000, &[0, 0, 0, 7]), (44, &[2])];
    let octets = message(MessageType(77), &all);
    let read = Message::parse(&octets).unwrap();
    let mut envelope = Envelope::from_message(&read).unwrap();
    assert_eq!((envelope.serial, envelope.wire_len()), (Some(7), octets.len()));
    assert_eq!(written(&envelope), octets);
    envelope.serial = Some(8);
    assert_eq!(written(&envelope), message(MessageType(77), &[all[0], (0x8000, &[0, 0, 0, 8]), all[2]]));
    envelope.serial = None;
    assert_eq!(written(&envelope), message(MessageType(77), &[all[0], all[2]]));
    let without = message(MessageType(77), &[all[0]]);
    let read = Message::parse(&without).unwrap();
    let mut envelope = Envelope::from_message(&read).unwrap();
    envelope.serial = Some(7);
    assert_eq!(written(&envelope), message(MessageType(77), &[all[1], all[0]]));
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
        Listed::Value(_) => panic!("neither is a whole SA"),
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
fn attributes_inside_attributes_hold_no_others_however_deep_a_message_nests_them() {
    let mut value = vec![0x80, 0x4e, 0, 2, 5, 0xdc];
    while value.len() < 60_000 {
        let len = u16::try_from(value.len()).unwrap().to_be_bytes();
        value.splice(0..0, [0x80, 0x40, len[0], len[1]]);
    }
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &value)]);
    let read = Message::parse(&octets).unwrap();
    let Some(Attribute::IpsecSa(inside)) = read.attributes.iter().next() else { panic!("attributes") };
    let Some(Attribute::Raw { code, .. }) = inside.iter().next() else { panic!("as it came") };
    assert_eq!(code, AttributeCode::IPSEC_SA);
    assert_eq!(written(&read), octets);
}

#[test]
fn numbers_of_cisco_and_of_the_profile_are_kept_apart() {
    for code in AttributeCode::NAMED {
        assert_eq!(code.is_of_profile(), !code.name().unwrap().starts_with("HA_IKE_ATT_"), "{code}");
    }
    let ciscos = AttributeCode::NAMED.iter().filter(|code| !code.is_of_profile()).count();
    assert_eq!(ciscos, 17);
    for message_type in MessageType::NAMED {
        assert_eq!(message_type.is_of_profile(), *message_type != MessageType::ADD_IKE_SA);
    }
}

#[test]
fn every_named_code_has_a_value_and_every_named_type_a_record() {
    for code in AttributeCode::NAMED {
        // Some length up to 32 fits each code that has fixed lengths.
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
fn unknown_attributes_may_be_keys_and_are_not_shown() {
    let octets =
        message(MessageType::ADD_IKE_SA, &[(10, &[0xa5; 8]), (0x8040, &[0xa5; 8]), (0x8046, &[0xa5; 8])]);
    let read = Message::parse(&octets).unwrap();
    let dump =
        DebugCryptoHa { message: &read, number: 3, declared_len: octets.len(), prefix: "" }.to_string();
    let iterator = read.attributes.iter();
    let elements = read.attributes.elements();
    for output in
        [format!("{read:?}{iterator:?}"), dump.clone(), format!("{elements:?}{:?}", elements.clone())]
    {
        assert!(!output.contains("165") && !output.contains("A5"), "{output}");
    }
    assert!(dump.contains(" attr unknown (10) len 8\n (8 octets)\n"), "{dump}");
    assert!(dump.starts_with("Sending IKE Add SA Message\nHA Message 3:flags=0x01"));
}

#[test]
fn a_length_that_lies_brings_no_key_into_a_dump() {
    let mut octets = message(MessageType::ADD_SAS, &[(4, &[4, 0, 0, 5]), (0x8046, &[0xa5; 8])]);
    octets[11] = 200;
    let read = Message::parse_until_error(&octets).unwrap();
    let dump = DebugCryptoHa { message: &read.value, number: 0, declared_len: octets.len(), prefix: "" };
    assert!(dump.to_string().ends_with(" attr HA_IKE_ATT_SRC (4) len 200\n (16 octets)\n"), "{dump}");
}

#[test]
fn long_values_go_on_in_the_next_line_and_nested_ones_are_indented() {
    let name: Vec<u8> = (0..18).collect();
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &[0x80, 0x4e, 0, 2, 5, 0xdc]), (0x8050, &name)]);
    let read = Message::parse(&octets).unwrap();
    let dump =
        DebugCryptoHa { message: &read, number: 0, declared_len: octets.len(), prefix: "" }.to_string();
    let lines: Vec<_> = dump.lines().skip(3).collect();
    assert_eq!(
        lines,
        [
            " attr VPNWIRE_ATT_IPSEC_SA (32832) len 6",
            "  attr VPNWIRE_ATT_PATH_MTU (32846) len 2",
            "  05 DC",
            " attr VPNWIRE_ATT_CRYPTO_MAP (32848) len 18",
            " 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F",
            " 10 11",
        ]
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let keepalive = envelope(Record::Keepalive(Keepalive::new(1)));
    let mut buffer = [0; 23];
    assert_eq!(
        keepalive.emit(&mut buffer).unwrap_err(),
        EmitError::BufferTooSmall { needed: 24, available: 23 }
    );
    let ids = vec![Listed::from(MessageId(1)); 8_200];
    let mut update = IkeSaUpdate::new([1; 8], [2; 8]);
    update.message_ids = ids[..].into();
    let error = envelope(Record::UpdateIkeSa(update)).emit(&mut vec![0; 70_000]).unwrap_err();
    assert!(matches!(error, EmitError::FieldOverflow { max: 65_535, .. }));
}

#[test]
fn a_time_that_does_not_fit_its_field_is_refused_and_not_shortened() {
    let lifetime = |seconds| vpnwire_hasync::record::Lifetime {
        duration: std::time::Duration::from_secs(seconds),
        ..Default::default()
    };
    let mut buffer = [0; 16];
    let greatest = u64::from(u32::MAX);
    assert!(Attribute::Lifetime(lifetime(greatest)).emit(&mut buffer).is_ok());
    for seconds in [greatest + 1, u64::MAX] {
        let error = Attribute::Lifetime(lifetime(seconds)).emit(&mut buffer).unwrap_err();
        assert!(matches!(error, EmitError::FieldOverflow { field: "duration", max: 0xffff_ffff, .. }));
    }
}

#[test]
fn messages_of_one_stream_keep_their_order_and_updates_need_none() {
    for message_type in MessageType::NAMED {
        let stream = profile::stream(*message_type);
        assert!(stream.name().is_some() && stream.0 < Stream::COUNT);
        assert_eq!(profile::is_unordered(*message_type), stream == Stream::UPDATES);
    }
    assert_eq!(profile::stream(MessageType::BULK_SYNC_END), profile::stream(MessageType::ADD_SAS));
    assert_eq!(profile::PAYLOAD_PROTOCOL_IDENTIFIER.to_be_bytes(), *b"vpHA");
}

#[test]
fn a_long_message_is_cut_into_segments() {
    let octets: Vec<u8> = (0..100).collect();
    let segments: Vec<_> = profile::segments(&octets, 40).collect();
    let flags: Vec<_> = segments.iter().map(|segment| (segment.beginning, segment.ending)).collect();
    assert_eq!(flags, [(true, false), (false, false), (false, true)]);
    assert_eq!(profile::segments(&octets, 100).count(), 1);
    assert_eq!(profile::segments(&octets, 0).count(), 0);
    assert_eq!(profile::segments(&[], 10).count(), 0);
}

#[test]
fn every_departure_names_its_section() {
    let octets = message(MessageType(77), &[(10, &[])]);
    let departures: Vec<_> = Message::parse(&octets).unwrap().conformance().collect();
    assert_eq!(departures.len(), 2);
    for departure in departures {
        assert!(departure.reference().starts_with("HA profile, ") && !departure.to_string().is_empty());
    }
    let octets = message(MessageType::KEEPALIVE, &[(0x8072, &[0; 4])]);
    let departures: Vec<_> = Message::parse(&octets).unwrap().conformance().collect();
    assert_eq!(departures, [Departure::NoSerial]);
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
