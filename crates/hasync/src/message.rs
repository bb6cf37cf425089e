//! Whole messages.

use wire::{Emit, EmitError, LengthError, List, Parsed, Writer};

use crate::attribute::{attributes_len, emit_attributes};
use crate::departure::departures;
use crate::{AttributeFraming, Attributes, Departure, Header, ParseError};

/// A message: a header and attributes, in the order they came, unknown ones among them.
///
/// [`Envelope::from_message`](crate::Envelope::from_message) says what it is about. The message has these two parts and
/// no other: exhaustive on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// Flags, type, id.
    pub header: Header,
    /// Its attributes. Those of a message that was read are decoded when they are iterated.
    pub attributes: Attributes<'a>,
}

impl<'a> Message<'a> {
    /// The greatest length that the header can declare.
    pub const MAX_LEN: usize = 0xffff;

    /// Takes a whole message.
    ///
    /// # Errors
    /// When the octets are not as many as the header declares, or end inside an attribute.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (message, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            Ok(message)
        } else {
            let offset = octets.len().saturating_sub(rest.len());
            Err(ParseError::TrailingOctets { element: "HA message", offset, count: rest.len() })
        }
    }

    /// Takes a message off the front: as many octets as its header declares.
    ///
    /// # Errors
    /// When there are fewer, or they end inside an attribute.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Takes as much of a message as there is, for a caller that shows broken messages. The fault is the first inside
    /// the message, or else that the octets are fewer than its header declares.
    ///
    /// A last attribute whose value is cut is kept, as [`Attribute::Raw`](crate::Attribute::Raw) with the part that is
    /// there.
    ///
    /// # Errors
    /// When there is no whole header, or its length says less than a header has: then there is no message to return.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let (header, len, behind_header) = Header::read(octets)?;
        let (inside, rest) = behind_header
            .split_at_checked(len.saturating_sub(Header::LEN))
            // default: of a message that is cut, all that is there is its own
            .unwrap_or((behind_header, &[]));
        let missing = len.saturating_sub(octets.len());
        let read = List::parse_until_error(inside, Header::LEN, AttributeFraming::of_message(missing));
        let behind = inside.len().saturating_sub(read.rest.len()).saturating_add(Header::LEN);
        Ok(Parsed {
            value: Self { header, attributes: read.value },
            rest: match read.fault {
                // default: never taken, the attributes lie inside the octets
                Some(_) => octets.get(behind..).unwrap_or_default(),
                None => rest,
            },
            fault: read.fault.or(missing_octets(octets.len(), missing)).map(ParseError::Length),
        })
    }

    /// What in the message departs from the profile: types and attributes without a name, malformed values, records
    /// that lack what a standby needs.
    ///
    /// This is told of a message that was read. Of one that was built from values only the type is looked at, because
    /// its values are what they say.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        departures(self)
    }
}

/// The fault of a message that has `available` octets and lacks others.
pub(crate) const fn missing_octets(available: usize, missing: usize) -> Option<LengthError> {
    if missing == 0 {
        return None;
    }
    let (element, within) = ("HA message", "HA message");
    let needed = available.saturating_add(missing);
    Some(LengthError::Ends { element, within, offset: 0, needed, available })
}

/// The message is written from what its attributes say, and those that are malformed or unknown as they came.
impl Emit for Message<'_> {
    fn wire_len(&self) -> usize {
        attributes_len(&self.attributes).saturating_add(Header::LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.header.emit_message(writer, |writer| emit_attributes(&self.attributes, writer))
    }
}

impl<'a> TryFrom<&'a [u8]> for Message<'a> {
    type Error = ParseError;

    fn try_from(octets: &'a [u8]) -> Result<Self, ParseError> {
        Self::parse(octets)
    }
}
