//! The options `--filter` and `--fields`, and the command `vpnwire fields`.

use serde_json::json;

use crate::arguments;
use crate::captures::{HELLO, file, other, pcap};
use crate::run::run;

fn two_frames(name: &str) -> std::path::PathBuf {
    file(name, &pcap(&[&HELLO, &other()]))
}

#[test]
fn a_filter_keeps_the_frames_that_it_matches_in_every_output() {
    let path = two_frames("filter.pcap");
    for (filter, frames) in [
        ("hsrp", "1"),
        ("udp.port == 5000", "2"),
        ("udp", "12"),
        ("hsrp.state == 16 and frame.number > 1", ""),
    ] {
        let lines = run(&arguments!["dissect", "-Y", filter, &path]).well();
        let numbers: String = lines.lines().map(|line| line.trim_start().chars().next().unwrap()).collect();
        assert_eq!(numbers, frames, "{filter}");
        let json = run(&arguments!["dissect", "--json", "--filter", filter, &path]).well();
        assert_eq!(json.lines().count(), frames.len(), "{filter}");
        let tree = run(&arguments!["dissect", "-V", "--filter", filter, &path]).well();
        assert_eq!(tree.matches("Frame ").count(), frames.len(), "{filter}");
    }
    let both = run(&arguments!["dissect", "--protocol", "hsrp", "-Y", "udp.port == 5000", &path]).well();
    assert_eq!(both, "", "both have to match");
}

#[test]
fn a_filter_that_is_wrong_is_refused_with_the_nearest_name() {
    let refused = run(&arguments!["dissect", "-Y", "hsrp.stat == 1", two_frames("filter-wrong.pcap")]);
    assert_eq!((refused.status, refused.output.as_str()), (2, ""));
    assert!(
        refused
            .errors
            .contains("there is no field hsrp.stat, at column 1 of the filter; did you mean hsrp.state?"),
        "{}",
        refused.errors
    );
}

#[test]
fn fields_are_columns_or_json() {
    let path = two_frames("fields.pcap");
    let names = "frame.number,ip.addr,hsrp.state,ip.flags.df,_ws.col.info";
    let output = run(&arguments!["dissect", "--fields", names, &path]).well();
    assert_eq!(
        output,
        "1\t172.16.172.52,224.0.0.2\t16\t0\tHello (state Active), group 1, priority 200, virtual address 172.16.172.53\n2\t172.16.172.52,224.0.0.2\t\t0\t5000 → 5001 len 20\n"
    );
    let output =
        run(&arguments!["dissect", "--fields", "hsrp.state,udp.srcport", "--separator", ";", &path]).well();
    assert_eq!(output, "16;1985\n;5000\n");
    let output =
        run(&arguments!["dissect", "--json", "--fields", "hsrp.state,ip.addr", "-Y", "hsrp", &path]).well();
    let object: serde_json::Value = serde_json::from_str(&output).unwrap();
    assert_eq!(object, json!({"fields": {"hsrp.state": [16], "ip.addr": ["172.16.172.52", "224.0.0.2"]}}));
    let refused = run(&arguments!["dissect", "--fields", "hsrp.stat", &path]);
    assert_eq!(refused.line(2), "vpnwire: --fields: there is no field hsrp.stat: did you mean hsrp.state?");
}

#[test]
fn all_fields_are_listed() {
    let all = run(&["fields"]).well();
    assert!(all.lines().count() > 700, "{}", all.lines().count());
    let some = run(&["fields", "hsrp.state"]).well();
    assert_eq!(some.split_whitespace().collect::<Vec<_>>(), ["hsrp.state", "number", "RFC", "2281"]);
    let refused = run(&["fields", "hsrp.stare"]);
    assert!(refused.line(2).ends_with("did you mean hsrp.state?"), "{}", refused.errors);
}
