//! Every NHRP packet of the captures is read and written back, built from its parts, and forwarded in place.

use needs::needs;
use std::collections::BTreeMap;
use std::path::Path;

use nhrp::extension::authentication::{Authentication, AuthenticationError, Credentials, verify};
use nhrp::extension::{NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use nhrp::{
    Addresses, Cie, Cies, Departure, Emit, Exchange, Extension, ExtensionValue, Extensions, FixedPart, Flags,
    Forward, Indication, MandatoryPart, NbmaAddress, Packet, PacketType, ParseError, Policy, ProtocolType,
    Seconds, TransitRecord,
};
use vpnwire_conformance::{capture_files, captures, datagrams};

/// The numbers of frames with NHRP inside GRE, from tshark 4.0.17 (`-Y nhrp`).
const CAPTURES: [(&str, usize); 12] = [
    ("cisco-ios/dmvpn-ipv6-over-ipv4-nhrp-registrations.pcap", 8),
    ("cisco-ios/dmvpn-phase-3-traffic-indication.pcap", 4),
    ("cisco-ios/dmvpn-qos-nhrp-registrations.pcap", 12),
    ("frr-nhrpd/auth-mismatch-10.pcap", 10),
    ("frr-nhrpd/key100-noauth.pcap", 2),
    ("frr-nhrpd/phase3-auth-secret.pcap", 24),
    ("frr-nhrpd/probe-replies.pcap", 16),
    ("tcpdump/NHRP-responder-address.pcap", 2),
    ("tcpdump/NHRP_registration.pcap", 4),
    ("tcpdump/ios_nhrp.pcap", 1),
    ("tcpdump/nhrp-trace.pcap", 4),
    ("tcpdump/nhrp.pcapng", 25),
];

/// The NHRP packets in a capture: frame numbers and octets.
fn packets(path: &Path) -> Vec<(usize, Vec<u8>)> {
    let gre = datagrams(path).into_iter().filter(|datagram| datagram.protocol == 47);
    let nhrp = gre.filter_map(|datagram| {
        let packet = gre::Packet::parse(&datagram.payload).ok()?;
        (packet.header.protocol_type == gre::ProtocolType::NHRP)
            .then(|| (datagram.frame, packet.payload.to_vec()))
    });
    nhrp.collect()
}

fn frame(folder: &Path, name: &str, number: usize) -> Vec<u8> {
    packets(&folder.join(name)).into_iter().find(|packet| packet.0 == number).expect("that frame").1
}

/// Every NHRP packet: the capture, the frame and the octets.
fn all(folder: &Path) -> Vec<(String, usize, Vec<u8>)> {
    let mut all = Vec::new();
    for path in capture_files(folder) {
        let name = path.strip_prefix(folder).expect("below the folder").to_string_lossy().into_owned();
        all.extend(packets(&path).into_iter().map(|(frame, octets)| (name.clone(), frame, octets)));
    }
    assert_eq!(all.len(), CAPTURES.iter().map(|capture| capture.1).sum::<usize>());
    all
}

#[needs(captures)]
#[test]
fn every_packet_is_read_and_written_back_to_the_octet() {
    let folder = captures();
    let mut counts = BTreeMap::new();
    let mut unrecognized = 0;
    for (name, frame, octets) in all(&folder) {
        let packet = Packet::parse(&octets).unwrap_or_else(|error| panic!("{name} frame {frame}: {error}"));
        let (fixed_part, _) = FixedPart::parse_prefix(&octets).expect("it is a packet");
        let departures: Vec<_> = fixed_part.conformance(&octets).collect();
        let mut written = vec![0; octets.len()];
        let len = packet.emit(&mut written).map(|octets| octets.len());
        assert_eq!((len, packet.wire_len()), (Ok(octets.len()), octets.len()));
        if (&*name, frame) == ("frr-nhrpd/probe-replies.pcap", 15) {
            assert_eq!(departures, [Departure::Checksum { found: 0x47be, computed: 0x47bf }]);
            assert_eq!(written[12..14], [0x47, 0xbf]);
            written[13] = 0xbe;
        } else {
            assert_eq!(departures, [], "{name} frame {frame}");
        }
        assert_eq!(written, octets, "{name} frame {frame}");
        for (_, extension) in packet.decoded_extensions(Policy::default()) {
            extension.unwrap_or_else(|error| panic!("{name} frame {frame}: {error}"));
        }
        if let Some((_, extension)) = packet.unrecognized_compulsory() {
            // This is a probe that FRR answers nevertheless.
            assert_eq!((&*name, extension.extension_type().0), ("frr-nhrpd/probe-replies.pcap", 0x3f33));
            unrecognized += 1;
        }
        let (again, rest) = Packet::parse_prefix(&octets).expect("the packet size is right");
        assert_eq!((again, rest), (packet, &[][..]));
        *counts.entry(name).or_insert(0) += 1;
    }
    let counts: Vec<_> = counts.iter().map(|(name, count)| (&**name, *count)).collect();
    assert_eq!(counts, CAPTURES);
    assert_eq!(unrecognized, 2, "tshark: nhrp.ext.type 0x3f33 in frames 9 and 10, nhrp.ext.c set");
    println!("{} NHRP packets both ways", counts.iter().map(|count| count.1).sum::<usize>());
}

#[needs(captures)]
#[test]
fn a_broken_packet_on_ip_protocol_54_is_an_error_and_its_parts_are_told() {
    let folder = captures();
    let datagrams = datagrams(&folder.join("tcpdump/pb_nhrp_1.pcap"));
    let [datagram] = &datagrams[..] else { panic!("one frame") };
    assert_eq!(datagram.protocol, 54);
    let octets = &datagram.payload;
    let error = Packet::parse_ignoring_size(octets).unwrap_err();
    assert!(matches!(error, ParseError::ExtensionOffset { found: 256, .. }));
    // These are the values that tshark shows before it calls the packet malformed.
    let (fixed_part, _) = FixedPart::parse_prefix(octets).expect("a fixed part");
    assert_eq!(fixed_part.packet_size, 30_547);
    let read = Packet::parse_until_error(octets).expect("a fixed part");
    assert_eq!(read.fault, Packet::parse_prefix(octets).err());
    assert_eq!((read.value.address_family.0, read.value.hop_count), (0x5dc9, 103));
    let part = read.value.mandatory_part;
    let MandatoryPart::ResolutionRequest(exchange) = part else { panic!("a Resolution Request") };
    assert_eq!(exchange.addresses.source_nbma_address.octets, [1]);
    assert_eq!(exchange.addresses.source_nbma_subaddress.octets, [0x79]);
    assert_eq!(exchange.addresses.source_protocol_address, [0x67]);
    assert_eq!(exchange.addresses.destination_protocol_address, [0x49]);
}

#[needs(captures)]
#[test]
fn packets_in_error_are_told_as_far_as_they_go() {
    let folder = captures();
    let mut nested = BTreeMap::new();
    for (_, _, octets) in all(&folder) {
        let packet = Packet::parse(&octets).expect("a packet");
        if let MandatoryPart::ErrorIndication(indication) = &packet.mandatory_part {
            assert_eq!(indication.error_code, nhrp::ErrorCode::AUTHENTICATION_FAILURE);
            let read = Packet::parse_until_error(indication.packet_in_error).expect("its fixed part");
            let part = read.value.mandatory_part;
            assert!(!matches!(part, MandatoryPart::Other(_)), "its addresses are there");
            *nested.entry(part.packet_type().0).or_insert(0) += 1;
        }
    }
    // tshark shows nhrp.hdr.op.type 7,3 once and 7,7 eight times in auth-mismatch-10, and 7,3 twice in probe-replies.
    assert_eq!(nested.into_iter().collect::<Vec<_>>(), [(3, 3), (7, 8)]);
}

#[needs(captures)]
#[test]
fn passwords_pass_and_others_do_not() {
    let folder = captures();
    let mut counts = BTreeMap::new();
    for (name, frame, octets) in all(&folder) {
        let expected: &[u8] = match &*name {
            "tcpdump/NHRP-responder-address.pcap" | "tcpdump/NHRP_registration.pcap" => b"NHRPAUTH",
            "tcpdump/nhrp.pcapng" => b"OTUS",
            "tcpdump/ios_nhrp.pcap" => b"CISCO",
            name if name.starts_with("cisco-ios") => b"DMVPN",
            _ => b"secret",
        };
        let result = verify(&octets, &Credentials::Password(expected));
        let kind = match result {
            Ok(()) => "passes",
            Err(AuthenticationError::Absent) => "absent",
            Err(AuthenticationError::NotAuthentic) => "does not pass",
            Err(error) => panic!("{name} frame {frame}: {error}"),
        };
        *counts.entry(kind).or_insert(0) += 1;
        assert_ne!(verify(&octets, &Credentials::Password(b"cisco123")), Ok(()));
    }
    // tshark's nhrp.auth_ext.data is absent from 11 Error Indications, key100-noauth (2) and probe-replies 13. It is
    // `wrong1` in auth-mismatch 1 and `wrong` in probe-replies 11.
    assert_eq!(
        counts.into_iter().collect::<Vec<_>>(),
        [("absent", 14), ("does not pass", 2), ("passes", 96)]
    );
}

#[needs(captures)]
#[test]
fn what_ios_and_frr_do_is_listed() {
    let folder = captures();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (name, _, octets) in all(&folder) {
        let packet = Packet::parse(&octets).expect("a packet");
        let sender = if name.starts_with("frr") { "FRR" } else { "IOS" };
        for departure in packet.conformance(Policy::default()) {
            let kind = match departure {
                Departure::UniquePrefixLength { .. } => "unique prefix",
                Departure::ExtensionsOnIndication { packet_type: PacketType::TRAFFIC_INDICATION } => {
                    "extensions"
                }
                Departure::IndicationUnused { .. } => "indication unused",
                Departure::MalformedExtension { .. } | Departure::RepeatedExtension { .. } => "broken",
                _ => continue,
            };
            *counts.entry((sender, kind)).or_insert(0) += 1;
        }
    }
    // The numbers are from tshark: requests with U and a prefix length that is not 255; packets of type 8; Error
    // Indications with nhrp.flags that are not 0 (all of these captures have the flags of the packet in error there).
    let expected = [
        (("FRR", "extensions"), 3),
        (("FRR", "indication unused"), 11),
        (("IOS", "extensions"), 2),
        (("IOS", "unique prefix"), UNIQUE_PREFIX),
    ];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
}

/// Registration Requests with flags 0x8002 and a prefix length other than 255, from tshark: in the IPv6 and QoS
/// captures of `cisco-ios`, in `NHRP_registration` and in `nhrp.pcapng`.
const UNIQUE_PREFIX: usize = 4 + 6 + 2 + 15;

// The parts of real packets, as tshark shows them, and the packets that are built from them.

fn binding(
    prefix_length: u8,
    mtu: u16,
    holding: u16,
    nbma: &'static [u8],
    protocol: &'static [u8],
) -> Cie<'static> {
    Cie {
        prefix_length,
        maximum_transmission_unit: mtu,
        holding_time: Seconds(holding),
        client_nbma_address: NbmaAddress::new(nbma),
        client_protocol_address: protocol,
        ..Cie::default()
    }
}

