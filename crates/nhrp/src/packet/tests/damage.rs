//! Packets that are cut, or whose lengths lie.

use super::*;

#[test]
fn a_lying_extension_offset_is_refused() {
    for found in [1, 19, 97, 0xffff] {
        let mut octets = REQUEST;
        octets[14..16].copy_from_slice(&u16::to_be_bytes(found));
        assert_eq!(Packet::parse(&octets), Err(ParseError::ExtensionOffset { found, len: 96 }));
        let read = Packet::parse_until_error(&octets).unwrap();
        assert_eq!(read.value.mandatory_part.exchange().is_some(), found >= 97, "{found}");
        assert_eq!(read.rest, if found >= 97 { &[] } else { &REQUEST[20..] }, "{found}");
    }
    // The offset lies inside the mandatory part: its addresses or its entry are cut.
    let offset = |found: u8| {
        let mut octets = REQUEST;
        octets[15] = found;
        Packet::parse(&octets).unwrap_err()
    };
    assert_eq!(offset(20), length("common header", 20, 8, 0));
    assert_eq!(offset(30), length("source NBMA address", 28, 4, 2));
    assert_eq!(offset(39), length("destination protocol address", 36, 4, 3));
    assert_eq!(offset(51), length("client information entry", 40, 12, 11));
    // Offset 40 makes the entry an extension of type 0 with a value: the octets behind it are too many.
    assert_eq!(
        offset(40),
        ParseError::TrailingOctets { element: "End Of Extensions", offset: 44, count: 52 }
    );
}

#[test]
fn an_extension_offset_in_what_was_cut_is_missing_unless_the_size_is_ignored() {
    // The cut is before the entry, so that only the packet size tells that something is missing.
    assert_eq!(Packet::parse(&REQUEST[..40]), Err(length("NHRP packet", 0, 96, 40)));
    let ignoring_size = Packet::parse_ignoring_size(&REQUEST[..40]);
    assert_eq!(ignoring_size, Err(ParseError::ExtensionOffset { found: 52, len: 40 }));
}

#[test]
fn address_lengths_beyond_the_packet_are_refused() {
    for (at, value, error) in [
        (18, 63, length("source NBMA address", 28, 63, 24)),
        (19, 63, length("source NBMA subaddress", 32, 63, 20)),
        (20, 255, length("source protocol address", 32, 255, 20)),
        (21, 255, length("destination protocol address", 36, 255, 16)),
        (48, 63, length("client information entry", 40, 75, 12)),
        (50, 255, length("client information entry", 40, 267, 12)),
    ] {
        let mut octets = REQUEST;
        octets[at] = value;
        assert_eq!(Packet::parse(&octets), Err(error), "octet {at}");
    }
}

#[test]
fn an_extension_chain_without_end_is_refused_rfc_2332_section_5_3() {
    assert_eq!(Packet::parse_ignoring_size(&REQUEST[..92]), Err(length("extension", 92, 4, 0)));
    assert_eq!(Packet::parse(&REQUEST[..94]), Err(length("extension", 92, 4, 2)));
    let read = Packet::parse_until_error(&REQUEST[..94]).unwrap();
    assert_eq!((read.value.extensions.count(), read.rest), (4, &REQUEST[92..94]));
    let mut octets = REQUEST;
    octets[66..68].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(Packet::parse(&octets), Err(length("Authentication extension", 64, 65_539, 32)));
    // 16,000 extensions without a value and without an end are framed once and refused.
    let octets = [&REQUEST[..52], &[0x3f, 0x33, 0, 0].repeat(16_000)].concat();
    assert_eq!(Packet::parse_ignoring_size(&octets), Err(length("extension", 64_052, 4, 0)));
}

#[test]
fn a_zero_length_authentication_hides_nothing() {
    let mut octets = [&REQUEST[..68], &REQUEST[92..]].concat();
    octets[66..68].copy_from_slice(&[0, 0]);
    octets[11] = 72;
    let packet = Packet::parse(&octets).unwrap();
    let decoded: Vec<_> = packet.decoded_extensions(Policy::default()).map(|(_, e)| e).collect();
    assert_eq!(decoded[3], Err(length("Authentication extension", 68, 4, 0)));
    assert!(decoded[4].is_ok());
    assert_eq!(emitted(&packet)[14..], octets[14..]);
}

