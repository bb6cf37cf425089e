//! An IKE SA: Cisco's seventeen attributes, and what a standby needs beside them.

use core::net::{IpAddr, Ipv4Addr};

use super::declaration::record;
use super::{DeadPeer, Exchange, Identity, IkeSuite, Lifetime, NatState};
use crate::Secret;
use crate::attribute::data::{bits, number};

wire::registry! {
    /// Who began the IKE SA. Cisco shows 0 where the peer's address is the source: that 0 is the responder is this
    /// profile's reading.
    pub struct InitOrResp(u8) {
        /// The peer did.
        RESPONDER = 0 => "responder",
        /// The gateway did.
        INITIATOR = 1 => "initiator",
    }
}

number!(InitOrResp(u8));

bits! {
    /// What both sides can do, in bits of this profile: those of Cisco's capabilities are not published.
    pub struct IkeFeatures(u32) {
        /// Dead peer detection, RFC 3706: Cisco's `This SA Supports DPD`.
        DEAD_PEER_DETECTION = 0x0001;
        /// NAT traversal, RFC 3947.
        NAT_TRAVERSAL = 0x0002;
        /// IKE fragmentation.
        FRAGMENTATION = 0x0004;
        /// Extended authentication.
        XAUTH = 0x0008;
        /// Mode configuration.
        MODE_CONFIG = 0x0010;
        /// Cisco Unity.
        UNITY = 0x0020;
        /// The peer has sent INITIAL-CONTACT.
        INITIAL_CONTACT = 0x0040;
    }
}

number!(IkeFeatures(u32));

/// A message id that has been taken and must not be taken again. It is a number and no more: exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MessageId(pub u32);

number!(MessageId(u32));

record! {
    /// The peer's identity, in Cisco's six attributes.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct PeerIdentity<'a>: default {
        /// 1 for an IPv4 address (RFC 2407 section 4.6.2.1).
        id_type: required u8 = IDTYPE,
        /// 17 for UDP.
        protocol: required u8 = PROTOCOL,
        /// The port.
        port: required u16 = PORT,
        /// 0.0.0.0 for an identity that is not an IPv4 address.
        address: required Ipv4Addr = ADDR,
        /// 0.0.0.0 for an identity that is not an IPv4 subnet.
        mask: required Ipv4Addr = MASK,
        /// Four zeros beside an address in Cisco's message. This profile puts the identification data of all other
        /// types here.
        id_str: required &'a [u8] = ID_STR,
    }
}

record! {
    /// Keys of phase 1, RFC 2409 section 5. `Debug` shows no key. They are that RFC's: exhaustive on purpose.
    #[derive(Copy)]
    pub struct IkeKeys<'a>: default {
        /// SKEYID.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid: required Secret<'a> = SKEYID,
        /// `SKEYID_d`: phase 2 keys come from it.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid_d: required Secret<'a> = SKEYID_D,
        /// `SKEYID_a`: hashes of phase 2 are keyed with it.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid_a: required Secret<'a> = SKEYID_A,
        /// `SKEYID_e`: the encryption key comes from it.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid_e: required Secret<'a> = SKEYID_E,
        /// The encryption key, `SKEYID_e` after the expansion of RFC 2409 appendix B.
        #[cfg_attr(feature = "serde", serde(skip))]
        encryption_key: required Secret<'a> = IKE_ENCRYPTION_KEY,
    }
}

record! {
    /// What a standby needs to go on with an IKE SA beside the facts that Cisco's debug output shows. All of this is
    /// the profile's.
    #[non_exhaustive]
    pub struct Takeover<'a>: default {
        /// The local port: 500, or 4500 behind a NAT.
        local_port: required u16 = LOCAL_PORT,
        /// The local identity.
        local_identity: required Identity<'a> = LOCAL_IDENTITY,
        /// What phase 1 agreed on.
        suite: required IkeSuite = IKE_SUITE,
        /// Exchange type of phase 1: 2 main mode, 4 aggressive mode.
        exchange_type: required u8 = EXCHANGE_TYPE,
        /// The keys.
        keys: all_of IkeKeys<'a>,
        /// The last ciphertext block of phase 1: with a message id it gives the first IV of an exchange.
        phase_1_iv: required &'a [u8] = PHASE_1_IV,
        /// Lifetime, and what is left of it.
        lifetime: required Lifetime = LIFETIME,
        /// Where dead peer detection stands.
        dead_peer: required DeadPeer = DEAD_PEER,
        /// What is known of NAT.
        nat_state: required NatState = NAT_STATE,
        /// What both sides can do.
        features: required IkeFeatures = FEATURES,
        /// Inside VRF, 0 for the global table.
        inside_vrf: required u32 = INSIDE_VRF,
        /// The address that mode configuration gave the peer.
        assigned_address: optional IpAddr = ASSIGNED_ADDRESS,
        /// The name that extended authentication was given; empty when the SA has none.
        user_name: text &'a [u8] = USER_NAME,
        /// The name of the local configuration; empty when the SA has none.
        profile_name: text &'a [u8] = PROFILE_NAME,
        /// Message ids that must not be taken again.
        message_ids: zero_or_more MessageId = MESSAGE_ID,
        /// Exchanges under way.
        exchanges: zero_or_more Exchange<'a> = EXCHANGE,
    }
}

record! {
    /// An IKE SA. Cisco's attributes stand in the order of its debug output, which is not that of their codes.
    #[non_exhaustive]
    pub struct IkeSa<'a>: default {
        /// Own cookie.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The peer's address.
        source: required IpAddr = SRC,
        /// The local address, which is the virtual one.
        destination: required IpAddr = DST,
        /// The peer's port.
        peer_port: required u16 = PEER_PORT,
        /// Front VRF.
        front_vrf: required u8 = F_VRF,
        /// Who began.
        init_or_resp: required InitOrResp = INIT_OR_RESP,
        /// 2 in Cisco's message; its numbers are not published, so the takeover part has the state of NAT too.
        nat_discovery: required u8 = NAT_DISCOVERY,
        /// The peer's identity.
        peer_identity: all_of PeerIdentity<'a>,
        /// 0x77f in Cisco's message; the bits are not published.
        peers_capabilities: required u32 = PEERS_CAPABILITIES,
        /// 0x77f in Cisco's message; the bits are not published.
        my_capabilities: required u32 = MY_CAPABILITIES,
        /// 0x27ff in Cisco's message; the bits are not published.
        state_mask: required u32 = STATE_MASK,
        /// What a standby needs beside; missing in what Cisco published.
        takeover: all_or_none Takeover<'a>,
    }
}
