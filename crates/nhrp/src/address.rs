//! NBMA and protocol addresses of any length, and the octet that gives type and length of an NBMA address.

use core::fmt;
use core::net::IpAddr;

use wire::{EmitError, LengthError, Reader, Writer};

const RESERVED: u8 = 0x80;
const E164: u8 = 0x40;
const LENGTH: u8 = 0x3f;

/// Type and length of an NBMA address or subaddress as sent, RFC 2332 section 5.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TypeLength(pub u8);

impl TypeLength {
    /// The most significant bit, which must be zero.
    #[must_use]
    pub const fn reserved(self) -> bool {
        self.0 & RESERVED != 0
    }

    /// The bit that says: native E.164, not NSAP or the technology's own form.
    #[must_use]
    pub const fn e164(self) -> bool {
        self.0 & E164 != 0
    }

    /// Octets of the address: 0 to 63.
    #[must_use]
    pub fn address_len(self) -> usize {
        usize::from(self.0 & LENGTH)
    }
}

/// An address of the NBMA network, or a subaddress: under DMVPN the address outside of the tunnel.
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

    /// The type and length octet.
    ///
    /// # Errors
    /// When the address is longer than 63 octets.
    pub fn type_length(&self) -> Result<TypeLength, EmitError> {
        let value = self.octets.len();
        let max = usize::from(LENGTH);
        let overflow = EmitError::FieldOverflow { field: "NBMA address length", value, max };
        let len = u8::try_from(value).ok().filter(|len| *len <= LENGTH).ok_or(overflow)?;
        let bit = |set: bool, mask: u8| if set { mask } else { 0 };
        Ok(TypeLength(bit(self.reserved, RESERVED) | bit(self.e164, E164) | len))
    }

    pub(crate) fn read(
        reader: &mut Reader<'a>,
        name: &'static str,
        type_length: TypeLength,
    ) -> Result<Self, LengthError> {
        let octets = reader.take(name, type_length.address_len())?;
        Ok(Self { reserved: type_length.reserved(), e164: type_length.e164(), octets })
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

/// The four addresses of every mandatory part, RFC 2332 section 5.2.0.1.
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

impl Addresses<'_> {
    /// Octets of the four addresses.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        self.source_nbma_address
            .octets
            .len()
            .saturating_add(self.source_nbma_subaddress.octets.len())
            .saturating_add(self.source_protocol_address.len())
            .saturating_add(self.destination_protocol_address.len())
    }

    pub(crate) fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
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
        assert_eq!(address.type_length(), Ok(TypeLength(0xc5)));
        let type_length = TypeLength(0xc5);
        assert!(type_length.reserved() && type_length.e164());
        assert_eq!(type_length.address_len(), 5);
        let mut reader = Reader::new("NHRP packet", &[1; 5]);
        assert_eq!(NbmaAddress::read(&mut reader, "address", type_length), Ok(address));
        assert_eq!(NbmaAddress::new(&[0; 63]).type_length(), Ok(TypeLength(63)));
        assert_eq!(
            NbmaAddress::new(&[0; 64]).type_length(),
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
