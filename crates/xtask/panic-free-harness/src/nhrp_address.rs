//! Wrappers of `nhrp`: addresses.

use nhrp::{
    AddressError, Addresses, Emit, EmitError, NbmaAddress, OwnedNbmaAddress, ProtocolAddress, ProtocolType,
    TypeLength, Writer,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[inline(never)]
pub fn nbma_address<'a>(
    address: &NbmaAddress<'_>,
    octets: &'a [u8],
) -> (Option<IpAddr>, TypeLength, NbmaAddress<'a>) {
    covers!(
        nhrp::address::NbmaAddress::ip,
        nhrp::address::NbmaAddress::type_length,
        nhrp::address::NbmaAddress::new
    );
    (address.ip(), address.type_length(), NbmaAddress::new(octets))
}

#[inline(never)]
pub fn addresses_emit_into(
    addresses: &Addresses<'_>,
    writer: &mut Writer<'_>,
    octets: &[u8],
) -> (usize, Option<IpAddr>, Result<(), EmitError>) {
    covers!(
        nhrp::address::Addresses::wire_len,
        nhrp::address::Addresses::emit_into,
        nhrp::address::ip_address
    );
    (addresses.wire_len(), nhrp::ip_address(octets), addresses.emit_into(writer))
}

#[inline(never)]
pub fn protocol_address_from(v4: Ipv4Addr, v6: Ipv6Addr, ip: IpAddr) -> [ProtocolAddress; 3] {
    covers!(nhrp::owned_address::ProtocolAddress::from);
    [ProtocolAddress::from(v4), ProtocolAddress::from(v6), ProtocolAddress::from(ip)]
}

#[inline(never)]
pub fn protocol_address_try_from(octets: &[u8]) -> Result<ProtocolAddress, AddressError> {
    covers!(nhrp::owned_address::ProtocolAddress::try_from);
    ProtocolAddress::try_from(octets)
}

#[inline(never)]
pub fn protocol_address(address: &ProtocolAddress) -> (&[u8], ProtocolType, IpAddr, IpAddr) {
    covers!(
        nhrp::owned_address::ProtocolAddress::octets,
        nhrp::owned_address::ProtocolAddress::protocol_type,
        nhrp::owned_address::ProtocolAddress::ip,
        nhrp::owned_address::IpAddr::from
    );
    (address.octets(), address.protocol_type(), address.ip(), IpAddr::from(*address))
}

#[inline(never)]
pub fn owned_nbma_address_from(v4: Ipv4Addr, v6: Ipv6Addr, ip: IpAddr) -> [OwnedNbmaAddress; 3] {
    covers!(nhrp::owned_address::OwnedNbmaAddress::from);
    [OwnedNbmaAddress::from(v4), OwnedNbmaAddress::from(v6), OwnedNbmaAddress::from(ip)]
}

#[inline(never)]
pub fn owned_nbma_address_try_from(address: NbmaAddress<'_>) -> Result<OwnedNbmaAddress, AddressError> {
    covers!(nhrp::owned_address::OwnedNbmaAddress::try_from);
    OwnedNbmaAddress::try_from(address)
}

#[inline(never)]
pub fn owned_nbma_address<'o>(
    address: &'o OwnedNbmaAddress,
    other: &OwnedNbmaAddress,
) -> (&'o [u8], [NbmaAddress<'o>; 2], Option<IpAddr>, bool) {
    covers!(
        nhrp::owned_address::OwnedNbmaAddress::octets,
        nhrp::owned_address::OwnedNbmaAddress::borrowed,
        nhrp::owned_address::OwnedNbmaAddress::ip,
        nhrp::owned_address::OwnedNbmaAddress::eq,
        nhrp::owned_address::NbmaAddress::from
    );
    let borrowed = [address.borrowed(), NbmaAddress::from(address)];
    (address.octets(), borrowed, address.ip(), address.eq(other) && address > other)
}

#[inline(never)]
pub fn owned_nbma_address_hash(address: &OwnedNbmaAddress) -> u64 {
    covers!(nhrp::owned_address::OwnedNbmaAddress::hash);
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut state = DefaultHasher::new();
    address.hash(&mut state);
    state.finish()
}
