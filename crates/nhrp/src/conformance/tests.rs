use std::format;
use std::string::ToString;
use std::vec::Vec;

use super::*;
use crate::extension::authentication::{Authentication, AuthenticationForm};
use crate::extension::{NatAddress, TransitNhsRecord, VendorPrivate};
use crate::packet::tests::REQUEST;
use crate::{Addresses, ErrorCode, ExtensionNine, Extensions, Indication, NbmaAddress, PacketType};

/// Returns the departures of a packet that is built with these extensions. They are the same when the packet is read.
fn departures(packet: &Packet<'_>, extensions: &[Extension<'_>], policy: Policy) -> Vec<Departure> {
    let packet = Packet { extensions: Extensions::from(extensions), ..packet.clone() };
    let mut buffer = [0; 512];
    let octets = &*packet.emit(&mut buffer).unwrap();
    let found: Vec<_> = Packet::parse(octets).unwrap().conformance(policy).collect();
    assert_eq!(packet.conformance(policy).collect::<Vec<_>>(), found);
    found
}

type Part<'a> = fn(Exchange<'a>) -> MandatoryPart<'a>;

/// Returns the departures of a packet of this type with these entries.
fn of_part<'a>(part: Part<'a>, bits: u16, cies: &'a [Cie<'a>]) -> Vec<Departure> {
    let exchange = Exchange { cies: Cies::from(cies), ..flags(bits) };
    departures(&Packet::new(ProtocolType::IPV4, part(exchange)), &[], Policy::default())
}

fn flags(flags: u16) -> Exchange<'static> {
    Exchange { flags: Flags(flags), ..Exchange::default() }
}

const fn entry(prefix_length: u8, code: u8) -> Cie<'static> {
    Cie {
        code: CieCode(code),
        prefix_length,
        unused: 0,
        maximum_transmission_unit: 0,
        holding_time: Seconds::ZERO,
        client_nbma_address: NbmaAddress::new(&[]),
        client_nbma_subaddress: NbmaAddress::new(&[]),
        client_protocol_address: &[10, 0, 0, 1],
        preference: 0,
        missing: 0,
    }
}

#[test]
fn a_packet_of_the_rfc_departs_nowhere() {
    let policy = Policy::new(AuthenticationForm::Rfc, ExtensionNine::NatAddress);
    assert_eq!(Packet::parse(&REQUEST).unwrap().conformance(policy).collect::<Vec<_>>(), []);
    let policy = Policy::default();
    let found: Vec<_> = Packet::parse(&REQUEST).unwrap().conformance(policy).collect();
    assert_eq!(found, [Departure::PasswordAuthentication { offset: 64 }]);
}

#[test]
fn a_hop_count_of_zero_is_told_rfc_2332_section_5_1() {
    let part = MandatoryPart::ResolutionRequest(flags(0x8000));
    let of = |hop_count| {
        let packet = Packet { hop_count, ..Packet::new(ProtocolType::IPV4, part.clone()) };
        departures(&packet, &[], Policy::default())
    };
    assert_eq!(of(0), [Departure::HopCountZero]);
    assert_eq!(of(0)[0].to_string(), "the hop count is 0, so no server may forward the packet");
    assert_eq!(of(0)[0].reference(), "RFC 2332 section 5.1");
    assert_eq!((of(1), of(255)), (Vec::new(), Vec::new()));
}