fn exchange(
    flags: u16,
    request_id: u32,
    nbma: &'static [u8],
    source: &'static [u8],
    destination: &'static [u8],
) -> Exchange<'static> {
    let addresses = Addresses {
        source_nbma_address: NbmaAddress::new(nbma),
        source_protocol_address: source,
        destination_protocol_address: destination,
        ..Addresses::default()
    };
    Exchange { flags: Flags(flags), request_id, addresses, cies: Cies::default() }
}

/// The extensions of IOS in its order: 3 (not in an indication), 4, 5, 7 and, if it supports NAT, 9.
fn ios<'a>(
    responder: Option<Option<Cie<'a>>>,
    forward: Cies<'a>,
    password: &'a [u8],
    nat: Option<Cies<'a>>,
) -> Vec<Extension<'a>> {
    let responder =
        responder.map(|responder| ExtensionValue::ResponderAddress(ResponderAddress { responder }));
    let values = responder
        .into_iter()
        .chain([
            ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord { records: forward }),
            ExtensionValue::ReverseTransitNhsRecord(TransitNhsRecord::default()),
            ExtensionValue::Authentication(Authentication::password(password)),
        ])
        .chain(nat.map(|cies| ExtensionValue::NatAddress(NatAddress { cies })));
    values.map(Extension::new).collect()
}

