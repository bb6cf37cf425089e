//! What in a message that can be read departs from the profile.

use core::fmt;

use crate::{Attribute, AttributeCode, Attributes, Envelope, Message, MessageType, ParseError, Record};

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
    let unnumbered = message_type.is_of_profile() && message_type != MessageType::ACKNOWLEDGEMENT;
    let whole = [
        message_type.name().is_none().then_some(Departure::UnknownType { message_type }),
        match Envelope::from_message(message) {
            // Octets are missing: that is a fault, and nothing is known of the record.
            _ if message.attributes.chain().is_none_or(|chain| chain.framing().missing() != 0) => None,
            Err(error) => Some(Departure::NoRecord(error)),
            Ok(Envelope { record: Record::AddIkeSa(sa), .. }) if sa.takeover.is_none() => {
                Some(Departure::NoTakeover)
            }
            Ok(envelope) => (unnumbered && envelope.serial.is_none()).then_some(Departure::NoSerial),
        },
    ];
    let each = message.attributes.elements().flat_map(|element| {
        let inside = match Attribute::parse(&element) {
            Ok(Attribute::IpsecSa(inside) | Attribute::NhrpEntry(inside)) => inside.elements(),
            _ => Attributes::default().elements(),
        };
        core::iter::once(element).chain(inside).filter_map(|element| {
            let (code, offset) = (element.header.code, element.offset);
            if code.name().is_none() {
                return Some(Departure::UnknownAttribute { code, offset });
            }
            // That an attribute is cut is a fault of the message.
            let is_malformed = !element.is_cut() && Attribute::parse(&element).is_err();
            is_malformed.then_some(Departure::Malformed { code, offset })
        })
    });
    whole.into_iter().flatten().chain(each)
}
