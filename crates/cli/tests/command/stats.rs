//! The command `vpnwire stats`.

use std::path::PathBuf;
use std::process::Command;

use needs::needs;
use serde_json::{Value, json};

use crate::arguments;
use crate::captures::{HELLO, file, other, pcap};
use crate::run::{run, run_on};

fn testdata(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../testdata", name].iter().collect()
}

fn stats(files: &[PathBuf], more: &[&str]) -> Value {
    let mut list = arguments!["stats", "--json"].to_vec();
    list.extend(more.iter().map(Into::into));
    list.extend(files.iter().map(Into::into));
    let output = run(&list).well();
    assert_eq!(output.lines().count(), 1, "one object: {output}");
    serde_json::from_str(&output).unwrap()
}

/// An Ethernet frame with an ESP packet.
fn esp(spi: u32, number: u32) -> Vec<u8> {
    let mut octets = HELLO[..34].to_vec();
    (octets[17], octets[23]) = (44, 50);
    octets.extend(spi.to_be_bytes());
    octets.extend(number.to_be_bytes());
    octets.extend([7; 16]);
    octets
}

/// The times and octets are tshark's, the story is that of `testdata/README.md`.
#[test]
fn a_tunnel_without_and_with_keys() {
    let path = [testdata("esp/tunnel.pcap")];
    let all = stats(&path, &[]);
    let times = ["2005-03-01T18:10:17.000000000Z", "2005-03-01T18:10:18.900000000Z"];
    assert_eq!(all["frames"], json!({"count": 20, "octets": 2856, "first": times[0], "last": times[1]}));
    assert_eq!(
        all["sas"][0],
        json!({"protocol": "esp", "source": "192.0.2.1", "destination": "198.51.100.1", "spi": 256,
            "packets": {"count": 16, "octets": 2320, "first": times[0], "last": times[1]},
            "numbers": {"first": 1, "last": 15, "lowest": 1, "highest": 5001, "missing": 4988, "unjudged": 0},
            "seen_twice": 2, "replayed": 0, "wrong_icv": 0, "verified": 0, "decrypted": 0})
    );
    // Number 12, which frame 14 skips, went to another destination in frame 13.
    assert_eq!(
        all["faults"][0],
        json!({"protocol": "esp", "reason": "sequence numbers are missing before N (count: N)", "count": 2,
            "first": {"file": path[0], "frame": 4}})
    );
    let keys = testdata("esp/tunnel.esp_sa");
    let all = stats(&path, &["--keys", keys.to_str().unwrap()]);
    let sa = &all["sas"][0];
    let counts = ["seen_twice", "replayed", "wrong_icv", "verified", "decrypted"].map(|key| sa[key].clone());
    assert_eq!(counts, [0, 1, 2, 12, 12].map(Value::from));
    assert_eq!(sa["numbers"]["missing"], 4990);
    assert_eq!(
        all["departures"],
        json!([{"departure": "the next header is IPv4, but the payload is IPv6", "reference": "RFC 4303 section 2.6",
            "count": 1, "first": {"file": path[0], "frame": 12}}])
    );
    let text = run(&arguments!["stats", "--keys", keys, path[0]]).well();
    for secret in std::fs::read_to_string(&keys).unwrap().split('"').filter(|part| part.len() > 20) {
        let digits = secret.trim_start_matches("0x");
        assert!(!text.contains(digits) && !all.to_string().contains(digits), "no key is shown");
    }
}

#[test]
fn isakmp_and_hsrp_are_listed() {
    let all = stats(&[testdata("ikev1/main-mode.pcap")], &[]);
    let sa = &all["isakmp_sas"][0];
    assert_eq!(
        (&sa["messages"]["count"], &sa["encrypted"], &sa["version"]),
        (&13.into(), &9.into(), &"1.0".into())
    );
    let cookies = [&sa["initiator_cookie"], &sa["responder_cookie"]];
    assert_eq!(cookies, [&Value::from("1a2b3c4d5e6f7081"), &Value::from("92a3b4c5d6e7f809")]);
    let all = stats(&[testdata("hsrp/failover-v1.pcap")], &[]);
    let group = &all["hsrp_groups"][0];
    let about = (&group["version"], &group["group"], &group["virtual_address"], &group["messages"]["count"]);
    assert_eq!(about, (&1.into(), &1.into(), &"172.16.172.53".into(), &16.into()));
    let sender = |at: usize, key: &str| group["senders"][at][key].clone();
    assert_eq!(sender(0, "address"), "172.16.172.52");
    assert_eq!((sender(0, "state"), sender(0, "state_name")), (16.into(), "Active".into()));
    assert_eq!((sender(1, "state_name"), sender(1, "priority")), ("Standby".into(), 100.into()));
}

