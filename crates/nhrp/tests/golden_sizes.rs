//! Packets of DMVPN networks that are built from their parts. Their sizes and extension offsets are those that IOS
//! prints and sends.
//!
//! The first source is Cisco's DMVPN configuration example for IOS 12.3(3). Its debug output prints 84, 104, 112 and
//! 132 octets with the password `cisco123`. The other source is the sizes of IOS packets in public captures (a test of
//! its own compares those to the octet). When a source has other addresses, addresses of documentation networks with
//! the same length stand for them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic: that is how it fails"
)]

use vpnwire_nhrp::extension::authentication::{Authentication, Credentials};
use vpnwire_nhrp::extension::{NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use vpnwire_nhrp::{
    Addresses, Cie, Cies, Emit, Exchange, Extension, ExtensionValue, Extensions, FixedPart, Flags, Forward,
    Indication, MandatoryPart, NbmaAddress, Packet, ProtocolType, Seconds, TransitRecord,
};

const SPOKE: Cie<'static> = binding(&[209, 165, 202, 131], &[192, 168, 1, 3]);
const HUB: Cie<'static> = binding(&[209, 165, 202, 225], &[192, 168, 1, 1]);
const OTHER_SPOKE: Cie<'static> = binding(&[209, 165, 202, 130], &[192, 168, 1, 2]);

/// The client information entry of a request, which has no addresses.
const BARE: Cie<'static> =
    Cie { client_nbma_address: NbmaAddress::new(&[]), client_protocol_address: &[], ..SPOKE };

const fn binding(nbma: &'static [u8], protocol: &'static [u8]) -> Cie<'static> {
    Cie {
        code: vpnwire_nhrp::CieCode::SUCCESS,
        prefix_length: 0,
        unused: 0,
        maximum_transmission_unit: 1514,
        holding_time: Seconds(7200),
        client_nbma_address: NbmaAddress::new(nbma),
        client_nbma_subaddress: NbmaAddress::new(&[]),
        client_protocol_address: protocol,
        preference: 0,
        missing: 0,
    }
}

fn exchange<'a>(flags: Flags, destination: &'a [u8], cies: &'a [Cie<'a>]) -> Exchange<'a> {
    Exchange {
        flags,
        request_id: 7,
        addresses: Addresses {
            source_nbma_address: SPOKE.client_nbma_address,
            source_protocol_address: SPOKE.client_protocol_address,
            destination_protocol_address: destination,
            ..Addresses::default()
        },
        cies: cies.into(),
    }
}

fn request<'a>(cies: &'a [Cie<'a>]) -> Packet<'a> {
    let flags = Flags::ROUTER | Flags::AUTHORITATIVE | Flags::SOURCE_STABLE;
    let exchange = exchange(flags, OTHER_SPOKE.client_protocol_address, cies);
    Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionRequest(exchange))
}

fn reply<'a>(cies: &'a [Cie<'a>]) -> Packet<'a> {
    let flags = Flags::ROUTER | Flags::AUTHORITATIVE | Flags::SOURCE_STABLE;
    let exchange = exchange(flags, OTHER_SPOKE.client_protocol_address, cies);
    Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionReply(exchange))
}

fn registration(reply: bool) -> Packet<'static> {
    let flags = Flags::REGISTRATION_UNIQUE | Flags::CISCO_NAT;
    let exchange = exchange(flags, HUB.client_protocol_address, &[BARE]);
    let part = if reply { MandatoryPart::RegistrationReply } else { MandatoryPart::RegistrationRequest };
    Packet::new(ProtocolType::IPV4, part(exchange))
}

