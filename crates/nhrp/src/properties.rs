//! What holds for all octets; proptest and the fuzz targets both come here.
#![allow(
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a property that does not hold panics, and bounded buffers are indexed"
)]

use core::time::Duration;

use wire::Writer;

use crate::extension::authentication::verify;
use crate::{
    Authentication, AuthenticationForm, Cie, Credentials, Departure, Extension, ExtensionNine, ExtensionType,
    ExtensionValue, Forward, ForwardError, MandatoryPart, NbmaAddress, Packet, Parts, Policy, TransitRecord,
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
        Departure::Checksum { .. } => checksum = true,
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

/// What a server changes in place is what it meant to change, and the result is a packet with right lengths and checksum;
/// an error changes nothing.
pub fn forwarding_keeps_the_rest(octets: &[u8], room: usize) {
    let octets = &octets[..octets.len().min(MAX_LEN - 512)];
    let mut buffer = [0; MAX_LEN];
    for (to, from) in buffer.iter_mut().zip(octets) {
        *to = *from;
    }
    let buffer = &mut buffer[..octets.len() + room.min(512)];
    let record = Cie {
        client_nbma_address: NbmaAddress::new(&[203, 0, 113, 1]),
        client_protocol_address: &[10, 255, 255, 1],
        ..Cie::default()
    };
    let credentials = Credentials::Password(b"hop");
    let Ok(mut forward) = Forward::new(buffer, octets.len()) else { return };
    let before = Packet::parse(octets).unwrap();
    let hops = forward.decrement_hop_count();
    assert_eq!(hops.ok(), before.hop_count.checked_sub(1));
    let appended = forward.append_transit_nhs_record(&record);
    if appended != Ok(TransitRecord::Appended) {
        assert_eq!(forward.packet().unwrap().extensions, before.extensions);
    }
    let grown = usize::from(appended == Ok(TransitRecord::Appended)) * record.wire_len();
    let mut snapshot = [0; MAX_LEN];
    let len = forward.octets().len();
    for (to, from) in snapshot.iter_mut().zip(forward.octets()) {
        *to = *from;
    }
    let packet = match forward.regenerate_authentication(&credentials) {
        Ok(packet) => packet,
        Err(error) => {
            let refused =
                matches!(error, ForwardError::Emit(_) | ForwardError::RepeatedAuthentication { .. });
            assert!(refused, "{error}");
            assert_eq!(buffer[..len], snapshot[..len]);
            return;
        }
    };
    let after = Packet::parse_reporting(packet, &mut |departure| panic!("{departure}")).unwrap();
    assert_eq!(after.mandatory_part, before.mandatory_part);
    if matches!(after.mandatory_part, MandatoryPart::ErrorIndication(_)) {
        assert_eq!(after.extensions, before.extensions);
        return;
    }
    assert_eq!(verify(packet, &credentials), Ok(()));
    let is_authentication = |element: &crate::ExtensionElement<'_>| {
        element.header.extension_type == ExtensionType::AUTHENTICATION
    };
    let expected = Extension::new(ExtensionValue::Authentication(Authentication::password(b"hop")));
    let others = |packet: &Packet<'_>| {
        packet
            .extensions
            .iter()
            .filter(|element| !is_authentication(element))
            .fold(0, |len, element| len + element.octets.len())
    };
    let end = if before.extensions.is_empty() { Extension::END.wire_len() } else { 0 };
    assert_eq!(others(&after), others(&before) + grown + end);
    let mut found = after.extensions.iter().filter(is_authentication);
    let first = found.next().unwrap();
    assert_eq!(found.next(), None);
    assert_eq!(Extension::parse(&first, Policy::default(), 0), Ok(expected));
}

#[cfg(test)]
mod tests;
