//! ESP with and without keys: what is shown, what is followed, and what is refused.

use ipsec::NextHeader;
use ipsec::esp::Opened;
use ipsec::suite::Suite;
use ipsec::{Esn, Secret, SequenceNumber, Spi};
use vpnwire_dissect::Outcome;
use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::keys::{Algorithms, AssociationKeys};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, ROUTERS, ethernet, hello_v4, hello_v6, ipv4, ipv6, udp};
use crate::recorder::Recorder;

const SUITE: Suite = Suite::AES_128_SHA1;
const SPI: Spi = Spi(0x1234);

/// Returns the keys of an SA. All their octets have this value.
fn keys(spi: Spi, value: u8) -> AssociationKeys {
    let (encryption, authentication) = ([value; 16], [value; 20]);
    let algorithms = Algorithms::esp(SUITE, Secret::new(&encryption), Secret::new(&authentication)).unwrap();
    AssociationKeys::new(spi, algorithms)
}

fn dissector(list: &[AssociationKeys]) -> Dissector {
    let mut options = Options::default();
    options.keys.associations = list.to_vec();
    Dissector::new(options)
}

/// Returns an ESP packet with any trailer, under keys of this value.
fn sealed(sequence: u64, value: u8, payload: &[u8], padding: &[u8], next_header: NextHeader) -> Vec<u8> {
    sealed_as(Esn::No, sequence, value, payload, padding, next_header)
}

fn sealed_as(
    esn: Esn,
    sequence: u64,
    value: u8,
    payload: &[u8],
    padding: &[u8],
    next_header: NextHeader,
) -> Vec<u8> {
    let (encryption, authentication) = ([value; 16], [value; 20]);
    let transform = SUITE.transform(Secret::new(&encryption), Secret::new(&authentication)).unwrap();
    let sequence = SequenceNumber(sequence);
    let opened = Opened { spi: SPI, sequence, iv: &[7; 16], payload, padding, next_header };
    let mut packet = vec![0; opened.sealed_len(&transform)];
    let len = opened.seal_again(&transform, esn, &mut packet).unwrap();
    assert_eq!(len, packet.len());
    packet
}

/// Returns padding of 1, 2, 3 and so on that fills the last block.
fn padding(payload_len: usize) -> Vec<u8> {
    (1..).take((payload_len + 2).next_multiple_of(16) - payload_len - 2).collect()
}

/// Returns a Hello in a tunnel.
fn tunnelled(sequence: u64, value: u8) -> Vec<u8> {
    let hello = hello_v4();
    sealed(sequence, value, &hello, &padding(hello.len()), NextHeader::IPV4)
}

fn next(dissector: &mut Dissector, packet: &[u8]) -> Recorder {
    Recorder::next(dissector, built::frame(LinkType::RAW, packet))
}

#[test]
fn without_keys_the_header_is_shown_and_the_rest_is_opaque() {
    let packet = tunnelled(7, 1);
    let shown = next(&mut dissector(&[]), &ipv4(50, &packet));
    assert_eq!(shown.protocols(), "raw:ip:esp");
    assert_eq!((shown.value("esp.spi"), shown.value("esp.sequence")), ("0x00001234", "7"));
    assert_eq!(shown.octets("esp.opaque_data"), &packet[8..]);
    assert_eq!(shown.summary, "ESP spi=0x00001234 seq=7");
    assert_eq!(shown.rebuilt.last(), Some(&("esp", Outcome::Opaque)));
    assert!(shown.faults.is_empty());
    // The packet is in IPv6 after an extension header, and in UDP.
    let behind = [&[50, 0, 1, 4, 0, 0, 0, 0], &packet[..]].concat();
    let shown = next(&mut dissector(&[]), &ipv6(60, &behind));
    assert_eq!(shown.protocols(), "raw:ipv6:ipv6.dstopts:esp");
    let shown = next(&mut dissector(&[]), &ipv4(17, &udp(4500, 4500, &packet)));
    assert_eq!(shown.protocols(), "raw:ip:udp:udpencap:esp");
    // There is only the header.
    let shown = next(&mut dissector(&[]), &ipv4(50, &packet[..8]));
    assert_eq!((shown.values("esp.opaque_data").len(), shown.faults.len()), (0, 0));
}

