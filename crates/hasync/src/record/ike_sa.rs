//! An IKE SA: Cisco's seventeen attributes, and the further attributes that a standby needs.

use core::net::{IpAddr, Ipv4Addr};

use super::declaration::record;
use super::{DeadPeer, Exchange, Identity, IkeSuite, Lifetime, NatState};
use crate::Secret;
use crate::attribute::data::{bits, number};

wire::registry! {
    /// The initiator of the IKE SA. Cisco shows 0 where the peer's address is the source. This profile takes 0 to mean
    /// that the gateway is the responder.
    pub struct InitOrResp(u8) {
        /// The gateway is the responder: the peer began the IKE SA.
        RESPONDER = 0 => "responder",
        /// The gateway is the initiator: it began the IKE SA.
        INITIATOR = 1 => "initiator",
    }
}

number!(InitOrResp(u8));

bits! {
    /// The features that both sides support. The bits are this profile's, because those of Cisco's capabilities are not
    /// published.
    pub struct IkeFeatures(u32) {
        /// Dead peer detection (RFC 3706), which Cisco prints as `This SA Supports DPD`.
        DEAD_PEER_DETECTION = 0x0001;
        /// NAT traversal (RFC 3947).
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

/// A message ID that has been used and must not be accepted again.
///
/// It is a number only, so the struct is exhaustive on purpose.
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
        /// The type of the identity: 1 for an IPv4 address (RFC 2407 section 4.6.2.1).
        id_type: required u8 = IDTYPE,
        /// The IP protocol: 17 for UDP.
        protocol: required u8 = PROTOCOL,
        /// The port.
        port: required u16 = PORT,
        /// The address, or 0.0.0.0 when the identity is not an IPv4 address.
        address: required Ipv4Addr = ADDR,
        /// The mask, or 0.0.0.0 when the identity is not an IPv4 subnet.
        mask: required Ipv4Addr = MASK,
        /// The identification data of all types other than an address. Cisco's message has four zeros here beside an
        /// address.
        id_str: required &'a [u8] = ID_STR,
    }
}

record! {
    /// The keys of phase 1 (RFC 2409 section 5). `Debug` shows no key.
    ///
    /// The keys are those of the RFC, so the struct is exhaustive on purpose.
    #[derive(Copy)]
    pub struct IkeKeys<'a>: default {
        /// SKEYID, from which the other three are computed.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid: required Secret<'a> = SKEYID,
        /// `SKEYID_d`, from which the keys of phase 2 are computed.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid_d: required Secret<'a> = SKEYID_D,
        /// `SKEYID_a`, with which the hashes of phase 2 are keyed.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid_a: required Secret<'a> = SKEYID_A,
        /// `SKEYID_e`, from which the encryption key is computed.
        #[cfg_attr(feature = "serde", serde(skip))]
        skeyid_e: required Secret<'a> = SKEYID_E,
        /// The encryption key, which is `SKEYID_e` after the expansion of RFC 2409 appendix B.
        #[cfg_attr(feature = "serde", serde(skip))]
        encryption_key: required Secret<'a> = IKE_ENCRYPTION_KEY,
    }
}

record! {
    /// The facts that a standby needs to continue an IKE SA, beyond those that Cisco's debug output shows. All of its
    /// attributes are this profile's.
    #[non_exhaustive]
    pub struct Takeover<'a>: default {
        /// The local port: 500, or 4500 behind a NAT.
        local_port: required u16 = LOCAL_PORT,
        /// The local identity.
        local_identity: required Identity<'a> = LOCAL_IDENTITY,
        /// The algorithms that phase 1 agreed on.
        suite: required IkeSuite = IKE_SUITE,
        /// The exchange type of phase 1: 2 is main mode, 4 is aggressive mode.
        exchange_type: required u8 = EXCHANGE_TYPE,
        /// The keys.
        keys: all_of IkeKeys<'a>,
        /// The last ciphertext block of phase 1. Together with a message ID it gives the first IV of an exchange.
        phase_1_iv: required &'a [u8] = PHASE_1_IV,
        /// The lifetime and the remaining part of it.
        lifetime: required Lifetime = LIFETIME,
        /// The sequence numbers of dead peer detection.
        dead_peer: required DeadPeer = DEAD_PEER,
        /// The state of NAT traversal.
        nat_state: required NatState = NAT_STATE,
        /// The features that both sides support.
        features: required IkeFeatures = FEATURES,
        /// The inside VRF, or 0 for the global table.
        inside_vrf: required u32 = INSIDE_VRF,
        /// The address that mode configuration gave the peer. `None` when it gave no address.
        assigned_address: optional IpAddr = ASSIGNED_ADDRESS,
        /// The user name from extended authentication. It is empty when there is no user name.
        user_name: text &'a [u8] = USER_NAME,
        /// The name of the local configuration. It is empty when there is no name.
        profile_name: text &'a [u8] = PROFILE_NAME,
        /// The message IDs that must not be accepted again.
        message_ids: zero_or_more MessageId = MESSAGE_ID,
        /// The exchanges in progress.
        exchanges: zero_or_more Exchange<'a> = EXCHANGE,
    }
}

record! {
    /// An IKE SA. Cisco's attributes stand in the order of its debug output, which is not the order of their codes.
    #[non_exhaustive]
    pub struct IkeSa<'a>: default {
        /// The sender's own cookie.
        my_cookie: required [u8; 8] = MY_COOKIE,
        /// The peer's cookie.
        his_cookie: required [u8; 8] = HIS_COOKIE,
        /// The peer's address. The name is that of Cisco's attribute `HA_IKE_ATT_SRC`, which has the peer's address in
        /// Cisco's message: source and destination are those of a packet that the peer sends to the gateway.
        source: required IpAddr = SRC,
        /// The local address, which is the virtual one.
        destination: required IpAddr = DST,
        /// The peer's port.
        peer_port: required u16 = PEER_PORT,
        /// The front VRF.
        front_vrf: required u8 = F_VRF,
        /// Which side began the IKE SA.
        init_or_resp: required InitOrResp = INIT_OR_RESP,
        /// The result of NAT discovery, which is 2 in Cisco's message. Cisco's numbers are not published, so `takeover`
        /// has the state of NAT too.
        nat_discovery: required u8 = NAT_DISCOVERY,
        /// The peer's identity.
        peer_identity: all_of PeerIdentity<'a>,
        /// The capabilities of the peer: 0x77f in Cisco's message. The bits are not published.
        peers_capabilities: required u32 = PEERS_CAPABILITIES,
        /// The capabilities of the sender: 0x77f in Cisco's message. The bits are not published.
        my_capabilities: required u32 = MY_CAPABILITIES,
        /// The state mask: 0x27ff in Cisco's message. The bits are not published.
        state_mask: required u32 = STATE_MASK,
        /// The further facts that a standby needs. `None` in Cisco's published message.
        takeover: all_or_none Takeover<'a>,
    }
}
