//! Addresses that live longer than the packet they came in: small values to key a cache by.

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::write_address;
use crate::{NbmaAddress, ProtocolType};

/// A protocol address that owns its octets. It is an IPv4 or an IPv6 address, because DMVPN resolves these two
/// protocols.
///
/// The enum is exhaustive on purpose, because code that keys a table by it must know both forms. Values are ordered by
/// protocol and then by octets, so that the addresses of one prefix stand beside each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum ProtocolAddress {
    /// An IPv4 address, [`ProtocolType::IPV4`].
    Ipv4([u8; 4]),
    /// An IPv6 address, [`ProtocolType::IPV6`].
    Ipv6([u8; 16]),
}

impl ProtocolAddress {
    /// Returns the octets as a packet carries them: 4 or 16.
    #[must_use]
    pub const fn octets(&self) -> &[u8] {
        match self {
            Self::Ipv4(octets) => octets,
            Self::Ipv6(octets) => octets,
        }
    }

    /// Returns the protocol type of a packet about such an address.
    #[must_use]
    pub const fn protocol_type(&self) -> ProtocolType {
        match self {
            Self::Ipv4(_) => ProtocolType::IPV4,
            Self::Ipv6(_) => ProtocolType::IPV6,
        }
    }

    /// Returns the address as an IP address.
    #[must_use]
    pub const fn ip(&self) -> IpAddr {
        match *self {
            Self::Ipv4([a, b, c, d]) => IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            Self::Ipv6(octets) => IpAddr::V6(Ipv6Addr::from_bits(u128::from_be_bytes(octets))),
        }
    }
}

impl TryFrom<&[u8]> for ProtocolAddress {
    type Error = AddressError;

    fn try_from(octets: &[u8]) -> Result<Self, AddressError> {
        match (<[u8; 4]>::try_from(octets), <[u8; 16]>::try_from(octets)) {
            (Ok(octets), _) => Ok(Self::Ipv4(octets)),
            (_, Ok(octets)) => Ok(Self::Ipv6(octets)),
            _ => Err(AddressError::Protocol { len: octets.len() }),
        }
    }
}

impl From<Ipv4Addr> for ProtocolAddress {
    fn from(address: Ipv4Addr) -> Self {
        Self::Ipv4(address.octets())
    }
}

impl From<Ipv6Addr> for ProtocolAddress {
    fn from(address: Ipv6Addr) -> Self {
        Self::Ipv6(address.octets())
    }
}

impl From<IpAddr> for ProtocolAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => address.into(),
        }
    }
}

impl From<ProtocolAddress> for IpAddr {
    fn from(address: ProtocolAddress) -> Self {
        address.ip()
    }
}

impl fmt::Display for ProtocolAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(formatter, self.octets())
    }
}

impl fmt::Debug for ProtocolAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(formatter, self.octets())
    }
}

/// An NBMA address or subaddress that owns its octets, at most [`MAX_LEN`](Self::MAX_LEN), which is 20.
///
/// 20 octets are enough for all address families that NHRP names: an NSAP address has 20 octets, an IPv6 address has
/// 16 and an E.164 address has 15. A packet can carry up to 63 octets. An address of more than 20 octets is refused
/// and never cut.
///
/// The value keeps the octets and the E.164 bit, because they tell two addresses apart. It does not keep the reserved
/// bit, which a receiver ignores.
#[derive(Clone, Copy, Default)]
pub struct OwnedNbmaAddress {
    // Zeros fill the array behind the address.
    octets: [u8; Self::MAX_LEN],
    len: u8,
    e164: bool,
}

impl OwnedNbmaAddress {
    /// The number of octets of the longest address.
    pub const MAX_LEN: usize = 20;

    /// Returns the octets as a packet carries them.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        // default: never taken, the length is at most 20
        self.octets.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Returns the address as a value to send.
    #[must_use]
    pub fn borrowed(&self) -> NbmaAddress<'_> {
        NbmaAddress { e164: self.e164, ..NbmaAddress::new(self.octets()) }
    }

    /// Returns the address as an IP address. `None` when it has neither 4 nor 16 octets.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        crate::ip_address(self.octets())
    }
}

impl TryFrom<NbmaAddress<'_>> for OwnedNbmaAddress {
    type Error = AddressError;

    fn try_from(address: NbmaAddress<'_>) -> Result<Self, AddressError> {
        let len = address.octets.len();
        let too_long = AddressError::Nbma { len };
        let mut owned = Self { len: u8::try_from(len).map_err(|_| too_long)?, ..Self::default() };
        owned.e164 = address.e164;
        let place = owned.octets.get_mut(..len).ok_or(too_long)?;
        wire::copy(place, address.octets).map_err(|_| too_long)?;
        Ok(owned)
    }
}

impl<'a> From<&'a OwnedNbmaAddress> for NbmaAddress<'a> {
    fn from(address: &'a OwnedNbmaAddress) -> Self {
        address.borrowed()
    }
}

impl From<Ipv4Addr> for OwnedNbmaAddress {
    fn from(address: Ipv4Addr) -> Self {
        let [a, b, c, d] = address.octets();
        let octets = [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Self { octets, len: 4, e164: false }
    }
}

impl From<Ipv6Addr> for OwnedNbmaAddress {
    fn from(address: Ipv6Addr) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = address.octets();
        let octets = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, 0, 0, 0, 0];
        Self { octets, len: 16, e164: false }
    }
}

impl From<IpAddr> for OwnedNbmaAddress {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => address.into(),
            IpAddr::V6(address) => address.into(),
        }
    }
}

