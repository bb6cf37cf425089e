//! The addresses, UDP ports and TTL that carry HSRP.

use core::net::{Ipv4Addr, Ipv6Addr};

/// The UDP source and destination port of HSRP over IPv4, RFC 2281 section 5.1.
pub const PORT: u16 = 1985;
/// The UDP source and destination port of HSRP over IPv6. Only version 2 runs over IPv6.
pub const PORT_IPV6: u16 = 2029;
/// The destination address of version 1: the all-routers group, RFC 2281 section 5.1.
pub const ADDRESS_V1: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 2);
/// The destination address of version 2 over IPv4.
pub const ADDRESS_V2: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 102);
/// The destination address of version 2 over IPv6.
pub const ADDRESS_V2_IPV6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x66);
/// The TTL of HSRP over IPv4, RFC 2281 section 5.1. Some senders use 2, and receivers accept it.
pub const TIME_TO_LIVE: u8 = 1;
