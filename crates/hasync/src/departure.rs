//! What in a message that can be read departs from the profile.

use core::fmt;

use crate::{AttributeCode, Message, MessageType, ParseError, Record, Value};

/// A departure. Offsets count from the start of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// A type without a name.
    UnknownType {
        /// The type.
        message_type: MessageType,
    },
    /// A code without a name.
    UnknownAttribute {
        /// The code.
        code: AttributeCode,
        /// Where the attribute begins.
        offset: usize,
    },
    /// A value that its code does not allow.
    Malformed {
        /// The code.
        code: AttributeCode,
        /// Where the attribute begins.
        offset: usize,
    },
    /// The attributes make no record of the message's type.
    NoRecord(ParseError),
    /// An IKE SA without what a standby needs: all that Cisco published is one.
    NoTakeover,
    /// A message of this profile that cannot be acknowledged.
    NoSerial,
}

impl Departure {
    /// The section of the profile (the crate's README) that is departed from.
    #[must_use]
    pub const fn reference(&self) -> &'static str {
        match self {
            Self::UnknownType { .. } => "HA profile, message types",
            Self::UnknownAttribute { .. } | Self::Malformed { .. } => "HA profile, attributes",
            Self::NoRecord(_) | Self::NoTakeover => "HA profile, records",
            Self::NoSerial => "HA profile, acknowledgements",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownType { message_type } => write!(formatter, "unknown message type {message_type}"),
            Self::UnknownAttribute { code, offset } => {
                write!(formatter, "unknown attribute {code} at offset {offset}")
            }
            Self::Malformed { code, offset } => write!(formatter, "{code} at offset {offset} is malformed"),
            Self::NoRecord(error) => write!(formatter, "no record: {error}"),
            Self::NoTakeover => formatter.write_str("an IKE SA that no standby can go on with"),
            Self::NoSerial => formatter.write_str("a message that cannot be acknowledged"),
        }
    }
}

pub(crate) fn departures<'a>(message: &Message<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let message_type = message.header.message_type;
    let record = Record::parse(message);
    let unnumbered = message_type.is_of_profile() && message_type != MessageType::ACKNOWLEDGEMENT;
    let whole = [
        message_type.name().is_none().then_some(Departure::UnknownType { message_type }),
        match &record {
            Err(error) => Some(Departure::NoRecord(*error)),
            Ok((_, Record::AddIkeSa(sa))) if sa.takeover.is_none() => Some(Departure::NoTakeover),
            Ok((envelope, _)) if unnumbered && envelope.serial.is_none() => Some(Departure::NoSerial),
            Ok(_) => None,
        },
    ];
    let each = message.attributes.iter().flat_map(|attribute| {
        let inside = attribute.nested().unwrap_or_default();
        core::iter::once(attribute).chain(inside).filter_map(|attribute| {
            let (code, offset) = (attribute.code, attribute.offset);
            if code.name().is_none() {
                Some(Departure::UnknownAttribute { code, offset })
            } else {
                Value::parse(&attribute).is_err().then_some(Departure::Malformed { code, offset })
            }
        })
    });
    whole.into_iter().flatten().chain(each)
}
