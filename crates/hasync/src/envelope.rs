//! Records in messages: what a message is about, and what it has beside that.

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

/// Makes the enum of records: each with the type of its message, in one line.
macro_rules! records {
    ($( $(#[$meta:meta])* $variant:ident($record:ty) = $message_type:ident, )*) => {
        /// What a message is about.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "without an allocator there is nothing to box with")]
        pub enum Record<'a> {
            $( $(#[$meta])* $variant($record), )*
            /// A type without a name; its attributes as they came.
            Unknown {
                /// Its type: one without a name, or it is not written.
                message_type: MessageType,
                /// Its attributes. Where the serial stands among them, the envelope's is written in its place. The
                /// envelope must have one then, and a second one is not written.
                attributes: Attributes<'a>,
            },
        }

        impl<'a> Record<'a> {
            /// The type of its message.
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
    /// An IKE SA.
    AddIkeSa(IkeSa<'a>) = ADD_IKE_SA,
    /// What has changed in one.
    UpdateIkeSa(IkeSaUpdate<'a>) = UPDATE_IKE_SA,
    /// One is gone.
    DeleteIkeSa(IkeSaDelete) = DELETE_IKE_SA,
    /// IPsec SAs that live and die together.
    AddSas(SaBundle<'a>) = ADD_SAS,
    /// The same, in the place of what is known of the bundle.
    UpdateSas(SaBundle<'a>) = UPDATE_SAS,
    /// A bundle is gone.
    DeleteSas(SaBundleDelete<'a>) = DELETE_SAS,
    /// How far SAs have got.
    ReplayUpdates(ReplayUpdates<'a>) = REPLAY_UPDATE,
    /// The standby asks for all there is.
    BulkSyncRequest(BulkSyncRequest) = BULK_SYNC_REQUEST,
    /// All there is comes now.
    BulkSyncBegin(BulkSync) = BULK_SYNC_BEGIN,
    /// All there is has come.
    BulkSyncEnd(BulkSync) = BULK_SYNC_END,
    /// State and timers of the sender.
    RedundancyState(Redundancy) = REDUNDANCY_STATE,
    /// The sender is there.
    Keepalive(Keepalive) = KEEPALIVE,
    /// NHRP cache entries.
    AddNhrpEntries(NhrpEntries<'a>) = ADD_NHRP_ENTRIES,
    /// NHRP cache entries are gone.
    DeleteNhrpEntries(NhrpEntries<'a>) = DELETE_NHRP_ENTRIES,
    /// A message has arrived.
    Acknowledgement(Acknowledgement) = ACKNOWLEDGEMENT,
}

/// A record, and what its message has beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Envelope<'a> {
    /// Flags of the header: [`Header::FLAGS`] in messages of this crate.
    pub flags: u8,
    /// The virtual address of the redundancy group.
    pub id: Ipv4Addr,
    /// The number that the receiver acknowledges; Cisco's messages have none.
    pub serial: Option<u32>,
    /// What the message is about.
    pub record: Record<'a>,
}

impl<'a> Envelope<'a> {
    /// A record for the group with this virtual address, under this serial, with the flags that Cisco's message has.
    #[must_use]
    pub const fn new(id: Ipv4Addr, serial: Option<u32>, record: Record<'a>) -> Self {
        Self { flags: Header::FLAGS, id, serial, record }
    }

    /// What a message is about, and what it has beside that. Attributes that the record does not have are passed over:
    /// they are in the message.
    ///
    /// # Errors
    /// When an attribute is missing, there twice or malformed, when the message was cut, or when it was not read from
    /// octets.
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

    /// The attributes of a record without a name, where the serial is among them: it is written in its place there.
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

    /// Whether a record without a name is what the envelope says: else it would be read back as another one, or not at all.
    fn check_unknown(&self) -> Result<(), EmitError> {
        let Record::Unknown { message_type, attributes } = &self.record else { return Ok(()) };
        if message_type.name().is_some() {
            let reason = "messages of this type have a record of their own, but the attributes are those of an unknown one";
            return Err(EmitError::Contradiction { field: "type of the HA message", reason });
        }
        let mut serials = attributes.iter().filter(|attribute| attribute.code() == AttributeCode::SERIAL);
        let reason = match ((serials.next(), serials.next()), self.serial) {
            ((None, _), _) | ((_, None), Some(_)) => return Ok(()),
            ((_, None), None) => "the attributes hold a serial, but the envelope has none",
            _ => "the attributes hold a second one",
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

/// The message: header, serial, the attributes of the record.
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