/// Builds a packet, and compares its octets and its parts with the real one.
fn same<'a>(
    real: &[u8],
    part: impl FnOnce(Cies<'a>) -> MandatoryPart<'a>,
    hop_count: u8,
    cies: &'a [Cie<'a>],
    extensions: &[Extension<'a>],
) {
    let parsed = Packet::parse(real).expect("a packet");
    let extensions = Extensions::from(extensions);
    let packet = Packet { hop_count, extensions, ..Packet::new(parsed.protocol_type, part(cies.into())) };
    assert_eq!(packet.emit(&mut [0; 400]).expect("it fits"), real);
    assert_eq!(parsed, packet);
}

#[needs(captures)]
#[test]
fn ios_shortcut_98_86_106_134_from_their_parts() {
    let folder = captures();
    let real = |number| frame(&folder, "tcpdump/nhrp-trace.pcap", number);
    let hub = binding(0, 1514, 7200, &[192, 168, 200, 1], &[10, 255, 255, 1]);
    let spoke = binding(0, 1514, 7200, &[192, 168, 200, 2], &[10, 255, 255, 2]);
    let none = Cies::default;

    let indication = real(1);
    assert_eq!(indication.len(), 98);
    let packet_in_error = &indication[40..68];
    let part = MandatoryPart::TrafficIndication(Indication {
        addresses: exchange(0, 0, &[192, 168, 200, 1], &[10, 255, 255, 1], &[10, 255, 255, 3]).addresses,
        packet_in_error,
        ..Indication::default()
    });
    same(&indication, |_| part, 255, &[], &ios(None, none(), b"secret", Some(none())));

    let asked = exchange(0xc802, 5, &[192, 168, 200, 3], &[10, 255, 255, 3], &[10, 255, 255, 2]);
    let request = |cies| MandatoryPart::ResolutionRequest(Exchange { cies, ..asked.clone() });
    let bare = [binding(0, 1514, 7200, &[], &[])];
    assert_eq!(real(2).len(), 86);
    same(&real(2), request, 255, &bare, &ios(Some(None), none(), b"secret", Some(none())));

    let record = [hub];
    let record = Cies::from(&record);
    assert_eq!(real(3).len(), 106);
    same(&real(3), request, 254, &bare, &ios(Some(None), record.clone(), b"secret", Some(none())));

    let reply =
        |cies| MandatoryPart::ResolutionReply(Exchange { flags: Flags(0xf802), cies, ..asked.clone() });
    let answer = [Cie { prefix_length: 32, ..spoke }];
    assert_eq!(real(4).len(), 134);
    same(&real(4), reply, 255, &answer, &ios(Some(Some(spoke)), record, b"secret", Some(none())));
}

