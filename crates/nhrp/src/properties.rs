//! What holds for all octets; proptest and the fuzz targets both come here.
#![allow(
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a property that does not hold panics, and bounded buffers are indexed"
)]

use core::time::Duration;

use wire::Writer;

use crate::extension::ExtensionHeader;
use crate::extension::authentication::verify;
use crate::{
    AuthenticationForm, Cie, Credentials, Departure, Extension, ExtensionNine, ExtensionType, ExtensionValue,
    Extensions, Forward, ForwardError, MandatoryPart, NbmaAddress, Packet, Parts, Policy, TransitRecord,
};

/// The longest packet the properties write.
pub const MAX_LEN: usize = 4096;

/// All that can be read with.
pub const POLICIES: [Policy; 6] = {
    const fn policy(authentication: AuthenticationForm, extension_nine: ExtensionNine) -> Policy {
        Policy { authentication, extension_nine }
    }
    [
        policy(AuthenticationForm::Cisco, ExtensionNine::NatAddress),
        policy(AuthenticationForm::Cisco, ExtensionNine::DeviceCapabilities),
        policy(AuthenticationForm::Rfc, ExtensionNine::NatAddress),
        policy(AuthenticationForm::Rfc, ExtensionNine::DeviceCapabilities),
        policy(AuthenticationForm::Auto, ExtensionNine::NatAddress),
        policy(AuthenticationForm::Auto, ExtensionNine::DeviceCapabilities),
    ]
};

/// Everything that takes octets returns, and what it returns hangs together.
pub fn parse_is_total(octets: &[u8]) {
    let _ = Packet::parse_prefix(octets);
    let _ = Cie::parse(octets);
    let _ = verify(octets, &Credentials::Password(b"secret"));
    let parsed = Packet::parse(octets);
    let Ok(parts) = Parts::parse(octets) else {
        assert!(parsed.is_err());
        return;
    };
    assert_eq!(parsed.as_ref().err(), parts.fault.as_ref());
    if let Ok(packet) = parsed {
        assert_eq!(Ok(&packet.mandatory_part), parts.mandatory_part.as_ref());
        assert_eq!(packet.extensions, parts.extensions);
        for policy in POLICIES {
            for departure in packet.conformance(policy) {
                assert!(departure.reference().starts_with("RFC 2"));
            }
        }
    }
}

/// Elements stand where they say, entries inside of extensions too.
pub fn chain_offsets_are_true(octets: &[u8]) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let check = |offset: usize, of: &[u8]| assert_eq!(&octets[offset..][..of.len()], of);
    for cie in packet.mandatory_part.exchange().into_iter().flat_map(|exchange| &exchange.cies) {
        check(cie.offset, cie.octets);
        check(cie.value_offset, cie.value);
    }
    for (element, extension) in packet.decoded_extensions(Policy::default()) {
        check(element.offset, element.octets);
        check(element.value_offset, element.value);
        if let Ok(ExtensionValue::ForwardTransitNhsRecord(record)) = extension.map(|e| e.value) {
            for cie in &record.records {
                check(cie.offset, cie.octets);
            }
        }
    }
}

/// A packet that parses is written back to the octet, but for the derived values that were reported.
pub fn parse_then_emit(octets: &[u8]) {
    let octets = &octets[..octets.len().min(MAX_LEN)];
    let (mut checksum, mut size, mut offset) = (false, false, false);
    let mut note = |departure| match departure {
        Departure::Checksum { .. } | Departure::NegativeZeroChecksum => checksum = true,
        Departure::PacketSize { .. } => size = true,
        Departure::ExtensionOffset { .. } => offset = true,
        other => panic!("{other} is not derived"),
    };
    let Ok(packet) = Packet::parse_reporting(octets, &mut note) else { return };
    let mut buffer = [0xa5; MAX_LEN];
    let len = packet.emit(&mut buffer).unwrap();
    let written = &buffer[..len];
    assert_eq!(len, octets.len());
    assert_eq!(len, packet.wire_len());
    assert_eq!(written != octets, checksum || size || offset);
    assert_eq!((&written[..10], &written[16..]), (&octets[..10], &octets[16..]));
    assert_eq!(written[10..12] != octets[10..12], size);
    assert_eq!(written[14..16] != octets[14..16], offset);
    let again = Packet::parse_reporting(written, &mut |departure| panic!("{departure}")).unwrap();
    assert_eq!(again, packet);
}

/// Whichever policy decodes an extension, it is written back to the same octets.
pub fn extensions_go_both_ways(octets: &[u8]) {
    let Ok(packet) = Packet::parse(octets) else { return };
    let mut buffer = [0; 1024];
    for policy in POLICIES {
        for (element, _) in packet.decoded_extensions(policy) {
            let extension = Extension::parse_or_keep(&element, policy, packet.source_protocol_len());
            assert_eq!(extension.extension_type(), element.header.extension_type);
            assert_eq!(extension.wire_len(), element.octets.len());
            if element.octets.len() <= buffer.len() {
                let mut writer = Writer::new(&mut buffer);
                extension.emit_into(&mut writer).unwrap();
                assert_eq!(writer.written(), element.octets);
            }
        }
    }
}

