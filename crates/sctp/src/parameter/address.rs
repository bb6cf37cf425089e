//! Addresses as parameters inside parameters and chunks (RFC 5061 sections 4.1 and 4.2).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use wire::{ChainWriter, Emit, EmitError, Framing, Reader, Writer};

use super::{CORRELATION_ID, expect_end};
use crate::{Parameter, ParameterFraming, ParameterType, ParseError};

/// A request to add or delete an address, or to make it the primary address (RFC 5061 sections 4.2.1, 4.2.2 and 4.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AddressChange {
    /// ASCONF-Request Correlation ID: a number by which the sender recognizes the answer to this request.
    pub correlation_id: u32,
    /// The address. The unspecified address stands for the source address of the packet.
    pub address: IpAddr,
}

impl AddressChange {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let correlation_id = reader.u32(CORRELATION_ID)?;
        Ok(Self { correlation_id, address: parse_address(reader)? })
    }
}

impl Emit for AddressChange {
    fn wire_len(&self) -> usize {
        4usize.saturating_add(address_len(self.address))
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.correlation_id)?;
        emit_address(self.address, writer)
    }
}

/// The length in octets of the address parameter for `address`.
pub(crate) const fn address_len(address: IpAddr) -> usize {
    match address {
        IpAddr::V4(_) => 8,
        IpAddr::V6(_) => 20,
    }
}

/// Reads one parameter, which must be an address.
pub(crate) fn parse_address(reader: &mut Reader<'_>) -> Result<IpAddr, ParseError> {
    let Some(element) = ParameterFraming::default().split(reader)? else {
        return Err(reader.too_short("address parameter", 8).into());
    };
    if let Some(fault) = element.fault() {
        return Err(fault.into());
    }
    let mut value = element.reader();
    let address = match element.header {
        ParameterType::IPV4_ADDRESS => IpAddr::from(Ipv4Addr::from(*value.array("IPv4 Address")?)),
        ParameterType::IPV6_ADDRESS => IpAddr::from(Ipv6Addr::from(*value.array("IPv6 Address")?)),
        parameter_type => {
            return Err(ParseError::AddressExpected { parameter_type, offset: element.offset });
        }
    };
    expect_end("address parameter", value)?;
    Ok(address)
}

/// Writes the address parameter for `address`.
pub(crate) fn emit_address(address: IpAddr, writer: &mut Writer<'_>) -> Result<(), EmitError> {
    ChainWriter::new(writer, ParameterFraming::default()).push(&Parameter::from(address)).map(drop)
}