#[needs(captures)]
#[test]
fn ios_registrations_108_128_104_124_81_122_142_from_their_parts() {
    let folder = captures();
    /// A request or reply about these values, with the given entries.
    fn about<'a>(
        part: fn(Exchange<'a>) -> MandatoryPart<'a>,
        asked: &Exchange<'a>,
    ) -> impl FnOnce(Cies<'a>) -> MandatoryPart<'a> {
        let asked = asked.clone();
        move |cies| part(Exchange { cies, ..asked })
    }
    let request = |asked| about(MandatoryPart::RegistrationRequest, asked);
    let reply = |asked| about(MandatoryPart::RegistrationReply, asked);

    let real = |number| frame(&folder, "tcpdump/NHRP_registration.pcap", number);
    let asked = exchange(0x8002, 1, &[169, 254, 100, 1], &[155, 1, 0, 1], &[155, 1, 0, 5]);
    let bare = [binding(32, 17912, 7200, &[], &[])];
    let hub = binding(32, 17912, 7200, &[169, 254, 100, 5], &[155, 1, 0, 5]);
    let nat = [Cie { holding_time: Seconds::ZERO, ..hub }];
    let nat = Cies::from(&nat);
    assert_eq!((real(1).len(), real(2).len()), (108, 128));
    let extensions = ios(Some(None), Cies::default(), b"NHRPAUTH", Some(nat.clone()));
    same(&real(1), request(&asked), 255, &bare, &extensions);
    let extensions = ios(Some(Some(hub)), Cies::default(), b"NHRPAUTH", Some(nat));
    same(&real(2), reply(&asked), 255, &bare, &extensions);

    let real = |number| frame(&folder, "tcpdump/nhrp.pcapng", number);
    let asked = exchange(0x8002, 0x15, &[100, 1, 2, 27], &[10, 65, 0, 3], &[10, 65, 0, 1]);
    let bare = [binding(32, 17916, 7200, &[], &[])];
    let hub = binding(32, 17916, 7200, &[100, 1, 0, 14], &[10, 65, 0, 1]);
    let nat = [Cie { holding_time: Seconds::ZERO, ..hub }];
    let nat = Cies::from(&nat);
    assert_eq!((real(1).len(), real(2).len()), (104, 124));
    let extensions = ios(Some(None), Cies::default(), b"OTUS", Some(nat.clone()));
    same(&real(1), request(&asked), 255, &bare, &extensions);
    let extensions = ios(Some(Some(hub)), Cies::default(), b"OTUS", Some(nat));
    same(&real(2), reply(&asked), 255, &bare, &extensions);

    let real = frame(&folder, "tcpdump/ios_nhrp.pcap", 1);
    assert_eq!(real.len(), 81);
    let asked = exchange(0x8000, 5, &[10, 0, 12, 2], &[192, 168, 0, 2], &[192, 168, 0, 1]);
    let bare = [binding(255, 1514, 30, &[], &[])];
    same(&real, request(&asked), 255, &bare, &ios(Some(None), Cies::default(), b"CISCO", None));

    let real = |number| frame(&folder, "cisco-ios/dmvpn-qos-nhrp-registrations.pcap", number);
    let asked = exchange(0x8002, 4, &[192, 168, 123, 2], &[172, 16, 123, 2], &[172, 16, 123, 1]);
    let best = |cie: Cie<'static>| Cie { preference: 255, ..cie };
    let bare = [best(binding(32, 17916, 7200, &[], &[]))];
    let hub = best(binding(32, 17916, 7200, &[192, 168, 123, 1], &[172, 16, 123, 1]));
    let nat = [Cie { holding_time: Seconds::ZERO, ..hub }];
    let nat = Cies::from(&nat);
    let group = Extension::new(ExtensionValue::VendorPrivate(VendorPrivate::CiscoGroup(b"SHAPE_1M")));
    assert_eq!((real(1).len(), real(2).len()), (122, 142));
    let mut extensions = ios(Some(None), Cies::default(), b"DMVPN", Some(nat.clone()));
    extensions.push(group.clone());
    same(&real(1), request(&asked), 255, &bare, &extensions);
    let mut extensions = ios(Some(Some(hub)), Cies::default(), b"DMVPN", Some(nat));
    extensions.push(group);
    same(&real(2), reply(&asked), 255, &bare, &extensions);
}

#[needs(captures)]
#[test]
fn a_hub_forwards_in_place_what_ios_and_frr_forwarded_to_the_octet() {
    let folder = captures();
    let mut forwarded = 0;
    // This is the same request or reply before and after its hop.
    for (name, before, after, password) in [
        ("tcpdump/nhrp-trace.pcap", 2, 3, &b"secret"[..]),
        ("cisco-ios/dmvpn-phase-3-traffic-indication.pcap", 2, 3, b"DMVPN"),
        ("frr-nhrpd/phase3-auth-secret.pcap", 11, 12, b"secret"),
        ("frr-nhrpd/phase3-auth-secret.pcap", 13, 14, b"secret"),
        ("frr-nhrpd/phase3-auth-secret.pcap", 16, 17, b"secret"),
    ] {
        let (before, after) = (frame(&folder, name, before), frame(&folder, name, after));
        let sent = Packet::parse(&after).expect("a packet");
        let record = sent
            .decoded_extensions(Policy::default())
            .filter_map(|(_, extension)| match extension.expect("a sound extension").value {
                ExtensionValue::ReverseTransitNhsRecord(value) if sent.mandatory_part.is_reply() => {
                    value.records.iter().last()
                }
                ExtensionValue::ForwardTransitNhsRecord(value) if sent.mandatory_part.is_request() => {
                    value.records.iter().last()
                }
                _ => None,
            })
            .last()
            .expect("the record that the hop appended");
        let mut buffer = before.clone();
        buffer.resize(256, 0);
        let mut forward = Forward::new(&mut buffer, before.len()).expect("a packet");
        assert_eq!(forward.decrement_hop_count(), Ok(sent.hop_count));
        assert_eq!(forward.append_transit_nhs_record(&record), Ok(TransitRecord::Appended));
        let ours = forward.regenerate_authentication(&Credentials::Password(password)).expect("room");
        assert_eq!(ours, after, "{name}");
        assert_eq!(ours.len(), before.len() + 20);
        forwarded += 1;
    }
    assert_eq!(forwarded, 5);
}

#[needs(captures)]
#[test]
fn ipv6_is_resolved_over_ipv4() {
    let folder = captures();
    let mut sizes = BTreeMap::new();
    for (_, octets) in packets(&folder.join("cisco-ios/dmvpn-ipv6-over-ipv4-nhrp-registrations.pcap")) {
        let packet = Packet::parse(&octets).expect("a packet");
        assert_eq!(packet.protocol_type, ProtocolType::IPV6);
        let exchange = packet.mandatory_part.exchange().expect("a registration");
        assert!(exchange.cies.iter().all(|cie| cie.client_nbma_address.octets.len() == 4));
        assert!(exchange.cies.iter().all(|cie| cie.client_protocol_address.len() == 16));
        *sizes.entry((octets.len(), exchange.cies.count())).or_insert(0) += 1;
    }
    assert_eq!(sizes.into_iter().collect::<Vec<_>>(), [((161, 1), 4), ((225, 2), 4)]);
}
