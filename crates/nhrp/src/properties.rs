//! The properties that hold for all octets. Proptest and the fuzz targets both check them.
#![allow(
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a property that does not hold panics, and bounded buffers are indexed"
)]

use wire::{ChainWriter, Emit, EmitError, List, Member, Writer};

use crate::extension::authentication::{AuthenticationForm, Credentials, verify};
use crate::{
    Cie, Cies, Departure, Extension, ExtensionElement, ExtensionFraming, ExtensionHeader, ExtensionNine,
    ExtensionType, ExtensionValue, Extensions, FixedPart, Forward, ForwardError, MandatoryPart, NbmaAddress,
    OwnedNbmaAddress, Packet, Policy, ProtocolAddress, Seconds, TransitRecord,
};

/// The number of octets of the longest packet that the properties write.
pub const MAX_LEN: usize = 4096;

/// All policies that a packet can be read under.
pub const POLICIES: [Policy; 6] = [
    Policy::new(AuthenticationForm::Cisco, ExtensionNine::NatAddress),
    Policy::new(AuthenticationForm::Cisco, ExtensionNine::DeviceCapabilities),
    Policy::new(AuthenticationForm::Rfc, ExtensionNine::NatAddress),
    Policy::new(AuthenticationForm::Rfc, ExtensionNine::DeviceCapabilities),
    Policy::new(AuthenticationForm::Auto, ExtensionNine::NatAddress),
    Policy::new(AuthenticationForm::Auto, ExtensionNine::DeviceCapabilities),
];

/// Everything that takes octets returns, and the results agree with each other.
pub fn parse_is_total(octets: &[u8]) {
    let _ = verify(octets, &Credentials::Password(b"secret"));
    let _ = Cies::parse(octets, 0, crate::CieFraming);
    let parsed = Packet::parse(octets);
    let until_error = Packet::parse_until_error(octets);
    let prefix = Packet::parse_prefix(octets);
    assert_eq!(until_error.clone().and_then(wire::Parsed::strict), prefix);
    let Ok(until_error) = until_error else {
        assert!(parsed.is_err());
        return;
    };
    let packet = until_error.value;
    if let Ok((prefix, rest)) = &prefix {
        let len = octets.len() - rest.len();
        assert_eq!(Packet::parse(&octets[..len]).as_ref(), Ok(prefix));
        if rest.is_empty() {
            assert_eq!(parsed.as_ref(), Ok(prefix));
        }
    }
    for policy in POLICIES {
        for departure in packet.conformance(policy) {
            assert!(departure.reference().starts_with("RFC 2"));
        }
    }
    addresses_come_back(&packet);
}

/// A cache keeps an address unchanged, or refuses it.
fn addresses_come_back(packet: &Packet<'_>) {
    let Some(addresses) = packet.mandatory_part.addresses() else { return };
    let nbma = addresses.source_nbma_address;
    match OwnedNbmaAddress::try_from(nbma) {
        Ok(owned) => assert_eq!(NbmaAddress { reserved: nbma.reserved, ..owned.borrowed() }, nbma),
        Err(_) => assert!(nbma.octets.len() > OwnedNbmaAddress::MAX_LEN),
    }
    let protocol = addresses.source_protocol_address;
    match ProtocolAddress::try_from(protocol) {
        Ok(owned) => assert_eq!(owned.octets(), protocol),
        Err(_) => assert!(!matches!(protocol.len(), 4 | 16)),
    }
}

/// A packet that is cut anywhere keeps the octets that are there, and tells how many are missing.
pub fn a_cut_keeps_what_is_there(octets: &[u8]) {
    let octets = &octets[..octets.len().min(512)];
    let Ok((whole, rest)) = Packet::parse_prefix(octets) else { return };
    let octets = &octets[..octets.len() - rest.len()];
    for len in FixedPart::LEN..octets.len() {
        let cut = Packet::parse_until_error(&octets[..len]).unwrap();
        assert!(cut.fault.is_some(), "{len} octets");
        assert_eq!(cut.value.hop_count, whole.hop_count);
        let error = cut.value.emit(&mut [0; 1024]).unwrap_err();
        assert!(matches!(error, EmitError::CutElement { .. }), "cut at {len}: {error}");
        for element in cut.value.extension_elements() {
            let original =
                whole.extension_elements().find(|original| original.offset == element.offset).unwrap();
            assert_eq!((element.header, element.name), (original.header, original.name));
            assert_eq!(element.value, &original.value[..original.value.len() - element.missing]);
            assert_eq!(element.is_cut(), element.offset + original.octets.len() > len);
        }
        if let (Some(cut), Some(whole)) =
            (cut.value.mandatory_part.exchange(), whole.mandatory_part.exchange())
        {
            for (element, original) in cut.cies.elements().zip(whole.cies.elements()) {
                assert_eq!((element.header, element.offset), (original.header, original.offset));
                assert_eq!(element.missing, original.value.len() - element.value.len());
            }
        }
    }
}

