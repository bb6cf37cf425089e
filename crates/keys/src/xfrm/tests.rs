use super::*;
use crate::KeyRows;

/// iproute2's output. The kernel prints all six lines for most states.
const STATES: &str = "\
src 10.99.0.1 dst 10.99.0.2
\tproto esp spi 0xc5b1ad6d reqid 1 mode tunnel
\treplay-window 0 flag af-unspec
\tauth-trunc hmac(sha256) 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 128
\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f
\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0
\tanti-replay context: seq 0x0, oseq 0x5, bitmap 0x00000000
src 2001:db8::2 dst 2001:db8::1
\tproto esp spi 0x00000100(256) reqid 1(0x00000001) mode transport
\treplay-window 32 seq 0x00000000 flag esn (0x10000000)
\taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0f10111213 (160 bits) 128
\tanti-replay esn context:
\t seq-hi 0x3, seq 0x10, oseq-hi 0x0, oseq 0x0
\t replay_window 32, bitmap-length 1
\tsel src 0.0.0.0/0 dst 0.0.0.0/0
src 10.0.0.1 dst 10.0.0.2
\tproto ah spi 0x00000101 reqid 0 mode transport
\treplay-window 0
\tauth-trunc hmac(sha1) 0x000102030405060708090a0b0c0d0e0f10111213 96
src 10.0.0.1 dst 10.0.0.2
\tproto esp spi 0x00000102 reqid 0 mode transport
\tauth hmac(sha256) 0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
\tenc ecb(cipher_null)
";

fn rows(text: &str) -> Result<(KeyRows, Vec<String>), KeyFileError> {
    let mut rows = KeyRows::default();
    let summary = rows.read(text.as_bytes())?;
    assert_eq!(summary.count, rows.associations.len());
    Ok((rows, summary.warnings.iter().map(ToString::to_string).collect()))
}

fn state(error: KeyFileError) -> (usize, StateError) {
    match error.reason {
        KeyFileReason::State(state) => (error.line, state),
        other => panic!("{other}"),
    }
}

#[test]
fn states_of_esp_are_read() {
    let (rows, warnings) = rows(STATES).unwrap();
    let list: Vec<AssociationKeys> = rows.associations.into_iter().map(|row| row.keys).collect();
    assert!(warnings.is_empty(), "{warnings:?}");
    let shown: Vec<_> = list.iter().map(|keys| format!("{:?}", keys.algorithms)).collect();
    assert_eq!(
        shown,
        [
            "Esp(AES-CBC-128 HMAC-SHA-256-128)",
            "Esp(AES-GCM-16-128)",
            "Ah(HMAC-SHA-1-96)",
            "Esp(NULL HMAC-SHA-256-96)"
        ]
    );
    let Algorithms::Ah(_, _, quirks) = &list[2].algorithms else { panic!("no AH") };
    assert!(quirks.pads_to_64_bits, "no flag align4");
    assert_eq!(list[0].spi.single(), Some(Spi(0xc5b1_ad6d)));
    assert!(list[0].destination.holds("192.0.2.1".parse().ok()), "a NAT may change the address");
    assert!(!list[1].destination.holds("2001:db8::2".parse().ok()));
    assert_eq!((list[1].esn, list[1].sequence_high), (Esn::Yes, 3));
}

#[test]
fn numbers_of_32_bits_have_no_high_half() {
    let text = "src 192.0.2.1 dst 192.0.2.2\n\
                \tproto esp spi 0x00000300 reqid 1 mode tunnel\n\
                \treplay-window 32\n\
                \tauth-trunc hmac(sha1) 0x202122232425262728292a2b2c2d2e2f30313233 96\n\
                \tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f\n\
                \tanti-replay esn context:\n\
                \t seq-hi 0x1, seq 0x2, oseq-hi 0x0, oseq 0x0\n";
    let mut rows = KeyRows::default();
    let _ = rows.read(text.as_bytes()).unwrap();
    let keys = &rows.associations[0].keys;
    assert_eq!((keys.esn, keys.sequence_high), (Esn::No, 0), "{text}");
}

