//! NBMA and protocol addresses of any length, and the octet that holds the type and the length of an NBMA address.

use core::fmt;
use core::net::IpAddr;

use wire::{Emit, EmitError, LengthError, Reader, Writer};

const RESERVED: u8 = 0x80;
const E164: u8 = 0x40;
const LENGTH: u8 = 0x3f;

/// The type and the length of an NBMA address or subaddress, which share one octet of a packet (RFC 2332 section 5.1).
///
/// `TypeLength::from` decodes the octet, and [`octet`](Self::octet) encodes it. The struct is exhaustive, because its
/// fields are those of the RFC's figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TypeLength {
    /// The most significant bit. The RFC wants it to be zero.
    pub reserved: bool,
    /// `true` when the address is in native E.164 form. `false` when it is an NSAP address, or has the form of the
    /// NBMA technology itself, as an IP address has.
    pub e164: bool,
    /// The number of octets of the address. The octet holds at most 63, so a longer address cannot be sent.
    pub address_len: usize,
}

impl TypeLength {
    /// Returns the octet that is sent.
    ///
    /// # Errors
    /// Returns [`EmitError::FieldOverflow`] when the address is longer than 63 octets.
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

/// An address of the NBMA network, or a subaddress. Under DMVPN it is the address outside of the tunnel.
///
/// [`OwnedNbmaAddress`](crate::OwnedNbmaAddress) holds an address that must live longer than its packet. The struct is
/// exhaustive, because its fields are those of RFC 2332 section 5.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NbmaAddress<'a> {
    /// The reserved bit of the type and length octet (RFC 2332 section 5.1). A sender clears it; a received bit is
    /// kept.
    pub reserved: bool,
    /// `true` when the address is in native E.164 form (RFC 2332 section 5.1). The bit has no meaning in an
    /// empty address, but it is kept even then.
    pub e164: bool,
    /// The octets of the address, at most 63.
    pub octets: &'a [u8],
}

impl<'a> NbmaAddress<'a> {
    /// Makes an address in the form of the NBMA technology itself. For IPv4 and IPv6, `octets` is the IP address.
    #[must_use]
    pub const fn new(octets: &'a [u8]) -> Self {
        Self { reserved: false, e164: false, octets }
    }

    /// Returns the address as an IP address. `None` when it has neither 4 nor 16 octets.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        ip_address(self.octets)
    }

    /// Returns the type and the length of the address.
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

/// Makes an IP address of 4 or 16 octets. `None` when there are neither 4 nor 16 octets.
#[must_use]
pub fn ip_address(octets: &[u8]) -> Option<IpAddr> {
    match (<[u8; 4]>::try_from(octets), <[u8; 16]>::try_from(octets)) {
        (Ok(octets), _) => Some(octets.into()),
        (_, Ok(octets)) => Some(octets.into()),
        _ => None,
    }
}

/// The four addresses of every mandatory part (RFC 2332 section 5.2.0.1). The struct is exhaustive, because the RFC
/// fixes its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Addresses<'a> {
    /// Source NBMA Address. In a request and in its reply it is the address of the station that sent the request. In
    /// an Error Indication it is the address of the station that saw the error.
    pub source_nbma_address: NbmaAddress<'a>,
    /// Source NBMA Subaddress. It is empty when the source has no subaddress.
    pub source_nbma_subaddress: NbmaAddress<'a>,
    /// Source Protocol Address, at most 255 octets. Replies go to this address.
    pub source_protocol_address: &'a [u8],
    /// Destination Protocol Address, at most 255 octets. Requests go to this address.
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

/// Prints the address as an IP address when it has the length of one, and in hexadecimal otherwise.
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
