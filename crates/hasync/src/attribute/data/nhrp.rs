//! The parameters of an NHRP cache entry, apart from its addresses.

use core::time::Duration;

use zerocopy::network_endian::{U16, U32};

use super::{Seconds16, bits, fixed_layout};

bits! {
    /// Flags of an NHRP cache entry: its origin and its use.
    pub struct NhrpFlags(u16) {
        /// The entry was configured and not learnt.
        STATIC = 0x0001;
        /// The client itself registered the entry.
        REGISTERED = 0x0002;
        /// The entry was learnt from an authoritative reply.
        AUTHORITATIVE = 0x0004;
        /// The client registered with the uniqueness bit set.
        UNIQUE = 0x0008;
        /// The client is behind a NAT.
        NAT = 0x0010;
        /// The client is a next hop server.
        NEXT_HOP_SERVER = 0x0020;
        /// Multicast packets are sent to this client too.
        MULTICAST = 0x0040;
        /// The entry is negative: the address does not exist.
        NEGATIVE = 0x0080;
    }
}

fixed_layout! {
    /// The parameters of an NHRP cache entry, apart from its addresses.
    ///
    /// A time that is not a whole number of seconds is not written ([`EmitError::Inexact`](crate::EmitError::Inexact)).
    pub struct NhrpParameters in NhrpParametersLayout, 18 octets {
        /// The NHRP network ID of the interface.
        network_id: u32 as U32,
        /// The GRE key of the tunnel.
        tunnel_key: u32 as U32,
        /// The flags of the entry.
        flags: NhrpFlags as U16,
        /// The prefix length of the protocol address in bits.
        prefix_length: u8 as u8,
        /// The preference over other entries for the same address.
        preference: u8 as u8,
        /// The largest packet that the client accepts, in octets, or 0 when it is not known.
        mtu: u16 as U16,
        /// The holding time of the entry, in whole seconds.
        holding_time: Duration as Seconds16,
        /// The remaining holding time, in whole seconds.
        expires_in: Duration as Seconds16,
    }
}
