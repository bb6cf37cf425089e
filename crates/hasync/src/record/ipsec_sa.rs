//! One IPsec SA, in one direction.

use core::net::IpAddr;

use super::declaration::record;
use super::{Counters, EncapsulationPorts, Identity, Lifetime, SaIdentifier, Transform};
use crate::Secret;
use crate::attribute::data::{bits, number};

wire::registry! {
    /// Encapsulation mode, in the numbers of RFC 2407 section 4.5 and RFC 3947 section 5.1.
    pub struct EncapsulationMode(u8) {
        /// Tunnel.
        TUNNEL = 1 => "tunnel",
        /// Transport.
        TRANSPORT = 2 => "transport",
        /// Tunnel in UDP.
        UDP_ENCAPSULATED_TUNNEL = 3 => "UDP-encapsulated tunnel",
        /// Transport in UDP.
        UDP_ENCAPSULATED_TRANSPORT = 4 => "UDP-encapsulated transport",
    }
}

number!(EncapsulationMode(u8));

bits! {
    /// Properties of an SA.
    pub struct SaFlags(u32) {
        /// Sequence numbers have 64 bits.
        EXTENDED_SEQUENCE_NUMBERS = 0x0001;
        /// Cisco's `This SA Supports DPD`.
        SUPPORTS_DPD = 0x0002;
        /// The DF bit is copied to the outer header.
        COPY_DF = 0x0004;
        /// The DF bit is set in the outer header.
        SET_DF = 0x0008;
        /// Reverse route injection: the new active puts the route in.
        REVERSE_ROUTE = 0x0010;
    }
}

number!(SaFlags(u32));

record! {
    /// An IPsec SA in one direction, with all that a standby needs to go on with it.
    ///
    /// IVs that must not repeat under a key (AES-CTR, GCM, CCM) are to be made from the sequence number: then the lease
    /// of sequence numbers of [`Checkpoint`](crate::checkpoint::Checkpoint) keeps them unique too.
    #[derive(Copy)]
    #[non_exhaustive]
    pub struct IpsecSa<'a>: default {
        /// Direction, protocol, SPI, destination.
        identifier: required SaIdentifier = SA_IDENTIFIER,
        /// Where its packets come from.
        source: required IpAddr = SA_SOURCE,
        /// Tunnel or transport.
        mode: required EncapsulationMode = SA_MODE,
        /// The UDP ports, where packets are in UDP.
        encapsulation_ports: optional EncapsulationPorts = ENCAPSULATION_PORTS,
        /// The peer's address before NAT, where phase 2 told it (NAT-OA, RFC 3947 section 5.2): in transport mode the
        /// checksums of TCP and UDP are put right with it (RFC 3948 section 3.1.2).
        nat_original_peer: optional IpAddr = NAT_ORIGINAL_PEER,
        /// The gateway's own, as phase 2 told it.
        nat_original_local: optional IpAddr = NAT_ORIGINAL_LOCAL,
        /// What phase 2 agreed on.
        transform: required Transform = TRANSFORM,
        /// Encryption key, with its salt behind it where the algorithm has one; no octets in AH.
        #[cfg_attr(feature = "serde", serde(skip))]
        encryption_key: required Secret<'a> = ENCRYPTION_KEY,
        /// Authentication key; no octets where encryption authenticates.
        #[cfg_attr(feature = "serde", serde(skip))]
        authentication_key: required Secret<'a> = AUTHENTICATION_KEY,
        /// Local side of the traffic.
        local_selector: required Identity<'a> = LOCAL_SELECTOR,
        /// Remote side of the traffic.
        remote_selector: required Identity<'a> = REMOTE_SELECTOR,
        /// Lifetime, and what is left of it.
        lifetime: required Lifetime = LIFETIME,
        /// Kilobyte life that was last sent to the standby: Cisco's `HA last key lifetime sent(k)`.
        last_kilobytes_sent: required u32 = LAST_KILOBYTES_SENT,
        /// What it has carried.
        counters: required Counters = COUNTERS,
        /// Inbound: the highest sequence number accepted. Outbound: the highest sent.
        sequence: required u64 = SEQUENCE,
        /// Width of the anti-replay window; 0 for `replay detection support: N`.
        replay_window: required u32 = REPLAY_WINDOW,
        /// Properties.
        flags: required SaFlags = SA_FLAGS,
        /// Path MTU, 0 when it is not known.
        path_mtu: required u16 = PATH_MTU,
        /// Inside VRF, 0 for the global table.
        inside_vrf: required u32 = INSIDE_VRF,
        /// Name of the crypto map; empty when the SA has none.
        crypto_map: text &'a [u8] = CRYPTO_MAP,
    }
}
