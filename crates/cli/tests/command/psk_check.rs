//! `psk-check`.

use std::path::Path;

use needs::needs;

use crate::arguments;
use crate::run::run;

/// Real IOS, whose key the index of the captures tells.
#[needs(captures)]
#[test]
fn the_key_of_an_aggressive_mode_is_found_and_no_other_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let capture = root.join("zeek-spicy-ipsec/traces__ipsec-ikev1-isakmp-aggressive-mode.pcap");
    let list = Path::new(env!("CARGO_TARGET_TMPDIR")).join("psk-check-words");
    std::fs::write(&list, "cisco\nmypassword\nMYPASSWOR\nMYPASSWORD\r\nMYPASSWORD1\n").unwrap();
    let output = run(&arguments!["psk-check", "--word-list", &list, &capture]).well();
    assert_eq!(output, "e47a591f78c99d7f MYPASSWORD\n");
}
