//! Messages that are made from values.

use vpnwire_hasync::record::{Keepalive, Listed, MessageId};
use vpnwire_hasync::{
    Attribute, AttributeCode, AttributeFraming, ChainWriter, DebugCryptoHa, Emit as _, Envelope, Header,
    Message, MessageType, ParseError, Record, Secret, Writer,
};

use crate::{envelope, message, written};

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
