//! HA messages: the lines that a router would print for them, which show no key.

use std::path::PathBuf;

use crate::arguments;
use crate::run::run;

fn testdata(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../testdata/ha", name].iter().collect()
}

#[test]
fn ios_prints_debug_crypto_ha_and_no_key() {
    let output = run(&arguments!["dissect", "--ios", "--protocol", "ha", testdata("active.pcap")]).well();
    for line in [
        "Sending IKE Add SA Message",
        "HA Message 1:flags=0x01 len=464 HA_IKE_MSG_ADD_SA (2)",
        " ID:04000003",
        " attr HA_IKE_ATT_MY_COOKIE (2) len 8",
        " 9B 1A 76 AA 99 11 1A 1F",
        " attr VPNWIRE_ATT_SKEYID_D (32789) len 20",
        " (20 octets)",
    ] {
        assert!(
            output.lines().any(|printed| printed.strip_prefix("      ") == Some(line)),
            "{line}\n{output}"
        );
    }
    assert!(!output.contains(" SCTP "), "packets without a message are left out");
}

#[test]
fn keys_are_in_no_output_but_the_octets_that_are_asked_for() {
    for name in ["active.pcap", "in-udp.pcap", "fragments.pcap"] {
        let path = testdata(name);
        for command in [
            &arguments!["dissect", "-V", path][..],
            &arguments!["dissect", "--json", path],
            &arguments!["dissect", "--ios", path],
            &arguments!["roundtrip", path],
        ] {
            let output = run(command).well().to_lowercase();
            let plain: String = output.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
            // The key is `vpnwire-test`, in letters and in hexadecimal.
            assert!(!plain.contains("vpnwire-test") && !plain.contains("76706e776972652d74657374"), "{name}");
        }
    }
    let octets = run(&arguments!["dissect", "-x", testdata("active.pcap")]).well();
    assert!(octets.contains("76 70 6e 77"), "who asks for octets gets them");
}