#[test]
fn errors_name_the_line_and_repeat_no_key() {
    // What is malformed is an error, and what is not known is left out.
    let with = |from: &str, to: &str| {
        let mut rows = KeyRows::default();
        let error = match rows.read(STATES.replace(from, to).as_bytes()) {
            Err(error) => {
                assert!(rows.associations.is_empty() && !state(error).1.leaves_out());
                error
            }
            Ok(summary) => {
                let is_left_out = |warning: &&KeyFileWarning| matches!(warning, KeyFileWarning::LeftOut(_));
                let left_out = summary.warnings.iter().filter(is_left_out).count();
                assert_eq!(summary.count + left_out, 4, "the others are used");
                let KeyFileWarning::LeftOut(error) = summary.warnings[0] else { panic!("not left out") };
                assert!(!error.to_string().contains("5ec2e"), "{error}");
                error
            }
        };
        state(error)
    };
    assert_eq!(with("src 2001:db8::2", "from 2001:db8::2"), (8, StateError::Ends));
    assert_eq!(with("dst 2001:db8::1", "dst 5ec2e7"), (8, StateError::Ends));
    assert_eq!(with("spi 0xc5b1ad6d", "spi 5ec2e7"), (2, StateError::Spi));
    assert_eq!(with("\tproto esp spi 0x00000102 reqid 0 mode transport\n", ""), (20, StateError::Spi));
    assert_eq!(with("cbc(aes) 0x00", "cbc(aes) 0x5ec2e700"), (5, StateError::Encryption { octets: 19 }));
    assert_eq!(with("cbc(aes) 0x00", "cbc(5ec2e7) 0x00"), (5, StateError::Encryption { octets: 16 }));
    assert_eq!(with("cbc(aes) 0x00", "cbc(aes) 0x5ec2e"), (5, StateError::Hexadecimal));
    assert_eq!(with("cbc(aes) 0x00", "cbc(aes) <<Keys hidden>> 0x00"), (5, StateError::Hidden));
    assert_eq!(with("hmac(sha256)", "hmac(5ec2e7)"), (4, StateError::Authentication));
    assert_eq!(with("(160 bits) 128", "(160 bits) 112"), (11, StateError::IcvLength { bits: 112 }));
    assert_eq!(with("1e1f 128", "1e1f"), (4, StateError::Incomplete));
    assert!(matches!(with("1e1f 128", "1e1f5ec2e7 128"), (1, StateError::Keys(_))));
    let error = with("1e1f 128", "1e1f5ec2e7 128").1;
    assert!(!format!("{error} {error:?}").contains("5ec2e"), "{error}");
}

const HEAD: &str = "src 192.0.2.1 dst 198.51.100.2\n\tproto esp spi 0x00000500 reqid 1 mode tunnel\n";
const GOOD: &str = "\tauth-trunc hmac(sha1) 0x6868686868686868686868686868686868686868 96\n\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f\n";

/// One SA of an algorithm that is not supported, and compression, once stopped the whole file.
#[test]
fn states_that_are_not_known_are_left_out_and_the_others_are_used() {
    let of = |lines: &str| format!("{HEAD}\treplay-window 0 flag 20\n{lines}");
    let good = of(GOOD);
    for (lines, expected) in [
        (
            "\tenc cbc(camellia) 0x000102030405060708090a0b0c0d0e0f\n",
            "line 4: cbc(camellia): the encryption algorithm is not supported, or takes no key of 16 octets; the SA is left out",
        ),
        (
            "\taead rfc7539esp(morus) 0x0001020304 128\n",
            "line 4: rfc7539esp(morus): the encryption algorithm is not supported, or takes no key of 5 octets; the SA is left out",
        ),
        (
            "\tauth-trunc hmac(rmd160) 0x6868686868686868686868686868686868686868 96\n\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f\n",
            "line 4: hmac(rmd160): the authentication algorithm is not supported; the SA is left out",
        ),
        (
            "\taead rfc4106(gcm(aes)) 0x000102030405060708090a0b0c0d0e0fcafebabe 112\n",
            "line 4: rfc4106(gcm(aes)): the combined mode has an ICV of 112 bits, but it must be 64, 96 or 128 bits; the SA is left out",
        ),
        (
            "\tenc cbc(aes) <<Keys hidden>>\n",
            "line 4: the keys are hidden: run `ip xfrm state` as root and without `nokeys` to see them; the SA is left out",
        ),
        // A larval state, for which the kernel waits for IKE.
        (
            "\tsel src 0.0.0.0/0 dst 0.0.0.0/0\n",
            "line 1: the state lacks an algorithm, its key or the length of its ICV; the SA is left out",
        ),
    ] {
        let (rows, warnings) = rows(&format!("{}{good}", of(lines))).unwrap();
        assert_eq!((rows.associations.len(), warnings.as_slice()), (1, &[expected.to_owned()][..]));
        let error = KeyRows::default().read(of(lines).as_bytes()).unwrap_err();
        assert!(expected.starts_with(&error.to_string()), "alone it is an error: {error}");
    }
    for protocol in ["comp", "4", "route2", "hao"] {
        let other = good.replace("proto esp", &format!("proto {protocol}")).replace(GOOD, "\tcomp deflate\n");
        let (rows, warnings) = rows(&format!("{other}{good}")).unwrap();
        let expected = format!(
            "line 2: {protocol}: the SA is of another protocol than ESP and AH, and only these two have keys; the SA is left out"
        );
        assert_eq!((rows.associations.len(), warnings), (1, vec![expected]));
    }
}

