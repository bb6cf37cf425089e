//! AH with and without keys: which packets change the state of an SA, and the contents of a packet that its receiver
//! drops.

use ipsec::ah::{AnyIntegrity, Integrity, OutboundSa};
use ipsec::{Esn, Secret, SequenceNumber, Spi};
use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::keys::{AhKeys, AssociationKeys};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, HELLO, ipv4, udp};
use crate::recorder::Recorder;

const SPI: Spi = Spi(0x1234);
const KEY: [u8; 20] = [0xa5; 20];

fn dissector(keys: &[&str]) -> Dissector {
    let mut options = Options::default();
    options.keys.associations = keys.iter().map(|keys| keys.parse::<AhKeys>().unwrap().0).collect();
    Dissector::new(options)
}

/// The keys with which the packets are sealed.
fn right() -> Dissector {
    dissector(&["ah-sha-hmac:0xa5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"])
}

/// Returns an IP packet with AH inserted.
fn sealed(number: u64, packet: &[u8]) -> Vec<u8> {
    sealed_under(Integrity::HMAC_SHA1, &KEY, number, packet)
}

fn sealed_under(integrity: Integrity, key: &[u8], number: u64, packet: &[u8]) -> Vec<u8> {
    let integrity = AnyIntegrity::new(integrity, Secret::new(key)).unwrap();
    let sa = OutboundSa::new(SPI, integrity, Esn::No);
    let mut sa = sa.resumed_after(SequenceNumber(number - 1));
    let mut buffer = vec![0; sa.headroom()];
    buffer.extend_from_slice(packet);
    sa.seal_in_place(&mut buffer, packet.len()).unwrap().to_vec()
}

fn hello() -> Vec<u8> {
    ipv4(17, &udp(1985, 1985, &HELLO))
}

fn next(dissector: &mut Dissector, packet: &[u8]) -> Recorder {
    Recorder::next(dissector, built::frame(LinkType::RAW, packet))
}

fn changed(packet: &[u8], at: usize) -> Vec<u8> {
    let mut octets = packet.to_vec();
    octets[at] ^= 1;
    octets
}

#[test]
fn what_is_authentic_counts() {
    let mut dissector = right();
    let shown = next(&mut dissector, &sealed(7, &hello()));
    assert_eq!(shown.protocols(), "raw:ip:ah:udp:hsrp");
    assert_eq!((shown.value("ah.icv_good"), shown.faults.len()), ("true", 0));
    let shown = next(&mut dissector, &sealed(7, &hello()));
    assert_eq!(shown.fault(), "ah: sequence number 7 was accepted before");
    let shown = next(&mut dissector, &sealed(9, &hello()));
    assert_eq!(shown.fault(), "ah: sequence numbers are missing before 9 (count: 1)");
}

/// With keys, a sequence number counts only if it is authentic, so that nobody can move the window of an SA.
#[test]
fn what_is_not_authentic_moves_no_window() {
    let far = sealed(0x7fff_ffff, &hello());
    let forged = changed(&far, far.len() - 1);
    // The ICV has another length than the ICV of the key's algorithm.
    let longer = sealed_under(
        Integrity::Mac(ipsec::suite::Authentication::HmacSha256),
        &[1; 32],
        0x7fff_ffff,
        &hello(),
    );
    let frame = |octets| built::frame(LinkType::RAW, octets);
    let cut = Frame { len: far.len(), ..frame(&far[..far.len() - 4]) };
    for (name, between, fault) in
        [("wrong", frame(&forged), true), ("another algorithm", frame(&longer), true), ("cut", cut, false)]
    {
        let mut dissector = right();
        assert!(next(&mut dissector, &sealed(1, &hello())).faults.is_empty());
        let shown = Recorder::next(&mut dissector, between).faults();
        assert_eq!(shown.iter().any(|fault| fault.starts_with("ah: ")), fault, "{name}: {shown:?}");
        let shown = next(&mut dissector, &sealed(2, &hello()));
        assert_eq!(shown.faults(), [""; 0], "{name}");
        assert!(next(&mut dissector, &sealed(1, &hello())).fault().contains("was accepted before"), "{name}");
    }
}

/// The ICV of a packet that came in fragments covers options that are not available. A different ICV proves nothing,
/// and it changes no state.
#[test]
fn a_packet_put_together_that_cannot_be_verified_moves_no_window() {
    let payload = [&udp(1985, 1985, &HELLO)[..], &[0; 36]].concat();
    let whole = sealed(0x7fff_ffff, &ipv4(17, &payload));
    let whole = changed(&whole, whole.len() - 1);
    let fragment = |offset: u8, more: u8, payload: &[u8]| {
        let mut octets = ipv4(51, payload);
        octets[6..8].copy_from_slice(&[more << 5, offset]);
        octets
    };
    let mut dissector = right();
    assert!(next(&mut dissector, &sealed(1, &hello())).faults.is_empty());
    next(&mut dissector, &fragment(0, 1, &whole[20..68]));
    let shown = next(&mut dissector, &fragment(6, 0, &whole[68..]));
    assert!(shown.protocols().contains("ah:udp"), "{}", shown.protocols());
    assert!(shown.values("ah.icv_good").is_empty(), "nothing is said");
    assert_eq!(next(&mut dissector, &sealed(2, &hello())).faults(), [""; 0]);
}