fn responder(responder: Option<Cie<'static>>) -> Extension<'static> {
    Extension::new(ExtensionValue::ResponderAddress(ResponderAddress { responder }))
}

fn forward_record(records: Cies<'_>) -> Extension<'_> {
    Extension::new(ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord { records }))
}

fn reverse_record(records: Cies<'_>) -> Extension<'_> {
    Extension::new(ExtensionValue::ReverseTransitNhsRecord(TransitNhsRecord { records }))
}

fn password(password: &[u8]) -> Extension<'_> {
    Extension::new(ExtensionValue::Authentication(Authentication::password(password)))
}

fn nat_address(cies: Cies<'_>) -> Extension<'_> {
    Extension::new(ExtensionValue::NatAddress(NatAddress { cies }))
}

fn none() -> Cies<'static> {
    Cies::default()
}

/// Builds a packet, asserts its size and its extension offset, and asserts that it reads back as the values it was
/// built from.
fn built(packet: &Packet<'_>, extensions: &[Extension<'_>], size: usize, extension_offset: u16) -> Vec<u8> {
    let packet = Packet { extensions: Extensions::from(extensions), ..packet.clone() };
    assert_eq!(packet.wire_len(), size);
    let octets = packet.emit(&mut [0; 400]).unwrap().to_vec();
    assert_eq!(octets.len(), size);
    let (fixed_part, _) = FixedPart::parse_prefix(&octets).unwrap();
    assert_eq!(usize::from(fixed_part.packet_size), size);
    assert_eq!(fixed_part.extension_offset, extension_offset);
    assert_eq!(fixed_part.conformance(&octets).collect::<Vec<_>>(), []);
    assert_eq!(Packet::parse(&octets), Ok(packet));
    octets
}

#[test]
fn ios_12_3_resolution_84_104_112_132() {
    let auth = || password(b"cisco123");
    let bare = [responder(None), forward_record(none()), reverse_record(none()), auth()];
    built(&request(&[BARE]), &bare, 84, 52);

    let hub = Cies::Values(&[HUB]);
    let forwarded = [responder(None), forward_record(hub.clone()), reverse_record(none()), auth()];
    built(&Packet { hop_count: 254, ..request(&[BARE]) }, &forwarded, 104, 52);

    let cached = [responder(Some(HUB)), forward_record(none()), reverse_record(none()), auth()];
    built(&reply(&[OTHER_SPOKE]), &cached, 112, 60);
    let from_spoke = [responder(Some(OTHER_SPOKE)), forward_record(hub), reverse_record(none()), auth()];
    built(&reply(&[OTHER_SPOKE]), &from_spoke, 132, 60);
}

#[test]
fn ios_resolution_with_nat_extension_86_106_134() {
    let tail = || [password(b"secret"), nat_address(none())];
    let [auth, nat] = tail();
    built(
        &request(&[BARE]),
        &[responder(None), forward_record(none()), reverse_record(none()), auth, nat],
        86,
        52,
    );
    let hub = Cies::Values(&[HUB]);
    let [auth, nat] = tail();
    let forwarded = [responder(None), forward_record(hub.clone()), reverse_record(none()), auth, nat];
    built(&request(&[BARE]), &forwarded, 106, 52);
    let [auth, nat] = tail();
    let from_spoke = [responder(Some(OTHER_SPOKE)), forward_record(hub), reverse_record(none()), auth, nat];
    built(&reply(&[OTHER_SPOKE]), &from_spoke, 134, 60);
}

#[test]
fn cisco_traffic_indication_98_with_extensions() {
    let indication = Packet::new(
        ProtocolType::IPV4,
        MandatoryPart::TrafficIndication(Indication {
            addresses: exchange(Flags::NONE, OTHER_SPOKE.client_protocol_address, &[]).addresses,
            packet_in_error: &[0x45; 28],
            ..Indication::default()
        }),
    );
    let extensions =
        [forward_record(none()), reverse_record(none()), password(b"secret"), nat_address(none())];
    let octets = built(&indication, &extensions, 98, 68);
    let packet = Packet::parse(&octets).unwrap();
    assert_eq!(packet.mandatory_part.indication().unwrap().packet_in_error, [0x45; 28]);
}

