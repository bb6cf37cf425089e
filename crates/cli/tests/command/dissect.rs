//! The command `vpnwire dissect` on captures that are not damaged.

use std::path::Path;

use needs::needs;
use serde_json::Value;

use crate::arguments;
use crate::captures::{HELLO, broken, file, gzip, lying, other, pcap, pcap_cut, pcapng};
use crate::run::{run, run_on, vpnwire};

const LINE: &str = "    1    0.000000 172.16.172.52 → 224.0.0.2    HSRP 62 Hello (state Active), group 1, priority 200, virtual address 172.16.172.53\n";

fn objects(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_a_packet() {
    let path = file("lines.pcap", &pcap(&[&HELLO, &other(), &broken()]));
    let output = run(&arguments!["dissect", path]).well();
    let expected = [
        LINE,
        "    2    1.000000 172.16.172.52 → 224.0.0.2    UDP 62 5000 → 5001 len 20\n",
        "    3    2.000000 172.16.172.52 → 224.0.0.2    HSRP 61 Hello (state Active), group 1, priority 200, cut after 19 octets \
         [hsrp: HSRP packet at offset 0 of the HSRP message needs 20 octets, but only 19 are there]\n",
    ];
    assert_eq!(output, expected.concat(), "a broken packet is not a failure of the tool");
}

#[test]
fn every_format_and_way_in_reads_the_same() {
    let plain = pcap(&[&HELLO, &other()]);
    let expected = run_on(&["dissect", "-"], &plain).well();
    assert!(expected.starts_with(LINE) && expected.lines().count() == 2);
    for (name, octets) in [
        ("same.pcap", plain.clone()),
        ("same.pcapng", pcapng(&[&HELLO, &other()])),
        ("same.pcap.gz", gzip(&plain)),
        ("same.name-that-says-nothing", gzip(&pcapng(&[&HELLO, &other()]))),
    ] {
        let path = file(name, &octets);
        assert_eq!(run(&arguments!["dissect", path]).well(), expected, "{name}");
        assert_eq!(run_on(&["dissect", "-"], &octets).well(), expected, "{name} on standard input");
    }
    assert_eq!(run_on(&["dissect", "-"], &pcap(&[])).well(), "", "a capture of nothing is a capture");
}

#[test]
fn several_files_are_told_apart() {
    let first = file("several-1.pcap", &pcap(&[&HELLO]));
    let second = file("several-2.pcap", &pcap(&[&other(), &HELLO]));
    let output = run(&arguments!["dissect", first, second]).well();
    let titles: Vec<_> = output.lines().filter(|line| line.starts_with("== ")).collect();
    assert_eq!(titles, [format!("== {} ==", first.display()), format!("== {} ==", second.display())]);
    assert_eq!(output.matches("    1    0.000000").count(), 2, "frames and times are a file's own");

    let output = run(&arguments!["dissect", "--json", first, second]).well();
    let objects = objects(&output);
    let files: Vec<_> = objects.iter().map(|object| object["file"].as_str().unwrap()).collect();
    assert_eq!(files, [first.to_str().unwrap(), second.to_str().unwrap(), second.to_str().unwrap()]);
    assert!(output.lines().all(|line| line.starts_with("{\"file\":")));
    let output = run(&arguments!["dissect", "--json", first]).well();
    assert!(!output.contains("\"file\""), "one file needs no name");

    // Standard input can be one of several captures.
    let output = run_on(&arguments!["dissect", "--json", first, "-"], &pcap(&[&HELLO])).well();
    assert_eq!(self::objects(&output)[1]["file"], "-");
}

#[test]
fn json_is_an_object_a_line() {
    let path = file("json.pcap", &pcap_cut(&[(&HELLO, 62), (&HELLO[..50], 62)]));
    let output = run(&arguments!["dissect", "--json", path]).well();
    let objects = objects(&output);
    assert_eq!(objects.len(), 2);
    assert!(output.starts_with(
        r#"{"frame":1,"time":"2020-09-13T12:26:40.250000000Z","len":62,"captured_len":62,"protocols":["eth","ip","udp","hsrp"],"fields":{"#
    ));
    let hello = &objects[0];
    for (name, value) in [
        ("frame.number", serde_json::json!([1])),
        ("frame.time_epoch", serde_json::json!(["1600000000.250000000"])),
        ("eth.src", serde_json::json!(["00:00:0c:07:ac:01"])),
        ("ip.src", serde_json::json!(["172.16.172.52"])),
        ("ip.flags.df", serde_json::json!([false])),
        ("hsrp.opcode", serde_json::json!([0])),
        ("hsrp.state", serde_json::json!([16])),
        ("hsrp.auth_data", serde_json::json!(["cisco"])),
        ("hsrp.virt_ip", serde_json::json!(["172.16.172.53"])),
    ] {
        assert_eq!(hello["fields"][name], value, "{name}");
    }
    assert_eq!(hello["faults"], serde_json::json!([]));
    let cut = &objects[1];
    assert_eq!((&cut["frame"], &cut["len"], &cut["captured_len"]), (&2.into(), &62.into(), &50.into()));
    assert_eq!(cut["faults"].as_array().unwrap().len(), 1);
}

#[test]
fn a_tree_and_its_octets() {
    let path = file("tree.pcap", &pcap(&[&HELLO]));
    let tree = run(&arguments!["dissect", "-V", path]).well();
    assert_eq!(tree, run(&arguments!["dissect", "--tree", path]).well());
    assert!(tree.starts_with("Frame 1: 62 octets, 62 captured (Ethernet)\n"));
    assert!(tree.contains("        hsrp.state: Active (16)\n"));
    assert!(!tree.contains("0000  01 00 5e"));
    let octets = run(&arguments!["dissect", "-x", path]).well();
    assert_eq!(octets, run(&arguments!["dissect", "--octets", "-V", path]).well());
    assert!(octets.contains("\n0000  01 00 5e 00 00 02 00 00 0c 07 ac 01 08 00 45 c0  ..^...........E.\n"));
    assert!(octets.contains("        hsrp.state: Active (16)\n"), "the octets come with the tree");
}

#[test]
fn a_filter_keeps_packets_that_hold_a_protocol() {
    let path = file("filter.pcap", &pcap(&[&other(), &HELLO, &other()]));
    for (protocols, numbers) in [("hsrp", &[2][..]), ("udp", &[1, 2, 3]), ("sll,hsrp", &[2]), ("sll", &[])] {
        let output = run(&arguments!["dissect", "--json", "--protocol", protocols, path]).well();
        let frames: Vec<_> =
            objects(&output).iter().map(|object| object["frame"].as_u64().unwrap()).collect();
        assert_eq!(frames, numbers, "{protocols}");
        for form in ["--colour=never", "-V"] {
            let output = run(&arguments!["dissect", form, "--protocol", protocols, path]).well();
            assert_eq!(
                output.matches("Active").count(),
                usize::from(numbers.contains(&2)),
                "{form} {protocols}"
            );
        }
    }
    let output = run(&arguments!["dissect", "--protocol", "sll", "--protocol", "hsrp", path]).well();
    assert_eq!(output.lines().count(), 1);

    let refused = run(&arguments!["dissect", "--protocol", "hsrp,bgp", path]);
    assert_eq!((refused.status, refused.output.as_str()), (2, ""));
    assert!(
        refused.errors.contains("'bgp'") && refused.errors.contains("not one of eth"),
        "{}",
        refused.errors
    );
}

#[test]
fn every_protocol_that_can_be_asked_for_can_be_found() {
    let refused = run(&["dissect", "--protocol", "?", "x"]).errors;
    let known = refused.lines().next().unwrap().split("not one of ").nth(1).unwrap().to_owned();
    assert!(known.contains("hsrp") && !known.contains("sll2"), "{known}");
    let path = file("known.pcap", &pcap(&[&HELLO]));
    for protocol in known.split(", ") {
        run(&arguments!["dissect", "--protocol", protocol, path]).well();
    }
}

#[test]
fn octets_are_taken_for_what_the_user_says() {
    let path = file("decode-as.pcap", &pcap(&[&other()]));
    let output = run(&arguments!["dissect", "--decode-as", "udp.port==5001,hsrp", path]).well();
    assert!(
        output.ends_with(
            "HSRP 62 Hello (state Active), group 1, priority 200, virtual address 172.16.172.53\n"
        ),
        "{output}"
    );
    for rule in ["udp.port=5001,hsrp", "udp.port==5001,bgp", "udp.port==70000,hsrp", "hsrp"] {
        let refused = run(&arguments!["dissect", "--decode-as", rule, path]);
        assert_eq!(refused.status, 2);
        assert!(refused.errors.contains("TABLE==NUMBER,PROTOCOL"), "{}", refused.errors);
    }
}

/// A Hello with a digest, like those of hsrp-ios/HSRP-auth-md5-openwall.pcap. The key is known from the name of that capture.
fn sealed(key: &str) -> Vec<u8> {
    // The digest is the MD5 of the key padded to a block, the message with a zero digest, and the key.
    let mut message = HELLO[42..].to_vec();
    message[8..16].fill(0);
    message.extend([4, 28, 1, 0, 0, 0, 172, 16, 172, 52, 0, 0, 0, 0]);
    message.extend([0; 16]);
    let mut block = key.as_bytes().to_vec();
    block.push(0x80);
    block.resize(56, 0);
    block.extend((key.len() as u64 * 8).to_le_bytes());
    let digest = md5(&[&block, &message[..], key.as_bytes()].concat());
    message[34..].copy_from_slice(&digest);
    let mut octets = HELLO[..42].to_vec();
    octets[17] = 78;
    octets[39] = 58;
    octets.extend(message);
    octets
}

fn md5(octets: &[u8]) -> [u8; 16] {
    use md5::Digest as _;
    md5::Md5::digest(octets).into()
}

#[test]
fn a_key_is_named_by_its_number_and_never_shown() {
    let path = file("key.pcap", &pcap(&[&sealed("s3cretKey")]));
    for form in ["--json", "-V", "-x", "--colour=always"] {
        let right = run(&arguments![
            "dissect",
            form,
            "--hsrp-key",
            "wr0ngKey",
            "--hsrp-key",
            "2:s3cretKey",
            "--hsrp-key",
            "1:s3cretKey",
            path
        ]);
        let wrong = run(&arguments!["dissect", form, "--hsrp-key", "wr0ngKey", path]);
        assert_eq!((right.status, wrong.status), (0, 0));
        for output in [&right.output, &right.errors, &wrong.output, &wrong.errors] {
            for key in ["s3cretKey", "wr0ngKey", "7333637265744b6579", "77723065"] {
                assert!(!output.contains(key), "{output}");
            }
        }
        assert!(!right.output.contains("matches no key"), "{form}");
        assert!(
            wrong
                .output
                .contains("the MD5 digest matches no key that was given for the group (keys tried: 1)"),
            "{form}: {}",
            wrong.output
        );
    }
    let output = run(&arguments![
        "dissect",
        "--json",
        "--hsrp-key",
        "wr0ngKey",
        "--hsrp-key",
        "0x7333637265744b6579",
        path
    ])
    .well();
    let fields = objects(&output)[0]["fields"].clone();
    assert_eq!(fields["hsrp2.md5_auth_valid"], serde_json::json!([true]));
    assert_eq!(fields["hsrp2.md5_auth_key"], serde_json::json!([2]));
}

#[test]
fn a_key_that_is_none_is_not_repeated() {
    let path = file("no-key.pcap", &pcap(&[&HELLO]));
    for (key, reason) in [
        ("0xs3cret", "not pairs of hexadecimal digits"),
        ("7:0x53e", "not pairs of hexadecimal digits"),
        ("7:", "the key is empty"),
        ("", "the key is empty"),
    ] {
        let refused = run(&arguments!["dissect", format!("--hsrp-key={key}"), path]);
        assert_eq!((refused.status, refused.output.as_str()), (2, ""));
        assert!(
            refused.errors.contains(reason) && refused.errors.contains("--hsrp-key"),
            "{}",
            refused.errors
        );
        assert!(!refused.errors.contains("s3cret") && !refused.errors.contains("53e"), "{}", refused.errors);
    }
}

#[test]
fn colour_is_for_terminals_unless_asked() {
    let path = file("colour.pcap", &pcap(&[&broken()]));
    for form in ["--colour=auto", "--tree"] {
        assert!(!run(&arguments!["dissect", form, path]).well().contains('\x1b'), "a pipe is not a terminal");
    }
    for form in [&["--colour=always"][..], &["--colour", "always", "-V"]] {
        let mut list = vec!["dissect"];
        list.extend(form);
        list.push(path.to_str().unwrap());
        assert!(run(&list).well().contains("\x1b[31m"));
        // An option for colour wins over NO_COLOR, which changes only the default.
        let output = vpnwire().args(&list).env("NO_COLOR", "1").output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("\x1b[31m"));
    }
    assert!(!run(&arguments!["dissect", "--colour=never", path]).well().contains('\x1b'));
    assert!(!run(&arguments!["dissect", "--colour=always", "--json", path]).well().contains('\x1b'));
}