/// Linux truncates to 96 bits when no length is given, and prints the length where there is one.
#[test]
fn pairs_of_mac_and_truncation_outside_the_rfcs_are_verified() {
    for (line, octets, expected) in [
        ("auth hmac(sha256)", 32, "HMAC-SHA-256-96"),
        ("auth-trunc hmac(sha256)", 32, "HMAC-SHA-256-96"),
        ("auth-trunc hmac(sha256)", 32, "HMAC-SHA-256-128"),
        ("auth-trunc hmac(sha256)", 32, "HMAC-SHA-256-256"),
        ("auth-trunc hmac(sha1)", 20, "HMAC-SHA-1-160"),
        ("auth-trunc hmac(md5)", 16, "HMAC-MD5-128"),
        ("auth-trunc hmac(sha384)", 48, "HMAC-SHA-384-384"),
        ("auth-trunc hmac(sha512)", 64, "HMAC-SHA-512-512"),
        ("auth sha512", 64, "HMAC-SHA-512-256"),
    ] {
        let bits = if line.starts_with("auth ") { "" } else { expected.rsplit('-').next().unwrap() };
        let mac = format!("\t{line} 0x{} {bits}\n", "68".repeat(octets));
        let esp = format!("{HEAD}{mac}\tenc cbc(aes) 0x000102030405060708090a0b0c0d0e0f\n");
        let ah = format!("{HEAD}{mac}").replace("proto esp", "proto ah");
        let (rows, warnings) = rows(&format!("{esp}{ah}")).unwrap();
        let shown: Vec<_> =
            rows.associations.iter().map(|row| format!("{:?}", row.keys.algorithms)).collect();
        assert_eq!(shown, [format!("Esp(AES-CBC-128 {expected})"), format!("Ah({expected})")]);
        assert!(warnings.is_empty());
    }
}

/// RFC 7634, as Linux names it: 32 octets of key and 4 of salt.
#[test]
fn chacha20_poly1305_is_read() {
    let key = "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1fcafebabe";
    let (rows, _) = rows(&format!("{HEAD}\taead rfc7539esp(chacha20,poly1305) {key} 128\n")).unwrap();
    assert_eq!(format!("{:?}", rows.associations[0].keys.algorithms), "Esp(ChaCha20-Poly1305)");
    let short = format!("{HEAD}\taead rfc7539esp(chacha20,poly1305) {} 128\n", key.get(..66).unwrap());
    let error = KeyRows::default().read(short.as_bytes()).unwrap_err().to_string();
    assert_eq!(error, "line 1: the key has 28 octets, but ChaCha20 takes a key of 32");
}

#[test]
fn a_truncation_that_is_not_known_is_told() {
    let text = format!("{HEAD}{}", GOOD.replace(" 96\n", " 104\n"));
    let (rows, warnings) = rows(&text).unwrap();
    assert_eq!(
        format!("{:?}", rows.associations[0].keys.algorithms),
        "Unverified(AES-CBC-128, 13 octets of ICV)"
    );
    assert_eq!(
        warnings,
        [
            "line 3: hmac(sha1) is not known with an ICV of 104 bits; the packets of the SA are decrypted and not verified"
        ]
    );
    let ah = text.replace("proto esp", "proto ah");
    assert_eq!(
        KeyRows::default().read(ah.as_bytes()).unwrap_err().to_string(),
        "line 1: hmac(sha1): the authentication algorithm is not known with an ICV of 104 bits"
    );
}

/// An ICV is whole octets. 90 bits were once taken for 88, which is another length than the file states.
#[test]
fn a_truncation_that_is_not_whole_octets_is_left_out() {
    let reason = "line 3: hmac(sha1): the authentication algorithm is not known with an ICV of 90 bits";
    let text = format!("{HEAD}{}", GOOD.replace(" 96\n", " 90\n"));
    for text in [text.replace("proto esp", "proto ah"), text] {
        assert_eq!(KeyRows::default().read(text.as_bytes()).unwrap_err().to_string(), reason);
        let (rows, warnings) = rows(&format!("{text}{HEAD}{GOOD}")).unwrap();
        assert_eq!((rows.associations.len(), warnings), (1, vec![format!("{reason}; the SA is left out")]));
    }
    // Without an algorithm there is no ICV, whatever the number says.
    let none = GOOD.replace("hmac(sha1) 0x6868686868686868686868686868686868686868 96", "digest_null 90");
    let (rows, warnings) = rows(&format!("{HEAD}{none}")).unwrap();
    let shown = format!("{:?}", rows.associations[0].keys.algorithms);
    assert_eq!((shown.as_str(), warnings.len()), ("Unverified(AES-CBC-128, 0 octets of ICV)", 0));
}

/// The list of warnings is bounded, whatever the file holds.
#[test]
fn warnings_are_listed_up_to_a_limit() {
    let bad = format!("{HEAD}\tenc cbc(camellia) 0x00\n");
    let summary = KeyRows::default().read(format!("{}{HEAD}{GOOD}", bad.repeat(100)).as_bytes()).unwrap();
    assert_eq!((summary.count, summary.warnings.len(), summary.unlisted_count), (1, 64, 36));
}
