//! Lengths that are wrong, and values of the wrong length.

use vpnwire_hasync::record::{IkeSaUpdate, Keepalive, Listed, MessageId};
use vpnwire_hasync::{
    Attribute, AttributeCode, DebugCryptoHa, Emit as _, EmitError, Envelope, Header, LengthError, Message,
    MessageType, ParseError, Record, Secret,
};

use crate::{envelope, message, written};

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
    assert_eq!(
        error.to_string(),
        "1 octets follow HA message at offset 16 of the HA message, but it must end there"
    );
    assert_eq!(Message::parse_prefix(&trailing).unwrap().1, [0xee]);
    assert_eq!(Message::parse_until_error(&trailing).unwrap().rest, [0xee]);
    let mut attribute = trailing;
    attribute[11] = 5;
    let error = LengthError::Ends { element, within, offset: 8, needed: 9, available: 8 };
    assert_eq!(Message::parse(&attribute), Err(error.into()));
    assert_eq!(
        Message::parse_until_error(&attribute).unwrap().rest,
        [0xee],
        "the octet is not the attribute's"
    );
}

#[test]
fn of_a_message_that_is_cut_the_last_attribute_keeps_its_name_and_what_is_there_of_it() {
    let inside = [&[0x80, 0x4e, 0, 2, 5, 0xdc][..], &[0x80, 0x46, 0, 4, 0xa5, 0xa5, 0xa5, 0xa5]].concat();
    let all: [(u16, &[u8]); 4] =
        [(0x8000, &[0, 0, 0, 1]), (6, &[1, 0xf4]), (0x8040, &inside), (43, &[0xa5, 0xa5, 0xa5])];
    let octets = message(MessageType::ADD_SAS, &all);
    for end in 0..8 {
        assert!(Message::parse_until_error(&octets[..end]).is_err(), "the header is not complete");
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
                assert_eq!(cut.rest, &octets[start.min(end)..end], "a header that is cut is not kept");
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
                assert_eq!(
                    attribute,
                    Attribute::Raw {
                        code,
                        value: Secret::new(&value[..there]),
                        missing: value.len() - there
                    }
                );
                assert_eq!(Attribute::parse(&element).map_err(Some), Err(Some(fault)));
                assert_eq!(
                    (cut.rest, fault.to_string().split(' ').next()),
                    (&[][..], element.name.split(' ').next())
                );
            }
            start += 4 + value.len();
        }
        assert!(elements.next().is_none() && decoded.next().is_none());
        assert!(
            Envelope::from_message(&cut.value).is_err(),
            "a standby takes no record from a message that is cut"
        );
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
fn attributes_inside_attributes_hold_no_others_however_deep_a_message_nests_them() {
    let mut value = vec![0x80, 0x4e, 0, 2, 5, 0xdc];
    while value.len() < 60_000 {
        let len = u16::try_from(value.len()).unwrap().to_be_bytes();
        value.splice(0..0, [0x80, 0x40, len[0], len[1]]);
    }
    let octets = message(MessageType::ADD_SAS, &[(0x8040, &value)]);
    let read = Message::parse(&octets).unwrap();
    let Some(Attribute::IpsecSa(inside)) = read.attributes.iter().next() else { panic!("attributes") };
    let Some(Attribute::Raw { code, .. }) = inside.iter().next() else {
        panic!("the inner attribute is decoded")
    };
    assert_eq!(code, AttributeCode::IPSEC_SA);
    assert_eq!(written(&read), octets);
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
