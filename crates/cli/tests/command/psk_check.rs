//! The command `vpnwire psk-check`.

use std::path::{Path, PathBuf};

use ikev1::{AggressiveMode, Authentication, Cookies, HashAlgorithm, Nonces, Secret};
use needs::needs;

use crate::arguments;
use crate::captures::{file, pcap};
use crate::run::{run, run_on};

const COOKIES: Cookies = Cookies { initiator: [0x1a; 8], responder: [0x92; 8] };

/// An SA of phase 1 whose one transform is AES-CBC-128, SHA-1, pre-shared key, group 2: RFC 2409 appendix A.
const SA: [u8; 48] = [
    0, 0, 0, 1, 0, 0, 0, 1, // DOI and situation
    0, 0, 0, 40, 1, 1, 0, 1, // proposal 1, ISAKMP, one transform
    0, 0, 0, 32, 1, 1, 0, 0, // transform 1, KEY_IKE
    0x80, 1, 0, 7, 0x80, 14, 0, 128, 0x80, 2, 0, 2, 0x80, 3, 0, 1, 0x80, 4, 0, 2, 0x80, 11, 0, 1,
];

/// A message of aggressive mode: header and payloads, RFC 2408 section 3.
fn message(responder_cookie: [u8; 8], payloads: &[(u8, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (index, (_, value)) in payloads.iter().enumerate() {
        body.extend([payloads.get(index + 1).map_or(0, |next| next.0), 0]);
        body.extend(u16::try_from(value.len() + 4).unwrap().to_be_bytes());
        body.extend(*value);
    }
    let mut octets = [COOKIES.initiator, responder_cookie].concat();
    octets.extend([payloads[0].0, 0x10, 4, 0, 0, 0, 0, 0]);
    octets.extend(u32::try_from(body.len() + 28).unwrap().to_be_bytes());
    octets.extend(body);
    octets
}

/// Puts a message into Ethernet, IPv4 and UDP from and to port 500.
fn frame(from_initiator: bool, message: &[u8]) -> Vec<u8> {
    let word = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    let mut octets = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
    octets.extend(word(message.len() + 28));
    octets.extend([0, 0, 0, 0, 64, 17, 0, 0]);
    let ends = [[10, 0, 0, 1], [10, 0, 0, 2]];
    octets.extend(if from_initiator { ends } else { [ends[1], ends[0]] }.as_flattened());
    octets.extend([1, 0xf4, 1, 0xf4]);
    octets.extend(word(message.len() + 8));
    octets.extend([0, 0]);
    octets.extend(message);
    octets
}

/// The first two messages of an aggressive mode under this pre-shared key.
pub(crate) fn capture(name: &str, pre_shared_key: &[u8]) -> PathBuf {
    let (g_xi, g_xr) = ([0x11; 128], [0x22; 128]);
    let (nonces, id) = (Nonces { initiator: &[3; 16], responder: &[4; 16] }, [1, 17, 1, 0xf4, 10, 0, 0, 2]);
    let exchange = AggressiveMode {
        hash_algorithm: HashAlgorithm::Sha1,
        nonces,
        authentication: Authentication { g_xi: &g_xi, g_xr: &g_xr, cookies: COOKIES, sa_i: &SA },
        id_ir: &id,
        hash_r: &[],
    };
    let hash_r = exchange.hash_r_of(Secret::new(pre_shared_key)).unwrap();
    let first = [(1, &SA[..]), (4, &g_xi), (10, nonces.initiator), (5, &id)];
    let second = [(1, &SA[..]), (4, &g_xr), (10, nonces.responder), (5, &id), (8, hash_r.expose())];
    let frames = [frame(true, &message([0; 8], &first)), frame(false, &message(COOKIES.responder, &second))];
    file(name, &pcap(&frames.each_ref().map(Vec::as_slice)))
}

#[test]
fn the_word_is_found_wherever_it_stands_in_the_list() {
    let capture = capture("psk-check-found.pcap", b"letmein");
    // The list is longer than any buffer, and the last line may have no line break.
    let noise = "another word\n".repeat(20_000);
    for list in [format!("letmein\n{noise}"), format!("{noise}\r\nletmein"), format!("{noise}letmein\r\n")] {
        let output = run_on(&arguments!["psk-check", "--word-list", "-", &capture], list.as_bytes()).well();
        assert_eq!(output, "1a1a1a1a1a1a1a1a letmein\n");
    }
    let run = run_on(&arguments!["psk-check", "--word-list", "-", &capture], noise.as_bytes());
    assert_eq!((run.status, run.output.as_str()), (1, "1a1a1a1a1a1a1a1a not in the list\n"));
}

/// A word may hold any octet. Control characters are escaped, and `--psk` takes the hexadecimal form.
#[test]
fn a_word_gives_a_terminal_no_commands() {
    for (word, shown) in [
        (&b"a\x1b[2J\x07"[..], "a\\u{1b}[2J\\u{7} (0x611b5b324a07)"),
        ("b\u{9b}\u{202e}".as_bytes(), "b\\u{9b}\\u{202e} (0x62c29be280ae)"),
        (b"c\xff", "c\\xff (0x63ff)"),
        ("Schlüssel mit \\".as_bytes(), "Schlüssel mit \\"),
    ] {
        let capture = capture("psk-check-terminal.pcap", word);
        let output = run_on(&arguments!["psk-check", "--word-list", "-", &capture], word).well();
        assert_eq!(output, format!("1a1a1a1a1a1a1a1a {shown}\n"));
    }
}

/// The capture is of a real Cisco router. The index of the captures has its key.
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