#[test]
fn a_packet_that_is_authentic_is_taken_apart_in_a_source_of_its_own() {
    let hello = hello_v4();
    let packet = tunnelled(1, 1);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet));
    assert_eq!(shown.protocols(), "raw:ip:esp:ip:udp:hsrp");
    assert_eq!((shown.value("esp.icv_good"), shown.value("esp.icv_bad")), ("true", "false"));
    assert_eq!(shown.octets("esp.iv"), [7; 16]);
    assert_eq!(shown.octets("esp.icv"), &packet[packet.len() - 12..]);
    assert_eq!(shown.octets("esp.contained_data"), hello);
    assert_eq!(shown.octets("esp.pad"), padding(hello.len()));
    assert_eq!(shown.value("esp.pad_len"), padding(hello.len()).len().to_string());
    assert_eq!(shown.value("esp.protocol"), "IPv4 (4)");
    assert_eq!((shown.sources.len(), shown.sources[1].0), (2, "decrypted ESP"));
    assert!(shown.summary.starts_with("HSRP "), "{}", shown.summary);
    assert!(shown.faults.is_empty());
    assert_eq!(shown.decrypted, [hello]);
    assert!(shown.rebuilt.contains(&("esp", Outcome::Identical)));
}

#[test]
fn a_packet_that_is_not_authentic_is_not_looked_into() {
    let packet = tunnelled(1, 1);
    let cases = [
        (packet.clone(), keys(SPI, 2)),
        (
            {
                let mut octets = packet.clone();
                octets[30] ^= 1;
                octets
            },
            keys(SPI, 1),
        ),
        (
            {
                let mut octets = packet.clone();
                *octets.last_mut().unwrap() ^= 1;
                octets
            },
            keys(SPI, 1),
        ),
    ];
    for (packet, keys) in cases {
        let shown = next(&mut dissector(&[keys]), &ipv4(50, &packet));
        assert_eq!(shown.protocols(), "raw:ip:esp");
        assert_eq!((shown.value("esp.icv_good"), shown.value("esp.icv_bad")), ("false", "true"));
        assert_eq!(
            shown.fault(),
            "esp: the ICV matches no key that was given for the SA (keys tried: 1), so the packet is not decrypted"
        );
        assert!(shown.values("esp.contained_data").is_empty() && shown.decrypted.is_empty());
        assert_eq!(shown.sources.len(), 1);
        assert_eq!(shown.rebuilt.last(), Some(&("esp", Outcome::Undecodable)));
    }
    // Keys that verify nothing are not used when another key can verify the packet.
    let bare: AssociationKeys = "aes-cbc-hmac96:0x01010101010101010101010101010101".parse().unwrap();
    let shown = next(&mut dissector(&[bare.clone(), keys(SPI, 2)]), &ipv4(50, &packet));
    assert!(shown.fault().contains("the ICV matches no key") && shown.sources.len() == 1);
    let shown = next(&mut dissector(&[bare]), &ipv4(50, &packet));
    assert_eq!(
        shown.fault(),
        "esp: the packet is decrypted but not verified: the keys that were given contain no authentication key"
    );
    assert_eq!((shown.value("esp.icv_unverified"), shown.value("esp.icv_good")), ("true", "false"));
    assert!(shown.protocols().ends_with("esp:ip:udp:hsrp"));
}

#[test]
fn without_verification_the_trailer_has_to_be_right() {
    let packet = tunnelled(1, 1);
    let wrong: AssociationKeys = "aes-cbc-hmac96:0x02020202020202020202020202020202".parse().unwrap();
    let right: AssociationKeys = "aes-cbc-hmac96:0x01010101010101010101010101010101".parse().unwrap();
    let shown = next(&mut dissector(std::slice::from_ref(&wrong)), &ipv4(50, &packet));
    assert!(shown.faults()[1].contains("pad length"), "{:?}", shown.faults());
    assert_eq!(shown.protocols(), "raw:ip:esp");
    let shown = next(&mut dissector(&[wrong, right]), &ipv4(50, &packet));
    assert!(shown.protocols().ends_with("esp:ip:udp:hsrp"), "the second is right");
}