#[test]
fn ios_registration_108_128_and_104_124() {
    for (secret, request_size) in [(&b"NHRPAUTH"[..], 108), (b"TEST", 104)] {
        let hub = Cies::Values(&[HUB]);
        let extensions = |answer| {
            [
                responder(answer),
                forward_record(none()),
                reverse_record(none()),
                password(secret),
                nat_address(hub.clone()),
            ]
        };
        built(&registration(false), &extensions(None), request_size, 52);
        built(&registration(true), &extensions(Some(HUB)), request_size + 20, 52);
    }
}

#[test]
fn ios_registration_of_odd_length_81() {
    let extensions = [responder(None), forward_record(none()), reverse_record(none()), password(b"CISCO")];
    built(&registration(false), &extensions, 81, 52);
}

#[test]
fn ios_registration_with_a_group_122_142() {
    let hub = Cies::Values(&[HUB]);
    let extensions = |answer| {
        [
            responder(answer),
            forward_record(none()),
            reverse_record(none()),
            password(b"DMVPN"),
            nat_address(hub.clone()),
            Extension::new(ExtensionValue::VendorPrivate(VendorPrivate::CiscoGroup(b"SHAPE_1M"))),
        ]
    };
    let octets = built(&registration(false), &extensions(None), 122, 52);
    assert!(octets.ends_with(b"\x00\x08\x00\x0d\x00\x00\x0c\x01\x08SHAPE_1M\x80\x00\x00\x00"));
    built(&registration(true), &extensions(Some(HUB)), 142, 52);
}

#[test]
fn ipv6_registration_161_225_over_ipv4() {
    const SPOKE_6: Cie<'static> = binding(&[192, 0, 2, 2], &[0x20; 16]);
    const HUB_6: Cie<'static> = binding(&[192, 0, 2, 1], &[0x21; 16]);
    let registration = |reply, cies: &'static [Cie<'static>]| {
        let exchange = Exchange {
            flags: Flags::REGISTRATION_UNIQUE | Flags::CISCO_NAT,
            request_id: 8,
            addresses: Addresses {
                source_nbma_address: SPOKE_6.client_nbma_address,
                source_protocol_address: SPOKE_6.client_protocol_address,
                destination_protocol_address: HUB_6.client_protocol_address,
                ..Addresses::default()
            },
            cies: cies.into(),
        };
        let part = if reply { MandatoryPart::RegistrationReply } else { MandatoryPart::RegistrationRequest };
        Packet::new(ProtocolType::IPV6, part(exchange))
    };
    let hub = Cies::Values(&[HUB_6]);
    let extensions = |answer| {
        [
            responder(answer),
            forward_record(none()),
            reverse_record(none()),
            password(b"DMVPN"),
            nat_address(hub.clone()),
        ]
    };
    built(&registration(false, &[SPOKE_6]), &extensions(None), 161, 96);
    // The reply has two entries: the spoke's, and the hub's own link-local binding.
    built(&registration(true, &[SPOKE_6, HUB_6]), &extensions(Some(HUB_6)), 225, 128);
}

#[test]
fn a_forwarded_request_84_to_104_field_for_field() {
    let auth = || password(b"cisco123");
    let extensions = [responder(None), forward_record(none()), reverse_record(none()), auth()];
    let packet = Packet { extensions: Extensions::from(&extensions), ..request(&[BARE]) };
    let mut buffer = [0; 200];
    let len = packet.emit(&mut buffer).unwrap().len();
    assert_eq!(len, 84);
    let mut forward = Forward::new(&mut buffer, len).unwrap();
    assert_eq!(forward.decrement_hop_count(), Ok(254));
    assert_eq!(forward.append_transit_nhs_record(&HUB), Ok(TransitRecord::Appended));
    let forwarded = forward.regenerate_authentication(&Credentials::Password(b"cisco123")).unwrap();

    let hub = Cies::Values(&[HUB]);
    let extensions = [responder(None), forward_record(hub), reverse_record(none()), auth()];
    let extensions = Extensions::from(&extensions);
    let passed_on = Packet { hop_count: 254, extensions, ..request(&[BARE]) };
    let mut expected = [0; 104];
    assert_eq!(passed_on.emit(&mut expected).unwrap(), forwarded);
    assert_eq!(forwarded.len(), 104);
}
