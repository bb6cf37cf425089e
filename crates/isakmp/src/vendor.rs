//! The known vendor ids (RFC 2408 section 3.16), and how Cisco IOS treats vendor ids.
//!
//! A [`KnownVendorId`] is for recognizing. One with [`Matching::Whole`] can be sent too: its `octets` are the whole
//! vendor id. One with [`Matching::Prefix`] cannot, because a version or capabilities must follow its `octets`. For the
//! two of these that most senders need, the whole vendor ids are [`DPD_1_0`] and [`CISCO_UNITY_1_0`].

use crate::context::NatTraversal;

/// The rule by which a vendor id is recognized. The enum is exhaustive on purpose: all octets count, or only the first
/// ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Matching {
    /// All octets must be the same.
    Whole,
    /// The first octets must be the same. A version or capabilities follow them.
    Prefix,
}

/// A known vendor id: one of [`KNOWN`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct KnownVendorId {
    /// The short name of the extension or the vendor.
    pub name: &'static str,
    /// The octets, without a version that may follow. Only those of [`Matching::Whole`] are a vendor id to send.
    pub octets: &'static [u8],
    /// The rule by which it is recognized.
    pub matching: Matching,
}

impl KnownVendorId {
    /// Returns whether `vendor_id` is this vendor id.
    #[must_use]
    pub fn matches(&self, vendor_id: &[u8]) -> bool {
        match self.matching {
            Matching::Whole => vendor_id == self.octets,
            Matching::Prefix => vendor_id.starts_with(self.octets),
        }
    }

    /// Returns the octets after the known octets: a version or capabilities. `None` when `vendor_id` does not begin
    /// with the known octets.
    #[must_use]
    pub fn suffix<'a>(&self, vendor_id: &'a [u8]) -> Option<&'a [u8]> {
        vendor_id.strip_prefix(self.octets)
    }
}