impl PartialEq for OwnedNbmaAddress {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for OwnedNbmaAddress {}

impl PartialOrd for OwnedNbmaAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OwnedNbmaAddress {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.octets(), self.e164).cmp(&(other.octets(), other.e164))
    }
}

impl Hash for OwnedNbmaAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.octets(), self.e164).hash(state);
    }
}

impl fmt::Display for OwnedNbmaAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(formatter, self.octets())
    }
}

impl fmt::Debug for OwnedNbmaAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.borrowed().fmt(formatter)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for OwnedNbmaAddress {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.borrowed().serialize(serializer)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for OwnedNbmaAddress {
    fn format(&self, formatter: defmt::Formatter<'_>) {
        self.borrowed().format(formatter);
    }
}

/// The reason why an address cannot be kept: it has a wrong length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AddressError {
    /// The protocol address is neither an IPv4 nor an IPv6 address.
    #[error("the protocol address has {len} octets, but an IPv4 address has 4 and an IPv6 address has 16")]
    Protocol {
        /// The number of octets of the address.
        len: usize,
    },
    /// The NBMA address is longer than an address of any family.
    #[error("the NBMA address has {len} octets, but the longest, an NSAP address, has 20")]
    Nbma {
        /// The number of octets of the address.
        len: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashSet};
    use std::format;
    use std::string::ToString;
    use std::vec::Vec;

    #[test]
    fn protocol_addresses_are_of_4_or_16_octets_and_come_back() {
        for len in 0..=255 {
            let octets: Vec<u8> = (0..=255).take(len).collect();
            match ProtocolAddress::try_from(&octets[..]) {
                Ok(address) => {
                    assert!(len == 4 || len == 16, "{len}");
                    assert_eq!(address.octets(), octets);
                    assert_eq!(ProtocolAddress::from(IpAddr::from(address)), address);
                    assert_eq!(Some(address.ip()), crate::ip_address(&octets));
                }
                Err(error) => {
                    assert!(len != 4 && len != 16, "{len}");
                    assert_eq!(error, AddressError::Protocol { len });
                }
            }
        }
        let address = ProtocolAddress::from(Ipv4Addr::new(10, 0, 0, 1));
        assert_eq!((address.protocol_type(), &*address.to_string()), (ProtocolType::IPV4, "10.0.0.1"));
        let address = ProtocolAddress::from(Ipv6Addr::LOCALHOST);
        assert_eq!((address.protocol_type(), &*format!("{address:?}")), (ProtocolType::IPV6, "::1"));
    }

    #[test]
    fn nbma_addresses_of_up_to_20_octets_come_back_and_longer_ones_are_refused() {
        let octets = [0xab; 64];
        for len in 0..=64 {
            for e164 in [false, true] {
                let address = NbmaAddress { e164, ..NbmaAddress::new(&octets[..len]) };
                match OwnedNbmaAddress::try_from(address) {
                    Ok(owned) => {
                        assert!(len <= 20, "{len}");
                        assert_eq!(NbmaAddress::from(&owned), address);
                        assert_eq!(owned.ip(), address.ip());
                    }
                    Err(error) => {
                        assert!(len > 20, "{len}");
                        assert_eq!(error, AddressError::Nbma { len });
                    }
                }
            }
        }
        let long = std::vec![0; 300];
        let error = OwnedNbmaAddress::try_from(NbmaAddress::new(&long)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the NBMA address has 300 octets, but the longest, an NSAP address, has 20"
        );
    }

    #[test]
    fn the_reserved_bit_is_ignored_and_the_e164_bit_is_not() {
        let octets = [0x49, 0x30];
        let plain = OwnedNbmaAddress::try_from(NbmaAddress::new(&octets)).unwrap();
        let reserved = NbmaAddress { reserved: true, ..NbmaAddress::new(&octets) };
        assert_eq!(OwnedNbmaAddress::try_from(reserved), Ok(plain));
        let e164 = NbmaAddress { e164: true, ..NbmaAddress::new(&octets) };
        assert_ne!(OwnedNbmaAddress::try_from(e164), Ok(plain));
    }

    #[test]
    fn addresses_are_keys_of_ordered_and_hashed_tables() {
        let nbma = |octets: &[u8]| OwnedNbmaAddress::try_from(NbmaAddress::new(octets)).unwrap();
        // A shorter address is not equal to a longer one that ends with zeros.
        let all = [nbma(&[]), nbma(&[1]), nbma(&[1, 0]), nbma(&[1, 1]), nbma(&[2]), nbma(&[10, 0, 0, 1])];
        assert!(all.is_sorted());
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        assert_eq!(OwnedNbmaAddress::from(IpAddr::from([10, 0, 0, 1])), nbma(&[10, 0, 0, 1]));
        assert_eq!(OwnedNbmaAddress::from(IpAddr::from([7; 16])), nbma(&[7; 16]));
        let protocol: Vec<_> = [[10, 0, 1, 0], [10, 0, 0, 1], [9, 0, 0, 1]].map(ProtocolAddress::Ipv4).into();
        let sorted: Vec<_> = protocol.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
        assert_eq!(sorted, [[9, 0, 0, 1], [10, 0, 0, 1], [10, 0, 1, 0]].map(ProtocolAddress::Ipv4));
        assert!(ProtocolAddress::Ipv4([255; 4]) < ProtocolAddress::Ipv6([0; 16]));
        assert_eq!(protocol.iter().collect::<HashSet<_>>().len(), 3);
    }

    #[test]
    fn addresses_are_small() {
        assert_eq!(size_of::<ProtocolAddress>(), 17);
        assert_eq!(size_of::<OwnedNbmaAddress>(), 22);
    }
}
