//! The option `--nhrp-auth`.

use crate::arguments;
use crate::captures::{HELLO, file, pcap};
use crate::run::run;

/// A Registration Request in Ethernet, IPv4 and IP protocol 54. Its authentication extension has 4 and 4 + 16 octets,
/// which can be the RFC's form with an IPv4 address, or a long password.
fn request() -> Vec<u8> {
    let mut octets = HELLO[..34].to_vec();
    octets[17] = 88;
    octets[23] = 54;
    octets.extend([0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, 68, 0, 0, 0, 36, 1, 3, 0, 0]);
    octets.extend([4, 4, 0, 0, 0, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 1]);
    octets.extend([0x80, 7, 0, 24, 0, 0, 0, 1, 10, 0, 0, 2]);
    octets.extend([0xaa; 16]);
    octets.extend([0x80, 0, 0, 0]);
    octets
}

#[test]
fn the_user_says_which_form_the_authentication_has() {
    let path = file("nhrp-auth.pcap", &pcap(&[&request()]));
    let address = "\"nhrp.auth_ext.src_addr\":[\"10.0.0.2\"]";
    for (form, has_address) in [("rfc", true), ("auto", true), ("cisco", false)] {
        let output = run(&arguments!["dissect", "--json", "--nhrp-auth", form, path]).well();
        assert_eq!(output.contains(address), has_address, "{form}: {output}");
        assert!(output.contains("nhrp.auth_ext.data"), "{form}: {output}");
        run(&arguments!["roundtrip", "--nhrp-auth", form, path]).well();
    }
    let output = run(&arguments!["dissect", "--json", path]).well();
    assert!(output.contains(address), "it is guessed by the length: {output}");
    let refused = run(&arguments!["dissect", "--nhrp-auth", "md5", path]).errors;
    assert!(refused.contains("cisco, rfc, auto"), "{refused}");
}
