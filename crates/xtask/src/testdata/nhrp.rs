//! Captures of NHRP: a DMVPN with a hub and two spokes, and packets that break rules.

use ::gre::{Header, ProtocolType as Carried};
use ::nhrp::extension::authentication::{
    Authentication, AuthenticationData, Credentials, DIGEST_LEN, digest,
};
use ::nhrp::extension::{DeviceCapabilities, NatAddress, ResponderAddress, TransitNhsRecord, VendorPrivate};
use ::nhrp::{
    AddressFamily, Addresses, Cie, CieCode, Cies, Emit, ErrorCode, Exchange, Extension, ExtensionType,
    ExtensionValue, Extensions, Flags, Forward, Indication, MandatoryPart, NbmaAddress, OtherPart, Packet,
    PacketType, ProtocolType, Seconds, TypeLength,
};
use anyhow::{Context, Result};

use super::Frames;
use super::gre::in_ipv4;

/// A router of the DMVPN, with its addresses outside and inside the tunnel.
#[derive(Clone, Copy)]
struct Router {
    nbma: [u8; 4],
    tunnel: [u8; 4],
}

const HUB: Router = Router { nbma: [192, 0, 2, 1], tunnel: [10, 0, 0, 1] };
const SPOKE_1: Router = Router { nbma: [198, 51, 100, 11], tunnel: [10, 0, 0, 11] };
const SPOKE_2: Router = Router { nbma: [203, 0, 113, 12], tunnel: [10, 0, 0, 12] };
const PASSWORD: &[u8] = b"DMVPN";
const TUNNEL_KEY: u32 = 1000;

fn entry(router: &Router, holding_time: u16) -> Cie<'_> {
    Cie {
        prefix_length: 32,
        maximum_transmission_unit: 1472,
        holding_time: Seconds(holding_time),
        client_nbma_address: NbmaAddress::new(&router.nbma),
        client_protocol_address: &router.tunnel,
        ..Cie::default()
    }
}

fn addresses<'a>(source: &'a Router, destination: &'a [u8]) -> Addresses<'a> {
    Addresses {
        source_nbma_address: NbmaAddress::new(&source.nbma),
        source_protocol_address: &source.tunnel,
        destination_protocol_address: destination,
        ..Addresses::default()
    }
}

/// A request or reply without entries, which [`with`] adds.
fn exchange<'a>(flags: Flags, request_id: u32, source: &'a Router, destination: &'a [u8]) -> Exchange<'a> {
    Exchange { flags, request_id, addresses: addresses(source, destination), cies: Cies::default() }
}

fn with<'a>(exchange: &Exchange<'a>, cies: &'a [Cie<'a>]) -> Exchange<'a> {
    Exchange { cies: Cies::from(cies), ..exchange.clone() }
}

/// The extensions that IOS sends, in its order.
fn ios<'a>(responder: Option<Cie<'a>>, password: &'a [u8]) -> Vec<Extension<'a>> {
    [
        ExtensionValue::ResponderAddress(ResponderAddress { responder }),
        ExtensionValue::ForwardTransitNhsRecord(TransitNhsRecord::default()),
        ExtensionValue::ReverseTransitNhsRecord(TransitNhsRecord::default()),
        ExtensionValue::Authentication(Authentication::password(password)),
        ExtensionValue::NatAddress(NatAddress::default()),
    ]
    .into_iter()
    .map(Extension::new)
    .collect()
}

fn emit(part: MandatoryPart<'_>, extensions: &[Extension<'_>]) -> Result<Vec<u8>> {
    let extensions = Extensions::from(extensions);
    let packet = Packet { extensions, ..Packet::new(ProtocolType::IPV4, part) };
    packet.to_vec().context("it fits")
}

fn send(source: Router, destination: Router, packet: &[u8]) -> Result<Vec<u8>> {
    let header = Header { key: Some(TUNNEL_KEY), ..Header::new(Carried::NHRP) };
    in_ipv4(source.nbma, destination.nbma, 47, &::gre::Packet { header, payload: packet }.to_vec()?)
}

