//! `vpnwire dissect -i`, as far as it needs no rights and no packets.

use crate::arguments;
use crate::captures::{HELLO, file, pcap};
use crate::run::run;

#[test]
fn captures_or_an_interface_and_not_both() {
    assert_eq!(
        run(&["dissect"]).line(2),
        "vpnwire: there is nothing to dissect: name one or more captures, `-` for standard input, or an interface with -i"
    );
    let path = file("live-both.pcap", &pcap(&[&HELLO]));
    let refused = run(&arguments!["dissect", "-i", "lo", path]);
    assert_eq!(
        refused.line(2),
        "vpnwire: captures and an interface (-i) are both named, but only one of these can be dissected at a time"
    );
    assert_eq!(refused.output, "");
    for list in [arguments!["dissect", "-c", "1", path].to_vec(), arguments!["dissect", "-p", path].to_vec()]
    {
        let refused = run(&list);
        assert!(
            refused.status == 2 && refused.errors.contains("--interface <INTERFACE>"),
            "{}",
            refused.errors
        );
    }
    for count in ["0", "-1", "many"] {
        assert_eq!(run(&["dissect", "-i", "lo", "-c", count]).status, 2);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interface_that_is_not_there_is_told_with_those_that_are() {
    let refused = run(&["dissect", "-i", "no-such-one", "-c", "1"]);
    let line = refused.line(2);
    let start = "vpnwire: no-such-one: there is no interface of this name: the interfaces are ";
    assert!(line.starts_with(start), "{line}");
    assert_eq!(refused.output, "");
}

#[cfg(not(target_os = "linux"))]
#[test]
fn there_is_no_live_capture_here() {
    let refused = run(&["dissect", "-i", "lo", "-c", "1"]);
    assert!(refused.line(2).contains("possible only on Linux"), "{}", refused.errors);
}
