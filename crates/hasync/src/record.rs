//! Records: what messages are about, as plain values that borrow names and keys from the message.

use core::net::Ipv4Addr;

use wire::{EmitError, Writer};

use crate::item::{Counter, Sink};
use crate::{Attributes, Header, Message, MessageType, ParseError, Value};

mod acknowledgement;
mod bulk_sync;
mod ike_sa;
mod ike_sa_update;
mod ipsec_sa;
mod nhrp_entry;
mod redundancy;
mod replay_update;
mod sa_bundle;

pub use crate::attribute::{
    BulkCounts, Counters, DeadPeer, Direction, EncapsulationPorts, Exchange, Identity, IkeSuite, Lifetime,
    NatFlags, NatState, NhrpFlags, NhrpParameters, RedundancyFlags, RedundancyState, ReplayUpdate, RfState,
    SaIdentifier, Transform,
};
pub use acknowledgement::{Acknowledgement, ResultCode};
pub use bulk_sync::{BulkSync, BulkSyncRequest};
pub use ike_sa::{IkeFeatures, IkeKeys, IkeSa, InitOrResp, MessageId, PeerIdentity, Takeover};
pub use ike_sa_update::{IkeSaDelete, IkeSaUpdate, Reason};
pub use ipsec_sa::{EncapsulationMode, IpsecSa, SaFlags};
pub use nhrp_entry::{NhrpEntries, NhrpEntry};
pub use redundancy::Keepalive;
pub use replay_update::ReplayUpdates;
pub use sa_bundle::{SaBundle, SaBundleDelete};

/// What every message has beside its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Envelope {
    /// Flags of the header: [`Header::FLAGS`] in messages of this crate.
    pub flags: u8,
    /// The virtual address of the redundancy group.
    pub id: Ipv4Addr,
    /// The number that the receiver acknowledges; Cisco's messages have none.
    pub serial: Option<u32>,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "without an allocator there is nothing to box with")]