/// Runs the tool with a terminal as its standard output. `script` of util-linux creates the terminal.
fn on_a_terminal(variables: &[(&str, &str)], path: &Path) -> String {
    let command = format!("{} dissect {}", env!("CARGO_BIN_EXE_vpnwire"), path.display());
    let mut script = std::process::Command::new("script");
    script.args(["-q", "-e", "-c", &command, "/dev/null"]).env_remove("NO_COLOR").env("TERM", "xterm");
    script.envs(variables.iter().copied()).stdin(std::process::Stdio::null());
    String::from_utf8(script.output().unwrap().stdout).unwrap()
}

#[needs(script)]
#[test]
fn no_colour_where_the_environment_says_so() {
    let path = file("terminal.pcap", &pcap(&[&broken()]));
    let output = on_a_terminal(&[], &path);
    assert!(output.contains("HSRP") && output.contains("\x1b[31m"), "a terminal gets colour: {output:?}");
    assert!(on_a_terminal(&[("NO_COLOR", "")], &path).contains("\x1b[31m"), "an empty NO_COLOR says nothing");
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let output = on_a_terminal(&[variable], &path);
        assert!(output.contains("HSRP") && !output.contains("\x1b[31m"), "{variable:?}: {output:?}");
    }
}

#[test]
fn derived_values_that_lie_are_shown_as_they_stand() {
    let path = file("lying.pcap", &pcap(&[&lying()]));
    let output = run(&arguments!["dissect", "--json", path]).well();
    assert_eq!(objects(&output)[0]["fields"]["hsrp.adv.tlvlength"], serde_json::json!([99]));
    let tree = run(&arguments!["dissect", "-V", path]).well();
    assert!(tree.contains("[departs from "), "{tree}");
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let sample = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let output = run(&arguments!["dissect", root.join("testdata/hsrp/failover-v1.pcap")]).well();
    let shown: Vec<_> = sample.lines().filter(|line| line.trim() != "…").collect();
    assert_ne!(shown.len(), 0);
    for line in shown {
        assert!(output.lines().any(|printed| printed == line), "{line:?} is not in {output}");
    }
}

