//! Whole messages.

use wire::{EmitError, LengthError, Writer};

use crate::attribute::emit_attributes;
use crate::departure::departures;
use crate::{Attributes, Departure, Header, ParseError};

/// A message: a header and attributes, in the order they came, unknown ones among them.
///
/// [`Record::parse`](crate::Record::parse) says what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// Flags, type, id.
    pub header: Header,
    /// Its attributes, framed: [`Value::parse`](crate::Value::parse) decodes each.
    pub attributes: Attributes<'a>,
}

impl<'a> Message<'a> {
    /// The greatest length that the header can declare.
    pub const MAX_LEN: usize = 0xffff;

    /// Takes a whole message.
    ///
    /// # Errors
    /// When the octets are not as many as its header declares, or end inside an attribute.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (message, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            Ok(message)
        } else {
            let offset = octets.len().saturating_sub(rest.len());
            Err(ParseError::TrailingOctets { offset, count: rest.len() })
        }
    }

    /// Takes a message off the front: as many octets as its header declares.
    ///
    /// # Errors
    /// When there are fewer, or they end inside an attribute.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        let (header, len, _) = Header::parse_prefix(octets)?;
        let available = octets.len();
        let (message, rest) = octets.split_at_checked(len).ok_or(LengthError::Ends {
            within: "HA message",
            element: "HA message",
            offset: 0,
            needed: len,
            available,
        })?;
        let attributes = message.get(Header::LEN..).unwrap_or_default();
        let attributes = Attributes::parse(attributes, Header::LEN)?;
        Ok((Self { header, attributes }, rest))
    }

    /// Takes as much of a message as there is, and gives the length that its header declares: for those who look at
    /// truncated messages. The fault is the first inside the octets, or else that they are fewer than declared.
    ///
    /// # Errors
    /// When there is no whole header.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<(Self, usize, Option<LengthError>), ParseError> {
        let (header, len, rest) = Header::parse_prefix(octets)?;
        let inside = rest.get(..len.saturating_sub(Header::LEN)).unwrap_or(rest);
        let (attributes, fault) = Attributes::parse_until_error(inside, Header::LEN);
        let missing = (octets.len() < len).then_some(LengthError::Ends {
            within: "HA message",
            element: "HA message",
            offset: 0,
            needed: len,
            available: octets.len(),
        });
        Ok((Self { header, attributes }, len, fault.or(missing)))
    }

    /// Octets that [`emit`](Self::emit) writes.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        // No value of a known code is written longer or shorter than it came.
        self.attributes.octets().len().saturating_add(Header::LEN)
    }

    /// Writes the message from what its attributes say, those that say nothing as they came; returns the octets
    /// written.
    ///
    /// # Errors
    /// When the buffer is too small, or the message longer than 65,535 octets.
    pub fn emit(&self, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let len = self.wire_len();
        let mut writer = Writer::for_len(buffer, len)?;
        let place = self.header.emit_into(&mut writer)?;
        emit_attributes(&self.attributes, &mut writer)?;
        writer.patch(place, EmitError::fit_u16("len", writer.position())?.to_be_bytes())?;
        Ok(writer.position())
    }

    /// The message as octets.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len()];
        self.emit(&mut octets)?;
        Ok(octets)
    }

    /// What in the message departs from the profile: types and attributes without a name, malformed values, records
    /// that lack what a standby needs.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        departures(self)
    }
}

impl<'a> TryFrom<&'a [u8]> for Message<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}
