//! NHRP cache entries: a hub that takes over answers for clients that registered with the other.

use core::net::IpAddr;

use super::NhrpParameters;
use super::declaration::record;

record! {
    /// An NHRP cache entry.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct NhrpEntry: new {
        /// The tunnel address.
        protocol_address: required IpAddr = PROTOCOL_ADDRESS,
        /// The address that packets for it go to.
        nbma_address: required IpAddr = NBMA_ADDRESS,
        /// The address that the client has behind its NAT.
        claimed_nbma_address: optional IpAddr = CLAIMED_NBMA_ADDRESS,
        /// Network, key, flags, prefix, MTU, times.
        parameters: required NhrpParameters = NHRP_PARAMETERS,
    }
}

record! {
    /// Cache entries, one or more.
    #[non_exhaustive]
    pub struct NhrpEntries<'a>: new {
        /// The entries.
        entries: one_or_more NhrpEntry = NHRP_ENTRY,
    }
}