/// A packet that was written from values parses to the same values.
pub fn emit_then_parse(packet: &Packet<'_>, cies: &[Cie<'_>], extensions: &[Extension<'_>]) {
    let mut buffer = [0xa5; MAX_LEN];
    let Ok(len) = packet.emit_with(&mut buffer, cies.iter().copied(), extensions.iter().cloned()) else {
        return;
    };
    let parsed = Packet::parse_reporting(&buffer[..len], &mut |departure| panic!("{departure}")).unwrap();
    assert_eq!(parsed.hop_count, packet.hop_count);
    assert_eq!(parsed.mandatory_part.packet_type(), packet.mandatory_part.packet_type());
    assert_eq!(parsed.mandatory_part.addresses(), packet.mandatory_part.addresses());
    if let Some(exchange) = parsed.mandatory_part.exchange() {
        let own = packet.mandatory_part.exchange().unwrap();
        assert_eq!((exchange.flags, exchange.request_id), (own.flags, own.request_id));
        let whole_seconds = |cie: &Cie<'_>| Duration::from_secs(cie.holding_time.as_secs());
        let written = cies.iter().map(|cie| Cie { holding_time: whole_seconds(cie), ..*cie });
        assert!(Cie::all(&exchange.cies).eq(Cie::all(&own.cies).chain(written)));
    }
    let any = !extensions.is_empty() || !packet.extensions.is_empty();
    assert_eq!(any, !parsed.extensions.is_empty());
    let more = extensions.iter().filter(|extension| extension.extension_type() != ExtensionType::END);
    let types = parsed.extensions.iter().map(|element| element.header.extension_type);
    let own = packet.extensions.iter().map(|element| element.header.extension_type);
    let own = own.filter(|own| *own != ExtensionType::END);
    let end = any.then_some(ExtensionType::END);
    assert!(types.eq(own.chain(more.map(Extension::extension_type)).chain(end)));
}

/// What a server does in place gives the packet that is written from the values it means to send, and an error changes
/// nothing.
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
    let mut value = [0; MAX_LEN];
    let mut expected = [0; MAX_LEN];
    let appended = (appended == Ok(TransitRecord::Appended)).then_some(&record);
    let len =
        sent_by_hand(&Packet { hop_count, ..before.clone() }, appended, sent, &mut value, &mut expected);
    assert_eq!(*sent, expected[..len]);
    if !matches!(before.mandatory_part, MandatoryPart::ErrorIndication(_)) {
        assert_eq!(verify(sent, credentials), Ok(()));
    }
}

/// The packet that a hop sends, written from its parts: `before` with the record appended, and with the authentication
/// extension of `sent` in the place of its own.
fn sent_by_hand(
    before: &Packet<'_>,
    record: Option<&Cie<'_>>,
    sent: &[u8],
    value: &mut [u8],
    expected: &mut [u8],
) -> usize {
    if matches!(before.mandatory_part, MandatoryPart::ErrorIndication(_)) {
        return before.emit(expected).unwrap();
    }
    let of_type = |packet: &Packet<'_>, wanted| {
        packet
            .extensions
            .iter()
            .find(move |element| element.header.extension_type == wanted)
            .map(|e| e.offset)
    };
    let wanted = if before.mandatory_part.is_request() {
        ExtensionType::FORWARD_TRANSIT_NHS_RECORD
    } else {
        ExtensionType::REVERSE_TRANSIT_NHS_RECORD
    };
    let grown = record.and_then(|_| of_type(before, wanted));
    let mut grown_value = Writer::new(value);
    for element in before.extensions.iter().filter(|element| Some(element.offset) == grown) {
        grown_value.put(element.value).unwrap();
        record.unwrap().emit_into(&mut grown_value).unwrap();
    }
    let grown_value = grown_value.written();
    let sent = Packet::parse(sent).unwrap();
    let mut own = sent.extensions.iter().filter(|e| e.header.extension_type == ExtensionType::AUTHENTICATION);
    let own = own.next().unwrap();
    let own = Extension {
        compulsory: true,
        unused: false,
        value: ExtensionValue::Raw { extension_type: ExtensionType::AUTHENTICATION, octets: own.value },
    };
    let authentication = of_type(before, ExtensionType::AUTHENTICATION);
    let kept = before.extensions.iter().filter_map(|element| {
        let ExtensionHeader { compulsory, unused, extension_type } = element.header;
        if extension_type == ExtensionType::AUTHENTICATION {
            return (Some(element.offset) == authentication).then(|| own.clone());
        }
        let octets = if Some(element.offset) == grown { grown_value } else { element.value };
        Some(Extension { compulsory, unused, value: ExtensionValue::Raw { extension_type, octets } })
    });
    let added = authentication.is_none().then(|| own.clone());
    let bare = Packet { extensions: Extensions::default(), ..before.clone() };
    bare.emit_with(expected, [], kept.chain(added)).unwrap()
}

#[cfg(test)]
mod tests;