#[test]
fn of_several_keys_the_one_that_verifies_is_taken() {
    let list =
        [keys(Spi(0x1235), 1), keys(SPI, 3), keys(SPI, 2).to("192.0.2.1".parse().unwrap()), keys(SPI, 1)];
    let shown = next(&mut dissector(&list), &ipv4(50, &tunnelled(1, 1)));
    assert!(shown.faults.is_empty() && shown.protocols().ends_with("hsrp"));
    // The same SPI is used for two destinations, each with its own keys.
    let list = [keys(SPI, 1).to(ROUTERS.into()), keys(SPI, 2).to("ff02::66".parse().unwrap())];
    let mut dissector = dissector(&list);
    for packet in [ipv4(50, &tunnelled(1, 1)), ipv6(50, &tunnelled(1, 2))] {
        let shown = next(&mut dissector, &packet);
        assert!(shown.faults.is_empty() && shown.protocols().ends_with("hsrp"), "{:?}", shown.faults());
    }
    let shown = next(&mut dissector, &ipv4(50, &tunnelled(2, 2)));
    assert!(shown.fault().contains("keys tried: 1"));
}

#[test]
fn keys_can_come_while_packets_do() {
    let mut dissector = dissector(&[]);
    let packet = ipv4(50, &tunnelled(1, 1));
    assert_eq!(next(&mut dissector, &packet).protocols(), "raw:ip:esp");
    dissector.add_association(keys(SPI, 1));
    let shown = next(&mut dissector, &ipv4(50, &tunnelled(2, 1)));
    assert!(shown.protocols().ends_with("hsrp") && shown.faults.is_empty());
}

#[test]
fn numbers_are_followed_with_and_without_keys() {
    for (list, is_keyed) in [(vec![], false), (vec![keys(SPI, 1)], true)] {
        let mut dissector = dissector(&list);
        let mut at = |number: u64, sequence: u64| {
            let packet = ipv4(50, &tunnelled(sequence, 1));
            Recorder::next(&mut dissector, Frame { number, ..built::frame(LinkType::RAW, &packet) })
        };
        assert!(at(1, 100).faults.is_empty(), "a capture begins anywhere");
        assert!(at(2, 101).values("esp.sequence-analysis.expected-sn").is_empty());
        let shown = at(5, 105);
        assert_eq!(shown.fault(), "esp: sequence numbers are missing before 105 (count: 3)");
        assert_eq!(shown.value("esp.sequence-analysis.expected-sn"), "102");
        assert_eq!(shown.value("esp.sequence-analysis.previous-frame"), "2");
        assert_eq!(at(6, 105).fault(), "esp: sequence number 105 was accepted before");
        let late = at(7, 104);
        assert!(late.faults.is_empty());
        assert_eq!(late.value("esp.sequence-analysis.expected-sn"), "106");
        let shown = at(8, 2000);
        assert_eq!(shown.fault(), "esp: sequence numbers are missing before 2000 (count: 1894)");
        assert_eq!(
            at(9, 900).fault(),
            "esp: sequence number 900 is too old for the replay window, whose highest number is 2000"
        );
        assert_eq!(at(10, 0).fault(), "esp: the sequence number is 0, but the first packet has number 1");
        assert_eq!(at(11, 2001).protocols().ends_with("hsrp"), is_keyed);
    }
}

/// RFC 4303 section 3.4.3: the window moves only after the ICV was found to be right.
#[test]
fn what_is_not_authentic_moves_no_window() {
    let mut dissector = dissector(&[keys(SPI, 1)]);
    let mut forged = tunnelled(4_000_000_000, 1);
    forged[40] ^= 1;
    next(&mut dissector, &ipv4(50, &tunnelled(1, 1)));
    assert!(next(&mut dissector, &ipv4(50, &forged)).fault().contains("ICV"));
    assert!(next(&mut dissector, &ipv4(50, &tunnelled(2, 1))).faults.is_empty());
}

