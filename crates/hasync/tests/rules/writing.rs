//! Messages that are made from values.

use core::time::Duration;

use vpnwire_hasync::record::{
    Keepalive, Lifetime, Listed, MessageId, NatState, NhrpParameters, RedundancyState, ReplayUpdates,
};
use vpnwire_hasync::{
    Attribute, AttributeCode, AttributeFraming, ChainWriter, DebugCryptoHa, Emit as _, EmitError, Envelope,
    Header, List, Message, MessageType, ParseError, Record, Secret, Writer,
};

use crate::{envelope, message, written};

#[test]
fn a_message_is_built_from_values_and_equals_the_same_from_octets() {
    let inside = [Attribute::PathMtu(1500), Attribute::EncryptionKey(Secret::new(b"key"))];
    let attributes = [
        Attribute::Serial(1),
        Attribute::IpsecSa((&inside).into()),
        Attribute::Raw { code: AttributeCode(43), value: Secret::new(&[1, 2, 3]), missing: 0 },
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

    // Changing one inner value changes the octets and every length around it.
    let mut changed: Vec<_> = read.attributes.iter().collect();
    let inside = [Attribute::PathMtu(1400), Attribute::EncryptionKey(Secret::new(b"longer key"))];
    changed[1] = Attribute::IpsecSa((&inside[..]).into());
    let changed = written(&Message { header, attributes: (&changed[..]).into() });
    let nested = [&[0x80, 0x4e, 0, 2, 5, 0x78][..], &[0x80, 0x46, 0, 10], b"longer key"].concat();
    let all: [(u16, &[u8]); 3] = [(0x8000, &[0, 0, 0, 1]), (0x8040, &nested), (43, &[1, 2, 3])];
    assert_eq!(changed, message(MessageType::ADD_SAS, &all));

    // There are no octets to read a record from, and no value is shown.
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
fn what_would_not_be_read_back_as_the_record_is_not_written() {
    let refused = |record: Record<'_>, serial| {
        let envelope = Envelope::new([4, 0, 0, 3].into(), serial, record);
        match envelope.emit(&mut [0; 200]).unwrap_err() {
            EmitError::Contradiction { field, .. } => field,
            other => panic!("{other}"),
        }
    };
    // The record is unknown, but its type is a known one.
    for message_type in MessageType::NAMED {
        let unknown = Record::Unknown { message_type: *message_type, attributes: List::default() };
        assert_eq!(refused(unknown, None), "type of the HA message", "{message_type}");
    }
    // There are two serials, and only one can belong to the message.
    let attributes = [Attribute::Serial(1), Attribute::Serial(2)];
    let unknown = Record::Unknown { message_type: MessageType(77), attributes: (&attributes).into() };
    assert_eq!(refused(unknown, Some(1)), "VPNWIRE_ATT_SERIAL");
    // These attributes are not values of the list.
    for code in [AttributeCode::SERIAL, AttributeCode::REPLAY_UPDATE, AttributeCode(43)] {
        let updates = [Listed::Malformed { code, octets: Secret::new(&[0; 4]), missing: 0 }];
        let updates = Record::ReplayUpdates(ReplayUpdates::new((&updates).into()));
        assert_eq!(refused(updates, Some(1)), "VPNWIRE_ATT_REPLAY_UPDATE", "{code}");
    }
}

/// Attributes with the same time in one field each, the name of the field, and the greatest count that it can carry.
fn timed(time: Duration) -> [(Attribute<'static>, &'static str, u32); 7] {
    let (lifetime, nhrp, redundancy) =
        (Lifetime::default(), NhrpParameters::default(), RedundancyState::default());
    let nat_state = NatState { keepalive: time, ..NatState::default() };
    let (two, four) = (u32::from(u16::MAX), u32::MAX);
    [
        (Attribute::Lifetime(Lifetime { duration: time, ..lifetime }), "duration", four),
        (Attribute::Lifetime(Lifetime { duration_left: time, ..lifetime }), "duration_left", four),
        (Attribute::NatState(nat_state), "keepalive", two),
        (Attribute::NhrpParameters(NhrpParameters { holding_time: time, ..nhrp }), "holding_time", two),
        (Attribute::NhrpParameters(NhrpParameters { expires_in: time, ..nhrp }), "expires_in", two),
        (
            Attribute::RedundancyState(RedundancyState { client_notification_timer: time, ..redundancy }),
            "client_notification_timer",
            four,
        ),
        (
            Attribute::RedundancyState(RedundancyState { keep_alive_timer: time, ..redundancy }),
            "keep_alive_timer",
            four,
        ),
    ]
}

#[test]
fn a_time_with_a_fraction_of_its_unit_is_not_written() {
    let second = Duration::from_secs(1);
    for (index, (_, field, max)) in timed(second).into_iter().enumerate() {
        let of = |time| timed(time)[index].0.clone();
        let refused = |time| of(time).emit(&mut [0; 40]).unwrap_err();
        let (unit, length) = match field {
            "client_notification_timer" | "keep_alive_timer" => ("milliseconds", Duration::from_millis(1)),
            _ => ("seconds", second),
        };
        // The receiver sees the time that was written, up to the greatest that the field can carry.
        for count in [0, 1, 600, max] {
            let attributes = [of(length * count)];
            let header = Header { flags: 1, message_type: MessageType(77), id: [4, 0, 0, 3].into() };
            let octets = written(&Message { header, attributes: (&attributes).into() });
            let read: Vec<_> = Message::parse(&octets).unwrap().attributes.iter().collect();
            assert_eq!(read, attributes, "{field}");
        }
        // No part of a unit is dropped, however small it is.
        for time in
            [length / 2, length + length / 2, length - Duration::from_nanos(1), Duration::from_nanos(1)]
        {
            let error = refused(time);
            assert_eq!(error, EmitError::Inexact { field, unit }, "{time:?}");
        }
        assert_eq!(
            refused(length * 3 / 2).to_string(),
            format!("{field} is sent in whole {unit}, but its value is not a whole number of {unit}")
        );
        let greatest = length * max;
        assert_eq!(refused(greatest + length / 2), EmitError::Inexact { field, unit });
        // A time above the limit of its field is told as such, with or without a fraction.
        let error = refused(greatest + length + length / 2);
        let is_of_field = |name, greatest| name == field && u32::try_from(greatest) == Ok(max);
        assert!(
            matches!(error, EmitError::FieldOverflow { field, max, .. } if is_of_field(field, max)),
            "{error}"
        );
    }
}

#[test]
fn what_was_cut_is_not_written_member_by_member_either() {
    let octets = message(MessageType::REPLAY_UPDATE, &[(0x8060, &[1; 22])]);
    let cut = Message::parse_until_error(&octets[..octets.len() - 2]).unwrap().value;
    let error = EmitError::CutElement { element: "VPNWIRE_ATT_REPLAY_UPDATE", missing: 2 };
    let attributes: Vec<_> = cut.attributes.iter().collect();
    let again = Message { header: cut.header, attributes: (&attributes[..]).into() };
    assert_eq!(again.emit(&mut [0; 64]), Err(error));
    assert_ne!(again.attributes, Message::parse(&octets).unwrap().attributes);
    let chain = cut.attributes.chain().unwrap().clone();
    let list = List::<AttributeFraming, Listed<'_, vpnwire_hasync::record::ReplayUpdate>>::from(chain);
    let listed: Vec<_> = list.iter().collect();
    let updates = Record::ReplayUpdates(ReplayUpdates::new((&listed[..]).into()));
    assert_eq!(envelope(updates).emit(&mut [0; 64]), Err(error));
}
