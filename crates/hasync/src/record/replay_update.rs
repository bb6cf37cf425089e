//! Replay and lifetime updates: what [`Checkpoint`](crate::Checkpoint) says is due.

use wire::EmitError;

use crate::attribute::ReplayUpdate;
use crate::item::{Item, Sink};
use crate::{Attribute, AttributeCode, Attributes, List, ParseError, Value};

/// How far SAs have got: one update or more, as one message.
///
/// Cisco's `send_update_struct` sends both directions at once: `Outbound - New KB 0, New replay 0 Inbound - New KB
/// 3998772, New replay 1000`. Here a direction that has nothing new has no update.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayUpdates<'a> {
    /// One per SA.
    pub updates: List<'a, ReplayUpdate>,
}

impl<'a> Item<'a> for ReplayUpdate {
    const CODE: AttributeCode = AttributeCode::REPLAY_UPDATE;

    fn parse_item(attribute: &Attribute<'a>) -> Result<Self, ParseError> {
        match Value::parse(attribute)? {
            Value::ReplayUpdate(update) => Ok(update),
            _ => Err(ParseError::MissingAttribute { code: Self::CODE }),
        }
    }

    fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::ReplayUpdate(*self))
    }
}

impl<'a> ReplayUpdates<'a> {
    pub(super) fn read(attributes: &Attributes<'a>) -> Result<Self, ParseError> {
        let updates = List::of(attributes)?;
        if updates.is_empty() {
            return Err(ParseError::MissingAttribute { code: AttributeCode::REPLAY_UPDATE });
        }
        Ok(Self { updates })
    }
}
