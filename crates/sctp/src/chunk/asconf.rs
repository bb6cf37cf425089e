//! ASCONF and ASCONF-ACK, RFC 5061 section 4.1.

use core::net::IpAddr;

use wire::{EmitError, Reader, Writer};

use crate::parameter::{
    address_len, emit_address, emit_parameters, parameters_len, parse_address, parse_parameters,
};
use crate::{Parameters, ParseError};

/// A request to change addresses, RFC 5061 section 4.1.1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Asconf<'a> {
    /// Its number, which the answer repeats.
    pub serial_number: u32,
    /// An address of the sender that finds the association.
    pub address: IpAddr,
    /// What is to change.
    pub parameters: Parameters<'a>,
}

impl<'a> Asconf<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let serial_number = reader.u32("Serial Number")?;
        let address = parse_address(&mut reader)?;
        Ok(Self { serial_number, address, parameters: parse_parameters(reader)? })
    }

    pub(super) fn value_len(&self) -> usize {
        4usize.saturating_add(address_len(self.address)).saturating_add(parameters_len(&self.parameters))
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.serial_number)?;
        emit_address(self.address, writer)?;
        emit_parameters(&self.parameters, writer)
    }
}

/// The answer to an ASCONF, RFC 5061 section 4.1.2.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AsconfAck<'a> {
    /// The number of the ASCONF.
    pub serial_number: u32,
    /// How each request went; granted ones may be left out.
    pub parameters: Parameters<'a>,
}

impl<'a> AsconfAck<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ParseError> {
        let serial_number = reader.u32("Serial Number")?;
        Ok(Self { serial_number, parameters: parse_parameters(reader)? })
    }

    pub(super) fn value_len(&self) -> usize {
        parameters_len(&self.parameters).saturating_add(4)
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        writer.u32(self.serial_number)?;
        emit_parameters(&self.parameters, writer)
    }
}
