use super::*;
use md5::{Digest, Md5};

/// The texts that have the octets of the table at the start of their MD5.
const DERIVATIONS: &[(&KnownVendorId, &str)] = &[
    (&RFC_3947, "RFC 3947"),
    (&NAT_T_00, "draft-ietf-ipsec-nat-t-ike-00"),
    (&NAT_T_01, "draft-ietf-ipsec-nat-t-ike-01"),
    (&NAT_T_02, "draft-ietf-ipsec-nat-t-ike-02"),
    (&NAT_T_02_NEWLINE, "draft-ietf-ipsec-nat-t-ike-02\n"),
    (&NAT_T_03, "draft-ietf-ipsec-nat-t-ike-03"),
    (&NAT_T_04, "draft-ietf-ipsec-nat-t-ike-04"),
    (&NAT_T_05, "draft-ietf-ipsec-nat-t-ike-05"),
    (&NAT_T_06, "draft-ietf-ipsec-nat-t-ike-06"),
    (&NAT_T_07, "draft-ietf-ipsec-nat-t-ike-07"),
    (&NAT_T_08, "draft-ietf-ipsec-nat-t-ike-08"),
    (&NAT_T_TESTING_RFC, "Testing NAT-T RFC"),
    (&STENBERG_01, "draft-stenberg-ipsec-nat-traversal-01"),
    (&STENBERG_02, "draft-stenberg-ipsec-nat-traversal-02"),
    (&HUTTUNEN_00, "draft-huttunen-ipsec-esp-in-udp-00.txt"),
    (&ESP_THRU_NAT, "ESPThruNAT"),
    (&XAUTH, "draft-ietf-ipsra-isakmp-xauth-06.txt"),
    (&CISCO_UNITY, "CISCO-UNITY"),
    (&FRAGMENTATION, "FRAGMENTATION"),
    (&VPN_3000_CONCENTRATOR, "ALTIGA GATEWAY"),
    (&VPN_3000_CLIENT, "ALTIGA NETWORKS"),
    (&STRONGSWAN, "strongSwan"),
    (&MS_NT5_ISAKMPOAKLEY, "MS NT5 ISAKMPOAKLEY"),
    (&MS_NEGOTIATION_DISCOVERY, "MS-Negotiation Discovery Capable"),
    (&MS_INITIAL_CONTACT, "Vid-Initial-Contact"),
    (&GSSAPI, "GSSAPI"),
    (&GSS_API_METHOD, "A GSS-API Authentication Method for IKE"),
    (&GSS_API_METHOD_NEWLINE, "A GSS-API Authentication Method for IKE\n"),
    (&KAME_RACOON, "KAME/racoon"),
    (&SSH_SENTINEL, "SSH Sentinel"),
    (&SSH_SENTINEL_1_1, "SSH Sentinel 1.1"),
    (&SSH_SENTINEL_1_2, "SSH Sentinel 1.2"),
    (&SSH_SENTINEL_1_3, "SSH Sentinel 1.3"),
    (&SSH_SENTINEL_1_4, "SSH Sentinel 1.4"),
    (&SSH_SENTINEL_1_4_1, "SSH Sentinel 1.4.1"),
    (&SSH_EXPRESS_1_1_0, "Ssh Communications Security IPSEC Express version 1.1.0"),
    (&SSH_EXPRESS_1_1_1, "Ssh Communications Security IPSEC Express version 1.1.1"),
    (&SSH_EXPRESS_1_1_2, "Ssh Communications Security IPSEC Express version 1.1.2"),
    (&SSH_EXPRESS_1_2_1, "Ssh Communications Security IPSEC Express version 1.2.1"),
    (&SSH_EXPRESS_1_2_2, "Ssh Communications Security IPSEC Express version 1.2.2"),
    (&SSH_EXPRESS_2_0_0, "SSH Communications Security IPSEC Express version 2.0.0"),
    (&SSH_EXPRESS_2_1_0, "SSH Communications Security IPSEC Express version 2.1.0"),
    (&SSH_EXPRESS_2_1_1, "SSH Communications Security IPSEC Express version 2.1.1"),
    (&SSH_EXPRESS_2_1_2, "SSH Communications Security IPSEC Express version 2.1.2"),
    (&SSH_EXPRESS_3_0_0, "SSH Communications Security IPSEC Express version 3.0.0"),
    (&SSH_EXPRESS_3_0_1, "SSH Communications Security IPSEC Express version 3.0.1"),
    (&SSH_EXPRESS_4_0_0, "SSH Communications Security IPSEC Express version 4.0.0"),
    (&SSH_EXPRESS_4_0_1, "SSH Communications Security IPSEC Express version 4.0.1"),
    (&SSH_EXPRESS_4_1_0, "SSH Communications Security IPSEC Express version 4.1.0"),
    (&SSH_EXPRESS_4_2_0, "SSH Communications Security IPSEC Express version 4.2.0"),
];

