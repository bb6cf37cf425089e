//! What carries HSRP: addresses, UDP ports and TTL.

use core::net::{Ipv4Addr, Ipv6Addr};

/// UDP port of HSRP over IPv4, source and destination, RFC 2281 section 5.1.
pub const PORT: u16 = 1985;
/// UDP port of HSRP over IPv6, source and destination. Version 2 only.
pub const PORT_IPV6: u16 = 2029;
/// Where version 1 is sent: all routers, RFC 2281 section 5.1.
pub const ADDRESS_V1: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 2);
/// Where version 2 is sent over IPv4.
pub const ADDRESS_V2: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 102);
/// Where version 2 is sent over IPv6.
pub const ADDRESS_V2_IPV6: Ipv6Addr = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x66);
/// TTL of HSRP over IPv4, RFC 2281 section 5.1. Some senders use 2; receivers take it.
pub const TIME_TO_LIVE: u8 = 1;
