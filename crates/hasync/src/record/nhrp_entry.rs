//! NHRP cache entries. A hub that takes over answers for clients that registered with the other hub.

use core::net::IpAddr;

use super::NhrpParameters;
use super::declaration::record;

record! {
    /// An NHRP cache entry.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct NhrpEntry: new {
        /// The protocol address, which is the tunnel address.
        protocol_address: required IpAddr = PROTOCOL_ADDRESS,
        /// The NBMA address, to which packets for the protocol address are sent.
        nbma_address: required IpAddr = NBMA_ADDRESS,
        /// The address that the client has behind its NAT. `None` when the client is not behind a NAT.
        claimed_nbma_address: optional IpAddr = CLAIMED_NBMA_ADDRESS,
        /// The network ID, tunnel key, flags, prefix length, MTU and times.
        parameters: required NhrpParameters = NHRP_PARAMETERS,
    }
}

record! {
    /// One or more NHRP cache entries.
    #[non_exhaustive]
    pub struct NhrpEntries<'a>: new {
        /// The entries.
        entries: one_or_more NhrpEntry = NHRP_ENTRY,
    }
}
