//! The command `vpnwire roundtrip`.

use serde_json::Value;

use crate::arguments;
use crate::captures::{HELLO, broken, file, lying, other, pcap, pcap_cut};
use crate::run::{run, run_on};

const KEYS: [&str; 10] = [
    "protocol",
    "seen",
    "identical",
    "corrected",
    "different",
    "undecodable",
    "opaque",
    "truncated",
    "octets_rebuilt",
    "octets_copied",
];

fn hsrp(output: &str) -> Value {
    let objects = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    objects.into_iter().find(|object| object["protocol"] == "hsrp").unwrap()
}

#[test]
fn json_has_its_keys_in_their_order_and_every_protocol() {
    let path = file("round-none.pcap", &pcap(&[&other()]));
    let output = run(&arguments!["roundtrip", "--json", path]).well();
    assert!(output.contains(
        "{\"protocol\":\"hsrp\",\"seen\":0,\"identical\":0,\"corrected\":0,\"different\":0,\"undecodable\":0,\
         \"opaque\":0,\"truncated\":0,\"octets_rebuilt\":0,\"octets_copied\":0}\n"
    ));
    for line in output.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        assert_eq!(object.as_object().unwrap().len(), KEYS.len());
        let positions: Vec<_> = KEYS.iter().map(|key| line.find(&format!("\"{key}\":")).unwrap()).collect();
        assert!(positions.is_sorted(), "{line}");
        assert_eq!(object["seen"], 0, "a protocol that was not met is listed");
    }
}

#[test]
fn counts_are_over_all_files() {
    let first = file("round-1.pcap", &pcap(&[&HELLO, &lying(), &other()]));
    let second = file(
        "round-2.pcap",
        &pcap_cut(&[(&HELLO, 62), (&broken(), 61), (&HELLO[..50], 62), (&HELLO[..40], 62)]),
    );
    let output = run(&arguments!["roundtrip", "--json", first, second]).well();
    let expected = serde_json::json!({"protocol": "hsrp", "seen": 4, "identical": 2, "corrected": 1, "different": 0,
        "undecodable": 1, "opaque": 0, "truncated": 1, "octets_rebuilt": 56, "octets_copied": 0});
    assert_eq!(hsrp(&output), expected);
}

#[test]
fn text_says_where_and_what() {
    let path = file("round-text.pcap", &pcap(&[&HELLO, &lying(), &broken()]));
    let output = run(&arguments!["roundtrip", path]).well();
    let told = "offset 42: hsrp corrected\n  expected 16 octets\n  got      16 octets\n";
    assert!(output.contains(told), "octets may be keys, and are not shown unasked: {output}");
    let output = run(&arguments!["roundtrip", "--octets", path]).well();
    let expected = format!(
        "{0}: frame 2, source 0, offset 42: hsrp corrected\n  \
           expected 00030001006302000001000000000000\n  \
           got      00030001000e02000001000000000000\n\
         {0}: frame 3, source 0, offset 42: hsrp undecodable\n\
         hsrp: seen 3, identical 1, corrected 1, different 0, undecodable 1, opaque 0, truncated 0, \
         octets_rebuilt 36, octets_copied 0\n",
        path.display()
    );
    assert!(output.starts_with(&expected), "{output}");
    let output = run_on(&["roundtrip", "-"], &pcap(&[&lying()])).well();
    assert!(output.starts_with("-: frame 1, source 0, offset 42: hsrp corrected\n"), "{output}");
}

#[test]
fn octets_are_taken_for_what_the_user_says() {
    let path = file("round-decode-as.pcap", &pcap(&[&other()]));
    let output = run(&arguments!["roundtrip", "--json", "--decode-as", "udp.port==5000,hsrp", path]).well();
    assert_eq!(hsrp(&output)["identical"], 1);
}