/// Both spokes register. The hub tells the first of a better path to the second. The first asks for the second,
/// receives the answer, and is told later that the answer is no longer valid.
pub(super) fn dmvpn() -> Result<Frames> {
    let mut frames = Frames::new();
    let unique = Flags(Flags::REGISTRATION_UNIQUE.0 | Flags::CISCO_NAT.0);
    for (number, spoke) in [SPOKE_1, SPOKE_2].iter().enumerate() {
        let time = u64::try_from(number)? * 3_000_000;
        let group = Extension::new(ExtensionValue::VendorPrivate(VendorPrivate::CiscoGroup(b"SHAPE_1M")));
        let bare = [Cie {
            prefix_length: 32,
            maximum_transmission_unit: 1472,
            holding_time: Seconds(300),
            ..Cie::default()
        }];
        let mut extensions = ios(None, PASSWORD);
        extensions.push(group);
        let request = with(&exchange(unique, 1, spoke, &HUB.tunnel), &bare);
        let octets = emit(MandatoryPart::RegistrationRequest(request.clone()), &extensions)?;
        frames.push((time, send(*spoke, HUB, &octets)?));
        let extensions = ios(Some(entry(&HUB, 300)), PASSWORD);
        let octets = emit(MandatoryPart::RegistrationReply(request), &extensions)?;
        frames.push((time + 1_500, send(HUB, *spoke, &octets)?));
    }

    // A packet from the network of the first spoke to that of the second. IOS quotes its headers.
    let mut quoted = Vec::new();
    etherparse::PacketBuilder::ipv4([10, 1, 1, 10], [10, 1, 2, 10], 254)
        .udp(49_152, 33_434)
        .write(&mut quoted, &[0; 100])?;
    quoted.truncate(28);
    let indication = Indication {
        addresses: addresses(&HUB, &SPOKE_1.tunnel),
        packet_in_error: &quoted,
        ..Indication::default()
    };
    let octets = emit(MandatoryPart::TrafficIndication(indication), &ios(None, PASSWORD)[1..])?;
    frames.push((10_000_000, send(HUB, SPOKE_1, &octets)?));

    let behind = [10, 1, 2, 10];
    let flags = Flags(Flags::ROUTER.0 | Flags::AUTHORITATIVE.0 | Flags::SOURCE_STABLE.0 | Flags::CISCO_NAT.0);
    let request = exchange(flags, 2, &SPOKE_1, &behind);
    let octets = emit(MandatoryPart::ResolutionRequest(request.clone()), &ios(None, PASSWORD))?;
    frames.push((10_010_000, send(SPOKE_1, HUB, &octets)?));
    let mut buffer = [0; 512];
    buffer[..octets.len()].copy_from_slice(&octets);
    let mut forward = Forward::new(&mut buffer, octets.len())?;
    forward.decrement_hop_count()?;
    forward.append_transit_nhs_record(&entry(&HUB, 300))?;
    let forwarded = forward.regenerate_authentication(&Credentials::Password(PASSWORD))?;
    frames.push((10_011_200, send(HUB, SPOKE_2, forwarded)?));

    let network = [10, 1, 2, 0];
    let answer = [Cie { prefix_length: 24, client_protocol_address: &network, ..entry(&SPOKE_2, 300) }];
    let reply = Exchange { flags: Flags(flags.0 | Flags::DESTINATION_STABLE.0), ..with(&request, &answer) };
    let octets = emit(MandatoryPart::ResolutionReply(reply), &ios(Some(entry(&SPOKE_2, 300)), PASSWORD))?;
    frames.push((10_013_000, send(SPOKE_2, SPOKE_1, &octets)?));

    // Nobody has the next address.
    let nowhere = [10, 1, 77, 1];
    let request = exchange(flags, 3, &SPOKE_1, &nowhere);
    let octets = emit(MandatoryPart::ResolutionRequest(request.clone()), &ios(None, PASSWORD))?;
    frames.push((20_000_000, send(SPOKE_1, HUB, &octets)?));
    let none = [Cie { code: CieCode::NO_BINDING, ..Cie::default() }];
    let reply = with(&request, &none);
    let octets = emit(MandatoryPart::ResolutionReply(reply), &ios(Some(entry(&HUB, 300)), PASSWORD))?;
    frames.push((20_001_000, send(HUB, SPOKE_1, &octets)?));

    let purge = with(&exchange(Flags::CISCO_NAT, 4, &SPOKE_2, &SPOKE_1.tunnel), &answer);
    let octets = emit(MandatoryPart::PurgeRequest(purge.clone()), &ios(None, PASSWORD))?;
    frames.push((30_000_000, send(SPOKE_2, SPOKE_1, &octets)?));
    let octets = emit(MandatoryPart::PurgeReply(purge), &ios(None, PASSWORD))?;
    frames.push((30_001_000, send(SPOKE_1, SPOKE_2, &octets)?));
    Ok(frames)
}