/// Elements stand at the offsets that they tell, and so do entries inside of extensions.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let check = |offset: usize, of: &[u8]| assert_eq!(&octets[offset..][..of.len()], of);
    for cie in packet.mandatory_part.exchange().into_iter().flat_map(|exchange| exchange.cies.elements()) {
        check(cie.offset, cie.octets);
        check(cie.value_offset, cie.value);
    }
    for (element, extension) in packet.decoded_extensions(Policy::default()) {
        check(element.offset, element.octets);
        check(element.value_offset, element.value);
        if let Ok(ExtensionValue::ForwardTransitNhsRecord(record)) = extension.map(|e| e.value) {
            for cie in record.records.elements() {
                check(cie.offset, cie.octets);
            }
        }
    }
    assert!(
        packet
            .placed_extensions()
            .map(|(offset, extension)| (offset, extension.header()))
            .eq(packet.extension_elements().map(|element| (element.offset, element.header)))
    );
}

/// Returns the values of the fixed part that were derived wrong.
fn derived(packet: &[u8]) -> impl Iterator<Item = Departure> {
    FixedPart::parse_prefix(packet).unwrap().0.conformance(packet)
}

/// A packet that can be decoded is written back to the same octets, except for derived values that were reported as
/// wrong.
pub fn parse_then_emit(octets: &[u8]) {
    let octets = &octets[..octets.len().min(MAX_LEN)];
    let Ok(packet) = Packet::parse(octets) else { return };
    let (mut checksum, mut offset) = (false, false);
    for departure in derived(octets) {
        match departure {
            Departure::Checksum { .. } | Departure::NegativeZeroChecksum => checksum = true,
            Departure::ExtensionOffset { .. } => offset = true,
            other => panic!("{other} is not derived"),
        }
    }
    let mut buffer = [0xa5; MAX_LEN];
    let written = &*packet.emit(&mut buffer).unwrap();
    assert_eq!(written.len(), octets.len());
    assert_eq!(written.len(), packet.wire_len());
    assert_eq!(written != octets, checksum || offset);
    assert_eq!((&written[..10], &written[16..]), (&octets[..10], &octets[16..]));
    assert_eq!(written[10..12], octets[10..12]);
    assert_eq!(written[14..16] != octets[14..16], offset);
    assert_eq!(derived(written).count(), 0);
    assert_eq!(Packet::parse(written).as_ref(), Ok(&packet));
}

/// An extension is written back to the same octets, whichever policy decoded it.
pub fn extensions_go_both_ways(octets: &[u8]) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let mut buffer = [0; 1024];
    for policy in POLICIES {
        for element in packet.extension_elements() {
            let framing = ExtensionFraming::new(policy, packet.source_protocol_len());
            let extension = Extension::decode(&element, &framing);
            assert_eq!(extension.header(), element.header);
            assert_eq!(extension.wire_len(), element.value.len());
            if let Ok(parsed) = Extension::parse(&element, policy, packet.source_protocol_len()) {
                assert_eq!(extension, parsed);
            }
            if element.octets.len() <= buffer.len() {
                let written = Extensions::Values(&[extension]).emit(&mut buffer).map(|octets| &*octets);
                assert_eq!(written, Ok(element.octets));
            }
        }
        let mut buffer = [0; MAX_LEN];
        if octets.len() <= MAX_LEN {
            let read = packet.read_under(policy);
            assert_eq!(read.emit(&mut buffer).unwrap()[16..], octets[16..]);
        }
    }
}

/// A packet that was written from values parses to the same values.
pub fn emit_then_parse(packet: &Packet<'_>) {
    let mut buffer = [0xa5; MAX_LEN];
    let Ok(octets) = packet.emit(&mut buffer).map(|octets| &*octets) else { return };
    assert_eq!(octets.len(), packet.wire_len());
    assert_eq!(derived(octets).count(), 0);
    let parsed = Packet::parse(octets).unwrap();
    assert_eq!(parsed.hop_count, packet.hop_count);
    assert_eq!(parsed.mandatory_part, packet.mandatory_part);
    assert_eq!(packet.extensions.is_empty(), parsed.extensions.is_empty());
    let types = parsed.extensions.iter().map(|extension| extension.extension_type());
    assert!(types.eq(packet.extensions.iter().map(|extension| extension.extension_type())));
    let as_derived = packet.end_of_extensions == Some(Extension::END) && !packet.extensions.is_empty();
    let end = if as_derived { None } else { packet.end_of_extensions.clone() };
    assert_eq!(parsed.end_of_extensions, end);
    let mut value = [0; MAX_LEN];
    for (element, extension) in parsed.extensions.elements().zip(packet.extensions.iter()) {
        assert_eq!(element.header, extension.header());
        assert_eq!(extension.emit(&mut value).map(|octets| &*octets), Ok(element.value));
    }
}

