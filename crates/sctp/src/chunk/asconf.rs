//! ASCONF and ASCONF-ACK (RFC 5061 section 4.1).

use core::net::IpAddr;

use wire::{Emit, EmitError, Reader, Writer};

use crate::parameter::{address_len, emit_address, parse_address};
use crate::parameters::parse_parameters;
use crate::{Parameters, ParseError, tlv};

/// An ASCONF, which asks the peer to change addresses of the association (RFC 5061 section 4.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Asconf<'a> {
    /// The serial number, which the answer repeats.
    pub serial_number: u32,
    /// An address of the sender, by which the receiver finds the association.
    pub address: IpAddr,
    /// The requested changes.
    pub parameters: Parameters<'a>,
}

impl<'a> Asconf<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let serial_number = reader.u32("Serial Number")?;
        let address = parse_address(&mut reader)?;
        Ok(Self { serial_number, address, parameters: parse_parameters(reader)? })
    }
}

impl Emit for Asconf<'_> {
    fn wire_len(&self) -> usize {
        4usize.saturating_add(address_len(self.address)).saturating_add(tlv::run_len(&self.parameters))
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.serial_number)?;
        emit_address(self.address, writer)?;
        tlv::emit_run(&self.parameters, writer)
    }
}

/// An ASCONF-ACK, which answers an ASCONF (RFC 5061 section 4.1.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AsconfAck<'a> {
    /// The serial number of the ASCONF.
    pub serial_number: u32,
    /// The result of each request. Requests that succeeded may be left out.
    pub parameters: Parameters<'a>,
}

impl<'a> AsconfAck<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let serial_number = reader.u32("Serial Number")?;
        Ok(Self { serial_number, parameters: parse_parameters(reader)? })
    }
}

impl Emit for AsconfAck<'_> {
    fn wire_len(&self) -> usize {
        tlv::run_len(&self.parameters).saturating_add(4)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.serial_number)?;
        tlv::emit_run(&self.parameters, writer)
    }
}