#[test]
fn the_oldest_association_is_forgotten_first() {
    let mut options = Options::default();
    options.conversation_limit = 2;
    let mut dissector = Dissector::new(options);
    let mut at = |spi: u8| next(&mut dissector, &ipv4(50, &[0, 0, 1, spi, 0, 0, 0, 9])).faults().len();
    assert_eq!([at(1), at(1), at(2), at(3), at(1)], [0, 1, 0, 0, 0]);
}

#[test]
fn extended_numbers_find_their_high_half() {
    let hello = hello_v4();
    let list = [keys(SPI, 1).numbered(Esn::Yes)];
    let mut dissector = dissector(&list);
    let mut at = |sequence: u64| {
        let pad = padding(hello.len());
        let packet = sealed_as(Esn::Yes, sequence, 1, &hello, &pad, NextHeader::IPV4);
        next(&mut dissector, &ipv4(50, &packet)).faults()
    };
    assert!(at(0xffff_fffe).is_empty() && at(0xffff_ffff).is_empty());
    assert!(at(0x1_0000_0000).is_empty() && at(0x1_0000_0001).is_empty());
    assert_eq!(at(0xffff_ffff), ["esp: sequence number 4294967295 was accepted before"]);
    assert_eq!(at(0x1_0000_0003), ["esp: sequence numbers are missing before 4294967299 (count: 1)"]);
    assert!(at(0x9_0000_0004)[0].contains("the ICV matches no key"), "too far to guess");
}

#[test]
fn padding_that_is_wrong_is_a_fault_in_an_authentic_packet() {
    let hello = hello_v4();
    let mut odd = padding(hello.len());
    odd[1] = 9;
    let shown =
        next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &sealed(1, 1, &hello, &odd, NextHeader::IPV4)));
    assert_eq!(
        shown.fault(),
        "esp: octet 1 of the padding, counted from 0, is 9, but padding octets must be 1, 2, 3 and so on"
    );
    assert!(shown.protocols().ends_with("hsrp"), "it is authentic, and looked into");
    assert!(shown.rebuilt.contains(&("esp", Outcome::Identical)), "and sealed again as it was");
    // 255 octets are the longest padding.
    let hello = &hello[..];
    let most: Vec<u8> = (1..=255).collect();
    let payload = [hello, &vec![0; (hello.len() + 257).next_multiple_of(16) - hello.len() - 257]].concat();
    let packet = sealed(2, 1, &payload, &most, NextHeader::IPV4);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet));
    assert_eq!((shown.value("esp.pad_len"), shown.faults.len()), ("255", 0));
    // The pad length is greater than the text.
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet_with_pad_len(200)));
    assert_eq!(
        shown.fault(),
        "esp: the ICV is right, so the sender is not at fault, but what was decrypted is not a packet (the pad length field \
         says 200, which reaches beyond the start of the text of 16 octets): the cipher, or its key, is another than the \
         sender's"
    );
    assert_eq!(shown.rebuilt.last(), Some(&("esp", Outcome::Undecodable)));
    assert!(shown.decrypted.is_empty());
}

#[test]
fn what_the_keys_lack_is_found_out() {
    let hello = hello_v4();
    let packet = |esn| ipv4(50, &sealed_as(esn, 1, 1, &hello, &padding(hello.len()), NextHeader::IPV4));
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &packet(Esn::Yes));
    assert_eq!(
        shown.fault(),
        "esp: the ICV is right with an extended sequence number whose high half is 0 (RFC 4303 section 2.2.1): say with the \
         keys of the SA that it has such numbers"
    );
    assert!(!shown.protocols().ends_with("hsrp"), "keys for other numbers open nothing");
    let suite = Suite::new(SUITE.encryption(), Some(ipsec::suite::Authentication::HmacSha1_160)).unwrap();
    let algorithms = Algorithms::esp(suite, Secret::new(&[1; 16]), Secret::new(&[1; 20])).unwrap();
    let shown = next(&mut dissector(&[AssociationKeys::new(SPI, algorithms)]), &packet(Esn::No));
    assert_eq!(
        shown.fault(),
        "esp: the ICV is right as HMAC-SHA-1-96, but the keys of the SA are for an ICV of another length: name this algorithm \
         with them"
    );
    // With other keys nothing is right, and nothing is guessed.
    assert!(next(&mut dissector(&[keys(SPI, 2)]), &packet(Esn::No)).fault().contains("matches no key"));
}