#[test]
fn every_cut_is_an_error_and_keeps_what_is_there() {
    let starts = [(52, "Responder Address extension"), (56, "Forward Transit NHS Record extension")];
    for len in 0..REQUEST.len() {
        let cut = &REQUEST[..len];
        assert!(Packet::parse(cut).is_err(), "{len} octets");
        let Ok(read) = Packet::parse_until_error(cut) else {
            assert!(len < 20, "{len}");
            continue;
        };
        let fault = read.fault.unwrap();
        assert_eq!(Packet::parse_prefix(cut), Err(fault));
        let exchange = read.value.mandatory_part.exchange();
        assert_eq!(exchange.is_some(), len >= 40, "the addresses are there whole: {len}");
        if let Some(exchange) = exchange {
            assert_eq!(exchange.cies.count(), usize::from(len >= 52));
        } else {
            let MandatoryPart::Other(other) = &read.value.mandatory_part else { panic!("octets") };
            assert_eq!(
                (other.packet_type, other.octets),
                (PacketType::RESOLUTION_REQUEST, &REQUEST[20..len])
            );
        }
        for (start, name) in starts {
            if (start..start + 4).contains(&len) {
                assert_eq!(
                    fault,
                    length("extension", start, 4, len - start),
                    "not even the number of {name}"
                );
            }
        }
        // The cut is in the authentication extension, whose header ends at offset 68.
        if (68..92).contains(&len) {
            assert_eq!(fault, length("Authentication extension", 64, 28, len - 64));
            let element = read.value.extension_elements().last().unwrap();
            assert_eq!(element.name, "Authentication extension");
            assert_eq!((element.offset, element.value, element.missing), (64, &REQUEST[68..len], 92 - len));
            assert_eq!(Extension::parse(&element, Policy::default(), 4), Err(fault));
            let extension_type = ExtensionType::AUTHENTICATION;
            let value = ExtensionValue::Raw { extension_type, octets: &REQUEST[68..len], missing: 92 - len };
            let kept = Extension { compulsory: true, unused: false, value };
            assert_eq!(read.value.extensions.iter().last(), Some(kept));
        }
    }
}

#[test]
fn an_entry_that_is_cut_by_the_extensions_does_not_hide_them() {
    // The entry promises an address of 4 octets that is not there.
    let mut octets = REQUEST;
    octets[50] = 4;
    let fault = length("client information entry", 40, 16, 12);
    assert_eq!(Packet::parse(&octets), Err(fault));
    let read = Packet::parse_until_error(&octets).unwrap();
    assert_eq!((read.fault, read.rest), (Some(fault), &[][..]));
    assert_eq!(read.value.extensions.count(), 4);
    let cies = &read.value.mandatory_part.exchange().unwrap().cies;
    let element = cies.elements().next().unwrap();
    assert_eq!((element.name, element.missing), ("client information entry", 4));
    assert_eq!(cies.iter().next().unwrap().holding_time, Seconds(7200));
    // Half an entry is the rest, whatever follows it.
    octets[15] = 51;
    let read = Packet::parse_until_error(&octets).unwrap();
    assert_eq!(read.fault, Some(length("client information entry", 40, 12, 11)));
    assert_eq!(read.rest, &octets[40..]);
}

#[test]
fn a_packet_that_was_cut_before_its_extensions_says_how_much_is_missing() {
    let octets = REQUEST;
    let whole = octets.len();
    let extension_offset = usize::from(u16::from_be_bytes([octets[14], octets[15]]));
    assert!(extension_offset > FixedPart::LEN, "the extensions stand behind what is left");
    for len in FixedPart::LEN..extension_offset {
        let error = Packet::parse(&octets[..len]).unwrap_err();
        // The first element that is not all there is named, or the packet itself.
        let ParseError::Length(LengthError::Ends { available, needed, .. }) = error else {
            panic!("{len} octets: {error}");
        };
        assert!(needed > available, "{len} of {whole} octets: {error}");
    }
}