/// A frame with Ethernet, IPv4, UDP, and a main mode message with one vendor ID.
fn main_mode() -> Vec<u8> {
    let mut octets = HELLO[..42].to_vec();
    (octets[17], octets[39]) = (48 + 28, 48 + 8);
    octets[34..38].copy_from_slice(&[1, 0xf4, 1, 0xf4]);
    octets.extend([1; 8]);
    octets.extend([0; 8]);
    octets.extend([13, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0, 20]);
    octets.extend([
        0x7d, 0x94, 0x19, 0xa6, 0x53, 0x10, 0xca, 0x6f, 0x2c, 0x17, 0x9d, 0x92, 0x15, 0x52, 0x9d, 0x56,
    ]);
    octets
}

#[test]
fn ios_prints_what_a_router_would_below_the_packet() {
    let path = file("ios.pcap", &pcap(&[&main_mode(), &HELLO]));
    let plain = run(&arguments!["dissect", path]).well();
    assert_eq!(plain.lines().count(), 2);
    let output = run(&arguments!["dissect", "--ios", path]).well();
    let lines: Vec<_> = output.lines().collect();
    assert!(lines[0].ends_with("ISAKMP 90 Main Mode, VID: NAT-T draft 03"), "{}", lines[0]);
    assert_eq!(
        lines[1..4],
        [
            "      ISAKMP: processing vendor id payload",
            "      ISAKMP: vendor ID seems Unity/DPD but major 157 mismatch",
            "      ISAKMP: vendor ID is NAT-T v3"
        ]
    );
    assert_eq!(lines[4..], [plain.lines().nth(1).unwrap()]);
    let kept = run(&arguments!["dissect", "--ios", "--protocol", "hsrp", path]).well();
    assert_eq!(kept.lines().count(), 1, "the lines of a packet that is dropped are dropped");
}
