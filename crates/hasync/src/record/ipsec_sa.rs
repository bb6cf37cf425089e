//! One IPsec SA, in one direction.

use core::net::IpAddr;

use super::declaration::record;
use super::{Counters, EncapsulationPorts, Identity, Lifetime, SaIdentifier, Transform};
use crate::Secret;
use crate::attribute::data::{bits, number};

wire::registry! {
    /// The encapsulation mode, in the numbers of RFC 2407 section 4.5 and RFC 3947 section 5.1.
    pub struct EncapsulationMode(u8) {
        /// Tunnel mode.
        TUNNEL = 1 => "tunnel",
        /// Transport mode.
        TRANSPORT = 2 => "transport",
        /// Tunnel mode in UDP.
        UDP_ENCAPSULATED_TUNNEL = 3 => "UDP-encapsulated tunnel",
        /// Transport mode in UDP.
        UDP_ENCAPSULATED_TRANSPORT = 4 => "UDP-encapsulated transport",
    }
}

number!(EncapsulationMode(u8));

bits! {
    /// Properties of an SA.
    pub struct SaFlags(u32) {
        /// Sequence numbers have 64 bits.
        EXTENDED_SEQUENCE_NUMBERS = 0x0001;
        /// The peer supports dead peer detection, which Cisco prints as `This SA Supports DPD`.
        SUPPORTS_DPD = 0x0002;
        /// The DF bit is copied to the outer header.
        COPY_DF = 0x0004;
        /// The DF bit is set in the outer header.
        SET_DF = 0x0008;
        /// Reverse route injection: the new active adds the route.
        REVERSE_ROUTE = 0x0010;
    }
}

number!(SaFlags(u32));

record! {
    /// An IPsec SA in one direction, with everything that a standby needs to continue it.
    ///
    /// The IVs of AES-CTR, GCM and CCM must not repeat under a key, so make them from the sequence number. The lease of
    /// sequence numbers of [`Checkpoint`](crate::checkpoint::Checkpoint) then keeps them unique too.
    #[derive(Copy)]
    #[non_exhaustive]
    pub struct IpsecSa<'a>: default {
        /// The direction, protocol, SPI and destination.
        identifier: required SaIdentifier = SA_IDENTIFIER,
        /// The source address of the packets.
        source: required IpAddr = SA_SOURCE,
        /// The encapsulation mode, tunnel or transport.
        mode: required EncapsulationMode = SA_MODE,
        /// The UDP ports. `None` when the packets are not in UDP.
        encapsulation_ports: optional EncapsulationPorts = ENCAPSULATION_PORTS,
        /// The peer's address before NAT, if phase 2 announced it (NAT-OA, RFC 3947 section 5.2). In transport mode,
        /// the checksums of TCP and UDP are corrected with it (RFC 3948 section 3.1.2).
        nat_original_peer: optional IpAddr = NAT_ORIGINAL_PEER,
        /// The gateway's own address before NAT, if phase 2 announced it.
        nat_original_local: optional IpAddr = NAT_ORIGINAL_LOCAL,
        /// The algorithms that phase 2 agreed on.
        transform: required Transform = TRANSFORM,
        /// The encryption key, followed by its salt if the algorithm has one. It is empty for AH.
        #[cfg_attr(feature = "serde", serde(skip))]
        encryption_key: required Secret<'a> = ENCRYPTION_KEY,
        /// The authentication key. It is empty when the encryption algorithm also authenticates.
        #[cfg_attr(feature = "serde", serde(skip))]
        authentication_key: required Secret<'a> = AUTHENTICATION_KEY,
        /// The local traffic selector.
        local_selector: required Identity<'a> = LOCAL_SELECTOR,
        /// The remote traffic selector.
        remote_selector: required Identity<'a> = REMOTE_SELECTOR,
        /// The lifetime and the remaining part of it.
        lifetime: required Lifetime = LIFETIME,
        /// The kilobyte lifetime that was last sent to the standby, which Cisco prints as `HA last key lifetime
        /// sent(k)`.
        last_kilobytes_sent: required u32 = LAST_KILOBYTES_SENT,
        /// The counters of packets and octets.
        counters: required Counters = COUNTERS,
        /// For an inbound SA, the highest sequence number accepted. For an outbound SA, the highest sequence number
        /// sent.
        sequence: required u64 = SEQUENCE,
        /// The width of the anti-replay window, or 0 when there is no window (`replay detection support: N`).
        replay_window: required u32 = REPLAY_WINDOW,
        /// The properties of the SA.
        flags: required SaFlags = SA_FLAGS,
        /// The path MTU in octets, or 0 when it is not known.
        path_mtu: required u16 = PATH_MTU,
        /// The inside VRF, or 0 for the global table.
        inside_vrf: required u32 = INSIDE_VRF,
        /// The name of the crypto map. It is empty when there is no name.
        crypto_map: text &'a [u8] = CRYPTO_MAP,
    }
}
