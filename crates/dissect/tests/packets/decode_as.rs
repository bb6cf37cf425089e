//! The `--decode-as` rules of a user.

use vpnwire_dissect::Options;
use vpnwire_dissect::capture::LinkType;

use crate::built::{HELLO, ethernet, hello_v4, hello_v6, ipv4, udp};
use crate::recorder::Recorder;

fn with(rules: &[&str], link: LinkType, octets: &[u8]) -> Recorder {
    let mut options = Options::default();
    options.decode_as = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Recorder::with(options, link, octets)
}

#[test]
fn every_table_can_be_told() {
    let datagram = udp(5000, 40_000, &HELLO);
    for (rule, link, octets, protocols) in [
        ("udp.port==5000,hsrp", LinkType::RAW, ipv4(17, &datagram), "raw:ip:udp:hsrp"),
        ("udp.port==40000,hsrp", LinkType::RAW, ipv4(17, &datagram), "raw:ip:udp:hsrp"),
        ("udp.port==5000,udp", LinkType::RAW, ipv4(17, &udp(5000, 1, &udp(1, 2, &[]))), "raw:ip:udp:udp"),
        ("ip.proto==200,udp", LinkType::RAW, ipv4(200, &udp(1985, 1985, &HELLO)), "raw:ip:udp:hsrp"),
        ("ip.proto==112,hsrp", LinkType::RAW, ipv4(112, &HELLO), "raw:ip:hsrp"),
        ("ethertype==0x88b5,ip", LinkType::ETHERNET, ethernet(0x88b5, &hello_v4()), "eth:ip:udp:hsrp"),
        ("wtap_encap==147,ipv6", LinkType(147), hello_v6(), "ipv6:udp:hsrp"),
    ] {
        assert_eq!(with(&[rule], link, &octets).protocols(), protocols, "{rule}");
        assert_ne!(with(&[], link, &octets).protocols(), protocols, "{rule}");
    }
}

#[test]
fn the_users_word_goes_before_the_tables() {
    let octets = ethernet(0x0800, &hello_v4());
    assert_eq!(
        with(&["ethertype==0x0800,ipv6"], LinkType::ETHERNET, &octets).fault(),
        "ipv6: the version field says 4, which this protocol does not have"
    );
    assert_eq!(with(&["udp.port==1985,llc"], LinkType::ETHERNET, &octets).protocols(), "eth:ip:udp:llc");
    // The last rule for the same octets counts.
    let rules = ["udp.port==1985,llc", "udp.port==1985,hsrp"];
    assert_eq!(with(&rules, LinkType::ETHERNET, &octets).protocols(), "eth:ip:udp:hsrp");
}

#[test]
fn a_told_port_goes_before_a_known_one() {
    // 1985 is the lower port and it is known, but the rule is for the other port, on either side.
    for datagram in [udp(1985, 5000, &HELLO), udp(5000, 1985, &HELLO)] {
        let octets = ipv4(17, &datagram);
        let rules = ["udp.port==1985,hsrp"];
        assert_eq!(with(&rules, LinkType::RAW, &octets).protocols(), "raw:ip:udp:hsrp");
        assert_eq!(with(&["udp.port==5000,llc"], LinkType::RAW, &octets).protocols(), "raw:ip:udp:llc");
        let rules = ["udp.port==5000,llc", "udp.port==1985,hsrp"];
        assert_eq!(
            with(&rules, LinkType::RAW, &octets).protocols(),
            "raw:ip:udp:hsrp",
            "the lower of two told"
        );
    }
}