/// Fragments inside AH. The ICV of the second one is wrong, or it is sent again.
#[test]
fn what_is_in_a_dropped_packet_is_shown_and_feeds_no_state() {
    let payload = [&udp(1985, 1985, &HELLO)[..], &[0; 4]].concat();
    let fragment = |offset: u8, more: u8, payload: &[u8]| {
        let mut octets = ipv4(17, payload);
        octets[6..8].copy_from_slice(&[more << 5, offset]);
        ipv4(4, &octets)
    };
    let (first, last) = (fragment(0, 1, &payload[..16]), fragment(2, 0, &payload[16..]));
    let mut dissector = right();
    next(&mut dissector, &sealed(1, &first));
    let bad = sealed(2, &last);
    let shown = next(&mut dissector, &changed(&bad, bad.len() - 1));
    assert_eq!(shown.protocols(), "raw:ip:ah:ip", "it completes nothing");
    assert_eq!(
        shown.summary,
        "IPv4 AH spi=0x00001234 seq=2 wrong ICV: fragment at 16 of datagram 0x0000, UDP (17), in a packet that is dropped"
    );
    let replayed = next(&mut dissector, &sealed(1, &last));
    assert_eq!(replayed.protocols(), "raw:ip:ah:ip", "it completes nothing");
    let shown = next(&mut dissector, &bad);
    assert_eq!(shown.protocols(), "raw:ip:ah:ip:udp:hsrp", "that is the one");
}

/// ESP inside AH: neither the number nor the ICV of a dropped packet counts.
#[test]
fn esp_in_a_dropped_packet_moves_no_window() {
    let esp: AssociationKeys = "0x99@224.0.0.2 none:".parse().unwrap();
    let packet = |number: u8| {
        let text = [&udp(1985, 1985, &HELLO)[..], &[0, 17]].concat();
        ipv4(50, &[&[0, 0, 0, 0x99, 0, 0, 0, number], &text[..]].concat())
    };
    let mut dissector = right();
    dissector.add_association(esp);
    let bad = sealed(1, &packet(200));
    let shown = next(&mut dissector, &changed(&bad, bad.len() - 3));
    assert_eq!(shown.protocols(), "raw:ip:ah:esp:udp:hsrp", "it is shown");
    assert!(
        shown.faults().iter().any(|fault| fault.contains("decrypted but not verified")),
        "{:?}",
        shown.faults()
    );
    let shown = next(&mut dissector, &sealed(1, &packet(1)));
    assert_eq!(shown.faults(), [""; 0], "200 was never accepted");
    let shown = next(&mut dissector, &sealed(1, &packet(2)));
    assert_eq!(shown.faults()[0], "ah: sequence number 1 was accepted before");
    assert_eq!(next(&mut dissector, &sealed(2, &packet(2))).faults(), [""; 0], "2 neither");
}

/// Without keys for ESP its numbers count as they are, but not those of a dropped packet.
#[test]
fn numbers_of_esp_without_keys_in_a_dropped_packet_do_not_count() {
    let packet = |number: u8| ipv4(50, &[0, 0, 0, 0x99, 0, 0, 0, number, 1, 2, 3, 4]);
    let mut dissector = right();
    let bad = sealed(1, &packet(200));
    next(&mut dissector, &changed(&bad, bad.len() - 1));
    assert_eq!(next(&mut dissector, &sealed(1, &packet(200))).faults(), [""; 0]);
}

/// The same in fragments of AH: nothing proves that it is authentic, and there are keys that could.
#[test]
fn what_is_put_together_and_cannot_be_verified_feeds_no_state() {
    let inner = |number: u8| ipv4(50, &[&[0, 0, 0, 0x99, 0, 0, 0, number], &[0xaa; 64][..]].concat());
    let whole = sealed(1, &inner(200));
    let whole = changed(&whole, whole.len() - 1);
    let fragment = |offset: u8, more: u8, payload: &[u8]| {
        let mut octets = ipv4(51, payload);
        octets[6..8].copy_from_slice(&[more << 5, offset]);
        octets
    };
    let mut dissector = right();
    next(&mut dissector, &fragment(0, 1, &whole[20..68]));
    let shown = next(&mut dissector, &fragment(6, 0, &whole[68..]));
    assert_eq!(shown.protocols(), "raw:ip:ah:esp", "it is shown");
    assert_eq!(next(&mut dissector, &sealed(1, &inner(200))).faults(), [""; 0], "200 never came");
}

/// More than four thousand SPIs without keys belong to other SAs than the one that is followed.
#[test]
fn forged_indexes_push_no_association_out() {
    let mut dissector =
        dissector(&["0x1234@224.0.0.2 ah-sha-hmac:0xa5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"]);
    assert!(next(&mut dissector, &sealed(5, &hello())).faults.is_empty());
    let mut forged = sealed(1, &hello());
    for spi in 0..5000u32 {
        forged[24..28].copy_from_slice(&(0x10_0000 + spi).to_be_bytes());
        next(&mut dissector, &forged);
    }
    assert!(next(&mut dissector, &sealed(5, &hello())).fault().contains("was accepted before"));
}

#[test]
fn without_keys_numbers_count_as_they_are() {
    let mut dissector = dissector(&[]);
    let packet = sealed(5, &hello());
    assert!(next(&mut dissector, &packet).faults.is_empty());
    let shown = next(&mut dissector, &packet);
    assert_eq!(shown.fault(), "ah: sequence number 5 was accepted before");
    assert_eq!(shown.protocols(), "raw:ip:ah:udp:hsrp");
}