macro_rules! vendor_ids {
    ($( $(#[$meta:meta])* $constant:ident = $matching:ident $name:literal $octets:literal, )*) => {
        $( $(#[$meta])* pub static $constant: KnownVendorId =
            KnownVendorId { name: $name, octets: $octets, matching: Matching::$matching }; )*

        /// All known vendor ids.
        pub static KNOWN: &[&KnownVendorId] = &[$(&$constant),*];
    };
}

vendor_ids! {
    /// NAT traversal (RFC 3947). The octets are the MD5 of `RFC 3947`.
    RFC_3947 = Whole "NAT-T RFC 3947" b"\x4a\x13\x1c\x81\x07\x03\x58\x45\x5c\x57\x28\xf2\x0e\x95\x45\x2f",
    /// draft-ietf-ipsec-nat-t-ike-00.
    NAT_T_00 = Whole "NAT-T draft 00" b"\x44\x85\x15\x2d\x18\xb6\xbb\xcd\x0b\xe8\xa8\x46\x95\x79\xdd\xcc",
    /// draft-ietf-ipsec-nat-t-ike-01.
    NAT_T_01 = Whole "NAT-T draft 01" b"\x16\xf6\xca\x16\xe4\xa4\x06\x6d\x83\x82\x1a\x0f\x0a\xea\xa8\x62",
    /// draft-ietf-ipsec-nat-t-ike-02.
    NAT_T_02 = Whole "NAT-T draft 02" b"\xcd\x60\x46\x43\x35\xdf\x21\xf8\x7c\xfd\xb2\xfc\x68\xb6\xa4\x48",
    /// draft-ietf-ipsec-nat-t-ike-02, hashed with a newline. Most senders use this one.
    NAT_T_02_NEWLINE = Whole "NAT-T draft 02\\n" b"\x90\xcb\x80\x91\x3e\xbb\x69\x6e\x08\x63\x81\xb5\xec\x42\x7b\x1f",
    /// draft-ietf-ipsec-nat-t-ike-03.
    NAT_T_03 = Whole "NAT-T draft 03" b"\x7d\x94\x19\xa6\x53\x10\xca\x6f\x2c\x17\x9d\x92\x15\x52\x9d\x56",
    /// draft-ietf-ipsec-nat-t-ike-04.
    NAT_T_04 = Whole "NAT-T draft 04" b"\x99\x09\xb6\x4e\xed\x93\x7c\x65\x73\xde\x52\xac\xe9\x52\xfa\x6b",
    /// draft-ietf-ipsec-nat-t-ike-05.
    NAT_T_05 = Whole "NAT-T draft 05" b"\x80\xd0\xbb\x3d\xef\x54\x56\x5e\xe8\x46\x45\xd4\xc8\x5c\xe3\xee",
    /// draft-ietf-ipsec-nat-t-ike-06.
    NAT_T_06 = Whole "NAT-T draft 06" b"\x4d\x1e\x0e\x13\x6d\xea\xfa\x34\xc4\xf3\xea\x9f\x02\xec\x72\x85",
    /// draft-ietf-ipsec-nat-t-ike-07.
    NAT_T_07 = Whole "NAT-T draft 07" b"\x43\x9b\x59\xf8\xba\x67\x6c\x4c\x77\x37\xae\x22\xea\xb8\xf5\x82",
    /// draft-ietf-ipsec-nat-t-ike-08.
    NAT_T_08 = Whole "NAT-T draft 08" b"\x8f\x8d\x83\x82\x6d\x24\x6b\x6f\xc7\xa8\xa6\xa4\x28\xc1\x1d\xe8",
    /// MD5 of `Testing NAT-T RFC`.
    NAT_T_TESTING_RFC = Whole "NAT-T testing RFC" b"\xc4\x0f\xee\x00\xd5\xd3\x9d\xdb\x1f\xc7\x62\xe0\x9b\x7c\xfe\xa7",
    /// draft-stenberg-ipsec-nat-traversal-01.
    STENBERG_01 = Whole "NAT-T stenberg draft 01" b"\x27\xba\xb5\xdc\x01\xea\x07\x60\xea\x4e\x31\x90\xac\x27\xc0\xd0",
    /// draft-stenberg-ipsec-nat-traversal-02.
    STENBERG_02 = Whole "NAT-T stenberg draft 02" b"\x61\x05\xc4\x22\xe7\x68\x47\xe4\x3f\x96\x84\x80\x12\x92\xae\xcd",
    /// draft-huttunen-ipsec-esp-in-udp-00.txt.
    HUTTUNEN_00 = Whole "ESP in UDP huttunen draft 00" b"\x6a\x74\x34\xc1\x9d\x7e\x36\x34\x80\x90\xa0\x23\x34\xc9\xc8\x05",
    /// MD5 of `ESPThruNAT`.
    ESP_THRU_NAT = Whole "ESPThruNAT" b"\x50\x76\x0f\x62\x4c\x63\xe5\xc5\x3e\xea\x38\x6c\x68\x5c\xa0\x83",
    /// Dead peer detection (RFC 3706 section 5.1). These are the first 14 octets of it, to recognize it by. The major
    /// and the minor version follow, 1 and 0: to send it, use [`DPD_1_0`].
    DPD = Prefix "DPD" b"\xaf\xca\xd7\x13\x68\xa1\xf1\xc9\x6b\x86\x96\xfc\x77\x57",
    /// Extended authentication. The octets are the first 8 of the MD5 of `draft-ietf-ipsra-isakmp-xauth-06.txt`.
    XAUTH = Whole "XAUTH" b"\x09\x00\x26\x89\xdf\xd6\xb7\x12",
    /// Cisco Unity, for remote access. The octets are the first 14 of the MD5 of `CISCO-UNITY`. The major and the minor
    /// version follow, 1 and 0: to send it, use [`CISCO_UNITY_1_0`].
    CISCO_UNITY = Prefix "Unity" b"\x12\xf5\xf2\x8c\x45\x71\x68\xa9\x70\x2d\x9f\xe2\x74\xcc",
    /// IKE fragmentation. The octets are the MD5 of `FRAGMENTATION`; some senders add four octets of capabilities.
    FRAGMENTATION = Prefix "Fragmentation" b"\x40\x48\xb7\xd5\x6e\xbc\xe8\x85\x25\xe7\xde\x7f\x00\xd6\xc2\xd3",
    /// Cisco VPN 3000. The octets are the first 14 of the MD5 of `ALTIGA GATEWAY`, then a version.
    VPN_3000_CONCENTRATOR = Prefix "VPN 3000 concentrator" b"\x1f\x07\xf7\x0e\xaa\x65\x14\xd3\xb0\xfa\x96\x54\x2a\x50",
    /// Cisco VPN 3000 client. The octets are the MD5 of `ALTIGA NETWORKS`.
    VPN_3000_CLIENT = Whole "VPN 3000 client" b"\xf6\xf7\xef\xc7\xf5\xae\xb8\xcb\x15\x8c\xb9\xd0\x94\xba\x69\xe7",
    /// Heartbeat, as a number.
    HEARTBEAT = Prefix "Heartbeat" b"\x8d\xb7\xa4\x18\x11\x22\x16\x60",
    /// Heartbeat, as the text `HeartBeat_Notify`. More octets may follow.
    HEARTBEAT_NOTIFY = Prefix "Heartbeat notify" b"\x48\x65\x61\x72\x74\x42\x65\x61\x74\x5f\x4e\x6f\x74\x69\x66\x79",
    /// strongSwan. The octets are the MD5 of `strongSwan`.
    STRONGSWAN = Whole "strongSwan" b"\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc\x22\x51\x61\x3b\x2e\xbe\x5b\xeb",
    /// Windows. The octets are the MD5 of `MS NT5 ISAKMPOAKLEY`, then four octets of version.
    MS_NT5_ISAKMPOAKLEY = Prefix "Microsoft ISAKMP/Oakley" b"\x1e\x2b\x51\x69\x05\x99\x1c\x7d\x7c\x96\xfc\xbf\xb5\x87\xe4\x61",
    /// MD5 of `MS-Negotiation Discovery Capable`.
    MS_NEGOTIATION_DISCOVERY = Whole "Microsoft negotiation discovery" b"\xfb\x1d\xe3\xcd\xf3\x41\xb7\xea\x16\xb7\xe5\xbe\x08\x55\xf1\x20",
    /// MD5 of `Vid-Initial-Contact`.
    MS_INITIAL_CONTACT = Whole "Microsoft initial contact" b"\x26\x24\x4d\x38\xed\xdb\x61\xb3\x17\x2a\x36\xe3\xd0\xcf\xb8\x19",
    /// GSSAPI authentication.
    GSSAPI = Whole "GSSAPI" b"\x62\x1b\x04\xbb\x09\x88\x2a\xc1\xe1\x59\x35\xfe\xfa\x24\xae\xee",
    /// MD5 of `A GSS-API Authentication Method for IKE`.
    GSS_API_METHOD = Whole "GSS-API method" b"\xad\x2c\x0d\xd0\xb9\xc3\x20\x83\xcc\xba\x25\xb8\x86\x1e\xc4\x55",
    /// The MD5 of the same text with a newline.
    GSS_API_METHOD_NEWLINE = Whole "GSS-API method\\n" b"\xb4\x6d\x89\x14\xf3\xaa\xa3\xf2\xfe\xde\xb7\xc7\xdb\x29\x43\xca",
    /// Check Point Firewall-1. Product, version and features follow.
    CHECK_POINT = Prefix "Check Point" b"\xf4\xed\x19\xe0\xc1\x14\xeb\x51\x6f\xaa\xac\x0e\xe3\x7d\xaf\x28\x07\xb4\x38\x1f",
    /// Fortinet `FortiGate`. Release and build follow.
    FORTIGATE = Prefix "FortiGate" b"\x82\x99\x03\x17\x57\xa3\x60\x82\xc6\xa6\x21\xde",
    /// `NetScreen`.
    NETSCREEN = Prefix "NetScreen" b"\x9b\x09\x6d\x9a\xc3\x27\x5a\x7d\x6f\xe8\xb9\x1c\x58\x31\x11\xb0\x9e\xfe\xd1\xa0",
    /// `NetScreen`, with the number that Wireshark gives it. Two words of version follow.
    NETSCREEN_6 = Prefix "NetScreen (6)" b"\x69\x93\x69\x22\x87\x41\xc6\xd4\xca\x09\x4c\x93\xe2\x42\xc9\xde\x19\xe7\xb7\xc6",
    /// `SonicWall`.
    SONICWALL = Prefix "SonicWall" b"\x40\x4b\xf4\x39\x52\x2c\xa3\xf6",
    /// `SafeNet` `SoftRemote`. More octets follow.
    SAFENET = Prefix "SafeNet SoftRemote" b"\x47\xbb\xe7\xc9\x93\xf1\xfc\x13\xb4\xe6\xd0\xdb\x56\x5c\x68\xe5",
    /// `SafeNet` or `WatchGuard`. A version follows.
    SAFENET_OR_WATCHGUARD = Prefix "SafeNet or WatchGuard" b"\xda\x8e\x93\x78",
    /// Nortel Contivity: the text `BNES`, then a version.
    NORTEL_CONTIVITY = Prefix "Nortel Contivity" b"\x42\x4e\x45\x53\x00\x00\x00",
    /// The text `TIMESTEP`. More octets may follow.
    TIMESTEP = Prefix "TimeStep" b"\x54\x49\x4d\x45\x53\x54\x45\x50",
    /// MD5 of `KAME/racoon`.
    KAME_RACOON = Whole "KAME racoon" b"\x70\x03\xcb\xc1\x09\x7d\xbe\x9c\x26\x00\xba\x69\x83\xbc\x8b\x35",
    /// The text `OpenPGP10171`.
    OPENPGP = Whole "OpenPGP" b"\x4f\x70\x65\x6e\x50\x47\x50\x31\x30\x31\x37\x31",
    /// MD5 of `SSH Sentinel`.
    SSH_SENTINEL = Whole "SSH Sentinel" b"\x05\x41\x82\xa0\x7c\x7a\xe2\x06\xf9\xd2\xcf\x9d\x24\x32\xc4\x82",
    /// MD5 of `SSH Sentinel 1.1`.
    SSH_SENTINEL_1_1 = Whole "SSH Sentinel 1.1" b"\xb9\x16\x23\xe6\x93\xca\x18\xa5\x4c\x6a\x27\x78\x55\x23\x05\xe8",
    /// MD5 of `SSH Sentinel 1.2`.
    SSH_SENTINEL_1_2 = Whole "SSH Sentinel 1.2" b"\x54\x30\x88\x8d\xe0\x1a\x31\xa6\xfa\x8f\x60\x22\x4e\x44\x99\x58",
    /// MD5 of `SSH Sentinel 1.3`.
    SSH_SENTINEL_1_3 = Whole "SSH Sentinel 1.3" b"\x7e\xe5\xcb\x85\xf7\x1c\xe2\x59\xc9\x4a\x5c\x73\x1e\xe4\xe7\x52",
    /// MD5 of `SSH Sentinel 1.4`.
    SSH_SENTINEL_1_4 = Whole "SSH Sentinel 1.4" b"\x63\xd9\xa1\xa7\x00\x94\x91\xb5\xa0\xa6\xfd\xeb\x2a\x82\x84\xf0",
    /// MD5 of `SSH Sentinel 1.4.1`.
    SSH_SENTINEL_1_4_1 = Whole "SSH Sentinel 1.4.1" b"\xeb\x4b\x0d\x96\x27\x6b\x4e\x22\x0a\xd1\x62\x21\xa7\xb2\xa5\xe6",
    /// SSH Communications Security IPSEC Express version 1.1.0.
    SSH_EXPRESS_1_1_0 = Whole "SSH IPSEC Express 1.1.0" b"\xfb\xf4\x76\x14\x98\x40\x31\xfa\x8e\x3b\xb6\x19\x80\x89\xb2\x23",
    /// SSH Communications Security IPSEC Express version 1.1.1.
    SSH_EXPRESS_1_1_1 = Whole "SSH IPSEC Express 1.1.1" b"\x19\x52\xdc\x91\xac\x20\xf6\x46\xfb\x01\xcf\x42\xa3\x3a\xee\x30",
    /// SSH Communications Security IPSEC Express version 1.1.2.
    SSH_EXPRESS_1_1_2 = Whole "SSH IPSEC Express 1.1.2" b"\xe8\xbf\xfa\x64\x3e\x5c\x8f\x2c\xd1\x0f\xda\x73\x70\xb6\xeb\xe5",
    /// SSH Communications Security IPSEC Express version 1.2.1.
    SSH_EXPRESS_1_2_1 = Whole "SSH IPSEC Express 1.2.1" b"\xc1\x11\x1b\x2d\xee\x8c\xbc\x3d\x62\x05\x73\xec\x57\xaa\xb9\xcb",
    /// SSH Communications Security IPSEC Express version 1.2.2.
    SSH_EXPRESS_1_2_2 = Whole "SSH IPSEC Express 1.2.2" b"\x09\xec\x27\xbf\xbc\x09\xc7\x58\x23\xcf\xec\xbf\xfe\x56\x5a\x2e",
    /// SSH Communications Security IPSEC Express version 2.0.0.
    SSH_EXPRESS_2_0_0 = Whole "SSH IPSEC Express 2.0.0" b"\x7f\x21\xa5\x96\xe4\xe3\x18\xf0\xb2\xf4\x94\x4c\x23\x84\xcb\x84",
    /// SSH Communications Security IPSEC Express version 2.1.0.
    SSH_EXPRESS_2_1_0 = Whole "SSH IPSEC Express 2.1.0" b"\x28\x36\xd1\xfd\x28\x07\xbc\x9e\x5a\xe3\x07\x86\x32\x04\x51\xec",
    /// SSH Communications Security IPSEC Express version 2.1.1.
    SSH_EXPRESS_2_1_1 = Whole "SSH IPSEC Express 2.1.1" b"\xa6\x8d\xe7\x56\xa9\xc5\x22\x9b\xae\x66\x49\x80\x40\x95\x1a\xd5",
    /// SSH Communications Security IPSEC Express version 2.1.2.
    SSH_EXPRESS_2_1_2 = Whole "SSH IPSEC Express 2.1.2" b"\x3f\x23\x72\x86\x7e\x23\x7c\x1c\xd8\x25\x0a\x75\x55\x9c\xae\x20",
    /// SSH Communications Security IPSEC Express version 3.0.0.
    SSH_EXPRESS_3_0_0 = Whole "SSH IPSEC Express 3.0.0" b"\x0e\x58\xd5\x77\x4d\xf6\x02\x00\x7d\x0b\x02\x44\x36\x60\xf7\xeb",
    /// SSH Communications Security IPSEC Express version 3.0.1.
    SSH_EXPRESS_3_0_1 = Whole "SSH IPSEC Express 3.0.1" b"\xf5\xce\x31\xeb\xc2\x10\xf4\x43\x50\xcf\x71\x26\x5b\x57\x38\x0f",
    /// SSH Communications Security IPSEC Express version 4.0.0.
    SSH_EXPRESS_4_0_0 = Whole "SSH IPSEC Express 4.0.0" b"\xf6\x42\x60\xaf\x2e\x27\x42\xda\xdd\xd5\x69\x87\x06\x8a\x99\xa0",
    /// SSH Communications Security IPSEC Express version 4.0.1.
    SSH_EXPRESS_4_0_1 = Whole "SSH IPSEC Express 4.0.1" b"\x7a\x54\xd3\xbd\xb3\xb1\xe6\xd9\x23\x89\x20\x64\xbe\x2d\x98\x1c",
    /// SSH Communications Security IPSEC Express version 4.1.0.
    SSH_EXPRESS_4_1_0 = Whole "SSH IPSEC Express 4.1.0" b"\x9a\xa1\xf3\xb4\x34\x72\xa4\x5d\x5f\x50\x6a\xeb\x26\x0c\xf2\x14",
    /// SSH Communications Security IPSEC Express version 4.2.0.
    SSH_EXPRESS_4_2_0 = Whole "SSH IPSEC Express 4.2.0" b"\x68\x80\xc7\xd0\x26\x09\x91\x14\xe4\x86\xc5\x54\x30\xe7\xab\xee",
}

/// The vendor id of DPD as RFC 3706 section 5.1 sends it, with version 1.0.
pub const DPD_1_0: [u8; 16] = *b"\xaf\xca\xd7\x13\x68\xa1\xf1\xc9\x6b\x86\x96\xfc\x77\x57\x01\x00";

/// The vendor id of Cisco Unity as all peers send it, with version 1.0.
pub const CISCO_UNITY_1_0: [u8; 16] = *b"\x12\xf5\xf2\x8c\x45\x71\x68\xa9\x70\x2d\x9f\xe2\x74\xcc\x01\x00";

/// The index in [`KNOWN`] of the first vendor id that begins with each octet. It is beyond the end of the table when
/// no vendor id begins with that octet.
///
/// The first octet tells nearly all vendor ids apart, so that a search compares only one or two of them.
static BY_FIRST_OCTET: [u8; 256] = {
    const NONE: u8 = u8::MAX;
    assert!(KNOWN.len() < 255);
    let mut table = [NONE; 256];
    let mut rest = table.as_mut_slice();
    let mut octet = 0u8;
    while let [entry, after @ ..] = rest {
        let mut known = KNOWN;
        let mut index = 0u8;
        while let [one, others @ ..] = known {
            if let ([first, ..], true) = (one.octets, *entry == NONE)
                && *first == octet
            {
                *entry = index;
            }
            index = index.wrapping_add(1);
            known = others;
        }
        octet = octet.wrapping_add(1);
        rest = after;
    }
    table
};

/// Returns the known vendor id that `vendor_id` is. `None` when it is not known.
#[must_use]
pub fn identify(vendor_id: &[u8]) -> Option<&'static KnownVendorId> {
    let start = BY_FIRST_OCTET.get(usize::from(*vendor_id.first()?))?;
    KNOWN.get(usize::from(*start)..)?.iter().copied().find(|known| known.matches(vendor_id))
}

/// Returns the generation of NAT traversal that `vendor_id` offers. `None` when it offers none of them.
#[must_use]
pub fn nat_traversal(vendor_id: &[u8]) -> Option<NatTraversal> {
    // All of them are MD5 digests, and all octets are compared. As integers, each comparison takes one instruction.
    let digest = |octets: &[u8]| Some(u128::from_ne_bytes(octets.try_into().ok()?));
    let vendor_id = Some(digest(vendor_id)?);
    let offers = |known: &[&KnownVendorId]| known.iter().any(|known| digest(known.octets) == vendor_id);
    if offers(&[&RFC_3947]) {
        Some(NatTraversal::Rfc3947)
    } else if offers(&[&NAT_T_04, &NAT_T_05, &NAT_T_06, &NAT_T_07, &NAT_T_08]) {
        Some(NatTraversal::Drafts04To08)
    } else if offers(&[&NAT_T_00, &NAT_T_01, &NAT_T_02, &NAT_T_02_NEWLINE, &NAT_T_03]) {
        Some(NatTraversal::Drafts00To03)
    } else {
        None
    }
}

/// The octets that Cisco IOS combines with its own cookie to make its vendor id.
///
/// They were derived from captures and hold for every sample there. No document has them.
pub const IOS_COOKIE_MASK: [u8; 8] = [0xf5, 0xc7, 0xa7, 0x1d, 0x00, 0x01, 0x00, 0x00];

/// Returns the first half of the vendor id that Cisco IOS sends when its own cookie is `cookie`. The other half is not
/// known.
#[must_use]
pub fn ios_prefix(cookie: [u8; 8]) -> [u8; 8] {
    (u64::from_be_bytes(cookie) ^ u64::from_be_bytes(IOS_COOKIE_MASK)).to_be_bytes()
}

/// Returns whether a vendor id is the one that Cisco IOS sends when its own cookie is `own_cookie`. Another IOS then
/// prints `speaking to another IOS box!`.
#[must_use]
pub fn is_cisco_ios(vendor_id: &[u8], own_cookie: [u8; 8]) -> bool {
    vendor_id.len() == 16 && vendor_id.starts_with(&ios_prefix(own_cookie))
}

/// Returns the octet that Cisco IOS takes for a major version: octet 14 of a vendor id of 16 octets, whatever vendor
/// id it is. `None` when there are not 16 octets.
///
/// For this reason IOS prints `vendor ID seems Unity/DPD but major 157 mismatch` for NAT-T draft 03.
#[must_use]
pub const fn ios_major(vendor_id: &[u8]) -> Option<u8> {
    match vendor_id {
        [_, _, _, _, _, _, _, _, _, _, _, _, _, _, major, _] => Some(*major),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
