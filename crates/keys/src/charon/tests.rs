use crate::{KeyFileWarning, KeyRows};

/// A dump as charon logs it, from octets that count up.
fn dump(thread: &str, label: &str, first: u8, len: usize) -> String {
    let octets: Vec<u8> = (first..=255).take(len).collect();
    let mut text = format!("{thread} {label} => {len} bytes @ 0x7f5c3c002a40\n");
    let (lines, rest) = octets.as_chunks::<16>();
    let lines = lines.iter().map(<[u8; 16]>::as_slice).chain((!rest.is_empty()).then_some(rest));
    for (at, line) in lines.enumerate() {
        let pairs: Vec<_> = line.iter().map(|octet| format!("{octet:02X}")).collect();
        let shown: String = line
            .iter()
            .map(|octet| if octet.is_ascii_graphic() { char::from(*octet) } else { '.' })
            .collect();
        text += &format!("{thread} {:4}: {:47}  {shown}\n", at * 16, pairs.join(" "));
    }
    text
}

/// The log of a pair of SAs, with the level, the names and the order that charon has.
fn child(
    thread: &str,
    encryption: (&str, usize),
    integrity: Option<(&str, usize)>,
    protocol: &str,
) -> String {
    let mut text = String::new();
    if encryption.1 > 0 {
        text += &dump(thread, "encryption initiator key", 0x10, encryption.1);
        text += &dump(thread, "encryption responder key", 0x50, encryption.1);
    }
    if let Some((_, len)) = integrity {
        text += &dump(thread, "integrity initiator key", 0x20, len);
        text += &dump(thread, "integrity responder key", 0x60, len);
    }
    if protocol == "ESP" {
        text += &format!("{thread}   using {} for encryption\n", encryption.0);
    }
    if let Some((name, _)) = integrity {
        text += &format!("{thread}   using {name} for integrity\n");
    }
    text + &format!(
        "{thread} adding inbound {protocol} SA\n{thread}   SPI 0xcc3f46b8, src 192.0.2.1 dst 198.51.100.2\n\
         {thread} adding outbound {protocol} SA\n{thread}   SPI 0x59f34fe2, src 198.51.100.2 dst 192.0.2.1\n"
    )
}

