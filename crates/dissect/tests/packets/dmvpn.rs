//! NHRP packets that are built with the codec, and how they are shown.

use nhrp::extension::VendorPrivate;
use nhrp::extension::authentication::{Authentication, AuthenticationData};
use nhrp::{
    Addresses, Cie, Emit, Exchange, Extension, ExtensionType, ExtensionValue, Extensions, Indication,
    MandatoryPart, NbmaAddress, Packet, ProtocolType,
};
use vpnwire_dissect::Address;
use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::sinks::Counts;
use vpnwire_dissect::sinks::Roundtrip;
use vpnwire_dissect::{Dissector, NhrpAuthentication, Options};

use crate::built::{self, ROUTERS, SENDER, fragment_v4, hello_v4, internet_checksum, ipv4, udp};
use crate::recorder::Recorder;
use crate::tunnels::plain;

fn addresses() -> Addresses<'static> {
    Addresses {
        source_nbma_address: NbmaAddress::new(&[192, 0, 2, 2]),
        source_protocol_address: &[10, 0, 0, 2],
        destination_protocol_address: &[10, 0, 0, 1],
        ..Addresses::default()
    }
}

fn emit(part: MandatoryPart<'_>, extensions: &[ExtensionValue<'_>]) -> Vec<u8> {
    let extensions: Vec<_> = extensions.iter().cloned().map(Extension::new).collect();
    let extensions = Extensions::from(&extensions[..]);
    let packet = Packet { extensions, ..Packet::new(ProtocolType::IPV4, part) };
    packet.emit(&mut vec![0; 70_000]).unwrap().to_vec()
}

pub(crate) fn request(extensions: &[ExtensionValue<'_>]) -> Vec<u8> {
    let cies = [Cie { prefix_length: 32, client_protocol_address: &[10, 0, 0, 2], ..Cie::default() }];
    let cies = (&cies).into();
    let exchange = Exchange { request_id: 7, addresses: addresses(), cies, ..Exchange::default() };
    emit(MandatoryPart::RegistrationRequest(exchange), extensions)
}

/// A request or a reply with these entries.
pub(crate) fn exchange<'a>(
    part: impl FnOnce(Exchange<'a>) -> MandatoryPart<'a>,
    cies: &'a [Cie<'a>],
) -> Vec<u8> {
    let exchange =
        Exchange { request_id: 7, addresses: addresses(), cies: cies.into(), ..Exchange::default() };
    emit(part(exchange), &[])
}

pub(crate) fn traffic_indication(packet_in_error: &[u8]) -> Vec<u8> {
    let indication = Indication { addresses: addresses(), packet_in_error, ..Indication::default() };
    let authentication = ExtensionValue::Authentication(Authentication::password(b"secret"));
    emit(MandatoryPart::TrafficIndication(indication), &[authentication])
}

fn error_indication(packet_in_error: &[u8]) -> Vec<u8> {
    let error_code = nhrp::ErrorCode::PROTOCOL_ERROR;
    let indication =
        Indication { error_code, addresses: addresses(), packet_in_error, ..Indication::default() };
    emit(MandatoryPart::ErrorIndication(indication), &[])
}

pub(crate) fn in_gre(nhrp: &[u8]) -> Vec<u8> {
    ipv4(47, &plain(0x2001, nhrp))
}

fn of(nhrp: &[u8]) -> Recorder {
    Recorder::of(LinkType::RAW, &in_gre(nhrp))
}

fn counts(packets: &[Vec<u8>]) -> Counts {
    let mut sink = Roundtrip::new(true);
    let mut dissector = Dissector::new(Options::default());
    for (number, packet) in (1..).zip(packets) {
        let octets = in_gre(packet);
        dissector.frame(Frame { number, ..built::frame(LinkType::RAW, &octets) }, &mut sink);
    }
    sink.counts().iter().find(|(protocol, _)| *protocol == "nhrp").unwrap().1
}

