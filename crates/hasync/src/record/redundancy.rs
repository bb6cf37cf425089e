//! State of the pair, and that it is alive.

use crate::attribute::RedundancyState;
use crate::item::{once, required};
use crate::{AttributeCode, Attributes, ParseError, Value};

/// The sender is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Keepalive {
    /// Counts the keepalives of the sender, around the circle.
    pub count: u32,
}

impl Keepalive {
    pub(super) fn read(attributes: &Attributes<'_>) -> Result<Self, ParseError> {
        let mut count = None;
        for attribute in attributes {
            if let Value::Keepalive(number) = Value::parse(&attribute)? {
                once(&mut count, number, &attribute)?;
            }
        }
        Ok(Self { count: required(count, AttributeCode::KEEPALIVE)? })
    }
}

pub(super) fn read_state(attributes: &Attributes<'_>) -> Result<RedundancyState, ParseError> {
    let mut state = None;
    for attribute in attributes {
        if let Value::RedundancyState(value) = Value::parse(&attribute)? {
            once(&mut state, value, &attribute)?;
        }
    }
    required(state, AttributeCode::REDUNDANCY_STATE)
}
