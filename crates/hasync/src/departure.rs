//! Departures from the profile in a message that can be read.

use core::fmt;

use crate::{Attribute, AttributeCode, Attributes, Envelope, Message, MessageType, ParseError, Record};

/// A departure from the profile. Offsets are counted from the start of the message.
///
/// `Display` describes the departure, and [`reference`](Self::reference) names the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Departure {
    /// The message type is unknown.
    UnknownType {
        /// The message type.
        message_type: MessageType,
    },
    /// An attribute code is unknown.
    UnknownAttribute {
        /// The attribute code.
        code: AttributeCode,
        /// The offset of the attribute.
        offset: usize,
    },
    /// A value is not allowed for its attribute code. [`Attribute::parse`] of the element at this offset gives the
    /// reason. An attribute inside another one is listed with its own offset.
    Malformed {
        /// The attribute code.
        code: AttributeCode,
        /// The offset of the attribute.
        offset: usize,
    },
    /// The attributes do not make a record of the message's type. The error is the one of
    /// [`Envelope::from_message`](crate::Envelope::from_message).
    NoRecord(ParseError),
    /// An IKE SA lacks the attributes that a standby needs to take it over. Cisco's published message is such an IKE
    /// SA.
    NoTakeover,
    /// A message of this profile has no serial, so it cannot be acknowledged. An acknowledgement does not need one.
    NoSerial,
}

impl Departure {
    /// The section of the profile that has the rule. The profile is on the [front page](crate#the-profile) of this
    /// documentation, and has one heading for each of these sections.
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
            Self::UnknownType { message_type } => {
                write!(formatter, "the message type {message_type} is unknown")
            }
            Self::UnknownAttribute { code, offset } => {
                write!(formatter, "the attribute code {code} at offset {offset} of the HA message is unknown")
            }
            Self::Malformed { code, offset } => {
                write!(
                    formatter,
                    "{code} at offset {offset} of the HA message has a value that its code does not allow"
                )
            }
            Self::NoRecord(error) => write!(formatter, "the attributes make no record: {error}"),
            Self::NoTakeover => {
                formatter.write_str("the IKE SA lacks the attributes that a standby needs to take it over")
            }
            Self::NoSerial => formatter.write_str("the message has no serial, so it cannot be acknowledged"),
        }
    }
}

pub(crate) fn departures<'a>(message: &Message<'a>) -> impl Iterator<Item = Departure> + use<'a> {
    let message_type = message.header.message_type;
    let unnumbered = message_type.is_of_profile() && message_type != MessageType::ACKNOWLEDGEMENT;
    let whole = [
        message_type.name().is_none().then_some(Departure::UnknownType { message_type }),
        match Envelope::from_message(message) {
            // Missing octets are a fault of the message, and then nothing is known about the record.
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
            // An attribute that is cut is a fault of the message, not a departure.
            let is_malformed = !element.is_cut() && Attribute::parse(&element).is_err();
            is_malformed.then_some(Departure::Malformed { code, offset })
        })
    });
    whole.into_iter().flatten().chain(each)
}
