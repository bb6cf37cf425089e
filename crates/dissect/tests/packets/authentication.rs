//! HSRP digests, and the keys that a user gives.

use std::fmt::Write as _;

use vpnwire_dissect::capture::{Frame, LinkType};
use vpnwire_dissect::sinks::{Json, Line, Output, Roundtrip, Tree};
use vpnwire_dissect::{Dissector, Options};

use crate::built::{self, HELLO, ipv4, sealed, udp};
use crate::recorder::Recorder;

fn keys(keys: &[&str]) -> Options {
    let mut options = Options::default();
    options.keys.hsrp = keys.iter().map(|key| key.parse().unwrap()).collect();
    options
}

fn packet(message: &[u8]) -> Vec<u8> {
    ipv4(17, &udp(1985, 1985, message))
}

fn dissected(given: &[&str], message: &[u8]) -> Recorder {
    Recorder::with(keys(given), LinkType::RAW, &packet(message))
}

#[test]
fn the_key_that_matched_is_told_by_its_number() {
    let message = sealed(5, "letmein");
    for (given, number) in [
        (&["letmein"][..], "1"),
        (&["other", "letmein"], "2"),
        (&["5:letmein"], "1"),
        (&["6:letmein", "5:wrong", "5:letmein", "letmein"], "3"),
        (&["0x6c65746d65696e"], "1"),
        (&["5:0x6c65746d65696e"], "1"),
    ] {
        let recorder = dissected(given, &message);
        assert_eq!(recorder.faults(), [""; 0], "{given:?}");
        assert_eq!(recorder.value("hsrp2.md5_auth_valid"), "true");
        assert_eq!(recorder.value("hsrp2.md5_auth_key"), number, "{given:?}");
    }
}

#[test]
fn a_wrong_key_is_a_fault() {
    let message = sealed(5, "letmein");
    for (given, tried) in [(&["wrong"][..], 1), (&["5:wrong", "letmeiN", "6:letmein"], 2)] {
        let recorder = dissected(given, &message);
        assert_eq!(
            recorder.fault(),
            format!("hsrp: the MD5 digest matches no key that was given for the group (keys tried: {tried})")
        );
        assert_eq!(recorder.value("hsrp2.md5_auth_valid"), "false");
        assert_eq!(recorder.values("hsrp2.md5_auth_key"), [""; 0]);
    }
    // One octet of the message is changed.
    for at in 0..message.len() {
        let mut changed = message.clone();
        changed[at] ^= 1;
        let recorder = dissected(&["letmein"], &changed);
        assert_ne!(recorder.values("hsrp2.md5_auth_valid"), ["true"], "octet {at}");
    }
}

#[test]
fn a_line_tells_the_key_that_matched() {
    let version_2 = {
        let mut octets = built::hello_v2();
        octets.extend([2, 4, 0, 1, 0, 0, 4, 28, 1, 0, 0, 0, 10, 0, 0, 2]);
        octets.resize(octets.len() + 20, 0);
        hsrp::authentication::seal(&mut octets, hsrp::Key::from("letmein")).unwrap();
        octets
    };
    for (message, said) in [
        (
            sealed(5, "letmein"),
            "HSRP 78 Hello (state Active), group 5, priority 100, virtual address 0.0.0.0, MD5 digest by key 2\n",
        ),
        (
            version_2,
            "HSRPv2 106 Hello (state Active), group 10, priority 100, virtual address fe80::5:73ff:fea0:a, MD5 digest by key 2\n",
        ),
        (
            HELLO.to_vec(),
            "HSRP 48 Hello (state Active), group 1, priority 200, virtual address 172.16.172.53\n",
        ),
    ] {
        let octets = packet(&message);
        let mut line = Line::new(false);
        Dissector::new(keys(&["other", "letmein"])).frame(built::frame(LinkType::RAW, &octets), &mut line);
        let line = String::from_utf8(std::mem::take(line.output())).unwrap();
        assert!(line.ends_with(said), "{line}");
    }
}

