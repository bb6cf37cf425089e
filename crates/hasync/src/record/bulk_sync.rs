//! Bulk synchronisation: a standby that has nothing asks for all there is.

use wire::EmitError;

use crate::attribute::BulkCounts;
use crate::item::{Sink, once, required};
use crate::{AttributeCode, Attributes, ParseError, Value};

/// The standby asks for all there is of the group that the message's id names: Cisco's `Bulk sync request from standby
/// for local addr 4.0.0.3`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BulkSyncRequest {
    /// The stamp that the standby still has from before, where it has one.
    pub stamp: Option<[u8; 16]>,
}

impl BulkSyncRequest {
    pub(super) fn read(attributes: &Attributes<'_>) -> Result<Self, ParseError> {
        let mut stamp = None;
        for attribute in attributes {
            if let Value::Stamp(octets) = Value::parse(&attribute)? {
                once(&mut stamp, octets, &attribute)?;
            }
        }
        Ok(Self { stamp })
    }

    pub(super) fn put(&self, sink: &mut impl Sink) -> Result<(), EmitError> {
        self.stamp.map_or(Ok(()), |stamp| sink.put(Value::Stamp(stamp)))
    }
}

/// The begin of a bulk sync, with what is to come, or its end, with what has come: when the standby has counted as
/// much, it is hot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BulkSync {
    /// How many records.
    pub counts: BulkCounts,
}

impl BulkSync {
    pub(super) fn read(attributes: &Attributes<'_>) -> Result<Self, ParseError> {
        let mut counts = None;
        for attribute in attributes {
            if let Value::BulkCounts(value) = Value::parse(&attribute)? {
                once(&mut counts, value, &attribute)?;
            }
        }
        Ok(Self { counts: required(counts, AttributeCode::BULK_COUNTS)? })
    }
}