/// Forwarding in place gives the same packet as writing it from the values that the server means to send, and an error
/// changes nothing.
pub fn forwarding_keeps_the_rest(octets: &[u8], room: usize) {
    let octets = &octets[..octets.len().min(MAX_LEN - 512)];
    let mut address = [0; 255];
    let source_protocol_len = Packet::parse(octets).map_or(0, |packet| packet.source_protocol_len());
    address[..source_protocol_len].fill(9);
    let hashed = Credentials::HmacMd5 {
        security_parameter_index: 77,
        source_address: &address[..source_protocol_len],
        key: b"of this hop",
    };
    for credentials in [Credentials::Password(b"hop"), hashed] {
        forwards(octets, room.min(512), &credentials);
    }
}

fn copied(from: &[u8]) -> [u8; MAX_LEN] {
    let mut buffer = [0; MAX_LEN];
    buffer[..from.len()].copy_from_slice(from);
    buffer
}

fn forwards(octets: &[u8], room: usize, credentials: &Credentials<'_>) {
    let mut buffer = copied(octets);
    let buffer = &mut buffer[..octets.len() + room];
    let record = Cie {
        holding_time: Seconds(7200),
        client_nbma_address: NbmaAddress::new(&[203, 0, 113, 1]),
        client_protocol_address: &[10, 255, 255, 1],
        ..Cie::default()
    };
    let Ok(mut forward) = Forward::new(buffer, octets.len()) else { return };
    let before = Packet::parse(octets).unwrap();
    let hops = forward.decrement_hop_count();
    assert_eq!(hops.ok(), before.hop_count.checked_sub(1));
    let hop_count = before.hop_count.saturating_sub(1);
    let appended = forward.append_transit_nhs_record(&record);
    if appended != Ok(TransitRecord::Appended) {
        assert_eq!(forward.packet(), Ok(Packet { hop_count, ..before.clone() }));
    }
    let snapshot = copied(forward.octets());
    let len = forward.octets().len();
    let sent = match forward.regenerate_authentication(credentials) {
        Ok(sent) => sent,
        Err(error) => {
            let refused =
                matches!(error, ForwardError::Emit(_) | ForwardError::RepeatedAuthentication { .. });
            assert!(refused, "{error}");
            assert_eq!(buffer[..len], snapshot[..len]);
            return;
        }
    };
    let appended = (appended == Ok(TransitRecord::Appended)).then_some(&record);
    let (mut chain, mut expected) = ([0; MAX_LEN], [0; MAX_LEN]);
    let before = with_record(&Packet { hop_count, ..before.clone() }, appended, &mut chain);
    let authenticated = before.authenticated(credentials).unwrap();
    let expected = authenticated.emit(&mut expected).unwrap();
    assert_eq!((sent.len(), &*sent), (authenticated.wire_len(), &*expected));
    if !matches!(before.mandatory_part, MandatoryPart::ErrorIndication(_)) {
        assert_eq!(verify(sent, credentials), Ok(()));
    }
}

/// Returns the packet with `record` behind the entries of its first transit record, written from its parts.
fn with_record<'a>(packet: &Packet<'a>, record: Option<&Cie<'_>>, octets: &'a mut [u8]) -> Packet<'a> {
    let Some(record) = record else { return packet.clone() };
    let wanted = if packet.mandatory_part.is_request() {
        ExtensionType::FORWARD_TRANSIT_NHS_RECORD
    } else {
        ExtensionType::REVERSE_TRANSIT_NHS_RECORD
    };
    let is_wanted = |element: &ExtensionElement<'_>| element.header.extension_type == wanted;
    let grown = packet.extensions.elements().find(is_wanted).unwrap();
    let mut value = [0; MAX_LEN];
    let mut grown_value = Writer::new(&mut value);
    grown_value.put(grown.value).unwrap();
    Cies::Values(&[*record]).emit_into(&mut grown_value).unwrap();
    let mut writer = Writer::new(octets);
    let mut chain = ChainWriter::new(&mut writer, ExtensionFraming::default());
    for element in packet.extension_elements() {
        let ExtensionHeader { compulsory, unused, extension_type } = element.header;
        let octets = if element.offset == grown.offset { grown_value.written() } else { element.value };
        let value = ExtensionValue::Raw { extension_type, octets, missing: 0 };
        chain.push(&Extension { compulsory, unused, value }).unwrap();
    }
    let extensions = List::parse(writer.into_written(), 0, ExtensionFraming::default()).unwrap();
    Packet { extensions, ..packet.clone() }
}

#[cfg(test)]
mod tests;