/// tshark counts the frames and octets of each protocol, with a filter of its name.
#[needs(tshark)]
#[test]
fn tshark_counts_the_same_frames_and_octets() {
    let mut compared = 0;
    for name in [
        "esp/transport.pcap",
        "ah/protected.pcap",
        "gre/forms.pcap",
        "sctp/association.pcap",
        "link/every-link.pcapng",
    ] {
        let all = stats(&[testdata(name)], &[]);
        for protocol in all["protocols"].as_array().unwrap() {
            let filter = protocol["protocol"].as_str().unwrap();
            // These are ours alone, or tshark sees them elsewhere too.
            if matches!(filter, "raw" | "ha" | "llc" | "udpencap") {
                continue;
            }
            let mut tshark = Command::new("tshark");
            tshark.args(["-T", "fields", "-e", "frame.len", "-Y", filter, "-r"]).arg(testdata(name));
            let output = String::from_utf8(tshark.output().unwrap().stdout).unwrap();
            let lens: Vec<u64> = output.lines().map(|line| line.parse().unwrap()).collect();
            let counted = (lens.len().into(), lens.iter().sum::<u64>().into());
            let frames = &protocol["frames"];
            assert_eq!((&frames["count"], &frames["octets"]), (&counted.0, &counted.1), "{filter} in {name}");
            compared += 1;
        }
    }
    assert!(compared > 15, "{compared} protocols were compared");
}

/// The second file goes on where the first ends: its first number is the next, and its third was in the first file.
#[test]
fn several_files_are_counted_as_one() {
    let first = file("stats-1.pcap", &pcap(&[&esp(5, 1), &esp(5, 2)]));
    let second = file("stats-2.pcap", &pcap(&[&esp(5, 3), &esp(5, 5), &esp(5, 2), &HELLO]));
    let all = stats(&[first.clone(), second.clone()], &[]);
    assert_eq!(all["files"], json!([first, second]));
    assert_eq!((&all["frames"]["count"], &all["sas"].as_array().unwrap().len()), (&6.into(), &1));
    let sa = &all["sas"][0];
    assert_eq!((&sa["packets"]["count"], &sa["seen_twice"]), (&5.into(), &1.into()));
    assert_eq!((&sa["numbers"]["missing"], &sa["numbers"]["highest"]), (&1.into(), &5.into()));
    let place = json!({"file": second, "frame": 2});
    assert_eq!(all["faults"][0]["first"], place, "the gap is in the second file");
    let text = run(&arguments!["stats", first, second]).well();
    assert!(text.contains(&format!("frame 2 of {}", second.display())), "{text}");
}

#[test]
fn the_tables_are_for_people() {
    let output = run_on(&["stats", "-"], &pcap(&[&HELLO, &esp(0x100, 1), &esp(0x100, 3), &other()])).well();
    let expected = "\
4 frames, 240 octets, from 2020-09-13T12:26:40.250000000Z for 3.000000 s

Protocols
protocol  frames  octets     first      last
eth            4     240  0.000000  3.000000
ip             4     240  0.000000  3.000000
udp            2     124  0.000000  3.000000
hsrp           1      62  0.000000  0.000000
esp            2     116  1.000000  2.000000

SAs of ESP and AH
protocol  source         destination  SPI         packets  octets     first      last  numbers  missing  seen twice  replayed  wrong ICV  verified  decrypted
esp       172.16.172.52  224.0.0.2    0x00000100        2     116  1.000000  2.000000      1–3        1           0         0          0         0          0

HSRP groups
version  group  virtual address  sender         last state  priority  messages  octets     first      last
      1      1  172.16.172.53    172.16.172.52  Active           200         1      62  0.000000  0.000000

Faults
protocol  count  first in  what is wrong
esp           1  frame 3   sequence numbers are missing before N (count: N)
";
    assert_eq!(output, expected);
    let empty = run_on(&["stats", "-"], &pcap(&[])).well();
    assert_eq!(empty, "0 frames, 0 octets\n");
}

#[test]
fn sas_beyond_the_limit_are_others() {
    let frames: Vec<_> = (1..=4099).map(|spi| esp(spi, 1)).collect();
    let path = file("stats-many.pcap", &pcap(&frames.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let all = stats(std::slice::from_ref(&path), &[]);
    assert_eq!(all["sas"].as_array().unwrap().len(), 4096);
    let others = &all["others"]["sas"];
    assert_eq!((&others["count"], &others["octets"]), (&3.into(), &(3 * 58).into()));
    let text = run(&arguments!["stats", path]).well();
    assert!(
        text.contains("Others: 3 packets of further SAs are not listed, because there are too many SAs.\n"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_counted() {
    let good = file("stats-good.pcap", &pcap(&[&HELLO]));
    let whole = pcap(&[&HELLO, &HELLO]);
    let cut = file("stats-cut.pcap", &whole[..whole.len() - 1]);
    for (bad, status, frames) in [(cut, 1, 2), (testdata("no-such.pcap"), 2, 1)] {
        let run = run(&arguments!["stats", "--json", bad, good]);
        run.line(status);
        let all: Value = serde_json::from_str(&run.output).unwrap();
        assert_eq!(all["frames"]["count"], frames);
    }
}
