//! MAC addresses in summaries, and the virtual routers that they stand for.

use std::fmt;

use hsrp::VirtualMac;

use crate::sink::Address;

/// A MAC address as people write it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mac(pub(crate) [u8; 6]);

impl fmt::Display for Mac {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Address::Mac(self.0).fmt(out)
    }
}

/// The group of HSRP whose virtual MAC address this is, in brackets after a space. Any other address writes nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VirtualRouter(pub(crate) [u8; 6]);

impl fmt::Display for VirtualRouter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match VirtualMac::from_mac(self.0) {
            Some(VirtualMac::V1 { group }) => write!(out, " [HSRP version 1, group {group}]"),
            Some(VirtualMac::V2Ipv4 { group }) => write!(out, " [HSRP version 2, group {group}]"),
            Some(VirtualMac::V2Ipv6 { group }) => write!(out, " [HSRP version 2 for IPv6, group {group}]"),
            // A functional address of token ring does not say that the station speaks HSRP.
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_routers_are_told_by_version_and_group() {
        let told = |mac| VirtualRouter(mac).to_string();
        assert_eq!(told([0x00, 0x00, 0x0c, 0x07, 0xac, 0x0a]), " [HSRP version 1, group 10]");
        assert_eq!(told([0x00, 0x00, 0x0c, 0x9f, 0xf1, 0x02]), " [HSRP version 2, group 258]");
        assert_eq!(told([0x00, 0x05, 0x73, 0xa0, 0x00, 0x01]), " [HSRP version 2 for IPv6, group 1]");
        assert_eq!(told([0xc0, 0x00, 0x00, 0x01, 0x00, 0x00]), "");
        assert_eq!(Mac([0, 0, 0x0c, 7, 0xac, 1]).to_string(), "00:00:0c:07:ac:01");
    }
}