#[test]
pub(crate) fn in_gre_and_on_ip() {
    let octets = request(&[]);
    for (packet, protocols) in [(in_gre(&octets), "raw:ip:gre:nhrp"), (ipv4(54, &octets), "raw:ip:nhrp")] {
        let recorder = Recorder::of(LinkType::RAW, &packet);
        assert_eq!((recorder.protocols().as_str(), recorder.faults()), (protocols, vec![]));
        assert_eq!(recorder.summary, "NHRP Registration Request 7: 10.0.0.2 (192.0.2.2) → 10.0.0.1");
        assert_eq!(recorder.octets("nhrp.src.nbma.addr"), [192, 0, 2, 2]);
        assert_eq!(recorder.octets("nhrp.src.prot.addr"), [10, 0, 0, 2]);
        assert_eq!(recorder.octets("nhrp.dst.prot.addr"), [10, 0, 0, 1]);
        assert_eq!(recorder.octets("nhrp.client.prot.addr"), [10, 0, 0, 2]);
        assert_eq!(recorder.octets("nhrp.hdr.op.type"), [3]);
        assert_eq!(recorder.octets("nhrp.cie").len(), 16);
    }
}

#[test]
fn the_form_of_authentication_is_the_users_word() {
    let hash = ExtensionValue::Authentication(Authentication {
        reserved: 0,
        security_parameter_index: 300,
        data: AuthenticationData::Hash { source_address: &[10, 0, 0, 2], digest: &[0xaa; 16] },
    });
    let hashed = in_gre(&request(&[hash]));
    let password = in_gre(&request(&[ExtensionValue::Authentication(Authentication::password(b"secret"))]));
    let shown = |form, octets: &[u8]| {
        let mut options = Options::default();
        options.nhrp_authentication = form;
        let recorder = Recorder::with(options, LinkType::RAW, octets);
        let address = recorder.values("nhrp.auth_ext.src_addr").join(" ");
        (address, recorder.octets("nhrp.auth_ext.data").len())
    };
    let with_address = ("10.0.0.2".to_owned(), 16);
    assert_eq!(shown(NhrpAuthentication::Rfc, &hashed), with_address);
    assert_eq!(shown(NhrpAuthentication::Auto, &hashed), with_address);
    assert_eq!(shown(NhrpAuthentication::Cisco, &hashed), (String::new(), 20));
    assert_eq!(shown(NhrpAuthentication::Auto, &password), (String::new(), 6));
    assert_eq!(shown(NhrpAuthentication::Cisco, &password), (String::new(), 6));
    // Six octets are not enough for an address and a digest.
    let mut options = Options::default();
    options.nhrp_authentication = NhrpAuthentication::Rfc;
    let recorder = Recorder::with(options, LinkType::RAW, &password);
    assert!(recorder.fault().starts_with("nhrp: Authentication Data at offset "), "{}", recorder.fault());
    assert_eq!(recorder.octets("nhrp.unknown_ext.value").len(), 10);
}

#[test]
fn a_malformed_extension_does_not_hide_its_neighbours() {
    let broken = ExtensionValue::Raw {
        extension_type: ExtensionType::FORWARD_TRANSIT_NHS_RECORD,
        octets: &[0, 32, 0, 0, 0, 0, 0, 60, 4, 0, 4, 0],
        missing: 0,
    };
    let group = ExtensionValue::VendorPrivate(VendorPrivate::CiscoGroup(b"SHAPE"));
    let unknown = ExtensionValue::Raw { extension_type: ExtensionType(0x1234), octets: b"abc", missing: 0 };
    let octets = request(&[broken, group, unknown]);
    let recorder = of(&octets);
    assert_eq!(
        recorder.fault(),
        "nhrp: client information entry at offset 60 of the NHRP packet needs 20 octets, but only 12 are there"
    );
    assert_eq!(recorder.value("nhrp.vendor_ext.cisco_group"), "SHAPE");
    assert_eq!(recorder.octets("nhrp.unknown_ext.value"), b"abc");
    assert_eq!(recorder.values("nhrp.ext.type").len(), 4);
    let counts = counts(&[octets]);
    assert_eq!(
        (counts.identical, counts.octets_copied),
        (1, 16 + 7),
        "the broken and the unknown one are copied"
    );
}

