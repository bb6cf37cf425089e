use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::extension::authentication::{Authentication, AuthenticationData};
use crate::extension::{DeviceCapabilities, NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use crate::{
    AddressFamily, Addresses, ErrorCode, Exchange, Flags, Indication, OtherPart, PacketType, ProtocolType,
};

fn octets(max: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=max)
}

/// Makes octets that live as long as the test process, because proptest wants values without a lifetime.
fn kept(octets: Vec<u8>) -> &'static [u8] {
    Vec::leak(octets)
}

prop_compose! {
    fn nbma()(reserved: bool, e164: bool, address in octets(20)) -> NbmaAddress<'static> {
        NbmaAddress { reserved, e164, octets: kept(address) }
    }
}

prop_compose! {
    fn cie()(
        code: u8,
        prefix_length: u8,
        unused: u16,
        mtu: u16,
        holding_time: u16,
        address in nbma(),
        subaddress in nbma(),
        protocol in octets(20),
        preference: u8,
    ) -> Cie<'static> {
        Cie {
            code: code.into(),
            prefix_length,
            unused,
            maximum_transmission_unit: mtu,
            holding_time: Seconds(holding_time),
            client_nbma_address: address,
            client_nbma_subaddress: subaddress,
            client_protocol_address: kept(protocol),
            preference,
            missing: 0,
        }
    }
}

prop_compose! {
    fn cies(max: usize)(values in prop::collection::vec(cie(), 0..=max)) -> Cies<'static> {
        Cies::Values(values.leak())
    }
}

prop_compose! {
    fn addresses()(
        address in nbma(),
        subaddress in nbma(),
        source in octets(20),
        destination in octets(20),
    ) -> Addresses<'static> {
        Addresses {
            source_nbma_address: address,
            source_nbma_subaddress: subaddress,
            source_protocol_address: kept(source),
            destination_protocol_address: kept(destination),
        }
    }
}

prop_compose! {
    fn exchange()(flags: u16, request_id: u32, addresses in addresses(), cies in cies(2)) -> Exchange<'static> {
        Exchange { flags: Flags(flags), request_id, addresses, cies }
    }
}

prop_compose! {
    fn indication()(
        unused: u16,
        error_code: u16,
        error_offset: u16,
        addresses in addresses(),
        packet in octets(60),
    ) -> Indication<'static> {
        let error_code = ErrorCode(error_code);
        Indication { unused, error_code, error_offset, addresses, packet_in_error: kept(packet) }
    }
}

fn mandatory_part() -> impl Strategy<Value = MandatoryPart<'static>> {
    prop_oneof![
        exchange().prop_map(MandatoryPart::ResolutionRequest),
        exchange().prop_map(MandatoryPart::ResolutionReply),
        exchange().prop_map(MandatoryPart::RegistrationRequest),
        exchange().prop_map(MandatoryPart::RegistrationReply),
        exchange().prop_map(MandatoryPart::PurgeRequest),
        exchange().prop_map(MandatoryPart::PurgeReply),
        indication().prop_map(MandatoryPart::ErrorIndication),
        indication().prop_map(MandatoryPart::TrafficIndication),
        (9..=255u8, any::<(u8, u8)>(), octets(40)).prop_map(|(packet_type, lengths, octets)| {
            MandatoryPart::Other(OtherPart {
                packet_type: PacketType(packet_type),
                source_address: lengths.0.into(),
                source_subaddress: lengths.1.into(),
                octets: kept(octets),
                missing: 0,
            })
        }),
    ]
}

fn value() -> impl Strategy<Value = ExtensionValue<'static>> {
    prop_oneof![
        prop::option::of(cie())
            .prop_map(|responder| ExtensionValue::ResponderAddress(ResponderAddress { responder })),
        cies(2).prop_map(|records| ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord { records })),
        cies(2).prop_map(|records| ExtensionValue::ReverseTransitNhsRecord(TransitNhsRecord { records })),
        (any::<(u16, u16)>(), octets(12)).prop_map(|(words, password)| {
            ExtensionValue::Authentication(Authentication {
                reserved: words.0,
                security_parameter_index: words.1,
                data: AuthenticationData::Password(kept(password)),
            })
        }),
        (any::<[u8; 3]>(), octets(20)).prop_map(|(vendor_id, data)| {
            ExtensionValue::VendorPrivate(VendorPrivate::Other { vendor_id, data: kept(data) })
        }),
        octets(20).prop_map(|name| ExtensionValue::VendorPrivate(VendorPrivate::CiscoGroup(kept(name)))),
        cies(2).prop_map(|cies| ExtensionValue::NatAddress(NatAddress { cies })),
        any::<(u32, u32)>().prop_map(|(source_capabilities, target_capabilities)| {
            ExtensionValue::DeviceCapabilities(DeviceCapabilities {
                source_capabilities,
                target_capabilities,
            })
        }),
        (11..0x4000u16, octets(12)).prop_map(|(extension_type, octets)| ExtensionValue::Raw {
            extension_type: extension_type.into(),
            octets: kept(octets),
            missing: 0,
        }),
    ]
}

prop_compose! {
    fn extension()(compulsory: bool, unused: bool, value in value()) -> Extension<'static> {
        Extension { compulsory, unused, value }
    }
}

prop_compose! {
    fn packet()(
        words: (u16, u16),
        protocol_snap: [u8; 5],
        hop_count: u8,
        mandatory_part in mandatory_part(),
        extensions in prop::collection::vec(extension(), 0..6),
        end in prop::option::of((any::<bool>(), octets(4))),
    ) -> Packet<'static> {
        Packet {
            address_family: AddressFamily(words.0),
            protocol_type: ProtocolType(words.1),
            protocol_snap,
            hop_count,
            mandatory_part,
            extensions: Extensions::Values(extensions.leak()),
            end_of_extensions: end.map(|(unused, octets)| Extension {
                compulsory: true,
                unused,
                value: ExtensionValue::End(kept(octets)),
            }),
        }
    }
}

fn all(octets: &[u8], room: usize) {
    parse_is_total(octets);
    a_cut_keeps_what_is_there(octets);
    chain_offsets_are_true(octets);
    parse_then_emit(octets);
    extensions_go_both_ways(octets);
    forwarding_keeps_the_rest(octets, room);
}

proptest! {
    #[test]
    fn any_octets(octets in octets(200)) {
        all(&octets, 40);
    }

    #[test]
    fn any_octets_after_a_fixed_part(mut octets in prop::collection::vec(0..24u8, 20..200), packet_type in 1..10u8) {
        let header = [0, octets[15] * 4, 1, packet_type, octets[18] & 0x47, octets[19] & 0x43];
        octets[14..20].copy_from_slice(&header);
        all(&octets, 40);
    }

    #[test]
    fn any_packet(
        packet in packet(),
        room in 0..64usize,
        damage: Option<(prop::sample::Index, u8)>,
    ) {
        emit_then_parse(&packet);
        let mut buffer = [0; MAX_LEN];
        let octets = packet.emit(&mut buffer).unwrap();
        let len = octets.len();
        all(octets, room);
        if let Some((index, value)) = damage {
            octets[index.index(len)] = value;
            all(octets, room);
        }
    }
}
