//! The virtual MAC addresses that active routers answer for, RFC 2281 section 6.1.

use core::fmt;

/// The virtual MAC address of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum VirtualMac {
    /// Version 1: 00:00:0c:07:ac followed by the group in one octet, RFC 2281 section 6.1.
    V1 {
        /// The standby group.
        group: u8,
    },
    /// Version 1 on token ring: a functional address with one bit for each group, RFC 2281 section 6.1.
    TokenRing {
        /// The standby group, from 0 to 2.
        group: u8,
    },
    /// Version 2 over IPv4: 00:00:0c:9f:f followed by the group in twelve bits. This address is Cisco's, and no
    /// RFC lists it.
    V2Ipv4 {
        /// The standby group, from 0 to 4095.
        group: u16,
    },
    /// Version 2 over IPv6: 00:05:73:a0:0 followed by the group in twelve bits. This address is Cisco's, and no
    /// RFC lists it.
    V2Ipv6 {
        /// The standby group, from 0 to 4095.
        group: u16,
    },
}

impl VirtualMac {
    /// The MAC address. `None` when the group is too great to have one.
    ///
    /// ```
    /// use vpnwire_hsrp::VirtualMac;
    /// assert_eq!(VirtualMac::V1 { group: 1 }.to_mac(), Some([0x00, 0x00, 0x0c, 0x07, 0xac, 0x01]));
    /// assert_eq!(VirtualMac::TokenRing { group: 3 }.to_mac(), None);
    /// ```
    #[must_use]
    pub const fn to_mac(self) -> Option<[u8; 6]> {
        match self {
            Self::V1 { group } => Some([0x00, 0x00, 0x0c, 0x07, 0xac, group]),
            Self::TokenRing { group: 0 } => Some([0xc0, 0x00, 0x00, 0x01, 0x00, 0x00]),
            Self::TokenRing { group: 1 } => Some([0xc0, 0x00, 0x00, 0x02, 0x00, 0x00]),
            Self::TokenRing { group: 2 } => Some([0xc0, 0x00, 0x00, 0x04, 0x00, 0x00]),
            Self::V2Ipv4 { group } => match group.to_be_bytes() {
                [high @ 0..=0x0f, low] => Some([0x00, 0x00, 0x0c, 0x9f, 0xf0 | high, low]),
                _ => None,
            },
            Self::V2Ipv6 { group } => match group.to_be_bytes() {
                [high @ 0..=0x0f, low] => Some([0x00, 0x05, 0x73, 0xa0, high, low]),
                _ => None,
            },
            Self::TokenRing { .. } => None,
        }
    }

    /// Finds the group that a MAC address belongs to. `None` when the address is not a virtual MAC address of
    /// HSRP.
    #[must_use]
    pub const fn from_mac(mac: [u8; 6]) -> Option<Self> {
        match mac {
            [0x00, 0x00, 0x0c, 0x07, 0xac, group] => Some(Self::V1 { group }),
            [0xc0, 0x00, 0x00, 0x01, 0x00, 0x00] => Some(Self::TokenRing { group: 0 }),
            [0xc0, 0x00, 0x00, 0x02, 0x00, 0x00] => Some(Self::TokenRing { group: 1 }),
            [0xc0, 0x00, 0x00, 0x04, 0x00, 0x00] => Some(Self::TokenRing { group: 2 }),
            [0x00, 0x00, 0x0c, 0x9f, high @ 0xf0..=0xff, low] => {
                Some(Self::V2Ipv4 { group: u16::from_be_bytes([high & 0x0f, low]) })
            }
            [0x00, 0x05, 0x73, 0xa0, high @ 0..=0x0f, low] => {
                Some(Self::V2Ipv6 { group: u16::from_be_bytes([high, low]) })
            }
            _ => None,
        }
    }

    /// The standby group.
    #[must_use]
    pub fn group(self) -> u16 {
        match self {
            Self::V1 { group } | Self::TokenRing { group } => group.into(),
            Self::V2Ipv4 { group } | Self::V2Ipv6 { group } => group,
        }
    }
}

/// Prints the address as IOS does, for example `0000.0c07.ac01`. Prints `none` when the group has no address.
impl fmt::Display for VirtualMac {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_mac() {
            Some(mac) => fmt::Display::fmt(&Dotted(mac), formatter),
            None => formatter.write_str("none"),
        }
    }
}

/// Prints a MAC address as IOS does, in three groups of four hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Dotted(pub(crate) [u8; 6]);

impl fmt::Display for Dotted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, f] = self.0;
        write!(formatter, "{a:02x}{b:02x}.{c:02x}{d:02x}.{e:02x}{f:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn rfc_2281_section_6_1_addresses() {
        assert_eq!(VirtualMac::V1 { group: 255 }.to_string(), "0000.0c07.acff");
        for (group, octet) in [(0, 1), (1, 2), (2, 4)] {
            assert_eq!(VirtualMac::TokenRing { group }.to_mac(), Some([0xc0, 0, 0, octet, 0, 0]));
        }
        assert_eq!(VirtualMac::TokenRing { group: 3 }.to_string(), "none");
    }

    #[test]
    fn version_2_addresses_carry_twelve_bits() {
        assert_eq!(VirtualMac::V2Ipv4 { group: 0xabc }.to_string(), "0000.0c9f.fabc");
        assert_eq!(VirtualMac::V2Ipv6 { group: 0xabc }.to_string(), "0005.73a0.0abc");
        assert_eq!(VirtualMac::V2Ipv4 { group: 4096 }.to_mac(), None);
        assert_eq!(VirtualMac::V2Ipv6 { group: 4096 }.to_mac(), None);
    }

    #[test]
    fn every_group_goes_both_ways() {
        let mut count = 0;
        for group in 0..=0xffff {
            let [high, low] = u16::to_be_bytes(group);
            let mut kinds = std::vec![VirtualMac::V2Ipv4 { group }, VirtualMac::V2Ipv6 { group }];
            if high == 0 {
                kinds.extend([VirtualMac::V1 { group: low }, VirtualMac::TokenRing { group: low }]);
            }
            for kind in kinds {
                assert_eq!(kind.group(), group);
                if let Some(mac) = kind.to_mac() {
                    assert_eq!(VirtualMac::from_mac(mac), Some(kind));
                    count += 1;
                }
            }
        }
        assert_eq!(count, 4096 + 4096 + 256 + 3);
        for mac in [[0, 0, 0x0c, 0x9f, 0xe0, 1], [0, 5, 0x73, 0xa0, 0x10, 1], [0xc0, 0, 0, 8, 0, 0], [0; 6]] {
            assert_eq!(VirtualMac::from_mac(mac), None);
        }
    }
}