#[test]
fn eight_octets_of_type_nine_are_device_capabilities() {
    let nine = |octets| ExtensionValue::Raw {
        extension_type: ExtensionType::NAT_ADDRESS_OR_DEVICE_CAPABILITIES,
        octets,
        missing: 0,
    };
    let recorder = of(&request(&[nine(&[0, 0, 0, 1, 0, 0, 0, 0])]));
    assert_eq!(recorder.value("nhrp.devcap_ext.srccap.V"), "true");
    assert_eq!(recorder.value("nhrp.devcap_ext.dstcap.V"), "false");
    assert_eq!(recorder.faults(), [""; 0]);
    assert_eq!(of(&request(&[nine(&[0; 12])])).values("nhrp.cie"), ["1", "1"]);
}

#[test]
fn what_an_indication_quotes_is_shown_and_is_not_what_is_sent() {
    let whole = hello_v4();
    for quoted in [&whole[..], &whole[..28]] {
        let recorder = of(&traffic_indication(quoted));
        assert!(recorder.protocols().starts_with("raw:ip:gre:nhrp:ip:udp"), "{}", recorder.protocols());
        assert_eq!(recorder.faults(), [""; 0], "a quotation may be cut");
        let quoted = match quoted.len() {
            28 => "UDP 1985 → 1985 len 0",
            _ => "HSRP Hello (state Active), group 1, priority 200, virtual address 172.16.172.53",
        };
        assert_eq!(recorder.summary, format!("NHRP Traffic Indication: 10.0.0.2 → 10.0.0.1, for {quoted}"));
        assert_eq!(recorder.endpoints, Some((Address::Ip(SENDER.into()), Address::Ip(ROUTERS.into()))));
        assert_eq!(recorder.octets("nhrp.auth_ext.data"), b"secret", "extensions follow the quotation");
        assert_eq!(recorder.values("udp.srcport"), ["1985"]);
    }
    let recorder = of(&error_indication(&request(&[])));
    assert_eq!(recorder.protocols(), "raw:ip:gre:nhrp:nhrp");
    assert_eq!(
        recorder.values("nhrp.hdr.op.type"),
        ["NHRP Error Indication (7)", "NHRP Registration Request (3)"]
    );
    assert_eq!(
        recorder.summary,
        "NHRP Error Indication, Protocol Error: 10.0.0.2 → 10.0.0.1, for NHRP Registration Request 7: 10.0.0.2 (192.0.2.2) → 10.0.0.1"
    );
    let recorder = of(&error_indication(&request(&[])[..30]));
    assert_eq!(recorder.faults(), [""; 0], "a quotation may be cut");
}

#[test]
fn quoted_fragments_are_not_put_together_with_those_that_are_sent() {
    let datagram = udp(50_000, 1985, &built::HELLO);
    let first = fragment_v4(77, 0, true, &datagram[..16]);
    let last = fragment_v4(77, 16, false, &datagram[16..]);
    let mut dissector = Dissector::new(Options::default());
    let octets = in_gre(&traffic_indication(&first));
    let recorder = Recorder::next(&mut dissector, built::frame(LinkType::RAW, &octets));
    assert_eq!(recorder.faults(), [""; 0]);
    let recorder = Recorder::next(&mut dissector, built::frame(LinkType::RAW, &last));
    assert_eq!(recorder.sources.len(), 1, "nothing was put together");
    let recorder = Recorder::next(&mut dissector, built::frame(LinkType::RAW, &first));
    assert_eq!(recorder.sources.len(), 2, "the fragments that were sent are");
}

