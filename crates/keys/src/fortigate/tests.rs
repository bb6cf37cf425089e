use crate::KeyRows;

/// The command's output for a tunnel with two SAs, and for one without.
const TUNNELS: &str = "\
list all ipsec tunnel in vd 0
------------------------------------------------------
name=TO_HQ ver=1 serial=1 192.0.2.1:0->198.51.100.2:0 tun_id=198.51.100.2 dst_mtu=1500
bound_if=5 lgwy=static/1 tun=intf/0 mode=auto/1 encap=none/520 options[0208]=npu
proxyid_num=1 child_num=0 refcnt=11 ilast=0 olast=0 ad=/0
stat: rxp=11 txp=20 rxb=1762 txb=920
dpd: mode=off on=0 idle=5000ms retry=3 count=0 seqno=0
natt: mode=none draft=0 interval=0 remote_port=0
proxyid=P2 proto=0 sa=1 ref=2 serial=1
  src: 0:10.0.0.0/255.255.255.0:0
  dst: 0:10.1.0.0/255.255.255.0:0
  SA:  ref=3 options=10226 type=00 soft=0 mtu=1438 expire=42897/0B replaywin=2048
       seqno=21 esn=0 replaywin_lastseq=00000021 itn=0 qat=0 hash_search_len=1
  life: type=01 bytes=0/0 timeout=42897/43200
  dec: spi=9c8f2c10 esp=aes key=16 000102030405060708090a0b0c0d0e0f
       ah=sha1 key=20 6868686868686868686868686868686868686868
  enc: spi=de81092c esp=aes key=16 101112131415161718191a1b1c1d1e1f
       ah=sha1 key=20 7868686868686868686868686868686868686868
  dec:pkts/bytes=33/5016, enc:pkts/bytes=20/2028
  npu_flag=00 npu_rgwy=198.51.100.2 npu_lgwy=192.0.2.1 npu_selid=0
name=OTHER ver=1 serial=2 192.0.2.1:4500->203.0.113.9:4500
natt: mode=silent draft=32 interval=10 remote_port=4500
  SA:  ref=3
  dec: spi=00000101 esp=aes-gcm key=20 000102030405060708090a0b0c0d0e0fcafebabe
       ah=null key=0
";

fn read(text: &str) -> (KeyRows, Vec<String>) {
    let mut rows = KeyRows::default();
    let summary = rows.read(text.as_bytes()).unwrap();
    (rows, summary.warnings.iter().map(ToString::to_string).collect())
}

#[test]
fn tunnels_are_read_with_their_addresses() {
    let (rows, warnings) = read(TUNNELS);
    assert!(warnings.is_empty(), "{warnings:?}");
    let shown: Vec<_> = rows.associations.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "ESP 0x9c8f2c10 198.51.100.2 → 192.0.2.1 AES-CBC-128 HMAC-SHA-1-96",
            "ESP 0xde81092c 192.0.2.1 → 198.51.100.2 AES-CBC-128 HMAC-SHA-1-96",
            "ESP 0x00000101 203.0.113.9 → 192.0.2.1 AES-GCM-16-128",
        ]
    );
    let [inbound, outbound, natted] = rows.associations.as_slice() else { panic!("three") };
    assert_eq!(inbound.encryption_key.as_slice(), (0..16).collect::<Vec<u8>>());
    assert_eq!((outbound.encryption_key[0], outbound.authentication_key[0]), (0x10, 0x78));
    assert!(!inbound.is_encapsulated && natted.is_encapsulated);
    crate::properties::key_files_come_back(TUNNELS.as_bytes());
}

/// Two lines out of the middle were once taken for tcpdump's secrets.
#[test]
fn lines_of_one_sa_are_enough() {
    let lines: Vec<&str> = TUNNELS.lines().skip(14).take(2).collect();
    let (rows, _) = read(&lines.join("\n"));
    assert_eq!(rows.associations[0].to_string(), "ESP 0x9c8f2c10 * → * AES-CBC-128 HMAC-SHA-1-96");
    // A narrow terminal divides the key.
    let (rows, _) = read(&lines.join("\n").replace("08090a0b", "\n08090a0b"));
    assert_eq!(rows.associations[0].encryption_key.len(), 16);
}