#[test]
fn null_encryption_is_guessed_unless_it_is_turned_off() {
    let hello = hello_v4();
    let mut packet = [&SPI.0.to_be_bytes()[..], &[0, 0, 0, 9], &hello].concat();
    // The padding, its length, the next header, and an ICV of 96 bits.
    packet.extend([1, 2, 2, 4]);
    packet.extend([0x5a; 12]);
    let packet = ipv4(50, &packet);
    let shown = next(&mut dissector(&[]), &packet);
    assert_eq!(
        shown.summary,
        "HSRP ESP spi=0x00001234 seq=9 probably NULL encryption: Hello (state Active), group 1, priority 200, virtual \
         address 172.16.172.53"
    );
    assert_eq!(shown.value("esp.null_encryption_guessed"), "true");
    assert_eq!((shown.value("esp.pad"), shown.value("esp.protocol")), ("0102", "IPv4 (4)"));
    assert!(shown.protocols().ends_with("esp:ip:udp:hsrp") && shown.faults.is_empty());
    let mut options = Options::default();
    options.guess_null_encryption = false;
    let shown = next(&mut Dissector::new(options), &packet);
    assert_eq!(shown.protocols(), "raw:ip:esp");
    assert_eq!(shown.opaque, ["esp.opaque_data"]);
    // Where there are keys for the SPI, nothing is guessed.
    assert!(next(&mut dissector(&[keys(SPI, 2)]), &packet).values("esp.null_encryption_guessed").is_empty());
}

/// Returns an authentic packet whose text is one block that ends in this pad length.
fn packet_with_pad_len(pad_len: u8) -> Vec<u8> {
    use crypto::cipher::{Aes128, Cbc};
    use crypto::mac::{Hmac, HmacSha1_96, Mac as _};
    let mut text = [0; 16];
    text[14] = pad_len;
    let cipher = Cbc::<Aes128>::new(Secret::new(&[1; 16])).unwrap();
    cipher.encrypt_text(&[7; 16], &mut text).unwrap();
    let mut packet = [&SPI.0.to_be_bytes()[..], &[0, 0, 0, 1], &[7; 16], &text].concat();
    let mut icv = [0; 12];
    HmacSha1_96::new(Hmac::new(Secret::new(&[1; 20]))).compute(&packet, None, &mut icv);
    packet.extend(icv);
    packet
}

#[test]
fn dummies_and_padding_of_traffic_flow_are_told() {
    let hello = hello_v4();
    let packet = sealed(1, 1, &[0xaa; 14], &[], NextHeader::NONE);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet));
    assert_eq!(shown.summary, "ESP spi=0x00001234 seq=1, dummy");
    assert!(shown.decrypted.is_empty() && shown.protocols().ends_with("esp"));
    let long = [&hello[..], &[0x55; 46]].concat();
    let packet = sealed(1, 1, &long, &padding(long.len()), NextHeader::IPV4);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet));
    assert_eq!(shown.octets("esp.tfc_padding"), [0x55; 46]);
    assert_eq!(shown.octets("esp.contained_data"), long);
    assert_eq!(shown.decrypted, [hello], "without the padding");
}

