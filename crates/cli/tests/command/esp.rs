//! The options `--esp-sa`, `--keys` and `--decrypted`.

use std::path::{Path, PathBuf};

use pcap_file::DataLink;
use pcap_file::pcap::PcapReader;
use serde_json::Value;

use crate::arguments;
use crate::captures::{HELLO, file, pcap};
use crate::run::run;

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/esp").join(name)
}

fn objects(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn esp(output: &str) -> Value {
    objects(output).into_iter().find(|object| object["protocol"] == "esp").unwrap()
}

fn out(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn keys_open_packets_from_a_row_and_from_a_file() {
    let capture = testdata("tunnel.pcap");
    let row = std::fs::read_to_string(testdata("tunnel.esp_sa")).unwrap();
    let row = row.lines().find(|line| line.contains("0x00000100")).unwrap();
    let by_row = run(&arguments!["dissect", "--json", "--esp-sa", row, capture]).well();
    let first = &objects(&by_row)[0]["fields"];
    assert_eq!(
        (&first["esp.icv_good"], &first["ip.dst"][1]),
        (&Value::from(vec![true]), &Value::from("10.2.0.1"))
    );
    // The row is for one direction only, so the second packet stays encrypted.
    assert!(objects(&by_row)[1]["fields"]["esp.icv_good"].is_null());
    let by_file = run(&arguments!["dissect", "--json", "--keys", testdata("tunnel.esp_sa"), capture]).well();
    assert_eq!(objects(&by_file)[1]["fields"]["esp.icv_good"], Value::from(vec![true]));
    let secret = "0x100@198.51.100.1 aes128-cbc-hmac96:0x000102030405060708090a0b0c0d0e0f";
    let by_secret = run(&arguments!["dissect", "--esp-sa", secret, capture]).well();
    let line = by_secret.lines().next().unwrap();
    assert!(
        line.contains("10.1.0.1 → 10.2.0.1 ")
            && line.contains("[esp: the packet is decrypted but not verified"),
        "{line}"
    );
}

#[test]
fn the_round_trip_takes_the_same_keys() {
    let counts = |keys: &[&str]| {
        let mut list = arguments!["roundtrip", "--json", testdata("tunnel.pcap")].to_vec();
        for name in keys {
            list.extend(arguments!["--keys", testdata(name)]);
        }
        esp(&run(&list).well())
    };
    let (without, with) = (counts(&[]), counts(&["suites.xfrm", "tunnel.esp_sa"]));
    assert_eq!((&without["seen"], &without["opaque"]), (&Value::from(20), &Value::from(19)));
    assert_eq!((&with["identical"], &with["different"]), (&Value::from(15), &Value::from(0)));
}

#[test]
fn decrypted_packets_go_to_a_capture_with_their_times() {
    let path = out("inner.pcap");
    let keys = testdata("tunnel.esp_sa");
    let command = |capture: &Path| arguments!["dissect", "--keys", keys, "--decrypted", path, capture];
    run(&command(&testdata("tunnel.pcap"))).well();
    let octets = std::fs::read(&path).unwrap();
    let mut reader = PcapReader::new(&octets[..]).unwrap();
    assert_eq!(reader.header().datalink, DataLink::RAW);
    let mut packets = Vec::new();
    while let Some(packet) = reader.next_packet() {
        let packet = packet.unwrap();
        assert_eq!(packet.data.len(), packet.orig_len as usize);
        packets.push((packet.timestamp.as_millis(), packet.data.into_owned()));
    }
    // 15 packets are decrypted. One is a dummy packet, which is not written.
    assert_eq!(packets.len(), 14);
    assert_eq!(packets[1].0 - packets[0].0, 100);
    assert_eq!(packets[0].0, 1_109_700_617_000);
    assert!(packets.iter().all(|(_, packet)| matches!(packet[0], 0x45 | 0x60)));
    // The tool can read the file, which is overwritten by each run.
    let again = run(&arguments!["dissect", path]).well();
    assert_eq!(again.lines().count(), 14);
    run(&command(&testdata("extended.pcap"))).well();
    assert_eq!(std::fs::read(&path).unwrap().len(), 24);
    // The packets of several captures follow each other. Packets that --protocol hides are written too.
    let list = arguments![
        "dissect",
        "--keys",
        keys,
        "--decrypted",
        path,
        "--protocol",
        "hsrp",
        testdata("tunnel.pcap"),
        testdata("tunnel.pcap")
    ];
    run(&list).well();
    let len = std::fs::read(&path).unwrap().len();
    assert_eq!(len - 24, 2 * (octets.len() - 24));
}

#[test]
fn transport_mode_is_written_as_it_was_before() {
    let path = out("transport-inner.pcap");
    let keys = testdata("transport.esp_sa");
    let list = arguments!["dissect", "--keys", keys, "--decrypted", path, testdata("transport.pcap")];
    run(&list).well();
    let inner = run(&arguments!["dissect", "--json", path]).well();
    let protocols: Vec<_> = objects(&inner).iter().map(|object| object["protocols"].to_string()).collect();
    assert_eq!(protocols.len(), 7, "{protocols:?}");
    assert_eq!(protocols[0], r#"["raw","ip","gre","ip","icmp"]"#);
    assert_eq!(protocols[1], r#"["raw","ip","udp"]"#);
    assert_eq!(protocols[3], r#"["raw","ipv6","udp"]"#);
    assert_eq!(protocols[4], r#"["raw","ipv6","ipv6.dstopts","udp"]"#);
    assert_eq!(protocols[5], r#"["raw","ip","udp"]"#, "the innermost of two");
    assert!(objects(&inner).iter().all(|object| object["faults"].as_array().unwrap().is_empty()));
}

#[test]
fn decrypted_packets_go_nowhere_else() {
    let capture = file("decrypted-self.pcap", &pcap(&[&HELLO]));
    let refused = run(&arguments!["dissect", "--decrypted", "-", capture]);
    assert_eq!(
        refused.line(2),
        "vpnwire: --decrypted -: the decrypted packets cannot go to standard output, which has the dissection: name a file"
    );
    let refused = run(&arguments!["dissect", "--decrypted", capture, capture]);
    assert!(refused.line(2).ends_with(
        "a capture or keys are read from this file, and it would be overwritten: name another file"
    ));
    assert_eq!(std::fs::read(&capture).unwrap(), pcap(&[&HELLO]), "it is as it was");
    let refused = run(&arguments!["dissect", "--decrypted", out("no-such-folder/a.pcap"), capture]);
    assert!(refused.line(2).contains("No such file"), "{}", refused.errors);
    assert!(refused.output.is_empty());
}

/// A file of keys with an SA that is not known, with compression, and with a key that has lost its 0x: it is told, and the
/// rest is used.
#[test]
fn keys_that_are_not_known_are_told_and_the_others_used() {
    let capture = testdata("suites.pcap");
    let state = "src 192.0.2.1 dst 198.51.100.1\n\tproto esp spi 0x00000500 reqid 0 mode tunnel\n";
    let good = std::fs::read_to_string(testdata("suites.xfrm")).unwrap();
    let mixed = format!("{state}\tenc cbc(camellia) 0x5ec2e7\n{}{good}", state.replace("esp", "comp"));
    let (good, mixed) = (testdata("suites.xfrm"), file("mixed.xfrm", mixed.as_bytes()));
    for form in ["dissect", "keys"] {
        let list = |keys: &Path| match form {
            "dissect" => arguments!["dissect", "--keys", keys, capture].to_vec(),
            _ => arguments!["keys", "--keys", keys].to_vec(),
        };
        let (with, without) = (run(&list(&mixed)), run(&list(&good)));
        assert_eq!((with.status, &with.output), (0, &without.output));
        let shown: Vec<&str> = with.errors.lines().collect();
        assert_eq!(
            shown,
            [
                format!(
                    "vpnwire: {}: line 3: cbc(camellia): the encryption algorithm is not supported, or takes no key of 3 \
                     octets; the SA is left out",
                    mixed.display()
                ),
                format!(
                    "vpnwire: {}: line 5: comp: the SA is of another protocol than ESP and AH, and only these two have \
                     keys; the SA is left out",
                    mixed.display()
                ),
            ]
        );
    }
    let key = "5ec2e700".repeat(4);
    let told = run(&arguments!["dissect", "--esp-sa", format!("aes256-cbc:{key}"), capture]);
    assert!(
        told.status == 0 && told.errors.contains("a key of 32 hexadecimal digits is taken for a password")
    );
    assert!(!told.errors.contains("5ec2e7"), "{}", told.errors);
}

/// What is said of a file of none of the forms that are read.
const FORMS: &str = "the file has none of the formats that are read, which are: the output of `ip xfrm state`; Wireshark's \
    files esp_sa and ikev1_decryption_table; secrets SPI@ADDRESS ALGORITHM:KEY, as tcpdump's option -E takes them, and \
    keys of AH in the same form; JSON with arrays ike and child; the log of strongSwan's charon with chd and ike at level \
    4; the output of FortiOS' `diagnose vpn tunnel list` and `diagnose debug application ike -1`";

#[test]
fn keys_that_are_none_are_refused_and_never_repeated() {
    let capture = testdata("tunnel.pcap");
    for (name, text, says) in [
        ("empty.keys", "# nothing\n", "the file holds no keys, only comments and empty lines"),
        (
            "short.keys",
            "\n0x100@10.0.0.1 des-cbc:0x5ec2e7\n",
            "line 2: des-cbc: the key has 3 octets, but DES takes a key of 8",
        ),
        (
            "row.keys",
            "IPv4,*,*,0x100,AES-CBC [RFC3602],0x5ec2e7,NULL,\n",
            "line 1: AES-CBC [RFC3602]: the encryption algorithm takes no key of 3 octets",
        ),
        ("tunnel.txt", "list all ipsec tunnel in vd 0\n5ec2e7\n", FORMS),
        (
            "json.keys",
            "{\"child\": [\n5ec2e7]}",
            "line 2: the file begins with a brace, as JSON does, but is not valid JSON",
        ),
    ] {
        let keys = file(name, text.as_bytes());
        for form in ["dissect", "roundtrip"] {
            let refused = run(&arguments![form, "--keys", keys, capture]);
            assert_eq!(refused.line(2), format!("vpnwire: {}: {says}", keys.display()));
            assert!(refused.output.is_empty());
        }
    }
    let missing = out("no-such.keys");
    let refused = run(&arguments!["dissect", "--keys", missing, capture]);
    assert!(refused.line(2).contains("No such file"), "{}", refused.errors);
    // A capture is not a file of keys.
    let refused = run(&arguments!["dissect", "--keys", capture, capture]);
    assert!(
        refused.line(2).ends_with("the file is not text in UTF-8, as a file of keys must be"),
        "{}",
        refused.errors
    );
    for row in
        ["0x100@10.0.0.1 des-cbc:0x5ec2e7", "IPv4,*,*,0x100,NULL,5ec2e7,NULL,", "5ec2e7", "\"IPv4\",5ec2e7"]
    {
        let refused = run(&arguments!["dissect", "--esp-sa", row, capture]);
        assert_eq!(refused.status, 2);
        assert!(
            refused.errors.starts_with("error: invalid value for '--esp-sa <SA>': "),
            "{}",
            refused.errors
        );
        assert!(!refused.errors.contains("5ec2e7"), "{}", refused.errors);
    }
}
