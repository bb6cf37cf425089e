//! Whole messages.

use wire::{Emit, EmitError, LengthError, List, Parsed, Writer};

use crate::attribute::{attributes_len, emit_attributes};
use crate::departure::departures;
use crate::{AttributeFraming, Attributes, Departure, Header, ParseError};

/// A message: a header, and its attributes in their order, including unknown ones.
///
/// [`Envelope::from_message`](crate::Envelope::from_message) reads the record that the attributes make. A message has
/// these two parts only, so the struct is exhaustive on purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Message<'a> {
    /// The header: flags, type and ID.
    pub header: Header,
    /// The attributes. If they were read from octets, they are decoded each time they are iterated over.
    pub attributes: Attributes<'a>,
}

impl<'a> Message<'a> {
    /// The greatest length in octets that the header can declare.
    pub const MAX_LEN: usize = 0xffff;

    /// Reads a message that fills all of `octets`.
    ///
    /// It frames the attributes and does not look into their values. A malformed value is an
    /// [`Attribute::Raw`](crate::Attribute::Raw) of a known code, [`conformance`](Self::conformance) lists it, and
    /// [`Attribute::parse`](crate::Attribute::parse) of its element gives the reason.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer octets than the header declares, an attribute does not fit,
    /// or the header declares less than its own length. Returns [`ParseError::TrailingOctets`] when octets follow the
    /// message.
    pub fn parse(octets: &'a [u8]) -> Result<Self, ParseError> {
        let (message, rest) = Self::parse_prefix(octets)?;
        if rest.is_empty() {
            Ok(message)
        } else {
            let offset = octets.len().saturating_sub(rest.len());
            Err(ParseError::TrailingOctets { element: "HA message", offset, count: rest.len() })
        }
    }

    /// Reads a message from the front of `octets`, and returns it with the octets that follow it. The header declares
    /// the length of the message.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when there are fewer octets than the header declares, an attribute does not fit,
    /// or the header declares less than its own length.
    pub fn parse_prefix(octets: &'a [u8]) -> Result<(Self, &'a [u8]), ParseError> {
        Self::parse_until_error(octets)?.strict()
    }

    /// Reads as much of a message as there is, for a caller that shows broken messages. The fault is the first one
    /// inside the message. If the inside has no fault, it is that there are fewer octets than the header declares.
    ///
    /// A last attribute with a value that is cut is kept as [`Attribute::Raw`](crate::Attribute::Raw), with the part of
    /// the value that is there. A fault concerns the framing of the attributes, as [`parse`](Self::parse) explains.
    ///
    /// # Errors
    /// Returns [`ParseError::Length`] when the header is not complete, or declares less than its own length. In that
    /// case there is no message to return.
    pub fn parse_until_error(octets: &'a [u8]) -> Result<Parsed<'a, Self, ParseError>, ParseError> {
        let (header, len, behind_header) = Header::read(octets)?;
        let (inside, rest) = behind_header
            .split_at_checked(len.saturating_sub(Header::LEN))
            // default: in a message that is cut, all octets that are there belong to it
            .unwrap_or((behind_header, &[]));
        let missing = len.saturating_sub(octets.len());
        let read = List::parse_until_error(inside, Header::LEN, AttributeFraming::of_message(missing));
        let behind = inside.len().saturating_sub(read.rest.len()).saturating_add(Header::LEN);
        Ok(Parsed {
            value: Self { header, attributes: read.value },
            rest: match read.fault {
                // default: this is never used, because the attributes lie inside the octets
                Some(_) => octets.get(behind..).unwrap_or_default(),
                None => rest,
            },
            fault: read.fault.or(missing_octets(octets.len(), missing)).map(ParseError::Length),
        })
    }

    /// Lists where the message departs from the profile: unknown types and attributes, malformed values, and records
    /// that lack what a standby needs.
    ///
    /// Octets that a capture has cut off are not a departure of the sender. If there are fewer octets than the header
    /// declares, the record is therefore not judged, and neither is the attribute that is cut; only
    /// [`parse_until_error`](Self::parse_until_error) reports the cut, as its fault. If all declared octets are there
    /// but an attribute reaches beyond them, the length of that attribute is wrong, and [`Departure::NoRecord`] has the
    /// same error as the fault.
    ///
    /// The list is complete only for a message that was read from octets. For a message that was built from values,
    /// only the type is checked.
    pub fn conformance(&self) -> impl Iterator<Item = Departure> + use<'a> {
        departures(self)
    }
}

/// The fault of a message that has `available` octets and lacks `missing` others. `None` when none are missing.
pub(crate) const fn missing_octets(available: usize, missing: usize) -> Option<LengthError> {
    if missing == 0 {
        return None;
    }
    let (element, within) = ("HA message", "HA message");
    let needed = available.saturating_add(missing);
    Some(LengthError::Ends { element, within, offset: 0, needed, available })
}

/// Writes the message from the values of its attributes. Malformed and unknown attributes are written with the octets
/// that they were read from.
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