fn read(text: &str) -> (KeyRows, Vec<String>) {
    let mut rows = KeyRows::default();
    let summary = rows.read(text.as_bytes()).unwrap();
    let associations = rows.associations.iter().filter(|row| !row.is_alternative).count();
    assert_eq!(summary.count, associations + rows.isakmp.len());
    (rows, summary.warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn keys_of_children_are_read_with_their_spis_and_addresses() {
    for thread in [
        "12[CHD]",
        "Apr 22 12:30:33 gate charon: 01[CHD] <net|2>",
        "gate charon-systemd[812]: 7[CHD]",
        "2024-04-22T12:30:33 07[CHD]",
    ] {
        let text = format!(
            "{thread} nothing of interest\n{}",
            child(thread, ("AES_CBC", 16), Some(("HMAC_SHA2_256_128", 32)), "ESP")
        );
        let (rows, warnings) = read(&text);
        assert!(warnings.is_empty(), "{warnings:?}");
        let shown: Vec<_> = rows.associations.iter().map(ToString::to_string).collect();
        let inbound = "ESP 0xcc3f46b8 192.0.2.1 → 198.51.100.2 AES-CBC-128 HMAC-SHA-256-128";
        let outbound = "ESP 0x59f34fe2 198.51.100.2 → 192.0.2.1 AES-CBC-128 HMAC-SHA-256-128";
        assert_eq!(shown, [inbound, inbound, outbound, outbound]);
        // The sender of what comes in is taken for the responder, and the other side for an alternative.
        let first: Vec<_> = rows
            .associations
            .iter()
            .map(|row| (row.encryption_key[0], row.authentication_key[0], row.is_alternative))
            .collect();
        assert_eq!(first, [(0x50, 0x60, false), (0x10, 0x20, true), (0x10, 0x20, false), (0x50, 0x60, true)]);
        assert_eq!(rows.associations[0].encryption_key.as_slice(), (0x50..0x60).collect::<Vec<u8>>());
        crate::properties::key_files_come_back(text.as_bytes());
    }
}

#[test]
fn every_kind_of_child_is_read() {
    for (encryption, integrity, protocol, expected) in [
        (("AES_GCM_16", 20), None, "ESP", "AES-GCM-16-128"),
        (("CHACHA20_POLY1305", 36), None, "ESP", "ChaCha20-Poly1305"),
        (("NULL", 0), Some(("HMAC_SHA1_96", 20)), "ESP", "NULL HMAC-SHA-1-96"),
        (("AES_CBC", 32), Some(("HMAC_SHA2_256_96", 32)), "ESP", "AES-CBC-256 HMAC-SHA-256-96"),
        (("", 0), Some(("HMAC_MD5_96", 16)), "AH", "HMAC-MD5-96"),
    ] {
        let (rows, _) = read(&child("12[CHD]", encryption, integrity, protocol));
        assert_eq!(rows.associations.len(), 4, "{expected}");
        assert!(rows.associations[0].to_string().starts_with(protocol));
        assert!(rows.associations.iter().all(|row| row.to_string().ends_with(expected)), "{expected}");
    }
}

#[test]
fn keys_of_ikev1_are_read_with_their_cookies() {
    let mut text = "05[MGR] checkout IKEv1 SA with SPIs 620270aca82ca7ad_i 1122334455667788_r\n".to_owned();
    for (label, first, len) in [
        ("shared Diffie Hellman secret", 1, 128),
        ("SKEYID", 2, 20),
        ("SKEYID_d", 3, 20),
        ("SKEYID_a", 4, 20),
        ("SKEYID_e", 5, 20),
        ("encryption key Ka", 6, 16),
        ("initial IV", 7, 16),
    ] {
        text += &dump("05[IKE]", label, first, len);
    }
    let (rows, _) = read(&text);
    let [keys] = rows.isakmp.as_slice() else { panic!("{rows:?}") };
    assert_eq!(keys.initiator_cookie, Some(0x6202_70ac_a82c_a7ad_u64.to_be_bytes()));
    assert_eq!(keys.responder_cookie, Some(0x1122_3344_5566_7788_u64.to_be_bytes()));
    assert_eq!(
        keys.to_string(),
        "ISAKMP 620270aca82ca7ad:1122334455667788 known: SKEYID, SKEYID_d, SKEYID_a, SKEYID_e, encryption key"
    );
    assert_eq!(keys.skeyid_d.as_ref().unwrap()[0], 3);
    // Without the cookies, the keys are tried on every SA.
    let (rows, _) = read(text.split_once('\n').unwrap().1);
    assert_eq!(rows.isakmp[0].initiator_cookie, None);
}

/// Threads write between each other's lines.
#[test]
fn threads_are_followed_by_themselves() {
    let one = child("1[CHD]", ("AES_CBC", 16), Some(("HMAC_SHA1_96", 20)), "ESP");
    let other = child("22[CHD]", ("3DES_CBC", 24), Some(("HMAC_MD5_96", 16)), "ESP")
        .replace("0xcc3f46b8", "0x00000101");
    let mut mixed = String::new();
    let (mut ones, mut others) = (one.lines(), other.lines());
    loop {
        let (a, b) = (ones.next(), others.next());
        if a.is_none() && b.is_none() {
            break;
        }
        a.into_iter().chain(b).for_each(|line| mixed += &format!("{line}\n"));
    }
    let (rows, _) = read(&mixed);
    let of =
        |spi: &str| rows.associations.iter().find(|row| row.keys.spi.to_string() == spi).unwrap().to_string();
    assert!(
        of("0xcc3f46b8").ends_with("AES-CBC-128 HMAC-SHA-1-96")
            && of("0x00000101").ends_with("3DES-CBC HMAC-MD5-96")
    );
}

#[test]
fn what_is_not_known_or_cut_is_left_out() {
    let good = child("1[CHD]", ("AES_CBC", 16), Some(("HMAC_SHA1_96", 20)), "ESP");
    let bad = child("2[CHD]", ("CAMELLIA_CBC", 16), Some(("HMAC_SHA1_96", 20)), "ESP");
    let ikev2 = dump("3[IKE]", "Sk_ei secret", 1, 16);
    let (rows, warnings) = read(&format!("{bad}{ikev2}{good}"));
    assert_eq!((rows.associations.len(), warnings.len()), (4, 3));
    assert!(
        warnings[0].contains("CAMELLIA_CBC: the encryption algorithm is not supported"),
        "{}",
        warnings[0]
    );
    assert!(warnings[2].contains("keys of IKEv2"), "{}", warnings[2]);
    // The log begins in the middle of a dump, or ends in it.
    for skipped in 0..good.lines().count() {
        let lines: Vec<&str> = good.lines().collect();
        for text in [lines[skipped..].join("\n"), lines[..skipped].join("\n")] {
            let mut rows = KeyRows::default();
            if let Ok(summary) = rows.read(text.as_bytes()) {
                assert!(rows.associations.iter().all(|row| row.encryption_key.len() == 16));
                assert!(summary.warnings.iter().all(|warning| matches!(warning, KeyFileWarning::LeftOut(_))));
            }
        }
    }
}
