//! Identification payload (RFC 2408 section 3.8 and RFC 2407 section 4.6.2).

use core::net::{Ipv4Addr, Ipv6Addr};

use wire::{Emit, EmitError, Reader, Writer, registry};
use zerocopy::network_endian::U16;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, transmute};

use crate::ParseError;

registry! {
    /// Identification Type (RFC 2407 section 4.6.2.1). RFC 3554 assigned 12.
    pub struct IdType(u8) {
        /// Reserved.
        RESERVED = 0 => "RESERVED",
        /// One IPv4 address.
        IPV4_ADDR = 1 => "ID_IPV4_ADDR",
        /// A domain name.
        FQDN = 2 => "ID_FQDN",
        /// A user at a domain name.
        USER_FQDN = 3 => "ID_USER_FQDN",
        /// An IPv4 address and a mask.
        IPV4_ADDR_SUBNET = 4 => "ID_IPV4_ADDR_SUBNET",
        /// One IPv6 address.
        IPV6_ADDR = 5 => "ID_IPV6_ADDR",
        /// An IPv6 address and a mask.
        IPV6_ADDR_SUBNET = 6 => "ID_IPV6_ADDR_SUBNET",
        /// The first and the last IPv4 address of a range.
        IPV4_ADDR_RANGE = 7 => "ID_IPV4_ADDR_RANGE",
        /// The first and the last IPv6 address of a range.
        IPV6_ADDR_RANGE = 8 => "ID_IPV6_ADDR_RANGE",
        /// An X.500 distinguished name in DER.
        DER_ASN1_DN = 9 => "ID_DER_ASN1_DN",
        /// An X.500 general name in DER.
        DER_ASN1_GN = 10 => "ID_DER_ASN1_GN",
        /// Octets that name a pre-shared key.
        KEY_ID = 11 => "ID_KEY_ID",
        /// Several identifications, for SCTP.
        LIST = 12 => "ID_LIST",
    }
}

#[derive(FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct IdentificationLayout {
    id_type: u8,
    protocol_id: u8,
    port: U16,
}

const FIXED_LEN: usize = 4;
const _: () = assert!(size_of::<IdentificationLayout>() == FIXED_LEN);