#[test]
fn error_codes_that_no_rfc_assigns_are_told_rfc_2332_section_5_2_7() {
    let of = |error_code, part: fn(Indication<'static>) -> MandatoryPart<'static>| {
        let indication = Indication { error_code: ErrorCode(error_code), ..Indication::default() };
        departures(&Packet::new(ProtocolType::IPV4, part(indication)), &[], Policy::default())
    };
    for error_code in 0..20 {
        let told = of(error_code, MandatoryPart::ErrorIndication);
        let departure = Departure::UnassignedErrorCode { error_code: ErrorCode(error_code) };
        let is_assigned = matches!(error_code, 1 | 3 | 6..=11 | 15..=17);
        assert_eq!(told, Vec::from_iter((!is_assigned).then_some(departure)), "{error_code}");
        assert_eq!(departure.to_string(), format!("the error code is {error_code}, which is not assigned"),);
    }
    let told = of(0, MandatoryPart::TrafficIndication);
    assert_eq!(told, [Departure::UnassignedPacketType { packet_type: PacketType::TRAFFIC_INDICATION }]);
}

#[test]
fn entries_that_stop_at_a_fault_are_not_counted() {
    let mut buffer = [0; 128];
    let cies = [entry(0, 0)];
    for part in [MandatoryPart::PurgeRequest, MandatoryPart::RegistrationRequest as Part<'_>] {
        let exchange = Exchange { cies: Cies::from(&cies), ..flags(0) };
        let octets = Packet::new(ProtocolType::IPV4, part(exchange)).emit(&mut buffer).unwrap();
        for cut in 1..octets.len() - 28 {
            let read = Packet::parse_until_error(&octets[..octets.len() - cut]).unwrap();
            assert!(read.fault.is_some());
            let told: Vec<_> = read.value.conformance(Policy::default()).collect();
            assert_eq!(told, [], "the fault says what is missing, cut {cut}");
        }
        // Without an octet of the entry the number is known.
        let whole = [&octets[..10], &[0, 28][..], &octets[12..28]].concat();
        let read = Packet::parse(&whole).unwrap();
        assert!(
            read.conformance(Policy::default())
                .any(|it| matches!(it, Departure::EntryCount { count: 0, .. }))
        );
    }
}

#[test]
fn prefix_length_32_with_the_u_bit_rfc_2332_section_5_2_3() {
    let found = of_part(MandatoryPart::RegistrationRequest, 0x8002, &[entry(32, 0)]);
    assert_eq!(
        found,
        [Departure::CiscoNatFlag, Departure::UniquePrefixLength { offset: 28, prefix_length: 32 }]
    );
    assert_eq!(
        found[1].to_string(),
        "the prefix length of the unique entry at offset 28 of the NHRP packet is 32, but it should be 255"
    );
    assert_eq!(found[1].reference(), "RFC 2332 section 5.2.1");
    assert_eq!(of_part(MandatoryPart::RegistrationRequest, 0x8000, &[entry(255, 0)]), []);
    assert_eq!(of_part(MandatoryPart::RegistrationRequest, 0, &[entry(32, 0)]), []);
    let found = of_part(MandatoryPart::ResolutionRequest, 0x1000, &[entry(0, 0)]);
    assert_eq!(found, [Departure::UniquePrefixLength { offset: 28, prefix_length: 0 }]);
}

#[test]
fn extensions_on_a_traffic_indication() {
    let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::TrafficIndication(Indication::default()));
    let packet_type = PacketType::TRAFFIC_INDICATION;
    let record = Extension::new(ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord::default()));
    assert_eq!(
        departures(&packet, &[record], Policy::default()),
        [Departure::UnassignedPacketType { packet_type }, Departure::ExtensionsOnIndication { packet_type }]
    );
    assert_eq!(
        Departure::ExtensionsOnIndication { packet_type }.to_string(),
        "an NHRP Traffic Indication has extensions, but an indication may not have any"
    );
}

#[test]
fn a_second_extension_of_a_type_rfc_2332_section_5_3() {
    let password = Extension::new(ExtensionValue::Authentication(Authentication::password(b"x")));
    let vendor = Extension::new(ExtensionValue::VendorPrivate(VendorPrivate::CiscoGroup(b"g")));
    let entry = [entry(255, 0)];
    let exchange = Exchange { cies: Cies::from(&entry), ..flags(0) };
    let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::RegistrationRequest(exchange));
    let extensions = [password.clone(), vendor.clone(), password, vendor];
    let found = departures(&packet, &extensions, Policy::default());
    let extension_type = ExtensionType::AUTHENTICATION;
    assert_eq!(
        found,
        [
            Departure::PasswordAuthentication { offset: 44 },
            Departure::RepeatedExtension { offset: 63, extension_type },
            Departure::PasswordAuthentication { offset: 63 },
        ]
    );
}

