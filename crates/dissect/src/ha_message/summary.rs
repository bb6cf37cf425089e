//! The summary line of an HA message.

use core::fmt;

use hasync::Message;

pub(super) struct Summary<'m, 'a> {
    pub(super) message: &'m Message<'a>,
    // The number of the message in its frame, from 1.
    pub(super) number: u32,
}

impl fmt::Display for Summary<'_, '_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.message.header;
        match header.message_type.name() {
            Some(name) => formatter.write_str(name)?,
            None => write!(formatter, "message type {}", header.message_type.0)?,
        }
        write!(formatter, ", ID {}, ", header.id)?;
        match self.message.attributes.count() {
            1 => formatter.write_str("1 attribute")?,
            count => write!(formatter, "{count} attributes")?,
        }
        match self.number {
            1 => Ok(()),
            number => write!(formatter, " (message {number} of this frame)"),
        }
    }
}