#[test]
fn errors_about_errors_nest_up_to_the_bound() {
    let octets = (0..200).fold(request(&[]), |inner, _| error_indication(&inner));
    let recorder = of(&octets);
    assert_eq!(
        recorder.fault(),
        "frame: more than 32 protocols are nested, so the octets inside the innermost one are not dissected"
    );
    assert_eq!(recorder.protocols.len(), 33, "raw IP does not count");
}

#[test]
fn every_packet_is_counted_once_under_what_became_of_it() {
    let good = request(&[]);
    let mut wrong_sum = good.clone();
    wrong_sum[12] ^= 0xff;
    let mut lying = good.clone();
    lying[14..16].copy_from_slice(&[0xff, 0xff]);
    let nested = error_indication(&good);
    let cut = error_indication(&good[..40]);
    let counts = counts(&[good.clone(), wrong_sum, lying, nested.clone(), cut.clone()]);
    let good_len = good.len();
    let expected = Counts {
        // The nested packet counts too. The one that is cut does not count.
        seen: 6,
        identical: 4,
        corrected: 1,
        undecodable: 1,
        truncated: 1,
        octets_rebuilt: (3 * good_len + nested.len() - good_len + cut.len() - 40) as u64,
        octets_copied: (good_len + 40) as u64,
        ..Counts::default()
    };
    assert_eq!(counts, expected);
}

#[test]
fn what_there_is_of_a_packet_that_is_cut_is_shown() {
    let password = ExtensionValue::Authentication(Authentication::password(b"secret"));
    let record = ExtensionValue::Raw {
        extension_type: ExtensionType::FORWARD_TRANSIT_NHS_RECORD,
        octets: &[7; 60],
        missing: 0,
    };
    let octets = request(&[password, record]);
    let cut = |len: usize| of(&octets[..len]);
    // The cuts are after the source addresses; in the entry, after its lengths and after its address; and in the
    // password.
    assert_eq!(cut(38).value("nhrp.src.prot.addr"), "10.0.0.2");
    assert_eq!(cut(38).values("nhrp.dst.prot.addr"), [""; 0]);
    assert_eq!((cut(50).value("nhrp.cie"), cut(50).value("nhrp.prefix")), ("1", "32"));
    assert_eq!(cut(50).values("nhrp.prot.len"), [""; 0]);
    assert_eq!(cut(55).values("nhrp.client.prot.addr"), [""; 0]);
    assert_eq!(cut(56).value("nhrp.client.prot.addr"), "10.0.0.2");
    assert_eq!(cut(59).values("nhrp.ext"), [""; 0]);
    let password = cut(64);
    assert_eq!(password.value("nhrp.ext"), "Authentication (7)");
    assert_eq!((password.value("nhrp.ext.c"), password.value("nhrp.ext.len")), ("true", "10"));
    assert_eq!((password.value("nhrp.auth_ext.spi"), password.values("nhrp.auth_ext.data")), ("1", vec![]));
    assert_eq!(
        password.fault(),
        "nhrp: Authentication extension at offset 56 of the NHRP packet needs 14 octets, but only 8 are there"
    );
    assert_eq!(
        cut(54).fault(),
        "nhrp: client information entry at offset 40 of the NHRP packet needs 16 octets, but only 14 are there"
    );
    // The cut is in the record. The first of its entries is complete except for an address.
    let record = cut(octets.len() - 12);
    assert_eq!(record.values("nhrp.ext.type").len(), 2);
    assert_eq!(record.values("nhrp.code"), ["Success (0)", "7", "7"]);
    assert_eq!(record.octets("nhrp.client.nbma.saddr"), [7; 7]);
    // An unknown type is not an entry.
    let unknown =
        ExtensionValue::Raw { extension_type: ExtensionType(0x1234), octets: b"abcdef", missing: 0 };
    let octets = request(&[unknown]);
    assert_eq!(of(&octets[..octets.len() - 6]).octets("nhrp.unknown_ext.value"), b"abcd");
}

