//! The answer to a message that has a serial.

use super::declaration::record;
use crate::attribute::data::number;

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

number!(ResultCode(u16));

record! {
    /// A message has arrived. Only [`ResultCode::STORED`] moves a checkpoint: the standby would take over with it.
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct Acknowledgement: new {
        /// The serial of that message, and of no other.
        acknowledged: required u32 = ACKNOWLEDGED,
        /// What became of it.
        result: required ResultCode = RESULT,
    }
}
