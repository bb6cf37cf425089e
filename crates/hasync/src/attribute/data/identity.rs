//! Identities, in the form of ISAKMP's identification payload.

use wire::{EmitError, Reader, Writer};

use super::Data;
use crate::ParseError;

/// An identity or a traffic selector. It is the body of an identification payload, with the numbers of RFC 2407 section
/// 4.6.2.
///
/// On the wire it has the type with one octet, the protocol with one, the port with two, and then the identification
/// data with the octets that are left. The fields are those of the RFC, so the struct is exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Identity<'a> {
    /// The type of the identity: 1 for an IPv4 address, 4 for an IPv4 subnet (RFC 2407 section 4.6.2.1).
    pub id_type: u8,
    /// The IP protocol, or 0 for any.
    pub protocol: u8,
    /// The port, or 0 for any.
    pub port: u16,
    /// The identification data, such as an address, an address with a mask, or a name.
    pub data: &'a [u8],
}

impl<'a> Data<'a> for Identity<'a> {
    fn read(name: &'static str, mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let [id_type, protocol, high, low] = *reader.array(name)?;
        Ok(Self { id_type, protocol, port: u16::from_be_bytes([high, low]), data: reader.rest() })
    }

    fn len(&self) -> usize {
        self.data.len().saturating_add(4)
    }

    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.put(&[self.id_type, self.protocol])?;
        writer.u16(self.port)?;
        writer.put(self.data)
    }

    fn unset() -> Self {
        Self { id_type: 0, protocol: 0, port: 0, data: &[] }
    }
}