#[test]
fn transport_mode_is_handed_to_the_protocol_and_made_an_ip_packet_again() {
    let datagram = udp(1985, 1985, &built::HELLO);
    let packet = sealed(1, 1, &datagram, &padding(datagram.len()), NextHeader::UDP);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet));
    assert_eq!(shown.protocols(), "raw:ip:esp:udp:hsrp");
    let (mut header, _) = etherparse::Ipv4Header::from_slice(&ipv4(17, &datagram)).unwrap();
    header.header_checksum = header.calc_header_checksum();
    assert_eq!(shown.decrypted, [[&header.to_bytes()[..], &datagram].concat()]);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv6(50, &packet));
    assert_eq!(
        (shown.protocols().as_str(), &shown.decrypted),
        ("raw:ipv6:esp:udp:hsrp", &vec![ipv6(17, &datagram)])
    );
    // There is an extension header inside.
    let within = [&[17, 0, 1, 4, 0, 0, 0, 0], &datagram[..]].concat();
    let packet = sealed(1, 1, &within, &padding(within.len()), NextHeader(60));
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv6(50, &packet));
    assert_eq!(shown.protocols(), "raw:ipv6:esp:ipv6.dstopts:udp:hsrp");
}

#[test]
fn the_version_of_an_inner_packet_counts_for_more_than_its_next_header() {
    for (inner, said, protocols) in [
        (hello_v6(), NextHeader::IPV4, "raw:ip:esp:ipv6:udp:hsrp"),
        (hello_v4(), NextHeader::IPV6, "raw:ip:esp:ip:udp:hsrp"),
    ] {
        let packet = sealed(1, 1, &inner, &padding(inner.len()), said);
        let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet));
        assert_eq!((shown.protocols().as_str(), shown.faults.len()), (protocols, 0));
        assert!(shown.departures.iter().any(|text| text.starts_with("RFC 4303 section 2.6: ")));
        assert_eq!(shown.decrypted, [inner]);
    }
}

#[test]
fn a_packet_that_the_capture_cut_is_not_tried() {
    let whole = ethernet(0x0800, &ipv4(50, &tunnelled(1, 1)));
    for len in 34..whole.len() {
        let frame = Frame { octets: &whole[..len], ..built::frame(LinkType::ETHERNET, &whole) };
        let shown = Recorder::next(&mut dissector(&[keys(SPI, 1)]), frame);
        assert!(shown.values("esp.icv").is_empty() && shown.decrypted.is_empty());
        assert_eq!(shown.faults.len(), usize::from(len < 42), "{len}: {:?}", shown.faults());
        assert_eq!(shown.rebuilt.last(), Some(&("esp", Outcome::Truncated)), "{len}");
    }
}

#[test]
fn a_packet_too_short_for_its_keys_says_what_it_needs() {
    let packet = tunnelled(1, 1);
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet[..30]));
    assert_eq!(
        shown.fault(),
        "esp: ESP packet at offset 0 of the ESP packet needs 52 octets, but only 30 are there"
    );
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet[..packet.len() - 1]));
    assert!(shown.fault().contains("is not a multiple of the block length of 16"), "{}", shown.fault());
    let shown = next(&mut dissector(&[keys(SPI, 1)]), &ipv4(50, &packet[..7]));
    assert_eq!(
        shown.fault(),
        "esp: ESP header at offset 0 of the ESP packet needs 8 octets, but only 7 are there"
    );
    assert_eq!(shown.value("esp.spi"), "0x00001234");
}

/// Fragments inside ESP. The second has a number that was used before, so its receiver drops it.
#[test]
fn what_is_in_a_replayed_packet_is_shown_and_feeds_no_state() {
    let payload = [&udp(1985, 1985, &built::HELLO)[..], &[0; 4]].concat();
    let fragment = |number: u64, offset: u8, more: u8, payload: &[u8]| {
        let mut octets = ipv4(17, payload);
        octets[6..8].copy_from_slice(&[more << 5, offset]);
        ipv4(50, &sealed(number, 1, &octets, &padding(octets.len()), NextHeader::IPV4))
    };
    let mut dissector = dissector(&[keys(SPI, 1)]);
    next(&mut dissector, &fragment(1, 0, 1, &payload[..16]));
    let shown = next(&mut dissector, &fragment(1, 2, 0, &payload[16..]));
    assert_eq!(shown.fault(), "esp: sequence number 1 was accepted before");
    assert_eq!(shown.protocols(), "raw:ip:esp:ip", "it completes nothing");
    assert_eq!(
        next(&mut dissector, &fragment(2, 2, 0, &payload[16..])).protocols(),
        "raw:ip:esp:ip:udp:hsrp"
    );
}