#[test]
fn a_digest_that_no_key_can_be_tried_on_is_a_fault() {
    let message = sealed(5, "letmein");
    let twice = [&message[..], &message[20..]].concat();
    let mut algorithm = message.clone();
    algorithm[22] = 2;
    for (message, reason) in [
        (
            twice,
            "a second MD5 authentication TLV begins at offset 50 of the HSRP message, but only one may be there",
        ),
        (
            algorithm,
            "the MD5 authentication TLV at offset 20 of the HSRP message names algorithm 2, but only MD5 (1) can be verified",
        ),
    ] {
        let recorder = dissected(&["letmein"], &message);
        assert_eq!(recorder.fault(), format!("hsrp: the MD5 digest cannot be verified: {reason}"));
        assert_eq!(recorder.value("hsrp2.md5_auth_valid"), "false");
        assert_eq!(dissected(&[], &message).faults(), [""; 0], "nobody asked");
    }
}

#[test]
fn without_a_key_or_without_a_digest_nothing_is_said() {
    for recorder in [
        dissected(&[], &sealed(5, "letmein")),
        dissected(&["6:letmein"], &sealed(5, "letmein")),
        dissected(&["letmein"], &HELLO),
    ] {
        assert_eq!((recorder.faults().len(), recorder.values("hsrp2.md5_auth_valid").len()), (0, 0));
    }
}

#[test]
fn a_message_that_the_capture_cut_is_not_verified() {
    let octets = packet(&sealed(5, "letmein"));
    let longer = packet(&[&sealed(5, "letmein")[..], &[9, 2, 1, 2]].concat());
    let frame = Frame { len: longer.len(), ..built::frame(LinkType::RAW, &longer[..octets.len()]) };
    let recorder = Recorder::next(&mut Dissector::new(keys(&["letmein"])), frame);
    assert_eq!(recorder.protocols(), "raw:ip:udp:hsrp");
    assert_eq!((recorder.faults().len(), recorder.values("hsrp2.md5_auth_valid").len()), (0, 0));
}

#[test]
fn no_key_appears_in_any_output() {
    let secret = "s3cretKey";
    let given = format!("{secret},5:{secret},wr0ngKey");
    let options = keys(&given.split(',').collect::<Vec<_>>());
    let mut shown = format!("{options:?}");
    for message in [sealed(5, secret), sealed(6, "another"), sealed(5, "wr0ngKey"), HELLO.to_vec()] {
        let octets = packet(&message);
        let mut dissector = Dissector::new(options.clone());
        let mut write = |sink: &mut dyn FnMut(&mut Dissector) -> Vec<u8>| {
            write!(shown, "{}", String::from_utf8(sink(&mut dissector)).unwrap()).unwrap();
        };
        let frame = built::frame(LinkType::RAW, &octets);
        fn output(mut sink: impl Output, dissector: &mut Dissector, frame: Frame<'_>) -> Vec<u8> {
            dissector.frame(frame, &mut sink);
            std::mem::take(sink.output())
        }
        write(&mut |dissector| output(Line::new(true), dissector, frame));
        write(&mut |dissector| output(Tree::new(true, true), dissector, frame));
        write(&mut |dissector| output(Json::new(), dissector, frame));
        write(&mut |dissector| output(Roundtrip::new(true), dissector, frame));
        write!(shown, "{dissector:?}").unwrap();
    }
    assert!(shown.contains("hsrp2.md5_auth_key") && shown.contains("matches no key"));
    for secret in [secret, "wr0ngKey"] {
        let hexadecimal: String = secret.bytes().map(|octet| format!("{octet:02x}")).collect();
        let numbers: Vec<u8> = secret.bytes().collect();
        assert!(!shown.contains(secret) && !shown.contains(&hexadecimal), "{shown}");
        assert!(!shown.contains(&format!("{numbers:?}")), "{shown}");
    }
}