#[test]
fn every_algorithm_is_read_and_others_are_left_out() {
    let of = |esp: (&str, usize), ah: (&str, usize)| {
        let (key, mac_key) = ("5ec2e701".repeat(esp.1 / 4), "77".repeat(ah.1));
        format!("dec: spi=101 esp={} key={} {key}\n ah={} key={} {mac_key}\n", esp.0, esp.1, ah.0, ah.1)
    };
    for (esp, ah, expected) in [
        (("aes", 32), ("sha256", 32), "AES-CBC-256 HMAC-SHA-256-128"),
        (("aes", 24), ("sha384", 48), "AES-CBC-192 HMAC-SHA-384-192"),
        (("aes", 16), ("sha512", 64), "AES-CBC-128 HMAC-SHA-512-256"),
        (("null", 0), ("md5", 16), "NULL HMAC-MD5-96"),
        (("chacha20poly1305", 36), ("null", 0), "ChaCha20-Poly1305"),
    ] {
        let (rows, _) = read(&of(esp, ah));
        assert!(rows.associations[0].to_string().ends_with(expected), "{expected}");
    }
    let good = of(("aes", 16), ("sha1", 20));
    for (bad, expected) in [
        (of(("aria", 16), ("sha1", 20)), "line 1: aria: the encryption algorithm is not supported"),
        (
            of(("aes", 20), ("sha1", 20)),
            "line 1: aes: the encryption algorithm is not supported, or takes no key of 20",
        ),
        (
            of(("aes", 16), ("whirl", 20)),
            "line 1: whirl: the authentication algorithm is missing or not supported",
        ),
        (
            of(("aes", 16), ("sha1", 20)).replace("5ec2e701\n", "\n"),
            "line 1: a key is not pairs of hexadecimal digits",
        ),
    ] {
        let (rows, warnings) = read(&format!("{bad}{good}"));
        assert_eq!(rows.associations.len(), 1);
        assert!(warnings[0].starts_with(expected), "{warnings:?}");
        assert!(!warnings[0].contains("5ec2e7"));
    }
}

#[test]
fn the_log_of_ike_gives_phase_1_and_phase_2() {
    let text = "\
ike 0:p1:14: initiator: main mode is sending 1st message...
ike 0:p1:14: ISAKMP SA 12f2cbed073d6dba/21c98f93c506f466 key 16:000102030405060708090A0B0C0D0E0F
ike 0:p1:14:p2:20:   trans_id = ESP_AES_CBC (key_len = 128)
ike 0:p1:14:p2:20: IPsec SA dec spi 6f6a6ff8 key 16:000102030405060708090A0B0C0D0E0F auth 20:6868686868686868686868686868686868686868
ike 0:p1:14:p2:20: IPsec SA enc spi b4f5f2d2 key 24:000102030405060708090A0B0C0D0E0F1011121314151617 auth 16:68686868686868686868686868686868
ike 0:p1:14:p2:20: IPsec SA enc spi 101 key 20:000102030405060708090A0B0C0D0E0FCAFEBABE auth 0:
ike 0:p1:15: IKE SA 12f2cbed073d6dba/21c98f93c506f466 SK_ei 16:000102030405060708090A0B0C0D0E0F
";
    let (rows, warnings) = read(text);
    assert_eq!(rows.isakmp[0].to_string(), "ISAKMP 12f2cbed073d6dba:21c98f93c506f466 known: encryption key");
    let shown: Vec<_> = rows.associations.iter().map(|row| (row.to_string(), row.is_alternative)).collect();
    let expected = [
        ("ESP 0x6f6a6ff8 * → * AES-CBC-128 HMAC-SHA-1-96", false),
        ("ESP 0xb4f5f2d2 * → * AES-CBC-192 HMAC-MD5-96", false),
        ("ESP 0xb4f5f2d2 * → * 3DES-CBC HMAC-MD5-96", true),
        ("ESP 0x00000101 * → * AES-GCM-16-128", false),
    ];
    assert_eq!(shown, expected.map(|(text, is_alternative)| (text.to_owned(), is_alternative)));
    assert!(warnings[0].starts_with("line 7: keys of IKEv2"), "{warnings:?}");
    let (rows, _) = read(&text.replace("ESP_AES_CBC (key_len = 128)", "ESP_3DES"));
    assert!(rows.associations[1].to_string().contains("3DES-CBC"));
}