#[test]
fn vendor_ids_are_the_md5_of_their_texts() {
    assert!(DERIVATIONS.len() > 40);
    for (known, text) in DERIVATIONS {
        let digest = Md5::digest(text.as_bytes());
        assert!(digest.starts_with(known.octets), "{}", known.name);
    }
}

#[test]
fn every_entry_is_found_and_no_entry_hides_another() {
    for known in KNOWN {
        assert_eq!(identify(known.octets), Some(*known));
    }
    assert_eq!(identify(&[]), None);
    assert_eq!(identify(&RFC_3947.octets[..15]), None);
}

#[test]
fn versions_follow_a_prefix_and_nothing_follows_the_rest() {
    assert_eq!(identify(&DPD_1_0), Some(&DPD));
    assert_eq!(DPD.suffix(&DPD_1_0), Some(&[1, 0][..]));
    assert_eq!(identify(&CISCO_UNITY_1_0), Some(&CISCO_UNITY));
    let mut fragmentation = [0x80; 20];
    for (place, octet) in fragmentation.iter_mut().zip(FRAGMENTATION.octets) {
        *place = *octet;
    }
    assert_eq!(identify(&fragmentation), Some(&FRAGMENTATION));
    let mut longer = [0; 17];
    for (place, octet) in longer.iter_mut().zip(RFC_3947.octets) {
        *place = *octet;
    }
    assert_eq!(identify(&longer), None);
}

/// The own cookie and the vendor id of `ISAKMP_sa_setup.pcap` frames 3 and 4, of zeek's main mode capture frames 3 and
/// 4, and of its aggressive mode capture frames 1 and 2.
const IOS_SAMPLES: [(u64, u128); 6] = [
    (0xcf02_326f_14a9_5b93, 0x3ac5_9572_14a8_5b93_db6a_5098_69fd_b330),
    (0x18a1_09f8_9219_e8df, 0xed66_aee5_9218_e8df_be01_a135_a2ad_8994),
    (0xe47a_591f_d057_587f, 0x11bd_fe02_d056_587f_2c18_1259_72c3_2401),
    (0xa00b_8ef0_902b_b8ec, 0x55cc_29ed_902a_b8ec_53b1_df86_7c61_0929),
    (0xe47a_591f_78c9_9d7f, 0x11bd_fe02_78c8_9d7f_b2ad_d831_d38c_c76d),
    (0xa00b_8ef0_ea9f_f883, 0x55cc_29ed_ea9e_f883_ec3b_fd05_ce83_5cc7),
];

#[test]
fn ios_is_known_by_its_cookie_in_six_samples_of_six() {
    for (cookie, vendor_id) in IOS_SAMPLES {
        let (cookie, vendor_id) = (cookie.to_be_bytes(), vendor_id.to_be_bytes());
        assert!(is_cisco_ios(&vendor_id, cookie));
        assert!(!is_cisco_ios(&vendor_id[..15], cookie));
        let mut other = cookie;
        other[7] ^= 1;
        assert!(!is_cisco_ios(&vendor_id, other));
    }
}

#[test]
fn ios_takes_octet_14_for_a_major_version() {
    assert_eq!(ios_major(NAT_T_03.octets), Some(157));
    assert_eq!(ios_major(NAT_T_02_NEWLINE.octets), Some(123));
    assert_eq!(ios_major(RFC_3947.octets), Some(69));
    assert_eq!(ios_major(NAT_T_07.octets), Some(245));
    assert_eq!(ios_major(NAT_T_02.octets), Some(164));
    assert_eq!(ios_major(XAUTH.octets), None);
}

#[test]
fn generations_of_nat_traversal() {
    assert_eq!(nat_traversal(RFC_3947.octets), Some(NatTraversal::Rfc3947));
    assert_eq!(nat_traversal(NAT_T_08.octets), Some(NatTraversal::Drafts04To08));
    assert_eq!(nat_traversal(NAT_T_00.octets), Some(NatTraversal::Drafts00To03));
    assert_eq!(nat_traversal(DPD.octets), None);
}
