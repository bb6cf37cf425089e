//! What an NHRP cache entry has beside its addresses.

use core::time::Duration;

use zerocopy::network_endian::{U16, U32};

use super::{Seconds16, bits, fixed_layout};

bits! {
    /// How an NHRP cache entry came to be, and what it is good for.
    pub struct NhrpFlags(u16) {
        /// Configured, and not learnt.
        STATIC = 0x0001;
        /// Registered by the client itself.
        REGISTERED = 0x0002;
        /// Learnt from an authoritative answer.
        AUTHORITATIVE = 0x0004;
        /// The client registered with the uniqueness bit.
        UNIQUE = 0x0008;
        /// The client is behind a NAT.
        NAT = 0x0010;
        /// The client is a next hop server.
        NEXT_HOP_SERVER = 0x0020;
        /// Multicast packets go there too.
        MULTICAST = 0x0040;
        /// There is no such address.
        NEGATIVE = 0x0080;
    }
}

fixed_layout! {
    /// What an NHRP cache entry has beside its addresses.
    pub struct NhrpParameters in NhrpParametersLayout, 18 octets {
        /// NHRP network id of the interface.
        network_id: u32 as U32,
        /// Key of the tunnel.
        tunnel_key: u32 as U32,
        /// How it came to be.
        flags: NhrpFlags as U16,
        /// Bits of the protocol address that count.
        prefix_length: u8 as u8,
        /// Preference over other entries for the same address.
        preference: u8 as u8,
        /// Greatest packet that the client takes, 0 for not known.
        mtu: u16 as U16,
        /// How long the entry holds, in whole seconds.
        holding_time: Duration as Seconds16,
        /// How long it still holds, in whole seconds.
        expires_in: Duration as Seconds16,
    }
}
