//! NBMA and protocol addresses of any length, and the octet that gives type and length of an NBMA address.

use core::fmt;
use core::net::IpAddr;

use wire::{Emit, EmitError, LengthError, Reader, Writer};

const RESERVED: u8 = 0x80;
const E164: u8 = 0x40;
const LENGTH: u8 = 0x3f;

/// Type and length of an NBMA address or subaddress, RFC 2332 section 5.1: one octet of a packet.
///
/// It is made of an octet, and [`octet`](Self::octet) makes one of it. The fields are those of the RFC's figure, so the
/// struct is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TypeLength {
    /// The most significant bit, which must be zero.
    pub reserved: bool,
    /// Whether the address is in native E.164 form, and not an NSAP address or in the technology's own form.
    pub e164: bool,
    /// Octets of the address. The octet holds 63 at most: a longer one cannot be sent.
    pub address_len: usize,
}

impl TypeLength {
    /// The octet that is sent.
    ///
    /// # Errors
    /// When the address is longer than 63 octets.
    pub fn octet(self) -> Result<u8, EmitError> {
        let value = self.address_len;
        let overflow =
            EmitError::FieldOverflow { field: "NBMA address length", value, max: usize::from(LENGTH) };
        let len = match u8::try_from(value) {
            Ok(len) if len <= LENGTH => len,
            _ => return Err(overflow),
        };
        let bit = |set: bool, mask: u8| if set { mask } else { 0 };
        Ok(bit(self.reserved, RESERVED) | bit(self.e164, E164) | len)
    }
}

impl From<u8> for TypeLength {
    fn from(octet: u8) -> Self {
        Self {
            reserved: octet & RESERVED != 0,
            e164: octet & E164 != 0,
            address_len: usize::from(octet & LENGTH),
        }
    }
}

/// An address of the NBMA network, or a subaddress: under DMVPN the address outside of the tunnel.
///
/// [`OwnedNbmaAddress`](crate::OwnedNbmaAddress) is one that outlives its packet. The fields are those of RFC 2332 section
/// 5.1, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NbmaAddress<'a> {
    /// The reserved bit of the type and length octet. To be sent clear, RFC 2332 section 5.1; kept as it was.
    pub reserved: bool,
    /// Native E.164 form, RFC 2332 section 5.1. Means nothing without an address; kept even then.
    pub e164: bool,
    /// The address, 63 octets at most.
    pub octets: &'a [u8],
}

impl<'a> NbmaAddress<'a> {
    /// An address in the technology's own form: for IPv4 and IPv6, the address.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self { reserved: false, e164: false, octets }
    }

    /// The address as an IP address, by its length.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        ip_address(self.octets)
    }

    /// Type and length of the address.
    #[must_use]
    pub const fn type_length(&self) -> TypeLength {
        TypeLength { reserved: self.reserved, e164: self.e164, address_len: self.octets.len() }
    }

    pub(crate) fn read(
        reader: &mut Reader<'a>,
        name: &'static str,
        type_length: TypeLength,
    ) -> Result<Self, LengthError> {
        let octets = reader.take(name, type_length.address_len)?;
        Ok(Self { reserved: type_length.reserved, e164: type_length.e164, octets })
    }
}

/// An address of 4 or 16 octets as an IP address.
#[must_use]
pub fn ip_address(octets: &[u8]) -> Option<IpAddr> {
    match (<[u8; 4]>::try_from(octets), <[u8; 16]>::try_from(octets)) {
        (Ok(octets), _) => Some(octets.into()),
        (_, Ok(octets)) => Some(octets.into()),
        _ => None,
    }
}

/// The four addresses of every mandatory part, RFC 2332 section 5.2.0.1. The RFC fixes them, so the struct is exhaustive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Addresses<'a> {
    /// Source NBMA Address: of the station that sends the request, in its reply too; of the one that saw the error.
    pub source_nbma_address: NbmaAddress<'a>,
    /// Source NBMA Subaddress.
    pub source_nbma_subaddress: NbmaAddress<'a>,
    /// Source Protocol Address, 255 octets at most: where replies go.
    pub source_protocol_address: &'a [u8],
    /// Destination Protocol Address, 255 octets at most: where requests go.
    pub destination_protocol_address: &'a [u8],
}

impl Emit for Addresses<'_> {
    fn wire_len(&self) -> usize {
        self.source_nbma_address
            .octets
            .len()
            .saturating_add(self.source_nbma_subaddress.octets.len())
            .saturating_add(self.source_protocol_address.len())
            .saturating_add(self.destination_protocol_address.len())
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(self.source_nbma_address.octets)?;
        writer.put(self.source_nbma_subaddress.octets)?;
        writer.put(self.source_protocol_address)?;
        writer.put(self.destination_protocol_address)
    }
}

/// Prints an address as IP where its length is that of one, else in hexadecimal.
pub(crate) fn write_address(formatter: &mut fmt::Formatter<'_>, octets: &[u8]) -> fmt::Result {
    match ip_address(octets) {
        Some(ip) => fmt::Display::fmt(&ip, formatter),
        None => octets.iter().try_for_each(|octet| write!(formatter, "{octet:02x}")),
    }
}

impl fmt::Display for NbmaAddress<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_address(formatter, self.octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn type_and_length_share_an_octet_rfc_2332_section_5_1() {
        let address = NbmaAddress { reserved: true, e164: true, octets: &[1; 5] };
        let type_length = TypeLength::from(0xc5);
        assert_eq!(address.type_length(), type_length);
        assert_eq!(type_length, TypeLength { reserved: true, e164: true, address_len: 5 });
        let mut reader = Reader::new("NHRP packet", &[1; 5]);
        assert_eq!(NbmaAddress::read(&mut reader, "address", type_length), Ok(address));
        for octet in 0..=255 {
            assert_eq!(TypeLength::from(octet).octet(), Ok(octet));
        }
        assert_eq!(
            NbmaAddress::new(&[0; 64]).type_length().octet(),
            Err(EmitError::FieldOverflow { field: "NBMA address length", value: 64, max: 63 })
        );
    }

    #[test]
    fn addresses_are_printed_by_their_length() {
        assert_eq!(NbmaAddress::new(&[10, 0, 0, 1]).to_string(), "10.0.0.1");
        assert_eq!(NbmaAddress::new(&[0; 16]).to_string(), "::");
        assert_eq!(NbmaAddress::new(&[0xca, 0xfe, 1]).to_string(), "cafe01");
        assert_eq!(NbmaAddress::new(&[]).to_string(), "");
        assert_eq!(ip_address(&[1, 2, 3]), None);
    }
}