/// A spoke registers itself.
pub(super) fn registration() -> Result<Vec<u8>> {
    let entry = [entry(&SPOKE_1, 300)];
    let exchange = with(&exchange(Flags::NONE, 1, &SPOKE_1, &HUB.tunnel), &entry);
    emit(MandatoryPart::RegistrationRequest(exchange), &ios(None, PASSWORD))
}

/// Packets in forms of the RFC that DMVPN does not use, and packets that break rules.
pub(super) fn departures() -> Result<Frames> {
    let base = registration()?;
    let registration = |request_id, cies| {
        let exchange = exchange(Flags::NONE, request_id, &SPOKE_1, &HUB.tunnel);
        MandatoryPart::RegistrationRequest(with(&exchange, cies))
    };
    let itself = [entry(&SPOKE_1, 300)];
    let mut packets = Vec::new();

    // The RFC's authentication. Its digest is computed over the packet with zeros in the place of the digest.
    let hash = Extension::new(ExtensionValue::Authentication(Authentication {
        reserved: 0,
        security_parameter_index: 300,
        data: AuthenticationData::Hash { source_address: &SPOKE_1.tunnel, digest: &[0; DIGEST_LEN] },
    }));
    let mut octets = emit(registration(2, &itself), &[hash])?;
    let at = octets.len() - 4 - DIGEST_LEN;
    let made = digest(&octets, at, b"vpnwire-test")?;
    octets[at..at + DIGEST_LEN].copy_from_slice(&made);
    packets.push(fixed(octets)?);

    let other = [
        ExtensionValue::DeviceCapabilities(DeviceCapabilities {
            source_capabilities: DeviceCapabilities::VPN_AWARE,
            target_capabilities: 0,
        }),
        ExtensionValue::Raw { extension_type: ExtensionType(0x1234), octets: b"unknown", missing: 0 },
        ExtensionValue::VendorPrivate(VendorPrivate::Other {
            vendor_id: [0, 0x1b, 0xc5],
            data: b"something",
        }),
        // A body that does not have the form of its type: an entry of 12 octets without its addresses.
        ExtensionValue::Raw {
            extension_type: ExtensionType::FORWARD_TRANSIT_NHS_RECORD,
            octets: &[0, 32, 0, 0, 5, 0xdc, 0, 60, 4, 0, 4, 0],
            missing: 0,
        },
    ];
    packets.push(emit(registration(3, &[]), &other.map(Extension::new))?);

    // E.164 with subaddresses, and then a protocol type in its long form.
    let e164 = NbmaAddress { e164: true, ..NbmaAddress::new(&[0x49, 0x30, 0x12, 0x34, 0x56]) };
    let cies = [Cie {
        client_nbma_address: e164,
        client_nbma_subaddress: NbmaAddress::new(&[3, 2, 1]),
        client_protocol_address: &[6, 5, 4, 3, 2, 1],
        ..Cie::default()
    }];
    let part = MandatoryPart::ResolutionReply(Exchange {
        flags: Flags::NONE,
        request_id: 4,
        addresses: Addresses {
            source_nbma_address: e164,
            source_nbma_subaddress: NbmaAddress::new(&[1, 2, 3]),
            source_protocol_address: &[1, 2, 3, 4, 5, 6],
            destination_protocol_address: &[6, 5, 4, 3, 2, 1],
        },
        cies: Cies::from(&cies),
    });
    let packet = Packet {
        address_family: AddressFamily::E164_WITH_NSAP_SUBADDRESS,
        hop_count: 16,
        ..Packet::new(ProtocolType(0x8137), part)
    };
    let long_form =
        Packet { protocol_type: ProtocolType::SNAP, protocol_snap: [0, 0, 0, 0x81, 0x37], ..packet.clone() };
    for packet in [packet, long_form] {
        packets.push(packet.to_vec()?);
    }

    // Error indications: one that quotes a whole packet, one with a code of the other numbering, and one about an
    // error.
    let error = |error_code, packet_in_error| {
        MandatoryPart::ErrorIndication(Indication {
            unused: 0,
            error_code,
            error_offset: 72,
            addresses: addresses(&HUB, &SPOKE_1.tunnel),
            packet_in_error,
        })
    };
    let failure = emit(error(ErrorCode::AUTHENTICATION_FAILURE, &base), &[])?;
    packets.push(emit(error(ErrorCode::LOOP_DETECTED_FRR, &base[..40]), &[])?);
    packets.push(emit(error(ErrorCode(99), &failure), &[])?);
    packets.push(failure);

    let unknown = OtherPart {
        packet_type: PacketType(77),
        source_address: TypeLength::default(),
        source_subaddress: TypeLength::default(),
        octets: &[0; 8],
        missing: 0,
    };
    packets.push(emit(MandatoryPart::Other(unknown), &[])?);

    // A wrong checksum, a wrong packet size, a wrong extension offset, octets after the end, another version, and
    // packets that are cut.
    let mut changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut octets = base.clone();
        change(&mut octets);
        packets.push(octets);
    };
    changed(&|octets| octets[12] ^= 0xff);
    changed(&|octets| octets[11] += 4);
    changed(&|octets| octets[14] = 0x40);
    changed(&|octets| octets.extend([1, 2, 3, 4]));
    changed(&|octets| octets[16] = 2);
    changed(&|octets| octets.truncate(90));
    changed(&|octets| octets.truncate(30));
    changed(&|octets| octets.truncate(9));
    // Octets after the end that the packet size counts, and extension offsets inside the addresses and inside an
    // entry.
    changed(&|octets| {
        octets.extend([1, 2, 3, 4]);
        octets[11] += 4;
    });
    changed(&|octets| octets[15] = 30);
    changed(&|octets| octets[15] = 55);
    // An entry without an address whose length it gives, and an authentication without its Security Parameter Index.
    changed(&|octets| octets[50] = 5);
    changed(&|octets| drop(octets.splice(74..82, [0, 1, 7])));
    packets.extend(more_departures(&base)?);

    let mut frames = Frames::new();
    for (number, packet) in (0..).zip(&packets) {
        frames.push((number * 1_000_000, send(SPOKE_1, HUB, packet)?));
    }
    // NHRP directly over IP, without a tunnel.
    frames.push((60_000_000, in_ipv4(SPOKE_1.nbma, HUB.nbma, 54, &base)?));
    Ok(frames)
}

