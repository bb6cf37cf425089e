//! NHRP cache entries: a hub that takes over answers for clients that registered with the other.

use core::net::IpAddr;

use wire::EmitError;

use crate::attribute::NhrpParameters;
use crate::item::{Item, Sink, once, required};
use crate::{Attribute, AttributeCode, Attributes, List, ParseError, Value};

/// An NHRP cache entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NhrpEntry {
    /// The tunnel address.
    pub protocol_address: IpAddr,
    /// The address that packets for it go to.
    pub nbma_address: IpAddr,
    /// The address that the client has behind its NAT.
    pub claimed_nbma_address: Option<IpAddr>,
    /// Network, key, flags, prefix, MTU, times.
    pub parameters: NhrpParameters,
}

impl NhrpEntry {
    /// What the attributes inside an [`AttributeCode::NHRP_ENTRY`] say.
    ///
    /// # Errors
    /// When one is missing, there twice, or malformed.
    pub fn parse(attributes: &Attributes<'_>) -> Result<Self, ParseError> {
        let (mut protocol, mut nbma, mut claimed, mut parameters) = (None, None, None, None);
        for attribute in attributes {
            match Value::parse(&attribute)? {
                Value::ProtocolAddress(address) => once(&mut protocol, address, &attribute)?,
                Value::NbmaAddress(address) => once(&mut nbma, address, &attribute)?,
                Value::ClaimedNbmaAddress(address) => once(&mut claimed, address, &attribute)?,
                Value::NhrpParameters(value) => once(&mut parameters, value, &attribute)?,
                _ => {}
            }
        }
        Ok(Self {
            protocol_address: required(protocol, AttributeCode::PROTOCOL_ADDRESS)?,
            nbma_address: required(nbma, AttributeCode::NBMA_ADDRESS)?,
            claimed_nbma_address: claimed,
            parameters: required(parameters, AttributeCode::NHRP_PARAMETERS)?,
        })
    }
}

impl<'a> Item<'a> for NhrpEntry {
    const CODE: AttributeCode = AttributeCode::NHRP_ENTRY;

    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
        Self::parse(&Attributes::parse(attribute.value, attribute.value_offset())?)
    }

    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.nest(Self::CODE, |sink| {
            sink.put(Value::ProtocolAddress(self.protocol_address))?;
            sink.put(Value::NbmaAddress(self.nbma_address))?;
            if let Some(address) = self.claimed_nbma_address {
                sink.put(Value::ClaimedNbmaAddress(address))?;
            }
            sink.put(Value::NhrpParameters(self.parameters))
        })
    }
}

/// Cache entries, one or more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NhrpEntries<'a> {
    /// The entries.
    pub entries: List<'a, NhrpEntry>,
}

impl<'a> NhrpEntries<'a> {
    pub(super) fn read(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        let entries = List::of(attributes)?;
        if entries.is_empty() {
            return Err(ParseError::MissingAttribute { code: AttributeCode::NHRP_ENTRY });
        }
        Ok(Self { entries })
    }
}