/// The identity of a peer, or of the traffic of an SA (RFC 2407 section 4.6.2.1). The enum is exhaustive on purpose: a
/// type without a variant of its own is [`Other`](Self::Other).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Identity<'a> {
    /// One IPv4 address.
    Ipv4Address(Ipv4Addr),
    /// A domain name without a terminator.
    Fqdn(&'a [u8]),
    /// A user at a domain name, without a terminator.
    UserFqdn(&'a [u8]),
    /// The IPv4 addresses that agree with the address in all bits that are set in the mask.
    Ipv4Subnet {
        /// The address of the subnet.
        address: Ipv4Addr,
        /// The mask of the subnet.
        mask: Ipv4Addr,
    },
    /// One IPv6 address.
    Ipv6Address(Ipv6Addr),
    /// The IPv6 addresses that agree with the address in all bits that are set in the mask.
    Ipv6Subnet {
        /// The address of the subnet.
        address: Ipv6Addr,
        /// The mask of the subnet.
        mask: Ipv6Addr,
    },
    /// The IPv4 addresses from the first to the last.
    Ipv4Range {
        /// The first address.
        first: Ipv4Addr,
        /// The last address.
        last: Ipv4Addr,
    },
    /// The IPv6 addresses from the first to the last.
    Ipv6Range {
        /// The first address.
        first: Ipv6Addr,
        /// The last address.
        last: Ipv6Addr,
    },
    /// An X.500 distinguished name in DER.
    DerAsn1Dn(&'a [u8]),
    /// An X.500 general name in DER.
    DerAsn1Gn(&'a [u8]),
    /// Octets that name a pre-shared key.
    KeyId(&'a [u8]),
    /// An identity of any other type.
    Other {
        /// The type of the identity.
        id_type: IdType,
        /// Identification Data.
        identification_data: &'a [u8],
    },
}

/// An identity and the traffic that it is meant for (RFC 2407 section 4.6.2). The struct is exhaustive on purpose,
/// because the figure has no other field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Identification<'a> {
    /// The IP protocol, 0 for any.
    pub protocol_id: u8,
    /// The port, 0 for any.
    pub port: u16,
    /// The type and the data of the identity.
    pub identity: Identity<'a>,
}

impl<'a> Identity<'a> {
    /// Returns the Identification Type.
    #[must_use]
    pub const fn id_type(&self) -> IdType {
        match self {
            Self::Ipv4Address(_) => IdType::IPV4_ADDR,
            Self::Fqdn(_) => IdType::FQDN,
            Self::UserFqdn(_) => IdType::USER_FQDN,
            Self::Ipv4Subnet { .. } => IdType::IPV4_ADDR_SUBNET,
            Self::Ipv6Address(_) => IdType::IPV6_ADDR,
            Self::Ipv6Subnet { .. } => IdType::IPV6_ADDR_SUBNET,
            Self::Ipv4Range { .. } => IdType::IPV4_ADDR_RANGE,
            Self::Ipv6Range { .. } => IdType::IPV6_ADDR_RANGE,
            Self::DerAsn1Dn(_) => IdType::DER_ASN1_DN,
            Self::DerAsn1Gn(_) => IdType::DER_ASN1_GN,
            Self::KeyId(_) => IdType::KEY_ID,
            Self::Other { id_type, .. } => *id_type,
        }
    }

    /// Decodes Identification Data of this type.
    fn read(id_type: IdType, mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let data = reader.rest();
        // default: a type without a name has data all the same
        let element = id_type.name().unwrap_or("Identification Data");
        let identity = match id_type {
            IdType::IPV4_ADDR => Self::Ipv4Address(ipv4(&mut reader, element)?),
            IdType::IPV4_ADDR_SUBNET => {
                let (address, mask) = (ipv4(&mut reader, element)?, ipv4(&mut reader, element)?);
                Self::Ipv4Subnet { address, mask }
            }
            IdType::IPV4_ADDR_RANGE => {
                let (first, last) = (ipv4(&mut reader, element)?, ipv4(&mut reader, element)?);
                Self::Ipv4Range { first, last }
            }
            IdType::IPV6_ADDR => Self::Ipv6Address(ipv6(&mut reader, element)?),
            IdType::IPV6_ADDR_SUBNET => {
                let (address, mask) = (ipv6(&mut reader, element)?, ipv6(&mut reader, element)?);
                Self::Ipv6Subnet { address, mask }
            }
            IdType::IPV6_ADDR_RANGE => {
                let (first, last) = (ipv6(&mut reader, element)?, ipv6(&mut reader, element)?);
                Self::Ipv6Range { first, last }
            }
            IdType::FQDN => return Ok(Self::Fqdn(data)),
            IdType::USER_FQDN => return Ok(Self::UserFqdn(data)),
            IdType::DER_ASN1_DN => return Ok(Self::DerAsn1Dn(data)),
            IdType::DER_ASN1_GN => return Ok(Self::DerAsn1Gn(data)),
            IdType::KEY_ID => return Ok(Self::KeyId(data)),
            _ => return Ok(Self::Other { id_type, identification_data: data }),
        };
        end(&reader, element)?;
        Ok(identity)
    }
}

/// Writes the Identification Data, without type, protocol and port.
impl Emit for Identity<'_> {
    fn wire_len(&self) -> usize {
        match self {
            Self::Ipv4Address(_) => 4,
            Self::Ipv4Subnet { .. } | Self::Ipv4Range { .. } => 8,
            Self::Ipv6Address(_) => 16,
            Self::Ipv6Subnet { .. } | Self::Ipv6Range { .. } => 32,
            Self::Fqdn(octets)
            | Self::UserFqdn(octets)
            | Self::DerAsn1Dn(octets)
            | Self::DerAsn1Gn(octets)
            | Self::KeyId(octets)
            | Self::Other { identification_data: octets, .. } => octets.len(),
        }
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        match self {
            Self::Ipv4Address(address) => writer.put(&address.octets()),
            Self::Ipv4Subnet { address: one, mask: two } | Self::Ipv4Range { first: one, last: two } => {
                writer.put(&one.octets())?;
                writer.put(&two.octets())
            }
            Self::Ipv6Address(address) => writer.put(&address.octets()),
            Self::Ipv6Subnet { address: one, mask: two } | Self::Ipv6Range { first: one, last: two } => {
                writer.put(&one.octets())?;
                writer.put(&two.octets())
            }
            Self::Fqdn(octets)
            | Self::UserFqdn(octets)
            | Self::DerAsn1Dn(octets)
            | Self::DerAsn1Gn(octets)
            | Self::KeyId(octets)
            | Self::Other { identification_data: octets, .. } => writer.put(octets),
        }
    }
}

/// Reads an IPv4 address.
pub(crate) fn ipv4(reader: &mut Reader<'_>, element: &'static str) -> Result<Ipv4Addr, ParseError> {
    Ok(Ipv4Addr::from(*reader.array::<4>(element)?))
}

/// Reads an IPv6 address.
pub(crate) fn ipv6(reader: &mut Reader<'_>, element: &'static str) -> Result<Ipv6Addr, ParseError> {
    Ok(Ipv6Addr::from(*reader.array::<16>(element)?))
}

/// Checks that no octets are left.
pub(crate) fn end(reader: &Reader<'_>, element: &'static str) -> Result<(), ParseError> {
    match reader.len() {
        0 => Ok(()),
        count => Err(ParseError::TrailingOctets {
            element,
            within: reader.within(),
            offset: reader.offset(),
            count,
        }),
    }
}

impl<'a> Identification<'a> {
    fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let layout: IdentificationLayout = transmute!(*reader.array::<FIXED_LEN>("Identification")?);
        Ok(Self {
            protocol_id: layout.protocol_id,
            port: layout.port.get(),
            identity: Identity::read(IdType(layout.id_type), reader)?,
        })
    }
}

impl Emit for Identification<'_> {
    fn wire_len(&self) -> usize {
        self.identity.wire_len().saturating_add(FIXED_LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let octets: [u8; FIXED_LEN] = transmute!(IdentificationLayout {
            id_type: self.identity.id_type().0,
            protocol_id: self.protocol_id,
            port: U16::new(self.port),
        });
        writer.put(&octets)?;
        self.identity.emit_into(writer)
    }
}

payload_body!(Identification<'a>, IDENTIFICATION);

#[cfg(test)]
mod tests {
    use super::*;
    use wire::LengthError;

    fn both_ways(body: &[u8]) -> Identification<'_> {
        let value = Identification::parse_body(body).unwrap();
        assert_eq!(value.emit(&mut [0; 64]).unwrap(), body);
        value
    }

    #[test]
    fn every_type_both_ways() {
        let mut body = [0; 36];
        for (id_type, len) in [(1, 4), (4, 8), (7, 8), (5, 16), (6, 32), (8, 32)] {
            for (place, octet) in body.iter_mut().zip(id_type..) {
                *place = octet;
            }
            body[0] = id_type;
            assert_eq!(both_ways(&body[..4 + len]).identity.id_type(), IdType(id_type));
            assert!(matches!(
                Identification::parse_body(&body[..3 + len]),
                Err(ParseError::Length(LengthError::Ends { within: "payload body", needed: 4 | 16, .. }))
            ));
            if len < 32 {
                assert!(matches!(
                    Identification::parse_body(&body[..5 + len]),
                    Err(ParseError::TrailingOctets { count: 1, .. })
                ));
            }
        }
        for id_type in [0, 2, 3, 9, 10, 11, 12, 200] {
            body[0] = id_type;
            for len in [0, 1, 30] {
                assert_eq!(both_ways(&body[..4 + len]).identity.id_type(), IdType(id_type));
            }
        }
    }

    #[test]
    fn each_type_parses_to_its_own_variant() {
        let octets = [0x30, 1, 2];
        let of = |id_type| {
            let mut body = [id_type, 0, 0, 0, 0x30, 1, 2];
            let value = Identification::parse_body(&body).unwrap();
            let told = std::format!("{:?}", value.identity);
            assert_eq!(value.wire_len(), body.len());
            body[0] = value.identity.id_type().0;
            assert_eq!(body[0], id_type);
            told
        };
        for (id_type, expected) in [
            (2, Identity::Fqdn(&octets)),
            (3, Identity::UserFqdn(&octets)),
            (9, Identity::DerAsn1Dn(&octets)),
            (10, Identity::DerAsn1Gn(&octets)),
            (11, Identity::KeyId(&octets)),
            (12, Identity::Other { id_type: IdType::LIST, identification_data: &octets }),
        ] {
            assert_eq!(of(id_type), std::format!("{expected:?}"));
        }
    }

    #[test]
    fn a_subnet_has_address_and_mask() {
        let body = [4, 0, 0, 0, 99, 99, 99, 0, 255, 255, 255, 0];
        assert_eq!(
            both_ways(&body).identity,
            Identity::Ipv4Subnet { address: [99, 99, 99, 0].into(), mask: [255, 255, 255, 0].into() }
        );
    }

    #[test]
    fn a_body_below_four_octets_is_none() {
        assert!(Identification::parse_body(&[1, 17, 1]).is_err());
    }
}
