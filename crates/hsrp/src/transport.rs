//! The addresses, UDP ports and TTL that carry HSRP.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::v2::IpVersion;

/// The UDP source and destination port of HSRP over IPv4, RFC 2281 section 5.1.
pub const PORT: u16 = 1985;
/// The UDP source and destination port of HSRP over IPv6. Only version 2 runs over IPv6.
pub const PORT_IPV6: u16 = 2029;
/// The destination address of version 1: the all-routers group 224.0.0.2, RFC 2281 section 5.1.
pub const ADDRESS_V1: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 2);
/// The destination address of version 2 over IPv4: 224.0.0.102.
pub const ADDRESS_V2: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 102);
/// The destination address of version 2 over IPv6: `ff02::66`.
pub const ADDRESS_V2_IPV6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x66);
/// The TTL of HSRP over IPv4, RFC 2281 section 5.1. Some senders use 2, and receivers accept it.
pub const TIME_TO_LIVE: u8 = 1;

/// The IP version of the groups that a message may be about when it is sent from or to this address. A router sends
/// messages of IPv4 groups over IPv4, and those of IPv6 groups over IPv6.
#[must_use]
pub const fn ip_version(address: IpAddr) -> IpVersion {
    match address {
        IpAddr::V4(_) => IpVersion::IPV4,
        IpAddr::V6(_) => IpVersion::IPV6,
    }
}

/// Whether a router may send HSRP from this IPv6 address: it must be link-local. `None` for an IPv4 address, which
/// may be any.
#[must_use]
pub const fn may_send(address: IpAddr) -> Option<bool> {
    match address {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(address.is_unicast_link_local()),
    }
}
