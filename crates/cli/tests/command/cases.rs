//! Inputs on which the tool was once wrong or unclear, with the right answer to each. They are not in the repository.

use std::path::{Path, PathBuf};

use needs::needs;

use crate::arguments;
use crate::captures::file;
use crate::run::run;

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases").join(name)
}

/// The lines for a case, without number, time and addresses.
fn lines(name: &str) -> Vec<String> {
    said(&run(&arguments!["dissect", case(name)]).well())
}

fn said(output: &str) -> Vec<String> {
    let after_addresses = |line: &str| {
        let (_, rest) = line.split_once('→').unwrap_or(("", line));
        let mut words = rest.split_whitespace();
        words.next();
        words.collect::<Vec<_>>().join(" ")
    };
    output.lines().map(after_addresses).collect()
}

fn tree(name: &str) -> String {
    run(&arguments!["dissect", "-V", case(name)]).well()
}

fn json(name: &str) -> Vec<serde_json::Value> {
    let output = run(&arguments!["dissect", "--json", case(name)]).well();
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A row of Wireshark's table for the SA of two cases, whose MAC key is 20 times 0x68.
fn row(name: &str, encryption_key: &str) -> PathBuf {
    let key = "68".repeat(20);
    let row = format!(
        "\"IPv4\",\"*\",\"*\",\"0x00000601\",\"AES-CBC [RFC3602]\",\"{encryption_key}\",\"HMAC-SHA-1-96 [RFC2404]\",\"0x{key}\"\n"
    );
    file(name, row.as_bytes())
}

#[needs(cases)]
#[test]
fn one_sa_with_an_unknown_algorithm_does_not_stop_the_others() {
    let keys = case("mixed.xfrm");
    let output = run(&arguments!["dissect", "--keys", keys, case("esp-mixed-algorithms.pcap")]);
    assert_eq!(output.status, 0);
    assert_eq!(
        said(&output.output),
        ["0x00000501", "0x00000504", "0x00000505"].map(|spi| {
            let len = match spi {
                "0x00000501" => 106,
                "0x00000504" => 118,
                _ => 122,
            };
            format!("ICMP {len} ESP spi={spi} seq=1 verified: Echo (ping) request id=0x0000 seq=0 ttl=64")
        })
    );
}

#[needs(cases)]
#[test]
fn last_chunks_without_padding_and_cut_ones_are_told() {
    assert_eq!(lines("sctp-last-chunk-unpadded.pcap"), ["SCTP 65 5000 → 5001 DATA 1"]);
    assert!(tree("sctp-last-chunk-unpadded.pcap").contains("[departs from RFC 9260 section 3.2:"));
    let short = lines("06-sctp-chunk-short.pcap");
    assert_eq!(
        &short[..2],
        ["SCTP 97 5000 → 5001 DATA 77 (NGAP)", "SCTP 98 5000 → 5001 DATA 77 (NGAP, retransmission)"]
    );
    assert!(
        short[3].starts_with("SCTP 92 5000 → 5001 DATA"),
        "a chunk that is cut keeps its name: {}",
        short[3]
    );
    // The IP packet says that it has 16 more octets, so its checksum proves nothing.
    assert_eq!(
        lines("03-sctp-data-short-of-padding.pcap"),
        [
            "SCTP 192 2904 → 2904 DATA 0 (M2UA) [ip: IPv4 packet at offset 14 of the frame needs 194 octets, but only 178 are there]"
        ]
    );
    assert!(tree("03-sctp-data-short-of-padding.pcap").contains("sctp.checksum.status: Unverified (2)"));
    for (name, element) in [("sctp-length-zero.pcap", 0), ("sctp-four-zero-octets-after.pcap", 0)] {
        let all = lines(name);
        assert!(all[element].ends_with("has length 0, but its header alone has 4 octets]"), "{all:?}");
    }
}

#[needs(cases)]
#[test]
fn valid_pptp_and_several_senders_are_no_fault() {
    for name in ["gre-pptp-valid-is-fault.pcap", "01-ah-multisender-false-replay.pcap"] {
        for object in json(name) {
            assert_eq!(object["faults"], serde_json::json!([]), "{name}: {object}");
        }
    }
    assert_eq!(
        lines("01-ah-multisender-false-replay.pcap"),
        [
            "OSPF 124 AH spi=0x00000100 seq=43: Link State Update, 60 octets",
            "OSPF 104 AH spi=0x00000100 seq=43: Hello, 40 octets"
        ]
    );
}

#[needs(cases)]
#[test]
fn wrong_checksums_are_faults_and_departures_are_in_json() {
    for (name, protocols) in [
        ("bad-checksums-not-in-json.pcap", &["nhrp", "gre", "gre"][..]),
        ("09-nhrp-wrong-checksum.pcap", &["nhrp"]),
    ] {
        let objects = json(name);
        assert_eq!(objects.len(), protocols.len(), "{name}");
        for (object, protocol) in objects.iter().zip(protocols) {
            assert_eq!(object["faults"][0]["protocol"], *protocol, "{name}");
            assert_eq!(object["faults"][0]["cause"], "packet", "{name}");
            let status = if *protocol == "gre" { "gre.checksum.status" } else { "nhrp.hdr.chksum.status" };
            assert_eq!(object["fields"][status][0], 0, "{name}");
        }
    }
    let hops = &json("nhrp-hop-count-zero.pcap")[0]["departures"];
    let hops: Vec<_> = hops.as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert!(hops.contains(&"the hop count is 0, so no server may forward the packet"), "{hops:?}");
}

#[needs(cases)]
#[test]
fn what_departs_is_told_once() {
    let twice = tree("isakmp-departure-twice.pcap");
    assert_eq!(twice.matches("the proposal declares 5 transforms, but it has 1").count(), 1);
    let addresses = tree("isakmp-modecfg-address-of-2-octets.pcap");
    assert!(addresses.contains("INTERNAL_IP4_ADDRESS has a value of 2 octets, but it should have 0 or 4"));
    let deleted = &lines("isakmp-delete-spi-size-0.pcap")[0];
    assert!(deleted.contains("the SPI size at offset 57 of the ISAKMP message is 0"), "{deleted}");
}

#[needs(cases)]
#[test]
fn names_follow_the_version_and_times_are_in_seconds() {
    assert!(tree("07-hsrpv1-unknown-tlv.pcap").contains("hsrp.unknown_tlv: "));
    assert!(!tree("hsrp-0ns.pcap").contains("0ns"));
}

#[needs(cases)]
#[test]
fn what_is_wrong_with_the_keys_is_told() {
    let wrong = row("case-wrong.esp_sa", "0x000102030405060708090a0b0c0d0e0e");
    let output =
        run(&arguments!["dissect", "--keys", wrong, case("esp-right-mac-wrong-cipher-key.pcap")]).well();
    assert!(output.contains("the ICV is right, so the sender is not at fault"), "{output}");
    let plain = row("case-plain.esp_sa", "000102030405060708090a0b0c0d0e0f");
    let output = run(&arguments!["dissect", "--keys", plain, case("esp-right-mac-wrong-cipher-key.pcap")]);
    assert!(output.errors.contains("write 0x in front of it"), "{}", output.errors);
    let wide = row("case-esn.esp_sa", "0x000102030405060708090a0b0c0d0e0f");
    let output = run(&arguments!["dissect", "--keys", wide, case("esp-esn-row-without-64-bit.pcap")]).well();
    assert!(output.contains("with an extended sequence number whose high half is 0"), "{output}");
    let sha = case("sha256-128.xfrm");
    let output = run(&arguments!["dissect", "--keys", sha, case("esp-sha256-96-under-128-key.pcap")]).output;
    assert!(output.contains("the ICV is right as HMAC-SHA-256-96"), "{output}");
    let refused = run(&arguments!["dissect", "--ah-sa", "ah-md5-hmac:monkey", case("hsrp-0ns.pcap")]);
    assert!(
        refused.errors.contains("fills a shorter password up with zeros, as keepalived does"),
        "{}",
        refused.errors
    );
    let capture = case("hsrp-0ns.pcap");
    let refused = run(&arguments!["dissect", "--keys", case("key-file-ka-of-21-octets.json"), capture]);
    assert!(refused.errors.contains("21 octets"), "{}", refused.errors);
}

#[needs(cases)]
#[test]
fn what_was_not_read_is_read() {
    let hello = "Hello (state Active), group 1, priority 100, virtual address 192.0.2.254";
    for (name, len) in [("60-modpcap.pcap", 62), ("61-link-nflog.pcap", 72), ("61-link-ppp.pcap", 52)] {
        assert_eq!(lines(name), [format!("HSRP {len} {hello}"), format!("HSRP {len} {hello}")], "{name}");
    }
    assert_eq!(lines("04-esp-in-pppoe.pcapng"), ["ESP 346 spi=0x2c582fba seq=1"]);
    assert_eq!(
        lines("icmp-quotes-esp-ike-sctp.pcap")[1],
        "ICMP 70 Destination unreachable (Fragmentation needed), MTU 1400, for ESP spi=0x01020304 seq=5, cut"
    );
    assert_eq!(
        lines("05-esp-quoted-in-icmp.pcap"),
        [
            "ESP 166 spi=0x80000001 seq=1",
            "ICMP 194 Destination unreachable (Protocol unreachable), for ESP spi=0x80000001 seq=1"
        ]
    );
    assert_eq!(
        lines("esp-in-tcp.pcap"),
        ["ISAKMP 126 Main Mode, SA, 1 transform", "ESP 140 spi=0x00000100 seq=1"]
    );
    assert_eq!(lines("natt-draft-non-ike-marker.pcap"), ["ESP 118 spi=0xa1a2a3a4 seq=1"]);
    assert_eq!(lines("erspan-iii-ft2-ip.pcap"), ["ICMP 82 Echo (ping) request id=0x0000 seq=0 ttl=64"]);
    assert_eq!(json("11-isl.pcap")[0]["protocols"], serde_json::json!(["isl", "eth", "llc"]));
}