/// Subaddresses without E.164, values that tshark does not show, and quotations that are cut.
fn more_departures(base: &[u8]) -> Result<Vec<Vec<u8>>> {
    let nsap = [0x47; 20];
    let subaddressed = [Cie {
        client_nbma_address: NbmaAddress::new(&nsap),
        client_nbma_subaddress: NbmaAddress::new(&[1, 2]),
        ..entry(&SPOKE_1, 300)
    }];
    let exchange = Exchange {
        addresses: Addresses {
            source_nbma_address: NbmaAddress::new(&nsap),
            ..addresses(&SPOKE_1, &HUB.tunnel)
        },
        ..with(&exchange(Flags::NONE, 5, &SPOKE_1, &HUB.tunnel), &subaddressed)
    };
    let extensions = [ExtensionValue::Raw {
        extension_type: ExtensionType::MOBILE_AUTHENTICATION,
        octets: b"mobile",
        missing: 0,
    }]
    .map(Extension::new);
    let packet = Packet {
        address_family: AddressFamily::NSAP,
        extensions: Extensions::from(&extensions),
        end_of_extensions: Some(Extension::new(ExtensionValue::End(b"end"))),
        ..Packet::new(ProtocolType::IPV4, MandatoryPart::RegistrationRequest(exchange))
    };
    let mut packets = vec![packet.to_vec()?];

    let indication = |packet_in_error| Indication {
        addresses: addresses(&HUB, &SPOKE_1.tunnel),
        packet_in_error,
        ..Indication::default()
    };
    let mut quoted = Vec::new();
    etherparse::PacketBuilder::ipv4([10, 1, 1, 10], [10, 1, 2, 10], 254)
        .udp(49_152, 33_434)
        .write(&mut quoted, &[0; 100])?;
    for len in [0, 10, 20] {
        let part = MandatoryPart::TrafficIndication(indication(&quoted[..len]));
        packets.push(emit(part, &ios(None, PASSWORD)[1..])?);
    }
    let error = Indication { error_code: ErrorCode::PROTOCOL_ERROR, ..indication(&base[..10]) };
    packets.push(emit(MandatoryPart::ErrorIndication(error), &[])?);
    Ok(packets)
}

/// A packet with a checksum that is computed again.
fn fixed(octets: Vec<u8>) -> Result<Vec<u8>> {
    Packet::parse(&octets).context("a packet that was just written")?.to_vec().context("its own length")
}