#[test]
fn fields_that_are_to_be_zero() {
    let addresses = Addresses {
        source_nbma_address: NbmaAddress { reserved: true, e164: false, octets: &[1] },
        source_nbma_subaddress: NbmaAddress::new(&[2]),
        ..Addresses::default()
    };
    let error_code = ErrorCode::LOOP_DETECTED;
    let indication = Indication { unused: 0x8002, error_code, addresses, ..Indication::default() };
    let packet = Packet {
        address_family: AddressFamily::E164,
        protocol_snap: [0, 0, 0, 0, 1],
        ..Packet::new(ProtocolType::IPV4, MandatoryPart::ErrorIndication(indication))
    };
    assert_eq!(
        departures(&packet, &[], Policy::default()),
        [
            Departure::ProtocolSnap { protocol_type: ProtocolType::IPV4 },
            Departure::ReservedTypeLengthBit { offset: 0 },
            Departure::SubaddressFamily { address_family: AddressFamily::E164 },
            Departure::IndicationUnused { value: 0x8002 },
        ]
    );
    let packet = Packet { protocol_type: ProtocolType::SNAP, ..packet };
    assert_eq!(departures(&packet, &[], Policy::default()).len(), 3);
    let cie = Cie {
        unused: 5,
        client_nbma_address: NbmaAddress { reserved: true, e164: false, octets: &[] },
        ..entry(255, 0)
    };
    assert_eq!(
        of_part(MandatoryPart::PurgeReply, 0x8001, &[cie]),
        [
            Departure::UnusedFlags { flags: Flags(1) },
            Departure::ReservedTypeLengthBit { offset: 28 },
            Departure::EntryUnused { offset: 28, value: 5 },
        ]
    );
}

#[test]
fn flags_that_a_type_does_not_have() {
    const ENTRY: &[Cie<'static>] = &[entry(255, 0)];
    let unused = |part: Part<'static>| match of_part(part, 0xfffd, ENTRY)[..] {
        [Departure::UnusedFlags { flags }] => flags.0,
        ref found => panic!("{found:?}"),
    };
    assert_eq!(unused(MandatoryPart::ResolutionRequest), 0x27fd);
    assert_eq!(unused(MandatoryPart::ResolutionReply), 0x07fd);
    assert_eq!(unused(MandatoryPart::RegistrationRequest), 0x7ffd);
    assert_eq!(unused(MandatoryPart::PurgeRequest), 0x7ffd);
}

const ENTRIES: [Cie<'static>; 2] = [entry(255, 0); 2];

#[test]
fn how_many_entries_there_may_be() {
    let wrong = |part: Part<'static>, bits, count: usize| {
        of_part(part, bits, &ENTRIES[..count])
            .iter()
            .any(|found| matches!(found, Departure::EntryCount { .. }))
    };
    assert!(!wrong(MandatoryPart::ResolutionRequest, 0, 0));
    assert!(!wrong(MandatoryPart::ResolutionRequest, 0, 1));
    assert!(wrong(MandatoryPart::ResolutionRequest, 0, 2));
    assert!(wrong(MandatoryPart::ResolutionReply, 0, 0));
    assert!(!wrong(MandatoryPart::ResolutionReply, 0, 2));
    assert!(wrong(MandatoryPart::ResolutionReply, 0x1000, 2));
    assert!(wrong(MandatoryPart::RegistrationRequest, 0, 0));
    assert!(!wrong(MandatoryPart::RegistrationRequest, 0, 2));
    assert!(wrong(MandatoryPart::RegistrationRequest, 0x8000, 2));
    assert!(wrong(MandatoryPart::PurgeRequest, 0, 0));
    assert!(!wrong(MandatoryPart::PurgeRequest, 0x8000, 2));
}

#[test]
fn codes_and_holding_times() {
    let found = of_part(MandatoryPart::RegistrationRequest, 0, &[entry(255, 5)]);
    assert_eq!(found, [Departure::UnexpectedCode { offset: 28, code: CieCode(5) }]);
    let lasting = Cie { holding_time: Seconds(1), ..entry(0, 11) };
    let found = of_part(MandatoryPart::ResolutionReply, 0, &[entry(0, 0), lasting]);
    assert_eq!(
        found,
        [
            Departure::UnassignedCode { offset: 44, code: CieCode::NO_BINDING_FRR },
            Departure::NakAmongOthers { offset: 44 },
            Departure::NakHoldingTime { offset: 44 },
        ]
    );
    let lasting = Cie { code: CieCode::SUCCESS, ..lasting };
    assert_eq!(
        of_part(MandatoryPart::ResolutionRequest, 0, &[lasting]),
        [Departure::UnstableHoldingTime { offset: 28 }]
    );
    assert_eq!(of_part(MandatoryPart::ResolutionRequest, 0x0800, &[lasting]), []);
}

