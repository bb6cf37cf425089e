use super::*;

fn address(text: &str) -> Option<IpAddr> {
    Some(text.parse().unwrap())
}

#[test]
fn indices_are_numbers_with_wildcards() {
    assert_eq!(SpiPattern::parse("0x12345678"), Some(SpiPattern::exactly(Spi(0x1234_5678))));
    assert_eq!(SpiPattern::parse("256"), Some(SpiPattern::exactly(Spi(256))));
    assert_eq!(SpiPattern::parse("0x100"), Some(SpiPattern::exactly(Spi(256))));
    let some = SpiPattern::parse("0x12**5678").unwrap();
    assert!(some.holds(Spi(0x1234_5678)) && some.holds(Spi(0x12ff_5678)) && !some.holds(Spi(0x1334_5678)));
    let some = SpiPattern::parse("0x1*").unwrap();
    assert!(some.holds(Spi(0x1f)) && !some.holds(Spi(0x10f)), "digits that are not written are zeros");
    assert!(SpiPattern::parse("*").unwrap().holds(Spi(7)) && SpiPattern::ANY.single().is_none());
    for wrong in ["", "0x", "0x123456789", "x", "-1", "4294967296", "0x12g4"] {
        assert_eq!(SpiPattern::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn addresses_have_prefixes_and_wildcards() {
    let v4 = |text| AddressPattern::parse(text, Family::V4);
    let v6 = |text| AddressPattern::parse(text, Family::V6);
    let any = v4("*").unwrap();
    assert!(any.holds(address("192.0.2.1")) && any.holds(None) && !any.holds(address("2001:db8::1")));
    let one = v4("192.0.2.1").unwrap();
    assert!(one.holds(address("192.0.2.1")) && !one.holds(address("192.0.2.2")) && one.holds(None));
    let net = v4("192.0.2.128/25").unwrap();
    assert!(net.holds(address("192.0.2.200")) && !net.holds(address("192.0.2.1")));
    assert!(v4("192.0.2.128/0").unwrap().holds(address("10.0.0.1")));
    let group = v4("192.*.2.*").unwrap();
    assert!(group.holds(address("192.7.2.9")) && !group.holds(address("192.7.3.9")));
    let net = v6("2001:db8::/32").unwrap();
    assert!(net.holds(address("2001:db8:1::7")) && !net.holds(address("2001:db9::7")));
    let digit = v6("2001:0db*:0:0:0:0:0:*").unwrap();
    assert!(digit.holds(address("2001:dbf::9")) && !digit.holds(address("2001:dcf::9")));
    for wrong in ["192.0.2", "192.0.2.1.1", "192.0.2.256", "2001:db8::1", "192.0.2.1/33", "", "a.b.c.d"] {
        assert_eq!(v4(wrong), None, "{wrong}");
    }
    for wrong in ["192.0.2.1", "2001:db8::*", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:b*", "::/129"] {
        assert_eq!(v6(wrong), None, "{wrong}");
    }
}

/// The key says HMAC-SHA-256-128, and the sender truncates to 96 bits as Linux does by default.
#[test]
fn the_length_of_icv_that_a_packet_has_is_found() {
    use ipsec::NextHeader;
    use ipsec::esp::{IvSource, OutboundSa};
    use ipsec::suite::AesKey;
    let suite = |mac| Suite::new(Encryption::AesCbc(AesKey::Bits128), Some(mac)).unwrap();
    let (key, mac_key) = ([1; 16], [0x48; 32]);
    let transform = suite(Authentication::HmacSha256_96).transform(Secret::new(&key), Secret::new(&mac_key));
    let mut sa = OutboundSa::new(Spi(0x504), transform.unwrap(), Esn::No);
    let mut buffer = [0; 120];
    let packet =
        sa.seal_in_place(&mut buffer, 20, NextHeader::UDP, IvSource::Octets(&[7; 16])).unwrap().to_vec();
    let said = Algorithms::esp(suite(Authentication::HmacSha256), Secret::new(&key), Secret::new(&mac_key));
    assert_eq!(said.unwrap().matching_truncation(&packet, None), Some(Authentication::HmacSha256_96));
    let unverified = Algorithms::esp_unverified(Encryption::AesCbc(AesKey::Bits128), Secret::new(&key), 12);
    assert_eq!(unverified.unwrap().unwrap().matching_truncation(&packet, None), None);
}