pub enum Record<'a> {
    /// An IKE SA.
    AddIkeSa(IkeSa<'a>),
    /// What has changed in one.
    UpdateIkeSa(IkeSaUpdate<'a>),
    /// One is gone.
    DeleteIkeSa(IkeSaDelete),
    /// IPsec SAs that live and die together.
    AddSas(SaBundle<'a>),
    /// The same, in the place of what is known of the bundle.
    UpdateSas(SaBundle<'a>),
    /// A bundle is gone.
    DeleteSas(SaBundleDelete<'a>),
    /// How far SAs have got.
    ReplayUpdates(ReplayUpdates<'a>),
    /// The standby asks for all there is.
    BulkSyncRequest(BulkSyncRequest),
    /// All there is comes now.
    BulkSyncBegin(BulkSync),
    /// All there is has come.
    BulkSyncEnd(BulkSync),
    /// State and timers of the sender.
    RedundancyState(RedundancyState),
    /// The sender is there.
    Keepalive(Keepalive),
    /// NHRP cache entries.
    AddNhrpEntries(NhrpEntries<'a>),
    /// NHRP cache entries are gone.
    DeleteNhrpEntries(NhrpEntries<'a>),
    /// A message has arrived.
    Acknowledgement(Acknowledgement),
    /// A type without a name; its attributes as they came.
    Unknown {
        /// Its type.
        message_type: MessageType,
        /// Its attributes, the serial among them.
        attributes: Attributes<'a>,
    },
}

impl<'a> Record<'a> {
    /// What a message is about, and what it has beside that. Attributes that the record does not have are passed over:
    /// they are in the message.
    ///
    /// # Errors
    /// When an attribute is missing, there twice, or malformed.
    pub fn parse(message: &Message<'a>) -> Result<(Envelope, Self), ParseError> {
        let attributes = &message.attributes;
        let mut serial = None;
        for attribute in attributes {
            if let Ok(Value::Serial(number)) = Value::parse(&attribute) {
                crate::item::once(&mut serial, number, &attribute)?;
            }
        }
        let envelope = Envelope { flags: message.header.flags, id: message.header.id, serial };
        let record = match message.header.message_type {
            MessageType::ADD_IKE_SA => Self::AddIkeSa(IkeSa::read(attributes)?),
            MessageType::UPDATE_IKE_SA => Self::UpdateIkeSa(IkeSaUpdate::read(attributes)?),
            MessageType::DELETE_IKE_SA => Self::DeleteIkeSa(IkeSaDelete::read(attributes)?),
            MessageType::ADD_SAS => Self::AddSas(SaBundle::read(attributes)?),
            MessageType::UPDATE_SAS => Self::UpdateSas(SaBundle::read(attributes)?),
            MessageType::DELETE_SAS => Self::DeleteSas(SaBundleDelete::read(attributes)?),
            MessageType::REPLAY_UPDATE => Self::ReplayUpdates(ReplayUpdates::read(attributes)?),
            MessageType::BULK_SYNC_REQUEST => Self::BulkSyncRequest(BulkSyncRequest::read(attributes)?),
            MessageType::BULK_SYNC_BEGIN => Self::BulkSyncBegin(BulkSync::read(attributes)?),
            MessageType::BULK_SYNC_END => Self::BulkSyncEnd(BulkSync::read(attributes)?),
            MessageType::REDUNDANCY_STATE => Self::RedundancyState(redundancy::read_state(attributes)?),
            MessageType::KEEPALIVE => Self::Keepalive(Keepalive::read(attributes)?),
            MessageType::ADD_NHRP_ENTRIES => Self::AddNhrpEntries(NhrpEntries::read(attributes)?),
            MessageType::DELETE_NHRP_ENTRIES => Self::DeleteNhrpEntries(NhrpEntries::read(attributes)?),
            MessageType::ACKNOWLEDGEMENT => Self::Acknowledgement(Acknowledgement::read(attributes)?),
            message_type => Self::Unknown { message_type, attributes: attributes.clone() },
        };
        Ok((envelope, record))
    }

    /// The type of its message.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        match self {
            Self::AddIkeSa(_) => MessageType::ADD_IKE_SA,
            Self::UpdateIkeSa(_) => MessageType::UPDATE_IKE_SA,
            Self::DeleteIkeSa(_) => MessageType::DELETE_IKE_SA,
            Self::AddSas(_) => MessageType::ADD_SAS,
            Self::UpdateSas(_) => MessageType::UPDATE_SAS,
            Self::DeleteSas(_) => MessageType::DELETE_SAS,
            Self::ReplayUpdates(_) => MessageType::REPLAY_UPDATE,
            Self::BulkSyncRequest(_) => MessageType::BULK_SYNC_REQUEST,
            Self::BulkSyncBegin(_) => MessageType::BULK_SYNC_BEGIN,
            Self::BulkSyncEnd(_) => MessageType::BULK_SYNC_END,
            Self::RedundancyState(_) => MessageType::REDUNDANCY_STATE,
            Self::Keepalive(_) => MessageType::KEEPALIVE,
            Self::AddNhrpEntries(_) => MessageType::ADD_NHRP_ENTRIES,
            Self::DeleteNhrpEntries(_) => MessageType::DELETE_NHRP_ENTRIES,
            Self::Acknowledgement(_) => MessageType::ACKNOWLEDGEMENT,
            Self::Unknown { message_type, .. } => *message_type,
        }
    }

    fn put(&self, envelope: &Envelope, sink: &mut impl Sink) -> Result<(), EmitError> {
        if let Self::Unknown { attributes, .. } = self {
            // The serial is one of them.
            return attributes.iter().try_for_each(|attribute| {
                sink.put(Value::parse(&attribute).unwrap_or(Value::raw(&attribute)))
            });
        }
        if let Some(serial) = envelope.serial {
            sink.put(Value::Serial(serial))?;
        }
        match self {
            Self::AddIkeSa(sa) => sa.put(sink),
            Self::UpdateIkeSa(update) => update.put(sink),
            Self::DeleteIkeSa(delete) => delete.put(sink),
            Self::AddSas(bundle) | Self::UpdateSas(bundle) => bundle.put(sink),
            Self::DeleteSas(delete) => delete.put(sink),
            Self::ReplayUpdates(updates) => updates.updates.put(sink),
            Self::BulkSyncRequest(request) => request.put(sink),
            Self::BulkSyncBegin(bulk) | Self::BulkSyncEnd(bulk) => sink.put(Value::BulkCounts(bulk.counts)),
            Self::RedundancyState(state) => sink.put(Value::RedundancyState(*state)),
            Self::Keepalive(keepalive) => sink.put(Value::Keepalive(keepalive.count)),
            Self::AddNhrpEntries(entries) | Self::DeleteNhrpEntries(entries) => entries.entries.put(sink),
            Self::Acknowledgement(acknowledgement) => acknowledgement.put(sink),
            Self::Unknown { .. } => Ok(()),
        }
    }

    /// Octets of its message.
    #[must_use]
    pub fn wire_len(&self, envelope: &Envelope) -> usize {
        let mut counter = Counter(Header::LEN);
        match self.put(envelope, &mut counter) {
            Ok(()) => counter.0,
            // Counting has no limit to meet.
            Err(_) => usize::MAX,
        }
    }

    /// Writes its message; returns the octets written.
    ///
    /// # Errors
    /// When the buffer is too small, a time does not fit its field, or the message is longer than 65,535 octets.
    pub fn emit(&self, envelope: &Envelope, buffer: &mut [u8]) -> Result<usize, EmitError> {
        let len = self.wire_len(envelope);
        let mut writer = Writer::for_len(buffer, len)?;
        let header = Header { flags: envelope.flags, message_type: self.message_type(), id: envelope.id };
        let place = header.emit_into(&mut writer)?;
        self.put(envelope, &mut writer)?;
        writer.patch(place, EmitError::fit_u16("len", writer.position())?.to_be_bytes())?;
        Ok(writer.position())
    }

    /// Its message as octets.
    ///
    /// # Errors
    /// As [`emit`](Self::emit).
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self, envelope: &Envelope) -> Result<alloc::vec::Vec<u8>, EmitError> {
        let mut octets = alloc::vec![0; self.wire_len(envelope)];
        self.emit(envelope, &mut octets)?;
        Ok(octets)
    }
}