#[test]
fn octets_behind_the_packet_size_are_a_trailer_rfc_2332_section_5_1() {
    let octets = request(&[ExtensionValue::Authentication(Authentication::password(b"secret"))]);
    let padded = [&octets[..], &[0; 6]].concat();
    let recorder = of(&padded);
    assert_eq!(recorder.faults(), [""; 0]);
    assert_eq!(recorder.octets("nhrp.trailer"), [0; 6]);
    assert_eq!(recorder.octets("nhrp.auth_ext.data"), b"secret");
    assert_eq!(counts(&[padded]), Counts { seen: 1, identical: 1, ..counts(std::slice::from_ref(&octets)) });
    // A packet that counts them has octets after the End Of Extensions.
    let mut counted = [&octets[..], &[0; 6]].concat();
    counted[11] += 6;
    assert_eq!(
        of(&summed(counted)).fault(),
        "nhrp: 6 octets follow the End Of Extensions at offset 74 of the NHRP packet, but nothing may follow it"
    );
    // A size that is not valid is ignored, and it is reported as a departure.
    let mut absurd = octets;
    absurd[11] = 19;
    let recorder = of(&absurd);
    assert_eq!(recorder.octets("nhrp.auth_ext.data"), b"secret");
    assert_eq!(recorder.faults(), [""; 0]);
    absurd[11] = 255;
    assert_eq!(of(&absurd).faults(), [""; 0]);
}

/// Fills in the checksum of a packet, RFC 2332 section 5.1.
fn summed(mut octets: Vec<u8>) -> Vec<u8> {
    octets[12..14].copy_from_slice(&[0, 0]);
    let sum = internet_checksum(&octets);
    octets[12..14].copy_from_slice(&sum.to_be_bytes());
    octets
}

#[test]
fn a_checksum_is_judged_rfc_2332_section_5_1() {
    let right = of(&request(&[]));
    assert_eq!((right.value("nhrp.hdr.chksum.status"), right.faults.len()), ("1", 0));
    let mut octets = request(&[]);
    octets[9] ^= 1;
    let wrong = of(&octets);
    assert_eq!(wrong.value("nhrp.hdr.chksum.status"), "0");
    assert!(wrong.fault().starts_with("nhrp: the checksum is 0x"), "{}", wrong.fault());
    assert!(wrong.departures.iter().all(|it| !it.contains("checksum")), "a fault is not told twice");
}

#[test]
fn hostile_lengths_are_faults() {
    let good = request(&[ExtensionValue::Authentication(Authentication::password(b"secret"))]);
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut octets = good.clone();
        change(&mut octets);
        of(&summed(octets))
    };
    // The extension offset is beyond the packet, or inside the fixed part.
    assert_eq!(
        changed(&|octets| octets[14] = 0x7f).fault(),
        "nhrp: the extension offset is 32568, which is inside the fixed part or behind the 74 octets of the packet"
    );
    assert!(changed(&|octets| octets[15] = 3).fault().starts_with("nhrp: the extension offset is 3,"));
    // The address lengths are beyond the packet.
    assert!(changed(&|octets| octets[18] = 63).fault().contains("source NBMA address"));
    assert!(changed(&|octets| octets[50] = 255).fault().contains("client information entry"));
    // There is no End Of Extensions.
    assert!(
        changed(&|octets| octets.truncate(70)).fault().contains("extension at offset 70 of the NHRP packet")
    );
    // The authentication extension is empty.
    let empty =
        ExtensionValue::Raw { extension_type: ExtensionType::AUTHENTICATION, octets: &[], missing: 0 };
    assert!(of(&request(&[empty])).fault().starts_with("nhrp: Authentication extension"));
    // A packet that is cut anywhere has one fault and no more.
    for len in 0..good.len() {
        let recorder = of(&good[..len]);
        assert_eq!(recorder.faults.len(), usize::from(len != 0), "{len} octets");
    }
}
