//! The answer to a message that has a serial.

use wire::EmitError;

use crate::item::{Sink, once, required};
use crate::{AttributeCode, Attributes, ParseError, Value};

wire::registry! {
    /// What became of a message.
    pub struct ResultCode(u16) {
        /// It is stored: the standby would take over with it.
        STORED = 0 => "stored",
        /// It is about an SA that the receiver does not have.
        UNKNOWN_SA = 1 => "unknown SA",
        /// The receiver cannot use the record.
        REFUSED = 2 => "refused",
        /// The receiver has no room.
        NO_RESOURCES = 3 => "no resources",
        /// The receiver is not standby: Cisco prints `operation not performed as standby` the other way round.
        WRONG_STATE = 4 => "wrong state",
        /// The receiver does not know the type.
        UNKNOWN_TYPE = 5 => "unknown type",
    }
}

/// A message has arrived. Only [`ResultCode::STORED`] moves a checkpoint: the standby would take over with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Acknowledgement {
    /// The serial of that message, and of no other.
    pub acknowledged: u32,
    /// What became of it.
    pub result: ResultCode,
}

impl Acknowledgement {
    pub(super) fn read(attributes: &Attributes<'_>) -> Result<Self, ParseError> {
        let (mut acknowledged, mut result) = (None, None);
        for attribute in attributes {
            match Value::parse(&attribute)? {
                Value::Acknowledged(serial) => once(&mut acknowledged, serial, &attribute)?,
                Value::Result(code) => once(&mut result, ResultCode(code), &attribute)?,
                _ => {}
            }
        }
        Ok(Self {
            acknowledged: required(acknowledged, AttributeCode::ACKNOWLEDGED)?,
            result: required(result, AttributeCode::RESULT)?,
        })
    }

    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        sink.put(Value::Acknowledged(self.acknowledged))?;
        sink.put(Value::Result(self.result.0))
    }
}