#[test]
fn a_purge_names_an_address_and_neither_mtu_nor_preference_rfc_2332_section_5_2_5() {
    let cie = Cie { maximum_transmission_unit: 1, client_protocol_address: &[], ..entry(32, 0) };
    assert_eq!(
        of_part(MandatoryPart::PurgeRequest, 0, &[cie]),
        [Departure::PurgeWithoutAddress { offset: 28 }, Departure::PurgeFields { offset: 28 }]
    );
    assert_eq!(of_part(MandatoryPart::PurgeRequest, 0, &[entry(32, 0)]), []);
}

#[test]
fn what_extensions_depart_in() {
    let record = [entry(32, 5)];
    let records = Cies::from(&record);
    let bare = |value| Extension { compulsory: false, unused: false, value };
    let extensions = [
        bare(ExtensionValue::ReverseTransitNhsRecord(TransitNhsRecord { records: records.clone() })),
        bare(ExtensionValue::NatAddress(NatAddress { cies: records })),
        Extension {
            unused: true,
            ..Extension::new(ExtensionValue::Authentication(Authentication {
                reserved: 7,
                ..Authentication::password(b"x")
            }))
        },
        Extension::new(ExtensionValue::Raw {
            extension_type: ExtensionType::FORWARD_TRANSIT_NHS_RECORD,
            octets: b"x",
            missing: 0,
        }),
    ];
    let packet = Packet {
        end_of_extensions: Some(Extension::new(ExtensionValue::End(b"x"))),
        ..Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionRequest(flags(0)))
    };
    let found = departures(&packet, &extensions, Policy::default());
    let error = ParseError::Length(crate::LengthError::Ends {
        within: "NHRP packet",
        element: "client information entry",
        offset: 81,
        needed: 12,
        available: 1,
    });
    assert_eq!(
        found,
        [
            Departure::CompulsoryBit {
                offset: 28,
                extension_type: ExtensionType::REVERSE_TRANSIT_NHS_RECORD
            },
            Departure::RecordPrefixLength { offset: 32, prefix_length: 32 },
            Departure::UnexpectedCode { offset: 32, code: CieCode::INSUFFICIENT_RESOURCES },
            Departure::CiscoNatAddress { offset: 48 },
            Departure::ExtensionUnusedBit { offset: 68 },
            Departure::AuthenticationReserved { offset: 68, value: 7 },
            Departure::PasswordAuthentication { offset: 68 },
            Departure::MalformedExtension { offset: 77, error },
            Departure::EndWithValue { offset: 82 },
        ]
    );
    for departure in found {
        assert!(!departure.to_string().is_empty() && departure.reference().starts_with("RFC 2"));
    }
}

#[test]
fn device_capabilities_have_one_bit_rfc_2735_section_4_2() {
    let policy = Policy::new(AuthenticationForm::Cisco, ExtensionNine::DeviceCapabilities);
    let packet = Packet::new(ProtocolType::IPV4, MandatoryPart::ResolutionRequest(flags(0)));
    let of = |target_capabilities| {
        let value = DeviceCapabilities { source_capabilities: 1, target_capabilities };
        departures(&packet, &[Extension::new(ExtensionValue::DeviceCapabilities(value))], policy)
    };
    assert_eq!(of(1), []);
    assert_eq!(of(3), [Departure::CapabilitiesUnused { offset: 28 }]);
}

#[test]
fn every_type_is_seen_once() {
    let mut seen = Seen::default();
    for extension_type in 0..0x4000 {
        assert!(!seen.again(ExtensionType(extension_type)));
    }
    for extension_type in 0..0x4000 {
        assert!(seen.again(ExtensionType(extension_type)));
    }
}

#[test]
fn an_error_code_prints_its_name() {
    assert_eq!(format!("{:?}", ErrorCode::AUTHENTICATION_FAILURE), "Authentication Failure");
}