/// When nothing is encrypted and the contents are unknown, they may be keys.
#[test]
fn a_text_in_clear_that_is_not_opened_is_opaque() {
    let row = r#""IPv4","*","*","0x1234","NULL","","HMAC-MD5-96 [RFC2403]","sixteen octets..""#;
    let keys: AssociationKeys = row.parse().unwrap();
    let packet = [&[0, 0, 0x12, 0x34, 0, 0, 0, 1], &[0xaa; 64][..]].concat();
    let whole = ipv4(50, &packet);
    let shown = next(&mut dissector(std::slice::from_ref(&keys)), &whole);
    assert!(shown.fault().contains("the ICV matches no key"));
    assert_eq!(shown.opaque, ["esp.encrypted_data", "esp.icv"]);
    let frame = Frame { octets: &whole[..60], ..built::frame(LinkType::RAW, &whole) };
    assert_eq!(Recorder::next(&mut dissector(&[keys]), frame).opaque, ["esp.opaque_data"]);
}

/// Without integrity there is no anti-replay, RFC 4303 section 3.4.3: a number that anybody can write drops nothing.
#[test]
fn a_number_that_nobody_has_verified_drops_nothing() {
    let payload = [&udp(1985, 1985, &built::HELLO)[..], &[0; 4]].concat();
    let packet = |number: u32, offset: u8, more: u8, payload: &[u8]| {
        let mut octets = ipv4(17, payload);
        octets[6..8].copy_from_slice(&[more << 5, offset]);
        ipv4(50, &[&[0, 0, 0x12, 0x34], &number.to_be_bytes()[..], &octets, &[0, 4]].concat())
    };
    let mut dissector = dissector(&["none:".parse().unwrap()]);
    next(&mut dissector, &packet(0xffff_fff0, 0, 0, &[0; 8]));
    next(&mut dissector, &packet(1, 0, 1, &payload[..16]));
    let shown = next(&mut dissector, &packet(2, 2, 0, &payload[16..]));
    assert!(shown.faults().iter().any(|fault| fault.contains("is too old")), "{:?}", shown.faults());
    assert!(shown.protocols().ends_with("ip:udp:hsrp"), "{}", shown.protocols());
}

/// NULL encryption without authentication can be nested to any depth.
#[test]
fn nesting_is_bounded() {
    let mut packet = vec![0; 6];
    for _ in 0..40 {
        packet = [&[0, 0, 0x12, 0x34, 0, 0, 0, 1], &packet[..], &[0, 50]].concat();
    }
    let shown = next(&mut dissector(&["none:".parse().unwrap()]), &ipv4(50, &packet));
    assert!(
        shown.faults().iter().any(|fault| fault.contains("protocols are nested")),
        "{:?}",
        shown.faults()
    );
    assert!(shown.sources.len() <= 33 && shown.sources.len() > 20, "{}", shown.sources.len());
}

#[test]
fn a_quoted_packet_is_no_packet_of_its_association() {
    // This is an NHRP Traffic Indication that quotes 28 octets of a packet.
    let quoted = ipv4(50, &[0, 0, 0x12, 0x34, 0, 0, 0, 9]);
    let mut indication = vec![0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 1, 8, 4, 0];
    indication.extend([4, 4, 0, 0, 0, 11, 0, 0, 192, 0, 2, 1, 10, 0, 0, 1, 10, 0, 0, 2]);
    indication.extend(quoted);
    let len = indication.len() as u16;
    indication[10..12].copy_from_slice(&len.to_be_bytes());
    let mut dissector = dissector(&[]);
    assert!(next(&mut dissector, &ipv4(54, &indication)).protocols().ends_with("nhrp:ip:esp"));
    let shown = next(&mut dissector, &ipv4(50, &[0, 0, 0x12, 0x34, 0, 0, 0, 9]));
    assert!(shown.faults.is_empty(), "{:?}", shown.faults());
}
