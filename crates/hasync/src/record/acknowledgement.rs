//! The acknowledgement of a message that has a serial.

use super::declaration::record;
use crate::attribute::data::number;

wire::registry! {
    /// The result of a message.
    pub struct ResultCode(u16) {
        /// The record is stored, and the standby would take over with it.
        STORED = 0 => "stored",
        /// The receiver does not have the SA that the message is about.
        UNKNOWN_SA = 1 => "unknown SA",
        /// The receiver cannot use the record.
        REFUSED = 2 => "refused",
        /// The receiver has no room for the record.
        NO_RESOURCES = 3 => "no resources",
        /// The receiver is not the standby. In the opposite case Cisco prints `operation not performed as standby`.
        WRONG_STATE = 4 => "wrong state",
        /// The receiver does not know the message type.
        UNKNOWN_TYPE = 5 => "unknown type",
    }
}

number!(ResultCode(u16));

record! {
    /// The acknowledgement of a message. Only [`ResultCode::STORED`] moves a checkpoint, because only then would the
    /// standby take over with the record.
    ///
    /// An acknowledgement is not acknowledged itself, so its [`Envelope::serial`](crate::Envelope::serial) can be
    /// `None`. A receiver ignores a serial that it has. The serial of the message that is acknowledged is in
    /// [`acknowledged`](Self::acknowledged).
    #[derive(Copy, Hash)]
    #[non_exhaustive]
    pub struct Acknowledgement: new {
        /// The serial of the message that is acknowledged. Messages with lower serials are not acknowledged by it.
        acknowledged: required u32 = ACKNOWLEDGED,
        /// The result of that message.
        result: required ResultCode = RESULT,
    }
}
