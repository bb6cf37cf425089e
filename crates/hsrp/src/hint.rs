//! The version that the destination of a datagram suggests.

use core::net::IpAddr;

use crate::transport::{ADDRESS_V1, ADDRESS_V2, ADDRESS_V2_IPV6, PORT, PORT_IPV6};

/// The version that the destination of a datagram suggests.
///
/// [`Message::parse`](crate::Message::parse) tells the version from the octets. A hint decides where the octets
/// cannot: for a version 2 message whose first TLV has an unknown type, and for a version 1 message whose version
/// octet is wrong. Pass it to [`Message::parse_hinted`](crate::Message::parse_hinted).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Hint {
    /// Version 1, RFC 2281.
    V1,
    /// Version 2, which consists of TLVs only.
    V2,
}

impl Hint {
    /// The hint that a destination address and a UDP port give. `None` when they are not those of HSRP.
    ///
    /// ```
    /// use vpnwire_hsrp::Hint;
    /// assert_eq!(Hint::from_destination([224, 0, 0, 2].into(), 1985), Some(Hint::V1));
    /// assert_eq!(Hint::from_destination([224, 0, 0, 102].into(), 1985), Some(Hint::V2));
    /// assert_eq!(Hint::from_destination([10, 0, 0, 1].into(), 1985), None);
    /// ```
    #[must_use]
    pub fn from_destination(address: IpAddr, port: u16) -> Option<Self> {
        match (address, port) {
            (IpAddr::V4(ADDRESS_V1), PORT) => Some(Self::V1),
            (IpAddr::V4(ADDRESS_V2), PORT) | (_, PORT_IPV6) => Some(Self::V2),
            (IpAddr::V6(ADDRESS_V2_IPV6), PORT) => Some(Self::V2),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_hint_at_versions() {
        let six: IpAddr = "ff02::66".parse().unwrap();
        assert_eq!(Hint::from_destination(six, 2029), Some(Hint::V2));
        assert_eq!(Hint::from_destination(six, 1985), Some(Hint::V2));
        assert_eq!(Hint::from_destination([224, 0, 0, 2].into(), 2029), Some(Hint::V2));
        assert_eq!(Hint::from_destination([224, 0, 0, 2].into(), 53), None);
        assert_eq!(Hint::from_destination([224, 0, 0, 102].into(), 53), None);
        assert_eq!(Hint::from_destination("ff02::2".parse().unwrap(), 1985), None);
    }
}
