//! Messages with their records: what a message is for, and the fields around the record.

use core::net::Ipv4Addr;

use wire::{Emit, EmitError, Framing as _, Reader, Writer};

use crate::attribute::{AttributeChain, attributes_len, emit_attributes};
use crate::message::missing_octets;
use crate::record::{
    Acknowledgement, Attributed, BulkSync, BulkSyncRequest, IkeSa, IkeSaDelete, IkeSaUpdate, Keepalive,
    NhrpEntries, Redundancy, ReplayUpdates, SaBundle, SaBundleDelete, attribute_len, once, push,
};
use crate::{
    Attribute, AttributeCode, AttributeFraming, AttributeHeader, Attributes, Header, Message, MessageType,
    ParseError,
};

/// Declares the enum of records, each with its message type.
macro_rules! records {
    ($( $(#[$meta:meta])* $variant:ident($record:ty) = $message_type:ident, )*) => {
        /// The contents of a message. Each variant has its own message type.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "without an allocator there is nothing to box with")]
        pub enum Record<'a> {
            $(
                $(#[$meta])*
                #[doc = concat!("\n\nIts message type is [`MessageType::", stringify!($message_type), "`].")]
                $variant($record),
            )*
            /// The attributes of a message of unknown type, unchanged.
            Unknown {
                /// The message type. If it is a known one, the message is not written.
                message_type: MessageType,
                /// The attributes. If the serial is among them, the envelope's serial is written in its place. The
                /// message is not written if the envelope then has no serial, or if there are two serials.
                attributes: Attributes<'a>,
            },
        }

        impl<'a> Record<'a> {
            /// The type of the message that carries the record.
            #[must_use]
            pub const fn message_type(&self) -> MessageType {
                match self {
                    $( Self::$variant(_) => MessageType::$message_type, )*
                    Self::Unknown { message_type, .. } => *message_type,
                }
            }

            fn read(message_type: MessageType, chain: &AttributeChain<'a>) -> Result<Self, ParseError> {
                Ok(match message_type {
                    $( MessageType::$message_type => Self::$variant(Attributed::read(chain)?), )*
                    _ => Self::Unknown { message_type, attributes: chain.clone().into() },
                })
            }

            fn run_len(&self) -> usize {
                match self {
                    $( Self::$variant(record) => record.run_len(), )*
                    Self::Unknown { attributes, .. } => attributes_len(attributes),
                }
            }

            fn emit_run(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
                match self {
                    $( Self::$variant(record) => record.emit_run(writer), )*
                    Self::Unknown { attributes, .. } => emit_attributes(attributes, writer),
                }
            }
        }
    };
}

records! {
    /// Adds an IKE SA.
    AddIkeSa(IkeSa<'a>) = ADD_IKE_SA,
    /// Reports changes in an IKE SA.
    UpdateIkeSa(IkeSaUpdate<'a>) = UPDATE_IKE_SA,
    /// Deletes an IKE SA.
    DeleteIkeSa(IkeSaDelete) = DELETE_IKE_SA,
    /// Adds a bundle of IPsec SAs, which live and die together.
    AddSas(SaBundle<'a>) = ADD_SAS,
    /// Replaces a bundle of IPsec SAs.
    UpdateSas(SaBundle<'a>) = UPDATE_SAS,
    /// Deletes a bundle of IPsec SAs.
    DeleteSas(SaBundleDelete<'a>) = DELETE_SAS,
    /// Reports the sequence numbers and remaining lifetimes of SAs.
    ReplayUpdates(ReplayUpdates<'a>) = REPLAY_UPDATE,
    /// Asks for all records; the standby sends it.
    BulkSyncRequest(BulkSyncRequest) = BULK_SYNC_REQUEST,
    /// Begins the transmission of all records.
    BulkSyncBegin(BulkSync) = BULK_SYNC_BEGIN,
    /// Ends the transmission of all records.
    BulkSyncEnd(BulkSync) = BULK_SYNC_END,
    /// Reports the redundancy state and the timers of the sender.
    RedundancyState(Redundancy) = REDUNDANCY_STATE,
    /// Shows that the sender is alive.
    Keepalive(Keepalive) = KEEPALIVE,
    /// Adds NHRP cache entries.
    AddNhrpEntries(NhrpEntries<'a>) = ADD_NHRP_ENTRIES,
    /// Deletes NHRP cache entries.
    DeleteNhrpEntries(NhrpEntries<'a>) = DELETE_NHRP_ENTRIES,
    /// Acknowledges a message.
    Acknowledgement(Acknowledgement) = ACKNOWLEDGEMENT,
}

/// A record together with the fields of its message: flags, ID and serial. It is what a gateway sends and receives.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Envelope<'a> {
    /// The flags in the header: [`Header::FLAGS`] in messages of this crate.
    pub flags: u8,
    /// The virtual address of the redundancy group.
    pub id: Ipv4Addr,
    /// The serial, which the receiver repeats in its [`Acknowledgement`]. It is `None` in Cisco's messages, and can be
    /// `None` in an acknowledgement, which is not acknowledged itself. Every other message of this profile has one, or
    /// [`Departure::NoSerial`](crate::Departure::NoSerial) is listed.
    pub serial: Option<u32>,
    /// The contents of the message.
    pub record: Record<'a>,
}

impl<'a> Envelope<'a> {
    /// Makes the envelope of a record: for the group with this virtual address, with this serial and the flags of
    /// Cisco's message.
    #[must_use]
    pub const fn new(id: Ipv4Addr, serial: Option<u32>, record: Record<'a>) -> Self {
        Self { flags: Header::FLAGS, id, serial, record }
    }

    /// Reads the record that the attributes of a message make. Attributes that the record does not have are ignored;
    /// they are still in the message.
    ///
    /// # Errors
    /// Returns [`ParseError::MissingAttribute`] or [`ParseError::DuplicateAttribute`] when an attribute is missing or
    /// is there twice, [`ParseError::NotRead`] when the message was built from values, and another [`ParseError`] when
    /// an attribute is malformed.
    ///
    /// When the message was cut, returns [`ParseError::Length`]. If there are fewer octets than the header declares,
    /// the error names the `HA message`, at offset 0, with the declared length as `needed`; the fault of
    /// [`Message::parse_until_error`] names the attribute in which the octets end, if they end inside one. If all
    /// declared octets are there but an attribute reaches beyond them, both name that attribute.
    pub fn from_message(message: &Message<'a>) -> Result<Self, ParseError> {
        let chain = message.attributes.chain().ok_or(ParseError::NotRead)?;
        let available = chain.rest_offset().saturating_add(chain.rest().len());
        if let Some(fault) = missing_octets(available, chain.framing().missing()) {
            return Err(fault.into());
        }
        if !chain.rest().is_empty() {
            let rest = Reader::at(AttributeFraming::WITHIN, chain.rest(), chain.rest_offset());
            return Err(rest.too_short(AttributeFraming::ELEMENT, AttributeHeader::LEN).into());
        }
        let mut serial = None;
        for element in chain {
            if let Some(fault) = element.fault() {
                return Err(fault.into());
            }
            if element.header.code == AttributeCode::SERIAL {
                once(&mut serial, &element)?;
            }
        }
        let Header { flags, message_type, id } = message.header;
        Ok(Self { flags, id, serial, record: Record::read(message_type, chain)? })
    }

    /// The attributes of an unknown record, if the serial is among them; the envelope's serial is then written in its
    /// place. `None` otherwise.
    fn around_serial(&self) -> Option<&Attributes<'a>> {
        match &self.record {
            Record::Unknown { attributes, .. } => {
                let stands_inside =
                    attributes.iter().any(|attribute| attribute.code() == AttributeCode::SERIAL);
                stands_inside.then_some(attributes)
            }
            _ => None,
        }
    }

    /// Checks that an unknown record agrees with its envelope. Otherwise it would be read back as another record, or
    /// not at all.
    fn check_unknown(&self) -> Result<(), EmitError> {
        let Record::Unknown { message_type, attributes } = &self.record else { return Ok(()) };
        if message_type.name().is_some() {
            let reason = "messages of this type have their own record, but this record is an unknown one";
            return Err(EmitError::Contradiction { field: "type of the HA message", reason });
        }
        let mut serials = attributes.iter().filter(|attribute| attribute.code() == AttributeCode::SERIAL);
        let reason = match ((serials.next(), serials.next()), self.serial) {
            ((None, _), _) | ((_, None), Some(_)) => return Ok(()),
            ((_, None), None) => "the attributes hold a serial, but the envelope has none",
            _ => "the attributes hold two serials, but a message has one at most",
        };
        Err(EmitError::Contradiction { field: "VPNWIRE_ATT_SERIAL", reason })
    }

    fn emit_attributes(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        self.check_unknown()?;
        let serial = self.serial.map(Attribute::Serial);
        let emit_serial =
            |writer: &mut Writer<'_>| serial.as_ref().map_or(Ok(()), |serial| push(writer, serial));
        let Some(attributes) = self.around_serial() else {
            emit_serial(writer)?;
            return self.record.emit_run(writer);
        };
        attributes.iter().try_for_each(|attribute| match attribute.code() {
            AttributeCode::SERIAL => emit_serial(writer),
            _ => push(writer, &attribute),
        })
    }
}

/// Writes the message: the header, the serial, and the attributes of the record.
impl Emit for Envelope<'_> {
    fn wire_len(&self) -> usize {
        let len = |attribute: &Attribute<'_>| attribute_len(attribute.code().0, attribute.wire_len());
        let serial_len = self.serial.map_or(0, |serial| len(&Attribute::Serial(serial)));
        let attributes_len = match self.around_serial() {
            None => serial_len.saturating_add(self.record.run_len()),
            Some(attributes) => attributes.iter().fold(0, |sum: usize, attribute| {
                let is_serial = attribute.code() == AttributeCode::SERIAL;
                sum.saturating_add(if is_serial { serial_len } else { len(&attribute) })
            }),
        };
        attributes_len.saturating_add(Header::LEN)
    }

    fn emit_into(&self, writer: &mut Writer<'_>) -> Result<(), EmitError> {
        let header = Header { flags: self.flags, message_type: self.record.message_type(), id: self.id };
        header.emit_message(writer, |writer| self.emit_attributes(writer))
    }
}

impl<'a> TryFrom<&Message<'a>> for Envelope<'a> {
    type Error = ParseError;

    fn try_from(message: &Message<'a>) -> Result<Self, ParseError> {
        Self::from_message(message)
    }
}
