//! NAT-OA payload (RFC 3947 section 5.2).

use core::net::IpAddr;

use wire::{Emit, EmitError, Writer};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use super::framing::{PayloadElement, check_whole};
use super::identification::{IdType, end, ipv4, ipv6};
use crate::{NatTraversal, ParseError, PayloadType};

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct NatOriginalAddressLayout {
    id_type: u8,
    reserved: [u8; 3],
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<NatOriginalAddressLayout>() == FIXED_LEN);

/// An address as it was before translation (RFC 3947 section 5.2). Quick mode carries it for transport mode. The
/// struct is exhaustive on purpose, because the figure has no other field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NatOriginalAddress {
    /// The generation of NAT traversal, which decides the number of the payload.
    pub generation: NatTraversal,
    /// The two RESERVED fields. The RFC wants them to be zero.
    pub reserved: [u8; 3],
    /// The address. The type `ID_IPV4_ADDR` or `ID_IPV6_ADDR` follows from it.
    pub address: IpAddr,
}

impl NatOriginalAddress {
    /// Returns the Identification Type.
    #[must_use]
    pub const fn id_type(&self) -> IdType {
        match self.address {
            IpAddr::V4(_) => IdType::IPV4_ADDR,
            IpAddr::V6(_) => IdType::IPV6_ADDR,
        }
    }

    /// Decodes the body of a payload that was framed. The number of the payload tells its generation of NAT traversal.
    ///
    /// # Errors
    /// Returns [`ParseError`] when the number is not one of NAT-OA's three numbers, when octets of the body are
    /// missing, or when the body is not one IPv4 or IPv6 address.
    pub fn parse(element: &PayloadElement<'_>) -> Result<Self, ParseError> {
        let (found, within, offset) = (element.header.payload_type, element.within, element.offset);
        let expected = PayloadType::NAT_ORIGINAL_ADDRESS;
        let generation = NatTraversal::ALL
            .into_iter()
            .find(|generation| generation.nat_original_address() == found)
            .ok_or(ParseError::UnexpectedPayload { expected, found, within, offset })?;
        check_whole(element)?;
        let mut reader = element.reader();
        let offset = reader.offset();
        let layout: NatOriginalAddressLayout = transmute!(*reader.array::<FIXED_LEN>("NAT-OA")?);
        let address = match IdType(layout.id_type) {
            IdType::IPV4_ADDR => IpAddr::V4(ipv4(&mut reader, "NAT-OA address")?),
            IdType::IPV6_ADDR => IpAddr::V6(ipv6(&mut reader, "NAT-OA address")?),
            id_type => return Err(ParseError::NatOriginalAddressType { id_type, offset }),
        };
        end(&reader, "NAT-OA address")?;
        Ok(Self { generation, reserved: layout.reserved, address })
    }
}

impl Emit for NatOriginalAddress {
    fn wire_len(&self) -> usize {
        match self.address {
            IpAddr::V4(_) => 8,
            IpAddr::V6(_) => 20,
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] =
            transmute!(NatOriginalAddressLayout { id_type: self.id_type().0, reserved: self.reserved });
        writer.put(&octets)?;
        match self.address {
            IpAddr::V4(address) => writer.put(&address.octets()),
            IpAddr::V6(address) => writer.put(&address.octets()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::tests::element_at;

    fn decoded(number: u8, body: &[u8]) -> Result<NatOriginalAddress, ParseError> {
        NatOriginalAddress::parse(&element_at(PayloadType(number), body, 60))
    }

    #[test]
    fn both_address_families_both_ways() {
        let v4 = [1, 0, 7, 0, 192, 0, 2, 1];
        let value = decoded(21, &v4).unwrap();
        assert_eq!(value.address, IpAddr::from([192, 0, 2, 1]));
        assert_eq!(value.emit(&mut [0; 8]).unwrap(), v4);
        let mut v6 = [0x20; 20];
        (v6[0], v6[1], v6[2], v6[3]) = (5, 0, 0, 0);
        assert_eq!(decoded(131, &v6).unwrap().emit(&mut [0; 20]).unwrap(), v6);
    }

    #[test]
    fn the_number_tells_the_generation() {
        for generation in NatTraversal::ALL {
            let number = generation.nat_original_address();
            assert_eq!(decoded(number.0, &[1, 0, 0, 0, 1, 2, 3, 4]).unwrap().generation, generation);
        }
        assert!(matches!(decoded(20, &[1, 0, 0, 0, 1, 2, 3, 4]), Err(ParseError::UnexpectedPayload { .. })));
    }

    #[test]
    fn rfc_3947_section_5_2_only_addresses_are_allowed() {
        assert_eq!(
            decoded(21, &[4, 0, 0, 0, 1, 2, 3, 4]),
            Err(ParseError::NatOriginalAddressType { id_type: IdType::IPV4_ADDR_SUBNET, offset: 60 })
        );
        assert!(decoded(21, &[1, 0, 0, 0, 1, 2, 3]).is_err());
        assert!(decoded(21, &[1, 0, 0, 0, 1, 2, 3, 4, 5]).is_err());
    }
}
